"""What lies in the landing folder of one extract: files to take, and files to leave."""

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
    """The names in an extract's folder: files with their moments, in that order.

    The rest is left alone: not whole yet, made by a program for itself, or called like
    nothing that a contract expects. `refusals` are sentences about files by their path.
    """

    files: tuple[tuple[datetime, Path], ...] = ()
    unfinished: tuple[str, ...] = ()
    temporary: tuple[str, ...] = ()
    ignored: tuple[str, ...] = ()
    refusals: tuple[tuple[Path, str], ...] = ()


@dataclass(frozen=True)
class Found:
    """The deliveries in order of extraction; names left alone, and why."""

    deliveries: tuple[Delivery, ...]
    unfinished: tuple[str, ...] = ()
    temporary: tuple[str, ...] = ()
    ignored: tuple[str, ...] = ()


class NothingYetError(DeliveryError):
    """Nothing of this extract had been extracted as at the moment asked for."""


def read_names(
    landing: Path,
    contract: Contract,
    until: datetime | None = None,
    now: datetime | None = None,
) -> Named:
    """The extract's files by their names alone; those extracted after `until` are none.

    Raises:
        NothingYetError: every file was extracted after `until`.
        DeliveryError: no file at all, or a folder that may not be read.
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
    """What these files are by their names; those extracted after `until` are none.

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
    """What is in a folder, in order of name; nothing where there is no folder.

    Raises:
        InaccessibleError: a folder that may not be read.
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
    """The extract's files, and names that fit no contract or are not whole yet.

    Files that were extracted after `until` are passed over.

    Raises:
        NothingYetError: every file was extracted after `until`.
        DeliveryError: no file at all; or, all of them together: names without the time
            of extraction, times later than now (`now`, Europe/London, if not the
            clock's), kinds that nothing reads, links, files that may not be read, two
            deliveries of one moment, files of another source in the demonstration's
            home.
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
    """The file as a delivery, with the hashes of its bytes and of its mapping.

    Raises:
        InaccessibleError: the file cannot be read.
        DeliveryError: two mappings are for it.
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
    """Say together whatever must be put right before anything is taken.

    Raises:
        DeliveryError: there is a sentence.
    """
    if len(sentences) == 1:
        raise DeliveryError(sentences[0])
    if sentences:
        listed = "\n".join(f"  - {sentence}" for sentence in sentences)
        raise DeliveryError(
            f"{len(sentences)} deliveries are refused, and nothing was taken:\n{listed}"
        )


def of_one_moment(deliveries: Sequence[Delivery], contract: Contract) -> list[str]:
    """Sentences about files that say different things of the same moment."""
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
    """The sentence for a moment before an extract's first delivery."""
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
    """Whether a file is another than when it was looked at, or is gone."""
    try:
        return look(path) != seen
    except InaccessibleError:
        return True


def demonstration_hashes(landing: Path) -> dict[str, str] | None:
    """sha256 → path of the demonstration's files; none in a home of real data."""
    files = demonstration_files(landing)
    if files is None:
        return None
    return {sha256: name for name, sha256 in files.items()}


def demonstration_files(landing: Path) -> dict[str, str] | None:
    """Path → sha256 of the demonstration's files; none in a home of real data.

    Raises:
        DeliveryError: the file that names them is damaged.
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
    """Sentences about real data in the demonstration's home: these never meet."""
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
