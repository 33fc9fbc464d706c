"""Lays out a Word file on A4 with a browser, if there is no word processor.

The layout is not Word's: it has the same text, pictures, widths, spaces and columns, in
a font slightly wider than Arial, so that what fits here also fits in Word.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator
from html import escape
from pathlib import Path
from typing import Any

import docx
from docx.oxml.ns import qn
from docx.table import Table
from docx.text.paragraph import Paragraph

SINGLE = 1.15  # of a font's size: the height of Word's single line
CSS = """
body { margin: 0; font-family: "DejaVu Sans Condensed", Arial; }
p { margin: 0; white-space: pre-wrap; overflow-wrap: anywhere; }
img { vertical-align: baseline; }
table { border-collapse: collapse; table-layout: fixed; }
td { border-bottom: 0.5pt solid #ccc; padding: 0 0.12cm; vertical-align: top; }
.beside { display: flex; } .beside > div { flex: none; }
.flows { columns: 2; }
.sheet { overflow: hidden; margin-bottom: 1cm; }
"""
Group = tuple[list[Any], list[float]]  # blocks, and widths of their columns


def paper(path: Path) -> str:
    """Return the document as HTML, with a div for each page that begins with a
    break.
    """
    document = docx.Document(str(path))
    page = document.sections[-1]
    width = (page.page_width - page.left_margin - page.right_margin) / 360_000
    sheets: list[list[str]] = [[]]
    for blocks, columns in _groups(document):
        for part in _parts(blocks) if not columns else [blocks]:
            if _begins_page(part[0]) and sheets[-1]:
                sheets.append([])
            sheets[-1].append(_beside(part, columns, document))
    style = f"width: {width:.2f}cm"
    made = "".join(
        f'<div class="sheet" style="{style}">{"".join(s)}</div>' for s in sheets
    )
    return f"<!DOCTYPE html><meta charset='utf-8'><style>{CSS}</style>{made}"


def text_height(path: Path) -> float:
    """Return the height between the margins of a page, in centimetres."""
    page = docx.Document(str(path)).sections[-1]
    return (page.page_height - page.top_margin - page.bottom_margin) / 360_000


def _groups(document: Any) -> Iterator[Group]:
    """Yield the sections of the document: their contents, and their columns."""
    blocks: list[Any] = []
    for block in document.iter_inner_content():
        blocks.append(block)
        found = block._element.xpath("./w:pPr/w:sectPr/w:cols")
        if found:
            widths = [
                int(c.get(qn("w:w"))) / 567 for c in found[0].findall(qn("w:col"))
            ]
            yield blocks, widths
            blocks = []
    if blocks:
        yield blocks, []


def _parts(blocks: list[Any]) -> Iterator[list[Any]]:
    """Yield the blocks, divided at page breaks."""
    part: list[Any] = []
    for block in blocks:
        if part and _begins_page(block):
            yield part
            part = []
        part.append(block)
    yield part


def _begins_page(block: Any) -> bool:
    return bool(block._element.xpath("./w:pPr/w:pageBreakBefore"))


def _beside(blocks: list[Any], widths: list[float], document: Any) -> str:
    if not widths:
        return "".join(_block(block, document) for block in blocks)
    columns: list[list[Any]] = [[]]
    for block in blocks:
        if block._element.xpath("./w:r/w:br[@w:type='column']"):
            columns.append([])
        columns[-1].append(block)
    if len(columns) == 1:
        inside = "".join(_block(block, document) for block in blocks)
        return f'<div class="flows">{inside}</div>'
    made = (
        f'<div style="width: {width:.2f}cm; margin-right: 0.6cm">'
        + "".join(_block(block, document) for block in column)
        + "</div>"
        for width, column in zip(widths, columns, strict=True)
    )
    return f'<div class="beside">{"".join(made)}</div>'


def _block(block: Any, document: Any) -> str:
    if isinstance(block, Table):
        widths = [int(c.get(qn("w:w"))) / 567 for c in block._tbl.tblGrid]
        columns = "".join(f'<col style="width: {w:.2f}cm">' for w in widths)
        rows = "".join(
            "<tr>"
            + "".join(
                f"<td>{''.join(_paragraph(p, document) for p in cell.paragraphs)}</td>"
                for cell in row.cells
            )
            + "</tr>"
            for row in block.rows
        )
        return f'<table style="width: {sum(widths):.2f}cm">{columns}{rows}</table>'
    return _paragraph(block, document)


def _paragraph(paragraph: Paragraph, document: Any) -> str:
    look = {
        "font-size": f"{_of_style(paragraph.style, 'font', 'size').pt}pt",
        "line-height": SINGLE
        * _of_style(paragraph.style, "paragraph_format", "line_spacing"),
        "font-weight": 700 if _of_style(paragraph.style, "font", "bold") else 400,
        "color": f"#{paragraph.style.font.color.rgb}",
    }
    for side in ("before", "after"):
        space = _of_style(paragraph.style, "paragraph_format", f"space_{side}")
        look[f"padding-{'top' if side == 'before' else 'bottom'}"] = f"{space.pt}pt"
    indent = _of_style(paragraph.style, "paragraph_format", "left_indent")
    first = _of_style(paragraph.style, "paragraph_format", "first_line_indent")
    if indent:
        look |= {"padding-left": f"{indent.cm}cm", "tab-size": f"{indent.cm}cm"}
        look["text-indent"] = f"{first.cm if first else 0}cm"
    if paragraph.alignment == 2:
        look["text-align"] = "right"
    for fill in paragraph.style.element.xpath("./w:pPr/w:shd/@w:fill"):
        look["background"] = f"#{fill}"
    for edge in paragraph.style.element.xpath("./w:pPr/w:pBdr/*"):
        side = edge.tag.split("}")[1]
        width = int(edge.get(qn("w:sz"))) / 8
        look[f"border-{side}"] = f"{width}pt solid #{edge.get(qn('w:color'))}"
    css = "; ".join(f"{name}: {value}" for name, value in look.items())
    inside = "".join(_run(run, document) for run in paragraph._p.iter(qn("w:r")))
    return f'<p style="{css}">{inside}</p>'


def _of_style(style: Any, part: str, name: str) -> Any:
    while style is not None:
        value = getattr(getattr(style, part), name)
        if value is not None:
            return value
        style = style.base_style
    return None


def _run(run: Any, document: Any) -> str:
    made = []
    for part in run:
        kind = part.tag.split("}")[1]
        if kind == "t":
            made.append(escape(part.text or ""))
        elif kind == "tab":
            made.append("\t")
        elif kind == "br" and part.get(qn("w:type")) is None:
            made.append("<br>")
        elif kind == "drawing":
            made.append(_picture(part, document))
    text = "".join(made)
    colour = run.xpath("./w:rPr/w:color/@w:val")
    text = f'<span style="color: #{colour[0]}">{text}</span>' if colour else text
    return f"<b>{text}</b>" if run.xpath("./w:rPr/w:b") else text


def _picture(drawing: Any, document: Any) -> str:
    (key,) = drawing.xpath(".//a:blip/@r:embed")
    (size,) = drawing.xpath(".//wp:extent")
    width, height = (int(size.get(name)) / 360_000 for name in ("cx", "cy"))
    data = base64.b64encode(document.part.related_parts[key].blob).decode()
    style = f"width: {width:.2f}cm; height: {height:.2f}cm"
    return f'<img style="{style}" src="data:image/png;base64,{data}">'
