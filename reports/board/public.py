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

WHOLE, NOT_AVAILABLE = "All", "not available"
COUNTS = ("base_count", "current_count")
COUNTED_EVENTS = ("crimes", "incidents")
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
    rows = (row for t in tables for row in t.rows if set(YEARS) <= set(row))
    row = next((r for r in rows if r.get("measure") == measure.measure), None)
    year = _protected(measure.year, row, YEARS) if measure.year and row else None
    is_shown = year is not None and year.current_count is not None
    return replace(
        measure,
        comparisons={records.YEAR: year} if year else {},
        months=(),
        signal=records.NO_SIGNAL,
        areas=(),
        solved_pct=None,
        previous_solved_pct=None,
        gap_reason=measure.gap_reason if is_shown else REASON,
        status=measure.status if is_shown else NOT_AVAILABLE,
    )


def _protected(c: Comparison, row: Row, columns: tuple[str, str]) -> Comparison:
    """Return a comparison with the counts of a protected row, and without a change."""
    base, current = (_known(row[name]) for name in columns)
    return replace(
        c,
        base_count=base,
        current_count=current,
        difference=None,
        difference_pct=None,
        change_code=None if current is None else records.ROUNDED,
        range_lower_text=None,
        range_upper_text=None,
        clearness=None,
    )


def _known(value: Any) -> Any:
    return None if isinstance(value, Mark) else value


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
        row = rows.get((result.unit, result.measure_name, result.part or WHOLE))
        if row is None:
            continue
        is_hidden = any(isinstance(row[name], Mark) for name in QUARTERS)
        c = result.comparison
        if is_hidden:
            c = replace(_protected(c, row, QUARTERS), change_code=records.CONFIDENTIAL)
            c = replace(c, **{f: row[n] for f, n in zip(COUNTS, QUARTERS, strict=True)})
        found.append(replace(result, comparison=c))
    return found
