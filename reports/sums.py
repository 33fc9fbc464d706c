"""Finds the figures of public tables that add up: a total and its parts.

The parts are the rows under a total, the numerators of one denominator, and a period
within a longer one with the months that are left.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, permutations

from reports import style
from reports.grid import Row, Table

TOTALS = (style.TOTAL_LABEL, "All")  # labels of the row that others are parts of
NUMERATOR, DENOMINATOR, STATUS, PART = "numerator", "denominator", "status", "part"
WORDS = ("change_word", "signal_name")  # say what the figures of their row show
# 'prevent_referrals.police/3m-2021-09/category_denominator'
OF_ALL = re.compile(r"\.\w+/([\w-]+)/category_denominator$")
# 'arrests.polit/3m-2021-09/count': what is counted, months, last month, statistic
PERIOD = re.compile(r"(.+)/(?:(\d+)m-)?(\d{4})-(\d\d)/(\w+)")
FEWEST_ROWS = 3  # in which columns add up, if this is not by chance
QUARTER = 3  # months
WITHOUT = " without "  # in the name of the months that are left of a period
FigureIds = Mapping[tuple[str, int, str], str]


@dataclass(frozen=True)
class Line:
    """A total and its parts: names of figures that add up to another."""

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


def values_and_lines(
    tables: Sequence[Table], figures: Figures
) -> tuple[dict[str, int], list[Line]]:
    """Return the known counts by name, and the lines whose parts add up."""
    values: dict[str, int] = {}
    for table in tables:
        for row in table.rows:
            values |= figures.counts(table, row)
    lines = [line for table in tables for line in _lines(table, figures)]
    return values, [line for line in lines if _adds_up(line, values)]


def _adds_up(line: Line, values: Mapping[str, int]) -> bool:
    known = all(name in values for name in (*line.parts, line.whole))
    return known and sum(values[name] for name in line.parts) == values[line.whole]


def _lines(table: Table, figures: Figures) -> Iterator[Line]:
    """Yield the lines of a table: rows under a total, and numerators of one whole."""
    # The word of a change differs between a total and its parts, and names no row.
    labels = [
        c.name
        for c in table.columns
        if not c.is_number and c.name not in (STATUS, *WORDS)
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
    """Yield a line of each column of counts, if one of the rows is the total."""

    def is_whole(row: Row) -> bool:
        return row[label] in TOTALS or (label == PART and row[label] is None)

    wholes = [row for row in rows if is_whole(row)]
    parts = [row for row in rows if not is_whole(row)]
    if len(wholes) == 1 and parts:
        for column in count_columns(table):
            names = tuple(figures.name(table, row, column) for row in parts)
            yield Line(names, figures.name(table, wholes[0], column))


def within_periods(counts: Mapping[str, int]) -> tuple[list[Line], dict[str, int]]:
    """Return the lines of periods in longer ones, and the counts of the months left.

    12 of 13 months and the month that is left are parts of the 13: whoever knows two of
    these counts knows the third.
    """
    spans: dict[tuple[str, str], list[tuple[int, int, str]]] = {}
    for name in counts:
        if match := PERIOD.fullmatch(name):
            what, months, year, month, statistic = match.groups()
            last = 12 * int(year) + int(month)
            span = (last - int(months or 1) + 1, last, name)
            spans.setdefault((what, statistic), []).append(span)
    lines, rests = [], {}
    for alike in spans.values():
        pairs = permutations(alike, 2)
        for (first, last, short), (long_first, long_last, long) in pairs:
            if long_first <= first and last <= long_last:
                rest = f"{long}{WITHOUT}{short}"
                rests[rest] = counts[long] - counts[short]
                lines.append(Line((short, rest), long))
    return lines, rests


def is_told_earlier(rest: str) -> bool:
    """Whether the months that are left of a period may be in the packs of earlier
    quarters: they are quarters before the period that was taken out.
    """
    long, _, short = rest.partition(WITHOUT)
    (_, months, *long_end, _), (_, own, *short_end, _) = (
        PERIOD.fullmatch(name).groups() for name in (long, short)
    )
    lengths = int(months or 1), int(own or 1)
    return long_end == short_end and not any(n % QUARTER for n in lengths)


def of_columns(
    tables: Sequence[Table], figures: Figures, values: Mapping[str, int]
) -> list[Line]:
    """Return the lines of measures that add up in the columns of a table.

    Notices and orders, and both together, add up in each month of their table. So they
    do in each other period, in whichever table.
    """
    sums = {each for table in tables for each in _sums_of_columns(table, figures)}
    lines = []
    for name in values:
        match = PERIOD.fullmatch(name)
        for whole, parts in sums:
            if match and match[1] == whole:
                rest = name[len(whole) :]
                lines.append(Line(tuple(f"{part}{rest}" for part in parts), name))
    return [line for line in lines if _adds_up(line, values)]


def _sums_of_columns(
    table: Table, figures: Figures
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield what is counted in a column, and in the columns that add up to it."""
    columns = count_columns(table)
    for whole in columns:
        others = [name for name in columns if name != whole]
        for size in range(2, len(others) + 1):
            for parts in combinations(others, size):
                rows = [
                    row
                    for row in table.rows
                    if all(row[name] is not None for name in (whole, *parts))
                ]
                if len(rows) >= FEWEST_ROWS and all(
                    row[whole] == sum(row[name] for name in parts) for row in rows
                ):
                    names = (whole, *parts)
                    own = [counted(figures.name(table, rows[0], n)) for n in names]
                    if all(own) and len(set(own)) == len(own):
                        yield own[0], tuple(own[1:])


def of_shorter_periods(values: Mapping[str, int]) -> list[Line]:
    """Return the lines of periods that shorter ones of equal length fill: a quarter and
    its three months.
    """
    spans: dict[tuple[str, str], dict[tuple[int, int], str]] = {}
    for name in values:
        if match := PERIOD.fullmatch(name):
            what, months, year, month, statistic = match.groups()
            span = 12 * int(year) + int(month), int(months or 1)
            spans.setdefault((what, statistic), {})[span] = name
    lines = []
    for alike in spans.values():
        for (last, length), whole in alike.items():
            for size in {size for _, size in alike if size < length}:
                ends = range(last - length + size, last + 1, size)
                names = tuple(alike.get((end, size), "") for end in ends)
                if length % size == 0 and all(names):
                    lines.append(Line(names, whole))
    return [line for line in lines if _adds_up(line, values)]


def counted(name: str) -> str:
    """Return what a figure counts, without its period; '' if it has none."""
    match = PERIOD.fullmatch(name.split(WITHOUT)[0])
    return match[1] if match else ""
