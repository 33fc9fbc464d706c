"""Writes periods and dates in English, from the days in the tables."""

from __future__ import annotations

import datetime as dt
import re
from calendar import monthrange

from reports.style import MONTHS

SHORT_SPAN = re.compile(r"([A-Z][a-z]{2} \d{4}) to ([A-Z][a-z]{2} \d{4})")


def month_text(day: dt.date) -> str:
    """Write a month: 'September 2021'."""
    return f"{MONTHS[day.month - 1]} {day.year}"


def short_month(day: dt.date) -> str:
    """Write a month's short name: 'Sep'."""
    return MONTHS[day.month - 1][:3]


def long_month(label: str) -> str:
    """Write a short month in full: 'Sep 2021' becomes 'September 2021'."""
    short, year = label.split(" ")
    return f"{next(m for m in MONTHS if m[:3] == short)} {year}"


def long_span(label: str) -> str:
    """Write a period of short months in full: 'Jul 2021 to Sep 2021' becomes
    'July to September 2021'.
    """
    found = SHORT_SPAN.fullmatch(label)
    if not found:
        return label
    first, last = map(long_month, found.groups())
    same_year = first.split(" ")[1] == last.split(" ")[1]
    return f"{first.split(' ')[0] if same_year else first} to {last}"


def day_text(day: dt.date) -> str:
    """Write a date: '17 November 2021'."""
    return f"{day.day} {month_text(day)}"


def short_day(day: dt.date) -> str:
    """Write a date without a year: '20 Sep'."""
    return f"{day.day} {short_month(day)}"


def months_between(start: dt.date, end: dt.date) -> int:
    """Return the number of calendar months of a period, both ends included."""
    return 12 * (end.year - start.year) + end.month - start.month + 1


def span(start: dt.date, end: dt.date, with_year: bool = True) -> str:
    """Write a period: 'July to September 2020', 'October 2018 to September 2021'."""
    last = month_text(end) if with_year else MONTHS[end.month - 1]
    if months_between(start, end) == 1:
        return last
    same_year = start.year == end.year or not with_year
    return f"{MONTHS[start.month - 1] if same_year else month_text(start)} to {last}"


def period(start: dt.date, end: dt.date) -> str:
    """Write a period: 'the 12 months to September 2021', 'July to September 2020'."""
    if months_between(start, end) == 12:
        return f"the 12 months to {month_text(end)}"
    return span(start, end)


def base_period(base_end: dt.date, base_start: dt.date, start: dt.date) -> str:
    """Write a base period after its period.

    It is 'the 12 months before' if the base ends on the day before `start`.
    """
    is_next = base_end + dt.timedelta(days=1) == start
    if is_next and months_between(base_start, base_end) == 12:
        return "the 12 months before"
    return period(base_start, base_end)


def quarter_days(quarter: str) -> tuple[dt.date, dt.date]:
    """Return the first and last day of a police year's quarter ('2021-22-q2')."""
    month = 3 * int(quarter[-1]) + 1  # q1 to q4: 4, 7, 10, 13
    year = int(quarter[:4]) + (month > 12)
    month -= 12 * (month > 12)
    last = month + 2
    return dt.date(year, month, 1), dt.date(year, last, monthrange(year, last)[1])


def quarter_text(quarter: str) -> str:
    """Write a quarter: '2021-22-q2' becomes 'Q2 2021/22'."""
    return f"Q{quarter[-1]} {quarter[:4]}/{quarter[5:7]}"


def quarter_before(quarter: str) -> str:
    """Return the quarter before: '2020-21-q4' for '2021-22-q1'."""
    year, number = int(quarter[:4]), int(quarter[-1])
    year, number = (year, number - 1) if number > 1 else (year - 1, 4)
    return f"{year}-{(year + 1) % 100:02}-q{number}"


def next_quarter_days(quarter: str) -> tuple[dt.date, dt.date]:
    """Return the first and last day of the next quarter."""
    start = quarter_days(quarter)[1] + dt.timedelta(days=1)
    last = start.month + 2
    return start, dt.date(start.year, last, monthrange(start.year, last)[1])
