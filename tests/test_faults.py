"""After any interruption the next run completes, and nothing is lost or counted twice.

`make soak` kills runs at many random points, at each stage at least once. Here one is
killed while it reads files, and one while dbt runs, after the disk was full.
"""

import csv
import os
import random
import shutil
import signal
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests import compiled_run
from tests.conftest import QUARTER, Result, copied, published_tables
from tests.disturbed import (
    Force,
    check_pack,
    fill,
    kill_publications,
    kill_somewhere,
    separate_disk,
)

# A run is killed some time after it prints this line.
STAGE = " crimes 1/"
# dbt's first line; most of its nodes are still to be made.
DBT_STAGE = "dbt: 40 of"
LONGEST_DELAY = 2.0
PUBLICATIONS_KILLED = 3
# A run has room for this part of the work file and no more: it is full while dbt runs.
PART = 32
OTHER_QUARTER = "2021-22-q1"


@dataclass(frozen=True)
class Disk:
    """A folder that is a disk of its own, or why it is none."""

    folder: Path
    why_not: str | None


@pytest.fixture(scope="module")
def disk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Disk]:
    folder = tmp_path_factory.mktemp("faults")
    with separate_disk(folder) as why_not:
        yield Disk(folder, why_not)


@pytest.fixture(scope="module")
def force(first_build: Result, disk: Disk) -> Force:
    """The hand-made extracts after one complete run: the last good version."""
    return Force(copied(first_build, disk.folder).home.root)


@dataclass(frozen=True)
class Two:
    """A home after a full disk, two killed runs, and two runs that were started
    together.

    Args:
        outputs: of a run for QUARTER and of one for OTHER_QUARTER.
    """

    force: Force
    outputs: list[str]
    exit_codes: list[int]


@pytest.fixture(scope="module")
def two_runs(force: Force, disk: Disk) -> Two:
    """Three deliveries, for which a disk is full and two runs are killed, and then two
    runs at once.

    In the last kill only the run itself dies. Its dbt continues, and both runs must
    wait for it.
    """
    good = force.published_crimes()
    force.deliver()
    if not disk.why_not:
        fill(force, disk.folder, PART)
    force.deliver()
    delay = random.Random(3).uniform(0, LONGEST_DELAY)
    kill_somewhere(force, STAGE, False, delay)
    # Analysts see the last good version, or the complete new one.
    assert force.published_crimes() in (good, force.crimes)
    force.check_the_pack_is_whole()
    force.deliver()
    killed = force.start()
    for line in killed.stdout:
        if DBT_STAGE in line:
            break
    killed.kill()
    killed.stdout.close()
    killed.wait()
    # The run's lock ended with it, but its dbt is still running.
    assert force.is_locked("dbt.lock") and not force.is_locked("running.lock")
    other = [*force.arguments[:-1], OTHER_QUARTER]
    runs = [force.start(), force.start(arguments=other)]
    outputs = [run.communicate()[0] for run in runs]
    return Two(force, outputs, [run.returncode for run in runs])


@pytest.mark.slow
def test_of_two_runs_at_once_one_waits_and_both_complete(two_runs: Two) -> None:
    assert two_runs.exit_codes == [0, 0], two_runs.outputs
    waited = [output.count("another run is using") for output in two_runs.outputs]
    assert sorted(waited) == [0, 1]


@pytest.mark.slow
def test_a_run_waits_for_the_dbt_of_one_that_was_killed_alone(two_runs: Two) -> None:
    said = "dbt of a run that was ended is using"
    assert any(said in output for output in two_runs.outputs)


@pytest.mark.slow
def test_after_kills_a_run_completes_as_if_there_had_been_none(
    two_runs: Two, first_build: Result, tmp_path
) -> None:
    force = two_runs.force
    force.check_nothing_is_lost_or_doubled()
    undisturbed = Force(tmp_path)
    shutil.copytree(force.home.landing, undisturbed.home.landing)
    result = compiled_run.run(first_build, tmp_path, "essex")
    assert result.exit_code == 0, result.output
    tables = published_tables(force.home.current)
    assert tables == published_tables(result.home.current)


@pytest.mark.slow
def test_a_second_run_on_the_same_files_changes_no_figure(two_runs: Two) -> None:
    home = two_runs.force.home
    last = int(home.current.resolve().stem.rpartition("_")[2])
    versions = [home.published / f"warehouse_{n}.duckdb" for n in (last - 1, last)]
    first, second = (published_tables(version) for version in versions)
    assert first == second


@pytest.mark.slow
def test_another_quarter_is_another_pack_from_the_same_data(two_runs: Two) -> None:
    force = two_runs.force
    table = force.home.output / OTHER_QUARTER / "tables" / "rolling_12_months.csv"
    with table.open(encoding="utf-8", newline="") as file:
        assert {row["period_end"] for row in csv.DictReader(file)} == {"2021-06-30"}
    table = force.home.output / QUARTER / "tables" / "rolling_12_months.csv"
    with table.open(encoding="utf-8", newline="") as file:
        assert {row["period_end"] for row in csv.DictReader(file)} == {"2021-09-30"}


@pytest.mark.slow
def test_a_full_disk_is_reported_and_with_more_room_everything_completes(
    two_runs: Two, disk: Disk
) -> None:
    """The runs have completed; here the publication does that had no room."""
    if disk.why_not:
        pytest.skip(disk.why_not)
    force = two_runs.force
    force.complete(force.publish)
    (version,) = force.versions()
    check_pack(version / "packs" / "essex")


@pytest.mark.slow
def test_a_publication_that_was_killed_does_not_exist_and_the_next_one_is_complete(
    first_build: Result, tmp_path
) -> None:
    force = Force(copied(first_build, tmp_path).home.root)
    kill_publications(force, PUBLICATIONS_KILLED)


@pytest.mark.parametrize(
    ("asked", "send", "by"),
    [
        # A terminal signals all processes of the command; `kill` signals one, which
        # must end the others. What each says is in test_command_line.py.
        pytest.param(signal.SIGINT, os.killpg, "Ctrl-C", marks=pytest.mark.soak),
        pytest.param(signal.SIGTERM, os.kill, "SIGTERM", marks=pytest.mark.slow),
    ],
)
def test_an_interrupted_run_ends_its_dbt_and_says_one_sentence(
    force: Force, asked: signal.Signals, send: Callable[[int, int], None], by: str
) -> None:
    process = force.start()
    for line in process.stdout:
        if DBT_STAGE in line:
            break
    send(process.pid, asked)
    rest = process.stdout.read().strip()
    assert process.wait() == 128 + asked, rest
    assert not force.is_locked("running.lock") and not force.is_locked("dbt.lock")
    said = [line for line in rest.splitlines() if " s  " not in line]
    assert len(said) == 1, rest
    assert said[0].startswith("strandline: stopped by") and by in said[0]
    assert "A pack that this run did not finish is as it was before" in said[0]
