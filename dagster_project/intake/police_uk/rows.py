"""Reads the rows of open-data files, and writes many files to `raw` at a time."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from dagster_project.intake.header import UnreadableError
from dagster_project.intake.police_uk.archives import REMEDY
from dagster_project.intake.police_uk.unpacking import Unpacked
from dagster_project.intake.reading.csv_reader import CsvFile


@dataclass(frozen=True)
class Layout:
    """A kind of file: its raw table, and file heading → column of that table."""

    extract: str
    columns: dict[str, str]

    @property
    def coded(self) -> frozenset[str]:
        """Headings of the columns that are not free text, in lower case."""
        return frozenset(name.lower() for name in self.columns) - FREE_TEXT


SHARED_HEADINGS = (
    "Crime ID",
    "Month",
    "Reported by",
    "Falls within",
    "Longitude",
    "Latitude",
    "Location",
    "LSOA code",
    "LSOA name",
)
# The reader writes headings in lower case.
FREE_TEXT = {"location", "context"}
TYPED = ("month", "longitude", "latitude")


def _layout(extract: str, *own_headings: str) -> Layout:
    headings = SHARED_HEADINGS + own_headings
    return Layout(extract, {name: name.lower().replace(" ", "_") for name in headings})


LAYOUTS = {
    "street": _layout(
        "police_uk_street", "Crime type", "Last outcome category", "Context"
    ),
    "outcomes": _layout("police_uk_outcomes", "Outcome type"),
}

# Identical lines are separate incidents, so there is no key and nothing to compare.
META_COLUMNS = {
    "_load_id": "bigint",
    "_line": "bigint",
    "_extracted_at": "timestamp",
    "_force_code": "varchar",
}
# Hashes cannot be compressed, and trying to takes a fifth of the time of a load.
KINDS = {"crime_id": "varchar using compression uncompressed"}


@dataclass(frozen=True)
class Rows:
    """The rows of one file.

    Args:
        table: the layout's columns as text, and `_line`.
        rejected: (line, text, reason) of each record that cannot be read.
        delivered: number of records, counted by the line ends of the bytes.
        blank: number of lines without a value, which are not records.
    """

    table: pa.Table
    rejected: list[tuple[int, str, str]]
    delivered: int
    blank: int


def read_rows(file: Unpacked, layout: Layout) -> Rows:
    """Read the rows of a file, whose headings may be in any order.

    Raises:
        UnreadableError: a column is missing or is there twice, the reader lost a
            record, or a row is of another month.
    """
    source = CsvFile(BytesIO(file.data))
    places = _places(source.header, layout)
    tables = [
        table.select([*places.values(), "_line"])
        for table in source.tables(layout.coded, TYPED)
        if table.num_rows
    ]
    kinds = [(name, pa.string()) for name in places.values()]
    empty = pa.schema([*kinds, ("_line", pa.int64())]).empty_table()
    table = pa.concat_tables([empty, *tables]).rename_columns([*places, "_line"])
    rows = Rows(table, source.rejected, source.delivered, source.blank)
    found = table.num_rows + len(rows.rejected)
    if found != rows.delivered:
        raise UnreadableError(
            f"it has {rows.delivered:,} lines, but the reader found {found:,} records"
        )
    _check_month(table, file.member.month)
    return rows


def _places(header: Sequence[str], layout: Layout) -> dict[str, str]:
    """Return column of the raw table → column of the table that was read."""
    counts = {name: header.count(name.lower()) for name in layout.columns}
    for words, wrong in (
        ("is missing", [name for name, count in counts.items() if not count]),
        ("is there more than once", [name for name, n in counts.items() if n > 1]),
    ):
        if wrong:
            named = ", ".join(f"'{name}'" for name in wrong)
            raise UnreadableError(
                f"the column {named} {words} (its columns are"
                f" {', '.join(header) or 'none'})",
                remedy="Download the file again, or give the columns their published"
                " names",
            )
    return {
        column: f"c{header.index(name.lower())}"
        for name, column in layout.columns.items()
    }


def _check_month(table: pa.Table, month: str) -> None:
    """Refuse a file with a row of another month: it would be lost or counted twice."""
    others = table.filter(pc.not_equal(table.column("month"), month))
    if others.num_rows:
        line, found = (others.column(name)[0].as_py() for name in ("_line", "month"))
        raise UnreadableError(
            f"line {line:,}: Month is {found or 'empty'} in a file of {month}"
            f" ({others.num_rows:,} such lines)",
            remedy=f"{REMEDY}, or give each line in the file of its month",
        )


@contextmanager
def any_order(connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """Let DuckDB store rows in any order, which allows it to use several processors.

    File and line are columns, so no information is lost. Do not call this within a
    transaction.
    """
    connection.execute("set preserve_insertion_order = false")
    try:
        yield
    finally:
        connection.execute("reset preserve_insertion_order")


def create_table(connection: duckdb.DuckDBPyConnection, layout: Layout) -> None:
    """Create `raw.<extract>`, empty, if it is missing."""
    columns = {name: KINDS.get(name, "varchar") for name in layout.columns.values()}
    described = (META_COLUMNS | columns).items()
    connection.execute(
        f"create table if not exists raw.{layout.extract}"
        f" ({', '.join(f'{name} {kind}' for name, kind in described)})"
    )


def replace(
    connection: duckdb.DuckDBPyConnection,
    layout: Layout,
    earlier: Sequence[int],
    later: dict[int, tuple[Unpacked, Rows]],
) -> None:
    """Insert the rows of files and delete those of earlier loads.

    Call this within a transaction.

    Args:
        earlier: ids of the loads to delete.
        later: load id → the file and its rows.
    """
    if earlier:
        ids = {"load_ids": list(earlier)}
        gone = "in (select unnest($load_ids))"
        connection.execute(
            f"delete from raw.{layout.extract} where _load_id {gone}", ids
        )
        connection.execute(
            f"update raw.loads set status = 'replaced' where load_id {gone}", ids
        )
    tables = [_stored(load_id, *each) for load_id, each in later.items()]
    columns = ", ".join(f"nullif({name}, '')" for name in layout.columns.values())
    _insert(
        connection,
        tables,
        f"insert into raw.{layout.extract} ({', '.join(META_COLUMNS)},"
        f" {', '.join(layout.columns.values())})"
        f" select {', '.join(META_COLUMNS)}, {columns} from delivered_rows",
    )
    unreadable = [
        pa.table(
            [pa.repeat(load_id, len(rows.rejected)), *zip(*rows.rejected, strict=True)],
            ["load_id", "line", "line_text", "reason"],
        )
        for load_id, (_, rows) in later.items()
        if rows.rejected
    ]
    _insert(
        connection,
        unreadable,
        "insert into raw.unreadable_lines by name from delivered_rows"
        " order by load_id, line",
    )


def _stored(load_id: int, file: Unpacked, rows: Rows) -> pa.Table:
    """Return the rows with the columns that are the same in all rows of a file."""
    count = rows.table.num_rows
    stamp = pa.scalar(file.member.modified, pa.timestamp("us"))
    return (
        rows.table.append_column("_load_id", pa.repeat(load_id, count))
        .append_column("_extracted_at", pa.repeat(stamp, count))
        .append_column("_force_code", pa.repeat(file.member.force_code, count))
    )


def _insert(
    connection: duckdb.DuckDBPyConnection, tables: Sequence[pa.Table], sql: str
) -> None:
    """Insert all tables together, if any has a row (DuckDB 2.0 fails without one)."""
    if not any(table.num_rows for table in tables):
        return
    connection.register("delivered_rows", pa.concat_tables(tables))
    connection.execute(sql)
    connection.unregister("delivered_rows")
