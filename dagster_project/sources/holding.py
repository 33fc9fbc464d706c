"""Deliveries that are held: taken note of, but not applied until a person says so.

A full extract replaces what it does not hold, so one that lost its lines would close
everything. A delta of bytes that came before, under a later time, would undo what has
changed since. Both wait for `make release`; the decision is kept beside the files, so
that a rebuild from the landing folder comes to the same.
"""

import csv
import statistics
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import duckdb

from dagster_project import paths
from dagster_project.sources.contracts import Contract
from dagster_project.sources.register import Delivery, DeliveryError

RELEASED = "released.csv"
FIELDS = (
    "extract",
    "file_name",
    "sha256",
    "extracted_at",
    "released_at",
    "released_by",
)
ALL = "all"


@dataclass(frozen=True)
class VolumeCheck:
    """How a full extract's size is judged: against the median of the files before."""

    trailing_files: int
    least_share: float


def volume_check(extract: str) -> VolumeCheck:
    """The rule of seeds/volume_checks.csv for this extract, or the one for all."""
    with (paths.SEEDS / "volume_checks.csv").open(encoding="utf-8", newline="") as file:
        rows = {row["extract"]: row for row in csv.DictReader(file)}
    row = rows.get(extract, rows[ALL])
    return VolumeCheck(int(row["trailing_files"]), float(row["least_share"]))


def released(landing: Path, until: datetime | None = None) -> set[tuple[str, datetime]]:
    """Identities (sha256, extraction time) of the files that a person has released.

    Those of a past moment, if there is one, are those released by then.
    """
    return {
        (row["sha256"], datetime.fromisoformat(row["extracted_at"]))
        for row in _released_rows(landing)
        if until is None or datetime.fromisoformat(row["released_at"]) <= until
    }


def _released_rows(landing: Path) -> list[dict[str, str]]:
    file_path = landing / RELEASED
    if not file_path.exists():
        return []
    with file_path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def release(
    connection: duckdb.DuckDBPyConnection,
    landing: Path,
    load_id: int,
    person: str,
    now: datetime,
) -> str:
    """Let a held file through at the next run; the file's name.

    Raises:
        DeliveryError: no file with this load id is held.
    """
    held = connection.execute(
        "select load_id, extract, file_name, sha256, extracted_at from raw.loads"
        " where status = 'held' order by load_id"
    ).fetchall()
    found = {row[0]: row[1:] for row in held}
    if load_id not in found:
        there = "; ".join(f"{row[0]} ({row[2]})" for row in held) or "none"
        raise DeliveryError(f"LOAD={load_id}: not a held load. Held are: {there}.")
    extract, file_name, sha256, extracted_at = found[load_id]
    target = landing / RELEASED
    is_new = not target.exists()
    with target.open("a", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        if is_new:
            writer.writerow(FIELDS)
        stamps = [moment.isoformat() for moment in (extracted_at, now)]
        writer.writerow([extract, file_name, sha256, *stamps, person])
    return file_name


def reason(
    connection: duckdb.DuckDBPyConnection,
    contract: Contract,
    delivery: Delivery,
    line_count: int,
    releases: set[tuple[str, datetime]],
) -> str | None:
    """Why this delivery is to be held, as a sentence; None where it is not."""
    if delivery.identity in releases:
        return None
    if contract.delivery == "full":
        return _too_small(connection, contract, delivery, line_count, releases)
    return _known_bytes(connection, contract, delivery, line_count)


def _too_small(
    connection: duckdb.DuckDBPyConnection,
    contract: Contract,
    delivery: Delivery,
    line_count: int,
    releases: set[tuple[str, datetime]],
) -> str | None:
    if not line_count:
        return "a full extract without a line would close everything"
    check = volume_check(contract.extract)
    before = _lines_before(connection, contract, delivery, releases)
    before = before[: check.trailing_files]
    if not before:
        return None
    usual = statistics.median(before)
    if line_count >= check.least_share * usual:
        return None
    return (
        f"{line_count:,} lines, where the median of the last {len(before)} files is"
        f" {int(usual):,}: what is missing would be closed"
    )


def _lines_before(
    connection: duckdb.DuckDBPyConnection,
    contract: Contract,
    delivery: Delivery,
    releases: set[tuple[str, datetime]],
) -> list[int]:
    """Lines of the files before this one, the newest first.

    One that a person released says what the right size is: none before it counts.
    """
    rows = connection.execute(
        "select sha256, extracted_at, lines_delivered from raw.loads"
        " where extract = ? and status = 'loaded' and extracted_at < ?"
        " order by extracted_at desc, load_id desc",
        [contract.extract, delivery.extracted_at],
    ).fetchall()
    lines = []
    for sha256, extracted_at, line_count in rows:
        lines.append(line_count)
        if (sha256, extracted_at) in releases:
            break
    return lines


def _known_bytes(
    connection: duckdb.DuckDBPyConnection,
    contract: Contract,
    delivery: Delivery,
    line_count: int,
) -> str | None:
    """A delta that says again, of a later time, what an earlier one said."""
    if not line_count:
        return None
    rows = connection.execute(
        "select file_name from raw.loads where extract = ? and status = 'loaded'"
        " and sha256 = ? and extracted_at < ? order by extracted_at",
        [contract.extract, delivery.sha256, delivery.extracted_at],
    ).fetchall()
    return f"the same bytes as {rows[0][0]}, under a later time" if rows else None
