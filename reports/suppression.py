"""Finds the figures that a public version must hide, in all of its tables at once.

A count of 1 to 4 people is hidden. A count that is printed in a second table is the
same figure, so it is hidden there too. Where the parts of a total are printed, other
parts are hidden until the total less the rest leaves the hidden counts open. The months
of one period are parts of a longer period. No count may follow from all lines of all
tables together (docs/decisions/0031).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import permutations

from reports import style
from reports.grid import Row, Table

LEAST = 5  # smallest count of people that may be printed
NARROWEST = 2  # least range in which a hidden count is left
WHOLE = (style.TOTAL_LABEL, "All")  # labels of the row that others are parts of
NUMERATOR, DENOMINATOR, STATUS, PART = "numerator", "denominator", "status", "part"
WORD = "change_word"
# 'arrests.polit/3m-2021-09/count': what is counted, months, last month, statistic
# 'prevent_referrals.police/3m-2021-09/category_denominator'
OF_ALL = re.compile(r"\.\w+/([\w-]+)/category_denominator$")
WITHOUT = " without "  # in the name of what is left of a period
PERIOD = re.compile(r"(.+)/(?:(\d+)m-)?(\d{4})-(\d\d)/(\w+)")
FigureIds = Mapping[tuple[str, int, str], str]


@dataclass(frozen=True)
class Line:
    """Figures that add up to another."""

    parts: tuple[str, ...]
    whole: str


@dataclass(frozen=True)
class Figures:
    """The names of figures in tables: a figure has one name wherever it is printed.

    What a category is a share of is the count of all categories, so it has its name.

    Args:
        ids: figure id of a cell: table, position of its row, column.
    """

    ids: FigureIds

    def name(self, table: Table, row: Row, column: str) -> str:
        place = (table.name, row["row_position"], column)
        name = self.ids.get(place) or "/".join(map(str, place))
        return OF_ALL.sub("/\\1/count", name)

    def counts(self, table: Table, row: Row) -> dict[str, int]:
        """Return the known counts of a row, by the name of the figure."""
        return {
            self.name(table, row, column): int(style.exact(row[column]))
            for column in count_columns(table)
            if row[column] is not None
        }


def count_columns(table: Table) -> list[str]:
    return [c.name for c in table.columns if c.number_format == "count"]


def hidden_figures(
    tables: Sequence[Table],
    figures: Figures,
    counts_people: Callable[[Table, Row], bool],
) -> set[str]:
    """Return the names of the figures to hide.

    Args:
        tables: every table of the public version.
        figures: the names of their figures.
        counts_people: whether a row of a table has counts that are hidden if small.
    """
    values, lines = _values_and_lines(tables, figures)
    people = {
        name: count
        for table in tables
        for row in table.rows
        if counts_people(table, row)
        for name, count in figures.counts(table, row).items()
    }
    periods, rests = _periods(people)
    values, lines = values | rests, lines + periods
    hidden = {n for n, count in (people | rests).items() if 0 < count < LEAST}
    while unsafe := _unsafe(lines, values, hidden, hidden | rests.keys()):
        hidden.add(_next(unsafe, lines, values, hidden | rests.keys()))
    return hidden


def _unsafe(
    lines: list[Line], values: Mapping[str, int], hidden: set[str], unprinted: set[str]
) -> Line | None:
    """Return a line that gives a hidden count away, by itself or with all others."""
    for line in lines:
        if not _is_safe(line, values, hidden, unprinted):
            return line
    told = _solved(lines, unprinted) & hidden
    for line in lines:
        names = {*line.parts, line.whole}
        if told & names and any(values[n] for n in names - unprinted):
            return line
    return None


def exposed(
    tables: Sequence[Table], figures: Figures, hidden: set[str], printed: set[str]
) -> list[Line]:
    """Return the lines of printed tables from which a hidden figure can be computed.

    Args:
        printed: the names of the figures that are printed as they are.
    """
    values, lines = _values_and_lines(tables, figures)
    counted = {_counted(name) for name in hidden} - {""}
    periods, rests = _periods({n: values[n] for n in values if _counted(n) in counted})
    values, lines = values | rests, lines + periods
    told = _solved(lines, {n for n in values if n not in printed}) & hidden
    return [line for line in lines if told & {*line.parts, line.whole}] + [
        line
        for line in lines
        if line.whole in printed
        and (left := [values[n] for n in line.parts if n not in printed and values[n]])
        and hidden & set(line.parts)
        and not _is_open(left)
    ]


def _values_and_lines(
    tables: Sequence[Table], figures: Figures
) -> tuple[dict[str, int], list[Line]]:
    """Return the known counts by name, and the lines whose parts add up."""
    values: dict[str, int] = {}
    for table in tables:
        for row in table.rows:
            values |= figures.counts(table, row)
    lines = [line for table in tables for line in _lines(table, figures)]
    return values, [line for line in lines if _adds_up(line, values)]


def _periods(people: Mapping[str, int]) -> tuple[list[Line], dict[str, int]]:
    """Return lines of periods within longer ones, and the counts of the months left.

    12 of 13 months and the month that is left are parts of the 13: whoever knows two of
    these counts knows the third.
    """
    spans: dict[tuple[str, str], list[tuple[int, int, str]]] = {}
    for name in people:
        if match := PERIOD.fullmatch(name):
            counted, months, year, month, statistic = match.groups()
            last = 12 * int(year) + int(month)
            span = (last - int(months or 1) + 1, last, name)
            spans.setdefault((counted, statistic), []).append(span)
    lines, rests = [], {}
    for own in spans.values():
        for (first, last, short), (long_first, long_last, long) in permutations(own, 2):
            if long_first <= first and last <= long_last:
                rest = f"{long}{WITHOUT}{short}"
                rests[rest] = people[long] - people[short]
                lines.append(Line((short, rest), long))
    return lines, rests


def _counted(name: str) -> str:
    """Return what a figure counts, without its period; '' if it has none."""
    match = PERIOD.fullmatch(name.split(WITHOUT)[0])
    return match[1] if match else ""


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
    solved: list[dict[str, Fraction]] = []
    for equation in equations:
        for pivot, known in ((next(iter(k)), k) for k in solved):
            equation = _less(equation, known, pivot)
        if not equation:
            continue
        pivot = next(iter(equation))
        scaled = {n: factor / equation[pivot] for n, factor in equation.items()}
        solved = [_less(known, scaled, pivot) for known in solved]
        solved.append(scaled)
    return {name for known in solved if len(known) == 1 for name in known}


def _less(
    equation: dict[str, Fraction], known: dict[str, Fraction], pivot: str
) -> dict[str, Fraction]:
    """Return an equation without the figure `pivot`, which another one has."""
    factor = equation.get(pivot, Fraction(0))
    if not factor:
        return equation
    names = dict.fromkeys((*equation, *known))
    terms = {n: equation.get(n, 0) - factor * known.get(n, 0) for n in names}
    return {n: term for n, term in terms.items() if term}


def _adds_up(line: Line, values: Mapping[str, int]) -> bool:
    known = all(name in values for name in (*line.parts, line.whole))
    return known and sum(values[name] for name in line.parts) == values[line.whole]


def _is_safe(
    line: Line, values: Mapping[str, int], hidden: set[str], unprinted: set[str]
) -> bool:
    left = [values[n] for n in line.parts if n in unprinted and values[n]]
    is_known = line.whole not in unprinted and bool(hidden & set(line.parts))
    return not is_known or _is_open(left)


def _next(
    line: Line, lines: list[Line], values: Mapping[str, int], hidden: set[str]
) -> str:
    """Return the figure of a line to hide next: its smallest part, but first one that
    helps another line; the total if no part is left.
    """

    def place(name: str) -> tuple[bool, int, str]:
        others = (x for x in lines if name in x.parts and x is not line)
        helps = any(hidden & set(other.parts) for other in others)
        return (not helps, values[name], name)

    left = [name for name in line.parts if name not in hidden and values[name]]
    return min(left, key=place, default=line.whole)


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


def _lines(table: Table, figures: Figures) -> Iterator[Line]:
    """Yield the lines of a table: rows under a total, and numerators of one whole."""
    # The word of a change differs between a total and its parts, and names no row.
    labels = [
        c.name
        for c in table.columns
        if not c.is_number and c.name not in (STATUS, WORD)
    ]
    for label in labels:
        others = [name for name in labels if name != label]
        groups: dict[tuple[object, ...], list[Row]] = {}
        for row in table.rows:
            groups.setdefault(tuple(row[name] for name in others), []).append(row)
        for rows in groups.values():
            yield from _under_total(table, figures, label, rows)
    columns = count_columns(table)
    if NUMERATOR in columns and DENOMINATOR in columns:
        wholes: dict[str, list[str]] = {}
        for row in table.rows:
            whole = figures.name(table, row, DENOMINATOR)
            part = figures.name(table, row, NUMERATOR)
            wholes.setdefault(whole, []).append(part)
        for whole, parts in wholes.items():
            yield Line(tuple(parts), whole)


def _under_total(
    table: Table, figures: Figures, label: str, rows: list[Row]
) -> Iterator[Line]:
    def is_whole(row: Row) -> bool:
        return row[label] in WHOLE or (label == PART and row[label] is None)

    wholes = [row for row in rows if is_whole(row)]
    parts = [row for row in rows if not is_whole(row)]
    if len(wholes) == 1 and parts:
        for column in count_columns(table):
            names = tuple(figures.name(table, row, column) for row in parts)
            yield Line(names, figures.name(table, wholes[0], column))
