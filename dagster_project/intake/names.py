"""What the name of a delivered file says: its kind and its extraction time.

Names are read ignoring case. The time in a name is Europe/London.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from fnmatch import fnmatchcase
from pathlib import Path

from dagster_project.intake.contracts import Contract
from dagster_project.intake.police_uk.archives import LONDON

SUFFIXES = (".csv", ".csv.gz", ".parquet", ".xlsx")
STAMPED = re.compile(r".*_(?P<stamp>\d{8}T\d{6})(?P<suffix>\.[^_]*)?", re.DOTALL)
HARMLESS = re.compile(r"[A-Za-z0-9][A-Za-z0-9_. ()-]*")
# Endings that programs give to a file while they copy or download it.
UNFINISHED = (".part", ".partial", ".filepart", ".crdownload", ".tmp", ".temp")
# Files that programs create beside others: lock files of Office and LibreOffice,
# editors' copies, and the folder files of macOS and Windows.
TEMPORARY_STARTS = ("~", ".")
TEMPORARY_ENDS = ("~", "#", ".bak", ".swp", ".lock", ".lnk")
TEMPORARY_NAMES = ("thumbs.db", "desktop.ini", "ehthumbs.db", "__macosx", "icon\r")
NOT_READ = {
    ".ods": "an OpenDocument spreadsheet",
    ".xls": "a workbook in Excel's old format",
    ".xlsm": "a workbook with macros",
    ".xlsb": "a binary workbook",
    ".xlt": "a template of a workbook",
    ".xltx": "a template of a workbook",
    ".zip": "a zip archive",
    ".csv.zip": "a zip archive",
    ".7z": "a 7z archive",
    ".rar": "a rar archive",
    ".tar": "a tar archive",
    ".tar.gz": "a tar archive",
    ".gz": "a compressed file that does not say what is in it",
    ".csv.bz2": "a bzip2 file",
    ".csv.xz": "an xz file",
    ".csv.zst": "a zstd file",
    ".json": "JSON",
    ".xml": "XML",
    ".tsv": "text separated by tabs",
    ".txt": "text in an unknown format",
    ".pdf": "a PDF",
    ".mdb": "an Access database",
    ".accdb": "an Access database",
}


@dataclass(frozen=True)
class BadName:
    """Why a file cannot be taken under its name, as a clause, and what to do."""

    reason: str
    remedy: str

    @property
    def sentence(self) -> str:
        return f"{self.reason}. {self.remedy}"


def fits(name: str, contract: Contract) -> bool:
    """Return whether the name has the form of the extract's files."""
    return fnmatchcase(name.lower(), contract.file_glob.lower())


def is_unfinished(name: str) -> bool:
    return name.lower().endswith(UNFINISHED)


def is_temporary(name: str) -> bool:
    """Return whether another program made the file for itself (`~$tracker.xlsx`)."""
    lowered = name.lower()
    return (
        lowered.startswith(TEMPORARY_STARTS)
        or lowered.endswith(TEMPORARY_ENDS)
        or lowered in TEMPORARY_NAMES
    )


def kind_of(path: Path) -> str:
    """Return the suffix in lower case that decides the reader, such as `.csv.gz`."""
    name = path.name.lower()
    found = [suffix for suffix in (*SUFFIXES, *NOT_READ) if name.endswith(suffix)]
    return max(found, key=len, default=path.suffix.lower())


def moment_of(path: Path, contract: Contract) -> datetime | BadName:
    """Return the extraction time in a file's name, or why the name has none."""
    wanted = f"{contract.extract}_YYYYMMDDTHHMMSS"
    kind = kind_of(path)
    if kind in NOT_READ:
        return BadName(
            f"{NOT_READ[kind]}, which cannot be read",
            f"What can be read: {', '.join(SUFFIXES)}. Save or export it as one of"
            f" these, named {wanted}",
        )
    stamped = STAMPED.fullmatch(path.name)
    suffix = (stamped["suffix"] or "").lower() if stamped else ""
    if not stamped or suffix not in SUFFIXES or not HARMLESS.fullmatch(path.name):
        return BadName(
            "the file name must contain the extraction time and a known ending, and"
            " only letters, digits, spaces and . _ - ( )",
            f"Name it {wanted} with one of {', '.join(SUFFIXES)}",
        )
    try:
        return datetime.strptime(stamped["stamp"], "%Y%m%dT%H%M%S")
    except ValueError:
        return BadName(
            f"{stamped['stamp']} in the name is not a date and time",
            f"Name it {wanted}{suffix}",
        )


def later_than(moment: datetime, now: datetime, contract: Contract) -> BadName | None:
    """Return why an extraction time is wrong if it is after `now`; otherwise None."""
    if moment <= now:
        return None
    return BadName(
        f"the name says that it was extracted at {moment:%Y-%m-%d %H:%M:%S}, which is"
        f" later than now ({now:%Y-%m-%d %H:%M:%S}, Europe/London)",
        f"Name it {contract.extract}_YYYYMMDDTHHMMSS, with the time at which it was"
        " extracted",
    )


def london_now() -> datetime:
    """Return the present time in Europe/London, without a zone, as in file names."""
    return datetime.now(LONDON).replace(tzinfo=None)


def shown(path: Path) -> str:
    """Return the path as it can be printed, whatever characters its name contains."""
    return str(path.parent / ascii(path.name)[1:-1])
