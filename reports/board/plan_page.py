"""The page of the delivery plan: progress by strand, risks, the longest lists."""

from __future__ import annotations

from typing import Any

from reports.board import drawings, english, periods, strands
from reports.board.records import Action, Board, Plan
from reports.outline import Section

FIVE, MOST_RISKY = 5, 3
BAR, ROW_BAR = 360.0, 170.0  # widths: whole plan, longest strand


def plan_page(board: Board, sections: list[Section], annex: Any) -> dict[str, Any]:
    """Return the page of the delivery plan; empty if there is no plan."""
    plan = board.plan
    if plan is None:
        return {"plan": None, "plan_bar": None}
    risky, more_risky = english.named(plan.at_risk, MOST_RISKY)
    return {
        "plan": plan,
        "plan_bar": drawings.plan_bar(plan.whole, "plan-whole", BAR),
        "progress": _progress(plan, sections),
        "annex_progress": annex("delivery_progress"),
        "this_quarter": periods.quarter_days(board.quarter),
        "next_quarter": periods.next_quarter_days(board.quarter),
        "risky": risky,
        "more_risky": more_risky,
        "annex_risky": annex("actions_at_risk"),
        "longest": [
            _longest(
                "Past the due date",
                "The longest",
                plan.overdue,
                annex("actions_overdue"),
                "No action is past its due date.",
            ),
            _longest(
                "Moved to a later date",
                "The furthest",
                plan.moved,
                annex("actions_slipped"),
                "No action was moved to a later date.",
            ),
        ],
    }


def _progress(plan: Plan, sections: list[Section]) -> list[tuple[Any, ...]]:
    """Return each strand's row with its address, bar and number, then the total."""
    known = {s.heading: s for s in sections}
    largest = max((row.total for row in plan.strands), default=0)
    rows: list[tuple[Any, ...]] = []
    for i, row in enumerate(plan.strands):
        section = known.get(row.strand)
        rows.append(
            (
                row,
                f"#{strands.page_id(section)}" if section else "",
                drawings.plan_bar(row, f"plan-row-{i}", ROW_BAR, largest),
                section.number if section else "",
            )
        )
    return [*rows, (plan.whole, "", None, "")]


def _longest(
    heading: str, of_them: str, actions: tuple[Action, ...], annex: str, none: str
) -> dict[str, Any]:
    """Return the five actions with most days; the heading has the number of all."""
    ordered = sorted(actions, key=lambda a: -(a.days or 0))
    shown, more = english.named(ordered, FIVE)
    five = f". {of_them} {english.in_words(FIVE)}" if more else ""
    return {
        "heading": f"{english.counted(heading, len(actions))}{five}",
        "actions": shown,
        "all": len(actions),
        "annex": annex,
        "none": none,
    }
