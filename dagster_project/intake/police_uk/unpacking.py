"""Unpacks the members of an archive one by one, and enforces limits on their size."""

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
# Twenty times the largest real file, a month of London with about 25 MB.
MEMBER_LIMIT_BYTES = 512 * 1024 * 1024
# Everything published since December 2010, all forces and kinds, has about 25 GB.
ARCHIVE_LIMIT_BYTES = 64 * 1024 * 1024 * 1024
# Real files are compressed by a factor of 3 to 7; the method allows 1,032. Small files
# are exempt, because a few identical lines are compressed well and do no harm.
RATIO_LIMIT = 100
RATIO_FREE_BYTES = 8 * 1024 * 1024


class Refused(Exception):
    """A member cannot be taken; the message is one sentence with the remedy."""


@dataclass
class Budget:
    """The number of bytes to which the rest of an archive may still unpack."""

    left: int


@dataclass(frozen=True)
class Unpacked:
    """A member's bytes with their hash, or the reason why they cannot be taken.

    If there is a `problem`, `data` is empty; `bytes` and `sha256` are of the bytes that
    were read before it.
    """

    member: Member
    data: bytes
    sha256: str
    bytes: int
    problem: str | None = None


def unpack(handle: zipfile.ZipFile | Path, member: Member, budget: Budget) -> Unpacked:
    """Read the bytes of a member; damage or danger is returned as a `problem`.

    Raises:
        DeliveryError: the file was changed while it was read.
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
    """Return (bytes, mtime_ns) of a folder's file; None for a zip's member."""
    if not isinstance(member.source, Path):
        return None
    try:
        state = member.source.stat()
    except OSError:
        return None
    return state.st_size, state.st_mtime_ns


def batches(members: Sequence[Member], limit_bytes: int) -> list[list[Member]]:
    """Sort members by month and force, and divide them into batches of limited size.

    Two versions of one force and month are never in one batch, because the later
    version must find the earlier one in the load log.

    Args:
        limit_bytes: unpacked bytes of a batch; a larger member is a batch by itself.
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
