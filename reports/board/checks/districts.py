"""Which districts a sentence names, or in how many of them it claims a change."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from reports.board import english
from reports.board.checks.claims import Claim
from reports.board.checks.subjects import Subject
from reports.board.checks.unclaimed import BE

WORDS = english.NUMBERS[1:13]
NUMBER = rf"(?:\d\d?|{'|'.join(WORDS)})"
AT_LEAST, MORE_THAN = "at least", "more than"
NONE = "no|none|neither"
SOME = "some|a few|several"
MOST = "most|(?:a|the) majority|(?:more than|over) half"
NEARLY_ALL = "(?:almost|nearly) (?:all|every)|all but one"
HOW_MANY = (
    rf"(?P<many>{NONE}|{SOME}|{MOST}|{NEARLY_ALL}|half"
    rf"|(?:(?:{AT_LEAST}|{MORE_THAN}|only|just) )?{NUMBER})"
)
PLACES = r"(?:districts?|boroughs?|areas?|divisions?)\b"
DISTRICTS = rf"{PLACES}(?! of (?!the|our|its))"
ALL_OF_THEM = rf"(?: (?:out )?of| in)?(?: (?:the|our|its|these))?(?: {NUMBER})?"
SOME_DISTRICTS = re.compile(rf"\b{DISTRICTS}", re.IGNORECASE)
# 'In all five districts', but not 'in all areas of our work'.
EVERYWHERE = re.compile(
    r"(?<!not )(?<!not in )(?<!almost )(?<!nearly )\b(?:everywhere\b"
    r"|(?:every|each|all)(?: (?:of|the|our|its|these|one|local|policing|\d+"
    rf"|{'|'.join(english.NUMBERS[2:13])}))*"
    rf" {PLACES}(?! of\b))",
    re.IGNORECASE,
)
EXCEPT = re.compile(
    r"\b(?:except(?:ing)?|exception|apart from|aside from|other than|excluding|bar|save"
    r"|(?:(?<=district )|(?<=districts )|(?<=everywhere ))but(?= [A-Z]))\b[^.;]*"
)
# What a district's name is cut at, if it is called by the first words.
SHORT_NAME = re.compile(r",| upon | and |-(?:on|upon|under|le)-")
# 'Rose by 5% in three districts', and 'lower in 2 of 5 districts, higher in 1'.
IN_THEM = re.compile(
    rf"(?: (?:or|and) \w+)?(?: by [^,;:]*?)? (?:in|across) {HOW_MANY}"
    rf"(?:{ALL_OF_THEM}(?: [\w-]+)? {DISTRICTS}|(?=[,.;)]|$| and\b| but\b))",
    re.IGNORECASE,
)
# 'Three districts rose', and 'most of our districts saw a clear rise in hate crime'.
THEY = re.compile(
    rf"\b{HOW_MANY}{ALL_OF_THEM}(?: [\w-]+)? {DISTRICTS}"
    rf"(?: (?:{BE}|have|has|had|saw|seen|show|showed|recorded|reported|an?|all|also|now"
    r"|\w+ly|clear|small|large))* $",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class SoMany:
    """A claim on a number of districts: its words, and how many they are."""

    said: str
    many: str

    def bears(self, having: int, total: int) -> bool:
        """Whether it is true if so many of all districts have the word."""
        if re.fullmatch(NONE, self.many):
            return having == 0
        if re.fullmatch(SOME, self.many):
            return having > 0
        if re.fullmatch(MOST, self.many):
            return having > total / 2
        if re.fullmatch(NEARLY_ALL, self.many):
            return total / 2 < having < total
        if self.many == "half":
            return abs(having - total / 2) < 1
        number = self.many.split()[-1]
        stated = int(number) if number.isdigit() else english.NUMBERS.index(number)
        if self.many.startswith(AT_LEAST):
            return having >= stated
        if self.many.startswith(MORE_THAN):
            return having > stated
        return having == stated


def so_many(sentence: str, claim: Claim) -> SoMany | None:
    """Return in how many districts a claim is made, None if the sentence says none."""
    if not SOME_DISTRICTS.search(sentence):
        return None
    start, end = claim.start, claim.end
    if match := IN_THEM.match(sentence, end):
        end = match.end()
    elif match := THEY.search(sentence, 0, start):
        start = match.start()
    else:
        return None
    return SoMany(sentence[start:end], match["many"].lower())


def districts_of(sentence: str, subjects: Iterable[Subject]) -> list[Subject]:
    """Return each district that the sentence names, with its changes.

    "In all districts but Harlow" names every other one.
    """
    found: dict[str, Subject] = {}
    for subject in subjects:
        names = _names_in(EXCEPT.sub("", sentence), subject.areas)
        if EVERYWHERE.search(sentence):
            excepted = {
                name
                for match in EXCEPT.finditer(sentence)
                for name in _names_in(match[0], subject.areas)
            }
            names = [name for name in subject.areas if name not in excepted]
        for name in names:
            known = found.get(name, Subject(name, better=subject.better))
            percentage = subject.area_percentages.get(name)
            found[name] = replace(
                known,
                codes=(*known.codes, subject.areas[name]),
                percentages=(*known.percentages, *([percentage] if percentage else [])),
            )
    return list(found.values())


def _names_in(text: str, names: Iterable[str]) -> list[str]:
    """Return which names a text has: North Somerset is not Somerset too.

    Bristol is "Bristol, City of", and "Southend" is Southend-on-Sea.
    """
    names = list(names)
    text = text.replace("&", "and")
    also = {
        short: name
        for name in names
        if (short := SHORT_NAME.split(name)[0]) not in names
    }
    found = []
    called = {name: name for name in names} | also
    for said in sorted(called, key=len, reverse=True):
        pattern = rf"\b{re.escape(said.replace('&', 'and'))}\b"
        text, count = re.subn(pattern, "\N{BULLET}", text)
        if count and called[said] not in found:
            found.append(called[said])
    return found
