"""Members of an archive, taken out one by one and measured on the way."""

import hashlib
import zipfile
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from dagster_project.errors import DeliveryError
from dagster_project.intake.police_uk.archives import REMEDY, Member

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
    """A member's bytes with their hash, or the reason why they cannot be taken.

    `bytes` and `sha256` are of all that was read, though nothing of it is kept.
    """

    member: Member
    data: bytes
    sha256: str
    bytes: int
    problem: str | None = None


def unpack(handle: zipfile.ZipFile | Path, member: Member, budget: Budget) -> Unpacked:
    """The bytes of `member`. What is damaged or dangerous becomes a `problem`.

    Raises:
        DeliveryError: somebody writes to the file while it is read.
    """
    sha256, problem = hashlib.sha256(), None
    chunks: list[bytes] = []
    size = 0
    before = _state(member)
    try:
        with _open(handle, member) as source:
            while chunk := source.read(CHUNK_BYTES):
                size += len(chunk)
                budget.left -= len(chunk)
                sha256.update(chunk)
                _check_limits(member, size, budget)
                chunks.append(chunk)
    except Refused as refusal:
        problem = str(refusal)
    except OSError as error:
        problem = f"it cannot be read ({error}). {REMEDY}."
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError) as error:
        problem = f"it is damaged ({error}). {REMEDY}."
    if _state(member) != before:
        raise DeliveryError(
            f"{member.source}: this file changed while it was read, and nothing of it"
            " was loaded. Wait until it is complete, and run again."
        )
    data = b"" if problem else b"".join(chunks)
    return Unpacked(member, data, sha256.hexdigest(), size, problem)


def _state(member: Member) -> tuple[int, int] | None:
    """Size and time of change of a folder's own file; a zip's member has none."""
    if not isinstance(member.source, Path):
        return None
    try:
        state = member.source.stat()
    except OSError:
        return None
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
            f"it unpacks to more than {MEMBER_LIMIT_BYTES:,} bytes, more than any"
            f" month of crime. {REMEDY}."
        )
    if budget.left < 0:
        raise Refused(
            f"the archive unpacks to more than {ARCHIVE_LIMIT_BYTES:,} bytes, more"
            " than everything that was ever published. Give it in parts."
        )
    if isinstance(member.source, Path) or size <= RATIO_FREE_BYTES:
        return
    if size > RATIO_LIMIT * max(member.source.compress_size, 1):
        raise Refused(
            f"it unpacks to more than {RATIO_LIMIT} times its compressed size, which"
            f" no real file does. {REMEDY}."
        )
