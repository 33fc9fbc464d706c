"""Finds the files in the landing folder of one extract, and decides which to take."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from pathlib import Path

from dagster_project import settings
from dagster_project.errors import DeliveryError, InaccessibleError
from dagster_project.intake import names
from dagster_project.intake.contracts import Contract
from dagster_project.intake.load_log import Delivery
from dagster_project.intake.names import SUFFIXES, BadName, shown
from dagster_project.intake.reading import readers

MARK = settings.DEMONSTRATION_MARK


@dataclass(frozen=True)
class Named:
    """The files of an extract's folder, sorted by what their names say.

    Args:
        files: (extraction time, path) of each file to take, in order of time.
        unfinished: names of files that another program is still writing.
        temporary: names of temporary files of other programs.
        ignored: names that do not have the form that the contract expects.
        refusals: (path, sentence) of each file that cannot be taken.
    """

    files: tuple[tuple[datetime, Path], ...] = ()
    unfinished: tuple[str, ...] = ()
    temporary: tuple[str, ...] = ()
    ignored: tuple[str, ...] = ()
    refusals: tuple[tuple[Path, str], ...] = ()


@dataclass(frozen=True)
class Found:
    """The deliveries in order of extraction time, and the names of files not taken."""

    deliveries: tuple[Delivery, ...]
    unfinished: tuple[str, ...] = ()
    temporary: tuple[str, ...] = ()
    ignored: tuple[str, ...] = ()


class NothingYetError(DeliveryError):
    """An extract has no file that was extracted by the time asked for (AS_AT)."""


def read_names(
    landing: Path,
    contract: Contract,
    until: datetime | None = None,
    now: datetime | None = None,
) -> Named:
    """Return the extract's files, judged by their names alone.

    Args:
        until: leave out files that were extracted after this time; None means no limit.
        now: the present time in Europe/London; None means the clock's.

    Raises:
        NothingYetError: every file was extracted after `until`.
        DeliveryError: there is no file at all, or the folder may not be read.
    """
    folder = landing / contract.extract
    there = inside(folder)
    named = by_name(there, contract, until, now)
    if not (named.files or named.refusals):
        raise _none_there(folder, contract, [path.name for path in there])
    return named


def by_name(
    there: Sequence[Path],
    contract: Contract,
    until: datetime | None = None,
    now: datetime | None = None,
) -> Named:
    """Sort these files by what their names say.

    Args:
        there: everything in the folder.
        until: leave out files that were extracted after this time; None means no limit.
        now: the present time in Europe/London; None means the clock's.

    Raises:
        NothingYetError: every file was extracted after `until`.
    """
    temporary = [path for path in there if names.is_temporary(path.name)]
    others = [path for path in there if not names.is_temporary(path.name)]
    fitting = [path for path in others if names.fits(path.name, contract)]
    unfinished = [path for path in fitting if names.is_unfinished(path.name)]
    files = [path for path in fitting if not names.is_unfinished(path.name)]
    moments = [(names.moment_of(path, contract), path) for path in files]
    dated = [(at, path) for at, path in moments if not isinstance(at, BadName)]
    refusals = [(path, bad.sentence) for bad, path in moments if _is_bad(bad)]
    by_then = [(at, path) for at, path in dated if until is None or at <= until]
    if dated and not by_then:
        raise nothing_yet(contract.extract, until, min(at for at, _ in dated))
    now = now or names.london_now()
    for at, path in by_then:
        if bad := names.later_than(at, now, contract):
            refusals.append((path, bad.sentence))
        elif path.is_symlink() or not path.is_file():
            refusals.append((path, NO_FILE))
    refused = {path for path, _ in refusals}
    return Named(
        tuple(sorted(pair for pair in by_then if pair[1] not in refused)),
        tuple(path.name for path in unfinished),
        tuple(path.name for path in temporary),
        tuple(path.name for path in others if not names.fits(path.name, contract)),
        tuple((path, f"{shown(path)}: {words}.") for path, words in refusals),
    )


def inside(folder: Path) -> list[Path]:
    """Return what is in a folder, in order of name; [] if there is no folder.

    Raises:
        InaccessibleError: the folder may not be read.
    """
    try:
        return sorted(folder.iterdir()) if folder.is_dir() else []
    except OSError as error:
        raise InaccessibleError(folder, error) from error


NO_FILE = "this is a link or a folder, not a file. Put the file itself in its place"


def find_deliveries(
    landing: Path,
    contract: Contract,
    force_code: str,
    until: datetime | None = None,
    now: datetime | None = None,
) -> Found:
    """Return the extract's deliveries, hashed, and the names of files not taken.

    Args:
        until: leave out files that were extracted after this time; None means no limit.
        now: the present time in Europe/London; None means the clock's.

    Raises:
        NothingYetError: every file was extracted after `until`.
        DeliveryError: there is no file at all. Or a file must be put right, in one
            message for all of them: a name without extraction time, a time later than
            now, a kind that no reader reads, a link, a file that may not be read, two
            deliveries with one extraction time, a file of another source in the
            demonstration's home.
    """
    named = read_names(landing, contract, until, now)
    refuse([words for _, words in named.refusals])
    marked = demonstration_hashes(landing)
    deliveries, unfinished, refusals = [], list(named.unfinished), []
    for extracted_at, path in named.files:
        try:
            delivery = as_delivery(extracted_at, path, contract, force_code, marked)
        except DeliveryError as error:
            refusals.append(str(error))
            continue
        if has_changed(path, delivery.seen):
            unfinished.append(path.name)
        else:
            deliveries.append(delivery)
    refusals += strangers(deliveries, marked)
    refusals += of_one_moment(deliveries, contract)
    refuse(refusals)
    return Found(tuple(deliveries), tuple(unfinished), named.temporary, named.ignored)


def as_delivery(
    extracted_at: datetime,
    path: Path,
    contract: Contract,
    force_code: str,
    marked: dict[str, str] | None,
) -> Delivery:
    """Return the file as a delivery, with the hashes of its bytes and of its mapping.

    Args:
        marked: sha256 → path of the demonstration's files; None in a home of real data.

    Raises:
        InaccessibleError: the file cannot be read.
        DeliveryError: two mappings apply to the file.
    """
    seen = look(path)
    try:
        sha256 = readers.sha256(path)
    except OSError as error:
        raise InaccessibleError(path, error) from error
    return Delivery(
        extract=contract.extract,
        path=path,
        file_name=path.name,
        sha256=sha256,
        file_bytes=seen[0],
        extracted_at=extracted_at,
        force_code=force_code,
        origin="demonstration" if sha256 in (marked or ()) else "force extracts",
        seen=seen,
        mapping_sha256=contract.mapping_sha256(path.name),
    )


def refuse(sentences: list[str]) -> None:
    """Raise one error that lists everything to be put right before anything is taken.

    Raises:
        DeliveryError: `sentences` is not empty.
    """
    if len(sentences) == 1:
        raise DeliveryError(sentences[0])
    if sentences:
        listed = "\n".join(f"  - {sentence}" for sentence in sentences)
        raise DeliveryError(
            f"{len(sentences)} deliveries are refused, and nothing was taken:\n{listed}"
        )


def of_one_moment(deliveries: Sequence[Delivery], contract: Contract) -> list[str]:
    """Return sentences about files with one extraction time but different content.

    Args:
        deliveries: in order of extraction time.
    """
    sentences = []
    for moment, group in groupby(deliveries, key=lambda item: item.extracted_at):
        files = {item.sha256: item.file_name for item in group}
        if len(files) <= contract.part_count:
            continue
        there = " and ".join(shown(Path(name)) for name in files.values())
        declared = (
            f"is delivered in {contract.part_count} parts"
            if contract.part_count > 1
            else "is delivered in one file"
        )
        sentences.append(
            f"{contract.extract}: {there} have the same extraction time"
            f" ({moment:%Y-%m-%d %H:%M:%S}) but different content, and this extract"
            f" {declared}. Remove the wrong file, or rename each file with its real"
            " extraction time. If an extract is delivered in parts, declare their"
            " number in seeds/force/extracts.csv (part_count)."
        )
    return sentences


def nothing_yet(extract: str, until: datetime, first: datetime) -> NothingYetError:
    """Return the error for a time (AS_AT) before an extract's first delivery."""
    return NothingYetError(
        f"AS_AT: {extract} was first extracted at {first:%Y-%m-%d %H:%M:%S}, after"
        f" {until:%Y-%m-%d %H:%M:%S}. Name a later moment."
    )


def look(path: Path) -> tuple[int, int]:
    """Return (bytes, mtime_ns) of a file.

    Compare two calls to detect a file that is still being written.

    Raises:
        InaccessibleError: the file is gone, or this user may not see it.
    """
    try:
        state = path.stat()
    except OSError as error:
        raise InaccessibleError(path, error) from error
    return state.st_size, state.st_mtime_ns


def has_changed(path: Path, seen: tuple[int, int] | None) -> bool:
    """Return whether a file is gone, or differs from `seen` (a result of `look`)."""
    try:
        return look(path) != seen
    except InaccessibleError:
        return True


def demonstration_hashes(landing: Path) -> dict[str, str] | None:
    """Return sha256 → path of the demonstration's files; None for real data."""
    files = demonstration_files(landing)
    if files is None:
        return None
    return {sha256: name for name, sha256 in files.items()}


def demonstration_files(landing: Path) -> dict[str, str] | None:
    """Return path → sha256 of the demonstration's files; None in a home of real data.

    Raises:
        DeliveryError: the file that lists them is damaged.
    """
    mark = landing / MARK
    if not mark.exists():
        return None
    try:
        files = json.loads(mark.read_text(encoding="utf-8"))["files"]
        return {name: str(sha256) for name, sha256 in files.items()}
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise DeliveryError(
            f"{mark}: this file names the demonstration's files, and it is damaged."
            f" Move the folder {landing} away, and write the demonstration again with"
            f" make report, or with make demo DATA={landing.parent}."
        ) from error


def strangers(deliveries: list[Delivery], marked: dict[str, str] | None) -> list[str]:
    """Return sentences about real data in the demonstration's home."""
    if marked is None:
        return []
    return [
        f"{delivery.path}: this home contains the demonstration, and this file is not"
        " part of it. Put real extracts into a separate home and name it:"
        " make report DATA=path/to/home"
        for delivery in deliveries
        if delivery.sha256 not in marked
    ]


def _is_bad(moment: datetime | BadName) -> bool:
    return isinstance(moment, BadName)


def _none_there(folder: Path, contract: Contract, there: list[str]) -> DeliveryError:
    instead = ", ".join(ascii(name)[1:-1] for name in there[:SHOWN])
    more = f" and {len(there) - SHOWN} more" if len(there) > SHOWN else ""
    return DeliveryError(
        f"{folder}: this folder has no file named {contract.file_glob}."
        + (f" It contains: {instead}{more}." if there else "")
        + f" Put the force's {contract.extract} extract into this folder, named"
        f" {contract.extract}_YYYYMMDDTHHMMSS{{{','.join(SUFFIXES)}}}."
    )


SHOWN = 5
