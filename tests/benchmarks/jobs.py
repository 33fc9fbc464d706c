"""Whole jobs: from delivered files to the published file, with every test of dbt.

Rivals do the same work from the same files, as far as the months: a plain DuckDB script
that reads the files, a pandas script and a polars script. Their cells are compared with
those that were published. The figures go to docs/benchmarks.md.
"""

import math
import os
import platform
import shutil
import statistics
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from dagster_project import settings
from dagster_project.intake import contracts, extracts, landing
from dagster_project.settings import Home
from tests.benchmarks.measuring import Measured, ask, ingest, measure, run_plain

PAGE = settings.REPOSITORY / "docs" / "benchmarks.md"
HERE = Path(__file__).parent
QUARTER = "2021-22-q2"
CHANGES = 1_000
OURS = "Strandline, published, with tests"
# polars is not one of the project's packages, and takes part where it is installed.
LIBRARIES = ["pandas", *(["polars"] if find_spec("polars") else [])]
SMALL_FILES, SMALL_LINES = 1_000, 100
JOB = """
import sys
from pathlib import Path
from dagster_project import locks, runs, settings
home = settings.configure(Path(sys.argv[1]))
with locks.alone(home):
    runs.run(sys.argv[2], sys.argv[3] if len(sys.argv) > 3 else None)
"""
READERS = {
    "parquet": "read_parquet('{folder}/*.parquet', filename = true)",
    "csv": "read_csv('{folder}/*.csv', all_varchar = true, filename = true,"
    " quote = '\"', ignore_errors = true)",
}
# Cells of the published file that a rival does not have, and the other way round, of
# the months that were supplied: a rival does not know which were.
DIFFERENT = """
    with ours as (
        select measure_code, month, area_code, value::bigint as value
        from marts.fct_measures_monthly
        where is_supplied and measure_code in (select measure_code from {counts})
    ),
    theirs as (
        select measure_code, {month}::date as month, {area} as area_code,
            value::bigint as value
        from {counts}
        where {month}::date in (select month from ours)
    ),
    our_crimes as (select crime_id, measure_code from marts.fct_crime_measures),
    their_crimes as (select crime_id, measure_code from {crimes})
    select count(*) from (
        (select measure_code, area_code, month::varchar, value from ours
        except all select measure_code, area_code, month::varchar, value from theirs)
        union all
        (select measure_code, area_code, month::varchar, value from theirs
        except all select measure_code, area_code, month::varchar, value from ours)
        union all
        (select crime_id, measure_code, null, null from our_crimes
        except all select crime_id, measure_code, null, null from their_crimes)
        union all
        (select crime_id, measure_code, null, null from their_crimes
        except all select crime_id, measure_code, null, null from our_crimes)
    )
"""


@dataclass
class Results:
    """Every measured process by what it did, and what was found beside the times."""

    rounds: dict[str, list[Measured]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    def add(self, name: str, measured: Measured) -> Measured:
        self.rounds.setdefault(name, []).append(measured)
        print(f"{name:58s} {measured}", flush=True)
        return measured

    def median(self, name: str) -> float:
        return statistics.median(each.seconds for each in self.rounds[name])

    def note(self, words: str) -> None:
        self.notes.append(words)
        print(words, flush=True)


def run_job(home: Home, *job: str) -> Measured:
    """A Dagster job of the home, in a process of its own."""
    return measure(sys.executable, "-c", JOB, str(home.root), *job)


def written(root: Path, crimes: int, kind: str) -> Home:
    home = settings.configure(root)
    options = ("--data", str(root), "--crimes", str(crimes), "--format", kind)
    measure(sys.executable, "-m", "dagster_project", "demo", *options)
    return home


def from_files(
    results: Results, root: Path, crimes: int, kind: str, rounds: int
) -> Home:
    """Files to published file, and the rivals from the same files, in turns."""
    home = written(root / f"{kind}_{crimes}", crimes, kind)
    what, folder = f"{crimes:,} crimes from {kind}", home.landing / "crimes"
    reader = READERS[kind].format(folder=folder)
    for each in range(rounds):
        for left_over in (home.warehouse, home.dagster, home.published):
            _remove(left_over)
        results.add(
            f"{what}: Strandline, published, with tests", run_job(home, "daily")
        )
        plain = root / f"plain_{each}.duckdb"
        script = root / "plain_from_files.sql"
        text = [(HERE / name).read_text("utf-8") for name in ("files.sql", "plain.sql")]
        script.write_text("\n".join(text), encoding="utf-8")
        results.add(f"{what}: plain script", run_plain(plain, script, reader=reader))
        for library in LIBRARIES:
            results.add(
                f"{what}: {library} script",
                measure(
                    *(sys.executable, "-m", f"tests.benchmarks.in_{library}"),
                    *(str(folder), str(root / library)),
                ),
            )
    compare(results, home, what, plain, root)
    plain.unlink()
    return home


def compare(results: Results, home: Home, what: str, plain: Path, root: Path) -> None:
    """Count the cells and crimes in which each rival differs from what was published.

    Args:
        plain: the plain script's database.
        root: has a folder for each library's script.
    """
    rivals = {
        "plain script": (
            f"attach '{plain}' as rival (read_only);",
            "rival.plain.fct_measures_monthly",
            "rival.plain.fct_crime_measures",
            ("month", "area_code"),
        ),
    }
    for library in LIBRARIES:
        rivals[f"{library} script"] = (
            "",
            f"'{root}/{library}/monthly.parquet'",
            f"'{root}/{library}/crime_measures.parquet'",
            ("recorded_month", "district_code"),
        )
    for name, (attach, counts, crimes, (month, area)) in rivals.items():
        sql = DIFFERENT.format(counts=counts, crimes=crimes, month=month, area=area)
        different = ask(home.current, attach + sql)
        results.note(f"{what}: cells that differ from the {name}: {different:,}")


def become_own(home: Home) -> None:
    """Make the demonstration's home a force's own: the demonstration takes no file."""
    landing.remember_force(home, landing.force_of(home))
    (home.landing / extracts.MARK).unlink()
    shutil.copytree(settings.DEMONSTRATION_CONFIG, home.config)


def days(results: Results, home: Home, what: str) -> None:
    """A day without change, the pack, and a day of some changed crimes."""
    become_own(home)
    results.add(f"{what}: a day without change", run_job(home, "daily"))
    results.add(
        f"{what}: the pack of a quarter", run_job(home, "quarterly_report", QUARTER)
    )
    columns = {name: name for name in contracts.load_contract("crimes").columns}
    columns["crime_status"] = "'Cancelled' as crime_status"
    path = home.landing / "crimes" / "crimes_20211118T060000.csv"
    ask(
        home.warehouse,
        f"copy (select {', '.join(columns.values())} from raw.crimes"
        f" using sample {CHANGES} rows (reservoir, 1)) to '{path}' (header)",
    )
    results.add(f"{what}: a day of {CHANGES:,} changes", run_job(home, "daily"))


def small_files(results: Results, root: Path) -> None:
    """A landing folder of many small files, into raw."""
    source = written(root / "large", SMALL_FILES * SMALL_LINES, "csv")
    first = min((source.landing / "crimes").iterdir())
    header, *lines = first.read_text("utf-8").splitlines(keepends=True)
    home = settings.configure(root / "small")
    folder, moment = home.landing / "crimes", datetime(2021, 4, 7, 6)
    folder.mkdir(parents=True)
    landing.remember_force(home, "essex")
    shutil.copytree(source.landing / "actions", home.landing / "actions")
    size = len(lines) // SMALL_FILES
    for number in range(SMALL_FILES):
        part = "".join(lines[number * size : (number + 1) * size])
        name = f"crimes_{moment + timedelta(hours=6 * number):%Y%m%dT%H%M%S}.csv"
        (folder / name).write_text(header + part, encoding="utf-8")
    results.add(f"{SMALL_FILES:,} small files, into raw", ingest(home))


def exponent(sizes: Sequence[int], seconds: Sequence[float]) -> float:
    """The power of the number of rows with which the time grows, by least squares."""
    x, y = [math.log(size) for size in sizes], [math.log(each) for each in seconds]
    slope, _ = statistics.linear_regression(x, y)
    return slope


def fitted(results: Results, sizes: Sequence[int], kind: str) -> None:
    rivals = [f"{name} script" for name in ("plain", *LIBRARIES)]
    for who in (OURS, *rivals):
        seconds = [results.median(f"{n:,} crimes from {kind}: {who}") for n in sizes]
        millions = [size / 1_000_000 for size in sizes]
        slope, fixed = statistics.linear_regression(millions, seconds)
        results.note(
            f"{who}, from {kind}: {fixed:.1f} s and {slope:.1f} s for each million"
            f" crimes; exponent {exponent(sizes, seconds):.2f}"
        )


def page(results: Results) -> str:
    """docs/benchmarks.md: a row for each job."""
    versions = ", ".join(
        f"{name} {version(name)}"
        for name in ("duckdb", "dbt-core", "dagster", "pyarrow", *LIBRARIES)
    )
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    rows = []
    for name, every in results.rounds.items():
        seconds = sorted(each.seconds for each in every)
        rows.append(
            f"| {name} | {statistics.median(seconds):.1f} |"
            f" {seconds[0]:.1f} to {seconds[-1]:.1f} |"
            f" {statistics.median(e.processor_seconds for e in every):.1f} |"
            f" {max(each.megabytes for each in every):,.0f} | {len(every)} |"
        )
    notes = "\n".join(f"- {note}" for note in results.notes)
    table = "\n".join(rows)
    return f"""# Benchmarks

`make bench` writes this page. Each row is a process of its own, from its start to its
end. Strandline reads every extract of the demonstration, builds and tests everything,
and publishes. The scripts read the crimes alone, make what comes from them up to the
rolling 12 months, and have no tests. Machines differ: read the ratios within this page.

Machine: {os.cpu_count()} processors ({platform.machine()}), {memory:.0f} GB.
Versions: Python {platform.python_version()}, {versions}.

| job | median, s | spread, s | processor, s | peak memory, MB | rounds |
|---|---|---|---|---|---|
{table}

{notes}

The polars script takes part where polars is installed (`pip install polars`): it is not
one of the project's packages. Not measured yet: the usual dagster-dbt project, and 50
million crimes.
"""


def measure_all(root: Path, crimes: int, rounds: int) -> None:
    """Every job at a tenth, three tenths and all of so many crimes; write the page."""
    results, sizes = Results(), [crimes // 10, crimes * 3 // 10, crimes]
    for size in sizes:
        home = from_files(results, root, size, "parquet", rounds)
    days(results, home, f"{crimes:,} crimes from parquet")
    fitted(results, sizes, "parquet")
    from_files(results, root, crimes, "csv", rounds)
    small_files(results, root)
    PAGE.write_text(page(results), encoding="utf-8")


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
