"""Districts in both periods: an open and a filled dot on a line, and their figures."""

from __future__ import annotations

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
    letters: int  # longest name of a district
    steps: int  # at most, on the axis


WIDE = AreaFrame("wide", 402, 106, 258, 290, 326, 332, 13.2, 9.6, 19, 4)
HALF = AreaFrame("half", 338, 106, 184, 218, 254, 259, 13.2, 9.6, 19, 3)
PHONE = AreaFrame("phone", 300, 94, 127, 157, 203, 207, 19.5, 12.6, 13, 1)
HEAD = 2.0  # rows above the first district


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
    bottom = top + len(areas) * frame.row
    return {
        "frame": frame,
        "name": f"{measure.measure}-areas-{frame.name}",
        "title": f"{measure.measure_name} by district",
        "alternative": alternatives.areas(measure),
        "top": top,
        "bottom": bottom,
        "height": bottom + 1.6 * frame.row,
        "levels": [(x(level), english.count(level)) for level in levels],
        "rows": [
            _row(area, top + (i + 0.5) * frame.row, x, frame.letters)
            for i, area in enumerate(areas)
        ],
    }


def _row(area: Area, y: float, x: Any, letters: int) -> dict[str, Any]:
    return {
        "y": round(y, 2),
        "name": _cut(area.area_name, letters),
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


def _cut(name: str, letters: int) -> str:
    """Shorten a name to fit beside the chart; the alternative text has it in full."""
    return name if len(name) <= letters else f"{name[: letters - 1]}…"
