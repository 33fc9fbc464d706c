"""Measures at a glance: the rows of the table on page one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from reports import style
from reports.board import drawings, english, periods, records, words
from reports.board.points import ALL_CRIME, CODES
from reports.board.records import Board, Comparison, Measure

MOST_ROWS = 12  # on page one


@dataclass(frozen=True)
class GlanceRow:
    """A row of figures and words as they are printed; '' if there is none."""

    measure: Measure
    href: str
    note: str
    chart: dict[str, Any] | None
    now: str
    code: str | None
    word: str
    pct: str
    range: str
    quarter_now: str
    quarter_before: str
    quarter_word: str
    solved: str
    is_asked: bool
    asking: str
    rate: str = ""
    positive: str = ""


@dataclass(frozen=True)
class Glance:
    """The table: its title, the headings that name periods, and its rows."""

    title: str
    subtitle: str
    months: str
    year: str
    change: str
    quarter: str
    is_open: bool
    rates_of: str  # ' in 12 months' if the comparison is of fewer
    has_said: bool  # a run of months is said already by the change of the 12 months
    rows: tuple[GlanceRow, ...]
    more_rows: tuple[GlanceRow, ...]


def glance(
    board: Board, link: Callable[[Measure], tuple[str, str]], is_open: bool
) -> Glance:
    """Return the table of a board report.

    Args:
        board: the report's figures.
        link: returns a measure's address on the page, and its place ('page 5').
        is_open: whether it is a report of open data, by crime type.
    """
    measures = by_size(board) if is_open else list(board.measures)
    rows = tuple(_row(measure, *link(measure), is_open) for measure in measures)
    most = len(rows) if is_open else MOST_ROWS
    year = next((m.year for m in board.available if m.year), None)
    quarters = (m.comparisons.get(records.QUARTER) for m in board.available)
    quarter = next((c for c in quarters if c and c.base_start), None)
    return Glance(
        title="Every crime type at a glance" if is_open else "Measures at a glance",
        subtitle=_subtitle(board, year) + (_no_rates(rows) if is_open else ""),
        months=_months(board, is_open),
        year=period_heading(year),
        change=change_heading(year),
        quarter=_quarter(quarter),
        is_open=is_open,
        rates_of=words.rates_of(year),
        has_said=any(map(words.is_said_already, measures)),
        rows=rows[:most],
        more_rows=rows[most:],
    )


def _no_rates(rows: tuple[GlanceRow, ...]) -> str:
    """Return why no row has a rate, if none has."""
    if any(row.rate for row in rows):
        return ""
    return " Rates and positive outcomes are of 12 months, which are not all complete."


def by_size(board: Board) -> list[Measure]:
    """Return crime types: all crime first, then by size, then incidents."""

    def key(m: Measure) -> tuple[bool, bool, int]:
        now = (m.year.current_count if m.year else None) or 0
        return (m.measure != ALL_CRIME, m.measure_unit != "crimes", -now)

    return sorted(board.available, key=key)


def _row(measure: Measure, href: str, place: str, is_open: bool) -> GlanceRow:
    year, quarter = measure.year, measure.comparisons.get(records.QUARTER)
    note = words.aim(measure) if not is_open else ""
    return GlanceRow(
        measure=measure,
        href=href,
        note=", ".join(filter(None, (place, note))),
        chart=drawings.small_chart(measure) if measure.months else None,
        now=count_text(year.current_count if year else None),
        code=measure.code,
        word=words.compared_words(year) if year else english.change_word(None),
        pct=pct_text(year),
        range=words.plausible_range(year) if year else "",
        quarter_now=count_text(
            quarter.current_count if quarter else None,
            "not shown" if measure.hides_months else "not available",
        ),
        quarter_before=count_text(quarter.base_count, "") if quarter else "",
        quarter_word=words.compared_words(quarter) if quarter else "",
        solved=_percent(measure.solved_pct),
        is_asked=words.is_asked(measure),
        asking=words.asking_short(measure),
        rate=rate_text(measure.rate_per_1000, ""),
        positive=_percent(measure.positive_pct),
    )


def rate_text(value: Any, gap: str) -> str:
    """Return a rate per 1,000 residents with its decimal place: '7.0'."""
    return gap if value is None else english.decimal(value)


def count_text(value: Any, gap: str = "not available") -> str:
    """Return a count as it is printed, or the words of a gap."""
    return gap if value is None else english.count(value)


def _percent(value: Any) -> str:
    return "" if value is None else english.pct(value)


def pct_text(c: Comparison | None) -> str:
    """Return the change in per cent; '' if the word is not one of a comparison."""
    if c is None or c.change_code not in CODES or c.difference_pct is None:
        return ""
    return english.signed_pct(c.difference_pct)


def _subtitle(board: Board, year: Comparison | None) -> str:
    units = dict.fromkeys(
        f"recorded {m.measure_unit}"
        if m.measure_unit != "referrals"
        else m.measure_unit
        for m in board.available
    )
    said = f"{english.upper_first(' or '.join(units))}." if units else ""
    if year and year.period_start and year.base_start:
        now = periods.period(year.period_start, year.period_end).removeprefix("the ")
        base = periods.period(year.base_start, year.base_end)
        said += f" {english.upper_first(now)} against {base}."
    return said.strip()


def _months(board: Board, is_open: bool) -> str:
    held = [m.month for measure in board.available for m in measure.months]
    if not held:
        return "Each month"
    first, last = min(held), max(held)
    start = f"{periods.short_month(first)} {first.year}"
    if is_open:
        return f"Each month from {start}"
    return f"Each month, {start} to {periods.short_month(last)} {last.year}"


def period_heading(year: Comparison | None) -> str:
    """Return the heading of the counts: '12 months to Sep 2021'."""
    if not year or not year.period_start:
        return "12 months"
    heading = periods.period(year.period_start, year.period_end).removeprefix("the ")
    for month in (year.period_start, year.period_end):
        name = style.MONTHS[month.month - 1]
        heading = heading.replace(name, periods.short_month(month))
    return english.upper_first(heading)


def change_heading(year: Comparison | None) -> str:
    """Return the heading of the changes: 'Change on 12 months before'."""
    if not year or not year.base_start:
        return "Change on 12 months before"
    return f"Change on {words.base_words(year).removeprefix('the ')}"


def _quarter(quarter: Comparison | None) -> str:
    if not quarter:
        return "This quarter, and last year"
    start, end = quarter.base_start, quarter.base_end
    short = f"{periods.short_month(start)} to {periods.short_month(end)} {end.year}"
    return f"This quarter, and {short}"
