"""The Word draft: its text equals the page's, its structure, and an author's edits."""

import hashlib
import json
import re
import shutil
import subprocess
import zipfile
from collections import Counter
from io import BytesIO
from itertools import pairwise
from pathlib import Path

import docx
import lxml.html
import pytest
from docx.enum.text import WD_TAB_ALIGNMENT, WD_TAB_LEADER
from docx.oxml.ns import qn
from docx.shared import Cm
from docx.table import Table
from PIL import Image

from reports import style, write_pack
from reports.board.page import write_board
from reports.board.read import read_board
from reports.published import PackError
from reports.report import read_report
from reports.word import pictures
from reports.word.body import Body
from reports.word.document import TEMPLATE, write_document
from reports.word.make_template import make
from tests.authored import authored
from tests.board_fixture import (
    BOARD_SECTIONS,
    STRANDS,
    build_board_database,
    with_crime_types,
    with_districts,
    with_section_order,
)
from tests.reporting_fixture import QUARTER, build_database
from tests.word_paper import paper, text_height

COMMENTARY = "See page 5 of the plan. " + " ".join(["words"] * 114)
DRAFTS = ["essex", "written", "elsewhere"]
SAID = "//main//*[self::h1 or self::h2 or self::h3 or self::li or self::dt "
SAID += "or self::p "
SAID += "or self::dd or self::th or self::td or self::figcaption]"
SAID += "[not(ancestor::div[@class='check'])]"


OWN_WORDS = "We moved **two** officers."
DELIVERED = """\
- the first
- the *second*, [named](https://force.example/a)
  1. within it

### Posts

| district | posts |
|---|---:|
| Thanet | 5 |
"""


@pytest.fixture(scope="module")
def drafts(tmp_path_factory) -> Path:
    """Folders with page and draft: one of a force with commentaries, one of open
    data.
    """
    home = tmp_path_factory.mktemp("drafts")
    database = build_board_database(home / "warehouse_1.duckdb")
    with_districts(database)
    draw(database, "essex", home / "essex")
    text = {f"{number} Insights": authored(COMMENTARY) for number, _ in STRANDS}
    text |= {"5.2 Insights": authored(DELIVERED)}
    draw(database, "essex", home / "written", text)
    with_section_order(database)
    text |= {"6.1 Risks/Mitigation": authored(OWN_WORDS)}
    draw(database, "essex", home / "sections", text)
    with_crime_types(database)
    draw(database, "elsewhere", home / "elsewhere")
    return home


def draw(database: Path, force: str, folder: Path, text: dict | None = None) -> None:
    folder.mkdir()
    report = read_report(database, QUARTER, force).with_authors_text(text or {})
    page = folder / "index.html"
    write_board(report, read_board(database, QUARTER, force), page)
    write_document(report, page, folder / "report.docx")


@pytest.fixture(scope="module")
def document(drafts):
    return opened(drafts, "essex")


@pytest.fixture(scope="module")
def database(tmp_path_factory) -> Path:
    return build_database(tmp_path_factory.mktemp("published") / "warehouse_1.duckdb")


def opened(drafts: Path, name: str):
    return docx.Document(str(drafts / name / "report.docx"))


def page_of(drafts: Path, name: str):
    text = (drafts / name / "index.html").read_text(encoding="utf-8")
    return lxml.html.fromstring(text)


def texts(document, *looks: str) -> list[str]:
    return [p.text for p in document.paragraphs if p.style.name in looks]


def parts(path: Path) -> dict[str, str]:
    with zipfile.ZipFile(path) as file:
        return {
            name: file.read(name).decode("utf-8", "replace") for name in file.namelist()
        }


# What it says


def bare(text: str) -> str:
    """Return text without spaces and without page numbers, which differ."""
    return re.sub(r"page\d+", "page", re.sub(r"\s", "", text))


def all_text(document) -> str:
    """Return all text of the draft, in reading order."""
    return bare("".join(t.text or "" for t in document.element.body.iter(qn("w:t"))))


@pytest.mark.parametrize("name", DRAFTS)
def test_every_sentence_of_the_page_is_in_the_draft_in_the_same_order(drafts, name):
    said = all_text(opened(drafts, name))
    place = 0
    for element in page_of(drafts, name).xpath(SAID):
        if element.get("class") == "front" and name != "elsewhere":
            continue  # the front matter says it
        if any(above.tag == "li" for above in element.iterancestors()):
            continue  # a part of an item that was found
        # A drawing has an alternative text; what is hidden is said by a cell's colour.
        for drawn in element.xpath(".//svg | .//span[@class='hidden']"):
            drawn.drop_tree()
        for numbered in element.xpath(".//ol/li"):
            number = numbered.getparent().index(numbered) + 1
            numbered.text = f"{number}.{numbered.text or ''}"
        text = bare(element.text_content())
        found = said.find(text, place)
        assert found >= 0, element.text_content()
        place = found + len(text)


def test_every_text_of_the_draft_is_on_the_page(drafts):
    shown = bare(page_of(drafts, "essex").text_content())
    document = opened(drafts, "essex")
    own = {"Contents", "Contents Heading", "toc 1", "Caption", "Point"}
    for paragraph in document.paragraphs:
        if paragraph.style.name not in own:
            assert bare(paragraph.text) in shown, paragraph.text
    for table in document.tables[1:]:
        for cell in {c._tc: c for row in table.rows for c in row.cells}.values():
            assert bare(cell.text) in shown, cell.text


def test_what_an_author_should_check_is_a_comment_on_their_words(database, tmp_path):
    database = build_board_database(tmp_path / "warehouse_1.duckdb")
    draw(
        database,
        "essex",
        tmp_path / "checked",
        {"5.1 Insights": authored("First words.\n\nWe dealt with 98,765 calls.")},
    )
    document = opened(tmp_path, "checked")
    (said,) = page_of(tmp_path, "checked").xpath("//div[@class='check']//li")
    (comment,) = document.comments
    assert comment.text == said.text_content()
    assert "98,765" in comment.text
    (marked,) = document.element.body.xpath(".//w:p[.//w:commentRangeStart]")
    assert (
        "".join(t.text for t in marked.iter(qn("w:t"))) == "We dealt with 98,765 calls."
    )
    assert said.text_content() not in "".join(texts(document, "Commentary"))


def test_a_check_of_a_section_is_a_comment_in_the_commissioners_order(tmp_path):
    database = build_board_database(tmp_path / "warehouse_1.duckdb")
    with_section_order(database)
    words = "Fraud is higher than ever."
    draw(
        database,
        "essex",
        tmp_path / "checked",
        {"6.1 Risks/Mitigation": authored(words)},
    )
    (comment,) = opened(tmp_path, "checked").comments
    assert "says “higher” of Fraud" in comment.text


def test_a_draft_without_anything_to_check_has_no_comment(document):
    assert not document.element.body.xpath(".//w:commentRangeStart")


def test_headings_have_the_levels_of_the_page(drafts, document):
    page = page_of(drafts, "essex")
    for look, tag in (("Title", "h1"), ("Heading 1", "h2")):
        found = page.xpath(f"//main//{tag}")
        assert list(map(bare, texts(document, look))) == [
            bare(heading.text_content()) for heading in found
        ]
    assert len(texts(document, "Heading 2", "Commentary Heading", "Risk Heading")) == (
        len(page.xpath("//main//h3"))
    )


def test_the_contents_lead_to_every_page_with_its_number(document):
    entries = [entry.split("\t") for entry in texts(document, "toc 1")]
    assert [name for name, _ in entries] == texts(document, "Heading 1")
    begun = [p for p in document.paragraphs if p.paragraph_format.page_break_before]
    assert [number for _, number in entries] == [str(i + 2) for i in range(len(begun))]
    assert [p.text for p in begun] == texts(document, "Heading 1")
    names = {m.get(qn("w:name")) for m in document.element.iter(qn("w:bookmarkStart"))}
    links = {m.get(qn("w:anchor")) for m in document.element.iter(qn("w:hyperlink"))}
    assert links == names and len(names) == len(entries)


def test_a_number_of_a_page_is_that_of_its_sheet_in_the_draft(document):
    runs = list(document.element.body.iter(qn("w:instrText"), qn("w:t")))
    asked = [
        (re.search(r"PAGEREF page_(\d+)", code.text), shown.text)
        for code, shown in pairwise(runs)
    ]
    numbers = [(int(found[1]), shown) for found, shown in asked if found]
    assert len(numbers) > len(texts(document, "toc 1"))
    assert all(shown == str(number + 1) for number, shown in numbers)


def test_numbers_lead_to_their_pages_if_a_strand_has_a_second_printed_sheet(
    database, tmp_path
):
    text = {"5.1 Insights": authored("words " * 300)}
    draw(database, "essex", tmp_path / "long", text)
    document = opened(tmp_path, "long")
    marked = {
        mark.get(qn("w:name")): paragraph.text
        for paragraph in document.paragraphs
        for mark in paragraph._p.iter(qn("w:bookmarkStart"))
    }
    runs = list(document.element.body.iter(qn("w:instrText"), qn("w:t")))
    (name,) = (
        re.search(r"PAGEREF (page_\d+)", code.text)[1]
        for before, code in pairwise(runs)
        if before.text.endswith("About the figures, page ")
    )
    assert marked[name] == "About the figures"


def test_a_strand_with_further_sheets_moves_the_numbers_that_are_shown(
    database, tmp_path
):
    """5.1 begins on page 3, after the contents and page one, and has two sheets."""
    text = {"5.1 Insights": authored("words " * 300)}
    draw(database, "essex", tmp_path / "long", text)
    entries = [e.split("\t") for e in texts(opened(tmp_path, "long"), "toc 1")]
    numbers = [int(number) for name, number in entries if name.startswith("5.")]
    assert numbers == [3, 5]


def test_the_number_of_a_page_is_a_field_but_in_an_authors_words(drafts):
    document = opened(drafts, "written")
    fields = document.element.body.xpath(".//w:instrText[contains(., 'PAGEREF')]")
    asked = texts(document, "Commentary")
    assert len(fields) > len(texts(document, "toc 1"))
    assert sum("See page 5 of the plan." in text for text in asked) == 8
    for paragraph in document.paragraphs:
        if paragraph.style.name == "Commentary":
            assert not paragraph._p.xpath(".//w:instrText")


def test_the_front_matter_says_what_the_report_is(database, tmp_path):
    draw(database, "essex", tmp_path / "essex")
    document = opened(tmp_path, "essex")
    front = {row.cells[0].text: row.cells[1].text for row in document.tables[0].rows}
    assert front["Classification"] == "OFFICIAL: internal draft"
    assert front["Report from"] == "Essex Police"
    assert front["Quarter"] == "Q2 2021/22, July to September 2021"
    assert front["Latest data extracted"] == "17 November 2021"
    assert front["Version"] == "Draft 1"
    assert front["Date of meeting"] == "[Author: date]"


def test_open_data_have_neither_front_matter_nor_contents(drafts):
    document = opened(drafts, "elsewhere")
    assert not texts(document, "toc 1", "Contents Heading", "Placeholder")
    assert texts(document, "Heading 1") == ["Main points", "Districts and other forces"]


def test_the_rates_of_districts_have_the_colours_of_the_page(drafts):
    document = opened(drafts, "elsewhere")
    heat = next(t for t in document.tables if "by crime type" in t._tbl.xml)
    colours = [
        (cell.text, *cell._tc.xpath("./w:tcPr/w:shd/@w:fill"))
        for cell in heat.row_cells(1)
    ]
    assert colours[1:6] == [
        ("120.4", "12436D"),
        ("95.0", "6BACE6"),
        ("60.2", "C9DEF0"),
        ("50.1", "EDF3F8"),
        ("12.0", "FFFFFF"),
    ]
    (dark,) = heat.cell(1, 1).paragraphs[0].runs
    assert str(dark.font.color.rgb) == "FFFFFF"


def test_a_place_to_write_is_marked_until_somebody_wrote_there(drafts, document):
    empty = page_of(drafts, "essex").xpath("//p[@class='placeholder']")
    assert texts(document, "Placeholder") == [p.text for p in empty]
    written = opened(drafts, "written")
    assert len(texts(written, "Placeholder")) == len(empty) - len(STRANDS)
    assert texts(written, "Commentary Bullet") == ["the first", "the second, named"]


def test_the_authors_markdown_becomes_words_own_elements(drafts):
    """Italic, a link, a list within a list, a table and a sub-heading."""
    document = opened(drafts, "written")
    by_text = {p.text: p for p in document.paragraphs}
    item = by_text["the second, named"]
    assert [run.text for run in item.runs if run.italic] == ["second"]
    (link,) = item.hyperlinks
    assert (link.text, link.address) == ("named", "https://force.example/a")
    within = by_text["\t1.\twithin it"]
    assert within.paragraph_format.left_indent > 0
    assert not list(document.part.numbering_part.element.iter(qn("w:tabs")))
    assert [run.bold for run in by_text["Posts"].runs] == [True]
    cells = [[c.text for row in t.rows for c in row.cells] for t in document.tables]
    assert ["district", "posts", "Thanet", "5"] in cells


def test_the_bar_beside_a_commentary_has_one_edge_along_lists_within_lists():
    """Word draws it at the left edge of each paragraph, where its first line begins."""
    html = (
        '<div class="commentary"><p>Words.</p><ul><li>bullet<ul><li>within<ul>'
        "<li>third</li></ul></li></ul></li><li><p>next</p><p>goes on</p></li></ul>"
        "<ol><li><p>number</p><p>goes further</p><ol><li>number within</li></ol></li>"
        "</ol></div>"
    )
    document = docx.Document(str(TEMPLATE))
    Body(document).block(lxml.html.fromstring(html))
    looks = ("Commentary", "Commentary Bullet")
    made = [p for p in document.paragraphs if p.style.name in looks]
    spaces = [p.paragraph_format for p in made]
    edges = [(s.left_indent or 0) + (s.first_line_indent or 0) for s in spaces]
    assert len(edges) == 9 and set(edges) == {0}
    assert [p.text for p in made if p.style.name == "Commentary Bullet"] == [
        "bullet", "within", "third", "next",
    ]  # fmt: skip
    levels = [p._p.xpath("string(./w:pPr/w:numPr/w:ilvl/@w:val)") for p in made]
    assert levels == ["", "", "1", "2", "", "", "", "", ""]
    texts_of = [p.text for p in made[-4:]]
    expected = ["\tgoes on", "1.\tnumber", "\tgoes further", "\t1.\tnumber within"]
    assert texts_of == expected
    indents = [s.left_indent.cm for s in spaces if s.left_indent]
    assert [round(cm, 1) for cm in indents] == [1.0, 1.5, 0.5, 0.5, 0.5, 1.0]


def test_the_second_paragraph_of_a_bullet_has_no_bullet_of_its_own():
    html = "<ul><li><p>bullet</p><p>goes on</p></li></ul>"
    document = docx.Document(str(TEMPLATE))
    Body(document).block(lxml.html.fromstring(html))
    found = [(p.text, p.style.name) for p in document.paragraphs if p.text]
    assert found == [("bullet", "List Bullet"), ("goes on", "Normal")]


ITEMS = {
    "table": (
        "- item\n\n  | a | b |\n  |---|---|\n  | 1 | 2 |\n\n  after\n- next",
        ["item", [["a", "b"], ["1", "2"]], "after", "next"],
    ),
    "table of a short item": (
        "- item\n  | a |\n  |---|\n  | 1 |\n- next",
        ["item", [["a"], ["1"]], "next"],
    ),
    "table alone": ("1. | a |\n   |---|\n   | 1 |", ["1.\t", [["a"], ["1"]]]),
    "paragraphs around a list": (
        "- item\n\n  second\n  - within\n\n  third",
        ["item", "second", "within", "third"],
    ),
    "table in a list in a list": (
        "- item\n  - within\n\n    | a |\n    |---|\n    | 1 |\n\n  last",
        ["item", "within", [["a"], ["1"]], "last"],
    ),
    "sub-heading": ("- ### Posts\n\n  filled\n- # Cars", ["Posts", "filled", "Cars"]),
    "quotation": ("- item\n\n  > they said", ["item", "> they said"]),
    "two tables": (
        "- | a |\n  |---|\n- | b |\n  |---|\n",
        [[["a"]], "", [["b"]]],  # Word would join them without a paragraph between
    ),
}


@pytest.mark.parametrize("box", ["", "commentary"])
@pytest.mark.parametrize("kind", ITEMS)
def test_what_an_item_of_an_authors_list_contains_is_in_the_draft_in_its_order(
    kind, box
):
    text, expected = ITEMS[kind]
    (block,) = authored(text)
    document = docx.Document(str(TEMPLATE))
    page = f'<div class="{box}">{block.html}</div>'
    Body(document).block(lxml.html.fromstring(page))
    found = [
        [[c.text for c in row.cells] for row in made.rows]
        if isinstance(made, Table)
        else made.text.removeprefix("\t")
        for made in document.iter_inner_content()
    ]
    assert found == expected


def test_a_table_in_an_item_begins_where_the_items_text_does():
    (block,) = authored("- item\n  - within\n\n    | a |\n    |---|\n    | 1 |\n")
    document = docx.Document(str(TEMPLATE))
    body = Body(document)
    body.block(lxml.html.fromstring(block.html))
    (table,) = document.tables
    (indent,) = table._tbl.tblPr.xpath("./w:tblInd/@w:w")
    assert int(indent) == 567  # twips: two bullets of 0.5 cm
    assert sum(column.width.cm for column in table.columns) <= body.width - 0.99


def test_the_draft_says_where_the_full_tables_are(document):
    said = " ".join(texts(document, "Note"))
    assert "The annex and the workbook report.xlsx hold every monthly figure" in said


def test_an_element_that_word_has_no_place_for_stops_the_draft(drafts, tmp_path):
    page = (drafts / "essex" / "index.html").read_text(encoding="utf-8")
    changed, heading = tmp_path / "index.html", '<h2 id="main-points">'
    report = read_report(drafts / "warehouse_1.duckdb", QUARTER, "essex")
    for tag, new in (
        ("video", f"<video></video>{heading}"),
        ("mark", f"{heading}<mark>The</mark> "),
    ):
        changed.write_text(page.replace(heading, new), encoding="utf-8")
        with pytest.raises(PackError, match=f"The page's <{tag}> has no place"):
            write_document(report, changed, tmp_path / "report.docx")


# The commissioner's order


def counted(document) -> Counter:
    """Return how often each text is in the draft, without contents and numbers."""
    paragraphs = [p for p in document.paragraphs if not p.style.name.startswith("toc")]
    for table in document.tables:
        cells = {c._tc: c for row in table.rows for c in row.cells}.values()
        paragraphs += [p for cell in cells for p in cell.paragraphs]
    said = (bare(p.text) for p in paragraphs if p.text.strip())
    return Counter(re.sub(r"^Chart\d+:", "", text) for text in said)


def headings(document) -> list[str]:
    return texts(document, "Heading 1", "Heading 2")


def test_sections_and_their_pages_are_in_the_layouts_order_and_then_the_rest(drafts):
    document = opened(drafts, "sections")
    strands = [f"{number} {name}" for number, name in STRANDS]
    assert headings(document) == [
        *("3.0 Executive Summary", "Main points", *strands),
        *(f"{number} {name}" for _, number, name in BOARD_SECTIONS[1:]),
        *("Delivery plan", "About the figures"),
    ]
    assert texts(document, "Heading 2") == ["Main points", *strands]


def test_every_text_of_the_pages_is_in_the_sections_once(drafts):
    """The draft of the page's order differs only by its page of the author's
    sections.
    """
    in_sections = counted(opened(drafts, "sections"))
    in_pages = counted(opened(drafts, "written"))
    assert set(in_pages - in_sections) == {
        bare("Risks and next steps"),
        bare("The author\u2019s sections"),
        bare("[Author to write: risks/mitigation]"),
    }
    more = set(in_sections - in_pages)
    assert len(more) == 2 and bare(OWN_WORDS.replace("*", "")) in more


def test_a_section_has_its_sentences_unless_a_page_says_them(drafts):
    document = opened(drafts, "sections")
    said = texts(document, "List Bullet")
    assert any("The risks action" in text for text in said)
    assert not any("The executive_summary action" in text for text in said)


def test_the_authors_words_are_in_their_own_section(drafts):
    document = opened(drafts, "sections")
    said = [p.text for p in document.paragraphs]
    place = said.index("We moved two officers.")
    assert "6.1 Risks/Mitigation" in said[place - 2 : place]
    assert said.index("[Author to write: executive summary]") == (
        said.index("3.0 Executive Summary") + 1
    )


def test_a_main_point_by_the_author_is_not_repeated_in_the_summary(drafts):
    database = drafts / "warehouse_1.duckdb"
    text = {"3.0 Executive Summary": authored("A summer of visits.")}
    draw(database, "essex", drafts / "point", text)
    document = opened(drafts, "point")
    assert all_text(document).count("Asummerofvisits.") == 1
    assert headings(document)[:2] == ["3.0 Executive Summary", "Main points"]


def test_each_number_of_a_page_is_that_of_the_sheet_with_its_bookmark(drafts):
    document = opened(drafts, "sections")
    sheet, sheets = 1, {}
    for paragraph in document.paragraphs:
        sheet += bool(paragraph.paragraph_format.page_break_before)
        for mark in paragraph._p.iter(qn("w:bookmarkStart")):
            sheets[mark.get(qn("w:name"))] = str(sheet)
    runs = list(document.element.body.iter(qn("w:instrText"), qn("w:t")))
    asked = [
        (re.search(r"PAGEREF (page_\d+)", code.text), shown.text)
        for code, shown in pairwise(runs)
    ]
    numbers = [(found[1], shown) for found, shown in asked if found]
    assert len(numbers) > len(headings(document))
    assert all(sheets[name] == shown for name, shown in numbers)


def test_the_contents_list_the_sections_and_their_pages(drafts):
    document = opened(drafts, "sections")
    entries = [text.split("\t")[0] for text in texts(document, "toc 1", "toc 2")]
    assert entries == headings(document)
    assert texts(document, "toc 2")[0].startswith("Main points")


@pytest.mark.parametrize("name", ["essex", "sections"])
def test_word_updates_contents_and_page_numbers_when_it_opens_the_draft(drafts, name):
    body = opened(drafts, name).element.body
    codes = body.xpath(".//w:instrText[contains(., 'PAGEREF')]")
    dirty = body.xpath(".//w:fldChar[@w:dirty='true']")
    assert len(dirty) == len(codes) > 10
    assert all(mark.get(qn("w:fldCharType")) == "begin" for mark in dirty)


@pytest.mark.parametrize("name", ["essex", "sections"])
def test_each_line_of_the_contents_is_a_link_with_one_field_of_its_own(drafts, name):
    document = opened(drafts, name)
    assert "TOC" not in document.element.body.xpath("string()")
    lines = [p for p in document.paragraphs if p.style.name.startswith("toc")]
    for line in lines:
        (link,) = line._p.xpath("./w:hyperlink")
        (code,) = link.xpath(".//w:instrText")
        assert code.text.split() == ["PAGEREF", link.get(qn("w:anchor")), "\\h"]
        assert link.xpath("string(.//w:t)") + "\t" in line.text
        assert not line._p.xpath("./w:r")
        (stop,) = line.style.paragraph_format.tab_stops
        assert (stop.alignment, stop.leader) == (
            WD_TAB_ALIGNMENT.RIGHT,
            WD_TAB_LEADER.DOTS,
        )


@pytest.fixture(scope="module")
def pages_in_libreoffice(drafts, tmp_path_factory) -> list[str]:
    """The text of each page of a draft with a strand of three pages."""
    missing = [name for name in ("soffice", "pdftotext") if not shutil.which(name)]
    if missing:
        pytest.skip(
            f"no {' and no '.join(missing)}: install Debian's packages "
            "libreoffice-writer and poppler-utils"
        )
    folder = tmp_path_factory.mktemp("libreoffice")
    text = {"5.1 Insights": authored("Many words. " * 900)}
    draw(drafts / "warehouse_1.duckdb", "essex", folder / "long", text)
    program = ["soffice", "--headless", f"-env:UserInstallation={folder.as_uri()}/user"]
    for command in (
        [*program, "--convert-to", "pdf", "--outdir", folder, "long/report.docx"],
        ["pdftotext", "-layout", "report.pdf", "report.txt"],
    ):
        subprocess.run(command, cwd=folder, check=True, timeout=300)
    return (folder / "report.txt").read_text(encoding="utf-8").split("\f")


@pytest.mark.ci
def test_libreoffice_shows_the_page_of_each_heading_in_the_contents(
    pages_in_libreoffice,
):
    lines = re.findall(r"^ *(.+?) ?\.{5,} ?(\d+)$", pages_in_libreoffice[0], re.M)
    names = [name for name, _ in lines]
    pages = [
        number
        for number, page in enumerate(pages_in_libreoffice, 1)
        for line in page.splitlines()
        if line.strip() in names
    ]
    assert len(lines) > 10
    assert [int(number) for _, number in lines] == pages
    assert max(pages) > len(lines) + 1  # a page of the draft is longer than a sheet


def test_each_sheet_of_the_sections_fits_its_page(drafts, browser):
    path = drafts / "sections" / "report.docx"
    tab = browser.new_page(viewport={"width": 800, "height": 1000})
    tab.set_content(paper(path))
    boxes = [sheet.bounding_box() for sheet in tab.query_selector_all(".sheet")]
    tab.close()
    assert max(box["height"] / 96 * 2.54 for box in boxes) <= text_height(path)


# How it is laid out


@pytest.mark.parametrize(
    ("name", "most"), [("essex", 17), ("written", 17), ("elsewhere", 2)]
)
def test_each_page_of_the_report_is_one_sheet_of_the_draft(drafts, browser, name, most):
    path = drafts / name / "report.docx"
    tab = browser.new_page(viewport={"width": 800, "height": 1000})
    tab.set_content(paper(path))
    sheets = tab.query_selector_all(".sheet")
    heights = [sheet.bounding_box()["height"] / 96 * 2.54 for sheet in sheets]
    tab.close()
    assert max(heights) <= text_height(path)
    assert len(sheets) <= most
    pages = page_of(drafts, name).xpath("//main/section")
    assert len(sheets) == len(pages) + (name != "elsewhere")


def test_a_page_with_closer_lines_has_them_in_the_draft_too(drafts):
    pages = page_of(drafts, "essex").xpath("//main/section")
    is_close = {
        page.xpath("string(.//h2)").strip(): "full" in page.get("class").split()
        for page in pages
    }
    assert set(is_close.values()) == {True, False}
    found = {
        p.text: p.paragraph_format.line_spacing is not None
        for p in opened(drafts, "essex").paragraphs
        if p.text in is_close
    }
    assert found == {name: is_close[name] for name in found} and len(found) > 3


def test_columns_are_sections_of_the_document_and_fill_the_line(drafts, document):
    page = document.sections[-1]
    room = (page.page_width - page.left_margin - page.right_margin) / Cm(1)
    found = document.element.body.findall(f".//{qn('w:cols')}")
    beside = [cols for cols in found if cols.get(qn("w:num")) == "2"]
    page = page_of(drafts, "essex")
    kinds = ("halves", "lead-chart", "areas-words", "columns")
    assert len(beside) == sum(
        len(element) > 1 and any(kind in element.get("class").split() for kind in kinds)
        for element in page.xpath("//main//div[@class]")
    )
    for cols in beside:
        sizes = [int(c.get(qn("w:w"))) + int(c.get(qn("w:space"))) for c in cols]
        assert abs(sum(sizes) / 567 - room) < 0.01
    kinds = document.element.body.findall(f".//{qn('w:type')}")
    assert {kind.get(qn("w:val")) for kind in kinds} == {"continuous"}
    assert len(kinds) == len(document.sections)


def test_a_table_at_the_end_of_a_column_stays_on_its_page_in_libreoffice():
    """LibreOffice moves it to a new page if the section ends right after it."""
    rows = "<tr><th>Race</th><td>7</td></tr>" * 3
    figure = f"<figure><figcaption><b>Motives</b></figcaption><table>{rows}</table>"
    html = f'<div class="pictures">{f"{figure}</figure>" * 3}</div>'
    document = docx.Document(str(TEMPLATE))
    Body(document).block(lxml.html.fromstring(html))
    (end,) = (
        p for p in document.paragraphs if p._p.find(f".//{qn('w:sectPr')}") is not None
    )
    above = end._p.getprevious()
    assert above.tag == qn("w:p") and above.getprevious().tag == qn("w:tbl")


def test_every_table_with_headings_repeats_them_and_has_alternative_text(
    drafts, document
):
    tables = page_of(drafts, "essex").xpath("//main//table")
    assert len(document.tables) == 1 + len(tables)
    for made, table in zip(document.tables[1:], tables, strict=True):
        marked = [row for row in made.rows if row._tr.xpath("./w:trPr/w:tblHeader")]
        heads = table.xpath("./thead/tr")
        assert [row._tr for row in marked] == [made.rows[0]._tr][: len(heads)]
        assert all(cell.text for row in marked for cell in row.cells)
        (title,) = made._tbl.tblPr.findall(qn("w:tblCaption"))
        assert title.get(qn("w:val")) == table.findtext("caption")
        assert not made._tbl.xpath(".//w:gridSpan | .//w:vMerge")
        assert all(row._tr.xpath("./w:trPr/w:cantSplit") for row in made.rows)


@pytest.mark.parametrize("name", DRAFTS)
def test_every_picture_has_the_pages_alternative_text_or_only_decorates(drafts, name):
    shapes = opened(drafts, name).element.body.findall(f".//{qn('wp:docPr')}")
    said = [shape.get("descr") for shape in shapes if shape.get("descr")]
    drawn = page_of(drafts, name).xpath("//main//svg[not(contains(@class, 'phone'))]")
    assert said == [
        svg.findtext("desc") or svg.get("aria-label")
        for svg in drawn
        if not svg.get("aria-hidden")
    ]
    silent = [shape for shape in shapes if not shape.get("descr")]
    assert silent and all("decorative" in shape[-1][0][0].tag for shape in silent)


def test_charts_are_numbered_in_order(drafts, document):
    charts = texts(document, "Caption")
    figures = page_of(drafts, "essex").xpath("//main//figcaption/strong")
    assert charts == [f"Chart {i}: {title.text}" for i, title in enumerate(figures, 1)]


def test_it_is_british_english_on_a4_and_marked_on_every_page(drafts, document):
    for section in document.sections:
        assert abs(section.page_width - Cm(21)) < Cm(0.01)
        assert abs(section.page_height - Cm(29.7)) < Cm(0.01)
        header, footer = section.header.paragraphs[0], section.footer.paragraphs[0]
        assert header.text == "OFFICIAL: internal draft"
        assert "   OFFICIAL: internal draft   Page " in footer.text
        assert footer.text.startswith("Essex Police, data extracted 17 November 2021")
        assert "PAGE" in footer._p.xml and "NUMPAGES" in footer._p.xml
    inside = parts(drafts / "essex" / "report.docx")
    assert set(re.findall(r'<w:lang w:val="([^"]+)', inside["word/styles.xml"])) == {
        "en-GB"
    }
    assert "<dc:language>en-GB</dc:language>" in inside["docProps/core.xml"]
    assert (
        "report for Q2 2021/22 (demonstration)</dc:title>"
        in inside["docProps/core.xml"]
    )


def test_nothing_is_left_of_the_template_that_python_docx_brings(drafts):
    inside = parts(drafts / "essex" / "report.docx")
    assert not [
        name
        for name in inside
        if re.search("thumbnail|app.xml|customXml|stylesWithEffects", name)
    ]
    assert "python" not in inside["docProps/core.xml"]
    assert "useFELayout" not in inside["word/settings.xml"]
    # The numbers by which Word knows the template and its edits.
    assert not [name for name, xml in inside.items() if re.search("rsid|docId", xml)]


def test_the_template_has_no_style_and_no_list_that_no_draft_uses(drafts, tmp_path):
    checked = {"5.1 Insights": authored("Words.\n\n- one\n\n98,765 calls.")}
    draw(drafts / "warehouse_1.duckdb", "essex", tmp_path / "checked", checked)
    folders = [*(drafts / name for name in (*DRAFTS, "sections")), tmp_path / "checked"]
    named = set()
    for folder in folders:
        for name, xml in parts(folder / "report.docx").items():
            if re.search("document|header|footer", name):
                named |= set(re.findall(r'<w:(?:p|r|tbl)Style w:val="([^"]+)', xml))
    template = docx.Document(str(TEMPLATE))
    styles = {each.style_id: each for each in template.styles}
    named.discard("CommentReference")  # Word's own, named by the library
    for each in [styles[name] for name in named]:
        while each := each.base_style:
            named.add(each.style_id)
    default = {name for name, each in styles.items() if each.element.default}
    assert set(styles) - named == default - named
    numbering = template.part.numbering_part.element
    of_lists = {each.get(qn("w:val")) for each in numbering.iter(qn("w:pStyle"))}
    assert of_lists <= set(styles)
    links = template.styles.element.xpath(".//w:link/@w:val | .//w:next/@w:val")
    assert set(links) <= set(styles)


def test_the_draft_names_no_language_but_british_english(drafts):
    inside = parts(drafts / "essex" / "report.docx")
    named = r"<w:(?:lang|themeFontLang) ([^/]+)/>"
    found = {text for xml in inside.values() for text in re.findall(named, xml)}
    assert found == {'w:val="en-GB"'}


# Drawings


def test_a_drawing_has_the_looks_of_the_page():
    svg = lxml.html.fromstring(
        '<svg class="x" viewBox="0 0 40 20"><rect class="complete" x="0" y="0"'
        ' width="20" height="20"/><path class="line" d="M20 10 40 10"/><text></text>'
        "<path d=''/></svg>"
    )
    made = pictures.picture(svg)
    assert made == pictures.picture(svg)
    image = Image.open(BytesIO(made)).convert("RGB")
    assert image.size == (100, 50)
    navy, white = (0x12, 0x43, 0x6D), (255, 255, 255)
    assert image.getpixel((25, 25)) == navy
    assert image.getpixel((75, 5)) == white and image.getpixel((75, 25)) == navy


# Text that attacks


def test_hostile_text_stays_text_in_the_draft(drafts):
    document = opened(drafts, "elsewhere")
    said = [p.text for p in document.paragraphs]
    assert "<script>alert(1)</script>" in said
    assert not any(re.search(r"[\x00-\x08\x1b\u202e]", text) for text in said)
    assert max(map(len, said)) <= style.SENTENCE_LIMIT
    relations = parts(drafts / "elsewhere" / "report.docx")
    assert "example.invalid" not in relations["word/_rels/document.xml.rels"]


# Whose file it is (test_reports compares the bytes of two processes)


def test_the_template_equals_what_its_script_makes(tmp_path):
    make(tmp_path / "made.docx")
    assert (tmp_path / "made.docx").read_bytes() == TEMPLATE.read_bytes()


def edit(path: Path) -> bytes:
    document = docx.Document(str(path))
    document.add_paragraph("The author's own words.")
    document.save(str(path))
    return path.read_bytes()


def manifest(folder: Path) -> dict:
    return json.loads((folder / "manifest.json").read_text(encoding="utf-8"))


def test_a_draft_that_its_author_edited_is_kept_and_the_new_one_lies_beside_it(
    database, tmp_path
):
    folder = tmp_path / "pack"
    write_pack(database, QUARTER, "elsewhere", folder, {})
    fresh = (folder / "report.docx").read_bytes()
    edited = edit(folder / "report.docx")
    for _ in range(2):  # the second finds a manifest that knows of the edit
        pack = write_pack(database, QUARTER, "elsewhere", folder, {})
        assert (folder / "report.docx").read_bytes() == edited
        assert (folder / "report.new.docx").read_bytes() == fresh
        assert pack.notices() == [
            "report.docx was edited after it was written. It is kept, and the new "
            "draft is report.new.docx."
        ]
        assert "report.docx" not in manifest(folder)["files"]
        assert manifest(folder)["kept"] == {
            "report.docx": hashlib.sha256(edited).hexdigest()
        }
    assert "report.new.docx" in (folder / "annex.html").read_text(encoding="utf-8")


def test_a_file_that_a_person_put_into_the_pack_is_kept(database, tmp_path):
    write_pack(database, QUARTER, "essex", tmp_path / "pack", {})
    (tmp_path / "pack" / "for the board.xlsx").write_bytes(b"mine")
    (tmp_path / "pack" / "letters").mkdir()
    (tmp_path / "pack" / "letters" / "a.txt").write_bytes(b"mine too")
    (tmp_path / "pack" / "report.pdf").write_bytes(b"of the older pack")
    write_pack(database, QUARTER, "essex", tmp_path / "pack", {})
    write_pack(database, QUARTER, "essex", tmp_path / "pack", {})
    assert (tmp_path / "pack" / "for the board.xlsx").read_bytes() == b"mine"
    assert (tmp_path / "pack" / "letters" / "a.txt").read_bytes() == b"mine too"
    assert not (tmp_path / "pack" / "report.pdf").exists()


def test_an_edited_new_draft_is_kept_too(database, tmp_path):
    folder = tmp_path / "pack"
    write_pack(database, QUARTER, "elsewhere", folder, {})
    first = edit(folder / "report.docx")
    write_pack(database, QUARTER, "elsewhere", folder, {})
    second = edit(folder / "report.new.docx")
    pack = write_pack(database, QUARTER, "elsewhere", folder, {})
    assert (folder / "report.docx").read_bytes() == first
    assert (folder / "report.new.docx").read_bytes() == second
    assert pack.document == "report.new2.docx" and (folder / pack.document).is_file()


def test_a_draft_that_nobody_edited_is_replaced(database, tmp_path):
    folder = tmp_path / "pack"
    write_pack(database, QUARTER, "elsewhere", folder, {})
    pack = write_pack(database, QUARTER, "elsewhere", folder, {"run": 2})
    assert pack.notices() == []
    assert [path.name for path in folder.glob("*.docx")] == ["report.docx"]
