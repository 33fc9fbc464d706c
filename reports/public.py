"""Makes the public version of a report from the report itself.

Everything public is drawn from the protected tables that this module returns, so a
figure is treated alike on the page, in the workbook and in the data files. The policies
are those of seeds/layout/report_tables.csv (docs/decisions/0031). `round5`: a count of
people is rounded to the nearest 5, 1 to 4 are marked, and what could give a count away
is left out. `suppress`: 1 to 4 are hidden, and so are the counts that would give them
away (reports/suppression.py); all others are exact.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from reports import grid, narrowing, style, suppression
from reports.board.english import AMOUNTS
from reports.changes import Draft
from reports.grid import PEOPLE, Column, Mark, Row, Table
from reports.outline import Block, Chart, Part, Section
from reports.published import PackError
from reports.report import Report
from reports.sums import (
    DENOMINATOR,
    STATUS,
    TOTALS,
    WORDS,
    Figures,
    count_columns,
    of_columns,
    of_shorter_periods,
    values_and_lines,
)

BASE = suppression.LEAST
ROUND, SUPPRESS = "round5", "suppress"
INTERNAL = "internal"
COUNTED_EVENTS = ("crimes", "incidents")
LOW, CONFIDENTIAL = Mark(style.LOW), Mark(style.CONFIDENTIAL)
NOTES = {
    ROUND: f"Counts of people are rounded to the nearest {BASE}, and 1 to 4 are shown "
    f"as {style.LOW}. Changes, averages, and shares with their totals are "
    "confidential.",
    SUPPRESS: "Counts of 1 to 4 people are confidential, and so are other counts that "
    "would give them away.",
}


def public_report(report: Report) -> Report:
    """Return what the public may see of a report.

    It has no sentence of the internal report, because these have counts; no text of the
    author; no list of actions or of lines that are held; and charts of crimes only. The
    strands stay, so that their pages have the same numbers.
    """
    exact = {
        row["measure_code"]
        for row in report.definitions
        if row["measure_unit"] in COUNTED_EVENTS
    }
    tables = _protected_tables(report, exact)
    crimes = {
        row["measure_code"]
        for row in report.definitions
        if row["measure_unit"] == "crimes"
    }
    charts = tuple(c for c in report.charts if _is_of(c, crimes))
    by_name = {table.name: table for table in tables}
    sections = tuple(_public_section(s, by_name, crimes) for s in report.sections)
    front = report.front | {"protective_marking": report.front["public_marking"]}
    return replace(
        report,
        front=front,
        tables=tables,
        charts=charts,
        sections=tuple(s for s in sections if s.parts or s.is_front or s.is_strand),
        draft=Draft(report.draft.number),
        loads=(),
        is_public=True,
    )


def _is_public(table: Table) -> bool:
    return table.disclosure_policy != INTERNAL


def _is_of(chart: Chart, measures: set[str]) -> bool:
    return chart.kind.startswith("month") and chart.measure in measures


def _public_section(
    section: Section, tables: dict[str, Table], crimes: set[str]
) -> Section:
    parts = []
    for part in section.parts:
        made = tuple(_public_blocks(part.made, tables, crimes))
        if made:
            parts.append(Part(part.heading, made, None, None, slot=part.slot))
    return replace(section, parts=tuple(parts))


def _public_blocks(
    blocks: tuple[Block, ...], tables: dict[str, Table], crimes: set[str]
) -> list[Block]:
    shown: list[Block] = []
    for block in blocks:
        if isinstance(block, Table) and block.name in tables:
            shown.append(_like(block, tables[block.name]))
        elif isinstance(block, Chart) and _is_of(block, crimes):
            shown.append(block)
    return shown


def _like(block: Table, protected: Table) -> Table:
    """Return the rows that a section shows of a table, from the protected table."""
    rows = {row["row_position"]: row for row in protected.rows}
    own = tuple(rows[row["row_position"]] for row in block.rows)
    note = NOTES.get(_rule(block.disclosure_policy), "")
    described = protected.description if block.description else note
    return replace(block, rows=own, description=described, disclosure_policy="")


def _protected_tables(report: Report, exact: set[str]) -> tuple[Table, ...]:
    """Return the public tables. No hidden figure follows from what they print.

    Args:
        exact: measures whose counts are not counts of people.

    Raises:
        PackError: a hidden figure can be computed from what is printed.
    """
    tables = [table for table in report.tables if _is_public(table)]
    figures = Figures(report.figure_ids)

    def hides(table: Table, row: Row) -> bool:
        policy = table.disclosure_policy
        return _rule(policy) == SUPPRESS and _is_protected(row, policy, exact)

    # A figure that only rounded tables print has no exact parts that give it away.
    unrounded = {
        name
        for table in tables
        for row in table.rows
        if not _is_rounded(table, row, exact)
        for name, _ in _known_counts(table, row, figures)
    }
    further: set[str] = set()
    while True:
        also = further & unrounded
        hidden, not_known = suppression.hidden_figures(tables, figures, hides, also)
        hidden |= further
        protected = tuple(_protected(t, exact, figures, hidden) for t in tables)
        more = _narrowing(tables, protected, figures, exact) - hidden
        if not more:
            break
        further |= more
    _audit(tables, protected, figures, hidden, not_known)
    return protected


def _narrowing(
    tables: list[Table],
    protected: tuple[Table, ...],
    figures: Figures,
    exact: set[str],
) -> set[str]:
    """Return the figures to hide so that no rounded table tells a small count."""
    values, lines = values_and_lines(tables, figures)
    lines += of_columns(tables, figures, values) + of_shorter_periods(values)
    printed: dict[str, narrowing.Range] = {}
    small, people, elsewhere = set(), set(), set()
    for table, shown in zip(tables, protected, strict=True):
        policy = table.disclosure_policy
        for row, public in zip(table.rows, shown.rows, strict=True):
            is_rounded = _is_rounded(table, row, exact)
            is_protected = _rule(policy) and _is_protected(row, policy, exact)
            for name, column in _known_counts(table, row, figures):
                count = values[name]
                (people if is_protected else elsewhere).add(name)
                small |= {name} if is_rounded and 0 < count < BASE else set()
                if public[column] != CONFIDENTIAL:
                    own = narrowing.rounded(count, BASE) if is_rounded else (count,) * 2
                    low, high = printed.get(name, narrowing.OPEN)
                    printed[name] = max(low, own[0]), min(high, own[1])
    # A count that another table prints as it is, such as all hate crime, stays.
    return narrowing.to_hide(lines, values, printed, small, people - elsewhere)


def _known_counts(
    table: Table, row: Row, figures: Figures
) -> Iterator[tuple[str, str]]:
    """Yield the name and the column of each known count of a row."""
    for column in count_columns(table):
        if row[column] is not None:
            yield figures.name(table, row, column), column


def _audit(
    tables: list[Table],
    protected: tuple[Table, ...],
    figures: Figures,
    hidden: set[str],
    not_known: set[str],
) -> None:
    """Stop a public version that prints a hidden figure, or what gives one away."""
    printed = {
        figures.name(table, row, column)
        for table, shown in zip(tables, protected, strict=True)
        for row, public in zip(table.rows, shown.rows, strict=True)
        for column in count_columns(table)
        if public[column] is not None and public[column] == row[column]
    }
    lines = suppression.exposed(tables, figures, hidden, printed, not_known)
    told = sorted((hidden & printed) | {line.whole for line in lines})
    if told:
        raise PackError(
            f"The public version would give away a hidden count by {told[0]}; give "
            "its table the policy internal in seeds/layout/report_tables.csv."
        )


def _protected(
    table: Table, exact: set[str], figures: Figures, hidden: set[str]
) -> Table:
    """Return the table with its counts of people protected."""
    rule = _rule(table.disclosure_policy)
    rows = []
    for row in table.rows:
        names = {
            column: figures.name(table, row, column) for column in count_columns(table)
        }
        without = {column for column, name in names.items() if name in hidden}
        if _is_rounded(table, row, exact):
            public = _rounded_row(row, table.columns, without)
        else:
            public = _hidden_row(row, table.columns, without)
        rows.append(_with_status(public, table))
    description = " ".join(filter(None, [table.description, NOTES.get(rule)]))
    return replace(
        table,
        rows=tuple(rows),
        description=description,
        disclosure_policy="",
        protection=rule,
    )


def _rule(policy: str) -> str:
    return next((rule for rule in NOTES if rule in policy), "")


def _is_rounded(table: Table, row: Row, exact: set[str]) -> bool:
    policy = table.disclosure_policy
    return _rule(policy) == ROUND and _is_protected(row, policy, exact)


def _is_protected(row: Row, policy: str, exact: set[str]) -> bool:
    return not policy.endswith(PEOPLE) or _counts_people(row, exact)


def _counts_people(row: Row, exact: set[str]) -> bool:
    """Whether a row of a table of several measures counts people, or may."""
    is_amount = row.get("quantity_unit") in AMOUNTS
    return not is_amount and row.get("measure") not in exact


def _hidden_row(row: Row, columns: tuple[Column, ...], without: set[str]) -> Row:
    """Return the row without hidden counts; with one, no change or share is left."""
    if not without:
        return row
    made = {
        c.name
        for c in columns
        if c.name in WORDS or (c.is_number and c.number_format != "count")
    }
    gone = [name for name in (*without, *made) if row[name] is not None]
    return row | dict.fromkeys(gone, CONFIDENTIAL)


def _rounded_row(row: Row, columns: tuple[Column, ...], without: set[str]) -> Row:
    labels = [row[c.name] for c in columns if not c.is_number]
    is_total = any(label in TOTALS for label in labels)
    return row | {
        c.name: CONFIDENTIAL
        if c.name in without
        else _protected_value(row[c.name], c, is_total)
        for c in columns
        if c.is_number or c.name in WORDS
    }


def _with_status(row: Row, table: Table) -> Row:
    """Return the row with the status confidential if one of its numbers is hidden."""
    is_hidden = CONFIDENTIAL in (row[c.name] for c in table.columns if c.is_number)
    return row | {STATUS: grid.CONFIDENTIAL} if is_hidden and STATUS in row else row


def _protected_value(value: Any, column: Column, is_total: bool) -> Any:
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
        return CONFIDENTIAL if is_total else LOW
    return BASE * ((2 * number + BASE) // (2 * BASE))
