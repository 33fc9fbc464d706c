"""The real archive, from zip to pack, compared with counts by pandas.

The home is made from dbt's compiled SQL. `report` reads an archive of open data in
test_restatements.py.
"""

import csv
import zipfile
from pathlib import Path

import pandas
import pytest

from dagster_project import packs, settings
from dagster_project.intake import landing
from dagster_project.settings import Home
from tests import compiled_run
from tests.conftest import Result
from tests.documents import DOCS, ask, queries
from tests.explained import differing

ARCHIVE = (
    settings.REPOSITORY.parent
    / "shared"
    / "police_uk"
    / "northumbria-2020-05-to-2022-06.zip"
)
QUARTER = "2022-23-q1"
REPORTS_OWN = {
    "domestic_abuse",
    "knife_crime",
    "nte_crime",
    "hate_crime",
    "cyber_crime",
    "fraud",
    "residential_burglary",
    "personal_robbery",
}

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not ARCHIVE.exists(), reason=f"no {ARCHIVE.name} beside the checkout"
    ),
]


@pytest.fixture(scope="module")
def northumbria(
    first_build: Result, tmp_path_factory: pytest.TempPathFactory
) -> Result:
    home = Home(tmp_path_factory.mktemp("northumbria"))
    landing.remember_force(home, "northumbria")
    landing.deliver_archive(home, ARCHIVE)
    result = compiled_run.run(first_build, home.root, "northumbria", is_large=True)
    assert result.exit_code == 0, result.output
    packs.write(home, QUARTER)
    return result


@pytest.fixture(scope="module")
def street() -> pandas.DataFrame:
    """Return every line of the archive's street files, read directly from the zip."""
    with zipfile.ZipFile(ARCHIVE) as archive:
        frames = [
            pandas.read_csv(archive.open(name), dtype=str, keep_default_na=False)
            for name in archive.namelist()
            if name.endswith("-street.csv")
        ]
    return pandas.concat(frames, ignore_index=True)


def table(result: Result, name: str) -> list[dict[str, str]]:
    path: Path = result.home.output / QUARTER / "tables" / f"{name}.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_every_cell_of_month_type_and_district_is_what_pandas_counts(
    northumbria: Result, street: pandas.DataFrame
):
    districts = dict(
        northumbria.rows(
            "select district_name, district_code from marts.dim_districts"
            " where district_force_code = 'northumbria'"
        )
    )
    names = street["LSOA name"].str.rsplit(" ", n=1).str[0]
    street["area"] = names.map(districts).fillna("OUTSIDE").mask(names == "", "UNKNOWN")
    cells = street.groupby(["Month", "Crime type", "area"]).size()
    made = northumbria.rows(
        "select strftime(recorded_month, '%Y-%m'), crime_type, district_code, count(*)"
        " from marts.fct_open_crimes group by all"
    )
    assert {row[:3]: row[3] for row in made} == cells.to_dict()
    assert sum(row[3] for row in made) == len(street)


def test_every_month_of_the_packs_table_is_what_pandas_counts(
    northumbria: Result, street: pandas.DataFrame
):
    names = {
        "open_" + kind.lower().replace("-", "_").replace(" ", "_"): kind
        for kind in street["Crime type"].unique()
    }
    cells = street.groupby(["Crime type", "Month"]).size().to_dict()
    rows = [row for row in table(northumbria, "monthly_counts")]
    made = {
        (names[row["measure"]], row["month"]): int(row["count"])
        for row in rows
        if row["measure"] in names
    }
    assert made == cells
    no_crimes = street["Crime type"] == "Anti-social behaviour"
    all_crime = {
        r["month"]: r["count"] for r in rows if r["measure"] == "open_all_crime"
    }
    by_month = street[~no_crimes].groupby("Month").size()
    assert all_crime == {month: str(count) for month, count in by_month.items()}


def test_twelve_months_against_twelve_are_what_pandas_counts(
    northumbria: Result, street: pandas.DataFrame
):
    burglary = street[street["Crime type"] == "Burglary"]
    now = int(burglary["Month"].between("2021-07", "2022-06").sum())
    before = int(burglary["Month"].between("2020-07", "2021-06").sum())
    row = next(
        row
        for row in table(northumbria, "rolling_12_months")
        if row["measure"] == "open_burglary"
    )
    assert (int(row["current_12_months"]), int(row["previous_12_months"])) == (
        now,
        before,
    )


def test_a_pack_of_open_data_has_no_plan_no_strand_and_no_measure_of_the_force(
    northumbria: Result,
):
    folder = northumbria.home.output / QUARTER
    names = {path.stem for path in (folder / "tables").iterdir()}
    assert {"rolling_12_months", "open_outcomes", "usual_ranges"} <= names
    assert not {n for n in names if n.startswith(("actions", "delivery_"))}
    # The archive begins in May 2020.
    assert not {"solved_rates", "before_pandemic_comparisons"} & names
    rows = table(northumbria, "rolling_12_months")
    assert "strand" not in rows[0]
    assert not REPORTS_OWN & {row["measure"] for row in rows}
    page = (folder / "annex.html").read_text("utf-8")
    for absent in ("Author to write", "Delivery plan progress", ">Strand<"):
        assert absent not in page


def test_a_pack_of_open_data_has_no_authors_file(northumbria: Result):
    assert not northumbria.home.authors_text.exists()


def test_the_charts_have_as_many_months_as_there_are(northumbria: Result):
    months = {row["month"] for row in table(northumbria, "monthly_counts")}
    assert (min(months), max(months), len(months)) == ("2020-05", "2022-06", 26)


def test_the_pack_says_on_its_face_that_it_is_open_data(northumbria: Result):
    page = northumbria.home.output / QUARTER / "annex.html"
    text = page.read_text(encoding="utf-8")
    assert "Made from open data" in text and "Open Government Licence" in text


def test_shares_with_a_positive_outcome_are_what_pandas_finds(
    northumbria: Result, street: pandas.DataFrame
):
    with settings.seed("open_outcomes").open(encoding="utf-8") as file:
        results = {
            row["outcome_name"]: row["outcome_result"] for row in csv.DictReader(file)
        }
    with zipfile.ZipFile(ARCHIVE) as archive:
        outcomes = pandas.concat(
            pandas.read_csv(archive.open(name), dtype=str, keep_default_na=False)
            for name in archive.namelist()
            if name.endswith("-outcomes.csv")
        )
    assert set(outcomes["Outcome type"]) <= set(results)
    said = set(street["Last outcome category"]) - {""}
    assert said <= set(results)
    is_positive = outcomes["Outcome type"].map(results) == "positive"
    positive_ids = set(outcomes.loc[is_positive, "Crime ID"])
    recent = street[street["Month"].between("2021-07", "2022-06")]
    solved = recent["Crime ID"].isin(positive_ids) | (
        recent["Last outcome category"].map(results) == "positive"
    )
    is_known = recent["Last outcome category"] != ""
    by_type = pandas.DataFrame(
        {"type": recent["Crime type"], "solved": solved & is_known, "known": is_known}
    )
    cells = by_type.groupby("type")[["solved", "known"]].sum()
    made = northumbria.rows(
        "select crime_type, positive_12_months, known_outcome_12_months"
        " from marts.fct_open_crimes_monthly"
        " where area_level = 'force' and month = '2022-06-01'"
        " and crime_type <> 'All crime'"
    )
    assert {row[0]: row[1:] for row in made} == {
        kind: (solved, known) for kind, solved, known in cells.itertuples()
    }


def test_the_query_of_a_page_to_open_data_has_the_answer_it_prints(
    northumbria: Result,
):
    (query,) = (q for q in queries(DOCS / "adapt.md") if q.is_of_open_data)
    assert ask(northumbria.home.current, query.sql) == query.answer


def test_identical_lines_all_count(northumbria: Result, street: pandas.DataFrame):
    repeated = int(street.duplicated().sum())
    assert repeated > 1000
    assert northumbria.rows(
        "select sum(lines_delivered)::int, sum(lines_accepted)::int,"
        " bool_and(is_accounted_for)"
        " from marts.fct_loads where extract = 'police_uk_street'"
    ) == [(len(street), len(street), True)]


def test_every_figure_of_open_data_equals_its_records(northumbria: Result):
    assert differing(northumbria) == {}


@pytest.mark.golden
def test_the_real_archive_is_its_golden_copy(northumbria: Result, golden):
    golden("northumbria", northumbria.home, QUARTER)
