"""What changed since the last draft."""

import json
from pathlib import Path

import duckdb
import openpyxl
import pytest

from reports import changes, write_pack
from reports.grid import Column
from tests.reporting_fixture import QUARTER, build_without_charts

CHANGE = {
    "table": "Delivery plan progress as at 17 November 2021",
    "row": "Hate Crime",
    "column": "Complete",
    "before": "16",
    "after": "1,017",
}


@pytest.fixture
def database(tmp_path) -> Path:
    return build_without_charts(tmp_path / "warehouse_1.duckdb")


def draw(database: Path) -> dict:
    folder = database.parent / "pack"
    write_pack(database, QUARTER, "essex", folder, {})
    return json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["draft"]


def change(database: Path, statement: str) -> None:
    with duckdb.connect(str(database)) as con:
        con.execute(statement)


def test_the_first_draft_has_no_changes(database):
    assert draw(database) == {"number": 1, "change_count": 0, "changes": []}
    page = (database.parent / "pack/annex.html").read_text(encoding="utf-8")
    assert "This is the first draft." in page


def test_a_changed_figure_is_listed_on_the_page_and_in_the_workbook(database):
    draw(database)
    change(
        database,
        "update reporting.rpt_delivery_progress set complete = 1017 "
        "where strand = 'Hate Crime'",
    )
    assert draw(database) == {"number": 2, "change_count": 1, "changes": [CHANGE]}
    pack = database.parent / "pack"
    assert ">1,017</td>" in (pack / "annex.html").read_text(encoding="utf-8")
    rows = list(openpyxl.load_workbook(pack / "report.xlsx")["Changes"].values)
    assert rows[-1] == tuple(CHANGE.values())


def test_drawn_again_from_the_same_figures_a_draft_keeps_its_number_and_changes(
    database,
):
    draw(database)
    change(database, "update reporting.rpt_delivery_progress set complete = 1017")
    second = draw(database)
    files = {p: p.read_bytes() for p in database.parent.glob("pack/*") if p.is_file()}
    assert draw(database) == second
    assert {path: path.read_bytes() for path in files} == files


def test_rows_that_come_and_go_are_listed(database):
    draw(database)
    change(
        database,
        "update reporting.rpt_delivery_progress set strand = 'Fraud' "
        "where strand = 'Hate Crime'",
    )
    found = {(c["row"], c["before"], c["after"]) for c in draw(database)["changes"]}
    assert found == {("Fraud", "", "new row"), ("Hate Crime", "row left out", "")}


def test_a_figure_that_is_no_longer_available_is_a_change(database):
    draw(database)
    change(
        database,
        "update reporting.rpt_rolling_12_months set difference_pct = null "
        "where measure = 'fraud'",
    )
    (found,) = draw(database)["changes"]
    assert (found["row"], found["before"], found["after"]) == (
        "Digital Crime and Fraud, Fraud",
        "\u221218.0%",
        "[x]",
    )


def test_a_row_that_was_left_out_is_named_as_the_page_names_it():
    columns = (
        Column("measure", "", "text", is_on_page=False),
        Column("measure_name", "Measure", "text"),
        Column("period_end", "To", "date"),
        Column("crimes", "Crimes", "count"),
    )
    cells = {
        "measure": "gang_crime",
        "measure_name": "Gang crime",
        "period_end": "2022-09-30",
        "crimes": "12",
    }
    assert changes.label_of_cells(columns, cells) == "Gang crime, 30 Sep 2022"
