"""Whether a delivery has a plausible size and time, judged by the deliveries before it.

A full extract is judged by its number of lines. A delta is judged by its lines per day
since the delivery before it (taken or on hold), because the supplier sends what is new
since then. The thresholds are in seeds/force/volume_checks.csv and
seeds/force/stamp_checks.csv.
"""

import statistics
from bisect import bisect_left, insort
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import duckdb

from dagster_project import configuration
from dagster_project.intake.contracts import Contract
from dagster_project.intake.load_log import Delivery

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
class Rules:
    """How the deliveries of an extract are judged.

    Args:
        volume: the rule for their number of lines.
        farthest: the longest plausible time between two of them.
    """

    volume: VolumeCheck
    farthest: timedelta


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


def rules(contract: Contract) -> Rules:
    """Return the rules of an extract. Read them once for many files: it takes long."""
    return Rules(volume_check(contract.extract, contract.delivery), farthest(contract))


@dataclass
class Past:
    """The deliveries of an extract that were taken or held, in order of extraction.

    The register is read once for many files, which are added as they are judged.
    """

    _moments: list[datetime] = field(default_factory=list)
    _files: dict[datetime, list[tuple[str, str, int, str]]] = field(
        default_factory=dict
    )
    _names: dict[str, list[tuple[datetime, str]]] = field(default_factory=dict)

    def add(self, delivery: Delivery, lines: int, status: str) -> None:
        """Add a file, with its lines: `loaded` or `held`."""
        self._add(
            delivery.extracted_at, delivery.sha256, delivery.file_name, lines, status
        )

    def _add(
        self, moment: datetime, sha256: str, file_name: str, lines: int, status: str
    ) -> None:
        if moment not in self._files:
            insort(self._moments, moment)
        file = (sha256, file_name, lines, status)
        self._files.setdefault(moment, []).append(file)
        if status == "loaded":
            self._names.setdefault(sha256, []).append((moment, file_name))

    def taken_before(
        self, moment: datetime, acceptances: Acceptances, most: int
    ) -> list[Taken]:
        """Return the deliveries that were taken before `moment`, newest first."""
        taken: list[Taken] = []
        for place in range(bisect_left(self._moments, moment) - 1, -1, -1):
            at = self._moments[place]
            files = self._files[at]
            if all(status != "loaded" for *_, status in files):
                continue
            if len(taken) > max(most, 2):
                break
            since = self._moments[place - 1] if place else None
            taken.append(
                Taken(
                    at,
                    sum(lines for _, _, lines, _ in files),
                    (at - since) / A_DAY if since else None,
                    any((sha256, at) in acceptances for sha256, *_ in files),
                )
            )
        else:
            # Days are counted from the first delivery that was taken.
            taken[-1:] = [replace(each, days=None) for each in taken[-1:]]
        return taken

    def days_since_the_last(self, moment: datetime) -> float | None:
        """Return the days since the previous delivery; None if there is none."""
        place = bisect_left(self._moments, moment)
        return (moment - self._moments[place - 1]) / A_DAY if place else None

    def name_of(self, hashes: Collection[str], moment: datetime) -> str | None:
        """Return the first file with these bytes taken before `moment`; else None."""
        found = [each for sha256 in hashes for each in self._names.get(sha256, ())]
        earlier = [each for each in found if each[0] < moment]
        return min(earlier)[1] if earlier else None


def past(connection: duckdb.DuckDBPyConnection, extract: str) -> Past:
    """Return the deliveries of an extract, from the load log."""
    found = Past()
    rows = connection.execute(
        "select extracted_at, sha256, file_name, lines_delivered, status"
        " from raw.loads where extract = ? and status in ('loaded', 'held')"
        " order by extracted_at, load_id",
        [extract],
    ).fetchall()
    for row in rows:
        found._add(*row)
    return found


def too_small(
    contract: Contract,
    check: VolumeCheck,
    lines: int,
    days: float | None,
    before: Sequence[Taken],
) -> str | None:
    """Return why a delivery of this size is implausible; None if it is plausible.

    Args:
        lines: lines of all its parts.
        days: days since the delivery before it; None if it is the first.
        before: deliveries that were taken before it, newest first.
    """
    if not lines and contract.delivery == "full":
        return "an empty full extract would mean that every record was deleted"
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
