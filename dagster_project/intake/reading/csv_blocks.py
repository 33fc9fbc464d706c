"""Cuts the bytes of a CSV file into blocks of whole records.

`pyarrow.csv`, which splits the records, joins the lines of a quoted value without a
warning, reads `"2"x` as `2x` and rejects a whole file because of one wrong byte. So
this module checks the quotation marks first, and each record if necessary. A record
that cannot be read is removed from its block with its text and the reason, and an empty
line is left in its place.
"""

import codecs
import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import IO

import numpy as np

from dagster_project.intake.header import UnreadableError

BLOCK_BYTES = 8 << 20
# The first block is small because some callers need only the header.
FIRST_BYTES = 64 << 10
# No record is nearly as long as this. If a quoted value is, its quotation mark was
# never closed.
RECORD_LIMIT_BYTES = 64 << 20
ENDS = b"\r\n"
PAIR_UP = "Ask for a corrected file, or for Parquet"
BYTE_ORDER_MARK = b"\xef\xbb\xbf"
WIDE = "utf-16"
UTF_16 = (b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True)
class Form:
    """Regular expressions for the values and records of a file with one delimiter.

    Args:
        value: matches a quoted value. Its group `close` is empty if the value never
            ends; `behind` is the text after the closing quotation mark.
        record: matches a record with its line end.
    """

    value: re.Pattern[bytes]
    record: re.Pattern[bytes]


@cache
def form(delimiter: str = ",") -> Form:
    """Return the expressions for a file whose values are separated by `delimiter`."""
    between = re.escape(delimiter.encode())
    quoted = rb"(?:(?<=[" + between + rb'\r\n])|\A)"[^"]*+(?:""[^"]*+)*+'
    return Form(
        re.compile(
            quoted + rb'(?P<close>" *+(?P<behind>[^' + between + rb"\r\n])?|\Z)"
        ),
        re.compile(rb"(?:" + quoted + rb'(?:"|\Z)|[^"\r\n]++|")*+(?:\r\n|\r|\n|\Z)'),
    )


@dataclass(frozen=True)
class Block:
    """Whole records in UTF-8.

    Args:
        data: the bytes of the records.
        lines: number of line ends in the bytes, including those inside quoted values.
        has_quotes: whether a value is in quotation marks.
        faults: position of a record in the block (from 0) → its text, and why it cannot
            be read.
    """

    data: bytes
    lines: int
    has_quotes: bool
    faults: dict[int, tuple[str, str]] = field(default_factory=dict)


def blocks(
    source: IO[bytes], encoding: str = "utf-8", delimiter: str = ","
) -> Iterator[Block]:
    """Yield the blocks of a file, in order.

    Raises:
        UnreadableError: a quotation mark is never closed, or the text is not in the
            encoding.
    """
    size, is_last, marks = FIRST_BYTES, False, form(delimiter)
    if encoding == WIDE:
        source, encoding = codecs.EncodedFile(source, "utf-8", WIDE), "utf-8"
    rest = _read(source, size)
    if rest.startswith(UTF_16):
        raise UnreadableError(
            "the text is in UTF-16, not in UTF-8",
            remedy="Ask for it in UTF-8, or write `encoding: utf-16` in a mapping",
        )
    rest = rest.removeprefix(BYTE_ORDER_MARK)
    while not is_last:
        chunk = _read(source, size)
        size, is_last = BLOCK_BYTES, not chunk
        data = rest + chunk
        values = list(marks.value.finditer(data)) if b'"' in data else []
        is_open = bool(values) and not values[-1]["close"]
        end = len(data) if is_last and not is_open else _last_end(data, values)
        rest, data = data[end:], data[:end]
        if data:
            odd = [v.start() for v in values if v["behind"] and v.end() <= end]
            yield _block(data, encoding, bool(values), odd, marks)
        if is_open and (is_last or len(rest) > RECORD_LIMIT_BYTES):
            raise UnreadableError(
                "a quotation mark is opened but never closed", remedy=PAIR_UP
            )


def line_ends(data: bytes) -> int:
    """Count the line ends of all three kinds, and a last line without a line end."""
    letters = np.frombuffer(data, np.uint8)
    count = int(np.count_nonzero(letters == ENDS[1]))
    if b"\r" in data:
        count += data.count(b"\r") - data.count(b"\r\n")
    return count + (data[-1:] not in (b"\r", b"\n", b""))


def _last_end(data: bytes, values: list[re.Match[bytes]]) -> int:
    """Return the position after the last record that is certainly complete."""
    # The next byte is not known. It may be an \n, or a second quotation mark.
    stop = len(data) - 1
    for value in reversed(values):
        if found := _line_end_before(data, value.end(), stop):
            return found
        stop = value.start()
    return _line_end_before(data, 0, stop)


def _line_end_before(data: bytes, start: int, stop: int) -> int:
    # A carriage return before the last byte may be the first half of a line end.
    line_feed = data.rfind(b"\n", start, stop)
    carriage_return = data.rfind(b"\r", start, max(stop - 1, 0))
    return max(line_feed, carriage_return) + 1


def _read(source: IO[bytes], size: int) -> bytes:
    try:
        return source.read(size)
    except UnicodeError as error:
        raise UnreadableError(
            f"the text is not in {WIDE}, as the mapping says ({error})",
            remedy="Correct the encoding in the mapping",
        ) from error


def _block(
    data: bytes, encoding: str, has_quotes: bool, odd: list[int], marks: Form
) -> Block:
    lines = line_ends(data)
    if encoding != "utf-8":
        data = _encoded(data, encoding)
        odd = (
            [v.start() for v in marks.value.finditer(data) if v["behind"]]
            if odd
            else []
        )
    if not odd and _is_utf8(data):
        return Block(data, lines, has_quotes)
    kept, faults = [], {}
    for position, record in enumerate(marks.record.finditer(data)):
        text = record[0]
        if text and (reason := _fault(record, odd)):
            words = text.decode("utf-8", "backslashreplace").rstrip("\r\n")
            faults[position] = (words, reason)
            text = b"\n"
        kept.append(text)
    return Block(b"".join(kept), lines, has_quotes, faults)


def _fault(record: re.Match[bytes], odd: list[int]) -> str | None:
    if not _is_utf8(record[0]):
        return "text that is not UTF-8"
    if bisect_left(odd, record.start()) < bisect_left(odd, record.end()):
        return "text behind a closing quotation mark"
    return None


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


def _encoded(data: bytes, encoding: str) -> bytes:
    try:
        return data.decode(encoding).encode()
    except UnicodeDecodeError as error:
        raise UnreadableError(
            f"text that is not in {encoding} ({error.reason})",
            data.count(b"\n", 0, error.start),
            "Correct the encoding in seeds/force/extracts.csv or in the mapping, or ask"
            " for the file in the one agreed",
        ) from error
