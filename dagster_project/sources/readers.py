"""Readers: one delivered file → the temporary table `delivered`, as text.

Every reader gives the contract's columns as varchar and `_line`, the number of the
record in its file (the header is 1), and counts the records by a route of its own,
so that the identity of lines can fail.
"""

import csv
import gzip
import hashlib
import io
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import duckdb

from dagster_project.sources.contracts import Contract
from dagster_project.sources.register import DeliveryError

CHUNK_BYTES = 1 << 20
# Dates and flags of typed files (Parquet) are written as the contract writes them.
AS_TEXT = {
    "TIMESTAMP": "strftime({0}, '%Y-%m-%dT%H:%M:%S')",
    "TIMESTAMP_NS": "strftime({0}, '%Y-%m-%dT%H:%M:%S')",
    "BOOLEAN": "case when {0} then 'Y' when not {0} then 'N' end",
    "VARCHAR[]": "array_to_string({0}, '|')",
}


@dataclass(frozen=True)
class Reading:
    """Records in the file, counted without the reader, and columns nobody asked for."""

    delivered: int
    added_columns: tuple[str, ...]


def read(
    connection: duckdb.DuckDBPyConnection, path: Path, contract: Contract
) -> Reading:
    """Fill `delivered` and `rejected` (`line`, `line_text`, `reason`) from `path`.

    Raises:
        DeliveryError: the file cannot be opened, is damaged, or its header is not
            the contract's.
    """
    connection.execute(
        "create or replace temp table rejected (line bigint, line_text varchar,"
        " reason varchar)"
    )
    try:
        if path.suffix == ".parquet":
            return _read_parquet(connection, path, contract)
        if path.suffix == ".xlsx":
            return _read_xlsx(connection, path, contract)
        return _read_csv(connection, path, contract)
    except (OSError, EOFError, zipfile.BadZipFile) as error:
        raise DeliveryError(
            f"{path.name}: the file is damaged or cannot be read ({error})."
            " Ask for it to be sent again."
        ) from error


def sha256(path: Path) -> str:
    """The hash of a file's bytes as they were delivered, in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def check_header(path: Path, header: list[str], contract: Contract) -> tuple[str, ...]:
    """Columns that the contract does not know; their order is free.

    Raises:
        DeliveryError: a column of the contract is missing, or one stands twice.
    """
    missing = [column for column in contract.columns if column not in header]
    extra = tuple(column for column in header if column not in contract.columns)
    if missing:
        found = f" It has instead: {', '.join(extra)}." if extra else ""
        raise DeliveryError(
            f"{path.name}, line 1: the header lacks {', '.join(missing)}.{found}"
            " Nothing of this file was taken. Ask for it with the header of the"
            f" contract: {','.join(contract.columns)}"
        )
    if len(set(header)) < len(header):
        twice = sorted({column for column in header if header.count(column) > 1})
        raise DeliveryError(
            f"{path.name}, line 1: the header has {', '.join(twice)} twice."
            " Nothing of this file was taken. Ask for it with each column once."
        )
    return extra


def _open_bytes(path: Path) -> IO[bytes]:
    return gzip.open(path, "rb") if path.suffix == ".gz" else path.open("rb")


def count_records(path: Path) -> int:
    """Records of a CSV file, the header included: ends of line outside quotes."""
    records, quoted, last = 0, False, b"\n"
    with _open_bytes(path) as file:
        while chunk := file.read(CHUNK_BYTES):
            for position, part in enumerate(chunk.split(b'"')):
                quoted = quoted != (position > 0)
                if not quoted:
                    records += part.count(b"\n")
            last = chunk[-1:]
    return records + (last != b"\n")


@contextmanager
def _as_utf8(path: Path, encoding: str) -> Iterator[Path]:
    """The file itself, or a copy in UTF-8 of one that is written otherwise.

    DuckDB reads no Windows-1252 without an extension, and its latin-1 is another
    code page: curly quotes would be lost.
    """
    if encoding == "utf-8":
        yield path
        return
    copy = path.with_name(f".{path.name}.utf8.csv")
    try:
        with (
            io.TextIOWrapper(_open_bytes(path), encoding=encoding, newline="") as old,
            copy.open("w", encoding="utf-8", newline="") as new,
        ):
            while text := old.read(CHUNK_BYTES):
                new.write(text)
        yield copy
    except UnicodeDecodeError as error:
        raise DeliveryError(
            f"{path.name}: not a file in {encoding} ({error.reason} at byte"
            f" {error.start}). Correct the encoding in seeds/extracts.csv, or ask for"
            " the file in the one agreed."
        ) from error
    finally:
        copy.unlink(missing_ok=True)


def _csv_header(path: Path) -> list[str]:
    with (
        _open_bytes(path) as file,
        io.TextIOWrapper(file, encoding="utf-8-sig", errors="replace") as text,
    ):
        first = next(csv.reader(text), [])
    return [name.strip().lower() for name in first]


def _read_csv(
    connection: duckdb.DuckDBPyConnection, path: Path, contract: Contract
) -> Reading:
    with _as_utf8(path, contract.encoding) as readable:
        records = count_records(readable)
        if not records:
            raise DeliveryError(
                f"{path.name}: the file is empty, without even a header."
                " Ask for it to be sent again."
            )
        header = _csv_header(readable)
        added = check_header(path, header, contract)
        columns = ", ".join(f"'{name}': 'varchar'" for name in header)
        wanted = ", ".join(f'"{name}"' for name in contract.columns)
        connection.execute(
            f"""
            create or replace temp table numbered as
            select row_number() over () as _position, {wanted}
            from read_csv(
                ?, header = true, auto_detect = false, columns = {{{columns}}},
                delim = ',', quote = '"', escape = '"', store_rejects = true,
                rejects_table = 'csv_errors', rejects_scan = 'csv_scans',
                rejects_limit = 0
            )
            """,
            [str(readable)],
        )
    _keep_rejected(connection)
    _number_lines(connection, wanted)
    return Reading(records - 1, added)


def _keep_rejected(connection: duckdb.DuckDBPyConnection) -> None:
    """One row per record that could not be split, however many errors it has."""
    connection.execute(
        """
        insert into rejected
        select line, any_value(csv_line), string_agg(distinct error_message, '; ')
        from csv_errors
        group by line
        """
    )
    connection.execute("drop table csv_errors")
    connection.execute("drop table csv_scans")


def _number_lines(connection: duckdb.DuckDBPyConnection, wanted: str) -> None:
    """`_line` from the position among the rows read.

    DuckDB gives no line number, and the position slips by one after each rejected
    record: the row at position k stands behind as many rejected records as have
    fewer than k good ones before them.
    """
    connection.execute(
        f"""
        create or replace temp table delivered as
        with rejected_in_order as (
            select line, row_number() over (order by line) as rejected_count
            from rejected
        ),

        rejected_so_far as (
            select
                line - 1 - rejected_count as good_before,
                max(rejected_count) as rejected_count
            from rejected_in_order
            group by all
        )

        select
            {wanted},
            numbered._position + 1
                + coalesce(rejected_so_far.rejected_count, 0) as _line,
        from numbered
        asof left join rejected_so_far
            on numbered._position > rejected_so_far.good_before
        """
        if connection.execute("select count(*) from rejected").fetchall()[0][0]
        else f"""
        create or replace temp table delivered as
        select {wanted}, _position + 1 as _line from numbered
        """
    )
    connection.execute("drop table numbered")


def _read_parquet(
    connection: duckdb.DuckDBPyConnection, path: Path, contract: Contract
) -> Reading:
    try:
        described = connection.execute(
            "describe select * from read_parquet(?)", [str(path)]
        ).fetchall()
        records = connection.execute(
            "select num_rows from parquet_file_metadata(?)", [str(path)]
        ).fetchall()[0][0]
    except duckdb.Error as error:
        raise DeliveryError(
            f"{path.name}: not a readable Parquet file ({error})."
            " Ask for it to be sent again."
        ) from error
    types = {row[0].strip().lower(): (row[0], row[1]) for row in described}
    added = check_header(path, list(types), contract)
    wanted = ", ".join(
        AS_TEXT.get(types[name][1], "cast({0} as varchar)").format(
            f'"{types[name][0]}"'
        )
        + f' as "{name}"'
        for name in contract.columns
    )
    connection.execute(
        f"""
        create or replace temp table delivered as
        select {wanted}, file_row_number + 2 as _line
        from read_parquet(?, file_row_number = true)
        """,
        [str(path)],
    )
    return Reading(records, added)


def _read_xlsx(
    connection: duckdb.DuckDBPyConnection, path: Path, contract: Contract
) -> Reading:
    """The first sheet; the tracker is kept by hand, so cells are typed at a whim."""
    import pandas

    sheet = pandas.read_excel(path, dtype=object, keep_default_na=False, na_values=[])
    sheet.columns = [str(name).strip().lower() for name in sheet.columns]
    added = check_header(path, list(sheet.columns), contract)
    cells = sheet[list(contract.columns)].map(_cell_text)
    cells["_line"] = range(2, len(cells) + 2)
    # A spreadsheet trails empty rows wherever somebody once typed and deleted.
    cells = cells[(cells[list(contract.columns)] != "").any(axis=1)]
    connection.register("sheet", cells)
    wanted = ", ".join(
        f'cast("{name}" as varchar) "{name}"' for name in contract.columns
    )
    connection.execute(
        "create or replace temp table delivered as"
        f" select {wanted}, cast(_line as bigint) as _line from sheet"
    )
    connection.unregister("sheet")
    return Reading(len(cells), added)


def _cell_text(value: object) -> str:
    """A cell as the contract writes it: a date without its empty time."""
    if value is None:
        return ""
    text = str(value).strip()
    return text.removesuffix(" 00:00:00") if hasattr(value, "year") else text
