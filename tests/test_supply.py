"""A figure needs evidence: months, measures, areas and plans that were not supplied."""

import shutil
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from dagster_project.intake import holding, load_log
from tests import compiled_run
from tests import kent_deliveries as kent
from tests.conftest import QUARTER, Result, copied, deliver

WITHOUT_FRAUD = (
    "Fraud: not available. In the months that the extract crimes supplies, no accepted"
    " line counts towards this measure."
    f" {kent.FRAUDS} lines of the extract are held."
)
MONTHS = """
    select strftime(month, '%Y-%m') as month, bool_or(is_supplied) as is_supplied
    from marts.fct_measures_monthly
    where measure_code = 'all_recorded_crime'
    group by all order by all
"""


def page(result: Result) -> str:
    return compiled_run.page(result, QUARTER)


def supplied(result: Result) -> list[str]:
    return [month for month, is_supplied in result.rows(MONTHS) if is_supplied]


def report(built: Result, home: Path, force: str = "kent") -> Result:
    result = compiled_run.run(built, home, force)
    assert result.exit_code == 0, result.output
    return result


@pytest.fixture(scope="module")
def few(first_build: Result, tmp_path_factory: pytest.TempPathFactory) -> Result:
    """The invented force; its last file of crimes has only a header."""
    home = tmp_path_factory.mktemp("few")
    kent.deliver(home / "landing")
    kent.write(home / "landing", "crimes", datetime(2022, 1, 10, 6), [])
    return report(first_build, home)


def test_a_delta_without_a_line_supplies_no_month(few: Result):
    assert supplied(few)[-1] == "2021-10"
    quarters = few.rows("select max(quarter) from marts.dim_reports")
    assert quarters == [(QUARTER,)]


def test_a_stray_old_crime_does_not_begin_the_supply(few: Result):
    assert few.rows_with_ids(
        "select recorded_month from marts.fct_crimes where crime_id = 'S1'"
    ) == [(kent.STRAY_DAY.replace(day=1),)]
    assert supplied(few)[0] == "2020-04"
    assert dict(few.rows(MONTHS))["2015-06"] is False
    assert few.rows("select min(first_supplied_month) from marts.dim_reports") == [
        (kent.FIRST_DAY,)
    ]


def test_a_measure_coded_by_another_scheme_is_not_available_beside_the_lines_held(
    few: Result,
):
    held = few.rows("select count(*) from marts.fct_quarantined_lines where is_open")
    assert held == [(kent.FRAUDS,)]
    values = few.rows(
        "select distinct value, is_supplied from marts.fct_measures_monthly"
        " where measure_code = 'fraud'"
    )
    assert values == [(None, False)]
    text = page(few)
    assert WITHOUT_FRAUD in text
    assert "Fraud showed no change" not in text and "0 recorded crimes" not in text
    assert "Not available: Fraud." in text


def test_a_force_without_a_calendar_shows_a_plan_near_the_quarters_end_alone(
    few: Result,
):
    plans = dict(
        few.rows("select quarter, plan_as_at_date from marts.dim_reports order by all")
    )
    assert plans[QUARTER] == date(2021, 11, 17)
    assert plans["2021-22-q1"] is None and plans["2020-21-q4"] is None
    assert "17 November 2021" in page(few)


def test_an_area_or_unit_has_no_base_before_its_first_record(few: Result):
    robberies = few.rows(
        "select area_code, base_total, current_total > 0 from marts.fct_comparisons"
        " where measure_code = 'personal_robbery' and area_level = 'district'"
        " and comparison_code = 'same_quarter_last_year' and period_end = '2021-09-30'"
        f" and area_code in {tuple(kent.DISTRICTS)} order by all"
    )
    assert [(code, base is None) for code, base, _ in robberies] == [
        ("E07000105", False),
        ("E07000106", False),
        ("E07000107", True),
    ]
    arrests = few.rows(
        "select unit, year_before_quantity, quantity, status"
        " from reporting.rpt_unit_comparisons"
        f" where quarter = '{QUARTER}' order by all"
    )
    assert arrests == [
        ("CSE team", None, 6, "not available"),
        ("POLIT", 6, 6, "available"),
    ]


HISTORY_FROM = date(2019, 10, 21)
CODES_CHANGE = date(2020, 10, 1)


def crimes_with_other_codes(day: date) -> list[kent.Row]:
    """Return crimes of a day; frauds and knives have other codes from October 2020."""
    rows = kent.crimes_of(day)
    is_changed = day >= CODES_CHANGE
    rows[1]["keywords"] = "Knives" if is_changed else "Knife"
    if day.weekday() == 0:
        code = "NFIB3A" if is_changed else "CIFAS"
        rows.append(rows[0] | {"crime_id": f"F{day}", "offence_code": code})
    return rows


@pytest.fixture(scope="module")
def changed(first_build: Result, tmp_path_factory: pytest.TempPathFactory) -> Result:
    """Three crimes a day from 21 October 2019, whose codes change after a year."""
    home = tmp_path_factory.mktemp("changed")
    known = HISTORY_FROM
    for week in range(kent.WEEKS):
        moment = kent.FIRST_DELIVERY + timedelta(weeks=week)
        days = kent.days(known, moment.date())
        rows = [row for day in days for row in crimes_with_other_codes(day)]
        kent.write(home / "landing", "crimes", moment, rows)
        known = moment.date()
    kent.write(home / "landing", "actions", datetime(2021, 11, 17, 6), [kent.ACTION])
    return report(first_build, home)


def test_an_incomplete_first_month_is_not_supplied(changed: Result):
    assert supplied(changed)[0] == "2019-11"
    assert dict(changed.rows(MONTHS))["2019-10"] is False
    assert changed.rows(
        "select base_total, current_total from marts.fct_comparisons"
        " where measure_code = 'personal_robbery' and area_level = 'force'"
        " and comparison_code = 'previous_12_months' and period_end = '2021-09-30'"
    ) == [(None, 365)]


@pytest.mark.parametrize(
    ("measure", "name", "lines"),
    [("fraud", "Fraud", 52), ("knife_crime", "Knife crime", 365)],
)
def test_a_measure_whose_codes_change_is_not_available_from_then_on(
    changed: Result, measure: str, name: str, lines: int
):
    months = changed.rows(
        "select month >= '2020-10-01' as is_changed, bool_or(is_supplied),"
        " bool_and(is_supplied) from marts.fct_measures_monthly"
        f" where measure_code = '{measure}' and month >= '2019-11-01'"
        " and month <= '2021-10-01' group by all order by all"
    )
    assert months == [(False, True, True), (True, False, False)]
    assert (
        f"{name}: not available. Few or no records of 12 months from October 2020 to"
        f" September 2021 count towards this measure. {lines} lines that could count"
        " are held or have values that are in no list. We treat these months as"
        " missing, not as zero."
    ) in page(changed)


@pytest.mark.slow
def test_a_delivery_of_another_year_supplies_none_of_the_months_between(
    first_build: Result, few: Result, tmp_path: Path
):
    """Its name says 2022 instead of 2021, and a person has accepted it."""
    root = copied(few, tmp_path).home.root
    moment = datetime(2022, 11, 17, 6)
    path = kent.write(
        root / "landing", "crimes", moment, kent.crimes_of(date(2021, 11, 16))
    )
    result = accepted(first_build, report(first_build, root), path.name)
    assert supplied(result)[-1] == "2021-10"
    months = dict(result.rows(MONTHS))
    between = [month for month in months if "2021-11" <= month <= "2022-11"]
    assert len(between) == 13 and not any(months[month] for month in between)
    assert result.rows("select max(quarter) from marts.dim_reports") == [(QUARTER,)]


def accepted(built: Result, result: Result, name: str) -> Result:
    """Run again after a person has accepted the file that the intake held."""
    home = result.home
    held = result.rows(
        f"select load_id from marts.fct_loads where file_name = '{name}'"
        " and file_status = 'held'"
    )
    if not held:
        return result
    with load_log.warehouse(home.warehouse) as connection:
        now = datetime(2022, 11, 18, 6)
        holding.accept(connection, home.landing, held[0][0], "somebody", now)
    return report(built, home.root)


def test_deliveries_missing_at_the_cut_off_are_named(
    first_build: Result, tmp_path: Path
):
    home = tmp_path / "home"
    home.mkdir()
    deliver(home)
    last = list((home / "landing").glob("*/*_20211117*"))
    assert {path.parent.name for path in last} == {"crimes", "actions"}
    for path in last:
        path.unlink()
    shutil.copy(  # a month before the cut-off
        home / "landing/actions/actions_20210817T060000.csv",
        home / "landing/actions/actions_20211017T060000.csv",
    )
    with (home / "landing/actions/actions_20211017T060000.csv").open("a") as file:
        file.write("A8,Hate Crime,One more,,2021-10-01,2021-12-31,,Ongoing,N,,\n")
    result = report(first_build, home, "essex")
    named = (
        "By 17 November 2021: actions, 2 from 17 September 2021 to 17 November 2021;"
        " crimes of 17 November 2021"
    )
    assert named in page(result)
    said = compiled_run.printed(result, QUARTER)
    assert named in said.split("Expected and not loaded. ")[-1]
    missing = "select extract, missing_count from reporting.rpt_missing_deliveries"
    assert result.rows(f"{missing} where quarter = '{QUARTER}' order by all") == [
        ("actions", 2),
        ("crimes", 1),
    ]


@pytest.fixture(scope="module")
def without_weeks(
    first_build: Result, tmp_path_factory: pytest.TempPathFactory
) -> Result:
    """The invented force without the file of 12 May, with an empty one of 14 July."""
    home = tmp_path_factory.mktemp("without_weeks")
    kent.deliver(home / "landing")
    (home / "landing/crimes/crimes_20210512T060000.csv").unlink()
    kent.write(home / "landing", "crimes", datetime(2021, 7, 14, 6), [])
    kent.write(home / "landing", "actions", datetime(2021, 11, 20, 6), [])
    return report(first_build, home)


def test_without_a_cut_off_months_that_are_missing_are_named_on_page_one(
    without_weeks: Result,
):
    named = (
        "crimes, May 2021 (a delivery between 5 May 2021 and 19 May 2021 is missing);"
        " crimes, July 2021 (a delivery is on hold)"
    )
    assert named in page(without_weeks)
    said = compiled_run.printed(without_weeks, QUARTER)
    assert f"Expected and not loaded. {named}" in said


def test_without_a_cut_off_a_run_warns_of_months_that_are_missing(
    without_weeks: Result,
):
    warnings = without_weeks.output
    assert "shows every month of the reports between its first and" in warnings
    assert "first_month: 2021-05-01; last_month: 2021-07-01; month_count: 2" in warnings


def test_a_note_does_not_call_a_delivery_on_hold_missing(without_weeks: Result):
    text = page(without_weeks)
    assert "July 2021. The delivery of 14 July 2021 is on hold." in text
    assert "between 7 July 2021 and 21 July 2021 is missing" not in text


def test_a_newer_plan_on_hold_is_named_beside_the_plan(without_weeks: Result):
    plan = "17 November 2021; the plan of 20 November 2021 is on hold"
    assert plan in page(without_weeks)
