"""The figures of the board report, as frozen records named like their columns.

Counts are whole numbers, percentages are decimals with one place as rounded in SQL, and
limits of a range are the digits that are printed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date
from decimal import Decimal
from typing import Any

from reports import style
from reports.board import english
from reports.grid import AVAILABLE, Row

OUTSIDE, NO_RANGE = "outside", "no_range"
NOT_SHOWN = "not_shown"  # a public version hides the months of a count of people
MISSING = ("some_months", "no_months")  # of the quarter have no figure
QUIET = ("none", *MISSING, NO_RANGE, NOT_SHOWN)  # nothing is worth asking about
YEAR, QUARTER = "previous_12_months", "same_quarter_last_year"
SAME_MONTHS = "same_months"
PANDEMIC = "before_pandemic"
# Codes of a comparison whose counts are rounded, or whose change is hidden.
ROUNDED, CONFIDENTIAL = "rounded", "confidential"
OPEN_DATA = "open data"  # origin of a report
SAME_MONTHS = "same_months"  # of a unit's result, a year before
Number = int | Decimal


def record(kind: type, row: Mapping[str, Any], **more: Any) -> Any:
    """Return a record of `kind`: each field is the column of its name, or from `more`.

    Texts are cleaned (style.plain_text).

    Raises:
        KeyError: the row lacks a column that the record needs.
    """
    names = (f.name for f in fields(kind) if f.name not in more)
    return kind(**{name: harmless(row[name]) for name in names}, **more)


def harmless(value: Any) -> Any:
    """Return a text as one printable line, and any other value unchanged."""
    return style.plain_text(value) if isinstance(value, str) else value


@dataclass(frozen=True)
class Comparison:
    """Two counts, their change, its plausible range and its word."""

    comparison: str
    period_start: date | None
    period_end: date | None
    base_start: date | None
    base_end: date | None
    base_count: int | None
    current_count: int | None
    difference: int | None
    difference_pct: Decimal | None
    change_code: str | None
    range_lower_text: str | None
    range_upper_text: str | None
    clearness: Decimal | None
    months_lower: int | None
    months_higher: int | None
    months_equal: int | None
    status: str

    @property
    def agrees(self) -> bool:
        """Whether the difference of the counts has the direction of the word.

        It may not if the periods have different numbers of days, because the word
        compares counts per day.
        """
        signs = {"higher": 1, "lower": -1}
        return (self.difference or 0) * signs.get(self.change_code or "", 0) > 0


@dataclass(frozen=True)
class Month:
    """A month of the series, with the usual range of its phase."""

    month: date
    value: Number | None
    phase: int
    phase_cause: str | None
    average: Decimal | None
    lower_limit: Decimal | None
    upper_limit: Decimal | None
    signal_code: str | None
    signal_side: str | None
    is_in_quarter: bool
    is_lowest: bool
    is_highest: bool


@dataclass(frozen=True)
class Signal:
    """The one message of a measure about the months of this quarter."""

    message_code: str
    side: str | None
    months: tuple[date, ...]
    run_length: int | None
    run_start: date | None
    run_end: date | None


NO_SIGNAL = Signal(NO_RANGE, None, (), None, None, None)
HIDDEN_SIGNAL = replace(NO_SIGNAL, message_code=NOT_SHOWN)


@dataclass(frozen=True)
class Area:
    area_level: str
    area_name: str
    base_count: int | None
    current_count: int | None
    difference: int | None
    change_code: str | None
    status: str
    is_highest: bool


@dataclass(frozen=True)
class AreaRate:
    """The rate of a measure in a district, and its class beside the force's rate."""

    area_name: str
    rate_per_1000: Decimal | None
    force_rate_per_1000: Decimal | None
    rate_class: str | None
    status: str


@dataclass(frozen=True)
class ForceRates:
    """The force's rate of a measure beside those of the other forces of the home."""

    period_start: date
    period_end: date
    rate_per_1000: Decimal
    middle_rate: Decimal
    highest_rate: Decimal
    force_place: int
    force_count: int
    rates: tuple[Decimal, ...]
    few_residents: tuple[str, ...]
    months_missing: tuple[str, ...]
    types_missing: tuple[str, ...]


@dataclass(frozen=True)
class Event:
    event_name: str
    event_start_date: date
    event_end_date: date


@dataclass(frozen=True)
class Measure:
    """A measure with a monthly count, and everything that the report says about it."""

    section_number: str | None
    strand: str | None
    measure: str
    measure_name: str
    short_name: str
    is_plural: bool
    is_defined_by_outcome: bool
    measure_unit: str
    aim: str | None
    first_counted_month: date | None
    previous_solved_pct: Decimal | None
    previous_solved: int | None
    previous_recorded: int | None
    solved_pct: Decimal | None
    solved: int | None
    recorded: int | None
    solved_change_code: str | None
    rate_per_1000: Decimal | None
    positive_pct: Decimal | None
    gap_reason: str  # empty where no reason is known
    status: str
    comparisons: Mapping[str, Comparison] = field(default_factory=dict)
    months: tuple[Month, ...] = ()
    signal: Signal = NO_SIGNAL
    areas: tuple[Area, ...] = ()
    area_rates: tuple[AreaRate, ...] = ()
    force_rates: ForceRates | None = None

    @property
    def is_available(self) -> bool:
        return self.status == AVAILABLE

    @property
    def hides_months(self) -> bool:
        """Whether only the counts of 12 months are shown, to protect people."""
        return self.signal.message_code == NOT_SHOWN

    @property
    def verb(self) -> str:
        return "are" if self.is_plural else "is"

    @property
    def year(self) -> Comparison | None:
        """The comparison that decides the word: of 12 months with the 12 before, or of
        the same months of both years if open data have too few.
        """
        return self.comparisons.get(SAME_MONTHS) or self.comparisons.get(YEAR)

    @property
    def code(self) -> str | None:
        return self.year.change_code if self.year else None

    @property
    def quarter_months(self) -> tuple[Month, ...]:
        return tuple(month for month in self.months if month.is_in_quarter)


@dataclass(frozen=True)
class Action:
    """An action of the plan; `day` is its completion, due or previous due date, and
    `new_day` the date to which it was moved."""

    strand: str
    title: str
    day: date | None
    days: int | None = None
    new_day: date | None = None
    owner_role: str | None = None
    reason: str | None = None
    mitigation: str | None = None


@dataclass(frozen=True)
class Progress:
    """Numbers of actions of a strand, or of all strands."""

    strand: str
    total: int
    complete: int
    ongoing: int
    at_risk: int
    complete_pct: Decimal | None
    complete_change: int | None
    previous_complete: int | None
    previous_at_risk: int | None
    previous_as_at_date: date | None
    delivered_count: int
    delivered_before_count: int
    other_complete_count: int
    no_longer_complete_count: int
    scheduled_count: int
    overdue_count: int
    moved_count: int
    unowned_count: int
    held_not_counted: int
    held_as_before: int


@dataclass(frozen=True)
class Plan:
    """The delivery plan on the report's day, with its lists of actions."""

    as_at: date | None
    previous_as_at: date | None
    whole: Progress
    strands: tuple[Progress, ...]
    delivered: tuple[Action, ...]
    scheduled: tuple[Action, ...]
    overdue: tuple[Action, ...]
    moved: tuple[Action, ...]
    at_risk: tuple[Action, ...]

    def of(self, strand: str) -> Progress | None:
        return next((row for row in self.strands if row.strand == strand), None)


@dataclass(frozen=True)
class Result:
    """A result of an operational unit, compared with the same months a year before."""

    strand: str | None
    unit: str
    measure_name: str
    is_plural: bool
    part: str | None  # empty for the complete result
    quantity_unit: str | None
    comparison: Comparison

    @property
    def is_amount(self) -> bool:
        """Whether it is money or a weight, which has neither a range nor a word."""
        return self.quantity_unit in english.AMOUNTS

    @property
    def verb(self) -> str:
        return "are" if self.is_plural else "is"

    @property
    def label(self) -> str:
        """The result's name, with its unit if name and numbers do not contain it."""
        unit = self.quantity_unit or ""
        is_said = (
            self.is_amount or not unit or unit.lower() in self.measure_name.lower()
        )
        return self.measure_name if is_said else f"{self.measure_name}, {unit}"


@dataclass(frozen=True)
class Board:
    """One quarter of one force, as the board report shows it."""

    quarter: str
    measures: tuple[Measure, ...]
    events: tuple[Event, ...]
    plan: Plan | None
    results: tuple[Result, ...] = ()
    held: tuple[Row, ...] = ()

    @property
    def available(self) -> tuple[Measure, ...]:
        return tuple(measure for measure in self.measures if measure.is_available)
