"""Compares the header of a delivered file with its contract.

Columns are found by name, in any order. If a column of the contract is missing or has
another name, the whole file is rejected. A column that is not in the contract is stored
with its lines and reported.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from dagster_project.errors import DeliveryError
from dagster_project.intake.contracts import Contract

DELIMITERS = {";": "semicolons", "\t": "tabs", "|": "bars"}
SHOWN = 8
SHOWN_LETTERS = 40


@dataclass(frozen=True)
class Reading:
    """What a reader found in a file.

    Args:
        delivered: records in the file, counted independently of the reader.
        added_columns: names of columns that are not in the contract.
        notes: sentences about what was left out or doubted.
        blank: lines without any value; these are not records.
    """

    delivered: int
    added_columns: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    blank: int = 0


@dataclass(frozen=True)
class Part:
    """Records of a file under one header.

    Args:
        header: names of the columns.
        table: columns c0, c1 … in the header's order, `_line`, and `_place` if the
            number of the line does not tell a person where the record is (a sheet and
            its row). A part that was mapped also has `_not_mapped`: the columns whose
            value the mapping does not have.
        place: where the header is, such as `line 1`.
        delivered: names of the columns d0, d1 … of a part that was mapped, which have
            the texts of the export.
        is_direct: whether DuckDB itself can read the file, because every column is
            text. Then the file's other parts need not be read.
    """

    header: list[str]
    table: pa.Table
    place: str = "line 1"
    delivered: tuple[str, ...] = ()
    is_direct: bool = False


class UnreadableError(Exception):
    """A file cannot be read: `reason` says why, as a part of a sentence.

    Args:
        lines_before: whole lines of the block before the wrong one.
        remedy: what to do, if that differs from other files of this kind.
    """

    def __init__(
        self, reason: str, lines_before: int = 0, remedy: str | None = None
    ) -> None:
        super().__init__(reason)
        self.lines_before = lines_before
        self.remedy = remedy


def check_header(path: Path, part: Part, contract: Contract) -> list[int]:
    """Return the positions (from 0) of the columns that are not in the contract.

    Raises:
        DeliveryError: a column of the contract is missing, or is there twice.
    """
    header, place = part.header, f"{path.name}, {part.place}"
    missing = [column for column in contract.columns if column not in header]
    extra = [i for i, name in enumerate(header) if name not in contract.columns]
    if missing:
        raise DeliveryError(
            f"{place}: the header lacks {', '.join(missing)}."
            f"{_instead([header[i] for i in extra])}"
            " Nothing of this file was taken. Write a mapping that reads it as it comes"
            " (docs/mapping.md), or ask for it with the header of the contract:"
            f" {','.join(contract.columns)}"
        )
    counts = Counter(header)
    twice = [column for column in contract.columns if counts[column] > 1]
    if twice:
        raise DeliveryError(
            f"{place}: the header has {', '.join(twice)} twice."
            " Nothing of this file was taken. Ask for it with each column once."
        )
    return extra


def column_names(header: Sequence[str], positions: Sequence[int]) -> tuple[str, ...]:
    """Return the names at these positions; `column_3` if column 3 has no name."""
    return tuple(header[i] or f"column_{i + 1}" for i in positions)


def _instead(names: Sequence[str]) -> str:
    """Return a sentence that shows the columns found in place of the missing ones."""
    if not names:
        return ""
    for letter, words in DELIMITERS.items():
        if len(names) == 1 and letter in names[0]:
            return f" Its columns are separated by {words}, not by commas."
    shown = ", ".join(ascii(name)[1:-1][:SHOWN_LETTERS] for name in names[:SHOWN])
    more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
    return f" It has instead: {shown}{more}."
