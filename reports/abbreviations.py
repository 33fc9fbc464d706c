"""Spells out the abbreviations of a page, in a line at its foot.

The meanings are in seeds/layout/wordings.csv (`abbreviation_CEOP`). Texts that the
force delivers are printed as they are, so an abbreviation is not spelt out within them.
"""

from __future__ import annotations

import re
from functools import cache
from html import escape, unescape

from reports.board.english import wordings

MARKER = "<!-- abbreviations -->"  # where a page has its line; no text contains it
CODE = "abbreviation_"
TAG = re.compile(r"<style>.*?</style>|<[^>]*>", re.DOTALL)
# At least two capitals, or a digit and a capital; no reference such as CPS-216.
TOKEN = re.compile(r"\b((?:[A-Z][a-z]?)+[A-Z]|\d[A-Z])s?\b(?!-\d)")


@cache
def meanings() -> dict[str, str]:
    """Return abbreviation → what it stands for."""
    return {
        code.removeprefix(CODE): wording
        for code, wording in wordings().items()
        if code.startswith(CODE)
    }


def used_in(text: str) -> list[str]:
    """Return the abbreviations of a text, in its order, each once.

    One that stands in brackets after its meaning, wherever it is used, is spelt out
    already.
    """
    found = (m for m in TOKEN.finditer(text) if not _is_in_brackets(m, text))
    return list(dict.fromkeys(match[1] for match in found))


def _is_in_brackets(match: re.Match[str], text: str) -> bool:
    meaning = meanings().get(match[1], "")
    before = text[max(0, match.start() - len(meaning) - 2) : match.start()]
    return bool(meaning) and before.casefold() == f"{meaning} (".casefold()


def text_of(markup: str) -> str:
    """Return the text of markup, without its styles."""
    return " ".join(unescape(TAG.sub(" ", markup)).split())


def spelt_out(page: str) -> str:
    """Return a page with a line of meanings at each marker, for the part before it."""
    *parts, rest = page.split(MARKER)
    return "".join(part + _line(part) for part in parts) + rest


def sentence(text: str) -> list[str]:
    """Return a sentence with what a text's abbreviations stand for, if it has any."""
    known = sorted(name for name in used_in(text) if name in meanings())
    said = "; ".join(f"{name} is {meanings()[name]}" for name in known)
    return [f"Abbreviations: {said}."] if known else []


def _line(markup: str) -> str:
    said = sentence(text_of(markup))
    return f'<p class="abbreviations">{escape(said[0])}</p>\n' if said else ""
