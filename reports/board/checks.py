"""Points for the author to check before publishing: their words against the figures.

If a sentence of the author says higher or lower (in any of the usual words), it is
compared with the words of the districts that it names, of the measures that it names
beside the direction, or of all measures of the strand. Each number in it is compared
with the figures of the page.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from textwrap import shorten

from reports import style
from reports.board import english, records
from reports.board.authors import Written
from reports.board.records import Board, Comparison, Measure, Progress, Result

DIRECTIONS = {
    "higher": r"higher|ris(?:e|es|en|ing)|rose|increas\w*|grew|grown|growth|upward\w*"
    r"|(?:go(?:es|ing|ne)?|went) up|climb\w*|surg(?:e|es|ed|ing)|soar\w*"
    r"|doubl(?:ed|ing)|trebl(?:ed|ing)|(?:is|are|was|were|been) up",
    "lower": r"lower|fall(?:s|en|ing)?|fell|decreas\w*|reduc\w*|declin\w*|dropp?\w*"
    r"|(?:go(?:es|ing|ne)?|went|came) down|fewer|halv(?:ed|ing)"
    r"|(?:is|are|was|were|been) down",
}
# 'not higher' says no direction, and neither does 'did not rise'.
NEGATED = re.compile(r"\b(?:not|no|never|neither|nor)(?: \w+)? $", re.IGNORECASE)
SENTENCE_ENDS = re.compile(r"(?<=[.!?])\s+")
NUMBER = re.compile(r"(?<![\w.,-])\d[\d,]*(?:\.\d+)?")
YEARS = range(1900, 2100)
# Last words of names that are no name by themselves.
GENERAL = {"crime", "crimes", "offences", "incidents", "referrals", "orders", "notices"}
MOST_LETTERS = 60  # of the author's sentence that a check repeats
PERCENTAGE = re.compile(r"\s*(?:%|per ?cent)")
LEAST_NUMBER = 20  # smaller ones are often days, ages or counts of districts
Number = Decimal | int
CodeOfPeriod = tuple[str, str]  # a change code, and the period that has it
PERIODS = {
    records.YEAR: "12 months",
    records.QUARTER: "quarter",
    records.PANDEMIC: "against 2019",
    records.SAME_MONTHS: "same months",
}
MOST_WORDS = 120  # of a strand's commentary, if its page is one printed sheet


def of_strand(
    commentary: Written,
    measures: Iterable[Measure],
    others: Iterable[Number | None] = (),
    elsewhere: Iterable[Measure] = (),
) -> tuple[str, ...]:
    """Return what the author must check on the page of a strand.

    Args:
        commentary: what the strand's lead wrote.
        measures: the strand's measures, with their comparisons and districts.
        others: further numbers that the page has.
        elsewhere: the measures of other pages, which a sentence may name too.
    """
    found = []
    if commentary.length > MOST_WORDS:
        found.append(
            english.say("check_length", words=commentary.length, most=MOST_WORDS)
        )
    known = [m for m in measures if m.is_available]
    if known:
        sentences = _sentences(commentary.texts)
        every = [*known, *(m for m in elsewhere if m.is_available and m not in known)]
        found += [c for s in sentences for c in _directions(s, every, known)]
        printed = {*_figures(known), *map(_size, others)}
        found += _numbers(sentences, printed, "on this page")
    return tuple(dict.fromkeys(found))


def of_summary(texts: Iterable[str], board: Board) -> tuple[str, ...]:
    """Return what to check in the executive summary, beside all figures."""
    sentences = _sentences(texts)
    plan = (board.plan.whole, *board.plan.strands) if board.plan else ()
    printed = {*_figures(board.available), *map(_size, of_plan(plan))}
    printed |= set(map(_size, of_results(board.results)))
    return tuple(
        dict.fromkeys(
            [
                *of_section(sentences, board),
                *_numbers(sentences, printed, "in this report"),
            ]
        )
    )


def of_section(texts: Iterable[str], board: Board) -> tuple[str, ...]:
    """Return what to check in a section that has no figures of its own: directions."""
    found = [
        check
        for sentence in _sentences(texts)
        for check in _directions(sentence, board.available)
    ]
    return tuple(dict.fromkeys(found))


def of_plan(rows: Iterable[Progress]) -> Iterator[Number | None]:
    """Yield the numbers of the delivery plan."""
    for row in rows:
        yield from (row.total, row.complete, row.ongoing, row.at_risk)
        yield from (row.complete_pct, row.previous_complete, row.scheduled_count)


def of_results(results: Iterable[Result]) -> Iterator[Number | None]:
    """Yield the numbers of the units' results."""
    for result in results:
        yield from _compared(result.comparison)


def _sentences(texts: Iterable[str]) -> list[str]:
    return [s for text in texts for s in SENTENCE_ENDS.split(text)]


def _directions(
    sentence: str, measures: Sequence[Measure], otherwise: Sequence[Measure] = ()
) -> Iterator[str]:
    """Yield a sentence for each direction that the figures of its subject do not have.

    Args:
        otherwise: the measures that a sentence is about if it names none. One of them
            with the direction is enough.
    """
    for direction, said, named in _said(sentence, measures):
        subjects = _districts(sentence, named or otherwise)
        is_named = bool(subjects or named)
        subjects = subjects or _codes(named or otherwise)
        differ = {
            name: codes
            for name, codes in subjects.items()
            if direction not in {code for code, _ in codes}
        }
        if differ and (is_named or len(differ) == len(subjects)):
            yield english.say(
                "check_direction",
                sentence=shorten(
                    sentence, MOST_LETTERS, placeholder=" \N{HORIZONTAL ELLIPSIS}"
                ),
                said=said,
                named=list(differ),
                codes=_by_code(differ.values()),
            )


def _said(
    sentence: str, measures: Sequence[Measure]
) -> Iterator[tuple[str, str, list[Measure]]]:
    """Yield each direction of a sentence, its word, and the measures that it speaks of.

    Those are named before it and after the direction before ("robbery rose and fraud
    fell"), or else between it and the next one ("a rise in robbery").
    """
    named = _named(sentence, measures)
    found = sorted(
        (match.start(), direction, match[0])
        for direction, pattern in DIRECTIONS.items()
        for match in re.finditer(rf"\b(?:{pattern})\b", sentence, re.IGNORECASE)
        if not NEGATED.search(sentence[: match.start()])
    )
    left = dict(named)
    for number, (start, direction, said) in enumerate(found):
        end = found[number + 1][0] if number + 1 < len(found) else len(sentence)
        before = [place for place in left if place < start]
        spoken_of = before or [place for place in left if start < place < end]
        subjects = [left.pop(place) for place in spoken_of]
        yield direction, said, subjects or list(named.values())


def _numbers(sentences: Iterable[str], printed: set[Decimal], place: str) -> list[str]:
    """Return a sentence with the numbers that are not among those printed, if any."""
    unknown = []
    for match in (n for s in sentences for n in NUMBER.finditer(s)):
        text = match[0]
        number = Decimal(text.replace(",", "").rstrip("."))
        is_year = number in YEARS and "," not in text
        is_percentage = PERCENTAGE.match(match.string, match.end())
        is_looked_at = number >= LEAST_NUMBER or is_percentage
        if is_looked_at and not is_year and number not in printed:
            unknown.append(text.rstrip(","))
    numbers = list(dict.fromkeys(unknown))
    if not numbers:
        return []
    return [english.say("check_number", numbers=numbers, place=place)]


def _named(sentence: str, measures: Sequence[Measure]) -> dict[int, Measure]:
    """Return the measures that a sentence names, in full or by their last word.

    "Robbery" is Personal robbery if no other measure's name has this word.

    Returns:
        The place of each name in the sentence, and its measure.
    """
    words = [set(m.measure_name.lower().split()) for m in measures]
    named = {}
    for measure in measures:
        last = measure.measure_name.lower().split()[-1]
        is_name = last not in GENERAL and sum(last in other for other in words) == 1
        for name in (
            (measure.measure_name, last) if is_name else (measure.measure_name,)
        ):
            match = re.search(_or_plural(name), sentence, re.IGNORECASE)
            if match:
                named[match.start()] = measure
                break
    return named


def _or_plural(name: str) -> str:
    if name.endswith("y"):
        return rf"\b{re.escape(name[:-1])}(?:y|ies)\b"
    return rf"\b{re.escape(name)}(?:s|es)?\b"


def _names(sentence: str, name: str) -> bool:
    return re.search(rf"\b{re.escape(name)}\b", sentence) is not None


def _districts(
    sentence: str, measures: Iterable[Measure]
) -> dict[str, list[CodeOfPeriod]]:
    """Return the change codes of each district that the sentence names."""
    found: dict[str, list[CodeOfPeriod]] = {}
    for measure in measures:
        for area in measure.areas:
            if area.change_code and _names(sentence, area.area_name):
                code = area.change_code, PERIODS[records.YEAR]
                found.setdefault(area.area_name, []).append(code)
    return found


def _codes(measures: Iterable[Measure]) -> dict[str, list[CodeOfPeriod]]:
    """Return the change codes of each measure's comparisons."""
    return {
        m.measure_name: [
            (c.change_code, PERIODS[name])
            for name, c in m.comparisons.items()
            if c.change_code
        ]
        for m in measures
    }


def _by_code(subjects: Iterable[list[CodeOfPeriod]]) -> dict[str, list[str]]:
    """Return each code with the periods that have it."""
    found: dict[str, list[str]] = {}
    for code, period in dict.fromkeys(each for codes in subjects for each in codes):
        found.setdefault(code, []).append(period)
    return found


def _figures(measures: Iterable[Measure]) -> Iterator[Decimal]:
    """Yield every number that the pages print for measures, without its sign."""
    for measure in measures:
        compared = [v for c in measure.comparisons.values() for v in _compared(c)]
        areas = [
            value
            for a in measure.areas
            for value in (a.base_count, a.current_count, a.difference)
        ]
        solved = [measure.solved_pct, measure.solved, measure.recorded]
        before = [measure.previous_solved_pct, measure.previous_solved]
        months = [month.value for month in measure.months]
        yield from map(_size, (*compared, *areas, *solved, *before, *months))


def _compared(c: Comparison) -> tuple[Number | None, ...]:
    return (c.base_count, c.current_count, c.difference, c.difference_pct)


def _size(value: Number | None) -> Decimal:
    """Return a number without its sign; 0, which is never checked, if there is none."""
    return abs(style.exact(value) or Decimal(0))
