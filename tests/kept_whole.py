"""Runs `publish` in a process that kills itself at a chosen step, and checks the rest.

    python -m tests.kept_whole <home> <quarter> <spread> <last>

prints, for a sample of steps, what a later process finds and whether publishing again
succeeds. A step is one of Python's audit events (a file is opened, renamed, created …)
for a path in the home's publications. The process kills itself as the operating system
would.
"""

import json
import os
import shutil
import signal
import sys
from collections.abc import Callable
from pathlib import Path

import duckdb

from dagster_project import settings
from dagster_project.errors import DeliveryError
from dagster_project.releases import freeze, store, verification
from dagster_project.settings import Home

NEVER = 1 << 30


def in_another_process(do: Callable[[], object]) -> object:
    """Return what `do` returns, through JSON; None if its process dies."""
    reading, writing = os.pipe()
    if not (process := os.fork()):
        os.close(reading)
        try:
            os.write(writing, json.dumps(do()).encode())
        finally:
            os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as pipe:
        said = pipe.read()
    os.waitpid(process, 0)
    return json.loads(said) if said else None


def published(home: Home, quarter: str, last_step: int) -> list:
    """Publish and die at a step; otherwise return the number of steps and the
    version.
    """
    steps = 0

    def step(event: str, arguments: tuple) -> None:
        nonlocal steps
        names = (str(each) for each in arguments if isinstance(each, str | Path))
        if any(str(home.publications) in name for name in names):
            steps += 1
            if steps == last_step:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(step)
    try:
        came_to = freeze.publish(home, quarter)
    except DeliveryError as error:
        came_to = str(error)
    return [steps, came_to]


def found(home: Home, quarter: str) -> dict[str, object]:
    """Return what the next run reads, and whether each publication in it is
    complete.
    """
    with duckdb.connect() as warehouse:
        warehouse.execute("create schema raw")
        store.copy_to(warehouse, home)
        rows = warehouse.execute(
            "select version, (select count(*) from raw.publication_figures as figures"
            " where figures.version = publications.version)"
            " from raw.publications order by all"
        ).fetchall()
    changed = [verification.changed(home, quarter, version) for version, _ in rows]
    left = [str(p) for p in home.publications.glob("**/*.wal")]
    return {"rows": rows, "changed": changed, "logs": left}


def main(root: str, quarter: str, spread_over: str, last_ones: str) -> None:
    """Try some of all steps, and each of the last ones, in which files are renamed."""
    some, last = int(spread_over), int(last_ones)
    home = settings.configure(Path(root))
    steps, version = in_another_process(lambda: published(home, quarter, NEVER))
    assert version == 1, version
    whole = in_another_process(lambda: found(home, quarter))
    spread = {1 + (steps - last) * each // some for each in range(some)}
    for last_step in sorted(spread | set(range(steps - last + 1, steps + 1))):
        shutil.rmtree(home.publications)
        died = in_another_process(lambda step=last_step: published(home, quarter, step))
        left = in_another_process(lambda: found(home, quarter))
        again = in_another_process(lambda: published(home, quarter, NEVER))
        after = in_another_process(lambda: found(home, quarter))
        print(json.dumps([last_step, died, left, again and again[1], after, whole]))


if __name__ == "__main__":
    main(*sys.argv[1:])
