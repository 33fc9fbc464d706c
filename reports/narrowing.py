"""Finds what would narrow a rounded count of 1 to 4 people, printed as `[low]`.

Each printed count says in which range it lies: 10 is 8 to 12, `[low]` is 1 to 4. The
counts of a line (reports/sums.py) add up, so their ranges narrow each other: beside a
total of 10, two `[low]` cells are 4 and 4. Other counts are hidden until each small
count can be at least three numbers (docs/decisions/0031).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from math import inf

from reports.published import PackError
from reports.sums import Line
from reports.suppression import LEAST, NARROWEST

Range = tuple[float, float]
OPEN: Range = (0, inf)


def rounded(count: int, base: int) -> Range:
    """Return the counts that are printed as a rounded count is; 1 to 4 are `[low]`."""
    nearest = base * ((2 * count + base) // (2 * base))
    if 0 < count < LEAST:
        return 1, LEAST - 1
    return (max(LEAST, nearest - base // 2), nearest + base // 2) if count else (0, 0)


def to_hide(
    lines: Sequence[Line],
    values: Mapping[str, int],
    printed: Mapping[str, Range],
    small: Collection[str],
    hideable: Collection[str],
) -> set[str]:
    """Return the names of further figures to hide.

    Args:
        lines: what adds up.
        values: the counts by name.
        printed: the range that each printed figure is known to lie in.
        small: the names of the small counts that are protected.
        hideable: the names of the figures that may be hidden.

    Raises:
        PackError: what may be hidden is not enough.
    """
    own = [line for line in lines if {*line.parts, line.whole} & set(small)]
    hidden = {
        line.whole
        for line in own
        if line.whole in hideable and _has_small_parts_alone(line, values)
    }
    while narrow := _narrow(own, _without(printed, hidden), small):
        more = _next(narrow, own, values, printed, hidden, hideable)
        if more in hidden:
            raise PackError(
                f"The public version would give away the hidden count {narrow}; give"
                " its table the policy internal in seeds/layout/report_tables.csv."
            )
        hidden.add(more)
    return hidden


def _has_small_parts_alone(line: Line, values: Mapping[str, int]) -> bool:
    """Whether no part is large enough to be printed. The size of the total, hidden or
    not, would then say how small the parts are.
    """
    counts = [values[name] for name in line.parts if values[name]]
    return len(counts) > 1 and max(counts) < LEAST


def _without(printed: Mapping[str, Range], hidden: set[str]) -> dict[str, Range]:
    return {name: own for name, own in printed.items() if name not in hidden}


def _narrow(
    lines: Sequence[Line], printed: Mapping[str, Range], small: Collection[str]
) -> str | None:
    """Return a small count that can be fewer than three numbers."""
    ranges = narrowed(lines, printed)
    for name in sorted(small):
        low, high = ranges.get(name, OPEN)
        if high - low < NARROWEST:
            return name
    return None


def narrowed(lines: Sequence[Line], printed: Mapping[str, Range]) -> dict[str, Range]:
    """Return the range of each figure, as a reader knows it who knows all lines."""
    ranges = dict(printed)
    is_changed = True
    while is_changed:
        is_changed = False
        for line in lines:
            parts = {name: ranges.get(name, OPEN) for name in line.parts}
            whole = ranges.get(line.whole, OPEN)
            lowest = sum(low for low, _ in parts.values())
            highest = sum(high for _, high in parts.values())
            known = {line.whole: (max(whole[0], lowest), min(whole[1], highest))}
            for name, (low, high) in parts.items():
                others = sum(h for n, (_, h) in parts.items() if n != name)
                known[name] = (
                    max(low, whole[0] - others),
                    min(high, whole[1] - (lowest - low)),
                )
            for name, own in known.items():
                if own != ranges.get(name, OPEN):
                    ranges[name] = own
                    is_changed = True
    return ranges


def _next(
    name: str,
    lines: Sequence[Line],
    values: Mapping[str, int],
    printed: Mapping[str, Range],
    hidden: set[str],
    hideable: Collection[str],
) -> str:
    """Return the figure to hide for a small count.

    It is the first total that opens its range, otherwise the first other part that
    does, otherwise the count itself.
    """
    own = [line for line in lines if name in {*line.parts, line.whole}]
    wholes = [line.whole for line in own]
    parts = sorted({n for line in own for n in line.parts}, key=lambda n: -values[n])
    others = [
        n
        for n in dict.fromkeys((*wholes, *parts))
        if n != name and n in printed and n in hideable and n not in hidden
    ]
    for each in others:
        if not _narrow(lines, _without(printed, {*hidden, each}), [name]):
            return each
    return others[0] if others else name
