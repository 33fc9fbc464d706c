"""Reads the tables of the board report's page: headings, rows and column widths."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from reports.widths import Line, column_widths
from reports.word.pictures import looks_of
from reports.word.text import BREAK, Piece, classes, pieces

UNBROKEN = {"number", "change", "words", "quarter"}
BROAD = {"by-type", "heat", "places"}  # of open data, with more columns or rows
# cm, width of a drawing in a cell, by its class
DRAWN = {"small-chart": 2.3, "plan-row": 3.2, "part-bar": 1.6, "force-strip": 4.2}
OF_THE_AUTHOR = "Table of the author"  # alternative text; it has no title
USUAL, SMALL = "Table Text", "Table Small"
# cm, by style: of a letter and of one of a heading; SMALL is of broad tables.
LETTERS, PADDING = {USUAL: (0.15, 0.19), SMALL: (0.14, 0.19)}, 0.3


@dataclass(frozen=True)
class Cell:
    """A cell: its content, and whether it is a number, unbroken or bold.

    Args:
        fill: colour behind the content, such as '#12436D'; '' for none.
        colour: colour of the words; '' for that of the style.
    """

    pieces: tuple[Piece, ...]
    is_number: bool = False
    is_unbroken: bool = False
    is_bold: bool = False
    fill: str = ""
    colour: str = ""

    @property
    def lines(self) -> list[str]:
        return "".join(piece.text for piece in self.pieces).split(BREAK)


@dataclass(frozen=True)
class Heading:
    """The heading of a column, in the form that `reports.widths` needs."""

    heading: str
    is_unbroken: bool


@dataclass(frozen=True)
class PageTable:
    """A table of the page. `head` is empty if it has no headings."""

    title: str
    look: str
    head: tuple[Cell, ...]
    rows: tuple[tuple[Cell, ...], ...]

    @property
    def columns(self) -> list[Heading]:
        heads = self.head or tuple(Cell(()) for _ in self.rows[0])
        return [
            Heading(" ".join(head.lines), head.is_unbroken or self._is_drawn(i))
            for i, head in enumerate(heads)
        ]

    @property
    def texts(self) -> list[list[str]]:
        """The lines of each column; a drawing counts as the letters that fill its
        width.
        """
        return [
            [line for row in self.rows for line in _measured(row[i])]
            for i in range(len(self.columns))
        ]

    def _is_drawn(self, column: int) -> bool:
        return any(
            width_in_cell(piece.picture)
            for row in self.rows
            for piece in row[column].pieces
            if piece.picture is not None
        )

    def widths(self, room: float) -> list[float]:
        """Return the width of each column in centimetres, `room` in all."""
        return column_widths(self, Line(room, *LETTERS[self.look], PADDING))


def read_table(table: Any) -> PageTable:
    """Read a <table>; a cell that spans columns is followed by empty cells."""
    rows = [[_cell(c) for c in row] for row in table.iter("tr")]
    width = max(map(len, rows))
    cells = [tuple(row + [Cell(())] * (width - len(row))) for row in rows]
    has_head = table.find("thead") is not None
    caption = table.find("caption")
    return PageTable(
        title=OF_THE_AUTHOR if caption is None else caption.text_content().strip(),
        look=SMALL if BROAD & classes(table) else USUAL,
        head=cells[0] if has_head else (),
        rows=tuple(cells[1:] if has_head else cells),
    )


def _cell(cell: Any) -> Cell:
    kinds = classes(cell) | classes(cell.getparent())
    (own,) = (classes(above) for above in cell.iterancestors("table"))
    in_glance = "glance" in own
    is_heading = cell.tag == "th" and (in_glance or cell.get("scope") != "row")
    looks = looks_of(cell)
    return Cell(
        pieces=tuple(pieces(cell)),
        is_number="number" in kinds,
        # The names of districts share the room that there is.
        is_unbroken=bool(kinds & UNBROKEN) and "heat" not in own,
        is_bold=is_heading or bool(kinds & {"strong", "total"}),
        fill=looks.get("background", ""),
        colour=looks.get("color", ""),
    )


def _measured(cell: Cell) -> list[str]:
    drawn = [p.picture for p in cell.pieces if p.picture is not None]
    room = max((width_in_cell(svg) for svg in drawn), default=0)
    return [*cell.lines, "x" * round(room / LETTERS[USUAL][0])]


def width_in_cell(svg: Any) -> float:
    """Return a drawing's width in centimetres; 0 for a small sign within a line."""
    kinds = classes(svg)
    return next((DRAWN[kind] for kind in DRAWN if kind in kinds), 0)
