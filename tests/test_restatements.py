"""Open data of several forces, published once and restated by a later download."""

from datetime import datetime

import pytest

from dagster_project.intake import landing
from dagster_project.releases import freeze
from tests import compiled_run
from tests.conftest import Result, run_command
from tests.open_data_files import BURGLARY, MONTHS, STREET, archive, csv

pytestmark = pytest.mark.slow

QUARTER = "2021-22-q4"
AREAS = {"essex": "Tendring 018A", "kent": "Ashford 001A"}
RESTATED = "2021-09"
DIFFERENT = """
    select statistic, published_value, current_value, restated, otherwise
    from reporting.rpt_revisions
    where force_code = '{}' and value_difference <> 0 and {}
"""


def burglaries(force: str, month: str, count: int) -> tuple[str, bytes]:
    """Return the name in the archive, and the bytes, of a force's file of a month."""
    line = BURGLARY.replace("2021-07", month).replace("Tendring 018A", AREAS[force])
    lines = [line.replace("c1,", f"{force}{month}{n},") for n in range(count)]
    return f"{month}/{month}-{force}-street.csv", csv(STREET, *lines)


@pytest.fixture(scope="module")
def given_out(tmp_path_factory: pytest.TempPathFactory) -> Result:
    """The packs of two forces, made by one run and published together."""
    folder = tmp_path_factory.mktemp("restated")
    home = folder / "home"
    files = dict(burglaries(force, month, 1) for force in AREAS for month in MONTHS)
    first = archive(folder / "first.zip", files)
    what = ["--archive", str(first), "--force", "all", "--quarter", QUARTER]
    result = run_command(home, "report", "--data", str(home), *what)
    assert result.exit_code == 0, result.output
    assert freeze.publish(result.home, QUARTER) == 1
    return result


@pytest.fixture(scope="module")
def restated(given_out: Result, first_build: Result) -> Result:
    """The same home after a month of one of the forces is replaced."""
    home = given_out.home
    name, data = burglaries("essex", RESTATED, 3)
    later = archive(home.root / "later.zip", {name: data}, datetime(2022, 6, 1))
    landing.deliver_archive(home, later)
    result = compiled_run.run(first_build, home.root, landing.ALL_FORCES)
    assert result.exit_code == 0, result.output
    return result


def test_a_home_of_all_forces_has_a_pack_for_each_force_that_is_open_data(
    given_out: Result,
):
    for force in AREAS:
        pack = given_out.home.output / force / QUARTER
        assert f"The pack is in {pack}" in given_out.output
        assert "Made from open data" in (pack / "annex.html").read_text("utf-8")


def test_the_index_above_the_packs_leads_to_each_force(given_out: Result):
    index = (given_out.home.output / "index.html").read_text("utf-8")
    for force in AREAS:
        assert f'href="{force}/{QUARTER}/index.html"' in index


def test_counts_that_a_later_download_moved_are_restated_and_nothing_else(
    restated: Result,
):
    counts = DIFFERENT.format("essex", "is_attributed")
    found = restated.rows(f"select distinct * exclude (statistic) from ({counts})")
    assert sorted(found) == [(0, 2, 2, 0), (1, 3, 2, 0), (12, 14, 2, 0)]
    others = DIFFERENT.format("essex", "not is_attributed")
    statistics = restated.rows(f"select distinct statistic from ({others})")
    assert ("difference_pct",) in statistics and ("count",) not in statistics


def test_the_other_force_of_the_publication_has_no_revision(restated: Result):
    assert restated.rows(DIFFERENT.format("kent", "true")) == []
    compared = "select count(*) from reporting.rpt_revisions where force_code = 'kent'"
    assert restated.rows(compared)[0][0] > 1000
