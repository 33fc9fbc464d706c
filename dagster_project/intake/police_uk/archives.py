"""Lists and reads the members of an archive of data.police.uk safely.

An archive is a zip file or the folder of an unpacked one. Nothing is written under a
member's own name, and all limits apply to the bytes that are really read, because the
sizes in a zip's directory may be false.
"""

import re
import stat
import zipfile
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path, PurePosixPath
from zoneinfo import ZoneInfo

from dagster_project.errors import DeliveryError
from dagster_project.intake.forces import known_forces

READ = ("street", "outcomes")
KINDS = (*READ, "stop-and-search")
MEMBER_NAME = re.compile(
    rf"(?P<month>\d{{4}}-(?:0[1-9]|1[0-2]))-(?P<force>[a-z][a-z-]*)"
    rf"-(?P<kind>{'|'.join(KINDS)})\.csv"
)
# A browser or a file manager adds this to the name of a second copy.
COPY = re.compile(r"(?: ?\(\d+\)| - copy(?: \(\d+\))?)(?=\.csv$)", re.IGNORECASE)
MOST_EXAMPLES = 3
NESTED = re.compile(r"\.(?:zip|7z|rar|tar|t?gz|bz2|xz)$", re.IGNORECASE)
# Python unpacks only these two methods piece by piece. The others may fill the memory.
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
# A zip file cannot have an earlier time.
EARLIEST_STAMP = datetime(1980, 1, 1)
LONDON = ZoneInfo("Europe/London")
REMEDY = "Download it again from data.police.uk"


@dataclass(frozen=True)
class Member:
    """One published file: a force, a month and a kind; `size` is in bytes, unpacked."""

    force_code: str
    month: str
    kind: str
    name: str
    size: int
    modified: datetime
    source: zipfile.ZipInfo | Path = field(repr=False, compare=False)


@dataclass(frozen=True)
class Refusal:
    """A member that is not opened, and the sentence with the reason."""

    name: str
    reason: str


@dataclass(frozen=True)
class Contents:
    """The contents of an archive: members to read, members refused, and other names."""

    archive: Path
    members: tuple[Member, ...]
    refusals: tuple[Refusal, ...]
    others: tuple[str, ...]

    @property
    def force_codes(self) -> list[str]:
        """Forces with at least one street file."""
        return sorted({m.force_code for m in self.members if m.kind == "street"})


@contextmanager
def opened(archive: Path) -> Iterator[zipfile.ZipFile | Path]:
    """Open the archive for reading: a zip file, or the folder itself.

    Raises:
        DeliveryError: it does not exist, or is neither a zip nor a folder.
    """
    if archive.is_dir():
        yield archive
        return
    if not archive.exists():
        raise DeliveryError(f"{archive}: this archive does not exist. Check ARCHIVE=.")
    try:
        handle = zipfile.ZipFile(archive)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise DeliveryError(
            f"{archive}: this is not a folder or a complete zip ({error}). {REMEDY}."
        ) from error
    with handle:
        yield handle


def read_contents(archive: Path) -> Contents:
    """List the archive without unpacking anything.

    Raises:
        DeliveryError: it is neither a zip nor a folder, or has no street file.
    """
    with opened(archive) as handle:
        if isinstance(handle, Path):
            entries = list(_folder_entries(handle))
        else:
            entries = [(info.orig_filename, info) for info in _files(handle)]
    members, refusals, others = [], [], []
    for name, source in entries:
        reason = _refusal(name, source)
        member = None if reason else _member(name, source)
        if reason:
            refusals.append(Refusal(name, reason))
        elif member:
            members.append(member)
        else:
            others.append(name)
    contents = Contents(archive, tuple(members), tuple(refusals), tuple(others))
    if not contents.force_codes:
        raise DeliveryError(_no_street_file(contents))
    return contents


def find_members(archive: Path) -> list[Member]:
    """Return every file of the archive that can be read, in the archive's order.

    Raises:
        DeliveryError: it is neither a zip nor a folder, or has no street file.
    """
    return list(read_contents(archive).members)


def choose(contents: Sequence[Contents], force_codes: Sequence[str] | None) -> set[str]:
    """Return the forces to load.

    Args:
        force_codes: the forces asked for; None means all in the archives.

    Raises:
        DeliveryError: a force asked for is in none of the archives.
    """
    held = {code for each in contents for code in each.force_codes}
    absent = sorted(set(force_codes or ()) - held)
    if absent:
        names = ", ".join(str(each.archive) for each in contents)
        offered = ", ".join(sorted(held & set(known_forces())))
        raise DeliveryError(
            f"{names}: no street file of {', '.join(absent)}."
            + (f" Choose FORCE= from those that it has: {offered}." if offered else "")
        )
    return held if force_codes is None else set(force_codes)


def of_no_list(contents: Contents, force_codes: Collection[str]) -> list[str]:
    """Return a sentence about files of forces that seeds/reference/forces.csv lacks."""
    unlisted = set(force_codes) - set(known_forces())
    names = [m.name for m in contents.members if m.force_code in unlisted]
    if not names:
        return []
    return [
        f"{contents.archive.name}, files of forces that are not in"
        f" seeds/reference/forces.csv: {len(names):,} ({_examples(names)}). No report"
        " shows them. Add the force to that list, or correct the names of the files."
    ]


def passed_over(contents: Contents, force_codes: Collection[str]) -> list[str]:
    """Return a sentence, with examples, for each kind of file that is not read.

    Args:
        force_codes: the forces to load. Stop-and-search files of other forces are left
            out; a file whose name has no published form may be of any force.
    """
    copies = [name for name in contents.others if COPY.search(name) and _original(name)]
    unread = {
        "stop-and-search files": (
            [
                member.name
                for member in contents.members
                if member.kind not in READ and member.force_code in force_codes
            ],
            "No figure is made from them.",
        ),
        "second copies": (
            copies,
            "If the original is missing or older, rename the copy to its name, such as"
            f" {_original(copies[0]) if copies else ''}.",
        ),
        "files of other names": (
            [name for name in contents.others if name not in copies],
            "The names that are read are YYYY-MM-<force>-street.csv and -outcomes.csv.",
        ),
    }
    return [
        f"{contents.archive.name}, not read: {len(names):,} {what}"
        f" ({_examples(names)}). {remedy}"
        for what, (names, remedy) in unread.items()
        if names
    ]


def _original(name: str) -> str | None:
    """Return the published name of which this is a copy; None if it is not a copy."""
    original = COPY.sub("", PurePosixPath(name).name)
    return original if MEMBER_NAME.fullmatch(original) else None


def _examples(names: Sequence[str]) -> str:
    shown = ", ".join(_printable(name) for name in names[:MOST_EXAMPLES])
    more = len(names) - MOST_EXAMPLES
    return f"{shown} and {more:,} more" if more > 0 else shown


def _printable(name: str) -> str:
    return "".join(letter if letter.isprintable() else "?" for letter in name)


def _files(handle: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    return [info for info in handle.infolist() if not info.is_dir()]


def _folder_entries(folder: Path) -> Iterator[tuple[str, Path]]:
    for path in sorted(folder.rglob("*")):
        if path.is_symlink() or path.is_file():
            yield path.relative_to(folder).as_posix(), path


def _member(name: str, source: zipfile.ZipInfo | Path) -> Member | None:
    match = MEMBER_NAME.fullmatch(PurePosixPath(name).name)
    if match is None:
        return None
    if isinstance(source, Path):
        size = source.stat().st_size
        stamp = datetime.fromtimestamp(source.stat().st_mtime, LONDON)
        modified = stamp.replace(tzinfo=None)
    else:
        size, modified = source.file_size, _zip_stamp(source)
    return Member(
        match["force"], match["month"], match["kind"], name, size, modified, source
    )


def _zip_stamp(info: zipfile.ZipInfo) -> datetime:
    try:
        return datetime(*info.date_time)
    except ValueError:  # Some programs leave the time empty: day 0 of month 0.
        return EARLIEST_STAMP


def _refusal(name: str, source: zipfile.ZipInfo | Path) -> str | None:
    """Return why this member must not be opened; None if it may be."""
    if isinstance(source, Path):
        is_link, is_encrypted = source.is_symlink(), False
    else:
        is_link = stat.S_ISLNK(source.external_attr >> 16)
        is_encrypted = bool(source.flag_bits & 0x1)
        # A name on disk is real. A name in a zip may be anything, such as `../x`.
        if "\\" in name or re.match(r"/|[A-Za-z]:", name) or ".." in name.split("/"):
            return f"its name points outside the archive. {REMEDY}."
        if any(ord(letter) < 32 for letter in name):
            return f"its name contains a control character. {REMEDY}."
    if is_link:
        return "it is a link, not a file. Put the file itself in its place."
    if NESTED.search(name):
        return "it is an archive inside the archive. Unpack it and give it separately."
    if is_encrypted:
        return "it is encrypted. Save it without a password."
    if isinstance(source, zipfile.ZipInfo) and source.compress_type not in METHODS:
        return "it is compressed with a rare method. Make an ordinary zip of it."
    return None


def _no_street_file(contents: Contents) -> str:
    found = [member.name for member in contents.members]
    found += [f"{each.name} (refused: {each.reason})" for each in contents.refusals]
    found += contents.others
    shown = ", ".join(found[:5]) or "nothing"
    more = f" and {len(found) - 5:,} more" if len(found) > 5 else ""
    return (
        f"{contents.archive}: no file named YYYY-MM-<force>-street.csv; it contains"
        f" {shown}{more}. Give a zip as data.police.uk offers it, or the folder that"
        " it was unpacked to."
    )
