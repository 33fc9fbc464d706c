"""A landing folder for one test, and the rows that the intake stores from it."""

import csv
import gzip
import io
import re
import zipfile
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import duckdb
import openpyxl
import pyarrow as pa
from pyarrow import parquet

from dagster_project import stores
from dagster_project.intake import extracts, holding, load_log
from dagster_project.intake.contracts import Contract

COLUMNS = ("thing_id", "colour", "size")
HEADER = ",".join(COLUMNS)
CELLS = "xl/worksheets/sheet1.xml"
ACCEPTED_AT = datetime(2021, 2, 1)


def contract(delivery: str = "delta", encoding: str = "utf-8") -> Contract:
    """Return a contract of things with an id, small enough to check every line."""
    return Contract(
        extract="things",
        delivery=delivery,
        cadence_days=7,
        file_glob="things_*",
        encoding=encoding,
        columns=COLUMNS,
        key_columns=("thing_id",),
        free_text=frozenset(COLUMNS[1:]),
    )


def text_of(*rows: str, header: str = HEADER, end: str = "\n") -> bytes:
    """Return a CSV file of these lines."""
    return "".join(line + end for line in (header, *rows)).encode()


def csv_of(rows: list[tuple[str, ...]], end: str = "\n") -> bytes:
    """Return a CSV file of these values, quoted only if necessary."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator=end)
    writer.writerow(COLUMNS)
    writer.writerows(rows)
    return text.getvalue().encode()


def parquet_of(rows: list[tuple]) -> bytes:
    """Return a Parquet file of these texts, which may have bytes that are no text."""
    columns = [pa.array(values, pa.binary()) for values in zip(*rows, strict=True)]
    texts = [each.cast(pa.string(), safe=False) for each in columns]
    sink = pa.BufferOutputStream()
    parquet.write_table(pa.table(texts, list(COLUMNS)), sink)
    return sink.getvalue().to_pybytes()


def workbook(path: Path, **sheets: list[list]) -> Path:
    """Write a workbook with these rows in its sheets; return its path."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, lines in sheets.items():
        sheet = book.create_sheet(title)
        for number, line in enumerate(lines, start=1):
            for place, value in enumerate(line, start=1):
                sheet.cell(number, place, value)
    book.save(path)
    return path


def rewrite(path: Path, member: str, old: str, new: str) -> None:
    """Replace the pattern `old` with `new` in one member of a workbook."""
    with zipfile.ZipFile(path) as book:
        members = {name: book.read(name) for name in book.namelist()}
    members[member], count = re.subn(old.encode(), new.encode(), members[member])
    assert count == 1
    with zipfile.ZipFile(path, "w") as book:
        for name, data in members.items():
            book.writestr(name, data)


def name(day: int, suffix: str = ".csv") -> str:
    """Return the name of a file that was extracted on this day of January 2021."""
    return f"things_202101{day:02}T060000{suffix}"


def at(moment: datetime, part: str = "", suffix: str = ".csv") -> str:
    """Return the name of a file, or of a part, that was extracted at this time."""
    return f"things{part}_{moment:%Y%m%dT%H%M%S}{suffix}"


def many(count: int, colour: str = "red", first: int = 0) -> bytes:
    """Return a file of `count` things, numbered from `first`."""
    return text_of(*(f"{first + i},{colour},1" for i in range(count)))


@dataclass
class Intake:
    """A home with a landing folder and an open warehouse."""

    home: Path
    contract: Contract = field(default_factory=contract)
    said: list[str] = field(default_factory=list)
    connection: duckdb.DuckDBPyConnection | None = None

    def __post_init__(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        if self.connection is None:
            self.connection = duckdb.connect(config=stores.SETTINGS)
            self.connection.execute(load_log.REGISTER)

    def close(self) -> None:
        self.connection.close()

    @property
    def landing(self) -> Path:
        return self.home / "landing"

    @property
    def folder(self) -> Path:
        return self.landing / self.contract.extract

    def put(self, file_name: str, data: bytes) -> Path:
        path = self.folder / file_name
        path.write_bytes(gzip.compress(data, mtime=0) if path.suffix == ".gz" else data)
        return path

    def run(self, until: datetime | None = None) -> extracts.IngestResult:
        return extracts.ingest(
            self.connection,
            self.landing,
            self.contract,
            "essex",
            self.said.append,
            until,
        )

    def take(self, file_name: str, data: bytes) -> extracts.IngestResult:
        self.put(file_name, data)
        return self.run()

    def accept(self, load_id: int) -> None:
        holding.accept(self.connection, self.landing, load_id, "ann", ACCEPTED_AT)

    def rows(self, sql: str) -> list[tuple]:
        return self.connection.execute(sql).fetchall()

    def stored(self) -> list[tuple]:
        """Return every row of raw: day of extraction, line, values, whether it is a
        closing row.
        """
        return self.rows(
            "select day(_extracted_at), _line, thing_id, colour, size, _is_closing"
            " from raw.things order by _extracted_at, _load_id, _line nulls last,"
            " thing_id"
        )

    def everything(self) -> dict[str, list[tuple]]:
        """Return raw and the load log, without the time of loading."""
        tables = ("raw.things", "raw.unreadable_lines")
        found = {table: self.rows(f"from {table} order by all") for table in tables}
        loads = "select * exclude (loaded_at) from raw.loads order by all"
        return found | {"raw.loads": self.rows(loads)}

    def now(self) -> dict[str, tuple]:
        """Return thing → (colour, size) in its latest row."""
        return {
            thing: tuple(values)
            for thing, *values in self.rows(
                """
                select thing_id, coalesce(trim(colour), ''), coalesce(trim(size), '')
                from (
                    from raw.things where thing_id is not null and not _is_key_repeated
                    qualify row_number() over (
                        partition by thing_id
                        order by _extracted_at desc, _load_id desc, _line desc
                    ) = 1
                )
                where not _is_closing
                """
            )
        }

    def loads(self) -> list[tuple]:
        """Return the load log: file, status, delivered, stored, unchanged,
        unreadable.
        """
        return self.rows(
            "select file_name, status, lines_delivered, lines_stored, lines_unchanged,"
            " lines_unreadable from raw.loads order by load_id"
        )

    def message(self, file_name: str) -> str | None:
        """Return the load log's message on the latest load of this file."""
        return self.rows(
            f"select message from raw.loads where file_name = '{file_name}'"
            " order by load_id desc"
        )[0][0]
