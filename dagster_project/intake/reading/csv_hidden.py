"""Finds records that a stray pair of quotation marks has joined into one value.

A line inside a value looks like a record of its own if it has at least as many
delimiters as the header, and a date, a number, Y or N in the column of that type.
`typed` says for each column, in the file's order, whether it has such values.
"""

import csv
import re
from collections.abc import Sequence

LINE_BREAK = r"\r\n|\r|\n"
# A date, a time, a number, Y or N. Sentences do not have these between two commas.
TYPED_VALUE = re.compile(r"-?[0-9][-0-9.:/T ]*|[YN]")


def is_in_value(
    value: str, column: int, typed: Sequence[bool], delimiter: str = ","
) -> bool:
    """Return whether a value contains whole records.

    That is so if a line within the value looks like a record, or if its first line may
    be the end of one record and its last line the start of another.

    Args:
        column: position of the value's column, from 0.
        typed: for each column, whether it has dates, times, numbers, or Y and N.
    """
    before, behind = typed[:column], typed[column + 1 :]
    first, *within, last = (
        line.split(delimiter) for line in re.split(LINE_BREAK, value)
    )
    is_cut = len(first) > len(behind) and len(last) > len(before)
    return any(_is_record(fields, typed) for fields in within) or (
        is_cut and (_ends_typed(first, behind) or _begins_typed(last, before))
    )


def count(text: str, typed: Sequence[bool], delimiter: str = ",") -> int:
    """Return how many lines of a text look like records."""
    return sum(
        _is_record(line.split(delimiter), typed)
        or _is_record(_split(line, delimiter), typed)
        for line in re.split(LINE_BREAK, text)
    )


def _is_record(fields: Sequence[str], typed: Sequence[bool]) -> bool:
    """Whether the line looks like a record; commas in free text may add fields."""
    return len(fields) >= len(typed) and (
        _begins_typed(fields, typed) or _ends_typed(fields, typed)
    )


def _begins_typed(fields: Sequence[str], typed: Sequence[bool]) -> bool:
    return any(
        is_typed and TYPED_VALUE.fullmatch(field)
        for field, is_typed in zip(fields, typed, strict=False)
    )


def _ends_typed(fields: Sequence[str], typed: Sequence[bool]) -> bool:
    return _begins_typed(fields[::-1], typed[::-1])


def _split(line: str, delimiter: str) -> list[str]:
    try:
        return next(csv.reader([line], delimiter=delimiter), [])
    except csv.Error:
        return []
