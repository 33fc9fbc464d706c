"""The author's file: made once, never overwritten, carried through as plain text."""

import html
from pathlib import Path

import pytest

from reports import PackError, authors_text, write_pack
from reports.outline import Bullets, Paragraph
from tests.reporting_fixture import HOSTILE, PROMPT, QUARTER, build_without_charts

HEADINGS = ["Date of meeting", "5.1 Insights", "5.2 Insights"]


@pytest.fixture(scope="module")
def database(tmp_path_factory) -> Path:
    return build_without_charts(
        tmp_path_factory.mktemp("published") / "warehouse_1.duckdb"
    )


@pytest.fixture
def file(tmp_path) -> Path:
    return tmp_path / "authors_text" / f"{QUARTER}.md"


def draw(database: Path, file: Path) -> str:
    folder = file.parent.parent / "pack"
    write_pack(database, QUARTER, "essex", folder, {}, file)
    return (folder / "index.html").read_text(encoding="utf-8")


def written(file: Path, text: str) -> dict:
    file.parent.mkdir(exist_ok=True)
    file.write_bytes(text.encode())
    return authors_text.read(file, HEADINGS)


def test_a_missing_file_is_made_with_a_heading_for_each_slot(database, file):
    draw(database, file)
    lines = file.read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if line.startswith("## ")] == [
        "## Date of meeting",
        "## 3.0 Executive Summary",
        "## 5.0 Current Work and Performance",
        "## 5.1 Insights",
        "## 5.1 Delivery achieved",
        "## 5.2 Insights",
        "## 5.3 Delivery/Challenges by Exception",
        "## 6.0 Implications (Issues)",
        "## 6.1 Risks/Mitigation",
    ]


def test_a_file_that_is_there_is_never_written(database, file):
    written(file, "## 5.1 Insights\n\nMine.")
    draw(database, file)
    draw(database, file)
    assert file.read_bytes() == b"## 5.1 Insights\n\nMine."


def test_the_authors_text_stands_in_its_slot_and_takes_the_placeholders_place(
    database, file
):
    before = draw(database, file)
    written(file, "## 5.1 Insights\n\nCalls for service increase.\n")
    after = draw(database, file)
    assert before.count(PROMPT) == after.count(PROMPT) + 1
    start, end = after.index('id="domestic_abuse"'), after.index('id="knife_crime"')
    assert start < after.index("Calls for service increase.") < end


def test_the_authors_front_matter_is_on_the_page(database, file):
    written(file, "## Date of meeting\n30 December 2021\n")
    assert "<dt>Date of meeting</dt><dd>30 December 2021</dd>" in draw(database, file)


def test_everything_but_paragraphs_and_lists_is_literal_and_escaped(database, file):
    hostile = "\n\n".join(HOSTILE[:9]) + "\n\n**bold** [x](http://example.invalid)"
    written(file, f"## 5.1 Insights\n\n{hostile}\n\n### Not a slot\n")
    page = draw(database, file)
    assert "<script" not in page and "&lt;script&gt;" in page
    assert html.escape("**bold** [x](http://example.invalid)") in page
    assert "### Not a slot" in page
    assert "\u202e" not in page and "\x1b" not in page


def test_paragraphs_and_lists_are_told_apart(file):
    blocks = written(
        file,
        "## 5.1 Insights\r\none\r\ngoes on\r\n\r\ntwo\n- a\n  goes on\n\n* b\nplain\n",
    )
    assert blocks["5.1 Insights"] == (
        Paragraph("one goes on"),
        Paragraph("two"),
        Bullets(("a goes on", "b plain")),
    )


def test_a_heading_is_known_in_any_case_and_spacing(file):
    assert list(written(file, "##   5.2  INSIGHTS \n\nx")) == ["5.2 Insights"]


def test_a_heading_without_text_is_left_out(file):
    assert written(file, "## 5.1 Insights\n\n## 5.2 Insights\n\n \n") == {}


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("# t\n\n## 5.1 Insights\n\n## 5.9 Insihgts\n", 5, "no part '5.9 Insihgts'"),
        ("## 5.1 Insights\na\n## 5.1 insights\nb\n", 3, "is there twice"),
    ],
)
def test_a_heading_that_cannot_be_placed_is_refused_with_file_and_line(
    file, text, line, words
):
    with pytest.raises(PackError) as refused:
        written(file, text)
    assert f"{file}, line {line}:" in str(refused.value)
    assert words in str(refused.value)


def test_a_file_that_is_no_utf8_is_refused_with_its_line(file):
    file.parent.mkdir()
    file.write_bytes("## 5.1 Insights\n\nthe force\x92s".encode("latin-1"))
    with pytest.raises(PackError, match="line 3: this is no UTF-8"):
        authors_text.read(file, HEADINGS)


def test_a_refused_file_leaves_the_older_pack_whole(database, file):
    draw(database, file)
    page = file.parent.parent / "pack" / "index.html"
    before = page.read_bytes()
    written_before = file.read_text(encoding="utf-8")
    file.write_text(written_before + "\n## Unknown\n", encoding="utf-8")
    with pytest.raises(PackError):
        draw(database, file)
    assert page.read_bytes() == before
