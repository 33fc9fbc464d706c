"""Names of quarters of the police year (1 April to 31 March), such as `2021-22-q2`.

Only their names: `dim_dates` defines a quarter's periods. This module also reads the
moments that a user types.
"""

from datetime import date, datetime, time

# The first complete police year on data.police.uk.
FIRST_YEAR = 2011


def quarter_of(day: date) -> str:
    """Return the quarter that contains `day`."""
    year = day.year if day.month >= 4 else day.year - 1
    return f"{year}-{(year + 1) % 100:02d}-q{(day.month - 4) % 12 // 3 + 1}"


def quarter_before(quarter: str) -> str:
    """Return the quarter before `quarter`."""
    year, number = int(quarter[:4]), int(quarter[-1])
    if number > 1:
        return f"{quarter[:-1]}{number - 1}"
    return f"{year - 1}-{year % 100:02d}-q4"


def closed_quarters(today: date) -> list[str]:
    """Return every quarter since April 2011 that has ended before `today`."""
    quarters, last = [], quarter_before(quarter_of(today))
    while last >= f"{FIRST_YEAR}-{(FIRST_YEAR + 1) % 100:02d}-q1":
        quarters.append(last)
        last = quarter_before(last)
    return quarters[::-1]


def end_of(moment: str) -> datetime:
    """Return the last microsecond of a day (`2021-11-17`), or a time as it is written.

    Raises:
        ValueError: `moment` is neither a day nor a time such as `2021-11-17T06:00:00`.
    """
    if len(moment) == len("2021-11-17"):
        return datetime.combine(datetime.strptime(moment, "%Y-%m-%d"), time.max)
    return datetime.strptime(moment, "%Y-%m-%dT%H:%M:%S")
