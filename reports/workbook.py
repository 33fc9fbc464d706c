"""Writes the quarter's tables as a workbook, by the Analysis Function's guidance.

gptables gives it a cover, the contents, the notes, the report's text, then one sheet
for each section of the report that has tables, one below the other: marked-up tables
with one header row, no merged or blank cells, wrapped text, and numbers as numbers.
"""

from __future__ import annotations

import datetime as dt
import re
import textwrap
import warnings
import zipfile
from collections.abc import Callable
from dataclasses import astuple, dataclass
from itertools import accumulate, zip_longest
from pathlib import Path
from typing import Any

from reports import abbreviations, style
from reports.facts import Note
from reports.grid import Cell, Column, Grid, Table
from reports.outline import in_one_line, texts_of
from reports.report import Report

TAB_LIMIT, HEADING_LIMIT = 31, 200  # Excel's limits are 31 and 255
MOST_KEYWORDS = 250  # letters; Excel shows 255
SENTENCE_END = re.compile(r"(?<=[.!?]) +(?=[A-Z0-9\[])")
AUTHOR, CONTACT = "author", "contact"  # slots of the front matter
MARGIN_LIMIT = 120  # each `&` is doubled, and the limit is 255
NARROWEST, WIDEST, COVER_WIDTH = 14, 50, 90  # column widths, in characters
LINE, TALLEST = 16, 400  # row heights, in points; Excel's tallest is 409
UNDATED = dt.datetime(2000, 1, 1)
LEFT_OPEN = ("and", "by", "of", "the")  # words that no tab ends with
ALL_STRANDS = "All strands"
NOTES_ARE = (
    "The sheet Notes has the text of each note. A note that is named in this title is "
    "about every table."
)


@dataclass(frozen=True)
class Sheet:
    """A sheet before it is written: its tab, its gptables tables, its column widths."""

    tab: str
    tables: tuple[Any, ...]
    widths: tuple[int, ...]

    @property
    def starts(self) -> list[int]:
        """The row where each table's title is; one row between tables is blank."""
        heights = (table.data_range[2] + 2 for table in self.tables)
        return list(accumulate(heights, initial=0))[:-1]


def write_workbook(report: Report, path: Path) -> None:
    """Write the report's workbook to `path`; equal reports give equal bytes."""
    import gptables

    if report.is_public:
        sheets = [_notes(report), *_sections(report), _chart_figures(report)]
    else:
        sheets = [_notes(report), _text(report), *_sections(report)]
        sheets += [_chart_figures(report), _changes(report)]
    sheets = [_contents(report, sheets), *sheets]
    with warnings.catch_warnings():
        # The notes are a sheet like the others, listed in the contents. Ignore warnings
        # of pandas about code of gptables.
        warnings.simplefilter("ignore")
        book = gptables.produce_workbook(
            str(path),
            sheets={sheet.tab: sheet.tables[0] for sheet in sheets},
            theme=gptables.Theme(_theme()),
            cover=_cover(report),
            contentsheet_label=None,
            auto_width=False,
            # Do not convert texts of an extract to formulas, links or numbers.
            workbook_options={
                "strings_to_formulas": False,
                "strings_to_urls": False,
                "strings_to_numbers": False,
                "in_memory": True,
            },
        )
        for sheet in sheets:
            below = zip(sheet.tables[1:], sheet.starts[1:], strict=True)
            for table, start in below:
                worksheet = book.get_worksheet_by_name(sheet.tab)
                worksheet.write_gptable(table, False, [], start_pos=[start, 0])
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
    marks = style.SHORTHAND | (style.PUBLIC_SHORTHAND if report.is_public else {})
    shorthand = [f"{mark} means {words}." for mark, words in marks.items()]
    return gptables.Cover(
        title=_inert(report.words("report_title")),
        intro=_introduction(report),
        about=[
            _inert(text) for text in (*facts, *shorthand, *abbreviations_of(report))
        ],
        contact=_contact(report),
        width=COVER_WIDTH,
    )


def abbreviations_of(report: Report) -> list[str]:
    """Return a line with what the abbreviations of the sheets stand for."""
    texts = [note.text for note in report.notes]
    for table in report.tables:
        texts += [table.title, table.description]
        texts += [column.heading for column in table.columns]
        texts += [v for row in table.rows for v in row.values() if isinstance(v, str)]
    return abbreviations.sentence("\n".join(texts))


def _contact(report: Report) -> list[str]:
    """Return whom to ask: what the author wrote in the front matter, or who made it."""
    fronts = (section for section in report.sections if section.is_front)
    parts = [p for s in fronts for p in s.parts if p.slot in (AUTHOR, CONTACT)]
    written = [f"{p.heading}: {in_one_line(p.written)}" for p in parts if p.written]
    made_by = f"Performance team, {report.words('force_name')} (no address given)"
    return [_inert(text) for text in written or [made_by]]


def _contents(report: Report, sheets: list[Sheet]) -> Sheet:
    """Return a sheet that links to every table of the others."""
    import gptables
    import pandas as pd

    rows = [
        [{sheet.tab: f"internal:'{sheet.tab}'!A{start + 1}"}, table.title]
        for sheet in sheets
        for table, start in zip(sheet.tables, sheet.starts, strict=True)
    ]
    frame = pd.DataFrame(rows, columns=["Sheet", "Table"], dtype=object)
    table = gptables.GPTable(
        frame,
        table_name="contents_table",
        title="Contents",
        subtitles=_marking(report),
        instructions="This worksheet contains one table: the tables of the other "
        "worksheets.",
        index_columns={2: 0},
    )
    return Sheet("Contents", (table,), (TAB_LIMIT + 4, COVER_WIDTH))


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

    notes = [note.text for note in report.notes]
    notes = notes or ["There are no notes to this report."]
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
    return Sheet("Notes", (table,), (NARROWEST, COVER_WIDTH))


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
        tab="Report_text",
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
            *_month_or_category(point.label),
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
        tab="Chart_figures",
        title="The figures of every chart",
        headings=["Chart", "Month", "Category", "Line", "Value in", "Value"],
        rows=rows,
        widths=(COVER_WIDTH, NARROWEST, 30, NARROWEST, 24, NARROWEST),
        nothing="There is no chart.",
        marking=_marking(report),
    )
    right = {"align": "right"}
    shares = [
        i for i, (chart, _) in enumerate(points, 1) if chart.number_format == "pct"
    ]
    sheet.tables[0].additional_formatting = [
        {"column": _on(5, right | {"num_format": "#,##0"}, with_heading=True)},
        {"row": {"rows": shares, "format": {"num_format": f'0.0"{style.PERCENT}"'}}},
        # After the rows of shares, whose months are dates too.
        {"column": _on(1, {"num_format": style.sheet_format("month", [])})},
    ]
    return sheet


def _month_or_category(label: str) -> tuple[object, object]:
    month = style.month(label)
    return (
        month or style.NOT_APPLICABLE,
        style.NOT_APPLICABLE if month else _inert(label),
    )


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
        table_name=tab.lower(),
        title=title,
        subtitles=marking,
        instructions="This worksheet contains one table.",
        index_columns={2: 0},
    )
    return Sheet(tab, (table,), widths)


def _sections(report: Report) -> list[Sheet]:
    """Return a sheet for each section with tables."""
    sheets: list[Sheet] = []
    for title, tables in _titled(report):
        grids = [table.grid() for table in tables]
        made = [
            _table(report, table, grid, place, len(tables))
            for place, (table, grid) in enumerate(zip(tables, grids, strict=True), 1)
        ]
        widths = zip_longest(*(_widths(grid) for grid in grids), fillvalue=NARROWEST)
        tab = _tab(title, {sheet.tab.casefold() for sheet in sheets})
        sheets.append(Sheet(tab, tuple(made), tuple(map(max, widths))))
    return sheets


def _titled(report: Report) -> list[tuple[str, list[Table]]]:
    """Return the title and the tables of each sheet of tables.

    The tables of several strands have a sheet of their own, before those of one strand.
    """
    of_all = ("", ALL_STRANDS)
    titled: dict[tuple[str, str], list[Table]] = {}
    for section, tables in report.tables_by_section():
        own = (section.code, section.title or section.code)
        if section.is_strand:
            titled.setdefault(of_all, [])
        for table in tables:
            is_shared = section.is_strand and _is_of_strands(table)
            titled.setdefault(of_all if is_shared else own, []).append(table)
    return [(title, tables) for (_, title), tables in titled.items() if tables]


def _is_of_strands(table: Table) -> bool:
    return len({row.get("strand") for row in table.rows}) > 1


def _table(report: Report, table: Table, grid: Grid, place: int, count: int) -> Any:
    """Return a table as gptables takes it.

    Args:
        place: of the table on its sheet; the first says what the sheet contains.
        count: of tables on the sheet.
    """
    import gptables
    import pandas as pd

    rows = _noted_rows(grid, report.notes) or [_nothing(grid)]
    headings = _noted_headings(grid, report.notes)
    frame = pd.DataFrame(rows, columns=headings, dtype=object)
    title = _inert(table.title)
    contains = "one table" if count == 1 else f"{count} tables, one below the other"
    sheet = f"This worksheet contains {contains}."
    return gptables.GPTable(
        frame,
        table_name=table.name,
        title=_noted(title, report.notes, _of_all_tables) if place == 1 else title,
        subtitles=_marking(report) if place == 1 else None,
        instructions=sheet if place == 1 else f"Table {place} of {count}.",
        legend=[_inert(line) for line in _said_above(report, table, grid, place)],
        index_columns={2: 0},
        additional_formatting=_formats(grid),
    )


def _said_above(report: Report, table: Table, grid: Grid, place: int) -> list[str]:
    """Return the sentences on how to read the table, each for a row of its own.

    What is true of all tables of the sheet is above the first, and its title refers to
    the notes on every table.
    """
    marks = [f"{mark} means {words}." for mark, words in grid.shorthand.items()]
    texts = [table.note, *marks]
    if place == 1:
        texts += [NOTES_ARE] if report.notes else []
        texts += [report.words("origin_text")]
    return [line for text in texts if text for line in SENTENCE_END.split(text)]


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
    if day := column.day(cell.value):
        return day
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


def _tab(title: str, taken: set[str]) -> str:
    """Return the name of a sheet, without spaces: '5.6_Hate_Crime'.

    Args:
        taken: names of other sheets, in small letters.
    """
    words = re.findall(r"[\w.]+", title)
    while len("_".join(words)) > TAB_LIMIT and len(words) > 1:
        words.pop()
    while words[-1] in LEFT_OPEN and len(words) > 1:
        words.pop()
    name = "_".join(words)[:TAB_LIMIT]
    tab, again = name, 1
    while tab.casefold() in taken:
        again += 1
        tab = f"{name[: TAB_LIMIT - len(str(again)) - 1]}_{again}"
    return tab


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
        own = "date" if column.may_have_days else column.number_format
        number_format = style.sheet_format(own, values)
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


def _headings(grid: Grid) -> list[str]:
    return _unique(column.heading for column in grid.columns)


def _noted(text: str, notes: tuple[Note, ...], is_about: Callable[[Note], bool]) -> str:
    """Return the text with a reference to each note that is about it."""
    numbers = (i for i, note in enumerate(notes, 1) if is_about(note))
    return " ".join([text, *(f"[note {i}]" for i in numbers)])


def _noted_headings(grid: Grid, notes: tuple[Note, ...]) -> list[str]:
    """Return the headings, each with the notes on its column or on what it names.

    The columns of a wide table are named after their value ('share_pct 2'), and headed
    by a label ('Fraud', or 'Fraud: Diff.').
    """
    headings = []
    for column, heading in zip(grid.columns, _headings(grid), strict=True):
        name, label = column.name.split(" ")[0], heading.split(": ")[0]

        def is_about(note: Note, name: str = name, label: str = label) -> bool:
            return name in note.columns or label in note.labels

        headings.append(_noted(heading, notes, is_about))
    return headings


def _noted_rows(grid: Grid, notes: tuple[Note, ...]) -> list[list[Any]]:
    """Return the values, each label with the notes on what it names."""
    return [
        [
            _noted(value, notes, lambda note, label=value: label in note.labels)
            if isinstance(value := _value(cell, column), str) and not column.is_number
            else value
            for cell, column in zip(row, grid.columns, strict=True)
        ]
        for row in grid.rows
    ]


def _of_all_tables(note: Note) -> bool:
    return not note.has_place


def _widths(grid: Grid) -> tuple[int, ...]:
    """Return widths for the longest cell, and for a third of the heading."""
    widths, headings = [], _headings(grid)
    for i, column in enumerate(grid.columns):
        cells = [len(row[i].text(column.number_format)) for row in grid.rows]
        longest = max([*cells, len(headings[i]) // 3])
        widths.append(min(WIDEST, max(NARROWEST, round(longest * 1.2) + 2)))
    return tuple(widths)


def _set_pages(book: Any, report: Report, sheets: list[Sheet]) -> None:
    """Set column widths, room for wrapped text, and A4 pages that are one sheet
    wide.
    """
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
    """Set the heights of rows with wrapped text, and repeat the headings of a sheet's
    only table on printed pages.

    Not every program computes these heights itself.
    """
    for table, start in zip(sheet.tables, sheet.starts, strict=True):
        first = start + table.data_range[0]
        rows = [list(table.table.columns), *table.table.values.tolist()]
        for i, row in enumerate(rows):
            # A sheet can be wider than one of its tables.
            lines = max(_lines(*cell) for cell in zip(row, sheet.widths, strict=False))
            worksheet.set_row(first + i, min(TALLEST, lines * LINE + 3))
        if len(sheet.tables) == 1:
            worksheet.repeat_rows(first)


def _lines(value: object, width: int) -> int:
    """Return the number of lines of a cell; in Arial 12, six letters take about 7
    units.
    """
    text = next(iter(value)) if isinstance(value, dict) else value  # a link
    return len(textwrap.wrap(str(text), max(1, round(width * 0.85)))) or 1


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
            "keywords": report.keywords(MOST_KEYWORDS),
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
