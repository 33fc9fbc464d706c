"""The Word draft: its structure, what it needs to be read aloud, and whose it is."""

import hashlib
import json
import re
import zipfile
from pathlib import Path

import docx
import duckdb
import pytest
from docx.oxml.ns import qn
from docx.shared import Cm

from reports import style, write_pack
from reports.document import TEMPLATE
from reports.templates.make_template import make
from tests.reporting_fixture import PROMPT, QUARTER, build_database


@pytest.fixture(scope="module")
def database(tmp_path_factory) -> Path:
    return build_database(tmp_path_factory.mktemp("published") / "warehouse_1.duckdb")


@pytest.fixture(scope="module")
def folder(database, tmp_path_factory) -> Path:
    """The pack of essex, its author having written nothing."""
    folder = tmp_path_factory.mktemp("packs") / "essex"
    write_pack(database, QUARTER, "essex", folder, {})
    return folder


@pytest.fixture(scope="module")
def elsewhere(database, tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("packs") / "elsewhere"
    write_pack(database, QUARTER, "elsewhere", folder, {})
    return folder


@pytest.fixture(scope="module")
def document(folder):
    return docx.Document(str(folder / "report.docx"))


def texts(document, *looks: str) -> list[str]:
    return [p.text for p in document.paragraphs if p.style.name in looks]


def parts(path: Path) -> dict[str, str]:
    with zipfile.ZipFile(path) as file:
        return {
            name: file.read(name).decode("utf-8", "replace") for name in file.namelist()
        }


# What it holds


def test_every_section_is_there_in_order_with_its_number(document):
    assert texts(document, "Heading 1", "Heading 2") == [
        "Contents",
        "3.0 Executive Summary",
        "5.0 Current Work and Performance",
        "5.1 Domestic Abuse",
        "5.2 Gangs and Knife Crime",
        "5.3 Delivery/Challenges by Exception",
        "6.0 Implications (Issues)",
        "6.1 Risks/Mitigation",
        "Appendix: Month by Month",
        "Notes",
    ]
    assert texts(document, "Heading 3") == ["Insights", "Delivery achieved", "Insights"]


def test_the_contents_lead_to_every_section(document):
    links = document.element.body.findall(f".//{qn('w:hyperlink')}")
    marks = document.element.body.findall(f".//{qn('w:bookmarkStart')}")
    anchors = [link.get(qn("w:anchor")) for link in links]
    assert anchors == [mark.get(qn("w:name")) for mark in marks]
    assert len(set(anchors)) == 9


def test_the_front_matter_says_what_the_report_is(document):
    front = {row.cells[0].text: row.cells[1].text for row in document.tables[0].rows}
    assert front["Classification"] == "OFFICIAL: internal draft"
    assert front["Report from"] == "Essex Police"
    assert front["Quarter"] == "Q2 2021/22, July to September 2021"
    assert front["Latest data extracted"] == "17 November 2021"
    assert front["Version"] == "Draft 1"
    assert front["Date of meeting"] == "[Author: date]"
    assert texts(document, "Origin")[0].startswith("Made from demonstration extracts")


def test_sentences_are_paragraphs_and_bullets_as_the_models_say(document):
    assert "Domestic abuse fell by 647 recorded crimes (2.2%)." in texts(
        document, "Normal"
    )
    assert texts(document, "List Bullet") == [
        "Digital Crime and Fraud: the first action.",
        "Digital Crime and Fraud: the second action.",
    ]


def test_placeholders_stand_only_where_an_author_must_write(document):
    assert texts(document, "Placeholder") == [PROMPT] * 3


def test_a_strand_has_only_its_own_rows_and_none_has_an_empty_table(document):
    captions = [c for c in texts(document, "Caption") if c.startswith("Table")]
    assert captions[:3] == [
        "Table 1: Delivery plan progress as at 17 November 2021",
        "Table 2: Recorded crime: 12 months ending September 2021",
        "Table 3: Recorded crime: 12 months ending September 2021: Domestic Abuse",
    ]
    assert len(captions) == 4
    own = document.tables[3]
    assert [[cell.text for cell in row.cells] for row in own.rows] == [
        [
            "Measure",
            "12 months ending September 2020",
            "12 months ending September 2021",
            "Diff.",
            "% Diff.",
        ],
        ["Domestic abuse", "30,038", "29,391", "\u2212647", "\u22122.2%"],
    ]


def test_a_chart_that_is_not_available_is_said_to_be(elsewhere):
    document = docx.Document(str(elsewhere / "report.docx"))
    assert "This chart is not available from this source." in texts(document, "Normal")
    assert len(document.inline_shapes) == 1


def test_a_page_neither_begins_nor_ends_with_a_row_or_two_of_a_long_table(document):
    by_month = document.tables[-1]
    together = [
        all(p.paragraph_format.keep_with_next for c in row.cells for p in c.paragraphs)
        for row in by_month.rows
    ]
    assert len(together) == 37
    # The header and three rows, and the last three, each but the last with the next.
    assert together == [True] * 3 + [False] * 31 + [True] * 2 + [False]


def test_a_table_of_ten_rows_or_fewer_stays_on_one_page(document):
    for table in document.tables[1:-1]:
        *rows, last = table.rows
        assert len(rows) <= 10
        assert all(
            p.paragraph_format.keep_with_next
            for row in rows
            for cell in row.cells
            for p in cell.paragraphs
        )
        assert not last.cells[0].paragraphs[0].paragraph_format.keep_with_next


# What it needs to be read aloud


def test_every_data_table_has_one_marked_header_row_and_alternative_text(document):
    for table in document.tables[1:]:
        marked = [row for row in table.rows if row._tr.xpath("./w:trPr/w:tblHeader")]
        assert [row._tr for row in marked] == [table.rows[0]._tr]
        assert all(cell.text for cell in table.rows[0].cells)
        (title,) = table._tbl.tblPr.findall(qn("w:tblCaption"))
        assert title.get(qn("w:val"))
        assert not table._tbl.xpath(".//w:gridSpan | .//w:vMerge")


def test_every_chart_has_alternative_text_and_a_caption(document):
    shapes = document.inline_shapes
    descriptions = [shape._inline.docPr.get("descr") for shape in shapes]
    assert len(descriptions) == 8
    assert all(d.startswith("Bar chart of crimes recorded") for d in descriptions)
    charts = [c for c in texts(document, "Caption") if c.startswith("Chart")]
    assert [c.split(":")[0] for c in charts] == [f"Chart {i}" for i in range(1, 9)]


def test_it_is_british_english_on_a4_and_marked_on_every_page(folder, document):
    for section in document.sections:
        assert abs(section.page_width - Cm(21)) < Cm(0.01)
        assert abs(section.page_height - Cm(29.7)) < Cm(0.01)
        header, footer = section.header.paragraphs[0], section.footer.paragraphs[0]
        assert header.text == "OFFICIAL: internal draft"
        assert footer.text.startswith("OFFICIAL: internal draft   Page ")
        assert "PAGE" in footer._p.xml and "NUMPAGES" in footer._p.xml
    inside = parts(folder / "report.docx")
    assert set(re.findall(r'<w:lang w:val="([^"]+)', inside["word/styles.xml"])) == {
        "en-GB"
    }
    assert "<dc:language>en-GB</dc:language>" in inside["docProps/core.xml"]
    assert "report for Q2 2021/22</dc:title>" in inside["docProps/core.xml"]


def test_a_table_of_many_columns_lies_on_its_side_between_upright_pages(
    database, tmp_path
):
    copy = tmp_path / "warehouse_2.duckdb"
    copy.write_bytes(database.read_bytes())
    with duckdb.connect(str(copy)) as con:
        con.execute("delete from reporting.rpt_charts")
        con.execute(
            "insert into reporting.rpt_monthly_counts select quarter, force_code, "
            "row_position, measure || n, measure_name || n, month, count, status "
            "from reporting.rpt_monthly_counts, range(2) as t (n)"
        )
    write_pack(copy, QUARTER, "essex", tmp_path / "pack", {})
    document = docx.Document(str(tmp_path / "pack/report.docx"))
    widths = [section.page_width > section.page_height for section in document.sections]
    assert widths == [False, True, False]
    last = document.sections[-1]
    assert last.header.is_linked_to_previous and last.page_width < last.page_height


# Text that attacks


def test_hostile_text_is_text(elsewhere):
    document = docx.Document(str(elsewhere / "report.docx"))
    bullets = texts(document, "List Bullet")
    assert "<script>alert(1)</script>" in bullets
    assert not any(re.search(r"[\x00-\x08\x1b\u202e]", text) for text in bullets)
    assert max(map(len, bullets)) <= style.SENTENCE_LIMIT
    relations = parts(elsewhere / "report.docx")["word/_rels/document.xml.rels"]
    assert "example.invalid" not in relations


# Whose file it is (test_reports compares the bytes of two processes)


def test_the_template_is_what_its_script_makes(tmp_path):
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
