"""Which numbers of the author's text are not among the figures that are printed.

A percentage is compared with percentages and another number with counts and amounts.
About a third of all counts under 100 are among the figures of a section, so a wrong one
is often not found.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from reports.board import english
from reports.board.checks.claims import MONTHS
from reports.board.checks.figures import Figure
from reports.board.checks.subjects import Subject

# Not '21' of '2020/21', and not a day: '29th', '29 November'.
NUMBER = re.compile(
    r"(?<![\w.,/-])\d+(?:,\d{3})*(?:\.\d+)?(?![\d,]*\d)"
    rf"(?!(?:st|nd|rd|th)\b|(?: of)? (?:{MONTHS})\b)"
)
YEARS = range(1900, 2100)
WORD_AFTER = re.compile(r"[\s-]*([^\W\d_]+)")
PERCENTAGE = re.compile(r"\s*(?:%|per ?cent|ppt?s?\b)", re.IGNORECASE)
SCALE = re.compile(r" ?(?:(k|thousand)|(m|million)|(bn|billion))\b", re.IGNORECASE)
LEAST_NUMBER = 20  # smaller ones are often days, ages or counts of districts
# What a rounded number may stand for, as parts of it: 'more than 5,000' is 5,012.
ROUNDED = (
    (
        re.compile(r"\b(?:more than|over|at least|above|exceeding) £?$", re.I),
        ("1", "1.25"),
    ),
    (
        re.compile(
            r"\b(?:fewer than|less than|under|below|up to|almost|nearly|at most) £?$",
            re.I,
        ),
        ("0.75", "1"),
    ),
    (
        re.compile(r"\b(?:about|around|approximately|roughly|some|circa) £?$", re.I),
        ("0.95", "1.05"),
    ),
)


def unknown_numbers(
    sentences: Iterable[str],
    subjects: Iterable[Subject],
    printed: Iterable[Figure],
    place: str,
) -> list[str]:
    """Return for each sentence the numbers that are not among those printed, if any.

    A percentage and "£1.2 million" may be rounded, and so may what follows "more than".
    A number of a subject's name, such as that of "within 24 hours", is not a figure.
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
    found = []
    for sentence in sentences:
        unknown = []
        for match in NUMBER.finditer(sentence):
            number = _number(match)
            is_year = number.value in YEARS and match[0].isdigit()
            is_of_name = (match[0], _word_after(match)) in of_names
            is_looked_at = number.value >= LEAST_NUMBER or number.is_percentage
            figures = shares if number.is_percentage else counts
            is_known = any(map(number.stands_for, figures))
            if is_looked_at and not is_year and not is_of_name and not is_known:
                unknown.append(match[0])
        if numbers := list(dict.fromkeys(unknown)):
            found.append(
                english.say(
                    "check_number",
                    sentence=english.cut(sentence),
                    numbers=numbers,
                    place=place,
                )
            )
    return found


@dataclass(frozen=True)
class Number:
    """A number of the author's: its value, and how far the figure may be from it."""

    value: Decimal
    is_percentage: bool
    precision: Decimal  # to which a figure is rounded before it is compared; 0 for none
    least: Decimal
    most: Decimal

    def stands_for(self, figure: Decimal) -> bool:
        if self.least <= figure <= self.most:
            return True
        if not self.precision:
            return figure % 1 != 0 and round(figure) == self.value
        steps = (figure / self.precision).quantize(Decimal(1), ROUND_HALF_UP)
        return steps * self.precision == self.value


def _number(match: re.Match[str]) -> Number:
    digits = Decimal(match[0].replace(",", ""))
    scale = SCALE.match(match.string, match.end())
    unit = Decimal(1000) ** scale.lastindex if scale else Decimal(1)
    is_percentage = PERCENTAGE.match(match.string, match.end()) is not None
    last_digit = Decimal(1).scaleb(digits.as_tuple().exponent)
    before = match.string[: match.start()]
    least, most = next(
        (parts for words, parts in ROUNDED if words.search(before)), ("1", "1")
    )
    return Number(
        value=digits * unit,
        is_percentage=is_percentage,
        precision=last_digit * unit if is_percentage or scale else Decimal(0),
        least=digits * unit * Decimal(least),
        most=digits * unit * Decimal(most),
    )


def _word_after(number: re.Match[str]) -> str:
    """Return the word after a number, in the singular."""
    word = WORD_AFTER.match(number.string, number.end())
    return word[1].lower().removesuffix("s") if word else ""
