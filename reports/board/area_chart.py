"""Districts in both periods: an open and a filled dot on a line, and their figures."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from typing import Any

from reports.board import alternatives, english, geometry
from reports.board.records import Area, Measure


@dataclass(frozen=True)
class AreaFrame:
    """The size of a chart of districts, and where its columns of text start or end."""

    name: str
    width: float
    plot_left: float
    plot_right: float
    now: float
    change: float
    words: float
    row: float
    letter: float
    letters: int  # longest line of a district's name
    steps: int  # at most, on the axis


WIDE = AreaFrame("wide", 402, 106, 258, 290, 326, 332, 13.2, 9.6, 19, 4)
HALF = AreaFrame("half", 338, 106, 184, 218, 254, 259, 13.2, 9.6, 19, 3)
PHONE = AreaFrame("phone", 300, 94, 127, 157, 203, 207, 19.5, 12.6, 13, 1)
HEAD = 2.0  # rows above the first district
LINE, GAP = 1.1, 0.25  # letters from line to line of a name, and between two names


def area_chart(
    measure: Measure, frame: AreaFrame, most: int | None = None
) -> dict[str, Any]:
    """Return all positions of a chart of districts, in the order of the table.

    Args:
        measure: a measure with districts.
        frame: the positions of the chart's columns.
        most: how many districts are drawn, the largest; None means all.
    """
    areas = measure.areas[:most]
    counts = [
        count
        for area in areas
        for count in (area.base_count, area.current_count)
        if count is not None
    ]
    highest = max([1, *counts])
    levels = [
        level for level in geometry.ticks(highest, frame.steps) if level <= highest
    ]

    def x(value: int | None) -> float | None:
        if value is None:
            return None
        return geometry.scaled(
            value, 0, highest, frame.plot_left + 4, frame.plot_right - 4
        )

    top = HEAD * frame.row
    rows, bottom = [], top
    for area in areas:
        lines = name_lines(area.area_name, frame.letters)
        height = max(frame.row, (len(lines) * LINE + GAP) * frame.letter)
        rows.append(_row(area, bottom + height / 2, x, _placed(lines, frame)))
        bottom += height
    return {
        "frame": frame,
        "name": f"{measure.measure}-areas-{frame.name}",
        "title": f"{measure.measure_name} by district",
        "alternative": alternatives.areas(measure),
        "top": top,
        "bottom": bottom,
        "height": bottom + 1.6 * frame.row,
        "levels": [(x(level), english.count(level)) for level in levels],
        "rows": rows,
    }


def name_lines(name: str, letters: int) -> list[str]:
    """Return a name in lines of at most `letters`, broken after a space or a hyphen.

    A longer word is a line of its own.
    """
    return textwrap.wrap(name, letters, break_long_words=False) or [""]


def _placed(
    lines: list[str], frame: AreaFrame
) -> list[tuple[float, str, float | None]]:
    """Return each line with its distance from the row's middle, and its width if it has
    to be drawn narrower to fit.
    """
    step = LINE * frame.letter
    first = -step * (len(lines) - 1) / 2
    room = frame.plot_left - 6
    return [
        (round(first + i * step, 2), text, room if len(text) > frame.letters else None)
        for i, text in enumerate(lines)
    ]


def _row(area: Area, y: float, x: Any, name: list[Any]) -> dict[str, Any]:
    return {
        "y": round(y, 2),
        "name": name,
        "then_x": x(area.base_count),
        "now_x": x(area.current_count),
        "now": english.count(area.current_count)
        if area.current_count is not None
        else "",
        "change": english.signed(area.difference)
        if area.difference is not None
        else "",
        "words": english.change_word(
            area.change_code,
            area.current_count is not None,
            area.base_count is not None,
        ),
        "is_clear": area.change_code in ("higher", "lower"),
    }
