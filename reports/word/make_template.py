"""Makes reports/word/report.docx: A4, British English, the report's styles.

After a change here, run `python -m reports.word.make_template`; a test compares the
two. All formats are styles in that file, so an author can also change them in Word.
"""

from __future__ import annotations

from pathlib import Path

from docx import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT, WD_TAB_LEADER
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Cm, Pt, RGBColor

from reports import style
from reports.word import parts

TEMPLATE = Path(__file__).with_name("report.docx")
FONT = "Arial"
WORD_2010 = "{http://schemas.microsoft.com/office/word/2010/wordml}"
MARGIN_CM, WIDTH_CM, HEIGHT_CM = 1.4, 21.0, 29.7
# style, size in points, bold, colour, points before and after
LOOKS = [
    ("Normal", 9.5, False, style.INK, 0, 4),
    ("Title", 16, True, style.NAVY, 0, 3),
    ("Subtitle", 11, True, style.INK, 0, 4),
    ("Heading 1", 15, True, style.NAVY, 0, 3),
    ("Heading 2", 10.5, True, style.INK, 6, 2),
    ("Heading 3", 10.5, True, style.INK, 6, 2),
    ("Caption", 9, True, style.INK, 2, 1),
    ("List Bullet", 9, False, style.INK, 0, 1),
    ("Header", 8, True, style.INK, 0, 0),
    ("Footer", 8, False, style.INK, 0, 0),
]
# the report's own: style, based on, size, bold, colour, before, after
OWN = [
    ("toc 1", "Normal", 10, False, style.INK, 0, 3),
    ("toc 2", "Normal", 10, False, style.INK, 0, 2),
    ("Contents Heading", "Normal", 12, True, style.INK, 14, 4),
    ("Finding", "Normal", 10.5, True, style.INK, 2, 3),
    ("Point", "Normal", 9.2, False, style.INK, 0, 2),
    ("Note", "Normal", 8.6, False, style.MUTED, 1, 2),
    ("Boxed", "Normal", 9, False, style.INK, 4, 4),
    ("Risk Line", "Normal", 9, False, style.INK, 6, 0),
    ("Table Text", "Normal", 8.4, False, style.INK, 1, 1),
    ("Table Small", "Normal", 7.5, False, style.INK, 0.5, 0.5),
    ("Spacer", "Normal", 1, False, style.INK, 3, 0),
    ("Placeholder", "Normal", 9, False, style.INK, 3, 6),
    ("Commentary", "Normal", 9, False, style.INK, 0, 3),
    ("Commentary Bullet", "List Bullet", 9, False, style.INK, 0, 2),
    ("Commentary Heading", "Heading 2", 10.5, True, style.INK, 4, 2),
    ("Risk", "Normal", 9, False, style.INK, 0, 3),
    ("Risk Heading", "Heading 2", 10.5, True, style.INK, 6, 2),
]
KEEP_WITH_NEXT = (
    *("Heading 1", "Heading 2", "Heading 3"),
    *("Caption", "Finding", "Contents Heading"),
)
HANG_CM = 3.8  # hanging indent of a main point
BULLET_CM = 0.5  # from a bullet to its text
BULLET_SPACE = "\u2002" * 3  # before a bullet, for each level: about as wide
TABLE_STYLE_ID = "ReportTable"
TABLE_STYLE = f"""
<w:style {nsdecls("w")} w:type="table" w:customStyle="1" w:styleId="{TABLE_STYLE_ID}">
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
    """Write the template to `path`, with the same bytes each time."""
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
    _set_tabs(document)
    _drop_tabs_of_lists(document)
    _mark_boxes(document)
    _number_bullets_in_boxes(document)
    document.styles.element.append(parse_xml(TABLE_STYLE))
    _drop_unused_styles(document)
    _set_margins_text(document.sections[0])
    _drop_revision_ids(document)
    parts.drop_template_traces(document)
    parts.save(document, path, parts.UNDATED)


def _set_page(section) -> None:
    section.page_width, section.page_height = Cm(WIDTH_CM), Cm(HEIGHT_CM)
    section.left_margin = section.right_margin = Cm(MARGIN_CM)
    section.top_margin, section.bottom_margin = Cm(1.6), Cm(1.5)
    section.header_distance = section.footer_distance = Cm(0.8)


def _set_tabs(document) -> None:
    """Set a hanging indent for a main point, and page numbers at the right."""
    point = document.styles["Point"].paragraph_format
    point.left_indent, point.first_line_indent = Cm(HANG_CM), -Cm(HANG_CM)
    point.tab_stops.add_tab_stop(Cm(HANG_CM))
    for name in ("toc 1", "toc 2"):
        document.styles[name].paragraph_format.tab_stops.add_tab_stop(
            Cm(WIDTH_CM - 2 * MARGIN_CM), WD_TAB_ALIGNMENT.RIGHT, WD_TAB_LEADER.DOTS
        )
    document.styles["toc 2"].paragraph_format.left_indent = Cm(0.6)


def _drop_tabs_of_lists(document) -> None:
    """Remove the tabs of the lists' levels, at which the text of a list within a list
    would touch its bullet. Without them, text begins at its paragraph's own indent.
    """
    numbering = document.part.numbering_part.element
    for tabs in list(numbering.iter(qn("w:tabs"))):
        tabs.getparent().remove(tabs)


def _number_bullets_in_boxes(document) -> None:
    """Give the bullets of a commentary a list with levels.

    A bar is drawn at the left edge of its paragraph, which is where a bullet begins. So
    a bullet of a list within a list begins at the edge too, with spaces before its
    sign. The sign is the text of a level without numbers, because LibreOffice prints
    only the first letter of a bullet.
    """
    numbering = document.part.numbering_part.element
    lists = numbering.findall(qn("w:abstractNum"))
    number = 1 + max(int(each.get(qn("w:abstractNumId"))) for each in lists)
    hang = parts.twips(BULLET_CM)
    levels = "".join(
        f'<w:lvl w:ilvl="{level}"><w:start w:val="1"/>'
        f'<w:numFmt w:val="{"none" if level else "bullet"}"/>'
        f'<w:lvlText w:val="{BULLET_SPACE * level}\u2022"/><w:lvlJc w:val="left"/>'
        f'<w:pPr><w:ind w:left="{hang}" w:hanging="{hang}"/></w:pPr>'
        f'<w:rPr><w:rFonts w:ascii="{FONT}" w:hAnsi="{FONT}" w:hint="default"/></w:rPr>'
        "</w:lvl>"
        for level in range(parts.LIST_LEVELS)
    )
    made = (
        f'<w:abstractNum {nsdecls("w")} w:abstractNumId="{number}">'
        f'<w:multiLevelType w:val="multilevel"/>{levels}</w:abstractNum>'
    )
    lists[-1].addnext(parse_xml(made))
    style_of = document.styles["Commentary Bullet"].element.get_or_add_pPr()
    style_of.get_or_add_numPr().get_or_add_numId().val = numbering.add_num(number).numId


def _drop_unused_styles(document) -> None:
    """Remove about 150 styles of python-docx's template that no writer uses, with the
    lists of some of them. Word has its own of the same names.
    """
    styles, numbering = document.styles.element, document.part.numbering_part.element
    used = {document.styles[name].style_id for name, *_ in (*LOOKS, *OWN)}
    dropped = set()
    for each in styles.findall(qn("w:style")):
        name = each.get(qn("w:styleId"))
        if name in used or each.get(qn("w:default")) or name == TABLE_STYLE_ID:
            for link in each.findall(qn("w:link")):  # to a style of characters
                each.remove(link)
        else:
            styles.remove(each)
            dropped.add(name)
    for each in numbering.findall(qn("w:abstractNum")):
        named = {style.get(qn("w:val")) for style in each.iter(qn("w:pStyle"))}
        if named & dropped:
            numbering.remove(each)
            number = each.get(qn("w:abstractNumId"))
            for instance in numbering.findall(qn("w:num")):
                if instance.find(qn("w:abstractNumId")).get(qn("w:val")) == number:
                    numbering.remove(instance)


def _drop_revision_ids(document) -> None:
    """Remove the numbers by which Word knows python-docx's template and its edits, and
    its setting for East Asian text.
    """
    settings = document.settings.element
    ids = [*settings.iter(qn("w:rsids"), f"{WORD_2010}docId", qn("w:useFELayout"))]
    for element in (document.element, document.styles.element, settings):
        ids += element.iter(qn("w:rsid"))
        for each in element.iter():
            for name in each.attrib:
                if name.startswith(qn("w:rsid")):
                    del each.attrib[name]
    for each in ids:
        each.getparent().remove(each)


def _set_language(document) -> None:
    """Set British English, and no other language, for all text and for the proofing
    tools.
    """
    settings = document.settings.element
    for language in (
        *document.styles.element.iter(qn("w:lang")),
        *settings.iter(qn("w:themeFontLang")),
    ):
        language.attrib.clear()
        language.set(qn("w:val"), parts.LANGUAGE)
    for setting in settings.iter(qn("w:compatSetting")):
        if setting.get(qn("w:name")) == "compatibilityMode":
            setting.set(qn("w:val"), "15")  # lower means "compatibility mode"


def _set_look(made, size, bold, colour, before, after) -> None:
    font = made.font
    font.name, font.size, font.bold, font.italic = FONT, Pt(size), bold, False
    font.color.rgb = RGBColor.from_string(colour[1:].upper())
    fonts = made.element.rPr.rFonts
    for attribute in list(fonts.attrib):  # a theme's font overrides the name
        if "heme" in attribute:
            del fonts.attrib[attribute]
    for kind in ("w:hAnsi", "w:cs", "w:eastAsia"):
        fonts.set(qn(kind), FONT)
    for spread in made.element.rPr.findall(qn("w:spacing")):  # of the default subtitle
        made.element.rPr.remove(spread)
    space = made.paragraph_format
    space.space_before, space.space_after = Pt(before), Pt(after)
    space.line_spacing = 1.05
    for border in made.element.pPr.findall(qn("w:pBdr")):  # of the default title
        made.element.pPr.remove(border)


def _mark_boxes(document) -> None:
    """Draw a bar beside a commentary and a risk, and a dashed box around a place to
    write.
    """
    navy, accent, ink = style.NAVY, style.ACCENT, style.INK
    boxes = {
        "Commentary": (_border("left", navy, 36), style.TINT),
        "Commentary Bullet": (_border("left", navy, 36), style.TINT),
        "Commentary Heading": (_border("left", navy, 36), style.TINT),
        "Risk": (_border("left", accent, 36), style.TINT),
        "Risk Heading": (_border("left", accent, 36), style.TINT),
        "Placeholder": (_around(accent, "dashed"), style.MARKER),
        "Boxed": (_around(ink, "single"), ""),
        "Heading 1": (_border("bottom", navy, 24), ""),
        "Risk Line": (_border("top", style.RULE, 8), ""),
    }
    for name, (borders, fill) in boxes.items():
        properties = document.styles[name].element.get_or_add_pPr()
        xml = [f"<w:pBdr {nsdecls('w')}>{borders}</w:pBdr>"]
        if fill:
            shading = f'w:val="clear" w:color="auto" w:fill="{fill[1:]}"'
            xml.append(f"<w:shd {nsdecls('w')} {shading}/>")
        for each in xml:
            properties.find(qn("w:spacing")).addprevious(parse_xml(each))
        for tabs in properties.findall(qn("w:tabs")):  # the schema wants them after it
            properties.find(qn("w:spacing")).addprevious(tabs)


def _border(side: str, colour: str, size: int, kind: str = "single") -> str:
    line = f'w:val="{kind}" w:sz="{size}" w:space="4" w:color="{colour[1:]}"'
    return f"<w:{side} {line}/>"


def _around(colour: str, kind: str) -> str:
    sides = ("top", "left", "bottom", "right")
    return "".join(_border(side, colour, 8, kind) for side in sides)


def _set_margins_text(section) -> None:
    """Write the marking into header and footer, and source and page number into the
    footer.
    """
    header, footer = section.header.paragraphs[0], section.footer.paragraphs[0]
    for paragraph in (header, footer):
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    footer.add_run("{foot}")
    footer.add_run("   ")
    footer.add_run("{marking}").bold = True
    footer.add_run("   Page ")
    parts.add_field(footer, "PAGE", "1")
    footer.add_run(" of ")
    parts.add_field(footer, "NUMPAGES", "1")
    header.add_run("{marking}")


if __name__ == "__main__":
    make()
