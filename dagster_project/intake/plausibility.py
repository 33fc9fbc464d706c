"""Whether a delivery has a plausible size and time, judged by the deliveries before it.

A full extract is judged by its number of lines. A delta is judged by its lines per day
since the delivery before it (taken or on hold), because the supplier sends what is new
since then. The thresholds are in seeds/force/volume_checks.csv and
seeds/force/stamp_checks.csv.
"""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import duckdb

from dagster_project import configuration
from dagster_project.intake.contracts import Contract

ALL = "all"
A_DAY = timedelta(days=1)
Acceptances = set[tuple[str, datetime]]


@dataclass(frozen=True)
class VolumeCheck:
    """How the size of an extract is judged: a row of seeds/force/volume_checks.csv."""

    trailing_files: int
    fewest_files: int
    fewest_lines: float
    least_share: float


@dataclass(frozen=True)
class Taken:
    """A delivery that was taken before the one that is judged.

    Args:
        lines: lines of all its parts.
        days: days since the delivery before it; None for the first.
    """

    extracted_at: datetime
    lines: int
    days: float | None
    is_accepted: bool

    @property
    def lines_a_day(self) -> float:
        return self.lines / self.days if self.days else 0.0


def volume_check(extract: str, delivery: str) -> VolumeCheck:
    """Return the rule for this extract and kind of delivery, or the general rule."""
    found = configuration.rows("volume_checks")
    rows = {(row["extract"], row["delivery"]): row for row in found}
    row = rows.get((extract, delivery), rows[ALL, delivery])
    return VolumeCheck(
        int(row["trailing_files"]),
        int(row["fewest_files"]),
        float(row["fewest_lines"]),
        float(row["least_share"]),
    )


def farthest(contract: Contract) -> timedelta:
    """Return the longest plausible time between two deliveries of an extract."""
    rows = {row["extract"]: row for row in configuration.rows("stamp_checks")}
    row = rows.get(contract.extract, rows[ALL])
    cadences = float(row["cadences_apart"]) * contract.cadence_days
    return timedelta(days=max(float(row["days_apart"]), cadences))


def taken_before(
    connection: duckdb.DuckDBPyConnection,
    extract: str,
    moment: datetime,
    acceptances: Acceptances,
) -> list[Taken]:
    """Return the deliveries of an extract taken before `moment`, newest first."""
    rows = connection.execute(
        """
        with deliveries as (
            select
                extracted_at,
                cast(sum(lines_delivered) as bigint) as line_count,
                list(sha256) as hashes,
                bool_or(status = 'loaded') as is_loaded
            from raw.loads
            where extract = ? and extracted_at < ? and status in ('loaded', 'held')
            group by extracted_at
        )

        select
            extracted_at,
            line_count,
            hashes,
            is_loaded,
            epoch(extracted_at - lag(extracted_at) over (order by extracted_at)) / 86400
        from deliveries
        order by extracted_at
        """,
        [extract, moment],
    ).fetchall()
    taken = []
    for extracted_at, lines, hashes, is_loaded, days in rows:
        if is_loaded:
            is_accepted = any((each, extracted_at) in acceptances for each in hashes)
            since = days if taken else None
            taken.append(Taken(extracted_at, lines, since, is_accepted))
    return taken[::-1]


def days_since_the_last(
    connection: duckdb.DuckDBPyConnection, extract: str, moment: datetime
) -> float | None:
    """Return the days since the delivery before `moment`; None if there is none.

    The delivery before it may be taken or on hold.
    """
    last = connection.execute(
        "select max(extracted_at) from raw.loads where extract = ?"
        " and extracted_at < ? and status in ('loaded', 'held')",
        [extract, moment],
    ).fetchall()[0][0]
    return (moment - last) / A_DAY if last else None


def too_small(
    contract: Contract, lines: int, days: float | None, before: Sequence[Taken]
) -> str | None:
    """Return why a delivery of this size is implausible; None if it is plausible.

    Args:
        lines: lines of all its parts.
        days: days since the delivery before it; None if it is the first.
        before: deliveries that were taken before it, newest first.
    """
    if not lines and contract.delivery == "full":
        return "an empty full extract would mean that every record was deleted"
    check = volume_check(contract.extract, contract.delivery)
    known = _judges(before, contract, check)
    if contract.delivery == "full":
        return _too_few(lines, [each.lines for each in known], check)
    return _too_few_a_day(lines, days, [each.lines_a_day for each in known], check)


def _judges(
    before: Sequence[Taken], contract: Contract, check: VolumeCheck
) -> list[Taken]:
    """Return the deliveries that define the usual size; [] if there are too few.

    A delivery that a person accepted starts a new usual size, so those before it are
    left out. So is the first delta, which contains the complete history.
    """
    judges = []
    for each in before[: check.trailing_files]:
        if each.days is not None or contract.delivery == "full":
            judges.append(each)
        if each.is_accepted:
            return judges
    return judges if len(judges) >= check.fewest_files else []


def _too_few(lines: int, known: list[int], check: VolumeCheck) -> str | None:
    usual = statistics.median(known or [0])
    if usual < check.fewest_lines or lines >= check.least_share * usual:
        return None
    return (
        f"{_lines(lines)}, where the median of the last {len(known)} files is"
        f" {int(usual):,}: the missing records would be treated as deleted"
    )


def _too_few_a_day(
    lines: int, days: float | None, known: list[float], check: VolumeCheck
) -> str | None:
    usual = statistics.median(known or [0])
    least = check.least_share * usual * (days or 0)
    is_small = usual * (days or 0) >= check.fewest_lines and lines < least
    if lines and not is_small:
        return None
    reason = _lines(lines)
    if days:
        reason += " in less than a day" if days < 1 else f" in {_short(days)} days"
    if usual:
        reason += (
            f", where the last {len(known)} deltas had a median of {_short(usual)} a"
            " day"
        )
    if not lines:
        return f"{reason}: an empty file does not prove that there was nothing new"
    return f"{reason}: fewer than {check.least_share:.0%} of the usual number"


def _short(number: float) -> str:
    """Return a number with three digits or as a whole number: 0.25, 12.3, 173,000."""
    return f"{number:.3g}" if number < 100 else f"{number:,.0f}"


def stands_apart(
    moment: datetime,
    limit: timedelta,
    before: Sequence[Taken],
    later: Sequence[datetime],
    comes_late: bool,
) -> str | None:
    """Return why the time in a file's name is doubtful; None if it is not.

    The first delivery is doubted only if other deliveries show that its time is wrong:
    two later deliveries, or one that had been taken when this one arrived.

    Args:
        moment: the time in the file's name.
        limit: the longest plausible time to the delivery before it. For the first
            delivery, the longest time to the next one.
        before: deliveries that were taken before it, newest first.
        later: later extraction times of deliveries that are not on hold, in order.
        comes_late: whether one of these later deliveries had already been taken.
    """
    if before:
        # A person who accepted the first delivery also confirmed the gap after it.
        is_vouched = len(before) == 1 and before[0].is_accepted
        if moment - before[0].extracted_at <= limit or is_vouched:
            return None
        return (
            f"the time in its name is {moment:%Y-%m-%d %H:%M:%S},"
            f" {(moment - before[0].extracted_at).days:,} days after the previous"
            f" delivery ({before[0].extracted_at:%Y-%m-%d}). Gaps of more than"
            f" {limit.days:,} days must be confirmed"
        )
    if not later or later[0] - moment <= limit or not (comes_late or len(later) > 1):
        return None
    return (
        f"the time in its name is {moment:%Y-%m-%d %H:%M:%S},"
        f" {(later[0] - moment).days:,} days before the next delivery"
        f" ({later[0]:%Y-%m-%d}). Gaps of more than {limit.days:,} days must be"
        " confirmed"
    )


def _lines(count: int) -> str:
    return f"{count:,} line" if count == 1 else f"{count:,} lines"
