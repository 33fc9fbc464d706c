"""Points for the author to check before publishing: their words against the figures.

Directions are compared with the words of the figures (directions.py), and each number
with the figures of the page.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from decimal import ROUND_HALF_UP, Decimal

from reports import style
from reports.board import english
from reports.board.authors import Written
from reports.board.directions import differing
from reports.board.records import Board, Comparison, Measure, Progress, Result
from reports.board.subjects import Subject
from reports.outline import Section

SENTENCE_ENDS = re.compile(r"(?<=[.!?])\s+")
NUMBER = re.compile(r"(?<![\w.,-])\d[\d,]*(?:\.\d+)?")
YEARS = range(1900, 2100)
WORD_AFTER = re.compile(r"[\s-]*([^\W\d_]+)")
PERCENTAGE = re.compile(r"\s*(?:%|per ?cent)")
LEAST_NUMBER = 20  # smaller ones are often days, ages or counts of districts
Number = Decimal | int
MOST_WORDS = 120  # of a strand's commentary, if its page is one printed sheet


def of_strand(
    commentary: Written,
    own: Sequence[Subject],
    printed: Iterable[Number | None],
    elsewhere: Sequence[Subject] = (),
) -> tuple[str, ...]:
    """Return what the author must check on the page of a strand.

    A sentence that names no subject is about the strand's measures, or about all
    subjects of its page if it has no measure. Without any, only what a sentence says of
    other pages is checked.

    Args:
        commentary: what the strand's lead wrote.
        own: the subjects of the page.
        printed: the numbers that the page has.
        elsewhere: the subjects of all pages, which a sentence may name too.
    """
    found = []
    if commentary.length > MOST_WORDS:
        found.append(
            english.say("check_length", words=commentary.length, most=MOST_WORDS)
        )
    sentences = _sentences(commentary.texts)
    about = [subject for subject in own if subject.is_measure] or own
    found += [c for s in sentences for c in differing(s, own, elsewhere, about)]
    if own:
        found += _numbers(sentences, own, printed, "on this page")
    return tuple(dict.fromkeys(found))


def of_summary(
    texts: Iterable[str],
    board: Board,
    subjects: Sequence[Subject],
    sections: Iterable[Section],
) -> tuple[str, ...]:
    """Return what to check in the executive summary, beside all figures.

    Args:
        subjects: those of all pages.
        sections: the report's sections, with the numbers of their sentences.
    """
    sentences = _sentences(texts)
    printed = [
        *of_measures(board.available),
        *of_plan((board.plan.whole, *board.plan.strands) if board.plan else ()),
        *of_results(board.results),
        *of_changes(sections),
    ]
    return (
        *of_section(sentences, subjects),
        *_numbers(sentences, subjects, printed, "in this report"),
    )


def of_section(texts: Iterable[str], subjects: Sequence[Subject]) -> tuple[str, ...]:
    """Return what to check in a section that has no figures of its own: directions."""
    sentences = _sentences(texts)
    return tuple(
        dict.fromkeys(c for s in sentences for c in differing(s, (), subjects))
    )


def of_measures(measures: Iterable[Measure]) -> Iterator[Number | None]:
    """Yield the numbers that the pages print for measures that are available."""
    for measure in measures:
        if not measure.is_available:
            continue
        for comparison in measure.comparisons.values():
            yield from _compared(comparison)
        for area in measure.areas:
            yield from _counts(area.base_count, area.current_count, area.difference)
        yield from (measure.solved_pct, measure.previous_solved_pct)
        yield from _counts(measure.solved, measure.recorded, measure.previous_solved)
        yield from _counts(*(month.value for month in measure.months))


def of_plan(rows: Iterable[Progress]) -> Iterator[Number | None]:
    """Yield the numbers of the delivery plan."""
    for row in rows:
        yield from _counts(row.total, row.complete, row.ongoing, row.at_risk)
        yield from _counts(row.previous_complete, row.scheduled_count)
        yield row.complete_pct


def of_results(results: Iterable[Result]) -> Iterator[Number | None]:
    """Yield the numbers of the units' results."""
    for result in results:
        yield from _compared(result.comparison)


def of_changes(sections: Iterable[Section]) -> Iterator[Number | None]:
    """Yield the numbers of the sentences that tell a change."""
    for section in sections:
        for change in section.changes:
            yield from change.numbers


def _sentences(texts: Iterable[str]) -> list[str]:
    return [s for text in texts for s in SENTENCE_ENDS.split(text)]


def _numbers(
    sentences: Iterable[str],
    subjects: Iterable[Subject],
    printed: Iterable[Number | None],
    place: str,
) -> list[str]:
    """Return a sentence with the numbers that are not among those printed, if any.

    A percentage may be rounded, and is not a count. A number of a subject's name, such
    as that of "within 24 hours", is not a figure.
    """
    values = list(printed)
    figures = set(map(_size, values))
    shares = {_size(value) for value in values if not isinstance(value, int)}
    of_names = {
        (match[0], _word_after(match))
        for subject in subjects
        for name in (subject.name, *subject.also)
        for match in NUMBER.finditer(name)
    }
    unknown = []
    for match in (n for s in sentences for n in NUMBER.finditer(s)):
        text = match[0]
        number = Decimal(text.replace(",", "").rstrip("."))
        is_year = number in YEARS and "," not in text
        is_percentage = PERCENTAGE.match(match.string, match.end())
        is_looked_at = number >= LEAST_NUMBER or is_percentage
        is_of_name = (text, _word_after(match)) in of_names
        is_known = number in figures
        if is_percentage:
            is_known = number in {_rounded(share, number) for share in shares}
        if is_looked_at and not is_year and not is_of_name and not is_known:
            unknown.append(text.rstrip(","))
    numbers = list(dict.fromkeys(unknown))
    if not numbers:
        return []
    return [english.say("check_number", numbers=numbers, place=place)]


def _word_after(number: re.Match[str]) -> str:
    """Return the word after a number, in the singular."""
    word = WORD_AFTER.match(number.string, number.end())
    return word[1].lower().removesuffix("s") if word else ""


def _compared(c: Comparison) -> tuple[Number | None, ...]:
    counts = _counts(c.base_count, c.current_count, c.difference)
    return (*counts, c.difference_pct)


def _counts(*values: Number | None) -> list[Number]:
    """Return counts as integers, which no percentage is."""
    known = [value for each in values if (value := style.exact(each)) is not None]
    return [int(value) if value == int(value) else value for value in known]


def _rounded(value: Decimal, like: Decimal) -> Decimal:
    """Return a value with as many decimals as another."""
    return value.quantize(Decimal(1).scaleb(like.as_tuple().exponent), ROUND_HALF_UP)


def _size(value: Number | None) -> Decimal:
    """Return a number without its sign; 0, which is never checked, if there is none."""
    return abs(style.exact(value) or Decimal(0))
