"""A claim of one month, 'went up in July', against the month before and a year before.

The words of the figures are of 12 months and of quarters. What is said of one month is
compared with the sign of its differences, and one of the two is enough to bear it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

from reports import style
from reports.board.checks.claims import HIGHER, MONTHS, Claim
from reports.board.periods import month_text
from reports.board.records import Number

# Not 'in July and August', and not 'in the year to July'.
ONE_MONTH = (
    rf"(?:[Ii]n|[Dd]uring) (?P<month>{MONTHS})(?: (?P<year>20\d\d))?\b"
    rf"(?!(?:,| and| to|-|\u2013) ?(?:{MONTHS})\b)"
)
AFTER = re.compile(rf"[^,;:]*? {ONE_MONTH}")
BEFORE = re.compile(rf"\b{ONE_MONTH},? (?!and |but )[^,;:]*$")
# 'Month on month' and 'from 63 in July' are of neither the 12 months nor the quarter.
OF_MONTHS = re.compile(
    r"month (?:on|by|after) month|monthly|month on record|months of the quarter"
    rf"|from [\d,]+ in (?:{MONTHS}) to|from [\d,]+ to [\d,]+ in (?:{MONTHS})"
    r"|previous quarter|quarter before|last quarter",
    re.IGNORECASE,
)
# 'Between July and August', but not 'between July and September'.
TWO_MONTHS = re.compile(
    rf"(?:between|from) (?P<first>{MONTHS})(?: 20\d\d)?,? (?:and|to) "
    rf"(?P<last>{MONTHS})"
)
QUARTER = 3
RECORD = re.compile(r"highest|lowest|\b(?:record|high|low)\b", re.IGNORECASE)


def is_of_other_months(part: str) -> bool:
    """Whether a claim is of months or quarters that the figures' words are not of."""
    if between := TWO_MONTHS.search(part):
        first, last = (style.MONTHS.index(between[name]) for name in ("first", "last"))
        return (last - first) % 12 + 1 != QUARTER
    return OF_MONTHS.search(part) is not None


def month_of(sentence: str, claim: Claim, months: Mapping[date, Number]) -> date | None:
    """Return the one counted month that a claim is of, None if it is of none.

    A month without a year is the last one of its name. A record, such as 'its highest
    in July', is of a longer time.
    """
    if RECORD.search(claim.said):
        return None
    said = AFTER.match(sentence, claim.end) or BEFORE.search(sentence, 0, claim.start)
    if not said:
        return None
    number = style.MONTHS.index(said["month"]) + 1
    counted = [m for m in months if m.month == number]
    if said["year"]:
        counted = [m for m in counted if m.year == int(said["year"])]
    return max(counted, default=None)


def differing_counts(
    month: date, direction: str, months: Mapping[date, Number]
) -> dict[str, Number]:
    """Return a month's count and the earlier ones if none of them bears a direction."""
    last = date(month.year - (month.month == 1), (month.month - 2) % 12 + 1, 1)
    earlier = [m for m in (last, month.replace(year=month.year - 1)) if m in months]
    sign = 1 if direction == HIGHER else -1
    if not earlier or any((months[month] - months[m]) * sign > 0 for m in earlier):
        return {}
    return {month_text(m): months[m] for m in (month, *earlier)}
