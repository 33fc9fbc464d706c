"""Finds what the texts of a column may mean: dates by a pattern, yes and no, codes.

Each answer has its evidence, and whether it is the only possible one.
"""

import difflib
import re
from collections import Counter
from dataclasses import dataclass
from functools import cache

from dagster_project.intake.mapping import patterns
from dagster_project.intake.mapping.model import key_of
from dagster_project.intake.mapping.values import TYPED

DATES = (
    *("dd/MM/yyyy", "MM/dd/yyyy", "d/M/yyyy", "M/d/yyyy", "dd/MM/yy", "MM/dd/yy"),
    *("yyyy-MM-dd", "dd-MM-yyyy", "MM-dd-yyyy", "dd.MM.yyyy", "yyyy/MM/dd"),
    *("dd MMM yyyy", "d MMM yyyy", "dd-MMM-yyyy", "dd-MMM-yy", "dd MMMM yyyy"),
    *("d MMMM yyyy", "yyyyMMdd"),
)
TIMES = (
    *("", " HH:mm", " HH:mm:ss", "THH:mm:ss", " H:mm", " HH:mm:ss.fff", " hh:mm tt"),
    *(" hh:mm:ss tt", " h:mm tt", "THH:mm:ss.fff", "THH:mm:sszzz", " HH:mm:ss zzz"),
)
YES = ("y", "yes", "true", "t", "1")
NO = ("n", "no", "false", "f", "0")
SEPARATORS = (";", ",", "/", "|")
# Words that systems write for no value.
NOTHING = {
    *("unknown", "not known", "n/k", "nk", "n/a", "na", "none", "null", "nil", "-"),
    *("not recorded", "not stated", "blank", "tbc", "?"),
}
NEAR, NEAR_CODE = 0.75, 0.85
# A shorter name may be within another word's text by chance.
SHORTEST_NAME = 4
# A column with more different values than this is not a code list.
MOST_CODES = 200


@dataclass(frozen=True)
class Dated:
    """The patterns by which a column's values may be dates.

    Args:
        patterns: the best patterns; with several, a person must choose.
        fitting: number of values that fit the best patterns.
        count: number of values.
        others: examples of values that do not fit.
        evidence: a clause for the person who reads the draft.
    """

    patterns: tuple[str, ...]
    fitting: int
    count: int
    others: tuple[str, ...] = ()
    evidence: str = ""

    @property
    def is_certain(self) -> bool:
        return len(self.patterns) == 1


def dates(texts: Counter[str], is_typed: bool) -> Dated | None:
    """Return the patterns that fit most values of a column; None if few are dates.

    If two patterns read the same dates from the same values, only the first is
    returned.

    Args:
        texts: text → how often it occurs.
        is_typed: whether the file (a workbook, Parquet) may have typed dates, which are
            left out.
    """
    if is_typed:
        texts = Counter(
            {text: n for text, n in texts.items() if not TYPED.fullmatch(text)}
        )
    count = texts.total()
    if not count:
        return None
    found: dict[tuple, list[str]] = {}
    fits: dict[str, int] = {}
    for pattern in _fitting_shapes(texts):
        read = _read(pattern, texts)
        fits[pattern] = sum(texts[text] for text in read)
        # 05/05/2021 reads the same in both orders, so it does not show which is right.
        key = (_order(pattern), *sorted(read.items()))
        found.setdefault(key, []).append(pattern)
    most = max(fits.values(), default=0)
    if most * 2 < count:
        return None
    best = [each[0] for each in found.values() if fits[each[0]] == most]
    fitting = _read(best[0], texts)
    others = tuple(text for text, _ in texts.most_common() if text not in fitting)
    said = _evidence(best, fits, count)
    return Dated(tuple(best), most, count, others[:5], said)


def _fitting_shapes(texts: Counter[str]) -> list[str]:
    """Return the patterns that fit at least one of the most frequent texts.

    A pattern that fits none of them cannot fit most values.
    """
    common = [text for text, _ in texts.most_common(50)]
    every = (date + time for date in DATES for time in TIMES)
    return [each for each in every if any(_fits(each, text) for text in common)]


@cache
def _reader(pattern: str):
    return patterns.reading(patterns.pattern(pattern), patterns.TIMESTAMP, "UTC")


def _fits(pattern: str, text: str) -> bool:
    try:
        _reader(pattern)(" ".join(text.split()))
    except patterns.NotFittingError:
        return False
    return True


def _read(pattern: str, texts: Counter[str]) -> dict[str, str]:
    found = {}
    for text in texts:
        try:
            found[text] = _reader(pattern)(" ".join(text.split()))
        except patterns.NotFittingError:
            continue
    return found


def _evidence(best: list[str], fits: dict[str, int], count: int) -> str:
    """Return how many values only this pattern fits, or that several fit equally."""
    most = fits[best[0]]
    if len(best) > 1:
        return (
            f"{values(most)} are possible as {' and as '.join(best)}: nothing tells"
            " which is meant"
        )
    order = _order(best[0])
    fits_other_order = [
        fits[each]
        for each in fits
        if sorted(each) == sorted(best[0]) and _order(each) not in ("", order)
    ]
    if order and fits_other_order:
        alone = most - max(fits_other_order)
        return f"{alone:,} of {values(count)} are only possible as {order}"
    return f"{most:,} of {values(count)} fit"


def _order(pattern: str) -> str:
    """Return `day/month` or `month/day` if the pattern begins with both, or an empty
    text.
    """
    if re.match(r"d{1,2}[^a-zA-Z]M{1,2}[^M]", pattern):
        return "day/month"
    return "month/day" if re.match(r"M{1,2}[^a-zA-Z]d", pattern) else ""


def values(count: int) -> str:
    """Return `1 value`, `1,234 values` and so on."""
    return "1 value" if count == 1 else f"{count:,} values"


@dataclass(frozen=True)
class Coded:
    """Values of a column, compared with code lists.

    Args:
        known: value → its code.
        unknown: value → (how often it occurs, the code that may be meant or empty).
    """

    known: dict[str, str]
    unknown: dict[str, tuple[int, str]]


def codes(texts: Counter[str], lists: dict[str, str]) -> Coded:
    """Find the values of a column in a code list.

    A suggestion for unknown values is only made if there are few of them.

    Args:
        texts: value → how often it occurs.
        lists: each known text (a code or a name) → the code.
    """
    by_key = {key_of(text): code for text, code in lists.items()}
    known, unknown = {}, {}
    for text, count in texts.most_common():
        if (code := by_key.get(key_of(text))) is not None:
            known[text] = code
        else:
            unknown[text] = (count, "")
    if len(unknown) <= MOST_CODES:
        for text, (count, _) in unknown.items():
            unknown[text] = (count, _near(text, by_key))
    return Coded(known, unknown)


def _near(text: str, by_key: dict[str, str]) -> str:
    if key_of(text) in NOTHING:
        return ""
    if inside := _inside(text, by_key):
        return _named(inside, by_key)
    # Codes may resemble each other by chance, so they must match more closely.
    cutoff = NEAR_CODE if any(map(str.isdigit, text)) else NEAR
    near = difflib.get_close_matches(key_of(text), by_key, n=1, cutoff=cutoff)
    return _named(near[0], by_key) if near else ""


def _inside(text: str, by_key: dict[str, str]) -> str:
    """Return the longest known text within another: `18` in `O/C 018 No suspect`.

    It is empty if two codes fit equally well. `8/01` is one word.
    """
    words = " ".join(re.findall(r"[\w/]+", key_of(text)))
    words = re.sub(r"(^| )0+(?=\d)", r"\1", words)
    found = [
        key
        for key in by_key
        if f" {key} " in f" {words} "
        and (len(key) >= SHORTEST_NAME or any(map(str.isdigit, key)))
    ]
    longest = [key for key in found if len(key) == max(map(len, found))]
    return longest[0] if len({by_key[key] for key in longest}) == 1 else ""


def _named(key: str, by_key: dict[str, str]) -> str:
    """Return a code, with the name by which it was found: `4 (violence)`."""
    code = by_key[key]
    return code if key_of(code) == key else f"{code} ({key})"


def yes_or_no(texts: Counter[str]) -> tuple[list[str], list[str], list[str]]:
    """Return the words for yes, the words for no, and the other words."""
    yes = [text for text in texts if key_of(text) in YES]
    no = [text for text in texts if key_of(text) in NO]
    return yes, no, [text for text in texts if text not in (*yes, *no)]


def separator(texts: Counter[str]) -> str | None:
    """Return the character between the values of a list; None if no value is a list."""
    counts = {
        each: sum(n for t, n in texts.items() if each in t) for each in SEPARATORS
    }
    best = max(SEPARATORS, key=lambda each: counts[each])
    return best if counts[best] else None
