"""Writes the board report: one HTML page without scripts, printed as A4 pages.

Jinja2 escapes all text, and a content security policy forbids scripts and requests even
if a text contained them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from reports import style
from reports.abbreviations import spelt_out
from reports.board import about, authors, english, open_data, strands
from reports.board.checks import subjects, to_check
from reports.board.checks.subjects import Subject
from reports.board.english import Name
from reports.board.glance import MOST_ROWS, glance
from reports.board.plan_page import plan_page
from reports.board.points import Point, main_points
from reports.board.records import OPEN_DATA, Board, Measure
from reports.grid import Table
from reports.outline import Section
from reports.report import Report
from reports.webpage import ANNEX, environment, written_front

LONG_TITLE = 54  # letters
# Of the sections of "Risks and next steps", if they surely fit one sheet.
MOST_LINES_OF_NEXT = 70
FOOT = {
    "demonstration": "{force}, data extracted {day}. Demonstration data",
    OPEN_DATA: "Contains public sector information licensed under the Open Government "
    "Licence v3.0",
}
FOOT_OF_EXTRACTS = "{force}, data extracted {day}"


def write_board(report: Report, board: Board, path: Path) -> list[Point]:
    """Write the board report to `path`, as UTF-8 with LF, and return its main points.

    Args:
        report: the report's words, sections and notes, with the author's text.
        board: the figures of the same quarter and force (`read_board`).
        path: the file, <pack>/index.html; the annex is in the same folder.
    """
    template = board_environment().get_template("board.html.j2")
    context = _context(report, board)
    page = spelt_out(template.render(**context))
    path.write_text(page, encoding="utf-8", newline="\n")
    return context["points"]


@cache
def board_environment() -> Any:
    """Return the templates of the board report's looks, with their filters."""
    templates = environment()
    templates.filters |= english.FILTERS | {"shortened": english.shortened}
    templates.globals["say"] = english.say
    return templates


def _context(report: Report, board: Board) -> dict[str, Any]:
    """Return everything that the templates show."""
    is_open = report.words("origin") == OPEN_DATA
    sections = [s for s in report.sections if s.is_strand and not is_open]
    is_public = report.is_public
    point = "" if is_open or is_public else authors.authors_point(report.sections)
    short = [] if is_public else authors.short_sections(report.sections, point)
    known = subjects.of_report(board, report.sections)
    short = [replace(s, checks=_checks(s, report, board, known)) for s in short]
    further = len(board.measures) > MOST_ROWS and not is_open
    annex = _annex(report)
    of_strands = [
        strands.strand_page(board, s, annex, is_public, known, report.sections)
        for s in sections
    ]
    pages = _pages(board.plan is not None, of_strands, short, further)
    places = _places(board, sections, pages)
    most_notes = about.MOST_OPEN_NOTES if is_open else about.MOST_NOTES
    missing = (about.missing_files if is_open else about.missing)(report, board)
    shown_notes, more_notes = about.notes(report, most_notes, missing)
    extracted = report.front.get("latest_extracted_at")
    return {
        "report": report,
        "is_open": is_open,
        "is_public": is_public,
        "front": _front(report),
        "points": _points(board, places, point, is_open),
        "point_checks": to_check.of_summary([point], board, known, report.sections)
        if point
        else (),
        "glance": glance(board, lambda m: places.get(m.measure, ("", "")), is_open),
        "redrawn": about.redrawn(board),
        "gaps": about.gaps(report, board, _uncounted(board, sections, pages)),
        "cannot_say": _cannot_say(board),
        "pages": pages,
        "strands": of_strands,
        "districts": open_data.district_rates(board, annex("open_district_rates"))
        if is_open
        else None,
        "why_no_rates": open_data.why_no_rates(board),
        "other_forces": open_data.other_forces(
            board, report.words("force_name"), annex("open_force_rates")
        )
        if is_open
        else None,
        "author": short,
        "missing": missing,
        "revised": about.revised(report),
        "compared": about.not_compared(board),
        "population_year": about.population_year(report),
        "held": about.held_extracts(board),
        "annex_held": annex("quarantine"),
        "annex_ranges": annex("usual_ranges"),
        "place": _place(report),
        "notes": shown_notes,
        "more_notes": more_notes,
        "meanings": about.MEANINGS,
        "example": about.example(board),
        "extracted": style.date_text(extracted) if extracted else "",
        "marking": report.words("protective_marking"),
        "has_long_title": len(report.words("report_title")) > LONG_TITLE,
        "foot": _foot(report),
        "marking_css": style.css_string(report.words("protective_marking")),
        "head_css": style.css_string(
            english.shortened(report.words("report_title"), 90)
        ),
        "foot_css": style.css_string(english.shortened(_foot(report), 100)),
        **plan_page(board, sections, annex),
    }


def _pages(
    has_plan: bool,
    of_strands: list[strands.StrandPage],
    short: list[authors.ShortSection],
    further: bool,
) -> dict[str, int]:
    """Return page id → number of its first printed page, 0 if that is not sure.

    It is not if a page before it has more of the author's words than one sheet, and so
    many that one sheet more or less may be printed.
    """
    sheets = {"one": 1}
    sheets |= {"further": 1} if further else {}
    sheets |= {"plan": 1} if has_plan else {}
    sheets |= {page.id: page.sheets for page in of_strands}
    sheets |= {"next": 1} if short else {}
    sheets |= {"about": 1}
    unsure = {page.id for page in of_strands if not page.is_counted}
    unsure |= {"next"} if sum(s.lines for s in short) > MOST_LINES_OF_NEXT else set()
    numbers = {}
    number = 1
    for name, count in sheets.items():
        numbers[name] = number
        number = 0 if name in unsure or not number else number + count
    return numbers if has_plan else numbers | {"plan": 0}


def _places(
    board: Board, sections: list[Section], pages: dict[str, int]
) -> dict[str, tuple[str, str]]:
    """Return measure → (address, 'page 5') for each measure with a page of its own."""
    return {
        measure.measure: (f"#{strands.page_id(section)}", _page(section, pages))
        for section in sections
        for measure in strands.measures_of(board, section)
    }


def _page(section: Section, pages: dict[str, int]) -> str:
    """Return where a section is: 'page 5', or if that is not sure, 'section 5.3'."""
    number = pages[strands.page_id(section)]
    return f"page {number}" if number else f"section {section.number}".rstrip()


def _annex(report: Report) -> Any:
    """Return a function: table name → its address in the annex, at its first place."""

    def address(table: str) -> str:
        for section in report.sections:
            for block in section.blocks():
                if isinstance(block, Table) and block.name == table:
                    return f"{ANNEX}#{section.code}-{table}"
        return ANNEX

    return address


def _place(report: Report) -> Any:
    """Return a function: an address in the annex → its words, for a printed page."""
    named = {
        s.code: f"section {s.number}" if s.number else s.heading.split(":")[0].lower()
        for s in report.sections
    }

    def place(address: str) -> str:
        code = address.partition("#")[2].partition("-")[0]
        return f"annex, {named[code]}" if code in named else "annex"

    return place


def _checks(
    section: authors.ShortSection,
    report: Report,
    board: Board,
    known: Sequence[Subject],
) -> tuple[str, ...]:
    """Return what the author must check in a section; a summary has all figures."""
    if section.id == authors.SUMMARY:
        return to_check.of_summary(section.texts, board, known, report.sections)
    return to_check.of_section(section.texts, known)


def _points(
    board: Board,
    places: dict[str, tuple[str, str]],
    authors_own: str,
    is_open: bool,
) -> list[Point]:
    def name(measure: Measure) -> Name:
        text = measure.short_name if is_open else measure.measure_name
        return Name(text, places.get(measure.measure, ("", ""))[0])

    from markupsafe import escape

    own = [Point("author", (escape(authors_own),))] if authors_own else []
    return main_points(board, name) + own


def _front(report: Report) -> list[tuple[str, str]]:
    """Return the lines under the title: months, front matter, date of the data,
    draft.
    """
    extracted = report.front.get("latest_extracted_at")
    facts = [("", report.words("quarter_months_label"))]
    facts += [
        (name, english.shortened(text, 60)) for name, text in written_front(report)
    ]
    if extracted:
        facts.append(("Data as at", style.date_text(extracted)))
    if not report.is_public:
        facts.append(("Draft", str(report.draft.number)))
    return [(name, text) for name, text in facts if text]


def _foot(report: Report) -> str:
    extracted = report.front.get("latest_extracted_at")
    text = FOOT.get(report.words("origin"), FOOT_OF_EXTRACTS)
    day = style.date_text(extracted) if extracted else "on a day that is not known"
    return text.format(force=report.words("force_name"), day=day)


def _uncounted(
    board: Board, sections: list[Section], pages: dict[str, int]
) -> list[str]:
    """Return the strands without a monthly count, each with its page."""
    return [
        f"{english.shortened(s.heading, 60)} ({_page(s, pages)})"
        for s in sections
        if not strands.measures_of(board, s)
    ]


def _cannot_say(board: Board) -> str:
    """Return one sentence on what open data lack."""
    absent = [
        english.inside(m.short_name) for m in board.measures if not m.is_available
    ]
    return english.say("cannot_say", absent=english.with_the_rest(absent, 4))
