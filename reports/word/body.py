"""Writes the board report's page, element by element, as Word elements.

Every word is the page's own. Elements that are side by side on the page become columns.
"""

from __future__ import annotations

from collections.abc import Iterable
from copy import deepcopy
from typing import Any

from docx.shared import Cm
from lxml.html.builder import E

from reports.published import PackError
from reports.word import parts
from reports.word.tables import read_table
from reports.word.text import IN_LINES, WIDE_SPACE, Piece, classes, pieces, plain
from reports.word.writer import GAP, Writer

# Elements that are side by side on the page, and their widths. 0 means one text that
# flows through columns.
BESIDE = {
    "lead-chart": (36, 64),
    "areas-words": (60, 40),
    "halves": (50, 50),
    "pictures": (33, 33, 34),
    "columns": (0, 0),
}
LOOKS = {
    "finding": "Finding",
    "under-title": "Note",
    "front": "Note",
    "note": "Note",
    "key": "Note",
    "more": "Note",
    "small": "Note",
    "muted": "Note",
    "boxed": "Boxed",
    "force": "Subtitle",
    "placeholder": "Placeholder",
    "risk-line": "Risk Line",
}
BOXES = {"commentary": "Commentary", "beside-chart": "Commentary", "risk-box": "Risk"}
HEADINGS = {"h1": "Title", "h2": "Heading 1", "h3": "Heading 2", "h4": "Heading 3"}
ITEM_CM = 0.5  # from a bullet to its text
WHOLE = {"div", "section", "header"}  # only contain other elements


class Body(Writer):
    """Writes the elements of the page into a document, from top to bottom."""

    def blocks(self, elements: Iterable[Any], box: str = "") -> None:
        for element in elements:
            self.block(element, box)

    def block(self, element: Any, box: str = "") -> None:
        """Write one element of the page.

        Args:
            box: the style of the box around the element, if any.
        """
        kinds = classes(element)
        beside = next((BESIDE[kind] for kind in BESIDE if kind in kinds), None)
        match element.tag:
            case _ if "check" in kinds:
                for item in element.iter("li"):
                    self.comment(plain(item))
            case "svg":
                self.line([Piece(picture=element)], "Note")
            case _ if "strand-plan" in kinds:
                bar, words = element
                drawn = [Piece(picture=bar), Piece(WIDE_SPACE)]
                self.line([*drawn, *pieces(words)], "Note")
            case _ if beside and len(element) > 1:
                self._columns(list(element), beside)
            case tag if tag in HEADINGS:
                self._heading(element, box)
            case "p":
                self._paragraph(element, box)
            case "ul" | "ol":
                self._list(element, box)
            case "dl":
                for point in element:
                    self._point(*point)
            case "table":
                self.table(read_table(element))
            case "figure":
                self._figure(*element)
            case tag if tag in WHOLE:
                own = next((BOXES[kind] for kind in BOXES if kind in kinds), box)
                self.blocks(element, own)
            case tag:
                raise PackError(
                    f"The page's <{tag}> has no place in the Word draft; add it to "
                    "reports/word/body.py."
                )

    def _heading(self, element: Any, box: str) -> None:
        look = f"{box} Heading" if box else HEADINGS[element.tag]
        made = self.line(pieces(element), look)
        after = element.getnext()
        if made is not None and after is not None and after.tag == "table":
            # LibreOffice would move the heading and its table to a new page.
            made.paragraph_format.keep_with_next = False
        ids = [above.get("id") for above in element.iterancestors("section")]
        name = next((self.anchors[i] for i in ids if i in self.anchors), "")
        is_title = element.tag == "h1"
        if made is not None and name and not is_title and name not in self.bookmarked:
            self.bookmark(made, name)

    def _paragraph(self, element: Any, box: str) -> None:
        kinds = classes(element)
        own = next((LOOKS[kind] for kind in LOOKS if kind in kinds), "Normal")
        is_boxed = box and "placeholder" not in kinds
        self.line(pieces(element), box if is_boxed else own)

    def _list(self, element: Any, box: str, depth: int = 0) -> None:
        """Write a list, with its numbers as text, as on the page.

        What an item contains is written in its order: lines, lists and tables.
        """
        bullets = f"{box} Bullet" if box else "List Bullet"
        text = box or "Normal"
        look = bullets if element.tag == "ul" else text
        write = self._item_in_box if box else self._item
        for number, item in enumerate(element, int(element.get("start", 1))):
            sign = f"{number}.\t" if element.tag == "ol" else ""
            for i, part in enumerate(_parts(item)):
                match part.tag:
                    case "p":
                        line = pieces(part)
                        said = [Piece(sign), *line] if sign and not i else line
                        write(said, text if i else look, depth, bool(sign), i > 0)
                    case "ul" | "ol":
                        self._list(part, box, depth + 1)
                    case "table":
                        self.table(read_table(part), ITEM_CM * (depth + 1))
                    case _:
                        self.block(part, box)

    def _item(
        self, said: list[Piece], look: str, depth: int, is_numbered: bool, goes_on: bool
    ) -> None:
        """Write a list item with room for its number or bullet."""
        made = self.line(said, look)
        if made is None or not (depth or is_numbered or goes_on):
            return
        made.paragraph_format.left_indent = Cm(ITEM_CM * (depth + 1))
        made.paragraph_format.first_line_indent = Cm(0 if goes_on else -ITEM_CM)

    def _item_in_box(
        self, said: list[Piece], look: str, depth: int, is_numbered: bool, goes_on: bool
    ) -> None:
        """Write a list item beside a bar, which is drawn at the item's left edge.

        So the edge is that of the text, and tabs lead to the item's place. A bullet has
        the level of its list, whose sign is as far from the edge.
        """
        has_tab = goes_on or (is_numbered and depth)
        made = self.line([Piece("\t"), *said] if has_tab else said, look)
        if made is None or not (depth or is_numbered or goes_on):
            return
        space = made.paragraph_format
        space.left_indent = Cm(ITEM_CM * (depth + 1))
        space.first_line_indent = -space.left_indent
        if is_numbered and depth and not goes_on:
            space.tab_stops.add_tab_stop(Cm(ITEM_CM * depth))
        if not (is_numbered or goes_on):
            parts.set_level(made, min(depth, parts.LIST_LEVELS - 1))

    def _point(self, term: Any, words: Any) -> None:
        """Write a main point: its word, then its sentences with a hanging indent."""
        made = self.paragraph("", "Point")
        self.write(made, pieces(term), bold=True)
        made.add_run("\t")
        self.write(made, pieces(words))

    def _figure(self, caption: Any, *drawn: Any) -> None:
        """Write a figure: a caption numbered by a field, its note, drawing and key."""
        title, *notes = caption
        self.chart_count += 1
        made = self.paragraph("", "Caption")
        made.add_run("Chart ")
        parts.add_field(made, "SEQ Chart \\* ARABIC", str(self.chart_count))
        made.add_run(": ")
        self.write(made, pieces(title))
        for note in notes:
            self.line(pieces(note), "Note").paragraph_format.keep_with_next = True
        for element in drawn:
            if "for-phone" not in classes(element):
                self.block(element)

    def _columns(self, columns: list[Any], shares: tuple[float, ...]) -> None:
        """Write elements side by side, in a section of the document with columns."""
        self.end_section(())
        room, flows = self.width, not sum(shares)
        gaps = GAP * (len(shares) - 1)
        widths = [(room - gaps) * (share / 100 or 0.5) for share in shares]
        for i, column in enumerate(columns):
            self.width = widths[min(i, len(widths) - 1)]
            if i and not flows:
                self.break_before = "column"
            self.block(column)
        self.end_section(widths)
        self.width = room


def _parts(item: Any) -> list[Any]:
    """Return what an item contains, in its order: first a line, which may be empty.

    Words that have no element of their own on the page become a <p>.
    """
    found = [_line(item.text)]
    for child in item:
        if child.tag in IN_LINES:
            found[-1].append(deepcopy(child))
        else:
            found += [child, _line(child.tail)]
    first, *others = found
    if others and others[0].tag == "p" and not pieces(first):
        first, *others = others
    return [first, *(part for part in others if part.tag != "p" or pieces(part))]


def _line(text: str | None) -> Any:
    line = E.p()
    line.text = text
    return line
