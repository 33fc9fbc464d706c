"""What each claim of a sentence speaks of, and where its districts stand."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from reports.board.checks.claims import COUNTED, SUBJECT, Claim, claims_of, has_words
from reports.board.checks.districts import EVERYWHERE
from reports.board.checks.subjects import Subject
from reports.board.checks.topics import (
    COUNTS,
    OTHER,
    PRONOUN,
    SUBJECTS,
    Topic,
    is_in,
    is_of,
    listed,
    says_of_another,
    topics_of,
)
from reports.board.checks.unclaimed import END

# 'Robbery rose and [has] remained high' is one subject's.
JOINED = re.compile(r" (?:and|or|but)(?: (?:then|has|have|also))* ", re.IGNORECASE)
NEXT = re.compile(rf"{END.pattern}| and ", re.IGNORECASE)


def said_of_subjects(
    sentence: str, own: Sequence[Subject], elsewhere: Sequence[Subject]
) -> Iterator[tuple[Claim, list[Subject], Sequence[str]]]:
    """Yield each claim of a sentence, the subjects that it speaks of, and the parts of
    the sentence that name its districts; the first part that names any has them.

    Those stand after it in "a rise in robbery", or else before it and after the claim
    before ("robbery rose and fraud fell"), or else after it. Without any, a claim
    speaks of the subjects of the one before it. A claim on something else, such as
    patrols, is left out.
    """
    claims, topics = _read(sentence, own, elsewhere)
    names = [topic for topic in topics if topic.kind == SUBJECTS]
    spoken_of: list[Topic] = []
    first = 0
    ends = [*(claim.start for claim in claims[1:]), len(sentence)]
    for claim, last in zip(claims, ends, strict=False):
        after = [t for t in topics if claim.end <= t.start < last]
        before = [t for t in topics if first <= t.start < claim.start]
        is_next = claim.needs == COUNTED
        counted = after[0] if after else None
        if counted and not is_in(sentence, claim.end, counted, is_next):
            counted = None
        beside = before[-1] if before else None
        if beside and not is_of(sentence, beside, claim.start):
            beside = None
        about = counted or beside
        is_other = about is not None and about.kind == OTHER
        if spoken_of and JOINED.fullmatch(sentence, first, claim.start):
            about = about or spoken_of[0]
        if is_other or not _has_what_it_needs(claim, counted, about):
            first = max(claim.end, about.end if about else 0)
            continue
        named_after = [topic for topic in after if topic.kind == SUBJECTS]
        named_before = [topic for topic in before if topic.kind == SUBJECTS]
        if named_after and (counted is named_after[0] or not named_before):
            spoken_of = listed(sentence, named_after)
            first = spoken_of[-1].end
        else:
            spoken_of = listed(sentence, named_before[::-1])[::-1] or spoken_of or names
            first = claim.end
        has_pronoun = about is not None and about.kind == PRONOUN
        is_unknown = (about is None or has_pronoun) and says_of_another(
            sentence, (claim.start, claim.end), has_pronoun
        )
        if not spoken_of and is_unknown:
            continue
        about_it = [s for topic in spoken_of for s in topic.subjects]
        yield claim, about_it, _parts(sentence, claims, claim)


def has_another_change(
    sentence: str, own: Sequence[Subject], elsewhere: Sequence[Subject]
) -> bool:
    """Whether a sentence says of something without figures that it rose or fell, is
    better or worse, or is the same. "More" says too little: 'more needs to be done'.
    """
    claims, _ = _read(sentence, own, elsewhere)
    compared = [claim for claim, *_ in said_of_subjects(sentence, own, elsewhere)]
    return any(c.needs != COUNTED and c not in compared for c in claims)


def _read(
    sentence: str, own: Sequence[Subject], elsewhere: Sequence[Subject]
) -> tuple[list[Claim], list[Topic]]:
    """Return what a sentence claims and what it is about, each in its order."""
    if not has_words(sentence):
        return [], []
    topics = topics_of(sentence, own, elsewhere)
    names = [(t.start, t.end) for t in topics if t.kind == SUBJECTS]
    return claims_of(sentence, names), topics


def _parts(sentence: str, claims: Sequence[Claim], claim: Claim) -> list[str]:
    """Return where a claim's districts are: 'in Harlow it rose, but fell in Basildon'.

    They stand after it and before the words of the next claim, or else before it.
    """
    number = claims.index(claim)
    if len(claims) == 1:
        return [sentence]
    after = _after(sentence, claims, number)
    start = 0
    if number:
        start = claims[number - 1].end + len(_after(sentence, claims, number - 1))
    # 'It rose in all districts and fraud fell' says nothing of fraud's districts.
    rest = EVERYWHERE.sub("", sentence)
    return [after, sentence[start : claim.start], rest]


def _after(sentence: str, claims: Sequence[Claim], number: int) -> str:
    """Return what stands after a claim and before the words of the next one."""
    if number == len(claims) - 1:
        return sentence[claims[number].end :]
    after = sentence[claims[number].end : claims[number + 1].start]
    ends = [match.start() for match in NEXT.finditer(after)]
    return after[: ends[-1]] if ends else after


def _has_what_it_needs(
    claim: Claim, counted: Topic | None, about: Topic | None
) -> bool:
    if claim.needs == COUNTED:
        return counted is not None and counted.kind in (SUBJECTS, COUNTS)
    return claim.needs != SUBJECT or about is not None
