"""Points for the author to check before publishing: their words against the figures.

If a sentence of a commentary says higher or lower (in any of the usual words), it is
compared with the words of the districts that it names, or of the strand's measures.
Each number in it is compared with the figures of the page.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal

from reports.board import english
from reports.board.authors import Written
from reports.board.records import Measure

DIRECTIONS = {
    "higher": r"higher|ris(?:e|es|en|ing)|rose|increas\w*|grew|grown|growth|upward\w*",
    "lower": r"lower|fall(?:s|en|ing)?|fell|decreas\w*|reduc\w*|declin\w*|dropp?\w*",
}
SENTENCE_ENDS = re.compile(r"(?<=[.!?])\s+")
NUMBER = re.compile(r"(?<![\w.,-])\d[\d,]*(?:\.\d+)?")
YEARS = range(1900, 2100)
LEAST_NUMBER = 20  # smaller ones are often days, ages or counts of districts
MOST_CHECKS = 2  # per page


def checks(commentary: Written, measures: Iterable[Measure]) -> tuple[str, ...]:
    """Return a sentence for each direction or number that the page does not support.

    Args:
        commentary: what the strand's lead wrote.
        measures: the strand's measures, with their comparisons and districts.

    Returns:
        At most `MOST_CHECKS` sentences, in the order of the text.
    """
    known = [m for m in measures if m.is_available]
    sentences = [s for text in commentary.texts for s in SENTENCE_ENDS.split(text)]
    found = [c for s in sentences for c in _of_sentence(s, known)] if known else []
    return tuple(dict.fromkeys(found))[:MOST_CHECKS]


def _of_sentence(sentence: str, measures: list[Measure]) -> Iterator[str]:
    subjects = _districts(sentence, measures) or _measures(measures)
    for direction, pattern in DIRECTIONS.items():
        said = re.search(rf"\b(?:{pattern})\b", sentence, re.IGNORECASE)
        if said and not any(direction in codes for _, codes in subjects):
            yield english.say(
                "check_direction",
                said=said[0],
                named=[name for name, _ in subjects],
                codes=list(dict.fromkeys(c for _, codes in subjects for c in codes)),
            )
    printed = {n for m in measures for n in _figures(m)}
    for text in NUMBER.findall(sentence):
        number = Decimal(text.replace(",", "").rstrip("."))
        is_year = number in YEARS and "," not in text
        if number >= LEAST_NUMBER and not is_year and number not in printed:
            yield english.say("check_number", number=text.rstrip(","))


def _districts(sentence: str, measures: list[Measure]) -> list[tuple[str, list[str]]]:
    """Return the districts that the sentence names, each with its change codes."""
    return [
        (area.area_name, [area.change_code])
        for measure in measures
        for area in measure.areas
        if area.change_code and re.search(rf"\b{re.escape(area.area_name)}\b", sentence)
    ]


def _measures(measures: list[Measure]) -> list[tuple[str, list[str]]]:
    """Return each measure with the change codes of its comparisons."""
    return [
        (
            m.measure_name,
            [c.change_code for c in m.comparisons.values() if c.change_code],
        )
        for m in measures
    ]


def _figures(measure: Measure) -> Iterator[Decimal]:
    """Yield every number that the page prints for a measure, without its sign."""
    compared = [
        value
        for c in measure.comparisons.values()
        for value in (c.base_count, c.current_count, c.difference, c.difference_pct)
    ]
    areas = [
        value
        for a in measure.areas
        for value in (a.base_count, a.current_count, a.difference)
    ]
    solved = [measure.solved_pct, measure.solved, measure.recorded]
    before = [measure.previous_solved_pct, measure.previous_solved]
    months = [month.value for month in measure.months]
    for value in (*compared, *areas, *solved, *before, *months):
        if value is not None:
            yield abs(Decimal(str(value)))
