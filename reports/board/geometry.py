"""Positions on a drawing: pure functions, in units of the drawing (1 = 1px)."""

from __future__ import annotations

import datetime as dt
from calendar import monthrange
from collections.abc import Sequence

Points = Sequence[tuple[float, float | None]]
STEPS = (1, 2, 5)
MOST_INTERVALS = 4


def scaled(value: float, low: float, high: float, bottom: float, top: float) -> float:
    """Map `value` from the range low to high to the range bottom to top."""
    share = (value - low) / (high - low) if high > low else 0.5
    return round(bottom + share * (top - bottom), 2)


def ticks(highest: float, most: int = MOST_INTERVALS) -> list[int]:
    """Return round numbers from 0 to at least `highest`, with at most `most` steps."""
    return levels(0, highest, most)


def levels(low: float, high: float, most: int) -> list[int]:
    """Return round numbers from at most `low` to at least `high`, one step or more."""
    size = 1
    while True:
        for step in (step * size for step in STEPS):
            first = int(low // step)
            last = max(first + 1, -int(-high // step))
            if last - first <= most:
                return [step * i for i in range(first, last + 1)]
        size *= 10


def push_apart(
    places: Sequence[float], gap: float, low: float, high: float
) -> list[float]:
    """Return the places, moved as little as possible, at least `gap` apart.

    All stay between `low` and `high`, and in order. Places that would overlap are
    centred on their mean. If there is not enough room, they begin at `low`.
    """
    order = sorted(range(len(places)), key=lambda i: places[i])
    groups: list[list[int]] = []
    for index in order:
        groups.append([index])
        while len(groups) > 1 and _end(groups[-2], places, gap, low, high) > (
            _start(groups[-1], places, gap, low, high) - gap + 1e-9
        ):
            last = groups.pop()
            groups[-1] += last
    placed = [0.0] * len(places)
    for group in groups:
        start = _start(group, places, gap, low, high)
        for i, index in enumerate(group):
            placed[index] = round(start + i * gap, 2)
    return placed


def _start(
    group: list[int], places: Sequence[float], gap: float, low: float, high: float
) -> float:
    length = (len(group) - 1) * gap
    centre = sum(places[i] for i in group) / len(group)
    return max(low, min(centre - length / 2, high - length))


def _end(
    group: list[int], places: Sequence[float], gap: float, low: float, high: float
) -> float:
    return _start(group, places, gap, low, high) + (len(group) - 1) * gap


def path(points: Points) -> str:
    """Return a line as SVG path data, broken at points without a value."""
    parts: list[str] = []
    is_drawing = False
    for x, y in points:
        if y is not None:
            parts.append(f"{'L' if is_drawing else 'M'}{x:g} {y:g}")
        is_drawing = y is not None
    return "".join(parts)


def lonely(points: Points) -> list[tuple[float, float]]:
    """Return the points without a neighbour, which a line would not show."""
    padded = [(0.0, None), *points, (0.0, None)]
    return [
        (x, y)
        for (_, before), (x, y), (_, after) in zip(
            padded, padded[1:], padded[2:], strict=False
        )
        if y is not None and before is None and after is None
    ]


def diamond(x: float, y: float, radius: float) -> str:
    """Return a diamond around a point, as SVG path data."""
    corners = ((x, y - radius), (x + radius, y), (x, y + radius), (x - radius, y))
    return path(corners) + "Z"


def months_from(first: dt.date, day: dt.date, is_end: bool = False) -> float:
    """Return the months, with fractions, from the first day of `first` to a day.

    Args:
        is_end: count to the end of the day, not to its start.
    """
    whole = 12 * (day.year - first.year) + day.month - first.month
    part = (day.day - (0 if is_end else 1)) / monthrange(day.year, day.month)[1]
    return whole + part


def lengths(parts: Sequence[int], room: float, gap: float, least: float) -> list[float]:
    """Return the width of each part of a bar that fills `room`, with gaps.

    A part that is not 0 is at least `least` wide; the widest part is shortened for
    that.
    """
    shown = [part for part in parts if part]
    free = room - gap * max(0, len(shown) - 1)
    widths = [max(least, free * p / sum(parts)) if p else 0.0 for p in parts]
    widest = widths.index(max(widths))
    widths[widest] = max(least, widths[widest] - (sum(widths) - free))
    return [round(width, 2) for width in widths]
