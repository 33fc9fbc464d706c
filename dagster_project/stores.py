"""Files that others rely on: read with one sentence, replaced whole or not at all."""

import errno
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from dagster_project.errors import DeliveryError

# Of every connection. No extension may be fetched: only what the wheel carries is used.
SETTINGS = {
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
}
READ_ONLY = 0o444
# Of a file that is cut off or overwritten; of one that holds other tables.
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
    """A DuckDB file, open to be read for as long as the context lasts.

    Args:
        path: the file.
        remedy: what to do where it cannot be read: a sentence.

    Raises:
        DeliveryError: the file is damaged, be it in a part that is read late, or does
            not hold what is read.
    """
    with (
        readable(path, remedy),
        duckdb.connect(str(path), read_only=True, config=SETTINGS) as connection,
    ):
        yield connection


@contextmanager
def readable(path: Path, remedy: str) -> Iterator[None]:
    """Whatever is read of a DuckDB file meanwhile: a sentence where that fails.

    Raises:
        DeliveryError: the file is damaged, or does not hold what is read.
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
    # The checksum of a block has no class of its own.
    if type(error) is duckdb.Error or isinstance(error, UNREADABLE):
        # Not where another file is to blame, such as one that is written.
        is_other = type(error) is duckdb.IOException and not (
            str(path) in str(error) or str(path.resolve()) in str(error)
        )
        return None if is_other else f"this file is damaged or locked ({words})"
    if isinstance(error, OF_OTHER_CODE):
        return f"this file lacks what this version of the program reads ({words})"
    return None


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """A file beside `path`, that takes its place once it is written and on the disk.

    What a process that was killed left of such a file is removed first; `path` itself
    is as it was, or as it shall be, at every moment.

    Args:
        path: the file to write; its folder is made.

    Yields:
        Where to write. Nothing is there yet.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(path.name + ".partial")
    _remove(partial)
    try:
        yield partial
        synchronise(partial)
        if wal(partial).exists():
            # DuckDB says nothing of a file that it could not write as it closed.
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(partial))
        partial.replace(path)
        synchronise(path.parent)
    except BaseException:
        _remove(partial)
        raise


def copy(source: Path, target: Path) -> None:
    """Copy a file with its times; blocks are shared where the file system can do it.

    A copy is never a second name of the same file (a hard link): whoever overwrites one
    would change the other.
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
    """Copy a file, or a folder of them, to a place that has all of it or nothing.

    Links within a folder are left out: what they point to is not of the folder.
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
    """DuckDB's log of a file: what was committed and is not in the file yet."""
    return path.with_name(path.name + ".wal")


def sql_text(value: Path | str) -> str:
    """A path or a text as SQL text: `attach` and `comment` take no parameters."""
    return "'" + str(value).replace("'", "''") + "'"


@contextmanager
def room(failed: str) -> Iterator[None]:
    """A sentence where the disk is full.

    Args:
        failed: what could not be written and how things are now: a sentence's words.

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
    """Whether something failed because no room is left on the disk."""
    # shutil puts the errors of many files into one, which has no number.
    return os.strerror(errno.ENOSPC) in str(error) or (
        isinstance(error, OSError) and error.errno in FULL
    )


def freeze(folder: Path) -> None:
    """Let nobody write to the folder's files, and have them on the disk."""
    for path in folder.rglob("*"):
        if path.is_file():
            path.chmod(READ_ONLY)
        synchronise(path)


def synchronise(path: Path) -> None:
    """Wait until a file, or the names in a folder, would outlive a power cut."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _copy_folder(source: Path, target: Path) -> None:
    # shutil.copytree gives a copy the modes of its folder: nobody but root could move
    # or remove the copy of a folder that is read-only.
    target.mkdir()
    for path in sorted(source.iterdir()):
        if path.is_symlink():
            continue
        if path.is_dir():
            _copy_folder(path, target / path.name)
        else:
            copy(path, target / path.name)


def _copied_by_the_system(source: int, target: int) -> bool:
    """Whether the kernel has copied all, sharing blocks where it can (XFS, Btrfs)."""
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
    """A file with DuckDB's log of it, or a folder."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    for left_over in (path, wal(path)):
        left_over.unlink(missing_ok=True)
