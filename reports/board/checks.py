"""Points for the author to check before publishing: their words against the figures.

Claims of a change are compared with the words of the figures (directions.py), and each
number with the figures of its section: those of the page, and of the section's tables
and charts in the annex. A percentage is compared with percentages alone, and a count
with counts and amounts. Sections have so many small counts that a wrong one is often
that of another month or district, and is not found.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from reports import style
from reports.board import english
from reports.board.authors import Written
from reports.board.directions import differing
from reports.board.records import Board, Comparison, Measure, Progress, Result
from reports.board.subjects import Subject
from reports.grid import Table
from reports.outline import Chart, Section

SENTENCE_ENDS = re.compile(r"(?<=[.!?])\s+")
NUMBER = re.compile(r"(?<![\w.,-])\d[\d,]*(?:\.\d+)?")
YEARS = range(1900, 2100)
WORD_AFTER = re.compile(r"[\s-]*([^\W\d_]+)")
PERCENTAGE = re.compile(r"\s*(?:%|per ?cent)")
LEAST_NUMBER = 20  # smaller ones are often days, ages or counts of districts
PERCENTAGES = ("pct", "signed_pct", "signed_limit_pct")
MOST_WORDS = 120  # of a strand's commentary, if its page is one printed sheet


@dataclass(frozen=True)
class Figure:
    """A figure without its sign, which a number of the author's can be."""

    value: Decimal
    is_percentage: bool = False


def of_strand(
    commentary: Written,
    own: Sequence[Subject],
    printed: Iterable[Figure],
    elsewhere: Sequence[Subject] = (),
) -> tuple[str, ...]:
    """Return what the author must check on the page of a strand.

    A sentence that names no subject is about the strand's measures, or if it has none,
    about all subjects of its page that have a word. Without any, only what a sentence
    says of other pages is checked.

    Args:
        commentary: what the strand's lead wrote.
        own: the subjects of the page.
        printed: the figures of its section.
        elsewhere: the subjects of all pages, which a sentence may name too.
    """
    found = []
    if commentary.length > MOST_WORDS:
        found.append(
            english.say("check_length", words=commentary.length, most=MOST_WORDS)
        )
    sentences = _sentences(commentary.texts)
    compared = [subject for subject in own if subject.codes]
    about = [subject for subject in own if subject.is_measure] or compared or own
    found += [c for s in sentences for c in differing(s, own, elsewhere, about)]
    if own:
        found += _numbers(sentences, own, printed, "of this section")
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
        sections: the report's sections, with their sentences, tables and charts.
    """
    sentences = _sentences(texts)
    printed = [
        *of_measures(board.available),
        *of_plan((board.plan.whole, *board.plan.strands) if board.plan else ()),
        *of_results(board.results),
        *of_sections(sections),
    ]
    return (
        *of_section(sentences, subjects),
        *_numbers(sentences, subjects, printed, "in this report"),
    )


def of_section(texts: Iterable[str], subjects: Sequence[Subject]) -> tuple[str, ...]:
    """Return what to check in a section that has no figures of its own: claims."""
    sentences = _sentences(texts)
    return tuple(
        dict.fromkeys(c for s in sentences for c in differing(s, (), subjects))
    )


def of_measures(measures: Iterable[Measure]) -> Iterator[Figure]:
    """Yield the figures of measures that are available."""
    for measure in measures:
        if not measure.is_available:
            continue
        for comparison in measure.comparisons.values():
            yield from _compared(comparison)
        for area in measure.areas:
            yield from _counts(area.base_count, area.current_count, area.difference)
        yield from _percentages(measure.solved_pct, measure.previous_solved_pct)
        yield from _percentages(measure.positive_pct)
        yield from _counts(measure.solved, measure.recorded, measure.previous_solved)
        yield from _counts(measure.previous_recorded)
        for month in measure.months:
            yield from _counts(month.value, month.average)
            yield from _counts(month.lower_limit, month.upper_limit)


def of_plan(rows: Iterable[Progress]) -> Iterator[Figure]:
    """Yield the figures of the delivery plan."""
    for row in rows:
        yield from _counts(row.total, row.complete, row.ongoing, row.at_risk)
        yield from _counts(row.previous_complete, row.complete_change)
        yield from _counts(row.delivered_count, row.scheduled_count, row.overdue_count)
        yield from _counts(row.moved_count, row.unowned_count)
        yield from _percentages(row.complete_pct)


def of_results(results: Iterable[Result]) -> Iterator[Figure]:
    """Yield the figures of the units' results."""
    for result in results:
        yield from _compared(result.comparison)


def of_sections(sections: Iterable[Section]) -> Iterator[Figure]:
    """Yield the figures of the sections' sentences, tables and charts."""
    for section in sections:
        for change in section.changes:
            yield from _counts(*(n for n in change.numbers if isinstance(n, int)))
            yield from _percentages(
                *(n for n in change.numbers if not isinstance(n, int))
            )
        for block in section.blocks():
            if isinstance(block, Table):
                for column in block.columns:
                    if column.is_number:
                        values = (row[column.name] for row in block.rows)
                        yield from _formatted(values, column.number_format)
            elif isinstance(block, Chart):
                values = (*(point.value for point in block.points), block.total)
                yield from _formatted(values, block.number_format)


def _sentences(texts: Iterable[str]) -> list[str]:
    return [s for text in texts for s in SENTENCE_ENDS.split(text)]


def _numbers(
    sentences: Iterable[str],
    subjects: Iterable[Subject],
    printed: Iterable[Figure],
    place: str,
) -> list[str]:
    """Return a sentence with the numbers that are not among those printed, if any.

    A percentage may be rounded, and is not a count. A number of a subject's name, such
    as that of "within 24 hours", is not a figure.
    """
    figures = set(printed)
    counts = {figure.value for figure in figures if not figure.is_percentage}
    shares = {figure.value for figure in figures if figure.is_percentage}
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
        is_known = number in counts
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


def _compared(c: Comparison) -> Iterator[Figure]:
    """Yield the counts of a comparison, its percentage and its plausible range."""
    yield from _counts(c.base_count, c.current_count, c.difference)
    limits = (c.range_lower_text, c.range_upper_text)
    yield from _percentages(
        c.difference_pct, *(Decimal(text) for text in limits if text)
    )


def _formatted(values: Iterable[Any], number_format: str) -> Iterator[Figure]:
    return (_percentages if number_format in PERCENTAGES else _counts)(*values)


def _counts(*values: Any) -> Iterator[Figure]:
    """Yield the figures of counts and amounts that are known."""
    return (Figure(abs(n)) for value in values if (n := style.exact(value)) is not None)


def _percentages(*values: Any) -> Iterator[Figure]:
    return (replace(figure, is_percentage=True) for figure in _counts(*values))


def _rounded(value: Decimal, like: Decimal) -> Decimal:
    """Return a value with as many decimals as another."""
    return value.quantize(Decimal(1).scaleb(like.as_tuple().exponent), ROUND_HALF_UP)
