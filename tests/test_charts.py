"""The charts of the annex, drawn as SVG for a page and for a phone."""

from __future__ import annotations

from calendar import month_abbr
from itertools import pairwise
from typing import Any

import lxml.etree
import pytest

from reports import style
from reports.charts import draw_charts
from reports.outline import Chart, Event, Point
from reports.published import PackError
from reports.report import Report

SVG = "{http://www.w3.org/2000/svg}"
MONTHS = [f"{name} {year}" for year in (2019, 2020, 2021) for name in ("Jan", "Sep")]
# The 24 months to September 2021.
YEARS = [f"{month_abbr[(i + 9) % 12 + 1]} {2019 + (i + 9) // 12}" for i in range(24)]
FRONT = {
    "period_label": "12 months ending September 2021",
    "previous_period_label": "12 months ending September 2020",
}


def chart(labels: list[str], values: list[Any], **facts: Any) -> Chart:
    points = tuple(map(Point, labels, values, [""] * len(values)))
    words = {"name": "a", "title": "Fraud", "strand": None, "alternative_text": "Bars."}
    usual = words | {"value_heading": "Crimes recorded", "is_available": True}
    return Chart(**usual | {"points": points} | facts)


def drawn(one: Chart, is_narrow: bool = False) -> Any:
    drawing = draw_charts(Report(FRONT, (), (one,), (), ()))[one.name]
    return lxml.etree.fromstring(drawing.narrow if is_narrow else drawing.wide)


def texts(svg: Any) -> list[str]:
    return [element.text for element in svg.iter(f"{SVG}text")]


def bars(svg: Any, *colours: str) -> list[float]:
    """Return the heights of the bars with these colours."""
    return [
        float(rect.get("height"))
        for rect in svg.iter(f"{SVG}rect")
        if rect.get("fill") in colours
    ]


def test_the_height_of_a_bar_is_its_value_from_0():
    heights = bars(drawn(chart(MONTHS, [10, 20, 0, 5, 40, 30])), style.NAVY)
    assert heights == pytest.approx(
        [heights[0] * n for n in (1, 2, 0.5, 4, 3)], rel=0.01
    )


def test_the_compared_periods_have_two_colours_and_their_names():
    svg = drawn(chart(YEARS, list(range(1, 25))))
    assert len(bars(svg, style.STEEL)) == len(bars(svg, style.NAVY)) == 12
    assert set(FRONT.values()) <= set(texts(svg))
    other = drawn(chart(YEARS[:-1], list(range(1, 24))))
    assert len(bars(other, style.NAVY)) == 23
    assert not set(FRONT.values()) & set(texts(other))


def test_the_highest_and_the_latest_figure_are_written():
    said = texts(drawn(chart(MONTHS, [10, 20, 0, 5, 4012, 37])))
    assert "4,012" in said and "37" in said and "20" not in said


def test_a_month_that_was_not_supplied_is_no_bar_and_has_words():
    svg = drawn(chart(MONTHS, [10, 20, None, 5, 40, 30]))
    assert len(bars(svg, style.NAVY)) == 5
    assert texts(svg).count("Not supplied") == 1


def test_an_event_has_a_band_a_letter_and_its_words_below():
    event = Event("First national lockdown", 2.0, 3.5)
    svg = drawn(chart(MONTHS, [10, 20, 8, 5, 40, 30], events=(event,)))
    assert len(bars(svg, style.BAND)) == 1
    assert {"A", "A: First national lockdown"} <= set(texts(svg))


def test_per_cent_have_a_scale_that_is_said_where_it_does_not_begin_at_0():
    one = chart(MONTHS, [84, 86, 85, 88, 90, 87], kind="month_lines")
    heading = "Crimes recorded (scale from 84%)"
    as_pct = Chart(**vars(one) | {"number_format": "pct"})
    assert heading in texts(drawn(as_pct))
    assert heading not in texts(drawn(one)) and "0" in texts(drawn(one))


def test_each_line_has_its_name_and_latest_figure_apart_from_the_others():
    points = tuple(
        Point(label, value, name)
        for name, value in (("North", 50), ("South", 51), ("West", 50))
        for label in MONTHS
    )
    svg = drawn(chart([], [], points=points, kind="month_lines"))
    named = [e for e in svg.iter(f"{SVG}text") if e.get("font-weight")]
    assert {e.text for e in named} == {"North 50", "South 51", "West 50"}
    heights = sorted(float(e.get("y")) for e in named)
    assert min(b - a for a, b in pairwise(heights)) > 9


@pytest.mark.parametrize("is_narrow", [False, True])
@pytest.mark.parametrize("kind", ["month_bars", "month_lines", "category_bars"])
def test_every_part_stays_within_the_drawing(kind, is_narrow):
    event = Event("Third national lockdown, 5 January 2021 to 11 April 2021", 4, 7)
    values = [12_687, *[11_000 + i for i in range(22)], 11_663]
    svg = drawn(chart(YEARS, values, kind=kind, events=(event,)), is_narrow)
    *_, width, height = map(float, svg.get("viewBox").split())
    for part in svg.iter(f"{SVG}text", f"{SVG}rect", f"{SVG}line"):
        x, y = (float(part.get(n, 0)) for n in ("x", "y"))
        room = len(part.text or "") * 0.56 * float(part.get("font-size", 0))
        anchor = part.get("text-anchor", "start")
        start = x - room * {"start": 0, "middle": 0.5, "end": 1}[anchor]
        assert start >= -0.5, part.text
        assert start + room <= width + 0.5, part.text
        assert 0 <= y <= height


def test_words_are_escaped_and_the_file_has_a_title_and_an_alternative_text():
    one = chart(MONTHS, [1, 2, 3, 4, 5, 6], value_heading="<script>", title="A & B")
    svg = drawn(one)
    assert "<script>" in texts(svg)
    assert svg.findtext(f"{SVG}title") == "A & B"
    assert svg.findtext(f"{SVG}desc") == "Bars."
    assert svg.get("role") == "img"


def test_a_kind_that_cannot_be_drawn_is_named_with_the_known_kinds():
    with pytest.raises(
        PackError, match="kind 'pie', which cannot be drawn; use one of"
    ):
        drawn(chart(MONTHS, [1, 2, 3, 4, 5, 6], kind="pie"))


def test_a_chart_that_is_not_available_is_not_drawn():
    gap = chart(MONTHS, [1, 2, 3, 4, 5, 6], is_available=False)
    assert draw_charts(Report(FRONT, (), (gap,), (), ())) == {}
