"""Which subjects a sentence names, in full or with some words of their names.

Some words are enough if one of them says what is counted: "protection notices" are
Domestic Violence Protection Notices, and "attendance within 24 hours" is Domestic abuse
attended within 24 hours, but "domestic violence" is neither.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import groupby

from reports.board.checks.subjects import Subject

# A hyphen joins words, and another sign keeps them apart.
WORD = re.compile(r"[^\W_]+|[^\w\s'\u2019-]")
AND = "and"
# Words that no name is known by. What is counted stands before the first of them.
SMALL = re.compile(
    r"an?|the|of|that|which|who|with(?:in)?|in(?:to)?|by|from|to|for|at|on|near|s"
    r"|is|are|was|were",
    re.I,
)
# It says which of them are counted: 'warrants executed', 'tagged offenders'.
PARTICIPLE = re.compile(
    r"(?<!-)\b(?:\w+ed|taken|given|stolen|found|made|held|sent|brought)\b", re.I
)
NOUN = re.compile(r"\w+(?:ances?|ings?|s)", re.I)  # of the same verb: 'attendance'
ENDING = re.compile(r"(?<=\w{3})(?:ances?|ures?|ings?|ies|ed|es|s|y|e)$")
# Single words that are no name by themselves.
GENERAL = re.compile(
    r"crimes?|offences?|incidents?|referrals?|orders?|notices?|people|persons?|rates?"
    r"|victims?|offenders?|towns?|cases?|reports?"
)


@dataclass(frozen=True)
class Word:
    """A word of a text or a sign, its stem, and its place."""

    text: str
    stem: str
    start: int
    end: int


@dataclass(frozen=True)
class Name:
    """The words of a name, and those that say what is counted.

    A sentence that says several words of the name must have one of `main`. `shorts` are
    single words that are used for it, `actions` those of its participles, and `general`
    those that other names have too.
    """

    stems: frozenset[str]
    last: str
    main: frozenset[str]
    shorts: frozenset[str]
    actions: frozenset[str]
    general: frozenset[str]


@dataclass(frozen=True)
class Match:
    """Words of a sentence that name a subject."""

    start: int
    end: int
    rank: tuple[int, bool, int]  # more words, subjects of the page, shorter names
    subject: Subject

    def gives_way_to(self, other: Match) -> bool:
        if self.end <= other.start or other.end <= self.start:
            return False
        is_as_good = self.rank == other.rank or self.subject.name == other.subject.name
        return self.start != other.start or not is_as_good


@dataclass(frozen=True)
class Named:
    """Subjects that a sentence names, and where; several may have the same name."""

    start: int
    end: int
    subjects: tuple[Subject, ...]


def named(
    sentence: str, own: Sequence[Subject], elsewhere: Iterable[Subject] = ()
) -> list[Named]:
    """Return the subjects that a sentence names, in its order.

    A result that several units have is that of the unit which the sentence names, or
    else that of the page. A result of another page needs its unit.

    Args:
        own: the subjects of the page, which a single word can name.
        elsewhere: those of other pages, of which a single word can name a measure.
    """
    every = [*own, *(subject for subject in elsewhere if subject not in own)]
    units = {s.unit for s in every if s.unit and _unit(s.unit).search(sentence)}
    every = [s for s in every if not own or s in own or not s.unit or s.unit in units]
    sentence = without_units(sentence, every)
    kept: list[Match] = []
    matches = (
        match
        for subject in every
        for match in _matches(sentence, subject, own, every, subject.unit in units)
    )
    for match in sorted(matches, key=lambda match: match.rank, reverse=True):
        if not any(match.gives_way_to(other) for other in kept):
            kept.append(match)
    kept.sort(key=lambda match: match.start)
    of_page = [each for s in own for each in (s, *s.parts.values())]
    return [
        Named(start, max(m.end for m in together), _meant(together, units, of_page))
        for start, group in groupby(kept, key=lambda match: match.start)
        if (together := list(group))
    ]


def without_units(sentence: str, subjects: Iterable[Subject]) -> str:
    """Return a sentence with spaces in place of the names of the subjects' units."""
    for unit in {subject.unit for subject in subjects if subject.unit}:
        sentence = _unit(unit).sub(lambda match: " " * len(match[0]), sentence)
    return sentence


def _unit(name: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){re.escape(name)}(?!\w)", re.IGNORECASE)


def _meant(
    matches: Iterable[Match], units: set[str], own: Sequence[Subject]
) -> tuple[Subject, ...]:
    subjects: list[Subject] = []
    for match in matches:
        if match.subject not in subjects:
            subjects.append(match.subject)
    of_unit = [subject for subject in subjects if subject.unit in units]
    of_page = [subject for subject in subjects if subject in own]
    return tuple(of_unit or of_page or subjects)


def _matches(
    sentence: str,
    subject: Subject,
    own: Sequence[Subject],
    every: Sequence[Subject],
    has_unit: bool,
) -> Iterator[Match]:
    """Yield the words that name a subject.

    If the sentence has its unit, its verb may stand apart: "the unit safeguarded more
    people" has People safeguarded.
    """
    said = {word.stem for word in _words(sentence)} if has_unit else set()
    for text in (subject.name, *subject.also):
        name = _name(text)
        for run in _runs(_words(sentence), name):
            stems = {word.stem for word in run}
            if len(name.stems) == 1:
                is_named = _is_or_plural(run[0], name.last)
            elif stems | (name.actions & said) == name.stems:
                is_named = True
            elif len(stems) > 1 and stems | name.general == name.stems:
                is_named = True  # 'county lines' is county lines crime
            elif text != subject.name:
                is_named = False
            elif len(stems) == 1:
                is_named = _is_enough(run[0], subject, own, every)
            else:
                is_named = bool(stems & name.main)
            if is_named:
                rank = len(stems), subject in own, -len(name.stems)
                meant = _whole_or_part(subject, sentence[: run[0].start])
                yield Match(run[0].start, run[-1].end, rank, meant)


def _whole_or_part(subject: Subject, before: str) -> Subject:
    """Return the part of a subject that the words before its name say: 'Class A'."""
    for part, own in subject.parts.items():
        # 'Class A drugs' and 'adults safeguarded', but not 'A drugs dog'.
        letter = r"\w " if len(part) == 1 else r"\b"
        if re.search(rf"{letter}{re.escape(part)}(?:s|ren)? $", before):
            return own
    return subject


def _runs(words: Sequence[Word], name: Name) -> Iterator[list[Word]]:
    """Yield the words of a sentence that follow each other and are of the name."""
    for is_of_name, run in groupby(words, lambda word: word.stem in name.stems):
        said = list(run)
        while said and said[0].text == AND:
            said.pop(0)
        while said and said[-1].text == AND:
            said.pop()
        if is_of_name and said:
            yield said


def _is_enough(
    word: Word, subject: Subject, own: Sequence[Subject], every: Sequence[Subject]
) -> bool:
    """Whether a single word is used for a name.

    "Robbery" is Personal robbery if no other measure's name has this word. "Champions"
    are all of a page's subjects that are champions.
    """
    if GENERAL.fullmatch(word.text):
        return False
    if subject.is_measure:
        names = {other.name for other in every if other.is_measure}
        having = [name for name in names if word.stem in _name(name).stems]
        return having == [subject.name] and _is_or_plural(
            word, _name(subject.name).last
        )
    having = [other.name for other in own if word.stem in _name(other.name).stems]
    return subject in own and all(_is_used_for(name, word) for name in having)


def _is_used_for(text: str, word: Word) -> bool:
    """Whether a word says what is counted: "warrants", "attendance", "champions"."""
    name = _name(text)
    if word.stem in name.actions:
        return NOUN.fullmatch(word.text) is not None
    return any(_is_or_plural(word, short) for short in name.shorts)


def _is_or_plural(word: Word, name: str) -> bool:
    plural = f"{name[:-1]}ies" if name.endswith("y") else rf"{name}(?:s|es)"
    return re.fullmatch(f"{name}|{plural}", word.text) is not None


@cache
def _name(text: str) -> Name:
    """Return a name's words: what is counted stands before its first small word."""
    words = [word for word in _words(text) if word.text.isalnum()]
    smalls = (m.start() for m in WORD.finditer(text) if _is_small(m[0]) and m.start())
    end = next(smalls, len(text))
    counted = [word for word in words if word.start < end] or words
    places = {match.start() for match in PARTICIPLE.finditer(text)}
    actions = frozenset(word.stem for word in counted if word.start in places)
    parts = groupby(counted, lambda word: word.text == AND)
    nouns = {list(part)[-1].text for is_and, part in parts if not is_and}
    if actions:
        # "Warrants" are Warrants executed; "offenders" are more than tagged ones.
        is_of_two = len(words) == 2 and words[1].stem in actions
        nouns = {words[0].text} if is_of_two else set()
    return Name(
        stems=frozenset(word.stem for word in words),
        last=words[-1].text if words else "",
        main=actions or frozenset(map(_stem, nouns)),
        shorts=frozenset(nouns),
        actions=actions,
        general=frozenset(w.stem for w in words if GENERAL.fullmatch(w.text)),
    )


@cache
def _words(text: str) -> tuple[Word, ...]:
    """Return the words and signs of a text, without its small words."""
    return tuple(
        Word(text := _plain(match[0]), _stem(text), match.start(), match.end())
        for match in WORD.finditer(text)
        if not _is_small(match[0])
    )


def _is_small(word: str) -> bool:
    return SMALL.fullmatch(word) is not None


def _plain(word: str) -> str:
    return AND if word == "&" else word.lower()


def _stem(word: str) -> str:
    return ENDING.sub("", word)
