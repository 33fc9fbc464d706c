"""Makes reports/templates/report.docx: A4, British English, the report's styles.

Run `python -m reports.templates.make_template` after a change here; a test compares.
The styles' looks are in this file, so that an author may also change them in Word.
"""

from __future__ import annotations

from pathlib import Path

from docx import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Cm, Pt, RGBColor

from reports import docx_parts, style

TEMPLATE = Path(__file__).with_name("report.docx")
FONT = "Arial"
MARGIN_CM, WIDTH_CM, HEIGHT_CM = 2.2, 21.0, 29.7
# style, size in points, bold, colour, points before and after
LOOKS = [
    ("Normal", 11, False, style.INK, 0, 6),
    ("Title", 26, True, style.NAVY, 0, 4),
    ("Subtitle", 13, True, style.INK, 0, 10),
    ("Heading 1", 16, True, style.NAVY, 20, 6),
    ("Heading 2", 13.5, True, style.NAVY, 18, 4),
    ("Heading 3", 11.5, True, style.INK, 12, 3),
    ("Caption", 10, True, style.INK, 12, 4),
    ("List Bullet", 11, False, style.INK, 0, 3),
    ("Header", 9, True, style.INK, 0, 0),
    ("Footer", 9, False, style.INK, 0, 0),
]
# the report's own: style, based on, size, bold, colour, before, after
OWN = [
    ("Contents 1", "Normal", 11, True, style.INK, 6, 2),
    ("Contents 2", "Normal", 11, False, style.INK, 0, 2),
    ("Table Text", "Normal", 9.5, False, style.INK, 2, 2),
    ("Table Small", "Normal", 8, False, style.INK, 1, 1),
    ("Table Note", "Normal", 9, False, style.MUTED, 4, 8),
    ("Origin", "Normal", 11, True, style.INK, 12, 12),
    ("Placeholder", "Normal", 11, False, style.INK, 3, 9),
]
KEEP_WITH_NEXT = ("Heading 1", "Heading 2", "Heading 3", "Caption")
TABLE_STYLE = f"""
<w:style {nsdecls("w")} w:type="table" w:customStyle="1" w:styleId="ReportTable">
  <w:name w:val="Report Table"/><w:basedOn w:val="TableNormal"/>
  <w:uiPriority w:val="99"/>
  <w:tblPr><w:tblStyleRowBandSize w:val="1"/><w:tblBorders>
    <w:bottom w:val="single" w:sz="8" w:color="{style.NAVY[1:]}"/>
    <w:insideH w:val="single" w:sz="4" w:color="{style.RULE[1:]}"/></w:tblBorders>
    <w:tblCellMar><w:left w:w="70" w:type="dxa"/><w:right w:w="70" w:type="dxa"/>
    </w:tblCellMar></w:tblPr>
  <w:tblStylePr w:type="firstRow"><w:rPr><w:b/></w:rPr><w:tcPr><w:tcBorders>
    <w:bottom w:val="single" w:sz="12" w:color="{style.NAVY[1:]}"/></w:tcBorders>
    <w:vAlign w:val="bottom"/></w:tcPr></w:tblStylePr>
  <w:tblStylePr w:type="lastRow"><w:rPr><w:b/></w:rPr><w:tcPr><w:tcBorders>
    <w:top w:val="single" w:sz="12" w:color="{style.NAVY[1:]}"/></w:tcBorders>
    </w:tcPr></w:tblStylePr>
</w:style>"""


def make(path: Path = TEMPLATE) -> None:
    """Write the template to `path`; the same bytes each time."""
    document = Document()
    _set_page(document.sections[0])
    _set_language(document)
    for name, *look in LOOKS:
        _set_look(document.styles[name], *look)
    for name, base, *look in OWN:
        made = document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        made.base_style = document.styles[base]
        _set_look(made, *look)
    for name in KEEP_WITH_NEXT:
        document.styles[name].paragraph_format.keep_with_next = True
    document.styles["Contents 2"].paragraph_format.left_indent = Cm(0.8)
    _mark_boxes(document)
    document.styles.element.append(parse_xml(TABLE_STYLE))
    _set_margins_text(document.sections[0])
    docx_parts.save(document, path, docx_parts.UNDATED)


def _set_page(section) -> None:
    section.page_width, section.page_height = Cm(WIDTH_CM), Cm(HEIGHT_CM)
    section.left_margin = section.right_margin = Cm(MARGIN_CM)
    section.top_margin, section.bottom_margin = Cm(2.4), Cm(2.2)
    section.header_distance = section.footer_distance = Cm(1.1)


def _set_language(document) -> None:
    """British English as every run's default, and for the proofing tools."""
    for language in document.styles.element.iter(qn("w:lang")):
        for kind in ("w:val", "w:eastAsia"):
            language.set(qn(kind), "en-GB")
        language.set(qn("w:bidi"), "ar-SA")
    settings = document.settings.element
    for language in settings.iter(qn("w:themeFontLang")):
        language.set(qn("w:val"), "en-GB")
    for setting in settings.iter(qn("w:compatSetting")):
        if setting.get(qn("w:name")) == "compatibilityMode":
            setting.set(qn("w:val"), "15")  # below, Word says "compatibility mode"


def _set_look(made, size, bold, colour, before, after) -> None:
    font = made.font
    font.name, font.size, font.bold, font.italic = FONT, Pt(size), bold, False
    font.color.rgb = RGBColor.from_string(colour[1:].upper())
    fonts = made.element.rPr.rFonts
    for attribute in list(fonts.attrib):  # a theme's font would win over the name
        if "heme" in attribute:
            del fonts.attrib[attribute]
    for kind in ("w:hAnsi", "w:cs", "w:eastAsia"):
        fonts.set(qn(kind), FONT)
    for spread in made.element.rPr.findall(qn("w:spacing")):  # the stock subtitle's
        made.element.rPr.remove(spread)
    space = made.paragraph_format
    space.space_before, space.space_after = Pt(before), Pt(after)
    space.line_spacing = 1.1
    for border in made.element.pPr.findall(qn("w:pBdr")):  # the stock title's rule
        made.element.pPr.remove(border)


def _mark_boxes(document) -> None:
    """What it was made from stands beside a rule; a placeholder in a dashed box."""
    navy, accent = style.NAVY[1:], style.ACCENT[1:]
    sides = "".join(
        f'<w:{side} w:val="dashed" w:sz="8" w:space="4" w:color="{accent}"/>'
        for side in ("top", "left", "bottom", "right")
    )
    boxes = {
        "Origin": (
            f'<w:left w:val="single" w:sz="36" w:space="8" w:color="{navy}"/>',
            style.TINT,
        ),
        "Placeholder": (sides, style.MARKER),
    }
    for name, (borders, fill) in boxes.items():
        properties = document.styles[name].element.get_or_add_pPr()
        spacing = properties.find(qn("w:spacing"))
        for xml in (
            f"<w:pBdr {nsdecls('w')}>{borders}</w:pBdr>",
            f'<w:shd {nsdecls("w")} w:val="clear" w:color="auto" w:fill="{fill[1:]}"/>',
        ):
            spacing.addprevious(parse_xml(xml))


def _set_margins_text(section) -> None:
    """Room for the marking above and below, and the page's number."""
    header, footer = section.header.paragraphs[0], section.footer.paragraphs[0]
    for paragraph in (header, footer):
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    footer.add_run("{marking}").bold = True
    footer.add_run("   Page ")
    docx_parts.add_field(footer, "PAGE", "1")
    footer.add_run(" of ")
    docx_parts.add_field(footer, "NUMPAGES", "1")
    header.add_run("{marking}")


if __name__ == "__main__":
    make()
