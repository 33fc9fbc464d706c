"""A home whose crimes come as its system exports them, to the counted crime."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

import duckdb
import pandas
import pytest

from dagster_project import inspection
from dagster_project.errors import DeliveryError
from dagster_project.intake import landing, load_log
from dagster_project.settings import Home
from tests import compiled_run
from tests import kent_deliveries as kent
from tests import messy_exports as messy
from tests.conftest import Result, copied, run_here

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
PLAN = """\
columns:
  action_id: Ref
  strand_name: Strand
  action_title: Title
  owner_role: {always: ""}
  start_date: Start
  due_date: Due
  completed_date: {always: ""}
  action_status: {always: Ongoing}
  is_at_risk: {always: Y}
  at_risk_reason: Why
  mitigation: {always: ""}
"""
# What these tests read, and nothing that only a report needs.
MODELS = (
    "dim_quarantine_reasons",
    "fct_crimes",
    "fct_loads",
    "fct_mapped_lines",
    "fct_measures_monthly",
    "fct_quarantined_lines",
)
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


def landing_of(connection: duckdb.DuckDBPyConnection, home: Home) -> landing.Taken:
    landing.remember_force(home, "kent")
    return landing.take(connection, home, "actions", lambda _: None)


def crimes(home: Home) -> list[Path]:
    return sorted((home.landing / "crimes").iterdir())


@pytest.fixture(scope="module")
def as_agreed(first_build: Result, tmp_path_factory: pytest.TempPathFactory) -> Result:
    """Kent's deliveries in the contract's form."""
    home = Home(tmp_path_factory.mktemp("as_agreed") / "home")
    kent.deliver(home.landing)
    for path in crimes(home):
        change(path, "crime_id", lambda ids: "K" + ids)
    result = compiled_run.run(first_build, home.root, "kent", *MODELS)
    assert result.exit_code == 0, result.output
    return result


@pytest.fixture(scope="module")
def held(first_build: Result, tmp_path_factory: pytest.TempPathFactory) -> Result:
    """The same deliveries as exports with a mapping, whose code list lacks a
    district.
    """
    home = Home(tmp_path_factory.mktemp("mapped") / "home")
    kent.deliver(home.landing)
    for path in crimes(home):
        exported(path)
    messy.write(home.root, "crimes.yml", MAPPING)
    messy.write(home.root, "districts.csv", LIST)
    result = compiled_run.run(first_build, home.root, "kent", *MODELS)
    assert result.exit_code == 0, result.output
    return result


@pytest.fixture(scope="module")
def mapped(
    first_build: Result, held: Result, tmp_path_factory: pytest.TempPathFactory
) -> Result:
    """The home of `held` after another run, with the district in its code list."""
    home = copied(held, tmp_path_factory.mktemp("again")).home
    messy.write(home.root, "districts.csv", LIST + DARTFORD)
    result = compiled_run.run(first_build, home.root, "kent", *MODELS)
    assert result.exit_code == 0, result.output
    return result


def test_a_value_that_the_list_lacks_holds_its_line_and_no_other(
    held: Result, as_agreed: Result
):
    in_dartford = as_agreed.rows_with_ids(
        "select crime_id from marts.fct_crimes where district_code = 'E07000107'"
        " order by all"
    )
    assert in_dartford
    found = held.rows_with_ids(
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
        assert mapped.rows_with_ids(sql) == as_agreed.rows_with_ids(sql)
    sql = (
        "select line_key, quarantine_reasons, resolution, line_text"
        " from marts.fct_quarantined_lines order by all"
    )
    assert mapped.rows_with_ids(sql) == as_agreed.rows_with_ids(sql)


def test_the_data_team_sees_a_line_before_and_after_its_mapping(mapped: Result):
    rows = mapped.rows_with_ids(
        "select crime_id, recorded_at, delivered_text, is_held"
        " from marts.fct_crimes"
        " inner join marts.fct_mapped_lines using (load_id, line)"
        " where recorded_at between '2021-06-30' and '2021-07-02' order by crime_id"
    )
    assert rows
    for crime_id, recorded_at, text, is_held in rows:
        delivered = json.loads(text)
        assert crime_id == "K" + delivered["ref"] and not is_held
        # British Summer Time is one hour ahead of UTC.
        utc = recorded_at - timedelta(hours=1)
        at = datetime.strptime(delivered["recorded (utc)"], "%d %b %Y %H:%M:%S")
        assert at == utc


def test_a_mapping_that_has_not_changed_reads_nothing_again(
    mapped: Result, tmp_path: Path
):
    home = copied(mapped, tmp_path).home
    messy.write(home.root, "actions.draft.yml", "columns: {}\n")
    sql = "select load_id, loaded_at from raw.loads order by all"
    with load_log.warehouse(home.warehouse) as connection:
        before = connection.execute(sql).fetchall()
        for extract in landing.extracts_in_order():
            assert landing.take(connection, home, extract, lambda _: None).files == 0
        assert before and connection.execute(sql).fetchall() == before


def test_inspect_reads_a_file_by_the_mapping_of_its_home(
    first_build: Result, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    build = partial(compiled_run.build_staging, first_build, tmp_path)
    monkeypatch.setattr(inspection.staging, "_build", build)
    home = tmp_path / "home"
    messy.write(home, "crimes.yml", messy.CRIMES_MAPPING)
    content = messy.CRIMES.encode()
    path = messy.deliver(home, "crimes", "crimes_20211117T060000.csv", content)
    said = run_here("inspect", str(path), "--extract", "crimes", "--data", str(home))
    assert said.exit_code == 0, said.output
    mapping = home / "config" / "mappings" / "crimes.yml"
    assert f"read as .csv by {mapping}" in said.out
    assert "district_code: 'Ashfrod' is not in the list of the mapping" in said.out
    counts = [line.split() for line in said.out.splitlines()]
    for count, word in (("5", "lines"), ("3", "accepted:"), ("2", "held")):
        assert any(line[:2] == [count, word] for line in counts), said.out
    assert ["1", "district_code_not_mapped"] in counts
    assert ["1", "recorded_at_not_mapped"] in counts
    assert not any("recorded_at_not_timestamp" in line for line in counts)
    said = run_here("inspect", str(path), "--extract", "crimes")
    assert said.exit_code == 2 and "separated by semicolons" in said.out


def test_a_change_of_the_mapping_needs_the_later_files_that_were_loaded(
    first_build: Result, held: Result, tmp_path: Path
):
    home = copied(held, tmp_path).home
    messy.write(home.root, "districts.csv", LIST + DARTFORD)
    gone = crimes(home)[-1]
    gone.unlink()
    with pytest.raises(DeliveryError) as error:
        compiled_run.run(first_build, home.root, "kent", *MODELS)
    assert (
        f"{crimes(home)[0]}: the mapping by which it is read has changed, so it is"
        " loaded again, and with it the files after it. Some of these are no longer in"
        f" the landing folder. Put them back: {gone.name}." in str(error.value)
    )


def test_each_file_is_read_by_its_own_mapping_and_only_that_ones_files_again(
    tmp_path: Path,
):
    home = Home(tmp_path)
    for name, reason in (("old", "Late"), ("new", "Later")):
        content = "Ref,Strand,Title,Start,Due,Why\n" + (
            f"{name},Hate Crime,T,2021-01-01,2021-12-31,{reason}\n"
        )
        at = "20211017" if name == "old" else "20211117"
        file_name = f"actions_{at}T060000.csv"
        messy.deliver(home.root, "actions", file_name, content.encode())
        form = f"file: {{files: actions_{at}*}}\n"
        messy.write(home.root, f"actions.{name}.yml", form + PLAN)
    with load_log.warehouse(home.warehouse) as connection:
        taken = landing_of(connection, home)
        assert taken.files == 2
        assert landing_of(connection, home).files == 0
        path = home.mappings / "actions.new.yml"
        path.write_text(path.read_text("utf-8") + "# checked\n", encoding="utf-8")
        assert landing_of(connection, home).files == 1
        path = home.mappings / "actions.old.yml"
        path.write_text(path.read_text("utf-8") + "# checked\n", encoding="utf-8")
        # Whether a line is unchanged depends on the files before it.
        assert landing_of(connection, home).files == 2
        rows = connection.execute(
            "select action_id, at_risk_reason from raw.actions"
            " where not _is_closing order by _load_id"
        ).fetchall()
    assert rows == [("old", "Late"), ("new", "Later")]


def test_a_full_extract_with_a_key_that_the_mapping_lacks_closes_nothing(
    tmp_path: Path,
):
    home = Home(tmp_path)
    keys = {"20211017": ("A-1", "A-2"), "20211117": ("A-1", "A2")}
    for day, delivered in keys.items():
        rows = [f"{key},Hate Crime,T,2021-01-01,2021-12-31,x" for key in delivered]
        content = "\n".join(["Ref,Strand,Title,Start,Due,Why", *rows, ""])
        name = f"actions_{day}T060000.csv"
        messy.deliver(home.root, "actions", name, content.encode())
    key = "{from: Ref, split: '-', part: 2}"
    mapping = PLAN.replace("action_id: Ref", f"action_id: {key}")
    messy.write(home.root, "actions.yml", mapping)
    with load_log.warehouse(home.warehouse) as connection:
        taken = landing_of(connection, home)
        found = connection.execute(
            "select action_id, _not_mapped, _is_closing from raw.actions order by all"
        ).fetchall()
    assert found == [
        ("1", None, False),
        ("2", None, False),
        ("A2", ["action_id"], False),
    ]
    assert any(
        "no record is treated as deleted, because the mapping does not know some keys"
        in note
        for note in taken.notes
    )
