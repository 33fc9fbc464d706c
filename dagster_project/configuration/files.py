"""A seed's file: its encoding, its header, its rows."""

import csv
import io
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from dagster_project import settings
from dagster_project.configuration.declarations import Seed
from dagster_project.configuration.mistakes import Mistake

BYTE_ORDER_MARK = "\ufeff"


@dataclass(frozen=True)
class File:
    """A file that was read as far as it can be.

    Args:
        name: its path within the seeds, such as `force/measures.csv`.
        header: names of the columns.
        rows: number of each row, as a spreadsheet counts, and its cells by column; an
            empty cell is None, as dbt loads it.
        mistakes: what is wrong with the file itself.
    """

    name: str
    header: tuple[str, ...]
    rows: tuple[tuple[int, dict[str, str | None]], ...]
    mistakes: tuple[Mistake, ...]
    exists: bool = True

    def values(self, column: str) -> list[tuple[int, str]]:
        """Row and value of each cell of a column that is not empty."""
        return [(n, cells[column]) for n, cells in self.rows if cells.get(column)]


def read(seeds: Path, seed: str) -> File:
    """Read the CSV of a seed, and say what is wrong with it as a file."""
    path = settings.seed(seed, seeds)
    name = path.relative_to(seeds).as_posix()
    found: list[Mistake] = []

    def wrong(row: int, text: str) -> None:
        found.append(Mistake(name, row, "", text))

    if not path.exists():
        wrong(0, "the file is in no folder of seeds/; seeds/_seeds.yml declares it")
        return File(name, (), (), tuple(found), exists=False)
    text = _decoded(path, wrong)
    lines, rows = csv.reader(io.StringIO(text, newline=""), strict=True), []
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


def header_mistakes(file: File, seed: Seed) -> list[Mistake]:
    """Columns that are missing, unknown or there twice."""
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
        (name, "the header lacks it") for name in declared if name not in file.header
    ]
    texts += [
        (name.strip(), "the header has it, and seeds/_seeds.yml does not declare it")
        for name in dict.fromkeys(file.header)
        if name not in declared
    ]
    return [Mistake(file.name, 1, name, text) for name, text in texts]


def missing_rows(file: File, seed: Seed) -> list[Mistake]:
    """Rows without which a rule or a text would be gone in silence."""
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


def _decoded(path: Path, wrong) -> str:
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
        wrong(1, "the file begins with a byte order mark: save it as UTF-8 without one")
        text = text.removeprefix(BYTE_ORDER_MARK)
    return text
