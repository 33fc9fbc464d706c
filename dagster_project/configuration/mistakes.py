"""A mistake in a seed, and its place."""

import difflib
from collections.abc import Collection
from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Mistake:
    """One mistake.

    Args:
        file: the file as a person finds it, such as `seeds/force/measures.csv` or
            `my_home/config/measures.csv`.
        row: number of the row as in a spreadsheet (the header is 1), or of the line of
            a mapping; 0 for the whole file.
        column: the column's name, or the key of a mapping; empty for the whole row.
        text: what is wrong and, if it is not obvious, what would be right.
    """

    file: str
    row: int
    column: str
    text: str

    def __str__(self) -> str:
        is_table = not self.file.endswith(".yml")
        place = self.file
        if self.row:
            place += f", {'row' if is_table else 'line'} {self.row}"
        if self.column:
            place += f", {'column ' if is_table else ''}{self.column}"
        return f"{place}: {self.text}"


def nearest(value: str, known: Collection[str]) -> str:
    """Return the end of a sentence that suggests the known value most like this one."""
    found = difflib.get_close_matches(value, known, n=1)
    return f"; is '{found[0]}' meant?" if found else ""
