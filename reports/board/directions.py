"""What a sentence of the author says of a direction, against the words of the figures.

A sentence that says higher or lower (in any of the usual words) is compared with the
words of the districts that it names, of the subjects that it names beside the
direction, or of what the page is about.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from textwrap import shorten

from reports.board import english
from reports.board.naming import Named, named
from reports.board.subjects import CodeOfPeriod, Subject

# 'More serious than last year' says nothing of a count.
COUNTED = r"(?:(?: [\w-]+){0,2} (?:\w+(?<!ou)s|people|crime|violence|fraud|cash))?"
BEFORE = (
    r"(?:last year|a year (?:ago|before|earlier)|(?:in )?the (?:year|12 months) before)"
)
THAN_BEFORE = rf"(?={COUNTED} than {BEFORE})"
DIRECTIONS = {
    "higher": r"higher|ris(?:e|es|en|ing)|rose|increas\w*|grew|grown|growth|upward\w*"
    r"|(?:go(?:es|ing|ne)?|went) up|climb\w*|surg(?:e|es|ed|ing)|soar\w*"
    r"|doubl(?:ed|ing)|trebl(?:ed|ing)|(?:is|are|was|were|been) up"
    rf"|more{THAN_BEFORE}",
    "lower": r"lower|fall(?:s|en|ing)?|fell|decreas\w*|reduc\w*|declin\w*|dropp?\w*"
    r"|(?:go(?:es|ing|ne)?|went|came) down|fewer|halv(?:ed|ing)|downward\w*"
    r"|shr(?:ink|inks|inking|ank|unk)|(?:is|are|was|were|been) down"
    rf"|less{THAN_BEFORE}",
}
# 'not higher' says no direction, and neither does 'did not rise'.
NEGATED = re.compile(r"\b(?:not|no|never|neither|nor)(?: \w+)? $", re.IGNORECASE)
# Between a direction and its subject: 'a rise in the number of robberies'.
IN_IT = re.compile(
    r" (?:in|of) (?:(?:the|numbers?|levels?|of|all|recorded|reported) )*", re.IGNORECASE
)
LISTED = re.compile(r"(?:[\s,&]|\b(?:and|or|both|the|of)\b)+", re.IGNORECASE)
MOST_LETTERS = 60  # of the author's sentence that a check repeats
MOST_NAMES = 4  # of subjects that a check repeats


def differing(
    sentence: str,
    own: Sequence[Subject],
    elsewhere: Iterable[Subject] = (),
    otherwise: Sequence[Subject] = (),
) -> Iterator[str]:
    """Yield a sentence for each direction that the figures of its subject do not have.

    Args:
        own: the subjects of the page.
        elsewhere: those of other pages, which a sentence may name too.
        otherwise: the subjects that a sentence is about if it names none. One of them
            with the direction is enough.
    """
    for direction, said, spoken_of in _said(sentence, own, elsewhere):
        codes = _districts(sentence, spoken_of or otherwise)
        is_named = bool(codes or spoken_of)
        codes = codes or {s.label: list(s.codes) for s in spoken_of}
        codes = codes or {s.name: list(s.codes) for s in otherwise}
        differ = {
            name: of_periods
            for name, of_periods in codes.items()
            if direction not in {code for code, _ in of_periods}
        }
        if differ and (is_named or len(differ) == len(codes)):
            yield english.say(
                "check_direction",
                sentence=shorten(
                    sentence, MOST_LETTERS, placeholder=" \N{HORIZONTAL ELLIPSIS}"
                ),
                said=said,
                named=english.with_the_rest(list(differ), MOST_NAMES),
                codes=_by_code(differ.values()),
            )


def _said(
    sentence: str, own: Sequence[Subject], elsewhere: Iterable[Subject]
) -> Iterator[tuple[str, str, list[Subject]]]:
    """Yield each direction of a sentence, its word, and the subjects that it speaks of.

    Those stand after it in "a rise in robbery", or else before it and after the
    direction before ("robbery rose and fraud fell"), or else after it. Without any, a
    direction speaks of the subjects of the one before it.
    """
    found = sorted(
        (match.start(), match.end(), direction, match[0])
        for direction, pattern in DIRECTIONS.items()
        for match in re.finditer(rf"\b(?:{pattern})\b", sentence, re.IGNORECASE)
        if not NEGATED.search(sentence[: match.start()])
    )
    names = named(sentence, own, elsewhere) if found else []
    spoken_of: list[Named] = []
    first = 0
    for number, (start, end, direction, said) in enumerate(found):
        last = found[number + 1][0] if number + 1 < len(found) else len(sentence)
        before = [name for name in names if first <= name.start < start]
        after = [name for name in names if end <= name.start < last]
        is_in_it = after and IN_IT.fullmatch(sentence[end : after[0].start])
        if after and (is_in_it or not before):
            spoken_of = _together(sentence, after)
            first = spoken_of[-1].end
        else:
            spoken_of = _together(sentence, before[::-1])[::-1] or spoken_of or names
            first = end
        yield direction, said, [s for name in spoken_of for s in name.subjects]


def _together(sentence: str, names: Sequence[Named]) -> list[Named]:
    """Return the first of the names, and those that are listed with it."""
    found = list(names[:1])
    for name in names[1:]:
        one, other = sorted((found[-1], name), key=lambda each: each.start)
        if not LISTED.fullmatch(sentence[one.end : other.start]):
            break
        found.append(name)
    return found


def _districts(
    sentence: str, subjects: Iterable[Subject]
) -> dict[str, list[CodeOfPeriod]]:
    """Return the change codes of each district that the sentence names."""
    found: dict[str, list[CodeOfPeriod]] = {}
    for subject in subjects:
        rest = sentence
        # North Somerset is not Somerset too.
        for name in sorted(subject.areas, key=len, reverse=True):
            rest, count = re.subn(rf"\b{re.escape(name)}\b", "\N{BULLET}", rest)
            if count:
                found.setdefault(name, []).append(subject.areas[name])
    return found


def _by_code(subjects: Iterable[list[CodeOfPeriod]]) -> dict[str, list[str]]:
    """Return each code with the periods that have it."""
    found: dict[str, list[str]] = {}
    for code, period in dict.fromkeys(each for codes in subjects for each in codes):
        found.setdefault(code, []).append(period)
    return found
