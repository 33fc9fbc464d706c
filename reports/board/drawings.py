"""The small drawings: a measure's months on page one, and the bars of the plan.

The functions here only compute positions for numbers from the tables; the template
draws them.
"""

from __future__ import annotations

from typing import Any

from reports.board import alternatives, geometry, month_chart, words
from reports.board.records import Measure, Progress

SMALL = (120.0, 30.0)  # width and height of a chart on page one
MOST_MONTHS, MARGIN = 36, 4.5
LEAST = 4.0  # least width of a part of a bar


def small_chart(measure: Measure) -> dict[str, Any]:
    """Return the positions of a measure's small chart, which has a scale of its own."""
    width, height = SMALL
    drawn = [
        float(v)
        for m in measure.months
        for v in (m.value, m.upper_limit, m.lower_limit)
        if v is not None
    ]
    low, high = min(drawn, default=0.0), max(drawn, default=1.0)
    step = (width - 2 * MARGIN) / MOST_MONTHS
    missing = max(0, MOST_MONTHS - len(measure.months))

    def x(months: float) -> float:
        return round(MARGIN + (missing + months) * step, 2)

    def y(value: Any) -> float | None:
        if value is None:
            return None
        bottom, top = height - MARGIN, MARGIN
        return geometry.scaled(float(value), low, high, bottom, top)

    line = [(x(i + 0.5), y(m.value)) for i, m in enumerate(measure.months)]
    asked = words.asked_months(measure)
    marks = month_chart.marks(measure.months, line, 3.4, asked)
    return {
        "width": width,
        "height": height,
        "name": f"{measure.measure}-small",
        "title": f"{measure.measure_name} each month",
        "alternative": alternatives.months(measure),
        "spans": month_chart.spans(measure.months, x, y),
        "line": geometry.path(line),
        "dots": geometry.lonely(line)
        + [
            point
            for m, point in zip(measure.months, line, strict=True)
            if m.is_in_quarter and point[1] is not None
        ],
        "marks": [mark for mark in marks if mark.is_asked],
    }


def plan_bar(row: Progress, name: str, width: float, largest: int = 0) -> dict:
    """Return complete, ongoing and at risk as one bar.

    Args:
        row: the numbers of actions.
        name: the drawing's name on the page.
        width: its width; with `largest`, the width of a bar for `largest` actions.
        largest: actions of the longest bar in the same column; 0 for a single bar.
    """
    room = width * row.total / largest if largest else width
    parts = (row.complete, row.ongoing - row.at_risk, row.at_risk)
    widths = (
        geometry.lengths(parts, max(room, 6.0), 2.0, LEAST) if row.total else [0.0] * 3
    )
    starts, at = [], 0.0
    for part in widths:
        starts.append(round(at, 2))
        at += part + (2.0 if part else 0.0)
    return {
        "name": name,
        "width": width,
        "alternative": alternatives.plan(row),
        "bars": [
            {"kind": kind, "x": start, "width": part}
            for kind, start, part in zip(
                ("complete", "ongoing", "at-risk"), starts, widths, strict=True
            )
            if part
        ],
    }
