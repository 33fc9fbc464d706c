"""A home as at a past time equals a home of that time; the live home is unchanged."""

import shutil
from argparse import Namespace
from datetime import date, datetime, timedelta
from pathlib import Path

import duckdb
import pytest

from dagster_project import packs
from dagster_project.calendar import end_of
from dagster_project.cli import arguments
from dagster_project.cli.main import KNOWN_FAILURE
from dagster_project.errors import DeliveryError
from dagster_project.intake.police_uk.archives import LONDON
from dagster_project.settings import Home
from tests import compiled_run
from tests.conftest import Result, run_command, run_here

pytestmark = pytest.mark.slow

MOMENT = "2021-08-31"
QUARTER = "2020-21-q4"


def report(home: Path, *more: str) -> Result:
    options = ["--data", str(home), "--force", "essex", "--quarter", QUARTER]
    return run_command(home, "report", *options, *more)


@pytest.fixture(scope="module")
def then(
    tiny: Result, first_build: Result, tmp_path_factory: pytest.TempPathFactory
) -> Home:
    """A home that had only the deliveries up to the time, and was built then.

    It is built from compiled SQL, so it also shows that this equals what dbt builds.
    """
    root = tmp_path_factory.mktemp("then")
    for path in sorted((tiny.home.root / "landing").glob("*/*")):
        if path.name.rpartition("_")[2] < "20210901":
            target = root / "landing" / path.parent.name / path.name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, target)
    result = compiled_run.run(first_build, root, "essex")
    assert result.exit_code == 0, result.output
    packs.write(result.home, QUARTER)
    return result.home


@pytest.fixture(scope="module")
def live_before(tiny: Result) -> dict[Path, bytes]:
    return live_files(tiny.home)


@pytest.fixture(scope="module")
def as_at(tiny: Result, then: Home, live_before: dict[Path, bytes]) -> Home:
    """The home with all deliveries, as at the time."""
    result = report(tiny.home.root, "--as-at", MOMENT)
    assert result.exit_code == 0, result.output
    return Home(tiny.home.root, MOMENT)


def live_files(home: Home) -> dict[Path, bytes]:
    folders = [home.published, home.output / "2021-22-q2", home.landing]
    files = [path for folder in folders for path in folder.rglob("*")]
    files.append(home.warehouse)
    return {path: path.read_bytes() for path in files if path.is_file()}


def tables(home: Home) -> dict[str, list[tuple]]:
    """Return every published table's rows, without the time at which a file was
    loaded.
    """
    with duckdb.connect(str(home.current), read_only=True) as reader:
        names = reader.execute(
            "select table_schema || '.' || table_name from information_schema.tables"
            " where table_schema in ('marts', 'reporting') order by all"
        ).fetchall()
        return {
            name: reader.execute(
                f"select columns(lambda c: c <> 'loaded_at') from {name} order by all"
            ).fetchall()
            for (name,) in names
        }


def test_every_mart_and_report_table_is_as_it_was_built_then(then: Home, as_at: Home):
    built_then = tables(then)
    assert len(built_then) > 60
    assert built_then["marts.fct_crimes"] and built_then["reporting.rpt_figures"]
    built_as_at = tables(as_at)
    different = [name for name in built_then if built_then[name] != built_as_at[name]]
    assert built_as_at.keys() == built_then.keys() and different == []


def test_the_pack_is_the_one_written_then_and_says_as_at_when(then: Home, as_at: Home):
    written_then = then.output / QUARTER
    written = as_at.output / f"{QUARTER}@{MOMENT}"
    files = [path for path in written_then.rglob("*") if path.is_file()]
    changed = [
        path.relative_to(written_then).as_posix()
        for path in files
        if path.read_bytes() != (written / path.relative_to(written_then)).read_bytes()
    ]
    assert len(files) > 20 and changed == ["manifest.json"]
    assert f'"as_at": "{MOMENT}"' in (written / "manifest.json").read_text("utf-8")


def test_the_live_home_is_not_changed(tiny: Result, as_at: Home, live_before):
    assert live_files(tiny.home) == live_before
    assert as_at.warehouse != tiny.home.warehouse and as_at.warehouse.exists()


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        (str(date.today() + timedelta(days=1)), "is in the future"),
        ("17/11/2021", "is not a date or a time"),
        ("2021-02-30", "is not a date or a time"),
        ("2018-04-01", "was first extracted at 2021-0"),
    ],
)
def test_as_at_an_impossible_time_is_refused_in_one_sentence(
    tiny: Result, moment: str, words: str
):
    what = ["--force", "essex", "--quarter", QUARTER, "--as-at", moment]
    said = run_here("report", "--data", str(tiny.home.root), *what)
    assert said.exit_code == KNOWN_FAILURE and "Traceback" not in said.output
    assert words in said.err.strip().splitlines()[-1]


def test_as_at_today_is_refused():
    # Run in this process, because a longer command could run past midnight.
    today = str(datetime.now(LONDON).date())
    with pytest.raises(DeliveryError, match="is in the future"):
        arguments.check(Namespace(command="explain", as_at=today))


def test_as_at_a_day_includes_its_last_microsecond_and_a_time_includes_itself():
    assert end_of("2021-11-17") == datetime(2021, 11, 17, 23, 59, 59, 999_999)
    assert end_of("2021-11-17T06:00:00") == datetime(2021, 11, 17, 6)


@pytest.mark.golden
def test_a_home_as_at_a_moment_is_its_golden_copy(as_at: Home, golden):
    golden("as_at", as_at, QUARTER)
