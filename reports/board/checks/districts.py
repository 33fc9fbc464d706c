"""In how many districts a sentence claims a change: 'rose in three of five districts'.

A sentence that names districts is compared with their words instead (directions.py).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from reports.board import english
from reports.board.checks.claims import Claim
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
DISTRICTS = r"(?:districts?|boroughs?|areas?|divisions?)\b(?! of (?!the|our|its))"
ALL_OF_THEM = rf"(?: (?:out )?of| in)?(?: (?:the|our|its|these))?(?: {NUMBER})?"
SOME_DISTRICTS = re.compile(rf"\b{DISTRICTS}", re.IGNORECASE)
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
