"""The quarter's tables as a workbook, to the Analysis Function's guidance (gptables).

A cover, the contents, the notes, then one table a sheet: one marked-up table each, one
header row, no merged or blank cells, text wrapped, numbers as numbers.
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

TAB_LIMIT, HEADING_LIMIT = 31, 200  # Excel's are 31 and 255 characters
MARGIN_LIMIT = 120  # so that twice as many, were all of them doubled, are within 255
NARROWEST, WIDEST, COVER_WIDTH = 14, 50, 90  # column widths, in characters
LINE, TALLEST = 16, 400  # row heights, in points; Excel's tallest is 409
UNDATED = dt.datetime(2000, 1, 1)


@dataclass(frozen=True)
class Sheet:
    """A sheet to be: its tab, its gptables table, and its columns' widths."""

    tab: str
    table: Any
    widths: tuple[int, ...]


def write_workbook(report: Report, path: Path) -> None:
    """Write the report's workbook to `path`; the same report gives the same bytes."""
    import gptables

    tables = (_sheet(report, table) for table in report.tables_in_order())
    sheets = [_notes(report), _text(report), *tables]
    sheets += [_chart_figures(report), _changes(report)]
    with warnings.catch_warnings():
        # The notes are a sheet of ours, in the contents like the others. pandas warns
        # about what gptables does inside.
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
            # An extract's text is never a formula, a link or a number.
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
    """gptables takes its settings apart: give it a copy."""
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
    """The protective marking, which stands under the title of every sheet."""
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
    """The report's words, section by section: made from figures, or the author's."""
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
    """Every point of every chart: some stand in no table of their own."""
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
        {"row": {"rows": shares, "format": {"num_format": '0.0"%"'}}},
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
    """A sheet with one table of words; `nothing` says that it has no rows."""
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
    """How to read the table, and what it was made from."""
    marks = [f"{mark} means {words}." for mark, words in grid.shorthand.items()]
    return [table.note, *marks, report.words("origin_text")]


def _nothing(grid: Grid) -> list[str]:
    rest = [style.NOT_APPLICABLE] * (len(grid.columns) - 1)
    return ["No rows for this quarter", *rest]


def _value(cell: Cell, column: Column) -> object:
    """A number or a date as Excel keeps it, or text made inert."""
    if cell.mark:
        return cell.mark
    number = style.exact(cell.value)
    if number is not None:
        return int(number) if number == int(number) else float(number)
    if column.number_format in style.DATE_FORMATS:
        date = style.as_date(cell.value)
        # Excel's calendar begins in 1900.
        if date is not None and date.year > 1900:
            return date
    return _inert(cell.text(column.number_format)) or style.NOT_APPLICABLE


def _inert(text: str) -> str:
    """Text that gptables takes as text: no note reference, no link, not only signs."""
    text = text.replace("$$", "$ $").replace("](", "] (")
    is_signs = bool(text) and not re.search("[a-zA-Z0-9]", text)
    return f"{text} (as supplied)" if is_signs else text


def _unique(headings: Any) -> list[str]:
    """Headings in order, cut to what Excel takes, a repeated one numbered."""
    seen: dict[str, int] = {}
    unique = []
    for heading in headings:
        text = _inert(style.plain_text(heading, HEADING_LIMIT)) or "Column"
        count = seen[text.casefold()] = seen.get(text.casefold(), 0) + 1
        unique.append(text if count == 1 else f"{text} ({count})")
    return unique


def _tab(table_name: str) -> str:
    """'rolling_12_months' → 'Rolling 12 months', within Excel's 31 characters."""
    return style.humanise(table_name)[:TAB_LIMIT].rstrip()


def _formats(grid: Grid) -> list[dict[str, Any]]:
    """Alignment and number format of each column, by position; totals in bold."""
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
    """Wide enough for the longest cell and for a third of the heading."""
    widths = []
    for i, column in enumerate(grid.columns):
        cells = [len(row[i].text(column.number_format)) for row in grid.rows]
        longest = max([*cells, len(headings[i]) // 3])
        widths.append(min(WIDEST, max(NARROWEST, round(longest * 1.2) + 2)))
    return tuple(widths)


def _set_pages(book: Any, report: Report, sheets: list[Sheet]) -> None:
    """Column widths, room for wrapped text, and A4 sheets that print one page wide."""
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
    """The marking at the head and foot of a printed page, in the middle, in bold.

    Excel takes 255 characters there, and an ampersand for an instruction.
    """
    words = " ".join(_marking(report))[:MARGIN_LIMIT]
    return f"&C&B{words.replace('&', '&&')}" if words else ""


def _set_heights(worksheet: Any, sheet: Sheet) -> None:
    """Rows as tall as their wrapped text, which not every program works out itself,
    and the headings on every printed page.
    """
    frame = sheet.table.table
    first = sheet.table.data_range[0]
    worksheet.repeat_rows(first)
    for i, row in enumerate([list(frame.columns), *frame.values.tolist()]):
        lines = max(_lines(*cell) for cell in zip(row, sheet.widths, strict=True))
        worksheet.set_row(first + i, min(TALLEST, lines * LINE + 3))


def _lines(value: object, width: int) -> int:
    """How many lines a cell takes; Arial 12 fits some six letters to seven units."""
    return len(textwrap.wrap(str(value), max(1, round(width * 0.85)))) or 1


def _space_cover(cover: Any, report: Report) -> None:
    """Air around the cover's title and its two headings."""
    intro_count = len(_introduction(report))
    # The title is set half as large again as the text.
    title_lines = _lines(report.words("report_title"), round(COVER_WIDTH / 1.5))
    for row, height in ((0, 16 + 24 * title_lines), (1, 32), (2 + intro_count, 32)):
        cover.set_row(row, height)


def _set_properties(book: Any, report: Report) -> None:
    """Title and date for screen readers and file lists; the date is the data's own."""
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
    """Say that the workbook is in British English, which xlsxwriter cannot."""
    with zipfile.ZipFile(path) as book:
        parts = [(part, book.read(part)) for part in book.infolist()]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as book:
        for part, data in parts:
            if part.filename == "docProps/core.xml":
                end = b"</cp:coreProperties>"
                data = data.replace(end, b"<dc:language>en-GB</dc:language>" + end)
            book.writestr(part, data)
