"""The quality statement of a pack: sources, what is missing, definitions, breaks."""

from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import lxml.html
import pytest

from reports.board.read import read_board
from reports.facts import Note
from reports.quality import write_quality
from reports.report import Report, read_report
from tests.reporting_fixture import QUARTER, build_database


@pytest.fixture(scope="module")
def database(tmp_path_factory) -> Path:
    home = tmp_path_factory.mktemp("published")
    return build_database(home / "warehouse_1.duckdb")


@pytest.fixture(scope="module")
def report(database) -> Report:
    return read_report(database, QUARTER, "essex")


def page_of(report: Report, database: Path, folder: Path, force: str = "essex"):
    path = folder / "quality.html"
    write_quality(report, read_board(database, QUARTER, force), path)
    return lxml.html.fromstring(path.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def page(report, database, tmp_path_factory):
    return page_of(report, database, tmp_path_factory.mktemp("pack"))


def rows_under(page, heading: str) -> list[list[str]]:
    section = f"//section[@aria-labelledby='{heading}']//tbody/tr"
    return [[cell.text_content() for cell in row] for row in page.xpath(section)]


def words_under(page, heading: str) -> str:
    (section,) = page.xpath(f"//section[@aria-labelledby='{heading}']")
    return " ".join(section.text_content().split())


def test_each_extract_has_its_days_and_the_lines_that_no_figure_counts(page):
    days = ["7 April 2021", "17 November 2021"]
    lines = ["4,210", "5", "2", "7", "1"]
    assert rows_under(page, "sources") == [["Crimes", "33", *days, *lines]]


def test_late_and_withdrawn_crimes_are_told_by_month_before_any_publication(
    report, database, tmp_path
):
    march = {
        "month_label": "Mar 2021",
        "first_file_at": datetime(2021, 4, 7, 6),
        "first_count": 11400,
        "late_count": 186,
        "withdrawn_count": 206,
        "other_change": -2,
        "count_now": 11378,
    }
    page = page_of(replace(report, late_records=(march,)), database, tmp_path)
    counts = ["11,400", "186", "206", "\N{MINUS SIGN}2", "11,378"]
    assert ["Mar 2021", "7 April 2021", *counts] in rows_under(page, "revised")


def test_each_measure_has_its_definition_and_how_the_national_one_differs(page):
    assert rows_under(page, "definitions") == [
        ["Hate crime", "Flagged crimes.", "Five"],
        ["Fraud", "The group Fraud.", "None stated."],
    ]


def test_a_break_in_recording_has_its_month_and_whether_counts_can_be_compared(page):
    assert "Fraud, from October 2021: a new form." in words_under(page, "breaks")
    assert "Counts from before and after it are not compared." in words_under(
        page, "breaks"
    )
    assert "Hate crime" not in words_under(page, "breaks")


def test_the_statement_says_what_was_expected_and_did_not_come(
    report, database, tmp_path
):
    front = report.front | {"missing_deliveries": "crimes of 1 July 2021"}
    late = replace(report, front=front)
    shown = words_under(page_of(late, database, tmp_path), "missing")
    assert "Crimes of 1 July 2021." in shown and "Nothing that was" not in shown


def test_the_statement_has_the_notes_on_what_the_figures_lack(
    report, database, tmp_path
):
    """Months are among the deliveries, and what words mean is in the annex."""
    lacking = "6 crimes of April 2021 have no accepted line of hate motivations."
    notes = (
        Note("Percentages are rounded."),
        Note(lacking, is_on_data=True),
        Note("Not available: crimes, May 2021.", is_on_data=True, is_of_months=True),
    )
    page = page_of(replace(report, notes=notes), database, tmp_path)
    (section,) = page.xpath("//section[@aria-labelledby='missing']")
    assert [each.text_content() for each in section.xpath(".//li")] == [lacking]
    assert "What the figures lack" in words_under(page, "missing")
    page = page_of(replace(report, notes=notes[::2]), database, tmp_path)
    assert "What the figures lack" not in words_under(page, "missing")


def test_the_statement_does_not_say_that_files_on_hold_were_loaded(
    report, database, tmp_path
):
    (crimes,) = report.sources
    none = replace(report, sources=(crimes | {"file_on_hold_count": 0},))
    two = replace(report, sources=(crimes | {"file_on_hold_count": 2},))
    for shown, files in ((none, ""), (report, "1 file"), (two, "2 files")):
        words = words_under(page_of(shown, database, tmp_path), "missing")
        on_hold = f"Delivered, but on hold and not loaded: crimes ({files})."
        assert (on_hold in words) == bool(files)
        assert ("Nothing that was expected" in words) == (not files)


@pytest.mark.parametrize(
    ("number", "held"),
    [
        (1, "actions (1 file: the plan of 20 November 2021)"),
        (2, "actions (2 files up to the plan of 20 November 2021)"),
    ],
)
def test_a_plan_on_hold_is_said_once_among_the_files_with_its_day(
    report, database, tmp_path, number, held
):
    (crimes,) = report.sources
    plan = crimes | {"extract": "actions", "file_on_hold_count": number}
    front = report.front | {
        "held_plan_date": date(2021, 11, 20),
        "plan_on_hold": "the plan of 20 November 2021 is on hold",
    }
    late = replace(report, front=front, sources=(plan, crimes))
    words = words_under(page_of(late, database, tmp_path), "missing")
    assert f"not loaded: {held} and crimes (1 file)." in words
    assert words.count("plan of") == 1


def test_a_persons_confirmation_has_its_months_and_words_but_not_for_the_public(
    report, database, tmp_path
):
    (crimes,) = report.sources
    complete = {
        "measure_name": None,
        "first_month": date(2021, 8, 1),
        "last_month": date(2021, 9, 1),
        "confirmation": "A. Jones, 2 October: the file of September has both months",
    }
    zero = complete | {"measure_name": "Hate crime", "last_month": date(2021, 8, 1)}
    confirmed = crimes | {"confirmations": [complete, zero]}
    told = replace(report, sources=(confirmed,))
    (section,) = page_of(told, database, tmp_path).xpath(
        "//section[@aria-labelledby='missing']"
    )
    words = "A. Jones, 2 October: the file of September has both months."
    assert [
        " ".join(each.text_content().split()) for each in section.xpath(".//li")
    ] == [
        f"Crimes, August 2021 to September 2021: complete. {words}",
        f"Crimes, August 2021: the 0 of Hate crime is right. {words}",
    ]
    public = page_of(replace(told, is_public=True), database, tmp_path)
    assert "A. Jones" not in public.text_content()


def test_the_public_statement_has_the_days_of_the_extracts_and_no_count_of_lines(
    report, database, tmp_path
):
    page = page_of(replace(report, is_public=True), database, tmp_path)
    days = ["7 April 2021", "17 November 2021"]
    assert rows_under(page, "sources") == [["Crimes", "33", *days]]
    assert not page.xpath("//*[@aria-labelledby='lines']")


def test_each_published_version_has_how_many_of_its_figures_are_different_now(
    report, database, tmp_path
):
    version = {"version": 1, "published_at": datetime(2021, 11, 20, 9)}
    counts = {"figure_count": 4120, "revised_count": 31}
    told = replace(report, published_versions=(version | counts,))
    page = page_of(told, database, tmp_path)
    row = ["1", "20 November 2021", "4,120", "31"]
    assert row in rows_under(page, "revised")
    assert "was published before" not in words_under(page, "revised")


def test_the_board_report_and_the_annex_lead_to_the_statement():
    templates = Path(__file__).parents[1] / "reports/templates"
    for name in ("board_about.html.j2", "page.html.j2"):
        assert 'href="quality.html"' in (templates / name).read_text(encoding="utf-8")


def test_the_statement_runs_and_fetches_nothing(page):
    assert not page.xpath("//script | //*[@src] | //link[@rel='stylesheet']")
    (policy,) = page.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
    assert policy.startswith("default-src 'none'")


def test_only_open_datas_statement_says_what_the_words_of_its_two_pages_mean(
    report, database, page, tmp_path
):
    assert not page.xpath("//section[@aria-labelledby='words']")
    as_open = replace(report, front=report.front | {"origin": "open data"})
    of_open = page_of(as_open, database, tmp_path)
    assert [row[0] for row in rows_under(of_open, "words")][:2] == ["Higher", "Lower"]
    assert "How far to trust a word" in words_under(of_open, "words")
