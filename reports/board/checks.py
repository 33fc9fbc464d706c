"""Points for the author to check before publishing: their words against the figures.

Claims of a change are compared with the words of the figures (directions.py), and each
number with the figures of its section (numbers.py).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from reports.board import english, figures
from reports.board.authors import MOST_WORDS_OF_A_POINT, Written
from reports.board.directions import differing
from reports.board.figures import Figure
from reports.board.numbers import unknown_numbers
from reports.board.records import Board
from reports.board.subjects import Subject
from reports.outline import Section

SENTENCE_ENDS = re.compile(r"(?<=[.!?])\s+")
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
        found += unknown_numbers(sentences, own, printed, "of this section")
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
        *unknown_numbers(sentences, subjects, printed, "in this report"),
    )


def of_section(texts: Iterable[str], subjects: Sequence[Subject]) -> tuple[str, ...]:
    """Return what to check in a section that has no figures of its own: claims."""
    sentences = _sentences(texts)
    return tuple(
        dict.fromkeys(c for s in sentences for c in differing(s, (), subjects))
    )


def _sentences(texts: Iterable[str]) -> list[str]:
    return [s for text in texts for s in SENTENCE_ENDS.split(text)]
