"""The annex of the board report as one page, without scripts or external files.

Jinja2 escapes all text, and a content security policy in the page forbids scripts and
requests even if a text contained them. Charts are inside the page.
"""

from __future__ import annotations

import base64
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

from reports import style
from reports.abbreviations import spelt_out
from reports.board import english
from reports.charts import Drawing, size_of
from reports.grid import Grid
from reports.outline import Chart, Section, in_one_line
from reports.report import Report
from reports.widths import Line, column_widths, most_lines

ANNEX = "annex.html"
TEMPLATES = Path(__file__).parent / "templates"
MOST_LINES = 2  # per text in a table of figures
PAGE_LINE = Line(room=110, letter=1, heading_letter=1.1, padding=2)  # letters, on paper


def write_page(
    report: Report,
    drawings: dict[str, Drawing],
    path: Path,
    document: str = "report.docx",
    kept: Sequence[str] = (),
) -> None:
    """Write the page to `path`, as UTF-8 with LF.

    Args:
        drawings: by chart name.
        document: name of the Word draft in the same folder.
        kept: names of the Word drafts that their author edited.
    """
    page = (
        annex_environment()
        .get_template("page.html.j2")
        .render(
            report=report,
            front=written_front(report),
            sections=[section for section in report.sections if not section.is_front],
            tree=tree(report),
            document=document,
            kept=kept,
            images={name: _images(drawing) for name, drawing in drawings.items()},
            colours=style.COLOURS,
            marking_css=style.css_string(report.words("protective_marking")),
        )
    )
    path.write_text(spelt_out(page), encoding="utf-8", newline="\n")


def environment() -> Any:
    """Return the Jinja2 environment: text is escaped, and missing values are errors."""
    import jinja2

    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


@cache
def annex_environment() -> Any:
    """The templates of the annex and the quality statement, with their functions."""
    templates = environment()
    templates.filters |= english.FILTERS | {
        "day": lambda moment: style.date_text(moment) if moment else "none",
        "plain": style.plain_text,
    }
    templates.globals["cell_text"] = lambda cell, column: cell.text(
        column.number_format
    )
    templates.globals["kind_of"] = lambda block: type(block).__name__.lower()
    templates.globals["breakable"] = breakable
    templates.globals["shares"] = shares
    templates.globals["pixels"] = pixels
    templates.globals["point_text"] = point_text
    return templates


def shares(grid: Grid) -> list[float]:
    """Return the widths of a prose table's columns, in per cent.

    None for a table of figures, which a browser lays out well by itself.
    """
    if most_lines(grid, PAGE_LINE) <= MOST_LINES:
        return []
    widths = column_widths(grid, PAGE_LINE)
    return [round(100 * width / sum(widths), 1) for width in widths]


def breakable(text: str) -> Any:
    """Return escaped text that a narrow screen may break after a slash."""
    from markupsafe import Markup, escape

    return Markup("/<wbr>").join(escape(part) for part in text.split("/"))


def tree(report: Report) -> list[tuple[Section, list[Section]]]:
    """Return the sections of the first level, each with its subsections."""
    branches: list[tuple[Section, list[Section]]] = []
    for section in report.sections:
        if section.level == 1 and not section.is_front:
            branches.append((section, []))
        elif branches:
            branches[-1][1].append(section)
    return branches


def written_front(report: Report) -> list[tuple[str, str]]:
    """Return the front matter that the author has written, as (name, words)."""
    parts = (part for s in report.sections if s.is_front for part in s.parts)
    return [(part.heading, in_one_line(part.written)) for part in parts if part.written]


def pixels(chart: Chart) -> list[int]:
    """Return width and height of the chart's image, so that the page keeps its
    layout.
    """
    return [round(inches * 96) for inches in size_of(chart, is_narrow=False)]


def point_text(value: object, number_format: str) -> str:
    """Return a chart's value for the table beside it; a gap is written in words."""
    return "Not supplied" if value is None else style.number_text(value, number_format)


def _images(drawing: Drawing) -> dict[str, str]:
    """Return both sizes as data URIs: an SVG in <img> cannot run scripts or fetch
    files.
    """
    both = {"wide": drawing.wide, "narrow": drawing.narrow}
    start = "data:image/svg+xml;base64,"
    return {k: start + base64.b64encode(svg).decode() for k, svg in both.items()}
