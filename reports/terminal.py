"""Prints the report's headline table on a terminal of any encoding."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from pathlib import Path

from reports import style
from reports.grid import AVAILABLE, Grid
from reports.outline import Paragraph
from reports.report import HEADLINE_TABLE, Report, read_report

HEADING_WIDTH, WIDEST = 14, 80  # characters of a column heading, of a cell


def headline(database: Path, quarter: str, force_code: str) -> str:
    """Return the rolling 12 months as aligned ASCII text, and what they were made from.

    Raises:
        PackError: as `write_pack`.
    """
    report = read_report(database, quarter, force_code)
    table = report.table(HEADLINE_TABLE)
    lines = [report.words("report_title"), report.words("force_name"), ""]
    if table is not None:
        grid = table.grid()
        lines += [table.title, "", *_aligned(grid)]
        lines += [f"{mark} {words}" for mark, words in grid.shorthand.items()]
        lines += _reasons(report)
    lines += ["", report.words("origin_text")]
    if missing := report.words("missing_deliveries"):
        lines += ["", f"Expected and not loaded. {missing}"]
    return "\n".join(lines)


def _reasons(report: Report) -> Iterator[str]:
    """Yield the page's sentence on each measure unavailable for a known reason."""
    table = report.table(HEADLINE_TABLE)
    names = [r["measure_name"] for r in table.rows if r["status"] != AVAILABLE]
    texts = [
        block.text
        for section in report.sections
        for block in section.blocks()
        if isinstance(block, Paragraph)
    ]
    for name in names:
        without_reason = f"{name}: {style.SHORTHAND[style.NOT_AVAILABLE]}."
        found = (text for text in texts if text.startswith(f"{name}: "))
        yield from (f"[x] {text}" for text in found if text != without_reason)


def _aligned(grid: Grid) -> list[str]:
    """Return lines: headings wrapped over their columns, numbers right, labels left."""
    columns = []
    for i, column in enumerate(grid.columns):
        texts = [row[i].text(column.number_format, minus="-") for row in grid.rows]
        cells = [text[:WIDEST] for text in texts]
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
