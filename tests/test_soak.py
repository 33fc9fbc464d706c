"""Many repetitions, as in months of use: `make soak`.

STRANDLINE_KILLS, STRANDLINE_DELIVERIES and STRANDLINE_PUBLISHES set the numbers of
repetitions; the defaults are those of some months.
"""

import os
import random
import shutil
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import duckdb
import pytest

from dagster_project import old_runs, settings
from dagster_project.warehouse import snapshot
from tests import compiled_run
from tests.conftest import Result, copied, published_tables
from tests.disturbed import (
    FIRST_EXTRACTED_AT,
    Force,
    kill_publications,
    kill_somewhere,
)
from tests.reading import reading

pytestmark = pytest.mark.soak

KILLS = int(os.environ.get("STRANDLINE_KILLS", 50))
DELIVERIES = int(os.environ.get("STRANDLINE_DELIVERIES", 60))
PUBLISHES = int(os.environ.get("STRANDLINE_PUBLISHES", 100))
READERS = 8
# So that records begin to be deleted within the days of the deliveries.
DAYS_KEPT = max(1, DELIVERIES // 3)
STORES = (
    "Dagster's records",
    "dbt's outputs",
    "published versions",
    "work file",
    "packs",
)
# The tables of the published file that get the number of each publish.
NUMBERED = ("marts.dim_forces", "marts.dim_offences", "reporting.rpt_tables")
# A run is killed some time after one of these lines; at first in each stage once. Where
# the second is true, only the run itself is: its dbt lives on.
STAGES = (
    ("dbt: 40 of", True),
    (" crimes 1/", False),
    ("published warehouse", False),
    ("pack:", False),
    ("", False),
)
LONGEST_DELAY = 2.0
KILLS_BETWEEN_RUNS = 5


@pytest.fixture
def force(first_build: Result, tmp_path: Path) -> Force:
    return Force(copied(first_build, tmp_path).home.root)


def as_if_undisturbed(force: Force, built: Result, folder: Path) -> bool:
    """Whether every published table equals that of a home that got all files at
    once.
    """
    shutil.copytree(force.home.landing, folder / "landing")
    whole = compiled_run.run(built, folder, "essex")
    assert whole.exit_code == 0, whole.output
    tables = published_tables(force.home.current)
    return tables == published_tables(whole.home.current)


def test_after_many_kills_at_random_points_a_run_completes_as_if_there_had_been_none(
    force: Force, first_build: Result, tmp_path: Path
):
    chance = random.Random(KILLS)
    kills, stages = 0, list(STAGES)
    while kills < KILLS:
        for _ in range(min(KILLS - kills, KILLS_BETWEEN_RUNS)):
            good = force.published_crimes()
            force.deliver()
            stage, is_alone = stages.pop(0) if stages else chance.choice(STAGES)
            delay = chance.uniform(0, LONGEST_DELAY)
            kills += kill_somewhere(force, stage, is_alone, delay)
            # Analysts see the last good version, or the complete new one.
            assert force.published_crimes() in (good, force.crimes)
            force.check_the_pack_is_whole()
        force.complete()
        force.check_nothing_is_lost_or_doubled()
    assert as_if_undisturbed(force, first_build, tmp_path / "whole")


def test_many_publications_that_are_killed_are_not_there(force: Force):
    kill_publications(force, KILLS)


def size(path: Path) -> int:
    """Bytes of a file, or of all files of a folder."""
    files = [path] if path.is_file() else path.rglob("*")
    return sum(p.stat().st_size for p in files if p.is_file() and not p.is_symlink())


def stores(home: settings.Home) -> dict[str, int]:
    """Bytes of each store that a run writes to; the landing folder is the force's."""
    paths = (
        home.dagster,
        home.dbt_target,
        home.published,
        home.warehouse,
        home.output,
    )
    return dict(zip(STORES, map(size, paths), strict=True))


def a_day_passes(home: settings.Home) -> None:
    """Make every run, and what Dagster has of checks, a day older."""
    columns = ("create_timestamp", "update_timestamp")
    older = ", ".join(
        f"{each} = strftime('%Y-%m-%d %H:%M:%f000', {each}, '-1 day')"
        for each in columns
    )
    database = home.dagster / "history" / "runs.db"
    with closing(sqlite3.connect(database)) as connection, connection:
        connection.execute(f"update runs set {older}")
    since = home.dagster / old_runs.SINCE
    day_before = since.stat().st_mtime - timedelta(days=1).total_seconds()
    os.utime(since, (day_before, day_before))


@dataclass
class Months:
    """A home after a delivery on each day, and its stores on each of these days."""

    force: Force
    sizes: list[dict[str, int]]


@pytest.fixture(scope="module")
def months(first_build: Result, tmp_path_factory: pytest.TempPathFactory) -> Months:
    made = copied(first_build, tmp_path_factory.mktemp("months"))
    force, sizes = Force(made.home.root), []
    (force.home.config / "retention.csv").write_text(
        f"record,days_kept\nruns,{DAYS_KEPT}\ncheck_results,{DAYS_KEPT}\n"
    )
    for day in range(1, DELIVERIES + 1):
        new = {f"late-{day}": ("Recorded", "")}
        if day > 1:
            new[f"late-{day - 1}"] = ("Recorded", "Knife")
        if day > 2:
            new[f"late-{day - 2}"] = ("Cancelled", "Knife")
        force.write(FIRST_EXTRACTED_AT + timedelta(days=day), new)
        force.crimes |= new
        force.complete()
        assert force.published_crimes() == force.crimes
        sizes.append(stores(force.home))
        print(day, *(f"{name}: {n / 1e6:.2f} MB" for name, n in sizes[-1].items()))
        a_day_passes(force.home)
    return Months(force, sizes)


def test_after_daily_deliveries_for_two_months_all_equals_a_full_build(
    months: Months, first_build: Result, tmp_path: Path
):
    months.force.check_nothing_is_lost_or_doubled()
    assert as_if_undisturbed(months.force, first_build, tmp_path / "whole")


@pytest.mark.parametrize("store", STORES)
def test_no_store_grows_once_it_has_what_is_kept(months: Months, store: str):
    sizes = [each[store] for each in months.sizes]
    before, after = sizes[: 2 * DAYS_KEPT], sizes[2 * DAYS_KEPT :]
    assert max(after) <= 1.05 * max(before), sizes


def test_a_home_that_is_published_a_hundred_times_keeps_three_versions_and_its_size(
    force: Force,
):
    home = force.home
    tables = published_tables(home.current)
    sizes = []
    with duckdb.connect(str(home.current), read_only=True) as reader:
        asked = "select count(*) from marts.fct_crimes"
        before = reader.execute(asked).fetchall()
        for _ in range(PUBLISHES):
            sizes.append(snapshot.publish(home).path.stat().st_size)
        assert len([*home.published.glob("warehouse_*.duckdb")]) == 3
        assert published_tables(home.current) == tables
        # A reader who opened an early version can still read it.
        assert reader.execute(asked).fetchall() == before
    assert max(sizes) < 2 * min(sizes)


def test_readers_see_whole_versions_through_a_hundred_publishes_one_being_killed(
    force: Force, tmp_path: Path
):
    home = force.home

    def publish(number: int) -> None:
        with duckdb.connect(str(home.warehouse)) as work:
            for table in NUMBERED:
                work.execute(f"alter table {table} add column if not exists v int")
                work.execute(f"update {table} set v = {number}")
        snapshot.publish(home)

    publish(1)
    questions = [f"select max(v) from {table}" for table in NUMBERED]
    questions += [f"select min(v) from {table}" for table in NUMBERED]
    with reading(home.current, tmp_path / "stop", *questions, count=READERS) as readers:
        for number in range(2, PUBLISHES + 2):
            publish(number)
            if number == PUBLISHES // 2:
                readers.kill_one()
    for seen in readers.seen:
        assert (seen.errors, seen.mixed) == ([], 0)
        assert seen.versions == sorted(seen.versions)
        assert seen.versions[-1] == PUBLISHES + 1
    print(f"{sum(seen.rounds for seen in readers.seen):,} rounds of queries")
