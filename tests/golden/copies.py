"""A home and its pack as texts, and golden copies that are compared line by line.

`contents_of` takes what readers and other programs see, not the bytes: of a workbook
its cells, of a document its paragraphs, of a page its text. Two copies of the same
texts have the same bytes.
"""

import csv
import difflib
import io
import zipfile
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import docx
import docx.table
import duckdb
import openpyxl

from dagster_project.settings import Home

PUBLISHED = {
    "figures": (
        "select quarter, force_code, cell_id as figure_id,"
        " figure_value as value, figure_numerator as numerator,"
        " figure_denominator as denominator"
        " from reporting.rpt_cells where number_format <> 'text'"
    ),
    "chart_points": (
        "select * rename (point_value as value) from reporting.rpt_chart_points"
    ),
    "chart_events": (
        "select quarter, force_code, chart_name, event_position,"
        " concat(event_name, ', ', strftime(marked_from_date, '%-d %B %Y'), ' to ',"
        " strftime(marked_to_date, '%-d %B %Y')) as event_label,"
        " start_position, end_position"
        " from reporting.rpt_chart_events"
    ),
    "revisions": (
        "select * rename (value_difference as difference) from reporting.rpt_revisions"
    ),
    "reconciliation": (
        "select * rename (published_strand as strand, published_measure as measure,"
        " published_period as period, comparison_rule as comparison,"
        " figure_numerator as numerator, figure_denominator as denominator,"
        " reason_for_difference as reason)"
        " from reporting.rpt_published_reconciliation"
    ),
}
SEED_CONSTRAINTS = (
    "select table_name, constraint_text from duckdb_constraints()"
    " where schema_name = 'seeds'"
)
# The earliest time in a zip file.
NO_TIME = (1980, 1, 1, 0, 0, 0)
LINES_SHOWN = 20


def contents_of(home: Home, quarter: str) -> dict[str, str]:
    """Return what a home published, and the pack of a quarter, as texts by name."""
    pack = home.output / home.pack_name(quarter)
    tables = {name: _rows(home.current, sql) for name, sql in PUBLISHED.items()}
    tables["seed_constraints"] = _rows(home.warehouse, SEED_CONSTRAINTS)
    texts = {f"{name}.csv": text for name, text in tables.items()}
    for path in sorted((pack / "tables").glob("*.csv")):
        texts[f"tables/{path.name}"] = path.read_text(encoding="utf-8-sig")
    texts["annex.html.txt"] = _page(pack / "annex.html")
    texts["index.html.txt"] = _page(pack / "index.html")
    texts["report.xlsx.txt"] = "\n".join(_workbook(pack / "report.xlsx"))
    texts["report.docx.txt"] = "\n".join(_document(pack / "report.docx"))
    return texts


def write(path: Path, texts: dict[str, str]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as copy:
        for name in sorted(texts):
            copy.writestr(
                zipfile.ZipInfo(name, NO_TIME), texts[name], zipfile.ZIP_DEFLATED
            )


def read(path: Path) -> dict[str, str]:
    with zipfile.ZipFile(path) as copy:
        return {name: copy.read(name).decode() for name in copy.namelist()}


def differences(expected: dict[str, str], found: dict[str, str]) -> list[str]:
    """Return for each text that differs: its name, its first differing lines, the
    rest's count.
    """
    told = []
    for name in sorted(expected.keys() | found.keys()):
        before, after = (copy.get(name, "").splitlines() for copy in (expected, found))
        lines = [
            line
            for line in difflib.unified_diff(before, after, lineterm="", n=0)
            if not line.startswith(("---", "+++", "@@"))
        ]
        if lines:
            more = len(lines) - LINES_SHOWN
            shown = lines[:LINES_SHOWN] + [f"and {more} more"] * (more > 0)
            told.append("\n".join([f"{name}:", *shown]))
    return told


def _rows(database: Path, sql: str) -> str:
    with duckdb.connect(str(database), read_only=True) as connection:
        found = connection.execute(f"select * from ({sql}) order by all")
        header = [column[0] for column in found.description]
        text = io.StringIO(newline="")
        csv.writer(text, lineterminator="\n").writerows([header, *found.fetchall()])
        return text.getvalue()


def _workbook(path: Path) -> Iterator[str]:
    for sheet in openpyxl.load_workbook(path).worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.value is not None:
                    yield f"{sheet.title}!{cell.coordinate}: {cell.value!r}"


def _document(path: Path) -> Iterator[str]:
    for block in docx.Document(str(path)).iter_inner_content():
        if isinstance(block, docx.table.Table):
            for row in block.rows:
                yield " | ".join(cell.text for cell in row.cells)
        else:
            yield block.text


class _Text(HTMLParser):
    """What a reader of a page reads."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self._hidden += tag in ("style", "script")

    def handle_endtag(self, tag: str) -> None:
        self._hidden -= tag in ("style", "script")

    def handle_data(self, data: str) -> None:
        if not self._hidden and data.strip():
            self.lines.append(" ".join(data.split()))


def _page(path: Path) -> str:
    parser = _Text()
    parser.feed(path.read_text(encoding="utf-8"))
    return "\n".join(parser.lines)
