"""Whatever interrupts a run, the next one completes, and nothing is lost or doubled.

`STRANDLINE_KILLS=50 pytest -s tests/test_faults.py` is the long version, and prints how
often it killed.
"""

import json
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from hashlib import sha256
from pathlib import Path

import duckdb
import pytest

from dagster_project import paths
from dagster_project.__main__ import KNOWN_FAILURE
from tests.conftest import QUARTER, deliver, run_command

# A run is killed some time after one of these lines; at first in each stage once.
STAGES = ("dbt: 40 of", " crimes 1/", "published warehouse", "pack:", "")
KILLS = int(os.environ.get("STRANDLINE_KILLS", 3))
LONGEST_DELAY = 2.0
FIRST_EXTRACTED_AT = datetime(2021, 11, 18, 6)
KILLS_BETWEEN_RUNS = 5
HEADER = (
    "crime_id,recorded_at,committed_from,committed_to,offence_code,district_code,"
    "lsoa_code,keywords,is_domestic_abuse,is_hate_crime,is_online,"
    "is_night_time_economy,crime_status,outcome_code,outcome_date"
)
ROBBERY = (
    "{},2021-09-15T10:00:00,2021-09-15T09:00:00,,34B,E06000033,E01015800,,N,N,N,N,"
    "Recorded,,"
)
# What says when or in which order something was loaded, and nothing of what it is.
OF_THE_RUN = {"load_id", "loaded_at"}


class Force:
    """A home, and how many robberies were delivered to it beyond the hand-made ones."""

    def __init__(self, home: Path) -> None:
        self.home = paths.Home(home)
        self.robberies = 0

    @property
    def arguments(self) -> list[str]:
        home = str(self.home.root)
        return ["report", "--data", home, "--force", "essex", "--quarter", QUARTER]

    def deliver_a_robbery(self) -> None:
        self.robberies += 1
        extracted_at = FIRST_EXTRACTED_AT + timedelta(minutes=self.robberies)
        name = f"crimes_{extracted_at:%Y%m%dT%H%M%S}.csv"
        line = ROBBERY.format(f"late-{self.robberies}")
        path = self.home.landing / "crimes" / name
        path.write_text(f"{HEADER}\n{line}\n", encoding="utf-8")

    def start(self, prepare: Callable[[], None] | None = None) -> subprocess.Popen:
        """A run in a session of its own, which can be killed whole."""
        return subprocess.Popen(
            [sys.executable, "-m", "dagster_project", *self.arguments],
            cwd=paths.REPOSITORY,
            env={k: v for k, v in os.environ.items() if k != "STRANDLINE_HOME"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
            preexec_fn=prepare,
        )

    def complete(self) -> None:
        result = run_command(self.home.root, *self.arguments)
        assert result.exit_code == 0, result.output

    def published_robberies(self) -> int:
        """As an analyst asks at any moment; the version must be whole."""
        with duckdb.connect(str(self.home.current), read_only=True) as reader:
            return reader.execute(
                "select count(*) from marts.fct_crimes where crime_id like 'late-%'"
            ).fetchall()[0][0]

    def check_the_pack_is_whole(self) -> None:
        pack = self.home.output / QUARTER
        manifest = json.loads((pack / "manifest.json").read_text(encoding="utf-8"))
        for name, digest in manifest["files"].items():
            assert sha256((pack / name).read_bytes()).hexdigest() == digest, name

    def check_nothing_is_lost_or_doubled(self) -> None:
        assert self.published_robberies() == self.robberies
        self.check_the_pack_is_whole()
        with duckdb.connect(str(self.home.warehouse), read_only=True) as reader:
            loads = reader.execute(
                "select extract, file_name, count(*), min(status) from raw.loads"
                " group by all having count(*) > 1 or min(status) <> 'loaded'"
            ).fetchall()
            files = reader.execute("select count(*) from raw.loads").fetchall()[0][0]
        assert loads == []
        assert files == len([*self.home.landing.glob("*/*.*")])
        left = [*self.home.published.glob("*.partial*"), *self.home.output.glob(".*")]
        assert left == []


@pytest.fixture(scope="module")
def force(tmp_path_factory: pytest.TempPathFactory) -> Force:
    """The hand-made extracts, run to the end once: the last good version."""
    home = tmp_path_factory.mktemp("faults")
    deliver(home)
    found = Force(home)
    found.complete()
    return found


def kill_somewhere(force: Force, stage: str, delay: float) -> bool:
    """Start a run and kill it with all that it started; whether it was in time."""
    process = force.start()
    for line in process.stdout:
        if stage in line:
            break
    try:
        process.wait(timeout=delay)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
    process.stdout.close()
    return process.wait() == -signal.SIGKILL


def published_everything(force: Force) -> dict[str, list[str]]:
    """Each published table's rows in order, without what is the run's own."""
    found = {}
    with duckdb.connect(str(force.home.current), read_only=True) as reader:
        for schema, table in reader.execute(
            "select schema_name, table_name from duckdb_tables()"
            " where schema_name in ('marts', 'reporting') order by all"
        ).fetchall():
            name = f"{schema}.{table}"
            described = reader.execute(f"describe {name}").fetchall()
            columns = [row[0] for row in described if row[0] not in OF_THE_RUN]
            listed = ", ".join(f'"{column}"' for column in columns)
            rows = reader.execute(f"select {listed} from {name} order by all")
            found[name] = [repr(row) for row in rows.fetchall()]
    return found


def test_after_kills_at_random_points_a_run_completes_as_if_there_had_been_none(
    force: Force, tmp_path: Path
) -> None:
    chance = random.Random(KILLS)
    kills, stages = 0, list(STAGES)
    while kills < KILLS:
        for _ in range(min(KILLS - kills, KILLS_BETWEEN_RUNS)):
            good = force.published_robberies()
            force.deliver_a_robbery()
            stage = stages.pop(0) if stages else chance.choice(STAGES)
            kills += kill_somewhere(force, stage, chance.uniform(0, LONGEST_DELAY))
            # The last good version, or all of the new one.
            assert force.published_robberies() in (good, force.robberies)
            force.check_the_pack_is_whole()
        force.complete()
        force.check_nothing_is_lost_or_doubled()
    print(f"killed {kills} times")
    undisturbed = Force(tmp_path)
    shutil.copytree(force.home.landing, undisturbed.home.landing)
    undisturbed.complete()
    assert published_everything(force) == published_everything(undisturbed)


def test_a_full_disk_is_said_and_the_last_good_version_stays(force: Force) -> None:
    """No file may grow beyond a limit: the system's own words for no room left."""
    good = force.published_robberies()
    force.deliver_a_robbery()
    largest = force.home.warehouse.stat().st_size
    for share in (0.1, 0.6):
        limit = int(largest * share)
        sizes = (limit, limit)
        process = force.start(partial(resource.setrlimit, resource.RLIMIT_FSIZE, sizes))
        output, _ = process.communicate()
        assert process.returncode == KNOWN_FAILURE, output
        assert "\nstrandline: " in output, output
        assert force.published_robberies() == good
        force.check_the_pack_is_whole()
    force.complete()
    force.check_nothing_is_lost_or_doubled()


def test_of_two_runs_at_once_one_waits_and_both_complete(force: Force) -> None:
    force.deliver_a_robbery()
    first, second = force.start(), force.start()
    outputs = [first.communicate()[0], second.communicate()[0]]
    assert [first.returncode, second.returncode] == [0, 0], outputs
    waited = [output.count("another run is at work") for output in outputs]
    assert sorted(waited) == [0, 1]
    force.check_nothing_is_lost_or_doubled()
