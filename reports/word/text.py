"""Reads the lines of the board report's page: text runs, pictures and page numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from reports.published import PackError

IN_LINES = {"span", "strong", "em", "a", "br", "svg"}
BOLD, NOT_BOLD = {"strong", "chip"}, {"muted", "small", "day", "by", "plain"}
PAGE_NUMBER = re.compile(r"(?<=\bpage )(\d+)\b")
BREAK, WIDE_SPACE = "\n", "\u2003"
OUTSIDE = ("http://", "https://")
APART = {"key", "front"}  # their parts are separated by spaces


@dataclass(frozen=True)
class Piece:
    """Words of one style, a picture, or the number of a page of the report.

    Args:
        anchor: the page's element to which the words lead.
        address: an address outside the report to which the words lead.
        page: the page whose number the words are.
        picture: an <svg>.
    """

    text: str = ""
    is_bold: bool = False
    is_italic: bool = False
    is_muted: bool = False
    anchor: str = ""
    address: str = ""
    page: int = 0
    picture: Any = None


def classes(element: Any) -> set[str]:
    return set(element.get("class", "").split())


def pieces(element: Any) -> list[Piece]:
    """Return the content of an element of the page, with spaces as in a browser."""
    return _spaced(_inside(element, Piece()))


def plain(element: Any) -> str:
    """Return only the words of an element."""
    return "".join(piece.text for piece in pieces(element))


def _inside(element: Any, look: Piece) -> Iterator[Piece]:
    names_pages = _names_pages(element)
    yield from _said(element.text, look, names_pages)
    for child in element:
        yield from _child(child, look)
        yield from _said(child.tail, look, names_pages)


def _child(child: Any, look: Piece) -> Iterator[Piece]:
    kinds = classes(child)
    if "hidden" in kinds:
        return
    if child.tag not in IN_LINES:
        raise PackError(
            f"The page's <{child.tag}> has no place in a line of the Word draft; add "
            "it to reports/word/text.py."
        )
    if child.tag == "br" or "small" in kinds:
        yield replace(look, text=BREAK)
    if classes(child.getparent()) & APART and child.getprevious() is not None:
        yield replace(look, text=WIDE_SPACE)
    if child.tag == "svg":
        yield from _drawn(child)
        return
    href = child.get("href", "")
    own = replace(
        look,
        is_bold=_is_bold(child, kinds, look),
        is_italic=look.is_italic or child.tag == "em",
        is_muted=look.is_muted or bool(kinds & NOT_BOLD),
        address=href if href.startswith(OUTSIDE) else look.address,
        anchor=href[1:] if href.startswith("#") else look.anchor,
    )
    inside = _inside(child, own)
    yield from map(_unbroken, inside) if "day" in kinds else inside


def _unbroken(piece: Piece) -> Piece:
    """Keep a date such as '26 Sep' on one line."""
    return replace(piece, text=piece.text.replace(" ", "\u00a0"))


def _is_bold(child: Any, kinds: set[str], look: Piece) -> bool:
    return not kinds & NOT_BOLD and (look.is_bold or bool(BOLD & {child.tag, *kinds}))


def _drawn(svg: Any) -> Iterator[Piece]:
    """Yield a picture, except for a phone's drawing and the sign of a word in bold."""
    is_sign = "chip" in classes(svg.getparent())
    if not is_sign and "for-phone" not in classes(svg):
        yield Piece(picture=svg)
        if "icon" in classes(svg):
            yield Piece(" ")


def _names_pages(element: Any) -> bool:
    """Whether 'page 5' in the element is a page of the report; not in an author's
    text.
    """
    above = [element, *element.iterancestors()]
    if element.tag == "a":
        return element.get("href", "").startswith("#")
    if "small" in classes(element):
        return any("glance" in classes(each) for each in above)
    return any(each.get("id") == "gaps" for each in above)


def _said(text: str | None, look: Piece, names_pages: bool) -> Iterator[Piece]:
    if not text:
        return
    words = re.sub(r"\s+", " ", text)
    parts = PAGE_NUMBER.split(words) if names_pages else [words]
    for i, part in enumerate(parts):
        if part:
            yield replace(look, text=part, page=int(part) if i % 2 else 0)


def _spaced(found: Iterator[Piece]) -> list[Piece]:
    """Remove spaces that begin or end a line, or that follow another space."""
    line: list[Piece] = []
    for piece in found:
        text = piece.text
        if text == BREAK:
            _trim(line)
        elif not line or line[-1].text.endswith((" ", BREAK)):
            text = text.lstrip(" ")
        is_first_break = text == BREAK and not line
        if (text or piece.picture is not None) and not is_first_break:
            line.append(replace(piece, text=text))
    _trim(line)
    return line


def _trim(line: list[Piece]) -> None:
    while line and line[-1].picture is None:
        text = line[-1].text.rstrip(" " + BREAK)
        if text:
            line[-1] = replace(line[-1], text=text)
            return
        line.pop()
