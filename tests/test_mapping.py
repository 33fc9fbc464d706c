"""A mapping reads an export as it comes into the columns of its contract."""

import datetime as dt
import gzip
import json
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb
import pandas
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from dagster_project.errors import DeliveryError
from dagster_project.intake.contracts import load_contract
from dagster_project.intake.reading import readers
from dagster_project.settings import Home
from tests import messy_exports as messy
from tests.intake_files import workbook

NAME = "crimes_20211117T060000.csv"
TRACKER = "actions_20211117T060000.xlsx"
HEADER = ["Ref", "Strand", "Title", "Start", "Due", "Status"]
ACTIONS = """\
columns:
  action_id: Ref
  strand_name: Strand
  action_title: Title
  owner_role: {always: ""}
  start_date: {from: Start, format: dd/MM/yyyy}
  due_date: {from: Due, format: dd/MM/yyyy}
  completed_date: {always: ""}
  action_status: {from: Status, values: {Open: Ongoing}}
  is_at_risk: {always: N}
  at_risk_reason: {always: ""}
  mitigation: {always: ""}
"""
DAY = dt.datetime(2021, 4, 1)


@pytest.fixture
def connection() -> duckdb.DuckDBPyConnection:
    return duckdb.connect()


def read(
    connection: duckdb.DuckDBPyConnection, home: Path, path: Path, mapping: str
) -> readers.Reading:
    extract = path.name.partition("_")[0]
    messy.write(home, f"{extract}.yml", mapping)
    return readers.read(connection, path, load_contract(extract, Home(home)))


def read_csv(connection, home: Path, content: bytes | str, mapping: str):
    if isinstance(content, str):
        content = content.encode()
    extract = "actions" if "action_id" in mapping else "crimes"
    name = NAME.replace("crimes", extract)
    path = messy.deliver(home, extract, name, content)
    return read(connection, home, path, mapping)


def tracker(home: Path, **sheets: list[list]) -> Path:
    path = home / "landing" / "actions" / TRACKER
    path.parent.mkdir(parents=True)
    return workbook(path, **sheets)


def refused(connection, home: Path, path: Path, mapping: str) -> str:
    with pytest.raises(DeliveryError) as error:
        read(connection, home, path, mapping)
    return str(error.value)


def rows(connection, columns: str) -> list[tuple]:
    sql = f"select {columns} from delivered order by _line"
    return connection.execute(sql).fetchall()


def test_an_export_becomes_the_texts_of_the_contract(connection, tmp_path: Path):
    reading = read_csv(connection, tmp_path, messy.CRIMES, messy.CRIMES_MAPPING)
    assert reading.delivered == 5
    expected = messy.expected_crimes(tmp_path / "landing" / "crimes" / NAME)
    columns = ", ".join(expected.columns)
    found = connection.execute(
        f"select {columns} from delivered where _not_mapped is null order by _line"
    ).fetchall()
    good = expected[expected["recorded_at"].notna() & (expected.index != 2)]
    good = good.astype(object).where(good.notna(), None)
    assert found == [tuple(row) for row in good.to_numpy()]


def test_what_the_mapping_lacks_is_held_and_named_by_line_column_value_and_remedy(
    connection, tmp_path: Path
):
    reading = read_csv(connection, tmp_path, messy.CRIMES, messy.CRIMES_MAPPING)
    path = tmp_path / "config" / "mappings" / "crimes.yml"
    assert reading.notes[1:] == (
        "recorded_at: '31/09/2021 10:00' fits the format dd/MM/yyyy HH:mm, but there is"
        f" no such date or time: 1 line held, the first is line 8. Correct {path}, line"
        " 13 (columns.recorded_at.format), or have the value corrected at its source",
        "district_code: 'Ashfrod' is not in the list of the mapping (is 'ashford'"
        f" meant?): 1 line held, the first is line 7. Add the value to {path}, line 30"
        " (columns.district_code.values), or have it corrected at its source",
    )
    held = rows(connection, "_line, _not_mapped, district_code, recorded_at")
    assert [row for row in held if row[1]] == [
        (7, ["district_code"], "Ashfrod", "2021-07-01T00:10:00"),
        (8, ["recorded_at"], "E07000105", "31/09/2021 10:00"),
    ]


def test_values_that_are_held_for_one_reason_share_a_sentence(
    connection, tmp_path: Path
):
    header = messy.CRIMES.split("0001/21;")[0]
    good = "28E;Ashford;;No;No;No;;Open;PC 1;"
    text = header + "".join(
        f"000{n}/21;28/03/2021;01:{minute};;{good}\n"
        for n, minute in enumerate(("05", "30", "30", "59"))
    )
    notes = read_csv(connection, tmp_path, text, messy.CRIMES_MAPPING).notes
    said = [note for note in notes if note.startswith("recorded_at")]
    assert len(said) == 1
    assert "'28/03/2021 01:05' is a time that clocks" in said[0]
    assert "may be in UTC (2 other values are alike): 4 lines held" in said[0]
    assert "the first is line 5" in said[0]


def test_a_value_that_a_list_in_a_file_lacks_is_added_to_that_file(
    connection, tmp_path: Path
):
    path = messy.write(tmp_path, "offences.csv", "theirs,ours\n28E,28E\n34B,34B\n")
    old = "{from: HO Code, values: {8/54: 8N}, others: kept}"
    mapping = messy.CRIMES_MAPPING.replace(old, "{from: HO Code, values: offences.csv}")
    notes = read_csv(connection, tmp_path, messy.CRIMES, mapping).notes
    (said,) = (note for note in notes if note.startswith("offence_code"))
    assert said.endswith(f"Add the value to {path}, or have it corrected at its source")


ADDED = """\
    add:
      Officer: {PC 12: Racial, PC 13: "", PC 14: Racial|CCTV, PC 15: ""}
"""


def test_another_column_of_the_export_adds_values_to_a_list(connection, tmp_path: Path):
    anchor = "    values: {Knife: Knife, Blade: Knife, Alcohol: Alcohol}\n"
    mapping = messy.CRIMES_MAPPING.replace(anchor, anchor + ADDED)
    mapping = mapping.replace("ignore: [Officer]\n", "")
    reading = read_csv(connection, tmp_path, messy.CRIMES, mapping)
    assert [
        (keywords, not_mapped)
        for keywords, not_mapped in rows(connection, "keywords, _not_mapped")
    ] == [
        ("Knife|Alcohol|Racial", None),
        (None, None),
        ("Racial|CCTV", ["district_code"]),
        (None, ["recorded_at"]),
        ("Knife|PC 16", ["keywords"]),
    ]
    assert any(
        "keywords: 'PC 16' is not in the list of the mapping (is 'pc 15' meant?)"
        in note
        and "(columns.keywords.add.Officer)" in note
        for note in reading.notes
    ), reading.notes


def test_the_delivered_line_is_kept_without_the_ignored_column(
    connection, tmp_path: Path
):
    reading = read_csv(connection, tmp_path, messy.CRIMES, messy.CRIMES_MAPPING)
    assert reading.added_columns == ("note",)
    texts = [json.loads(text) for (text,) in rows(connection, "_delivered")]
    assert texts[0]["committed between"] == "28/02/2021 22:00 to 01/03/2021 01:30"
    assert texts[4]["note"] == 'a "note" of it'
    assert not any("officer" in text for text in texts)


def test_lines_are_numbered_as_the_file_has_them_and_titles_and_footers_are_counted(
    connection, tmp_path: Path
):
    reading = read_csv(connection, tmp_path, messy.CRIMES, messy.CRIMES_MAPPING)
    assert reading.notes[0] == "4 lines of a title or a footer left out"
    assert reading.blank == 1
    assert [line for (line,) in rows(connection, "_line")] == [5, 6, 7, 8, 9]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_a_file_is_read_in_its_encoding_compressed_or_not(
    connection, tmp_path: Path, encoding: str
):
    text = messy.CRIMES.replace("seen, twice", "café \u2013 twice").encode(encoding)
    name = NAME + ".gz"
    path = messy.deliver(tmp_path, "crimes", name, gzip.compress(text))
    reading = read(connection, tmp_path, path, messy.CRIMES_MAPPING)
    assert reading.delivered == 5
    assert "café \u2013 twice" in rows(connection, "_delivered")[0][0]


def plan(*lines: str, start: str = ",".join(HEADER)) -> str:
    return "".join(f"{line}\n" for line in (start, *lines))


GOOD = "A1,Hate Crime,T,01/04/2021,31/12/2021,Open"


def test_a_footer_that_is_cut_short_or_has_every_column_is_left_out(
    connection, tmp_path: Path
):
    for footer in ("Total,,,,,", "Total: 1", 'Total,"1\n2",,,,\n\nEnd', "total"):
        form = "file: {footer: [Total, Sum]}\n"
        content = plan(GOOD, footer).removesuffix("\n")
        reading = read_csv(connection, tmp_path, content, form + ACTIONS)
        assert reading.delivered == 1 and rows(connection, "action_id") == [("A1",)]


@pytest.mark.parametrize(
    "title", ['"Crimes" of,x', 'Crimes 5" and more', "Caf\xe9", '"a\nb",c', ",,,\nT,,"]
)
def test_a_title_may_be_of_any_kind_and_lines_keep_their_numbers(
    connection, tmp_path: Path, title: str
):
    content = (title + "\n" + plan(GOOD, GOOD.replace("A1", "A2"))).encode("cp1252")
    # A record with a line break within quotation marks is one.
    row = 2 if '"a' in title or "\n" not in title else 3
    form = f"file: {{header_row: {row}, encoding: utf-8}}\n"
    reading = read_csv(connection, tmp_path, content, form + ACTIONS)
    assert reading.delivered == 2 and reading.notes == (
        "1 line of a title or a footer left out",
    )
    assert rows(connection, "_line, action_id") == [(row + 1, "A1"), (row + 2, "A2")]


def test_a_header_that_is_not_in_the_row_of_the_mapping_is_named_by_its_line(
    connection, tmp_path: Path
):
    with pytest.raises(DeliveryError, match="line 3: the header does not fit"):
        read_csv(
            connection,
            tmp_path,
            "T\n" + plan(GOOD),
            "file: {header_row: 3}\n" + ACTIONS,
        )


def test_utf16_is_read_if_the_mapping_says_so_and_else_refused_with_the_remedy(
    connection, tmp_path: Path
):
    content = plan(GOOD).encode("utf-16")
    with pytest.raises(DeliveryError, match="write `encoding: utf-16` in a mapping"):
        read_csv(connection, tmp_path, content, ACTIONS)
    reading = read_csv(
        connection, tmp_path, content, "file: {encoding: UTF-16}\n" + ACTIONS
    )
    assert reading.delivered == 1
    with pytest.raises(DeliveryError, match="Correct the encoding in the mapping"):
        read_csv(
            connection, tmp_path, plan(GOOD), "file: {encoding: utf-16}\n" + ACTIONS
        )


def test_a_record_that_begins_like_the_footer_refuses_the_file(
    connection, tmp_path: Path
):
    many = [GOOD.replace("A1", f"Total{n}" if n == 5 else f"A{n}") for n in range(30)]
    with pytest.raises(DeliveryError) as error:
        read_csv(connection, tmp_path, plan(*many), "file: {footer: Total}\n" + ACTIONS)
    assert (
        "line 7: begins like the footer of the mapping, but it is more than 20 lines"
        " from the end. Correct `footer` in the mapping" in str(error.value)
    )


def test_a_header_row_behind_the_end_of_the_file_refuses_it(connection, tmp_path: Path):
    with pytest.raises(DeliveryError) as error:
        read_csv(connection, tmp_path, plan(GOOD), "file: {header_row: 4}\n" + ACTIONS)
    assert (
        "the file ends before line 4, which the mapping says is the header. Nothing of"
        " this file was taken. Correct header_row in the mapping." in str(error.value)
    )


def test_a_header_without_what_the_mapping_reads_refuses_the_file(
    connection, tmp_path: Path
):
    content = plan(GOOD, start="Ref,Strand,Titel,Start,Due,Status")
    path = messy.deliver(tmp_path, "actions", NAME.replace("crimes", "actions"), b"")
    path.write_text(content, encoding="utf-8")
    mapping = ACTIONS.replace('  mitigation: {always: ""}\n', "")
    said = refused(connection, tmp_path, path, mapping)
    where = tmp_path / "config" / "mappings" / "actions.yml"
    assert said.splitlines() == [
        "actions_20211117T060000.csv, line 1: the header does not fit the mapping."
        " Nothing of this file was taken.",
        f"  - {where}, line 4 (columns.action_title): the export has no column 'title';"
        " is 'titel' meant?",
        f"  - {where}, line 1 (columns): nothing gives mitigation: the export has no"
        " column of this name. Write `mitigation: <column of the export>`, or"
        ' `mitigation: {always: ""}` if the export has none',
        "  The header has: ref, strand, titel, start, due, status",
        "Correct the mapping; or, if the export has changed, ask for it as before.",
    ]


def test_a_column_that_is_there_twice_refuses_the_file(connection, tmp_path: Path):
    content = plan(GOOD + ",x", start=",".join([*HEADER, "Title"]))
    with pytest.raises(DeliveryError, match="has the column 'title' twice"):
        read_csv(connection, tmp_path, content, ACTIONS)


def test_a_column_of_the_contracts_name_needs_no_line_of_the_mapping(
    connection, tmp_path: Path
):
    content = plan(GOOD + ",late", start=",".join([*HEADER, "at_risk_reason"]))
    mapping = ACTIONS.replace('  at_risk_reason: {always: ""}\n', "")
    reading = read_csv(connection, tmp_path, content, mapping)
    assert rows(connection, "at_risk_reason") == [("late",)]
    assert reading.added_columns == ()


def test_other_delimiters_keep_the_guard_against_stray_quotation_marks(
    connection, tmp_path: Path
):
    lines = [line.replace(",", ";") for line in (GOOD, GOOD.replace("A1", "A2"))]
    hidden = [lines[0].replace(";T;", ';"T;'), lines[1].replace(";T;", ';T";')]
    form = "file: {delimiter: semicolon}\n"
    with pytest.raises(DeliveryError, match="look like separate records"):
        content = plan(*hidden, start=";".join(HEADER))
        read_csv(connection, tmp_path, content, form + ACTIONS)
    quoted = lines[0].replace(";T;", ';"a; ""b""\nc";')
    read_csv(connection, tmp_path, plan(quoted, start=";".join(HEADER)), form + ACTIONS)
    assert rows(connection, "action_title") == [('a; "b"\nc',)]


def test_sheets_of_a_workbook_are_chosen_by_name_below_their_titles(
    connection, tmp_path: Path
):
    def sheet(number: int) -> list[list]:
        record = [number, "Hate Crime", "T", DAY, "31/12/2021", "Open"]
        return [["Plan"], ["by S."], HEADER, record, ["Total", 1], ["End"]]

    path = tracker(tmp_path, Apr=sheet(1), May=sheet(2), Old=sheet(3), Notes=[["x"]])
    form = "file: {sheets: [Apr, M*], header_row: 3, footer: Total}\n"
    reading = read(connection, tmp_path, path, form + ACTIONS)
    assert rows(connection, "action_id, start_date, due_date, _place") == [
        ("1", "2021-04-01", "2021-12-31", "sheet Apr, row 4"),
        ("2", "2021-04-01", "2021-12-31", "sheet May, row 4"),
    ]
    assert reading.delivered == 2
    assert reading.notes == (
        "sheets with another header, not read: Old, Notes",
        "8 rows of a title or a footer left out",
    )


def test_the_name_of_a_sheet_is_a_column_like_any_other(connection, tmp_path: Path):
    def sheet(number: int) -> list[list]:
        record = [number, "Hate Crime", "T", "7", "31/12/2021", "Open"]
        return [HEADER, record, [None] * 6]

    path = tracker(tmp_path, **{"Apr 2021": sheet(1), "May 2021": sheet(2)})
    dated = '{from: [Start, Month], join: " ", format: d MMM yyyy}'
    mapping = ACTIONS.replace("{from: Start, format: dd/MM/yyyy}", dated)
    reading = read(connection, tmp_path, path, "file: {sheet_as: Month}\n" + mapping)
    assert rows(connection, "action_id, start_date, _place") == [
        ("1", "2021-04-07", "sheet Apr 2021, row 2"),
        ("2", "2021-05-07", "sheet May 2021, row 2"),
    ]
    assert reading.delivered == 2
    assert json.loads(rows(connection, "_delivered")[0][0])["month"] == "Apr 2021"


def test_a_value_of_a_workbook_that_the_mapping_lacks_is_named_by_sheet_and_row(
    connection, tmp_path: Path
):
    record = ["A1", "Hate Crime", "T", DAY, "2021-13-31", "Open"]
    path = tracker(tmp_path, Apr=[HEADER, record])
    (note,) = read(connection, tmp_path, path, ACTIONS).notes
    assert "due_date: '2021-13-31' is not a time that exists" in note
    assert "1 line held, the first is sheet Apr, row 2" in note


def test_a_sheet_that_the_mapping_names_and_the_workbook_lacks_refuses_it(
    connection, tmp_path: Path
):
    path = tracker(tmp_path, Apr=[HEADER], Jun=[HEADER])
    said = refused(connection, tmp_path, path, "file: {sheets: [Apr, May]}\n" + ACTIONS)
    assert "no sheet is named May, as the mapping says. There are: Apr, Jun." in said
    assert "Correct `sheets` in the mapping" in said


def test_a_named_sheet_with_another_header_refuses_the_workbook(
    connection, tmp_path: Path
):
    path = tracker(tmp_path, Apr=[HEADER], May=[["Something", "else"], [1, 2]])
    said = refused(connection, tmp_path, path, "file: {sheets: [Apr, May]}\n" + ACTIONS)
    assert "sheet May, row 1: the header does not fit the mapping" in said


def test_parquet_values_of_their_own_types_are_mapped_as_texts(
    connection, tmp_path: Path
):
    path = tmp_path / "landing" / "actions" / "actions_20211117T060000.parquet"
    path.parent.mkdir(parents=True)
    pandas.DataFrame(
        {
            "Ref": [1.0, 2.0],
            "Strand": ["Hate Crime", "Fraud"],
            "Title": ["T", None],
            "Start": [DAY, DAY],
            "Due": ["31/12/2021", None],
            "Status": ["Open", "open"],
        }
    ).to_parquet(path)
    reading = read(connection, tmp_path, path, ACTIONS)
    assert reading.delivered == 2 and reading.notes == ()
    columns = "action_id, start_date, due_date, action_status, action_title, _line"
    assert rows(connection, columns) == [
        ("1", "2021-04-01", "2021-12-31", "Ongoing", "T", 2),
        ("2", "2021-04-01", None, "Ongoing", None, 3),
    ]


def test_a_fraction_in_the_column_of_a_mapped_key_refuses_the_file(
    connection, tmp_path: Path
):
    record = [1.5, "Hate Crime", "T", DAY, DAY, "Open"]
    path = tracker(tmp_path, Apr=[HEADER, record])
    said = refused(connection, tmp_path, path, ACTIONS)
    assert "sheet Apr, cell A2: a key that is a number with a fraction" in said


def is_utf8(content: bytes) -> bool:
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


TEXTS = st.text(
    st.characters(codec="cp1252", exclude_categories=("Cc", "Cf", "Zs", "Zl", "Zp")),
    min_size=1,
    max_size=12,
).map(lambda text: f"x{text}x")


@given(
    st.lists(TEXTS, min_size=1, max_size=5),
    st.sampled_from([(",", "comma"), (";", "semicolon"), ("\t", "tab"), ("|", "bar")]),
    st.sampled_from(["utf-8", "utf-16", "windows-1252"]),
    st.integers(0, 3),
)
def test_any_text_comes_back_through_any_delimiter_encoding_and_title(
    titles: list[str], delimiter: tuple[str, str], encoding: str, title_rows: int
):
    export = pandas.DataFrame(
        {
            "Ref": [f"A{number}" for number in range(len(titles))],
            "Strand": "Hate Crime",
            "Title": titles,
            "Start": "01/04/2021",
            "Due": "31/12/2021",
            "Status": "Open",
        }
    )
    text = "Title\n" * title_rows + export.to_csv(sep=delimiter[0], index=False)
    form = (
        f"file: {{delimiter: {delimiter[1]}, encoding: {encoding},"
        f" header_row: {title_rows + 1}}}\n"
    )
    with TemporaryDirectory() as folder, duckdb.connect() as connection:
        content = text.encode(encoding)
        # A file that is UTF-8 throughout is read as such (readers.py).
        assume(encoding != "windows-1252" or text.isascii() or not is_utf8(content))
        reading = read_csv(connection, Path(folder), content, form + ACTIONS)
        assert reading.delivered == len(titles)
        found = rows(connection, "action_title, start_date, _line, _not_mapped")
    assert found == [
        (title, "2021-04-01", title_rows + 2 + number, None)
        for number, title in enumerate(titles)
    ]
