"""Any file is read whole, line by line, or is refused with one sentence."""

import csv
import gzip
import io
from pathlib import Path

import duckdb
import pandas
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dagster_project.sources import csv_reader, readers
from dagster_project.sources.header import Reading
from dagster_project.sources.register import DeliveryError
from tests.intake_files import COLUMNS, contract, csv_of, text_of

quickly = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
# Letters that quoting, line ends and encodings can go wrong on.
values = st.text(alphabet='ab1 ",;\n\ré“\t', max_size=6)
good_rows = st.tuples(values, values, values)
bad_rows = st.sampled_from(["x", "x,y", "1,2,3,4", "1,2,3,4,5", '"x\ny",2'])
records = st.lists(st.one_of(good_rows, bad_rows), max_size=12)


@pytest.fixture
def connection():
    with duckdb.connect() as opened:
        yield opened


def read(
    connection: duckdb.DuckDBPyConnection,
    path: Path,
    data: bytes | None = None,
    **settings: str,
) -> Reading:
    if data is not None:
        path.write_bytes(gzip.compress(data) if path.suffix == ".gz" else data)
    return readers.read(connection, path, contract(**settings), path.parent)


def rows(connection: duckdb.DuckDBPyConnection) -> list[tuple]:
    return connection.execute(
        "select _line, thing_id, colour, size from delivered order by _line"
    ).fetchall()


def rejected(connection: duckdb.DuckDBPyConnection) -> list[tuple]:
    return connection.execute(
        "select line, line_text from rejected order by line"
    ).fetchall()


def written(parts: list, end: str, quote_all: bool) -> tuple[bytes, list, list]:
    """The file of these records; its good rows and its bad ones by their line."""
    text, good, bad = io.StringIO(newline=""), [], []
    # Python's writer leaves a carriage return bare where the lines end otherwise.
    quote_all = quote_all or any("\r" in "".join(part) for part in parts)
    quoting = csv.QUOTE_ALL if quote_all else csv.QUOTE_MINIMAL
    writer = csv.writer(text, lineterminator=end, quoting=quoting)
    writer.writerow(COLUMNS)
    for line, part in enumerate(parts, start=2):
        if isinstance(part, tuple):
            writer.writerow(part)
            good.append((line, *part))
        else:
            text.write(part + end)
            bad.append((line, part))
    return text.getvalue().encode(), good, bad


def cleaned(good: list) -> list[tuple]:
    """As the reader gives them: an empty value is none, a key has no spaces around."""
    return [
        (line, key.strip(" ") or None, colour or None, size or None)
        for line, key, colour, size in good
    ]


@quickly
@given(records, st.sampled_from(["\n", "\r\n"]), st.booleans(), st.booleans())
def test_every_record_has_the_number_of_its_line_wherever_others_are_rejected(
    connection, tmp_path, parts, end, quote_all, zipped
):
    data, good, bad = written(parts, end, quote_all)
    path = tmp_path / ("f.csv.gz" if zipped else "f.csv")
    reading = read(connection, path, data)
    assert rows(connection) == cleaned(good)
    assert rejected(connection) == bad
    assert reading.delivered == len(good) + len(bad)


@quickly
@given(st.binary(max_size=60))
def test_whatever_the_bytes_every_record_is_kept_or_the_file_refused(
    connection, tmp_path, noise
):
    try:
        reading = read(connection, tmp_path / "f.csv", text_of() + noise)
    except DeliveryError as error:
        assert "f.csv" in str(error) and "Nothing of" in str(error)
    else:
        assert reading.delivered == len(rows(connection)) + len(rejected(connection))


@quickly
@given(records, st.lists(st.integers(0, 40), max_size=4))
def test_blank_lines_and_mixed_line_ends_lose_no_record(
    connection, tmp_path, parts, blanks
):
    plain = [part for part in parts if not {"\n", "\r"} & set("".join(part))]
    data, good, bad = written(plain, "\n", False)
    lines = data.splitlines()
    for place in sorted({min(blank, len(lines)) for blank in blanks}, reverse=True):
        lines.insert(max(place, 1), b"")
    ends = [(b"\n", b"\n", b"\r\n")[i % 3] for i in range(len(lines))]
    mixed = b"".join(line + end for line, end in zip(lines, ends, strict=True))
    read(connection, tmp_path / "f.csv", mixed)
    assert [row[1:] for row in rows(connection)] == [r[1:] for r in cleaned(good)]
    assert len(rejected(connection)) == len(bad)


def test_a_rejected_line_keeps_its_text_though_it_is_not_utf_8(connection, tmp_path):
    data = text_of("1,red,2") + b"2,caf\xe9,3\n" + b"3,\x93quoted\x94,4\n4,blue,5\n"
    read(connection, tmp_path / "f.csv.gz", data)
    assert rejected(connection) == [(3, r"2,caf\xe9,3"), (4, r"3,\x93quoted\x94,4")]
    assert rows(connection) == [(2, "1", "red", "2"), (5, "4", "blue", "5")]


def test_windows_1252_is_read_with_its_curly_quotes_where_it_was_agreed(
    connection, tmp_path
):
    data = text_of("1,“café” £5,3").decode().encode("cp1252")
    read(connection, tmp_path / "f.csv", data, encoding="cp1252")
    assert rows(connection) == [(2, "1", "“café” £5", "3")]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["f.csv"]


def test_utf_8_is_read_as_such_though_windows_1252_was_agreed_and_this_is_said(
    connection, tmp_path
):
    reading = read(
        connection, tmp_path / "f.csv", text_of("1,café,3"), encoding="cp1252"
    )
    assert rows(connection) == [(2, "1", "café", "3")]
    assert reading.notes == ("in UTF-8, though cp1252 was agreed",)


def test_bytes_that_no_encoding_agreed_on_has_reject_the_file(connection, tmp_path):
    with pytest.raises(DeliveryError, match=r"f\.csv: not a file in cp1252"):
        read(connection, tmp_path / "f.csv", text_of() + b"\x81\xff", encoding="cp1252")


def test_a_byte_order_mark_is_no_part_of_the_first_heading(connection, tmp_path):
    read(connection, tmp_path / "f.csv", b"\xef\xbb\xbf" + text_of("1,red,2"))
    assert rows(connection) == [(2, "1", "red", "2")]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-be"])
def test_utf_16_is_refused_by_its_name(connection, tmp_path, encoding):
    data = ("\ufeff" * (encoding == "utf-16-be") + "thing_id,colour").encode(encoding)
    with pytest.raises(DeliveryError, match="written in UTF-16"):
        read(connection, tmp_path / "f.csv", data)


def test_columns_are_read_by_name_in_any_order_and_others_are_kept(
    connection, tmp_path
):
    data = text_of("5,x'y,red,1", header='Size,"officer\'s note",Colour,Thing_ID')
    reading = read(connection, tmp_path / "f.csv", data)
    assert rows(connection) == [(2, "1", "red", "5")]
    assert reading.added_columns == ("officer's note",)
    added = connection.execute("select _added_columns from delivered").fetchall()
    assert added == [('{"officer\'s note":"x\'y"}',)]


def test_empty_headings_at_the_end_do_no_harm(connection, tmp_path):
    reading = read(
        connection,
        tmp_path / "f.csv",
        text_of("1,red,2,,", header=f"{COLUMNS[0]},colour,size,,"),
    )
    assert rows(connection) == [(2, "1", "red", "2")]
    assert reading.added_columns == ("column_4", "column_5")


@pytest.mark.parametrize(
    ("header", "said"),
    [
        ("thing_id,size", "the header lacks colour."),
        ("thing_id,color,size", "lacks colour. It has instead: color."),
        ("thing_id,colour,colour,size", "the header has colour twice."),
        ("thing_id;colour;size", "separated by semicolons, not by commas."),
        ("thing_id\tcolour\tsize", "separated by tabs, not by commas."),
        ("\x00\x1b[31m", r"It has instead: \ufffd\x1b[31m."),
        ("x" * 200_000, "It has instead: " + "x" * 40 + "."),
        (",".join(f"c{i}" for i in range(500)), "c7 and 492 more."),
    ],
)
def test_a_header_that_is_not_the_contracts_rejects_the_file_with_what_is_wrong(
    connection, tmp_path, header, said
):
    with pytest.raises(DeliveryError) as refused:
        read(connection, tmp_path / "f.csv", text_of("1,2,3", header=header))
    assert said in str(refused.value) and "Nothing of this file" in str(refused.value)
    assert len(str(refused.value)) < 600


@pytest.mark.parametrize("end", ["", "\n", "\r\n"])
def test_a_file_with_only_a_header_has_no_line(connection, tmp_path, end):
    data = ",".join(COLUMNS).encode() + end.encode()
    assert read(connection, tmp_path / "f.csv", data).delivered == 0
    assert rows(connection) == []


@pytest.mark.parametrize("name", ["f.csv", "f.csv.gz", "f.parquet", "f.xlsx"])
def test_an_empty_file_is_refused(connection, tmp_path, name):
    (tmp_path / name).write_bytes(b"")
    with pytest.raises(DeliveryError, match=rf"(?s){name}.*(sent again|password)"):
        read(connection, tmp_path / name)


@pytest.mark.parametrize("place", [12, 30, -20, -1])
def test_a_gzip_that_was_cut_or_hurt_is_refused(connection, tmp_path, place):
    whole = gzip.compress(csv_of([(str(i), "red", str(i * i)) for i in range(500)]))
    for data in (whole[:place], whole[:place] + b"\xff" + whole[place:][1:]):
        (tmp_path / "f.csv.gz").write_bytes(data)
        with pytest.raises(DeliveryError, match="damaged or cannot be read"):
            read(connection, tmp_path / "f.csv.gz")


def test_a_field_of_100_000_letters_is_read_whole(connection, tmp_path):
    read(connection, tmp_path / "f.csv", csv_of([("1", "é," * 50_000, "2")]))
    assert rows(connection) == [(2, "1", "é," * 50_000, "2")]


def test_a_record_beyond_what_the_reader_takes_is_kept_apart(connection, tmp_path):
    read(
        connection, tmp_path / "f.csv", text_of("1," + "x" * 2_100_000 + ",2", "2,b,3")
    )
    assert rows(connection) == [(3, "2", "b", "3")]
    assert [line for line, _ in rejected(connection)] == [2]


def test_a_nul_byte_is_kept_in_its_value(connection, tmp_path):
    read(connection, tmp_path / "f.csv", text_of("1,a\x00b,2", "\x00,c,3"))
    assert rows(connection) == [(2, "1", "a\x00b", "2"), (3, "\x00", "c", "3")]


def test_a_quotation_mark_inside_a_value_is_a_letter(connection, tmp_path):
    read(connection, tmp_path / "f.csv", text_of('1,5" nail,2', "2,b,3"))
    assert rows(connection) == [(2, "1", '5" nail', "2"), (3, "2", "b", "3")]


def test_a_quotation_mark_that_never_closes_takes_the_rest_as_one_record(
    connection, tmp_path
):
    reading = read(connection, tmp_path / "f.csv", text_of("1,a,2", '2,"b,3', "3,c,4"))
    assert rows(connection) == [(2, "1", "a", "2")]
    assert rejected(connection)[0][1].startswith('2,"b,3\n3,c,4')
    assert reading.delivered == 2


def test_a_lone_carriage_return_refuses_the_file(connection, tmp_path):
    with pytest.raises(DeliveryError, match=r"f\.csv.*Nothing of this file"):
        read(connection, tmp_path / "f.csv", text_of("1,a\rb,2", "2,c,3"))


def test_a_name_that_looks_like_a_pattern_is_read_and_no_other(connection, tmp_path):
    for folder, colour in (("h1", "blue"), ("h[1]", "red"), ("h*", "green")):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "f.csv").write_bytes(text_of(f"1,{colour},2"))
    for folder, colour in (("h1", "blue"), ("h[1]", "red"), ("h*", "green")):
        read(connection, tmp_path / folder / "f.csv")
        assert rows(connection) == [(2, "1", colour, "2")]


def test_a_count_that_differs_from_the_readers_refuses_the_file(
    connection, tmp_path, monkeypatch
):
    monkeypatch.setattr(csv_reader, "_keep_rejected", lambda connection, path: None)
    with pytest.raises(DeliveryError, match="2 records by its bytes, but 1 by"):
        read(connection, tmp_path / "f.csv", text_of("1,a,2", "2,b"))


def test_parquet_is_written_out_as_the_contract_writes_it(connection, tmp_path):
    connection.execute(
        f"""
        copy (
            select timestamp '2021-09-30 23:30:00' as Size, ['Knife', 'Gang'] as colour,
                ' 1 ' as thing_id, date '2021-01-02' as other
        ) to '{tmp_path / "f.parquet"}'
        """
    )
    reading = read(connection, tmp_path / "f.parquet")
    assert rows(connection) == [(2, "1", "Knife|Gang", "2021-09-30T23:30:00")]
    assert reading == Reading(1, ("other",))


def test_a_workbook_is_read_by_its_first_sheet_with_dates_and_ticks_as_text(
    connection, tmp_path
):
    path = tmp_path / "f.xlsx"
    cells = [
        ["Colour", "thing_id", "size", "seen by"],
        [pandas.Timestamp("2021-09-30"), 1, True, "me"],
        [None, None, None, None],
        ["=1+1", " 2 ", "", None],
        [None, None, None, "left over"],
    ]
    pandas.DataFrame(cells).to_excel(path, index=False, header=False)
    reading = read(connection, path)
    assert rows(connection)[0] == (2, "1", "2021-09-30", "Y")
    assert [row[:2] for row in rows(connection)] == [(2, "1"), (4, "2")]
    assert reading == Reading(2, ("seen by",))


@pytest.mark.parametrize("name", ["f.parquet", "f.xlsx"])
def test_a_file_that_is_not_what_its_name_says_is_refused(connection, tmp_path, name):
    with pytest.raises(DeliveryError, match=f"{name}: not a readable"):
        read(connection, tmp_path / name, text_of("1,2,3"))
