"""The header of a delivered file, held against its contract.

A contract's columns are read by name, in whatever order they come. One that is missing
(or was renamed) rejects the file as a whole; one that nobody asked for is kept with its
lines and reported.
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
    """Records in the file, counted without the reader, and what was noticed.

    `blank` counts lines without a value: they are no records.
    """

    delivered: int
    added_columns: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    blank: int = 0


@dataclass(frozen=True)
class Part:
    """Records of a file under one header.

    `table`: columns c0, c1 … in the header's order, `_line`, and `_place` where the
    number of the line does not say where the record stands. `place` is the header's.
    Of a part that was mapped, `delivered` names the columns d0, d1 … with the texts of
    the export, and `_not_mapped` lists the columns whose value the mapping lacks.
    """

    header: list[str]
    table: pa.Table
    place: str = "line 1"
    delivered: tuple[str, ...] = ()


class UnreadableError(Exception):
    """A file that cannot be read: what is wrong, as a part of a sentence.

    `lines_before`: whole lines of the block in front of the one that is wrong;
    `remedy`: what to do, where that is not the same for every file of its kind.
    """

    def __init__(
        self, reason: str, lines_before: int = 0, remedy: str | None = None
    ) -> None:
        super().__init__(reason)
        self.lines_before = lines_before
        self.remedy = remedy


def check_header(path: Path, part: Part, contract: Contract) -> list[int]:
    """Positions (from 0) of the columns that the contract does not know.

    Raises:
        DeliveryError: a column of the contract is missing, or one stands twice.
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
    """The names at these positions; a column without one is called by its number."""
    return tuple(header[i] or f"column_{i + 1}" for i in positions)


def _instead(names: Sequence[str]) -> str:
    """What stands there in place of the missing columns, cut to what can be read."""
    if not names:
        return ""
    for letter, words in DELIMITERS.items():
        if len(names) == 1 and letter in names[0]:
            return f" Its columns are separated by {words}, not by commas."
    shown = ", ".join(ascii(name)[1:-1][:SHOWN_LETTERS] for name in names[:SHOWN])
    more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
    return f" It has instead: {shown}{more}."
