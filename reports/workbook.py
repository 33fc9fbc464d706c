"""Writes the quarter's tables as a workbook, by the Analysis Function's guidance.

gptables gives it a cover, the contents, the notes, then one table per sheet: one
marked-up table with one header row, no merged or blank cells, wrapped text, and numbers
as numbers.
"""

from __future__ import annotations

import datetime as dt
import re
import textwrap
import warnings
import zipfile
from dataclasses import astuple, dataclass
from pathlib import Path
from typing import Any

from reports import style
from reports.grid import Cell, Column, Grid, Table
from reports.outline import texts_of
from reports.report import Report

TAB_LIMIT, HEADING_LIMIT = 31, 200  # Excel's limits are 31 and 255
MARGIN_LIMIT = 120  # each `&` is doubled, and the limit is 255
NARROWEST, WIDEST, COVER_WIDTH = 14, 50, 90  # column widths, in characters
LINE, TALLEST = 16, 400  # row heights, in points; Excel's tallest is 409
UNDATED = dt.datetime(2000, 1, 1)


@dataclass(frozen=True)
class Sheet:
    """A sheet before it is written: its tab, its gptables table, its column widths."""

    tab: str
    table: Any
    widths: tuple[int, ...]


def write_workbook(report: Report, path: Path) -> None:
    """Write the report's workbook to `path`; equal reports give equal bytes."""
    import gptables

    tables = (_sheet(report, table) for table in report.tables_in_order())
    sheets = [_notes(report), _text(report), *tables]
    sheets += [_chart_figures(report), _changes(report)]
    with warnings.catch_warnings():
        # The notes are a sheet like the others, listed in the contents. Ignore warnings
        # of pandas about code of gptables.
        warnings.simplefilter("ignore")
        book = gptables.produce_workbook(
            str(path),
            sheets={sheet.tab: sheet.table for sheet in sheets},
            theme=gptables.Theme(_theme()),
            cover=_cover(report),
            contentsheet_options={
                "title": "Contents",
                "subtitles": _marking(report),
                "instructions": "This worksheet contains one table: the other sheets.",
                "column_names": ["Sheet", "What it holds"],
            },
            auto_width=False,
            # Do not convert texts of an extract to formulas, links or numbers.
            workbook_options={
                "strings_to_formulas": False,
                "strings_to_urls": False,
                "strings_to_numbers": False,
                "in_memory": True,
            },
        )
        _set_pages(book, report, sheets)
        _set_properties(book, report)
        book.close()
    _set_language(path)


def _theme() -> dict[str, Any]:
    """Return gptables' settings, as a copy because gptables changes them."""
    return {
        name: dict(v) if isinstance(v, dict) else list(v)
        for name, v in style.SHEET_THEME.items()
    }


def _cover(report: Report) -> Any:
    import gptables

    facts = [f"{name}: {value}" for name, value in report.facts()]
    shorthand = [f"{mark} means {words}." for mark, words in style.SHORTHAND.items()]
    return gptables.Cover(
        title=_inert(report.words("report_title")),
        intro=_introduction(report),
        about=[_inert(text) for text in (*facts, *shorthand)],
        width=COVER_WIDTH,
    )


def _introduction(report: Report) -> list[str]:
    names = ("protective_marking", "force_name", "origin_text")
    return [_inert(report.words(name)) for name in names if report.words(name)]


def _marking(report: Report) -> list[str]:
    """Return the protective marking, which is under the title of every sheet."""
    marking = report.words("protective_marking")
    return [_inert(marking)] if marking else []


def _notes(report: Report) -> Sheet:
    import gptables
    import pandas as pd

    notes = report.notes or ("There are no notes to this report.",)
    frame = pd.DataFrame(
        {
            "Note": [f"Note {i}" for i in range(1, len(notes) + 1)],
            "Text": [_inert(note) for note in notes],
        },
        dtype=object,
    )
    table = gptables.GPTable(
        frame,
        table_name="notes",
        title="Notes",
        subtitles=_marking(report),
        instructions="This worksheet contains one table.",
        index_columns={2: 0},
    )
    return Sheet("Notes", table, (NARROWEST, COVER_WIDTH))


def _text(report: Report) -> Sheet:
    """Return a sheet with the report's words by section, generated or the author's."""
    rows = [
        [section.title, part.heading or section.heading, _inert(text)]
        for section in report.sections
        for part in section.parts
        for block in part.blocks
        for text in texts_of(block)
    ]
    return _words(
        tab="Report text",
        title="The report's text, section by section",
        headings=["Section", "Part", "Text"],
        rows=rows,
        widths=(32, 34, COVER_WIDTH),
        nothing="There is no text.",
        marking=_marking(report),
    )


def _chart_figures(report: Report) -> Sheet:
    """Return a sheet with every point of every chart, because some are in no other
    table.
    """
    points = [
        (chart, point)
        for chart in report.charts
        if chart.is_available
        for point in chart.points
    ]
    rows = [
        [
            _inert(chart.title),
            _inert(point.label),
            _inert(point.series) or style.NOT_APPLICABLE,
            _inert(chart.value_heading),
            _value(
                Cell.of(point.value, is_available=False),
                Column("value", "Value", chart.number_format),
            ),
        ]
        for chart, point in points
    ]
    sheet = _words(
        tab="Chart figures",
        title="The figures of every chart",
        headings=["Chart", "Month or category", "Line", "Value in", "Value"],
        rows=rows,
        widths=(COVER_WIDTH, 30, NARROWEST, 24, NARROWEST),
        nothing="There is no chart.",
        marking=_marking(report),
    )
    right = {"align": "right"}
    shares = [
        i for i, (chart, _) in enumerate(points, 1) if chart.number_format == "pct"
    ]
    sheet.table.additional_formatting = [
        {"column": _on(4, right | {"num_format": "#,##0"}, with_heading=True)},
        {"row": {"rows": shares, "format": {"num_format": f'0.0"{style.PERCENT}"'}}},
    ]
    return sheet


def _changes(report: Report) -> Sheet:
    draft = report.draft
    rows = [
        [_inert(text) or style.NOT_APPLICABLE for text in astuple(change)]
        for change in draft.changes
    ]
    is_first = draft.number == 1
    since = "first draft" if is_first else f"what differs from draft {draft.number - 1}"
    return _words(
        tab="Changes",
        title=f"Changes since the last draft: draft {draft.number}, {since}",
        headings=["Table", "Row", "Column", "Before", "Now"],
        rows=rows,
        widths=(40, 40, 30, NARROWEST, NARROWEST),
        nothing="No figure differs from an earlier draft.",
        marking=_marking(report),
    )


def _words(
    tab: str,
    title: str,
    headings: list[str],
    rows: list[list[str]],
    widths: tuple[int, ...],
    nothing: str,
    marking: list[str],
) -> Sheet:
    """Return a sheet with one table of words.

    Args:
        nothing: the sentence for a table without rows.
    """
    import gptables
    import pandas as pd

    rest = [style.NOT_APPLICABLE] * (len(headings) - 1)
    frame = pd.DataFrame(rows or [[nothing, *rest]], columns=headings, dtype=object)
    table = gptables.GPTable(
        frame,
        table_name=tab.lower().replace(" ", "_"),
        title=title,
        subtitles=marking,
        instructions="This worksheet contains one table.",
        index_columns={2: 0},
    )
    return Sheet(tab, table, widths)


def _sheet(report: Report, table: Table) -> Sheet:
    import gptables
    import pandas as pd

    grid = table.grid()
    headings = _unique(column.heading for column in grid.columns)
    rows = [
        [_value(c, column) for c, column in zip(row, grid.columns, strict=True)]
        for row in grid.rows
    ]
    rows = rows or [_nothing(grid)]
    frame = pd.DataFrame(rows, columns=headings, dtype=object)
    widths = _widths(grid, headings)
    made = gptables.GPTable(
        frame,
        table_name=table.name,
        title=_inert(table.title),
        subtitles=_marking(report),
        instructions="This worksheet contains one table."
        f"{' Notes are on the sheet Notes.' if report.notes else ''}",
        legend=[
            _inert(line)
            for text in _said_above(report, table, grid)
            for line in textwrap.wrap(text, max(COVER_WIDTH, sum(widths)))
        ],
        index_columns={2: 0},
        additional_formatting=_formats(grid),
    )
    return Sheet(_tab(table.name), made, widths)


def _said_above(report: Report, table: Table, grid: Grid) -> list[str]:
    """Return how to read the table, and what it was made from."""
    marks = [f"{mark} means {words}." for mark, words in grid.shorthand.items()]
    return [table.note, *marks, report.words("origin_text")]


def _nothing(grid: Grid) -> list[str]:
    rest = [style.NOT_APPLICABLE] * (len(grid.columns) - 1)
    return ["No rows for this quarter", *rest]


def _value(cell: Cell, column: Column) -> object:
    """Return a number or a date as Excel stores it, or a safe text."""
    if cell.mark:
        return cell.mark
    number = style.exact(cell.value)
    if number is not None:
        return int(number) if number == int(number) else float(number)
    if column.number_format in style.DATE_FORMATS:
        date = style.as_date(cell.value)
        # Excel has no dates before 1900.
        if date is not None and date.year > 1900:
            return date
    return _inert(cell.text(column.number_format)) or style.NOT_APPLICABLE


def _inert(text: str) -> str:
    """Return text without note references or links for gptables, and not only signs."""
    text = text.replace("$$", "$ $").replace("](", "] (")
    is_signs = bool(text) and not re.search("[a-zA-Z0-9]", text)
    return f"{text} (as supplied)" if is_signs else text


def _unique(headings: Any) -> list[str]:
    """Return the headings in order, cut to Excel's limit; repeated ones are
    numbered.
    """
    seen: dict[str, int] = {}
    unique = []
    for heading in headings:
        text = _inert(style.plain_text(heading, HEADING_LIMIT)) or "Column"
        count = seen[text.casefold()] = seen.get(text.casefold(), 0) + 1
        unique.append(text if count == 1 else f"{text} ({count})")
    return unique


def _tab(table_name: str) -> str:
    """Return a sheet's name: 'rolling_12_months' becomes 'Rolling 12 months'."""
    return style.humanise(table_name)[:TAB_LIMIT].rstrip()


def _formats(grid: Grid) -> list[dict[str, Any]]:
    """Return alignment and number format of each column, by position; totals are
    bold.
    """
    formats: list[dict[str, Any]] = []
    for i, column in enumerate(grid.columns):
        values = [row[i].value for row in grid.rows]
        look = {"align": "right" if column.is_number else "left"}
        if i and not column.is_number and grid.columns[i - 1].is_number:
            look["indent"] = 1
        formats.append({"column": _on(i, look, with_heading=True)})
        number_format = style.sheet_format(column.number_format, values)
        if number_format:
            formats.append({"column": _on(i, {"num_format": number_format})})
    totals = [i + 1 for i, row in enumerate(grid.rows) if grid.is_total(row)]
    if totals:
        bold = {"bold": True, "top": 1, "top_color": style.NAVY}
        formats.append({"row": {"rows": totals, "format": bold, "include_names": True}})
    return formats


def _on(
    column: int, look: dict[str, Any], with_heading: bool = False
) -> dict[str, Any]:
    return {"columns": [column], "format": look, "include_names": with_heading}


def _widths(grid: Grid, headings: list[str]) -> tuple[int, ...]:
    """Return widths for the longest cell, and for a third of the heading."""
    widths = []
    for i, column in enumerate(grid.columns):
        cells = [len(row[i].text(column.number_format)) for row in grid.rows]
        longest = max([*cells, len(headings[i]) // 3])
        widths.append(min(WIDEST, max(NARROWEST, round(longest * 1.2) + 2)))
    return tuple(widths)


def _set_pages(book: Any, report: Report, sheets: list[Sheet]) -> None:
    """Set column widths, room for wrapped text, and A4 pages that are one sheet
    wide.
    """
    contents = book.get_worksheet_by_name("Contents")
    for i, width in enumerate((NARROWEST + 10, COVER_WIDTH)):
        contents.set_column(i, i, width)
    for sheet in sheets:
        worksheet = book.get_worksheet_by_name(sheet.tab)
        for i, width in enumerate(sheet.widths):
            worksheet.set_column(i, i, width)
        _set_heights(worksheet, sheet)
    _space_cover(book.get_worksheet_by_name("Cover"), report)
    for worksheet in book.worksheets():
        worksheet.set_paper(9)
        worksheet.set_landscape()
        worksheet.fit_to_pages(1, 0)
        if marking := _printed_marking(report):
            worksheet.set_header(marking)
            worksheet.set_footer(marking)


def _printed_marking(report: Report) -> str:
    """Return the marking for the head and foot of a printed page, centred and bold.

    Excel's limit there is 255 characters, and an ampersand begins an instruction.
    """
    words = " ".join(_marking(report))[:MARGIN_LIMIT]
    return f"&C&B{words.replace('&', '&&')}" if words else ""


def _set_heights(worksheet: Any, sheet: Sheet) -> None:
    """Set the heights of rows with wrapped text, and repeat headings on printed pages.

    Not every program computes these heights itself.
    """
    frame = sheet.table.table
    first = sheet.table.data_range[0]
    worksheet.repeat_rows(first)
    for i, row in enumerate([list(frame.columns), *frame.values.tolist()]):
        lines = max(_lines(*cell) for cell in zip(row, sheet.widths, strict=True))
        worksheet.set_row(first + i, min(TALLEST, lines * LINE + 3))


def _lines(value: object, width: int) -> int:
    """Return the number of lines of a cell; in Arial 12, six letters take about 7
    units.
    """
    return len(textwrap.wrap(str(value), max(1, round(width * 0.85)))) or 1


def _space_cover(cover: Any, report: Report) -> None:
    """Add space around the cover's title and its two headings."""
    intro_count = len(_introduction(report))
    # The title is one and a half times as large as the text.
    title_lines = _lines(report.words("report_title"), round(COVER_WIDTH / 1.5))
    for row, height in ((0, 16 + 24 * title_lines), (1, 32), (2 + intro_count, 32)):
        cover.set_row(row, height)


def _set_properties(book: Any, report: Report) -> None:
    """Set title and date for screen readers and file lists; the date is the data's
    own.
    """
    extracted = report.front.get("latest_extracted_at")
    created = extracted if isinstance(extracted, dt.datetime) else UNDATED
    book.set_properties(
        {
            "title": report.words("report_title"),
            "subject": report.words("protective_marking"),
            "author": report.words("force_name"),
            "comments": report.words("origin_text"),
            "created": created.replace(microsecond=0, tzinfo=None),
        }
    )


def _set_language(path: Path) -> None:
    """Set the workbook's language to British English, which xlsxwriter cannot do."""
    with zipfile.ZipFile(path) as book:
        parts = [(part, book.read(part)) for part in book.infolist()]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as book:
        for part, data in parts:
            if part.filename == "docProps/core.xml":
                end = b"</cp:coreProperties>"
                data = data.replace(end, b"<dc:language>en-GB</dc:language>" + end)
            book.writestr(part, data)
