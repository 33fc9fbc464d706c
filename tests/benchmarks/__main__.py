"""Speed and memory, measured: `make bench`, `make bench CRIMES=1000000 STREET=480000`.

Everything is a process of its own, timed whole, with its peak memory. Machines differ
and are noisy: read the ratios, which come from one run, dbt and the script in turns.
"""

import argparse
import statistics
import sys
import tempfile
from pathlib import Path

from dagster_project import settings
from dagster_project.intake import contracts, extracts, landing
from dagster_project.settings import Home
from tests.benchmarks import jobs, open_data
from tests.benchmarks.measuring import ask, build, ingest, measure, publish, run_plain

QUARTER = "2021-22-q2"
# What the script makes, and all that it is made from; the report is not in it.
MART = "fct_rolling_12_months"
CHANGES = 1_000
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
    home = settings.configure(root / "large")
    options = ("--data", str(home.root), "--crimes", str(crimes))
    print(
        f"{crimes:,} crimes written            "
        f"{measure(*program('demo', *options, '--format', 'parquet'))}"
    )
    print(f"ingested                              {ingest(home)}")
    script = Path(__file__).with_name("plain.sql")
    ratios = []
    for _ in range(rounds):
        by_dbt = build("--full-refresh", "--select", f"+{MART}")
        by_hand = run_plain(home.warehouse, script)
        ratios.append(by_dbt.seconds / by_hand.seconds)
        print(f"dbt up to the same mart               {by_dbt}")
        print(f"plain script                          {by_hand}")
        print(f"ratio                                 {ratios[-1]:7.2f}")
    print(f"median ratio                          {statistics.median(ratios):7.2f}")
    print(f"dbt, every seed and model             {build('--full-refresh')}")
    different = ask(home.warehouse, DIFFERENT)
    print(f"rows of dbt that the script has not   {different:7,}")
    a_day(home)


def a_day(home: Home) -> None:
    """A later delivery of some changed crimes on top of all of them."""
    # From here on a force's own home: the demonstration's takes no other file.
    landing.remember_force(home, landing.force_of(home))
    (home.landing / extracts.MARK).unlink()
    print(f"published whole                       {publish(home)}")
    path = home.landing / "crimes" / "crimes_20211118T060000.csv"
    columns = {name: name for name in contracts.load_contract("crimes").columns}
    columns["crime_status"] = "'Cancelled' as crime_status"
    ask(
        home.warehouse,
        f"copy (select {', '.join(columns.values())} from raw.crimes"
        f" using sample {CHANGES} rows (reservoir, 1)) to '{path}' (header)",
    )
    before = file_sizes(home)
    print(f"a day of {CHANGES:,} changes, ingested    {ingest(home)}")
    print(f"dbt up to the same mart               {build('--select', f'+{MART}')}")
    print(f"dbt, every seed and model             {build()}")
    print(f"published                             {publish(home)}")
    for name, size in file_sizes(home).items():
        grown = (size - before[name]) / 1024 / 1024
        print(f"the {name} file has grown by     {grown:12.1f} MB")


def file_sizes(home: Home) -> dict[str, int]:
    files = {"work": home.warehouse, "published": home.current}
    return {name: path.stat().st_size for name, path in files.items()}


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--crimes", type=int, default=10_000_000)
    parser.add_argument("--street", type=int, default=4_800_000)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="strandline_bench_") as folder:
        if options.crimes:
            jobs.measure_all(Path(folder) / "jobs", options.crimes, options.rounds)
            demonstration(Path(folder))
            against_plain(Path(folder), options.crimes, options.rounds)
        if options.street:
            open_data.against_plain(Path(folder), options.street, options.rounds)


if __name__ == "__main__":
    main()
