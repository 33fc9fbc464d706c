"""Finds the form, the columns and the texts of an export that has no mapping yet.

The result is only a proposal to a person. A run never guesses.
"""

import csv
import gzip
import io
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from pyarrow import parquet

from dagster_project.errors import DeliveryError
from dagster_project.intake import names
from dagster_project.intake.reading import workbook_reader, workbook_sheets

MOST_ROWS = 200_000
TOP_ROWS, END_ROWS = 30, 10
ENCODINGS = ("utf-8-sig", "windows-1252")
WIDE_MARKS = (b"\xff\xfe", b"\xfe\xff")
DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
# A text of this form is a value and not the name of a column.
VALUE = re.compile(r"[-+]?\d[\d.,:/\- T]*")
Rows = list[list[str]]


@dataclass(frozen=True)
class Export:
    """The form and the columns of a file.

    Args:
        form: keys and values of a mapping's section `file`.
        columns: name of each column → its texts, in the order of the rows.
        is_typed: whether the file (a workbook, Parquet) may have typed dates.
        notes: other things that a person should know.
    """

    form: dict[str, str | int | list[str]]
    columns: dict[str, list[str]]
    is_typed: bool
    notes: list[str] = field(default_factory=list)


def read(path: Path) -> Export:
    """Find the form and the columns of a file of any kind that a reader can read.

    Raises:
        DeliveryError: the file is of another kind, or no row looks like a header.
    """
    kind = names.kind_of(path)
    if kind == ".parquet":
        table = parquet.read_table(path).slice(0, MOST_ROWS)
        texts = {
            name: [_text(value) for value in column.to_pylist()]
            for name, column in zip(table.column_names, table.columns, strict=True)
        }
        return Export({}, texts, is_typed=True)
    if kind == ".xlsx":
        return _of_workbook(path)
    if kind in (".csv", ".csv.gz"):
        return _of_csv(path, kind)
    raise DeliveryError(
        f"{path.name}: a file that ends in {kind} is not read. Save or export it as one"
        f" of: {', '.join(names.SUFFIXES)}."
    )


def _of_csv(path: Path, kind: str) -> Export:
    content = path.read_bytes()
    if kind == ".csv.gz":
        content = gzip.decompress(content)
    form: dict[str, str | int | list[str]] = {}
    if content.startswith(WIDE_MARKS):
        text, form["encoding"] = content.decode("utf-16"), "utf-16"
    else:
        try:
            text = content.decode(ENCODINGS[0])
        except UnicodeDecodeError:
            text = content.decode(ENCODINGS[1], "replace")
            form["encoding"] = ENCODINGS[1]
    delimiter = _delimiter(text)
    if delimiter != ",":
        form["delimiter"] = DELIMITERS[delimiter]
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    return _below_header(path, list(islice(lines, MOST_ROWS)), form, is_typed=False)


def _delimiter(text: str) -> str:
    """Return the character that splits most first lines into equally many parts."""

    def width(delimiter: str) -> int:
        lines = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        counts = Counter(len(line) for line in islice(lines, 200))
        return max(counts, key=lambda n: (n > 1) * n * counts[n], default=0)

    return max(DELIMITERS, key=width)


def _of_workbook(path: Path) -> Export:
    """Use the sheet with the most rows, and the sheets with the same header."""
    with workbook_sheets.opened(path) as sheets:
        every = {
            values.title: [
                [_text(cell.value) for cell in row]
                for row in islice(values.iter_rows(), MOST_ROWS)
            ]
            for values, _ in sheets
        }
    every = {title: rows for title, rows in every.items() if _header(rows) is not None}
    if not every:
        raise _no_header(path)
    first = max(every, key=lambda title: len(every[title]))
    place = _header(every[first])
    names_of = {_key(name) for name in every[first][place]}
    alike = [
        title
        for title, rows in every.items()
        if {_key(name) for name in rows[_header(rows)]} == names_of
    ]
    form: dict[str, str | int | list[str]] = {"sheets": alike}
    export = _below_header(path, every[first], form, is_typed=True)
    for title in alike:
        if title != first:
            other = _below_header(path, every[title], {}, is_typed=True)
            for name, texts in other.columns.items():
                export.columns.setdefault(name, []).extend(texts)
    return export


def _below_header(
    path: Path,
    rows: Rows,
    form: dict[str, str | int | list[str]],
    is_typed: bool,
) -> Export:
    place = _header(rows)
    if place is None:
        raise _no_header(path)
    notes = []
    if any(any(cell.strip() for cell in row) for row in rows[:place]):
        form["header_row"] = place + 1
        notes.append(f"the names of the columns are in line {place + 1}")
    header = [name.strip() for name in rows[place]]
    records = [row for row in rows[place + 1 :] if any(cell.strip() for cell in row)]
    if footer := _footer(records, len([name for name in header if name])):
        form["footer"] = next(cell for cell in records[footer] if cell.strip()).strip()
        count = len(records) - footer
        notes.append(
            "1 line at the end looks like a footer, not a record"
            if count == 1
            else f"{count} lines at the end look like a footer, not records"
        )
        records = records[:footer]
    columns = {
        name: [row[place].strip() if place < len(row) else "" for row in records]
        for place, name in enumerate(header)
        if name
    }
    return Export(form, columns, is_typed, notes)


def _no_header(path: Path) -> DeliveryError:
    return DeliveryError(
        f"{path.name}: no line of the first {TOP_ROWS} looks like names of columns, so"
        " nothing can be proposed. Write the mapping by hand (docs/mapping.md)."
    )


def _header(rows: Rows) -> int | None:
    """Return the position of the first row that looks like a header.

    It has nearly as many texts as any row; all are different, and none looks like a
    value.
    """
    top = rows[:TOP_ROWS]
    most = max((len(_filled(row)) for row in top), default=0)
    for place, row in enumerate(top):
        cells = _filled(row)
        are_names = not any(VALUE.fullmatch(cell) for cell in cells)
        are_all_different = len(set(map(_key, cells))) == len(cells)
        is_wide = len(cells) * 5 >= most * 4 and len(cells) > 1
        if is_wide and are_names and are_all_different:
            return place
    return None


def _footer(records: Rows, width: int) -> int | None:
    """Return the position of the final rows with far fewer values than columns."""
    first = None
    for place in range(len(records) - 1, max(len(records) - 1 - END_ROWS, 0), -1):
        if len(_filled(records[place])) > max(width // 4, width > 2):
            break
        first = place
    return first


def _filled(row: Sequence[str]) -> list[str]:
    return [cell.strip() for cell in row if cell.strip()]


def _key(name: str) -> str:
    return name.strip().lower()


def _text(value: object) -> str:
    """Return a value as the readers write it, but keep the time of a date."""
    return "" if value is None else workbook_reader.cell_text(value, "timestamp")


def distinct(texts: Iterable[str]) -> Counter[str]:
    """Return text → how often it occurs, without empty texts."""
    return Counter(text for text in texts if text)
