"""Makes the sentence of each row of `rpt_facts` and each chart, by its template.

A template is `reports/sentences/<fact_kind>.j2`. It can use the fact's columns, the
values of its `facts`, and the report's context.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from reports import style
from reports.board import english, periods
from reports.grid import Row
from reports.outline import Change

CHANGE = "insight_change"
# What a change compares, by the `periods` of its insight; 'own' names its periods.
PERIODS = {
    "12_months": "12 months",
    "quarters": "quarter before",
    "year_before": "quarter",
    "quarter_ends": "quarter ends",
    "quarter_end_months": "last months of quarters",
    "same_months": "same months",
}
VALUES = ("said_value", "base_value")  # two counts, or two shares
PARTS = ("numerator", "denominator", "base_numerator", "base_denominator")  # of shares
PERCENTAGE = "difference_pct"


@dataclass(frozen=True)
class Context:
    """What a sentence may say about its report."""

    quarter: str
    force_name: str
    strategy_name: str | None
    plan_as_at_date: date | None
    sections: dict[str, str]  # the number of each section, by its code

    @property
    def start(self) -> date:
        return periods.quarter_days(self.quarter)[0]

    @property
    def end(self) -> date:
        return periods.quarter_days(self.quarter)[1]

    @property
    def previous_end(self) -> date:
        return periods.quarter_days(periods.quarter_before(self.quarter))[1]

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
        plan_as_at_date=front["plan_as_at_date"],
        sections={row["section_code"]: row["section_number"] for row in sections},
    )


def sentence(fact: Row, report: Context) -> str:
    """Return the sentence of one row of `rpt_facts`."""
    return english.say(fact["fact_kind"], **fact | _values(fact), report=report)


def changes(facts: Iterable[Row]) -> dict[str, tuple[Change, ...]]:
    """Return the changes that the rows of `rpt_facts` tell, by the section's code."""
    found: dict[str, tuple[Change, ...]] = {}
    for fact in facts:
        if fact["fact_kind"] == CHANGE:
            code = fact["section_code"]
            found[code] = (*found.get(code, ()), _change(fact | _values(fact)))
    return found


def _change(fact: Row) -> Change:
    def known(names: Iterable[str]) -> tuple[Any, ...]:
        return tuple(fact[name] for name in names if fact[name] is not None)

    is_share = fact["denominator"] is not None
    now, before = (style.exact(fact[name]) for name in VALUES)
    has_both = now is not None and before is not None
    return Change(
        measure=fact["measure_code"],
        subject=style.plain_text(fact["subject"]),
        unit=style.plain_text(fact["unit_name"] or ""),
        code=fact["change_code"],
        period=PERIODS.get(fact["periods"]) or f"against {fact['row_base_period']}",
        numbers=known(PARTS if is_share else VALUES),
        percentages=known((*VALUES, PERCENTAGE) if is_share else (PERCENTAGE,)),
        difference=now - before if has_both else None,
        polarity=fact["polarity"],
    )


@dataclass(frozen=True)
class Note:
    """A note, and the places that it is about; without a place, every table."""

    text: str
    is_on_data: bool = False  # it says what is missing or held, and not what words mean
    is_of_months: bool = False  # it says which months of an extract are missing
    columns: tuple[str, ...] = ()  # their names in rpt_columns
    labels: tuple[str, ...] = ()  # names of measures, districts or units

    @property
    def has_place(self) -> bool:
        return bool(self.columns or self.labels)


def note(row: Row) -> Note:
    """Return the note of one row of `rpt_notes`."""
    values = _values(row)
    named = [
        values.get(name) for name in ("measure_name", "district_name", "unit_name")
    ]
    # A table by a breakdown may not name its measure, so such a note is of every table.
    measures = () if values.get("breakdowns") else values.get("measure_names", ())
    return Note(
        text=style.plain_text(english.say(row["fact_kind"], **values)),
        is_on_data=row["fact_kind"] != "note",
        is_of_months=row["fact_kind"] == "note_months",
        columns=tuple(values.get("column_names", ())),
        labels=tuple(filter(None, [*values.get("labels", ()), *named, *measures])),
    )


def front_words(front: Row, deliveries: list[Row], notes: list[Row]) -> dict[str, str]:
    """The title of a report, what it was made from and what is missing.

    Args:
        front: The report's row of `rpt_reports`.
        deliveries: Its rows of `rpt_missing_deliveries`.
        notes: Its rows of `rpt_notes`.
    """
    of_months = [_values(row) for row in notes if row["fact_kind"] == "note_months"]
    months = [values["reason"] for values in of_months if values["is_missing"]]
    of_months = [values["reason"] for values in of_months]
    held = front["held_plan_date"]
    return {
        "report_title": english.say("report_title", **front),
        "origin_text": english.say("origin", **front),
        "missing_deliveries": english.say(
            "missing", deliveries=deliveries, months=months
        ),
        "missing_files": english.say("missing_files", months=of_months),
        "plan_on_hold": english.say("plan_on_hold", day=held) if held else "",
    }


def reasons(values: str) -> str:
    """The sentences of the reasons for which a measure is not available."""
    return english.say("reasons", reasons=_read(values))


def _values(row: Row) -> Row:
    """Return the values of a row's `facts`."""
    return _read(row["facts"])


def _read(values: str) -> Any:
    """Read values in JSON; names that end in _month or _date become dates."""

    def dated(values: Row) -> Row:
        return {
            name: date.fromisoformat(value)
            if value is not None and name.endswith(("_month", "_date"))
            else value
            for name, value in values.items()
        }

    return json.loads(values, parse_float=Decimal, object_hook=dated)


def event_label(event: Row) -> str:
    """Return the label of one row of `rpt_chart_events`."""
    return english.say("chart_event", **event)


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
        if point["point_value"] is not None:
            lines.setdefault(point["series"], []).append(point)
    values = chart | {
        "report": report,
        "lines": [_extremes(name, line) for name, line in lines.items()],
        "events": [event_label(event) for event in events],
    }
    return {
        "title": english.say("chart_title", **values),
        "alternative_text": english.say("chart_alternative", **values),
        "value_heading": english.say("chart_value_heading", **values),
    }


def _extremes(series: str | None, line: list[Row]) -> Row:
    """Return the lowest and highest points, all that tie, and the latest."""
    return {
        "series": series,
        "lowest": [point for point in line if point["is_lowest"]],
        "highest": [point for point in line if point["is_highest"]],
        "latest": line[-1:],
    }
