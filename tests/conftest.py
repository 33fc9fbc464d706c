"""Fixtures: homes for the tests, and one run of the pipeline on each kind of data."""

import fcntl
import io
import os
import shutil
import subprocess
import sys
import tempfile
from argparse import ArgumentParser
from collections.abc import Callable, Iterator
from contextlib import (
    AbstractContextManager,
    contextmanager,
    redirect_stderr,
    redirect_stdout,
)
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from itertools import combinations
from pathlib import Path
from unittest.mock import patch

# Set before the project is imported, so that no test can touch the real data home.
os.environ["STRANDLINE_HOME"] = tempfile.mkdtemp(prefix="strandline_tests_")
os.environ.pop("STRANDLINE_FORCE", None)
os.environ.pop("STRANDLINE_AS_AT", None)

import dagster as dg
import duckdb
import hypothesis
import pandas
import pytest

from dagster_project import packs, settings, stores
from dagster_project.cli.commands import parser
from dagster_project.cli.main import main
from tests.golden import copies

settings.configure()
# Two processes run the tests on two cores: threads of DuckDB would share these.
stores.SETTINGS["threads"] = "1"
# `make test` tries few random examples, `make check` many (--hypothesis-profile full).
hypothesis.settings.register_profile("quick", max_examples=10, deadline=None)
hypothesis.settings.register_profile("full", max_examples=100, deadline=None)
hypothesis.settings.load_profile("quick")

LANDING = Path(__file__).parent / "landing"
FIRST_CRIMES = "crimes_20210407T060000.csv"
UNCHANGED = ("C01", "C04", "C05", "C06", "C10", "C11", "C12", "C16", "C17")
QUARTER = "2021-22-q2"
NOBODY = 65534
CHROMIUM = Path("/usr/bin/chromium")
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# Columns that depend on when or in which order something was loaded.
OF_THE_RUN = {"load_id", "loaded_at"}
GOLDEN = Path(__file__).parent / "golden"
LEFT_BEHIND = shutil.ignore_patterns(
    *(".git", ".venv", "data", "output"),
    *("__pycache__", ".*_cache", ".hypothesis"),
)


@dataclass(frozen=True)
class Result:
    """A finished run of the command line: its home, its output and its exit code."""

    home: settings.Home
    output: str
    exit_code: int

    @property
    def pack(self) -> Path:
        return self.home.output / QUARTER

    def rows(self, sql: str) -> list[tuple]:
        """Query the published file, as an analyst would."""
        path = self.home.current.resolve()
        changed = path.stat()
        reader = _reader(path, (changed.st_ino, changed.st_mtime_ns, changed.st_size))
        return reader.execute(sql).fetchall()

    def rows_with_ids(self, sql: str) -> list[tuple]:
        """Query the same tables in the work file, which has ids and free text."""
        with duckdb.connect(str(self.home.warehouse), read_only=True) as connection:
            return connection.execute(sql).fetchall()


@lru_cache(maxsize=4)
def _reader(path: Path, state: tuple[int, int, int]) -> duckdb.DuckDBPyConnection:
    """Open a published file once for many questions: opening it takes longer than
    most answers. A version does not change; if a test changes it, `state` differs.

    It is attached, because the program may open the same file with other settings.
    """
    reader = duckdb.connect()
    reader.execute(f"attach '{path}' as published (read_only)")
    reader.execute("use published")
    return reader


def run_command(
    home: Path, *arguments: str, checkout: Path = settings.REPOSITORY
) -> Result:
    """Run `python -m dagster_project …` in a separate process, as make does."""
    environment = {k: v for k, v in os.environ.items() if k != "STRANDLINE_HOME"}
    finished = subprocess.run(
        [sys.executable, "-m", "dagster_project", *arguments],
        cwd=checkout,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    return Result(
        settings.Home(home), finished.stdout + finished.stderr, finished.returncode
    )


@dataclass(frozen=True)
class Said:
    """The output and exit code of a command that ran in the test's process."""

    out: str
    err: str
    exit_code: int

    @property
    def output(self) -> str:
        return self.out + self.err


def run_here(*arguments: str) -> Said:
    """Run a command in this process: the same code, without seconds for imports."""
    out, err = io.StringIO(), io.StringIO()
    with patch.dict(os.environ), redirect_stdout(out), redirect_stderr(err):
        exit_code = main(list(arguments))
    return Said(out.getvalue(), err.getvalue(), exit_code)


def command_parsers() -> dict[str, ArgumentParser]:
    """Return each command of the command line, with the parser of its options."""
    (commands,) = [a.choices for a in parser()._actions if isinstance(a.choices, dict)]
    return commands


def changed_in_checkout() -> str:
    """Return the files that differ from the last commit, and how, as git says it."""
    return "".join(
        subprocess.run(
            ["git", *command],
            cwd=settings.REPOSITORY,
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for command in (("status", "--porcelain"), ("diff", "HEAD"))
    )


def run_dbt(
    home: settings.Home, *arguments: str, checkout: Path = settings.REPOSITORY
) -> subprocess.CompletedProcess[str]:
    """Run only dbt, on the work file of `home`, which is not the home in use."""
    project = checkout / "dbt_project"
    return subprocess.run(
        [str(settings.DBT_EXECUTABLE), *arguments],
        cwd=project,
        env=os.environ
        | {
            settings.HOME_VARIABLE: str(home.root),
            settings.AS_AT_VARIABLE: home.as_at or "",
            "DBT_TARGET_PATH": str(home.dbt_target),
            "DBT_LOG_PATH": str(home.dbt_target / "logs"),
            "DBT_PROFILES_DIR": str(project),
        },
        capture_output=True,
        text=True,
        check=False,
    )


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--write-golden",
        action="store_true",
        help="write the golden copies anew in place of comparing with them",
    )


# The one of these files that is run first comes first: it makes the home that all
# share, and then needs more time than most.
MAKERS = ("test_daily_deliveries", "test_pipeline")
# The first files need no home, so that the other process does not wait for it. Then
# come the slowest files, slowest first, so that no process ends with one of them.
FIRST_FILES = (
    "test_publishing",
    "test_typed",
    "test_board",
    "test_retention",
    "test_makefile",
    "test_extracts",
    "test_sums",
    "test_pipeline",
    "test_spark",
    "test_supply",
    "test_inspect",
    "test_worked_forces",
    "test_words",
    "test_kept_whole",
    "test_document",
    "test_analysts",
    "test_demo",
    "test_restricted",
    "test_incidents",
    "test_joint_audit",
    "test_service",
    "test_benchmarks",
    "test_start",
    "test_command_line",
    "test_explanations",
    "test_mapping_home",
    "test_reports",
    "test_faults",
    "test_full_disk",
    "test_plain_tools",
    "test_incremental",
    "test_publications",
    "test_history",
    "test_erasure",
    "test_power_cut",
    "test_next_day",
    "test_adding",
    "test_as_at",
    "test_northumbria",
    "test_restatements",
)
# Tests with these fixtures take long.
CI_FIXTURES = {"browser", "service"}


def pytest_itemcollected(item: pytest.Item) -> None:
    if CI_FIXTURES.intersection(getattr(item, "fixturenames", ())):
        item.add_marker("ci")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the files in order, once the tests that are not run are left out."""
    files = {item.path.stem for item in items}
    maker = [name for name in MAKERS if name in files][:1]
    order = [*maker, *FIRST_FILES]
    place = {name: number for number, name in reversed([*enumerate(order)])}
    items.sort(key=lambda item: place.get(item.path.stem, len(order)))


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[str, settings.Home, str], None]:
    """Compare a home and the pack of a quarter with a golden copy."""

    def compare(name: str, home: settings.Home, quarter: str) -> None:
        path = GOLDEN / f"{name}.zip"
        found = copies.contents_of(home, quarter)
        if request.config.getoption("--write-golden"):
            copies.write(path, found)
        if not path.exists():
            pytest.skip(
                f"{path.name} is not written yet: pytest -m golden --write-golden"
            )
        different = copies.differences(copies.read(path), found)
        assert not different, "\n\n".join(different)

    return compare


@contextmanager
def records_of(home: settings.Home) -> Iterator[dg.DagsterInstance]:
    """Open Dagster's own records of the runs of a home."""
    place = {"DAGSTER_HOME": str(home.dagster)}
    with patch.dict(os.environ, place), dg.DagsterInstance.get() as instance:
        yield instance


def deliver(home: Path) -> None:
    """Deliver the hand-made extracts; the newest tracker is a workbook.

    The home is configured as the demonstration is. Crimes are delivered weekly: between
    the deliveries that tests look at, others repeat one line.
    """
    landing = home / "landing"
    shutil.copytree(LANDING, landing)
    shutil.copytree(settings.DEMONSTRATION_CONFIG, settings.Home(home).config)
    deliver_weekly(landing / "crimes", weeks=33)
    tracker = landing / "actions" / "actions_20211117T060000.csv"
    frame = pandas.read_csv(tracker, dtype=str, keep_default_na=False)
    frame.to_excel(tracker.with_suffix(".xlsx"), index=False)
    tracker.unlink()


def deliver_weekly(crimes: Path, weeks: int) -> None:
    """Write a delta for each week without one: some crimes as they are known.

    Each week repeats other crimes, because the same bytes with a later time would be
    held.
    """
    header, *lines = (crimes / FIRST_CRIMES).read_text("utf-8").splitlines()
    unchanged = [line for line in lines if line.split(",")[0] in UNCHANGED]
    sets = [*combinations(unchanged, 2), *combinations(unchanged, 3)]
    for week in range(weeks):
        day = datetime(2021, 4, 7, 6) + timedelta(weeks=week)
        path = crimes / f"crimes_{day:%Y%m%dT%H%M%S}.csv"
        if not path.exists():
            path.write_text("\n".join([header, *sets[week], ""]), encoding="utf-8")


def copy_project(folder: Path) -> Path:
    """Return a copy of the project in `folder`, which a test may change."""
    copy = folder / "checkout"
    shutil.copytree(settings.REPOSITORY, copy, ignore=LEFT_BEHIND)
    return copy


def append(checkout: Path, seed: str, row: str) -> None:
    with settings.seed(seed, checkout / "seeds").open("a", encoding="utf-8") as file:
        file.write(f"{row}\n")


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    return copy_project(tmp_path)


def tree(folder: Path) -> dict[str, tuple[int, int]]:
    """Return everything in a folder, and the folder itself → its time of change and
    size.
    """
    found = [str(folder)] if folder.exists() else []
    for inside, folders, files in os.walk(folder):
        found += [f"{inside}/{name}" for name in (*folders, *files)]
    stats = {path: os.lstat(path) for path in found}
    return {name: (stat.st_mtime_ns, stat.st_size) for name, stat in stats.items()}


def made_once(
    factory: pytest.TempPathFactory, name: str, make: Callable[[Path], Result]
) -> Result:
    """Return a home that the first process to need it makes for all processes.

    Tests may only read it.
    """
    folder = factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        folder = folder.parent
    home, output = folder / f"{name}_home", folder / f"{name}_output.txt"
    with (folder / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not output.exists():
            home.mkdir()
            result = make(home)
            assert result.exit_code == 0, result.output
            output.write_text(result.output, encoding="utf-8")
    return Result(settings.Home(home), output.read_text(encoding="utf-8"), 0)


def published_tables(database: Path) -> dict[str, list[str]]:
    """Return each published table's rows in order, without columns that differ by
    run.
    """
    found = {}
    with duckdb.connect(str(database), read_only=True) as reader:
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


def copied(made: Result, folder: Path) -> Result:
    """Return a copy of a finished home, which a test may change."""
    home = folder / "home"
    shutil.copytree(made.home.root, home, symlinks=True)
    return Result(settings.Home(home), made.output, made.exit_code)


@pytest.fixture(scope="session")
def first_build(tmp_path_factory: pytest.TempPathFactory) -> Result:
    """The hand-made extracts, from landing to pack, in one full build."""

    def make(home: Path) -> Result:
        deliver(home)
        options = ["--data", str(home), "--force", "essex", "--quarter", QUARTER]
        return run_command(home, "report", *options)

    return made_once(tmp_path_factory, "hand_made", make)


@pytest.fixture(scope="session")
def tiny(first_build: Result, tmp_path_factory: pytest.TempPathFactory) -> Result:
    """The hand-made extracts, in a home of this process."""
    return copied(first_build, tmp_path_factory.mktemp("tiny"))


@pytest.fixture(scope="session")
def demonstration(
    first_build: Result, tmp_path_factory: pytest.TempPathFactory
) -> Result:
    """The demonstration in full size, from its generator to the pack.

    It is made without Dagster and dbt. test_demonstration.py compares it with what
    `report` makes.
    """
    from tests import compiled_run

    def make(root: Path) -> Result:
        written = run_here("demo", "--data", str(root))
        assert written.exit_code == 0, written.output
        result = compiled_run.run(first_build, root, "essex", is_large=True)
        home = result.home
        shutil.copytree(first_build.home.dbt_target, home.dbt_target)
        packs.write(home, QUARTER)
        return result

    made = made_once(tmp_path_factory, "demonstration", make)
    return copied(made, tmp_path_factory.mktemp("demonstration"))


@pytest.fixture
def unprivileged() -> Callable[[Path], AbstractContextManager]:
    """Opens a home to everyone, and returns a way to act as a user who owns nothing.

    Root may read everything, so a test of permissions that root runs proves nothing.
    The effective user is changed while the test runs.
    """

    @contextmanager
    def as_nobody() -> Iterator[None]:
        is_root = os.geteuid() == 0
        if is_root:
            os.seteuid(NOBODY)
        try:
            yield
        finally:
            if is_root:
                os.seteuid(0)

    @contextmanager
    def opened(home: Path) -> Iterator[Callable[[], AbstractContextManager]]:
        closed = [p for p in (home, *home.parents) if not p.stat().st_mode & 0o001]
        # What a run wrote is closed to others.
        inside = [p for p in home.rglob("*") if not p.is_symlink()]
        modes = {path: path.stat().st_mode for path in (*closed, *inside)}
        for path in closed:
            path.chmod(0o755)
        for path in inside:
            path.chmod(modes[path] | (0o005 if path.is_dir() else 0o004))
        try:
            yield as_nobody
        finally:
            for path, mode in modes.items():
                path.chmod(mode)

    return opened


@pytest.fixture(scope="module")
def browser() -> Iterator:
    """Chromium, for tests of a page. Without it they are skipped, but never in CI."""
    if not CHROMIUM.exists():
        if os.environ.get("CI"):
            pytest.fail(f"CI must check the page in a browser: install {CHROMIUM}")
        pytest.skip(f"no browser at {CHROMIUM}: install Debian's package chromium")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        running = play.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        yield running
        running.close()
