"""Reads the schema `reporting` of a published file, for one quarter.

`read_report` converts the `rpt_` tables to a `Report`, from which the page, the
workbook and the data files are drawn. Nothing here depends on a particular table,
strand or measure, except for the table whose figures lead the report.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from reports import facts, published, style
from reports.board.records import OPEN_DATA
from reports.changes import Draft
from reports.grid import AVAILABLE, Row, Table, column_of, is_available
from reports.outline import Block, Chart, Event, Point, Section, sections_of
from reports.published import IDENTIFIER, PackError

HEADLINE_TABLE = "rolling_12_months"
BASE_PERIOD = "base_period"  # column of the tables that compare several periods


@dataclass(frozen=True)
class Report:
    """One quarter of one force: its front matter, tables, charts and notes."""

    front: Row
    tables: tuple[Table, ...]
    charts: tuple[Chart, ...]
    notes: tuple[facts.Note, ...]
    loads: tuple[Row, ...]
    sources: tuple[Row, ...] = ()
    late_records: tuple[Row, ...] = ()
    published_versions: tuple[Row, ...] = ()
    definitions: tuple[Row, ...] = ()
    sections: tuple[Section, ...] = ()
    draft: Draft = field(default_factory=Draft)
    is_public: bool = False
    # Figure id of each cell of a report with a public version: table, row, column.
    figure_ids: Mapping[tuple[str, int, str], str] = field(default_factory=dict)

    def words(self, name: str) -> str:
        return style.plain_text(self.front.get(name) or "")

    def facts(self) -> list[tuple[str, str]]:
        """What a reader needs to know of the report, as (name, words); none is
        empty.
        """
        plan, extracted = (
            style.date_text(self.front[name]) if self.front.get(name) else ""
            for name in ("plan_as_at_date", "latest_extracted_at")
        )
        held = self.words("plan_on_hold")
        period, base_period = self._compared_periods()
        facts = [
            ("Quarter", self._quarter()),
            ("Period", period),
            ("Compared with", base_period),
            ("Delivery plan as at", "; ".join(filter(None, (plan, held)))),
            ("Latest data extracted", extracted),
            ("Expected and not loaded", self.words("missing_deliveries")),
            ("Version", f"Draft {self.draft.number}"),
        ]
        return [(name, words) for name, words in facts if words]

    def keywords(self, most_letters: int) -> str:
        """Return words under which a file list finds the pack's files."""
        names = [self.words("force_name"), self.words("quarter_label")]
        names += [section.heading for section in self.sections if section.is_strand]
        found = list(dict.fromkeys(filter(None, names)))
        while len(", ".join(found)) > most_letters:
            found.pop()
        return ", ".join(found)

    def _compared_periods(self) -> tuple[str, str]:
        """Return the period and its base: 12 months, or the same months of both years
        where open data have fewer.
        """
        table = self.table("same_months_comparisons")
        if table and table.rows:
            row = table.rows[0]
            return style.plain_text(row["period"]), style.plain_text(row["base_period"])
        return self.words("period_label"), self.words("previous_period_label")

    def _quarter(self) -> str:
        months = self.words("quarter_months_label")
        label = self.words("quarter_label")
        return f"{label}, {months}" if label and months else label or months

    def table(self, name: str) -> Table | None:
        return next((table for table in self.tables if table.name == name), None)

    def tables_by_section(self) -> list[tuple[Section, list[Table]]]:
        """Return each table once, in the first section that shows it; no section is
        without tables.
        """
        seen: set[str] = set()
        found = []
        for section in self.sections:
            shown = [b.name for b in section.blocks() if isinstance(b, Table)]
            names = [n for n in dict.fromkeys(shown) if n not in seen]
            seen |= set(names)
            if tables := [table for name in names if (table := self.table(name))]:
                found.append((section, tables))
        return found

    def author_headings(self) -> list[str]:
        """The headings under which the author may write, in order."""
        parts = (part for section in self.sections for part in section.parts)
        return [part.author_heading for part in parts if part.author_heading]

    def with_authors_text(self, text: Mapping[str, tuple[Block, ...]]) -> Report:
        """Return the report with the author's blocks, by heading, in their places."""
        return replace(self, sections=tuple(s.written(text) for s in self.sections))


def read_report(database: Path, quarter: str, force_code: str) -> Report:
    """Read a quarter's report from the published file `database`, opened read-only.

    Raises:
        PackError: the file or its tables cannot be read, or it has no report for that
            quarter and force.
    """
    with published.open_read_only(database) as con:

        def rows(table: str, order_by: str | None = None) -> list[Row]:
            return published.rows_of(con, table, (quarter, force_code), order_by)

        fronts = rows("rpt_reports")
        if not fronts:
            raise PackError(published.nothing_for(con, quarter, force_code))
        sections = rows("rpt_sections", "section_position")
        said_in = facts.context(quarter, fronts[0], sections)
        columns = {row["column_name"]: row for row in rows("rpt_columns")}
        points = rows("rpt_chart_points", "point_position")
        events = rows("rpt_chart_events", "event_position")
        has_public_version = bool(fronts[0].get("public_marking"))
        # Without a public version, no table says what one would do with it.
        private = {} if has_public_version else {"disclosure_policy": None}
        tables = tuple(
            _table(con, row | private, columns, (quarter, force_code))
            for row in rows("rpt_tables", "table_position")
        )
        if fronts[0]["origin"] == OPEN_DATA:
            tables = _within_its_months(tables)
        said = [
            fact | {"sentence": facts.sentence(fact, said_in)}
            for fact in rows("rpt_facts", "fact_position")
        ]
        charts = tuple(
            _chart(row, points, events, columns, said_in, _finding(row, said))
            for row in rows("rpt_charts", "chart_position")
        )
        notes = rows("rpt_notes", "note_position")
        missing = rows("rpt_missing_deliveries", "extract")
        return Report(
            front=fronts[0] | facts.front_words(fronts[0], missing, notes),
            tables=tables,
            charts=charts,
            notes=tuple(map(facts.note, notes)),
            loads=published.loads_of(con, force_code),
            sources=tuple(rows("rpt_sources", "row_position")),
            late_records=tuple(rows("rpt_late_records", "row_position")),
            published_versions=tuple(rows("rpt_published_versions", "version")),
            definitions=tuple(rows("rpt_definitions", "row_position")),
            figure_ids=(
                published.figure_ids(con, (quarter, force_code))
                if has_public_version
                else {}
            ),
            sections=sections_of(
                sections=sections,
                slots=rows("rpt_slots", "slot_position"),
                sentences=said,
                items=rows("rpt_section_items", "item_position"),
                drawn={("table", t.name): t for t in tables}
                | {("chart", c.name): c for c in charts},
                changes=facts.changes(said),
            ),
        )


def _within_its_months(tables: tuple[Table, ...]) -> tuple[Table, ...]:
    """Return the tables of open data without comparisons that its months do not reach,
    and without tables that have no figure.
    """
    known = (
        replace(table, rows=tuple(filter(is_available, table.rows)))
        if any(column.name == BASE_PERIOD for column in table.columns)
        else table
        for table in tables
    )
    return tuple(table for table in known if table.has_available_rows)


def _table(con: Any, words: Row, listed: Row, key: tuple[str, str]) -> Table:
    name = words["table_name"]
    types, rows = published.query(con, f"rpt_{name}", key, "row_position")
    shown = {column: kind for column, kind in types.items() if column != "row_position"}
    wide_by = words["wide_by"]
    if wide_by is not None and wide_by not in shown:
        raise PackError(
            f"Table {name} has no column {wide_by!r} to be wide by; "
            "correct its row in seeds/layout/report_tables.csv."
        )
    return Table(
        name=name,
        title=style.plain_text(words["table_title"]),
        description=style.plain_text(words["table_description"] or ""),
        wide_by=wide_by,
        columns=tuple(column_of(column, shown, listed) for column in shown),
        rows=tuple(dict(zip(types, row, strict=True)) for row in rows),
        disclosure_policy=style.plain_text(words["disclosure_policy"] or ""),
    )


def _finding(chart: Row, said: list[Row]) -> str:
    """The first sentence about the change of the measure that a chart shows."""
    if not chart["chart_kind"].startswith("month"):
        return ""
    of_measure = (
        style.plain_text(fact["sentence"], style.SENTENCE_LIMIT)
        for fact in said
        if fact["fact_kind"] == facts.CHANGE
        and fact["measure_code"] == chart["measure"]
    )
    return next(of_measure, "")


def _chart(
    chart: Row,
    points: list[Row],
    events: list[Row],
    listed: Row,
    report: facts.Context,
    finding: str,
) -> Chart:
    name = chart["chart_name"]
    labelled_by = column_of(
        "month" if chart["chart_kind"].startswith("month") else "category",
        {"month": "VARCHAR", "category": "VARCHAR"},
        listed,
    )
    own = [row for row in points if row["chart_name"] == name]
    marked = [row for row in events if row["chart_name"] == name]
    words = facts.chart_words(chart, own, marked, report)
    if not IDENTIFIER.fullmatch(name):
        raise PackError(f"{name!r} is not a valid chart name; use a-z, 0-9 and _ only.")
    return Chart(
        name=name,
        title=style.plain_text(words["title"]),
        strand=style.plain_text(chart["strand"]) if chart["strand"] else None,
        alternative_text=style.plain_text(words["alternative_text"]),
        value_heading=style.plain_text(words["value_heading"]),
        is_available=chart["status"] == AVAILABLE,
        points=tuple(
            Point(
                style.plain_text(r["point_label"]),
                r["point_value"],
                style.plain_text(r["series"] or ""),
            )
            for r in own
        ),
        kind=chart["chart_kind"],
        label_heading=labelled_by.heading,
        number_format=chart["number_format"],
        measure=chart["measure"],
        subject=style.plain_text(chart["subject"] or ""),
        finding=finding,
        total=chart["category_total"],
        events=tuple(
            Event(
                style.plain_text(facts.event_label(r)),
                float(r["start_position"]),
                float(r["end_position"]),
            )
            for r in marked
        ),
    )
