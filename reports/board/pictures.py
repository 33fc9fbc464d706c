"""A strand's own pictures: what its section of the annex charts beside its measures.

The board's page shows the same charts as the annex, smaller and at most three of them:
the parts of a count as bars in a table, a monthly series as a line.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from markupsafe import Markup

from reports import style
from reports.board import alternatives, english, geometry, periods
from reports.board.records import Number
from reports.grid import Mark, Table
from reports.outline import Chart, Section

MOST_PICTURES = 3
MOST_PARTS, FEWER_PARTS = 7, 5  # the latter on the fullest pages (room.py)
PARTS = "category_bars"
CATEGORY, NUMERATOR = "category", "numerator"  # columns of a table of parts
SHARE = "pct"
WIDTH, HEIGHT = 232.0, 112.0
LEFT, RIGHT, TOP, BOTTOM = 30.0, 168.0, 10.0, 92.0
LETTER, LABEL_GAP = 10.5, 12.5
# Units of a letter of a label, between a line and its label, and letters of a name.
LABEL_LETTER, BEFORE_LABEL, LONGEST_NAME = 7.0, 5.0, 12
BAR = 96.0  # units of the longest bar
DASHES = ("", "dashed", "dotted", "dash-dotted")


@dataclass(frozen=True)
class Bar:
    """A part of a count: its name, its count as printed, and how long its bar is.

    A hidden part has a mark in place of its count, and no bar.
    """

    name: str
    count: str
    length: float
    is_hidden: bool = False


@dataclass(frozen=True)
class Picture:
    """A picture of a strand: its finding, what must be known of it, and its drawing.

    Either `bars` or `drawing` is there. `more` counts the parts that the annex has
    beside those drawn. `names` are what an author may call it, and `words` what they
    wrote beside it. `counts` are the values that it prints.
    """

    name: str
    title: str
    note: str
    bars: tuple[Bar, ...] = ()
    more: int = 0
    drawing: dict[str, Any] | None = None
    annex: str = ""
    names: tuple[str, ...] = ()
    measure: str | None = None
    words: Markup = field(default_factory=Markup)
    counts: tuple[Any, ...] = ()

    @property
    def short_title(self) -> str:
        """What it shows, without its months."""
        return self.names[0].split(",")[0]


def pictures(
    section: Section,
    drawn: Sequence[str],
    quarter: str,
    annex: str,
    most_parts: int = MOST_PARTS,
) -> tuple[Picture, ...]:
    """The pictures that a strand's page may have.

    Parts of counts come before months. In each kind, a measure's first picture comes
    before another has two, and those of the page's measures come first.

    Args:
        section: The strand's section, with the charts of the annex.
        drawn: The codes of the measures that the page charts already.
        quarter: '2021-22-q2'.
        annex: The address of the annex.
        most_parts: How many parts of a count are drawn.

    """
    charts = [
        block
        for block in section.blocks()
        if isinstance(block, Chart) and block.is_available
    ]
    parts = [c for c in charts if c.kind == PARTS]
    months = [c for c in charts if c.kind != PARTS and c.measure not in drawn]
    address = f"{annex}#chart-{{}}"
    found = [_parts(c, address.format(c.name), most_parts) for c in parts]
    found += _of_tables(section, {c.name for c in parts}, annex, most_parts)
    found += [_months(c, quarter) for c in months if len(c.series) <= len(DASHES)]
    earlier: Counter[str] = Counter()
    placed = []
    for picture in found:
        name = picture.measure or picture.name
        of_page = drawn.index(name) if name in drawn else len(drawn)
        place = (not picture.bars, earlier[name], of_page)
        placed.append((place, picture))
        earlier[name] += 1
    return tuple(picture for _, picture in sorted(placed, key=lambda each: each[0]))


def _parts(chart: Chart, annex: str, most: int) -> Picture:
    known = [p for p in chart.points if p.value is not None]
    shown, more = _largest(known, [p.value for p in known], most)
    longest = max([1, *(p.value for p in shown)])
    return Picture(
        name=chart.name,
        title=chart.title,
        note=_in_all(chart.total, [point.value for point in known]),
        bars=tuple(_bar(p.label, p.value, longest) for p in shown),
        more=more,
        annex=annex,
        names=_names(chart),
        measure=chart.measure,
        counts=tuple(p.value for p in shown),
    )


def _in_all(total: Number | None, parts: Sequence[Number]) -> str:
    """Return the total of a chart's parts, which is less than their sum if some of
    what is counted belongs to several.
    """
    if not total:
        return ""
    several = ", some with several" if sum(parts) > total else ""
    return f"{english.count(total)} in all{several}"


def _of_tables(
    section: Section, charted: set[str], annex: str, most: int
) -> Iterator[Picture]:
    """Yield the parts of counts whose charts a public version does not have."""
    for table in section.blocks():
        if not isinstance(table, Table) or table.name in charted:
            continue
        if not {c.name for c in table.columns} >= {CATEGORY, NUMERATOR}:
            continue
        every = [row[NUMERATOR] for row in table.rows]
        shown, more = _largest(table.rows, every, most)
        values = [row[NUMERATOR] for row in shown]
        if all(value is None for value in values):
            continue  # not available
        counts = tuple(filter(_is_known, values))
        longest = max([1, *counts])
        yield Picture(
            name=table.name,
            title=table.title,
            note="",
            bars=tuple(_bar(row[CATEGORY], row[NUMERATOR], longest) for row in shown),
            more=more,
            annex=f"{annex}#{section.code}-{table.name}",
            names=(table.title,),
            counts=counts,
        )


def _largest(
    parts: Sequence[Any], values: Sequence[Any], most: int
) -> tuple[list[Any], int]:
    """Return the largest parts in their own order, and how many more there are.

    A part that is hidden is not among them before one that is known. One more part
    takes the place of the line that would count it.
    """
    if len(parts) <= most + 1:
        return list(parts), 0

    def size(place: int) -> tuple[bool, Any]:
        value = values[place]
        return (True, value) if _is_known(value) else (False, 0)

    by_size = sorted(range(len(parts)), key=size, reverse=True)
    return [parts[i] for i in sorted(by_size[:most])], len(parts) - most


def _is_known(value: Any) -> bool:
    return value is not None and not isinstance(value, Mark)


def _bar(label: str, value: Any, longest: Any) -> Bar:
    name = style.plain_text(label, 60)
    if not _is_known(value):
        return Bar(name, value or "", 0.0, is_hidden=True)
    length = round(BAR * float(value) / float(longest), 1)
    return Bar(name, english.count(value), length)


def _months(chart: Chart, quarter: str) -> Picture:
    """A monthly series as a line; several, each with its own dashes and end label."""
    drawing = _drawing(chart, quarter)
    low, high = drawing["low"], drawing["high"]
    first, last = (periods.long_month(chart.points[i].label) for i in (0, -1))
    notes = [f"Each month, {first} to {last}." if chart.finding else ""]
    notes += [
        f"Axis from {low}{style.PERCENT} to {high}{style.PERCENT}." if low else ""
    ]
    return Picture(
        name=chart.name,
        title=chart.finding or chart.title,
        note=" ".join(filter(None, notes)),
        drawing=drawing,
        names=_names(chart),
        measure=chart.measure,
        counts=tuple(value for _, value, _ in _latest(chart).values()),
    )


def _names(chart: Chart) -> tuple[str, ...]:
    return chart.title, chart.finding, style.humanise(chart.name)


def _drawing(chart: Chart, quarter: str) -> dict[str, Any]:
    labels = list(dict.fromkeys(point.label for point in chart.points))
    latest = _latest(chart)
    longest = max((len(text) for _, _, text in latest.values()), default=0)
    right = min(RIGHT, WIDTH - BEFORE_LABEL - LABEL_LETTER * longest)
    step = (right - LEFT) / len(labels)
    low, high = _axis(chart)

    def x(position: float) -> float:
        return round(LEFT + position * step, 2)

    def y(value: Any) -> float | None:
        if value is None:
            return None
        return geometry.scaled(float(value), low, high, BOTTOM, TOP)

    lines, ends, dots = [], [], []
    for dash, series in zip(DASHES, chart.series, strict=False):
        by_label = {p.label: p.value for p in chart.points if p.series == series}
        values = [by_label.get(label) for label in labels]
        line = [(x(i + 0.5), y(value)) for i, value in enumerate(values)]
        lines.append((geometry.path(line), dash))
        dots += geometry.lonely(line)
        if series in latest:
            label, value, text = latest[series]
            dots.append((x(labels.index(label) + 0.5), y(value)))
            ends.append((y(value), text))
    places = geometry.push_apart([y for y, _ in ends], LABEL_GAP, TOP, BOTTOM)
    shaded = _quarter(labels, quarter, x)
    return {
        "name": f"{chart.name}-small",
        "title": chart.title,
        "alternative": alternatives.lines(chart, has_quarter=shaded is not None),
        "width": WIDTH,
        "height": HEIGHT,
        "left": LEFT,
        "right": right,
        "top": TOP,
        "bottom": BOTTOM,
        "letter": LETTER,
        "low": low,
        "high": high,
        "levels": [(y(value), _level(value, chart)) for value in (low, high)],
        "quarter": shaded,
        "lines": lines,
        "dots": dots,
        "ends": [(place, text) for place, (_, text) in zip(places, ends, strict=True)],
        "dates": [(LEFT, labels[0], "start"), (right, labels[-1], "end")],
    }


def _axis(chart: Chart) -> tuple[int, int]:
    """The lowest and the highest value of the axis.

    A count begins at 0. A share that never comes near 0 begins at a full ten, at least
    ten points below its lowest value; the note says so.
    """
    values = [float(p.value) for p in chart.points if p.value is not None]
    if chart.number_format != SHARE:
        return 0, geometry.ticks(max([1, *values]), most=2)[-1]
    return max(0, int(min(values, default=0) // 10 * 10) - 10), 100


def _level(value: int, chart: Chart) -> str:
    return (
        f"{value}{style.PERCENT}"
        if chart.number_format == SHARE
        else english.count(value)
    )


def _latest(chart: Chart) -> dict[str, tuple[str, Any, str]]:
    """Return the latest known month of each line, its value and the label at its end.

    A label is 'North 290', or '88.0% Sep' if there is only one line.
    """
    latest = {}
    for point in chart.points:
        if point.value is not None:
            number = style.number_text(point.value, chart.number_format)
            text = f"{number} {point.label.split(' ')[0]}"
            if point.series:
                text = f"{english.shortened(point.series, LONGEST_NAME)} {number}"
            latest[point.series] = (point.label, point.value, text)
    return latest


def _quarter(labels: list[str], quarter: str, x: Any) -> tuple[float, float] | None:
    """Where the months of this quarter begin and end; None where it has none."""
    start, end = periods.quarter_days(quarter)
    months = [dt.date(start.year, start.month + i, 1) for i in range(3)]
    names = {f"{periods.short_month(m)} {m.year}" for m in months if m <= end}
    own = [i for i, label in enumerate(labels) if label in names]
    return (x(own[0]), x(own[-1] + 1)) if own else None
