"""The page of the delivery plan: progress by strand, risks, the longest lists."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Any

from reports.board import drawings, english, periods, strands
from reports.board.records import Action, Board, Plan
from reports.outline import Section

# Of a printed sheet, in px: what is always on the page, with two more lines of text at
# its top; a line; the line "and two more"; and what is around the lines.
SHEET, ALWAYS = 1020.0, 277.0
LINE, TITLE_LINE, SMALL_LINE, MORE = 16.6, 15.0, 14.0, 17.0
STRAND, RISK_BOX, LISTED, LISTS = 9.0, 58.0, 7.5, 80.0
# Letters of a line, by its place.
OF_STRAND, OF_RISK, OF_TITLE, OF_SMALL = 42, 114, 45, 57
RISK_WORDS, LISTED_WORDS = 30, 23  # letters of a day and of what is before it
BAR, ROW_BAR = 360.0, 170.0  # widths: whole plan, longest strand


@dataclass(frozen=True)
class Shown:
    """How much of the plan a sheet shows; the annex has all of it.

    Args:
        listed: most actions of each of the two lists.
        risky: most actions at risk.
        reason: most letters of a reason, and of what is being done.
        name: most letters of the name of a strand in the table.
    """

    listed: int = 5
    risky: int = 3
    reason: int = 220
    name: int = english.MOST_LETTERS


TITLE, NAME = 90, 40  # most letters of an action and its strand in a list
# The first that the sheet has room for is taken.
CHOICES = (
    *(Shown(), Shown(4, 3), Shown(4, 2), Shown(3, 2), Shown(3, 1), Shown(2, 1)),
    *(Shown(2, 1, 110), Shown(1, 1, 110), Shown(1, 1, 110, OF_STRAND - 5)),
)


def plan_page(board: Board, sections: list[Section], annex: Any) -> dict[str, Any]:
    """Return the page of the delivery plan; empty if there is no plan."""
    plan = board.plan
    if plan is None:
        return {"plan": None, "plan_bar": None}
    overdue, moved = _by_days(plan.overdue), _by_days(plan.moved)
    shown = next(
        (each for each in CHOICES if _height(plan, overdue, moved, each) <= SHEET),
        CHOICES[-1],
    )
    risky, more_risky = english.named(plan.at_risk, shown.risky)
    return {
        "plan": plan,
        "shown": shown,
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
                overdue,
                shown.listed,
                annex("actions_overdue"),
                "No action is past its due date.",
            ),
            _longest(
                "Moved to a later date",
                "The furthest",
                moved,
                shown.listed,
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


def _by_days(actions: Iterable[Action]) -> list[Action]:
    return sorted(actions, key=lambda action: -(action.days or 0))


def _height(
    plan: Plan, overdue: Sequence[Action], moved: Sequence[Action], shown: Shown
) -> float:
    """Return about how many px of a printed sheet the page takes."""
    names = [row.strand[: shown.name] for row in plan.strands]
    table = sum(
        STRAND + SMALL_LINE * _lines(len(name) + 5, OF_STRAND) for name in names
    )
    risky = plan.at_risk[: shown.risky]
    risks = sum(LINE * _risk_lines(action, shown.reason) for action in risky)
    risks += MORE * (len(plan.at_risk) > len(risky))
    lists = max(
        sum(_listed_height(action) for action in actions[: shown.listed])
        for actions in (overdue, moved)
    )
    boxes = (RISK_BOX + risks if risks else LINE) + LISTS + lists
    return ALWAYS + table + boxes


def _risk_lines(action: Action, most: int) -> int:
    what = (action.title, action.strand, action.owner_role or "")
    words = (action.reason or "", action.mitigation or "")
    said = sum(min(len(text), english.MOST_LETTERS) for text in what)
    why = sum(min(len(text), most) for text in words)
    return sum(_lines(letters + RISK_WORDS, OF_RISK) for letters in (said, why))


def _listed_height(action: Action) -> float:
    small = min(len(action.strand), NAME)
    small += sum(LISTED_WORDS for day in (action.day, action.new_day) if day)
    titles = _lines(min(len(action.title), TITLE), OF_TITLE)
    return LISTED + TITLE_LINE * titles + SMALL_LINE * _lines(small, OF_SMALL)


def _lines(letters: int, of_a_line: int) -> int:
    return max(1, ceil(letters / of_a_line))


def _longest(
    heading: str,
    of_them: str,
    actions: list[Action],
    most: int,
    annex: str,
    none: str,
) -> dict[str, Any]:
    """Return the actions with most days; the heading has the number of all.

    Args:
        most: how many actions are shown.
    """
    shown, more = english.named(actions, most)
    of_all = f". {of_them}" if more else ""
    if more and most > 1:
        of_all += f" {english.in_words(most)}"
    return {
        "heading": f"{english.counted(heading, len(actions))}{of_all}",
        "actions": shown,
        "all": len(actions),
        "annex": annex,
        "none": none,
    }
