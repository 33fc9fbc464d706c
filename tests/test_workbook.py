"""The workbook by the Analysis Function's guidance "Releasing statistics in
spreadsheets".
"""

import csv
import json
import re
import zipfile
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import duckdb
import openpyxl
import pytest

from dagster_project.settings import SEEDS
from reports import workbook
from reports.facts import Note
from reports.grid import Column, Table
from reports.outline import Part, Section
from reports.report import read_report
from tests.authored import authored
from tests.board_fixture import build_board_database
from tests.reporting_fixture import QUARTER, build_database

MOST_SHEETS = 20
SENTENCES = "How to read it. In 2021 (and 2020) it was 5.5% more. [z] is a mark."
# What the second and the third note are about; the first is about every table.
PLACES = {2: {"column_names": ["difference_pct"]}, 3: {"labels": ["Knife crime"]}}
NOTE = re.compile(r" \[note (\d+)\]")


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> dict[str, Path]:
    """Workbooks by name: a force with nine strands, and two small ones, one hostile."""
    home = tmp_path_factory.mktemp("books")
    database = build_database(home / "warehouse_1.duckdb")
    with duckdb.connect(str(database)) as con:
        con.execute(
            "update reporting.rpt_tables set table_description = ?", [SENTENCES]
        )
        for position, place in PLACES.items():
            con.execute(
                "update reporting.rpt_notes set facts = json_merge_patch(facts, ?)"
                " where force_code = 'essex' and note_position = ?",
                [json.dumps(place), position],
            )
    board = build_board_database(home / "warehouse_2.duckdb")
    sources = {"essex": database, "elsewhere": database, "strands": board}
    for name, source in sources.items():
        force = "elsewhere" if name == "elsewhere" else "essex"
        report = read_report(source, QUARTER, force)
        workbook.write_workbook(report, home / f"{name}.xlsx")
    return {name: home / f"{name}.xlsx" for name in sources}


@pytest.fixture(params=["essex", "elsewhere", "strands"])
def book(request, made):
    return openpyxl.load_workbook(made[request.param])


def tables_of(worksheet) -> list:
    """Return the tables from top to bottom, each as its rows of cells."""
    found = [worksheet[table.ref] for table in worksheet.tables.values()]
    return sorted(found, key=lambda rows: rows[0][0].row)


def texts(worksheet) -> list[str]:
    """Return the texts of the first column."""
    values = [row[0] for row in worksheet.iter_rows(values_only=True)]
    return [value for value in values if isinstance(value, str)]


def test_cover_contents_and_notes_are_first_and_there_are_at_most_20_sheets(book):
    assert book.sheetnames[:4] == ["Cover", "Contents", "Notes", "Report_text"]
    assert book.sheetnames[-2:] == ["Chart_figures", "Changes"]
    assert len(book.sheetnames) <= MOST_SHEETS


def test_no_name_of_a_sheet_has_a_space_or_a_word_that_is_cut(book):
    assert all(re.fullmatch(r"[\w.]{1,31}", name) for name in book.sheetnames)
    title = "5.8 Dwelling Burglary and Street Robbery"
    assert workbook._tab(title, set()) == "5.8_Dwelling_Burglary"


def test_sheets_of_sections_with_one_name_are_numbered():
    title = "Crime " * 20
    first = workbook._tab(title, set())
    second = workbook._tab(title, {first.casefold()})
    assert second.endswith("_2") and len(second) <= 31


def test_tables_of_several_strands_have_one_sheet_before_those_of_one_strand():
    def table(name: str, *strands: str) -> Table:
        rows = tuple({"strand": strand} for strand in strands)
        return Table(name, name, "", None, (), rows, "")

    class Strands:
        def tables_by_section(self):
            yield Section("a", "5.1", "Hate", 2, "strand", ()), [table("1", "a", "b")]
            own = [table("2", "b"), table("3", "a", "b")]
            yield Section("b", "5.2", "Fraud", 2, "strand", ()), own
            yield Section("r", "6", "Risks", 1, "numbered", ()), [table("4", "a", "b")]

    titled = [
        (t, [shown.name for shown in tables])
        for t, tables in workbook._titled(Strands())
    ]
    assert titled == [
        ("All strands", ["1", "3"]),
        ("5.2 Fraud", ["2"]),
        ("6 Risks", ["4"]),
    ]


def test_every_sheet_but_the_cover_has_marked_up_tables_and_says_how_many(book):
    for worksheet in book.worksheets[1:]:
        count = len(worksheet.tables)
        contains = "one table" if count == 1 else f"{count} tables"
        assert count and f"This worksheet contains {contains}" in "".join(
            texts(worksheet)
        )


def test_each_table_has_one_row_of_unique_headings_and_no_blank_cell(book):
    for worksheet in book.worksheets[1:]:
        for table in worksheet.tables.values():
            rows = worksheet[table.ref]
            headings = [cell.value for cell in rows[0]]
            assert table.headerRowCount == 1
            assert len(set(headings)) == len(headings) and all(headings)
            assert all(cell.value is not None for row in rows for cell in row)
            assert not any(
                isinstance(cell.value, str) and cell.value != cell.value.strip()
                for row in rows
                for cell in row
            )


def test_one_blank_row_is_between_tables_and_none_elsewhere(book):
    for worksheet in book.worksheets:
        blank = [
            row[0].row
            for row in worksheet.iter_rows()
            if all(cell.value is None for cell in row)
        ]
        ends = [rows[-1][0].row + 1 for rows in tables_of(worksheet)]
        assert blank == ends[:-1], worksheet.title


def test_no_cell_is_merged_and_no_row_column_or_sheet_is_hidden_or_frozen(book):
    for worksheet in book.worksheets:
        assert not worksheet.merged_cells.ranges and not worksheet.auto_filter.ref
        assert worksheet.sheet_state == "visible" and worksheet.freeze_panes is None
        assert not worksheet._images and not worksheet._charts
        sizes = (worksheet.row_dimensions, worksheet.column_dimensions)
        assert not any(each.hidden for size in sizes for each in size.values())


def test_the_contents_link_to_every_table_by_its_title(book):
    (rows,) = tables_of(book["Contents"])
    named = [(row[0].hyperlink.location, row[1].value) for row in rows[1:]]
    for location, title in named:
        tab, cell = re.fullmatch(r"'(.*)'!(A\d+)", location).groups()
        assert book[tab][cell].value == title
    assert len(named) == sum(len(w.tables) for w in book.worksheets[2:])


def test_each_sentence_above_a_table_is_whole_and_has_its_own_row(made):
    said = [
        text
        for worksheet in openpyxl.load_workbook(made["essex"]).worksheets[4:-2]
        for text in texts(worksheet)
    ]
    for sentence in SENTENCES.split(". "):
        assert f"{sentence.rstrip('.')}." in said


def test_the_notes_are_numbered_and_each_is_referred_to_where_it_belongs(made):
    book = openpyxl.load_workbook(made["essex"])
    (rows,) = tables_of(book["Notes"])
    assert [row[0].value for row in rows[1:]] == ["Note 1", "Note 2", "Note 3"]
    sheets = book.worksheets[4:-2]
    for worksheet in sheets:
        assert NOTE.findall(worksheet["A1"].value) == ["1"], worksheet.title
        said = "The sheet Notes has the text of each note."
        assert said in texts(worksheet), worksheet.title
    cells = [
        (row, str(cell.value))
        for worksheet in sheets
        for table in tables_of(worksheet)
        for row, found in enumerate(table)
        for cell in found
    ]
    noted = {(row == 0, text) for row, text in cells if NOTE.search(text)}
    assert noted == {
        (True, "% Diff. [note 2]"),
        (True, "Knife crime [note 3]"),
        (False, "Knife crime [note 3]"),
    }
    assert not {"% Diff.", "Knife crime"} & {text for _, text in cells}


def test_every_place_of_a_note_is_a_column_of_a_table_or_a_measure():
    def listed(path: str, column: str) -> set[str]:
        with (SEEDS / path).open(encoding="utf-8", newline="") as file:
            return {row[column] for row in csv.DictReader(file)}

    known = {
        "column": listed("layout/report_columns.csv", "column_name"),
        "measure": listed("force/measures.csv", "measure_code"),
    }
    with (SEEDS / "layout/note_places.csv").open(encoding="utf-8", newline="") as file:
        places = list(csv.DictReader(file))
    assert [p for p in places if p["place"] not in known[p["place_kind"]]] == []


def test_no_sheet_refers_to_a_note_that_does_not_exist(book):
    (rows,) = tables_of(book["Notes"])
    numbers = {row[0].value.removeprefix("Note ") for row in rows[1:]}
    for worksheet in book.worksheets:
        for cell in (c for row in worksheet.iter_rows() for c in row):
            assert set(NOTE.findall(str(cell.value))) <= numbers


def test_shorthand_is_explained_above_the_table_that_has_it_and_on_the_cover(book):
    for worksheet in book.worksheets[4:-2]:
        above = 1
        for rows in tables_of(worksheet):
            own = [worksheet.cell(r, 1).value for r in range(above, rows[0][0].row)]
            for mark in {c.value for row in rows for c in row} & {"[x]", "[z]"}:
                assert any(str(text).startswith(f"{mark} means") for text in own)
                assert any(t.startswith(f"{mark} means") for t in texts(book["Cover"]))
            above = rows[-1][0].row + 1


def test_months_and_numbers_are_not_text(made):
    worksheet = openpyxl.load_workbook(made["essex"])["Appendix_Month_by_Month"]
    (rows,) = tables_of(worksheet)
    assert all(isinstance(row[0].value, datetime) for row in rows[1:])
    assert all(isinstance(cell.value, int | float) for cell in rows[1][1:])


def test_a_month_of_a_chart_is_a_date(made):
    worksheet = openpyxl.load_workbook(made["essex"])["Chart_figures"]
    (rows,) = tables_of(worksheet)
    month = [cell.value for cell in rows[0]].index("Month")
    assert rows[1][month].value == datetime(2018, 10, 1)
    assert rows[1][month].number_format == "mmm yyyy"


def test_a_value_that_is_a_day_is_a_date_and_any_other_stays_text(made, tmp_path):
    columns = (
        Column("change_name", "Change", "text"),
        Column("value_now", "Now", "text"),
    )
    rows = (
        {"change_name": "Due date", "value_now": "28 Feb 2023"},
        {"change_name": "Status", "value_now": "Complete"},
        {"change_name": "28 Feb 2023", "value_now": None},
    )
    placed = tuple(row | {"row_position": i} for i, row in enumerate(rows, 1))
    table = Table("actions_changed", "Changes", "", None, columns, placed, "")
    report = read_report(made["essex"].parent / "warehouse_1.duckdb", QUARTER, "essex")
    parts = (Part("", (table,), None, None),)
    section = Section("plan", "6", "Plan", 1, "numbered", parts)
    report = replace(report, tables=(table,), sections=(section,))
    workbook.write_workbook(report, tmp_path / "days.xlsx")
    sheets = openpyxl.load_workbook(tmp_path / "days.xlsx").worksheets
    (sheet,) = (w for w in sheets if "actions_changed" in w.tables)
    day, status, other = sheet[sheet.tables["actions_changed"].ref][1:]
    assert (day[1].value, day[1].number_format) == (datetime(2023, 2, 28), "d mmm yyyy")
    assert status[1].value == "Complete"
    assert [cell.value for cell in other] == ["28 Feb 2023", "[z]"]


def test_the_cover_says_whom_to_ask(made, tmp_path):
    cover = texts(openpyxl.load_workbook(made["strands"])["Cover"])
    assert cover[cover.index("Contact") + 1 :] == [
        "Performance team, Essex Police (no address given)"
    ]
    report = read_report(made["essex"].parent / "warehouse_2.duckdb", QUARTER, "essex")
    written = Part(
        "Contact", (), "Contact", None, authored("a@force.example"), "contact"
    )
    front, *others = report.sections
    asked = (replace(front, parts=(written,)), *others)
    report = replace(report, sections=asked)
    workbook.write_workbook(report, tmp_path / "asked.xlsx")
    cover = texts(openpyxl.load_workbook(tmp_path / "asked.xlsx")["Cover"])
    assert cover[cover.index("Contact") + 1 :] == ["Contact: a@force.example"]


def test_the_workbook_says_its_title_its_language_and_its_keywords(made):
    with zipfile.ZipFile(made["strands"]) as opened:
        core = opened.read("docProps/core.xml").decode()
    assert "<dc:language>en-GB</dc:language>" in core
    assert "report for Q2 2021/22" in re.search("<dc:title>(.*)</dc:title>", core)[1]
    keywords = re.search("<cp:keywords>(.*)</cp:keywords>", core)[1]
    assert keywords.startswith("Essex Police, ") and "Hate Crime" in keywords
    assert len(keywords) <= 255


@pytest.mark.parametrize("place", ["note", "title", "description", "heading", "row"])
def test_the_cover_spells_out_an_abbreviation_wherever_a_sheet_uses_it(
    tmp_path, made, place
):
    database = made["strands"].with_name("warehouse_2.duckdb")
    report = read_report(database, QUARTER, "essex")
    spelt, *others = report.tables
    spelt = replace(spelt, title="Child Exploitation and Online Protection (CEOP)")
    last = others[-1]
    column = last.columns[0]
    changed = {
        "note": {},
        "title": {"title": "Calls to CEOP"},
        "description": {"description": "Calls to CEOP."},
        "heading": {"columns": (replace(column, heading="CEOP"), *last.columns[1:])},
        "row": {"rows": ({column.name: "CEOP"},)},
    }
    notes = (Note("CEOP counts calls."),) if place == "note" else ()
    tables = (spelt, *others[:-1], replace(last, **changed[place]))
    plain = replace(report, tables=(spelt, *others), notes=())
    used = replace(report, tables=tables, notes=notes)
    said = "CEOP is Child Exploitation and Online Protection"
    assert said not in " ".join(workbook.abbreviations_of(plain))
    assert said in " ".join(workbook.abbreviations_of(used))
