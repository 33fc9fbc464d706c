"""Unlisted values have their own member and are counted; names of small areas."""

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest

from dagster_project import settings
from tests.built_models import BuiltModels, delivered
from tests.conftest import Result

# From the ONS's lists of small areas of 2011 and 2021, not from our own seeds.
# Contains public sector information licensed under the Open Government Licence v3.0.
REFERENCE = settings.REPOSITORY / "tests" / "reference" / "small_area_names.csv"
TABLES = (
    "int_held_lines",
    "int_accepted_crimes",
    "fct_quarantined_lines",
    "fct_crimes",
    "fct_open_crimes",
    "int_unknown_values",
    "fct_unknown_values",
)
# Force, small area, district of today: names that are not today's district's own.
PLACES = [
    ("avon-and-somerset", "Bristol 001A", "E06000023"),
    ("humberside", "Kingston upon Hull 001A", "E06000010"),
    ("west-mercia", "Herefordshire 001A", "E06000019"),
    ("kent", "Shepway 001A", "E07000112"),
    ("south-wales", "The Vale of Glamorgan 001A", "W06000014"),
    ("durham", "County Durham 004C", "E06000047"),
    ("merseyside", "St Helens 001A", "E08000013"),
    ("merseyside", "St. Helens 001A", "E08000013"),
    ("staffordshire", "STOKE ON TRENT  001A", "E06000021"),
    ("dorset", "Bournemouth 001A", "E06000058"),
    ("dorset", "Weymouth and Portland 001A", "E06000059"),
    ("northamptonshire", "Northampton 001A", "E06000062"),
    ("thames-valley", "Aylesbury Vale 001A", "E06000060"),
    ("cumbria", "Allerdale 001A", "E06000063"),
    ("north-yorkshire", "Harrogate 001A", "E06000065"),
    ("avon-and-somerset", "Taunton Deane 001A", "E06000066"),
    ("suffolk", "St Edmundsbury 001A", "E07000245"),
    ("suffolk", "Waveney 001A", "E07000244"),
    # Known values, values of another force and unlisted values are different cases.
    ("essex", "Medway 001A", "OUTSIDE"),
    ("essex", "Atlantis 001A", "NOT_RECOGNISED"),
    ("essex", "", "UNKNOWN"),
]


@pytest.fixture(scope="module")
def built_once(first_build: Result) -> Iterator[BuiltModels]:
    models = BuiltModels(first_build.home, TABLES)
    yield models
    models.connection.close()


@pytest.fixture
def built(built_once: BuiltModels) -> BuiltModels:
    built_once.empty()
    for table in ("police_uk_street", "police_uk_outcomes"):
        built_once.connection.execute(f"delete from raw.{table}")
    return built_once


def street(built: BuiltModels, *lines: dict[str, str]) -> None:
    """Load lines of street files, each with a small area or other values."""
    for number, line in enumerate(lines, start=2):
        said = {
            "_load_id": 1,
            "_line": number,
            "_force_code": "essex",
            "_extracted_at": "2021-11-17 06:00:00",
            "month": "2021-07",
            "falls_within": "Essex Police",
            "lsoa_code": f"E{number}",
            "lsoa_name": "Tendring 018A",
            "crime_type": "Burglary",
        } | line
        built.connection.execute(
            f"insert into raw.police_uk_street ({', '.join(said)})"
            f" values ({', '.join('?' * len(said))})",
            list(said.values()),
        )


def placed(built: BuiltModels, places: list[tuple[str, str]]) -> list[str]:
    """Return the district in which a line of each force and small area counts."""
    lines = [
        {"_force_code": force, "lsoa_name": name, "lsoa_code": f"E{n}" if name else ""}
        for n, (force, name) in enumerate(places)
    ]
    street(built, *lines)
    built.build()
    rows = built.rows("select district_code from marts.fct_open_crimes order by line")
    return [code for (code,) in rows]


def unknown(built: BuiltModels, columns: str) -> list[tuple]:
    return built.rows(f"select {columns} from marts.fct_unknown_values order by all")


def test_a_small_area_counts_in_the_district_of_today_whatever_its_name_is(built):
    codes = placed(built, [place[:2] for place in PLACES])
    assert codes == [place[2] for place in PLACES]


def test_every_name_that_small_areas_have_is_found_in_the_district_that_they_lie_in(
    built,
):
    with REFERENCE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    # A boundary change may leave a small area in the neighbouring district.
    rows.sort(key=lambda row: int(row["small_areas"]))
    expected = {row["small_area_name"]: row["district_code_2022"] for row in rows}
    assert len(expected) > 350
    today = {
        code: (force, became or code)
        for code, force, became in built.rows(
            "select district_code, force_code, became_code from seeds.districts"
        )
    }
    places = [(today[code][0], f"{name} 001A") for name, code in expected.items()]
    codes = dict(zip(expected, placed(built, places), strict=True))
    assert codes == {name: today[code][1] for name, code in expected.items()}


def test_an_unlisted_word_of_the_open_data_is_in_the_total_and_counted_separately(
    built,
):
    street(
        built,
        {"crime_type": "E-scooter theft", "last_outcome_category": "Fined by drone"},
        {"crime_type": "E-scooter theft", "falls_within": "Wessex Police"},
        {"crime_type": "vehicle Crime", "lsoa_name": "Atlantis 001A"},
        {"crime_type": "Anti-social behaviour", "falls_within": "HUMBERSIDE POLICE"},
    )
    built.build()
    assert built.rows(
        "select crime_type, district_code, outcome_result from marts.fct_open_crimes"
        " order by line"
    ) == [
        ("Not recognised", "E07000076", "not_recognised"),
        ("Not recognised", "E07000076", None),
        ("Vehicle crime", "NOT_RECOGNISED", None),
        ("Anti-social behaviour", "E07000076", None),
    ]
    assert unknown(
        built, "extract_column, unlisted_value, counted_line_count, held_line_count"
    ) == [
        ("crime_type", "E-scooter theft", 2, 0),
        # A known force, but not the one in the file's name.
        ("falls_within", "HUMBERSIDE POLICE", 1, 0),
        ("falls_within", "Wessex Police", 1, 0),
        ("last_outcome_category", "Fined by drone", 1, 0),
        ("lsoa_name", "Atlantis 001A", 1, 0),
    ]
    assert built.rows(
        "select count(*) from marts.fct_open_crimes as crimes"
        " inner join seeds.measure_rules as rules using (crime_type)"
        " where rules.measure_code = 'open_all_crime'"
    ) == [(3,)]


def test_a_misspelt_or_wrongly_separated_keyword_is_reported_with_the_nearest_one(
    built, tmp_path: Path
):
    keywords = [
        "Knife;Alcohol",
        "Knife, Alcohol",
        "Knives",
        "Knife/Sharp Instrument",
        "KNIFE |  alcohol",
        "Zombies||CCTV",
    ]
    lines = [{"crime_id": f"C{n}", "keywords": k} for n, k in enumerate(keywords)]
    built.take(tmp_path, "crimes", delivered("crimes", *lines))
    assert built.rows("select count(*) from marts.fct_crimes") == [(6,)]
    assert unknown(
        built, "extract_column, unlisted_value, close_to, counted_line_count"
    ) == [
        ("keywords", "Knife, Alcohol", "Alcohol, Knife", 1),
        ("keywords", "Knife/Sharp Instrument", "Knife, Sharp instrument", 1),
        ("keywords", "Knife;Alcohol", "Alcohol, Knife", 1),
        ("keywords", "Knives", "Knife", 1),
        ("keywords", "Zombies", None, 1),
    ]


def test_an_unknown_value_counts_or_is_held_by_its_column_until_it_is_put_right(
    built, tmp_path: Path
):
    unknown_words = [
        {"crime_id": "C1", "district_code": "E07000999"},
        {"crime_id": "C2", "outcome_code": "99", "outcome_date": "2021-02-01"},
        {"crime_id": "C3", "offence_code": "999X"},
        {"crime_id": "C4", "crime_status": "Closed"},
    ]
    built.take(tmp_path, "crimes", delivered("crimes", *unknown_words))
    assert built.rows(
        "select crime_id, district_code, outcome_code, has_positive_outcome"
        " from marts.fct_crimes order by all"
    ) == [
        ("C1", "NOT_RECOGNISED", "NONE", False),
        ("C2", "UNKNOWN", "NOT_RECOGNISED", None),
    ]
    columns = "extract_column, unlisted_value, counted_line_count, held_line_count"
    assert unknown(built, columns) == [
        ("crime_status", "Closed", 0, 1),
        ("district_code", "E07000999", 1, 0),
        ("offence_code", "999X", 0, 1),
        ("outcome_code", "99", 1, 0),
    ]
    right = [{"crime_id": f"C{n}", "lsoa_code": "E1"} for n in (1, 2, 3, 4)]
    built.empty()
    built.take(
        tmp_path / "again",
        "crimes",
        delivered("crimes", *unknown_words),
        delivered("crimes", *right),
    )
    assert unknown(built, columns) == []


@pytest.mark.parametrize(
    ("later", "counts_as_before"),
    [
        ([{"crime_status": "Cancelled", "is_online": "?"}], [True]),
        (
            [{"crime_status": "Cancelled", "is_online": "?"}, {"lsoa_code": "E1"}],
            [False],
        ),
        ([{"crime_id": "C9", "is_online": "?"}], [False]),
    ],
)
def test_a_crime_counts_as_it_stood_before_a_line_that_is_held_and_it_is_known(
    built, tmp_path: Path, later, counts_as_before
):
    files = [delivered("crimes", change) for change in ({}, *later)]
    built.take(tmp_path, "crimes", *files)
    assert built.rows("select crime_status from marts.fct_crimes") == [("Recorded",)]
    rows = built.rows("select counts_as_before from marts.fct_quarantined_lines")
    assert [flag for (flag,) in rows] == counts_as_before
