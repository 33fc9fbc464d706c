"""The index that compares the forces of an archive, above their packs."""

from dataclasses import replace
from datetime import date

import lxml.html
import pytest

from reports.board.points import ALL_CRIME
from reports.board.read import read_board
from reports.board.records import YEAR
from reports.forces import Force, write_index
from tests.board_fixture import build_board_database, with_crime_types
from tests.reporting_fixture import QUARTER

HOSTILE = "<script>alert(1)</script>"
HEADINGS = [
    "Force",
    "12 months to Sep 2021",
    "Change on 12 months before",
    "Per 1,000 people",
    "Positive outcome so far",
    "Months at hand",
]


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    """An index of a force with figures, one without all crime, and one without a
    pack.
    """
    home = tmp_path_factory.mktemp("forces")
    database = build_board_database(home / "warehouse_1.duckdb")
    with_crime_types(database)
    board = read_board(database, QUARTER, "elsewhere")
    measure = next(m for m in board.measures if m.measure == ALL_CRIME)
    forces = [
        Force("Surrey Police", reason=f"The pack was not made. {HOSTILE}"),
        Force("Kent Police", "kent/2021-22-q2/index.html", measure),
        Force("essex police", "essex/2021-22-q2/index.html"),
    ]
    write_index(database, QUARTER, forces, home / "packs" / "index.html")
    return home / "packs" / "index.html"


@pytest.fixture(scope="module")
def page(path):
    return lxml.html.fromstring(path.read_text(encoding="utf-8"))


def row(page, name):
    (found,) = [
        tr for tr in page.xpath("//tbody/tr") if tr[0].text_content().strip() == name
    ]
    return [" ".join(cell.text_content().split()) for cell in found]


def test_a_force_has_its_own_reports_figures_and_words(page):
    heads = [" ".join(th.text_content().split()) for th in page.xpath("//thead//th")]
    assert heads == HEADINGS
    assert row(page, "Kent Police") == [
        "Kent Police",
        "29,391",
        "no clear change \N{MINUS SIGN}2.2%\N{MINUS SIGN}4.2% to +0.5%",
        "96.9",
        "6.2%",
        "April 2016 to September 2021",
    ]


def test_a_force_with_fewer_months_says_of_which_its_count_is(tmp_path):
    database = build_board_database(tmp_path / "warehouse_1.duckdb")
    with_crime_types(database)
    board = read_board(database, QUARTER, "elsewhere")
    measure = next(m for m in board.measures if m.measure == ALL_CRIME)
    six_months = replace(
        measure.year,
        current_count=14100,
        period_start=date(2021, 4, 1),
        base_start=date(2020, 4, 1),
    )
    comparisons = measure.comparisons | {YEAR: six_months}
    forces = [
        Force("Kent Police", "kent/index.html", measure),
        Force("Gwent", "gwent/index.html", replace(measure, comparisons=comparisons)),
    ]
    write_index(database, QUARTER, forces, tmp_path / "index.html")
    page = lxml.html.fromstring((tmp_path / "index.html").read_text(encoding="utf-8"))
    assert row(page, "Gwent")[1] == "14,100April to September 2021"
    assert row(page, "Kent Police")[1] == "29,391"


def test_forces_are_sorted_by_name_and_lead_to_their_packs(page):
    names = [th.text_content().strip() for th in page.xpath("//tbody//th")]
    assert names == ["essex police", "Kent Police", "Surrey Police"]
    assert page.xpath("//tbody//a/@href") == [
        "essex/2021-22-q2/index.html",
        "kent/2021-22-q2/index.html",
    ]
    assert "2 of 3 forces" in page.text_content()


def test_a_force_without_a_pack_is_named_with_its_reason(page):
    assert row(page, "Surrey Police")[1] == f"The pack was not made. {HOSTILE}"
    assert row(page, "essex police")[1] == "All crime is not available."
    assert not page.xpath("//script")


def test_the_page_says_what_the_source_cannot_say(page):
    (said,) = page.xpath("//p[@class='boxed']")
    assert said.text_content().startswith("What this source cannot say: ")
    assert "not a ranking" in said.text_content()


def test_the_page_forbids_scripts_and_requests(page):
    (policy,) = page.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
    assert policy.startswith("default-src 'none'; img-src data:;")


@pytest.mark.parametrize("width", [1280, 390, 320])
def test_it_has_no_horizontal_scrolling_at_any_width(browser, path, width):
    tab = browser.new_page(viewport={"width": width, "height": 800})
    tab.goto(path.as_uri())
    wide = tab.evaluate("document.documentElement.scrollWidth")
    tab.close()
    assert wide <= width
