"""The results of a strand's operational units, and how they compare."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from reports.board import english, records, words
from reports.board.english import say
from reports.board.records import Board, Result
from reports.grid import Mark
from reports.outline import Section

AMOUNT = "an amount, not a count"
NO_FIGURE = "\u2013"


@dataclass(frozen=True)
class Results:
    """The results that a strand's page shows, as its table and sentences have them."""

    title: str
    note: str
    finding: str
    rows: tuple[dict[str, Any], ...]
    has_units: bool
    more: int


def results_of(board: Board, section: Section) -> list[Result]:
    """Return the results of a strand's units, without those of a part."""
    return [r for r in board.results if r.strand == section.heading and not r.part]


def results_view(found: list[Result], most: int) -> Results | None:
    """Return what the page shows of the results; None if there is none.

    Args:
        found: the results of the strand.
        most: how many of them the page has room for.
    """
    if not found:
        return None
    units = list(dict.fromkeys(r.unit for r in found))
    shown = found[:most]
    return Results(
        title=f"Results of the {units[0] if len(units) == 1 else 'units'}",
        note=_note(shown),
        finding=finding(found),
        rows=tuple(_row(r) for r in shown),
        has_units=len(units) > 1,
        more=len(found) - len(shown),
    )


def finding(results: list[Result]) -> str:
    """Return the change of the first count, and which of all counts have changed."""
    hidden = [r for r in results if r.comparison.change_code == records.CONFIDENTIAL]
    counted = [r for r in results if not r.is_amount and r not in hidden]
    told = next((r for r in counted if r.comparison.change_code), None)
    if told is None:
        return ""
    others = [r for r in counted if r is not told]
    codes = ("higher", "lower", "uneven")
    by_word = {c: [r for r in others if r.comparison.change_code == c] for c in codes}
    return say(
        "unit_results",
        first=words.compared(told.measure_name, told.verb, told.comparison),
        others=bool(others) and not hidden,
        changed={c: [r.measure_name for r in rs] for c, rs in by_word.items() if rs},
        is_plural=any(r.is_plural for rs in by_word.values() for r in rs),
    )


def _note(results: list[Result]) -> str:
    """The periods that the results are compared over; each if they differ."""
    own = (
        f"{english.upper_first(words.period_words(r.comparison)).removeprefix('The ')}"
        f", and {words.base_words(r.comparison)}"
        for r in results
    )
    return "; ".join(dict.fromkeys(own))


def _row(result: Result) -> dict[str, Any]:
    c = result.comparison
    has_change = c.difference is not None
    return {
        "label": result.label,
        "unit": result.unit,
        "before": _quantity(result, c.base_count),
        "now": _quantity(result, c.current_count),
        "change": english.signed_quantity(c.difference, result.quantity_unit)
        if has_change
        else NO_FIGURE,
        "pct": english.signed_pct(c.difference_pct)
        if c.difference_pct is not None
        else "",
        "range": words.plausible_range(c),
        "code": c.change_code,
        "word": AMOUNT if result.is_amount and has_change else words.compared_words(c),
    }


def _quantity(result: Result, value: records.Number | None) -> str:
    """Write a result with its unit: '131', '£47,685', '69.0 kg'."""
    if value is None:
        return NO_FIGURE
    if isinstance(value, Mark):
        return str(value)
    return english.quantity(value, result.quantity_unit)
