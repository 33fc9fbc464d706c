"""Quarters of the police year (1 April to 31 March), as names: `2021-22-q2`.

Names only: what a quarter's periods are is said once, in `dim_dates`. And moments, as
they are written.
"""

from datetime import date, datetime, time

# The first whole police year on data.police.uk.
FIRST_YEAR = 2011


def quarter_of(day: date) -> str:
    """The quarter that holds `day`."""
    year = day.year if day.month >= 4 else day.year - 1
    return f"{year}-{(year + 1) % 100:02d}-q{(day.month - 4) % 12 // 3 + 1}"


def quarter_before(quarter: str) -> str:
    """The quarter before `quarter`."""
    year, number = int(quarter[:4]), int(quarter[-1])
    if number > 1:
        return f"{quarter[:-1]}{number - 1}"
    return f"{year - 1}-{year % 100:02d}-q4"


def closed_quarters(today: date) -> list[str]:
    """Every quarter from the first year on that has ended before `today`."""
    quarters, last = [], quarter_before(quarter_of(today))
    while last >= f"{FIRST_YEAR}-{(FIRST_YEAR + 1) % 100:02d}-q1":
        quarters.append(last)
        last = quarter_before(last)
    return quarters[::-1]


def end_of(moment: str) -> datetime:
    """`2021-11-17` to its last microsecond, or `2021-11-17T06:00:00` as it is.

    Raises:
        ValueError: neither a day nor a second.
    """
    if len(moment) == len("2021-11-17"):
        return datetime.combine(datetime.strptime(moment, "%Y-%m-%d"), time.max)
    return datetime.strptime(moment, "%Y-%m-%dT%H:%M:%S")
