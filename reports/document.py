"""The quarter's report as a Word draft, for its author to finish.

Everything is made from the report's sections; placeholders stand only where an author
must write. The looks are the template's (templates/make_template.py).
"""

from __future__ import annotations

import datetime as dt
from io import BytesIO
from pathlib import Path
from typing import Any

from docx import Document
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Emu

from reports import docx_parts, style
from reports.charts import Drawing
from reports.grid import Grid, Table
from reports.outline import (
    Block,
    Bullets,
    Chart,
    Paragraph,
    Placeholder,
    Section,
    in_one_line,
)
from reports.report import Report
from reports.widths import Line, column_widths, fits, most_lines

TEMPLATE = Path(__file__).parent / "templates" / "report.docx"
USUAL, SMALL = "Table Text", "Table Small"
LETTERS_CM = {USUAL: (0.185, 0.2), SMALL: (0.155, 0.165)}  # of a text and a heading
CELL_PADDING_CM = 0.4
MOST_LINES = 4  # of a text in a row: smaller letters where it would need more
ALONE = 3  # rows: fewer of a table are not left alone on a page


def write_document(report: Report, drawings: dict[str, Drawing], path: Path) -> None:
    """Write the draft to `path`; the same report and drawings give the same bytes."""
    writer = Writer(report, drawings)
    writer.write()
    extracted = report.front.get("latest_extracted_at")
    created = extracted if isinstance(extracted, dt.datetime) else docx_parts.UNDATED
    docx_parts.save(writer.document, path, created.replace(microsecond=0, tzinfo=None))


class Writer:
    """Puts a report into a document from the template, top to bottom."""

    def __init__(self, report: Report, drawings: dict[str, Drawing]) -> None:
        self.report = report
        self.drawings = drawings
        self.document = Document(str(TEMPLATE))
        self._style_ids: dict[str, str] = {}
        self.counts = {"Table": 0, "Chart": 0}

    def write(self) -> None:
        self._set_properties()
        self._set_marking()
        self._front()
        self._contents()
        for number, section in enumerate(self._sections(), 1):
            self._section(section, f"section_{number}")
        self._notes()

    def _sections(self) -> list[Section]:
        return [section for section in self.report.sections if not section.is_front]

    def _set_properties(self) -> None:
        properties = self.document.core_properties
        properties.title = self.report.words("report_title")[:255]
        properties.subject = self.report.words("protective_marking")[:255]
        properties.author = self.report.words("force_name")[:255]
        properties.last_modified_by = ""
        properties.comments = self.report.words("origin_text")[:255]

    def _set_marking(self) -> None:
        section = self.document.sections[0]
        for margin in (section.header, section.footer):
            for run in margin.paragraphs[0].runs:
                if run.text == "{marking}":
                    run.text = self.report.words("protective_marking")

    def _front(self) -> None:
        """Title, what the report is, and what its author must fill in."""
        self._paragraph(self.report.words("force_name"), "Subtitle")
        self._paragraph(self.report.words("report_title"), "Title")
        rows: list[tuple[str, tuple[Block, ...]]] = [
            (name, (Paragraph(words),))
            for name, words in (
                ("Title of report", self.report.words("report_title")),
                ("Classification", self.report.words("protective_marking")),
                ("Report from", self.report.words("force_name")),
                *self.report.facts(),
            )
        ]
        for section in self.report.sections:
            if section.is_front:
                rows += [(part.heading, part.blocks) for part in section.parts]
        table = self._table_of(len(rows), [5.2, 11.4])
        for row, (name, blocks) in zip(table.rows, rows, strict=True):
            self._cell(row.cells[0], name, is_bold=True)
            self._cell(row.cells[1], in_one_line(blocks))
            if any(isinstance(block, Placeholder) for block in blocks):
                docx_parts.shade(row.cells[1], style.MARKER)
            docx_parts.keep_row_whole(row)
        look = table._tbl.tblPr.find(docx_parts.qn("w:tblLook"))
        look.set(docx_parts.qn("w:firstRow"), "0")
        look.set(docx_parts.qn("w:firstColumn"), "1")
        docx_parts.describe_table(table, "About this report", "Names and their values.")
        self._paragraph(self.report.words("origin_text"), "Origin")

    def _contents(self) -> None:
        """Links to every section, as Word's own contents field would show them."""
        heading = self._paragraph("Contents", "Heading 1")
        heading.paragraph_format.page_break_before = True
        entries = [
            (section.title, f"section_{number}", section.level)
            for number, section in enumerate(self._sections(), 1)
        ]
        entries += [("Notes", "notes", 1)] if self.report.notes else []
        for text, bookmark, level in entries:
            docx_parts.add_link(
                self._paragraph("", f"Contents {level}"), text, bookmark
            )

    def _section(self, section: Section, bookmark: str) -> None:
        heading = self._paragraph(section.title, f"Heading {section.level}")
        self._bookmark(heading, bookmark)
        if section.number == "1.0" or section.kind == "appendix":
            heading.paragraph_format.page_break_before = True
        for part in section.parts:
            if part.heading:
                self._paragraph(part.heading, "Heading 3")
            for block in part.blocks:
                self._block(block)
            if not part.heading and part is not section.parts[-1]:
                self.document.paragraphs[-1].paragraph_format.keep_with_next = True

    def _bookmark(self, paragraph: Any, name: str) -> None:
        self.counts["bookmark"] = self.counts.get("bookmark", 0) + 1
        docx_parts.add_bookmark(paragraph, name, self.counts["bookmark"])

    def _block(self, block: Block) -> None:
        match block:
            case Table():
                self._table(block)
            case Chart():
                self._chart(block)
            case Placeholder():
                self._paragraph(block.text, "Placeholder")
            case Bullets():
                for item in block.items:
                    self._paragraph(item, "List Bullet")
            case Paragraph():
                self._paragraph(block.text)

    def _paragraph(self, text: str, look: str = "Normal") -> Any:
        paragraph = self.document.add_paragraph(text)
        if look != "Normal":
            self._set_style(paragraph, look)
        return paragraph

    def _caption(self, kind: str, title: str) -> None:
        """'Table 3: …', numbered by a field, so that Word can renumber."""
        self.counts[kind] += 1
        caption = self._paragraph(f"{kind} ", "Caption")
        docx_parts.add_field(caption, f"SEQ {kind} \\* ARABIC", str(self.counts[kind]))
        caption.add_run(f": {title}")

    def _table(self, table: Table) -> None:
        grid = table.grid()
        is_turned = not (grid.statement or fits(grid, self._line(SMALL)))
        if is_turned:
            self._turn_page(WD_ORIENT.LANDSCAPE)
        self._caption("Table", table.title)
        if grid.statement:
            statement = self._paragraph(grid.statement)
            if table.note:
                statement.paragraph_format.keep_with_next = True
                self._paragraph(table.note, "Table Note")
            return
        look = self._look(grid)
        widths = column_widths(grid, self._line(look))
        made = self._table_of(len(grid.rows) + 1, widths)
        docx_parts.describe_table(made, table.title, table.note)
        docx_parts.mark_header_row(made.rows[0])
        for cell, column in zip(made.rows[0].cells, grid.columns, strict=True):
            self._cell(cell, column.heading, look, column.is_number, is_bold=True)
        for row, cells in zip(made.rows[1:], grid.rows, strict=True):
            docx_parts.keep_row_whole(row)
            for made_cell, cell, column in zip(
                row.cells, cells, grid.columns, strict=True
            ):
                text = cell.text(column.number_format)
                is_total = grid.is_total(cells)
                self._cell(made_cell, text, look, column.is_number, is_total)
        if grid.is_total(grid.rows[-1]):
            made._tbl.tblPr.find(docx_parts.qn("w:tblLook")).set(
                docx_parts.qn("w:lastRow"), "1"
            )
        self._keep_together(made, len(grid.rows) if grid.is_short else ALONE)
        marks = [f"{mark} {words}." for mark, words in grid.shorthand.items()]
        self._paragraph(" ".join(filter(None, [table.note, *marks])), "Table Note")
        if is_turned:
            self._turn_page(WD_ORIENT.PORTRAIT)

    def _look(self, grid: Grid) -> str:
        is_full = most_lines(grid, self._line(USUAL)) > MOST_LINES
        return SMALL if grid.is_broad or is_full else USUAL

    def _line(self, look: str) -> Line:
        return Line(self._text_width(), *LETTERS_CM[look], CELL_PADDING_CM)

    def _keep_together(self, table: Any, count: int) -> None:
        """No page begins or ends with less than `count` rows of a table but the header:
        each of them stays with the next.
        """
        rows = list(table.rows)[:-1]
        for row in [*rows[:count], *rows[max(count, len(rows) + 1 - count) :]]:
            for cell in row.cells:
                for paragraph in cell.paragraphs:
                    paragraph.paragraph_format.keep_with_next = True

    def _table_of(self, row_count: int, widths: list[float]) -> Any:
        """An empty table of the report's style; `widths` in centimetres."""
        table = self.document.add_table(row_count, len(widths), style="Report Table")
        table.autofit = False
        look = table._tbl.tblPr.find(docx_parts.qn("w:tblLook"))
        for flag in ("firstColumn", "lastColumn", "lastRow", "noVBand", "noHBand"):
            look.set(docx_parts.qn(f"w:{flag}"), "1" if flag.startswith("no") else "0")
        sizes = [Emu(round(width * 360_000)) for width in widths]
        for column, size in zip(table.columns, sizes, strict=True):
            column.width = size
        for row in table.rows:
            for cell, size in zip(row.cells, sizes, strict=True):
                cell.width = size
        return table

    def _cell(
        self,
        cell: Any,
        text: str,
        look: str = USUAL,
        is_number: bool = False,
        is_bold: bool = False,
    ) -> None:
        paragraph = cell.paragraphs[0]
        self._set_style(paragraph, look)
        paragraph.add_run(text).bold = True if is_bold else None
        if is_number:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT

    def _set_style(self, paragraph: Any, look: str) -> None:
        """By its id: python-docx would look through every style every time."""
        if look not in self._style_ids:
            self._style_ids[look] = self.document.styles[look].style_id
        paragraph._p.style = self._style_ids[look]

    def _text_width(self) -> float:
        """Centimetres between the margins of the page in use."""
        section = self.document.sections[-1]
        inside = section.page_width - section.left_margin - section.right_margin
        return inside / 360_000

    def _turn_page(self, orientation: Any) -> None:
        """A new page, upright or on its side, with the same margins and marking."""
        before = self.document.sections[-1]
        short, long = sorted((before.page_width, before.page_height))
        is_upright = orientation == WD_ORIENT.PORTRAIT
        section = self.document.add_section(WD_SECTION.NEW_PAGE)
        section.orientation = orientation
        section.page_width = short if is_upright else long
        section.page_height = long if is_upright else short

    def _chart(self, chart: Chart) -> None:
        drawing = self.drawings.get(chart.name)
        self._caption("Chart", chart.title)
        if drawing is None:
            self._paragraph("This chart is not available from this source.")
            return
        paragraph = self._paragraph("")
        width = Emu(round(self._text_width() * 360_000))
        shape = paragraph.add_run().add_picture(BytesIO(drawing.picture), width=width)
        docx_parts.describe_picture(shape, chart.title, chart.alternative_text)

    def _notes(self) -> None:
        if not self.report.notes:
            return
        self._bookmark(self._paragraph("Notes", "Heading 1"), "notes")
        for number, note in enumerate(self.report.notes, 1):
            self._paragraph(f"{number}. {note}")
