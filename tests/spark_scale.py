"""Measures what the counting part costs on DuckDB and on Spark, and compares the two.

`.venv/bin/python -m tests.spark_scale 1000000 data` uses the SQL that dbt compiled in
the home `data`, which has one finished run. Processor time is that of a process and of
those that it started, Java among them: other work on the machine changes it little.
"""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from dagster_project import settings, stores
from dagster_project.intake import load_log
from dagster_project.settings import Home
from dagster_project.transform import spark
from tests import compiled_run, test_spark
from tests.conftest import Result

MEGABYTE = 1 << 20


def processes() -> dict[int, tuple[int, float, int]]:
    """Return each process → its parent, its processor seconds and its bytes."""
    found = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text("utf-8").rpartition(")")[2].split()
        except OSError:  # It has ended.
            continue
        seconds = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
        memory = int(fields[21]) * os.sysconf("SC_PAGE_SIZE")
        found[int(path.parent.name)] = (int(fields[1]), seconds, memory)
    return found


def descendants(root: int, running: dict[int, tuple[int, float, int]]) -> set[int]:
    """Return a process and all that it started, if they run."""
    found, size = {root} & running.keys(), -1
    while size != len(found):
        size = len(found)
        found |= {number for number, (parent, *_) in running.items() if parent in found}
    return found


def measured(engine: str, *arguments: str) -> str:
    """Run one engine in a process of its own; return what it cost, as a table's row."""
    start = time.monotonic()
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.spark_scale", engine, *arguments],
        cwd=settings.REPOSITORY,
    )
    seconds: dict[int, float] = {}
    peak = 0
    while process.poll() is None:
        running = processes()
        memory = 0
        for number in descendants(process.pid, running):
            _, seconds[number], used = running[number]
            memory += used
        peak = max(peak, memory)
        time.sleep(0.2)
    if process.returncode:
        sys.exit(f"{engine}: exit code {process.returncode}")
    return (
        f"| {engine} | {sum(seconds.values()):.0f} | {time.monotonic() - start:.0f}"
        f" | {peak // MEGABYTE:,} |"
    )


def run(engine: str, root: str, built: str) -> None:
    """Count with one engine, in a home that has its deliveries."""
    home = Home(Path(root))
    if engine == "spark":
        spark.count(home)
        return
    with load_log.warehouse(home.warehouse) as connection:
        compiled = compiled_run.compiled_in(Home(Path(built)).dbt_target)
        compiled.build(connection, *test_spark.COUNTED, computes_views=False)


def main(crimes: int, built: Path) -> None:
    """Print what both engines cost for this number of crimes, and how they differ."""
    with tempfile.TemporaryDirectory(prefix="strandline_scale_") as folder:
        home = Home(Path(folder) / "home")
        home.landing.mkdir(parents=True)
        compiled_run.warehouse_of(Result(Home(built), "", 0), home)
        with load_log.warehouse(home.warehouse) as connection:
            test_spark.deliver(connection, home, crimes)
        print(f"{crimes:,} crimes, {os.cpu_count()} processors")
        print("| engine | processor s | s | peak MB |\n|---|---:|---:|---:|")
        for engine in ("duckdb", "spark"):
            print(measured(engine, str(home.root), str(built)), flush=True)
        print(test_spark.differences(home, *test_spark.COUNTED) or "no difference")


if __name__ == "__main__":
    stores.SETTINGS["threads"] = str(os.cpu_count())
    if sys.argv[1].isdigit():
        main(int(sys.argv[1]), Path(sys.argv[2]).resolve())
    else:
        run(*sys.argv[1:])
