"""What protects the pack's readers: marking, content policy, escapes and limits."""

import csv
import html
import re
import zipfile
from pathlib import Path

import docx
import duckdb
import openpyxl
import pytest

from reports import style, workbook, write_pack
from reports.webpage import breakable
from tests.reporting_fixture import HOSTILE, QUARTER, build_without_charts

MARKING = "OFFICIAL & <b>SENSITIVE</b> 1"
# Texts that a spreadsheet would convert to a link, or to a number without zeros.
SPREADSHEET_WOULD_CHANGE = ("http://example.invalid/x", "mailto:a@b.invalid", "007")
# The only permissions of a published page (W3C Content Security Policy 3).
POLICY = {
    "default-src": "'none'",
    "img-src": "data:",
    "style-src": "'unsafe-inline'",
    "base-uri": "'none'",
    "form-action": "'none'",
}


@pytest.fixture(scope="module")
def marked(tmp_path_factory) -> Path:
    """The packs of both forces, with a marking that a page or sheet could misread."""
    home = tmp_path_factory.mktemp("marked")
    database = build_without_charts(home / "warehouse_1.duckdb")
    with duckdb.connect(str(database)) as con:
        con.execute(
            "update reporting.rpt_reports set protective_marking = ?", [MARKING]
        )
        for position, text in enumerate(SPREADSHEET_WOULD_CHANGE):
            con.execute(
                "update reporting.rpt_delivery_progress set strand = ?"
                " where force_code = 'elsewhere' and row_position = ?",
                [text, 3 + position],
            )
    for force in ("essex", "elsewhere"):
        write_pack(database, QUARTER, force, home / force, {})
    return home


@pytest.fixture(params=["essex", "elsewhere"])
def pack(request, marked: Path) -> Path:
    return marked / request.param


def page(folder: Path) -> str:
    return (folder / "annex.html").read_text(encoding="utf-8")


# Marking


def test_every_sheet_shows_the_marking_above_its_table(pack: Path):
    for sheet in openpyxl.load_workbook(pack / "report.xlsx").worksheets:
        first = min(
            (
                sheet[ref][0][0].row
                for ref in sheet.tables.values()
                for ref in [ref.ref]
            ),
            default=sheet.max_row + 1,
        )
        above = [sheet.cell(row, 1).value for row in range(1, first)]
        assert MARKING in above, sheet.title


def test_every_sheet_is_printed_with_the_marking_at_its_head_and_foot(pack: Path):
    with zipfile.ZipFile(pack / "report.xlsx") as book:
        parts = [name for name in book.namelist() if "worksheets/sheet" in name]
        sheets = {name: book.read(name).decode() for name in parts}
    assert len(sheets) == len(openpyxl.load_workbook(pack / "report.xlsx").sheetnames)
    printed = html.escape("&C&B" + MARKING.replace("&", "&&"), quote=False)
    for name, text in sheets.items():
        assert f"<oddHeader>{printed}</oddHeader>" in text, name
        assert f"<oddFooter>{printed}</oddFooter>" in text, name
        assert "differentFirst" not in text and "differentOddEven" not in text


def test_a_marking_of_ampersands_fits_the_head_of_a_printed_sheet(pack: Path):
    class Marked:
        def words(self, name: str) -> str:
            return "a &" * 200

    printed = workbook._printed_marking(Marked())
    assert len(printed) <= 255 and printed.replace("&&", "").count("&") == 2


def test_every_page_of_the_draft_has_the_marking_at_its_head_and_foot(pack: Path):
    document = docx.Document(str(pack / "report.docx"))
    assert not document.settings.odd_and_even_pages_header_footer
    for section in document.sections:
        assert not section.different_first_page_header_footer
        for margin in (section.header, section.footer):
            assert any(MARKING in each.text for each in margin.paragraphs)
    if pack.name == "essex":  # open data have no front matter
        cells = [cell.text for row in document.tables[0].rows for cell in row.cells]
        assert cells[cells.index("Classification") + 1] == MARKING
    assert "{marking}" not in "".join(
        p.text
        for s in document.sections
        for m in (s.header, s.footer)
        for p in m.paragraphs
    )


def test_the_page_has_the_marking_first_and_last_and_on_each_printed_sheet(pack: Path):
    text, shown = page(pack), html.escape(MARKING)
    assert text.count(f'<p class="marking">{shown}</p>') == 2
    header, footer = (
        re.search(rf"<{tag}>.*?</{tag}>", text, re.DOTALL)[0]
        for tag in ("header", "footer")
    )
    assert shown in header and shown in footer
    for place in ("@top-center", "@bottom-center"):
        content = re.search(rf'{place} {{ content: "([^"]*)";', text)[1]
        letters = re.sub(r"\\([0-9a-f]{6})", lambda m: chr(int(m[1], 16)), content)
        assert letters == MARKING


def test_the_files_properties_name_the_marking(pack: Path):
    book = openpyxl.load_workbook(pack / "report.xlsx")
    assert book.properties.subject == MARKING
    document = docx.Document(str(pack / "report.docx"))
    assert document.core_properties.subject == MARKING


def test_the_files_properties_have_the_same_keywords(pack: Path):
    book = openpyxl.load_workbook(pack / "report.xlsx")
    document = docx.Document(str(pack / "report.docx"))
    assert "2021/22" in document.core_properties.keywords
    assert book.properties.keywords == document.core_properties.keywords


# The page


def test_the_page_has_the_content_policy_whole_and_before_anything_it_governs(
    pack: Path,
):
    text = page(pack)
    (policy,) = re.findall(
        r'<meta http-equiv="Content-Security-Policy" content="([^"]*)">', text
    )
    parts = [part.strip().split(" ", 1) for part in policy.split(";")]
    assert dict(parts) == POLICY and len(parts) == len(POLICY)
    start = text[: text.index("Content-Security-Policy")]
    assert not re.search(r"<(style|link|script|img|title|body)", start)
    assert '<meta name="referrer" content="no-referrer">' in text


def test_no_delivered_text_becomes_a_part_of_the_page(marked: Path):
    text = page(marked / "elsewhere")
    assert "<script" not in text and "&lt;script&gt;alert(1)&lt;/script&gt;" in text
    assert "<b>" not in text
    assert "\u202e" not in text and "\x1b" not in text and "\x00" not in text
    assert "long " * 601 not in text


def test_a_text_that_may_break_at_a_slash_is_escaped_on_both_sides():
    assert breakable("<i>/<b>&") == "&lt;i&gt;/<wbr>&lt;b&gt;&amp;"
    assert breakable("a<") == "a&lt;"


# Data files, sheets and limits


def test_every_text_of_every_data_file_is_inert(pack: Path):
    starts = ("=", "+", "-", "@", "\t", "\r", "\uff1d", "\uff0b", "\uff0d", "\uff20")
    for path in pack.glob("tables/*.csv"):
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.reader(file):
                for cell in row:
                    is_number = re.fullmatch(r"-?\d+(\.\d+)?", cell)
                    assert is_number or not cell.startswith(starts), (path.name, cell)
                    assert cell.isprintable() and len(cell) <= 32_767


@pytest.mark.parametrize("sign", "=+-@\uff1d\uff0b\uff0d\uff20")
def test_each_sign_that_begins_a_formula_is_kept_from_doing_so(sign: str):
    for before in ("", " ", "\t", "\r", "\n", "\x00", "\u202e"):
        assert style.csv_text(f"{before}{sign}1") == f"'{sign}1"


def test_every_cell_of_the_workbook_is_a_number_a_date_or_plain_text(pack: Path):
    book = openpyxl.load_workbook(pack / "report.xlsx")
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.data_type in ("s", "n", "d"), cell.coordinate
                link = cell.hyperlink
                assert link is None or (link.location and not link.target)
                assert len(str(cell.value)) <= 32_767
    with zipfile.ZipFile(pack / "report.xlsx") as opened:
        names = opened.namelist()
        assert not any("vba" in name.lower() or "external" in name for name in names)


def test_a_text_that_is_like_a_link_or_a_number_stays_as_it_was_delivered(marked):
    book = openpyxl.load_workbook(marked / "elsewhere" / "report.xlsx")
    cells = [row[0] for sheet in book.worksheets for row in sheet.iter_rows()]
    found = [cell for cell in cells if cell.value in SPREADSHEET_WOULD_CHANGE]
    assert len(found) == len(SPREADSHEET_WOULD_CHANGE)
    assert all(cell.data_type == "s" and cell.hyperlink is None for cell in found)


def test_a_text_is_cut_at_its_limit_and_says_so():
    # A cell 1,000 characters; a sentence 3,000; a paragraph 20,000; a data file 32,000.
    limits = (style.CELL_LIMIT, style.SENTENCE_LIMIT, style.PARAGRAPH_LIMIT)
    assert (*limits, style.CSV_LIMIT) == (1_000, 3_000, 20_000, 32_000)
    for limit in (*limits, style.CSV_LIMIT):
        assert style.plain_text("a" * limit, limit) == "a" * limit
        cut = style.plain_text("a" * (limit + 1), limit)
        assert len(cut) == limit and cut.endswith(f"[cut: {limit + 1:,} characters]")
    assert len(style.csv_text(HOSTILE[-1])) == 32_000


def test_a_text_of_signs_alone_is_no_formula_and_no_reference_on_a_sheet():
    for text in ("=", "-", "—", "$$", "...", "[]("):
        assert re.search("[a-zA-Z]", workbook._inert(text))
    assert "$$" not in workbook._inert("a $$note$$")
    assert "](" not in workbook._inert("[x](http://example.invalid)")
