"""A home whose runs are killed or find a full disk, and checks of its state then."""

import fcntl
import json
import os
import random
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path

import dagster as dg
import duckdb

from dagster_project import settings
from dagster_project.cli.main import KNOWN_FAILURE
from dagster_project.warehouse import restricted
from tests import compiled_run
from tests.conftest import QUARTER, Result, published_tables, records_of, run_command

FIRST_EXTRACTED_AT = datetime(2021, 11, 18, 6)
HEADER = (
    "crime_id,recorded_at,committed_from,committed_to,offence_code,district_code,"
    "lsoa_code,keywords,is_domestic_abuse,is_hate_crime,is_online,"
    "is_night_time_economy,crime_status,outcome_code,outcome_date"
)
ROBBERY = (
    "{},2021-09-15T10:00:00,2021-09-15T09:00:00,,34B,E06000033,E01015800,{},N,N,N,N,"
    "{},,"
)
# Bytes of a disk on which a home has room.
LARGE = 4 << 30

# Starts the job as Dagster's pages and schedules do, without this project's commands.
DAILY = """
import sys
from pathlib import Path
from dagster_project import runs, settings
settings.configure(Path(sys.argv[1]))
runs.daily()
"""


class Force:
    """A home, and the state of the crimes that a test has delivered to it.

    Args:
        crimes: name of each crime → its status and keywords.
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
        """Deliver a new crime, a change, a cancellation, and a late file."""
        number = self.deliveries = self.deliveries + 1
        now = FIRST_EXTRACTED_AT + timedelta(minutes=number)
        lines = {f"late-{number}": ("Recorded", "")}
        if number > 1:
            lines[f"late-{number - 1}"] = ("Recorded", "Knife")
        if number > 2:
            lines[f"late-{number - 2}"] = ("Cancelled", "Knife")
        self.write(now, lines)
        # The delivery before it already says what the second crime is now.
        found_late = {f"late-{number}-found": ("Recorded", "")}
        before = {f"late-{number - 1}": ("Transferred", "")} if number > 1 else {}
        self.write(now - timedelta(seconds=90), found_late | before)
        self.crimes |= lines | found_late

    def write(self, time: datetime, crimes: dict[str, tuple[str, str]]) -> None:
        """Write a delivery of these crimes."""
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
        """Start a command in its own session, so that it can be killed as a whole."""
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

    def complete(self, arguments: list[str] | None = None) -> str:
        """Run a command; return what it prints."""
        result = run_command(self.home.root, *(arguments or self.arguments))
        assert result.exit_code == 0, result.output
        return result.output

    def complete_daily(self) -> str:
        """Run the job that the schedule starts, which makes no pack; return what it
        prints.
        """
        result = subprocess.run(
            [sys.executable, "-c", DAILY, str(self.home.root)],
            cwd=settings.REPOSITORY,
            capture_output=True,
            text=True,
            check=False,
        )
        output = result.stdout + result.stderr
        assert result.returncode == 0, output
        return output

    def published_crimes(self) -> dict[str, tuple[str, str]]:
        """Return the published crimes, as the data team could at any time.

        The published version must be complete.
        """
        with duckdb.connect(str(self.home.current), read_only=True) as reader:
            assert restricted.attach(self.home, reader)
            rows = reader.execute(
                "select record_id, crime_status, array_to_string(keywords, ' ')"
                " from marts.fct_crimes"
                " inner join restricted.keys on crime_key = record_key"
                " where record_id like 'late-%'"
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
        """Return the folders of publications."""
        found = self.home.publications.glob(f"{QUARTER}/v*")
        return sorted(path for path in found if path.suffix != ".partial")

    def is_locked(self, name: str) -> bool:
        """Return whether a process holds one of the home's locks."""
        with (self.home.work / name).open("a") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return True
        return False


def of_last_daily(home: settings.Home) -> set[str]:
    """Return the names of the assets that the last run of `daily` has made."""
    with records_of(home) as instance:
        (run,) = instance.get_runs(dg.RunsFilter(job_name="daily"), limit=1)
        events = [entry.dagster_event for entry in instance.all_logs(run.run_id)]
    made = [event for event in events if event and event.is_step_materialization]
    return {event.asset_key.path[-1] for event in made}


def check_pack(pack: Path) -> None:
    manifest = json.loads((pack / "manifest.json").read_text(encoding="utf-8"))
    for name, digest in manifest["files"].items():
        assert sha256((pack / name).read_bytes()).hexdigest() == digest, name


@contextmanager
def separate_disk(folder: Path) -> Iterator[str | None]:
    """Mount a file system that a test can make smaller.

    Yields:
        None, or why there is none: only root can mount a disk.
    """
    options = ["-t", "tmpfs", "-o", f"size={LARGE}", "strandline", str(folder)]
    made = subprocess.run(
        ["mount", *options], capture_output=True, text=True, check=False
    )
    if made.returncode:
        yield f"only root can mount a disk: {made.stderr.strip()}"
        return
    try:
        yield None
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def resize(disk: Path, size: int) -> None:
    command = ["mount", "-o", f"remount,size={size}", str(disk)]
    subprocess.run(command, check=True)


def fill(force: Force, disk: Path, part: int) -> None:
    """Publish and run without room, and then with room for a part of the work file.

    Each is reported, and the last good version stays.
    """
    good = force.published_crimes()
    least = 16 * 4096
    largest = force.home.warehouse.stat().st_size
    for arguments, room in (
        (force.publish, least),
        (force.arguments, least),
        (force.arguments, largest // part),
    ):
        resize(disk, shutil.disk_usage(disk).used + room)
        process = force.start(arguments=arguments)
        output, _ = process.communicate()
        resize(disk, LARGE)
        if process.returncode == 0 and room > least:
            # All new data fitted on the disk.
            break
        assert process.returncode == KNOWN_FAILURE, output
        assert "\nstrandline: " in output and "Traceback" not in output, output
        assert force.published_crimes() == good
        force.check_the_pack_is_whole()


def kill_somewhere(force: Force, stage: str, is_alone: bool, delay: float) -> bool:
    """Start a run and kill it at a stage; return whether it was killed in time.

    Args:
        is_alone: kill only the run itself, and not the processes that it started.
    """
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


def _listed(folder: Path) -> list[str]:
    """Return all paths in the folder, without those removed by another process
    meanwhile.
    """
    walked = os.walk(folder)
    return [f"{own}/{n}" for own, inner, files in walked for n in (*inner, *files)]


def kill_publications(force: Force, number: int) -> None:
    """Kill `publish` several times at random moments; then publish once more."""
    chance = random.Random(number)
    kills = 0
    while kills < number:
        there = _listed(force.home.publications)
        process = force.start(arguments=force.publish)
        # Kill some time after its first file. Before that it leaves nothing behind.
        while process.poll() is None:
            if _listed(force.home.publications) != there:
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


def as_if_undisturbed(force: Force, built: Result, folder: Path) -> bool:
    """Whether every published table equals that of a home that got all files at
    once.
    """
    shutil.copytree(force.home.landing, folder / "landing")
    whole = compiled_run.run(built, folder, "essex")
    assert whole.exit_code == 0, whole.output
    tables = published_tables(force.home.current)
    return tables == published_tables(whole.home.current)
