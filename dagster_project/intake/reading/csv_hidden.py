"""Records that a stray pair of quotation marks has joined into one.

The lines are looked at without their quotation marks: a record has as many delimiters
as the header or more, and a date, a number, Y or N stands in its column. `typed` says
in which columns such values stand, in the file's order.
"""

import csv
import re
from collections.abc import Sequence

LINE_BREAK = r"\r\n|\r|\n"
# A date, a time, a number, Y or N, as no sentence has it between two commas.
TYPED_VALUE = re.compile(r"-?[0-9][-0-9.:/T ]*|[YN]")


def is_in_value(
    value: str, column: int, typed: Sequence[bool], delimiter: str = ","
) -> bool:
    """Whether a value goes on as the end of its record, and ends as another's begin."""
    before, behind = typed[:column], typed[column + 1 :]
    first, *within, last = (
        line.split(delimiter) for line in re.split(LINE_BREAK, value)
    )
    is_cut = len(first) > len(behind) and len(last) > len(before)
    return any(_is_record(fields, typed) for fields in within) or (
        is_cut and (_ends_typed(first, behind) or _begins_typed(last, before))
    )


def count(text: str, typed: Sequence[bool], delimiter: str = ",") -> int:
    """Lines of a text that are records by themselves."""
    return sum(
        _is_record(line.split(delimiter), typed)
        or _is_record(_split(line, delimiter), typed)
        for line in re.split(LINE_BREAK, text)
    )


def _is_record(fields: Sequence[str], typed: Sequence[bool]) -> bool:
    """Commas of a sentence may have made it wider."""
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
