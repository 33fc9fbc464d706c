"""The figures of supplementary extracts, and a home without these extracts."""

import csv
import shutil
from datetime import datetime
from pathlib import Path

import duckdb
import openpyxl
import pytest

from dagster_project import settings
from dagster_project.demonstration import supplementary
from dagster_project.errors import DeliveryError
from dagster_project.intake import contracts, landing, load_log
from reports.report import read_report
from tests.built_models import BuiltModels
from tests.conftest import (
    QUARTER,
    Result,
    deliver,
)

SUPPLEMENTARY = [*supplementary.EXTRACTS, "crime_motivations"]


def ratio(result: Result, measure: str, first: str, last: str) -> tuple[int, int]:
    sql = (
        "select sum(numerator)::int, sum(denominator)::int"
        " from marts.fct_measures_monthly"
        f" where measure_code = '{measure}' and month between '{first}' and '{last}'"
    )
    return result.rows(sql)[0]


def test_columns_of_the_demonstration_are_those_of_the_contracts():
    for extract, columns in supplementary.COLUMNS.items():
        assert columns == contracts.load_contract(extract).columns


def test_every_line_of_every_supplementary_extract_is_accounted_for(
    demonstration: Result,
):
    loads = demonstration.rows(
        "select extract, sum(lines_delivered), sum(lines_accepted),"
        " sum(lines_unchanged) from marts.fct_loads group by all"
    )
    found = {extract: counts for extract, *counts in loads if extract in SUPPLEMENTARY}
    assert found.keys() == set(SUPPLEMENTARY)
    for delivered, accepted, unchanged in found.values():
        assert delivered == accepted + unchanged > 0


def test_ratios_are_sums_of_numerators_over_sums_of_denominators(
    demonstration: Result,
):
    quarter = ("2021-07-01", "2021-09-01")
    assert ratio(demonstration, "attended_within_24_hours", *quarter) == (1100, 1250)
    assert ratio(demonstration, "dvpn_to_dvpo", *quarter) == (74, 82)


def test_an_lpa_of_another_force_is_not_known(first_build: Result):
    """Essex has an LPA named West. Kent may have one too, but has not listed it."""
    built = BuiltModels(first_build.home, ())
    built.rows(
        "insert into raw.outstanding_suspects by name"
        " select force as _force_code, 1 as _load_id, 1 as _line, false as _is_closing,"
        " false as _is_key_repeated, timestamp '2021-11-03 06:00:00' as _extracted_at,"
        " '2021-10-31' as as_at_date, 'West' as lpa_name, '5' as suspect_count"
        " from (values ('essex'), ('kent')) as forces (force)"
    )
    held = built.rows(
        "select _force_code, is_held, quarantine_reasons"
        " from staging.stg_force__outstanding_suspects order by 1"
    )
    built.connection.close()
    assert held == [("essex", False, []), ("kent", True, ["lpa_name_unknown"])]


def test_a_stock_has_no_12_month_count_and_the_quarter_has_its_last_month(
    demonstration: Result,
):
    assert demonstration.rows(
        "select distinct kind from marts.fct_rolling_12_months"
        " inner join marts.dim_measures using (measure_code)"
    ) == [("flow",)]
    assert demonstration.rows(
        "select quarter_before_end, quarter_end from reporting.rpt_prevent_champions"
        f" where quarter = '{QUARTER}' order by row_position"
    ) == [(97, 98), (62, 66)]


def test_shares_of_one_breakdown_share_one_denominator(demonstration: Result):
    rows = demonstration.rows(
        "select category, numerator, denominator, share_pct::varchar"
        f" from reporting.rpt_hate_motivations where quarter = '{QUARTER}'"
        " order by row_position limit 3"
    )
    assert rows == [
        ("Racial", 2447, 4177, "58.6"),
        ("Disability", 591, 4177, "14.1"),
        ("Homophobic", 391, 4177, "9.4"),
    ]


def test_outstanding_suspects_are_shown_for_the_ten_months_before_the_cut_off(
    demonstration: Result,
):
    table = demonstration.pack / "tables" / "outstanding_suspects.csv"
    with table.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["month"] for row in rows[:10]] == [
        f"2021-{month:02}" for month in range(1, 11)
    ]
    north = [int(row["suspects"]) for row in rows if row["lpa"] == "North"]
    assert north == [243, 187, 178, 232, 229, 264, 294, 295, 290, 279]
    title = demonstration.rows(
        "select table_title from reporting.rpt_tables"
        f" where table_name = 'outstanding_suspects' and quarter = '{QUARTER}'"
    )
    assert title[0][0].endswith("January 2021 to October 2021")


def test_alternative_texts_of_supplementary_charts_are_made_from_the_data(
    demonstration: Result,
):
    report = read_report(demonstration.home.current, QUARTER, "essex")
    texts = {chart.name: chart.alternative_text for chart in report.charts}
    assert (
        "Lowest 8 in November 2019, highest 30 in August 2021,"
        " latest 28 in September 2021." in texts["monthly_ceop_referrals"]
    )
    assert (
        "% of incidents each month in Essex Police, October 2019 to September 2021."
        " Lowest 83.7% in October 2019" in texts["monthly_attended_within_24_hours"]
    )
    assert (
        "South: lowest 112 in February 2021, highest 210 in July 2021, latest 170 in"
        " October 2021." in texts["monthly_outstanding_suspects"]
    )
    assert "in the region of Essex Police" in texts["monthly_prevent_referrals_region"]
    assert texts["hate_motivations"].endswith(
        "Of 4,177 in all, the largest part is Racial with 2,447 and the smallest part "
        "is Sex or gender with 71."
    )


@pytest.mark.parametrize("extract", SUPPLEMENTARY)
def test_the_raw_table_of_an_absent_supplementary_extract_is_there_and_empty(
    tiny: Result, extract: str
):
    with duckdb.connect(str(tiny.home.warehouse), read_only=True) as connection:
        rows = connection.execute(f"select count(*) from raw.{extract}").fetchall()
    assert rows == [(0,)]


def test_measures_of_an_absent_supplementary_extract_are_not_available_and_never_zero(
    tiny: Result,
):
    assert (
        tiny.rows(
            "select * from marts.fct_measures_monthly"
            " inner join marts.dim_measures using (measure_code)"
            " where source_extract not in ('crimes')"
        )
        == []
    )
    for table in ("outstanding_suspects", "prevent_by_source", "prevent_champions"):
        with (tiny.pack / "tables" / f"{table}.csv").open(encoding="utf-8") as file:
            assert {row["status"] for row in csv.DictReader(file)} == {"not available"}
    page = (tiny.pack / "annex.html").read_text(encoding="utf-8")
    assert page.count("[x]") > 50


@pytest.mark.parametrize("missing", ["crimes", "actions"])
def test_a_home_without_crimes_or_actions_is_a_clear_error(
    tmp_path: Path, missing: str
):
    deliver(tmp_path)
    shutil.rmtree(tmp_path / "landing" / missing)
    home = settings.Home(tmp_path)
    landing.remember_force(home, "essex")
    with (
        load_log.warehouse(home.warehouse) as connection,
        pytest.raises(DeliveryError, match=f"no file named {missing}"),
    ):
        landing.take(connection, home, missing, print)


def test_a_folder_of_a_supplementary_extract_with_other_files_is_a_clear_error(
    tmp_path: Path,
):
    home = settings.Home(tmp_path)
    landing.remember_force(home, "essex")
    folder = home.landing / "team_returns"
    folder.mkdir(parents=True)
    (folder / "returns.csv").write_text("as_at_date,return_item,quantity\n")
    with (
        load_log.warehouse(home.warehouse) as connection,
        pytest.raises(DeliveryError, match="no file named team_returns"),
    ):
        landing.take(connection, home, "team_returns", print)


def test_the_workbook_holds_every_point_of_every_chart(demonstration: Result):
    book = openpyxl.load_workbook(demonstration.pack / "report.xlsx", read_only=True)
    _, *rows = [
        row
        for row in book["Chart_figures"].iter_rows(values_only=True)
        if row[-1] is not None
    ]
    points = demonstration.rows(
        "select count(*), sum(point_value) from reporting.rpt_chart_points"
        f" where quarter = '{QUARTER}'"
    )
    values = [row[-1] for row in rows]
    assert (len(values), round(sum(values), 1)) == (points[0][0], float(points[0][1]))
    # A part of a whole has no month, and a month has no category.
    categories = {row[2] for row in rows if row[1] == "[z]"}
    assert "Dispute" in categories and "[z]" not in categories
    assert {row[2] for row in rows if isinstance(row[1], datetime)} == {"[z]"}
    # Also those of a chart of shares.
    assert {type(row[1]) for row in rows if row[1] != "[z]"} == {datetime}
    assert sum(row[3:5] == ("West", "Suspects") for row in rows) == 10
