"""Writes CSV files that are safe to open in a spreadsheet."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path

from reports import style


def write(path: Path, names: Sequence[str], rows: Iterable[Sequence[object]]) -> int:
    """Write a CSV file: UTF-8, LF, plain numbers, safe text (style.csv_text).

    The file is written under another name and renamed, so that nobody sees half of it.

    Returns:
        The number of rows.

    Raises:
        OSError: the folder cannot be written, or its disk is full.
    """
    partial = path.with_name(f".{path.name}.partial")
    count = 0
    try:
        with partial.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow([style.csv_text(name) for name in names])
            for row in rows:
                writer.writerow([style.csv_text(value) for value in row])
                count += 1
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)
    return count
