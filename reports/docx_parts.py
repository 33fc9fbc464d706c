"""What python-docx has no call for: fields, links, marked rows, alternative text."""

from __future__ import annotations

import datetime as dt
import zipfile
from io import BytesIO
from pathlib import Path
from typing import Any

from docx.oxml import OxmlElement
from docx.oxml.ns import qn

UNDATED = dt.datetime(2000, 1, 1)
LANGUAGE = "en-GB"
FIRST_PART = "[Content_Types].xml"
STAMP = (1980, 1, 1, 0, 0, 0)  # of every part in the file, whose zip has no older


def element(name: str, /, **attributes: str) -> Any:
    """<w:name w:attribute="…"/>"""
    made = OxmlElement(f"w:{name}")
    for attribute, value in attributes.items():
        made.set(qn(f"w:{attribute}"), value)
    return made


def add_field(paragraph: Any, instruction: str, shown: str) -> None:
    """A field that Word can update, showing `shown` until it does."""
    for kind, text in (("begin", instruction), ("separate", shown), ("end", "")):
        run = paragraph.add_run()
        run._r.append(element("fldChar", fldCharType=kind))
        if kind == "begin":
            code = element("instrText")
            code.text = f" {text} "
            paragraph.add_run()._r.append(code)
        elif kind == "separate":
            paragraph.add_run(text)


def add_bookmark(paragraph: Any, name: str, number: int) -> None:
    """A place, around the paragraph's text, that links of the document can name."""
    start = element("bookmarkStart", id=str(number), name=name)
    paragraph._p.insert(1 if paragraph._p.pPr is not None else 0, start)
    paragraph._p.append(element("bookmarkEnd", id=str(number)))


def add_link(paragraph: Any, text: str, bookmark: str) -> None:
    """Text that leads to a bookmark of the same document."""
    link = element("hyperlink", anchor=bookmark, history="1")
    run = paragraph.add_run(text)
    link.append(run._r)
    paragraph._p.append(link)


def mark_header_row(row: Any) -> None:
    """The row is the table's header: repeated on each page, and read out as such."""
    row._tr.get_or_add_trPr().append(element("tblHeader", val="true"))


def shade(cell: Any, colour: str) -> None:
    """Fill a cell; `colour` as '#rrggbb'."""
    fill = element("shd", val="clear", color="auto", fill=colour[1:])
    cell._tc.get_or_add_tcPr().append(fill)


def keep_row_whole(row: Any) -> None:
    row._tr.get_or_add_trPr().insert(0, element("cantSplit", val="true"))


def describe_table(table: Any, title: str, description: str) -> None:
    """The table's alternative text. The schema wants them last but for what it has."""
    properties = table._tbl.tblPr
    properties.append(element("tblCaption", val=title))
    if description:
        properties.append(element("tblDescription", val=description))


def describe_picture(shape: Any, name: str, text: str) -> None:
    """The picture's alternative text."""
    properties = shape._inline.docPr
    properties.set("name", name)
    properties.set("descr", text)


def save(document: Any, path: Path, created: dt.datetime) -> None:
    """Write the document with fixed stamps: the same content gives the same bytes."""
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
