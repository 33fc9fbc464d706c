"""Two forces that are files in a home, from `start` to the pack, and nothing else."""

from pathlib import Path

import pytest

from dagster_project.settings import Home
from tests import compiled_run
from tests import worked_forces as worked
from tests.conftest import Result, changed_in_checkout, run_command, run_here

FORCES = {
    "kent": (
        worked.kent_config,
        worked.KENT_AREAS,
        worked.deliver_kent,
        worked.counts_of_kent,
    ),
    "greater-manchester": (
        worked.manchester_config,
        {name: name for name in worked.BOROUGHS},
        worked.deliver_manchester,
        worked.counts_of_manchester,
    ),
}


def home_of(force: str, folder: Path) -> Home:
    """A home that was started, configured and delivered to, as a person would."""
    config, areas, deliver, _ = FORCES[force]
    home = Home(folder / "home")
    said = run_here("start", "--force", force, "--data", str(home.root))
    assert said.exit_code == 0, said.output
    worked.configure(home.config, config())
    worked.name_areas(home.config, areas)
    deliver(home.landing)
    said = run_here("check-config", "--data", str(home.root))
    assert said.exit_code == 0, said.output
    return home


def made(force: str, built: Result, folder: Path) -> Result:
    home = home_of(force, folder)
    result = compiled_run.run(built, home.root, force)
    assert result.exit_code == 0, result.output
    return result


@pytest.fixture(scope="module")
def kent(first_build: Result, tmp_path_factory: pytest.TempPathFactory) -> Result:
    return made("kent", first_build, tmp_path_factory.mktemp("kent"))


@pytest.fixture(scope="module")
def manchester(first_build: Result, tmp_path_factory: pytest.TempPathFactory) -> Result:
    folder = tmp_path_factory.mktemp("manchester")
    return made("greater-manchester", first_build, folder)


def counted(result: Result) -> worked.Counts:
    """What the program counts by local policing area."""
    rows = result.rows(
        "select measure_code, area_code, previous_12_months, current_12_months"
        " from marts.fct_rolling_12_months"
        " where area_level = 'lpa' and period_end = '2021-09-30'"
    )
    return {(measure, area): (before, now) for measure, area, before, now in rows}


@pytest.mark.parametrize(
    "force", ["kent", pytest.param("greater-manchester", marks=pytest.mark.ci)]
)
def test_the_figures_of_each_area_are_those_of_an_independent_count_of_the_exports(
    request: pytest.FixtureRequest, force: str
):
    result = request.getfixturevalue(force.rpartition("-")[2])
    expected = FORCES[force][3](result.home.landing)
    # Every count says something.
    assert all(min(both) > 0 for both in expected.values())
    found = counted(result)
    assert {key: found[key] for key in expected} == expected


def test_a_force_with_fourteen_themes_has_them_and_no_measure_of_another_strategy(
    kent: Result,
):
    plan = kent.rows(
        "select strand from reporting.rpt_delivery_progress"
        f" where quarter = '{worked.QUARTER}' order by row_position"
    )
    assert [strand for (strand,) in plan] == [*worked.THEMES.values(), "Total"]
    measures = kent.rows(
        "select measure, strand from reporting.rpt_rolling_12_months"
        f" where quarter = '{worked.QUARTER}'"
    )
    assert {measure: strand for measure, strand in measures} == {
        measure: worked.THEMES[strand]
        for measure, strand in worked.KENT_INFORMED.items()
    }
    page = compiled_run.page(kent, worked.QUARTER)
    assert "Making Kent Safer 2021-25" in page and "Crime against children" in page
    assert "Night-time economy" not in page and "Essex" not in page


def test_what_the_mapping_does_not_know_is_held_by_its_reason(kent: Result):
    assert kent.rows(
        "select quarantine_reasons from marts.fct_quarantined_lines"
        " where is_open order by line"
    ) == [(["district_code_not_mapped"],), (["recorded_at_not_mapped"],)]


@pytest.mark.ci
def test_ten_areas_of_a_force_are_the_districts_that_its_file_names(manchester: Result):
    areas = {area for _, area in counted(manchester)}
    assert areas == set(worked.BOROUGHS)
    page = compiled_run.page(manchester, worked.QUARTER)
    assert "Safer Together" in page and "Knives off the Street" in page


@pytest.mark.soak
@pytest.mark.parametrize(
    "force",
    FORCES,
)
def test_from_nothing_to_the_pack_the_checkout_has_no_changed_file(
    force: str, tmp_path: Path
):
    """The command makes what the tests above make without it, so this is left to `make
    soak`. test_next_day.py shows of a configured home that a run changes no file of
    the checkout.
    """
    before = changed_in_checkout()
    home = home_of(force, tmp_path)
    options = ("--data", str(home.root), "--quarter", worked.QUARTER)
    result = run_command(home.root, "report", *options)
    assert result.exit_code == 0, result.output
    (pack,) = home.output.rglob(worked.QUARTER)
    assert {"index.html", "annex.html"} <= {path.name for path in pack.iterdir()}
    expected = FORCES[force][3](home.landing)
    found = counted(result)
    assert {key: found[key] for key in expected} == expected
    assert changed_in_checkout() == before
