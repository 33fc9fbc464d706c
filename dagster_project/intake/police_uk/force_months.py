"""Loads files of the open data; each file replaces its force and month as a whole."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import duckdb

from dagster_project.intake import load_log
from dagster_project.intake.header import UnreadableError
from dagster_project.intake.load_log import Delivery, Tally
from dagster_project.intake.police_uk import rows
from dagster_project.intake.police_uk.archives import REMEDY
from dagster_project.intake.police_uk.rows import LAYOUTS, Layout, Rows, read_rows
from dagster_project.intake.police_uk.unpacking import Unpacked

ORIGIN = "open data"
KNOWN = """
select
    force_code,
    strftime(month, '%Y-%m'),
    load_id,
    status,
    sha256,
    extracted_at,
from raw.loads
where extract = ?
"""


@dataclass(frozen=True)
class LoadResult:
    """What became of one file.

    Args:
        status: `loaded`; `unchanged` (known already, nothing was written); `superseded`
            (older than the loaded version: registered, not stored); or `rejected` (an
            earlier version stays).
        message: of a rejected file, why it was rejected and what to do.
        load_id: None if no row was added to the load log.
        extract, force_code, month: None if the file was not opened.
    """

    archive_name: str
    file_name: str
    status: str
    extract: str | None = None
    force_code: str | None = None
    month: str | None = None
    load_id: int | None = None
    lines_delivered: int = 0
    lines_stored: int = 0
    lines_unreadable: int = 0
    message: str | None = None


@dataclass(frozen=True)
class _Known:
    """A row of the load log, with what decides the fate of a new file."""

    load_id: int
    status: str
    sha256: str
    extracted_at: datetime


@dataclass(frozen=True)
class _Fate:
    """A file, its status with the reason, and the ids of the loads that it replaces.

    `rows` is None if the file was not read.
    """

    file: Unpacked
    status: str
    message: str | None = None
    is_registered: bool = True
    earlier: tuple[int, ...] = ()
    rows: Rows | None = None


def load_files(
    connection: duckdb.DuckDBPyConnection, archive_name: str, files: Sequence[Unpacked]
) -> list[LoadResult]:
    """Load files of one kind, at most one per force and month, in one transaction."""
    layout = LAYOUTS[files[0].member.kind]
    known = _known(connection, layout)
    with ThreadPoolExecutor() as workers:
        fates = list(workers.map(lambda file: _fate(file, layout, known), files))
    with load_log.transaction(connection):
        return _write(connection, archive_name, layout, fates)


def _known(
    connection: duckdb.DuckDBPyConnection, layout: Layout
) -> dict[tuple[str, str], list[_Known]]:
    """Return (force, month as `YYYY-MM`) → the rows of the load log."""
    known: dict[tuple[str, str], list[_Known]] = {}
    lines = connection.execute(KNOWN, [layout.extract]).fetchall()
    for force_code, month, *line in lines:
        known.setdefault((force_code, month), []).append(_Known(*line))
    return known


def _fate(
    file: Unpacked, layout: Layout, known_months: dict[tuple[str, str], list[_Known]]
) -> _Fate:
    stamp = file.member.modified
    known = known_months.get((file.member.force_code, file.member.month), [])
    if file.problem:
        return _rejected(file, file.problem, known)
    same = [line for line in known if line.sha256 == file.sha256]
    taken = [line for line in same if line.status != "rejected"]
    # If replaced bytes come again with a later time, they count as new, because the
    # supplier has undone a correction.
    if any(line.status == "loaded" or line.extracted_at >= stamp for line in taken):
        return _Fate(file, "unchanged", is_registered=False)
    try:
        rows = read_rows(file, layout)
    except UnreadableError as error:
        return _rejected(file, f"{error}. {error.remedy or REMEDY}.", known)
    current = [line for line in known if line.status == "loaded"]
    if any(line.extracted_at > stamp for line in current):
        return _Fate(file, "superseded", "a later version is loaded", rows=rows)
    earlier = tuple(line.load_id for line in current)
    message = f"{rows.blank:,} blank lines" if rows.blank else None
    return _Fate(file, "loaded", message, earlier=earlier, rows=rows)


def _rejected(file: Unpacked, reason: str, known: Sequence[_Known]) -> _Fate:
    """Reject a file; the same bytes with the same time are registered only once."""
    line = ("rejected", file.sha256, file.member.modified)
    known_lines = {(each.status, each.sha256, each.extracted_at) for each in known}
    return _Fate(file, "rejected", reason, is_registered=line not in known_lines)


def _write(
    connection: duckdb.DuckDBPyConnection,
    archive_name: str,
    layout: Layout,
    fates: Sequence[_Fate],
) -> list[LoadResult]:
    """Change the tables and the load log as `fates` says; call within a transaction."""
    next_id = load_log.next_load_id(connection)
    load_ids = [None] * len(fates)
    for number, fate in enumerate(fates):
        if fate.is_registered:
            load_ids[number], next_id = next_id, next_id + 1
    numbered = list(zip(fates, load_ids, strict=True))
    earlier = [load_id for fate in fates for load_id in fate.earlier]
    later = {n: (f.file, f.rows) for f, n in numbered if f.status == "loaded"}
    rows.replace(connection, layout, earlier, later)
    results = [_result(archive_name, layout, *each) for each in numbered]
    load_log.record_all(
        connection,
        [
            (result.load_id, *_delivery(fate.file, result), result.status)
            for fate, result in zip(fates, results, strict=True)
            if fate.is_registered
        ],
    )
    return results


def _result(
    archive_name: str, layout: Layout, fate: _Fate, load_id: int | None
) -> LoadResult:
    member, rows = fate.file.member, fate.rows
    is_loaded = fate.status == "loaded"
    return LoadResult(
        archive_name=archive_name,
        file_name=member.name,
        status=fate.status,
        extract=layout.extract,
        force_code=member.force_code,
        month=member.month,
        load_id=load_id,
        lines_delivered=rows.delivered if rows else 0,
        lines_stored=rows.table.num_rows if is_loaded else 0,
        lines_unreadable=len(rows.rejected) if is_loaded else 0,
        message=fate.message and f"{archive_name}, {member.name}: {fate.message}",
    )


def _delivery(file: Unpacked, result: LoadResult) -> tuple[Delivery, Tally]:
    delivery = Delivery(
        extract=result.extract,
        path=Path(result.archive_name),
        file_name=result.file_name,
        sha256=file.sha256,
        file_bytes=file.bytes,
        extracted_at=file.member.modified,
        force_code=result.force_code,
        origin=ORIGIN,
        month=result.month,
        archive_name=result.archive_name,
    )
    tally = Tally(
        delivered=result.lines_delivered,
        stored=result.lines_stored,
        unchanged=0,
        unreadable=result.lines_unreadable,
        message=result.message,
    )
    return delivery, tally
