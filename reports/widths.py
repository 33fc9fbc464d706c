"""Column widths of a table, for programs that do not compute good ones themselves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import compress, repeat

from reports.grid import Column, Grid

LONGEST_WORD, LONGEST_TEXT = 30, 120  # letters; longer ones are broken
# A column that lacks no more letters of its longest text is given them first.
SHORT = 8


@dataclass(frozen=True)
class Line:
    """Widths in one unit, such as centimetres or letters."""

    room: float
    letter: float
    heading_letter: float
    padding: float


def column_widths(grid: Grid, line: Line) -> list[float]:
    """Return a width for each column, `line.room` in all.

    No word or number is broken while there is room for it. The remaining room is
    divided by the length of the columns' texts, so that cells of a row have similar
    heights.
    """
    least = _least_widths(grid, line)
    whole = map(_wished, grid.columns, grid.texts, repeat(line))
    wished = list(map(max, least, whole))
    if sum(least) >= line.room:
        return _squeezed(least, [c.is_unbroken for c in grid.columns], line)
    if sum(wished) <= line.room:  # share the remaining room equally
        return [wish + (line.room - sum(wished)) / len(wished) for wish in wished]
    more = [wish - width for wish, width in zip(wished, least, strict=True)]
    left = line.room - sum(least)
    first = [gain if gain <= SHORT * line.letter else 0 for gain in more]
    if sum(first) > left / 2:
        first = [0] * len(more)
    rest = [gain - given for gain, given in zip(more, first, strict=True)]
    share = (left - sum(first)) / sum(rest)
    return [
        width + given + share * gain
        for width, given, gain in zip(least, first, rest, strict=True)
    ]


def most_lines(grid: Grid, line: Line) -> float:
    """Return about how many lines the longest text needs; at most 1 if each fits in
    one.
    """
    widths = column_widths(grid, line)
    return max(
        (
            len(text) * line.letter / max(width - line.padding, line.letter)
            for width, texts in zip(widths, grid.texts, strict=True)
            for text in texts
        ),
        default=1,
    )


def _least_widths(grid: Grid, line: Line) -> list[float]:
    return list(map(_least, grid.columns, grid.texts, repeat(line)))


def _least(column: Column, texts: Sequence[str], line: Line) -> float:
    """Return the room for the longest word, or for a whole text that must not break."""
    words = texts if column.is_unbroken else [w for text in texts for w in text.split()]
    longest = min(LONGEST_WORD, max(map(len, words), default=1))
    heading = max(map(len, column.heading.split()), default=1)
    return max(longest * line.letter, heading * line.heading_letter) + line.padding


def _wished(column: Column, texts: Sequence[str], line: Line) -> float:
    """Return the room for the longest text on one line; a heading may take two
    lines.
    """
    longest = max([len(column.heading) / 2, *map(len, texts)])
    return min(LONGEST_TEXT, longest) * line.letter + line.padding


def _squeezed(least: list[float], is_kept: list[bool], line: Line) -> list[float]:
    """Keep the width of columns that must not break; the others share the rest."""
    kept = sum(compress(least, is_kept))
    squeeze = max(0, line.room - kept) / max(sum(least) - kept, line.padding)
    return [
        width if stays else width * squeeze
        for width, stays in zip(least, is_kept, strict=True)
    ]
