"""Puts the pages of the board report in the order of the Word draft.

By default that is the page's own order. If the force's layout says which section has
which page (`board_page` in seeds/layout/report_sections.csv), the draft has the
commissioner's sections, each with its words, the author's text and its page.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import lxml.html
from lxml.html.builder import E

from reports.board import strands
from reports.board.authors import SUMMARY, authors_point
from reports.board.records import OPEN_DATA
from reports.outline import Authored, Bullets, Paragraph, Part, Placeholder, Section
from reports.report import Report
from reports.word.text import classes

# Of the page's elements, by name in the layout: page one may have a second sheet.
PLACED = {"one": ("one", "further"), "plan": ("plan",), "about": ("about",)}
STRAND = "strand"
# Its parts stand in the sections of their own.
AUTHORS_PAGE = "next"
HEADINGS = "./h2 | ./h3 | ./header//h2 | ./header//h3"
LOWER = {"h2": "h3", "h3": "h4"}


@dataclass(frozen=True)
class Sheet:
    """An element with headings and text, which may begin a page of the document."""

    element: Any
    begins_page: bool = True

    @property
    def id(self) -> str:
        return self.element.get("id", "")

    @property
    def is_page(self) -> bool:
        """Whether it is a page of the board report, and not a section's words."""
        return "page" in classes(self.element)

    @property
    def heading(self) -> Any:
        """The element's own heading, which comes first."""
        return self.element.xpath(HEADINGS)[0]


def has_sections_order(report: Report) -> bool:
    """Whether the draft has the commissioner's order.

    Open data's never has, nor has a public version, which has no author's sections.
    """
    is_open = report.words("origin") == OPEN_DATA
    return not (is_open or report.is_public) and any(
        section.board_page for section in report.sections
    )


def in_sections(report: Report, pages: list[Any]) -> list[Sheet]:
    """Return the report's sections with the pages that belong to them, then the rest.

    Args:
        pages: the elements of the page, in its order; each has a heading <h2>.
    """
    left = {page.get("id"): page for page in pages if page.get("id") != AUTHORS_PAGE}
    point = authors_point(report.sections)
    checks = {
        check.getparent().get("aria-labelledby"): check
        for page in pages
        if page.get("id") == AUTHORS_PAGE
        for check in page.xpath(".//section/div[@class='check']")
    }
    found: list[Sheet] = []
    for section in report.sections:
        own = _pages_of(section, left)
        for page in own:
            _lower(page, "h2", "h3")
        if section.is_strand:
            found += map(Sheet, own)
        elif own or section.kind in ("numbered", "other"):
            is_said = bool(point) and section.code == SUMMARY
            begins = bool(own) or not found or found[-1].is_page
            made = _section(section, bool(own), is_said)
            if (check := checks.get(made.get("id"))) is not None:
                made.append(check)
            found.append(Sheet(made, begins))
            found += [Sheet(page, begins_page=i > 0) for i, page in enumerate(own)]
    for page in left.values():
        _lower(page, "h3")
    return [*found, *map(Sheet, left.values())]


def _pages_of(section: Section, left: dict[str, Any]) -> list[Any]:
    """Take the pages that the layout places in a section out of those left."""
    names = PLACED.get(section.board_page, ())
    if section.board_page == STRAND and section.is_strand:
        names = (strands.page_id(section),)
    return [left.pop(name) for name in names if name in left]


def _lower(page: Any, *tags: str) -> None:
    """Lower headings of a page by a level; the contents list the two highest levels."""
    for heading in page.iter(*tags):
        heading.tag = LOWER[heading.tag]


def _section(section: Section, has_page: bool, is_said: bool) -> Any:
    """Return a section's heading and text.

    Args:
        has_page: whether a page of the board report follows, which has the figures.
        is_said: whether the author's text is a main point of page one.
    """
    heading = E.h2() if section.level == 1 else E.h3()
    heading.text = section.title
    made = E.section(heading, id=f"s-{section.code}")
    for part in section.parts:
        if not has_page:
            made.extend(_made(part))
        if not is_said:
            made.extend(_written(part))
    return made


def _made(part: Part) -> Iterator[Any]:
    """Yield the sentences that are made from figures; tables are in the annex."""
    for block in part.made:
        match block:
            case Paragraph():
                yield _text(E.p(), block.text)
            case Bullets():
                yield E.ul(*(_text(E.li(), item) for item in block.items))


def _written(part: Part) -> Iterator[Any]:
    """Yield what the author wrote, or the placeholder of an empty part."""
    for block in part.written:
        if isinstance(block, Authored):
            yield from lxml.html.fragments_fromstring(block.html)
    for block in part.blocks:
        if isinstance(block, Placeholder):
            yield _text(E.p({"class": "placeholder"}), block.text)


def _text(element: Any, text: str) -> Any:
    element.text = text
    return element
