"""Complete jobs, each round a process of its own: files, days, the pack, questions."""

import shutil
import sys
import time
from datetime import datetime, timedelta
from pathlib import Path

from dagster_project import settings
from dagster_project.intake import contracts, landing
from dagster_project.settings import Home
from tests.benchmarks import results, rivals
from tests.benchmarks.measuring import (
    FailedError,
    Measured,
    ask,
    ingest,
    measure,
    run_plain,
    times,
)
from tests.benchmarks.results import Job, Results
from tests.benchmarks.rivals import Rival, Work
from tests.test_questions import questions

QUARTER = "2021-22-q2"
CHANGES = 1_000
SMALL_LINES = 100
FEW_CHANGES = """\
extract,delivery,trailing_files,fewest_files,fewest_lines,least_share
all,delta,8,4,12,0.0001
"""
# The questions of docs/questions.md that read crimes one by one, or their measures.
TYPICAL = (11, 12, 13, 14, 15, 16, 17, 18, 22, 23)
DAILY = """
import sys
from pathlib import Path
from dagster_project import locks, runs, settings
home = settings.configure(Path(sys.argv[1]))
with locks.alone(home):
    runs.daily()
"""
# What reading the files costs at least, each line with its file and number.
READING = """
create schema plain;
set preserve_insertion_order = false;
create table plain.crimes as
select *
from read_parquet('{folder}/*.parquet', filename = true, file_row_number = true);
"""


def run_daily(home: Home) -> Measured:
    """Dagster's job `daily` of the home."""
    return measure(sys.executable, "-c", DAILY, str(home.root))


def program(*arguments: str) -> Measured:
    return measure(sys.executable, "-m", "dagster_project", *arguments)


def written(root: Path, crimes: int, source: str) -> Home:
    """Write the demonstration's extracts with so many crimes, as a force's own home.

    The demonstration's home takes no other file, so that no day could follow.
    """
    home = settings.configure(root)
    options = ("--data", str(root), "--crimes", str(crimes), "--format", source)
    print(f"{crimes:,} crimes written: {program('demo', *options)}", flush=True)
    landing.remember_force(home, settings.DEMONSTRATION_FORCE)
    (home.landing / settings.DEMONSTRATION_MARK).unlink()
    configure(home)
    return home


def configure(home: Home) -> None:
    """Give a home the demonstration's configuration, and take days of few changes.

    By default a delta of much fewer lines than usual is put on hold.
    """
    shutil.copytree(settings.DEMONSTRATION_CONFIG, home.config)
    (home.config / "volume_checks.csv").write_text(FEW_CHANGES, encoding="utf-8")


def check_loaded(home: Home, path: Path) -> None:
    """Stop if a day's file was not taken, since the day would have been without change.

    Raises:
        FailedError: the file was put on hold or rejected.
    """
    loaded = ask(
        home.warehouse,
        "select count(*) from raw.loads"
        f" where file_name = '{path.name}' and status = 'loaded'",
    )
    if loaded != 1:
        raise FailedError(f"{path.name} was not loaded")


def forget(home: Home) -> None:
    """Delete all that a home has made from its files."""
    for made in (home.dagster, home.published, home.restricted):
        shutil.rmtree(made, ignore_errors=True)
    home.warehouse.unlink(missing_ok=True)


def from_files(
    found: Results, work: Work, crimes: int, part: tuple[Rival, ...], seconds: float
) -> None:
    """Files to published file, and the rivals from the same files, in turns.

    There are three rounds, or as many as start within so many seconds.
    """
    job, start = Job(results.WHOLE, crimes, work.source), time.monotonic()
    out = {each.who for each in found.failed if each.source == work.source}
    racing = [rival for rival in part if rival.who not in out]
    for _ in range(3):
        forget(work.home)
        found.add(job, run_daily(work.home))
        for rival in list(racing):
            theirs = Job(results.WHOLE, crimes, work.source, rival.who)
            try:
                found.add(theirs, rival.run(work))
            except FailedError as error:
                found.fail(theirs, error)
                racing.remove(rival)
        if time.monotonic() - start > seconds:
            break
    for rival in racing:
        theirs = Job(results.WHOLE, crimes, work.source, rival.who)
        found.compared[theirs] = rivals.compare(work, rival)
        cells, different = found.compared[theirs]
        print(f"{theirs}: {different:,} of {cells:,} cells differ", flush=True)


def into_raw(found: Results, work: Work, crimes: int) -> None:
    """Ingest of a home from nothing, beside `create table as select` of its crimes."""
    forget(work.home)
    job = Job(results.INTO_RAW, crimes, work.source)
    found.add(job, ingest(work.home))
    forget(work.home)
    script, database = work.folder / "reading.sql", work.folder / "reading.duckdb"
    script.write_text(READING, encoding="utf-8")
    folder = str(work.home.landing / "crimes")
    least = Job(results.INTO_RAW, crimes, work.source, results.PLAIN)
    found.add(least, run_plain(database, script, folder=folder))
    database.unlink()


def deliver_changes(home: Home, moment: datetime) -> Path:
    """Deliver some crimes again, with another status."""
    columns = {name: name for name in contracts.load_contract("crimes").columns}
    columns["crime_status"] = "'Cancelled' as crime_status"
    path = home.landing / "crimes" / f"crimes_{moment:%Y%m%dT%H%M%S}.csv"
    count = ask(
        home.warehouse,
        f"copy (select {', '.join(columns.values())} from raw.crimes"
        f" using sample {CHANGES} rows (reservoir, 1)) to '{path}' (header)",
    )
    assert count == CHANGES
    return path


def days(found: Results, work: Work, crimes: int) -> None:
    """A day without change, the pack, and a day of some changed crimes."""
    home = work.home
    found.add(Job(results.DAY_WITHOUT, crimes, work.source), run_daily(home))
    options = ("--data", str(home.root), "--quarter", QUARTER)
    found.add(Job(results.PACK, crimes, work.source), program("pack", *options))
    asked = questions()
    found.questions = times(home.current, {each: asked[each] for each in TYPICAL})
    found.questions_of = crimes
    path = deliver_changes(home, datetime(2021, 11, 18, 6))
    found.add(Job(results.DAY, crimes, work.source), run_daily(home))
    check_loaded(home, path)


def small_files(found: Results, root: Path, deliveries: list[int]) -> None:
    """Landing folders of many small files: into raw, built, and one more day."""
    source = written(root / "large", max(deliveries) * SMALL_LINES, "csv")
    first = min((source.landing / "crimes").iterdir())
    header, *lines = first.read_text("utf-8").splitlines(keepends=True)
    size = len(lines) // max(deliveries)
    for count in deliveries:
        home = settings.configure(root / f"small_{count}")
        folder, moment = home.landing / "crimes", datetime(2021, 4, 7, 6)
        folder.mkdir(parents=True)
        landing.remember_force(home, settings.DEMONSTRATION_FORCE)
        configure(home)
        shutil.copytree(source.landing / "actions", home.landing / "actions")
        for number in range(count):
            part = "".join(lines[number * size : (number + 1) * size])
            name = f"crimes_{moment + timedelta(hours=4 * number):%Y%m%dT%H%M%S}.csv"
            (folder / name).write_text(header + part, encoding="utf-8")
        found.add(Job(results.SMALL_FILES, count, "csv"), ingest(home))
        run_daily(home)
        name = f"crimes_{moment + timedelta(days=1, hours=4 * count):%Y%m%dT%H%M%S}.csv"
        changed = (line.replace(",Recorded,", ",Cancelled,") for line in lines[:size])
        (folder / name).write_text(header + "".join(changed), encoding="utf-8")
        found.add(Job(results.AFTER, count, "csv"), run_daily(home))
        check_loaded(home, folder / name)


def demonstration(found: Results, root: Path) -> None:
    """The demonstration's pack from its files, as `make report` does after setup."""
    program("demo", "--data", str(root))
    options = ("--data", str(root), "--quarter", QUARTER)
    home = settings.configure(root)
    made = program("report", *options)
    crimes = ask(home.current, "select count(*) from marts.fct_crimes")
    found.add(Job(results.DEMONSTRATION, crimes, "csv"), made)
