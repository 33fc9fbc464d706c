"""Deliveries of other forces, from file to pack: unlisted values are not guessed."""

import pytest

from dagster_project.intake import landing
from dagster_project.settings import Home
from tests import compiled_run
from tests.built_models import delivered
from tests.conftest import QUARTER, Result
from tests.open_data_files import MONTHS, STREET, archive, csv

STAMP = "20211117T060000"
ASHFORD = {"district_code": "E07000105", "offence_code": "8N"}
CHANGES = {
    # Times that do not fit the contract without losing a part.
    "T1": {"recorded_at": "2021-09-30 11:30 PM"},
    "T2": {"recorded_at": "2021-10-01 00:30+01"},
    # Outcome dates that are out of range, or before the crime.
    "D1": {"outcome_code": "18", "outcome_date": "0021-04-01"},
    "D2": {"outcome_code": "18", "outcome_date": "9999-12-31"},
    "D3": {"outcome_code": "18", "outcome_date": "2020-12-31"},
    "D4": {"outcome_code": "18", "outcome_date": "2024-01-01"},
    "D5": {"outcome_code": "18", "outcome_date": "01/04/2021"},
    # Listed and unlisted words.
    "K1": {"keywords": "KNIFE |  alcohol"},
    "K2": {"keywords": "Knife;Alcohol"},
    "K3": {"keywords": "Knives"},
    "P1": {"district_code": "E07000999"},
    "P2": {"district_code": "E07000070"},
    "P3": {"district_code": ""},
    "O1": {"outcome_code": "99", "outcome_date": "2021-02-01"},
    "F1": {"offence_code": "999X"},
    # A crime that is cancelled by a held line.
    "C1": {},
}
COUNTED = {"K1", "K2", "K3", "P1", "P2", "P3", "O1", "C1"}
# Force, its name, a small area of it, and the area's district.
PLACES = [
    ("avon-and-somerset", "Avon and Somerset Constabulary", "Bristol", "E06000023"),
    ("humberside", "Humberside Police", "Kingston upon Hull", "E06000010"),
    ("west-mercia", "West Mercia Police", "Herefordshire", "E06000019"),
]


@pytest.fixture(scope="module")
def kent(first_build: Result, tmp_path_factory: pytest.TempPathFactory) -> Result:
    home = tmp_path_factory.mktemp("kent")
    lines = [ASHFORD | {"crime_id": key} | change for key, change in CHANGES.items()]
    cancelled = ASHFORD | {
        "crime_id": "C1",
        "crime_status": "Cancelled",
        "is_online": "?",
    }
    suspects = "as_at_date,lpa_name,suspect_count\n" + "".join(
        f"2021-09-30,{lpa},{count}\n"
        for lpa, count in (("South", "12.7"), ("North", "1e3"), ("West", "1_000"))
    )
    files = {
        "crimes/crimes_20211110T060000.csv": delivered("crimes", *lines),
        f"crimes/crimes_{STAMP}.csv": delivered("crimes", cancelled),
        f"actions/actions_{STAMP}.csv": delivered("actions", {}),
        f"outstanding_suspects/outstanding_suspects_{STAMP}.csv": suspects.encode(),
    }
    for name, content in files.items():
        path = home / "landing" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    result = compiled_run.run(first_build, home, "kent")
    assert result.exit_code == 0, result.output
    return result


def test_a_line_whose_value_would_be_read_in_part_or_out_of_order_is_held(kent: Result):
    held = kent.rows_with_ids(
        "select extract, line_key, quarantine_reasons from marts.fct_quarantined_lines"
        " where is_open order by extract, load_id, line"
    )
    # Kent has not listed LPAs, so Essex's names are unknown there.
    not_integer = ["lpa_name_unknown", "suspect_count_not_integer"]
    assert held == [
        ("crimes", "T1", ["recorded_at_not_timestamp"]),
        ("crimes", "T2", ["recorded_at_not_timestamp"]),
        ("crimes", "D1", ["outcome_date_too_small", "outcome_before_recorded"]),
        ("crimes", "D2", ["outcome_after_extraction"]),
        ("crimes", "D3", ["outcome_before_recorded"]),
        ("crimes", "D4", ["outcome_after_extraction"]),
        ("crimes", "D5", ["outcome_date_not_date", "outcome_without_date"]),
        ("crimes", "F1", ["offence_code_unknown"]),
        ("crimes", "C1", ["is_online_not_boolean"]),
        ("outstanding_suspects", "2021-09-30|South", not_integer),
        ("outstanding_suspects", "2021-09-30|North", not_integer),
        ("outstanding_suspects", "2021-09-30|West", not_integer),
    ]


def test_a_crime_with_an_unknown_word_counts_in_the_total_under_a_member_of_its_own(
    kent: Result,
):
    crimes = kent.rows_with_ids(
        "select crime_id from marts.fct_crimes where is_counted"
    )
    assert {crime_id for (crime_id,) in crimes} == COUNTED
    areas = kent.rows(
        "select district_code, count(*) from marts.fct_crimes group by all order by all"
    )
    assert areas == [
        ("E07000105", 5),
        ("NOT_RECOGNISED", 1),
        ("OUTSIDE", 1),
        ("UNKNOWN", 1),
    ]
    knives = kent.rows_with_ids(
        "select crime_id from marts.fct_crime_measures"
        " where measure_code = 'knife_crime'"
    )
    assert knives == [("K1",)]


def test_every_unknown_value_is_named_in_the_mart_the_run_and_the_pack(kent: Result):
    values = kent.rows_with_ids(
        "select extract_column, unlisted_value, close_to, counted_line_count,"
        " held_line_count"
        " from marts.fct_unknown_values order by all"
    )
    assert values == [
        ("district_code", "E07000999", None, 1, 0),
        ("keywords", "Knife;Alcohol", "Alcohol, Knife", 1, 0),
        ("keywords", "Knives", "Knife", 1, 0),
        ("lpa_name", "North", None, 0, 1),
        ("lpa_name", "South", None, 0, 1),
        ("lpa_name", "West", None, 0, 1),
        ("offence_code", "999X", None, 0, 1),
        ("outcome_code", "99", None, 1, 0),
    ]
    assert "assert_few_lines_have_unlisted_values" in kent.output
    page = compiled_run.page(kent, QUARTER)
    value = "a value that is not on our lists"
    assert f"2 lines of the extract crimes have {value} (keywords)." in page
    assert f"1 line of the extract crimes has {value} (outcome code)." in page


def test_the_pack_says_that_a_crime_counts_as_it_stood_before_a_held_cancellation(
    kent: Result,
):
    assert kent.rows_with_ids(
        "select crime_status from marts.fct_crimes where crime_id = 'C1'"
    ) == [("Recorded",)]
    page = compiled_run.page(kent, QUARTER)
    assert (
        "1 record of the extract crimes is counted from an earlier line, because a"
        in page
    )


@pytest.fixture(scope="module")
def three_forces(
    first_build: Result, tmp_path_factory: pytest.TempPathFactory
) -> Result:
    home = tmp_path_factory.mktemp("three_forces")
    members = {}
    for force, name, area, _ in PLACES:
        for month in MONTHS[:24]:
            line = (
                f",{month},{name},{name},0.5,51.7,On or near High Street,{{code}},"
                f"{{area}} 001A,{{crime_type}},,"
            )
            members[f"{month}/{month}-{force}-street.csv"] = csv(
                STREET,
                line.format(code=f"{force} 1", area=area, crime_type="Burglary"),
                line.format(code=f"{force} 2", area="Atlantis", crime_type="Burglary"),
                line.format(code=f"{force} 1", area=area, crime_type="E-scooter theft"),
            )
    path = archive(home / "a.zip", members)
    landing.remember_force(Home(home), landing.ALL_FORCES)
    landing.deliver_archive(Home(home), path)
    models = ("fct_measures_monthly", "fct_open_crimes_monthly", "fct_unknown_values")
    result = compiled_run.run(first_build, home, landing.ALL_FORCES, *models)
    assert result.exit_code == 0, result.output
    return result


def test_districts_that_small_areas_name_otherwise_have_their_crimes_and_a_rate(
    three_forces: Result,
):
    rows = three_forces.rows(
        "select force_code, area_code, crime_type, crimes_12_months,"
        " rate_per_1000 is not null from marts.fct_open_crimes_monthly"
        " where month = '2021-12-01' and area_level = 'district'"
        " and crimes_12_months > 0 and crime_type <> 'All crime' order by all"
    )
    expected = []
    for force, _, _, district in PLACES:
        expected += [
            (force, district, "Burglary", 12, True),
            (force, district, "Not recognised", 12, True),
            (force, "NOT_RECOGNISED", "Burglary", 12, False),
        ]
    assert rows == expected


def test_a_crime_type_in_no_list_is_in_all_street_level_crime(three_forces: Result):
    totals = three_forces.rows(
        "select force_code, sum(value)::int from marts.fct_measures_monthly"
        " where measure_code = 'open_all_crime' group by all order by all"
    )
    assert totals == [(force, 72) for force, *_ in PLACES]
    assert three_forces.rows_with_ids(
        "select distinct extract_column, unlisted_value from marts.fct_unknown_values"
        " order by all"
    ) == [("crime_type", "E-scooter theft"), ("lsoa_name", "Atlantis 001A")]
