"""Whatever interrupts a run, the next one completes, and nothing is lost or doubled.

`STRANDLINE_KILLS=50 pytest -s tests/test_faults.py` is the long version, and prints how
often it killed.
"""

import fcntl
import json
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import partial
from hashlib import sha256
from pathlib import Path

import duckdb
import pytest

from dagster_project import settings
from dagster_project.cli.main import KNOWN_FAILURE
from tests.conftest import QUARTER, Result, copied, records_of, run_command

# A run is killed some time after one of these lines; at first in each stage once. Where
# the second is true, only the run itself is: its dbt lives on.
STAGES = (
    ("dbt: 40 of", True),
    (" crimes 1/", False),
    ("published warehouse", False),
    ("pack:", False),
    ("", False),
)
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
    "{},2021-09-15T10:00:00,2021-09-15T09:00:00,,34B,E06000033,E01015800,{},N,N,N,N,"
    "{},,"
)
# What says when or in which order something was loaded, and nothing of what it is.
OF_THE_RUN = {"load_id", "loaded_at"}


class Force:
    """A home, and how the crimes stand that were delivered beyond the hand-made ones.

    `crimes` is the status and the keywords by the crime's name.
    """

    def __init__(self, home: Path) -> None:
        self.home = settings.Home(home)
        self.crimes: dict[str, tuple[str, str]] = {}
        self.deliveries = 0

    @property
    def arguments(self) -> list[str]:
        home = str(self.home.root)
        return ["report", "--data", home, "--force", "essex", "--quarter", QUARTER]

    @property
    def publish(self) -> list[str]:
        return ["publish", "--data", str(self.home.root), "--quarter", QUARTER]

    def deliver(self) -> None:
        """A new crime, a change and a cancellation; and a file that comes too late."""
        number = self.deliveries = self.deliveries + 1
        now = FIRST_EXTRACTED_AT + timedelta(minutes=number)
        lines = {f"late-{number}": ("Recorded", "")}
        if number > 1:
            lines[f"late-{number - 1}"] = ("Recorded", "Knife")
        if number > 2:
            lines[f"late-{number - 2}"] = ("Cancelled", "Knife")
        self._write(now, lines)
        # The delivery before has said since what the second crime is.
        found_late = {f"late-{number}-found": ("Recorded", "")}
        before = {f"late-{number - 1}": ("Transferred", "")} if number > 1 else {}
        self._write(now - timedelta(seconds=90), found_late | before)
        self.crimes |= lines | found_late

    def _write(self, time: datetime, crimes: dict[str, tuple[str, str]]) -> None:
        lines = [
            ROBBERY.format(crime, keywords, status)
            for crime, (status, keywords) in crimes.items()
        ]
        path = self.home.landing / "crimes" / f"crimes_{time:%Y%m%dT%H%M%S}.csv"
        path.write_text("\n".join([HEADER, *lines, ""]), encoding="utf-8")

    def start(
        self,
        prepare: Callable[[], None] | None = None,
        arguments: list[str] | None = None,
    ) -> subprocess.Popen:
        """A command in a session of its own, which can be killed whole."""
        return subprocess.Popen(
            [sys.executable, "-m", "dagster_project", *(arguments or self.arguments)],
            cwd=settings.REPOSITORY,
            env={k: v for k, v in os.environ.items() if k != "STRANDLINE_HOME"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
            preexec_fn=prepare,
        )

    def complete(self, arguments: list[str] | None = None) -> None:
        result = run_command(self.home.root, *(arguments or self.arguments))
        assert result.exit_code == 0, result.output

    def published_crimes(self) -> dict[str, tuple[str, str]]:
        """As an analyst asks at any moment; the version must be whole."""
        with duckdb.connect(str(self.home.current), read_only=True) as reader:
            rows = reader.execute(
                "select crime_id, crime_status, array_to_string(keywords, ' ')"
                " from marts.fct_crimes where crime_id like 'late-%'"
            ).fetchall()
        found = {crime: (status, keywords) for crime, status, keywords in rows}
        assert len(found) == len(rows)
        return found

    def check_the_pack_is_whole(self) -> None:
        check_pack(self.home.output / QUARTER)

    def check_nothing_is_lost_or_doubled(self) -> None:
        assert self.published_crimes() == self.crimes
        self.check_the_pack_is_whole()
        with duckdb.connect(str(self.home.warehouse), read_only=True) as reader:
            loads = reader.execute(
                "select extract, file_name, count(*), min(status) from raw.loads"
                " group by all having count(*) > 1 or min(status) <> 'loaded'"
            ).fetchall()
            files = reader.execute("select count(*) from raw.loads").fetchall()[0][0]
            given_out = reader.execute("select count(*) from raw.publications")
            versions = given_out.fetchall()[0][0]
        assert loads == []
        assert files == len([*self.home.landing.glob("*/*.*")])
        assert versions == len(self.versions())
        left = [*self.home.published.glob("*.partial*"), *self.home.output.glob(".*")]
        assert left == []
        with records_of(self.home) as instance:
            statuses = {run.status.value for run in instance.get_runs()}
        assert statuses <= {"SUCCESS", "FAILURE"}

    def versions(self) -> list[Path]:
        """The folders of what was given out."""
        found = self.home.publications.glob(f"{QUARTER}/v*")
        return sorted(path for path in found if path.suffix != ".partial")

    def is_locked(self, name: str) -> bool:
        """Whether a process holds one of the locks of the home."""
        with (self.home.work / name).open("a") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return True
        return False


def check_pack(pack: Path) -> None:
    manifest = json.loads((pack / "manifest.json").read_text(encoding="utf-8"))
    for name, digest in manifest["files"].items():
        assert sha256((pack / name).read_bytes()).hexdigest() == digest, name


@pytest.fixture(scope="module")
def force(first_build: Result, tmp_path_factory: pytest.TempPathFactory) -> Force:
    """The hand-made extracts, run to the end once: the last good version."""
    return Force(copied(first_build, tmp_path_factory.mktemp("faults")).home.root)


def kill_somewhere(force: Force, stage: str, is_alone: bool, delay: float) -> bool:
    """Start a run and kill it, with all that it started or alone; whether in time."""
    process = force.start()
    for line in process.stdout:
        if stage in line:
            break
    try:
        process.wait(timeout=delay)
    except subprocess.TimeoutExpired:
        (os.kill if is_alone else os.killpg)(process.pid, signal.SIGKILL)
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


def test_a_publication_that_was_killed_is_not_there_and_the_next_one_is_whole(
    force: Force,
) -> None:
    chance = random.Random(KILLS)
    kills = 0
    while kills < KILLS:
        there = [*force.home.publications.rglob("*")]
        process = force.start(arguments=force.publish)
        # From its first file on, some time; before it nothing could be left.
        while process.poll() is None:
            if [*force.home.publications.rglob("*")] != there:
                try:
                    process.wait(timeout=chance.uniform(0, 0.3))
                except subprocess.TimeoutExpired:
                    os.killpg(process.pid, signal.SIGKILL)
                    break
        process.stdout.close()
        kills += process.wait() == -signal.SIGKILL
        assert process.returncode in (0, -signal.SIGKILL)
    before = len(force.versions())
    force.complete(force.publish)
    assert len(force.versions()) in (before, before + 1)
    for version in force.versions():
        check_pack(version / "packs" / "essex")
    assert [*force.home.publications.rglob("*.partial*")] == []


def test_after_kills_at_random_points_a_run_completes_as_if_there_had_been_none(
    force: Force, tmp_path: Path
) -> None:
    chance = random.Random(KILLS)
    kills, stages = 0, list(STAGES)
    while kills < KILLS:
        for _ in range(min(KILLS - kills, KILLS_BETWEEN_RUNS)):
            good = force.published_crimes()
            force.deliver()
            stage, is_alone = stages.pop(0) if stages else chance.choice(STAGES)
            delay = chance.uniform(0, LONGEST_DELAY)
            kills += kill_somewhere(force, stage, is_alone, delay)
            # The last good version, or all of the new one.
            assert force.published_crimes() in (good, force.crimes)
            force.check_the_pack_is_whole()
        force.complete()
        force.check_nothing_is_lost_or_doubled()
    print(f"killed {kills} times")
    undisturbed = Force(tmp_path)
    shutil.copytree(force.home.landing, undisturbed.home.landing)
    shutil.copytree(force.home.publications, undisturbed.home.publications)
    undisturbed.complete()
    assert published_everything(force) == published_everything(undisturbed)


def test_a_run_waits_for_the_dbt_of_one_that_was_killed_alone(force: Force) -> None:
    force.deliver()
    killed = force.start()
    while not force.is_locked("dbt.lock") and killed.poll() is None:
        pass
    killed.kill()
    killed.stdout.close()
    killed.wait()
    # The run's own lock went with it; its dbt is at work.
    assert force.is_locked("dbt.lock") and not force.is_locked("running.lock")
    result = run_command(force.home.root, *force.arguments)
    assert result.exit_code == 0, result.output
    assert "dbt of a run that was ended is using" in result.output
    force.check_nothing_is_lost_or_doubled()


@pytest.mark.parametrize(
    ("asked", "send", "by"),
    [
        # As a terminal does, to all processes of the command, and as `kill` does.
        (signal.SIGINT, os.killpg, "Ctrl-C"),
        (signal.SIGTERM, os.kill, "SIGTERM"),
    ],
)
def test_an_interrupted_run_ends_its_dbt_and_says_one_sentence(
    force: Force, asked: signal.Signals, send: Callable[[int, int], None], by: str
) -> None:
    process = force.start()
    for line in process.stdout:
        if "dbt: 40 of" in line:
            break
    send(process.pid, asked)
    rest = process.stdout.read().strip()
    assert process.wait() == 128 + asked, rest
    assert not force.is_locked("running.lock") and not force.is_locked("dbt.lock")
    said = [line for line in rest.splitlines() if " s  " not in line]
    assert len(said) == 1, rest
    assert said[0].startswith("strandline: stopped by") and by in said[0]


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of its own, which a test can make smaller."""
    made = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=4g", "strandline", str(tmp_path)],
        capture_output=True,
        text=True,
        check=False,
    )
    if made.returncode:
        pytest.skip(f"only root can mount a disk: {made.stderr.strip()}")
    yield tmp_path
    subprocess.run(["umount", "--lazy", str(tmp_path)], check=True)


def resize(disk: Path, size: int) -> None:
    command = ["mount", "-o", f"remount,size={size}", str(disk)]
    subprocess.run(command, check=True)


@pytest.mark.skipif(os.name != "posix", reason="tmpfs is a file system of Linux")
def test_a_full_disk_is_said_and_with_more_room_everything_completes(
    first_build: Result, disk: Path
) -> None:
    force = Force(copied(first_build, disk).home.root)
    force.deliver()
    least = 16 * 4096
    largest = force.home.warehouse.stat().st_size
    for arguments, room in (
        (force.publish, least),
        (force.arguments, least),
        (force.arguments, largest // 8),
        (force.arguments, largest // 2),
    ):
        resize(disk, shutil.disk_usage(disk).used + room)
        process = force.start(arguments=arguments)
        output, _ = process.communicate()
        resize(disk, 4 << 30)
        if process.returncode == 0 and room > least:
            # All that was new found room.
            break
        assert process.returncode == KNOWN_FAILURE, output
        assert "\nstrandline: " in output and "Traceback" not in output, output
        assert force.published_crimes() == {}
        force.check_the_pack_is_whole()
    force.complete()
    force.complete(force.publish)
    assert len(force.versions()) == 1
    check_pack(force.versions()[0] / "packs" / "essex")


def test_no_room_for_a_file_is_said_and_the_last_good_version_stays(
    force: Force,
) -> None:
    """No file may grow beyond a limit: the system's own words for no room left."""
    good = force.published_crimes()
    force.deliver()
    limit = int(force.home.warehouse.stat().st_size * 0.6)
    process = force.start(
        partial(resource.setrlimit, resource.RLIMIT_FSIZE, (limit, limit))
    )
    output, _ = process.communicate()
    assert process.returncode == KNOWN_FAILURE, output
    assert "\nstrandline: " in output, output
    assert force.published_crimes() == good
    force.check_the_pack_is_whole()


def test_of_two_runs_at_once_one_waits_and_both_complete(force: Force) -> None:
    force.deliver()
    first, second = force.start(), force.start()
    outputs = [first.communicate()[0], second.communicate()[0]]
    assert [first.returncode, second.returncode] == [0, 0], outputs
    waited = [output.count("another run is using") for output in outputs]
    assert sorted(waited) == [0, 1]
    force.check_nothing_is_lost_or_doubled()
