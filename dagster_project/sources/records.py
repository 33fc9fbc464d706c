"""Records of a CSV file, counted from its bytes and without the reader that loads it.

What the reader stores and what it rejects are added up against this count, so that a
line which a reader loses in silence is missed.
"""

import csv
from collections.abc import Sequence
from pathlib import Path
from typing import IO

import numpy as np

QUOTE = b'"'
# From here on numpy is quicker, ten times in a megabyte.
VECTOR_BYTES = 4096
BYTE_ORDER_MARK = b"\xef\xbb\xbf"
# A heading line is some 150 bytes; a "line" beyond this is no heading line.
HEADING_LIMIT = 16 * 1024


class RecordCounter:
    """Counts the record ends outside quotes in bytes that arrive in pieces.

    A quote opens a field only at the field's start (spaces aside), as in the reader:
    the one in `On or near 5" Lane` is a letter like any other. A blank line is no
    record.
    """

    def __init__(self, spaces_may_lead_quotes: bool = True) -> None:
        self._spaces = b" " if spaces_may_lead_quotes else b""
        self.in_quotes = False
        self.has_blank_lines = False
        self._ends = 0
        self._windows_ends = 0
        self._bytes = 0
        self._has_just_closed = False
        self._tail = b"\n"  # The last two bytes, for line ends across two pieces.
        self._before = b"\n"  # The last byte that is no space, for quotes.

    @property
    def records(self) -> int:
        """Records so far, the heading line included, the last one ended or not."""
        is_open = self._bytes > 0 and self._tail[-1:] != b"\n"
        return self._ends + (is_open or self.in_quotes)

    @property
    def is_tidy(self) -> bool:
        """One kind of line end, and no blank line."""
        is_mixed = 0 < self._windows_ends < self._ends
        return not (is_mixed or self.has_blank_lines)

    def feed(self, chunk: bytes) -> None:
        """Count the next bytes of the file."""
        if self._bytes == 0:
            self._bytes = len(chunk)
            chunk = chunk.removeprefix(BYTE_ORDER_MARK)
        self._bytes += len(chunk)
        # Nearly no published file holds a quote: then counting is two searches.
        if QUOTE not in chunk:
            self._text(chunk)
            return
        first, *others = chunk.split(QUOTE)
        self._text(first)
        for piece in others:
            self._quote()
            self._text(piece)

    def _quote(self) -> None:
        if self.in_quotes:
            self.in_quotes = False
            self._has_just_closed = True
        elif self._has_just_closed or self._before in (b",", b"\n"):
            self.in_quotes = True
            self._has_just_closed = False
        self._tail, self._before = self._tail[-1:] + QUOTE, QUOTE

    def _text(self, text: bytes) -> None:
        if not text:
            return
        if not self.in_quotes:
            seam = self._tail + text[:2]
            ends, is_doubled = _line_ends(text)
            self._ends += ends
            self.has_blank_lines |= is_doubled or b"\n\n" in seam
            # Most files have no carriage return, and one byte is found in no time.
            if b"\r" in text or b"\r" in seam:
                self._windows_ends += text.count(b"\r\n")
                self.has_blank_lines |= b"\n\r\n" in text or b"\n\r\n" in seam
            self._windows_ends += self._tail[-1:] == b"\r" and text[:1] == b"\n"
        self._has_just_closed = False
        self._tail = (self._tail + text[-2:])[-2:]
        self._before = text.rstrip(self._spaces)[-1:] or self._before


def _line_ends(text: bytes) -> tuple[int, bool]:
    """How many there are, and whether two of them stand side by side."""
    if len(text) < VECTOR_BYTES:
        return text.count(b"\n"), b"\n\n" in text
    is_end = np.frombuffer(text, np.uint8) == ord("\n")
    return int(np.count_nonzero(is_end)), bool((is_end[1:] & is_end[:-1]).any())


def tidy(path: Path) -> int:
    """Rewrite `path` as `tidy_lines` does; its records."""
    copy = path.with_suffix(".tidy")
    with path.open("rb") as source, copy.open("wb") as target:
        records = tidy_lines(source, target)
    copy.replace(path)
    return records


def tidy_lines(
    source: IO[bytes], target: IO[bytes], spaces_may_lead_quotes: bool = True
) -> int:
    """Copy with one kind of line end and no blank lines; the number of records.

    The reader stops at a file with both kinds of line end, and counts blank lines in
    the numbers of rejected lines but not in its rows. Text in quotes stays as it is.
    """
    counter = RecordCounter(spaces_may_lead_quotes)
    for line in source:
        if not counter.in_quotes and not line.strip(b"\r\n"):
            continue
        counter.feed(line)
        is_end = not counter.in_quotes
        target.write(line.rstrip(b"\r\n") + b"\n" if is_end else line)
    return counter.records


def headings(path: Path) -> list[str]:
    """Names of the columns as the first line gives them, in the file's order."""
    with path.open("rb") as file:
        line = file.readline(HEADING_LIMIT).removeprefix(BYTE_ORDER_MARK)
    text = line.decode("utf-8", errors="replace").rstrip("\r\n")
    return [name.strip() for name in next(csv.reader([text]), [])]


def heading_problem(found: Sequence[str], expected: Sequence[str]) -> str | None:
    """What is wrong with the headings and what to do, or None if nothing is.

    Their order is free, and columns beyond the expected ones do no harm.
    """
    missing = [f"'{name}'" for name in expected if name not in found]
    twice = [f"'{name}'" for name in expected if found.count(name) > 1]
    if missing:
        return (
            f"the column {', '.join(missing)} is missing (its columns are"
            f" {', '.join(found) or 'none'}). Download the file again, or give the"
            " column back its published name."
        )
    if twice:
        return (
            f"the column {', '.join(twice)} is there more than once. Download the"
            " file again."
        )
    return None
