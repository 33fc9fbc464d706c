"""Alternative texts of the drawings, with the numbers of their labels."""

from __future__ import annotations

from reports.board import english, periods, words
from reports.board.records import Area, Measure, Month, Progress
from reports.outline import Chart


def months(measure: Measure) -> str:
    """Return what a monthly chart shows."""
    known = [m for m in measure.months if m.value is not None]
    if not known:
        return f"{_what(measure)}: no month is available."
    parts = [f"{_what(measure)}, {_period(measure)}.", _extremes(known)]
    parts += [_range(measure.months[-1], measure)]
    if words.is_asked(measure):
        parts.append(f"Worth asking about: {_uncapped(words.asking(measure))}")
    elif words.is_said_already(measure) or words.has_months_missing(measure):
        parts.append(words.asking(measure))
    elif measure.months[-1].upper_limit is not None:
        parts.append("No month of this quarter is outside it.")
    return " ".join(filter(None, parts))


def lines(chart: Chart, has_quarter: bool) -> str:
    """Return what a small chart of one or more lines shows.

    Args:
        has_quarter: whether the months of this quarter are shaded.
    """
    found = []
    for series in chart.series:
        known = [p for p in chart.points if p.series == series and p.value is not None]
        if known:
            values = [p.value for p in known]
            found.append(
                {
                    "series": series,
                    "latest": known[-1:],
                    "highest": [p for p in known if p.value == max(values)],
                    "lowest": [p for p in known if p.value == min(values)],
                }
            )
    return english.say(
        "picture_alternative",
        title=chart.title,
        number_format=chart.number_format,
        lines=found,
        has_quarter=has_quarter,
    )


def _what(measure: Measure) -> str:
    kind = f"Line chart of {english.inside(measure.measure_name)}"
    is_crime = measure.measure_unit == "crimes"
    return (
        f"{kind}, {'recorded crimes' if is_crime else measure.measure_unit} each month"
    )


def _period(measure: Measure) -> str:
    return periods.span(measure.months[0].month, measure.months[-1].month)


def _extremes(known: list[Month]) -> str:
    """Return a sentence with the latest, highest and lowest count."""
    high = [m for m in known if m.is_highest]
    low = [m for m in known if m.is_lowest]
    return (
        f"Latest {english.count(known[-1].value)}. "
        f"Highest {_in_months(high)}, lowest {_in_months(low)}."
    )


def _in_months(own: list[Month]) -> str:
    """Return the count of months that have the same, and these months."""
    names = english.tied([periods.month_text(m.month) for m in own])
    return f"{english.count(own[0].value)} in {names}"


def _range(last: Month, measure: Measure) -> str:
    if last.average is None:
        return ""
    own = [m for m in measure.months if m.phase == last.phase]
    is_redrawn = len(own) < len(measure.months)
    since = f" since {periods.month_text(own[0].month)}" if is_redrawn else ""
    average = english.count(last.average)
    if last.upper_limit is None:
        if measure.is_defined_by_outcome:
            why = words.why_not_compared(measure)
            return f"Average{since} {average}; no usual range, because {why}."
        return f"Average{since} {average}; too few months for a usual range."
    low, high = english.count(last.lower_limit), english.count(last.upper_limit)
    return f"Usual range{since}: {low} to {high}, average {average}."


def _uncapped(sentence: str) -> str:
    """Return the sentence as written after a colon: only a month keeps its capital."""
    is_month = sentence.split(":")[0].split(" ")[0].rstrip(",") in words.style.MONTHS
    return sentence if is_month else sentence[:1].lower() + sentence[1:]


def areas(measure: Measure) -> str:
    """Return which districts have which word, the largest first, as in the drawing."""
    year = measure.year
    start = f"Dot chart of {english.inside(measure.measure_name)} by district"
    if year and year.base_end and year.period_end:
        start += (
            f", {periods.period(year.base_start, year.base_end).removeprefix('the ')}"
            f" and to {periods.month_text(year.period_end)}"
        )
    groups = [_group(code, measure.areas) for code in english.CHANGE_WORDS]
    most = [a for a in measure.areas if a.is_highest]
    top = (
        f" Highest now: {english.tied([a.area_name for a in most])} with "
        f"{english.count(most[0].current_count)}."
        if most
        else ""
    )
    return f"{start}.{top} {' '.join(filter(None, groups))}".strip()


def _group(code: str | None, rows: tuple[Area, ...]) -> str:
    names = [
        a.area_name
        for a in rows
        if a.change_code == code and a.current_count is not None
    ]
    if not names:
        return ""
    word = english.upper_first(english.change_word(code))
    return f"{word}: {english.and_list(names)}."


def plan(row: Progress) -> str:
    return f"{english.say('plan_short', row=row, change=None)}."
