"""The dbt tests of sums, which run each day, find planted mistakes."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from dagster_project.intake.police_uk import open_data
from tests.built_models import BuiltModels
from tests.conftest import QUARTER, Result
from tests.open_data_files import BURGLARY, NUISANCE, STREET, archive, csv

MONTHLY = "assert_monthly_marts_count_every_record"
FORCES = "assert_areas_add_up_to_the_force"
SOLVED = "assert_solved_counts_equal_solved_crimes"
CHANGES = "assert_change_words_agree_with_their_intervals"
FIGURES = "assert_every_figure_equals_its_records"
OF_A_FIGURE = (
    "figure_id in (select figure_id from reporting.rpt_cells"
    f" where quarter = '{QUARTER}' and cell_id = '{{}}')"
)
OPEN_TABLES = (
    "fct_open_crimes",
    "int_supply_spans",
    "int_supplied_months",
    "int_monthly_counts",
    "fct_measures_monthly",
    "int_measures_by_area",
    "fct_open_crimes_monthly",
    "int_record_totals",
)


def compiled(built: BuiltModels, name: str) -> str:
    """Return dbt's compiled SQL of a singular test."""
    found = built.home.dbt_target.rglob(f"compiled/**/tests/{name}.sql")
    return next(found).read_text(encoding="utf-8")


def failing(built: BuiltModels, test: str) -> list[tuple]:
    """Return the rows that a test finds in the warehouse."""
    return built.rows(compiled(built, test))


@pytest.fixture(scope="module")
def warehouse(demonstration: Result) -> Iterator[BuiltModels]:
    """The demonstration's warehouse in memory; each test undoes its changes."""
    built = BuiltModels(demonstration.home, ("int_record_totals",))
    yield built
    built.connection.close()


@pytest.fixture
def planted(warehouse: BuiltModels) -> Iterator[BuiltModels]:
    warehouse.connection.execute("begin")
    yield warehouse
    warehouse.connection.execute("rollback")


@pytest.mark.parametrize(
    ("test", "statement"),
    [
        pytest.param(
            MONTHLY,
            "update marts.fct_measures_monthly set value = value - 1"
            " where measure_code = 'hate_crime' and month = '2021-09-01'"
            " and area_code = 'E07000066'",
            id="a month of a district counts one crime less",
        ),
        pytest.param(
            MONTHLY,
            "delete from marts.fct_measures_monthly"
            " where measure_code = 'nte_crime' and area_code = 'UNKNOWN'",
            id="crimes of no known district have no member",
        ),
        pytest.param(
            MONTHLY,
            "update marts.fct_crime_measures set district_code = 'NEW'"
            " where crime_id = (select max(crime_id) from marts.fct_crimes"
            " where is_counted and recorded_month = '2021-09-01')",
            id="a crime lies in a district that no month has",
        ),
        pytest.param(
            MONTHLY,
            "update marts.fct_measures_monthly set value = 0"
            " where measure_code = 'fraud' and not is_supplied",
            id="a month that was not supplied counts zero",
        ),
        pytest.param(
            MONTHLY,
            "insert into marts.fct_crime_measures from marts.fct_crime_measures"
            " where recorded_month = '2021-09-01' limit 1",
            id="a crime counts twice",
        ),
        pytest.param(
            MONTHLY,
            "delete from marts.fct_supplementary_records where record_id = ("
            "select max(record_id) from marts.fct_supplementary_records"
            " where measure_code = 'arrests' and breakdown is null"
            " and month = '2021-09-01')",
            id="a result of a unit is in the month and in no record",
        ),
        pytest.param(
            MONTHLY,
            "update marts.fct_measures_monthly set numerator = numerator + 1"
            " where measure_code = 'attended_within_24_hours'"
            " and month = '2021-09-01' and area_code = 'E07000066'",
            id="the numerator of a ratio",
        ),
        pytest.param(
            MONTHLY,
            "delete from marts.fct_measure_breakdowns_monthly"
            " where breakdown = 'hate_motivation' and month = '2021-09-01'"
            " and area_code = 'E07000066'",
            id="a category of a breakdown is lost",
        ),
        pytest.param(
            FORCES,
            "update intermediate.int_measures_by_area set value = value + 1"
            " where measure_code = 'hate_crime' and month = '2021-09-01'"
            " and area_level = 'force'",
            id="the force has one more than its districts",
        ),
        pytest.param(
            FORCES,
            "delete from intermediate.int_measures_by_area"
            " where measure_code = 'hate_crime' and month = '2021-09-01'"
            " and area_code = 'UNKNOWN'",
            id="a member elsewhere is left out",
        ),
        pytest.param(
            FORCES,
            "update intermediate.int_measures_by_area set value = null"
            " where measure_code = 'hate_crime' and month = '2021-09-01'"
            " and area_code = 'E07000066'",
            id="the force has a total and a district has none",
        ),
        pytest.param(
            FORCES,
            "update intermediate.int_measures_by_area set value = value + 1"
            " where measure_code = 'hate_crime' and month = '2021-09-01'"
            " and area_level = 'lpa'",
            id="local policing areas have more than the force",
        ),
        pytest.param(
            SOLVED,
            "update marts.fct_solved_12_months set current_solved = current_solved + 1"
            " where measure_code = 'knife_crime' and period_end = '2021-09-30'"
            " and area_level = 'force'",
            id="the force has solved one more",
        ),
        pytest.param(
            SOLVED,
            "update marts.fct_crimes set has_positive_outcome = false"
            " where crime_id = (select max(crime_id) from marts.fct_crimes"
            " where has_positive_outcome and outcome_date between"
            " '2021-09-01' and '2021-09-30')",
            id="a solved crime is solved no more",
        ),
        *(
            pytest.param(
                FIGURES,
                f"update reporting.rpt_figures set figure_value = figure_value + {by}"
                f" where {OF_A_FIGURE.format(figure)}",
                id=figure,
            )
            for figure, by in {
                "rolling_12_months/hate_crime/current_12_months": 1,
                "rolling_12_months/hate_crime/difference": -1,
                "rolling_12_months/hate_crime/difference_pct": 0.1,
                "district_12_months/nte_crime|Chelmsford/current_12_months": 1,
                "solved_rates/personal_robbery/current_solved": 1,
                "solved_rates/personal_robbery/difference_points": 0.1,
                "delivery_progress/Total/at_risk": 1,
                "ceop_referrals_per_month/Q2 2021/22/lowest": 1,
                "ceop_referrals_per_month/Q2 2021/22/monthly_average": 0.1,
                "prevent_by_source/Police/numerator": 1,
            }.items()
        ),
        pytest.param(
            FIGURES,
            "delete from reporting.rpt_figure_parts"
            " where figure_id = 'hate_crime/12m-2021-09/count'",
            id="a figure of which nobody knows what it counts",
        ),
        pytest.param(
            FIGURES,
            "delete from marts.fct_crime_measures where measure_code = 'hate_crime'"
            " and crime_id = (select max(crime_id) from marts.fct_crime_measures"
            " where measure_code = 'hate_crime' and recorded_month = '2019-12-01')",
            id="a crime is gone that an earlier quarter's figures count",
        ),
    ],
)
def test_a_planted_mistake_is_found(planted: BuiltModels, test: str, statement: str):
    assert planted.rows(statement)[0][0] > 0, "nothing was planted"
    planted.build()
    assert failing(planted, test)


@pytest.mark.parametrize("test", [MONTHLY, FORCES, SOLVED, FIGURES])
def test_the_demonstration_has_no_such_mistake(warehouse: BuiltModels, test: str):
    assert failing(warehouse, test) == []


def test_records_of_a_month_that_was_not_supplied_are_counted_apart(
    warehouse: BuiltModels,
):
    """The month of the last extraction has crimes, but no figure."""
    last = date(2021, 11, 1)
    counted = warehouse.rows(
        "select sum(record_count) from intermediate.int_record_totals"
        f" where record_kind = 'crime' and counted_on = date '{last}'"
    )
    assert counted[0][0] > 1000
    judged = compiled(warehouse, MONTHLY).rsplit("select * from judged", 1)[0]
    apart = warehouse.rows(
        f"{judged} select fate, count(of_mart), sum(of_records) from judged"
        f" where mart = 'fct_measures_monthly' and month = date '{last}'"
        " and extract = 'crimes' group by all"
    )
    assert apart == [("apart: the month was not supplied", 0, counted[0][0])]


@pytest.mark.parametrize(
    ("lower", "upper", "right"),
    [
        (-75, 0, "no_clear_change"),
        (0, 299.9, "no_clear_change"),
        (-75, -0.05, "lower"),
        (0.05, 299.9, "higher"),
    ],
)
def test_a_change_word_that_contradicts_its_printed_range_is_found(
    planted: BuiltModels, lower: float, upper: float, right: str
):
    """A range with the limit 0 includes no change."""
    for code in ("lower", "higher", "no_clear_change"):
        planted.rows(
            "update reporting.rpt_cells set figure_value = case column_name"
            f" when 'range_lower_pct' then {lower} when 'range_upper_pct' then {upper}"
            f" else figure_value end, change_code = '{code}'"
            " where table_name = 'change_intervals'"
        )
        assert (failing(planted, CHANGES) == []) == (code == right)


@pytest.fixture
def street_crimes(first_build: Result, tmp_path: Path) -> Iterator[BuiltModels]:
    """A month of open data: one burglary with a known place, and one without."""
    built = BuiltModels(first_build.home, OPEN_TABLES)
    built.empty()
    nowhere = BURGLARY.replace("c1,", "c2,").replace("E01021988,Tendring 018A", ",")
    file = csv(STREET, BURGLARY, nowhere, NUISANCE)
    given = archive(tmp_path / "a.zip", {"2021-07/2021-07-essex-street.csv": file})
    open_data.load_archives(built.connection, [given], None, lambda line: None)
    built.build()
    yield built
    built.connection.close()


@pytest.mark.parametrize(
    ("test", "statement"),
    [
        (
            MONTHLY,
            "update marts.fct_open_crimes_monthly set crime_count = 0"
            " where area_code = 'UNKNOWN' and crime_type = 'Burglary'",
        ),
        (
            MONTHLY,
            "update marts.fct_open_crimes_monthly set open_count = open_count + 1"
            " where area_level = 'district' and crime_type = 'Burglary'",
        ),
        (
            MONTHLY,
            "update marts.fct_measures_monthly set value = value + 1"
            " where measure_code = 'open_all_crime' and area_code = 'UNKNOWN'",
        ),
        (
            MONTHLY,
            "update marts.fct_open_crimes_monthly set crime_count = crime_count + 1"
            " where area_code = 'UNKNOWN' and crime_type = 'All crime'",
        ),
        (
            FORCES,
            "update marts.fct_open_crimes_monthly set crime_count = crime_count + 1"
            " where area_level = 'force' and crime_type = 'Burglary'",
        ),
    ],
    ids=["a crime of no area", "an open outcome", "the long fact", "all", "the force"],
)
def test_a_mistake_planted_in_open_data_is_found(
    street_crimes: BuiltModels, test: str, statement: str
):
    for each in (MONTHLY, FORCES):
        assert failing(street_crimes, each) == []
    found = street_crimes.rows(
        "select sum(crime_count) from marts.fct_open_crimes_monthly"
        " where area_level = 'force' and crime_type <> 'All crime'"
    )
    assert found == [(3,)]
    assert street_crimes.rows(statement)[0][0] > 0, "nothing was planted"
    assert failing(street_crimes, test)
