"""`inspect` proposes a mapping: certain parts with evidence, the others undecided."""

from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path

import duckdb
import pandas
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from dagster_project.inspection import evidence
from dagster_project.intake.contracts import load_contract
from dagster_project.intake.mapping import checked
from dagster_project.intake.reading import readers
from dagster_project.settings import Home
from tests import messy_exports as messy
from tests.conftest import Said, run_here
from tests.intake_files import workbook

NAME = "crimes_20211117T060000.csv"
# What a person decides in the draft of messy.CRIMES: the first words of a line → the
# line in its place.
DECIDED = {
    "    zone: ": "    zone: Europe/London",
    "  committed_from: ": (
        "  committed_from: {from: Committed Between, split: ' to ', part: 1,"
        " format: 'dd/MM/yyyy HH:mm', zone: Europe/London}"
    ),
    "  committed_to: ": (
        "  committed_to: {from: Committed Between, split: ' to ', part: 2,"
        " format: 'dd/MM/yyyy HH:mm', zone: Europe/London}"
    ),
    '      "8/54": ': '      "8/54": 8N',
    "      Ashfrod: ": "      Ashfrod: E07000105",
    "      n/k: ": '      n/k: ""',
    "  lsoa_code: ": '  lsoa_code: {always: ""}',
    "      Blade: ": "      Blade: Knife",
    '    from: "DECIDE: is it the column DA': "    from: DA",
    '    from: "DECIDE: is it the column NTE': "    from: NTE\n    if_empty: N",
    '    yes: "DECIDE: which of these words mean yes, and which no: X': "    yes: X",
    "      Open: ": "      Open: Recorded",
    "  outcome_code: ": '  outcome_code: {always: ""}',
    "  outcome_date: ": '  outcome_date: {always: ""}',
    "#  - Officer": "  - Officer",
}


def propose(home: Path, path: Path, extract: str = "crimes", *more: str) -> Said:
    options = ["--extract", extract, "--data", str(home), "--propose", *more]
    return run_here("inspect", str(path), *options)


def draft_of(home: Path, extract: str = "crimes") -> Path:
    return home / "config" / "mappings" / f"{extract}.draft.yml"


def plain(draft: str) -> dict:
    """Return a draft as texts, as a mapping is read."""
    return yaml.load(draft, Loader=yaml.BaseLoader)


def decided(draft: str) -> str:
    lines = []
    for line in draft.splitlines():
        found = [new for old, new in DECIDED.items() if line.startswith(old)]
        lines += found or [line]
    return "\n".join(lines) + "\n"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    home = tmp_path / "home"
    messy.deliver(home, "crimes", NAME, messy.CRIMES.encode())
    return home


def test_a_draft_names_the_form_the_columns_the_evidence_and_what_is_in_no_list(
    home: Path,
):
    said = propose(home, home / "landing" / "crimes" / NAME)
    assert said.exit_code == 0, said.output
    assert "15 columns, 14 lines to decide" in said.out
    text = draft_of(home).read_text(encoding="utf-8")
    draft = plain(text)
    assert draft["file"] == {
        "delimiter": "semicolon",
        "header_row": "4",
        "footer": "Total records",
    }
    columns = draft["columns"]
    assert list(columns) == list(load_contract("crimes").columns)
    assert columns["crime_id"] == "Crime Ref"
    assert columns["recorded_at"]["from"] == ["Date Recorded", "Time Recorded"]
    assert columns["recorded_at"]["format"] == "dd/MM/yyyy HH:mm"
    assert "# 1 of 5 values are only possible as day/month" in text
    assert (
        "# would be held, because they do not fit: 1 value, such as '31/09/2021 10:00'"
        in text
    )
    assert columns["district_code"]["values"] == {
        "Ashford": "E07000105",
        "DARTFORD": "E07000107",
        "Ashfrod": "DECIDE: is it E07000105 (ashford)? 1 value is in no list of ours",
        "n/k": (
            'DECIDE: does it mean no value? Then write "". 1 value is in no list of'
            " ours"
        ),
    }
    assert columns["is_online"] == {"from": "Online", "yes": ["Yes"], "no": ["No"]}
    assert "#  - Officer" in text.splitlines()


def test_a_draft_stops_the_check_until_it_is_decided_and_then_reads_the_export(
    home: Path,
):
    path = home / "landing" / "crimes" / NAME
    propose(home, path)
    draft = draft_of(home).read_text(encoding="utf-8")
    # No run reads the draft itself.
    assert load_contract("crimes", Home(home)).mappings == ()
    messy.write(home, "crimes.yml", draft)
    mistakes = checked.mistakes(Home(home))
    assert len(mistakes) == 14
    assert all("is not decided yet" in str(mistake) for mistake in mistakes)
    messy.write(home, "crimes.yml", decided(draft))
    assert checked.mistakes(Home(home)) == []
    connection = duckdb.connect()
    readers.read(connection, path, load_contract("crimes", Home(home)))
    expected = messy.expected_crimes(path).assign(crime_id=lambda f: f.crime_id.str[2:])
    expected.loc[expected["district_code"].isna(), "district_code"] = [
        "E07000105",
        None,
    ]
    columns = ", ".join(expected.columns)
    found = connection.execute(
        f"select {columns} from delivered where _not_mapped is null order by _line"
    ).fetchall()
    expected = expected.astype(object).where(expected.notna(), None)
    good = expected[expected["recorded_at"].notna()]
    assert found == [tuple(row) for row in good.to_numpy()]


def test_no_draft_and_no_mapping_is_written_over(home: Path):
    path = home / "landing" / "crimes" / NAME
    propose(home, path)
    before = draft_of(home).read_bytes()
    said = propose(home, path)
    assert said.exit_code == 3 and "this is there already" in said.err
    assert draft_of(home).read_bytes() == before
    draft_of(home).rename(draft_of(home).with_name("crimes.yml"))
    messy.write(home, "crimes.yml", messy.CRIMES_MAPPING)
    said = propose(home, path)
    assert said.exit_code == 3 and "crimes.yml: this is there already" in said.err
    assert not draft_of(home).exists()


def test_a_draft_needs_a_home_and_the_word_yes(home: Path):
    path = str(home / "landing" / "crimes" / NAME)
    said = run_here("inspect", path, "--extract", "crimes", "--propose")
    assert said.exit_code == 3 and "name it with DATA=path/to/home" in said.err
    said = propose(home, Path(path), "crimes", "--propose=no")
    assert said.exit_code == 3 and "PROPOSE=no is not yes" in said.err
    assert not draft_of(home).exists()


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"1,2\n3,4\n", "no line of the first 30 looks like names of columns"),
        (b"", "no line of the first 30 looks like names of columns"),
    ],
)
def test_an_export_without_a_header_gets_no_draft(home: Path, content: bytes, why: str):
    path = messy.deliver(home, "crimes", NAME, content)
    said = propose(home, path)
    assert said.exit_code == 3 and why in said.err
    assert not draft_of(home).exists()


def test_sheets_with_one_header_are_proposed_together_and_dates_need_no_pattern(
    home: Path,
):
    header = ["Ref", "Theme", "Title", "Start Date", "Due", "Status", "At risk"]
    row = [1, "Hate Crime", "T", datetime(2021, 4, 1), "31/12/2021", "Complete", "Y"]
    path = home / "landing" / "actions" / "actions_20211117T060000.xlsx"
    path.parent.mkdir(parents=True)
    sheets = {"Apr": [["Plan"], header, row], "May": [["Plan"], header, row]}
    workbook(path, **sheets, Notes=[["a note"]])
    assert propose(home, path, "actions").exit_code == 0
    text = draft_of(home, "actions").read_text(encoding="utf-8")
    draft = plain(text)
    assert draft["file"] == {"sheets": ["Apr", "May"], "header_row": "2"}
    assert draft["columns"]["start_date"]["from"] == "Start Date"
    assert "# all 2 values are dates, not texts" in text
    assert draft["columns"]["due_date"]["format"] == "dd/MM/yyyy"
    assert draft["columns"]["action_status"] == "Status"


def test_an_export_in_our_own_columns_needs_no_decision_but_the_zone(home: Path):
    path = messy.deliver(home, "crimes", NAME, b"")
    columns = load_contract("crimes").columns
    row = dict.fromkeys(columns, "") | {
        "crime_id": "C1",
        "recorded_at": "2021-07-01T10:00:00",
        "offence_code": "8N",
        "is_hate_crime": "N",
        "crime_status": "Recorded",
    }
    pandas.DataFrame([row, row | {"crime_id": "C2"}]).to_csv(path, index=False)
    assert propose(home, path).exit_code == 0
    draft = plain(draft_of(home).read_text(encoding="utf-8"))
    undecided = [
        name for name, each in draft["columns"].items() if "DECIDE" in str(each)
    ]
    assert undecided == ["recorded_at"]
    assert draft["columns"]["recorded_at"]["format"] == "yyyy-MM-ddTHH:mm:ss"
    assert draft["columns"]["crime_id"] == "crime_id"


DAYS = st.lists(
    st.dates(datetime(2019, 1, 1).date(), datetime(2021, 12, 31).date()), min_size=1
)


@given(DAYS, st.booleans())
def test_a_format_is_certain_only_if_a_day_after_the_twelfth_says_it(
    days: list, is_day_first: bool
):
    written = "%d/%m/%Y" if is_day_first else "%m/%d/%Y"
    found = evidence.dates(Counter(day.strftime(written) for day in days), False)
    assert found is not None and found.fitting == len(days)
    wanted = "dd/MM/yyyy" if is_day_first else "MM/dd/yyyy"
    assert wanted in found.patterns
    telling = sum(day.day > 12 for day in days)
    assert found.is_certain == bool(telling)
    if telling and not all(day.day > 12 for day in days):
        order = "day/month" if is_day_first else "month/day"
        count = evidence.values(len(days))
        assert found.evidence == f"{telling:,} of {count} are only possible as {order}"


def test_an_ambiguous_date_is_left_open(home: Path):
    days = [datetime(2021, 1, 2) + timedelta(days=n) for n in range(3)]
    export = pandas.DataFrame(
        {
            "Crime Ref": ["1", "2", "3"],
            "Recorded": [f"{d:%d/%m/%Y %H:%M}" for d in days],
        }
    )
    path = messy.deliver(home, "crimes", NAME, export.to_csv(index=False).encode())
    assert propose(home, path).exit_code == 0
    text = draft_of(home).read_text(encoding="utf-8")
    assert (
        "# 3 values are possible as dd/MM/yyyy HH:mm and as MM/dd/yyyy HH:mm: nothing"
        " tells which is meant" in text
    )
    assert 'format: "DECIDE: dd/MM/yyyy HH:mm or MM/dd/yyyy HH:mm?"' in text


def test_a_column_of_many_values_is_no_code_list_and_is_not_compared_one_by_one():
    many = Counter(f"Ashfor{number}" for number in range(evidence.MOST_CODES + 1))
    found = evidence.codes(many, {"Ashford": "E07000105"})
    assert set(found.unknown.values()) == {(1, "")}
    few = evidence.codes(Counter(["Ashfort"]), {"Ashford": "E07000105"})
    assert few.unknown == {"Ashfort": (1, "E07000105 (ashford)")}


def drafted(home: Path, extract: str, **columns: list[str]) -> dict:
    """Return the columns of the draft of an export with these columns."""
    export = pandas.DataFrame({k.replace("_", " "): v for k, v in columns.items()})
    name = NAME.replace("crimes", extract)
    path = messy.deliver(home, extract, name, export.to_csv(index=False).encode())
    assert propose(home, path, extract).exit_code == 0
    return plain(draft_of(home, extract).read_text(encoding="utf-8"))["columns"]


def test_a_flag_is_found_as_a_word_of_a_list(home: Path):
    columns = drafted(
        home,
        "crimes",
        Occ_No=["1", "2", "3"],
        Markers=["Domestic Abuse; Knife", "Knife; Alcohol", "Domestic Abuse"],
    )
    assert columns["crime_id"] == "Occ No"
    assert columns["is_domestic_abuse"] == {
        "from": ("DECIDE: is it Markers? It is a list with Domestic Abuse in 2 values"),
        "separator": ";",
        "yes": ["Domestic Abuse"],
    }
    assert columns["is_hate_crime"].startswith("DECIDE: no column of the export")


def test_a_flag_in_words_of_its_own_is_proposed_and_left_open(home: Path):
    columns = drafted(
        home,
        "actions",
        Ref=["1", "2", "3"],
        Action=["Patrols", "Visits", "Letters"],
        RAG=["Red", "Amber", "Green"],
    )
    assert columns["action_title"] == "Action"
    assert columns["is_at_risk"]["from"] == "RAG"
    assert columns["is_at_risk"]["yes"].startswith("DECIDE: which of these words mean")


def test_a_date_and_its_time_in_two_columns_are_proposed_as_a_pair(home: Path):
    columns = drafted(
        home,
        "crimes",
        Ref=["1", "2"],
        Date_From=["28/02/2021", "01/03/2021"],
        Time_From=["22:00", "23:15"],
    )
    found = columns["committed_from"]
    assert found["from"].startswith("DECIDE: is it [Date From, Time From]?")
    assert found["join"] == " "
    assert found["format"] == "dd/MM/yyyy HH:mm"


@pytest.mark.parametrize(
    ("text", "near"),
    [
        ("O/C 018 No Suspect ID", "18"),
        ("Charge or summons", "1"),
        ("Youth caution - 2A or 1A", ""),
        ("Still open", ""),
        ("Not Known", ""),
        ("DARTFORD BOROUGH", "E07000107 (dartford)"),
        ("Dartfrod", "E07000107 (dartford)"),
        ("Out of Force", ""),
    ],
)
def test_the_nearest_code_is_one_within_the_text_or_a_likely_spelling(
    text: str, near: str
):
    lists = {"1": "1", "1A": "1A", "2A": "2A", "18": "18"}
    lists |= {"Charge or summons": "1", "Dartford": "E07000107"}
    lists |= {"Known": "E07000108", "South Oxfordshire": "E07000179"}
    found = evidence.codes(Counter([text]), lists)
    assert {**found.known, **{t: n for t, (_, n) in found.unknown.items()}} == {
        text: near
    }
