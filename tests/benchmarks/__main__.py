"""Speed and memory, measured: `make bench`, `make bench CRIMES=1000000`.

Everything is a process of its own, timed whole, with its peak memory. Machines differ
and are noisy: read the ratios, which come from one run, dbt and the script in turns.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import duckdb

from dagster_project import paths

QUARTER = "2021-22-q2"
INGEST = """
import sys
from pathlib import Path
from dagster_project import paths, publications
from dagster_project.sources import landing, register
home = paths.configure(Path(sys.argv[1]))
with register.warehouse(home.warehouse) as connection:
    for extract in landing.extracts_in_order():
        landing.take(connection, home, extract, lambda line: None)
    publications.copy_to(connection, home)
"""
PLAIN = """
import sys
from pathlib import Path
import duckdb
sql = Path(sys.argv[2]).read_text().replace("{seeds}", sys.argv[3])
with duckdb.connect(sys.argv[1]) as connection:
    connection.execute("set threads = 2")
    connection.execute("drop schema if exists plain cascade")
    connection.execute(sql)
"""
DIFFERENT = """
    select count(*) from (
        (
            select measure_code, month, area_code, value
            from marts.fct_measures_monthly
            where is_supplied and measure_code in (
                select measure_code from plain.fct_measures_monthly
            )
            except all
            from plain.fct_measures_monthly
        )
        union all
        (
            select crime_id, null, measure_code, null from marts.fct_crime_measures
            except all
            select crime_id, null, measure_code, null from plain.fct_crime_measures
        )
    )
"""


@dataclass(frozen=True)
class Measured:
    """A finished process: wall seconds and peak memory in megabytes."""

    seconds: float
    megabytes: float

    def __str__(self) -> str:
        return f"{self.seconds:7.1f} s  {self.megabytes:7,.0f} MB"


def measure(*command: str, cwd: Path = paths.REPOSITORY) -> Measured:
    """Run a command to its end, with its children's peak memory."""
    start = time.monotonic()
    process = subprocess.Popen(
        command, cwd=cwd, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    )
    errors = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{' '.join(command)} failed:\n{errors}")
    return Measured(time.monotonic() - start, usage.ru_maxrss / 1024)


def program(*arguments: str) -> tuple[str, ...]:
    return (sys.executable, "-m", "dagster_project", *arguments)


def demonstration(root: Path) -> None:
    """From nothing to the pack, as `make report` does it after set-up."""
    home = ("--data", str(root / "demonstration"))
    written = measure(*program("demo", *home))
    made = measure(*program("report", *home, "--quarter", QUARTER))
    print(f"demonstration extracts written        {written}")
    print(f"extracts to pack                      {made}")
    total = written.seconds + made.seconds
    print(f"both, one after the other             {total:7.1f} s")


def against_plain(root: Path, crimes: int, rounds: int) -> None:
    """dbt without its tests against one plain DuckDB script, in turns."""
    home = paths.configure(root / "large")
    options = ("--data", str(home.root), "--crimes", str(crimes))
    print(
        f"{crimes:,} crimes written            "
        f"{measure(*program('demo', *options, '--format', 'parquet'))}"
    )
    ingested = measure(sys.executable, "-c", INGEST, str(home.root))
    print(f"ingested                              {ingested}")
    dbt = (str(Path(sys.executable).with_name("dbt")), "--quiet", "build")
    without_tests = ("--exclude-resource-type", "test", "unit_test")
    plain = (sys.executable, "-c", PLAIN, str(home.warehouse))
    script = (str(Path(__file__).with_name("plain.sql")), str(paths.SEEDS))
    ratios = []
    for _ in range(rounds):
        by_dbt = measure(*dbt, *without_tests, cwd=paths.DBT_PROJECT)
        by_hand = measure(*plain, *script)
        ratios.append(by_dbt.seconds / by_hand.seconds)
        print(f"dbt, seeds and models                 {by_dbt}")
        print(f"plain script                          {by_hand}")
        print(f"ratio                                 {ratios[-1]:7.2f}")
    print(f"median ratio                          {statistics.median(ratios):7.2f}")
    with duckdb.connect(str(home.warehouse), read_only=True) as connection:
        different = connection.execute(DIFFERENT).fetchall()[0][0]
    print(f"rows of dbt that the script has not   {different:7,}")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--crimes", type=int, default=10_000_000)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="strandline_bench_") as folder:
        demonstration(Path(folder))
        against_plain(Path(folder), options.crimes, options.rounds)


if __name__ == "__main__":
    main()
