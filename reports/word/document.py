"""Writes the board report as a Word draft, which its author finishes.

It is made from the page `index.html`, so that both say the same, in the page's order or
in that of the commissioner's sections (order.py); the styles are the template's
(make_template.py). Front matter with places to write, and the contents, come first; a
report of open data has neither.
"""

from __future__ import annotations

import datetime as dt
from itertools import accumulate
from pathlib import Path
from typing import Any

import lxml.html
from docx import Document
from docx.shared import Pt

from reports import style
from reports.outline import Block, Paragraph, Placeholder, in_one_line
from reports.report import Report
from reports.word import parts
from reports.word.body import Body
from reports.word.order import OPEN_DATA, Sheet, has_sections_order, in_sections
from reports.word.text import classes, plain

TEMPLATE = Path(__file__).with_name("report.docx")
CLOSE_LINES = "full"  # class of a page that needs closer lines to fit one sheet
LONGEST_PROPERTY = 255  # characters; limit of the file format
LEVELS = {"h2": 1, "h3": 2}  # of a heading in the contents
SECTION_SIZE = (
    13  # points of a heading of the second level, where pages are in sections
)
NAME_CM = 5.2  # width of the front matter's names


def write_document(report: Report, page: Path, path: Path) -> None:
    """Write the draft to `path`; equal reports and pages give equal bytes.

    Args:
        report: the report's words, for the front matter and the file's properties.
        page: the board report's page, as `write_board` wrote it.
        path: the file, <pack>/report.docx.
    """
    html = lxml.html.fromstring(page.read_text(encoding="utf-8"))
    (main,) = html.xpath("//main")
    has_cover = report.words("origin") != OPEN_DATA
    document = Document(str(TEMPLATE))
    body = Body(document)
    pages = [section for section in main if "page" in classes(section)]
    masthead = _taken_masthead(pages) if has_cover else None
    sheets = [Sheet(page) for page in pages]
    if has_sections_order(report):
        _make_room_for_sections(document)
        sheets = in_sections(report, pages)
    _number(body, sheets, pages, first=1 + has_cover)
    if masthead is not None:
        _cover(body, report, masthead, sheets)
    for i, sheet in enumerate(sheets):
        if sheet.begins_page and (has_cover or i):
            body.break_before = "page"
        body.has_close_lines = CLOSE_LINES in classes(sheet.element)
        body.blocks(sheet.element)
    body.finish()
    _set_properties(document, report)
    _set_margins(document, report, html)
    parts.save(document, path, _created(report))


def _taken_masthead(pages: list[Any]) -> Any:
    """Take the title of the report out of its page one."""
    (masthead,) = pages[0].xpath("./header")
    pages[0].remove(masthead)
    return masthead


def _make_room_for_sections(document: Any) -> None:
    """Let the headings of a board page stand below those of a section."""
    document.styles["Heading 2"].font.size = Pt(SECTION_SIZE)
    for name in ("Commentary Heading", "Risk Heading"):
        document.styles[name].base_style = document.styles["Heading 3"]


def _number(body: Body, sheets: list[Sheet], pages: list[Any], first: int) -> None:
    """Give each sheet a bookmark, and each page of the board report its new number.

    A number is shown until the program that opens the draft has laid it out.

    Args:
        first: number of the document's page with the first sheet.
    """
    body.anchors = {sheet.id: f"page_{i}" for i, sheet in enumerate(sheets, 1)}
    number = first - 1
    for i, sheet in enumerate(sheets):
        number += sheet.begins_page or i == 0
        body.numbers[sheet.id] = number
        number += int(sheet.element.get("data-sheets", 1)) - 1
    printed = accumulate((int(page.get("data-sheets", 1)) for page in pages), initial=1)
    body.pages = {
        i: (body.anchors[name], body.numbers[name])
        for i, page in zip(printed, pages, strict=False)
        if (name := page.get("id")) in body.numbers
    }


def _cover(body: Body, report: Report, masthead: Any, listed: list[Sheet]) -> None:
    """Write the title, the front matter (one line on the page) and the contents."""
    body.blocks(part for part in masthead if "front" not in classes(part))
    _front(body, report)
    _contents(body, listed)


def _front(body: Body, report: Report) -> None:
    """Write what the report is, and what its author must fill in."""
    rows: list[tuple[str, tuple[Block, ...]]] = [
        (name, (Paragraph(words),))
        for name, words in (
            ("Title of report", report.words("report_title")),
            ("Classification", report.words("protective_marking")),
            ("Report from", report.words("force_name")),
            *report.facts(),
        )
    ]
    fronts = (section for section in report.sections if section.is_front)
    rows += [(part.heading, part.blocks) for each in fronts for part in each.parts]
    table = body.table_of(len(rows), [NAME_CM, body.width - NAME_CM])
    parts.mark_first_column(table)
    parts.describe_table(table, "About this report", "Names and their values.")
    for row, (name, blocks) in zip(table.rows, rows, strict=True):
        for cell, text in zip(row.cells, (name, in_one_line(blocks)), strict=True):
            body.set_style(cell.paragraphs[0], "Table Text")
            cell.paragraphs[0].add_run(text)
        row.cells[0].paragraphs[0].runs[0].bold = True
        if any(isinstance(block, Placeholder) for block in blocks):
            parts.shade(row.cells[1], style.MARKER)
        parts.keep_row_whole(row)


def _contents(body: Body, sheets: list[Sheet]) -> None:
    """Write a line for each sheet, which leads to its heading, with its page.

    They are not in a field TOC, whose text LibreOffice keeps as it is in the file; both
    programs lay out the pages and then update PAGEREF.
    """
    body.paragraph("Contents", "Contents Heading")
    for sheet in sheets:
        name = body.anchors[sheet.id]
        entry = body.paragraph("", f"toc {LEVELS[sheet.heading.tag]}")
        entry.add_run(f"{plain(sheet.heading)}\t")
        shown = str(body.numbers[sheet.id])
        parts.add_field(entry, f"PAGEREF {name} \\h", shown, is_dirty=True)
        parts.link(entry, len(entry.runs), name)


def _created(report: Report) -> dt.datetime:
    extracted = report.front.get("latest_extracted_at")
    if not isinstance(extracted, dt.datetime):
        return parts.UNDATED
    return extracted.replace(microsecond=0, tzinfo=None)


def _set_properties(document: Any, report: Report) -> None:
    properties = document.core_properties
    properties.title = report.words("report_title")[:LONGEST_PROPERTY]
    properties.subject = report.words("protective_marking")[:LONGEST_PROPERTY]
    properties.author = report.words("force_name")[:LONGEST_PROPERTY]
    properties.keywords = report.keywords(LONGEST_PROPERTY)
    properties.last_modified_by = ""
    properties.comments = report.words("origin_text")[:LONGEST_PROPERTY]


def _set_margins(document: Any, report: Report, html: Any) -> None:
    """Write the marking into header and footer, and the source into the footer."""
    (foot,) = html.xpath("//footer/p[1]")
    words = {
        "{marking}": report.words("protective_marking"),
        "{foot}": foot.text.strip(),
    }
    section = document.sections[-1]
    for margin in (section.header, section.footer):
        for run in margin.paragraphs[0].runs:
            if (
                run.text in words
            ):  # other runs contain fields, which setting the text would delete
                run.text = words[run.text]
