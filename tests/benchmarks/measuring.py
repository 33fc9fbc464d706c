"""Runs processes, and measures their total time and peak memory."""

import json
import os
import resource
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dagster_project import settings
from dagster_project.settings import Home
from dagster_project.transform import manifest

INGEST = """
import sys
from pathlib import Path
from dagster_project import settings
from dagster_project.releases import store
from dagster_project.intake import landing, load_log
home = settings.configure(Path(sys.argv[1]))
with load_log.warehouse(home.warehouse) as connection:
    for extract in landing.extracts_in_order():
        landing.take(connection, home, extract, lambda line: None)
    store.copy_to(connection, home)
"""
PUBLISH = """
import sys
from pathlib import Path
from dagster_project import settings
from dagster_project.warehouse import snapshot
snapshot.publish(settings.configure(Path(sys.argv[1])))
"""
QUERY = """
import json
import sys
import duckdb
with duckdb.connect(sys.argv[1], read_only=True) as connection:
    connection.execute("set enable_progress_bar = false")
    print(json.dumps(connection.execute(sys.argv[2]).fetchall()[0][0]))
"""
TIMED = """
import json
import sys
import time
import duckdb
for number, sql in json.load(sys.stdin).items():
    with duckdb.connect(sys.argv[1], read_only=True) as connection:
        connection.execute("set enable_progress_bar = false")
        start = time.monotonic()
        connection.execute(sql).fetchall()
        print(number, time.monotonic() - start)
"""
PLAIN = """
import sys
from pathlib import Path
import duckdb
sql = Path(sys.argv[2]).read_text()
for pair in sys.argv[3:]:
    sql = sql.replace(*pair.split("=", 1))
with duckdb.connect(sys.argv[1]) as connection:
    connection.execute("set threads = 2")
    connection.execute("drop schema if exists plain cascade")
    connection.execute(sql)
"""


class FailedError(Exception):
    """A process ended with an error; the message is its last line."""


@dataclass(frozen=True)
class Measured:
    """A finished process: wall and processor seconds, peak memory in megabytes.

    Processor seconds are those of its child processes too. The memory is that of the
    process that needed most. If the machine does other work, processor seconds vary
    less than the others.
    """

    seconds: float
    processor_seconds: float
    megabytes: float

    def __add__(self, other: "Measured") -> "Measured":
        """One process after the other."""
        return Measured(
            self.seconds + other.seconds,
            self.processor_seconds + other.processor_seconds,
            max(self.megabytes, other.megabytes),
        )

    def __str__(self) -> str:
        return (
            f"{self.seconds:7.1f} s  {self.processor_seconds:7.1f} s of processor"
            f"  {self.megabytes:7,.0f} MB"
        )


def measure(
    *command: str,
    cwd: Path = settings.REPOSITORY,
    environment: dict[str, str] | None = None,
    memory: int | None = None,
) -> Measured:
    """Run a command to its end; measure it with its child processes.

    Args:
        environment: variables beside those of this process.
        memory: the megabytes that the process may use; None is no limit.

    Raises:
        FailedError: the command ended with an error.
    """

    def limit() -> None:
        if memory:
            most = memory * 1024 * 1024
            resource.setrlimit(resource.RLIMIT_DATA, (most, most))

    start = time.monotonic()
    process = subprocess.Popen(
        command,
        cwd=cwd,
        env=os.environ | (environment or {}),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        preexec_fn=limit,
    )
    output = process.stdout.read().strip()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        print(output[-4000:], file=sys.stderr)
        last = output.splitlines()[-1] if output else "it wrote nothing"
        raise FailedError(f"ended with {process.returncode}: {last}")
    return Measured(
        time.monotonic() - start,
        usage.ru_utime + usage.ru_stime,
        usage.ru_maxrss / 1024,
    )


def ingest(home: Home) -> Measured:
    """Load all extracts of the home into `raw`, and everything else that dbt reads."""
    return measure(sys.executable, "-c", INGEST, str(home.root))


def publish(home: Home) -> Measured:
    """Publish a new version of the file."""
    return measure(sys.executable, "-c", PUBLISH, str(home.root))


def ask(database: Path, sql: str) -> Any:
    """Return the one value that a query gives, from a separate process.

    Otherwise this process's memory would count in those that it starts later.
    """
    command = (sys.executable, "-c", QUERY, str(database), sql)
    answer = subprocess.run(command, capture_output=True, text=True, check=True)
    return json.loads(answer.stdout)


def times(database: Path, queries: dict[int, str]) -> dict[int, float]:
    """Seconds of each query, in a connection of its own."""
    answer = subprocess.run(
        (sys.executable, "-c", TIMED, str(database)),
        input=json.dumps(queries),
        capture_output=True,
        text=True,
        check=True,
    )
    pairs = (line.split() for line in answer.stdout.splitlines())
    return {int(number): float(seconds) for number, seconds in pairs}


def build(*selection: str) -> Measured:
    """Build dbt's seeds and models, without their tests, in the configured home.

    The project is parsed before, as in a run of the jobs.
    """
    manifest.prepared()
    dbt = (str(settings.DBT_EXECUTABLE), "--quiet", "build", "--no-write-json")
    without_tests = ("--exclude-resource-type", "test", "unit_test")
    return measure(*dbt, *without_tests, *selection, cwd=settings.DBT_PROJECT)


def run_plain(database: Path, script: Path, **values: str) -> Measured:
    """Run a script of plain SQL into the schema `plain` of a database.

    `{seeds}` and the placeholders in `values` are filled in.
    """
    pairs = [f"{{{name}}}={value}" for name, value in values.items()]
    pairs.append(f"{{seeds}}={settings.SEEDS}")
    return measure(sys.executable, "-c", PLAIN, str(database), str(script), *pairs)
