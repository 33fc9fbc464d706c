"""Reads a seed's file: encoding, header, rows, and where each row is from."""

import csv
import io
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from dagster_project import settings
from dagster_project.configuration.declarations import Seed
from dagster_project.configuration.mistakes import Mistake

BYTE_ORDER_MARK = "\ufeff"


@dataclass(frozen=True)
class File:
    """A CSV file, read as far as possible, or several files merged.

    Args:
        name: its path as messages show it, such as `seeds/force/measures.csv`.
        header: names of the columns.
        rows: (row number as in a spreadsheet, cells by column). An empty cell is None,
            as dbt loads it. Merged rows are numbered in sequence.
        mistakes: mistakes of the file itself, not of its values.
        exists: whether the file exists.
        places: row number → (file, row number in it), if several files are merged.
        names: every file that the rows may come from.
        is_only_mine: whether a home has left out the default rows.
    """

    name: str
    header: tuple[str, ...]
    rows: tuple[tuple[int, dict[str, str | None]], ...]
    mistakes: tuple[Mistake, ...]
    exists: bool = True
    places: Mapping[int, tuple[str, int]] = field(default_factory=dict)
    names: tuple[str, ...] = ()
    is_only_mine: bool = False

    def values(self, column: str) -> list[tuple[int, str]]:
        """Return (row number, value) of each cell of a column that is not empty."""
        return [(n, cells[column]) for n, cells in self.rows if cells.get(column)]

    def place(self, number: int) -> tuple[str, int]:
        """Return (file, row number in it) of a row."""
        return self.places.get(number, (self.name, number))

    def mistake(self, number: int, column: str, text: str) -> Mistake:
        """Return a mistake in a row, with the file and row that a person corrects."""
        return Mistake(*self.place(number), column, text)

    def found_in(self) -> str:
        """The file, or the files, as part of a sentence."""
        return " or ".join(self.names or (self.name,))


def read(seeds: Path, seed: str) -> File:
    """Read a seed's CSV file, with the mistakes of the file itself."""
    path = settings.seed(seed, seeds)
    name = f"seeds/{path.relative_to(seeds).as_posix()}"
    if not path.exists():
        text = "the file is in no folder of seeds/; seeds/_seeds.yml declares it"
        return File(name, (), (), (Mistake(name, 0, "", text),), exists=False)
    return read_csv(path, name)


def read_csv(path: Path, name: str, may_be_marked: bool = False) -> File:
    """Read a CSV file, with the mistakes of the file itself.

    Args:
        name: the path as messages show it.
        may_be_marked: whether a byte order mark is allowed, which Excel writes.
    """
    found: list[Mistake] = []

    def wrong(row: int, text: str) -> None:
        found.append(Mistake(name, row, "", text))

    text = _decoded(path, wrong, may_be_marked)
    lines, rows = csv.reader(io.StringIO(text, newline=""), strict=True), []
    header: tuple[str, ...] = ()
    try:
        header = tuple(next(lines, ()))
        for number, cells in enumerate(lines, start=2):
            if not any(cell.strip() for cell in cells):
                wrong(number, "the row is empty: remove it")
            elif len(cells) != len(header):
                wrong(
                    number,
                    f"has {len(cells)} values, and the header {len(header)} columns;"
                    " put quotation marks around a value that contains a comma",
                )
            else:
                values = (cell or None for cell in cells)
                rows.append((number, dict(zip(header, values, strict=True))))
    except csv.Error as error:
        wrong(
            len(rows) + 2,
            f"cannot be read ({error}): a quotation mark is not closed, or text follows"
            " a closing one",
        )
    return File(name, header, tuple(rows), tuple(found))


def csv_bytes(header: Iterable[str], rows: Iterable[Iterable[str | None]]) -> bytes:
    """Return a CSV file as dbt reads it: UTF-8, commas, an empty cell for no value."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return text.getvalue().encode()


def header_mistakes(
    file: File, seed: Seed, needed: Collection[str] | None = None
) -> list[Mistake]:
    """Return mistakes for columns that are missing, unknown or repeated.

    Args:
        needed: the columns that the file must have; None means all.
    """
    if not file.header:
        return [Mistake(file.name, 1, "", "has no header")] if file.exists else []
    if len(file.header) == 1 and ";" in file.header[0]:
        return [
            Mistake(file.name, 1, "", "is separated by semicolons: save it with commas")
        ]
    declared = [column.name for column in seed.columns]
    texts = [
        (name, f"the header has it {count} times: keep one")
        for name, count in Counter(file.header).items()
        if count > 1
    ]
    texts += [
        (name, "the header lacks it")
        for name in (declared if needed is None else needed)
        if name not in file.header
    ]
    texts += [
        (name.strip(), "the header has it, and seeds/_seeds.yml does not declare it")
        for name in dict.fromkeys(file.header)
        if name not in declared
    ]
    return [Mistake(file.name, 1, name, text) for name, text in texts]


def missing_rows(file: File, seed: Seed) -> list[Mistake]:
    """Return mistakes for required rows that are missing.

    Without such a row, a rule or a text would silently have no effect.
    """
    if not file.header:
        return []
    if not file.rows:
        text = "has no row below its header: put its rows back"
        return [] if seed.may_be_empty else [Mistake(file.name, 1, "", text)]
    found = []
    for needed in seed.required_rows:
        if not any(needed.items() <= cells.items() for _, cells in file.rows):
            text = f"lacks the row '{', '.join(needed.values())}': put it back"
            found.append(Mistake(file.name, 0, " + ".join(needed), text))
    return found


def _decoded(path: Path, wrong: Callable[[int, str], None], may_be_marked: bool) -> str:
    content = path.read_bytes()
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        row = content.count(b"\n", 0, error.start) + 1
        wrong(
            row,
            f"the byte 0x{content[error.start]:02X} is not UTF-8: save the file as"
            " UTF-8 (it may be Windows-1252, as Excel saves a plain CSV)",
        )
        text = content.decode("utf-8", errors="replace")
    if text.startswith(BYTE_ORDER_MARK):
        if not may_be_marked:
            words = "begins with a byte order mark: save it as UTF-8 without one"
            wrong(1, f"the file {words}")
        text = text.removeprefix(BYTE_ORDER_MARK)
    return text
