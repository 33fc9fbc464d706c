"""An author's words beside the chart that they speak of, on the page and in Word."""

import docx
import lxml.html
import pytest

from reports import authors_text
from reports.board.page import write_board
from reports.board.read import read_board
from reports.published import PackError
from reports.report import read_report
from reports.word.document import write_document
from tests.authored import authored
from tests.board_fixture import build_board_database, with_districts
from tests.reporting_fixture import QUARTER

WRITTEN = """\
Officers made 300 visits.

### Chart: domestic abuse

The summer campaign began in May.

### What is next

Two posts are filled.
"""


@pytest.fixture(scope="module")
def database(tmp_path_factory):
    path = build_board_database(tmp_path_factory.mktemp("db") / "warehouse_1.duckdb")
    with_districts(path)
    return path


def draw(database, folder, text):
    report = read_report(database, QUARTER, "essex").with_authors_text(text)
    write_board(report, read_board(database, QUARTER, "essex"), folder / "index.html")
    return report


def strand(folder):
    page = lxml.html.fromstring((folder / "index.html").read_text(encoding="utf-8"))
    return page.get_element_by_id("strand-strand_1")


def words_of(elements) -> str:
    return " ".join(" ".join(each.text_content().split()) for each in elements)


def test_words_under_a_charts_name_stand_in_its_figure_and_not_in_the_commentary(
    database, tmp_path
):
    draw(database, tmp_path, {"5.1 Insights": authored(WRITTEN)})
    page = strand(tmp_path)
    (figure,) = page.xpath(".//figure[.//*[@class='beside-chart']]")
    assert "Domestic abuse, recorded crimes each month" in words_of([figure])
    assert "The summer campaign began in May." in words_of([figure])
    commentary = words_of(page.find_class("commentary"))
    assert "Officers made 300 visits. What is next Two posts are filled." in commentary
    assert "campaign" not in commentary and "Chart:" not in commentary


def test_a_chart_of_districts_is_named_by_its_title(database, tmp_path):
    text = "### Chart: Night-time economy crime by district\n\nVenues opened in July."
    draw(database, tmp_path, {"5.3 Insights": authored(text)})
    page = lxml.html.parse(str(tmp_path / "index.html"))
    (figure,) = page.xpath("//figure[.//*[@class='beside-chart']]")
    assert "area-figure" in figure.get("class")


def test_first_words_of_several_charts_name_the_first_of_the_page(database, tmp_path):
    text = "### Chart: Night-time\n\nVenues opened in July."
    draw(database, tmp_path, {"5.3 Insights": authored(text)})
    page = lxml.html.parse(str(tmp_path / "index.html"))
    (figure,) = page.xpath("//figure[.//*[@class='beside-chart']]")
    assert "recorded crimes each month" in words_of([figure])


def test_words_beside_a_chart_alone_leave_the_place_for_the_commentary(
    database, tmp_path
):
    text = "### Chart: domestic abuse\n\nThe summer campaign began in May."
    draw(database, tmp_path, {"5.1 Insights": authored(text)})
    assert strand(tmp_path).xpath(".//*[@class='commentary']/p[@class='placeholder']")


def test_words_beside_a_chart_that_the_page_lacks_stop_the_pack_with_file_and_line(
    database, tmp_path
):
    path = tmp_path / "2021-22-q2.md"
    path.write_text("## 5.1 Insights\n\nA.\n\n### Chart: Moons\n\nB.\n", "utf-8")
    text = authors_text.read(path, ["5.1 Insights"])
    said = (
        r"q2\.md, line 5: 'Chart: Moons' names no chart .* charts: .*Domestic abuse, r"
    )
    with pytest.raises(PackError, match=said):
        draw(database, tmp_path, text)


def test_words_beside_a_chart_follow_its_caption_and_drawing_in_the_draft(
    database, tmp_path
):
    report = draw(database, tmp_path, {"5.1 Insights": authored(WRITTEN)})
    write_document(report, tmp_path / "index.html", tmp_path / "report.docx")
    said = [p.text for p in docx.Document(str(tmp_path / "report.docx")).paragraphs]
    caption = next(i for i, text in enumerate(said) if text.startswith("Chart 1: "))
    beside = said.index("The summer campaign began in May.")
    assert caption < beside < said.index("How the count compares")
