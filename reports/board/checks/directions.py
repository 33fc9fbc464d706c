"""What a sentence of the author claims of a change, against the words of the figures.

A sentence that says higher, lower or unchanged (in any of the usual words) is compared
with the words of the districts that it names, of the subjects that it names beside the
claim, or of what the page is about. "Better" is a direction if it is known which one
is better. A size in words is compared with the percentages of the subject.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from reports.board import english
from reports.board.checks.claims import (
    BETTER,
    HIGHER,
    LOWER,
    NOT_HIGHER,
    NOT_LOWER,
    STEADY,
    WORSE,
    Claim,
    Size,
    size_of,
)
from reports.board.checks.districts import (
    SOME_DISTRICTS,
    SoMany,
    districts_of,
    so_many,
)
from reports.board.checks.months import differing_counts, is_of_other_months, month_of
from reports.board.checks.periods import in_periods, periods_of
from reports.board.checks.speaking import said_of_subjects
from reports.board.checks.subjects import PERIODS, Subject
from reports.board.checks.unclaimed import UNEVEN
from reports.board.english import CHANGE_WORDS
from reports.board.records import Number

EITHER = "higher or lower"
# The words of the figures that bear a claim. What is uneven, too few or not comparable
# bears none.
BORNE_BY = {
    HIGHER: {"higher"},
    LOWER: {"lower"},
    STEADY: {"no_clear_change"},
    EITHER: {"higher", "lower"},  # it is not known what is better
    NOT_HIGHER: set(CHANGE_WORDS) - {"higher"},
    NOT_LOWER: set(CHANGE_WORDS) - {"lower"},
}
BORNE_BY_SIZE = (HIGHER, LOWER, BETTER, WORSE)
OPPOSITE = {HIGHER: LOWER, LOWER: HIGHER}
IN_TOTAL = re.compile(r"\b(?:in total|totals?|overall)\b", re.IGNORECASE)
MOST_NAMES = 4  # of subjects that a check repeats


def differing(
    sentence: str,
    own: Sequence[Subject],
    elsewhere: Sequence[Subject] = (),
    otherwise: Sequence[Subject] = (),
) -> Iterator[str]:
    """Yield a sentence for each claim that the figures of its subject do not bear.

    Args:
        own: the subjects of the page.
        elsewhere: those of other pages, which a sentence may name too.
        otherwise: the subjects that a sentence is about if it names none. One of them
            that bears the claim is enough.
    """
    for claim, spoken_of, parts in said_of_subjects(sentence, own, elsewhere):
        if claim.kind in (NOT_HIGHER, NOT_LOWER) and SOME_DISTRICTS.search(sentence):
            continue  # 'it has not risen in every district' claims nothing of one
        about = spoken_of or otherwise
        is_named = bool(spoken_of)
        in_parts = (districts_of(part, about) for part in parts)
        named_districts = next(filter(None, in_parts), [])
        of_month = [s for s in about if month_of(sentence, claim, s.months)]
        if named_districts:
            measures = [s.name for s in about if s.areas]
            yield from _misdirected(sentence, claim, named_districts, True, measures)
        elif districts := so_many(sentence, claim):
            yield from _miscounted(sentence, claim, districts, about, is_named)
        elif of_month and claim.kind in OPPOSITE:
            yield from _of_months(sentence, claim, of_month, is_named)
        elif not _is_of_other_periods(about, parts[:2]):
            said = periods_of(parts[:2])
            by_name = [
                in_periods(subject, said, claim.kind)
                for subject in _by_name(about, is_named)
            ]
            yield from _misdirected(sentence, claim, by_name, is_named)


def _is_of_other_periods(about: Iterable[Subject], parts: Iterable[str]) -> bool:
    """Whether a claim is of months or quarters of which no subject has a word."""
    periods = {period for subject in about for _, period in subject.codes}
    has_other = bool(periods - set(PERIODS.values()))
    return not has_other and any(map(is_of_other_months, parts))


def _misdirected(
    sentence: str,
    claim: Claim,
    about: Sequence[Subject],
    is_named: bool,
    measures: Sequence[str] = (),
) -> Iterator[str]:
    """Yield a sentence for a claim whose direction or size the figures do not bear.

    Args:
        measures: those of which `about` are districts, if they are.
    """
    least = 1 if is_named else len(about)
    # 'Higher in total, but uneven' is what the figures say.
    is_uneven = bool(UNEVEN.search(sentence) and IN_TOTAL.search(sentence))
    differ = [
        subject
        for subject in about
        if not _bears(subject, claim.kind)
        and not (is_uneven and "uneven" in dict(subject.codes))
    ]
    if differ and len(differ) >= least:
        yield _listed(sentence, claim.said, differ, measures)
    elif claim.kind in BORNE_BY_SIZE and (size := size_of(sentence, claim)):
        differ = [
            replace(subject, codes=(), differences=subject.percentages)
            for subject in about
            if not _is_of_size(subject, claim.kind, size)
        ]
        if differ and len(differ) >= least:
            yield _listed(sentence, size.said, differ, measures)


def _listed(
    sentence: str, said: str, differ: Sequence[Subject], measures: Sequence[str]
) -> str:
    return english.say(
        "check_direction",
        sentence=english.cut(sentence),
        said=said,
        named=english.with_the_rest([s.name for s in differ], MOST_NAMES),
        measures=english.with_the_rest(measures, MOST_NAMES),
        codes=_by_code(differ),
        differences=[d for s in differ if not s.codes for d in s.differences],
    )


def _miscounted(
    sentence: str,
    claim: Claim,
    districts: SoMany,
    about: Sequence[Subject],
    is_named: bool,
) -> list[str]:
    """Return a sentence for each subject that is so not in so many of its districts."""
    compared = [subject for subject in about if subject.areas]
    found = []
    for subject in compared:
        direction = _direction(subject, claim.kind)
        codes = [code for code, _ in subject.areas.values()]
        having = sum(code in BORNE_BY[direction] for code in codes)
        if direction != EITHER and not districts.bears(having, len(codes)):
            (code,) = BORNE_BY[direction]
            found.append(
                english.say(
                    "check_districts",
                    sentence=english.cut(sentence),
                    said=districts.said,
                    name=subject.name,
                    code=code,
                    having=having,
                    total=len(codes),
                )
            )
    return found if is_named or len(found) == len(compared) else []


def _of_months(
    sentence: str, claim: Claim, about: Sequence[Subject], is_named: bool
) -> list[str]:
    """Return a sentence for each subject whose month does not bear a claim of it."""
    found = []
    for subject in about:
        month = month_of(sentence, claim, subject.months)
        if counts := differing_counts(month, claim.kind, subject.months):
            found.append(
                english.say(
                    "check_month",
                    sentence=english.cut(sentence),
                    said=claim.said,
                    name=subject.name,
                    counts=counts,
                )
            )
    return found if is_named or len(found) == len(about) else []


def _by_name(subjects: Iterable[Subject], is_named: bool) -> list[Subject]:
    """Return subjects by the names that a check calls them; a later one replaces."""
    names = {(s.label if is_named else s.name): s for s in subjects}
    return [replace(subject, name=name) for name, subject in names.items()]


def _bears(subject: Subject, kind: str) -> bool:
    """Whether a word of the figures bears a claim, or the sign of what has none."""
    codes = [code for code, _ in subject.codes]
    signs = [_sign(difference.value) for difference in subject.differences]
    borne_by = BORNE_BY[_direction(subject, kind)]
    return any(code in borne_by for code in codes or signs)


def _direction(subject: Subject, kind: str) -> str:
    """Return which direction a claim says, if it is known what is better."""
    if kind == BETTER:
        return subject.better or EITHER
    if kind == WORSE:
        return OPPOSITE.get(subject.better, EITHER)
    return kind


def _is_of_size(subject: Subject, kind: str, size: Size) -> bool:
    """Whether a percentage of a subject bears a size; what has none is not compared."""
    sign = {HIGHER: 1, LOWER: -1}.get(_direction(subject, kind))
    changes = [each.value for each in subject.percentages]
    sizes = [change * sign if sign else abs(change) for change in changes]
    return not sizes or any(
        size.least <= each and (size.most is None or each <= size.most)
        for each in sizes
    )


def _sign(difference: Number) -> str:
    if difference == 0:
        return "no_clear_change"
    return "higher" if difference > 0 else "lower"


def _by_code(subjects: Iterable[Subject]) -> dict[str, list[str]]:
    """Return each code with the periods that have it."""
    found: dict[str, list[str]] = {}
    codes = (each for subject in subjects for each in subject.codes)
    for code, period in dict.fromkeys(codes):
        found.setdefault(code, []).append(period)
    return found
