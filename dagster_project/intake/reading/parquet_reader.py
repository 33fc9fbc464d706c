"""Reads Parquet files into Arrow tables, with the types that the file has."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa
from pyarrow import parquet

from dagster_project import stores
from dagster_project.intake.header import Part, UnreadableError

BATCH_ROWS = 1 << 17
# Records are numbered from 2, as if the file had a header line.
FIRST_LINE = 2
# DuckDB reads a path with one of these as a pattern of many files.
WILDCARDS = frozenset("*?[")


class ParquetReader:
    """One Parquet file that is being read; `delivered` is the row count in its footer.

    Raises:
        UnreadableError: it is not a Parquet file or is damaged, or its text is not
            UTF-8.
    """

    remedy = "Ask for it to be sent again"

    def __init__(self, path: Path) -> None:
        self.rejected: list[tuple[int, str, str]] = []
        self.blank = 0
        self.notes: tuple[str, ...] = ()
        self._path = path

    def parts(self) -> Iterator[Part]:
        """Yield the rows, in parts."""
        try:
            with parquet.ParquetFile(self._path) as file:
                self.delivered = file.metadata.num_rows
                names = [name.strip().lower() for name in file.schema_arrow.names]
                nothing = pa.Table.from_batches([], file.schema_arrow)
                is_direct = _is_direct(self._path, file.schema_arrow)
                yield replace(_part(names, nothing, 0), is_direct=is_direct)
                done = 0
                for batch in file.iter_batches(BATCH_ROWS):
                    _refuse_damage(names, batch)
                    yield _part(names, pa.Table.from_batches([batch]), done)
                    done += batch.num_rows
        except (pa.ArrowException, UnicodeDecodeError, OSError) as error:
            raise UnreadableError(f"not a readable Parquet file ({error})") from error


def _is_direct(path: Path, schema: pa.Schema) -> bool:
    is_text = all(pa.types.is_string(kind) for kind in schema.types)
    return bool(schema.types) and is_text and not WILDCARDS & set(str(path))


def all_rows(paths: Sequence[Path], columns: int) -> str:
    """Return SQL of all rows of files with the same header, in one statement.

    Args:
        paths: files that are direct. Each row has the position of its own in `_file`.
        columns: number of columns, which are named c0, c1 ...
    """
    names = ", ".join(f"c{number}" for number in range(columns))
    files = ", ".join(map(stores.sql_text, paths))
    return (
        f"select {names}, file_row_number + {FIRST_LINE} as _line, file_index as _file"
        f" from read_parquet([{files}], hive_partitioning = false) as rows ({names})"
    )


def _refuse_damage(names: list[str], batch: pa.RecordBatch) -> None:
    """Refuse text that is not UTF-8, because DuckDB would fail for the whole file."""
    for name, values in zip(names, batch.columns, strict=True):
        try:
            values.validate(full=True)
        except pa.ArrowInvalid as error:
            raise UnreadableError(
                f"column {name} has a value that is not of its type ({error})",
                remedy="Ask for it with this column as text in UTF-8",
            ) from error


def _part(names: list[str], table: pa.Table, done: int) -> Part:
    table = table.rename_columns([f"c{number}" for number in range(len(names))])
    lines = np.arange(table.num_rows) + done + FIRST_LINE
    return Part(names, table.append_column("_line", pa.array(lines)))
