"""The quality statement: where the figures come from and what they do not count.

A page of its own beside the board report and its annex, for whoever asks how far the
figures can be trusted.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from reports import style
from reports.board import english, periods
from reports.grid import Row, Table
from reports.report import Report
from reports.webpage import annex_environment

# Tables of the annex that the statement repeats, each with what it shows.
TABLES = ("quarantine", "revised_figures")


def write_quality(report: Report, path: Path) -> None:
    """Write the statement to `path`, UTF-8 with LF.

    Args:
        report: The report, with what its extracts delivered and its definitions.
        path: The file, as <pack>/quality.html.
    """
    templates = annex_environment()
    templates.filters |= {
        "count": english.count,
        "day": lambda moment: style.date_text(moment) if moment else "none",
        "month": periods.month_text,
        "words": english.words,
        "upper_first": english.upper_first,
        "plain": style.plain_text,
    }
    html = templates.get_template("quality.html.j2").render(
        report=report,
        colours=style.COLOURS,
        marking_css=style.css_string(report.words("protective_marking")),
        tables=_tables(report),
        breaks=[row for row in report.definitions if row["recording_breaks"]],
        totals=_totals(report.sources),
    )
    path.write_text(html, encoding="utf-8", newline="\n")


def _tables(report: Report) -> dict[str, Table]:
    found = {name: report.table(name) for name in TABLES}
    return {name: table for name, table in found.items() if table is not None}


def _totals(sources: tuple[Row, ...]) -> dict[str, Any]:
    """The days between which the newest files of the extracts were made."""
    days = [row["last_extracted_at"] for row in sources if row["last_extracted_at"]]
    return {"oldest": min(days, default=None), "newest": max(days, default=None)}
