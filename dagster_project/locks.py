"""Locks of a data home. The operating system releases them if their process ends.

- `running.lock` is held by the one command or run that works in the home. It contains
  a random word, which the holder passes to the dbt that it starts.
- `dbt.lock` is held by the dbt process that a run has started. dbt survives a run that
  is killed, and it does not inherit the run's lock, so it takes a lock of its own.
- `service.lock` is held by `make up`, so that a home has one daemon.
- `dagster/at_work/<run id>` is held by the process of a Dagster run, from before the
  run waits for the home until the process ends.
"""

import fcntl
import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from dagster_project import settings
from dagster_project.console import say
from dagster_project.errors import DeliveryError
from dagster_project.settings import Home

RUNNING = "running.lock"
DBT = "dbt.lock"
SERVICE = "service.lock"
_held: set[Path] = set()
# Locks that end with this process: file numbers by path.
_kept: dict[Path, int] = {}


class OrphanError(Exception):
    """The run that started this dbt has ended."""


@contextmanager
def alone(home: Home) -> Iterator[None]:
    """Hold the home's lock while the context lasts.

    If another process has the lock, this says so and waits. It also waits for an
    orphan: the dbt of a run that was killed. If this process has the lock already, it
    does not wait.
    """
    if home.work in _held:
        yield
        return
    home.work.mkdir(parents=True, exist_ok=True)
    with _locked(home.work / RUNNING, lambda: _say_wait(home, "another run")) as lock:
        word = secrets.token_hex(16)
        # Overwrites the last word, which works on a full disk too.
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


@contextmanager
def serving(home: Home) -> Iterator[None]:
    """Hold the lock of the home's service while the context lasts.

    Raises:
        DeliveryError: another process serves the home.
    """
    home.work.mkdir(parents=True, exist_ok=True)
    lock = _opened(home.work / SERVICE)
    try:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise DeliveryError(
                f"{home.work}: make up is running for this home already. End it first."
            ) from error
        yield
    finally:
        os.close(lock)


def hold_as_dbt(work: Path) -> None:
    """Take dbt's lock of a home until this process ends.

    A dbt that was started by hand takes no lock. The order of the steps makes it safe:
    a new run first writes its word and then checks dbt's lock; dbt first takes its
    lock and then checks the word. So at least one of the two sees the other.

    Args:
        work: the folder of the home's work file.

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
    """Take the run's lock, until this process ends or calls `let_go_of_run`."""
    path = _file_of_run(home, run_id)
    if path not in _kept:
        path.parent.mkdir(parents=True, exist_ok=True)
        # Locked before it gets its name, so that nobody finds it unlocked.
        new = home.dagster / f"{run_id}.new"
        _kept[path] = _opened(new)
        fcntl.flock(_kept[path], fcntl.LOCK_EX)
        new.rename(path)


def let_go_of_run(home: Home, run_id: str) -> None:
    """Release the run's lock, once Dagster has recorded that the run is over."""
    path = _file_of_run(home, run_id)
    path.unlink()
    os.close(_kept.pop(path))


def is_at_work(home: Home, run_id: str) -> bool | None:
    """Return whether the run's process is alive; None if the run has no lock file."""
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
    """Remove the lock files of runs whose process has ended."""
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
