"""Chooses the main points by a fixed rule.

Each measure is in exactly one point, that of its word. The clearest changes (by size of
z) come first; up to three measures are named and the rest are counted.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from reports.board import english, periods, words
from reports.board.english import Name, say_on_page
from reports.board.records import Board, Comparison, Event, Measure, Plan

MOST_NAMED, MOST_SENTENCES = 3, 2
CODES = ("higher", "lower", "uneven", "no_clear_change")
# These share one point.
OTHERS = ("too_few", "not_comparable", "rounded", "confidential", None)
ALL_CRIME = "open_all_crime"
# The labels of points that are not about one word of change.
LABELS = {
    "asking": "Worth asking about",
    "plan": "Delivery plan",
    "not_compared": "Not compared",
    "author": "By the author",
}
Naming = Callable[[Measure], Name]


@dataclass(frozen=True)
class Point:
    """A main point: the code that its label shows, and its sentences as markup."""

    code: str
    sentences: tuple[Any, ...]

    @property
    def label(self) -> str:
        return LABELS.get(self.code) or english.change_word(self.code)

    @property
    def text(self) -> str:
        """The sentences without their markup."""
        return " ".join(sentence.striptags() for sentence in self.sentences)


def main_points(board: Board, naming: Naming) -> list[Point]:
    """Return the points in order, without empty ones.

    Args:
        board: the report's figures.
        naming: returns a measure's name, with the address of its own page.
    """
    measures = [m for m in board.available if m.measure != ALL_CRIME]
    points = _total(board)
    for code in CODES:
        own = _clearest_first([m for m in measures if m.code == code])
        if own:
            points.append(Point(code, _of_word(code, own, board.events, naming)))
    sentences = _not_compared([m for m in measures if m.code in OTHERS], naming)
    points += [Point("not_compared", sentences)] if sentences else []
    if asked := _asking(board.available, naming):
        points.append(Point("asking", (asked,)))
    if board.plan:
        points.append(Point("plan", (_plan(board.plan),)))
    return points


def _not_compared(own: list[Measure], naming: Naming) -> tuple[Any, ...]:
    """Return a sentence for each reason why measures are not compared."""
    by_reason: dict[str, list[Measure]] = {}
    for measure in own:
        by_reason.setdefault(_word(measure), []).append(measure)
    return tuple(_said(own[0].code, own, naming) for own in by_reason.values())


def _word(measure: Measure) -> str:
    if measure.year is None:
        return english.change_word(None, has_figure=False)
    return words.compared_words(measure.year)


def _clearest_first(measures: list[Measure]) -> list[Measure]:
    """Sort measures by the size of z; those without z come last, in strand order."""

    def unclear(m: Measure) -> tuple[bool, Any]:
        z = m.year.clearness if m.year else None
        return (z is None, -abs(z) if z is not None else 0)

    return sorted(measures, key=unclear)


def _of_word(
    code: str, own: list[Measure], events: Sequence[Event], naming: Naming
) -> tuple[Any, ...]:
    if code != "uneven" or len(own) > MOST_SENTENCES:
        return (_said(code, own, naming),)
    sentences = tuple(
        say_on_page(
            "point_uneven",
            name=naming(measure),
            before=measure.year.base_count,
            now=measure.year.current_count,
            lower=measure.year.months_lower,
            higher=measure.year.months_higher,
            equal=measure.year.months_equal,
        )
        for measure in own
        if measure.year
    )
    return (*sentences, *_not_typical(own[0].year, events))


def _not_typical(year: Comparison | None, events: Sequence[Event]) -> tuple[Any, ...]:
    """Return a sentence on the dated events within two periods, if there are any."""
    if year is None or year.base_start is None or year.base_end is None:
        return ()
    first = year.base_end + timedelta(days=1)
    found: dict[str, list[str]] = {"before": [], "now": [], "both": []}
    for event in events:
        is_before = event.event_start_date < first
        is_before &= event.event_end_date >= year.base_start
        is_now = event.event_end_date >= first
        if is_before or is_now:
            place = "both" if is_before and is_now else "now" if is_now else "before"
            found[place].append(english.inside(event.event_name))
    if not any(found.values()):
        return ()
    return (say_on_page("not_typical", **found),)


def _said(code: str | None, own: list[Measure], naming: Naming) -> Any:
    """Return a sentence that names up to three measures, and counts the rest."""
    from markupsafe import Markup, escape

    shown, more = english.named(own, MOST_NAMED)
    items = [
        Markup("{} ({})" if (figures := _figures(m)) else "{}").format(
            _name(m, naming, is_first=i == 0), figures
        )
        for i, m in enumerate(shown)
    ]
    if more:
        items.append(escape(f"{english.in_words(more)} more"))
    return say_on_page(
        "point",
        code=code,
        word=_word(own[0]),
        names=shown,
        more=more,
        are=own[0].is_plural,
        listed=join(items),
        base=_base(own[0]),
    )


def join(items: Sequence[Any], comma: str = ", ", final: str = " and ") -> Any:
    """Join markup: 'a, b and c'."""
    from markupsafe import Markup

    if len(items) < 2:
        return Markup("").join(items)
    return Markup(comma).join(items[:-1]) + Markup(final) + items[-1]


def _name(measure: Measure, naming: Naming, is_first: bool = False) -> Name:
    name = naming(measure)
    return name if is_first else replace(name, text=english.inside(name.text))


def _figures(measure: Measure) -> str:
    """Return count and change, such as '6,220, +30.8%'; '' if there is no count."""
    year = measure.year
    if year is None or year.current_count is None:
        return ""
    parts = [english.count(year.current_count)]
    if year.difference_pct is not None and year.change_code in CODES:
        parts.append(english.signed_pct(year.difference_pct))
    return ", ".join(parts)


def _base(measure: Measure) -> str:
    year = measure.year
    if year is None or year.base_start is None:
        return "the 12 months before"
    return periods.period(year.base_start, year.base_end)


def _asking(measures: Sequence[Measure], naming: Naming) -> Any:
    """Return a sentence that names measures with a month outside; runs are counted."""
    sides: dict[str, list[Measure]] = {}
    for measure in measures:
        own = {m.signal_side or measure.signal.side for m in outside(measure)}
        if own:
            side = own.pop() if len(own) == 1 else "outside"
            sides.setdefault(side or "outside", []).append(measure)
    runs = [m for m in measures if words.is_asked(m) and not outside(m)]
    if not sides and not runs:
        return None
    ordered = [(s, sides[s]) for s in ("above", "below", "outside") if s in sides]
    return say_on_page(
        "point_asking",
        sides=[(side, [_name(m, naming) for m in own]) for side, own in ordered],
        runs=len(runs),
        and_names=_and_names,
    )


outside = words.outside_months


def _and_names(names: Sequence[Any]) -> Any:
    from markupsafe import escape

    signs = english.signs_between(str(name) for name in names)
    return join([escape(name) for name in names], *signs)


def _plan(plan: Plan) -> Any:
    strands = [Name(row.strand, "#plan") for row in plan.strands if row.at_risk]
    return say_on_page(
        "plan_point", row=plan.whole, strands=strands, and_names=_and_names
    )


def _total(board: Board) -> list[Point]:
    """Return a point on all crime, if the report has such a measure."""
    found = [m for m in board.available if m.measure == ALL_CRIME and m.year]
    return [
        Point(
            m.code or "not_compared",
            (
                say_on_page(
                    "point_total",
                    name=m.short_name,
                    now=m.year.current_count,
                    before=m.year.base_count,
                    pct=m.year.difference_pct,
                    period=periods.period(m.year.period_start, m.year.period_end),
                    base=words.base_words(m.year),
                    rate=m.rate_per_1000,
                    rates_of=words.rates_of(m.year),
                ),
            ),
        )
        for m in found
    ]
