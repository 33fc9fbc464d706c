"""Compares a national archive of the open data with one plain script on the same files.

The archive has 13 generated months of every force, in data.police.uk's layout: by
default 4.8 million street rows and 3.5 million outcomes.
"""

import statistics
import sys
from pathlib import Path

import duckdb

from dagster_project import settings
from dagster_project.intake import landing
from tests.benchmarks.measuring import ask, build, ingest, measure, run_plain

MONTHS = 13
OUTCOMES_PER_CRIME = 3.5 / 4.8
# The tables that the script makes, up to the long fact that all sources share.
MART = "fct_open_crimes_monthly"


def write_archive(folder: Path, street_rows: int) -> None:
    """Generate the archive's files in `folder`/archive, as a folder per month."""
    sql = Path(__file__).with_name("national.sql").read_text(encoding="utf-8")
    values = {
        "seeds": settings.SEEDS,
        "folder": folder,
        "months": MONTHS,
        "street_rows": street_rows,
        "outcome_rows": round(street_rows * OUTCOMES_PER_CRIME),
    }
    for name, value in values.items():
        sql = sql.replace(f"{{{name}}}", str(value))
    folder.mkdir(parents=True)
    with duckdb.connect() as connection:
        connection.execute("set threads = 1")  # One file for each force and month.
        connection.execute(sql)
    archive = folder / "archive"
    for kind in ("street", "outcomes"):
        for path in (folder / kind).rglob("*.csv"):
            month, force = (part.split("=")[1] for part in path.parts[-3:-1])
            target = archive / month / f"{month}-{force}-{kind}.csv"
            target.parent.mkdir(parents=True, exist_ok=True)
            path.rename(target)


def against_plain(root: Path, street_rows: int, rounds: int) -> None:
    """Build from files to marts with Strandline and with the script, in turns."""
    folder = root / "national"
    # A process of its own, or its memory would count as that of those started later.
    made = measure(
        sys.executable,
        "-m",
        "tests.benchmarks.open_data",
        str(folder),
        str(street_rows),
    )
    archive = folder / "archive"
    script = Path(__file__).with_name("plain_open_data.sql")
    print(f"{street_rows:,} street rows written           {made}")
    ratios, of_processor = [], []
    for number in range(rounds):
        home = settings.configure(root / f"home_{number}", landing.ALL_FORCES)
        landing.deliver_archive(home, archive)
        taken = ingest(home)
        built = build("--select", f"+{MART}")
        plain = root / f"plain_{number}.duckdb"
        by_hand = run_plain(plain, script, archive=str(archive))
        ratios.append((taken.seconds + built.seconds) / by_hand.seconds)
        of_processor.append(
            (taken.processor_seconds + built.processor_seconds)
            / by_hand.processor_seconds
        )
        print(f"open data, ingested                   {taken}")
        print(f"open data, dbt up to the mart         {built}")
        print(f"plain script                          {by_hand}")
        print(f"ratio                                 {ratios[-1]:7.2f}")
        print(f"ratio of processor seconds            {of_processor[-1]:7.2f}")
    print(f"median ratio                          {statistics.median(ratios):7.2f}")
    median = statistics.median(of_processor)
    print(f"median ratio of processor seconds     {median:7.2f}")
    print(
        f"rows of dbt that the script has not   {_different(home.warehouse, plain):7,}"
    )


def _different(warehouse: Path, plain: Path) -> int:
    columns = """
        force_code, area_level, area_code, crime_type, month, crime_count,
        crimes_12_months, positive_12_months, known_outcome_12_months,
        positive_12_months_pct, mean_months_to_outcome, rate_per_1000
    """
    made = f"select {columns} from marts.{MART}"
    made += " where crimes_12_months is not null and crime_type <> 'All crime'"
    return ask(
        warehouse,
        f"attach '{plain}' as script (read_only);"
        f" select count(*) from ({made} except all"
        f" select {columns} from script.plain.monthly)",
    )


if __name__ == "__main__":
    write_archive(Path(sys.argv[1]), int(sys.argv[2]))
