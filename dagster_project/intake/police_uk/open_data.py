"""Open data of data.police.uk: street-level crime and outcomes into `raw`.

A file speaks for its force and month as a whole: it replaces the earlier version and
is never compared with it line by line, for its rows have no key. Identical rows are
separate incidents (columns and caveats: https://data.police.uk/about/).
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

# Some fifteen files of a large force at a time: enough to keep both processors busy,
# little enough that what is read and what is unpacked meanwhile stay below 500 MB.
BATCH_BYTES = 64 * 1024 * 1024


def create_tables(connection: duckdb.DuckDBPyConnection) -> None:
    """Make both raw tables, empty, where they are missing."""
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
    """Load street and outcomes files of the forces (None: all) into `raw`.

    Files are unpacked into memory, some at a time. A file that cannot be taken is
    rejected by itself; the results, one per file, say so. Members that were written
    after `until` are passed over.

    Raises:
        NothingYetError: all of them were.
        DeliveryError: an archive is no zip and no folder or has no street file, or a
            force is in none of them (before anything is loaded).
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
    """Name and sha256 of each file of the forces (None: all) in an archive.

    Raises:
        DeliveryError: it is no zip and no folder, or has no street file of a force.
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
    """Files in batches of one kind; the next is unpacked while one is being loaded."""
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
    """`street 2020-05 to 2020-08, 4 loaded, 61,236 lines`."""
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
