"""Writes numbers, lists and names in English; the filters of the sentence templates.

A template makes a sentence from codes and numbers. As text it is plain. On a page, its
names are links and everything is escaped.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from textwrap import shorten
from typing import Any

from reports import style
from reports.board import periods

SENTENCES = Path(__file__).parents[1] / "sentences"
LAYOUT = Path(__file__).parents[2] / "seeds" / "layout"
WORDINGS = LAYOUT / "wordings.csv"
AMOUNT_UNITS = LAYOUT / "amount_units.csv"
MINUS = "\u2212"
MOST_TIED = 3  # extremes that are named if several have the same value
MOST_REPEATED = 60  # letters of a sentence
MOST_LETTERS = 120  # longest title on a one-sheet page
NUMBERS = [
    "no",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
    "twenty",
]
# Extracts and columns of the open data whose code has no plain words.
NAMES = {
    "police_uk_street": "street-level crime",
    "police_uk_outcomes": "outcomes",
    "lsoa_name": "small area",
    "last_outcome_category": "last outcome",
    "falls_within": "police force",
}
# First words of names that keep their capital within a sentence.
PROPER_NOUNS = {"Prevent", "Channel", "Action", "Operation"}


NONE = "none"
NO_EARLIER = "no earlier figure"
CHANGE_CODES = (
    "higher",
    "lower",
    "uneven",
    "no_clear_change",
    "too_few",
    "not_comparable",
    "rounded",
    "confidential",
)


def wordings() -> dict[str, str]:
    """Return the codes of seeds/layout/wordings.csv, each with its wording."""
    with WORDINGS.open(encoding="utf-8", newline="") as file:
        return {row["wording_code"]: row["wording"] for row in csv.DictReader(file)}


def amounts() -> dict[str, tuple[str, str, str]]:
    """Return the units of money and weights in seeds/layout/amount_units.csv, each with
    what is printed before and after its number, and with the number's format.

    A unit has two names: 'pounds' in figures, and '£' in tables.
    """
    found = {}
    with AMOUNT_UNITS.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            before, after = row["sign_before"], row["sign_after"]
            number_format = "count" if row["is_whole"] == "true" else "decimal"
            printed = before, f" {after}" if after else "", number_format
            found |= dict.fromkeys((row["measure_unit"], before or after), printed)
    return found


def change_words() -> dict[str | None, str]:
    """Return change_code → its word, from the seed that the tables also use."""
    rows = wordings()
    words = {code: rows[f"change_{code}"] for code in CHANGE_CODES}
    return words | {None: NO_EARLIER}


CHANGE_WORDS = change_words()
AMOUNTS = amounts()


def change_word(
    code: str | None, has_figure: bool = True, has_earlier: bool = False
) -> str:
    """Return the word of a comparison, which is the same wherever it is printed.

    Args:
        code: the comparison's change_code; None if it has no word.
        has_figure: whether its current count is known.
        has_earlier: whether the earlier count is also known.
    """
    if code:
        return CHANGE_WORDS[code]
    if not has_figure:
        return "not available"
    return "too few months to compare" if has_earlier else CHANGE_WORDS[None]


def count(value: Any) -> str:
    """Format a count: '30,038'. A decimal keeps its decimal places."""
    return style.number_text(value, "count")


def or_none(value: int) -> str:
    """Format a count in a sentence, which has no figure of nothing: '12', 'none'."""
    return count(value) if value else NONE


def all_actions(number: int) -> str:
    """Return all actions of a plan: 'the only action', 'both actions', 'all 37
    actions'.
    """
    several = "both actions" if number == 2 else f"all {count(number)} actions"
    return "the only action" if number == 1 else several


def counted(heading: str, number: int) -> str:
    """Return a heading with how many are below it; without a number if none is."""
    return f"{heading}: {count(number)}" if number else heading


def quantity(value: Any, unit: str | None) -> str:
    """Format a count, or an amount with its sign: '131', '£47,685', '69.0 kg'."""
    before, after, number_format = AMOUNTS.get(unit or "", ("", "", "count"))
    return f"{before}{style.number_text(value, number_format)}{after}"


def signed_quantity(value: Any, unit: str | None) -> str:
    """Format a change of a count or an amount: '+13', '+£3,525', '+18.8 kg'."""
    before, after, number_format = AMOUNTS.get(unit or "", ("", "", "count"))
    number = style.number_text(value, f"signed_{number_format}")
    sign = number[:1] if number[:1] in ("+", MINUS) else ""
    return f"{sign}{before}{number.removeprefix(sign)}{after}"


def decimal(value: Any) -> str:
    """Format a decimal with the places that it has: '27.7', '15.0'."""
    return style.number_text(value, "decimal")


def signed(value: Any) -> str:
    """Format a number with its sign: '+81', '0'; a negative number has a minus sign."""
    return style.number_text(value, "signed_count")


def pct(value: Any) -> str:
    """Format a percentage: '46.2%'."""
    return style.number_text(value, "pct")


def signed_pct(value: Any) -> str:
    """Format a percentage with its sign: '+2.9%', '0.0%'."""
    return style.number_text(value, "signed_pct")


def bare_pct(value: Decimal) -> str:
    """Format a percentage without its sign, after a word of direction: '22.7%'."""
    return style.number_text(abs(value), "pct")


def limit(digits: str) -> str:
    """Format a limit of a range, with the digits as given: '3.4%'."""
    return digits.replace("-", MINUS) + style.PERCENT


def in_words(number: int, most: int = 9) -> str:
    """Write a number in words, such as 'three', or in digits if above `most`.

    Args:
        most: at most 20.
    """
    return NUMBERS[number] if number <= most else count(number)


def ordinal(number: int) -> str:
    """Return '1st', '22nd', '13th'."""
    endings = {1: "st", 2: "nd", 3: "rd"}
    is_teen = number % 100 in (11, 12, 13)
    return f"{number}{'th' if is_teen else endings.get(number % 10, 'th')}"


def and_list(items: Iterable[str]) -> str:
    """Join items: 'a, b and c', or 'a, b; and c' if one of them has a comma."""
    *first, last = list(items) or [""]
    if not first:
        return last
    comma, final = signs_between([*first, last])
    return f"{comma.join(first)}{final}{last}"


def signs_between(items: Iterable[str]) -> tuple[str, str]:
    """Return what stands between items of a list, and before its last one."""
    return ("; ", "; and ") if any(", " in item for item in items) else (", ", " and ")


def tied(names: Sequence[str], most: int = MOST_TIED) -> str:
    """Name the extremes that tie; if they are more than `most`, count the last.

    'May', 'May and June', 'May, June and July', 'May, June and two others'.
    """
    if len(names) <= most:
        return and_list(names)
    rest = len(names) - most + 1
    return and_list([*names[: most - 1], f"{in_words(rest)} others"])


def inside(name: str) -> str:
    """Return a name as written within a sentence: 'hate crime', 'CEOP referrals'."""
    first = name.split(" ")[0]
    keeps = first in PROPER_NOUNS or any(c.isupper() for c in first[1:])
    return name if keeps or not name else name[0].lower() + name[1:]


def words(code: str) -> str:
    """Return a code as words: 'crime_motivations' becomes 'crime motivations'."""
    return NAMES.get(code) or code.replace("_", " ")


def upper_first(text: str) -> str:
    return text[:1].upper() + text[1:]


@dataclass(frozen=True)
class Name:
    """A name in a sentence; on a page it is a link if it has an address."""

    text: str
    href: str = ""

    def __str__(self) -> str:
        return self.text

    def __html__(self) -> Any:
        from markupsafe import Markup, escape

        if not self.href:
            return escape(self.text)
        return Markup('<a href="{}">{}</a>').format(self.href, self.text)


def ended(text: str) -> str:
    """Return the text with a full stop, if it has no other end."""
    return (
        text
        if text.endswith((".", "!", "?", "\N{HORIZONTAL ELLIPSIS}"))
        else f"{text}."
    )


FILTERS = {
    "ended": ended,
    "count": count,
    "or_none": or_none,
    "all_actions": all_actions,
    "quantity": quantity,
    "decimal": decimal,
    "signed": signed,
    "pct": pct,
    "signed_pct": signed_pct,
    "bare_pct": bare_pct,
    "limit": limit,
    "in_words": in_words,
    "ordinal": ordinal,
    "and_list": and_list,
    "inside": inside,
    "tied": tied,
    "upper_first": upper_first,
    "change_word": change_word,
    "words": words,
    "month": periods.month_text,
    "long_month": periods.long_month,
    "long_span": periods.long_span,
    "short_month": periods.short_month,
    "day": periods.day_text,
    "short_day": periods.short_day,
}


@cache
def _sentences(for_page: bool) -> Any:
    import jinja2

    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(SENTENCES),
        autoescape=for_page,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= FILTERS
    environment.globals |= {"span": periods.span, "period": periods.period}
    return environment


def say(kind: str, **facts: Any) -> str:
    """Return the sentence of a kind as plain text; '' if its facts give no sentence."""
    text = _sentences(False).get_template(f"{kind}.j2").render(**facts)
    return " ".join(text.split())


def say_on_page(kind: str, **facts: Any) -> Any:
    """Return the sentence of a kind as escaped markup, with its names as links."""
    from markupsafe import Markup

    text = _sentences(True).get_template(f"{kind}.j2").render(**facts)
    return Markup(" ".join(text.split()))


def cut(sentence: str) -> str:
    """Return the first words of a sentence of the author, which a check repeats."""
    return shorten(sentence, MOST_REPEATED, placeholder=" \N{HORIZONTAL ELLIPSIS}")


def shortened(text: str, most: int = MOST_LETTERS) -> str:
    """Cut a long title at a word; the annex has the full title."""
    if len(text) <= most:
        return text
    return f"{text[:most].rsplit(' ', 1)[0]}…"


def with_the_rest(items: Sequence[str], most: int) -> list[str]:
    """Return the first `most` items and, if there are more, a last item 'two more'."""
    shown, more = named(items, most)
    return [*shown, f"{in_words(more)} more"] if more else shown


def named(items: Sequence[Any], most: int) -> tuple[list[Any], int]:
    """Return the first `most` items, and how many more there are."""
    return list(items[:most]), max(0, len(items) - most)
