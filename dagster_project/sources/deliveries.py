"""What lies in the landing folder of one extract: files to take, and files to leave."""

import json
import re
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from dagster_project.sources import readers
from dagster_project.sources.contracts import Contract
from dagster_project.sources.register import Delivery, DeliveryError

SUFFIXES = (".csv", ".csv.gz", ".parquet", ".xlsx")
NAME = re.compile(
    r"[A-Za-z0-9][A-Za-z0-9_. ()-]*_(?P<stamp>\d{8}T\d{6})"
    rf"(?P<suffix>{'|'.join(re.escape(suffix) for suffix in SUFFIXES)})"
)
# What programs that copy or download call a file until it is whole.
UNFINISHED = (".part", ".partial", ".filepart", ".crdownload", ".tmp", ".temp")
MARK = "demonstration.json"


@dataclass(frozen=True)
class Found:
    """The deliveries in order of extraction; names left alone, and why."""

    deliveries: tuple[Delivery, ...]
    unfinished: tuple[str, ...]
    ignored: tuple[str, ...]


class NothingYetError(DeliveryError):
    """Nothing of this extract had been extracted as at the moment asked for."""


def find_deliveries(
    landing: Path, contract: Contract, force_code: str, until: datetime | None = None
) -> Found:
    """The extract's files, and names that fit no contract or are not whole yet.

    Files that were extracted after `until` are passed over.

    Raises:
        NothingYetError: every file was extracted after `until`.
        DeliveryError: no file at all, a name without its extraction time, a link or a
            file that may not be read, or a file of another source in the
            demonstration's home.
    """
    folder = landing / contract.extract
    inside = _list(folder)
    fitting = [path for path in inside if path.match(contract.file_glob)]
    paths = [path for path in fitting if not path.name.endswith(UNFINISHED)]
    if not paths:
        raise DeliveryError(
            f"{folder}: no extract named {contract.file_glob} is there. Put the force's"
            f" {contract.extract} extract into this folder, named"
            f" {contract.extract}_YYYYMMDDTHHMMSS{{{','.join(SUFFIXES)}}}."
        )
    dated = [(_extracted_at(path, contract), path) for path in paths]
    by_then = [path for at, path in dated if until is None or at <= until]
    if not by_then:
        raise nothing_yet(contract.extract, until, min(at for at, _ in dated))
    marked = demonstration_hashes(landing)
    deliveries, unfinished = [], [path.name for path in fitting if path not in paths]
    for path in by_then:
        delivery = _delivery(path, contract, force_code, marked)
        if delivery is None:
            unfinished.append(path.name)
        else:
            deliveries.append(delivery)
    _refuse_strangers(deliveries, marked)
    deliveries.sort(key=lambda found: (found.extracted_at, found.file_name))
    ignored = tuple(path.name for path in inside if path not in fitting)
    return Found(tuple(deliveries), tuple(unfinished), ignored)


def nothing_yet(extract: str, until: datetime, first: datetime) -> NothingYetError:
    """The sentence for a moment before an extract's first delivery."""
    return NothingYetError(
        f"AS_AT: {extract} was first extracted at {first:%Y-%m-%d %H:%M:%S}, after"
        f" {until:%Y-%m-%d %H:%M:%S}. Name a later moment."
    )


def look(path: Path) -> tuple[int, int]:
    """The file's size in bytes and its time of change in ns: two looks tell growth."""
    state = path.stat()
    return state.st_size, state.st_mtime_ns


def demonstration_hashes(landing: Path) -> dict[str, str] | None:
    """sha256 → path of the demonstration's files; none in a home of real data."""
    mark = landing / MARK
    if not mark.exists():
        return None
    files = json.loads(mark.read_text(encoding="utf-8"))["files"]
    return {sha256: name for name, sha256 in files.items()}


def _list(folder: Path) -> list[Path]:
    try:
        return sorted(folder.iterdir()) if folder.is_dir() else []
    except OSError as error:
        raise _cannot_be_read(folder, error) from error


def _delivery(
    path: Path, contract: Contract, force_code: str, marked: dict[str, str] | None
) -> Delivery | None:
    """The file as a delivery, or None while it still changes."""
    extracted_at = _extracted_at(path, contract)
    if path.is_symlink() or not path.is_file():
        raise DeliveryError(
            f"{path}: a link or a folder, and not a file. Put the file itself in its"
            " place."
        )
    try:
        seen = look(path)
        sha256 = readers.sha256(path)
        if look(path) != seen:
            return None
    except OSError as error:
        raise _cannot_be_read(path, error) from error
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
    )


def _extracted_at(path: Path, contract: Contract) -> datetime:
    name = NAME.fullmatch(path.name)
    shown = path.parent / ascii(path.name)[1:-1]
    if not name:
        raise DeliveryError(
            f"{shown}: the name does not say when the file was extracted, or holds"
            " other than letters, digits, spaces and . _ - ( ). Name it"
            f" {contract.extract}_YYYYMMDDTHHMMSS with one of {', '.join(SUFFIXES)}."
        )
    try:
        return datetime.strptime(name["stamp"], "%Y%m%dT%H%M%S")
    except ValueError as error:
        raise DeliveryError(
            f"{shown}: {name['stamp']} in the name is no date and time. Name it"
            f" {contract.extract}_YYYYMMDDTHHMMSS{name['suffix']}."
        ) from error


def _cannot_be_read(path: Path, error: OSError) -> DeliveryError:
    return DeliveryError(
        f"{path}: cannot be read ({error.strerror}). Give this user the right to"
        " read it."
    )


def _refuse_strangers(
    deliveries: list[Delivery], marked: dict[str, str] | None
) -> None:
    """Demonstration and real data never meet."""
    if marked is None:
        return
    for delivery in deliveries:
        if delivery.sha256 not in marked:
            raise DeliveryError(
                f"{delivery.path}: this home holds the demonstration, and this file is"
                " not of it. Put real extracts into a home of their own and name it:"
                " make report DATA=path/to/home"
            )
