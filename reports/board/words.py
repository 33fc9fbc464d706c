"""The sentences of the board report, made from its records.

The word of direction is always the comparison's own (`change_code`). No figure is
computed here.
"""

from __future__ import annotations

from typing import Any

from reports import style
from reports.board import english, periods, records
from reports.board.english import say
from reports.board.records import Comparison, Measure, Month

DONE = {"referrals": "received"}  # other units: 'recorded'
OUTSIDE = records.OUTSIDE
AGREEING = {("above", "higher"), ("rising", "higher")} | {
    ("below", "lower"),
    ("falling", "lower"),
}


def compared_words(c: Comparison) -> str:
    """Return the word of a comparison.

    'a day' is added ('higher a day') if the total counts differ in the other direction,
    because the periods have different numbers of days.
    """
    known = (c.current_count is not None, c.base_count is not None)
    word = english.change_word(c.change_code, *known)
    a_day = c.change_code in ("higher", "lower") and not c.agrees
    return f"{word} a day" if a_day else word


def _counts(c: Comparison) -> dict[str, Any]:
    """Return the values that every sentence of a comparison needs."""
    return {
        "code": c.change_code,
        "word": compared_words(c),
        "now": c.current_count,
        "before": c.base_count,
        "pct": c.difference_pct,
        "agrees": c.agrees,
    }


def finding(measure: Measure) -> str:
    """Return one sentence that compares the 12 months with the 12 before."""
    c = measure.year
    if not measure.is_available or c is None or c.period_end is None:
        reason = measure.gap_reason or "There is no monthly count."
        return f"{measure.measure_name}: not available. {reason}"
    return compared(
        measure.measure_name, measure.verb, c, measure.is_defined_by_outcome
    )


def why_not_compared(measure: Measure) -> str:
    """Return why counts of the measure are not compared, as a clause."""
    return say("not_comparable", is_defined_by_outcome=measure.is_defined_by_outcome)


def compared(
    name: str, verb: str, c: Comparison, is_defined_by_outcome: bool = False
) -> str:
    """Return the sentence that compares two counts of what `name` says."""
    return say(
        "change",
        name=name,
        verb=verb,
        period=period_words(c),
        base=base_words(c),
        lower=c.months_lower,
        higher=c.months_higher,
        equal=c.months_equal,
        is_defined_by_outcome=is_defined_by_outcome,
        **_counts(c),
    )


def period_words(c: Comparison) -> str:
    """Return the period: 'the 12 months to September 2021'; '' if it is not known."""
    if c.period_start is None or c.period_end is None:
        return ""
    return periods.period(c.period_start, c.period_end)


def base_words(c: Comparison) -> str:
    """Return the base period, as it is written after the period."""
    if c.base_start is None or c.base_end is None:
        return "the 12 months before"
    return periods.base_period(c.base_end, c.base_start, c.period_start)


def quarter(measure: Measure) -> str:
    """Return a sentence that compares this quarter with the same one of last year."""
    c = measure.comparisons.get(records.QUARTER)
    if c is None or not measure.is_available:
        return ""
    base = periods.span(c.base_start, c.base_end) if c.base_start else ""
    done = DONE.get(measure.measure_unit, "recorded")
    return say("quarter", base=base, done=done, **_counts(c))


def pandemic(measure: Measure) -> str:
    """Return a sentence that compares 12 months with 2019, or why none is possible."""
    c = measure.comparisons.get(records.PANDEMIC)
    if c is None or not measure.is_available or c.current_count is None:
        return ""
    begins = measure.first_counted_month
    is_late = begins is not None and (begins.year, begins.month) > (2019, 1)
    return say(
        "pandemic",
        first_month=begins if is_late else None,
        **_counts(c),
    )


def no_aim(measure: Measure) -> str:
    """Return why a higher count of a measure without an aim need not be worse."""
    if measure.aim or measure.measure_unit != "crimes":
        return ""
    return "No aim is set: a higher count can mean that more victims report."


def aim(measure: Measure) -> str:
    return f"aim: {measure.aim}" if measure.aim else "no aim set"


def outside_months(measure: Measure) -> tuple[Month, ...]:
    """Return this quarter's months outside their usual range, if the message is so."""
    if measure.signal.message_code != OUTSIDE:
        return ()
    return tuple(m for m in measure.quarter_months if m.signal_code == OUTSIDE)


def is_asked(measure: Measure) -> bool:
    """Whether something in the months of this quarter is worth asking about.

    A run in the direction of the 12 months' word is not: the word says it.
    """
    code = measure.signal.message_code
    has_message = measure.is_available and code not in records.QUIET
    return has_message and not is_said_already(measure)


def asked_months(measure: Measure) -> tuple[Month, ...]:
    """Return the months of this quarter that the message asks about.

    If it is about months outside the usual range, only these are.
    """
    if not is_asked(measure):
        return ()
    return outside_months(measure) or tuple(
        m for m in measure.quarter_months if m.signal_code
    )


def is_said_already(measure: Measure) -> bool:
    """Whether the message is a run with the same direction as the 12 months' word."""
    signal = measure.signal
    is_run = signal.message_code != OUTSIDE
    return is_run and (signal.side, measure.code) in AGREEING


def has_months_missing(measure: Measure) -> bool:
    """Whether months of this quarter are missing, and no other is asked about."""
    return measure.signal.message_code in records.MISSING


def asking(measure: Measure) -> str:
    """Return the message about the months of this quarter."""
    said = measure.code if is_said_already(measure) else None
    return say("asking", said=said, **_message(measure))


def asking_short(measure: Measure) -> str:
    """Return the message in at most five words."""
    return say("asking_short", **_message(measure))


def _message(measure: Measure) -> dict[str, Any]:
    signal = measure.signal
    months = [
        {
            "name": style.MONTHS[m.month.month - 1],
            "short": periods.short_month(m.month),
            "value": m.value,
            "side": m.signal_side or signal.side,
            "lower": m.lower_limit,
            "upper": m.upper_limit,
        }
        for m in outside_months(measure)
    ]
    return {
        "code": signal.message_code,
        "side": signal.side,
        "months": months,
        "length": signal.run_length,
        "start": signal.run_start,
        "end": signal.run_end,
        "is_defined_by_outcome": measure.is_defined_by_outcome,
    }


def chart_note(measure: Measure, is_short: bool = False) -> str:
    """Return what the lines of a measure's monthly chart are.

    Args:
        is_short: whether the note says nothing of the average and the marks.
    """
    if not any(m.upper_limit is not None for m in measure.months):
        if measure.is_defined_by_outcome:
            why = why_not_compared(measure)
            return f"Line: average. There is no usual range, because {why}."
        return "Line: average. There are too few months for a usual range."
    last = [m for m in measure.months if m.phase == measure.months[-1].phase]
    before = measure.months[: -len(last)]
    start = f"from {periods.month_text(last[0].month)}"
    if not before:
        since = ""
    elif last[0].upper_limit is None:
        since = f"; {start} there are too few months for one"
    elif any(m.upper_limit is not None for m in before):
        since = f", redrawn {start}"
    else:
        since = f" {start} on"
    dashes = f"Dashes: usual range{since}."
    if is_short:
        return dashes
    asked = "; orange: ask about it" if asked_months(measure) else ""
    return f"Line: average. {dashes} Diamond: outside it or in a run{asked}."


def solved(measure: Measure) -> str:
    """Return a sentence on the solved rate with its counts; '' if there is no rate."""
    return say(
        "solved",
        pct=measure.solved_pct,
        solved=measure.solved,
        recorded=measure.recorded,
        before=measure.previous_solved_pct,
        code=measure.solved_change_code,
    )


def plausible_range(c: Comparison) -> str:
    """Return a range, such as '+26.3% to +36.2%'; '' if there is none."""
    if c.range_lower_text is None or c.range_upper_text is None:
        return ""
    low, high = map(english.limit, (c.range_lower_text, c.range_upper_text))
    return f"{low} to {high}"


def range_sentence(c: Comparison) -> str:
    """Return the range in a sentence; '' if there is none."""
    return say(
        "range",
        lower=c.range_lower_text,
        upper=c.range_upper_text,
        code=c.change_code,
    )


def rates_of(year: Comparison | None) -> str:
    """Return ' in 12 months' for rates beside a comparison of fewer months, or ''."""
    is_shorter = year is not None and year.comparison == records.SAME_MONTHS
    return " in 12 months" if is_shorter else ""


def areas(measure: Measure) -> str:
    """Return how many districts have which word."""
    known = [a.change_code for a in measure.areas if a.current_count is not None]
    if not known:
        return "No district can be compared."
    is_combined = any(a.area_level == "combined_area" for a in measure.areas)
    return say(
        "areas",
        words=known,
        gaps=len(measure.areas) - len(known),
        places="areas" if is_combined else "districts",
    )


def row_label(c: Comparison) -> str:
    """Return the label of a row of 'How the count compares'."""
    if c.period_start is None or c.base_start is None:
        return {records.YEAR: "12 months and the 12 before"}.get(
            c.comparison, "This quarter and the same quarter of last year"
        )
    if c.comparison == records.QUARTER:
        return f"This quarter, and {periods.span(c.base_start, c.base_end)}"
    now = english.upper_first(periods.period(c.period_start, c.period_end))
    now = now.removeprefix("The ")
    base = {"the 12 months before": "the 12 before"}.get(base_words(c), base_words(c))
    if c.comparison == records.PANDEMIC and c.base_start.month == 1:
        base = f"calendar {c.base_start.year}"
    return f"{now}, and {base}"
