"""Points for the author to check before publishing: their words against the figures.

Claims of a change are compared with the words of the figures (directions.py), and each
number with the figures of its section (figures.py): a percentage with percentages, and
another number with counts and amounts. About a third of all counts under 100 are among
the figures of a section, so a wrong one is often not found.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from decimal import ROUND_HALF_UP, Decimal

from reports.board import english, figures
from reports.board.authors import MOST_WORDS_OF_A_POINT, Written
from reports.board.claims import MONTHS
from reports.board.directions import differing
from reports.board.figures import Figure
from reports.board.records import Board
from reports.board.subjects import Subject
from reports.outline import Section

SENTENCE_ENDS = re.compile(r"(?<=[.!?])\s+")
# Not '21' of '2020/21', and not a day: '29th', '29 November'.
NUMBER = re.compile(
    r"(?<![\w.,/-])\d+(?:,\d{3})*(?:\.\d+)?(?![\d,]*\d)"
    rf"(?!(?:st|nd|rd|th)\b|(?: of)? (?:{MONTHS})\b)"
)
YEARS = range(1900, 2100)
WORD_AFTER = re.compile(r"[\s-]*([^\W\d_]+)")
PERCENTAGE = re.compile(r"\s*(?:%|per ?cent)")
LEAST_NUMBER = 20  # smaller ones are often days, ages or counts of districts
MOST_WORDS = 120  # of a strand's commentary, if its page is one printed sheet


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

    One that is too long for page one is told where it stands.

    Args:
        texts: what the author wrote.
        subjects: those of all pages.
        sections: the report's sections, with their sentences, tables and charts.
    """
    texts = tuple(texts)
    length = sum(len(text.split()) for text in texts)
    found = []
    if length > MOST_WORDS_OF_A_POINT:
        found.append(
            english.say("check_summary", words=length, most=MOST_WORDS_OF_A_POINT)
        )
    sentences = _sentences(texts)
    printed = [
        *figures.of_measures(board.available),
        *figures.of_plan((board.plan.whole, *board.plan.strands) if board.plan else ()),
        *figures.of_results(board.results),
        *figures.of_sections(sections),
    ]
    return (
        *found,
        *of_section(sentences, subjects),
        *_numbers(sentences, subjects, printed, "in this report"),
    )


def of_section(texts: Iterable[str], subjects: Sequence[Subject]) -> tuple[str, ...]:
    """Return what to check in a section that has no figures of its own: claims."""
    sentences = _sentences(texts)
    return tuple(
        dict.fromkeys(c for s in sentences for c in differing(s, (), subjects))
    )


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
    known = set(printed)
    counts = {figure.value for figure in known if not figure.is_percentage}
    shares = {figure.value for figure in known if figure.is_percentage}
    of_names = {
        (match[0], _word_after(match))
        for subject in subjects
        for name in (subject.name, *subject.also)
        for match in NUMBER.finditer(name)
    }
    unknown = []
    for match in (n for s in sentences for n in NUMBER.finditer(s)):
        text = match[0]
        number = Decimal(text.replace(",", ""))
        is_year = number in YEARS and "," not in text
        is_percentage = PERCENTAGE.match(match.string, match.end())
        is_looked_at = number >= LEAST_NUMBER or is_percentage
        is_of_name = (text, _word_after(match)) in of_names
        is_known = number in counts
        if is_percentage:
            is_known = number in {_rounded(share, number) for share in shares}
        if is_looked_at and not is_year and not is_of_name and not is_known:
            unknown.append(text)
    numbers = list(dict.fromkeys(unknown))
    if not numbers:
        return []
    return [english.say("check_number", numbers=numbers, place=place)]


def _word_after(number: re.Match[str]) -> str:
    """Return the word after a number, in the singular."""
    word = WORD_AFTER.match(number.string, number.end())
    return word[1].lower().removesuffix("s") if word else ""


def _rounded(value: Decimal, like: Decimal) -> Decimal:
    """Return a value with as many decimals as another."""
    return value.quantize(Decimal(1).scaleb(like.as_tuple().exponent), ROUND_HALF_UP)
