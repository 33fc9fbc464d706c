"""Invents the delivery plan: its actions, and the tracker's line of each on a day.

Every date is computed from a hash of the action's title, so the dates of an action do
not change if another action is added.
"""

import csv
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache
from itertools import zip_longest
from pathlib import Path

TABLES = Path(__file__).parent / "tables"
STRATEGY_START = date(2018, 4, 1)
QUARTER_START, QUARTER_END = date(2021, 7, 1), date(2021, 9, 30)
NEXT_QUARTER_START, NEXT_QUARTER_END = date(2021, 10, 1), date(2021, 12, 31)
LAST_RISK_DAY = date(2021, 9, 30)
FOREVER = date.max
# The one action that the report calls at risk (section 6.3).
PUBLISHED_RISK = (
    "Too little is done at present about people who are subject to a Serious Crime"
    " Prevention Order",
    "Considered in the intelligence review, which is under way",
)


@dataclass(frozen=True)
class Risk:
    """A period in which an action is at risk: from `start` to the day before `end`."""

    start: date
    end: date
    reason: str
    mitigation: str


@dataclass(frozen=True)
class Action:
    """One action, with all its changes until November 2021."""

    title: str
    strand: dict[str, str]
    owner_role: str
    start: date
    first_due: date
    due: date
    due_moved_on: date
    completed: date | None
    risk: Risk | None
    action_id: str = ""

    def row(self, day: date) -> list[str | date | None]:
        """Return the tracker's line on a day, in the contract's order of columns."""
        is_complete = self.completed is not None and self.completed < day
        is_at_risk = self.risk is not None and self.risk.start <= day < self.risk.end
        former = self.strand["renamed_on"] > day.isoformat()
        return [
            self.action_id,
            self.strand["former_name" if former else "strand_name"],
            self.title,
            self.owner_role or None,
            self.start,
            self.due if day >= self.due_moved_on else self.first_due,
            self.completed if is_complete else None,
            "Complete" if is_complete else "Ongoing",
            "Y" if is_at_risk else "N",
            self.risk.reason if is_at_risk else None,
            self.risk.mitigation if is_at_risk else None,
        ]


def chance(title: str, purpose: str, limit: int) -> int:
    """Return a whole number from 0 to `limit` - 1, the same on every machine."""
    digest = hashlib.sha256(f"{purpose}:{title}".encode()).digest()
    return int.from_bytes(digest[:6]) % limit


def plan() -> list[Action]:
    """Return all 325 actions, numbered in the order of their start dates."""
    actions = [action for strand in _read("action_strands") for action in _of(strand)]
    actions.sort(key=lambda action: (action.start, action.title))
    return [
        replace(action, action_id=f"CPS-{number:03}")
        for number, action in enumerate(actions, start=1)
    ]


@cache
def _read(name: str) -> list[dict[str, str]]:
    with (TABLES / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _of(strand: dict[str, str]) -> Iterator[Action]:
    code = strand["strand_code"]
    told = [row for row in _read("action_titles") if row["strand_code"] == code]
    titles = [(row["title"], row["kind"]) for row in told]
    titles += [(title, "composed") for title in _composed(code)]
    to_complete = int(strand["complete_count"])
    for title, kind in titles[: int(strand["total_count"])]:
        is_complete = kind == "achieved" or (kind == "composed" and to_complete > 0)
        # The report's own actions come first in the file, so they are counted first.
        to_complete -= is_complete
        yield _action(strand, title, kind, is_complete, to_complete)


def _composed(strand_code: str) -> list[str]:
    """Compose titles from the strand's patterns, which take turns."""
    series = [
        [row["pattern"].format(item) for item in row["objects"].split("|")]
        for row in _read("action_patterns")
        if row["strand_code"] == strand_code
    ]
    return [title for turn in zip_longest(*series) for title in turn if title]


def _action(
    strand: dict[str, str], title: str, kind: str, is_complete: bool, left: int
) -> Action:
    completed = _completed(title, kind, left) if is_complete else None
    due = _due(title, kind, completed)
    start = _start(title, kind, completed, due)
    first_due, due_moved_on = due, STRATEGY_START
    if chance(title, "moved", 100) < 25 and (due - start).days > 200:
        first_due = due - timedelta(60 + chance(title, "by", 90))
        due_moved_on = first_due - timedelta(chance(title, "before", 12))
    roles = strand["owner_roles"].split("|")
    has_owner = is_complete or chance(title, "owner", 100) >= 4
    return Action(
        title=title,
        strand=strand,
        owner_role=roles[chance(title, "role", len(roles))] if has_owner else "",
        start=start,
        first_due=first_due,
        due=due,
        due_moved_on=due_moved_on,
        completed=completed,
        risk=_risk(title, kind, start, completed),
    )


def _between(title: str, purpose: str, first: date, last: date) -> date:
    return first + timedelta(chance(title, purpose, (last - first).days + 1))


def _completed(title: str, kind: str, left: int) -> date:
    """Choose a completion date.

    The report's own achieved actions, and up to two more per strand, are completed in
    the report's quarter.
    """
    if kind == "achieved" or left in (1, 2):
        return _between(title, "completed", QUARTER_START, QUARTER_END)
    if left == 0:
        return _between(title, "completed", NEXT_QUARTER_START, date(2021, 11, 12))
    return _between(title, "completed", date(2018, 7, 1), date(2021, 6, 30))


def _due(title: str, kind: str, completed: date | None) -> date:
    if completed:
        return completed + timedelta(chance(title, "due", 60) - 25)
    if kind == "scheduled":
        return _between(title, "due", date(2021, 11, 5), NEXT_QUARTER_END)
    if chance(title, "overdue", 100) < 7:
        return _between(title, "due", QUARTER_START, QUARTER_END)
    return _between(title, "due", date(2021, 11, 20), date(2022, 9, 30))


def _start(title: str, kind: str, completed: date | None, due: date) -> date:
    """Choose a start date.

    Nearly half of the composed actions start with the strategy. Every action starts at
    least 75 days before it is due or completed.
    """
    latest = min(completed or due, due, date(2021, 11, 1)) - timedelta(75)
    if kind == "composed" and chance(title, "old", 100) < 46:
        return _between(title, "start", STRATEGY_START, date(2018, 4, 16))
    earliest = max(STRATEGY_START, latest - timedelta(540))
    return _between(title, "start", min(earliest, latest), latest)


def _risk(title: str, kind: str, start: date, completed: date | None) -> Risk | None:
    if kind == "at_risk":
        return Risk(date(2021, 6, 1), FOREVER, *PUBLISHED_RISK)
    last = min(completed or LAST_RISK_DAY, LAST_RISK_DAY)
    if chance(title, "risk", 100) >= 9 or (last - start).days < 150:
        return None
    begin = _between(title, "at risk", start, last - timedelta(120))
    end = begin + timedelta(50 + chance(title, "until", 70))
    risks = _read("action_risks")
    chosen = risks[chance(title, "reason", len(risks))]
    return Risk(begin, end, chosen["reason"], chosen["mitigation"])
