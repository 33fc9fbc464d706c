"""Compares a national archive of the open data with one plain script on the same files.

The archive has 13 generated months of every force, in data.police.uk's layout: by
default 4.8 million street rows and 3.5 million outcomes.
"""

import shutil
import sys
from dataclasses import replace
from pathlib import Path

import duckdb

from dagster_project import settings
from dagster_project.intake import landing
from tests.benchmarks import results
from tests.benchmarks.measuring import ask, build, ingest, measure, run_plain
from tests.benchmarks.results import Job, Results

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


def against_plain(found: Results, root: Path, street_rows: int, rounds: int) -> None:
    """Build from files to marts with Strandline and with the script, in turns."""
    folder = root / "national"
    # A process of its own, or its memory would count as that of those started later.
    measure(
        sys.executable,
        "-m",
        "tests.benchmarks.open_data",
        str(folder),
        str(street_rows),
    )
    archive = folder / "archive"
    script = Path(__file__).with_name("plain_open_data.sql")
    job = Job(results.OPEN_DATA, street_rows, "csv")
    theirs = replace(job, who=results.PLAIN)
    for number in range(rounds):
        home = settings.configure(root / f"home_{number}", landing.ALL_FORCES)
        landing.deliver_archive(home, archive)
        found.add(job, ingest(home) + build("--full-refresh", "--select", f"+{MART}"))
        plain = root / f"plain_{number}.duckdb"
        found.add(theirs, run_plain(plain, script, archive=str(archive)))
        if number < rounds - 1:
            shutil.rmtree(home.root)
            plain.unlink()
    found.compared[theirs] = _compare(home.warehouse, plain)
    cells, different = found.compared[theirs]
    print(f"{theirs}: {different:,} of {cells:,} rows differ", flush=True)


def _compare(warehouse: Path, plain: Path) -> tuple[int, int]:
    columns = """
        force_code, area_level, area_code, crime_type, month, crime_count,
        crimes_12_months, positive_12_months, known_outcome_12_months,
        positive_12_months_pct, mean_months_to_outcome, rate_per_1000
    """
    sql = f"""
        attach '{plain}' as script (read_only);
        create temp view ours as
        select {columns} from marts.{MART}
        where crimes_12_months is not null and crime_type <> 'All crime';
        create temp view theirs as select {columns} from script.plain.monthly;
        select [
            (select count(*) from ours),
            (select count(*) from (from ours except all from theirs))
            + (select count(*) from (from theirs except all from ours))
        ]
    """
    compared, different = ask(warehouse, sql)
    return compared, different


if __name__ == "__main__":
    write_archive(Path(sys.argv[1]), int(sys.argv[2]))
