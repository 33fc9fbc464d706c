"""A strand's own pictures on the board's page, from charts of its annex section."""

from dataclasses import replace
from decimal import Decimal
from itertools import pairwise

import pytest

from reports import grid
from reports.board import pictures, room, strands
from reports.board.read import read_board
from reports.outline import Chart, Part, Point, Section
from reports.report import read_report
from tests.authored import authored
from tests.board_fixture import build_board_database, with_districts

MONTHS = ("Jun 2021", "Jul 2021", "Aug 2021", "Sep 2021", "Oct 2021")
QUARTER = "2021-22-q2"


def chart(name: str, kind: str = "month_bars", **words) -> Chart:
    values = words.pop("values", (10, 20, 30, 40, 50))
    points = words.pop(
        "points", tuple(Point(m, v) for m, v in zip(MONTHS, values, strict=True))
    )
    return Chart(
        **{
            "name": name,
            "title": f"Title of {name}",
            "strand": "Hate Crime",
            "alternative_text": f"What {name} shows.",
            "value_heading": "Crimes",
            "is_available": True,
            "points": points,
            "kind": kind,
            "measure": name,
        }
        | words
    )


def parts(name: str, *values: int | None, **words) -> Chart:
    points = tuple(Point(f"Part {i}", value) for i, value in enumerate(values))
    return chart(name, "category_bars", points=points, **words)


def drawn(*charts: Chart, of_page: tuple[str, ...] = ()):
    section = Section(
        "hate_crime", "5.6", "Hate Crime", 2, "strand", (Part("", charts, None, None),)
    )
    return pictures.pictures(section, of_page, QUARTER, "annex.html")


def test_parts_of_counts_come_before_months():
    found = drawn(chart("a"), parts("b", 1), chart("c"), parts("d", 1))
    assert [picture.name for picture in found] == ["b", "d", "a", "c"]


def test_each_measure_has_a_picture_before_another_has_two_and_the_pages_own_is_first():
    """The motivations of hate crime, on a page that has Prevent referrals too."""
    charts = [
        *(parts(name, 1, measure="prevent") for name in ("source", "outcome")),
        parts("motivations", 1, measure="hate"),
    ]
    found = drawn(chart("region"), *charts, of_page=("hate",))
    assert [p.name for p in found] == ["motivations", "source", "outcome", "region"]


def test_a_series_prints_the_latest_value_of_each_of_its_lines():
    points = [
        Point("Aug 2021", 21, "North"),
        Point("Sep 2021", 34, "North"),
        Point("Aug 2021", 55, "South"),
        Point("Sep 2021", None, "South"),
    ]
    (picture,) = drawn(chart("a", points=tuple(points)))
    assert picture.counts == (34, 55)
    assert [text for _, text in picture.drawing["ends"]] == ["North 34", "South 55"]


@pytest.fixture(scope="module")
def database(tmp_path_factory):
    path = build_board_database(tmp_path_factory.mktemp("db") / "warehouse_1.duckdb")
    with_districts(path)
    return path


def page_of(database, strand: str, *charts: Chart, words: int = 0, text: str = ""):
    """The page of a strand whose section has these charts."""
    board = read_board(database, QUARTER, "essex")
    report = read_report(database, QUARTER, "essex")
    (section,) = (s for s in report.sections if s.heading == strand)
    own = Part("", charts, None, None)
    section = replace(section, parts=(own, *section.parts))
    text = text or " ".join(["words"] * words)
    if text:
        section = section.written({f"{section.number} Insights": authored(text)})
    return strands.strand_page(board, section, "annex.html#{}".format)


BURGLARY, CYBER = "Dwelling Burglary and Street Robbery", "Digital Crime and Fraud"


def test_a_strand_with_two_measures_has_a_breakdown_beside_its_districts(database):
    page = page_of(database, BURGLARY, parts("a", 9, 8, 7, 6, 5, 4, 3), parts("b", 1))
    assert len(page.measures) == 2 and page.area_chart
    (picture,) = page.pictures
    assert (picture.name, len(picture.bars), picture.more) == ("a", 7, 0)


@pytest.mark.parametrize(("lines", "counted"), [(4, 7), (5, 5), (8, 5)])
def test_a_commentary_beside_two_measures_and_districts_may_leave_room_for_five_parts(
    database, lines, counted
):
    text = " ".join(["ten letter"] * 5 * lines)[: 50 * lines]
    page = page_of(database, BURGLARY, parts("a", *range(9, 2, -1)), text=text)
    assert [len(picture.bars) for picture in page.pictures] == [counted]


def test_a_strand_with_two_measures_without_districts_has_three_pictures(database):
    page = page_of(database, CYBER, parts("a", 1), parts("b", 1), chart("c"))
    assert len(page.measures) == 2 and not page.area_chart
    assert [picture.name for picture in page.pictures] == ["a", "b", "c"]
    assert page.has_closer_lines


def test_a_strand_with_three_measures_leaves_no_room_for_pictures(database):
    """The sheet is full of three charts and nine comparisons."""
    board = read_board(database, QUARTER, "essex")
    report = read_report(database, QUARTER, "essex")
    (section,) = (s for s in report.sections if s.heading == CYBER)
    first = next(m for m in board.measures if m.strand == CYBER)
    board = replace(board, measures=(*board.measures, replace(first, measure="third")))
    section = replace(section, parts=(Part("", (parts("a", 1),), None, None),))
    page = strands.strand_page(board, section, "annex.html#{}".format)
    assert len(page.measures) == 3
    assert page.pictures == () and page.results is None


def test_a_long_commentary_takes_the_room_of_pictures_of_two_measures(database):
    """And the page says what the annex has."""
    motives = parts("a", 1, title="Crime by motive, July to September")
    page = page_of(database, CYBER, motives, words=80)
    assert (page.pictures, page.left) == ((), "Crime by motive")
    page = page_of(database, CYBER, motives, words=30)
    assert (len(page.pictures), page.left) == (1, "")


def test_a_commentary_that_is_not_brief_moves_the_picture_below_two_measures(database):
    brief = page_of(database, BURGLARY, parts("a", 1), words=30)
    longer = page_of(database, BURGLARY, parts("a", 1), words=60)
    assert len(brief.pictures) == len(longer.pictures) == 1
    assert (brief.has_pictures_below, longer.has_pictures_below) == (False, True)


def test_a_picture_beside_which_the_author_wrote_is_drawn_before_others(database):
    charts = [parts(name, 1) for name in "abcd"]
    text = "### Chart: Title of d\n\nThese are few."
    page = page_of(database, CYBER, *charts, text=text)
    assert [picture.name for picture in page.pictures] == ["d", "a", "b"]


def test_words_beside_a_picture_without_room_stay_in_the_commentary(database):
    text = f"{'words ' * 80}\n\n### Chart: Title of a\n\nThese are few."
    page = page_of(database, CYBER, parts("a", 1), text=text)
    assert (page.pictures, page.left) == ((), "Title of a")
    assert page.commentary.texts[1:] == ("Chart: Title of a", "These are few.")


def test_results_of_units_stand_beside_the_districts_of_a_strand(database):
    board = read_board(database, QUARTER, "essex")
    report = read_report(database, QUARTER, "essex")
    (section,) = (s for s in report.sections if s.heading == BURGLARY)
    own = replace(
        board, results=tuple(replace(r, strand=BURGLARY) for r in board.results)
    )
    page = strands.strand_page(own, section, "annex.html#{}".format)
    assert page.area_chart and len(page.results.rows) == room.BESIDE_OTHERS


def test_a_measure_that_the_page_charts_is_not_drawn_again():
    assert [p.name for p in drawn(chart("a"), chart("b"), of_page=("a",))] == ["b"]


def test_a_chart_that_is_not_available_is_not_drawn():
    assert drawn(chart("a", is_available=False)) == ()


def test_a_table_of_parts_without_a_count_is_not_drawn():
    columns = tuple(
        grid.Column(name, name, kind)
        for name, kind in (("category", "text"), ("numerator", "int"))
    )
    found = []
    for name, counts in (("none", (None, None)), ("some", (None, 3))):
        rows = tuple({"category": f"Part {n}", "numerator": n} for n in counts)
        found += drawn(grid.Table(name, f"Title of {name}", "", None, columns, rows))
    assert [picture.name for picture in found] == ["some"]


def test_the_longest_bar_fills_its_room_and_the_others_are_in_proportion():
    (picture,) = drawn(parts("a", 40, 10, None, total=50))
    assert [(b.count, b.length) for b in picture.bars] == [("40", 96.0), ("10", 24.0)]
    assert picture.note == "50 in all"
    (picture,) = drawn(parts("a", 40, 20, None, total=50))
    assert picture.note == "50 in all, some with several"


def test_parts_that_are_not_drawn_are_counted_with_a_link_to_the_annex():
    (picture,) = drawn(parts("a", *range(9, 0, -1)))
    assert (len(picture.bars), picture.more) == (7, 2)
    assert picture.annex == "annex.html#chart-a"


def test_the_largest_parts_are_drawn_in_their_own_order():
    """Nine parts, of which the two smallest, 2 and 1, have no room."""
    (picture,) = drawn(parts("a", 5, 1, 40, 2, 8, 60, 7, 9, 6))
    assert [b.count for b in picture.bars] == ["5", "40", "8", "60", "7", "9", "6"]
    assert (picture.bars[0].name, picture.more) == ("Part 0", 2)


def test_one_part_more_takes_the_place_of_the_line_that_would_count_it():
    (picture,) = drawn(parts("a", *range(8, 0, -1)))
    assert (len(picture.bars), picture.more) == (8, 0)


def test_hidden_parts_of_a_public_table_are_left_to_the_annex_before_known_ones():
    columns = tuple(
        grid.Column(name, name, kind)
        for name, kind in (("category", "text"), ("numerator", "int"))
    )
    counts = [grid.Mark("[c]"), 5, 6, 7, 8, 9, grid.Mark("[c]"), 20, 30]
    rows = tuple({"category": f"Part {n}", "numerator": n} for n in counts)
    (picture,) = drawn(grid.Table("a", "Title of a", "", None, columns, rows))
    assert [b.count for b in picture.bars] == ["5", "6", "7", "8", "9", "20", "30"]


@pytest.mark.parametrize(
    ("values", "axis"),
    [
        (("83.7", "84.0", "85.0", "86.0", "88.0"), (70, 100)),
        (("12.0", "14.0", "9.0", "20.0", "5.0"), (0, 100)),
        (("100.0", "100.0", "100.0", "100.0", "100.0"), (90, 100)),
    ],
)
def test_the_axis_of_a_share_begins_at_a_full_ten_below_its_lowest(values, axis):
    share = chart("a", number_format="pct", values=tuple(map(Decimal, values)))
    (picture,) = drawn(share)
    assert (picture.drawing["low"], picture.drawing["high"]) == axis
    assert (f"Axis from {axis[0]}% to 100%." in picture.note) == bool(axis[0])


def test_the_axis_of_a_count_begins_at_0():
    (picture,) = drawn(chart("a", values=(900, 910, 920, 930, 940)))
    assert picture.drawing["levels"][0][1] == "0"
    assert picture.drawing["levels"][0][0] == pictures.BOTTOM


def test_the_months_of_this_quarter_are_shaded_where_the_chart_has_them():
    (picture,) = drawn(chart("a"))
    step = (pictures.RIGHT - pictures.LEFT) / 5
    start, end = picture.drawing["quarter"]
    assert start == pytest.approx(pictures.LEFT + step, abs=0.01)
    assert end == pytest.approx(pictures.LEFT + 4 * step, abs=0.01)
    (older,) = drawn(chart("a", points=(Point("Jan 2020", 1), Point("Feb 2020", 2))))
    assert older.drawing["quarter"] is None


def test_each_line_of_several_has_its_own_dashes_and_a_label_apart_from_the_others():
    points = tuple(
        Point(month, 200 + i, series)
        for series in ("North", "South", "West")
        for i, month in enumerate(MONTHS)
    )
    (picture,) = drawn(chart("a", "month_lines", points=points))
    assert len({dash for _, dash in picture.drawing["lines"]}) == 3
    places = sorted(place for place, _ in picture.drawing["ends"])
    assert all(
        later - earlier >= pictures.LABEL_GAP - 0.01
        for earlier, later in pairwise(places)
    )
    texts = [text for _, text in picture.drawing["ends"]]
    assert texts == ["North 204", "South 204", "West 204"]
    assert picture.drawing["alternative"] == (
        "Line chart: Title of a. North: latest 204 in October 2021, highest 204 in"
        " October 2021, lowest 200 in June 2021. South: latest 204 in October 2021,"
        " highest 204 in October 2021, lowest 200 in June 2021. West: latest 204 in"
        " October 2021, highest 204 in October 2021, lowest 200 in June 2021. Shaded:"
        " this quarter."
    )


def test_the_label_of_a_line_with_a_long_name_has_its_number_and_room_for_it():
    points = tuple(
        Point(month, 1040, series)
        for series in ("North East Somerset", "Bath")
        for month in MONTHS
    )
    (picture,) = drawn(chart("a", "month_lines", points=points))
    texts = [text for _, text in picture.drawing["ends"]]
    assert texts == ["North East\N{HORIZONTAL ELLIPSIS} 1,040", "Bath 1,040"]
    room = pictures.WIDTH - picture.drawing["right"] - pictures.BEFORE_LABEL
    assert room >= max(map(len, texts)) * pictures.LABEL_LETTER


def test_the_title_is_the_reports_own_sentence_about_the_measure():
    said = "Community violence shows no clear change: 677 in all, 667 before."
    (picture,) = drawn(chart("a", finding=said))
    assert picture.title == said
    assert picture.note == "Each month, June 2021 to October 2021."


def test_a_month_without_a_value_breaks_the_line_and_is_not_labelled():
    (picture,) = drawn(chart("a", values=(10, None, 30, 40, None)))
    ((path, _),) = picture.drawing["lines"]
    assert path.count("M") == 2
    assert picture.drawing["ends"][0][1] == "40 Sep"
