"""Reads the tables of the board report for one quarter and force."""

from __future__ import annotations

from collections.abc import Callable
from itertools import dropwhile, groupby
from pathlib import Path

from reports import facts, published, style
from reports.board import records
from reports.board.records import Action, Board, Measure, Plan, Progress, record
from reports.grid import AVAILABLE, Row

Rows = Callable[..., list[Row]]


def read_board(database: Path, quarter: str, force_code: str) -> Board:
    """Read the board report's tables from the published file `database`, read-only.

    Args:
        database: a published DuckDB file.
        quarter: such as '2021-22-q2'.
        force_code: such as 'essex'.

    Raises:
        PackError: the file or one of the tables cannot be read.
    """
    key = (quarter, force_code)
    with published.open_read_only(database) as con:

        def rows(table: str, order_by: str | None = None) -> list[Row]:
            return published.rows_of(con, table, key, order_by)

        return Board(
            quarter=quarter,
            measures=_measures(rows),
            events=tuple(
                record(records.Event, row)
                for row in rows("rpt_board_events", "event_start_date")
            ),
            plan=_plan(rows),
            results=tuple(
                record(records.Result, row, comparison=_same_months(row))
                for row in rows("rpt_board_results", "row_position")
                if row["quantity"] is not None
            ),
            held=tuple(
                {name: records.harmless(value) for name, value in row.items()}
                for row in rows("rpt_quarantine", "row_position")
                if row["held_line_count"]
            ),
        )


def _measures(rows: Rows) -> tuple[Measure, ...]:
    compared = _by_measure(rows("rpt_board_comparisons", "row_position, measure"))
    months = _by_measure(rows("rpt_board_months", "measure, month"))
    signals = _by_measure(rows("rpt_board_signals", "measure"))
    areas = _by_measure(rows("rpt_board_areas", "row_position"))
    area_rates = _by_measure(rows("rpt_board_area_rates", "row_position"))
    force_rates = {
        row["measure"]: _force_rates(row)
        for row in rows("rpt_board_force_rates", "measure")
    }
    return tuple(
        record(
            Measure,
            row,
            gap_reason=facts.reasons(row["gap_reasons"]) if row["gap_reasons"] else "",
            comparisons={
                c["comparison"]: record(records.Comparison, c)
                for c in compared.get(row["measure"], [])
            },
            months=_from_first_value(months.get(row["measure"], [])),
            signal=next(
                (
                    record(records.Signal, s, months=tuple(s["months"] or ()))
                    for s in signals.get(row["measure"], [])
                ),
                records.NO_SIGNAL,
            ),
            areas=tuple(record(records.Area, a) for a in areas.get(row["measure"], [])),
            area_rates=tuple(
                record(records.AreaRate, a) for a in area_rates.get(row["measure"], [])
            ),
            force_rates=force_rates.get(row["measure"]),
        )
        for row in rows("rpt_board_measures", "row_position, measure")
    )


def _force_rates(row: Row) -> records.ForceRates:
    return record(
        records.ForceRates,
        row,
        rates=tuple(row["rates"]),
        **{
            column: tuple(map(records.harmless, row[column]))
            for column in ("few_residents", "months_missing", "types_missing")
        },
    )


def _same_months(row: Row) -> records.Comparison:
    return record(
        records.Comparison,
        row,
        comparison=records.SAME_MONTHS,
        base_count=row["year_before_quantity"],
        current_count=row["quantity"],
        difference=row["quantity_difference"],
    )


def _from_first_value(rows: list[Row]) -> tuple[records.Month, ...]:
    """Return the months from the first with a value; earlier ones were not counted."""
    counted = dropwhile(lambda row: row["monthly_count"] is None, rows)
    return tuple(
        record(records.Month, row, value=row["monthly_count"]) for row in counted
    )


def _by_measure(rows: list[Row]) -> dict[str, list[Row]]:
    ordered = sorted(rows, key=lambda row: row["measure"])
    grouped = groupby(ordered, key=lambda row: row["measure"])
    return {measure: list(group) for measure, group in grouped}


def _plan(rows: Rows) -> Plan | None:
    """Return the plan with its lists; None if the quarter has none."""
    counted = rows("rpt_board_plan", "row_position")
    lines = [record(Progress, row) for row in counted]
    whole = next((row for row in lines if row.strand == style.TOTAL_LABEL), None)
    if whole is None:
        return None

    def actions(table: str, day: str, **named: str) -> tuple[Action, ...]:
        return tuple(
            Action(
                strand=records.harmless(row["strand"]),
                title=records.harmless(row["action_title"]),
                day=row[day],
                **{k: records.harmless(row[column]) for k, column in named.items()},
            )
            for row in rows(table, "row_position")
            if row["status"] == AVAILABLE and row["action_title"] is not None
        )

    return Plan(
        as_at=rows("rpt_reports")[0]["plan_as_at_date"],
        previous_as_at=next(
            filter(None, (r["previous_as_at_date"] for r in counted)), None
        ),
        whole=whole,
        strands=tuple(row for row in lines if row is not whole),
        delivered=actions("rpt_actions_delivered", "completed_date"),
        scheduled=actions("rpt_actions_scheduled", "due_date"),
        overdue=actions("rpt_actions_overdue", "due_date", days="days_overdue"),
        moved=actions(
            "rpt_actions_slipped",
            "previous_due_date",
            days="days_slipped",
            new_day="due_date",
        ),
        at_risk=actions(
            "rpt_actions_at_risk",
            "due_date",
            owner_role="owner_role",
            reason="at_risk_reason",
            mitigation="mitigation",
        ),
    )
