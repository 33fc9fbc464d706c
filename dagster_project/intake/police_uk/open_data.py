"""Loads street-level crime and outcomes of data.police.uk into `raw`.

A file replaces the earlier version of its force and month as a whole. Versions are not
compared line by line, because rows have no key and identical rows are separate
incidents (columns and caveats: https://data.police.uk/about/).
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import duckdb

from dagster_project.intake.deliveries import nothing_yet
from dagster_project.intake.police_uk import rows
from dagster_project.intake.police_uk.archives import (
    Contents,
    Member,
    choose,
    find_members,
    opened,
    read_contents,
)
from dagster_project.intake.police_uk.catalogue import describe
from dagster_project.intake.police_uk.force_months import LoadResult, load_files
from dagster_project.intake.police_uk.rows import LAYOUTS
from dagster_project.intake.police_uk.unpacking import (
    ARCHIVE_LIMIT_BYTES,
    Budget,
    Unpacked,
    batches,
    unpack,
)

__all__ = [
    "LoadResult",
    "Member",
    "create_tables",
    "describe",
    "find_members",
    "load_archives",
]

# About 15 files of a large force at a time. This keeps two processors busy, and keeps
# the memory for the files being loaded and being unpacked below 500 MB.
BATCH_BYTES = 64 * 1024 * 1024


def create_tables(connection: duckdb.DuckDBPyConnection) -> None:
    """Create both raw tables, empty, if they are missing."""
    for layout in LAYOUTS.values():
        rows.create_table(connection, layout)


def load_archives(
    connection: duckdb.DuckDBPyConnection,
    archives: Sequence[Path],
    force_codes: Sequence[str] | None,
    progress: Callable[[str], None] = print,
    kinds: Sequence[str] = tuple(LAYOUTS),
    until: datetime | None = None,
) -> list[LoadResult]:
    """Load street and outcomes files into `raw`.

    Files are unpacked into memory in batches. A file that cannot be taken is rejected
    by itself, and the results show it.

    Args:
        force_codes: forces to load; None means all in the archives.
        kinds: kinds of file to load, such as `street`.
        until: leave out members that were written after this time; None means no limit.

    Returns:
        One result per file.

    Raises:
        NothingYetError: every member was written after `until`.
        DeliveryError: an archive is neither a zip nor a folder or has no street file,
            or no archive has one of the forces. Nothing was loaded.
    """
    every = [read_contents(archive) for archive in archives]
    forces = choose(every, force_codes)
    if until is not None:
        every = _by_then(every, until)
    create_tables(connection)
    results = []
    with rows.any_order(connection):
        for contents in every:
            name = contents.archive.name
            results += _refused(contents)
            for files in _unpacked(contents, forces, kinds):
                loaded = load_files(connection, name, files)
                progress(f"{name}: {_in_words(loaded)}")
                results += loaded
    problems = [result.message for result in results if result.status == "rejected"]
    if problems:
        files = "1 file was" if len(problems) == 1 else f"{len(problems)} files were"
        progress(f"{files} not loaded. If an earlier version was loaded, it stays:")
    for problem in problems:
        progress(f"  {problem}")
    return results


def hashes(archive: Path, force_codes: Sequence[str] | None) -> set[tuple[str, str]]:
    """Return (name, sha256) of each file of some forces in an archive.

    Args:
        force_codes: None means all forces in the archive.

    Raises:
        DeliveryError: it is neither a zip nor a folder, or has no street file of a
            force.
    """
    contents = read_contents(archive)
    forces = choose([contents], force_codes)
    return {
        (file.member.name, file.sha256)
        for files in _unpacked(contents, forces, tuple(LAYOUTS))
        for file in files
    }


def _by_then(every: Sequence[Contents], until: datetime) -> list[Contents]:
    first = min(member.modified for each in every for member in each.members)
    if first > until:
        raise nothing_yet("the open data", until, first)
    return [
        replace(each, members=tuple(m for m in each.members if m.modified <= until))
        for each in every
    ]


def _refused(contents: Contents) -> list[LoadResult]:
    name = contents.archive.name
    return [
        LoadResult(
            archive_name=name,
            file_name=refusal.name,
            status="rejected",
            message=f"{name}, {refusal.name}: {refusal.reason}",
        )
        for refusal in contents.refusals
    ]


def _unpacked(
    contents: Contents, forces: set[str], kinds: Sequence[str]
) -> Iterator[list[Unpacked]]:
    """Yield files in batches of one kind; the next batch is unpacked meanwhile."""
    parts = []
    for kind in kinds:
        chosen = [
            member
            for member in contents.members
            if member.kind == kind and member.force_code in forces
        ]
        parts += batches(chosen, BATCH_BYTES)
    budget = Budget(ARCHIVE_LIMIT_BYTES)
    with (
        opened(contents.archive) as handle,
        ThreadPoolExecutor(max_workers=1) as worker,
    ):

        def take(number: int) -> list[Unpacked]:
            return [unpack(handle, member, budget) for member in parts[number]]

        pending = [worker.submit(take, number) for number in range(len(parts))[:1]]
        for number in range(len(parts)):
            files = pending.pop().result()
            if number + 1 < len(parts):
                pending.append(worker.submit(take, number + 1))
            yield files


def _in_words(results: Sequence[LoadResult]) -> str:
    """Return a summary such as `street 2020-05 to 2020-08, 4 loaded, 61,236 lines`."""
    months = sorted({result.month for result in results})
    statuses = Counter(result.status for result in results)
    parts = [f"{count} {status}" for status, count in statuses.most_common()]
    lines = sum(result.lines_stored for result in results)
    unreadable = sum(result.lines_unreadable for result in results)
    return (
        f"{results[0].extract} {months[0]} to {months[-1]}: {', '.join(parts)};"
        f" {lines:,} lines stored"
        + (f", {unreadable:,} unreadable" if unreadable else "")
    )
