"""A file of any kind is read completely, or is refused with one sentence."""

import csv
import gzip
import io
import re
from dataclasses import replace
from pathlib import Path
from unittest import mock

import duckdb
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as example_settings
from hypothesis import strategies as st
from pyarrow import parquet

from dagster_project import settings
from dagster_project.errors import DeliveryError
from dagster_project.intake import contracts
from dagster_project.intake.header import Reading
from dagster_project.intake.reading import csv_blocks, readers
from tests.intake_files import COLUMNS, contract, csv_of, text_of

quickly = example_settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
NEVER_CLOSED = "line 3: a quotation mark is opened but never closed"
# Characters that are difficult for quoting, line ends and encodings.
values = st.text(alphabet='ab1 ",;\n\ré“\t', max_size=6)
keys = st.text(alphabet='ab1 ",;é“\t', max_size=6)
good_rows = st.tuples(keys, values, values)
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
    **options: str,
) -> Reading:
    if data is not None:
        path.write_bytes(gzip.compress(data) if path.suffix == ".gz" else data)
    return readers.read(connection, path, contract(**options))


def in_blocks(monkeypatch: pytest.MonkeyPatch, size: int) -> None:
    """Read files in blocks of this size, in bytes."""
    monkeypatch.setattr(csv_blocks, "FIRST_BYTES", size)
    monkeypatch.setattr(csv_blocks, "BLOCK_BYTES", size)


def rows(connection: duckdb.DuckDBPyConnection) -> list[tuple]:
    return connection.execute(
        "select _line, thing_id, colour, size from delivered order by _line"
    ).fetchall()


def rejected(connection: duckdb.DuckDBPyConnection) -> list[tuple]:
    return connection.execute(
        "select line, line_text from rejected order by line"
    ).fetchall()


def reasons(connection: duckdb.DuckDBPyConnection) -> set[str]:
    return {
        row[0] for row in connection.execute("select reason from rejected").fetchall()
    }


def written(parts: list, end: str, quote_all: bool) -> tuple[bytes, list, list]:
    """Return the file of these records, and its good and bad rows by line."""
    text, good, bad = io.StringIO(newline=""), [], []
    # Python's writer does not quote a carriage return if lines end with \n.
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
    """Return rows as the reader gives them: no empty texts, keys without spaces."""
    return [
        (line, key.strip() or None, colour or None, size or None)
        for line, key, colour, size in good
        if "".join([key, colour, size]).strip()
    ]


@quickly
@given(
    records,
    st.sampled_from(["\n", "\r\n"]),
    st.booleans(),
    st.booleans(),
    st.sampled_from([1, 2, 7, 64, csv_blocks.BLOCK_BYTES]),
)
def test_every_record_has_the_number_of_its_line_wherever_others_are_rejected(
    connection, tmp_path, parts, end, quote_all, zipped, block_bytes
):
    data, good, bad = written(parts, end, quote_all)
    path = tmp_path / ("f.csv.gz" if zipped else "f.csv")
    with mock.patch.multiple(
        csv_blocks, FIRST_BYTES=block_bytes, BLOCK_BYTES=block_bytes
    ):
        reading = read(connection, path, data)
    assert rows(connection) == cleaned(good)
    assert rejected(connection) == bad
    assert reading.delivered == len(cleaned(good)) + len(bad)
    assert reading.delivered + reading.blank == len(good) + len(bad)


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
@given(
    st.text(alphabet='"\n\r, ', max_size=6),
    st.permutations([*COLUMNS, "", "other"]),
    st.binary(max_size=6),
)
def test_a_file_that_can_be_read_is_not_refused_for_its_header(
    connection, tmp_path, before, names, noise
):
    path = tmp_path / "f.csv"
    path.write_bytes(f"{before}{','.join(names)}".encode() + noise + b"\n1,a,2,,\n")
    try:
        readers.check(path, contract())
    except DeliveryError as error:
        with pytest.raises(DeliveryError, match=re.escape(str(error))):
            read(connection, path)


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
    with pytest.raises(DeliveryError, match=r"f\.csv: line 2: text .* not in cp1252"):
        read(connection, tmp_path / "f.csv", text_of() + b"\x81\xff", encoding="cp1252")


def test_a_byte_order_mark_is_no_part_of_the_first_heading(connection, tmp_path):
    read(connection, tmp_path / "f.csv", b"\xef\xbb\xbf" + text_of("1,red,2"))
    assert rows(connection) == [(2, "1", "red", "2")]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-be"])
def test_utf_16_is_refused_by_its_name(connection, tmp_path, encoding):
    data = ("\ufeff" * (encoding == "utf-16-be") + "thing_id,colour").encode(encoding)
    with pytest.raises(DeliveryError, match="the text is in UTF-16"):
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


def test_a_record_of_several_blocks_is_read_whole(connection, tmp_path, monkeypatch):
    in_blocks(monkeypatch, 1000)
    read(connection, tmp_path / "f.csv", csv_of([("1", "x,\n" * 900, "2"), ("2",) * 3]))
    assert rows(connection) == [(2, "1", "x,\n" * 900, "2"), (3, "2", "2", "2")]


def test_a_nul_byte_is_kept_in_its_value(connection, tmp_path):
    read(connection, tmp_path / "f.csv", text_of("1,a\x00b,2", "\x00,c,3"))
    assert rows(connection) == [(2, "1", "a\x00b", "2"), (3, "\x00", "c", "3")]


def test_a_quotation_mark_inside_a_value_is_a_letter(connection, tmp_path):
    read(connection, tmp_path / "f.csv", text_of('1,5" nail,2', "2,b,3"))
    assert rows(connection) == [(2, "1", '5" nail', "2"), (3, "2", "b", "3")]


def test_a_quotation_mark_that_never_closes_refuses_the_file_with_its_line(
    connection, tmp_path
):
    with pytest.raises(DeliveryError, match=NEVER_CLOSED):
        read(connection, tmp_path / "f.csv", text_of("1,a,2", '2,"b,3', "3,c,4"))


def test_a_quotation_mark_that_is_not_closed_within_the_limit_refuses_the_file(
    connection, tmp_path, monkeypatch
):
    in_blocks(monkeypatch, 100)
    monkeypatch.setattr(csv_blocks, "RECORD_LIMIT_BYTES", 1000)
    data = text_of("1,a,2", '2,"b,3', *["3,c,4"] * 1000, '4,d",5')
    with pytest.raises(DeliveryError, match=NEVER_CLOSED):
        read(connection, tmp_path / "f.csv", data)


def test_a_pair_of_stray_quotation_marks_hides_no_record_in_a_coded_column(
    connection, tmp_path
):
    plain = replace(contract(), free_text=frozenset({"size"}))
    path = tmp_path / "f.csv"
    path.write_bytes(text_of("1,a,2", '2,"b,3', "3,c,4", '4,d",5', "5,e,6"))
    said = r"f\.csv: line 3, column colour: the value contains a .* corrected file"
    with pytest.raises(DeliveryError, match=said):
        readers.read(connection, path, plain)
    path.write_bytes(text_of('1,a,"2', '3"', "5,e,6"))
    assert readers.read(connection, path, plain).delivered == 2
    assert rows(connection) == [(2, "1", "a", "2\n3"), (3, "5", "e", "6")]


ACTIONS = contracts.load_contract("actions")
FREE_TEXT = sorted(ACTIONS.free_text, key=ACTIONS.columns.index)
ACTION = {
    "strand_name": "Hate Crime",
    "action_title": "Train",
    "start_date": "2021-01-01",
    "due_date": "2021-12-31",
    "action_status": "Ongoing",
    "is_at_risk": "N",
}
# A comma in prose is followed by a space or a line end.
prose = st.lists(
    st.tuples(
        st.sampled_from(["talk", "N", "2021-10-01", "12", '"so"', ""]),
        st.sampled_from([" ", ", ", "\n", ",\n", ". "]),
    ),
    max_size=40,
).map(lambda parts: "".join(word + end for word, end in parts))
titles = st.sampled_from(["Train", "Talk, then act", 'Say "no"', ""])


def plan_of(actions: list[dict[str, str]]) -> list[str]:
    """Return the record of each action, as in a CSV file."""
    records = []
    for number, action in enumerate(actions, start=1):
        text = io.StringIO(newline="")
        writer = csv.DictWriter(text, ACTIONS.columns, lineterminator="\n")
        writer.writerow({"action_id": f"A{number}."} | ACTION | action)
        records.append(text.getvalue().removesuffix("\n"))
    return records


def read_plan(connection, path: Path, lines: list[str], header: str = "") -> Reading:
    header = header or ",".join(ACTIONS.columns)
    path.write_bytes(text_of(*lines, header=header))
    return readers.read(connection, path, ACTIONS)


@quickly
@given(
    st.lists(titles, min_size=2, max_size=6),
    st.data(),
    st.sampled_from(FREE_TEXT),
    st.sampled_from(FREE_TEXT),
)
def test_a_pair_of_stray_quotation_marks_hides_no_record_in_free_text(
    connection, tmp_path, words, data, opened, closed
):
    numbers = st.integers(0, len(words) - 1)
    first, last = sorted(data.draw(st.sets(numbers, min_size=2, max_size=2)))
    actions = [{"action_title": title} for title in words]
    actions[first][opened] = "<" + actions[first].get(opened, "")
    actions[last][closed] = actions[last].get(closed, "") + ">"
    lines = plan_of(actions)
    for number, mark in ((first, "<"), (last, ">")):
        lines[number] = lines[number].replace('"', "").replace(mark, '"')
    try:
        reading = read_plan(connection, tmp_path / "f.csv", lines)
    except DeliveryError as error:
        assert "quotation mark" in str(error)
        return
    assert reading.delivered == len(words)
    found = connection.execute("select action_id from delivered").fetchall()
    texts = [text for _, text in rejected(connection)]
    assert all(text.count("Hate Crime") == 1 for text in texts)
    assert len(found) + len(texts) == len(words)


@quickly
@given(st.lists(st.tuples(prose, prose, prose), min_size=1, max_size=4))
def test_comments_of_several_lines_are_read_whatever_their_commas(
    connection, tmp_path, comments
):
    columns = ("action_title", "at_risk_reason", "mitigation")
    actions = [dict(zip(columns, each, strict=True)) for each in comments]
    read_plan(connection, tmp_path / "f.csv", plan_of(actions))
    found = connection.execute(
        f"select {', '.join(columns)} from delivered order by _line"
    ).fetchall()
    assert found == [
        tuple(text if text.strip(" ") else None for text in each) for each in comments
    ]


@pytest.mark.parametrize("column", FREE_TEXT)
def test_records_within_free_text_refuse_the_file_with_line_and_column(
    connection, tmp_path, column
):
    lines = plan_of([{}, {column: "<"}, {}, {column: ">"}])
    lines = [re.sub("[<>]", '"', line) for line in lines]
    said = rf"f\.csv: line 3, column {column}: some of its lines .* corrected file"
    with pytest.raises(DeliveryError, match=said):
        read_plan(connection, tmp_path / "f.csv", lines)


def test_records_within_a_heading_refuse_the_file(connection, tmp_path):
    first, second, third = plan_of([{}, {}, {}])
    header = ",".join([*ACTIONS.columns, '"seen by'])
    lines = [first + ",me", f'{second},"', third + ",me"]
    with pytest.raises(DeliveryError, match="line 1: some of its lines look like"):
        read_plan(connection, tmp_path / "f.csv", lines, header)


def test_a_line_break_in_a_column_that_the_contract_does_not_know_is_kept(
    connection, tmp_path
):
    header = ",".join([*ACTIONS.columns, "comments"])
    first, second = plan_of([{}, {}])
    lines = [first + ',"one\ntwo, three"', second + ",four"]
    assert read_plan(connection, tmp_path / "f.csv", lines, header).delivered == 2
    found = connection.execute(
        "select _added_columns ->> 'comments' from delivered order by _line"
    ).fetchall()
    assert found == [("one\ntwo, three",), ("four",)]


def test_records_within_a_column_that_the_contract_does_not_know_refuse_the_file(
    connection, tmp_path
):
    header = ",".join([*ACTIONS.columns, "comments"])
    first, second, third = plan_of([{}, {}, {}])
    lines = [f'{first},"a', f"{second},b", f'{third},c"']
    with pytest.raises(
        DeliveryError, match="line 2, column comments: some of its lines"
    ):
        read_plan(connection, tmp_path / "f.csv", lines, header)


def test_a_line_break_in_an_unknown_column_is_refused_where_no_column_is_typed(
    connection, tmp_path
):
    header = ",".join([*COLUMNS, "comments"])
    data = text_of('1,a,2,"b', "2,c,3,d", '3,e,4,f"', header=header)
    with pytest.raises(
        DeliveryError, match="column comments: the value contains a line"
    ):
        read(connection, tmp_path / "f.csv", data)


def test_a_heading_of_two_lines_is_read(connection, tmp_path):
    header = ",".join([*ACTIONS.columns, '"seen\nby"'])
    reading = read_plan(connection, tmp_path / "f.csv", [], header)
    assert reading.added_columns == ("seen\nby",)


def test_each_contract_with_free_text_has_a_typed_value_in_every_row():
    """The reader needs it to recognise a record inside free text (csv_hidden.py)."""
    for extract in settings.force_extracts():
        contract = contracts.load_contract(extract)
        required = {
            column["name"]
            for column in contracts.declaration(extract)["columns"]
            if contracts.meta(column).get("required")
        }
        assert contract.typed & required or not contract.free_text, extract


@pytest.mark.parametrize("encoding", ["utf-8", "windows-1252"])
def test_text_behind_a_closing_quotation_mark_is_set_apart_and_its_neighbours_read(
    connection, tmp_path, encoding
):
    data = text_of("1,a,2", '2,"b"x,3', '3,"c" ,4', '4,"d\ne"f,5', "5,g,6")
    reading = read(connection, tmp_path / "f.csv", data, encoding=encoding)
    assert rows(connection) == [
        (2, "1", "a", "2"),
        (4, "3", "c ", "4"),
        (6, "5", "g", "6"),
    ]
    assert rejected(connection) == [(3, '2,"b"x,3'), (5, '4,"d\ne"f,5')]
    assert reasons(connection) == {"text behind a closing quotation mark"}
    assert reading.delivered == 5


@pytest.mark.parametrize(
    ("row", "reason"), [("2,b", "2 of 3 columns"), ("2,b,3,4", "4 of 3 columns")]
)
def test_a_row_cut_short_or_too_long_is_set_apart_and_its_neighbours_read(
    connection, tmp_path, row, reason
):
    read(connection, tmp_path / "f.csv", text_of("1,a,2", row, "3,c,4"))
    assert rows(connection) == [(2, "1", "a", "2"), (4, "3", "c", "4")]
    assert rejected(connection) == [(3, row)]
    assert reasons(connection) == {reason}


@pytest.mark.parametrize("start", [b"", b"1,a,2\r\n", b"1,a,2\n"])
def test_a_file_that_ends_in_the_middle_of_a_line_is_refused(
    connection, tmp_path, start
):
    """Copying was interrupted, so later lines may be missing."""
    data = text_of() + start + b"2,b"
    line = data.count(b"\n") + 1
    said = f"line {line}: the file ends in the middle .* after 2 of 3 .*the whole file"
    with pytest.raises(DeliveryError, match=said):
        read(connection, tmp_path / "f.csv", data)
    read(connection, tmp_path / "f.csv", data + b"\n")
    assert rejected(connection) == [(line, "2,b")]


def test_a_last_line_without_an_end_is_read_if_it_has_all_columns(connection, tmp_path):
    read(connection, tmp_path / "f.csv", text_of() + b"1,a,2")
    assert rows(connection) == [(2, "1", "a", "2")]


def test_rows_of_separators_alone_are_blank_lines(connection, tmp_path):
    data = text_of(",,", "1,a,2", '"","",', " ,\t,", ",,,,", "", ",b,", ",,")
    reading = read(connection, tmp_path / "f.csv", data)
    assert rows(connection) == [(3, "1", "a", "2"), (8, None, "b", None)]
    assert rejected(connection) == []
    assert (reading.delivered, reading.blank) == (2, 6)


@pytest.mark.parametrize(
    "data", [b"", b"\r\n\r\n", b" ,\t,\n", b'"",""\n', b"\xef\xbb\xbf"]
)
def test_a_file_without_a_value_is_refused_as_empty(connection, tmp_path, data):
    with pytest.raises(DeliveryError, match="the file is empty and has no header"):
        read(connection, tmp_path / "f.csv", data)


def test_a_header_behind_a_block_of_blank_lines_is_found(
    connection, tmp_path, monkeypatch
):
    in_blocks(monkeypatch, 10)
    reading = read(connection, tmp_path / "f.csv", b"\n" * 100 + text_of("1,a,2"))
    assert (reading.delivered, reading.blank) == (1, 100)
    assert rows(connection) == [(102, "1", "a", "2")]


@pytest.mark.parametrize("blank", ["", ",,"])
def test_blank_lines_before_the_header_do_no_harm(connection, tmp_path, blank):
    data = blank.encode() + b"\n" + text_of("1,a,2")
    assert read(connection, tmp_path / "f.csv", data).blank == 1
    assert rows(connection) == [(3, "1", "a", "2")]


def test_a_carriage_return_alone_ends_a_record(connection, tmp_path):
    read(connection, tmp_path / "f.csv", text_of("1,a,2", "2,b,3", end="\r"))
    assert rows(connection) == [(2, "1", "a", "2"), (3, "2", "b", "3")]


def test_a_file_of_many_blocks_is_read_whole_within_a_transaction(
    connection, tmp_path, monkeypatch
):
    in_blocks(monkeypatch, 4_000_000)
    connection.execute("begin")
    lines = [f"{number},red,{number}" for number in range(2, 400_002)]
    lines[200_000:200_000] = [",,"] * 2_000_000
    read(connection, tmp_path / "f.csv", text_of(*lines))
    assert connection.execute(
        "select count(*), count(distinct thing_id), count_if(_line = size::int),"
        " count_if(_line = size::int + 2_000_000) from delivered"
    ).fetchall() == [(400_000, 400_000, 200_000, 200_000)]


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
    monkeypatch.setattr(readers.Delivered, "_insert", lambda *_: None)
    with pytest.raises(DeliveryError, match="has 2 records, but the reader found 1"):
        read(connection, tmp_path / "f.csv", text_of("1,a,2", "2,b"))


@pytest.mark.parametrize("name", ["f.parquet", "f.xlsx"])
def test_a_file_that_is_not_what_its_name_says_is_refused(connection, tmp_path, name):
    with pytest.raises(DeliveryError, match=f"{name}: not a readable"):
        read(connection, tmp_path / name, text_of("1,2,3"))


@pytest.mark.parametrize(
    ("column", "values", "words"),
    [
        ("thing_id", [b"a", b"\xff"], "line 3, thing_id: bytes that are not text"),
        ("colour", [["red"], ["red", "blue|green"]], "line 3, colour: a list with a"),
    ],
)
def test_a_value_of_parquet_that_has_no_certain_text_refuses_the_file(
    connection, tmp_path, column, values, words
):
    columns = {"thing_id": ["1", "2"], "colour": ["red", None], "size": ["1", "2"]}
    table = pa.table(columns | {column: values})
    parquet.write_table(table, tmp_path / "f.parquet")
    with pytest.raises(DeliveryError, match=re.escape(words)) as refused:
        read(connection, tmp_path / "f.parquet")
    assert "as text in UTF-8" in str(refused.value)


def test_a_list_of_parquet_is_its_values_and_bytes_in_utf_8_are_text(
    connection, tmp_path
):
    columns = {"thing_id": [b"1"], "colour": [["red", "blue"]], "size": [[]]}
    parquet.write_table(pa.table(columns), tmp_path / "f.parquet")
    read(connection, tmp_path / "f.parquet")
    assert rows(connection) == [(2, "1", "red|blue", None)]
