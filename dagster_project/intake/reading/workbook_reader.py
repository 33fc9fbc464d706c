"""Reads workbooks (.xlsx) into Arrow tables: every sheet with the contract's header.

A tracker is edited by hand. So cells of a column have different types, each year may
have its own sheet, and some cells have formulas.
"""

import datetime as dt
import warnings
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from itertools import islice
from pathlib import Path

import pyarrow as pa

from dagster_project.intake.contracts import Contract
from dagster_project.intake.header import Part, UnreadableError
from dagster_project.intake.mapping.model import (
    FOOTER_LINES,
    TOO_LONG,
    FileForm,
    left_out,
)
from dagster_project.intake.reading.texts import MIDNIGHT, WHOLE_LIMIT

SHOWN = 5
NOT_STORED = "a formula without a stored value"
STORE_IT = "Open the workbook in the spreadsheet program, save it and send it again"
FRACTION = "a key that is a number with a fraction, or too large to be exact"
# The header is searched in this many rows.
TOP_ROWS = 10
AS_AGREED = FileForm()

# openpyxl opens a workbook with values or with formulas. So each sheet and each cell is
# a pair: (with values, with formulas).
Sheet = tuple[object, object]
Cells = list[tuple[object, object]]
Rows = dict[int, Cells]


class WorkbookReader:
    """One workbook that is being read. Its counts are complete when `parts` has ended.

    `_line` numbers the rows of all sheets in sequence; `_place` is the sheet and the
    row.
    """

    remedy = "Save it again as .xlsx, without a password"

    def __init__(
        self, path: Path, contract: Contract, form: FileForm = AS_AGREED
    ) -> None:
        self.rejected: list[tuple[int, str, str]] = []
        self.delivered = 0
        self.blank = 0
        self._path, self._contract, self._form = path, contract, form
        self._left_out = 0
        self._line = 0
        self._other_sheets: list[str] = []
        self._errors: list[str] = []

    @property
    def notes(self) -> tuple[str, ...]:
        notes = []
        if self._other_sheets:
            named = ", ".join(self._other_sheets)
            notes.append(f"sheets with another header, not read: {named}")
        if self._errors:
            shown = ", ".join(self._errors[:SHOWN])
            more = len(self._errors) - SHOWN
            notes.append(
                f"cells with an error: {shown}" + (f" and {more} more" * (more > 0))
            )
        if self._left_out:
            notes.append(left_out(self._left_out, "row"))
        return tuple(notes)

    def parts(self) -> Iterator[Part]:
        """Yield a header without records, then a part for each sheet with the header.

        If no sheet has the contract's header, the header of the first sheet is used, so
        that the error shows what is wrong with it.

        Raises:
            UnreadableError: it is not a workbook or is empty, the value of a formula is
                not stored, or a key is not a whole number.
        """
        # openpyxl takes long to import.
        from dagster_project.intake.reading import workbook_sheets

        with ExitStack() as book:
            with _readable():
                every = book.enter_context(workbook_sheets.opened(self._path))
                sheets = self._wanted(every)
                first = [list(islice(_rows(*sheet), self._top)) for sheet in sheets]
            tops = [top for top in zip(sheets, first, strict=True) if top[1]]
            yield from self._chosen(tops)

    @property
    def _top(self) -> int:
        return max(TOP_ROWS, self._form.header_row or 0)

    def _wanted(self, sheets: Sequence[Sheet]) -> list[Sheet]:
        """The sheets that the mapping names; all of them if it names none."""
        titles = [sheet[0].title for sheet in sheets]
        self._other_sheets += [
            title for title in titles if not self._form.reads_sheet(title)
        ]
        for name in self._form.sheets:
            alone = replace(self._form, sheets=(name,))
            if not any(map(alone.reads_sheet, titles)):
                raise UnreadableError(
                    f"no sheet is named {name}, as the mapping says. There are:"
                    f" {', '.join(titles)}",
                    remedy="Correct `sheets` in the mapping",
                )
        return [sheet for sheet in sheets if self._form.reads_sheet(sheet[0].title)]

    def _chosen(
        self, tops: Sequence[tuple[Sheet, list[tuple[int, Cells]]]]
    ) -> Iterator[Part]:
        if not tops:
            raise UnreadableError("the workbook is empty and has no header")
        wanted = set(self._contract.columns)
        headers = [self._header_of(sheet, top) for sheet, top in tops]
        meant = [each for each in headers if each and not wanted <= set(each.header)]
        fitting = [each for each in headers if each and each not in meant]
        yield (meant or fitting or [self._part(tops[0][0], *tops[0][1][0])])[0]
        for (sheet, top), header in zip(tops, headers, strict=True):
            if header is None and self._form.sheets:
                yield self._form_part(sheet, top)
            if header is None:
                self._other_sheets.append(sheet[0].title)
                continue
            with _readable():
                rows = dict(_rows(*sheet))
            yield self._sheet(sheet[0].title, self._below_title(rows))

    def _header_of(self, sheet: Sheet, top: list[tuple[int, Cells]]) -> Part | None:
        """Return a sheet's header if it has at least half of the contract's columns.

        Raises:
            UnreadableError: a row above the header is not empty.
        """
        columns = set(self._contract.columns)
        if self._form.header_row:
            top = [row for row in top if row[0] == self._form.header_row]
        for number, row in top:
            part = self._part(sheet, number, row)
            if len(columns & set(part.header)) * 2 >= len(columns):
                if number > top[0][0]:
                    raise UnreadableError(
                        f"sheet {sheet[0].title}: the header is in row {number},"
                        f" and row {top[0][0]} above it is not empty",
                        remedy="Remove everything above it, and save it again; or write"
                        f" header_row: {number} in a mapping",
                    )
                return part
        return None

    def _form_part(self, sheet: Sheet, top: list[tuple[int, Cells]]) -> Part:
        """Return the row of a named sheet in which its header should be."""
        wanted = self._form.header_row or top[0][0]
        cells = next((row for number, row in top if number == wanted), [])
        return self._part(sheet, wanted, cells)

    def _part(self, sheet: Sheet, number: int, row: Cells) -> Part:
        """A sheet's header, and no record."""
        header = [*_names(row), *self._sheet_column]
        return Part(header, _table([], len(header)), _place(sheet[0].title, number))

    @property
    def _sheet_column(self) -> list[str]:
        """The column in which the mapping wants each sheet's name, if it wants it."""
        return [self._form.sheet_as] if self._form.sheet_as else []

    def _below_title(self, rows: Rows) -> Rows:
        """Return the header and the rows below it."""
        first = self._form.header_row or min(rows)
        self._left_out += sum(number < first for number in rows)
        return {number: row for number, row in rows.items() if number >= first}

    def _footer(self, title: str, rows: Rows) -> int:
        """Return the row at which the footer begins, or the one after the last row."""
        end = max(rows) + 1
        if not self._form.footer:
            return end
        for number in sorted(rows)[1:]:
            values = (cell.value for cell, _ in rows[number])
            first = next((value for value in values if value is not None), "")
            if self._form.begins_footer(str(first)):
                lines = sum(each >= number for each in rows)
                if lines > FOOTER_LINES:
                    raise UnreadableError(
                        f"{_place(title, number)}: {TOO_LONG}",
                        remedy="If it is right, ask for the file without what follows",
                    )
                self._left_out += lines
                return number
        return end

    def _sheet(self, title: str, rows: Rows) -> Part:
        header, end = _header(rows), self._footer(title, rows)
        wanted = [i for i, name in enumerate(header) if name in self._contract.columns]
        texts = []
        for number in range(min(rows) + 1, end):
            row = [""] * len(header)
            for place, cells in enumerate(rows.get(number, ())[: len(header)]):
                row[place] = self._text(title, *cells, header[place])
            if any(row[place] for place in wanted):
                line, place = self._line + number, _place(title, number)
                texts.append((*row, *[title] * len(self._sheet_column), line, place))
            else:
                self.blank += 1
        self._line += max(rows)
        self.delivered += len(texts)
        header += self._sheet_column
        return Part(header, _table(texts, len(header)), _place(title, min(rows)))

    def _text(self, title: str, cell: object, formula: object, column: str) -> str:
        """Return a cell as text in the form of the contract's column."""
        value = cell.value
        if value is None:
            # The cell of a formula without a stored value has the type "n". If the
            # value is an empty text, it has another type.
            if formula.data_type == "f" and cell.data_type == "n":
                reason = f"{_address(title, cell)}: {NOT_STORED}"
                raise UnreadableError(reason, remedy=STORE_IT)
            return ""
        if cell.data_type == "e":
            self._errors.append(f"{_address(title, cell)} ({value})")
        if column in self._contract.key_columns and _is_uncertain(value):
            raise UnreadableError(
                f"{_address(title, cell)}: {FRACTION}",
                remedy="Keep the key's column as text, and send it again",
            )
        return cell_text(value, self._contract.data_types.get(column, "varchar"))


def cell_text(value: object, data_type: str) -> str:
    """Return a cell's value as the contract writes a column of this type.

    Args:
        value: a text, number, boolean, date, time or duration.
        data_type: the contract's type. Midnight is kept only in a timestamp.
    """
    if isinstance(value, bool):
        return "Y" if value else "N"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, dt.datetime):
        text = value.isoformat()
        return text if data_type == "timestamp" else text.removesuffix(MIDNIGHT)
    return str(value).strip()


def _is_uncertain(value: object) -> bool:
    is_fraction = isinstance(value, float) and not value.is_integer()
    return is_fraction or (isinstance(value, (int, float)) and abs(value) > WHOLE_LIMIT)


def _address(title: str, cell: object) -> str:
    return f"sheet {title}, cell {cell.coordinate}"


@contextmanager
def _readable() -> Iterator[None]:
    """Convert the many errors of openpyxl for a damaged workbook to one.

    openpyxl's warnings are ignored: they are about formats, which are not read, and
    dates out of range, which become cells with an error.
    """
    try:
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", module="openpyxl")
            yield
    except UnreadableError:
        raise
    except Exception as error:
        raise UnreadableError(f"not a readable workbook ({error})") from error


def _place(title: str, row: int) -> str:
    return f"sheet {title}, row {row}"


def _rows(values: object, formulas: object) -> Iterator[tuple[int, Cells]]:
    """Yield (row number from 1, cells) of each row that is not empty."""
    # What a workbook says of its size is at times less than it holds.
    values.reset_dimensions()
    formulas.reset_dimensions()
    rows = zip(values.iter_rows(), formulas.iter_rows(), strict=True)
    for number, row in enumerate(rows, start=1):
        if any(cell.value is not None for cell in row[1]):
            yield number, list(zip(*row, strict=True))


def _names(row: Cells) -> list[str]:
    """Return the names in a row, without the empty ones at its end."""
    cells = [value.value for value, _ in row]
    names = ["" if cell is None else cell_text(cell, "varchar") for cell in cells]
    while names and not names[-1]:
        names.pop()
    return [name.lower() for name in names]


def _header(rows: Rows) -> list[str]:
    """Return the names in the first row, up to the last column with a value."""
    used = 1 + max(
        place
        for row in rows.values()
        for place, (_, cell) in enumerate(row)
        if cell.value is not None
    )
    names = _names(rows[min(rows)])
    return names + [""] * (used - len(names))


def _table(texts: Sequence[tuple], columns: int) -> pa.Table:
    names = [*(f"c{number}" for number in range(columns)), "_line", "_place"]
    kinds = [*[pa.string()] * columns, pa.int64(), pa.string()]
    values = zip(*texts, strict=True) if texts else [[]] * len(names)
    arrays = [pa.array(v, kind) for v, kind in zip(values, kinds, strict=True)]
    return pa.table(arrays, names)
