"""Draws charts as SVG: matplotlib in the Analysis Function's style (afcharts).

A chart's points and words come from `rpt_charts` and `rpt_chart_points`; this file only
draws them. The bytes are the same on every run: no date, a fixed hash salt, the font
that ships with matplotlib, and text as outlines. For a new kind of chart, add one
function to `KINDS`.
"""

from __future__ import annotations

import html
import multiprocessing
import string
import textwrap
from concurrent.futures import Executor, ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from io import BytesIO

from reports import style
from reports.outline import Chart, Point
from reports.published import PackError
from reports.report import Report

PROCESSES = 2
YEAR = 12  # points of a monthly series that make up a compared period


# The names of the two compared periods: all that a drawing needs of the report.
PERIODS = ("period_label", "previous_period_label")
Words = dict[str, str]


@dataclass(frozen=True)
class Drawing:
    """One chart as SVG, for a page and for a phone."""

    wide: bytes
    narrow: bytes


def drawing_processes() -> ProcessPoolExecutor:
    """Return processes that draw, started when the first chart needs them.

    Drawing runs in Python, so a second processor needs a second process. They are not
    forked, since this one has DuckDB's threads. Each takes seconds to start.
    """
    context = multiprocessing.get_context("spawn")
    return ProcessPoolExecutor(PROCESSES, mp_context=context)


def draw_charts(report: Report, drawn_by: Executor) -> dict[str, Drawing]:
    """Return every available chart of the report, by name.

    Args:
        drawn_by: processes that draw (`drawing_processes`).
    """
    available = [chart for chart in report.charts if chart.is_available]
    draw = partial(_drawing, words={name: report.words(name) for name in PERIODS})
    drawings = drawn_by.map(draw, available)
    return {
        chart.name: drawing for chart, drawing in zip(available, drawings, strict=True)
    }


def _drawing(chart: Chart, words: Words) -> Drawing:
    from matplotlib import style as mpl_style

    with mpl_style.context(["default", "afcharts.afcharts", style.CHART_RC]):
        wide = _figure(chart, words, is_narrow=False)
        narrow = _figure(chart, words, is_narrow=True)
        return Drawing(_svg(chart, wide), _svg(chart, narrow))


def _svg(chart: Chart, figure) -> bytes:
    """Return the figure as SVG, with the chart's title and alternative text."""
    from matplotlib.backends.backend_svg import FigureCanvasSVG

    # Use the canvas, because `savefig` would draw everything twice.
    out = BytesIO()
    metadata = {"Date": None, "Creator": None}
    FigureCanvasSVG(figure).print_svg(out, metadata=metadata)
    return _with_words(out.getvalue().decode(), chart).encode()


def size_of(chart: Chart, is_narrow: bool) -> tuple[float, float]:
    """Return width and height in inches; horizontal bars need room for the words."""
    width, height = style.NARROW_CHART if is_narrow else style.WIDE_CHART
    if chart.kind == "category_bars":
        lines = max(map(len, _category_names(chart, is_narrow)), default=1)
        height = 0.6 + len(chart.points) * (0.2 + 0.17 * lines)
    return width, height


def _figure(chart: Chart, words: Words, is_narrow: bool):
    """Draw one chart, for a page or for a phone."""
    from matplotlib.figure import Figure

    if chart.kind not in KINDS:
        raise PackError(
            f"Chart {chart.name} is of kind {chart.kind!r}, which cannot be drawn; "
            f"use one of {', '.join(KINDS)} or add it to reports/charts.py."
        )
    figure = Figure(figsize=size_of(chart, is_narrow), layout="constrained")
    KINDS[chart.kind](figure.add_subplot(), chart, words, is_narrow)
    # Positions are computed once, then drawn for each kind of file.
    figure.get_layout_engine().execute(figure)
    figure.set_layout_engine("none")
    return figure


def _with_words(svg: str, chart: Chart) -> str:
    """Add title and description for people who open the file by itself."""
    words = (
        f"<title>{html.escape(chart.title)}</title>\n"
        f" <desc>{html.escape(chart.alternative_text)}</desc>\n"
    )
    start = svg.index("<svg ")
    head, body = svg[start:].split(">\n", 1)
    return f'{svg[:start]}{head} role="img">\n {words}{body}'


def _month_bars(axes, chart: Chart, words: Words, is_narrow: bool) -> None:
    """Draw a bar per point; the compared periods have two colours and a name above."""
    periods = _periods(chart.points, words)
    heights = [float(style.exact(point.value) or 0) for point in chart.points]
    axes.bar(range(len(heights)), heights, width=0.78, color=_colours(periods, heights))
    # Room on the right for the latest figure, which stands beside its bar.
    axes.set_xlim(-0.7, max(len(heights), 1) * (1.13 if is_narrow else 1.06))
    axes.set_ylim(0, _top(max(heights, default=0) or 1))
    axes.set_title(
        chart.value_heading, loc="left", fontsize=10.5, pad=_pad(periods, is_narrow)
    )
    _label_axes(axes, chart, is_narrow)
    for start, label, colour in periods:
        _name_period(axes, start, label, colour, is_narrow)
    _label_bars(axes, chart.points, heights)
    _mark_gaps(axes, chart.points)
    _mark_events(axes, chart, is_narrow)


Period = tuple[int, str, str]  # index of the first point, words, colour


def _periods(points: tuple[Point, ...], words: Words) -> list[Period]:
    """Return the two compared periods of 12 months.

    They are empty if the points do not end with the report's period or are fewer than
    24. All bars then have one colour, because a wrong label is worse than none.
    """
    last = words["period_label"].split()[-2:]  # 'September', '2021'
    ends = f"{last[0][:3]} {last[1]}" if len(last) == 2 else None
    if len(points) < 2 * YEAR or points[-1].label != ends:
        return []
    current = len(points) - YEAR
    return [
        (current - YEAR, words["previous_period_label"], style.STEEL),
        (current, words["period_label"], style.NAVY),
    ]


def _locator():
    from matplotlib.ticker import MaxNLocator

    return MaxNLocator(nbins=5, integer=True, steps=[1, 2, 2.5, 5, 10])


def _top(highest: float) -> float:
    """Return the end of the scale: a labelled line above the highest bar and its
    figure.
    """
    return max(float(_locator().tick_values(0, highest)[-1]), highest * 1.12)


def _colours(periods: list[Period], heights: list[float]) -> list[str]:
    colours = [style.STONE if periods else style.NAVY] * len(heights)
    for start, _, colour in periods:
        colours[start : start + YEAR] = [colour] * YEAR
    return colours


def _pad(periods: list[Period], is_narrow: bool) -> float:
    """Return the room for the periods' names above the bars, in points."""
    return (58 if is_narrow else 28) if periods else 10


def _name_period(axes, start: int, label: str, colour: str, is_narrow: bool) -> None:
    """Draw a line above a period's bars, with its name."""
    above = axes.get_xaxis_transform()
    first, last = start - 0.39, start + YEAR - 1 + 0.39
    axes.plot(
        [first, last], [1.0, 1.0], color=colour, lw=2.5, transform=above, clip_on=False
    )
    text = "\n".join(textwrap.wrap(label, 10)) if is_narrow else label
    axes.text(
        first,
        1.025,
        text,
        transform=above,
        fontsize=8 if is_narrow else 10,
        va="bottom",
        color=style.INK,
    )


def _label_axes(axes, chart: Chart, is_narrow: bool) -> None:
    """Label some months, counted back from the latest, in whole parts of a year."""
    from matplotlib.ticker import FuncFormatter

    labels = [label for label, _ in chart.rows()]
    most = 7 if is_narrow else 13
    step = next((s for s in (1, 3, 6, 12) if len(labels) / s <= most), 24)
    ticks = list(range(len(labels) - 1, -1, -step))[::-1]
    axes.set_xticks(ticks, [labels[i].replace(" ", "\n") for i in ticks])
    axes.yaxis.set_major_locator(_locator())
    axes.yaxis.set_major_formatter(
        FuncFormatter(
            lambda value, _: style.number_text(round(value), chart.number_format)
        )
    )


def _label_bars(axes, points: tuple[Point, ...], heights: list[float]) -> None:
    """Write the latest figure beside its bar, and the highest above; others are in the
    table.

    The latest is beside its bar, because above it the words might overlap a taller bar.
    """
    known = [i for i, point in enumerate(points) if point.value is not None]
    if not known:
        return
    highest, latest = max(known, key=lambda i: heights[i]), known[-1]
    if latest == len(points) - 1:
        _label_bar(axes, points, heights, latest, (4, 0), ha="left", va="center")
    if highest != latest:
        _label_bar(axes, points, heights, highest, (0, 2), ha="center", va="bottom")


def _label_bar(axes, points, heights, i: int, offset, **align: str) -> None:
    axes.annotate(
        style.number_text(points[i].value, "count"),
        (i + (0.39 if align["ha"] == "left" else 0), heights[i]),
        xytext=offset,
        textcoords="offset points",
        fontsize=9.5,
        fontweight="bold",
        annotation_clip=False,
        **align,
    )


def _mark_gaps(axes, points: tuple[Point, ...]) -> None:
    """Draw a band with words over months that were not supplied, which are not zero."""
    gaps = [i for i, point in enumerate(points) if point.value is None]
    for start in (i for i in gaps if i - 1 not in gaps):
        end = next(i for i in range(start, len(points) + 1) if i not in gaps) - 1
        axes.axvspan(start - 0.5, end + 0.5, color=style.TINT, lw=0, zorder=0)
        axes.text(
            (start + end) / 2,
            0.04,
            "Not supplied",
            transform=axes.get_xaxis_transform(),
            rotation=90 if end - start < 9 else 0,
            ha="center",
            va="bottom",
            fontsize=9,
            color=style.INK,
        )


def _mark_events(axes, chart: Chart, is_narrow: bool) -> None:
    """Draw a band behind the bars for each event, with a letter, and the words below.

    The words are below because a month's band is narrower than a word.
    """
    if not chart.events:
        return
    above, key = axes.get_xaxis_transform(), []
    for letter, event in zip(string.ascii_uppercase, chart.events, strict=False):
        band = (event.start - 1, event.end - 1)
        axes.axvspan(*band, color=style.BAND, lw=0, zorder=0)
        axes.vlines(band, 0, 1, color=style.ACCENT, lw=0.7, zorder=0, transform=above)
        axes.text(
            sum(band) / 2,
            0.985,
            letter,
            transform=above,
            ha="center",
            va="top",
            fontsize=8 if is_narrow else 9.5,
            fontweight="bold",
            color=style.INK,
        )
        key.append(f"{letter}  {event.label}")
    if is_narrow:
        key = [line for words in key for line in textwrap.wrap(words, 44)]
    axes.set_xlabel(
        "\n".join(key), loc="left", fontsize=7.5 if is_narrow else 8.5, labelpad=6
    )


def _month_lines(axes, chart: Chart, words: Words, is_narrow: bool) -> None:
    """Draw a line per series, with its name and latest figure at its end.

    Percentages have a scale of their own, named in the heading; counts begin at 0.
    """
    rows = chart.rows()
    lines = [
        [style.exact(values[i]) for _, values in rows] for i in range(len(chart.series))
    ]
    for i, line in enumerate(lines):
        heights = [float("nan") if value is None else float(value) for value in line]
        axes.plot(heights, color=style.LINES[i % len(style.LINES)], lw=2.2)
    first, last = _scale(chart, [v for line in lines for v in line if v is not None])
    scale = f" (scale from {first:.0f}{style.PERCENT})" if first else ""
    axes.set_title(chart.value_heading + scale, loc="left", fontsize=10.5, pad=10)
    # Room on the right for the names of the lines and their latest figures.
    longest = 6 + max(map(len, chart.series), default=0)
    axes.set_xlim(-0.7, len(rows) * (1 + longest * (0.027 if is_narrow else 0.01)))
    axes.set_ylim(first, last)
    _label_axes(axes, chart, is_narrow)
    _label_lines(axes, chart, lines)
    _mark_gaps(axes, tuple(_first_known(label, values) for label, values in rows))
    _mark_events(axes, chart, is_narrow)


def _scale(chart: Chart, known: list) -> tuple[float, float]:
    """Return the start and end of the scale of a chart of lines."""
    highest = float(max(known, default=1))
    if chart.number_format != "pct":
        return 0, _top(highest or 1)
    ticks = _locator().tick_values(float(min(known, default=0)), highest)
    return max(0, float(ticks[0])), min(100, float(ticks[-1]))


def _first_known(label: str, values: tuple) -> Point:
    return Point(label, next((v for v in values if v is not None), None))


def _label_lines(axes, chart: Chart, lines: list[list]) -> None:
    """Write name and latest figure at the end of each line, without overlaps."""
    low, high = axes.get_ylim()
    ends = []
    for name, line in zip(chart.series, lines, strict=True):
        last = max((n for n, v in enumerate(line) if v is not None), default=None)
        if last is not None:
            ends.append((float(line[last]), last, name, line[last]))
    lowest = low
    for height, last, name, value in sorted(ends):
        height = max(height, lowest)
        lowest = height + (high - low) * 0.09
        axes.annotate(
            f"{name} {style.number_text(value, chart.number_format)}".strip(),
            (last, height),
            xytext=(5, 0),
            textcoords="offset points",
            fontsize=9.5,
            fontweight="bold",
            va="center",
            annotation_clip=False,
        )


def _category_bars(axes, chart: Chart, words: Words, is_narrow: bool) -> None:
    """Draw a horizontal bar per category, so that its name can be read, with its
    figure.
    """
    values = [float(style.exact(point.value) or 0) for point in chart.points]
    places = range(len(values))
    axes.barh(places, values, height=0.72, color=style.NAVY)
    axes.invert_yaxis()
    axes.set_xlim(0, (max(values, default=0) or 1) * 1.15)
    names = _category_names(chart, is_narrow)
    axes.set_yticks(places, ["\n".join(lines) for lines in names])
    axes.set_xticks([])
    axes.grid(visible=False)
    axes.set_title(chart.value_heading, loc="left", fontsize=10.5, pad=10)
    for place, (point, value) in enumerate(zip(chart.points, values, strict=True)):
        axes.annotate(
            style.number_text(point.value, "count"),
            (value, place),
            xytext=(4, 0),
            textcoords="offset points",
            fontsize=9.5,
            fontweight="bold",
            va="center",
        )


def _category_names(chart: Chart, is_narrow: bool) -> list[list[str]]:
    """Return the name of each category, line by line."""
    width = 18 if is_narrow else 34
    return [textwrap.wrap(point.label, width) or [""] for point in chart.points]


KINDS = {
    "month_bars": _month_bars,
    "month_lines": _month_lines,
    "category_bars": _category_bars,
}
