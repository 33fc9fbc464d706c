"""Widths of a table's columns, for the Word draft and for the page."""

from hypothesis import given
from hypothesis import strategies as st

from reports.grid import Cell, Column, Grid
from reports.widths import Line, column_widths, most_lines

LINE = Line(room=100, letter=1, heading_letter=1, padding=2)
FORMATS = st.sampled_from(["text", "code", "count", "date"])


def grid_of(columns: dict[str, str], *rows: list[str]) -> Grid:
    """Return a grid from headings with their formats, and rows of text."""
    made = tuple(Column(name, name, look) for name, look in columns.items())
    return Grid(made, tuple(tuple(Cell(text) for text in row) for row in rows))


ACTIONS = grid_of(
    {"Strand": "text", "Action": "code", "What": "text", "Owner": "text"},
    ["Hate Crime", "CPS 104", "words " * 25, "Licensing sergeant"],
)


@st.composite
def grids(draw: st.DrawFn) -> Grid:
    formats = draw(st.lists(FORMATS, min_size=1, max_size=14))
    texts = st.text("ab ", max_size=200)
    rows = draw(st.lists(st.tuples(*(texts for _ in formats)), max_size=4))
    columns = {f"{'h' * (i % 9 + 1)} {i}": look for i, look in enumerate(formats)}
    return grid_of(columns, *(list(row) for row in rows))


@given(grids(), st.floats(10, 400))
def test_the_widths_fill_the_line_and_none_is_zero(grid: Grid, room: float):
    widths = column_widths(grid, Line(room, 1, 1.1, 2))
    assert all(width >= 0 for width in widths)
    kept = sum(w for w, c in zip(widths, grid.columns, strict=True) if c.is_unbroken)
    assert abs(sum(widths) - max(room, kept)) < 1e-6


@given(grids())
def test_no_word_is_broken_where_there_is_room_for_every_one(grid: Grid):
    widths = column_widths(grid, Line(2_000, 1, 1.1, 2))
    for i, width in enumerate(widths):
        for row in grid.rows:
            for word in row[i].text(grid.columns[i].number_format).split():
                assert min(len(word), 30) + 2 <= width


def test_the_column_with_the_longest_texts_is_the_widest():
    strand, _, what, owner = column_widths(ACTIONS, LINE)
    assert what > 2 * owner and what > 2 * strand


def test_a_reference_stays_whole_even_where_words_must_be_broken():
    action = column_widths(ACTIONS, Line(24, 1, 1, 2))[1]
    assert action == len("CPS 104") + 2


def test_texts_that_need_little_more_room_get_it_before_long_ones():
    dates = {"What": "text", "Before": "text", "Now": "text"}
    grid = grid_of(dates, ["words " * 25, "6 Oct 2021", "21 Jan 2022"])
    _, before, now = column_widths(grid, LINE)
    assert before == len("6 Oct 2021") + 2 and now == len("21 Jan 2022") + 2


def test_a_bold_heading_counts_as_wider():
    bold = Line(room=60, letter=1, heading_letter=2, padding=0)
    grid = grid_of({"Total": "count", "b": "text"}, ["1", "x" * 20 + " y" * 30])
    assert column_widths(grid, bold)[0] >= len("Total") * 2


def test_columns_share_unneeded_room_equally():
    first, second = column_widths(grid_of({"a": "text", "b": "text"}, ["x", "x"]), LINE)
    assert first == second == 50


def test_a_text_whose_column_has_no_room_needs_many_lines():
    assert most_lines(ACTIONS, Line(10, 1, 1, 2)) > 100


def test_a_table_whose_texts_fit_needs_one_line_and_a_long_text_several():
    assert most_lines(grid_of({"a": "text"}, ["x" * 90]), LINE) <= 1
    assert most_lines(grid_of({"a": "text"}, ["x " * 150]), LINE) > 2
    assert most_lines(grid_of({"a": "text"}), LINE) == 1
