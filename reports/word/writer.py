"""Adds paragraphs, runs, pictures, tables and sections to a document."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from io import BytesIO
from typing import Any

from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Cm, RGBColor

from reports import style
from reports.word import parts, pictures
from reports.word.tables import Cell, PageTable, width_in_cell
from reports.word.text import BREAK, Piece, classes

GAP = 0.6  # cm between columns
# Of a unit of a drawing, and of a sign in a line; the width of the plan's bar.
UNIT_CM, SIGN_CM, BAR_CM = 0.0265, 0.021, 6.0
COMMENTED_BY = "Strandline"
SHORT = 18  # rows of a table that stays on one page
CLOSE = 0.97  # of a line; other paragraphs have 1.05


class Writer:
    """Adds to the end of a document.

    Attributes: `width`, centimetres of the present column; `anchors`, the bookmark of
    each part of the document by its id; `numbers`, its page by its id; `pages`, by
    number of a page of the board report: its bookmark and its page of the document;
    `break_before`, "page" or "column" if the next paragraph begins one;
    `has_close_lines`, whether paragraphs need them to fit one sheet.
    """

    def __init__(self, document: Any) -> None:
        self.document = document
        self.last_section = document.element.body.find(parts.qn("w:sectPr"))
        self.width = self.room = self._text_width()
        self.anchors: dict[str, str] = {}
        self.numbers: dict[str, int] = {}
        self.pages: dict[int, tuple[str, int]] = {}
        self.bookmarked: list[str] = []
        self.chart_count = 0
        self.break_before = ""
        self.has_close_lines = False
        self._is_fresh = True  # whether the section is still empty
        self._style_ids: dict[str, str] = {}
        self._latest: Any = None  # the paragraph that was written last

    def paragraph(self, text: str, look: str) -> Any:
        """Add a paragraph, on a new page or in the next column if `break_before` says
        so.
        """
        made = self.document.add_paragraph()
        self.set_style(made, look)
        if self.break_before == "column":
            parts.break_column(made)
        elif self.break_before == "page":
            made.paragraph_format.page_break_before = True
        if self.has_close_lines:
            made.paragraph_format.line_spacing = CLOSE
        self.break_before, self._is_fresh = "", False
        if text:
            made.add_run(text)
        self._latest = made
        return made

    def comment(self, text: str) -> None:
        """A comment for the author, on the paragraph that was written last."""
        parts.add_comment(self.document, self._latest, text, COMMENTED_BY)

    def bookmark(self, paragraph: Any, name: str) -> None:
        self.bookmarked.append(name)
        parts.add_bookmark(paragraph, name, len(self.bookmarked))

    def set_style(self, paragraph: Any, look: str) -> None:
        """Set the style by its id, because python-docx would search all styles each
        time.
        """
        if look not in self._style_ids:
            self._style_ids[look] = self.document.styles[look].style_id
        paragraph._p.style = self._style_ids[look]

    def _text_width(self) -> float:
        """Centimetres between the margins."""
        page = self.document.sections[-1]
        return (page.page_width - page.left_margin - page.right_margin) / 360_000

    def line(self, line: list[Piece], look: str) -> Any:
        """Add a paragraph with these pieces; nothing if there are none."""
        if not line:
            return None
        made = self.paragraph("", look)
        self.write(made, line)
        return made

    def write(self, paragraph: Any, line: Iterable[Piece], bold: bool = False) -> None:
        for piece in line:
            before = len(paragraph.runs)
            if piece.picture is not None:
                self._picture(paragraph, piece.picture)
            elif piece.page in self.pages:
                self._page_number(paragraph, piece)
            elif piece.text == BREAK:
                paragraph.add_run().add_break()
            else:
                self._run(paragraph, piece, bold)
            added = len(paragraph.runs) - before
            if name := self.anchors.get(piece.anchor):
                parts.link(paragraph, added, name)
            elif piece.address:
                parts.link_outside(paragraph, added, piece.address)

    def _page_number(self, paragraph: Any, piece: Piece) -> None:
        before = len(paragraph.runs)
        name, number = self.pages[piece.page]
        shown = str(number)
        parts.add_field(paragraph, f"PAGEREF {name} \\h", shown, is_dirty=True)
        _mute(paragraph.runs[before:] if piece.is_muted else [])

    def _run(self, paragraph: Any, piece: Piece, is_bold: bool) -> None:
        run = paragraph.add_run(piece.text)
        if piece.is_bold or (is_bold and not piece.is_muted):
            run.bold = True
        if piece.is_italic:
            run.italic = True
        _mute([run] if piece.is_muted else [])

    def _picture(self, paragraph: Any, svg: Any) -> None:
        drawn = BytesIO(pictures.picture(svg))
        width = min(self._picture_width(svg), self.width)
        shape = paragraph.add_run().add_picture(drawn, width=Cm(width))
        parts.describe_picture(shape, *pictures.words_of(svg))

    def _picture_width(self, svg: Any) -> float:
        if width := width_in_cell(svg):
            return width
        if "plan-bar" in classes(svg):
            return BAR_CM
        unit = SIGN_CM if svg.get("aria-hidden") else UNIT_CM
        return unit * pictures.size_of(svg)[0]

    def end_section(self, widths: Sequence[float]) -> None:
        """End the section if it has any content.

        Args:
            widths: of its columns, in centimetres.
        """
        if self._is_fresh:
            return
        *_, last, _ = self.document.element.body
        if last.tag == parts.qn("w:p"):
            paragraph = self.document.paragraphs[-1]
        else:
            if widths:
                # Without it, LibreOffice moves a table that ends the last column to a
                # new page.
                self.paragraph("", "Spacer")
            paragraph = self.paragraph("", "Spacer")
        parts.end_section(paragraph, self.last_section, widths, GAP)
        self._is_fresh = True

    def finish(self) -> None:
        """End the document; its last section continues on the same page."""
        if self._is_fresh:
            self.paragraph("", "Spacer")
        parts.start_beside(self.last_section)

    def table(self, table: PageTable, indent: float = 0) -> None:
        """Add a table of the page, with its headings repeated on each sheet.

        Args:
            indent: from the left edge of the text, in centimetres.
        """
        rows = [table.head, *table.rows] if table.head else list(table.rows)
        before = self.last_section.getprevious()
        if before is not None and before.tag == parts.qn("w:tbl"):
            self.paragraph("", "Spacer")  # or Word joins the two tables
        made = self.table_of(len(rows), table.widths(self.width - indent))
        if indent:
            parts.indent_table(made, indent)
        parts.describe_table(made, table.title, "")
        if table.head:
            parts.mark_header_row(made.rows[0])
        else:
            parts.mark_first_column(made)
        for i, (row, cells) in enumerate(zip(made.rows, rows, strict=True)):
            parts.keep_row_whole(row)
            stays = self.width == self.room and (
                i == 0 or (len(rows) <= SHORT and i < len(rows) - 1)
            )
            for into, cell in zip(row.cells, cells, strict=True):
                self._cell(into, cell, table.look, stays)

    def _cell(self, into: Any, cell: Cell, look: str, stays: bool) -> None:
        paragraph = into.paragraphs[0]
        self.set_style(paragraph, look)
        self.write(paragraph, cell.pieces, cell.is_bold)
        if cell.fill:
            parts.shade(into, cell.fill)
        if cell.colour:
            _colour(paragraph.runs, cell.colour)
        if cell.is_number:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        if stays:
            paragraph.paragraph_format.keep_with_next = True

    def table_of(self, row_count: int, widths: list[float]) -> Any:
        """Add an empty table of the report's style.

        Args:
            widths: of its columns, in centimetres.
        """
        table = self.document.add_table(row_count, len(widths), style="Report Table")
        table.autofit = False
        parts.mark_header_only(table)
        sizes = [Cm(width) for width in widths]
        for column, size in zip(table.columns, sizes, strict=True):
            column.width = size
        for row in table.rows:
            for cell, size in zip(row.cells, sizes, strict=True):
                cell.width = size
        self._is_fresh = False
        return table


def _mute(runs: Iterable[Any]) -> None:
    _colour(runs, style.MUTED)


def _colour(runs: Iterable[Any], colour: str) -> None:
    for run in runs:
        run.font.color.rgb = RGBColor.from_string(colour[1:].upper())
