"""The board report as a browser shows and prints it.

Needs Chromium. Without it these tests are skipped, but never in CI (tests/conftest.py).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from reports.board.page import write_board
from reports.board.read import read_board
from reports.board.records import Board, Measure
from reports.outline import Chart, Part, Point
from reports.report import Report, read_report
from tests.authored import authored
from tests.board_fixture import (
    STRANDS,
    build_board_database,
    with_crime_types,
    with_districts,
)
from tests.reporting_fixture import QUARTER

FORCES, WIDTHS = ["essex", "elsewhere"], [1280, 390]
# More widths are tried before a release.
OTHER_WIDTHS = [760, 320]
LONGEST = " ".join(["words"] * 120)  # of a commentary that keeps its strand's page
# Few words in many lines, and more words than one sheet has room for.
TALL_TEXT = "\n".join(f"- item {number}\n  - of a list" for number in range(12))
LONG = " ".join(["words"] * 1300)
# Lines of a commentary beside two measures, districts and parts: as long as leaves room
# for three titles, for seven parts, for the parts above it, and for any parts.
LINES_BELOW_PARTS = [2, 4, 5, 8]
LONG_NAMES = ("Bournemouth, Christchurch and Poole", "North Northamptonshire")
SHEET = (184, 270)  # mm of A4 within the margins of board.css
LEAST = 7 * 96 / 72  # px of a letter on paper

OVERLAPS = """() => {
  const found = [];
  for (const svg of document.querySelectorAll("svg")) {
    const texts = [...svg.querySelectorAll("text")].filter(t => t.textContent.trim());
    const boxes = texts.map(t => [t.textContent, t.getBoundingClientRect()]);
    boxes.forEach(([a, p], i) => boxes.slice(i + 1).forEach(([b, q]) => {
      const across = Math.min(p.right, q.right) - Math.max(p.left, q.left);
      const down = Math.min(p.bottom, q.bottom) - Math.max(p.top, q.top);
      // A line's box is higher than its letters.
      if (across > 1 && down > 0.3 * Math.min(p.height, q.height)) found.push([a, b]);
    }));
  }
  return found;
}"""
CUT = """() => {
  const found = [];
  for (const text of document.querySelectorAll("svg text")) {
    const own = text.getBoundingClientRect();
    const drawn = text.closest("svg").getBoundingClientRect();
    if (own.width && (own.left < drawn.left - 1 || own.right > drawn.right + 1))
      found.push(text.textContent);
    if (text.textContent.includes("…")) found.push(text.textContent);
  }
  return found;
}"""
BEYOND = """() => [...document.querySelectorAll("main *")].filter(e => {
  const box = e.getBoundingClientRect();
  const hidden = e.closest(".hidden, thead, title, desc");
  return box.width && !hidden && box.right > window.innerWidth + 1;
}).map(e => e.outerHTML.slice(0, 90))"""
SMALL = """least => {
  const found = [];
  const walk = document.createTreeWalker(document.querySelector("main"), 4);
  while (walk.nextNode()) {
    const parent = walk.currentNode.parentElement;
    if (!walk.currentNode.textContent.trim() || parent.closest("title, desc, .hidden"))
      continue;
    const svg = parent.closest("svg");
    const own = svg && svg.getBoundingClientRect(), drawn = svg && svg.viewBox.baseVal;
    const scale = svg && drawn.width
      ? Math.min(own.width / drawn.width, own.height / drawn.height) : 1;
    if (svg && !scale) continue;
    const size = parseFloat(getComputedStyle(parent).fontSize) * scale;
    if (size < least) found.push([walk.currentNode.textContent.trim(), size]);
  }
  return found;
}"""
TALL = """height => [...document.querySelectorAll(".page")].map(
  page => [page.id, page.getBoundingClientRect().height]
).filter(([, own]) => own > height)"""


def with_long_names(board: Board) -> Board:
    """Return the report with the longest names of districts."""

    def named(measure: Measure) -> Measure:
        areas = measure.areas
        long = [
            replace(a, area_name=n) for a, n in zip(areas, LONG_NAMES, strict=False)
        ]
        return replace(measure, areas=(*long, *areas[len(long) :]))

    return replace(board, measures=tuple(map(named, board.measures)))


def with_parts(report: Report, text: dict) -> Report:
    """Return the report with a count of seven parts in each strand, and a text."""
    points = tuple(Point(f"A part with a name {n}", n) for n in range(7, 0, -1))
    chart = Chart("parts", "The seven parts of a count, July to September 2021", None,
                  "", "", True, points, total=28, kind="category_bars")  # fmt: skip
    own = Part("", (chart,), None, None)
    sections = tuple(
        replace(s, parts=(own, *s.parts)) if s.is_strand else s for s in report.sections
    )
    return replace(report, sections=sections).with_authors_text(text)


@pytest.fixture(scope="module")
def pages(tmp_path_factory) -> Path:
    """The report of each force, with commentaries of the greatest length."""
    home = tmp_path_factory.mktemp("boards")
    database = build_board_database(home / "warehouse_1.duckdb")
    text = {f"{number} Insights": authored(LONGEST) for number, _ in STRANDS}
    for force in FORCES:
        report = read_report(database, QUARTER, force)
        board = read_board(database, QUARTER, force)
        write_board(report, board, home / f"{force}.html")
        written = report.with_authors_text(text)
        write_board(written, board, home / f"{force}_written.html")
        text = {"5.1 Insights": authored(TALL_TEXT), "5.3 Insights": authored(LONG)}
        longer = report.with_authors_text(text)
        write_board(longer, board, home / f"{force}_longer.html")
    with_districts(database)
    report = read_report(database, QUARTER, "essex")
    board = with_long_names(read_board(database, QUARTER, "essex"))
    write_board(report, board, home / "districts.html")
    for lines in LINES_BELOW_PARTS:
        written = with_parts(report, {"5.8 Insights": authored("words " * 8 * lines)})
        write_board(written, board, home / f"parts_{lines}.html")
    with_crime_types(database)
    report = read_report(database, QUARTER, "elsewhere")
    board = read_board(database, QUARTER, "elsewhere")
    write_board(report, board, home / "types.html")
    return home


@pytest.fixture(
    params=[
        *[(f, w) for f in FORCES for w in WIDTHS],
        *[
            pytest.param((f, w), marks=pytest.mark.slow)
            for f in FORCES
            for w in OTHER_WIDTHS
        ],
    ],
    ids=str,
)
def opened(request, browser, pages) -> Iterator:
    """The report, open at a width, and the requests that it made."""
    force, width = request.param
    tab = browser.new_page(viewport={"width": width, "height": 800})
    asked: list[str] = []
    tab.on("request", lambda sent: asked.append(sent.url))
    tab.goto((pages / f"{force}.html").as_uri())
    yield tab, asked
    tab.close()


@pytest.fixture(
    params=[
        *("essex", "essex_written", "elsewhere", "districts", "types"),
        *(f"parts_{lines}" for lines in LINES_BELOW_PARTS),
    ]
)
def printed(request, browser, pages) -> Iterator:
    """The report as printed, as wide as the sheet between its margins."""
    width, height = (round(mm / 25.4 * 96) for mm in SHEET)
    tab = browser.new_page(viewport={"width": width, "height": height})
    tab.emulate_media(media="print")
    tab.goto((pages / f"{request.param}.html").as_uri())
    yield tab
    tab.close()


def test_the_page_has_no_horizontal_scrolling(opened):
    tab, _ = opened
    wide, screen = tab.evaluate(
        "[document.documentElement.scrollWidth, window.innerWidth]"
    )
    assert wide <= screen
    assert tab.evaluate(BEYOND) == []


@pytest.mark.parametrize("width", [390, 320])
def test_the_open_datas_districts_alone_scroll_sideways(browser, pages, width):
    tab = browser.new_page(viewport={"width": width, "height": 800})
    tab.goto((pages / "types.html").as_uri())
    page, region, screen = tab.evaluate(
        "[document.documentElement.scrollWidth,"
        " document.querySelector('.scroll').scrollWidth, window.innerWidth]"
    )
    outside = tab.evaluate(BEYOND.replace(".hidden", ".scroll, .hidden"))
    tab.close()
    assert page <= screen < region
    assert outside == []


def test_no_label_of_a_chart_covers_another(opened):
    assert opened[0].evaluate(OVERLAPS) == []


@pytest.mark.parametrize("width", [1280, 390, 320])
def test_no_label_of_a_chart_is_cut(browser, pages, width):
    tab = browser.new_page(viewport={"width": width, "height": 800})
    tab.goto((pages / "districts.html").as_uri())
    assert tab.locator(".areas").count() > 0
    assert not tab.evaluate(CUT)
    tab.close()


def test_the_page_makes_no_requests_and_runs_no_script(opened):
    tab, asked = opened
    assert [url for url in asked if not url.startswith("data:")] == [tab.url]
    assert tab.evaluate("document.scripts.length") == 0


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("force", [*FORCES, "types"])
def test_axe_finds_no_accessibility_fault(browser, pages, force, width):
    from axe_playwright_python.sync_playwright import Axe

    tab = browser.new_page(viewport={"width": width, "height": 800})
    tab.goto((pages / f"{force}.html").as_uri())
    found = Axe().run(tab).response
    tab.close()
    problems = [
        (rule["id"], node["html"][:120])
        for rule in found["violations"]
        for node in rule["nodes"]
    ]
    assert problems == []


def test_rows_of_a_narrow_screen_are_blocks_of_labelled_pairs(browser, pages):
    tab = browser.new_page(viewport={"width": 390, "height": 800})
    tab.goto((pages / "essex.html").as_uri())
    cell = tab.locator(".glance tbody tr").first.locator("td.total")
    label = cell.evaluate("e => getComputedStyle(e, '::before').content")
    assert "12 months to Sep 2021" in label
    assert cell.get_attribute("role") == "cell"
    tab.close()


@pytest.mark.parametrize("force", ["essex", "elsewhere", "districts", "types"])
def test_no_text_on_the_narrowest_screen_is_smaller_than_12_px(browser, pages, force):
    tab = browser.new_page(viewport={"width": 320, "height": 800})
    tab.goto((pages / f"{force}.html").as_uri())
    assert tab.evaluate(SMALL, 12) == []
    assert tab.evaluate(OVERLAPS) == []
    assert force == "types" or tab.evaluate(BEYOND) == []
    tab.close()


def test_a_commentary_that_is_too_long_for_its_sheet_moves_all_page_numbers(
    browser, pages
):
    """5.1 has a second sheet, and 5.3 a second and a third one: 13 and 3."""
    width, height = (round(mm / 25.4 * 96) for mm in SHEET)
    tab = browser.new_page(viewport={"width": width, "height": height})
    tab.emulate_media(media="print")
    tab.goto((pages / "essex_longer.html").as_uri())
    sheets = re.findall(rb"/Type\s*/Page\b", tab.pdf(prefer_css_page_size=True))
    said = tab.locator("main").inner_text()
    before = tab.locator(".page").count()
    tab.close()
    assert len(sheets) == before + 3
    assert f"About the figures, page {before + 3}" in said
    assert "Knife crime\npage 5," in said
    assert "Domestic Abuse, continued" not in said  # in print alone


def test_each_page_fits_one_sheet(printed):
    height = SHEET[1] / 25.4 * 96
    assert printed.evaluate(TALL, height) == []
    sheets = re.findall(rb"/Type\s*/Page\b", printed.pdf(prefer_css_page_size=True))
    assert len(sheets) == printed.locator(".page").count()


@pytest.mark.parametrize("count", [9, 13])
@pytest.mark.parametrize("name", ["Hate Crime", "Dwelling Burglary, Street Robbery"])
@pytest.mark.parametrize("letters", [60, 220])
def test_the_delivery_plan_of_13_strands_fits_one_sheet(
    browser, pages, tmp_path, count, name, letters
):
    """Ten actions in each list, whose titles have 95 letters, and ten at risk."""
    database = pages / "warehouse_1.duckdb"
    board = read_board(database, QUARTER, "essex")
    title, said = (
        ("Find and visit every victim again " * 3)[:95],
        ("late " * 44)[:letters],
    )
    action = replace(
        board.plan.moved[0],
        strand=name,
        title=title,
        owner_role="Detective Chief Inspector",
        reason=said,
        mitigation=said,
    )
    many = (action,) * 10
    strands = tuple(replace(board.plan.strands[0], strand=name) for _ in range(count))
    plan = replace(board.plan, strands=strands, overdue=many, moved=many, at_risk=many)
    page = tmp_path / "index.html"
    report = read_report(database, QUARTER, "essex")
    write_board(report, replace(board, plan=plan), page)
    width, height = (round(mm / 25.4 * 96) for mm in SHEET)
    tab = browser.new_page(viewport={"width": width, "height": height})
    tab.emulate_media(media="print")
    tab.goto(page.as_uri())
    tall = dict(tab.evaluate(TALL, 0))["plan"]
    shown = tab.locator("#plan .longest tbody tr").count()
    told = tab.locator("#plan .risk-box").inner_text()
    tab.close()
    assert tall <= height
    assert shown >= 2 and "more, annex" in told


def test_nothing_on_paper_is_too_small_or_covers_another(printed):
    assert printed.evaluate(SMALL, LEAST) == []
    assert printed.evaluate(OVERLAPS) == []
