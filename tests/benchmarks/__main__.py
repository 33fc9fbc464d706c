"""Measures speed and memory: `make bench`, `make bench CRIMES=1000000 STREET=480000`.

Every measurement is a separate process, with its total time and peak memory. Machines
differ and are noisy, so read the ratios: dbt and the script run in turns.
"""

import argparse
import statistics
import sys
import tempfile
from pathlib import Path

from dagster_project import settings
from dagster_project.intake import contracts
from dagster_project.settings import Home
from tests.benchmarks import jobs, open_data
from tests.benchmarks.measuring import (
    ask,
    build,
    ingest,
    measure,
    publish,
    run_plain,
    times,
)
from tests.test_questions import questions

QUARTER = "2021-22-q2"
# The tables that the script makes, and their sources, without the report.
MART = "fct_rolling_12_months"
CHANGES = 1_000
# The questions of docs/questions.md that read crimes one by one, or their measures.
TYPICAL = (11, 12, 13, 14, 15, 16, 17, 18, 22, 23)
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
    """Make the demonstration's pack from nothing, as `make report` does after setup."""
    home = ("--data", str(root / "demonstration"))
    written = measure(*program("demo", *home))
    made = measure(*program("report", *home, "--quarter", QUARTER))
    print(f"demonstration extracts written        {written}")
    print(f"extracts to pack                      {made}")
    total = written.seconds + made.seconds
    print(f"both, one after the other             {total:7.1f} s")


def against_plain(root: Path, crimes: int, rounds: int) -> None:
    """Run dbt without its tests and one plain DuckDB script, in turns."""
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
    """Run on a later delivery with some changed crimes."""
    jobs.become_own(home)
    print(f"published whole                       {publish(home)}")
    asked = questions()
    taken = times(home.current, {number: asked[number] for number in TYPICAL})
    for number, seconds in taken.items():
        print(f"question {number} of docs/questions.md      {seconds:7.2f} s")
    print(f"the ten questions, one after another  {sum(taken.values()):7.2f} s")
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
