"""Reads DuckDB files with plain error messages; replaces files completely or not."""

import errno
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from dagster_project.errors import DeliveryError

# For every connection: DuckDB must not download extensions.
SETTINGS = {
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
}
READ_ONLY = 0o440
# What analysts open is written so that clients as old as DuckDB 1.2 can read it.
STORAGE_VERSION = "v1.2.0"
# DuckDB raises the first kind for a file that is cut off or overwritten, and the second
# for a file with other tables.
UNREADABLE = (
    duckdb.IOException,
    duckdb.SerializationException,
    duckdb.InternalException,
    duckdb.FatalException,
)
OF_OTHER_CODE = (duckdb.CatalogException, duckdb.BinderException)
FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
PIECE = 1 << 30


@contextmanager
def reading(path: Path, remedy: str) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open a DuckDB file read-only while the context lasts.

    Args:
        path: the file.
        remedy: a sentence that says what to do if the file cannot be read.

    Raises:
        DeliveryError: the file is damaged or lacks a table that is read. It can also
            be raised later, when a damaged part is read.
    """
    with (
        readable(path, remedy),
        duckdb.connect(str(path), read_only=True, config=SETTINGS) as connection,
    ):
        yield connection


@contextmanager
def readable(path: Path, remedy: str) -> Iterator[None]:
    """Turn DuckDB's errors about a file into one sentence while the context lasts.

    Raises:
        DeliveryError: the file is damaged, or lacks a table that is read.
    """
    try:
        yield
    except duckdb.Error as error:
        reason = _reason(path, error)
        if reason is None:
            raise
        raise DeliveryError(f"{path}: {reason}. {remedy}") from error


def _reason(path: Path, error: duckdb.Error) -> str | None:
    words = str(error).splitlines()[0]
    # DuckDB raises the base class for a wrong checksum of a block.
    if type(error) is duckdb.Error or isinstance(error, UNREADABLE):
        # The error may be about another file, such as one that is being written.
        is_other = type(error) is duckdb.IOException and not (
            str(path) in str(error) or str(path.resolve()) in str(error)
        )
        return None if is_other else f"this file is damaged or locked ({words})"
    if isinstance(error, OF_OTHER_CODE):
        return f"this file lacks what this version of the program reads ({words})"
    return None


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Write a file beside `path`; rename it to `path` once it is on the disk.

    So `path` always has either its old content or the complete new content. What a
    killed process left of the unfinished file is removed first.

    Args:
        path: the file to replace. Its folder is made.

    Yields:
        The path to write to. No file is there yet.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(path.name + ".partial")
    _remove(partial)
    try:
        yield partial
        synchronise(partial)
        if wal(partial).exists():
            # DuckDB reports no error if it cannot write the file on closing.
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(partial))
        partial.replace(path)
        synchronise(path.parent)
    except BaseException:
        _remove(partial)
        raise


def copy(source: Path, target: Path) -> None:
    """Copy a file with its times; share blocks if the file system can.

    The copy is never a hard link: if somebody overwrote one, the other would change.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    with source.open("rb") as reader, target.open("wb") as writer:
        if not _copied_by_the_system(reader.fileno(), writer.fileno()):
            reader.seek(0)
            writer.seek(0)
            writer.truncate()
            shutil.copyfileobj(reader, writer)
    stamp = source.stat()
    os.utime(target, ns=(stamp.st_atime_ns, stamp.st_mtime_ns))


def copy_whole(source: Path, target: Path) -> None:
    """Copy a file or a folder, completely or not at all.

    Links within a folder are not copied, because they point outside it.
    """
    partial = target.parent.with_name(f"{target.parent.name}.{target.name}.partial")
    target.parent.mkdir(parents=True, exist_ok=True)
    _remove(partial)
    try:
        if source.is_dir():
            _copy_folder(source, partial)
        else:
            copy(source, partial)
        partial.rename(target)
    except BaseException:
        _remove(partial)
        raise


def wal(path: Path) -> Path:
    """Return the path of DuckDB's log: changes that are not yet in the file itself."""
    return path.with_name(path.name + ".wal")


def sql_text(value: Path | str) -> str:
    """Return a text as an SQL literal: `attach` and `comment` take no parameters."""
    return "'" + str(value).replace("'", "''") + "'"


@contextmanager
def room(failed: str) -> Iterator[None]:
    """Turn the errors of a full disk into one sentence while the context lasts.

    Args:
        failed: the start of that sentence: the file and what was not done, such as
            `data/publications: 2021-22-q2 was not published`.

    Raises:
        DeliveryError: no room is left on the disk.
    """
    try:
        yield
    except (OSError, duckdb.Error) as error:
        if not is_full(error):
            raise
        words = str(error).splitlines()[0]
        raise DeliveryError(
            f"{failed} ({words}). Make room on that disk, and run it again."
        ) from error


def is_full(error: OSError | duckdb.Error) -> bool:
    """Return whether something failed because no room is left on the disk."""
    # shutil combines the errors of many files into one that has no number.
    return os.strerror(errno.ENOSPC) in str(error) or (
        isinstance(error, OSError) and error.errno in FULL
    )


def freeze(folder: Path) -> None:
    """Make the folder's files read-only, and wait until they are on the disk."""
    for path in folder.rglob("*"):
        if path.is_file():
            path.chmod(READ_ONLY)
        synchronise(path)


def synchronise(path: Path) -> None:
    """Wait until a file, or the list of a folder's files, is on the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _copy_folder(source: Path, target: Path) -> None:
    # shutil.copytree would copy the modes too: only root could then move or remove the
    # copy of a read-only folder.
    target.mkdir()
    for path in sorted(source.iterdir()):
        if path.is_symlink():
            continue
        if path.is_dir():
            _copy_folder(path, target / path.name)
        else:
            copy(path, target / path.name)


def _copied_by_the_system(source: int, target: int) -> bool:
    """Let the kernel copy, which shares blocks on XFS and Btrfs; False if it cannot."""
    if not hasattr(os, "copy_file_range"):
        return False
    left = os.fstat(source).st_size
    try:
        while left:
            copied = os.copy_file_range(source, target, min(left, PIECE))
            if not copied:
                return False
            left -= copied
    except OSError:
        return False
    return True


def _remove(path: Path) -> None:
    """Remove a file and its log, or a folder."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    for left_over in (path, wal(path)):
        left_over.unlink(missing_ok=True)
