"""Tables in the form in which they are read: columns, cells, and rows long or wide.

`Table` has the rows of its model; `Table.grid` converts them to the form of page, sheet
and document. No figure is computed here.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property
from itertools import repeat
from typing import Any

from reports import style

AVAILABLE = "available"
CONFIDENTIAL = "confidential"  # in a public version: known, and not shown
NO_ROWS = "No rows for this quarter."
BROAD_FROM = 8  # columns
# Letters of a text that stays on one line, and of the label of a broad table's row.
SHORT_TEXT, LABEL = len("September 2021"), len("Dwelling Burglary and Street Robbery")
NO_STRAND = "in no strand"
PEOPLE = " where people are counted"
ROUNDED = "are rounded to the nearest 5, and 1 to 4 are not shown"
PUBLIC = {
    "exact": "are unchanged",
    "round5": ROUNDED,
    "suppress": "are not shown if they are 1 to 4, or if they would give such a count "
    "away",
}
INTERNAL = "A public version does not have this table."
HELD_EXTRACT = "held_extract"
COUNT_FORMATS = ("count", "signed_count")
VALUES = ("value_before", "value_now")  # texts, some of which are days
Row = dict[str, Any]


@dataclass(frozen=True)
class Column:
    """A column: its name in the model, its heading, and where and how it is shown."""

    name: str
    heading: str
    number_format: str
    is_in_csv: bool = True
    is_on_page: bool = True

    @property
    def is_number(self) -> bool:
        return self.number_format in style.NUMBER_FORMATS

    @property
    def may_have_days(self) -> bool:
        """Whether some of its texts are days."""
        return self.name in VALUES

    @property
    def is_unbroken(self) -> bool:
        return self.number_format in style.UNBROKEN_FORMATS

    def shown(self, value: Any) -> Any:
        """Return a value as page and workbook show it: a code of an extract as words.

        `domestic_abuse_attendance` becomes 'Domestic abuse attendance'.
        """
        is_code = self.name == HELD_EXTRACT and isinstance(value, str)
        return style.humanise(value) if is_code else value

    def data(self, value: Any) -> Any:
        """Return a value as a data file has it.

        A month is 2021-09, a day within a text 2021-11-17, and a count that is a whole
        number has no decimal places.
        """
        if self.number_format == "month" and (date := style.as_date(value)):
            return f"{date:%Y-%m}"
        if self.number_format in COUNT_FORMATS and isinstance(value, Decimal):
            return int(value) if value == int(value) else value
        return self.day(value) or value

    def day(self, value: Any) -> dt.date | None:
        """Return the day that a text of a column of values is; otherwise None."""
        is_text = self.may_have_days and isinstance(value, str)
        return style.day(value) if is_text else None


class Mark(str):
    """Shorthand for a value that is known, such as `[c]` in a public version."""


@dataclass(frozen=True)
class Cell:
    """A value to show, or the shorthand (such as `[x]`) in its place."""

    value: Any
    mark: str = ""

    @classmethod
    def of(cls, value: Any, is_available: bool) -> Cell:
        if isinstance(value, Mark):
            return cls(None, str(value))
        gap = style.NOT_APPLICABLE if is_available else style.NOT_AVAILABLE
        is_nan = isinstance(value, float) and style.exact(value) is None
        return cls(None, gap) if value is None or is_nan else cls(value)

    def text(self, number_format: str, minus: str = "\u2212") -> str:
        return self.mark or style.page_text(self.value, number_format, minus)


@dataclass(frozen=True)
class Grid:
    """A table in the form in which it is read: headings, then rows of cells."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]

    @property
    def label_count(self) -> int:
        """Number of leading columns that label a row: those before the first number."""
        numbers = [i for i, column in enumerate(self.columns) if column.is_number]
        return max(1, numbers[0] if numbers else 1)

    @property
    def is_broad(self) -> bool:
        """Whether the table has so many columns that it is set in small type."""
        return len(self.columns) >= BROAD_FROM

    @cached_property
    def texts(self) -> tuple[tuple[str, ...], ...]:
        """The texts of each column, from its first row to its last."""
        return tuple(
            tuple(row[i].text(column.number_format) for row in self.rows)
            for i, column in enumerate(self.columns)
        )

    @cached_property
    def stays_on_a_line(self) -> tuple[bool, ...]:
        """Whether each column's texts must stay on one line, as references and periods
        do.

        In a broad table the labels must too, so that rows are low.
        """
        label = LABEL if self.is_broad else SHORT_TEXT
        longest = [label, *repeat(SHORT_TEXT, len(self.columns) - 1)]
        return tuple(
            column.is_unbroken or max(map(len, texts), default=0) <= most
            for column, texts, most in zip(
                self.columns, self.texts, longest, strict=True
            )
        )

    @property
    def is_short(self) -> bool:
        """Whether the table is kept on one page; a longer one would leave a gap before
        it.
        """
        return len(self.rows) <= 10

    @property
    def statement(self) -> str:
        """The sentence shown in place of a table without rows, or with only one
        text.
        """
        if not self.rows:
            return NO_ROWS
        if len(self.rows) > 1:
            return ""
        first, *others = self.rows[0]
        is_all = others and all(cell.mark == style.NOT_APPLICABLE for cell in others)
        return f"{first.text('text')}." if is_all else ""

    @property
    def shorthand(self) -> dict[str, str]:
        """The shorthand in this table, with its meaning."""
        used = {cell.mark for row in self.rows for cell in row}
        known = style.SHORTHAND | style.PUBLIC_SHORTHAND
        return {mark: words for mark, words in known.items() if mark in used}

    def is_total(self, row: tuple[Cell, ...]) -> bool:
        return row[0].value == style.TOTAL_LABEL


@dataclass(frozen=True)
class Table:
    """A table of the report: words, columns in the model's order, and rows.

    In a public version, `protection` is the rule by which its counts are protected.
    """

    name: str
    title: str
    description: str
    wide_by: str | None
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    disclosure_policy: str = ""
    protection: str = ""

    @property
    def note(self) -> str:
        """How to read it, and what a public version does with its counts of people."""
        policy = self.disclosure_policy and _public(self.disclosure_policy)
        return " ".join(filter(None, [self.description, policy]))

    @property
    def has_available_rows(self) -> bool:
        return any(is_available(row) for row in self.rows)

    @property
    def csv_columns(self) -> tuple[Column, ...]:
        return tuple(column for column in self.columns if column.is_in_csv)

    def of_strand(self, strand: str) -> Table:
        """Return the table with only the rows of one strand, which its title then
        names.

        Args:
            strand: '' means the rows without a strand.
        """
        return replace(
            self,
            title=f"{self.title}: {style.plain_text(strand) or NO_STRAND}",
            description="",
            columns=tuple(c for c in self.columns if c.name != "strand"),
            rows=tuple(row for row in self.rows if (row.get("strand") or "") == strand),
        )

    def grid(self) -> Grid:
        """The table as page and sheet show it: long, or wide by one column's values."""
        shown = tuple(c for c in self.columns if c.is_on_page)
        return _wide(self, shown) if self.wide_by else _long(self.rows, shown)


def column_of(name: str, types: dict[str, str], listed: Row) -> Column:
    """Return a column as `rpt_columns` has it, or otherwise by its name and type.

    If it is not in `rpt_columns`, a status is not shown on the page (the shorthand
    shows it), nor is a code whose name is in the next column.
    """
    if name in listed:
        row = listed[name]
        heading = style.plain_text(row["column_heading"] or style.humanise(name))
        return Column(
            name, heading, row["number_format"], row["is_in_csv"], row["is_on_page"]
        )
    is_on_page = name != "status" and f"{name}_name" not in types
    return Column(
        name,
        style.humanise(name),
        style.default_format(name, types[name]),
        True,
        is_on_page,
    )


def _public(policy: str) -> str:
    """Return a disclosure policy, such as 'exact, but round5 where people are counted',
    as a sentence.
    """
    if policy == "internal":
        return INTERNAL
    rule = policy.removesuffix(PEOPLE)
    counts = "these counts" if rule == policy else "counts of people"
    return f"In a public version, {counts} {PUBLIC[rule.split(', but ')[-1]]}."


def is_available(row: Row) -> bool:
    return row.get("status", AVAILABLE) in (AVAILABLE, CONFIDENTIAL)


def _long(rows: tuple[Row, ...], columns: tuple[Column, ...]) -> Grid:
    """Return one row per row of the model; a label that is always null is left out."""
    labels = Grid(columns, ()).label_count
    cells = tuple(
        tuple(
            Cell.of(column.shown(row[column.name]), i < labels or is_available(row))
            for i, column in enumerate(columns)
        )
        for row in rows
    )
    return Grid(columns, cells)


def _wide(table: Table, shown: tuple[Column, ...]) -> Grid:
    """Return one row per label; the values of `wide_by` become columns, in order of
    rows.
    """
    values = [column for column in shown if column.is_number]
    keys = [c for c in shown if not c.is_number and c.name != table.wide_by]
    members = list(dict.fromkeys(row[table.wide_by] for row in table.rows))
    keys = [k for k in keys if not _names_members(table, k.name, len(members))]
    found: dict[tuple[Any, ...], dict[Any, Row]] = {}
    for row in table.rows:
        found.setdefault(tuple(row[k.name] for k in keys), {})[row[table.wide_by]] = row
    columns = [
        Column(
            f"{value.name} {i}", _heading(member, value, values), value.number_format
        )
        for i, member in enumerate(members)
        for value in values
    ]
    rows = tuple(
        (
            *(Cell.of(label, True) for label in labels),
            *(_wide_cell(by.get(m), v) for m in members for v in values),
        )
        for labels, by in found.items()
    )
    return Grid((*keys, *columns), rows)


def _names_members(table: Table, column: str, member_count: int) -> bool:
    """Whether the column only repeats a label, as a month in another form does."""
    pairs = {(row[table.wide_by], row[column]) for row in table.rows}
    values = {value for _, value in pairs}
    return len(pairs) == len(values) == member_count > 1


def _wide_cell(row: Row | None, value: Column) -> Cell:
    """Return the cell; a combination without a row was not supplied."""
    return Cell.of(row[value.name], is_available(row)) if row else Cell.of(None, False)


def _heading(member: Any, value: Column, values: list[Column]) -> str:
    name = style.NOT_APPLICABLE if member is None else style.plain_text(member)
    return name if len(values) == 1 else f"{name}: {value.heading}"
