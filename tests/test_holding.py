"""Deliveries that are on hold until a person accepts them."""

import json
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime, timedelta

import pytest

from dagster_project import audit, configuration, settings
from dagster_project.cli.main import main
from dagster_project.errors import DeliveryError
from dagster_project.intake import holding, load_log, names
from tests.intake_files import (
    ACCEPTED_AT,
    Intake,
    at,
    contract,
    many,
    name,
    text_of,
)

HEADER = ",".join(holding.FIELDS).encode() + b"\n"


@pytest.fixture
def intake(tmp_path) -> Iterator[Intake]:
    with closing(Intake(tmp_path)) as opened:
        yield opened


@pytest.fixture
def full(tmp_path) -> Iterator[Intake]:
    with closing(Intake(tmp_path, contract("full"))) as opened:
        yield opened


@pytest.fixture
def other(tmp_path) -> Iterator[Intake]:
    """A second home, to compare with."""
    with closing(Intake(tmp_path / "other")) as opened:
        yield opened


def ten(colour: str, count: int = 10) -> bytes:
    return many(count, colour)


def test_a_full_extract_with_half_the_rows_missing_is_held_until_it_is_accepted(full):
    full.take(name(1), ten("red"))
    full.take(name(2), ten("blue", 5))
    assert {colour for colour, _ in full.now().values()} == {"red"}
    full.accept(2)
    full.run()
    assert len(full.now()) == 5
    assert [load[:2] for load in full.loads()] == [
        (name(1), "loaded"),
        (name(2), "loaded"),
    ]


def test_the_next_whole_extract_is_taken_though_one_before_it_is_held(full):
    full.take(name(1), ten("red"))
    full.take(name(2), ten("blue", 5))
    full.take(name(3), ten("green"))
    assert set(full.now().values()) == {("green", "1")}
    assert [load[1] for load in full.loads()] == ["loaded", "held", "loaded"]


def test_an_acceptance_after_later_files_ends_as_if_it_had_come_before_them(
    full, other
):
    full.take(name(1), ten("red"))
    full.take(name(2), ten("blue", 5))
    full.take(name(3), ten("green"))
    full.accept(2)
    full.run()
    other.contract = full.contract
    for day in (1, 2, 3):
        other.put(name(day), (full.folder / name(day)).read_bytes())
    (other.landing / "accepted.csv").write_bytes(
        (full.landing / "accepted.csv").read_bytes()
    )
    other.run()
    assert other.everything() == full.everything()


def test_as_at_a_moment_before_it_is_accepted_a_held_file_is_held(full, other):
    full.take(name(1), ten("red"))
    full.take(name(2), ten("blue", 5))
    full.accept(2)
    other.contract = full.contract
    for path in (full.folder / name(1), full.folder / name(2)):
        other.put(path.name, path.read_bytes())
    accepted = (full.landing / "accepted.csv").read_bytes()
    (other.landing / "accepted.csv").write_bytes(accepted)
    other.run(until=ACCEPTED_AT - timedelta(seconds=1))
    assert [load[1] for load in other.loads()] == ["loaded", "held"]
    other.run(until=ACCEPTED_AT)
    assert [load[1] for load in other.loads()] == ["loaded", "loaded"]


def test_an_accepted_size_becomes_the_usual_size(full):
    full.take(name(1), ten("red"))
    full.take(name(2), ten("blue", 5))
    full.accept(2)
    full.take(name(3), ten("green", 5))
    assert [load[1] for load in full.loads()] == ["loaded", "loaded", "loaded"]


def test_the_median_of_the_files_before_decides_and_not_the_last_one(full):
    for day in range(1, 6):
        full.take(name(day), ten("red", 10 if day != 3 else 30))
    full.take(name(6), ten("blue", 8))
    assert full.loads()[-1][1] == "loaded"


def test_only_a_held_load_can_be_accepted(full):
    full.take(name(1), ten("red"))
    full.take(name(2), ten("blue", 5))
    with pytest.raises(DeliveryError, match=rf"LOAD=1 is not on hold.*2 \({name(2)}\)"):
        full.accept(1)


def test_a_load_that_is_accepted_again_says_by_whom_it_is_and_writes_nothing(full):
    full.take(name(1), ten("red"))
    full.take(name(2), ten("blue", 5))
    full.accept(2)
    path = full.landing / holding.ACCEPTED
    before = path.read_bytes()
    later = ACCEPTED_AT + timedelta(days=1)
    said = holding.accept(full.connection, full.landing, 2, "bob", later)
    day = f"{ACCEPTED_AT:%-d %B %Y at %H:%M}"
    assert f"{name(2)} is accepted already, by ann on {day}" in said
    assert path.read_bytes() == before


def test_the_audit_log_says_once_who_accepted_which_file(full):
    full.take(name(1), ten("red"))
    full.take(name(2), ten("blue", 5))
    full.accept(2)
    full.accept(2)
    log = (full.landing.parent / audit.NAME).read_text("utf-8").splitlines()
    (act,) = map(json.loads, log)
    assert (act["act"], act["accepted_by"]) == ("accept", "ann")
    assert [file.split("/")[1] for file in act["files"]] == [name(2)]


def test_a_full_extract_with_only_a_header_is_held(full):
    full.take(name(1), text_of("1,red,2"))
    result = full.take(name(2), text_of())
    reason = "an empty full extract would mean that every record was deleted"
    assert result.held == {name(2): reason}
    assert full.now() == {"1": ("red", "2")}


@pytest.mark.parametrize(("count", "fate"), [(70, "loaded"), (69, "held")])
def test_a_full_extract_with_exactly_the_least_share_is_taken(full, count, fate):
    full.take(name(1), many(100))
    full.take(name(2), many(count, "blue"))
    assert full.loads()[-1][1] == fate


def test_only_the_last_six_files_decide_what_is_usual(full):
    sizes = (1000, *(1000, 1000, 1000, 100, 100, 100))
    for day, count in enumerate(sizes, start=1):
        full.take(name(day), many(count, f"c{day}"))
        if full.loads()[-1][1] == "held":
            full.accept(day)
            full.run()
    # The first small delivery was accepted, so those before it are not compared.
    full.take(name(9), many(70, "last"))
    assert full.loads()[-1][1] == "loaded"


# A delta that lost its lines

HISTORY = datetime(2021, 1, 6, 6)


def weekly(intake: Intake, *counts: int, history: int = 5000) -> datetime:
    """Take a history file and then a delta per week; return the time of the next
    one.
    """
    intake.put(at(HISTORY), many(history))
    first = history
    for week, count in enumerate(counts, start=1):
        moment = HISTORY + timedelta(weeks=week)
        intake.put(at(moment), many(count, first=first))
        first += count
    intake.run()
    return HISTORY + timedelta(weeks=len(counts) + 1)


def new(count: int) -> bytes:
    return many(count, "new", first=100_000)


def test_a_delta_of_one_line_after_six_of_five_hundred_is_held_with_the_numbers(intake):
    moment = weekly(intake, *[500] * 6)
    result = intake.take(at(moment), new(1))
    assert result.held[at(moment)].startswith(
        "1 line in 7 days, where the last 6 deltas had a median of 71.4 a day"
    )
    assert intake.loads()[-1][1:] == ("held", 1, 0, 0, 0)
    intake.accept(8)
    intake.run()
    assert "100000" in intake.now()


@pytest.mark.parametrize(("count", "fate"), [(100, "loaded"), (99, "held")])
def test_a_delta_with_exactly_a_third_of_the_usual_lines_a_day_is_taken(
    intake, count, fate
):
    moment = weekly(intake, *[300] * 5)
    intake.take(at(moment), new(count))
    assert intake.loads()[-1][1] == fate


@pytest.mark.parametrize(("days", "fate"), [(7, "loaded"), (8, "held")])
def test_a_delta_is_judged_by_lines_per_day(intake, days, fate):
    moment = weekly(intake, *[300] * 5)
    late = moment + timedelta(days=days - 7)
    intake.take(at(late), new(100))
    assert intake.loads()[-1][1] == fate


@pytest.mark.parametrize(("before", "fate"), [(3, "loaded"), (4, "held")])
def test_with_too_few_earlier_deltas_no_size_is_doubted(intake, before, fate):
    moment = weekly(intake, *[300] * before)
    intake.take(at(moment), new(1))
    assert intake.loads()[-1][1] == fate


def test_a_delta_is_never_compared_with_the_history_file(intake):
    moment = weekly(intake, *[30] * 4, history=20_000)
    intake.take(at(moment), new(11))
    assert intake.loads()[-1][1] == "loaded"


@pytest.mark.parametrize(("old", "fate"), [(500, "held"), (200, "loaded")])
def test_only_the_last_eight_deltas_decide_what_is_usual(intake, old, fate):
    # The median of the last eight is (200 + 500) / 2; a ninth would make it 200, of
    # which 100 is more than a third.
    moment = weekly(intake, 200, *[old] * 4, *[200] * 4)
    assert {load[1] for load in intake.loads()} == {"loaded"}
    intake.take(at(moment), new(100))
    assert intake.loads()[-1][1] == fate


@pytest.mark.parametrize(("usual", "fate"), [(11, "loaded"), (12, "held")])
def test_a_delta_of_one_line_is_taken_if_few_lines_are_usual(intake, usual, fate):
    moment = weekly(intake, *[usual] * 6)
    intake.take(at(moment), new(1))
    assert intake.loads()[-1][1] == fate


@pytest.mark.parametrize("deltas", [0, 2, 6])
def test_a_delta_with_only_a_header_is_always_held(intake, deltas):
    moment = weekly(intake, *[300] * deltas)
    result = intake.take(at(moment), text_of())
    assert result.held[at(moment)].startswith("0 lines in 7 days")
    assert intake.loads()[-1][1] == "held"


def test_an_accepted_delta_sets_what_is_usual_from_then_on(intake):
    moment = weekly(intake, *[300] * 6)
    intake.take(at(moment), new(20))
    intake.accept(8)
    intake.run()
    intake.take(at(moment + timedelta(weeks=1)), many(19, "next", first=200_000))
    assert [load[1] for load in intake.loads()[-2:]] == ["loaded", "loaded"]


def test_the_days_of_a_delta_begin_with_the_one_before_it_though_that_is_held(intake):
    moment = weekly(intake, *[300] * 6)
    intake.take(at(moment), new(1))
    intake.take(at(moment + timedelta(weeks=1)), many(110, "next", first=200_000))
    assert [load[1] for load in intake.loads()[-2:]] == ["held", "loaded"]


# A time far from the others


def test_a_file_of_the_wrong_year_is_held_and_the_next_one_is_not(intake):
    moment = weekly(intake, *[300] * 3)
    mistyped = moment.replace(year=2022)
    result = intake.take(at(mistyped), new(300))
    assert "372 days after the previous delivery" in result.held[at(mistyped)]
    right = moment + timedelta(weeks=1)
    intake.take(at(right), many(300, "next", first=200_000))
    assert (at(right), "loaded") in [load[:2] for load in intake.loads()]
    (intake.folder / at(mistyped)).rename(intake.folder / at(moment))
    intake.run()
    statuses = [(load[0], load[1]) for load in intake.loads()]
    assert (at(mistyped), "replaced") in statuses
    assert (at(moment), "loaded") in statuses
    assert "100000" in intake.now()


@pytest.mark.parametrize(("days", "fate"), [(183, "loaded"), (184, "held")])
def test_half_a_year_is_the_longest_gap_that_is_not_doubted(intake, days, fate):
    moment = weekly(intake, *[300] * 3) - timedelta(weeks=1) + timedelta(days=days)
    intake.take(at(moment), new(9000))
    assert intake.loads()[-1][1] == fate


def test_a_supplier_who_resumes_after_a_gap_is_taken_once_it_is_accepted(intake):
    weekly(intake, *[300] * 3)
    resumed = datetime(2022, 1, 5, 6)
    intake.take(at(resumed), new(300))
    intake.take(at(resumed + timedelta(weeks=1)), many(300, "next", first=200_000))
    assert [load[1] for load in intake.loads()[-2:]] == ["held", "held"]
    intake.accept(5)
    intake.run()
    assert [load[1] for load in intake.loads()] == ["loaded"] * 6


def test_a_file_a_year_before_all_others_is_held_and_takes_none_of_them_back(intake):
    weekly(intake, *[300] * 3)
    before = intake.now()
    result = intake.take(at(datetime(2020, 1, 13, 6)), new(300))
    assert "359 days before the next delivery" in " ".join(result.held.values())
    assert intake.now() == before
    assert sorted(load[1] for load in intake.loads()) == ["held", *["loaded"] * 4]


def test_a_late_first_delivery_is_taken_once_it_is_accepted(intake):
    weekly(intake, *[300] * 3)
    early = datetime(2020, 1, 13, 6)
    intake.take(at(early), many(50, "early", first=300_000))
    held = intake.rows("select load_id from raw.loads where status = 'held'")[0][0]
    intake.accept(held)
    intake.run()
    assert {load[1] for load in intake.loads()} == {"loaded"}
    assert "300000" in intake.now()


def test_a_first_file_that_is_held_has_no_line_in_raw_until_it_is_accepted(full):
    full.take(name(1), text_of())
    full.put(name(2), text_of("1,red,1", "2,red"))
    full.run()
    load_ids = "select distinct load_id from raw.loads where status = 'loaded'"
    assert full.rows("select distinct _load_id from raw.things") == full.rows(load_ids)
    full.accept(1)
    full.run()
    assert [load[:2] for load in full.loads()] == [
        (name(1), "loaded"),
        (name(2), "loaded"),
    ]
    assert full.rows("select distinct _load_id from raw.things") == [(2,)]
    assert full.rows("select load_id, line from raw.unreadable_lines") == [(2, 3)]


def test_a_first_file_alone_in_its_year_is_held_as_soon_as_two_others_disagree(intake):
    intake.put(at(datetime(2011, 1, 6, 6)), new(300))
    weekly(intake, 300)
    assert [load[1] for load in intake.loads()] == ["held", "loaded", "loaded"]


def test_of_two_deliveries_far_apart_the_second_is_held(intake):
    intake.put(at(datetime(2020, 1, 6, 6)), new(300))
    intake.put(at(HISTORY), many(300))
    intake.run()
    assert [load[1] for load in intake.loads()] == ["loaded", "held"]


@pytest.mark.parametrize("delivery", ["delta", "full"])
def test_the_rules_are_read_as_often_for_many_files_as_for_one(
    tmp_path, monkeypatch, delivery
):
    read, rows = [], configuration.rows

    def noted(seed: str, *home: object) -> list[dict[str, str]]:
        read.append(seed)
        return rows(seed, *home)

    monkeypatch.setattr(configuration, "rows", noted)
    counts = []
    for files in (1, 5):
        with closing(Intake(tmp_path / str(files), contract(delivery))) as opened:
            for day in range(1, files + 1):
                opened.put(name(day), many(3, f"colour {day}"))
            read.clear()
            assert len(opened.run().loaded) == files
            counts.append(len(read))
    assert counts[0] == counts[1] > 0


@pytest.mark.parametrize("line", ["crimes,a.csv,abc,2021-", "crimes", "a,b,c,d,e,f"])
def test_an_acceptance_that_cannot_be_read_is_named_by_its_file_and_line(intake, line):
    path = intake.landing / holding.ACCEPTED
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"{','.join(holding.FIELDS)}\n{line}", encoding="utf-8")
    with pytest.raises(
        DeliveryError, match=r"line 2: this is not an accepted delivery .*accept the"
    ):
        holding.accepted(intake.landing)
    assert path.read_text("utf-8").endswith(line)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "line 1: this is not the header of the file of accepted deliveries"),
        (
            b"crimes,a.csv,abc,2021-01-01,2021-01-02,ann\n",
            "Write it above them",
        ),
        (HEADER + b"crimes,a.csv,abc,2021-01-01,2021-01-02,Zo\xeb\n", "Save it as CSV"),
        (HEADER + b'crimes,"a.csv,abc,2021-01-01', "Save it as CSV"),
    ],
)
def test_a_file_of_accepted_deliveries_of_another_form_is_named_and_not_changed(
    intake, content, words
):
    intake.take(name(1), text_of())
    path = intake.landing / holding.ACCEPTED
    path.write_bytes(content)
    for use in (lambda: holding.accepted(intake.landing), lambda: intake.accept(1)):
        with pytest.raises(DeliveryError, match=words) as refused:
            use()
        assert str(refused.value).startswith(str(path))
    assert path.read_bytes() == content


def test_a_delivery_that_an_older_version_released_is_accepted(intake):
    intake.take(name(1), text_of())
    older = intake.landing / "released.csv"
    fields = "extract,file_name,sha256,extracted_at,released_at,released_by"
    content = f"{fields}\ncrimes,a.csv,abc,2021-01-01,2021-01-02,ann\n"
    older.write_text(content, encoding="utf-8")
    abc = ("abc", datetime(2021, 1, 1))
    assert holding.accepted(intake.landing) == {abc}
    assert holding.accepted(intake.landing, datetime(2021, 1, 1)) == set()
    intake.accept(1)
    assert abc in holding.accepted(intake.landing)
    assert len(holding.accepted(intake.landing)) == 2
    assert older.read_text(encoding="utf-8") == content


@pytest.mark.parametrize("end", [b"", b"\n", b"\r\n"])
def test_an_acceptance_is_added_as_a_line_whatever_a_person_left_at_the_end(
    intake, end
):
    intake.take(name(1), text_of())
    path = intake.landing / holding.ACCEPTED
    path.write_bytes(HEADER + b"crimes,a.csv,abc,2021-01-01,2021-01-02,ann" + end)
    intake.accept(1)
    assert len(holding.accepted(intake.landing)) == 2
    assert holding.waiting(intake.connection, intake.landing) == []


def test_an_acceptance_is_written_down_at_the_time_of_london_wherever_the_clock_is(
    tmp_path, monkeypatch
):
    """A past time (AS_AT) is in London time, and includes what was accepted by then."""
    home = settings.Home(tmp_path)
    with load_log.warehouse(home.warehouse) as connection:
        Intake(tmp_path, connection=connection).take(name(1), text_of())
    monkeypatch.setattr(settings, "configure", lambda _: home)
    before = names.london_now()
    with monkeypatch.context() as elsewhere:
        elsewhere.setenv("TZ", "Pacific/Auckland")
        time.tzset()
        assert main(["accept", "--load=1", "--by=ann", f"--data={tmp_path}"]) == 0
    time.tzset()
    assert holding.accepted(home.landing, names.london_now())
    assert not holding.accepted(home.landing, before - timedelta(seconds=1))
