"""What there is to show: the schema `reporting` of a published file, for one quarter.

`read_report` turns the `rpt_` tables into a `Report`; the page, the workbook and the
data files all draw that. Nothing here knows a table, a strand or a measure by name,
but for the table whose figures lead the report.
"""

from __future__ import annotations

import json
import re
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from reports import style

HEADLINE_TABLE = "rolling_12_months"
AVAILABLE = "available"
IDENTIFIER = re.compile(r"[a-z][a-z0-9_]*")
Row = dict[str, Any]


class PackError(Exception):
    """A pack cannot be drawn; the message is one sentence with what to do."""


@dataclass(frozen=True)
class Column:
    """A column: its name in the model, its heading, and where and how it is shown."""

    name: str
    heading: str
    number_format: str
    is_in_csv: bool = True
    is_on_page: bool = True

    @property
    def is_number(self) -> bool:
        return self.number_format in style.NUMBER_FORMATS


@dataclass(frozen=True)
class Cell:
    """A value to show, or the shorthand that stands in its place."""

    value: Any
    mark: str = ""

    @classmethod
    def of(cls, value: Any, is_available: bool) -> Cell:
        gap = style.NOT_APPLICABLE if is_available else style.NOT_AVAILABLE
        is_nan = isinstance(value, float) and style.exact(value) is None
        return cls(None, gap) if value is None or is_nan else cls(value)

    def text(self, number_format: str, minus: str = "\u2212") -> str:
        return self.mark or style.page_text(self.value, number_format, minus)


@dataclass(frozen=True)
class Grid:
    """A table as it is read: headings, then rows of cells, labels first."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]

    @property
    def label_count(self) -> int:
        """How many leading columns label their row: those before the first number."""
        numbers = [i for i, column in enumerate(self.columns) if column.is_number]
        return max(1, numbers[0] if numbers else 1)

    @property
    def shorthand(self) -> dict[str, str]:
        """The shorthand that this table uses, and what each means."""
        used = {cell.mark for row in self.rows for cell in row}
        return {m: words for m, words in style.SHORTHAND.items() if m in used}

    def is_total(self, row: tuple[Cell, ...]) -> bool:
        return row[0].value == style.TOTAL_LABEL


@dataclass(frozen=True)
class Table:
    """A table of the report: words, columns in the model's order, and rows."""

    name: str
    title: str
    description: str
    wide_by: str | None
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]

    @property
    def csv_columns(self) -> tuple[Column, ...]:
        return tuple(column for column in self.columns if column.is_in_csv)

    def grid(self) -> Grid:
        """The table as page and sheet show it: long, or wide by one column's values."""
        shown = tuple(c for c in self.columns if c.is_on_page)
        return _wide(self, shown) if self.wide_by else _long(self.rows, shown)


@dataclass(frozen=True)
class Point:
    label: str
    value: Any


@dataclass(frozen=True)
class Event:
    """A band on a chart: its label, and its place on the axis of points 1, 2, 3 …"""

    label: str
    start: float
    end: float


@dataclass(frozen=True)
class Chart:
    """A chart's words and points; no points are drawn when it is not available."""

    name: str
    title: str
    strand: str | None
    alternative_text: str
    value_heading: str
    is_available: bool
    points: tuple[Point, ...]
    kind: str = "month_bars"
    events: tuple[Event, ...] = ()


@dataclass(frozen=True)
class Report:
    """One quarter of one force: its front matter, tables, charts and notes."""

    front: Row
    tables: tuple[Table, ...]
    charts: tuple[Chart, ...]
    notes: tuple[str, ...]
    loads: tuple[Row, ...]

    def words(self, name: str) -> str:
        return style.plain_text(self.front.get(name) or "")

    def facts(self) -> list[tuple[str, str]]:
        """What a reader needs to know of the report, as (name, words); none empty."""
        plan, extracted = (
            style.date_text(self.front[name]) if self.front.get(name) else ""
            for name in ("plan_as_at_date", "latest_extracted_at")
        )
        facts = [
            ("Quarter", self._quarter()),
            ("Period", self.words("period_label")),
            ("Compared with", self.words("previous_period_label")),
            ("Delivery plan as at", plan),
            ("Latest data extracted", extracted),
        ]
        return [(name, words) for name, words in facts if words]

    def _quarter(self) -> str:
        months = self.words("quarter_months_label")
        label = self.words("quarter_label")
        return f"{label}, {months}" if label and months else label or months

    def table(self, name: str) -> Table | None:
        return next((table for table in self.tables if table.name == name), None)


def read_report(database: Path, quarter: str, force_code: str) -> Report:
    """Read a quarter's report from the published file `database`, opened read-only.

    Raises PackError when the file or its tables cannot be read, or when it holds no
    report for that quarter and force.
    """
    with _open(database) as con:
        key = (quarter, force_code)
        fronts = _rows(con, "rpt_reports", key)
        if not fronts:
            raise PackError(_nothing_for(con, quarter, force_code))
        columns = {row["column_name"]: row for row in _rows(con, "rpt_columns", key)}
        tables = _rows(con, "rpt_tables", key, "table_position")
        points = _rows(con, "rpt_chart_points", key, "point_position")
        events = _rows(con, "rpt_chart_events", key, "event_position")
        charts = _rows(con, "rpt_charts", key, "chart_position")
        notes = _rows(con, "rpt_notes", key, "note_position")
        return Report(
            front=fronts[0],
            tables=tuple(_table(con, row, columns, key) for row in tables),
            charts=tuple(_chart(row, points, events) for row in charts),
            notes=tuple(style.plain_text(row["note_text"]) for row in notes),
            loads=_loads(con, force_code),
        )


@contextmanager
def _open(database: Path):
    """A read-only connection that can fetch no extension; its errors as PackError."""
    offline = {
        "autoinstall_known_extensions": "false",
        "autoload_known_extensions": "false",
    }
    try:
        with duckdb.connect(str(database), read_only=True, config=offline) as con:
            con.execute("set TimeZone = 'Europe/London'")  # not this machine's
            yield con
    except duckdb.Error as error:
        first_line = str(error).splitlines()[0]
        raise PackError(
            f"The report cannot be read from {database} ({first_line}); "
            "build and publish the warehouse first, then draw the pack again."
        ) from error


def _rows(*args: Any) -> list[Row]:
    """The rows of one `reporting` table for (quarter, force code), as dictionaries."""
    types, rows = _query(*args)
    return [dict(zip(types, values, strict=True)) for values in rows]


def _query(
    con: duckdb.DuckDBPyConnection,
    table: str,
    key: tuple[str, str],
    order_by: str | None = None,
) -> tuple[dict[str, str], list[tuple[Any, ...]]]:
    """Columns with their DuckDB types, and rows, without the two filtered columns."""
    if not IDENTIFIER.fullmatch(table):
        raise PackError(f"{table!r} is no table's name; mend the seed report_tables.")
    ordered = f" order by {order_by}" if order_by else ""
    result = con.execute(
        f"select * exclude (quarter, force_code) from reporting.{table} "
        f"where quarter = ? and force_code = ?{ordered}",
        list(key),
    )
    return {c[0]: str(c[1]) for c in result.description}, result.fetchall()


def _nothing_for(con: duckdb.DuckDBPyConnection, quarter: str, force: str) -> str:
    known = con.execute(
        "select force_code, string_agg(quarter, ', ' order by quarter) "
        "from reporting.rpt_reports group by force_code order by force_code"
    ).fetchall()
    have = "; ".join(f"{code}: {quarters}" for code, quarters in known)
    return (
        f"There is no report for quarter {quarter!r} and force {force!r}; "
        f"choose one of these (force: quarters): {have or 'none, the file is empty'}."
    )


def _loads(con: duckdb.DuckDBPyConnection, force_code: str) -> tuple[Row, ...]:
    """Every column of the force's loads; as JSON, whatever their types."""
    query = (
        "select to_json(loads)::varchar from reporting.rpt_loads as loads "
        "where force_code = ? order by 1"
    )
    return tuple(json.loads(r[0]) for r in con.execute(query, [force_code]).fetchall())


def _table(
    con: duckdb.DuckDBPyConnection, words: Row, listed: Row, key: tuple[str, str]
) -> Table:
    name = words["table_name"]
    types, rows = _query(con, f"rpt_{name}", key, "row_position")
    shown = {column: kind for column, kind in types.items() if column != "row_position"}
    wide_by = words["wide_by"]
    if wide_by is not None and wide_by not in shown:
        raise PackError(
            f"Table {name} has no column {wide_by!r} to be wide by; "
            "mend its row in the seed report_tables."
        )
    return Table(
        name=name,
        title=style.plain_text(words["table_title"]),
        description=style.plain_text(words["table_description"] or ""),
        wide_by=wide_by,
        columns=tuple(_column(column, shown, listed) for column in shown),
        rows=tuple(dict(zip(types, row, strict=True)) for row in rows),
    )


def _column(name: str, types: dict[str, str], listed: Row) -> Column:
    """A column as `rpt_columns` has it, or by its name and type where that has it not.

    Unlisted, a status is not shown on the page (the shorthand shows it), nor is a code
    that has its name beside it.
    """
    if name in listed:
        row = listed[name]
        heading = style.plain_text(row["heading"] or style.humanise(name))
        return Column(
            name, heading, row["number_format"], row["is_in_csv"], row["is_on_page"]
        )
    is_on_page = name != "status" and f"{name}_name" not in types
    return Column(
        name,
        style.humanise(name),
        style.default_format(name, types[name]),
        True,
        is_on_page,
    )


def _chart(words: Row, points: list[Row], events: list[Row]) -> Chart:
    name = words["chart_name"]
    own = (row for row in points if row["chart_name"] == name)
    marked = (row for row in events if row["chart_name"] == name)
    if not IDENTIFIER.fullmatch(name):
        raise PackError(f"{name!r} is no chart's name; use a-z, 0-9 and _ only.")
    return Chart(
        name=name,
        title=style.plain_text(words["chart_title"]),
        strand=style.plain_text(words["strand"]) if words["strand"] else None,
        alternative_text=style.plain_text(words["alternative_text"] or ""),
        value_heading=style.plain_text(words["value_heading"] or ""),
        is_available=words["status"] == AVAILABLE,
        points=tuple(
            Point(style.plain_text(r["point_label"]), r["value"]) for r in own
        ),
        kind=words.get("chart_kind") or Chart.kind,
        events=tuple(
            Event(
                style.plain_text(r["event_label"]),
                float(r["start_position"]),
                float(r["end_position"]),
            )
            for r in marked
        ),
    )


def _is_available(row: Row) -> bool:
    return row.get("status", AVAILABLE) == AVAILABLE


def _long(rows: tuple[Row, ...], columns: tuple[Column, ...]) -> Grid:
    """One row of the model is one row read. A label that is null never applies."""
    labels = Grid(columns, ()).label_count
    cells = tuple(
        tuple(
            Cell.of(row[column.name], i < labels or _is_available(row))
            for i, column in enumerate(columns)
        )
        for row in rows
    )
    return Grid(columns, cells)


def _wide(table: Table, shown: tuple[Column, ...]) -> Grid:
    """One row per label; the values of `wide_by` become columns, in order of rows."""
    values = [column for column in shown if column.is_number]
    keys = [c for c in shown if not c.is_number and c.name != table.wide_by]
    members = list(dict.fromkeys(row[table.wide_by] for row in table.rows))
    found: dict[tuple[Any, ...], dict[Any, Row]] = {}
    for row in table.rows:
        found.setdefault(tuple(row[k.name] for k in keys), {})[row[table.wide_by]] = row
    columns = [
        Column(
            f"{value.name} {i}", _heading(member, value, values), value.number_format
        )
        for i, member in enumerate(members)
        for value in values
    ]
    rows = tuple(
        (
            *(Cell.of(label, True) for label in labels),
            *(_wide_cell(by.get(m), v) for m in members for v in values),
        )
        for labels, by in found.items()
    )
    return Grid((*keys, *columns), rows)


def _wide_cell(row: Row | None, value: Column) -> Cell:
    """A combination that has no row was not supplied."""
    return Cell.of(row[value.name], _is_available(row)) if row else Cell.of(None, False)


def _heading(member: Any, value: Column, values: list[Column]) -> str:
    name = style.NOT_APPLICABLE if member is None else style.plain_text(member)
    return name if len(values) == 1 else f"{name}: {value.heading}"
