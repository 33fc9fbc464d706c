"""Writes a quarter's pack: page, workbook, data files, charts and a manifest.

A pack is written beside its place and swapped in whole, so that nobody sees half of
one and a failure leaves the pack that was there.
"""

from __future__ import annotations

import csv
import hashlib
import json
import tempfile
import textwrap
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from reports import style
from reports.contents import (
    HEADLINE_TABLE,
    Grid,
    PackError,
    Report,
    Table,
    read_report,
)

MANIFEST = "manifest.json"
HEADING_WIDTH = 14  # characters of a column heading on the terminal


@dataclass(frozen=True)
class Pack:
    """A pack as written: where, its title, what it was made from, sha256 by file."""

    folder: Path
    title: str
    origin_text: str
    files: dict[str, str]


def write_pack(
    database: Path,
    quarter: str,
    force_code: str,
    folder: Path,
    manifest: dict[str, object],
) -> Pack:
    """Draw the pack of `quarter` ('2021-22-q2') and force into `folder`.

    `database` is a published file, opened read-only; `manifest` is what the caller
    knows of how the pack was made (versions, as-at), kept in manifest.json. The same
    file and manifest give the same bytes.

    Raises PackError when there is nothing to draw or the folder cannot be written.
    """
    report = read_report(database, quarter, force_code)
    _refuse_other_folders(folder)
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(
            prefix=f".{folder.name}-", dir=folder.parent
        ) as workshop:
            draft = Path(workshop) / "pack"
            _draw(report, draft)
            files = _hashes(draft)
            known = manifest | {"quarter": quarter, "force_code": force_code}
            _write_manifest(draft, known | {"files": files, "loads": report.loads})
            _swap(draft, folder, Path(workshop) / "older")
    except OSError as error:
        raise PackError(
            f"The pack cannot be written to {folder} ({error.strerror or error}); "
            f"make {folder.parent} a folder you may write to, with room on its disk, "
            "or choose another."
        ) from error
    return Pack(
        folder, report.words("report_title"), report.words("origin_text"), files
    )


def _refuse_other_folders(folder: Path) -> None:
    """The swap replaces the folder whole, so it may only replace a pack."""
    with suppress(OSError):
        is_pack = (folder / MANIFEST).is_file()
        is_taken = (folder.is_dir() and any(folder.iterdir())) or folder.is_file()
        if is_taken and not is_pack:
            raise PackError(
                f"{folder} holds something that is no pack and would be replaced; "
                "move it away, or choose another folder."
            )


def _draw(report: Report, draft: Path) -> None:
    """Everything but the manifest, into the new folder `draft`."""
    from reports.charts import draw_charts
    from reports.webpage import write_page
    from reports.workbook import write_workbook

    (draft / "tables").mkdir(parents=True)
    (draft / "charts").mkdir()
    for table in report.tables:
        _write_csv(table, draft / "tables" / f"{table.name}.csv")
    drawings = draw_charts(report)
    for name, drawing in drawings.items():
        (draft / "charts" / f"{name}.svg").write_bytes(drawing.wide)
    write_page(report, drawings, draft / "index.html")
    write_workbook(report, draft / "report.xlsx")


def _write_csv(table: Table, path: Path) -> None:
    """UTF-8, LF, the model's column order, plain numbers, nothing a sheet would run."""
    names = [column.name for column in table.csv_columns]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(names)
        writer.writerows(
            [style.csv_text(row[name]) for name in names] for row in table.rows
        )


def _hashes(folder: Path) -> dict[str, str]:
    """sha256 of every file in the folder, by its path inside it."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(
            path.read_bytes()
        ).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def _write_manifest(draft: Path, manifest: dict[str, Any]) -> None:
    text = json.dumps(
        manifest, sort_keys=True, indent=2, ensure_ascii=False, default=str
    )
    (draft / MANIFEST).write_text(text + "\n", encoding="utf-8", newline="\n")


def _swap(draft: Path, folder: Path, older: Path) -> None:
    """Put the new pack in its place; if that fails, the older one back."""
    if not folder.exists():
        draft.rename(folder)
        return
    folder.rename(older)
    try:
        draft.rename(folder)
    except OSError:
        older.rename(folder)
        raise


def headline(database: Path, quarter: str, force_code: str) -> str:
    """The rolling 12 months as aligned plain text, and what they were made from.

    Plain ASCII signs, for a terminal of any encoding. Raises PackError as write_pack.
    """
    report = read_report(database, quarter, force_code)
    table = report.table(HEADLINE_TABLE)
    lines = [report.words("report_title"), report.words("force_name"), ""]
    if table is not None:
        grid = table.grid()
        lines += [table.title, "", *_aligned(grid)]
        lines += [f"{mark} {words}" for mark, words in grid.shorthand.items()]
    return "\n".join([*lines, "", report.words("origin_text")])


def _aligned(grid: Grid) -> list[str]:
    """Headings wrapped over their columns, numbers to the right, labels to the left."""
    columns = []
    for i, column in enumerate(grid.columns):
        cells = [row[i].text(column.number_format, minus="-")[:64] for row in grid.rows]
        heading = textwrap.wrap(column.heading, HEADING_WIDTH) or [""]
        width = max(map(len, (*heading, *cells)))
        place = str.rjust if column.is_number else str.ljust
        columns.append((heading, cells, lambda text, p=place, w=width: p(text, w)))
    height = max(len(heading) for heading, _, _ in columns)
    lines = [
        [put(([""] * (height - len(head)) + head)[n]) for head, _, put in columns]
        for n in range(height)
    ]
    lines.append(["-" * len(cell) for cell in lines[0]])
    lines += [
        [put(cells[n]) for _, cells, put in columns] for n in range(len(grid.rows))
    ]
    return ["  ".join(line).rstrip() for line in lines]
