"""Who is at work in a home: locks of the operating system, which end with their holder.

- `running.lock` belongs to the one command or run that works in the home. It contains
  a word that its holder has made up, and that the holder's dbt knows.
- `dbt.lock` belongs to the dbt process that a run has started. dbt outlives a run that
  is killed, and Python passes no open file on to it, so dbt takes a lock of its own.
- `dagster/at_work/<run id>` belongs to the process of a run of Dagster's, from before
  the run waits for the home to the end of the process.
"""

import fcntl
import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from dagster_project import settings
from dagster_project.console import say
from dagster_project.settings import Home

RUNNING = "running.lock"
DBT = "dbt.lock"
_held: set[Path] = set()
# Locks that end with this process: file numbers by path.
_kept: dict[Path, int] = {}


class OrphanError(Exception):
    """The run that started this dbt has ended."""


@contextmanager
def alone(home: Home) -> Iterator[None]:
    """One command or run at a time in a home: another one waits, and says so.

    What a process does in a home that it has already, it does at once. An orphan, the
    dbt of a run that was killed, is waited for too.
    """
    if home.work in _held:
        yield
        return
    home.work.mkdir(parents=True, exist_ok=True)
    with _locked(home.work / RUNNING, lambda: _say_wait(home, "another run")) as lock:
        word = secrets.token_hex(16)
        # In the place of the last word: this needs no room on a full disk.
        os.pwrite(lock, word.encode(), 0)
        with settings.holder(word):
            orphan = "dbt of a run that was ended"
            with _locked(home.work / DBT, lambda: _say_wait(home, orphan)):
                pass
            _held.add(home.work)
            try:
                yield
            finally:
                _held.remove(home.work)


def hold_as_dbt(work: Path) -> None:
    """Take dbt's lock of the home whose work file is in `work`, until the process ends.

    dbt that nobody's run has started takes none. The order makes it safe: a new run
    first writes its word and then looks whether dbt is at work, and dbt does the
    opposite, so that at least one of the two sees the other.

    Raises:
        OrphanError: another run has the home by now.
    """
    word = settings.holder_word()
    if word is None or work / DBT in _kept:
        return
    _kept[work / DBT] = _opened(work / DBT)
    fcntl.flock(_kept[work / DBT], fcntl.LOCK_EX)
    if (work / RUNNING).read_text(encoding="utf-8") != word:
        raise OrphanError("The run that started this dbt has ended.")


def hold_as_run(home: Home, run_id: str) -> None:
    """Say that this process executes the run, until it ends or lets go."""
    path = _file_of_run(home, run_id)
    if path not in _kept:
        path.parent.mkdir(parents=True, exist_ok=True)
        # Under its name the file has been locked from the first moment.
        new = home.dagster / f"{run_id}.new"
        _kept[path] = _opened(new)
        fcntl.flock(_kept[path], fcntl.LOCK_EX)
        new.rename(path)


def let_go_of_run(home: Home, run_id: str) -> None:
    """Say that the run is over, and that Dagster knows it."""
    path = _file_of_run(home, run_id)
    path.unlink()
    os.close(_kept.pop(path))


def is_at_work(home: Home, run_id: str) -> bool | None:
    """Whether the run's process lives; none where no process has taken the run yet."""
    try:
        lock = os.open(_file_of_run(home, run_id), os.O_RDWR)
    except FileNotFoundError:
        return None
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(lock)
    return False


def forget_runs(home: Home) -> None:
    """Remove the files of runs whose process has ended."""
    for path in (home.dagster / "at_work").glob("*"):
        if is_at_work(home, path.name) is False:
            with suppress(FileNotFoundError):
                path.unlink()


def _file_of_run(home: Home, run_id: str) -> Path:
    return home.dagster / "at_work" / run_id


@contextmanager
def _locked(path: Path, say_wait: Callable[[], None]) -> Iterator[int]:
    lock = _opened(path)
    try:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say_wait()
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield lock
    finally:
        os.close(lock)


def _opened(path: Path) -> int:
    return os.open(path, os.O_RDWR | os.O_CREAT, 0o666)


def _say_wait(home: Home, who: str) -> None:
    say(f"{who} is using {home.work}. Waiting until it has ended")
