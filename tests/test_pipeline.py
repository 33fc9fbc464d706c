"""The hand-made extracts (tests/landing) give the figures worked out by hand."""

from pathlib import Path

import pytest

from reports import headline
from tests.conftest import QUARTER, Result, run_dbt

EXPECTED = Path(__file__).parent / "expected"


@pytest.mark.parametrize(
    "table", ["delivery_progress", "rolling_12_months", "monthly_counts"]
)
def test_the_tables_of_the_hand_made_extracts_are_the_golden_ones(
    tiny: Result, table: str
):
    made = (tiny.pack / "tables" / f"{table}.csv").read_text(encoding="utf-8")
    assert made == (EXPECTED / f"{table}.csv").read_text(encoding="utf-8")


@pytest.mark.ci
def test_every_unit_test_of_the_dbt_project_passes(tiny: Result):
    ran = run_dbt(
        tiny.home, "--quiet", "--no-write-json", "test", "--select", "test_type:unit"
    )
    assert ran.returncode == 0, ran.stdout


def test_every_line_of_every_file_is_accounted_for(tiny: Result):
    loads = tiny.rows(
        "select file_name, lines_delivered, lines_accepted, lines_unchanged,"
        " lines_quarantined, lines_unreadable from marts.fct_loads order by all"
    )
    # The deliveries between them repeat two crimes, so that no week is missing.
    weekly = [load for load in loads if load[1:] == (2, 0, 2, 0, 0)]
    assert len(weekly) == 30
    assert [load for load in loads if load not in weekly] == [
        ("actions_20210817T060000.csv", 5, 4, 0, 1, 0),
        ("actions_20211117T060000.xlsx", 5, 3, 1, 1, 0),
        ("crimes_20210407T060000.csv", 19, 14, 0, 4, 1),
        ("crimes_20210602T060000.csv", 5, 4, 1, 0, 0),
        ("crimes_20211117T060000.csv", 6, 5, 0, 1, 0),
    ]


def test_a_line_that_breaks_its_contract_is_held_with_every_reason_file_and_line(
    tiny: Result,
):
    held = tiny.rows(
        "select file_name, line, quarantine_reasons from marts.fct_quarantined_lines"
        " order by all"
    )
    assert held == [
        ("actions_20210817T060000.csv", 6, ["strand_name_unknown"]),
        ("actions_20211117T060000.xlsx", 5, ["at_risk_without_reason"]),
        (
            "crimes_20210407T060000.csv",
            14,
            ["recorded_at_missing", "offence_code_unknown"],
        ),
        ("crimes_20210407T060000.csv", 15, ["recorded_at_not_timestamp"]),
        ("crimes_20210407T060000.csv", 16, ["key_repeated_in_file"]),
        (
            "crimes_20210407T060000.csv",
            17,
            ["key_repeated_in_file", "is_domestic_abuse_not_boolean"],
        ),
        ("crimes_20211117T060000.csv", 7, ["recorded_after_extraction"]),
    ]


def test_a_crime_stands_as_its_latest_valid_version_says(tiny: Result):
    crimes = tiny.rows_with_ids(
        "select crime_id, offence_code, district_code, crime_status, is_counted"
        " from marts.fct_crimes where crime_id in"
        " ('C07', 'C08', 'C09', 'C13', 'C14', 'C15', 'C16', 'C17', 'C22') order by all"
    )
    assert crimes == [
        ("C07", "28E", "E06000034", "Cancelled", False),
        ("C08", "30C", "E06000034", "Recorded", True),
        ("C09", "9B", "E07000066", "Transferred", False),
        ("C13", "46", "E07000074", "Recorded", True),
        ("C16", "46", "OUTSIDE", "Recorded", True),
        ("C17", "46", "UNKNOWN", "Recorded", True),
    ]


def test_a_force_is_the_sum_of_its_districts_and_an_lpa_of_its_own(tiny: Result):
    totals = dict(
        tiny.rows(
            "select area_level || ' ' || area_code, current_12_months::int"
            " from marts.fct_rolling_12_months"
            " where measure_code = 'all_recorded_crime' and period_end = '2020-09-30'"
            " and current_12_months > 0"
        )
    )
    assert totals.pop("force essex") == 9
    lpas = {name: count for name, count in totals.items() if name.startswith("lpa")}
    districts = {k: v for k, v in totals.items() if k.startswith("district")}
    assert lpas == {"lpa North": 5, "lpa South": 1, "lpa West": 1}
    assert sum(districts.values()) == 9
    assert districts["district UNKNOWN"] == districts["district OUTSIDE"] == 1


def test_the_pack_says_on_its_face_that_it_is_a_forces_own_data(tiny: Result):
    page = (tiny.pack / "annex.html").read_text(encoding="utf-8")
    assert "Made from the extracts of Essex Police" in page
    assert "demonstration" not in page.lower()


def test_a_run_ends_with_the_headline_of_its_pack_and_what_did_not_come(tiny: Result):
    """test_supply.py checks the same text for other deliveries without the command."""
    said = headline(tiny.home.current, QUARTER, "essex")
    assert "Expected and not loaded. " in said
    assert said in tiny.output
    assert "; begin with index.html." in tiny.output
