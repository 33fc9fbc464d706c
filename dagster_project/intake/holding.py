"""Puts doubtful deliveries on hold: they are registered, but not applied.

These deliveries wait until a person runs `make accept`:

- a full extract that is empty or has far fewer lines than usual, because every record
  that it does not contain would be treated as deleted;
- a delta with far fewer lines than usual, because lost lines would look like a quiet
  period;
- a delta with the bytes of an earlier delivery and a later time, because it would undo
  all changes in between;
- a file whose time is far from the other deliveries' times, because the time is
  probably mistyped;
- a delivery with fewer parts than seeds/force/extracts.csv declares.

The decision is stored beside the files (`accepted.csv`), so that a rebuild from the
landing folder gives the same result.
"""

import csv
import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import duckdb

from dagster_project import audit, stores
from dagster_project.errors import DeliveryError
from dagster_project.intake import plausibility
from dagster_project.intake.contracts import Contract
from dagster_project.intake.load_log import Delivery
from dagster_project.intake.plausibility import Acceptances, Past, Rules

ACCEPTED = "accepted.csv"
# Name used by older versions of this program. It is read but never written.
ACCEPTED_BEFORE = "released.csv"
FIELDS = (
    "extract",
    "file_name",
    "sha256",
    "extracted_at",
    "accepted_at",
    "accepted_by",
)
FIELDS_BEFORE = (*FIELDS[:4], "released_at", "released_by")
FILES = {ACCEPTED: FIELDS, ACCEPTED_BEFORE: FIELDS_BEFORE}


def accepted(landing: Path, until: datetime | None = None) -> Acceptances:
    """Return (sha256, extraction time) of each file that a person has accepted.

    Args:
        until: leave out acceptances that were given after this time; None means no
            limit.

    Raises:
        DeliveryError: the file of acceptances, or a line of it, has the wrong form.
    """
    found = set()
    for name in FILES:
        for _, _, sha256, *moments, _ in _read(landing / name):
            extracted_at, accepted_at = (datetime.fromisoformat(m) for m in moments)
            if until is None or accepted_at <= until:
                found.add((sha256, extracted_at))
    return found


def _read(path: Path) -> list[tuple[str, ...]]:
    """Return every acceptance in the file, in the order of `FIELDS`.

    Raises:
        DeliveryError: the file, or a line of it, has the wrong form.
    """
    if not path.exists():
        return []
    rows = []
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file, strict=True)
            if tuple(reader.fieldnames or ()) != FILES[path.name]:
                raise DeliveryError(
                    f"{path}, line 1: this is not the header of the file of accepted"
                    " deliveries. Write it above them:"
                    f" {','.join(FILES[path.name])}"
                )
            for row in reader:
                _check(path, reader.line_num, row)
                rows.append(tuple(row.values()))
    except (UnicodeDecodeError, csv.Error) as error:
        raise DeliveryError(
            f"{path}: this file of accepted deliveries cannot be read ({error})."
            " Save it as CSV in UTF-8, or put it back from a backup."
        ) from error
    return rows


def _check(path: Path, number: int, row: dict) -> None:
    try:
        if None in row or None in row.values():
            raise ValueError(f"it does not have {len(FIELDS)} values")
        for moment in list(row.values())[3:5]:
            datetime.fromisoformat(moment)
    except ValueError as error:
        raise DeliveryError(
            f"{path}, line {number}: this is not an accepted delivery ({error})."
            " Correct or remove this line, and accept the delivery again."
        ) from error


def accept(
    connection: duckdb.DuckDBPyConnection,
    landing: Path,
    load_id: int,
    person: str,
    now: datetime,
) -> str:
    """Record that a person accepts a held file and the other parts of its delivery.

    The next run takes them. A part that was accepted before is not written again.

    Args:
        load_id: of the held file, as the warning shows it.
        person: who accepts it.
        now: the present time.

    Returns:
        A sentence: the files, who accepted them, and whether that is new.

    Raises:
        DeliveryError: no file with this load id is on hold, or the file is no longer
            there; or the file of acceptances has the wrong form.
    """
    held = connection.execute(
        "select load_id, extract, file_name, sha256, extracted_at from raw.loads"
        " where status = 'held' order by load_id"
    ).fetchall()
    found = {row[0]: row[1:] for row in held}
    if load_id not in found:
        there = "; ".join(f"{row[0]} ({row[2]})" for row in held) or "none"
        raise DeliveryError(f"LOAD={load_id} is not on hold. These loads are: {there}.")
    extract, file_name, _, moment = found[load_id]
    if not (landing / extract / file_name).exists():
        raise DeliveryError(
            f"LOAD={load_id}: {landing / extract / file_name} is no longer there. Put"
            " it back, then accept it."
        )
    parts = [row for row in found.values() if (row[0], row[3]) == (extract, moment)]
    names = ", ".join(part[1] for part in parts)
    known = _read(landing / ACCEPTED)
    earlier = _read(landing / ACCEPTED_BEFORE)
    before = {
        (row[2], datetime.fromisoformat(row[3])): row[4:] for row in [*earlier, *known]
    }
    new = [part for part in parts if part[2:4] not in before]
    if not new:
        accepted_at, accepted_by = before[found[load_id][2:4]]
        return (
            f"{names} is accepted already, by {accepted_by} on"
            f" {datetime.fromisoformat(accepted_at):%-d %B %Y at %H:%M}: the next run"
            " takes it."
        )
    note(landing, new, person, now)
    audit.write(
        landing.parent,
        "accept",
        accepted_by=person,
        files=[f"{part[0]}/{part[1]}" for part in new],
        sha256=[part[2] for part in new],
    )
    return f"{names} is accepted by {person}: the next run takes it."


def note(landing: Path, parts: Sequence[tuple], person: str, now: datetime) -> None:
    """Write down that files are accepted: extract, name, sha256, extraction time."""
    path = landing / ACCEPTED
    known = _read(path)
    with (
        stores.replacing(path) as partial,
        partial.open("w", encoding="utf-8", newline="") as file,
    ):
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(FIELDS)
        writer.writerows(known)
        for *part, moment in parts:
            writer.writerow([*part, moment.isoformat(), now.isoformat(), person])


@dataclass(frozen=True)
class Waiting:
    """A delivery that is on hold, and why."""

    load_id: int
    extract: str
    file_name: str
    reason: str

    def sentence(self, data: str | None = None) -> str:
        """Return what is on hold, and the command that accepts it.

        Args:
            data: the home to name in the command; None for the demonstration's.
        """
        home = f" DATA={shlex.quote(data)}" if data else ""
        return (
            f"{self.file_name} is on hold: {self.reason}. If it is right:"
            f" make accept LOAD={self.load_id}{home}"
        )


def waiting(
    connection: duckdb.DuckDBPyConnection, landing: Path, extract: str | None = None
) -> list[Waiting]:
    """Return every delivery that waits for a person's decision.

    A delivery that was accepted waits only for the next run, and is not among them.

    Args:
        extract: only deliveries of this extract; None means all.
    """
    rows = connection.execute(
        "select load_id, extract, file_name, message, sha256, extracted_at"
        " from raw.loads where status = 'held' and extract = coalesce(?, extract)"
        " order by extract, extracted_at, load_id",
        [extract],
    ).fetchall()
    acceptances = accepted(landing)
    return [
        Waiting(*row[:4])
        for row in rows
        if tuple(row[4:]) not in acceptances and (landing / row[1] / row[2]).exists()
    ]


@dataclass(frozen=True)
class Neighbours:
    """The other deliveries in the folder, with which the time of one is compared.

    Args:
        later: later extraction times of deliveries that are not on hold.
        comes_late: whether one of these later deliveries had already been taken.
    """

    later: tuple[datetime, ...] = ()
    comes_late: bool = False


def reason(
    rules: Rules,
    past: Past,
    contract: Contract,
    parts: Sequence[Delivery],
    line_count: int,
    acceptances: Acceptances,
    neighbours: Neighbours = Neighbours(),
) -> str | None:
    """Return why a delivery must be put on hold, as a clause; None if it must not.

    Args:
        rules: of the extract.
        past: the deliveries before this one.
        parts: the files of the delivery; usually one.
        line_count: lines of all parts together.
        acceptances: (sha256, extraction time) of each file that a person has accepted.
    """
    if all(part.identity in acceptances for part in parts):
        return None
    moment = parts[0].extracted_at
    before = past.taken_before(moment, acceptances, rules.volume.trailing_files)
    days = past.days_since_the_last(moment)
    return (
        _incomplete(contract, parts)
        or plausibility.stands_apart(
            moment, rules.farthest, before, neighbours.later, neighbours.comes_late
        )
        or _known_bytes(past, contract, parts, line_count)
        or plausibility.too_small(contract, rules.volume, line_count, days, before)
    )


def _incomplete(contract: Contract, parts: Sequence[Delivery]) -> str | None:
    if len(parts) >= contract.part_count:
        return None
    there = ", ".join(part.file_name for part in parts)
    return (
        f"only {len(parts)} of the {contract.part_count} parts of"
        f" {parts[0].extracted_at} arrived ({there})"
    )


def _known_bytes(
    past: Past, contract: Contract, parts: Sequence[Delivery], line_count: int
) -> str | None:
    """Return why a delta is doubtful that repeats an earlier one's bytes; else None."""
    if not line_count or contract.delivery == "full":
        return None
    hashes = {part.sha256 for part in parts}
    name = past.name_of(hashes, parts[0].extracted_at)
    return f"the same content as {name}, with a later time" if name else None
