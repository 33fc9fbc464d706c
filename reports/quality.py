"""The quality statement: where the figures come from and what they do not count.

A page of its own beside the board report and its annex, for whoever asks how far the
figures can be trusted.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from reports import style
from reports.abbreviations import spelt_out
from reports.board import about, english
from reports.board.records import OPEN_DATA, Board
from reports.grid import Row, Table
from reports.report import Report
from reports.webpage import annex_environment

# Tables of the annex that the statement repeats.
TABLES = ("quarantine", "revised_figures")
PLAN_EXTRACT = "actions"


def write_quality(report: Report, board: Board, path: Path) -> None:
    """Write the statement to `path`, UTF-8 with LF.

    The two pages of open data have no room for what the words mean, so it is here.

    Args:
        report: The report, with what its extracts delivered and its definitions.
        board: The figures of the same quarter and force.
        path: The file, as <pack>/quality.html.
    """
    is_open = report.words("origin") == OPEN_DATA
    template = annex_environment().get_template("quality.html.j2")
    html = template.render(
        report=report,
        colours=style.COLOURS,
        marking_css=style.css_string(report.words("protective_marking")),
        tables=_tables(report),
        meanings=about.MEANINGS if is_open else (),
        example=about.example(board),
        redrawn=about.redrawn(board),
        breaks=[row for row in report.definitions if row["recording_breaks"]],
        on_hold=_on_hold(report),
        confirmations=_confirmations(report),
        newest_files=_newest_files(report.sources),
        lacking=_lacking(report),
        counting=[note.text for note in report.notes if not note.is_on_data],
    )
    path.write_text(spelt_out(html), encoding="utf-8", newline="\n")


def _tables(report: Report) -> dict[str, Table]:
    found = {name: report.table(name) for name in TABLES}
    return {name: table for name, table in found.items() if table is not None}


def _on_hold(report: Report) -> list[str]:
    """Return the extracts with files on hold, and the day of a newer plan on hold."""
    return [
        english.say(
            "files_on_hold",
            extract=row["extract"],
            number=row["file_on_hold_count"],
            plan_day=report.front["held_plan_date"]
            if row["extract"] == PLAN_EXTRACT
            else None,
        )
        for row in report.sources
        if row["file_on_hold_count"]
    ]


def _lacking(report: Report) -> list[str]:
    """Return the notes on what is missing or held, but for the months that are told
    with the deliveries.
    """
    return [n.text for n in report.notes if n.is_on_data and not n.is_of_months]


def _confirmations(report: Report) -> list[str]:
    """Return one sentence for each run of months that a person has confirmed."""
    return [
        english.say("confirmation", extract=row["extract"], **confirmed)
        for row in report.sources
        for confirmed in row["confirmations"] or ()
    ]


def _newest_files(sources: tuple[Row, ...]) -> dict[str, Any]:
    """Return the oldest and the newest of the extracts' newest files, by their time."""
    days = [row["last_extracted_at"] for row in sources if row["last_extracted_at"]]
    return {"oldest": min(days, default=None), "newest": max(days, default=None)}
