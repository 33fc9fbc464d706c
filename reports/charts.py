"""Draws the charts of the annex as SVG.

A chart's points and words come from `rpt_charts` and `rpt_chart_points`; this file only
draws them, in points of 1/72 inch. The bytes are the same on every run. For a new kind
of chart, add one function to `KINDS`.
"""

from __future__ import annotations

import html
import string
import textwrap
from dataclasses import dataclass, field
from typing import Any

from reports import style
from reports.board import geometry
from reports.outline import Chart, Point
from reports.published import PackError
from reports.report import Report

YEAR = 12  # points of a monthly series that make up a compared period
MOST_LEVELS = 5
BAR = 0.78  # width of a bar, of the room for a point
BESIDE = 0.7  # room before the first point, in points of the series
LETTER = 0.56  # width of a letter, of its size
LINE = 1.25  # height of a line, of a letter's size
FONT = "Arial, 'Liberation Sans', Helvetica, 'DejaVu Sans', sans-serif"
HEADING, LABEL, FIGURE = 10.5, 9.5, 9.5  # sizes of letters


@dataclass(frozen=True)
class Drawing:
    """One chart as SVG, for a page and for a phone."""

    wide: bytes
    narrow: bytes


def draw_charts(report: Report) -> dict[str, Drawing]:
    """Return every available chart of the report, by name."""
    return {
        chart.name: Drawing(_svg(chart, report, False), _svg(chart, report, True))
        for chart in report.charts
        if chart.is_available
    }


def size_of(chart: Chart, is_narrow: bool) -> tuple[float, float]:
    """Return width and height in inches; horizontal bars need room for the words."""
    width, height = style.NARROW_CHART if is_narrow else style.WIDE_CHART
    if chart.kind == "category_bars":
        lines = max(map(len, _category_names(chart, is_narrow)), default=1)
        height = 0.6 + len(chart.points) * (0.2 + 0.17 * lines)
    return width, height


def _svg(chart: Chart, report: Report, is_narrow: bool) -> bytes:
    """Return the chart as a file, with its title and alternative text for people who
    open it by itself.
    """
    if chart.kind not in KINDS:
        raise PackError(
            f"Chart {chart.name} is of kind {chart.kind!r}, which cannot be drawn; "
            f"use one of {', '.join(KINDS)} or add it to reports/charts.py."
        )
    width, height = (round(inches * 72, 1) for inches in size_of(chart, is_narrow))
    sheet = Sheet(width, height, is_narrow)
    KINDS[chart.kind](sheet, chart, report)
    parts = "\n".join(sheet.parts)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" '
        f'width="{width:g}pt" height="{height:g}pt" role="img">\n'
        f"<title>{html.escape(chart.title)}</title>\n"
        f"<desc>{html.escape(chart.alternative_text)}</desc>\n"
        f'<rect width="100%" height="100%" fill="#ffffff"/>\n'
        f'<g font-family="{FONT}" fill="{style.INK}">\n{parts}\n</g>\n</svg>\n'
    ).encode()


@dataclass
class Sheet:
    """The parts of a drawing, in order, and its size."""

    width: float
    height: float
    is_narrow: bool
    parts: list[str] = field(default_factory=list)

    def add(self, tag: str, words: str = "", **facts: Any) -> None:
        """Add an element; `_` in an attribute's name stands for `-`."""
        given = "".join(
            f' {name.replace("_", "-")}="{_value(value)}"'
            for name, value in facts.items()
        )
        end = f">{html.escape(words)}</{tag}>" if words else "/>"
        self.parts.append(f"<{tag}{given}{end}")

    def rect(self, x: float, y: float, right: float, bottom: float, fill: str) -> None:
        self.add("rect", x=x, y=y, width=right - x, height=bottom - y, fill=fill)

    def line(self, ends: tuple[float, ...], colour: str, width: float) -> None:
        x1, y1, x2, y2 = ends
        self.add("line", x1=x1, y1=y1, x2=x2, y2=y2, stroke=colour, stroke_width=width)

    def text(self, x: float, y: float, words: str, size: float, **looks: Any) -> None:
        """Add a line of text that stands on `y`."""
        self.add("text", words, x=x, y=y, font_size=size, **looks)


def _value(value: Any) -> Any:
    return f"{round(value, 2):g}" if isinstance(value, float) else value


def _room(texts: list[str], size: float) -> float:
    """Return the width of the longest text."""
    return LETTER * size * max(map(len, texts), default=0)


@dataclass(frozen=True)
class Plot:
    """The area of a monthly chart between its axes, and its scales."""

    left: float
    right: float
    top: float
    bottom: float
    span: float  # points of the series from left to right
    low: float
    high: float

    def x(self, point: float) -> float:
        share = (point + BESIDE) / (self.span + BESIDE)
        return self.left + share * (self.right - self.left)

    def y(self, value: float) -> float:
        return geometry.scaled(value, self.low, self.high, self.bottom, self.top)


def _span(sheet: Sheet, count: int, words: list[str]) -> float:
    """Return the points from left to right, with room for words after the last."""
    share = (_room(words, FIGURE) + 8) / (sheet.width - 50)
    return max(count, 1) / max(0.4, 1 - share)


Period = tuple[int, str, str]  # index of the first point, words, colour


def _month_bars(sheet: Sheet, chart: Chart, report: Report) -> None:
    """Draw a bar per point; the compared periods have two colours and a name above."""
    periods = _periods(chart.points, report)
    heights = [float(style.exact(point.value) or 0) for point in chart.points]
    highest = max(heights, default=0) or 1
    levels = geometry.ticks(highest, MOST_LEVELS)
    # Room for the highest figure above its bar, below the letters of events.
    above = (1.5 if sheet.is_narrow else 1.3) if chart.events else 1.12
    high = max(levels[-1], highest * above)
    span = _span(sheet, len(heights), [style.number_text(round(highest), "count")])
    names = [_wrapped(words, sheet.is_narrow) for _, words, _ in periods]
    plot = _plot(sheet, chart, levels, (0, high), span, names)
    _events(sheet, plot, chart)
    _gaps(sheet, plot, chart.points)
    colours = [style.STONE if periods else style.NAVY] * len(heights)
    for start, _, colour in periods:
        colours[start : start + YEAR] = [colour] * YEAR
    for i, (height, colour) in enumerate(zip(heights, colours, strict=True)):
        if height:
            left, right = plot.x(i - BAR / 2), plot.x(i + BAR / 2)
            sheet.rect(left, plot.y(height), right, plot.bottom, colour)
    for (start, _, colour), lines in zip(periods, names, strict=True):
        _name_period(sheet, plot, start, lines, colour)
    _label_bars(sheet, plot, chart.points, heights)


def _periods(points: tuple[Point, ...], report: Report) -> list[Period]:
    """Return the two compared periods of 12 months.

    They are empty if the points do not end with the report's period or are fewer than
    24. All bars then have one colour, because a wrong label is worse than none.
    """
    now, before = report.words("period_label"), report.words("previous_period_label")
    last = now.split()[-2:]  # 'September', '2021'
    ends = f"{last[0][:3]} {last[1]}" if len(last) == 2 else None
    if len(points) < 2 * YEAR or points[-1].label != ends:
        return []
    current = len(points) - YEAR
    return [(current - YEAR, before, style.STEEL), (current, now, style.NAVY)]


def _wrapped(words: str, is_narrow: bool) -> list[str]:
    return textwrap.wrap(words, 10) if is_narrow else [words]


def _plot(
    sheet: Sheet,
    chart: Chart,
    levels: list[int],
    scale: tuple[float, float],
    span: float,
    names: list[list[str]],
    cut: str = "",
) -> Plot:
    """Draw heading, levels, months and the words of the events; return the area left.

    Args:
        scale: its lowest and highest value.
        span: points of the series from left to right.
        names: the lines of the compared periods, which stand above the area.
        cut: words for a scale that does not begin at 0.
    """
    said = [style.number_text(level, chart.number_format) for level in levels]
    key = _event_words(chart, sheet.is_narrow)
    key_size = 7.5 if sheet.is_narrow else 8.5
    above = max(map(len, names), default=0) * LABEL * LINE
    below = 12 + 2 * HEADING * LINE + len(key) * key_size * LINE
    plot = Plot(
        left=_room(said, HEADING) + 12,
        right=sheet.width - 4,
        top=24 + above,
        bottom=sheet.height - below,
        span=span,
        low=scale[0],
        high=scale[1],
    )
    sheet.text(plot.left, HEADING + 2, f"{chart.value_heading}{cut}", HEADING)
    for level, words in zip(levels, said, strict=True):
        y, colour = plot.y(level), style.RULE if level == levels[0] else style.GRID
        sheet.line((plot.left, y, plot.right, y), colour, 0.9)
        looks = {"text_anchor": "end"}
        sheet.text(plot.left - 5, y + HEADING * 0.35, words, HEADING, **looks)
    _label_months(sheet, plot, [label for label, _ in chart.rows()])
    start = plot.bottom + 7 + 2 * HEADING * LINE
    for i, words in enumerate(key, 1):
        sheet.text(plot.left, start + i * key_size * LINE, words, key_size)
    return plot


def _label_months(sheet: Sheet, plot: Plot, labels: list[str]) -> None:
    """Label some months, counted back from the latest, in whole parts of a year."""
    most = 7 if sheet.is_narrow else 13
    step = next((s for s in (1, 3, 6, 12) if len(labels) / s <= most), 24)
    for i in range(len(labels) - 1, -1, -step):
        x = plot.x(i)
        sheet.line((x, plot.bottom, x, plot.bottom + 3.5), style.RULE, 0.9)
        for line, words in enumerate(labels[i].split(" ", 1), 1):
            y = plot.bottom + 2 + line * HEADING * LINE
            sheet.text(x, y, words, HEADING, text_anchor="middle")


def _name_period(
    sheet: Sheet, plot: Plot, start: int, lines: list[str], colour: str
) -> None:
    """Draw a line above a period's bars, with its name."""
    first, last = plot.x(start - BAR / 2), plot.x(start + YEAR - 1 + BAR / 2)
    sheet.line((first, plot.top, last, plot.top), colour, 2.5)
    size = 8 if sheet.is_narrow else LABEL
    for i, words in enumerate(reversed(lines)):
        sheet.text(first, plot.top - 5 - i * size * LINE, words, size)


def _label_bars(
    sheet: Sheet, plot: Plot, points: tuple[Point, ...], heights: list[float]
) -> None:
    """Write the latest figure beside its bar, and the highest above; others are in the
    table.

    The latest is beside its bar, because above it the words might overlap a taller bar.
    """
    known = [i for i, point in enumerate(points) if point.value is not None]
    if not known:
        return
    highest, latest = max(known, key=lambda i: heights[i]), known[-1]
    if latest == len(points) - 1:
        x, y = plot.x(latest + BAR / 2) + 4, plot.y(heights[latest])
        _figure(sheet, x, y + FIGURE * 0.35, points[latest].value, "start")
    if highest != latest:
        y = plot.y(heights[highest]) - 3
        _figure(sheet, plot.x(highest), y, points[highest].value, "middle")


def _figure(sheet: Sheet, x: float, y: float, value: Any, anchor: str) -> None:
    words = style.number_text(value, "count")
    sheet.text(x, y, words, FIGURE, text_anchor=anchor, font_weight=700)


def _gaps(sheet: Sheet, plot: Plot, points: tuple[Point, ...]) -> None:
    """Draw a band with words over months that were not supplied, which are not zero."""
    gaps = [i for i, point in enumerate(points) if point.value is None]
    for start in (i for i in gaps if i - 1 not in gaps):
        end = next(i for i in range(start, len(points) + 1) if i not in gaps) - 1
        left, right = plot.x(start - 0.5), plot.x(end + 0.5)
        sheet.rect(left, plot.top, right, plot.bottom, style.TINT)
        x, y = (left + right) / 2, plot.bottom - 6
        is_upright = right - left > _room(["Not supplied"], LABEL)
        looks: dict[str, Any] = {"text_anchor": "middle"}
        if not is_upright:
            x, looks = x + LABEL * 0.35, {"transform": f"rotate(-90 {x:.2f} {y:.2f})"}
        sheet.text(x, y, "Not supplied", LABEL, **looks)


def _events(sheet: Sheet, plot: Plot, chart: Chart) -> None:
    """Draw a band behind the bars for each event, with a letter; the words are below,
    because a month's band is narrower than a word.
    """
    size = 8 if sheet.is_narrow else LABEL
    for letter, event in zip(string.ascii_uppercase, chart.events, strict=False):
        left, right = plot.x(event.start - 1), plot.x(event.end - 1)
        sheet.rect(left, plot.top, right, plot.bottom, style.BAND)
        for x in (left, right):
            sheet.line((x, plot.top, x, plot.bottom), style.ACCENT, 0.7)
        looks = {"text_anchor": "middle", "font_weight": 700}
        sheet.text((left + right) / 2, plot.top + size + 2, letter, size, **looks)


def _event_words(chart: Chart, is_narrow: bool) -> list[str]:
    key = [
        f"{letter}: {event.label}"
        for letter, event in zip(string.ascii_uppercase, chart.events, strict=False)
    ]
    if is_narrow:
        return [line for words in key for line in textwrap.wrap(words, 44)]
    return key


def _month_lines(sheet: Sheet, chart: Chart, report: Report) -> None:
    """Draw a line per series, with its name and latest figure at its end.

    Percentages have a scale of their own, named in the heading; counts begin at 0.
    """
    rows = chart.rows()
    lines = [
        [style.exact(values[i]) for _, values in rows] for i in range(len(chart.series))
    ]
    known = [float(v) for line in lines for v in line if v is not None]
    levels = _levels(chart, known)
    span = _span(sheet, len(rows), [f"{name} 00.0%" for name in chart.series])
    cut = f" (scale from {levels[0]}{style.PERCENT})" if levels[0] else ""
    plot = _plot(sheet, chart, levels, (levels[0], levels[-1]), span, [], cut)
    _events(sheet, plot, chart)
    _gaps(sheet, plot, tuple(_first_known(label, values) for label, values in rows))
    for i, line in enumerate(lines):
        places = [
            (round(plot.x(n), 2), None if v is None else plot.y(float(v)))
            for n, v in enumerate(line)
        ]
        colour = style.LINES[i % len(style.LINES)]
        looks = {"fill": "none", "stroke": colour, "stroke_width": 2.2}
        sheet.add("path", d=geometry.path(places), stroke_linejoin="round", **looks)
        for x, y in geometry.lonely(places):
            sheet.add("circle", cx=x, cy=y, r=2, fill=colour)
    _label_lines(sheet, plot, chart, lines)


def _levels(chart: Chart, known: list[float]) -> list[int]:
    """Return the labelled lines of a chart of lines; per cent end at 100."""
    highest = max(known, default=1) or 1
    if chart.number_format != "pct":
        return geometry.ticks(highest, MOST_LEVELS)
    between = geometry.levels(min(known, default=0), highest, MOST_LEVELS)
    return [level for level in between if level <= 100]


def _first_known(label: str, values: tuple) -> Point:
    return Point(label, next((v for v in values if v is not None), None))


def _label_lines(sheet: Sheet, plot: Plot, chart: Chart, lines: list[list]) -> None:
    """Write name and latest figure at the end of each line, without overlaps."""
    ends = []
    for name, line in zip(chart.series, lines, strict=True):
        last = max((n for n, v in enumerate(line) if v is not None), default=None)
        if last is not None:
            ends.append((plot.y(float(line[last])), plot.x(last), name, line[last]))
    heights = [end[0] for end in ends]
    gap = FIGURE * LINE
    placed = geometry.push_apart(heights, gap, plot.top, plot.bottom)
    for y, (_, x, name, value) in zip(placed, ends, strict=True):
        words = f"{name} {style.number_text(value, chart.number_format)}".strip()
        sheet.text(x + 5, y + FIGURE * 0.35, words, FIGURE, font_weight=700)


def _category_bars(sheet: Sheet, chart: Chart, report: Report) -> None:
    """Draw a horizontal bar per category, so that its name can be read, with its
    figure.
    """
    values = [float(style.exact(point.value) or 0) for point in chart.points]
    names = _category_names(chart, sheet.is_narrow)
    left = _room([line for lines in names for line in lines], LABEL) + 6
    top = 24.0
    row = (sheet.height - top) / max(len(values), 1)
    said = [style.number_text(point.value, "count") for point in chart.points]
    room = sheet.width - left - _room(said, FIGURE) - 8
    scale = room / (max(values, default=0) or 1)
    sheet.text(left, HEADING + 2, chart.value_heading, HEADING)
    for i, (point, value) in enumerate(zip(chart.points, values, strict=True)):
        middle = top + (i + 0.5) * row
        sheet.rect(
            left,
            middle - 0.36 * row,
            left + value * scale,
            middle + 0.36 * row,
            style.NAVY,
        )
        for n, words in enumerate(names[i]):
            y = middle + (n - (len(names[i]) - 1) / 2) * LABEL * LINE + LABEL * 0.35
            sheet.text(left - 5, y, words, LABEL, text_anchor="end")
        x = left + value * scale + 4
        _figure(sheet, x, middle + FIGURE * 0.35, point.value, "start")


def _category_names(chart: Chart, is_narrow: bool) -> list[list[str]]:
    """Return the name of each category, line by line."""
    width = 18 if is_narrow else 34
    return [textwrap.wrap(point.label, width) or [""] for point in chart.points]


KINDS = {
    "month_bars": _month_bars,
    "month_lines": _month_lines,
    "category_bars": _category_bars,
}
