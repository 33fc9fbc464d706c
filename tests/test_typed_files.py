"""Parquet files and workbooks are read like the CSV file of the same data."""

import datetime as dt
import zipfile
from contextlib import suppress
from dataclasses import replace
from decimal import Decimal

import duckdb
import openpyxl
import pyarrow as pa
import pytest
from pyarrow import parquet

from dagster_project import stores
from dagster_project.errors import DeliveryError
from dagster_project.intake.contracts import Contract
from dagster_project.intake.header import Reading
from dagster_project.intake.reading import parquet_reader, readers
from tests.intake_files import CELLS, COLUMNS, contract, rewrite, workbook

EVENING = dt.datetime(2021, 3, 31, 23, 30)
MIDNIGHT = dt.datetime(2021, 3, 31)


@pytest.fixture
def connection():
    with duckdb.connect(config=stores.SETTINGS) as opened:
        yield opened


@pytest.fixture(autouse=True, params=[False, True], ids=["by arrow", "by duckdb"])
def read_by_either(request, monkeypatch):
    """DuckDB itself reads a Parquet file of texts if it can: all else must be alike."""
    by_arrow = readers.read

    def by_duckdb(connection, path, agreed):
        alone = readers.Delivered(connection, agreed, is_direct=True)
        try:
            reading = alone.read(path)
            alone.check([path])
        except readers.NotDirectError:
            with suppress(duckdb.TransactionException):
                connection.execute("rollback; begin")
            return by_arrow(connection, path, agreed)
        return reading

    if request.param:
        monkeypatch.setattr(readers, "read", by_duckdb)


def things(**data_types: str) -> Contract:
    return replace(contract(), data_types=data_types)


def rows(connection: duckdb.DuckDBPyConnection) -> list[tuple]:
    return connection.execute(
        "select _line, thing_id, colour, size from delivered order by _line"
    ).fetchall()


def colour_of(connection, tmp_path, values: pa.Array, **data_types: str) -> list:
    """Return what becomes of a Parquet column with these values."""
    path = tmp_path / "f.parquet"
    ids = pa.array([str(number) for number in range(len(values))])
    parquet.write_table(pa.table([ids, values, ids], list(COLUMNS)), path)
    readers.read(connection, path, things(**data_types))
    return [row[2] for row in rows(connection)]


@pytest.mark.parametrize("unit", ["s", "ms", "us", "ns"])
@pytest.mark.parametrize(
    ("zone", "written"),
    [
        (None, "2021-03-31T23:30:00"),
        ("UTC", "2021-04-01T00:30:00"),
        ("America/New_York", "2021-04-01T00:30:00"),
    ],
)
def test_a_time_is_local_and_one_with_a_zone_becomes_so(
    connection, tmp_path, unit, zone, written
):
    times = pa.array([EVENING, None], pa.timestamp(unit, zone))
    assert colour_of(connection, tmp_path, times) == [written, None]


@pytest.mark.parametrize("unit", ["s", "ms", "us", "ns"])
def test_a_time_in_a_date_column_is_a_date_only_where_it_is_midnight(
    connection, tmp_path, unit
):
    times = pa.array([MIDNIGHT, EVENING], pa.timestamp(unit))
    assert colour_of(connection, tmp_path, times, colour="date") == [
        "2021-03-31",
        "2021-03-31T23:30:00",
    ]
    assert colour_of(connection, tmp_path, times, colour="timestamp") == [
        "2021-03-31T00:00:00",
        "2021-03-31T23:30:00",
    ]


def test_the_midnight_of_a_time_with_a_zone_is_the_one_in_london(connection, tmp_path):
    summer = dt.datetime(2021, 6, 30, 23)
    times = pa.array([summer, MIDNIGHT], pa.timestamp("us", "UTC"))
    assert colour_of(connection, tmp_path, times, colour="date") == [
        "2021-07-01",
        "2021-03-31T01:00:00",
    ]


@pytest.mark.parametrize(
    ("unit", "value", "written"),
    [
        ("ms", EVENING.replace(microsecond=500_000), "2021-03-31T23:30:00.5"),
        ("us", EVENING.replace(microsecond=1), "2021-03-31T23:30:00.000001"),
        ("ns", 1, "1970-01-01T00:00:00.000000001"),
    ],
)
def test_fractions_of_a_second_are_kept(connection, tmp_path, unit, value, written):
    times = pa.array([value], pa.timestamp(unit))
    assert colour_of(connection, tmp_path, times, colour="date") == [written]


@pytest.mark.parametrize(
    ("values", "written"),
    [
        (pa.array([True, False, None]), ["Y", "N", None]),
        (pa.array([["Knife", "Gang"], ["a", None], []]), ["Knife|Gang", "a", None]),
        (pa.array([["a", "b"]], pa.large_list(pa.string())), ["a|b"]),
        (pa.array([[1, 2]]), ["1|2"]),
        (pa.array(["x", None, "x"]).dictionary_encode(), ["x", None, "x"]),
        (pa.array([dt.date(2021, 1, 2)]), ["2021-01-02"]),
        (pa.array([12, None], pa.int8()), ["12", None]),
        (pa.array([2**63], pa.uint64()), [str(2**63)]),
        (pa.array([4600012.0, 12.5, None]), ["4600012", "12.5", None]),
        (pa.array([float("nan"), float("inf")]), [None, "inf"]),
        (pa.array([12.0, 0.5], pa.float32()), ["12", "0.5"]),
        (pa.array([Decimal("12.00"), Decimal("12.50")]), ["12", "12.50"]),
        (pa.array(["café".encode()], pa.binary()), ["café"]),
        (pa.array(["00:00:00"]), ["00:00:00"]),
        (pa.array(["2021-03-31T00:00:00"]), ["2021-03-31T00:00:00"]),
        (pa.nulls(1), [None]),
    ],
    ids=lambda value: str(value.type) if isinstance(value, pa.Array) else "",
)  # fmt: skip
def test_each_parquet_type_is_written_out_as_the_contract_writes_it(
    connection, tmp_path, values, written
):
    assert colour_of(connection, tmp_path, values, colour="date") == written


@pytest.mark.parametrize(
    "keys",
    [
        pa.array([4600012.0, 2.0**53 - 1]),
        pa.array([Decimal("4600012.00"), Decimal(2**53 - 1)], pa.decimal128(20, 2)),
        pa.array([4600012, 2**53 - 1]),
    ],
    ids=lambda keys: str(keys.type),
)
def test_a_number_that_is_a_key_is_written_as_in_the_csv_of_the_same_day(
    connection, tmp_path, keys
):
    texts = pa.array(["a", "b"])
    parquet.write_table(
        pa.table([keys, texts, texts], list(COLUMNS)), tmp_path / "f.parquet"
    )
    readers.read(connection, tmp_path / "f.parquet", things())
    assert [row[1] for row in rows(connection)] == ["4600012", "9007199254740991"]


@pytest.mark.parametrize(
    "key",
    [
        pa.array([1.0, 4600012.5]),
        pa.array([1.0, 2.0**53]),
        pa.array([1.0, float("inf")]),
        pa.array([Decimal("1.0"), Decimal("4600012.5")]),
    ],
    ids=str,
)
def test_a_key_that_is_no_certain_whole_number_refuses_the_file(
    connection, tmp_path, key
):
    texts = pa.array(["a", "b"])
    parquet.write_table(
        pa.table([key, texts, texts], list(COLUMNS)), tmp_path / "f.parquet"
    )
    with pytest.raises(DeliveryError, match=r"f\.parquet: line 3, thing_id: a key"):
        readers.read(connection, tmp_path / "f.parquet", things())


@pytest.mark.parametrize(
    "kind", [pa.string(), pa.large_string(), pa.string_view(), "dictionary"], ids=str
)
def test_a_text_key_has_no_white_space_around_it_whatever_its_parquet_type(
    connection, tmp_path, kind
):
    keys = pa.array(["\u200b 1\t", "e\u0301\xa0"])
    keys = keys.dictionary_encode() if kind == "dictionary" else keys.cast(kind)
    texts = pa.array(["a", "b"])
    parquet.write_table(
        pa.table([keys, texts, texts], list(COLUMNS)), tmp_path / "f.parquet"
    )
    readers.read(connection, tmp_path / "f.parquet", things())
    assert [row[1] for row in rows(connection)] == ["1", "é"]


@pytest.mark.parametrize(
    "values",
    [
        pa.array([1.5], pa.float16()),
        pa.array([Decimal(10) ** 50], pa.decimal256(60, 0)),
        pa.array(["café".encode("latin-1")]).cast(pa.string(), safe=False),
        pa.array([["café".encode("latin-1")]]).cast(pa.list_(pa.string()), safe=False),
    ],
    ids=lambda values: str(values.type),
)
@pytest.mark.parametrize("column", [*COLUMNS, "other"])
def test_a_parquet_column_that_cannot_be_written_as_text_is_named(
    connection, tmp_path, column, values
):
    columns = dict.fromkeys([*COLUMNS, "other"], pa.array(["1"])) | {column: values}
    parquet.write_table(pa.table(columns), tmp_path / "f.parquet")
    said = rf"f\.parquet: column {column} (has a value|cannot be) .* Ask for it with"
    connection.execute("begin")
    with pytest.raises(DeliveryError, match=said):
        readers.read(connection, tmp_path / "f.parquet", things())
    connection.execute("rollback")
    assert connection.execute("select 1").fetchall() == [(1,)]


def test_columns_of_a_parquet_file_are_found_by_name_and_others_kept(
    connection, tmp_path
):
    path = tmp_path / "f.parquet"
    others = pa.array([dt.date(2021, 1, 2)])
    columns = {"Size": pa.array(["s"]), "colour": pa.array(["c"]), "other": others}
    parquet.write_table(pa.table({"THING_ID": pa.array([" 1 "]), **columns}), path)
    assert readers.read(connection, path, things()) == Reading(1, ("other",))
    assert rows(connection) == [(2, "1", "c", "s")]
    found = connection.execute("select _added_columns from delivered").fetchall()
    assert found == [('{"other":"2021-01-02"}',)]


def test_a_parquet_file_of_several_batches_numbers_its_lines(
    connection, tmp_path, monkeypatch
):
    monkeypatch.setattr(parquet_reader, "BATCH_ROWS", 3)
    values = pa.array([str(number) for number in range(10)])
    assert colour_of(connection, tmp_path, values) == values.to_pylist()
    assert [row[0] for row in rows(connection)] == list(range(2, 12))


def test_dates_and_ticks_of_a_workbook_are_written_as_the_contract_writes_them(
    connection, tmp_path
):
    path = workbook(
        tmp_path / "f.xlsx",
        Tracker=[
            ["Colour", "thing_id", "size", "seen by"],
            [MIDNIGHT, 1, True, "me"],
            [],
            ["2021-03-31 00:00:00", " 2 ", 2.0, None],
            [None, None, None, "left over"],
            [EVENING, "3", "00:00:00", None],
        ],
    )
    reading = readers.read(connection, path, things(colour="date"))
    assert rows(connection) == [
        (2, "1", "2021-03-31", "Y"),
        (4, "2", "2021-03-31 00:00:00", "2"),
        (6, "3", "2021-03-31T23:30:00", "00:00:00"),
    ]
    assert reading == Reading(3, ("seen by",), blank=2)


def test_midnight_is_kept_in_a_column_of_times(connection, tmp_path):
    path = workbook(tmp_path / "f.xlsx", Sheet1=[[*COLUMNS], ["1", MIDNIGHT, None]])
    readers.read(connection, path, things(colour="timestamp"))
    assert rows(connection) == [(2, "1", "2021-03-31T00:00:00", None)]


def test_every_sheet_with_the_contracts_header_is_read_and_a_line_names_its_sheet(
    connection, tmp_path
):
    path = workbook(
        tmp_path / "f.xlsx",
        Notes=[["Kept by the office"], ["x"]],
        Y2020=[[*COLUMNS], ["1", "red", "a"], ["2", "blue", "b"]],
        Empty=[],
        Y2021=[["size", "colour", "thing_id"], [None], ["c", "green", "3"]],
    )
    reading = readers.read(connection, path, things())
    found = connection.execute(
        "select _line, _place, thing_id, colour, size from delivered order by _line"
    ).fetchall()
    assert found == [
        (2, "sheet Y2020, row 2", "1", "red", "a"),
        (3, "sheet Y2020, row 3", "2", "blue", "b"),
        (6, "sheet Y2021, row 3", "3", "green", "c"),
    ]
    note = "sheets with another header, not read: Notes"
    assert reading == Reading(3, notes=(note,), blank=1)


def test_a_workbook_without_the_contracts_header_is_refused_with_what_it_has(
    connection, tmp_path
):
    path = workbook(tmp_path / "f.xlsx", A=[["thing_id"]], B=[["x"]])
    said = r"f\.xlsx, sheet A, row 1: the header lacks colour, size"
    with pytest.raises(DeliveryError, match=said):
        readers.read(connection, path, things())


def test_a_sheet_that_lacks_a_few_of_the_contracts_columns_refuses_the_file(
    connection, tmp_path
):
    path = workbook(
        tmp_path / "f.xlsx",
        Y2020=[[*COLUMNS], ["1", "red", "a"]],
        Y2021=[[], ["thing_id", "colour", "sizes"], ["2", "blue", "b"]],
    )
    said = r"f\.xlsx, sheet Y2021, row 2: the header lacks size\. .* instead: sizes"
    with pytest.raises(DeliveryError, match=said):
        readers.read(connection, path, things())
    with pytest.raises(DeliveryError, match=said):
        readers.check(path, things())


def test_a_sheet_with_something_above_the_contracts_header_refuses_the_file(
    connection, tmp_path
):
    path = workbook(
        tmp_path / "f.xlsx",
        Y2020=[[*COLUMNS], ["1", "red", "a"]],
        Y2021=[["Plan of 2021"], [*COLUMNS], ["2", "blue", "b"]],
    )
    said = "sheet Y2021: the header is in row 2, and row 1 above it is not empty"
    with pytest.raises(DeliveryError, match=said):
        readers.check(path, things())


def test_a_sheet_that_is_an_empty_chart_does_no_harm(connection, tmp_path):
    path = workbook(tmp_path / "f.xlsx", T=[[*COLUMNS], ["1", "a", "x"]])
    book = openpyxl.load_workbook(path)
    book.create_chartsheet("Chart")
    book.save(path)
    assert readers.read(connection, path, things()) == Reading(1)


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ('<row r="3"', '<row r="2"', "row 2"),
        ('<row r="2"', '<row r="4"', "row 3"),
        ('r="C2"', 'r="B2"', "cell B2"),
        ('r="A2"', 'r="D2"', "cell B2"),
    ],
)
def test_a_row_or_a_cell_that_is_there_twice_refuses_the_file(
    connection, tmp_path, old, new, place
):
    lines = [[*COLUMNS], ["1", "a", "x"], ["2", "b", "y"]]
    path = workbook(tmp_path / "f.xlsx", T=lines)
    rewrite(path, CELLS, old, new)
    said = f"sheet T: {place} is there twice, or after a later one"
    with pytest.raises(DeliveryError, match=said):
        readers.read(connection, path, things())


def test_a_sheet_that_is_named_and_lacking_refuses_the_file(connection, tmp_path):
    table = [[*COLUMNS], ["1", "a", "x"]]
    path = workbook(tmp_path / "f.xlsx", Y2020=table, Y2021=table)
    with zipfile.ZipFile(path) as book:
        members = {name: book.read(name) for name in book.namelist()}
    del members[CELLS]
    with zipfile.ZipFile(path, "w") as book:
        for name, data in members.items():
            book.writestr(name, data)
    with pytest.raises(
        DeliveryError, match="lists the sheet Y2020 but does not contain it"
    ):
        readers.read(connection, path, things())


def test_a_date_out_of_range_is_a_cell_with_an_error_and_gives_no_warning(
    connection, tmp_path, recwarn
):
    path = workbook(tmp_path / "f.xlsx", T=[[*COLUMNS], ["1", MIDNIGHT, "x"]])
    rewrite(path, CELLS, "<v>44286</v>", "<v>99999999</v>")
    reading = readers.read(connection, path, things(colour="date"))
    assert reading.notes == ("cells with an error: sheet T, cell B2 (#VALUE!)",)
    assert rows(connection) == [(2, "1", "#VALUE!", "x")]
    assert not recwarn.list


def test_an_empty_workbook_is_refused(connection, tmp_path):
    path = workbook(tmp_path / "f.xlsx", A=[], B=[])
    with pytest.raises(DeliveryError, match=r"f\.xlsx: the workbook is empty"):
        readers.read(connection, path, things())


def test_a_cell_with_an_error_is_named_and_its_text_is_kept(connection, tmp_path):
    path = workbook(tmp_path / "f.xlsx", T=[[*COLUMNS], ["1", "#N/A", "#REF!"]])
    reading = readers.read(connection, path, things())
    assert rows(connection) == [(2, "1", "#N/A", "#REF!")]
    assert reading.notes == (
        "cells with an error: sheet T, cell B2 (#N/A), sheet T, cell C2 (#REF!)",
    )


def test_a_formula_without_a_stored_value_refuses_the_file_with_its_cell(
    connection, tmp_path
):
    path = workbook(tmp_path / "f.xlsx", T=[[*COLUMNS], [], ["=1+1"]])
    said = r"f\.xlsx: sheet T, cell A3: a formula without .* save it and send it again"
    with pytest.raises(DeliveryError, match=said):
        readers.read(connection, path, things())


@pytest.mark.parametrize(
    ("stored", "value"),
    [("><f>1+1</f><v>2</v>", "2"), (' t="str"><f>1+1</f><v></v>', None)],
    ids=["number", "empty text"],
)
def test_the_stored_value_of_a_formula_is_read(connection, tmp_path, stored, value):
    path = workbook(tmp_path / "f.xlsx", T=[[*COLUMNS], ["1", "=1+1", "x"]])
    rewrite(path, CELLS, r"(?<=B2\")><f>1\+1</f><v ?/?>(</v>)?", stored)
    readers.read(connection, path, things())
    assert rows(connection) == [(2, "1", value, "x")]


def test_a_workbook_that_says_less_of_its_size_than_it_holds_is_read_whole(
    connection, tmp_path
):
    path = workbook(tmp_path / "f.xlsx", T=[[*COLUMNS], ["1", "a", "x"]])
    rewrite(path, CELLS, 'ref="A1:C2"', 'ref="A1:A1"')
    readers.read(connection, path, things())
    assert rows(connection) == [(2, "1", "a", "x")]


@pytest.mark.parametrize("key", [4600012.5, 2**53], ids=str)
def test_a_key_cell_that_is_no_certain_whole_number_refuses_the_file(
    connection, tmp_path, key
):
    path = workbook(tmp_path / "f.xlsx", T=[[*COLUMNS], [key, "a", "x"]])
    with pytest.raises(DeliveryError, match="sheet T, cell A2: a key that is"):
        readers.read(connection, path, things())
