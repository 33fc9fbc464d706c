"""Publications are never changed, and can be made again from their inputs.

The commands run in this process, with dbt's compiled SQL. test_next_day.py compares a
run with dbt in a home that has a publication.
"""

import shutil
from collections.abc import Callable
from functools import partial
from pathlib import Path

import duckdb
import pytest

from dagster_project import packs
from dagster_project.errors import DeliveryError
from dagster_project.releases import freeze, store, verification
from dagster_project.settings import Home
from reports import pdf
from tests import compiled_run
from tests.conftest import QUARTER, Result, Said, copied, run_command, run_here

pytestmark = pytest.mark.slow

LATE = "crimes_20210902T060000.csv"
LATE_ROBBERY = (
    "late-1,2021-08-15T10:00:00,2021-08-15T09:00:00,,34B,E06000033,E01015800,,"
    "N,N,N,N,Recorded,,"
)
# One change of each kind, delivered after publication.
SINCE = "crimes_20211124T060000.csv"
CHANGES = """\
late-2,2021-09-20T10:00:00,2021-09-20T09:00:00,,34B,E06000033,,,N,N,N,N,Recorded,,
C19,2021-07-15T19:00:00,2021-07-15T18:00:00,,8N,E06000033,E01015800,,N,N,N,N,Recorded,,
C05,2020-12-25T12:00:00,,,34B,E07000071,,Knife,N,N,N,N,Recorded,1,2021-02-01
C20,2021-09-30T23:59:59,2021-09-30T20:00:00,,28E,E06000034,,,N,N,N,N,Transferred,,
C10,2020-07-07T01:00:00,2020-07-07T00:30:00,,8N,E07000071,,Alcohol,N,N,N,Y,Recorded,,
C11,2021-03-03T11:00:00,2021-02-01T00:00:00,,AF,E07000072,,Online,N,N,Y,N,Cancelled,,
C06,2021-01-15T18:00:00,,,34B,E06000033,,knife,N,N,N,N,Recorded,1,2021-09-10
"""
REVISED = """
    select
        published_value, current_value, value_difference, late, reclassified_in,
        reclassified_out, transferred, cancelled, outcome_changed, otherwise
    from reporting.rpt_revisions
    inner join reporting.rpt_cells using (quarter, force_code, figure_id)
    where version = 1 and cell_id = '{}'
"""


# A file that `make pdf` would make; the second publication has none.
PRINTED = b"%PDF-1.7 printed"


def rows(home: Home, sql: str) -> list[tuple]:
    there = str(store.database(home))
    with duckdb.connect(there, read_only=True) as reader:
        return reader.execute(sql).fetchall()


def contents(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture(scope="module")
def published(first_build: Result, tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A publication; then a file that arrives late and a new one; a second
    publication.
    """
    home = copied(first_build, tmp_path_factory.mktemp("published")).home.root
    (packs.folders(Home(home), QUARTER)["essex"] / pdf.NAME).write_bytes(PRINTED)
    first = run_here("publish", "--data", str(home), "--quarter", QUARTER)
    assert first.exit_code == 0 and "as version 1" in first.output, first.output
    frozen = contents(home / "publications" / QUARTER / "v1")
    figures = rows(Home(home), "from publication_figures order by all")
    crimes = home / "landing" / "crimes"
    whole = (crimes / "crimes_20211117T060000.csv").read_text(encoding="utf-8")
    header = whole.splitlines()[0]
    (crimes / LATE).write_text(f"{header}\n{LATE_ROBBERY}\n", encoding="utf-8")
    (crimes / SINCE).write_text(f"{header}\n{CHANGES}", encoding="utf-8")
    with pytest.raises(DeliveryError, match="the pack is older"):
        freeze.publish(Home(home), QUARTER)
    result = compiled_run.command(first_build, home, "report", "--quarter", QUARTER)
    assert result.exit_code == 0, result.output
    assert freeze.publish(Home(home), QUARTER) == 2
    assert contents(home / "publications" / QUARTER / "v1") == frozen
    first_again = "from publication_figures where version = 1 order by all"
    assert rows(Home(home), first_again) == figures
    return Home(home)


def test_a_second_publication_is_a_new_version_and_does_not_change_the_first(
    published: Home,
):
    found = rows(published, "select quarter, version from publications order by all")
    assert found == [(QUARTER, 1), (QUARTER, 2)]


def test_each_version_knows_what_it_was_made_from(published: Home):
    late = rows(
        published,
        f"select version from publication_loads where file_name = '{LATE}'",
    )
    assert late == [(2,)]
    files = rows(published, "select distinct file_name from publication_files")
    assert {("report.xlsx",), ("annex.html",), ("manifest.json",)} <= set(files)


def test_a_printed_report_is_published_with_its_pack(published: Home):
    folders = [published.publications / QUARTER / f"v{i}" / "packs" for i in (1, 2)]
    printed = [path for folder in folders for path in folder.rglob(pdf.NAME)]
    assert [path.read_bytes() for path in printed] == [PRINTED]
    files = rows(published, "select version, file_name from publication_files")
    assert (1, pdf.NAME) in files and (2, pdf.NAME) not in files


@pytest.mark.parametrize(
    ("figure", "expected"),
    [
        ("rolling_12_months/personal_robbery/current_12_months", (2, 4, 2, 2, 1, -1)),
        ("rolling_12_months/personal_robbery/difference", (2, 4, 2, 2, 1, -1)),
        (
            "rolling_12_months/residential_burglary/current_12_months",
            (1, 0, -1, 0, 0, 0, -1),
        ),
        ("rolling_12_months/cyber_crime/difference", (0, -1, -1, 0, 0, 0, 0, -1)),
        ("district_12_months/nte_crime|Chelmsford/difference", (-1, 0, 1, 0, 0, 0, 1)),
        (
            "district_12_months/nte_crime|Colchester/previous_12_months",
            (0, 1, 1, 0, 0, 0, 1),
        ),
        ("rolling_12_months/nte_crime/previous_12_months", (1, 1)),
        (
            "solved_rates/personal_robbery/current_solved",
            (0, 2, 2, 0, 1, 0, 0, 0, 1),
        ),
    ],
)
def test_a_published_figure_says_why_it_differs_now(
    published: Home, figure: str, expected: tuple[int, ...]
):
    found = Result(published, "", 0).rows(REVISED.format(figure))
    assert found == [expected + (0,) * (10 - len(expected))]


def test_the_kinds_of_change_add_up_for_every_count_of_crimes(published: Home):
    result = Result(published, "", 0)
    counted = "select count(*) from reporting.rpt_revisions where is_attributed"
    assert result.rows(f"{counted} and value_difference <> 0")[0][0] > 20
    assert result.rows(f"{counted} and otherwise <> 0") == [(0,)]
    without = result.rows(
        "select distinct statistic from reporting.rpt_revisions"
        " where value_difference <> 0 and not is_attributed"
    )
    assert ("difference_pct",) in without and ("count",) not in without


def test_the_pack_shows_what_was_revised_once_there_is_a_publication(
    published: Home, tiny: Result
):
    pack = published.output / QUARTER
    lines = (pack / "tables" / "revised_figures.csv").read_text("utf-8").splitlines()
    assert any(
        "Personal robbery,12 months ending September 2021,2,4,2,2,1,-1,0" in line
        for line in lines
    )
    assert (pack / "charts" / "revisions.svg").exists()
    assert "Figures revised since Q2 2021/22 was first published" in (
        pack / "annex.html"
    ).read_text("utf-8")
    assert not (tiny.pack / "tables" / "revised_figures.csv").exists()
    assert not (tiny.pack / "charts" / "revisions.svg").exists()


@pytest.fixture
def compiled(first_build: Result) -> Callable[..., Said]:
    """Runs a command in a home without dbt."""
    return partial(compiled_run.command, first_build)


@pytest.fixture
def with_dbt() -> Callable[..., Result]:
    """Runs a command in a home as make does."""
    return lambda home, *words: run_command(home, *words, "--data", str(home))


@pytest.mark.parametrize(
    "how", ["compiled", pytest.param("with_dbt", marks=pytest.mark.soak)]
)
def test_the_first_publication_is_reproduced_after_a_late_file_and_a_new_cut_off(
    request: pytest.FixtureRequest, published: Home, how: str
):
    """It uses the configuration of the publication, not the home's present one."""
    run = request.getfixturevalue(how)
    frozen = Home(published.publications / QUARTER / "v1")
    decided = published.config / "reporting_calendar.csv"
    text = decided.read_text(encoding="utf-8")
    assert (frozen.config / decided.name).read_text(encoding="utf-8") == text
    assert (frozen.seeds / decided.name).read_text(encoding="utf-8") == text
    decided.write_text(text.splitlines(keepends=True)[0], encoding="utf-8")
    before = contents(published.root)
    try:
        what = ["verify", "--quarter", QUARTER, "--version", "1"]
        result = run(published.root, *what)
    finally:
        decided.write_text(text, encoding="utf-8")
    assert result.exit_code == 0, result.output
    assert "inputs: all equal" in result.output
    assert "cells with a figure: all" in result.output
    assert "files of the pack: all" in result.output
    changed = [path for path in before if path.read_bytes() != before[path]]
    names = {path.name for path in changed} - {"dagster.yaml", decided.name}
    assert names == set()


def test_a_figure_that_differs_is_named_and_the_verification_fails(published: Home):
    found = verification._compare(published, published, QUARTER, 1)
    assert not found.is_verified
    assert any(LATE in line for line in found.lines)
    assert any("robbery" in line and " then, " in line for line in found.lines)


def test_a_quarter_without_its_pack_is_not_published(tmp_path: Path, tiny):
    home = Home(tmp_path)
    shutil.copytree(tiny.home.published, home.published, symlinks=True)
    with pytest.raises(DeliveryError, match="there is no pack to publish"):
        freeze.publish(home, QUARTER)
    with pytest.raises(DeliveryError, match="nothing is published") as told:
        verification.verify(home, QUARTER, pytest.fail)
    assert "verify" not in str(told.value)


@pytest.mark.golden
def test_a_home_with_two_publications_is_its_golden_copy(published: Home, golden):
    golden("publications", published, QUARTER)
