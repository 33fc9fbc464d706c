"""A line that breaks its contract is held, with every reason, until it is corrected."""

import io
import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pandas
import pytest

from tests.built_models import BuiltModels, delivered
from tests.conftest import Result

HELD = (
    "select line_key, quarantine_reasons, resolution, day(held_since_at),"
    " day(resolved_at) from marts.fct_quarantined_lines order by load_id, line"
)

NOTHING = {"", " ", "N/A", "NULL", "-"}
KEYS = {"crimes": "crime_id", "actions": "action_id"}
# An extract, a change that makes its line break the contract, and the reasons.
BROKEN = [
    ("crimes", {"offence_code": "999X"}, ["offence_code_unknown"]),
    ("actions", {"strand_name": "Piracy"}, ["strand_name_unknown"]),
    ("crimes", {"recorded_at": "01/02/2021 10:00"}, ["recorded_at_not_timestamp"]),
    (
        "crimes",
        {"recorded_at": "2021-02-30T10:00:00"},
        ["recorded_at_not_timestamp"],
    ),
    (
        "crimes",
        {"recorded_at": "2021-02-01T10:00:00Z"},
        ["recorded_at_not_timestamp"],
    ),
    ("actions", {"due_date": "31/12/2021"}, ["due_date_not_date"]),
    ("actions", {"due_date": "44561"}, ["due_date_not_date"]),
    (
        "crimes",
        {"recorded_at": "2021-03-02T10:00:00"},
        ["recorded_after_extraction"],
    ),
    ("crimes", {"recorded_at": "0202-01-01T10:00:00"}, ["recorded_at_too_small"]),
    (
        "crimes",
        {"recorded_at": "2021-02-01 11:30 PM"},
        ["recorded_at_not_timestamp"],
    ),
    (
        "crimes",
        {"recorded_at": "2021-02-01 00:30+01"},
        ["recorded_at_not_timestamp"],
    ),
    (
        "crimes",
        {"recorded_at": "2021-02-01T24:00:00"},
        ["recorded_at_not_timestamp"],
    ),
    (
        "crimes",
        {"committed_from": "0021-01-01T10:00:00"},
        ["committed_from_too_small"],
    ),
    (
        "crimes",
        {"committed_to": "2099-01-01T10:00:00"},
        ["committed_to_after_extraction"],
    ),
    (
        "crimes",
        {"outcome_code": "18", "outcome_date": "2020-12-31"},
        ["outcome_before_recorded"],
    ),
    (
        "crimes",
        {"outcome_code": "18", "outcome_date": "0021-01-02"},
        ["outcome_date_too_small", "outcome_before_recorded"],
    ),
    (
        "crimes",
        {"outcome_code": "18", "outcome_date": "9999-12-31"},
        ["outcome_after_extraction"],
    ),
    (
        "crimes",
        {"outcome_code": "18", "outcome_date": "2021-03-02"},
        ["outcome_after_extraction"],
    ),
    (
        "actions",
        {"completed_date": "2021-01-01"},
        ["ongoing_with_completion_date"],
    ),
    (
        "actions",
        {"action_status": "Complete", "completed_date": "2020-03-31"},
        ["completed_before_start"],
    ),
    ("actions", {"due_date": "2020-03-31"}, ["due_before_start"]),
    ("actions", {"due_date": "9999-12-31"}, ["due_date_too_large"]),
    (
        "actions",
        {"start_date": "0020-04-01"},
        ["start_date_too_small"],
    ),
    ("crimes", {"crime_status": "recorded"}, ["crime_status_not_allowed"]),
    ("crimes", {"is_online": "yes"}, ["is_online_not_boolean"]),
    ("crimes", {"crime_id": " "}, ["crime_id_missing"]),
    ("crimes", {"crime_id": "N/A"}, ["crime_id_missing"]),
    ("crimes", {"offence_code": "-"}, ["offence_code_missing"]),
    ("actions", {"start_date": "null"}, ["start_date_missing"]),
    (
        "actions",
        {"is_at_risk": "Y", "at_risk_reason": "n/a"},
        ["at_risk_without_reason"],
    ),
    (
        "crimes",
        {"crime_id": "\u202eC1"},
        ["crime_id_has_control_characters"],
    ),
    (
        "crimes",
        {"crime_id": "D\u200b1"},
        ["crime_id_has_control_characters"],
    ),
    (
        "crimes",
        {"lsoa_code": "E0\xa01"},
        ["lsoa_code_has_control_characters"],
    ),
    (
        "crimes",
        {"keywords": "Knife\t|Gang"},
        ["keywords_has_control_characters"],
    ),
    ("actions", {"owner_role": "#N/A"}, ["owner_role_is_cell_error"]),
    (
        "actions",
        {"due_date": "#REF!"},
        ["due_date_not_date", "due_date_is_cell_error"],
    ),
    (
        "crimes",
        {"is_online": "", "offence_code": "", "outcome_code": "1"},
        ["offence_code_missing", "is_online_missing", "outcome_without_date"],
    ),
]
BROKEN_LINES = [(number, *line) for number, line in enumerate(BROKEN)]


@dataclass(frozen=True)
class Broken:
    """What became of BROKEN, delivered in one file per extract with one good line.

    Args:
        held: (extract, line number) → reasons, resolution and text.
    """

    held: dict[tuple[str, int], list[tuple]]
    counted: dict[str, list[tuple]]


@pytest.fixture(scope="module")
def built_once(first_build: Result) -> Iterator[BuiltModels]:
    built = BuiltModels(first_build.home)
    built.settle_other_extracts()
    yield built
    built.connection.close()


@pytest.fixture(scope="module")
def broken(built_once: BuiltModels, tmp_path_factory: pytest.TempPathFactory) -> Broken:
    built_once.empty()
    landing = tmp_path_factory.mktemp("broken") / "landing"
    held, counted = defaultdict(list), {}
    for extract, key in KEYS.items():
        numbers = [n for n, of, _, _ in BROKEN_LINES if of == extract]
        lines = [{key: f"X{n}"} | BROKEN[n][1] for n in numbers]
        built_once.take(landing, extract, delivered(extract, {key: "GOOD"}, *lines))
    for extract, line, *said in built_once.rows(
        "select extract, line, quarantine_reasons, resolution, line_text"
        " from marts.fct_quarantined_lines"
    ):
        # Line 1 is the header, and line 2 is the good line.
        of_extract = [n for n, of, _, _ in BROKEN_LINES if of == extract]
        held[extract, of_extract[line - 3]].append(tuple(said))
    for extract, table in (("crimes", "crimes"), ("actions", "action_versions")):
        counted[extract] = built_once.rows(
            f"select {KEYS[extract]} from marts.fct_{table}"
        )
    return Broken(held, counted)


@pytest.fixture
def built(built_once: BuiltModels) -> BuiltModels:
    built_once.empty()
    return built_once


@pytest.fixture
def landing(tmp_path: Path) -> Path:
    return tmp_path / "landing"


@pytest.mark.parametrize(("number", "extract", "change", "reasons"), BROKEN_LINES)
def test_a_line_that_breaks_a_rule_is_held_with_every_reason_and_its_text(
    broken, number, extract, change, reasons
):
    (held,) = broken.held[extract, number]
    assert held[:2] == (reasons, "open")
    kept = json.loads(held[2])
    assert (
        kept.items()
        >= {
            column: value.strip() if value.upper() not in NOTHING else None
            for column, value in change.items()
        }.items()
    )


def test_a_line_beside_those_that_break_a_rule_is_counted(broken):
    assert broken.counted == {"crimes": [("GOOD",)], "actions": [("GOOD",)]}


def test_letters_of_any_language_are_kept_in_a_key_and_in_keywords(built, landing):
    change = {"crime_id": "HGC/ŵ/1", "keywords": "Cyllell 🔪|Knife"}
    built.take(landing, "crimes", delivered("crimes", change))
    assert built.rows("from marts.fct_quarantined_lines") == []
    found = built.rows("select crime_id, keywords from marts.fct_crimes")
    assert found == [("HGC/ŵ/1", ["Cyllell 🔪", "Knife"])]


def test_marks_of_direction_and_control_are_taken_out_of_free_text(built, landing):
    change = {"action_title": "Train\u202e every\x1bone\nhere 👮‍♀️\x00\u2066"}
    built.take(landing, "actions", delivered("actions", change))
    found = built.rows("select action_title from marts.fct_action_versions")
    assert found == [("Train everyone\nhere 👮‍♀️",)]


def test_keys_that_differ_by_case_or_by_what_is_not_seen_are_held_as_repeated(
    built, landing
):
    keys = ["ab1", "AB1", "AB1\t", "\xa0AB1", "AB1\u200b", "0AB1", "é", "e\u0301"]
    built.take(
        landing, "crimes", delivered("crimes", *({"crime_id": key} for key in keys))
    )
    assert [row[:3] for row in built.rows(HELD)] == [
        (key, ["key_repeated_in_file"], "open")
        for key in ["ab1", "AB1", "AB1", "AB1", "AB1", "é", "é"]
    ]
    assert built.rows("select crime_id from marts.fct_crimes") == [("0AB1",)]


def test_a_held_line_of_a_workbook_names_its_sheet_and_row(built, landing):
    path = landing / "actions" / "actions_20210301T060000.xlsx"
    path.parent.mkdir(parents=True)
    sheets = {
        "2020": [{"action_id": "A1"}],
        "2021": [{"action_id": "A2"}, {"action_id": "A3", "owner_role": "#N/A"}],
    }
    # This engine writes #N/A as an error, as spreadsheet programs do; others as text.
    with pandas.ExcelWriter(path, engine="openpyxl") as book:
        for title, changes in sheets.items():
            rows = io.BytesIO(delivered("actions", *changes))
            table = pandas.read_csv(rows, keep_default_na=False)
            table.to_excel(book, sheet_name=title, index=False)
    built.ingest(landing, "actions")
    built.build()
    assert built.rows(
        "select line_key, line, place, quarantine_reasons"
        " from marts.fct_quarantined_lines"
    ) == [("A3", 5, "sheet 2021, row 3", ["owner_role_is_cell_error"])]
    ((message,),) = built.rows("select message from raw.loads")
    assert message == "cells with an error: sheet 2021, cell D3 (#N/A)"


def test_a_corrected_line_of_the_same_key_releases_the_one_that_is_held(built, landing):
    built.take(
        landing,
        "crimes",
        delivered("crimes", {"offence_code": "999X"}),
        delivered("crimes", {"crime_id": "C2"}),
        delivered("crimes", {}),
    )
    assert built.rows(HELD) == [("C1", ["offence_code_unknown"], "released", 1, 3)]
    released_by = "select resolved_by_load_id, is_open from marts.fct_quarantined_lines"
    assert built.rows(released_by) == [(3, False)]
    assert len(built.rows("from marts.fct_crimes")) == 2


def test_a_line_held_again_takes_the_place_of_the_first_and_is_held_since_then(
    built, landing
):
    built.take(
        landing,
        "crimes",
        delivered("crimes", {"offence_code": "999X"}),
        delivered("crimes", {"offence_code": "998X"}),
    )
    assert built.rows(HELD) == [
        ("C1", ["offence_code_unknown"], "replaced", 1, 2),
        ("C1", ["offence_code_unknown"], "open", 1, None),
    ]


def test_a_line_held_after_a_release_is_held_since_the_second_time(built, landing):
    built.take(
        landing,
        "crimes",
        delivered("crimes", {"offence_code": "999X"}),
        delivered("crimes", {}),
        delivered("crimes", {"offence_code": "998X"}),
    )
    assert [row[2:] for row in built.rows(HELD)] == [
        ("released", 1, 2),
        ("open", 3, None),
    ]
    assert built.rows("select offence_code from marts.fct_crimes") == [("8N",)]


def test_a_line_delivered_again_as_it_was_is_still_held_since_the_first_time(
    built, landing
):
    bad = {"offence_code": "999X"}
    built.take(
        landing,
        "crimes",
        delivered("crimes", bad),
        delivered("crimes", bad, {"crime_id": "C2"}),
    )
    assert built.rows(HELD) == [("C1", ["offence_code_unknown"], "open", 1, None)]


def test_a_key_twice_in_a_file_is_released_by_one_line_of_it_though_it_says_nothing_new(
    built, landing
):
    built.take(
        landing,
        "crimes",
        delivered("crimes", {}),
        delivered("crimes", {}, {"is_online": "Y"}),
        delivered("crimes", {}, {"crime_id": "C2"}),
    )
    assert built.rows(HELD) == [("C1", ["key_repeated_in_file"], "released", 2, 3)] * 2


@pytest.mark.parametrize("correction", [{}, {"is_online": "Y"}])
def test_a_line_held_for_its_capitals_is_released_by_a_line_with_the_known_key(
    built, landing, correction
):
    files = [
        delivered("crimes", {}),
        delivered("crimes", {"crime_id": "c1", "is_online": "Y"}),
    ]
    built.take(landing, "crimes", *files)
    state = (
        "select line_key, resolution, counts_as_before"
        " from marts.fct_quarantined_lines order by load_id, line"
    )
    assert built.rows(state) == [("c1", "open", True)]
    built.take(
        landing, "crimes", *files, delivered("crimes", correction, {"crime_id": "C2"})
    )
    assert built.rows(state) == [("c1", "released", False)]
    assert built.rows("select crime_id from marts.fct_crimes order by all") == [
        ("C1",),
        ("C2",),
    ]


def test_a_held_line_that_a_full_extract_no_longer_holds_is_withdrawn(built, landing):
    others = [{"action_id": f"A{i}"} for i in range(2, 9)]
    built.take(
        landing,
        "actions",
        delivered("actions", {"strand_name": "Piracy"}, {"action_id": ""}, *others),
        delivered("actions", *others),
    )
    assert [row[2:] for row in built.rows(HELD)] == [("withdrawn", 1, 2)] * 2


def test_a_line_without_a_key_stays_held_in_a_delta(built, landing):
    built.take(
        landing,
        "crimes",
        delivered("crimes", {"crime_id": ""}),
        delivered("crimes", {}),
    )
    assert built.rows(HELD) == [(None, ["crime_id_missing"], "open", 1, None)]


def test_the_thresholds_of_the_seed_decide_between_nothing_warning_and_stop(
    built, landing
):
    def judged(held: int, good: int) -> list[tuple]:
        built.empty()
        bad = [{"crime_id": f"B{i}", "is_online": "?"} for i in range(held)]
        fine = [{"crime_id": f"G{i}"} for i in range(good)]
        home = landing / f"{held} of {good}"
        built.take(home, "crimes", delivered("crimes", *bad, *fine))
        return built.rows(
            "select held_line_count, is_held_above_warning, is_held_above_limit"
            " from intermediate.int_lines_left_out"
        )

    assert judged(0, 5) == []
    assert judged(9, 45) == [(9, False, False)]
    assert judged(10, 45) == [(10, True, False)]
    # A fifth of a small file.
    assert judged(1, 5) == [(1, False, False)]
    assert judged(1, 4) == [(1, True, False)]
    assert judged(20, 381) == [(20, True, False)]
    assert judged(20, 380) == [(20, True, True)]
    built.connection.execute(
        "insert into seeds.quarantine_thresholds values ('crimes', 3, 0.9, 4, 0.5)"
    )
    assert judged(4, 4) == [(4, True, True)]
    assert judged(4, 5) == [(4, True, False)]
    built.connection.execute(
        "delete from seeds.quarantine_thresholds where extract = 'crimes'"
    )


def test_every_reason_has_words_and_a_remedy(first_build: Result):
    reasons = first_build.rows(
        "select reason, remedy from marts.dim_quarantine_reasons"
        " where reason is null or remedy is null or reason like '%{%'"
    )
    assert reasons == []
    (row,) = first_build.rows(
        "select reason, remedy from marts.dim_quarantine_reasons"
        " where extract = 'crimes' and reason_code = 'crime_status_not_allowed'"
    )
    assert row == (
        "crime_status is not one of: Recorded, Transferred, Cancelled",
        "Use one of the agreed values.",
    )


def test_the_pack_shows_what_is_held_by_file_and_reason_without_its_text(
    first_build: Result,
):
    text = (first_build.pack / "tables" / "quarantine.csv").read_text(encoding="utf-8")
    assert text.startswith("held_extract,file_name,reason,remedy,held_line_count,held_")
    assert (
        "crimes,crimes_20211117T060000.csv,"
        "recorded_at is later than the time of extraction," in text
    )
    assert text.endswith(",1,2021-11-17,available\n") and "C22" not in text
    page = (first_build.pack / "annex.html").read_text(encoding="utf-8")
    assert "Delivered lines that are held back from all figures" in page
