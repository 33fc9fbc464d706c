"""Makes the public version of a report from the report itself.

Everything public is drawn from the protected tables that this module returns, so a
figure is treated alike on the page, in the workbook and in the data files. The policies
are those of seeds/layout/report_tables.csv (docs/decisions/0031): a count of people is
rounded to the nearest 5, 1 to 4 are marked, and what could give a count away is left
out.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from reports import style
from reports.board.records import AMOUNTS
from reports.changes import Draft
from reports.grid import PEOPLE, Column, Mark, Row, Table
from reports.outline import Block, Chart, Part, Section
from reports.report import Report

BASE = 5
ROUNDED = ("round5", "suppress")
INTERNAL = "internal"
COUNTED_EVENTS = ("crimes", "incidents")
WHOLE = (style.TOTAL_LABEL, "All")  # labels of the row that others are parts of
DENOMINATOR, WORD = "denominator", "change_word"
LOW, CONFIDENTIAL = Mark(style.LOW), Mark(style.CONFIDENTIAL)
NOTE = (
    f"Counts of people are rounded to the nearest {BASE}, and 1 to 4 are shown as "
    f"{style.LOW}. Changes, averages, and shares with their totals are confidential."
)


def public_report(report: Report) -> Report:
    """Return what the public may see of a report.

    It has no sentence, because sentences have counts; no text of the author; no list of
    actions or of lines that are held; and charts of crimes only.
    """
    exact = {
        row["measure_code"]
        for row in report.definitions
        if row["measure_unit"] in COUNTED_EVENTS
    }
    tables = tuple(_protected(t, exact) for t in report.tables if _is_public(t))
    crimes = {
        row["measure_code"]
        for row in report.definitions
        if row["measure_unit"] == "crimes"
    }
    charts = tuple(c for c in report.charts if _is_of(c, crimes))
    sections = tuple(_public_section(s, exact, crimes) for s in report.sections)
    front = report.front | {"protective_marking": report.front["public_marking"]}
    return replace(
        report,
        front=front,
        tables=tables,
        charts=charts,
        sections=tuple(s for s in sections if s.parts or s.is_front),
        draft=Draft(report.draft.number),
        loads=(),
        is_public=True,
    )


def _is_public(table: Table) -> bool:
    return table.disclosure_policy != INTERNAL


def _is_of(chart: Chart, measures: set[str]) -> bool:
    return chart.kind.startswith("month") and chart.measure in measures


def _public_section(section: Section, exact: set[str], crimes: set[str]) -> Section:
    parts = []
    for part in section.parts:
        made = tuple(_public_blocks(part.made, exact, crimes))
        if made:
            parts.append(Part(part.heading, made, None, None, slot=part.slot))
    return replace(section, parts=tuple(parts))


def _public_blocks(
    blocks: tuple[Block, ...], exact: set[str], crimes: set[str]
) -> list[Block]:
    shown: list[Block] = []
    for block in blocks:
        if isinstance(block, Table) and _is_public(block):
            shown.append(_protected(block, exact))
        elif isinstance(block, Chart) and _is_of(block, crimes):
            shown.append(block)
    return shown


def _protected(table: Table, exact: set[str]) -> Table:
    """Return the table with its counts of people protected."""
    policy = table.disclosure_policy
    if not any(rule in policy for rule in ROUNDED):
        return replace(table, disclosure_policy="")
    rows = tuple(
        row
        if policy.endswith(PEOPLE) and not _counts_people(row, exact)
        else _protected_row(row, table.columns)
        for row in table.rows
    )
    description = " ".join(filter(None, [table.description, NOTE]))
    return replace(table, rows=rows, description=description, disclosure_policy="")


def _counts_people(row: Row, exact: set[str]) -> bool:
    """Whether a row of a table of several measures counts people, or may."""
    is_amount = row.get("quantity_unit") in AMOUNTS
    return not is_amount and row.get("measure") not in exact


def _protected_row(row: Row, columns: tuple[Column, ...]) -> Row:
    labels = [row[c.name] for c in columns if not c.is_number]
    is_whole = any(label in WHOLE for label in labels)
    return row | {
        c.name: _protected_value(row[c.name], c, is_whole)
        for c in columns
        if c.is_number or c.name == WORD
    }


def _protected_value(value: Any, column: Column, is_whole: bool) -> Any:
    """Return a count to the nearest 5, or the mark in its place.

    What is made from counts is left out, because it gives them away. So is a small
    total: it would say that each of its parts is 1.
    """
    if value is None:
        return None
    if column.number_format != "count" or column.name == DENOMINATOR:
        return CONFIDENTIAL
    number = int(style.exact(value))
    if 0 < number < BASE:
        return CONFIDENTIAL if is_whole else LOW
    return BASE * ((2 * number + BASE) // (2 * BASE))
