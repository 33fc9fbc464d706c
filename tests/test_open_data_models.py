"""The open data's marts on small archives: months, areas, ids, outcomes and rates."""

import hashlib
from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import pytest

from dagster_project.errors import DeliveryError
from dagster_project.intake import landing
from dagster_project.intake.police_uk import open_data
from tests.built_models import BuiltModels
from tests.conftest import Result
from tests.documents import DOCS, answer, queries
from tests.open_data_files import (
    BURGLARY,
    ESSEX,
    KENT,
    MONTHS,
    NUISANCE,
    OUTCOMES,
    STREET,
    archive,
    csv,
)

TABLES = (
    "fct_open_crimes",
    "int_delivered_months",
    "int_supply_spans",
    "int_supplied_months",
    "int_doubted_measures",
    "int_monthly_counts",
    "fct_measures_monthly",
    "int_measures_by_area",
    "fct_comparisons",
    "fct_rolling_12_months",
    "fct_open_crimes_monthly",
)
MISSING = "2021-03"
# Force → its small area, and other values of its lines.
PLACES = {
    "north-yorkshire": "Harrogate 012A",
    "thames-valley": "Wycombe 003B",
    "btp": "Leeds 111B",
}
LATER = ESSEX.replace("2021-07", "2021-08")


def street(force: str, month: str) -> bytes:
    """Return a month of a force: one burglary and three identical nuisances."""
    place = PLACES.get(force, "Tendring 018A")
    burglary = BURGLARY.replace("2021-07", month).replace("c1,", f"{force}{month},")
    lines = [burglary] + [NUISANCE.replace("2021-07", month)] * 3
    lines = [line.replace("Tendring 018A", place) for line in lines]
    if force == "btp":
        lines = [line.replace(f"{force}{month},", ",") for line in lines]
    return csv(STREET, *(line.replace("E01021988", place) for line in lines))


@pytest.fixture(scope="module")
def models(first_build: Result) -> Iterator[BuiltModels]:
    built = BuiltModels(first_build.home, TABLES)
    yield built
    built.connection.close()


def empty(models: BuiltModels) -> None:
    models.empty()
    for table in ("police_uk_street", "police_uk_outcomes"):
        models.connection.execute(f"delete from raw.{table}")


@pytest.fixture
def build(models: BuiltModels, tmp_path: Path):
    """Load archives of all forces into the emptied warehouse, and build."""

    def built(*archives: Path) -> BuiltModels:
        empty(models)
        open_data.load_archives(models.connection, archives, None, lambda line: None)
        models.build()
        return models

    return built


def named(force: str, month: str, kind: str = "street") -> str:
    return f"{month}/{month}-{force}-{kind}.csv"


def test_a_missing_month_is_empty_never_zero_and_blanks_every_12_months_that_need_it(
    build, tmp_path
):
    members = {
        named(force, month): street(force, month)
        for force in ("essex", "kent")
        for month in MONTHS
        if (force, month) != ("essex", MISSING)
    }
    models = build(archive(tmp_path / "a.zip", members))
    monthly = """
        select strftime(month, '%Y-%m'), value::int, is_supplied
        from marts.fct_measures_monthly
        where
            force_code = 'essex' and measure_code = 'open_burglary'
            and area_code = 'E07000076'
        order by month
    """
    assert models.rows(monthly) == [
        (month, None if month == MISSING else 1, month != MISSING) for month in MONTHS
    ]
    blank = MONTHS[:11] + MONTHS[MONTHS.index(MISSING) :][:12]
    for force, empty in (("essex", blank), ("kent", MONTHS[:11])):
        expected = [(month, None if month in empty else 12) for month in MONTHS]
        for table, month, count, what in (
            (
                *("fct_rolling_12_months", "period_end", "current_12_months"),
                "measure_code = 'open_burglary'",
            ),
            (
                *("fct_open_crimes_monthly", "month", "crimes_12_months"),
                "crime_type = 'Burglary'",
            ),
        ):
            rows = models.rows(
                f"select strftime({month}, '%Y-%m'), {count}::int from marts.{table}"
                f" where area_code = '{force}' and {what} order by all"
            )
            assert rows == expected, (force, table)


def test_every_line_counts_once_wherever_it_is_and_whatever_it_lacks(build, tmp_path):
    nowhere = "c2,2021-07,,,,,No Location,,,Burglary,Under investigation,"
    near_nothing = BURGLARY.replace("On or near High Street", "On or near ")
    across = BURGLARY.replace("Tendring 018A", "Medway 004C").replace("E01021988", "E2")
    irish = "n1,2021-07,,,-5.9,54.6,On or near Rd,,,Burglary,,"
    members = {
        ESSEX: csv(STREET, nowhere, near_nothing, across, *[NUISANCE] * 3),
        "2021-07-btp-street.csv": street("btp", "2021-07"),
        "2021-07-northern-ireland-street.csv": csv(STREET, irish, irish),
        "2021-08-northern-ireland-street.csv": csv(
            STREET, irish.replace("2021-07", "2021-08")
        ),
    }
    models = build(archive(tmp_path / "a.zip", members))
    counts = """
        select force_code, area_code, crime_type, sum(crime_count)::int
        from marts.fct_open_crimes_monthly
        where area_level = 'district' and crime_count > 0 and crime_type <> 'All crime'
        group by all order by all
    """
    assert models.rows(counts) == [
        ("btp", "OUTSIDE", "Anti-social behaviour", 3),
        ("btp", "OUTSIDE", "Burglary", 1),
        ("essex", "E07000076", "Anti-social behaviour", 3),
        ("essex", "E07000076", "Burglary", 1),
        ("essex", "OUTSIDE", "Burglary", 1),
        ("essex", "UNKNOWN", "Burglary", 1),
        ("northern-ireland", "UNKNOWN", "Burglary", 3),
    ]
    levels = """
        select area_level, sum(crime_count)::int
        from marts.fct_open_crimes_monthly
        where crime_type <> 'All crime' group by all order by all
    """
    assert models.rows(levels) == [("district", 13), ("force", 13)]
    matches = """
        select force_code, outcome_match, count(*) from marts.fct_open_crimes
        where crime_type = 'Burglary' group by all order by all
    """
    assert models.rows(matches) == [
        ("btp", "no_id", 1),
        ("essex", "id_repeated", 2),
        ("essex", "none", 1),
        ("northern-ireland", "id_repeated", 3),
    ]


def test_districts_of_the_past_count_in_todays_and_a_rate_needs_a_population(
    build, tmp_path
):
    forces = ("essex", "north-yorkshire", "thames-valley", "btp")
    members = {
        named(force, month): street(force, month)
        for force in forces
        for month in MONTHS[:12]
    }
    models = build(archive(tmp_path / "a.zip", members))
    rates = """
        select area_code, crimes_12_months, rate_per_1000::varchar, population_year
        from marts.fct_open_crimes_monthly
        natural join marts.dim_areas
        where
            month = '2020-12-01' and crime_type = 'Anti-social behaviour'
            and crimes_12_months > 0
        order by area_code
    """
    assert models.rows(rates) == [
        ("E06000060", 36, "0.1", 2020),  # Wycombe is in it now: 36 of 547,060: 0.066.
        ("E06000065", 36, "0.1", 2020),  # 36 of 620,610 people: 0.058.
        ("E07000076", 36, "0.2", 2020),  # 36 of 147,353: 0.244.
        ("OUTSIDE", 36, None, None),
        ("btp", 36, None, None),
        ("essex", 36, "0.0", 2020),
        ("north-yorkshire", 36, "0.0", 2020),
        ("thames-valley", 36, "0.0", 2020),
    ]


def test_all_crime_is_not_known_in_a_month_without_a_crime_type_that_others_have(
    build, tmp_path
):
    burglary = BURGLARY.replace("c1,", ",")
    robbery = burglary.replace(",Burglary,", ",Robbery,")
    members = {}
    for month in MONTHS[:13]:
        # So many robberies a month that none in the first cannot be right.
        line = burglary if month == MONTHS[0] else robbery
        more = csv(*[line.replace("2021-07", month)] * 60)
        members[named("essex", month)] = street("essex", month) + more
    models = build(archive(tmp_path / "a.zip", members))
    rates = """
        select
            strftime(month, '%Y-%m'), area_code, crime_type, crimes_12_months,
            rate_per_1000::varchar
        from marts.fct_open_crimes_monthly
        where
            month >= '2020-12-01' and area_code in ('essex', 'E07000076')
            and crime_type in ('All crime', 'Burglary', 'Robbery')
        order by all
    """
    # Of 147,353 people in Tendring, and 1,856,063 in Essex.
    assert models.rows(rates) == [
        ("2020-12", "E07000076", "All crime", None, None),
        ("2020-12", "E07000076", "Burglary", 72, "0.5"),
        ("2020-12", "E07000076", "Robbery", None, None),
        ("2020-12", "essex", "All crime", None, None),
        ("2020-12", "essex", "Burglary", 72, "0.0"),
        ("2020-12", "essex", "Robbery", None, None),
        ("2021-01", "E07000076", "All crime", 732, "5.0"),
        ("2021-01", "E07000076", "Burglary", 12, "0.1"),
        ("2021-01", "E07000076", "Robbery", 720, "4.9"),
        ("2021-01", "essex", "All crime", 732, "0.4"),
        ("2021-01", "essex", "Burglary", 12, "0.0"),
        ("2021-01", "essex", "Robbery", 720, "0.4"),
    ]


def test_all_crime_without_a_type_that_no_month_has_is_counted_but_has_no_rate(
    build, tmp_path
):
    burglary = BURGLARY.replace("c1,", ",")
    robbery = burglary.replace(",Burglary,", ",Robbery,")
    members = {}
    for month in MONTHS[:12]:
        of_month = [each.replace("2021-07", month) for each in (burglary, robbery)]
        # The district of the lines is one of Essex, but the files are those of Kent.
        members[named("kent", month)] = csv(STREET, *[of_month[0]] * 60)
        members[named("essex", month)] = csv(STREET, *of_month * 60)
    models = build(archive(tmp_path / "a.zip", members))
    rates = """
        select force_code, crime_type, crimes_12_months, rate_per_1000::varchar
        from marts.fct_open_crimes_monthly
        where
            month = '2020-12-01' and area_level = 'force'
            and crime_type in ('All crime', 'Burglary', 'Robbery')
        order by all
    """
    found = {row[:2]: row[2:] for row in models.rows(rates)}
    assert found["essex", "All crime"] == (1440, "0.8")
    assert found["kent", "All crime"][0] == 720
    assert found["kent", "All crime"][1] is None
    assert found["kent", "Burglary"][1] is not None
    assert found["kent", "Robbery"] == (None, None)


def test_the_share_with_a_positive_outcome_is_of_those_that_can_have_one(
    build, tmp_path
):
    members = {named("essex", month): street("essex", month) for month in MONTHS[:12]}
    lines = [
        f"essex{month},2020-12,,,,,No Location,,,{outcome}"
        for month, outcome in (
            ("2020-01", "Suspect charged"),
            ("2020-02", "Local resolution"),
            ("2020-02", "Unable to prosecute suspect"),
            ("2020-03", "Unable to prosecute suspect"),
            ("2019-12", "Suspect charged"),
        )
    ]
    members[named("essex", "2020-12", "outcomes")] = csv(OUTCOMES, *lines)
    models = build(archive(tmp_path / "a.zip", members))
    shares = """
        select
            crime_type, positive_12_months, known_outcome_12_months,
            positive_12_months_pct::varchar, mean_months_to_outcome::varchar
        from marts.fct_open_crimes_monthly
        where month = '2020-12-01' and area_level = 'force'
        order by all
    """
    assert models.rows(shares) == [
        ("All crime", 2, 12, "16.7", "10.0"),
        ("Anti-social behaviour", 0, 0, None, None),
        ("Burglary", 2, 12, "16.7", "10.0"),  # (11 + 10 + 9) / 3 months.
    ]


# The archive that the last questions of docs/questions.md ask: burglaries, shoplifting
# and anti-social behaviour of a force in each month of 2021, and those charged of them.
ASKED = {
    "btp": ((40, 5), (90, 12)),
    "essex": ((300, 14), (700, 155)),
    "kent": ((250, 15), (900, 180)),
    "suffolk": ((120, 8), (200, 30)),
}
# Kent lacks an outcome file, Suffolk both files of a month.
LACKING = {named("kent", "2021-06", "outcomes")}
LACKING |= {named("suffolk", "2021-05", kind) for kind in ("street", "outcomes")}


def asked_archive(path: Path) -> Path:
    members = {}
    for force, ((burglaries, charged), (thefts, caught)) in ASKED.items():
        for month in MONTHS[12:24]:
            street, outcomes = (
                [f",{month},,,,,No Location,,,Anti-social behaviour,,"],
                [],
            )
            street *= 60
            for kind, count, solved in (
                ("Burglary", burglaries, charged),
                ("Shoplifting", thefts, caught),
            ):
                keys = [f"{force}{month}{kind}{number}" for number in range(count)]
                place = f"{month},,,,,No Location,,"
                street += [f"{key},{place},{kind},Under investigation," for key in keys]
                outcomes += [f"{key},{place},Suspect charged" for key in keys[:solved]]
            members[named(force, month)] = csv(STREET, *street)
            members[named(force, month, "outcomes")] = csv(OUTCOMES, *outcomes)
    return archive(path, {n: d for n, d in members.items() if n not in LACKING})


def test_the_questions_to_open_data_have_their_printed_answers_and_these_are_right(
    build, tmp_path
):
    models = build(asked_archive(tmp_path / "a.zip"))
    shares, ranks = (
        query for query in queries(DOCS / "questions.md") if query.is_of_open_data
    )
    for query in (shares, ranks):
        assert answer(models.connection, query.sql) == query.answer
    names = dict(models.rows("select force_code, force_name from marts.dim_forces"))
    assert models.rows(shares.sql) == [
        (
            names[force],
            kind,
            12 * count,
            12 * solved,
            round(Decimal(100 * solved) / count, 1),
        )
        for force in ("btp", "essex")
        for kind, (count, solved) in zip(
            ("Burglary", "Shoplifting"), ASKED[force], strict=True
        )
    ]
    population = dict(
        models.rows(
            "select area_code, population from marts.dim_areas"
            " where area_level = 'force' and area_code in ('essex', 'kent')"
        )
    )
    crimes = {
        force: 12 * sum(count for count, _ in ASKED[force]) for force in population
    }
    rate = {f: round(Decimal(1000 * crimes[f]) / population[f], 1) for f in crimes}
    assert models.rows(ranks.sql) == [
        (names[force], crimes[force], rate[force], place)
        for place, force in enumerate(sorted(rate, key=rate.get, reverse=True), start=1)
    ]


def test_all_crime_is_a_type_of_its_own_that_equals_its_measure(build, tmp_path):
    models = build(asked_archive(tmp_path / "a.zip"))
    columns = "force_code, month, area_level, area_code"
    of_types = (
        f"select {columns}, crime_count::decimal(18, 3) as value"
        " from marts.fct_open_crimes_monthly"
        " where crime_type = 'All crime' and area_level = 'district'"
        " and crime_count > 0"
    )
    of_measure = (
        f"select {columns}, value from marts.fct_measures_monthly"
        " where measure_code = 'open_all_crime' and value > 0"
    )
    for one, other in ((of_types, of_measure), (of_measure, of_types)):
        assert models.rows(f"select count(*) from ({one} except all {other})") == [(0,)]
    assert len(models.rows(of_types)) == 47


def test_a_later_download_under_the_same_name_stands_beside_the_first(tmp_path):
    home = Result(landing.Home(tmp_path / "home"), "", 0).home
    landing.remember_force(home, "essex")
    first = archive(tmp_path / "latest.zip", {ESSEX: csv(STREET, BURGLARY)})
    for _ in range(2):
        landing.deliver_archive(home, first)
    assert [path.name for path in landing.archives(home)] == ["latest.zip"]
    first.unlink()
    stamp = datetime(2022, 1, 1)
    again = archive(first, {ESSEX: csv(STREET, NUISANCE)}, stamp)
    landing.deliver_archive(home, again)
    assert [path.name for path in landing.archives(home)] == [
        "latest.zip", "latest_2.zip",
    ]  # fmt: skip
    landing.deliver_archive(home, again)
    assert len(landing.archives(home)) == 2


@pytest.mark.parametrize(
    ("members", "is_as_loaded"),
    [
        ({ESSEX: csv(STREET, BURGLARY)}, True),
        ({ESSEX: csv(STREET, BURGLARY), KENT: csv(STREET)}, True),
        ({ESSEX: csv(STREET, NUISANCE)}, False),
        ({KENT: csv(STREET, BURGLARY)}, False),
        ({ESSEX: csv(STREET, BURGLARY), LATER: csv(STREET, NUISANCE)}, False),
        (None, False),
    ],
)
def test_an_archive_is_the_one_that_was_loaded_if_its_files_are_those_of_the_register(
    tmp_path, members, is_as_loaded
):
    home = landing.Home(tmp_path / "home")
    landing.remember_force(home, "essex")
    sha256 = hashlib.sha256(csv(STREET, BURGLARY)).hexdigest()
    path = tmp_path / "a.zip"
    path.write_bytes(b"damaged")
    if members:
        archive(path, members)
    loaded = {(ESSEX, sha256)}
    assert landing.is_as_loaded(home, path, loaded, {sha256}) is is_as_loaded


def test_all_forces_of_an_archive_fit_in_one_home_but_no_forces_own_extracts(
    models, tmp_path
):
    home = landing.Home(tmp_path / "home")
    landing.remember_force(home, landing.ALL_FORCES)
    data = csv(STREET, BURGLARY)
    path = archive(tmp_path / "a.zip", {ESSEX: data, KENT: data})
    landing.deliver_archive(home, path)
    empty(models)
    taken = landing.take(models.connection, home, "police_uk_street", print)
    assert (taken.files, taken.lines["stored"]) == (2, 2)
    (home.landing / "police_uk_street" / "a.zip").unlink()
    with pytest.raises(DeliveryError, match="FORCE=all is for open data"):
        landing.take(models.connection, home, "crimes", print)


def test_an_archive_without_the_homes_force_does_not_get_into_it(tmp_path):
    home = landing.Home(tmp_path / "home")
    landing.remember_force(home, "essex")
    data = csv(STREET, BURGLARY)
    landing.deliver_archive(home, archive(tmp_path / "essex.zip", {ESSEX: data}))
    outcomes = ESSEX.replace("street", "outcomes")
    other = archive(tmp_path / "kent.zip", {KENT: data, outcomes: data})
    with pytest.raises(DeliveryError, match=r"kent\.zip: no street file of essex"):
        landing.deliver_archive(home, other)
    assert [path.name for path in landing.archives(home)] == ["essex.zip"]


def test_ignored_files_are_reported_at_delivery_and_in_the_street_assets_notes(
    models, tmp_path
):
    home = landing.Home(tmp_path / "home")
    landing.remember_force(home, "essex")
    copy = ESSEX.replace(".csv", " (1).csv")
    members = {ESSEX: csv(STREET, BURGLARY), copy: b""}
    said: list[str] = []
    path = archive(tmp_path / "a.zip", members)
    landing.deliver_archive(home, path, said.append)
    assert len(said) == 1 and copy in said[0]
    empty(models)
    taken = {
        kind: landing.take(models.connection, home, kind, print).metadata()["notes"]
        for kind in landing.OPEN_DATA_KINDS
    }
    assert said[0] in taken["police_uk_street"]
    assert said[0] not in taken["police_uk_outcomes"]
