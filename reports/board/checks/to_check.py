"""Points for the author to check before publishing: their words against the figures.

Claims of a change are compared with the words of the figures (directions.py), and each
number with the figures of its section (numbers.py).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from html import unescape

from reports.board import english
from reports.board.authors import MOST_WORDS_OF_A_POINT, Written
from reports.board.beside import is_sub_heading
from reports.board.checks import figures
from reports.board.checks.directions import differing
from reports.board.checks.figures import Figure
from reports.board.checks.naming import named
from reports.board.checks.numbers import unknown_numbers
from reports.board.checks.speaking import has_another_change
from reports.board.checks.subjects import Subject
from reports.board.records import Board
from reports.outline import Section

TABLE_ROW = re.compile(r"<tr>(.*?)</tr>", re.DOTALL)
TABLE_CELL = re.compile(r"<t[dh][^>]*>(.*?)</t[dh]>", re.DOTALL)
TAG = re.compile(r"<[^>]+>")
REFERS = re.compile(r"(?:It|They|This|These|That|Those|Both)\b")
SENTENCE_ENDS = re.compile(r"(?<=[.!?])\s+")
MOST_REPEATED = 6  # sentences
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
    texts = list(_texts(commentary))
    compared = [subject for subject in own if subject.codes]
    about = [subject for subject in own if subject.is_measure] or compared or own
    found += _claims(texts, own, elsewhere, about)
    if own:
        sentences = _sentences(texts)
        found += unknown_numbers(sentences, own, printed, "of this section")
        others = [s for s in sentences if has_another_change(s, own, elsewhere)]
        if others:
            repeated = [f"\u201c{english.cut(sentence)}\u201d" for sentence in others]
            shown = english.with_the_rest(repeated, MOST_REPEATED)
            found.append(english.say("check_others", sentences=shown))
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


def _texts(commentary: Written) -> Iterator[str]:
    """Yield each text of the author's. The cells of a table's row are one text, and so
    are a sub-heading and what follows it.
    """
    heading = ""
    for block in commentary.blocks:
        if block.is_heading_of_part:
            continue
        texts = list(block.texts)
        if block.html.startswith("<table"):
            rows = TABLE_ROW.findall(block.html)
            texts = [": ".join(map(_words, TABLE_CELL.findall(row))) for row in rows]
        if is_sub_heading(block):
            heading = f"{texts[0]}. "
            continue
        for text in texts:
            yield heading + text
            heading = ""


def _words(html: str) -> str:
    return unescape(TAG.sub("", html)).strip()


def _claims(
    texts: Iterable[str],
    own: Sequence[Subject],
    elsewhere: Sequence[Subject],
    about: Sequence[Subject],
) -> Iterator[str]:
    """Yield what differs. "It has fallen" is about what the sentence before names."""
    for text in texts:
        before: list[Subject] = []
        for sentence in SENTENCE_ENDS.split(text):
            refers = REFERS.match(sentence) is not None
            yield from differing(sentence, own, elsewhere, (refers and before) or about)
            names = named(sentence, own, elsewhere)
            if names or not refers:
                before = [subject for name in names for subject in name.subjects]


def _sentences(texts: Iterable[str]) -> list[str]:
    return [s for text in texts for s in SENTENCE_ENDS.split(text)]
