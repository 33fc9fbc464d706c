"""Finds the figures that a public version must hide, in all of its tables at once.

A count of 1 to 4 people is hidden, in each table that prints it. If its line (a total
and its parts, reports/sums.py) prints the total, other parts are hidden until the total
less the rest leaves the hidden counts open. No hidden count may follow from all lines
of all tables together (docs/decisions/0031).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from fractions import Fraction

from reports.grid import Row, Table
from reports.sums import (
    WITHOUT,
    Figures,
    Line,
    counted,
    is_told_earlier,
    values_and_lines,
    within_periods,
)

LEAST = 5  # smallest count of people that may be printed
NARROWEST = 2  # least range in which a hidden count is left


def hidden_figures(
    tables: Sequence[Table],
    figures: Figures,
    counts_people: Callable[[Table, Row], bool],
    also: Collection[str] = (),
) -> tuple[set[str], set[str]]:
    """Return the names of the figures to hide, and of the earlier months not known.

    A reader is taken to know each count of 5 or more that packs of earlier quarters
    may have. Packs have fewer, because they hide some to protect others. Where a hidden
    figure would follow whatever else is hidden, the count of its earlier months is
    taken as not known.

    Args:
        tables: every table of the public version.
        figures: the names of their figures.
        counts_people: whether a row of a table has counts that are hidden if small.
        also: the names of other figures that are hidden.
    """
    values, lines = values_and_lines(tables, figures)
    people = {
        name: count
        for table in tables
        for row in table.rows
        if counts_people(table, row)
        for name, count in figures.counts(table, row).items()
    }
    periods, rests = within_periods(people)
    values, lines = values | rests, lines + periods
    small = {n for n, count in (people | rests).items() if 0 < count < LEAST}
    earlier, not_known = _told_earlier(rests), set[str]()
    while True:
        known = earlier - not_known
        hidden, stuck = _hidden(lines, values, small | set(also), rests.keys() - known)
        if not stuck:
            return hidden, not_known
        not_known |= known.intersection(stuck.parts)


def _hidden(
    lines: list[Line], values: Mapping[str, int], first: set[str], not_known: set[str]
) -> tuple[set[str], Line | None]:
    """Return the figures to hide so that the first ones do not follow from the others,
    and the line that tells one of them whatever is hidden.
    """
    hidden, unprinted = set(first), first | not_known
    while unsafe := _unsafe(lines, values, hidden, unprinted):
        more = _next(unsafe, lines, values, unprinted)
        if more in unprinted:
            return hidden, unsafe
        hidden.add(more)
        unprinted.add(more)
    return hidden, None


def exposed(
    tables: Sequence[Table],
    figures: Figures,
    hidden: set[str],
    printed: set[str],
    not_known: Collection[str] = (),
) -> list[Line]:
    """Return the lines of printed tables that give a hidden figure away.

    Args:
        printed: the names of the figures that are printed as they are.
        not_known: the names of earlier months that a reader is not taken to know.
    """
    values, lines = values_and_lines(tables, figures)
    protected = {counted(name) for name in hidden} - {""}
    periods, rests = within_periods(
        {n: count for n, count in values.items() if counted(n) in protected}
    )
    values, lines = values | rests, lines + periods
    unprinted = values.keys() - printed - _told_earlier(rests) | set(not_known)
    told = _solved(lines, unprinted) & hidden
    return [
        line
        for line in lines
        if told & {*line.parts, line.whole}
        or not _is_safe(line, values, hidden, unprinted)
    ]


def _told_earlier(rests: Mapping[str, int]) -> set[str]:
    """Return the counts of months left that earlier packs may have: not 1 to 4."""
    return {
        name
        for name, count in rests.items()
        if is_told_earlier(name) and not 0 < count < LEAST
    }


def _unsafe(
    lines: list[Line], values: Mapping[str, int], hidden: set[str], unprinted: set[str]
) -> Line | None:
    """Return a line that needs another hidden figure, because a hidden one follows from
    it or from all lines together.
    """
    for line in lines:
        if not _is_safe(line, values, hidden, unprinted):
            return line
    return _telling(lines, values, _solved(lines, unprinted) & hidden, unprinted)


def _telling(
    lines: list[Line], values: Mapping[str, int], told: set[str], unprinted: set[str]
) -> Line | None:
    """Return the line with the fewest unknown figures of those that tell one.

    Lines of zeros tell a count only with others, which have a figure in common.
    """
    near: set[str] = set()
    more = told
    while more - near:
        near |= more
        about = [line for line in lines if near & {*line.parts, line.whole}]
        telling = [
            line
            for line in about
            if any(values[n] for n in {*line.parts, line.whole} - unprinted)
        ]
        if telling:
            return min(telling, key=lambda x: len(unprinted & {*x.parts, x.whole}))
        more = {n for line in about for n in (*line.parts, line.whole)} & unprinted
    return None


def _is_safe(
    line: Line, values: Mapping[str, int], hidden: set[str], unprinted: set[str]
) -> bool:
    """Whether a line by itself leaves its hidden parts open."""
    if line.whole in unprinted or not hidden & set(line.parts):
        return True
    return _is_open([values[n] for n in line.parts if n in unprinted and values[n]])


def _is_open(counts: list[int]) -> bool:
    """Whether each of the hidden counts can be at least three numbers, for a reader who
    knows their sum, and which of them are less than `LEAST`.
    """
    together = sum(counts)
    lowest = [1 if count < LEAST else LEAST for count in counts]
    highest = [LEAST - 1 if count < LEAST else together for count in counts]
    return all(
        min(high, together - (sum(lowest) - low))
        - max(low, together - (sum(highest) - high))
        >= NARROWEST
        for low, high in zip(lowest, highest, strict=True)
    )


def _next(
    line: Line, lines: list[Line], values: Mapping[str, int], unprinted: set[str]
) -> str:
    """Return the figure of a line to hide next.

    It is the smallest printed part, but first one that another line with a hidden part
    has too; the total if no part is printed. A part of 0 tells a total that is hidden,
    and no other.
    """

    def place(name: str) -> tuple[bool, int, str]:
        others = (x for x in lines if name in x.parts and x is not line)
        helps = any(unprinted & set(other.parts) for other in others)
        return (not helps, values[name], name)

    printed = [
        name
        for name in line.parts
        if name not in unprinted
        and (values[name] or line.whole in unprinted)
        and WITHOUT not in name
    ]
    return min(printed, key=place, default=line.whole)


def _solved(lines: Sequence[Line], unknown: set[str]) -> set[str]:
    """Return the unknown figures that all lines together determine.

    Each line is an equation. After elimination, an equation with one unknown figure
    determines it.
    """
    equations: list[dict[str, Fraction]] = []
    for line in lines:
        terms = dict.fromkeys((n for n in line.parts if n in unknown), Fraction(1))
        if line.whole in unknown:
            terms[line.whole] = Fraction(-1)
        if terms:
            equations.append(terms)
    solved: dict[str, dict[str, Fraction]] = {}  # by the figure that it is solved for
    for equation in equations:
        for name, known in solved.items():
            equation = _without(name, equation, known)
        if not equation:
            continue
        name, factor = next(iter(equation.items()))
        known = {n: term / factor for n, term in equation.items()}
        solved = {n: _without(name, other, known) for n, other in solved.items()}
        solved[name] = known
    return {name for name, known in solved.items() if len(known) == 1}


def _without(
    name: str, equation: dict[str, Fraction], known: dict[str, Fraction]
) -> dict[str, Fraction]:
    """Return an equation without a figure, by one that is solved for this figure."""
    factor = equation.get(name, Fraction(0))
    if not factor:
        return equation
    names = dict.fromkeys((*equation, *known))
    terms = {n: equation.get(n, 0) - factor * known.get(n, 0) for n in names}
    return {n: term for n, term in terms.items() if term}
