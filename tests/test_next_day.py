"""A run on the next day in a finished home: its additions, warnings and stops."""

import re
import shutil
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest

from dagster_project import settings
from dagster_project.releases import freeze
from dagster_project.transform import builds
from tests import compiled_run
from tests.conftest import (
    QUARTER,
    Result,
    changed_in_checkout,
    copied,
    published_tables,
    run_command,
)
from tests.disturbed import of_last_daily

# A new crime, one with a keyword, one that is cancelled and one with an outcome.
CHANGES = """\
next-1,2021-09-20T10:00:00,2021-09-20T09:00:00,,34B,E06000033,,,N,N,N,N,Recorded,,
C05,2020-12-25T12:00:00,,,34B,E07000071,,Knife,N,N,N,N,Recorded,1,2021-02-01
C11,2021-03-03T11:00:00,2021-02-01T00:00:00,,AF,E07000072,,Online,N,N,Y,N,Cancelled,,
C06,2021-01-15T18:00:00,,,34B,E06000033,,knife,N,N,N,N,Recorded,1,2021-09-10
"""


def held_lines(home: settings.Home, name: str, count: int) -> None:
    """Write a delivery of a number of lines whose flag is neither Y nor N."""
    folder = home.landing / "crimes"
    header, first = (folder / "crimes_20210602T060000.csv").read_text().split("\n")[:2]
    cells = dict(zip(header.split(","), first.split(","), strict=True))
    lines = [
        ",".join((cells | {"crime_id": f"{name}-{i}", "is_online": "yes"}).values())
        for i in range(count)
    ]
    text = "\n".join([header, *lines, ""])
    (folder / f"crimes_{name}.csv").write_text(text, encoding="utf-8")


@dataclass(frozen=True)
class NextDay:
    """A home that was built again after new deliveries; what it was before.

    Args:
        result: of the run.
        build_id_before: of the home.
        checkout: the changed files of the checkout before and after the run.
    """

    result: Result
    build_id_before: str
    checkout: tuple[str, str]


def build_id(home: settings.Home) -> str:
    """Return the build id, which changes if the incremental models are built in
    full.
    """
    with duckdb.connect(str(home.warehouse), read_only=True) as reader:
        rows = reader.execute(f"select build_id from {builds.BUILDS}").fetchall()
    return str(rows[0][0])


def report(home: settings.Home) -> Result:
    options = ["--data", str(home.root), "--quarter", QUARTER]
    return run_command(home.root, "report", *options)


@pytest.fixture(scope="module")
def next_day(first_build: Result, tmp_path_factory: pytest.TempPathFactory) -> NextDay:
    """A run on two deliveries with held lines, and one with changes.

    The pack of the day before is published.
    """
    home = copied(first_build, tmp_path_factory.mktemp("next_day")).home
    assert freeze.publish(home, QUARTER) == 1
    before = build_id(home)
    held_lines(home, "20211117T070000", 12)
    held_lines(home, "20211118T060000", 12)
    crimes = home.landing / "crimes"
    header = (crimes / "crimes_20211117T060000.csv").read_text().splitlines()[0]
    changed = crimes / "crimes_20211118T070000.csv"
    changed.write_text(f"{header}\n{CHANGES}", encoding="utf-8")
    changed_before = changed_in_checkout()
    result = report(home)
    return NextDay(result, before, (changed_before, changed_in_checkout()))


@pytest.mark.ci
def test_every_table_is_added_to_and_equals_a_full_build(
    next_day: NextDay, first_build: Result, tmp_path: Path
):
    home = next_day.result.home
    assert build_id(home) == next_day.build_id_before
    for folder in (home.landing, home.config, home.publications):
        shutil.copytree(folder, tmp_path / folder.name)
    whole = compiled_run.run(first_build, tmp_path, "essex")
    added = published_tables(home.current)
    assert len(added) > 45 and added == published_tables(whole.home.current)
    assert next_day.result.rows_with_ids(
        "select crime_id, is_counted from marts.fct_crimes"
        " where crime_id in ('next-1', 'C06', 'C11') order by all"
    ) == [("C06", True), ("C11", False), ("next-1", True)]


@pytest.mark.ci
def test_the_next_run_says_what_changed_since_a_publication(next_day: NextDay):
    counted = "select count(*) from {} where {}"
    for table, those in (
        ("marts.fct_publications", "version = 1"),
        ("reporting.rpt_revisions", "value_difference <> 0"),
    ):
        ((rows,),) = next_day.result.rows(counted.format(table, those))
        assert rows > 0, table


@pytest.mark.ci
def test_seeds_and_views_are_not_made_again_on_the_next_day(next_day: NextDay):
    made = of_last_daily(next_day.result.home)
    assert {"fct_crimes", "rpt_figures", "published"} <= made
    assert not made & {"measure_rules", "bi_crimes"}


@pytest.mark.ci
def test_a_run_changes_no_file_of_the_checkout(next_day: NextDay):
    before, after = next_day.checkout
    assert after == before


@pytest.mark.ci
def test_a_run_with_a_warning_ends_with_it(next_day: NextDay):
    warned = next_day.result
    assert warned.exit_code == 0, warned.output
    last = re.split(r"The run ended with .*:\n", warned.output)[1]
    for words in (
        "crimes_20211118T060000.csv; held_line_count: 12; lines_delivered: 12",
        "12 x is_online is neither Y nor N: Write Y or N.",
        "line 2 (20211118T060000-0): is_online is neither Y nor N",
        "What to do: Have each file corrected at its source",
    ):
        assert words in last
    assert last.index("crimes_20211118") < last.index("crimes_20211117"), "newest last"
    recorded = b"".join(p.read_bytes() for p in warned.home.dagster.rglob("*.db"))
    assert b"12 x is_online is neither Y nor N: Write Y or N." in recorded
    assert b"\\u001b[" not in recorded


@pytest.mark.slow
def test_a_failed_run_says_why_and_what_was_not_changed(
    first_build: Result, tmp_path: Path
):
    home = copied(first_build, tmp_path).home
    published = home.current.resolve().name
    held_lines(home, "20211119T060000", 30)
    stopped = report(home)
    assert stopped.exit_code == 2
    assert "crimes_20211119T060000.csv; held_line_count: 30" in stopped.output
    assert stopped.output.count("STOP: ") == 1
    reason = stopped.output.split("strandline: ")[1]
    assert "No file has more held lines" in reason
    assert f"The last published version, published/{published}, was not" in reason
    assert home.current.resolve().name == published
    for words in ("Traceback", "\x1b", "FAIL 1"):
        assert words not in stopped.output
