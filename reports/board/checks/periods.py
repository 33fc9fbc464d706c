"""Which of the compared periods a claim is of: the 12 months, the quarter or 2019."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from reports.board import records
from reports.board.checks.claims import MONTHS, NOT_HIGHER, NOT_LOWER, STEADY
from reports.board.checks.subjects import PERIODS, Subject

SAID = (
    (
        PERIODS[records.YEAR],
        r"(?:12|twelve)[- ]months?|over the (?:\w+ )?year|year[- ]on[- ]year"
        r"|annual(?:ly)?|(?:in|over|during) the (?:last|past|whole) year"
        r"|(?:in the|the) year to",
    ),
    (
        PERIODS[records.QUARTER],
        # Not what is compared with the quarter before.
        r"(?<!\bthan )(?<!\bon )(?<!\bfrom )(?:(?:this|the|in a) quarter"
        r"(?! before| ago)|Q[1-4]|(?:these|the) three months)"
        rf"|(?:{MONTHS}) (?:to|and|-|\u2013) (?:{MONTHS})",
    ),
    (
        PERIODS[records.PANDEMIC],
        r"2019(?!/)|(?:pre-?|before (?:the )?)(?:pandemic|covid|lockdown)",
    ),
)
PATTERNS = tuple(
    (period, re.compile(rf"\b(?:{words})\b", re.IGNORECASE)) for period, words in SAID
)


def periods_of(parts: Iterable[str]) -> frozenset[str]:
    """Return the periods that the first part of a sentence names that names any."""
    for part in parts:
        if said := {period for period, words in PATTERNS if words.search(part)}:
            return frozenset(said)
    return frozenset()


def in_periods(subject: Subject, said: frozenset[str], kind: str) -> Subject:
    """Return a subject with its changes of some periods, or all if it has none of them.

    Where no period is named, "unchanged" and "not higher" are said of the 12 months.
    """
    if not said and kind in (STEADY, NOT_HIGHER, NOT_LOWER):
        said = frozenset({PERIODS[records.YEAR]})
    codes = tuple(each for each in subject.codes if each[1] in said)
    changes = tuple(each for each in subject.percentages if each.period in said)
    return replace(
        subject,
        codes=codes or subject.codes,
        percentages=changes or subject.percentages,
    )
