"""Loading the open data: what is stored, replaced, rejected and counted."""

import hashlib
import os
import random
from collections.abc import Iterator
from datetime import date, datetime

import duckdb
import pytest

from dagster_project import stores
from dagster_project.errors import DeliveryError
from dagster_project.intake import load_log
from dagster_project.intake.deliveries import NothingYetError
from dagster_project.intake.police_uk import open_data, rows, unpacking
from dagster_project.intake.reading import csv_reader
from tests.open_data_files import (
    BURGLARY,
    CHARGED,
    ESSEX,
    KENT,
    NUISANCE,
    OUTCOMES,
    STAMP,
    STREET,
    archive,
    csv,
    of_month,
)

COLUMNS = tuple(STREET.lower().replace(" ", "_").split(","))


@pytest.fixture
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    connection = duckdb.connect(config=stores.SETTINGS)
    connection.execute(load_log.REGISTER)
    yield connection
    connection.close()


def load(connection, tmp_path, *archives, forces=None):
    return open_data.load_archives(
        connection, archives, forces, progress=lambda line: None
    )


def essex(tmp_path, *lines, end="\n", header=STREET, stamp=STAMP, name="a.zip"):
    """Return an archive with one street file of Essex."""
    return archive(tmp_path / name, {ESSEX: csv(header, *lines, end=end)}, stamp)


def query(connection, sql):
    return connection.execute(sql).fetchall()


def street(connection, columns="*"):
    return query(connection, f"select {columns} from raw.police_uk_street order by all")


def loads(connection):
    return query(
        connection,
        "select status, lines_delivered, lines_stored, lines_unreadable"
        " from raw.loads order by load_id",
    )


def test_both_tables_exist_empty_before_anything_is_loaded(connection):
    open_data.create_tables(connection)
    described = query(connection, "describe raw.police_uk_street")
    meta = tuple(rows.META_COLUMNS)
    assert tuple(row[0] for row in described) == meta + COLUMNS
    assert {row[1] for row in described[len(meta) :]} == {"VARCHAR"}
    described = query(connection, "describe raw.police_uk_outcomes")
    expected = meta + tuple(OUTCOMES.lower().replace(" ", "_").split(","))
    assert tuple(row[0] for row in described) == expected
    assert street(connection) == []


def test_a_row_keeps_every_cell_with_its_file_line_force_and_stamp(
    connection, tmp_path
):
    load(connection, tmp_path, essex(tmp_path, NUISANCE, BURGLARY))
    cells = tuple(cell or None for cell in BURGLARY.split(","))
    assert street(connection)[1] == (1, 3, STAMP, "essex", *cells)


def test_the_register_says_where_a_file_came_from(connection, tmp_path):
    data = csv(STREET, BURGLARY)
    load(connection, tmp_path, archive(tmp_path / "a.zip", {f"top/{ESSEX}": data}))
    expected = {
        "extract": "police_uk_street",
        "force_code": "essex",
        "origin": "open data",
        "archive_name": "a.zip",
        "file_name": f"top/{ESSEX}",
        "sha256": hashlib.sha256(data).hexdigest(),
        "file_bytes": len(data),
        "month": date(2021, 7, 1),
        "extracted_at": STAMP,
        "status": "loaded",
        "message": None,
    }
    found = query(connection, f"select {', '.join(expected)} from raw.loads")
    assert found == [tuple(expected.values())]


def test_outcomes_go_to_their_own_table(connection, tmp_path):
    members = {
        ESSEX: csv(STREET, BURGLARY),
        ESSEX.replace("street", "outcomes"): csv(OUTCOMES, CHARGED, CHARGED),
    }
    load(connection, tmp_path, archive(tmp_path / "a.zip", members))
    rows = query(
        connection, "select crime_id, outcome_type, _line from raw.police_uk_outcomes"
    )
    assert sorted(rows) == [("c1", "Suspect charged", 2), ("c1", "Suspect charged", 3)]
    assert len(street(connection)) == 1


def test_identical_rows_are_separate_incidents(connection, tmp_path):
    load(connection, tmp_path, essex(tmp_path, *[NUISANCE] * 5, BURGLARY, BURGLARY))
    assert street(connection, "_line, crime_id") == [
        (2, None), (3, None), (4, None), (5, None), (6, None), (7, "c1"), (8, "c1"),
    ]  # fmt: skip
    assert loads(connection) == [("loaded", 7, 7, 0)]


def test_a_crime_id_may_return_in_another_month_and_another_force(connection, tmp_path):
    data = csv(STREET, BURGLARY)
    august = csv(STREET, *of_month("2021-08", BURGLARY))
    members = {ESSEX: data, ESSEX.replace("07", "08"): august, KENT: data}
    load(connection, tmp_path, archive(tmp_path / "a.zip", members))
    assert street(connection, "_force_code, crime_id") == [
        ("essex", "c1"), ("essex", "c1"), ("kent", "c1"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("force", "line"),
    [
        ("btp", ",2021-07,British Transport Police,British Transport Police,-0.1,"
                "51.5,On or near Leeds (station),E01033010,Leeds 111B,Vehicle crime,,"),
        ("essex", "c2,2021-07,Essex Police,Essex Police,,,No Location,,,Burglary,,"),
        ("essex", "c3,2021-07,Essex Police,Essex Police,0.5,51.7,On or near ,"
                  "E01021988,Tendring 018A,Vehicle Crime,,"),
        ("northern-ireland", "c4,2021-07,Police Service of Northern Ireland,Police"
                  " Service of Northern Ireland,-5.9,54.6,On or near Rd,,,Drugs,,"),
    ],
    ids=["btp row without id", "no location", "nothing after near", "no LSOA"],
)  # fmt: skip
def test_a_value_that_is_missing_at_the_source_is_empty(
    connection, tmp_path, force, line
):
    members = {f"2021-07-{force}-street.csv": csv(STREET, line)}
    load(connection, tmp_path, archive(tmp_path / "a.zip", members))
    cells = tuple(cell or None for cell in line.split(","))
    assert street(connection, ", ".join(COLUMNS)) == [cells]


@pytest.mark.parametrize("end", ["\n", "\r\n"], ids=["LF", "CRLF"])
def test_line_ends_quotes_and_byte_order_mark_change_no_cell(connection, tmp_path, end):
    quoted = BURGLARY.replace("On or near High Street", '"Bar, ""The 5"" Bells"')
    inch = BURGLARY.replace("High Street", 'the 5" gate')
    data = b"\xef\xbb\xbf" + csv(STREET, quoted, inch, NUISANCE, end=end)
    load(connection, tmp_path, archive(tmp_path / "a.zip", {ESSEX: data[: -len(end)]}))
    assert street(connection, "_line, crime_id, location") == [
        (2, "c1", 'Bar, "The 5" Bells'),
        (3, "c1", 'On or near the 5" gate'),
        (4, None, "On or near Park"),
    ]
    assert loads(connection) == [("loaded", 3, 3, 0)]


def test_a_line_end_within_quotes_ends_no_record(connection, tmp_path):
    broken = BURGLARY.replace("High Street", 'High\r\n\r\nStreet"')
    broken = broken.replace("On or", '"On or')
    load(connection, tmp_path, essex(tmp_path, broken, NUISANCE, end="\r\n"))
    assert street(connection, "_line, location")[0][1].endswith("High\r\n\r\nStreet")
    assert loads(connection) == [("loaded", 2, 2, 0)]


def test_blank_lines_and_mixed_line_ends_lose_no_row_and_no_number(
    connection, tmp_path
):
    data = f"{STREET}\n{NUISANCE}\r\n\r\n{BURGLARY}\nx,y\n\n{BURGLARY}\r\n\n\n"
    load(connection, tmp_path, archive(tmp_path / "a.zip", {ESSEX: data.encode()}))
    assert street(connection, "_line") == [(2,), (4,), (7,)]
    assert loads(connection) == [("loaded", 4, 3, 1)]
    ((message,),) = query(connection, "select message from raw.loads")
    assert message.endswith("4 blank lines")


def test_unreadable_lines_are_kept_with_their_number_and_reason(connection, tmp_path):
    wrong = BURGLARY.replace("High Street", "caf\\xe9")
    data = csv(STREET, BURGLARY, "too,short", wrong, NUISANCE, BURGLARY + ",1,2,3")
    data = data.replace(b"\\xe9", b"\xe9").replace(b"\n", b"\r\n")
    load(connection, tmp_path, archive(tmp_path / "a.zip", {ESSEX: data}))
    assert street(connection, "_line") == [(2,), (5,)]
    kept = query(connection, "from raw.unreadable_lines order by line")
    assert [row[:2] for row in kept] == [(1, 3), (1, 4), (1, 6)]
    assert kept[0][2:] == ("too,short", "2 of 12 columns")
    assert kept[1][2:] == (wrong, "text that is not UTF-8")
    assert kept[2][2:] == (BURGLARY + ",1,2,3", "15 of 12 columns")
    assert loads(connection) == [("loaded", 5, 2, 3)]


def test_a_file_of_which_the_reader_loses_a_line_is_rejected(
    connection, tmp_path, monkeypatch
):
    split = csv_reader._split
    monkeypatch.setattr(csv_reader, "_split", lambda *read: split(*read).slice(1))
    load(connection, tmp_path, essex(tmp_path, NUISANCE, NUISANCE))
    assert loads(connection) == [("rejected", 0, 0, 0)]
    ((message,),) = query(connection, "select message from raw.loads")
    assert "it has 2 lines, but the reader found 1 records" in message


@pytest.mark.parametrize("month", ["2021-06", ""])
def test_a_file_with_a_row_of_another_month_is_rejected_and_the_earlier_one_stays(
    connection, tmp_path, month
):
    load(connection, tmp_path, essex(tmp_path, NUISANCE))
    before = street(connection)
    strange = of_month(month, BURGLARY, NUISANCE)
    newer = essex(tmp_path, BURGLARY, *strange, stamp=datetime(2022, 1, 1))
    (result,) = load(connection, tmp_path, newer)
    found = month or "empty"
    assert (
        f"line 3: Month is {found} in a file of 2021-07 (2 such lines)"
        in result.message
    )
    assert street(connection) == before
    assert loads(connection) == [("loaded", 1, 1, 0), ("rejected", 0, 0, 0)]


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("Burglary", "line 2, column crime type: the value contains a line break"),
        (
            "On or near High Street",
            "line 2, column location: some of its lines look like",
        ),
    ],
)
def test_a_file_whose_quotation_marks_hide_lines_is_rejected(
    connection, tmp_path, value, said
):
    first = BURGLARY.replace(value, f'"{value}')
    last = BURGLARY.replace(value, f'{value}"')
    (result,) = load(connection, tmp_path, essex(tmp_path, first, NUISANCE, last))
    assert said in result.message


def test_line_numbers_count_rejected_lines_in_every_file_of_a_batch(
    connection, tmp_path
):
    draw, members, expected = random.Random(4), {}, set()
    for number in range(1, 13):
        month = f"2021-{number:02d}"
        lines = [STREET]
        for number in range(2, draw.randrange(30, 300)):
            if draw.random() < 0.3:
                lines.append("unreadable")
            else:
                lines += of_month(month, NUISANCE.replace("Park", str(number)))
                expected.add((month, number, f"On or near {number}"))
        end = draw.choice(["\r\n", "\n"])
        members[f"{month}-essex-street.csv"] = csv(*lines, end=end)
    load(connection, tmp_path, archive(tmp_path / "a.zip", members))
    found = query(
        connection,
        "select strftime(loads.month, '%Y-%m'), _line, location"
        " from raw.police_uk_street inner join raw.loads on _load_id = load_id",
    )
    assert len(found) == len(expected)
    assert set(found) == expected
    assert all(
        delivered == stored + unreadable and unreadable > 0
        for _, delivered, stored, unreadable in loads(connection)
    )


def test_every_line_of_long_files_has_its_own_number(connection, tmp_path):
    members = {
        f"2021-{month:02d}-essex-street.csv": csv(
            STREET,
            *of_month(
                f"2021-{month:02d}",
                *(NUISANCE.replace("Park", str(line)) for line in range(2, 30_000)),
            ),
        )
        for month in range(1, 6)
    }
    load(connection, tmp_path, archive(tmp_path / "a.zip", members))
    assert query(
        connection,
        "select count(*), count(distinct (_load_id, _line)),"
        " count_if(location = 'On or near ' || _line) from raw.police_uk_street",
    ) == [(149_990, 149_990, 149_990)]


def test_a_file_with_headings_only_is_a_month_supplied_with_no_rows(
    connection, tmp_path
):
    load(connection, tmp_path, essex(tmp_path))
    assert loads(connection) == [("loaded", 0, 0, 0)]


def test_columns_go_by_name_in_any_order_and_others_do_no_harm(connection, tmp_path):
    turned = {
        ESSEX: csv(
            ",".join(["x", *reversed(STREET.split(",")), "x"]),
            ",".join(["1", *reversed(BURGLARY.split(",")), "2"]),
        ),
        KENT: csv(STREET, BURGLARY),
    }
    load(connection, tmp_path, archive(tmp_path / "a.zip", turned))
    rows = street(connection, ", ".join(COLUMNS))
    assert rows[0] == rows[1] == tuple(cell or None for cell in BURGLARY.split(","))


@pytest.mark.parametrize(
    "header",
    [STREET.replace("LSOA name", "LSOA"), STREET.replace(",Context", "")],
    ids=["renamed", "missing"],
)
def test_a_file_without_a_column_is_rejected_whole_and_the_rest_is_loaded(
    connection, tmp_path, header
):
    load(connection, tmp_path, essex(tmp_path, NUISANCE))
    members = {ESSEX: csv(header, BURGLARY), KENT: csv(STREET, BURGLARY)}
    newer = archive(tmp_path / "b.zip", members, datetime(2022, 1, 1))
    results = load(connection, tmp_path, newer)
    assert sorted(result.status for result in results) == ["loaded", "rejected"]
    (message,) = [result.message for result in results if result.message]
    assert ESSEX in message and "Download the file again" in message
    assert ("'LSOA name'" if "Context" in header else "'Context'") in message
    assert street(connection, "_force_code, crime_id") == [
        ("essex", None), ("kent", "c1"),
    ]  # fmt: skip
    assert sorted(row[0] for row in loads(connection)) == [
        "loaded", "loaded", "rejected",
    ]  # fmt: skip


def test_a_later_version_replaces_its_force_month_and_kind_and_nothing_else(
    connection, tmp_path
):
    august = ESSEX.replace("07", "08")
    old = csv(STREET, BURGLARY, NUISANCE)
    other = csv(STREET, *of_month("2021-08", BURGLARY, NUISANCE))
    first = {ESSEX: old, august: other, KENT: old}
    load(connection, tmp_path, archive(tmp_path / "a.zip", first))
    load(
        connection,
        tmp_path,
        essex(tmp_path, NUISANCE, stamp=datetime(2022, 1, 1), name="b.zip"),
    )
    rows = query(
        connection,
        "select force_code, loads.month::varchar, status, count(_line)"
        " from raw.loads left join raw.police_uk_street on _load_id = load_id"
        " group by all order by all",
    )
    assert rows == [
        ("essex", "2021-07-01", "loaded", 1),
        ("essex", "2021-07-01", "replaced", 0),
        ("essex", "2021-08-01", "loaded", 2),
        ("kent", "2021-07-01", "loaded", 2),
    ]


def test_an_older_version_is_registered_and_does_not_replace(connection, tmp_path):
    load(connection, tmp_path, essex(tmp_path, BURGLARY))
    older = essex(tmp_path, NUISANCE, stamp=datetime(2021, 9, 1), name="b.zip")
    (result,) = load(connection, tmp_path, older)
    assert result.status == "superseded"
    assert street(connection, "crime_id") == [("c1",)]
    assert loads(connection) == [("loaded", 1, 1, 0), ("superseded", 1, 0, 0)]


def test_of_two_versions_in_one_archive_one_is_left(connection, tmp_path):
    members = {f"a/{ESSEX}": csv(STREET, BURGLARY), f"b/{ESSEX}": csv(STREET, NUISANCE)}
    load(connection, tmp_path, archive(tmp_path / "a.zip", members))
    assert street(connection, "crime_id") == [(None,)]
    assert [row[0] for row in loads(connection)] == ["replaced", "loaded"]


def test_headings_may_be_quoted_behind_a_byte_order_mark(connection, tmp_path):
    header = STREET.replace("Crime ID", '"Crime ID"')
    data = b"\xef\xbb\xbf" + csv(header, BURGLARY)
    load(connection, tmp_path, archive(tmp_path / "a.zip", {ESSEX: data}))
    assert street(connection, "crime_id") == [("c1",)]
    assert loads(connection) == [("loaded", 1, 1, 0)]


def test_the_order_of_the_archives_does_not_matter(connection, tmp_path):
    new = essex(tmp_path, BURGLARY, stamp=datetime(2022, 1, 1), name="new.zip")
    old = essex(tmp_path, NUISANCE, name="old.zip")
    load(connection, tmp_path, new, old)
    assert street(connection, "crime_id") == [("c1",)]
    connection.execute("delete from raw.police_uk_street; delete from raw.loads")
    load(connection, tmp_path, old, new)
    assert street(connection, "crime_id") == [("c1",)]


@pytest.mark.parametrize("header", [STREET, "Nothing"], ids=["loaded", "rejected"])
def test_the_same_file_again_changes_nothing(connection, tmp_path, header):
    one = essex(tmp_path, NUISANCE, header=header)
    load(connection, tmp_path, one)
    before = street(connection), query(connection, "from raw.loads")
    later = essex(tmp_path, NUISANCE, header=header, name="copy.zip")
    load(connection, tmp_path, one, later)
    assert (street(connection), query(connection, "from raw.loads")) == before


def test_a_replaced_file_given_again_changes_nothing(connection, tmp_path):
    old = essex(tmp_path, NUISANCE)
    new = essex(tmp_path, BURGLARY, stamp=datetime(2022, 1, 1), name="b.zip")
    load(connection, tmp_path, old, new)
    assert [result.status for result in load(connection, tmp_path, old, new)] == [
        "unchanged", "unchanged",
    ]  # fmt: skip
    assert [row[0] for row in loads(connection)] == ["replaced", "loaded"]


def test_a_correction_that_is_undone_by_a_later_file_is_undone(connection, tmp_path):
    for year, line in enumerate([NUISANCE, BURGLARY, NUISANCE], start=2022):
        stamp = datetime(year, 1, 1)
        load(connection, tmp_path, essex(tmp_path, line, stamp=stamp))
    assert street(connection, "_load_id, crime_id") == [(3, None)]
    assert [row[0] for row in loads(connection)] == ["replaced", "replaced", "loaded"]


def test_a_failure_halfway_leaves_the_earlier_version_whole(
    connection, tmp_path, monkeypatch
):
    load(connection, tmp_path, essex(tmp_path, BURGLARY))
    before = street(connection), query(connection, "from raw.loads")

    def fail(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(load_log, "record_all", fail)
    newer = essex(tmp_path, NUISANCE, stamp=datetime(2022, 1, 1), name="b.zip")
    with pytest.raises(KeyboardInterrupt):
        load(connection, tmp_path, newer)
    assert (street(connection), query(connection, "from raw.loads")) == before


def test_a_folder_is_an_archive_and_its_files_date_from_their_last_change(
    connection, tmp_path
):
    path = tmp_path / "down[1]load's" / ESSEX
    path.parent.mkdir(parents=True)
    path.write_bytes(csv(STREET, BURGLARY))
    noon_in_london = 1626346800  # 2021-07-15 11:00 UTC, in summer time.
    os.utime(path, (noon_in_london, noon_in_london))
    load(connection, tmp_path, tmp_path / "down[1]load's")
    assert street(connection, "_extracted_at, crime_id") == [
        (datetime(2021, 7, 15, 12), "c1")
    ]


def test_a_file_of_a_folder_that_changes_while_it_is_read_is_not_loaded(
    connection, tmp_path, monkeypatch
):
    path = tmp_path / "folder" / ESSEX
    path.parent.mkdir(parents=True)
    path.write_bytes(csv(STREET, BURGLARY))

    def write_meanwhile(*_):
        path.write_bytes(csv(STREET, BURGLARY, BURGLARY))

    monkeypatch.setattr(unpacking, "_check_limits", write_meanwhile)
    with pytest.raises(DeliveryError, match="changed while it was read"):
        load(connection, tmp_path, tmp_path / "folder")
    assert street(connection) == loads(connection) == []


@pytest.mark.parametrize("end", ["\n", "\r\n\n"], ids=["tidy", "untidy"])
def test_the_files_of_a_folder_stay_as_they_are(connection, tmp_path, end):
    path = tmp_path / "folder" / ESSEX
    path.parent.mkdir(parents=True)
    data = csv(STREET, BURGLARY, NUISANCE, end=end)
    path.write_bytes(data)
    load(connection, tmp_path, tmp_path / "folder")
    assert loads(connection) == [("loaded", 2, 2, 0)]
    assert path.read_bytes() == data


def test_only_the_forces_asked_for_are_loaded(connection, tmp_path):
    data = csv(STREET, BURGLARY)
    both = archive(tmp_path / "a.zip", {ESSEX: data, KENT: data})
    load(connection, tmp_path, both, forces=["kent"])
    assert street(connection, "_force_code") == [("kent",)]


def test_a_force_that_is_not_there_is_answered_with_those_that_are(
    connection, tmp_path
):
    data = csv(STREET, BURGLARY)
    both = archive(tmp_path / "a.zip", {ESSEX: data, KENT: data})
    with pytest.raises(DeliveryError, match=r"of surrey.*: essex, kent"):
        load(connection, tmp_path, both, forces=["essex", "surrey"])
    assert query(connection, "from raw.loads") == []


def test_as_at_a_past_moment_the_month_is_as_it_was_published_then(
    connection, tmp_path
):
    first = essex(tmp_path, BURGLARY)
    again = essex(tmp_path, NUISANCE, stamp=datetime(2021, 12, 17), name="b.zip")

    def load_until(until):
        open_data.load_archives(
            connection, [first, again], None, print, ["street"], until
        )

    with pytest.raises(NothingYetError, match="first extracted at 2021-11-17 06:00:00"):
        load_until(datetime(2021, 11, 17, 5))
    load_until(datetime(2021, 12, 16))
    assert street(connection, "crime_type") == [("Burglary",)]


def test_files_are_loaded_in_as_many_batches_as_they_need(
    connection, tmp_path, monkeypatch
):
    monkeypatch.setattr(open_data, "BATCH_BYTES", 600)
    members = {
        f"2021-{month:02d}-essex-street.csv": csv(
            STREET, *of_month(f"2021-{month:02d}", *[NUISANCE] * month)
        )
        for month in range(1, 13)
    }
    lines: list[str] = []
    open_data.load_archives(
        connection,
        [archive(tmp_path / "a.zip", members)],
        None,
        lines.append,
    )
    assert len(lines) > 6
    assert [row[2] for row in loads(connection)] == list(range(1, 13))


@pytest.mark.parametrize(
    ("members", "said"),
    [((ESSEX,), "1 file was not loaded."), ((ESSEX, KENT), "2 files were not loaded.")],
)
def test_files_that_are_refused_are_counted_and_no_earlier_version_is_made_up(
    connection, tmp_path, members, said
):
    lines = csv(STREET, *of_month("2021-06", BURGLARY))
    path = archive(tmp_path / "a.zip", dict.fromkeys(members, lines))
    told = []
    open_data.load_archives(connection, [path], None, progress=told.append)
    assert f"{said} If an earlier version was loaded, it stays:" in told
