"""The author's file: created once, never overwritten, and printed as Markdown."""

import html
import re
from pathlib import Path

import docx
import pytest

from reports import PackError, authors_text, write_pack
from reports.board import authors
from reports.board.checks import to_check
from tests.authored import authored
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
    return (folder / "annex.html").read_text(encoding="utf-8")


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


def test_other_markdown_is_printed_literally_and_escaped(database, file):
    hostile = "\n\n".join(HOSTILE[:9]) + "\n\n`code` [x](javascript:alert(1)) R&amp;D"
    written(file, f"## 5.1 Insights\n\n{hostile}\n\nNo ### sub-heading\n")
    page = draw(database, file)
    assert "<script" not in page and "&lt;script&gt;" in page
    assert html.escape("`code` [x](javascript:alert(1)) R&amp;D") in page
    assert "No ### sub-heading" in page
    assert "\u202e" not in page and "\x1b" not in page


def test_paragraphs_and_lists_are_distinguished(file):
    blocks = written(
        file,
        "## 5.1 Insights\r\none\r\ngoes on\r\n\r\ntwo\n- a\n  goes on\n\n* b\nplain\n",
    )
    assert [block.texts for block in blocks["5.1 Insights"]] == [
        ("one goes on",),
        ("two",),
        ("a goes on",),
        ("b plain",),
    ]


def test_a_heading_is_known_in_any_case_and_spacing(file):
    assert list(written(file, "##   5.2  INSIGHTS \n\nx")) == ["5.2 Insights"]


def test_a_heading_without_text_is_left_out(file):
    assert written(file, "## 5.1 Insights\n\n## 5.2 Insights\n\n \n") == {}


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("\n\n## 5.1 Insights\n\n## 5.9 Insihgts\n", 5, "no part '5.9 Insihgts'"),
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


def test_an_unknown_heading_is_answered_with_the_nearest_ones(file):
    with pytest.raises(PackError, match=r"such as 5\.1 Insights[;,]"):
        written(file, "## 5.1 Insihgts\n")


@pytest.mark.parametrize(
    "line",
    [
        "##5.1 Insights",
        "### 5.1 Insights",
        "###no space",
        "# 5.1 Insights",
        " ## 5.1 Insights",
        "\t## 5.1 Insights",
        "#",
        "##",
        "####### 5.1 Insights",
        "#1 priority",
    ],
)
@pytest.mark.parametrize("before", ["", "## 5.2 Insights\n\nmine\n\n"])
def test_a_line_that_only_looks_like_a_heading_is_refused_with_file_and_line(
    file, before, line
):
    with pytest.raises(PackError) as refused:
        written(file, f"{before}{line}\nlost\n")
    number = before.count("\n") + 1
    assert f"{file}, line {number}: {line.strip()!r} is not a heading." in str(
        refused.value
    )
    assert "Write a heading of the report as '## '" in str(refused.value)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("Our year was hard.\n\n## 5.1 Insights\nx\n", 1),
        ("# Author's text for Q2 2021/22\n\nOur year\n\n## 5.1 Insights\n", 3),
        ("only words, and no heading at all\n", 1),
        ("\r\rOld line ends.\r## 5.1 Insights\r", 3),
    ],
)
def test_words_before_the_first_heading_stop_with_file_and_line(file, text, line):
    with pytest.raises(PackError) as refused:
        written(file, text)
    assert f"{file}, line {line}: " in str(refused.value)
    assert "is before the first heading" in str(refused.value)
    assert "Move it under the heading" in str(refused.value)


def test_text_for_a_report_without_a_place_for_it_stops_with_file_and_line(file):
    written(file, "## 5.1 Insights\n")
    authors_text.refuse(file)
    file.write_text("# Title\nWrite here.\n\n## 5.1 Insights\n\nA finding.\n")
    with pytest.raises(PackError, match=f"{file}, line 6: 'A finding.' is printed no"):
        authors_text.refuse(file)


def test_a_sentence_that_begins_like_the_files_title_is_not_lost(file):
    text = "# Author's text for the board: crime rose by 10%, see below"
    with pytest.raises(PackError, match=r"line 1: .*crime rose by 10%"):
        written(file, f"{text}\n\n## 5.1 Insights\nx\n")


def test_the_introduction_of_an_earlier_version_is_not_printed(file):
    earlier = (
        "# Author's text for the report for Q1 2021/22\n\n"
        "Write under the headings; leave the headings as they are. A blank line ends "
        'a\nparagraph; a line that begins with "- " is an item of a list. Everything '
        "else is\nprinted as it stands. Figures are not written here: the pack makes "
        "them. This file is\nnever overwritten.\n"
    )
    made = written(file, f"{earlier}\n## 5.1 Insights\nmine\n")
    assert made == {"5.1 Insights": authored("mine")}


def test_the_introduction_is_not_printed_even_in_part(database, file):
    draw(database, file)
    lines = file.read_text(encoding="utf-8").splitlines()
    first = next(n for n, line in enumerate(lines) if line.startswith("## "))
    for kept in range(first + 1):
        text = "\n".join([*lines[:kept], "## 5.1 Insights", "mine"])
        assert written(file, text) == {"5.1 Insights": authored("mine")}


def test_a_row_with_more_cells_than_its_heading_stops_with_file_and_line(file):
    table = "## 5.1 Insights\n\n| crime | n |\n|---|---|\n| fraud | 5 |"
    assert written(file, f"{table}\n| theft \\| loss |\n")
    with pytest.raises(PackError, match=r"line 6: this row has more cells than the"):
        written(file, f"{table}\n| burglary | 6 | lost |\n")
    item = "## 5.1 Insights\n\n- | crime | n |\n  |---|---|\n  | fraud | 5 |"
    assert written(file, item)
    with pytest.raises(PackError, match=r"line 6: this row has more cells than the"):
        written(file, f"{item}\n  | burglary | 6 | lost |\n")


def test_a_heading_in_an_item_of_a_list_is_a_sub_heading(file):
    (block,) = written(file, "## 5.1 Insights\n\n- # Our cars\n")["5.1 Insights"]
    assert '<p class="sub-heading"><strong>Our cars</strong></p>' in block.html
    assert "<h1" not in block.html


def test_a_paragraph_is_printed_whole_or_stops_with_file_and_line(file):
    # 20,000 characters in a paragraph: a spreadsheet's cell ends at 32,767.
    longest = "a" * 20_000
    assert written(file, f"## 5.1 Insights\n\n{longest}\n") == {
        "5.1 Insights": authored(longest)
    }
    for sign in ("", "- "):
        with pytest.raises(PackError, match=r"line 4: this paragraph has 20,002 char"):
            written(file, f"## 5.1 Insights\nx\n\n{sign}{longest}\nb\n")


def test_a_file_longer_than_five_million_bytes_is_refused_unread(file):
    start = "## 5.1 Insights\n\nx\n"
    fits = start + " " * (5_000_000 - len(start))
    assert written(file, fits) == {"5.1 Insights": authored("x")}
    with pytest.raises(PackError, match="more than 5,000,000 bytes") as refused:
        written(file, fits + "\n")
    assert str(file) in str(refused.value)


def test_all_that_the_author_writes_of_the_front_is_on_the_page_and_in_the_draft(
    database, file
):
    written(file, "## Date of meeting\n30 December\n\nmoved to\n- May\n- or June\n")
    assert "<dd>30 December moved to May, or June</dd>" in draw(database, file)
    document = docx.Document(str(file.parent.parent / "pack" / "report.docx"))
    cells = [cell.text for row in document.tables[0].rows for cell in row.cells]
    assert "30 December moved to May, or June" in cells


def test_a_file_that_is_not_utf8_is_refused_with_its_line(file):
    file.parent.mkdir()
    file.write_bytes("## 5.1 Insights\n\nthe force\x92s".encode("latin-1"))
    with pytest.raises(PackError, match="line 3: this is not UTF-8"):
        authors_text.read(file, HEADINGS)


def test_a_refused_file_leaves_the_older_pack_complete(database, file):
    draw(database, file)
    page = file.parent.parent / "pack" / "annex.html"
    before = page.read_bytes()
    written_before = file.read_text(encoding="utf-8")
    file.write_text(written_before + "\n## Unknown\n", encoding="utf-8")
    with pytest.raises(PackError):
        draw(database, file)
    assert page.read_bytes() == before


MARKDOWN = """\
## 5.1 Insights

Calls **rose**, see [the *plan*](https://force.example/plan?a=1&b=2).

### What we did

1. opened a refuge
2. trained
   - officers
   - staff

• pasted
• again

| district | posts |
|---|---:|
| A & B | 5 |
"""


def test_markdown_is_carried_into_the_page(database, file):
    written(file, MARKDOWN)
    page = draw(database, file)
    assert (
        "<p>Calls <strong>rose</strong>, see <a "
        'href="https://force.example/plan?a=1&amp;b=2" rel="noopener noreferrer">'
        "the <em>plan</em></a>.</p>"
    ) in page
    assert '<p class="sub-heading"><strong>What we did</strong></p>' in page
    assert "<ol>\n<li>opened a refuge</li>\n<li>trained\n<ul>" in page
    assert "<li>pasted</li>\n<li>again</li>" in page
    assert '<td>A &amp; B</td>\n<td class="number">5</td>' in page
    assert "style=" not in page.split('<div class="words">')[1].split("</div>")[0]


def test_the_file_says_how_many_words_its_places_have_room_for():
    room = f"about {to_check.MOST_WORDS} words"
    summary = f"a summary of {authors.MOST_WORDS_OF_A_POINT}."
    assert room in authors_text.INTRODUCTION and summary in authors_text.INTRODUCTION


@pytest.mark.parametrize(
    "items",
    [
        "1. train\n  - officers\n    - new ones\n  - staff\n2. visit",
        "1. train\n   - officers\n     - new ones\n   - staff\n2. visit",
        "1) train\n  • officers\n    • new ones\n  • staff\n2) visit",
    ],
)
def test_two_spaces_make_a_list_within_a_numbered_item(file, items):
    (block,) = written(file, f"## 5.1 Insights\n\n{items}\n")["5.1 Insights"]
    assert "".join(block.html.split("\n")) == (
        "<ol><li>train<ul><li>officers<ul><li>new ones</li></ul></li><li>staff</li>"
        "</ul></li><li>visit</li></ol>"
    )


@pytest.mark.parametrize("line_end", ["  ", "\\"])
def test_two_spaces_or_a_backslash_at_a_lines_end_break_the_line(file, line_end):
    text = f"## 5.1 Insights\n\nVisit{line_end}\nCall\n"
    (block,) = written(file, text)["5.1 Insights"]
    assert block.html == "<p>Visit<br />\nCall</p>"


@pytest.mark.parametrize(
    "text",
    [
        "<b>x</b>",
        "![alt](http://example.invalid/x.png)",
        "[x](data:text/html;base64,AAAA)",
        "> said",
        "```",
        "    indented",
        "[name]: http://example.invalid",
        "&lt;script&gt;",
    ],
)
def test_no_word_of_other_markdown_is_lost(file, text):
    (block,) = written(file, f"## 5.1 Insights\n\nfirst\n{text}\n")["5.1 Insights"]
    printed = html.unescape(block.html)
    assert [word for word in re.findall(r"\w+", text) if word not in printed] == []
    assert "<b>" not in block.html and "<img" not in block.html
    assert "<script" not in block.html and 'href="data' not in block.html
    assert not text.startswith("![") or text in printed


def test_no_word_of_deeply_nested_lists_is_lost(file):
    items = [f"{'  ' * depth}- item{depth}" for depth in range(40)]
    text = "\n".join(["## 5.1 Insights", "", *items, ""])
    (block,) = written(file, text)["5.1 Insights"]
    assert re.findall(r"item\d+", block.html) == [f"item{n}" for n in range(40)]
