"""Many repetitions, as in months of use: `make soak`.

STRANDLINE_KILLS and STRANDLINE_PUBLISHES set the numbers of repetitions; the defaults
are those of some months. test_daily_deliveries.py has the daily deliveries.
"""

import os
import random
from pathlib import Path

import duckdb
import pytest

from dagster_project.warehouse import snapshot
from tests.conftest import Result, copied, published_tables
from tests.disturbed import (
    Force,
    as_if_undisturbed,
    kill_publications,
    kill_somewhere,
)
from tests.reading import reading

pytestmark = pytest.mark.soak

KILLS = int(os.environ.get("STRANDLINE_KILLS", 50))
PUBLISHES = int(os.environ.get("STRANDLINE_PUBLISHES", 100))
READERS = 8
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
