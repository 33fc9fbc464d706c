"""Opens the sheets of a workbook, and refuses one of which openpyxl would skip a part.

openpyxl skips, without an error, a sheet that the workbook names but does not contain,
a row whose number came before, and the first of two cells in one place.
"""

from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import IO
from xml.etree.ElementTree import iterparse

from openpyxl.reader.excel import ExcelReader
from openpyxl.utils.cell import coordinate_to_tuple

from dagster_project.intake.header import UnreadableError


class _Reader(ExcelReader):
    def read_chartsheet(self, sheet: object, rel: object) -> None:
        """Skip a chart sheet: it has no lines, and openpyxl fails if it is empty."""


@contextmanager
def opened(path: Path) -> Iterator[list[tuple[object, object]]]:
    """Open the sheets that can have lines, as pairs: (with values, with formulas).

    Raises:
        UnreadableError: a sheet is missing, or a row or cell is there twice.
    """
    values, formulas = (
        _Reader(path, read_only=True, data_only=is_value) for is_value in (True, False)
    )
    with ExitStack() as books:
        for reader in (values, formulas):
            books.enter_context(closing(reader.archive))
            reader.read()
        for sheet in values.parser.sheets:
            _refuse_damage(values, sheet)
        yield list(zip(values.wb.worksheets, formulas.wb.worksheets, strict=True))


def _refuse_damage(reader: _Reader, sheet: object) -> None:
    relation = reader.parser.rels[sheet.id] if sheet.id else None
    if relation is None or relation.target not in reader.valid_files:
        raise UnreadableError(
            f"the workbook lists the sheet {sheet.name} but does not contain it"
        )
    with reader.archive.open(relation.target) as source:
        if place := _first_twice(source):
            raise UnreadableError(
                f"sheet {sheet.name}: {place} is there twice, or after a later one"
            )


def _first_twice(source: IO[bytes]) -> str | None:
    """Return the first row or cell that is not after the one before it."""
    row = column = 0
    for event, element in iterparse(source, ("start", "end")):
        name = element.tag.rpartition("}")[2]
        if event == "end":
            if name == "row":
                element.clear()
        elif name == "row":
            before, column = row, 0
            row = int(float(element.get("r", row + 1)))
            if row <= before:
                return f"row {row}"
        elif name == "c":
            before = column
            address = element.get("r")
            column = coordinate_to_tuple(address)[1] if address else column + 1
            if column <= before:
                return f"cell {address}"
    return None
