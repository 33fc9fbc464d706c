"""The figures of the public board report, from the protected tables alone.

Crimes and incidents are exact. A count of people is the one that the protected tables
have; its months, changes and ranges are not shown. The plan keeps its counts and loses
its lists of actions.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from reports.board import records
from reports.board.records import Board, Comparison, Measure, Plan, Result
from reports.grid import Mark, Row, Table
from reports.public import COUNTED_EVENTS, ROUND

ALL_PARTS, NOT_AVAILABLE = "All", "not available"
YEARS = ("previous_12_months", "current_12_months")
QUARTERS = ("year_before_quantity", "quantity")
REASON = "A count that could identify people is confidential."


def public_board(board: Board, tables: tuple[Table, ...]) -> Board:
    """Return what the public may see of the board report's figures.

    Args:
        board: the figures of the internal report.
        tables: the protected tables of the public version.
    """
    return replace(
        board,
        measures=tuple(_measure(m, tables) for m in board.measures),
        plan=_plan(board.plan) if board.plan else None,
        results=tuple(_results(board, tables)),
        held=(),
    )


def _measure(measure: Measure, tables: tuple[Table, ...]) -> Measure:
    if measure.measure_unit in COUNTED_EVENTS:
        return measure
    rows = ((t, row) for t in tables for row in t.rows if set(YEARS) <= set(row))
    own = (place for place in rows if place[1].get("measure") == measure.measure)
    year = next((_year(measure.year, *place) for place in own if measure.year), None)
    is_shown = year is not None and year.current_count is not None
    is_hidden = measure.is_available and not is_shown
    return replace(
        measure,
        comparisons={records.YEAR: year} if year else {},
        months=(),
        signal=records.HIDDEN_SIGNAL,
        areas=(),
        solved_pct=None,
        previous_solved_pct=None,
        gap_reason=REASON if is_hidden else measure.gap_reason,
        status=measure.status if is_shown else NOT_AVAILABLE,
    )


def _year(c: Comparison, table: Table, row: Row) -> Comparison:
    """Return a comparison with the counts that a protected row prints, if any."""
    base, now = (None if isinstance(row[n], Mark) else row[n] for n in YEARS)
    code = records.ROUNDED if table.protection == ROUND else records.CONFIDENTIAL
    return _without_change(c, base, now, None if now is None else code)


def _without_change(c: Comparison, base: Any, now: Any, code: str | None) -> Comparison:
    return replace(
        c,
        base_count=base,
        current_count=now,
        difference=None,
        difference_pct=None,
        change_code=code,
        range_lower_text=None,
        range_upper_text=None,
        clearness=None,
    )


def _plan(plan: Plan) -> Plan:
    """Return the plan's counts; its lists name actions and owners."""
    return replace(plan, delivered=(), scheduled=(), overdue=(), moved=(), at_risk=())


def _results(board: Board, tables: tuple[Table, ...]) -> list[Result]:
    """Return the results as the protected rows have them: a hidden count is a mark."""
    rows = {
        (row["unit"], row["measure_name"], row["part"]): row
        for table in tables
        for row in table.rows
        if set(QUARTERS) <= set(row)
    }
    found = []
    for result in board.results:
        row = rows.get((result.unit, result.measure_name, result.part or ALL_PARTS))
        if row is None:
            continue
        before, now = (row[name] for name in QUARTERS)
        c = result.comparison
        if isinstance(before, Mark) or isinstance(now, Mark):
            c = _without_change(c, before, now, records.CONFIDENTIAL)
        found.append(replace(result, comparison=c))
    return found
