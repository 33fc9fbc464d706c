"""A home whose crimes come as its system exports them, to the counted crime."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pandas
import pytest

from dagster_project.settings import Home
from tests import compiled_run
from tests import kent_deliveries as kent
from tests import messy_exports as messy
from tests.conftest import Result, copied

IN_WORDS = {"Y": "Yes", "N": "No"}
NAMES = {"E07000105": "Ashford", "E07000106": "Canterbury", "E07000107": "Dartford"}
MAPPING = """\
file: {delimiter: tab, encoding: utf-16, header_row: 2}
columns:
  crime_id: {from: Ref, prefix: K}
  recorded_at: {from: Recorded (UTC), format: "d MMM yyyy HH:mm:ss", zone: UTC}
  committed_from: {always: ""}
  committed_to: {always: ""}
  offence_code: Offence
  district_code: {from: District, values: districts.csv}
  lsoa_code: {always: ""}
  keywords: Keywords
  is_domestic_abuse: {from: DA, yes: "Yes", no: "No"}
  is_hate_crime: {from: Hate, yes: "Yes", no: "No"}
  is_online: {from: Online, yes: "Yes", no: "No"}
  is_night_time_economy: {from: NTE, yes: "Yes", no: "No"}
  crime_status: {always: Recorded}
  outcome_code: {always: ""}
  outcome_date: {always: ""}
"""
LIST = "theirs,ours\nAshford,E07000105\nCanterbury,E07000106\n"
DARTFORD = "Dartford,E07000107\n"
COUNTED = (
    "select crime_id, recorded_at, recorded_month, offence_code, district_code,"
    " crime_status from marts.fct_crimes order by all",
    "select * exclude (fct_measures_monthly.force_code) from"
    " marts.fct_measures_monthly order by all",
)


def exported(path: Path) -> None:
    """Write an extract of the contract's form as the force's system would."""
    frame = pandas.read_csv(path, dtype=str, keep_default_na=False)
    at = pandas.to_datetime(frame["recorded_at"]).dt.tz_localize("Europe/London")
    at = at.dt.tz_convert("UTC")
    flags = {
        "DA": "is_domestic_abuse",
        "Hate": "is_hate_crime",
        "Online": "is_online",
        "NTE": "is_night_time_economy",
    }
    export = pandas.DataFrame(
        {
            "District": frame["district_code"].replace(NAMES),
            "Ref": frame["crime_id"].str.removeprefix("K"),
            "Recorded (UTC)": at.dt.strftime("%d %b %Y %H:%M:%S").str.lstrip("0"),
            "Offence": frame["offence_code"],
            "Keywords": frame["keywords"],
        }
        | {name: frame[column].map(IN_WORDS) for name, column in flags.items()}
    )
    text = "Crimes for performance\n" + export.to_csv(sep="\t", index=False)
    path.write_bytes(text.encode("utf-16"))


def change(path: Path, column: str, values: Callable[[pandas.Series], pandas.Series]):
    frame = pandas.read_csv(path, dtype=str, keep_default_na=False)
    frame[column] = values(frame[column])
    frame.to_csv(path, index=False)


def crimes(home: Home) -> list[Path]:
    return sorted((home.landing / "crimes").iterdir())


@pytest.fixture(scope="module")
def as_agreed(first_build: Result, tmp_path_factory: pytest.TempPathFactory) -> Result:
    """Kent's deliveries in the contract's form."""
    home = Home(tmp_path_factory.mktemp("as_agreed") / "home")
    kent.deliver(home.landing)
    for path in crimes(home):
        change(path, "crime_id", lambda ids: "K" + ids)
    result = compiled_run.run(first_build, home.root, "kent")
    assert result.exit_code == 0, result.output
    return result


@pytest.fixture(scope="module")
def held(first_build: Result, tmp_path_factory: pytest.TempPathFactory) -> Result:
    """The same as an export that a mapping reads; its list lacks a district."""
    home = Home(tmp_path_factory.mktemp("mapped") / "home")
    kent.deliver(home.landing)
    for path in crimes(home):
        exported(path)
    messy.write(home.root, "crimes.yml", MAPPING)
    messy.write(home.root, "districts.csv", LIST)
    result = compiled_run.run(first_build, home.root, "kent")
    assert result.exit_code == 0, result.output
    return result


@pytest.fixture(scope="module")
def mapped(
    first_build: Result, held: Result, tmp_path_factory: pytest.TempPathFactory
) -> Result:
    """The home of `held`, whose list has the district now, after another run."""
    home = copied(held, tmp_path_factory.mktemp("again")).home
    messy.write(home.root, "districts.csv", LIST + DARTFORD)
    result = compiled_run.run(first_build, home.root, "kent")
    assert result.exit_code == 0, result.output
    return result


def test_a_value_that_the_list_lacks_holds_its_line_and_no_other(
    held: Result, as_agreed: Result
):
    in_dartford = as_agreed.rows(
        "select crime_id from marts.fct_crimes where district_code = 'E07000107'"
        " order by all"
    )
    assert in_dartford
    found = held.rows(
        "select line_key, line_text ->> 'district_code', quarantine_reasons"
        " from marts.fct_quarantined_lines"
        " where line_text ->> 'district_code' is not null order by all"
    )
    assert found == [
        (key, "Dartford", ["district_code_not_mapped"]) for (key,) in in_dartford
    ]
    assert held.rows(
        "select distinct reason, remedy from marts.dim_quarantine_reasons"
        " where reason_code = 'district_code_not_mapped'"
    ) == [
        (
            "district_code has a value that the mapping of the export does not know",
            "Add the value to the mapping in config/mappings, or have it corrected at"
            " its source.",
        )
    ]


def test_a_row_added_to_the_list_reads_the_files_again_and_counts_as_agreed(
    mapped: Result, as_agreed: Result
):
    for sql in COUNTED:
        assert mapped.rows(sql) == as_agreed.rows(sql)
    sql = (
        "select line_key, quarantine_reasons, resolution, line_text"
        " from marts.fct_quarantined_lines order by all"
    )
    assert mapped.rows(sql) == as_agreed.rows(sql)


def test_an_analyst_sees_a_line_before_and_after_its_mapping(mapped: Result):
    rows = mapped.rows(
        "select crime_id, recorded_at, delivered_text, is_held"
        " from marts.fct_crimes"
        " inner join marts.fct_mapped_lines using (load_id, line)"
        " where recorded_at between '2021-06-30' and '2021-07-02' order by crime_id"
    )
    assert rows
    for crime_id, recorded_at, text, is_held in rows:
        delivered = json.loads(text)
        assert crime_id == "K" + delivered["ref"] and not is_held
        # Summer time is an hour before UTC.
        utc = recorded_at - timedelta(hours=1)
        at = datetime.strptime(delivered["recorded (utc)"], "%d %b %Y %H:%M:%S")
        assert at == utc


def test_a_mapping_that_has_not_changed_reads_nothing_again(
    first_build: Result, mapped: Result
):
    sql = "select load_id, loaded_at from marts.fct_loads order by all"
    before = mapped.rows(sql)
    messy.write(mapped.home.root, "actions.draft.yml", "columns: {}\n")
    again = compiled_run.run(first_build, mapped.home.root, "kent")
    assert again.exit_code == 0 and again.rows(sql) == before
