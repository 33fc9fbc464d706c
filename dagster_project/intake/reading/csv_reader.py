"""Reads CSV files into Arrow tables of texts; `pyarrow.csv` splits the records.

The number of records is checked independently. Every line end in the file ends a record
or is a line break inside a value. Line ends are counted in the bytes, without regard to
quotation marks; line breaks are counted in the values that were read. A line break in
free text is refused if the lines around it look like separate records.
"""

import csv
import io
from collections.abc import Callable, Collection, Iterator
from typing import IO

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv as arrow_csv

from dagster_project.intake.header import UnreadableError
from dagster_project.intake.mapping.model import FOOTER_LINES, TOO_LONG, FileForm
from dagster_project.intake.reading import csv_hidden
from dagster_project.intake.reading.csv_blocks import (
    ENDS,
    PAIR_UP,
    Block,
    blocks,
    form,
)
from dagster_project.intake.reading.csv_hidden import LINE_BREAK

STANDS_ALONE = "Usually a quotation mark is missing near this line"
HIDDEN = f"some of its lines look like separate records. {STANDS_ALONE}"
WHOLE = "Ask for the whole file. If it is whole, end its last line with a line break"
# A line of only these characters and delimiters has no value.
BLANK = ', \t"'

COMMAS = FileForm()


class CsvFile:
    """One CSV file that is being read. Its counts are complete when `tables` has ended.

    Attributes: `header`, the names of the columns in lower case, in the file's order;
    `rejected`, (line, text, reason) of each record that cannot be read, where line is
    the number of the record and the header is 1; `blank`, the number of records without
    a value; `left_out`, the number of title and footer records.

    Raises:
        UnreadableError: the file is empty, or is not in the agreed encoding.
    """

    def __init__(
        self,
        source: IO[bytes],
        encoding: str = "utf-8",
        file_form: FileForm = COMMAS,
    ) -> None:
        self.rejected: list[tuple[int, str, str]] = []
        self.blank = 0
        self.left_out = 0
        self.line = 0
        self._form = file_form
        self._delimiter = file_form.delimiter
        self._blank = BLANK + file_form.delimiter
        self._footer: int | None = None
        self._footer_lines = 0
        self._lines = 0
        self._breaks = 0
        self._blocks = blocks(source, encoding, self._delimiter)
        self.header, self._first = self._read_header()

    @property
    def delivered(self) -> int:
        """Number of records by line ends, without header, blanks, title and footer."""
        return self._lines - self._breaks - self.blank - self.left_out - 1

    def tables(
        self, coded: Collection[str], typed: Collection[str]
    ) -> Iterator[pa.Table]:
        """Yield the records in blocks: columns c0, c1 … as text, and `_line`.

        Args:
            coded: columns whose values cannot contain a line break; all others are free
                text.
            typed: columns of dates, times, numbers, or Y and N.

        Raises:
            UnreadableError: a coded column has a line break, a value contains other
                records, or a quotation mark is never closed.
        """
        self._free = [name not in coded for name in self.header]
        self._typed = [name in typed for name in self.header]
        if csv_hidden.count(self._header_text, self._typed, self._delimiter):
            raise UnreadableError(f"line {self.line:,}: {HIDDEN}", remedy=PAIR_UP)
        yield from self._read(self._first)
        while block := self._next_block():
            yield from self._read(block)

    def _next_block(self) -> Block | None:
        try:
            block = next(self._blocks, None)
        except UnreadableError as error:
            line = self.line + error.lines_before + 1
            raise UnreadableError(
                f"line {line:,}: {error}", remedy=error.remedy
            ) from error
        self._lines += block.lines if block else 0
        return block

    def _read_header(self) -> tuple[list[str], Block]:
        """Return the column names and the rest of their block.

        The header is the first line with a value, or the line that the mapping names.
        """
        wanted = self._form.header_row
        while block := self._next_block():
            for place, record in enumerate(
                form(self._delimiter).record.finditer(block.data)
            ):
                text = record[0].rstrip(ENDS)
                has_value = place in block.faults or text.strip(self._blank.encode())
                number = self.blank + self.left_out + 1
                if has_value and wanted is not None and number < wanted:
                    faulty, _ = block.faults.get(place, (text.decode(), ""))
                    self._breaks += _line_breaks(faulty)
                    self.left_out += 1
                elif has_value:
                    faulty, _ = block.faults.get(place, ("", ""))
                    rest = block.data[record.end() :]
                    faults = {
                        other - place - 1: fault
                        for other, fault in block.faults.items()
                        if other > place
                    }
                    header = self._named(faulty or text.decode(), number)
                    return header, Block(rest, 0, block.has_quotes, faults)
                else:
                    self.blank += bool(record[0])
        if self.left_out:
            raise UnreadableError(
                f"the file ends before line {wanted}, which the mapping says is the"
                " header",
                remedy="Correct header_row in the mapping",
            )
        raise UnreadableError("the file is empty and has no header")

    def _named(self, text: str, line: int) -> list[str]:
        self.line = line
        self._breaks += _line_breaks(text)
        self._header_text = text
        text = text.replace("\0", "\ufffd")
        try:
            lines = io.StringIO(text, newline="")
            names = next(csv.reader(lines, delimiter=self._delimiter), [])
        except csv.Error:
            names = [text]
        return [name.strip().lower() for name in names]

    def _read(self, block: Block) -> Iterator[pa.Table]:
        if not block.data:
            return
        odd: list[arrow_csv.InvalidRow] = []
        columns = len(self.header)
        table = _split(block.data, columns, odd.append, self._delimiter)
        places = np.arange(1, table.num_rows + len(odd) + 1)
        kept = np.delete(places, [row.number - 1 for row in odd])
        table = table.append_column("_line", pa.array(kept + self.line))
        if self._form.footer:
            table, odd = self._without_footer(table, odd)
        if odd and odd[-1].number == len(places):
            self._refuse_cut_off(block.data, odd[-1])
        for row in odd:
            reason = f"{row.actual_columns} of {row.expected_columns} columns"
            self._reject(row.number, row.text.rstrip("\r\n"), reason)
        faults = block.faults
        if self._footer is not None:
            before = self._footer - self.line
            faults = {place: faults[place] for place in faults if place + 1 < before}
        for place, fault in faults.items():
            self._reject(place + 1, *fault)
        if block.has_quotes:
            self._count_breaks(table)
        is_blank = _is_blank(table)
        empty = pc.sum(is_blank).as_py() or 0
        if empty:
            table = table.filter(pc.invert(is_blank))
            self.blank += empty - len(faults)
        self.line += len(places)
        yield table

    def _without_footer(
        self, table: pa.Table, odd: list[arrow_csv.InvalidRow]
    ) -> tuple[pa.Table, list[arrow_csv.InvalidRow]]:
        """Return the records before the first line that begins like the footer."""
        if self._footer is None:
            begin = pc.binary_join_element_wise(*table.columns[:-1], "")
            begin = pc.utf8_lower(pc.utf8_ltrim_whitespace(begin))
            is_footer = pa.chunked_array([np.zeros(table.num_rows, bool)])
            for text in self._form.footer_starts:
                is_footer = pc.or_(is_footer, pc.starts_with(begin, text))
            lines = table.column("_line").filter(is_footer).to_pylist()
            lines += [
                self.line + row.number
                for row in odd
                if self._form.begins_footer(row.text.lstrip(self._blank))
            ]
            self._footer = min(lines, default=None)
        if self._footer is None:
            return table, odd
        is_kept = pc.less(table.column("_line"), self._footer)
        rest = table.filter(pc.invert(is_kept))
        kept = [row for row in odd if self.line + row.number < self._footer]
        left = [row.text for row in odd if self.line + row.number >= self._footer]
        left += [
            "".join(row.values()) for row in rest.drop_columns("_line").to_pylist()
        ]
        self._breaks += sum(map(_line_breaks, (text.rstrip("\r\n") for text in left)))
        self.left_out += len(left)
        self._footer_lines += len(left)
        if self._footer_lines > FOOTER_LINES:
            raise UnreadableError(
                f"line {self._footer:,}: {TOO_LONG}",
                remedy="If it is right, ask for the file without what follows it",
            )
        return table.filter(is_kept), kept

    def _refuse_cut_off(self, data: bytes, last: arrow_csv.InvalidRow) -> None:
        """Refuse a file whose last line has too few columns and no line end."""
        is_short = last.actual_columns < last.expected_columns
        if is_short and data[-1:] not in (b"\r", b"\n"):
            raise UnreadableError(
                f"line {self.line + last.number:,}: the file ends in the middle of this"
                f" line, after {last.actual_columns} of {last.expected_columns} columns"
                ". Lines after it may be missing",
                remedy=WHOLE,
            )

    def _reject(self, place: int, text: str, reason: str) -> None:
        if not text.strip(self._blank):
            self.blank += 1
            return
        if csv_hidden.count(text, self._typed, self._delimiter) > 1:
            line = self.line + place
            raise UnreadableError(f"line {line:,}: {HIDDEN}", remedy=PAIR_UP)
        self._breaks += _line_breaks(text)
        self.rejected.append((self.line + place, text, reason))

    def _count_breaks(self, table: pa.Table) -> None:
        for number, is_free in enumerate(self._free):
            breaks = pc.count_substring_regex(table.column(number), LINE_BREAK)
            count = pc.sum(breaks).as_py() or 0
            self._breaks += count
            if not count:
                continue
            broken = table.select([number, "_line"]).filter(pc.greater(breaks, 0))
            name = self.header[number] or number + 1
            if not is_free:
                raise UnreadableError(
                    f"line {broken.column(1)[0].as_py():,}, column {name}: the"
                    " value contains a line break, which only free text may have."
                    f" {STANDS_ALONE}",
                    remedy=PAIR_UP,
                )
            self._refuse_hidden(broken, number, name)

    def _refuse_hidden(self, broken: pa.Table, number: int, name: str) -> None:
        commas = pc.count_substring(broken.column(0), self._delimiter)
        doubted = broken.filter(pc.greater_equal(commas, len(self.header) - 1))
        for value, line in zip(*(each.to_pylist() for each in doubted), strict=True):
            if csv_hidden.is_in_value(value, number, self._typed, self._delimiter):
                raise UnreadableError(
                    f"line {line:,}, column {name}: {HIDDEN}", remedy=PAIR_UP
                )


def _line_breaks(text: str) -> int:
    return pc.count_substring_regex(text, LINE_BREAK).as_py()


def _split(
    data: bytes, columns: int, odd: Callable[[object], None], delimiter: str
) -> pa.Table:
    def skip(row: arrow_csv.InvalidRow) -> str:
        odd(row)
        return "skip"

    names = [f"c{number}" for number in range(columns)]
    try:
        return arrow_csv.read_csv(
            pa.BufferReader(data),
            # pyarrow numbers the skipped rows only if it uses one thread.
            arrow_csv.ReadOptions(
                use_threads=False, block_size=len(data) + 1, column_names=names
            ),
            arrow_csv.ParseOptions(
                delimiter=delimiter,
                newlines_in_values=True,
                ignore_empty_lines=False,
                invalid_row_handler=skip,
            ),
            arrow_csv.ConvertOptions(
                check_utf8=False, column_types=dict.fromkeys(names, pa.string())
            ),
        )
    except pa.ArrowInvalid as error:
        raise UnreadableError(f"cannot be split into records ({error})") from error


def _is_blank(table: pa.Table) -> pa.ChunkedArray:
    """Return for each record whether all its columns are empty."""
    is_blank = pa.chunked_array([np.ones(table.num_rows, bool)])
    for name in table.column_names[:-1]:
        empty = pc.equal(pc.utf8_trim_whitespace(table.column(name)), "")
        is_blank = pc.and_(is_blank, empty)
        if not pc.any(is_blank).as_py():
            break
    return is_blank
