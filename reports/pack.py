"""Writes a quarter's pack: the board report and all files beside it.

The files are the annex, the quality statement, the workbook, the Word draft and data.

A pack is written to another folder and then moved into its place, so that nobody sees
half of one, and a failure leaves the existing pack.
"""

from __future__ import annotations

import glob
import json
import shutil
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from reports import authors_text, changes, data_file, edited_drafts
from reports.board.points import ALL_CRIME
from reports.board.read import read_board
from reports.board.records import Board, Measure
from reports.changes import MANIFEST
from reports.edited_drafts import PUBLIC, PUBLIC_DOCUMENT
from reports.grid import Table
from reports.published import PackError
from reports.report import Report, read_report

METADATA = "metadata.csv"  # what the data files hold


@dataclass(frozen=True)
class Pack:
    """A pack as written: its folder, its title, its sources, and sha256 by file.

    Args:
        kept: Word files that their author has edited, each with the new one beside it;
            '' if there is none.
        document: name of the new Word file.
        points: the main points, each with its label.
        all_crime: the open data's measure of all crime; None in another pack.
    """

    folder: Path
    title: str
    origin_text: str
    files: dict[str, str]
    points: tuple[tuple[str, str], ...]
    document: str = edited_drafts.DOCUMENT
    kept: dict[str, str] = field(default_factory=dict)
    authors_file: Path | None = None
    all_crime: Measure | None = None

    def notices(self) -> list[str]:
        """Sentences with what the author should know of this pack."""
        notices = [
            f"{name} was edited after it was written. It is kept, and "
            + (f"the new draft is {new}." if new else "there is no new draft.")
            for name, new in self.kept.items()
        ]
        if self.authors_file is not None:
            notices.append(f"author's text: {self.authors_file}")
        return notices


def write_pack(
    database: Path,
    quarter: str,
    force_code: str,
    folder: Path,
    manifest: dict[str, object],
    authors_file: Path | None = None,
) -> Pack:
    """Draw the pack of a quarter and force into `folder`.

    The same files and manifest give the same bytes, whether or not a pack of them
    exists.

    Args:
        database: a published file, which is opened read-only.
        quarter: such as '2021-22-q2'.
        folder: the pack's folder, which is replaced.
        manifest: how the pack was made (versions, as-at), written to manifest.json.
        authors_file: the author's text; created if it is missing and the report has a
            place for it. A report of open data has none.

    Raises:
        PackError: there is nothing to draw, the author's file cannot be used, or the
            folder cannot be written.
    """
    report = read_report(database, quarter, force_code)
    board = read_board(database, quarter, force_code)
    _refuse_other_folders(folder)
    _clear_after_killed(folder)
    known = manifest | {"quarter": quarter, "force_code": force_code}
    if authors_file is not None:
        report = _with_authors_text(report, authors_file)
        if authors_file.exists():
            sha256 = edited_drafts.sha256(authors_file)
            known["authors_text"] = {authors_file.name: sha256}
    older = changes.older_manifest(folder)
    report = replace(report, draft=changes.draft_of(report.tables, folder, older))
    names = edited_drafts.edited_documents(folder, older)
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(
            prefix=_unfinished(folder), dir=folder.parent
        ) as workshop:
            draft = Path(workshop) / "pack"
            points = _draw(report, board, draft, names)
            files = _hashes(draft)
            if names:
                known["kept"] = edited_drafts.keep(folder, draft, names)
            edited_drafts.keep_own(folder, draft, older)
            known |= {"files": files, "loads": report.loads}
            _write_manifest(draft, known | {"draft": report.draft.as_json()})
            _swap(draft, folder, Path(workshop) / "older")
    except OSError as error:
        raise PackError(
            f"The pack cannot be written to {folder} ({error.strerror or error}); "
            f"make {folder.parent} a folder you may write to, with room on its disk, "
            "or choose another."
        ) from error
    title, origin = report.words("report_title"), report.words("origin_text")
    return Pack(
        folder,
        title,
        origin,
        files,
        points,
        edited_drafts.new_name(names),
        {name: _new_draft(name, names, files) for name in names},
        authors_file if report.author_headings() else None,
        next((m for m in board.measures if m.measure == ALL_CRIME), None),
    )


def _new_draft(name: str, names: list[str], files: Mapping[str, str]) -> str:
    """Return the new Word file in the folder of an edited one; '' if there is none."""
    document = Path(name).with_name(edited_drafts.DOCUMENT).as_posix()
    new = edited_drafts.new_name(names, document)
    return new if new in files else ""


def _with_authors_text(report: Report, path: Path) -> Report:
    headings = report.author_headings()
    if not headings:
        authors_text.refuse(path)
        return report
    authors_text.create(path, report.words("report_title"), headings)
    return report.with_authors_text(authors_text.read(path, headings))


def _refuse_other_folders(folder: Path) -> None:
    """Refuse to replace a folder that is not a pack."""
    with suppress(OSError):
        is_pack = (folder / MANIFEST).is_file()
        is_taken = (folder.is_dir() and any(folder.iterdir())) or folder.is_file()
        if is_taken and not is_pack:
            raise PackError(
                f"{folder} contains files that are not a pack and would be replaced; "
                "move them away, or choose another folder."
            )


def _unfinished(folder: Path) -> str:
    """Return the start of the names of folders in which this pack is drawn."""
    return f".{folder.name}-unfinished-"


def _clear_after_killed(folder: Path) -> None:
    """Remove the folders of killed runs, after restoring the older pack if necessary.

    A process that writes packs of a home holds its lock (dagster_project/locks.py), so
    no running process uses these folders.
    """
    for workshop in folder.parent.glob(f".{glob.escape(folder.name)}-*-*"):
        older = workshop / "older"
        if older.exists() and not folder.exists():
            older.rename(folder)
        shutil.rmtree(workshop)


def _draw(
    report: Report,
    board: Board,
    draft: Path,
    names: list[str],
) -> tuple[tuple[str, str], ...]:
    """Draw everything but the manifest into the new folder `draft`.

    Args:
        names: of the Word files that their author has edited.

    Returns:
        The board report's main points: label and sentences of each.
    """
    from reports.board.page import write_board
    from reports.board.public import public_board
    from reports.charts import draw_charts
    from reports.public import public_report
    from reports.quality import write_quality
    from reports.webpage import ANNEX, write_page
    from reports.word.document import write_document
    from reports.workbook import write_workbook

    draft.mkdir()
    document = edited_drafts.new_name(names)
    kept = [name for name in names if not name.startswith(f"{PUBLIC}/")]
    _write_tables(report, draft / "tables")
    _write_metadata(report, draft / METADATA)
    write_workbook(report, draft / "report.xlsx")
    drawings = draw_charts(report)
    _write_charts(report, drawings, draft / "charts")
    points = write_board(report, board, draft / "index.html")
    write_page(report, drawings, draft / ANNEX, document, kept)
    write_quality(report, board, draft / "quality.html")
    write_document(report, draft / "index.html", draft / document)
    if report.words("public_marking"):
        public = public_report(report)
        document = edited_drafts.new_name(names, PUBLIC_DOCUMENT)
        _write_tables(public, draft / PUBLIC / "tables")
        _write_metadata(public, draft / PUBLIC / METADATA)
        _write_charts(public, drawings, draft / PUBLIC / "charts")
        write_workbook(public, draft / PUBLIC / "report.xlsx")
        figures = public_board(board, public.tables)
        write_board(public, figures, draft / PUBLIC / "index.html")
        write_page(public, drawings, draft / PUBLIC / ANNEX)
        write_quality(public, figures, draft / PUBLIC / "quality.html")
        write_document(public, draft / PUBLIC / "index.html", draft / document)
    return tuple((point.label, point.text) for point in points)


def _write_tables(report: Report, folder: Path) -> None:
    folder.mkdir(parents=True)
    for table in report.tables:
        _write_csv(table, folder / f"{table.name}.csv")


def _write_metadata(report: Report, path: Path) -> None:
    """Write what the data files hold: the marking, then a row for each column.

    The marking is here and not in the data, so that the first line of a data file has
    the names of its columns.
    """
    rows = [
        (f"tables/{t.name}.csv", t.title, len(t.rows), c.name, c.heading)
        for t in report.tables
        for c in t.csv_columns
    ]
    heading = ("file", "title", "row_count", "column_name", "column_heading")
    data_file.write(path, [report.words("protective_marking")], [heading, *rows])


def _write_charts(report: Report, drawings: Mapping[str, Any], folder: Path) -> None:
    folder.mkdir()
    for chart in report.charts:
        if chart.name in drawings:
            (folder / f"{chart.name}.svg").write_bytes(drawings[chart.name].wide)


def _write_csv(table: Table, path: Path) -> None:
    """Write every row of the model, with its columns in order."""
    columns = table.csv_columns
    names = [column.name for column in columns]
    rows = ([column.data(row[column.name]) for column in columns] for row in table.rows)
    data_file.write(path, names, rows)


def _hashes(folder: Path) -> dict[str, str]:
    """Return sha256 of every file in the folder, by its path within it."""
    return {
        path.relative_to(folder).as_posix(): edited_drafts.sha256(path)
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def _write_manifest(draft: Path, manifest: dict[str, Any]) -> None:
    text = json.dumps(
        manifest, sort_keys=True, indent=2, ensure_ascii=False, default=str
    )
    (draft / MANIFEST).write_text(text + "\n", encoding="utf-8", newline="\n")


def _swap(draft: Path, folder: Path, older: Path) -> None:
    """Put the new pack in its place; if that fails, restore the older one."""
    if not folder.exists():
        draft.rename(folder)
        return
    folder.rename(older)
    try:
        draft.rename(folder)
    except OSError:
        older.rename(folder)
        raise
