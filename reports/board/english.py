"""Numbers, lists and names as English writes them, and the sentence templates' filters.

A template gets codes and numbers and gives a sentence. Rendered as text it is plain;
rendered for a page, its names become links and everything is escaped.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from reports import style
from reports.board import periods

SENTENCES = Path(__file__).parents[1] / "sentences"
MINUS = "\u2212"
MOST_LETTERS = 120  # of a title on a page of one sheet
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
# The one printed form of each word for a change.
CHANGE_WORDS = {
    "higher": "higher",
    "lower": "lower",
    "uneven": "uneven",
    "no_clear_change": "no clear change",
    "too_few": "too few to compare",
    "not_comparable": "not comparable",
    None: "no earlier figure",
}
# First words of names that keep their capital inside a sentence.
PROPER_NOUNS = {"Prevent", "Channel", "Action", "Operation"}


def change_word(
    code: str | None, has_figure: bool = True, has_earlier: bool = False
) -> str:
    """The word of a comparison, the same wherever it is printed.

    Args:
        code: The comparison's change_code; None where it has no word.
        has_figure: Whether its current count is known.
        has_earlier: Whether the count before is known too.
    """
    if code:
        return CHANGE_WORDS[code]
    if not has_figure:
        return "not available"
    return "too few months to compare" if has_earlier else CHANGE_WORDS[None]


def count(value: Any) -> str:
    """'30,038'; a decimal keeps its places."""
    return style.number_text(value, "count")


def decimal(value: Any) -> str:
    """'27.7', '15.0': the places that it has."""
    return style.number_text(value, "decimal")


def signed(value: Any) -> str:
    """'+81', a minus sign and '1,136', '0'."""
    return style.number_text(value, "signed_count")


def pct(value: Any) -> str:
    """'46.2%'."""
    return style.number_text(value, "pct")


def signed_pct(value: Any) -> str:
    """'+2.9%', '0.0%'; below zero with a minus sign."""
    return style.number_text(value, "signed_pct")


def bare_pct(value: Decimal) -> str:
    """'22.7%', where a word says the direction."""
    return style.number_text(abs(value), "pct")


def limit(digits: str) -> str:
    """A limit of a range with a minus sign and '%': the digits that were given."""
    return digits.replace("-", MINUS) + "%"


def in_words(number: int, most: int = 9) -> str:
    """'three'; digits above `most`, which is at most twenty."""
    return NUMBERS[number] if number <= most else count(number)


def and_list(items: Iterable[str]) -> str:
    """'a, b and c'."""
    *first, last = list(items) or [""]
    return f"{', '.join(first)} and {last}" if first else last


def inside(name: str) -> str:
    """A name inside a sentence: 'hate crime', but 'CEOP referrals'."""
    first = name.split(" ")[0]
    keeps = first in PROPER_NOUNS or any(c.isupper() for c in first[1:])
    return name if keeps or not name else name[0].lower() + name[1:]


def words(code: str) -> str:
    """'crime motivations' of 'crime_motivations'."""
    return code.replace("_", " ")


def upper_first(text: str) -> str:
    return text[:1].upper() + text[1:]


@dataclass(frozen=True)
class Name:
    """A name in a sentence: its text, and on a page a link to its place."""

    text: str
    href: str = ""

    def __str__(self) -> str:
        return self.text

    def __html__(self) -> Any:
        from markupsafe import Markup, escape

        if not self.href:
            return escape(self.text)
        return Markup('<a href="{}">{}</a>').format(self.href, self.text)


FILTERS = {
    "count": count,
    "decimal": decimal,
    "signed": signed,
    "pct": pct,
    "signed_pct": signed_pct,
    "bare_pct": bare_pct,
    "limit": limit,
    "in_words": in_words,
    "and_list": and_list,
    "inside": inside,
    "upper_first": upper_first,
    "change_word": change_word,
    "words": words,
    "month": periods.month_text,
    "long_month": periods.long_month,
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
    """The sentence of a kind as plain text; '' where its facts give none."""
    text = _sentences(False).get_template(f"{kind}.j2").render(**facts)
    return " ".join(text.split())


def say_on_page(kind: str, **facts: Any) -> Any:
    """The same sentence as escaped markup, with its names as links."""
    from markupsafe import Markup

    text = _sentences(True).get_template(f"{kind}.j2").render(**facts)
    return Markup(" ".join(text.split()))


def shortened(text: str, most: int = MOST_LETTERS) -> str:
    """A title that keeps its page whole: cut at a word, as the annex has it all."""
    if len(text) <= most:
        return text
    return f"{text[:most].rsplit(' ', 1)[0]}…"


def with_the_rest(items: Sequence[str], most: int) -> list[str]:
    """The first `most` items and, if there are more, 'two more' as the last."""
    shown, more = named(items, most)
    return [*shown, f"{in_words(more)} more"] if more else shown


def named(items: Sequence[Any], most: int) -> tuple[list[Any], int]:
    """The first `most` items, and how many more there are."""
    return list(items[:most]), max(0, len(items) - most)
