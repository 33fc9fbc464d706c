"""The public version of a pack: what it protects, and that it does so everywhere."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import duckdb
import openpyxl
import pytest

from reports import public, write_pack
from reports.grid import Column, Table
from tests.reporting_fixture import QUARTER, build_database

COUNTS = Column("suspects", "Suspects", "count")
COLUMNS = (
    Column("lpa", "Area", "text"),
    COUNTS,
    Column("denominator", "Out of", "count"),
    Column("share_pct", "Share", "pct"),
    Column("difference", "Diff.", "signed_count"),
    Column("change_word", "The change is", "text"),
)
ROW = {
    "lpa": "North",
    "suspects": 8,
    "denominator": 23,
    "share_pct": 34.8,
    "difference": -3,
    "change_word": "lower",
}


def protected(policy: str, *rows: dict) -> list[dict]:
    table = Table("t", "T", "", None, COLUMNS, rows, policy)
    return list(public._protected(table, {"hate_crime"}).rows)


@pytest.mark.parametrize(
    ("count", "printed"),
    # By hand: 0 stays, 1 to 4 are marked, and 7.5 is the middle of 5 and 10.
    [(0, 0), (1, "[low]"), (4, "[low]"), (5, 5), (7, 5), (8, 10), (12, 10), (13, 15)],
)
def test_a_count_of_people_is_rounded_to_5_and_1_to_4_are_marked(count, printed):
    for policy in ("round5", "suppress"):
        (row,) = protected(policy, ROW | {"suspects": count})
        assert row["suspects"] == printed


def test_what_is_made_from_counts_of_people_is_confidential():
    (row,) = protected("round5", ROW)
    made = ("denominator", "share_pct", "difference", "change_word")
    assert {row[name] for name in made} == {"[c]"}
    assert row["lpa"] == "North"


@pytest.mark.parametrize("label", ["Total", "All"])
def test_a_small_total_does_not_give_its_parts_away(label):
    parts = [ROW | {"lpa": area, "suspects": 1} for area in ("North", "South", "West")]
    *rows, whole = protected("suppress", *parts, ROW | {"lpa": label, "suspects": 3})
    assert {row["suspects"] for row in rows} == {"[low]"}
    assert whole["suspects"] == "[c]"


def test_a_value_that_is_not_known_stays_so():
    (row,) = protected("round5", ROW | {"suspects": None, "share_pct": None})
    assert row["suspects"] is None and row["share_pct"] is None


@pytest.mark.parametrize("policy", ["", "exact"])
def test_counts_of_crimes_are_exact(policy):
    assert protected(policy, ROW) == [ROW]


def test_a_table_of_several_measures_protects_all_but_crimes_and_amounts():
    crimes = ROW | {"measure": "hate_crime"}
    cash = ROW | {"measure": "cash_seized", "quantity_unit": "pounds"}
    people = ROW | {"measure": "arrests", "quantity_unit": "arrests"}
    rows = protected("suppress where people are counted", crimes, cash, people)
    assert rows[:2] == [crimes, cash]
    assert rows[2]["suspects"] == 10 and rows[2]["difference"] == "[c]"


# The pack


@pytest.fixture(scope="module")
def pack(tmp_path_factory) -> Path:
    """A pack whose force has a public version: one table of people, one internal.

    The strands' totals are 37, 24, 3 and 64 there.
    """
    home = tmp_path_factory.mktemp("public")
    database = build_database(home / "warehouse_1.duckdb")
    with duckdb.connect(str(database)) as con:
        con.execute("set schema = 'reporting'")
        con.execute("alter table rpt_reports add column public_marking text")
        con.execute("update rpt_reports set public_marking = 'OFFICIAL: public'")
        for table, policy in (
            ("delivery_progress", "round5"),
            ("rolling_12_months", "internal"),
        ):
            con.execute(
                "update rpt_tables set disclosure_policy = ? where table_name = ?",
                [policy, table],
            )
        con.execute("update rpt_delivery_progress set total = 3 where row_position = 1")
    return write_pack(database, QUARTER, "essex", home / "pack", {}).folder


def test_a_figure_is_protected_alike_on_the_page_in_the_workbook_and_in_the_data(pack):
    with (pack / "public/tables/delivery_progress.csv").open(encoding="utf-8") as file:
        data = list(csv.DictReader(file))
    book = openpyxl.load_workbook(pack / "public/report.xlsx")
    (sheet,) = (w for w in book.worksheets if "delivery_progress" in w.tables)
    headings, *rows = sheet[sheet.tables["delivery_progress"].ref]
    at = [cell.value for cell in headings].index("Total actions")
    page = (pack / "public/index.html").read_text(encoding="utf-8")
    assert data[0]["total"] == "[low]" and data[1]["total"].isdigit()
    assert [str(row[at].value) for row in rows] == [row["total"] for row in data]
    assert '<td class="number">[low]</td>' in page
    assert all(int(row["total"]) % 5 == 0 for row in data[1:])


def test_an_internal_table_is_in_no_part_of_the_public_version(pack):
    assert (pack / "tables/rolling_12_months.csv").exists()
    assert not (pack / "public/tables/rolling_12_months.csv").exists()
    book = openpyxl.load_workbook(pack / "public/report.xlsx")
    assert not any("rolling_12_months" in w.tables for w in book.worksheets)
    page = (pack / "public/index.html").read_text(encoding="utf-8")
    assert "rolling_12_months" not in page


def test_the_public_version_has_its_marking_and_neither_words_nor_changes(pack):
    page = (pack / "public/index.html").read_text(encoding="utf-8")
    assert re.findall('class="marking">([^<]+)', page) == ["OFFICIAL: public"] * 2
    assert "internal draft" not in page
    assert not re.search('class="words">|class="placeholder">', page)
    book = openpyxl.load_workbook(pack / "public/report.xlsx")
    assert not {"Report_text", "Changes"} & set(book.sheetnames)
    cells = [str(v) for w in book for row in w.iter_rows(values_only=True) for v in row]
    assert "OFFICIAL: public" in cells and "[low] means 1 to 4." in cells
    assert not [text for text in cells if "internal draft" in text]


def test_links_of_the_public_page_stay_within_its_folder(pack):
    page = (pack / "public/index.html").read_text(encoding="utf-8")
    files = set(re.findall(r'href="([^"#][^"]*)"', page)) - {"data:,"}
    assert files and all((pack / "public" / name).is_file() for name in files)


def test_a_force_without_a_row_in_its_configuration_has_no_public_version(tmp_path):
    database = build_database(tmp_path / "warehouse_1.duckdb")
    pack = write_pack(database, QUARTER, "essex", tmp_path / "pack", {}).folder
    assert not (pack / "public").exists()
