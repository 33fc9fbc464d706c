"""Page two of open data: rates by district, and beside the other forces."""

from __future__ import annotations

from typing import Any

from reports.board import english, geometry, periods, words
from reports.board.glance import by_size, rate_text
from reports.board.records import YEAR, AreaRate, Board, ForceRates, Measure

MOST_DISTRICTS = 7  # columns that an A4 page and the Word draft have room for
STRIP = (280.0, 14.0)  # width and height
MARGIN = 6.0
MOST_NAMED = 4  # forces left out
# Class of a rate → its words in the key, the darkest first.
CLASSES = {
    "half_as_high_again": "half as high again, or more",
    "above": "15% to 50% higher",
    "near": "within 15%",
    "below": "15% to 50% lower",
    "less_than_half": "less than half",
}


def district_rates(board: Board, annex: str) -> dict[str, Any] | None:
    """Return the table of rates: a row per crime type, a column per district.

    None if no rate is known. The districts with the highest rates of all crime are
    shown, as many as there is room for.

    Args:
        board: the report's figures.
        annex: the address of the table of all districts.
    """
    measures = [m for m in by_size(board) if m.area_rates]
    rated = [a for m in measures for a in m.area_rates if a.rate_per_1000 is not None]
    if not rated:
        return None
    # In the order of the rates of all crime, the highest first, if the force has them.
    areas = measures[0].area_rates
    names = [area.area_name for area in areas]
    return {
        "period": _period(measures[0]),
        "districts": names[:MOST_DISTRICTS],
        "heads": [(name, "number") for name in names[:MOST_DISTRICTS]],
        "more": max(0, len(names) - MOST_DISTRICTS),
        "is_by_rate": any(area.rate_per_1000 is not None for area in areas),
        "annex": annex,
        "rows": [
            {
                "name": m.short_name,
                "is_first": m is measures[0],
                "cells": [_cell(area) for area in m.area_rates[:MOST_DISTRICTS]],
                "force": _rate(m.area_rates[0].force_rate_per_1000),
            }
            for m in measures
        ],
        "classes": CLASSES,
    }


def why_no_rates(board: Board) -> str:
    """Return why no district has a rate: a count of 12 months is missing, or the
    population is.
    """
    years = [m.comparisons.get(YEAR) for m in board.measures]
    if any(year and year.current_count is not None for year in years):
        return "the population of the districts is not known"
    return "the 12 months are not complete"


def _period(measure: Measure) -> str:
    """Return the period of the rates: always 12 months."""
    year = measure.comparisons.get(YEAR)
    return words.period_words(year).removeprefix("the ") if year else "12 months"


def _cell(area: AreaRate) -> dict[str, str]:
    return {
        "text": _rate(area.rate_per_1000),
        "kind": (area.rate_class or "").replace("_", "-"),
        "words": CLASSES.get(area.rate_class or "", ""),
    }


def _rate(rate: Any) -> str:
    return rate_text(rate, "\u2013")


def other_forces(board: Board, force_name: str, annex: str) -> dict[str, Any] | None:
    """Return the table of the force's places, with a strip for each crime type.

    None if the home has too few other forces.

    Args:
        board: the report's figures.
        force_name: the force's name as printed.
        annex: the address of the table of these figures.
    """
    compared = [(m, m.force_rates) for m in by_size(board) if m.force_rates]
    if not compared:
        return None
    largest, first = compared[0]
    year = largest.comparisons.get(YEAR)
    return {
        "period": periods.period(first.period_start, first.period_end).removeprefix(
            "the "
        ),
        "annex": annex,
        "note": english.say(
            "other_forces",
            # Some forces have no rate of all crime, but of other measures.
            force_count=max(rates.force_count for _, rates in compared),
            few_residents=english.with_the_rest(first.few_residents, MOST_NAMED),
            months_missing=english.with_the_rest(first.months_missing, MOST_NAMED),
            types_missing=english.with_the_rest(first.types_missing, MOST_NAMED),
            is_earlier=year is None or first.period_end != year.period_end,
        ),
        "rows": [
            {
                "name": m.short_name,
                "own": _rate(rates.rate_per_1000),
                "middle": _rate(rates.middle_rate),
                "place": english.say("place", rates=rates),
                "strip": _strip(rates),
                "alternative": english.say(
                    "place_of_force",
                    name=m.short_name,
                    force_name=force_name,
                    rates=rates,
                ),
            }
            for m, rates in compared
        ],
    }


def _strip(rates: ForceRates) -> dict[str, Any]:
    """Return the positions of a strip, which begins at 0."""
    width, height = STRIP

    def x(rate: Any) -> float:
        highest = float(rates.highest_rate)
        return geometry.scaled(float(rate), 0, highest, MARGIN, width - MARGIN)

    return {
        "width": width,
        "height": height,
        "left": MARGIN,
        "right": width - MARGIN,
        "ticks": [x(rate) for rate in rates.rates],
        "middle": x(rates.middle_rate),
        "own": x(rates.rate_per_1000),
    }
