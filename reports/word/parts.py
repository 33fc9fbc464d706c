"""Word features that python-docx lacks: fields, links, header rows and others."""

from __future__ import annotations

import datetime as dt
import zipfile
from collections.abc import Sequence
from copy import deepcopy
from io import BytesIO
from pathlib import Path
from typing import Any

from docx.opc.constants import RELATIONSHIP_TYPE as RELATION
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn

UNDATED = dt.datetime(2000, 1, 1)
LANGUAGE = "en-GB"
FIRST_PART = "[Content_Types].xml"
# Endings of relationship types: a thumbnail, and properties of another program.
TRACES = ("/thumbnail", "/extended-properties", "/customXml", "/stylesWithEffects")
DECORATIVE = (
    f"<a:extLst {nsdecls('a')}>"
    '<a:ext uri="{C183D7F6-B498-43B3-948B-1728B52AA6E4}"><adec:decorative '
    'xmlns:adec="http://schemas.microsoft.com/office/drawing/2017/decorative" '
    'val="1"/></a:ext></a:extLst>'
)
LIST_LEVELS = 9  # of lists within lists: Word has no more
STAMP = (1980, 1, 1, 0, 0, 0)  # the earliest time in a zip file


def element(name: str, /, **attributes: str) -> Any:
    """Return an XML element: <w:name w:attribute="…"/>."""
    made = OxmlElement(f"w:{name}")
    for attribute, value in attributes.items():
        made.set(qn(f"w:{attribute}"), value)
    return made


def add_field(
    paragraph: Any, instruction: str, shown: str, is_dirty: bool = False
) -> None:
    """Add a field that Word can update; it shows `shown` until then.

    Args:
        is_dirty: whether Word updates the field when it opens the document.
    """
    for kind, text in (("begin", instruction), ("separate", shown), ("end", "")):
        run = paragraph.add_run()
        dirty = {"dirty": "true"} if is_dirty and kind == "begin" else {}
        run._r.append(element("fldChar", fldCharType=kind, **dirty))
        if kind == "begin":
            code = element("instrText")
            code.text = f" {text} "
            paragraph.add_run()._r.append(code)
        elif kind == "separate":
            paragraph.add_run(text)


def add_bookmark(paragraph: Any, name: str, number: int) -> None:
    """Put a bookmark, to which links can lead, around the paragraph's text."""
    start = element("bookmarkStart", id=str(number), name=name)
    paragraph._p.insert(1 if paragraph._p.pPr is not None else 0, start)
    paragraph._p.append(element("bookmarkEnd", id=str(number)))


def link(paragraph: Any, count: int, bookmark: str) -> None:
    """Make the last `count` runs of the paragraph a link to a bookmark."""
    _link(paragraph, count, element("hyperlink", anchor=bookmark, history="1"))


def link_outside(paragraph: Any, count: int, address: str) -> None:
    """Make the last `count` runs of the paragraph a link to an address."""
    made = element("hyperlink", history="1")
    relation = paragraph.part.relate_to(address, RELATION.HYPERLINK, is_external=True)
    made.set(qn("r:id"), relation)
    for run in paragraph.runs[-count:]:
        run.font.underline = True
    _link(paragraph, count, made)


def _link(paragraph: Any, count: int, made: Any) -> None:
    for run in paragraph.runs[-count:]:
        made.append(run._r)
    paragraph._p.append(made)


def add_comment(document: Any, paragraph: Any, text: str, author: str) -> None:
    """Comment on the paragraph, without a day: equal drafts are equal files."""
    made = document.add_comment(paragraph.runs, text, author, author[:1])
    del made.paragraphs[0]._p.getparent().attrib[qn("w:date")]


def break_column(paragraph: Any) -> None:
    """Continue at the head of the next column."""
    paragraph.add_run()._r.append(element("br", type="column"))


def end_section(paragraph: Any, last: Any, widths: Sequence[float], gap: float) -> None:
    """End a section with the paragraph.

    Args:
        paragraph: the last one of the section.
        last: the properties of the document's last section, which all sections copy.
        widths: of its columns, in centimetres; empty for a section of one column.
        gap: between columns, in centimetres.
    """
    properties = deepcopy(last)
    start_beside(properties)
    if widths:
        set_columns(properties.find(qn("w:cols")), widths, gap)
    paragraph._p.get_or_add_pPr().append(properties)


def start_beside(properties: Any) -> None:
    """Let the section begin where the one before it ends, not on a new page."""
    if properties.find(qn("w:type")) is None:
        kind = element("type", val="continuous")
        properties.find(qn("w:pgSz")).addprevious(kind)


def set_columns(columns: Any, widths: Sequence[float], gap: float) -> None:
    columns.set(qn("w:num"), str(len(widths)))
    columns.set(qn("w:equalWidth"), "0")
    for i, width in enumerate(widths):
        space = gap if i < len(widths) - 1 else 0
        columns.append(element("col", w=twips(width), space=twips(space)))


def twips(centimetres: float) -> str:
    return str(round(centimetres * 567))


def set_level(paragraph: Any, level: int) -> None:
    """Put a paragraph on a level of the list of its style, which is 0 otherwise."""
    own = paragraph.style.element.pPr.numPr
    properties = paragraph._p.get_or_add_pPr().get_or_add_numPr()
    properties.get_or_add_ilvl().val = level
    properties.get_or_add_numId().val = own.numId.val


def indent_table(table: Any, centimetres: float) -> None:
    """Move the table to the right, at the place that the schema requires."""
    indent = element("tblInd", w=twips(centimetres), type="dxa")
    table._tbl.tblPr.find(qn("w:tblW")).addnext(indent)


def mark_header_row(row: Any) -> None:
    """Make the row the table's header, which is repeated on each page and read out."""
    row._tr.get_or_add_trPr().append(element("tblHeader", val="true"))


def mark_header_only(table: Any) -> None:
    """Use the table style's format for the header row only."""
    look = table._tbl.tblPr.find(qn("w:tblLook"))
    for flag in ("firstColumn", "lastColumn", "lastRow", "noVBand", "noHBand"):
        look.set(qn(f"w:{flag}"), "1" if flag.startswith("no") else "0")


def mark_first_column(table: Any) -> None:
    """Mark the first column as the names of the rows, in a table without a header
    row.
    """
    look = table._tbl.tblPr.find(qn("w:tblLook"))
    look.set(qn("w:firstRow"), "0")
    look.set(qn("w:firstColumn"), "1")


def shade(cell: Any, colour: str) -> None:
    """Fill a cell with a colour, such as '#rrggbb'."""
    fill = element("shd", val="clear", color="auto", fill=colour[1:])
    cell._tc.get_or_add_tcPr().append(fill)


def keep_row_whole(row: Any) -> None:
    row._tr.get_or_add_trPr().insert(0, element("cantSplit", val="true"))


def describe_table(table: Any, title: str, description: str) -> None:
    """Set the table's alternative text, at the place that the schema requires."""
    properties = table._tbl.tblPr
    properties.append(element("tblCaption", val=title))
    if description:
        properties.append(element("tblDescription", val=description))


def describe_picture(shape: Any, name: str, text: str) -> None:
    """Set the picture's alternative text; an empty one marks it as decorative."""
    properties = shape._inline.docPr
    properties.set("name", name)
    properties.set("descr", text)
    if not text:
        properties.append(parse_xml(DECORATIVE))


def drop_template_traces(document: Any) -> None:
    """Remove parts of python-docx's own template that no reader needs."""
    for owner in (document.part.package, document.part):
        for key, relation in list(owner.rels.items()):
            if relation.reltype.endswith(TRACES):
                del owner.rels[key]


def save(document: Any, path: Path, created: dt.datetime) -> None:
    """Write the document with fixed times, so that equal content gives equal bytes."""
    properties = document.core_properties
    properties.created = properties.modified = created
    properties.language = LANGUAGE
    properties.revision = 1
    drawn = BytesIO()
    document.save(drawn)
    with (
        zipfile.ZipFile(drawn) as made,
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file,
    ):
        for name in sorted(made.namelist(), key=lambda n: (n != FIRST_PART, n)):
            part = zipfile.ZipInfo(name, STAMP)
            part.compress_type = zipfile.ZIP_DEFLATED
            part.external_attr = 0o644 << 16
            file.writestr(part, made.read(name))
