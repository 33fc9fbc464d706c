"""Writes the action tracker's monthly extracts: CSV until July 2021, then XLSX."""

import csv
import zipfile
from collections.abc import Callable, Iterator
from datetime import date, datetime
from pathlib import Path

import xlsxwriter

from dagster_project.demonstration.actions import plan

COLUMNS = (
    "action_id",
    "strand_name",
    "action_title",
    "owner_role",
    "start_date",
    "due_date",
    "completed_date",
    "action_status",
    "is_at_risk",
    "at_risk_reason",
    "mitigation",
)
FIRST_WORKBOOK = date(2021, 8, 17)
# The extracts with a line that breaks the contract; the next extract corrects it.
UNKNOWN_STRAND_ON = date(2019, 9, 17)
UNDATED_ON = date(2020, 11, 17)

Row = list[str | date | None]


def write_actions(folder: Path, progress: Callable[[str], None]) -> None:
    """Write one full extract per month into `folder`, April 2018 to November 2021."""
    actions = plan()
    days = list(_days())
    for day in days:
        rows = [action.row(day) for action in actions if action.start <= day]
        _break_a_line(rows, day)
        write, suffix = (
            (_write_workbook, "xlsx") if day >= FIRST_WORKBOOK else (_write_csv, "csv")
        )
        write(folder / f"actions_{day:%Y%m%d}T060000.{suffix}", rows)
    progress(f"demonstration: {len(actions)} actions in {len(days)} files")


def _days() -> Iterator[date]:
    """Yield the 17th of each month, from April 2018 to November 2021."""
    for month in range(2018 * 12 + 3, 2021 * 12 + 11):
        yield date(month // 12, month % 12 + 1, 17)


def _break_a_line(rows: list[Row], day: date) -> None:
    if day == UNKNOWN_STRAND_ON:
        row = next(row for row in rows if "burgl" in str(row[2]).lower())
        row[1] = "Burglary"
    if day == UNDATED_ON:
        row = next(row for row in rows if row[7] == "Complete")
        row[6] = None


def _write_csv(path: Path, rows: list[Row]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows(rows)


def _write_workbook(path: Path, rows: list[Row]) -> None:
    """Write a workbook in which dates are cells of the type date."""
    packed = path.with_suffix(".packed")
    with xlsxwriter.Workbook(str(packed)) as workbook:
        workbook.set_properties({"created": datetime(2021, 8, 17, 6)})
        dates = workbook.add_format({"num_format": "dd/mm/yyyy"})
        sheet = workbook.add_worksheet("Delivery plan")
        sheet.write_row(0, 0, COLUMNS, workbook.add_format({"bold": True}))
        for line, row in enumerate(rows, start=1):
            for column, value in enumerate(row):
                if isinstance(value, date):
                    sheet.write_datetime(line, column, value, dates)
                elif value is not None:
                    sheet.write_string(line, column, value)
        sheet.freeze_panes(1, 0)
    _store(packed, path)
    packed.unlink()


def _store(packed: Path, path: Path) -> None:
    """Pack again without compression, whose bytes differ between builds of zlib."""
    with zipfile.ZipFile(packed) as old, zipfile.ZipFile(path, "w") as new:
        for member in old.infolist():
            stored = zipfile.ZipInfo(member.filename, date_time=(1980, 1, 1, 0, 0, 0))
            new.writestr(stored, old.read(member))
