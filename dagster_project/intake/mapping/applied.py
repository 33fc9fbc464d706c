"""Converts a part of an export, as it was read, to the columns of the contract.

Each distinct value of a column is converted once. Each record keeps its delivered
texts, and the names of the columns that the mapping could not fill.
"""

import codecs
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from dagster_project.configuration.mistakes import nearest
from dagster_project.errors import DeliveryError
from dagster_project.intake.contracts import Contract
from dagster_project.intake.header import Part, column_names
from dagster_project.intake.letters import EDGES
from dagster_project.intake.mapping.model import MappedColumn, Mapping
from dagster_project.intake.mapping.values import (
    SEPARATOR,
    Convert,
    NotFittingError,
    converter,
)

SHOWN = 10
SHOWN_LETTERS = 60


@dataclass
class Unknown:
    """A value that the mapping does not know: number of lines, and the first place."""

    lines: int
    place: str
    column: MappedColumn


@dataclass
class Applied:
    """A mapping, applied to the parts of one file.

    Args:
        contract: has the columns to fill.
        mapping: the mapping of the file.
        is_typed: whether the file has typed values and not only texts (a workbook,
            Parquet).
        unknown: (key, value, reason) of each value that the mapping did not know so
            far → its lines.
    """

    contract: Contract
    mapping: Mapping
    is_typed: bool
    unknown: dict[tuple[str, str, str], Unknown] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._converters = {
            each.key: self._converter(each)
            for column in self.mapping.columns.values()
            for each in (column, *column.adds)
        }

    def _converter(self, column: MappedColumn) -> Convert:
        data_type = self.contract.data_types.get(column.target, "varchar")
        return converter(
            column,
            self.mapping.form,
            # Of an added column, the list of values says what is put into the list.
            "varchar" if column.place else data_type,
            (*self.contract.empty_texts, *self.mapping.form.empty),
            self.is_typed,
            column.target in self.contract.free_text,
        )

    def part(self, part: Part) -> Part:
        """Return the part in the contract's columns, all as text."""
        rows = part.table.num_rows
        held: list[list[str] | None] = [None] * rows
        columns = {}
        for number, target in enumerate(self.contract.columns):
            columns[f"c{number}"] = self._column(part, target, held)
        extra = unknown_columns(part.header, self.contract, self.mapping)
        first = len(columns)
        for number, place in enumerate(extra, start=first):
            columns[f"c{number}"] = part.table.column(f"c{place}")
        shown = [
            place
            for place, name in enumerate(part.header)
            if name not in self.mapping.ignored
        ]
        for number, place in enumerate(shown):
            columns[f"d{number}"] = part.table.column(f"c{place}")
        for name in ("_line", "_place"):
            if name in part.table.column_names:
                columns[name] = part.table.column(name)
        columns["_not_mapped"] = pa.array(held, pa.list_(pa.string()))
        return Part(
            [*self.contract.columns, *(part.header[place] for place in extra)],
            pa.table(columns),
            part.place,
            column_names(part.header, shown),
        )

    def _column(
        self, part: Part, target: str, held: list[list[str] | None]
    ) -> pa.ChunkedArray | pa.Array:
        column = self.mapping.columns.get(target)
        if column is None:
            return part.table.column(f"c{part.header.index(target)}")
        texts = self._converted(part, column, held)
        if not column.adds:
            return texts
        every = [texts, *(self._converted(part, each, held) for each in column.adds)]
        joined = pc.binary_join_element_wise(*every, SEPARATOR)
        once = pc.replace_substring_regex(joined, r"\|+", SEPARATOR)
        return pc.utf8_trim(once, SEPARATOR)

    def _converted(
        self, part: Part, column: MappedColumn, held: list[list[str] | None]
    ) -> pa.ChunkedArray | pa.Array:
        if not column.sources:
            return pa.array([column.always or ""] * part.table.num_rows, pa.string())
        texts = self._texts(part, column).dictionary_encode()
        if isinstance(texts, pa.ChunkedArray):
            texts = texts.unify_dictionaries().combine_chunks()
        if isinstance(texts, pa.ChunkedArray):
            texts = texts.chunk(0)
        found, wrong = [], {}
        for place, value in enumerate(texts.dictionary.to_pylist()):
            try:
                found.append(self._converters[column.key](value))
            except NotFittingError as error:
                found.append(value)
                wrong[place] = str(error)
        if wrong:
            self._hold(part, column, texts, wrong, held)
        return pa.array(found, pa.string()).take(texts.indices)

    def _texts(self, part: Part, column: MappedColumn) -> pa.ChunkedArray:
        """Return the texts of the source columns; several are trimmed and joined."""
        sources = [
            pc.fill_null(part.table.column(f"c{part.header.index(name)}"), "")
            for name in column.sources
        ]
        if len(sources) == 1:
            return sources[0]
        trimmed = [pc.utf8_trim(source, EDGES) for source in sources]
        joined = pc.binary_join_element_wise(*trimmed, column.join or "")
        is_empty = pc.equal(pc.binary_join_element_wise(*trimmed, ""), "")
        return pc.if_else(is_empty, "", joined)

    def _hold(
        self,
        part: Part,
        column: MappedColumn,
        texts: pa.DictionaryArray,
        wrong: dict[int, str],
        held: list[list[str] | None],
    ) -> None:
        is_wrong = pc.is_in(texts.indices, pa.array(wrong, texts.indices.type))
        values = texts.dictionary.to_pylist()
        for row in pc.indices_nonzero(is_wrong).to_pylist():
            held[row] = [*(held[row] or ()), column.target]
            code = texts.indices[row].as_py()
            key = (column.key, values[code], wrong[code])
            if key in self.unknown:
                self.unknown[key].lines += 1
            else:
                self.unknown[key] = Unknown(1, _place(part, row), column)

    def notes(self) -> Iterator[str]:
        """Yield a sentence on each value that the mapping did not know, by frequency.

        A value that a code list lacks needs a line of its own there, so it has a
        sentence of its own. Other values with one reason share a sentence.
        """
        alike: dict[tuple[str, str, str], list[tuple[str, Unknown]]] = {}
        for (key, value, reason), where in self.unknown.items():
            is_code = where.column.values and not where.column.separator
            group = (key, reason, value if is_code else "")
            alike.setdefault(group, []).append((value, where))
        found = [
            (sum(where.lines for _, where in group), reason, group)
            for (_, reason, _), group in alike.items()
        ]
        found.sort(key=lambda each: -each[0])
        for lines, reason, group in found[:SHOWN]:
            value, where = group[0]
            count = "1 line" if lines == 1 else f"{lines:,} lines"
            if more := len(group) - 1:
                others = "value is" if more == 1 else "values are"
                reason += f" ({more:,} other {others} alike)"
            yield (
                f"{where.column.target}: {_short(value)} {reason}: {count} held,"
                f" the first is {where.place}. {self._remedy(where.column)}"
            )
        if len(found) > SHOWN:
            lines = sum(lines for lines, _, _ in found[SHOWN:])
            yield f"and {len(found) - SHOWN:,} more such values in {lines:,} lines"

    def _remedy(self, column: MappedColumn) -> str:
        if column.list_file:
            place = column.list_file
            return f"Add the value to {place}, or have it corrected at its source"
        key = column.key
        name = "values" if column.values else "format" if column.format else ""
        if name and f"{key}.{name}" in self.mapping.lines:
            key = f"{key}.{name}"
        place = f"{self.mapping.path}, line {self.mapping.line_of(key)} ({key})"
        if column.values:
            return f"Add the value to {place}, or have it corrected at its source"
        return f"Correct {place}, or have the value corrected at its source"


def _place(part: Part, row: int) -> str:
    if "_place" in part.table.column_names:
        return part.table.column("_place")[row].as_py()
    return f"line {part.table.column('_line')[row].as_py():,}"


def _short(value: str) -> str:
    shown = value if len(value) <= SHOWN_LETTERS else value[:SHOWN_LETTERS] + "…"
    return ascii(shown) if not shown.isprintable() else f"'{shown}'"


def exported(contract: Contract, mapping: Mapping) -> Contract:
    """Return the contract with the export's column names, for its reader."""
    names = {name: [name] for name in contract.columns if name not in mapping.columns}
    for target, column in mapping.columns.items():
        for source in column.every_source:
            names.setdefault(source, []).append(target)

    def of(wanted: Collection[str]) -> list[str]:
        return [name for name, targets in names.items() if set(targets) & set(wanted)]

    types = {
        # A time keeps its midnight, so it goes before a date.
        name: "timestamp" if "timestamp" in kinds else kinds[0]
        for name, targets in names.items()
        if (kinds := [contract.data_types.get(target, "varchar") for target in targets])
    }
    return replace(
        contract,
        columns=tuple(names),
        key_columns=tuple(of(contract.key_columns)),
        data_types=types,
        free_text=frozenset(of(contract.free_text)),
        encoding=codecs.lookup(mapping.form.encoding or contract.encoding).name,
    )


def unknown_columns(
    header: list[str], contract: Contract, mapping: Mapping
) -> list[int]:
    """Positions of columns that are neither mapped, ignored nor of the contract."""
    known = {*mapping.sources, *mapping.ignored}
    known |= {name for name in contract.columns if name not in mapping.columns}
    return [place for place, name in enumerate(header) if name not in known]


def lacking(
    header: list[str], contract: Contract, mapping: Mapping
) -> list[tuple[str, str]]:
    """Key and what is wrong: columns that a header does not have, or has twice."""
    found = []
    counts = Counter(header)
    for target, column in mapping.columns.items():
        for source in column.every_source:
            if source not in counts:
                meant = nearest(source, [name for name in header if name])
                text = f"the export has no column '{source}'{meant}"
                found.append((f"columns.{target}", text))
            elif counts[source] > 1:
                text = f"the export has the column '{source}' twice"
                found.append((f"columns.{target}", text))
    for name in contract.columns:
        if name not in mapping.columns and counts[name] != 1:
            if counts[name]:
                text = f"the export has the column '{name}' twice"
            else:
                text = (
                    f"nothing gives {name}: the export has no column of this name."
                    f" Write `{name}: <column of the export>`, or `{name}: {{always:"
                    ' ""}` if the export has none'
                )
            found.append(("columns", text))
    return found


def check_header(path: Path, part: Part, contract: Contract, mapping: Mapping) -> None:
    """Refuse a file whose header lacks what its mapping reads.

    Raises:
        DeliveryError: each column, with the line of the mapping.
    """
    if found := lacking(part.header, contract, mapping):
        said = "\n".join(
            f"  - {mapping.path}, line {mapping.line_of(key)} ({key}): {text}"
            for key, text in found
        )
        names = ", ".join(name for name in part.header[:40] if name)
        raise DeliveryError(
            f"{path.name}, {part.place}: the header does not fit the mapping."
            f" Nothing of this file was taken.\n{said}\n  The header has: {names}\n"
            "Correct the mapping; or, if the export has changed, ask for it as before."
        )
