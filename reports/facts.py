"""Makes the sentence of each row of `rpt_facts` and each chart, by its template.

A template is `reports/sentences/<kind>.j2`. It can use the fact's columns, the values
of its `facts`, and the report's context.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from reports.board import english, periods
from reports.grid import Row


@dataclass(frozen=True)
class Context:
    """What a sentence may say about its report."""

    quarter: str
    force_name: str
    strategy_name: str | None
    has_strategy: bool
    plan_as_at_date: date | None
    sections: dict[str, str]  # the number of each section, by its code

    @property
    def start(self) -> date:
        return periods.quarter_days(self.quarter)[0]

    @property
    def end(self) -> date:
        return periods.quarter_days(self.quarter)[1]

    @property
    def next_start(self) -> date:
        return periods.next_quarter_days(self.quarter)[0]

    @property
    def next_end(self) -> date:
        return periods.next_quarter_days(self.quarter)[1]

    @property
    def quarter_label(self) -> str:
        return periods.quarter_text(self.quarter)

    @property
    def previous_quarter_label(self) -> str:
        return periods.quarter_text(periods.quarter_before(self.quarter))


def context(quarter: str, front: Row, sections: list[Row]) -> Context:
    """Return the context of a report, from its rows of `rpt_reports` and
    `rpt_sections`.
    """
    return Context(
        quarter=quarter,
        force_name=front["force_name"],
        strategy_name=front["strategy_name"],
        has_strategy=front["origin"] != "open data",
        plan_as_at_date=front["plan_as_at_date"],
        sections={row["section_code"]: row["section_number"] for row in sections},
    )


def sentence(fact: Row, report: Context) -> str:
    """Return the sentence of one row of `rpt_facts`."""
    return english.say(**fact | _values(fact), report=report)


def note(row: Row) -> str:
    """Return the note of one row of `rpt_notes`."""
    return english.say(kind=row["kind"], **_values(row))


def _values(row: Row) -> Row:
    """Return the values of a row's `facts`; names that end in _month become dates."""
    values = json.loads(row["facts"], parse_float=Decimal)
    for name, value in values.items():
        if name.endswith("_month") and value is not None:
            values[name] = date.fromisoformat(value)
    return values


def chart_words(
    chart: Row, points: list[Row], events: list[Row], report: Context
) -> dict[str, str]:
    """Return the title, the alternative text and the values' heading of a chart.

    Args:
        chart: its row of `rpt_charts`.
        points: its rows of `rpt_chart_points`, in order.
        events: its rows of `rpt_chart_events`, in order.
        report: the context of its report.
    """
    lines: dict[str | None, list[Row]] = {}
    for point in points:
        if point["value"] is not None:
            lines.setdefault(point["series"], []).append(point)
    values = chart | {
        "report": report,
        "lines": [_extremes(name, line) for name, line in lines.items()],
        "events": [event["event_label"] for event in events],
    }
    return {
        "title": english.say("chart_title", **values),
        "alternative_text": english.say("chart_alternative", **values),
        "value_heading": english.say("chart_value_heading", **values),
    }


def _extremes(series: str | None, line: list[Row]) -> Row:
    """Return the lowest and highest point (if equal, the later one) and the latest."""
    later_first = line[::-1]
    return {
        "series": series,
        "lowest": min(later_first, key=lambda point: point["value"]),
        "highest": max(later_first, key=lambda point: point["value"]),
        "latest": line[-1],
    }
