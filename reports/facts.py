"""The sentences of a report: each fact of `rpt_facts` in the words of its template.

A template is `reports/sentences/<kind>.j2`. It has the fact's columns, the values of
its `facts`, and the report that the fact is in.
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
    """What a sentence can say of the report that it is in."""

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
    """The context of a report, from its rows of `rpt_reports` and `rpt_sections`."""
    return Context(
        quarter=quarter,
        force_name=front["force_name"],
        strategy_name=front["strategy_name"],
        has_strategy=front["origin"] != "open data",
        plan_as_at_date=front["plan_as_at_date"],
        sections={row["section_code"]: row["section_number"] for row in sections},
    )


def sentence(fact: Row, report: Context) -> str:
    """The sentence of one row of `rpt_facts`."""
    values = json.loads(fact["facts"], parse_float=Decimal)
    return english.say(**{**fact, **values}, report=report)
