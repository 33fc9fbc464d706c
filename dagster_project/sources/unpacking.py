"""Members of an archive, taken out one by one and measured on the way."""

import errno
import hashlib
import shutil
import zipfile
import zlib
from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from glob import has_magic
from pathlib import Path
from typing import BinaryIO

from dagster_project.sources.archives import REMEDY, Member
from dagster_project.sources.records import RecordCounter, headings, tidy
from dagster_project.sources.register import DeliveryError

CHUNK_BYTES = 1024 * 1024
# The largest real file, a month of London, is some 25 MB: twenty times that.
MEMBER_LIMIT_BYTES = 512 * 1024 * 1024
# Everything published since December 2010, all forces and kinds, is some 25 GB.
ARCHIVE_LIMIT_BYTES = 64 * 1024 * 1024 * 1024
# Real files shrink by 3 to 7, and 1,032 is the most that the method can do. Small
# files are let off: a handful of like lines shrinks a lot and harms nobody.
RATIO_LIMIT = 100
RATIO_FREE_BYTES = 8 * 1024 * 1024


class Refused(Exception):
    """A member that cannot be taken: one sentence with the remedy."""


@dataclass
class Budget:
    """Bytes that the rest of an archive may still unpack to."""

    left: int


@dataclass(frozen=True)
class Unpacked:
    """A member as a file, with what was measured; or the reason why there is none.

    `lines` counts records without the heading line, by their ends in the bytes;
    `sha256` and `bytes` are of all that was read. `seen` is the size and time of change
    of a folder's own file, which is read where it is; copies have none.
    """

    member: Member
    path: Path
    sha256: str
    bytes: int
    lines: int
    headings: tuple[str, ...]
    problem: str | None
    seen: tuple[int, int] | None = None

    @property
    def has_changed(self) -> bool:
        """Whether somebody has written to the file since it was hashed."""
        return self.seen is not None and self.seen != _state(self.path)


def unpack(
    handle: zipfile.ZipFile | Path, member: Member, path: Path, budget: Budget
) -> Unpacked:
    """Make `member` ready for the reader, at `path` or where it is.

    What is damaged or dangerous becomes a `problem`.

    Raises:
        DeliveryError: the disk is full.
    """
    sha256, counter, problem = hashlib.sha256(), RecordCounter(), None
    size = 0
    # The reader would take letters like * and [ for a pattern.
    is_copy = not isinstance(member.source, Path) or has_magic(str(member.source))
    seen = None
    try:
        if not is_copy:
            seen = _state(member.source)
        with (
            _open(handle, member) as source,
            path.open("wb") if is_copy else nullcontext() as target,
        ):
            while chunk := source.read(CHUNK_BYTES):
                size += len(chunk)
                budget.left -= len(chunk)
                sha256.update(chunk)
                _check_limits(member, size, budget)
                counter.feed(chunk)
                if target:
                    target.write(chunk)
    except Refused as refusal:
        problem = str(refusal)
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise DeliveryError(
                f"{path.parent}: no room to unpack {member.name}. Make room and run"
                " again; what was loaded stays loaded."
            ) from error
        problem = f"it cannot be read ({error}). {REMEDY}."
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError) as error:
        problem = f"it is damaged ({error}). {REMEDY}."
    names: tuple[str, ...] = ()
    records = counter.records
    if problem is None:
        if counter.in_quotes:
            problem = f"a quotation mark is never closed. {REMEDY}."
        elif not counter.is_tidy:
            if seen:
                shutil.copyfile(member.source, path)
                seen = None
            records = tidy(path)
        names = tuple(headings(member.source if seen else path))
    if problem is not None:
        path.unlink(missing_ok=True)
    lines = max(records - 1, 0)
    return Unpacked(
        member,
        member.source if seen else path,
        sha256.hexdigest(),
        size,
        lines,
        names,
        problem,
        seen,
    )


def _state(path: Path) -> tuple[int, int]:
    state = path.stat()
    return state.st_size, state.st_mtime_ns


def batches(members: Sequence[Member], limit_bytes: int) -> list[list[Member]]:
    """Members by month and force, parted so that each part unpacks to some bytes.

    Two versions of one force and month never share a part: the later one has to see
    that the earlier one is there.
    """
    parts: list[list[Member]] = []
    size, keys = 0, set()
    for member in sorted(members, key=lambda m: (m.month, m.force_code, m.modified)):
        key = (member.month, member.force_code, member.kind)
        if not parts or key in keys or size + member.size > limit_bytes:
            parts.append([])
            size, keys = 0, set()
        parts[-1].append(member)
        size += member.size
        keys.add(key)
    return parts


def _open(handle: zipfile.ZipFile | Path, member: Member) -> BinaryIO:
    if isinstance(member.source, Path):
        return member.source.open("rb")
    assert isinstance(handle, zipfile.ZipFile)
    return handle.open(member.source)


def _check_limits(member: Member, size: int, budget: Budget) -> None:
    if size > MEMBER_LIMIT_BYTES:
        raise Refused(
            f"it unpacks to more than {MEMBER_LIMIT_BYTES:,} bytes, which no month"
            f" of crime does. {REMEDY}."
        )
    if budget.left < 0:
        raise Refused(
            f"the archive unpacks to more than {ARCHIVE_LIMIT_BYTES:,} bytes, which"
            " all that was ever published does not. Give it in parts."
        )
    if isinstance(member.source, Path) or size <= RATIO_FREE_BYTES:
        return
    if size > RATIO_LIMIT * max(member.source.compress_size, 1):
        raise Refused(
            f"it unpacks to more than {RATIO_LIMIT} times its packed size, which no"
            f" real file does. {REMEDY}."
        )
