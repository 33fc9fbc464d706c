"""From the landing folder into raw: which lines are stored, and what is reported."""

from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import replace

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dagster_project.errors import DeliveryError
from dagster_project.intake import lines, load_log
from dagster_project.intake.reading import readers
from tests.intake_files import (
    COLUMNS,
    Intake,
    contract,
    csv_of,
    name,
    parquet_of,
    text_of,
    workbook,
)

values = st.sampled_from(["", "red", " red ", "blue", "a,b", "a\nb"])
keys = st.sampled_from(["1", " 1", "2", "3", "4", "5", "", " "])
things = st.lists(st.tuples(keys, values, values), max_size=8)
kinds = st.sampled_from(["delta", "full"])
BROKEN = b"9,too few\n"


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


# New, changed and known lines


def test_new_and_changed_lines_are_stored_as_text_with_file_line_and_time(intake):
    intake.put(name(1), text_of("1,red,2", "2,blue,3"))
    intake.put(name(8), text_of("1,red,2", "2,green,3"))
    intake.run()
    assert intake.stored() == [
        (1, 2, "1", "red", "2", False),
        (1, 3, "2", "blue", "3", False),
        (8, 3, "2", "green", "3", False),
    ]
    assert intake.loads() == [
        (name(1), "loaded", 2, 2, 0, 0),
        (name(8), "loaded", 2, 1, 1, 0),
    ]


def test_an_ignored_sheet_is_reported_and_registered(intake):
    sheets = {"Plan": [[*COLUMNS], ["1", "red", "2"]], "Notes": [["x"]]}
    file_name = workbook(intake.folder / name(1, ".xlsx"), **sheets).name
    said = "sheets with another header, not read: Notes"
    assert intake.run().noticed == [f"{file_name}: {said}"]
    assert intake.message(file_name) == said
    assert intake.run().noticed == []


@pytest.mark.parametrize("delivery", ["delta", "full"])
@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("1,red,", ' 1 , red ,"  "'),
        (' 1 , red ,"  "', "1,red,"),
        ("1,red ,5", "1, red,5"),
        ("\u200b1,red,", "1\t,red,"),
    ],
)
def test_spaces_around_a_value_and_an_empty_value_are_no_change(
    tmp_path, delivery, before, after
):
    intake = Intake(tmp_path, contract(delivery))
    intake.take(name(1), text_of(before))
    intake.take(name(2), text_of(after))
    assert intake.loads()[1] == (name(2), "loaded", 1, 0, 1, 0)
    intake.close()


def test_keys_that_differ_by_case_alone_are_held_as_a_key_that_is_repeated(intake):
    intake.take(name(1), text_of("ab1,red,1", "AB1,red,1", "AB2,red,1"))
    assert intake.rows(
        "select thing_id, _is_key_repeated from raw.things order by _line"
    ) == [("ab1", True), ("AB1", True), ("AB2", False)]


@pytest.mark.parametrize("delivery", ["delta", "full"])
def test_a_key_in_other_capitals_than_a_known_one_is_held_as_repeated(
    tmp_path, delivery
):
    intake = Intake(tmp_path, contract(delivery))
    intake.take(name(1), text_of("AB1,red,1", "AB2,red,1"))
    intake.take(name(2), text_of("ab1,blue,1", "AB2,red,1"))
    intake.take(name(3), text_of("ab1,blue,1", "AB2,red,1", "AB3,red,1"))
    assert intake.rows(
        "select _load_id, thing_id, _is_key_repeated from raw.things"
        " where not _is_closing order by all"
    ) == [
        (1, "AB1", False),
        (1, "AB2", False),
        (2, "ab1", True),
        (3, "AB3", False),
        (3, "ab1", True),
    ]
    assert intake.now() == dict.fromkeys(("AB1", "AB2", "AB3"), ("red", "1"))
    intake.close()


def test_a_key_in_other_capitals_is_held_though_the_known_one_was_repeated_since(
    intake,
):
    intake.take(name(1), text_of("AB1,red,1"))
    intake.take(name(2), text_of("AB1,red,1", "AB1,blue,1"))
    intake.take(name(3), text_of("ab1,blue,1"))
    assert intake.now() == {"AB1": ("red", "1")}


def test_a_key_that_was_held_for_its_capitals_is_corrected_by_a_line_of_either(intake):
    intake.take(name(1), text_of("ab1,red,1", "AB1,red,1"))
    intake.take(name(2), text_of("AB1,blue,1"))
    intake.take(name(3), text_of("ab1,white,1"))
    assert intake.now() == {"AB1": ("blue", "1")}


def test_words_for_missing_values_are_read_as_empty_and_are_no_change(tmp_path):
    declared = replace(contract(), empty_texts=("N/A", "-"))
    intake = Intake(tmp_path, declared)
    intake.take(name(1), text_of("1,n/a, - ", "2,N/A.,--"))
    intake.take(name(2), text_of("1,,", "2,N/A.,--"))
    assert [row[2:5] for row in intake.stored()] == [
        ("1", None, None),
        ("2", "N/A.", "--"),
    ]
    assert intake.loads()[1] == (name(2), "loaded", 2, 0, 2, 0)
    intake.close()


def test_blank_lines_are_counted_in_the_load_and_never_held(intake):
    intake.take(name(1), text_of("1,red,5", ",,", ",,", ""))
    assert intake.loads() == [(name(1), "loaded", 1, 1, 0, 0)]
    assert intake.message(name(1)) == "3 blank lines"


def test_a_line_that_returns_to_earlier_values_is_a_change(intake):
    for day, colour in enumerate(("red", "blue", "red"), start=1):
        intake.take(name(day), text_of(f"1,{colour},5", f"x{day},white,5"))
    assert [row[3] for row in intake.stored() if row[2] == "1"] == [
        "red",
        "blue",
        "red",
    ]
    assert intake.now()["1"] == ("red", "5")


def test_a_full_extract_closes_keys_that_it_lacks_and_a_later_one_reopens_them(full):
    full.take(name(1), text_of("1,red,1", "2,red,1", "3,red,1", "4,red,1"))
    full.take(name(2), text_of("1,red,1", "3,red,1", "4,red,1"))
    assert full.stored()[-1] == (2, None, "2", None, None, True)
    assert set(full.now()) == {"1", "3", "4"}
    full.take(name(3), text_of("1,red,1", "2,red,1", "3,red,1", "4,red,1"))
    assert full.now()["2"] == ("red", "1")


def test_keys_are_closed_and_reopened_within_a_batch_of_full_extracts(full):
    days = ["13", "123", "13", "123", "23", "13"]
    for day, things_there in enumerate(days, start=1):
        full.put(name(day), text_of(*(f"{thing},red,1" for thing in things_there)))
    full.run()
    assert {row[2] for row in full.stored() if row[0] == 1} == {"1", "3"}
    assert [(row[0], row[2], row[5]) for row in full.stored() if row[0] > 1] == [
        (2, "2", False),
        (3, "2", True),
        (4, "2", False),
        (5, "1", True),
        (6, "1", False),
        (6, "2", True),
    ]


def test_a_full_extract_does_not_close_the_same_key_with_a_space_beside_it(full):
    full.take(name(1), text_of("1,red,1"))
    full.take(name(2), text_of(" 1,red,1"))
    assert full.loads()[1] == (name(2), "loaded", 1, 0, 1, 0)
    assert full.now() == {"1": ("red", "1")}


def test_a_full_extract_with_an_unreadable_line_closes_nothing_and_says_so(full):
    full.take(name(1), text_of("1,red,1", "2,red,1", "3,red,1", "4,red,1"))
    full.take(name(2), text_of("1,red,1", "2,red,1", "3,red,1", "4,red"))
    assert set(full.now()) == {"1", "2", "3", "4"}
    assert "no record is treated as deleted" in full.message(name(2))


def test_a_full_extract_with_earlier_bytes_restores_their_values(full):
    for day, colour in enumerate(("red", "blue", "red"), start=1):
        full.take(name(day), text_of(f"1,{colour},1"))
    assert full.now() == {"1": ("red", "1")}


def test_a_key_twice_in_a_file_is_marked_on_every_line_of_it(intake):
    intake.take(name(1), text_of("1,red,1", "2,red,1", " 1,red,1", ",red,1", ",red,1"))
    marked = intake.rows("select _line, _is_key_repeated from raw.things order by all")
    assert marked == [(2, True), (3, False), (4, True), (5, False), (6, False)]


def test_a_line_after_a_repeated_key_is_stored_though_it_is_as_before(intake):
    intake.take(name(1), text_of("1,red,1"))
    intake.take(name(2), text_of("1,red,1", "1,blue,1"))
    intake.take(name(3), text_of("1,red,1", "2,red,1"))
    assert [row[0] for row in intake.stored()] == [1, 2, 2, 3, 3]


# The identity of lines


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(kinds, st.lists(st.tuples(things, st.booleans()), min_size=1, max_size=4))
def test_lines_delivered_are_stored_unchanged_or_unreadable(
    tmp_path_factory, kind, files
):
    intake = Intake(tmp_path_factory.mktemp("home"), contract(kind))
    for day, (rows, has_broken) in enumerate(files, start=1):
        intake.put(name(day), csv_of(rows) + (BROKEN if has_broken else b""))
    intake.run()
    found = intake.rows(
        """
        select lines_delivered, lines_stored, lines_unchanged, lines_unreadable,
            (select count(*) from raw.things
            where _load_id = load_id and not _is_closing),
            (select count(*) from raw.unreadable_lines as lines
            where lines.load_id = loads.load_id)
        from raw.loads where status = 'loaded' order by load_id
        """
    )
    for delivered, stored, unchanged, unreadable, in_raw, kept_apart in found:
        assert delivered == stored + unchanged + unreadable
        assert (stored, unreadable) == (in_raw, kept_apart)
    intake.close()


# The same file, another order, another name


def test_a_second_run_changes_nothing(intake):
    intake.take(name(1), text_of("1,red,2"))
    before = intake.everything()
    result = intake.run()
    assert intake.everything() == before
    assert result.already_known == (name(1),) and not result.loaded


def test_the_same_file_under_another_name_changes_nothing(intake):
    intake.take(name(1), text_of("1,red,2"))
    before = intake.everything()
    result = intake.take("things_copy (2)_20210101T060000.csv", text_of("1,red,2"))
    assert intake.everything() == before
    assert len(result.already_known) == 2


def test_a_delta_of_known_bytes_under_a_later_time_is_held_and_changes_nothing(intake):
    intake.take(name(1), text_of("1,red,2"))
    intake.take(name(2), text_of("1,blue,2"))
    result = intake.take(name(3), text_of("1,red,2"))
    assert result.held == {name(3): f"the same content as {name(1)}, with a later time"}
    assert "make accept LOAD=3" in intake.said[-1]
    assert intake.now() == {"1": ("blue", "2")}


def test_files_out_of_order_end_in_the_same_state_as_in_order(intake, other):
    files = {
        name(day): text_of(f"1,{colour},1", f"{day},red,2")
        for day, colour in ((1, "red"), (2, "blue"), (3, "blue"), (4, "red"))
    }
    for file_name, data in files.items():
        intake.take(file_name, data)
    for file_name in (name(3), name(1), name(4), name(2)):
        other.take(file_name, files[file_name])
    assert other.everything() == intake.everything()


def test_a_delta_older_than_what_is_known_changes_no_newer_state(intake):
    intake.take(name(8), text_of("1,blue,2"))
    intake.take(name(1), text_of("1,red,2", "2,red,2"))
    assert intake.now() == {"1": ("blue", "2"), "2": ("red", "2")}


def test_a_file_in_another_format_does_not_replace_a_loaded_one_of_its_time(intake):
    intake.take(name(8), text_of("1,blue,2"))
    before = intake.everything()
    (intake.folder / name(8)).unlink()
    said = rf"{name(8)}\.gz has the same time as {name(8)}, .* Put {name(8)} back\. If"
    with pytest.raises(DeliveryError, match=said):
        intake.take(name(8, ".csv.gz"), text_of("1,red,2"))
    assert intake.everything() == before


def test_a_late_file_needs_the_later_ones_still_there_and_changes_nothing(intake):
    intake.take(name(8), text_of("1,blue,2"))
    before = intake.everything()
    (intake.folder / name(8)).unlink()
    with pytest.raises(DeliveryError, match=rf"Put them back: {name(8)}"):
        intake.take(name(1), text_of("1,red,2"))
    assert intake.everything() == before


def test_a_late_file_that_is_rejected_leaves_the_later_ones_where_they_are(intake):
    intake.take(name(1), text_of("1,red,2"))
    intake.take(name(8), text_of("1,blue,2"))
    before = intake.everything()
    with pytest.raises(DeliveryError, match="lacks colour"):
        intake.take(name(4), text_of("1,2", header="thing_id,size"))
    after = intake.everything()
    assert after["raw.things"] == before["raw.things"]
    assert [load[:2] for load in intake.loads()] == [
        (name(1), "loaded"),
        (name(8), "loaded"),
        (name(4), "rejected"),
    ]


def test_a_file_written_over_another_of_its_name_takes_its_place(intake):
    intake.take(name(1), text_of("1,red,2", "2,red"))
    intake.take(name(2), text_of("3,red,2"))
    intake.take(name(1), text_of("1,blue,2", "2,blue,2"))
    assert intake.now() == {k: ("blue", "2") for k in "12"} | {"3": ("red", "2")}
    assert [load[:2] for load in intake.loads()] == [
        (name(1), "replaced"),
        (name(1), "loaded"),
        (name(2), "loaded"),
    ]
    assert intake.rows("from raw.unreadable_lines") == []


def test_a_late_file_is_taken_completely_or_not_at_all(intake, monkeypatch):
    intake.take(name(4), text_of("1,blue,2"))
    before = intake.everything()
    intake.put(name(1), text_of("1,red,2"))
    store = lines.store

    def fail_later(connection, contract, loads, target):
        stored = store(connection, contract, loads, target)
        if loads[-1].delivery.file_name == name(4):
            raise MemoryError
        return stored

    monkeypatch.setattr(lines, "store", fail_later)
    with pytest.raises(MemoryError):
        intake.run()
    assert intake.everything() == before


# A delivery of the wrong kind


def test_a_full_extract_sent_as_a_delta_adds_what_is_new_and_is_said_to_look_full(
    intake,
):
    intake.take(name(1), text_of("1,red,1", "2,red,1"))
    intake.take(name(2), text_of("1,red,1", "2,red,1", "3,red,1"))
    assert intake.loads()[1] == (name(2), "loaded", 3, 1, 2, 0)
    assert "known already, as in a full extract" in intake.message(name(2))
    assert set(intake.now()) == {"1", "2", "3"}


def test_a_delta_sent_as_a_full_extract_is_held_and_closes_nothing(full):
    full.take(name(1), text_of(*(f"{i},red,1" for i in range(10))))
    before = full.now()
    result = full.take(name(2), text_of("1,blue,1"))
    assert "1 line, where the median of the last 1 files is 10" in result.held[name(2)]
    assert full.now() == before
    assert full.loads()[1][1:] == ("held", 1, 0, 0, 0)


# Columns


def test_an_added_column_is_kept_with_its_lines_and_reported(intake):
    intake.take(name(1), text_of("red,1,2,a note", header="colour,thing_id,size,Note"))
    assert intake.message(name(1)) == "columns not in the contract: note"
    kept = intake.rows("select thing_id, _added_columns from raw.things")
    assert kept == [("1", '{"note":"a note"}')]


@pytest.mark.parametrize("header", ["thing_id,size", "thing_id,color,size"])
def test_a_missing_or_renamed_column_rejects_the_file_and_changes_nothing(
    intake, header
):
    intake.take(name(1), text_of("1,red,2"))
    before = intake.everything()
    for _ in range(2):
        with pytest.raises(DeliveryError, match="the header lacks colour"):
            intake.take(name(2), text_of("1,blue,3", header=header))
    assert intake.everything()["raw.things"] == before["raw.things"]
    assert intake.loads()[1:] == [(name(2), "rejected", 0, 0, 0, 0)]
    intake.take(name(2), text_of("1,blue,3"))
    assert intake.now() == {"1": ("blue", "3")}


def test_the_files_before_a_rejected_one_stay_and_those_after_it_wait(intake):
    intake.put(name(1), text_of("1,red,2"))
    intake.put(name(2), b"")
    intake.put(name(3), text_of("1,blue,2"))
    with pytest.raises(DeliveryError, match="is empty"):
        intake.run()
    assert intake.now() == {"1": ("red", "2")}
    (intake.folder / name(2)).unlink()
    intake.run()
    assert intake.now() == {"1": ("blue", "2")}


# Failures on the way


def test_a_failure_after_the_first_statement_leaves_nothing_half_applied(
    full, monkeypatch
):
    full.take(name(1), text_of("1,red,1", "2,red,1"))
    before = full.everything()

    def fail(*_: object) -> None:
        raise duckdb.IOException("no space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(lines, "_closing_rows", fail)
        with pytest.raises(duckdb.IOException):
            full.take(name(2), text_of("1,blue,1", "3,red,1"))
    assert full.everything() == before
    full.run()
    assert full.now() == {"1": ("blue", "1"), "3": ("red", "1")}


# Few keys and values, so that lines are often known, closed and delivered again.
few_things = st.lists(
    st.tuples(
        st.sampled_from("aaaAbbc "),
        st.sampled_from(["red", "red", " red ", "blue"]),
        st.sampled_from(["", "1"]),
    ),
    min_size=1,
    max_size=4,
)
unreadable_line = st.sampled_from([[], [], [], [("unreadable",)]])


@pytest.mark.parametrize("delivery", ["delta", "full"])
@settings(suppress_health_check=[HealthCheck.too_slow])
@given(
    days=st.lists(st.tuples(few_things, unreadable_line), min_size=3, max_size=7),
    known=st.integers(0, 2),
    refused=st.sampled_from([None, None, None, 2, 5]),
)
def test_a_batch_stores_and_registers_what_each_of_its_files_does_alone(
    tmp_path_factory, delivery, days, known, refused
):
    folder = tmp_path_factory.mktemp("batch")
    with (
        closing(Intake(folder / "together", contract(delivery))) as together,
        closing(Intake(folder / "alone", contract(delivery))) as alone,
    ):
        for day, (rows, unreadable) in enumerate(days, start=1):
            data = b"" if day == refused else csv_of(rows + unreadable)
            together.put(name(day), data)
            if refused is None or day <= refused:
                alone.put(name(day), data)
                with suppress(DeliveryError):
                    alone.run()
            if day <= known:
                with suppress(DeliveryError):
                    together.run()
        with suppress(DeliveryError):
            together.run()
        assert together.everything() == alone.everything()


def test_a_file_that_is_refused_leaves_the_rest_of_its_batch_as_it_would_be_alone(
    intake,
):
    files = {1: text_of("1,red,1"), 2: text_of("1,blue,1"), 3: b"", 4: text_of("3,a,1")}
    for day, data in files.items():
        intake.put(name(day), data)
    with pytest.raises(DeliveryError, match="empty"):
        intake.run()
    assert intake.stored() == [
        (1, 2, "1", "red", "1", False),
        (2, 2, "1", "blue", "1", False),
    ]
    assert [load[:2] for load in intake.loads()] == [
        (name(1), "loaded"),
        (name(2), "loaded"),
        (name(3), "rejected"),
    ]


TEXTS = (
    [
        (" 1", "\u200bred\xa0", ""),
        ("2", "n/a", "\xe9"),
        ("2", "N/A ", "a longer text "),
    ],
    [("1", "red", ""), ("3", "-", "x\t"), ("e\u0301", "~", "!")],
    [("\xe9", "~", "!"), ("4", "", "a b"), ("", "red", "1")],
)


@pytest.mark.parametrize("free", [(), ("colour", "size")])
def test_parquet_files_of_one_batch_store_what_the_same_csv_files_store(tmp_path, free):
    agreed = replace(contract(), free_text=frozenset(free), empty_texts=("n/a", "-"))
    with (
        closing(Intake(tmp_path / "parquet", agreed)) as parquet,
        closing(Intake(tmp_path / "csv", agreed)) as as_csv,
    ):
        for day, rows in enumerate(TEXTS, start=1):
            parquet.put(name(day, ".parquet"), parquet_of(rows))
            as_csv.put(name(day), csv_of(rows))
        parquet.run()
        as_csv.run()
        assert parquet.everything()["raw.things"] == as_csv.everything()["raw.things"]


@pytest.mark.parametrize("day", [1, 2, 3])
def test_a_damaged_parquet_file_is_named_and_those_before_it_are_taken(intake, day):
    for each in (1, 2, 3):
        colour = b"\xff" if each == day else b"red"
        intake.put(name(each, ".parquet"), parquet_of([(str(each), colour, "1")]))
    said = rf"{name(day, '.parquet')}: column colour has a value that is not of its"
    with pytest.raises(DeliveryError, match=said):
        intake.run()
    assert [load[:2] for load in intake.loads()] == [
        *((name(before, ".parquet"), "loaded") for before in range(1, day)),
        (name(day, ".parquet"), "rejected"),
    ]
    assert set(intake.now()) == {str(before) for before in range(1, day)}


@pytest.mark.parametrize("day", [1, 2])
def test_a_parquet_file_that_changes_before_duckdb_reads_it_is_left_for_the_next_run(
    intake, monkeypatch, day
):
    paths = {
        each: intake.put(name(each, ".parquet"), parquet_of([(str(each), "red", "1")]))
        for each in (1, 2)
    }
    write = readers.Delivered.write

    def write_after_a_change(self):
        paths[day].write_bytes(parquet_of([("8", "green", "1")]))
        write(self)

    with monkeypatch.context() as patch:
        patch.setattr(readers.Delivered, "write", write_after_a_change)
        assert intake.run().unfinished == [name(day, ".parquet")]
    assert set(intake.now()) == {"1", "2"} - {str(day)}
    intake.run()
    assert set(intake.now()) == {"1", "2", "8"} - {str(day)}


def test_a_failure_at_the_register_leaves_no_line_in_raw(intake, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(load_log, "record_all", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            intake.take(name(1), text_of("1,red,1"))
    assert intake.stored() == [] and intake.loads() == []


# Memory


@pytest.mark.parametrize(
    ("said", "used"), [(None, "1.8 GiB"), ("800MB", "762.9 MiB"), ("3 GiB", "3.0 GiB")]
)
def test_duckdb_uses_no_more_memory_than_the_variable_says(
    tmp_path, monkeypatch, said, used
):
    monkeypatch.delenv("STRANDLINE_MEMORY_LIMIT", raising=False)
    if said:
        monkeypatch.setenv("STRANDLINE_MEMORY_LIMIT", said)
    with load_log.warehouse(tmp_path / "warehouse.duckdb") as connection:
        limit = connection.execute("select current_setting('memory_limit')")
        assert limit.fetchall() == [(used,)]


@pytest.mark.parametrize("said", ["2", "much", "0GB", "2GB; --"])
def test_a_limit_of_memory_that_is_no_size_is_refused(tmp_path, monkeypatch, said):
    monkeypatch.setenv("STRANDLINE_MEMORY_LIMIT", said)
    words = f"STRANDLINE_MEMORY_LIMIT={said} is not a size"
    with (
        pytest.raises(DeliveryError, match=words),
        load_log.warehouse(tmp_path / "warehouse.duckdb"),
    ):
        pass
