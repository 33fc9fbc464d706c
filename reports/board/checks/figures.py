"""The figures of a section, with which the numbers of its author are compared.

They are those of its page, of its tables and charts in the annex, and of its measures
in the appendix.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from reports import style
from reports.board.records import Comparison, Measure, Progress, Result
from reports.grid import Row, Table
from reports.outline import Chart, Section

PERCENTAGES = ("pct", "signed_pct", "signed_limit_pct")  # formats of a column


@dataclass(frozen=True)
class Figure:
    """A figure without its sign, which a number of the author's can be."""

    value: Decimal
    is_percentage: bool = False


def of_measures(measures: Iterable[Measure]) -> Iterator[Figure]:
    """Yield the figures of measures that are available."""
    for measure in measures:
        if not measure.is_available:
            continue
        for comparison in measure.comparisons.values():
            yield from _compared(comparison)
        for area in measure.areas:
            yield from _counts(area.base_count, area.current_count, area.difference)
        yield from _percentages(measure.solved_pct, measure.previous_solved_pct)
        yield from _points(measure.solved_pct, measure.previous_solved_pct)
        yield from _percentages(measure.positive_pct)
        yield from _counts(measure.solved, measure.recorded, measure.previous_solved)
        yield from _counts(measure.previous_recorded)
        for month in measure.months:
            yield from _counts(month.value, month.average)
            yield from _counts(month.lower_limit, month.upper_limit)


def of_plan(rows: Iterable[Progress]) -> Iterator[Figure]:
    """Yield the figures of the delivery plan."""
    for row in rows:
        yield from _counts(row.total, row.complete, row.ongoing, row.at_risk)
        yield from _counts(row.previous_complete, row.complete_change)
        yield from _counts(row.delivered_count, row.scheduled_count, row.overdue_count)
        yield from _counts(row.moved_count, row.unowned_count)
        yield from _percentages(row.complete_pct)


def of_results(results: Iterable[Result]) -> Iterator[Figure]:
    """Yield the figures of the units' results."""
    for result in results:
        yield from _compared(result.comparison)


def of_sections(sections: Iterable[Section]) -> Iterator[Figure]:
    """Yield the figures of the sections' sentences, tables and charts."""
    for section in sections:
        for change in section.changes:
            yield from _counts(*change.numbers)
            yield from _percentages(*change.percentages)
            yield from _points(*change.percentages[:2])
        for block in section.blocks():
            if isinstance(block, Table):
                yield from _of_rows(block, block.rows)
            elif isinstance(block, Chart):
                values = (*(point.value for point in block.points), block.total)
                yield from _formatted(values, block.number_format)


def of_appendix(
    sections: Iterable[Section], measures: Iterable[Measure]
) -> Iterator[Figure]:
    """Yield the figures of some measures in the tables of all, as of the year to
    date.
    """
    codes = {measure.measure for measure in measures}
    for section in sections:
        for block in section.blocks():
            if isinstance(block, Table):
                rows = (row for row in block.rows if row.get("measure") in codes)
                yield from _of_rows(block, tuple(rows))


def _of_rows(table: Table, rows: Sequence[Row]) -> Iterator[Figure]:
    for column in table.columns:
        if column.is_number:
            values = (row[column.name] for row in rows)
            yield from _formatted(values, column.number_format)


def _compared(c: Comparison) -> Iterator[Figure]:
    """Yield the counts of a comparison, its percentage and its plausible range."""
    yield from _counts(c.base_count, c.current_count, c.difference)
    limits = (c.range_lower_text, c.range_upper_text)
    yield from _percentages(
        c.difference_pct, *(Decimal(text) for text in limits if text)
    )


def _formatted(values: Iterable[Any], number_format: str) -> Iterator[Figure]:
    return (_percentages if number_format in PERCENTAGES else _counts)(*values)


def _counts(*values: Any) -> Iterator[Figure]:
    """Yield the figures of counts and amounts that are known."""
    return (Figure(abs(n)) for value in values if (n := style.exact(value)) is not None)


def _points(*values: Any) -> Iterator[Figure]:
    """Yield the percentage points between two percentages that are known."""
    known = [n for value in values if (n := style.exact(value)) is not None]
    if len(known) == 2:
        yield from _percentages(known[0] - known[1])


def _percentages(*values: Any) -> Iterator[Figure]:
    return (replace(figure, is_percentage=True) for figure in _counts(*values))
