"""What changed since the last draft: new tables against the last pack's data files.

Drafts are numbered. A draft that is drawn again from the same figures keeps its number
and its list of changes, so that the same inputs give the same bytes.
"""

from __future__ import annotations

import csv
import datetime as dt
import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from reports import style
from reports.grid import Column, Row, Table

MANIFEST = "manifest.json"
MOST_CHANGES = 500  # listed; all are counted
Cells = dict[str, str]


@dataclass(frozen=True)
class Change:
    """A cell, row or table that differs, in the words of the page."""

    table: str
    row: str
    column: str
    before: str
    after: str


@dataclass(frozen=True)
class Draft:
    """A draft's number, its first changes, and how many there are."""

    number: int = 1
    changes: tuple[Change, ...] = ()
    change_count: int = 0

    def as_json(self) -> dict[str, Any]:
        return {
            "number": self.number,
            "change_count": self.change_count,
            "changes": [asdict(change) for change in self.changes],
        }


def older_manifest(folder: Path) -> dict[str, Any]:
    """Return the manifest of the pack in `folder`; {} if there is none or it is
    damaged.
    """
    try:
        found = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def draft_of(
    tables: tuple[Table, ...], folder: Path, manifest: Mapping[str, Any]
) -> Draft:
    """Return the draft that follows the pack in `folder`.

    Args:
        tables: the new tables.
        manifest: of the pack in `folder`.
    """
    before = manifest.get("draft")
    if not isinstance(before, dict) or not (folder / "tables").is_dir():
        return Draft()
    found = list(_changes(tables, folder / "tables"))
    if found:
        return Draft(before["number"] + 1, tuple(found[:MOST_CHANGES]), len(found))
    changes = tuple(Change(**change) for change in before["changes"])
    return Draft(before["number"], changes, before["change_count"])


def _changes(tables: tuple[Table, ...], older: Path) -> Iterator[Change]:
    names = {table.name for table in tables}
    for table in tables:
        path = older / f"{table.name}.csv"
        if path.is_file():
            yield from _cell_changes(table, _read(path))
        else:
            yield Change(table.title, "", "", "", "new table")
    for path in sorted(older.glob("*.csv")):
        if path.stem not in names:
            yield Change(style.humanise(path.stem), "", "", "table left out", "")


def _read(path: Path) -> list[Cells]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _cell_changes(table: Table, older: list[Cells]) -> Iterator[Change]:
    """Yield changed cells. Rows are matched by their labels, and equal labels by
    order.
    """
    names = older[0].keys() if older else [c.name for c in table.csv_columns]
    columns = [c for c in table.csv_columns if c.name in names]
    keys = [c.name for c in columns if not c.is_number and c.name != "status"]
    values = [c for c in columns if c.is_number]
    before = dict(_keyed(older, keys))
    rows = [
        {c.name: style.csv_text(c.data(row[c.name])) for c in columns}
        for row in table.rows
    ]
    for (key, cells), row in zip(_keyed(rows, keys), table.rows, strict=True):
        was = before.pop(key, None)
        if was is None:
            yield Change(table.title, _label(table, row), "", "", "new row")
            continue
        for column in values:
            old, new = (_shown(r[column.name], column) for r in (was, cells))
            if old != new:
                yield Change(table.title, _label(table, row), column.heading, old, new)
    for (texts, _), cells in before.items():
        label = label_of_cells(columns, cells) or ", ".join(filter(None, texts))
        yield Change(table.title, style.plain_text(label), "", "row left out", "")


def _keyed(rows: list[Cells], keys: list[str]) -> Iterator[tuple[Any, Cells]]:
    seen: Counter[tuple[str, ...]] = Counter()
    for row in rows:
        key = tuple(row[name] or "" for name in keys)
        seen[key] += 1
        yield (key, seen[key]), row


def _label(table: Table, row: Row) -> str:
    labels = (c for c in table.columns if c.is_on_page and not c.is_number)
    texts = (
        style.page_text(row[c.name], c.number_format)
        for c in labels
        if row[c.name] is not None
    )
    return style.plain_text(", ".join(texts))


def label_of_cells(columns: Sequence[Column], cells: Cells) -> str:
    """Return what the page would show of a row that is only in a data file."""
    shown = []
    for column in columns:
        text = cells[column.name]
        if not text or not column.is_on_page or column.is_number:
            continue
        if column.number_format in style.DATE_FORMATS:
            with suppress(ValueError):
                day = dt.date.fromisoformat(text)
                text = style.date_text(day, column.number_format)
        shown.append(text)
    return ", ".join(shown)


def _shown(text: str | None, column: Column) -> str:
    """Return a data file's cell as the page writes it."""
    if not text:
        return style.NOT_AVAILABLE
    try:
        return style.page_text(Decimal(text), column.number_format)
    except InvalidOperation:
        return style.plain_text(text)
