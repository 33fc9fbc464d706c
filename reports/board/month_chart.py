"""The monthly chart of a measure: usual range, average, lockdowns and this quarter.

The functions here only compute positions for numbers from the tables; the template
draws them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from reports.board import alternatives, english, geometry, periods, words
from reports.board.records import OUTSIDE, Board, Event, Measure, Month


@dataclass(frozen=True)
class Frame:
    """The size of a monthly chart: the whole, the plot area and the text."""

    name: str
    width: float
    height: float
    left: float
    right: float
    top: float
    bottom: float
    letter: float
    label_gap: float
    months_apart: int


WIDE = Frame("wide", 450, 228, 38, 368, 32, 204, 10.5, 12.5, 6)
HALF = Frame("half", 338, 180, 36, 256, 32, 156, 10.5, 12.5, 12)
PHONE = Frame("phone", 294, 226, 40, 198, 38, 196, 12.5, 14.5, 18)
# Used on a page with two measures and districts.
SHORT = Frame("half", 338, 152, 36, 256, 32, 128, 10.5, 12.5, 12)


@dataclass(frozen=True)
class Span:
    """The months of one phase, with its average and, if it has one, its usual range."""

    start: float
    end: float
    average: float | None
    lower: float | None
    upper: float | None


@dataclass(frozen=True)
class Mark:
    """A diamond on a month; `is_asked` if it is worth asking about this quarter."""

    path: str
    is_asked: bool


@dataclass(frozen=True)
class Label:
    y: float
    text: str
    kind: str  # 'limit' or 'latest'


def month_chart(measure: Measure, board: Board, frame: Frame) -> dict[str, Any]:
    """Return all positions of a monthly chart, for its template."""
    first, count = measure.months[0].month, len(measure.months)
    step = (frame.right - frame.left) / count
    highest = max(_heights(measure.months), default=1.0)
    levels = geometry.ticks(highest)

    def x(months: float) -> float:
        inside = min(max(months, 0.0), float(count))
        return round(frame.left + inside * step, 2)

    def y(value: Any) -> float | None:
        if value is None:
            return None
        return geometry.scaled(float(value), 0, levels[-1], frame.bottom, frame.top)

    line = [(x(i + 0.5), y(m.value)) for i, m in enumerate(measure.months)]
    quarter = [i for i, m in enumerate(measure.months) if m.is_in_quarter]
    strip = [_strip(event, first, x) for event in board.events]
    now = (x(quarter[0]), x(quarter[-1] + 1)) if quarter else None
    return {
        "frame": frame,
        "name": f"{measure.measure}-{frame.name}",
        "title": f"{measure.measure_name} each month",
        "alternative": alternatives.months(measure),
        "levels": [(y(level), english.count(level)) for level in levels],
        "dates": _dates(measure.months, frame, x),
        "strip": [s for s in strip if s[1] > s[0]],
        "strip_label": _strip_label(board.events),
        "strip_at": _strip_place(strip, now, frame),
        "quarter": now,
        "spans": spans(measure.months, x, y),
        "line": geometry.path(line),
        "dots": geometry.lonely(line)
        + [line[i] for i in quarter if line[i][1] is not None],
        "marks": marks(measure.months, line, 4.6, words.asked_months(measure)),
        "labels": _labels(measure, y, frame),
        "inside": _inside(measure, line, frame),
    }


def _heights(months: tuple[Month, ...]) -> list[float]:
    drawn = (v for m in months for v in (m.value, m.upper_limit, m.average))
    return [float(value) for value in drawn if value is not None]


def _strip(event: Event, first: Any, x: Any) -> tuple[float, float]:
    start = geometry.months_from(first, event.event_start_date)
    return x(start), x(geometry.months_from(first, event.event_end_date, is_end=True))


def _strip_place(
    strip: list[tuple[float, float]], now: tuple[float, float] | None, frame: Frame
) -> tuple[float, str] | None:
    """Return the position of the strip's label and its anchor ('start' or 'end').

    The label begins with the strip, or ends before 'This quarter' if it would overlap.
    """
    shown = [start for start, end in strip if end > start]
    room = 5.6 * frame.letter  # width of 'Lockdowns'
    end = now[0] - 6 if now else frame.right
    if not shown or end - room < frame.left:
        return None
    return (shown[0], "start") if shown[0] + room <= end else (end, "end")


def _strip_label(events: tuple[Event, ...]) -> str:
    names = [event.event_name.lower() for event in events]
    kind = "Lockdown" if all("lockdown" in name for name in names) else "Event"
    return kind if len(names) == 1 else f"{kind}s"


def _dates(months: tuple[Month, ...], frame: Frame, x: Any) -> list[tuple[float, str]]:
    return [
        (x(i), f"{periods.short_month(m.month)} {m.month.year}")
        for i, m in enumerate(months)
        if i % frame.months_apart == 0 and (i + 3 < len(months) or i == 0)
    ]


def spans(months: tuple[Month, ...], x: Any, y: Any) -> list[Span]:
    """Return the span of each phase.

    Args:
        x: maps a month's edge to a position.
        y: maps a value to a position.
    """
    found: list[Span] = []
    for phase in dict.fromkeys(m.phase for m in months):
        own = [i for i, m in enumerate(months) if m.phase == phase]
        first = months[own[0]]
        limits = (y(v) for v in (first.average, first.lower_limit, first.upper_limit))
        found.append(Span(x(own[0]), x(own[-1] + 1), *limits))
    return found


def marks(
    months: tuple[Month, ...], line: Any, size: float, asked: tuple[Month, ...]
) -> list[Mark]:
    """Return a diamond for each month with a signal.

    Args:
        asked: those of this quarter that are worth asking about.
    """
    return [
        Mark(geometry.diamond(x, y, size), m in asked)
        for m, (x, y) in zip(months, line, strict=True)
        if m.signal_code and y is not None
    ]


def _labels(measure: Measure, y: Any, frame: Frame) -> list[Label]:
    """Return the labels at the right end: limits, average, latest month in bold."""
    last = measure.months[-1]
    texts = [
        (last.upper_limit, "upper", "limit"),
        (last.average, "average", "limit"),
        (last.lower_limit or None, "lower", "limit"),  # the axis already shows 0
        (last.value, periods.short_month(last.month), "latest"),
    ]
    shown = [(y(v), f"{english.count(v)} {t}", k) for v, t, k in texts if v is not None]
    low, high = frame.top, frame.bottom
    places = geometry.push_apart([s[0] for s in shown], frame.label_gap, low, high)
    return [
        Label(place, text, kind)
        for place, (_, text, kind) in zip(places, shown, strict=True)
    ]


def _inside(measure: Measure, line: Any, frame: Frame) -> dict[str, Any] | None:
    """Return the label of this quarter's most extreme month outside the usual range.

    None if that is the latest month, which has a label at the right end already.
    """
    asked = [
        (abs(m.value - m.average), i, m)
        for i, m in enumerate(measure.months)
        if m.is_in_quarter
        and m.signal_code == OUTSIDE
        and m.value is not None
        and m.average is not None
    ]
    if not asked:
        return None
    _, index, month = max(asked, key=lambda found: found[:2])
    if index == len(measure.months) - 1:
        return None
    x, y = line[index]
    below = month.signal_side == "below"
    place = y + 14 if below else max(y - 8, frame.top + 0.9 * frame.letter)
    return {
        "x": round(x - 6, 2),
        "y": round(min(place, frame.bottom - 3), 2),
        "text": f"{periods.short_month(month.month)} {english.count(month.value)}",
    }
