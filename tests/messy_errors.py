"""The twelve most likely errors of a messy export, each made from the one of the guide.

docs/mapping.md has the export and its mapping, docs/adapt.md what each message means.
"""

from collections.abc import Callable
from pathlib import Path

from dagster_project.settings import Home
from tests import messy_exports as messy
from tests.intake_files import workbook

NAME = "crimes_20211117T060000.csv"
# The example of the guide without its own two errors.
CLEAN = messy.CRIMES.replace("Ashfrod", "Ashford").replace("31/09/2021", "30/09/2021")
MAPPING = messy.CRIMES_MAPPING
LAST = "0005/21;"


def _changed(old: str, new: str) -> Callable[[Home], Path]:
    """The export with another text in it."""
    assert old in CLEAN, old
    return lambda home: _write(home, CLEAN.replace(old, new))


def _mapped(old: str, new: str) -> Callable[[Home], Path]:
    """The export, and a mapping with another text in it."""
    assert old in MAPPING, old
    return lambda home: _write(home, CLEAN, MAPPING.replace(old, new))


def _write(
    home: Home, text: str, mapping: str | None = MAPPING, name: str = NAME
) -> Path:
    home.mappings.mkdir(parents=True, exist_ok=True)
    if mapping is not None:
        (home.mappings / "crimes.yml").write_text(mapping, encoding="utf-8")
    path = home.root / name
    path.write_bytes(text.encode("cp1252"))
    return path


def _as_workbook(home: Home) -> Path:
    return workbook(_write(home, CLEAN), Crimes=[["Crime Ref"], ["0001/21"]])


def _repeated(home: Home) -> Path:
    record = next(line for line in CLEAN.splitlines() if line.startswith(LAST))
    return _write(home, CLEAN.replace(LAST, f"{record}\n{LAST}"))


# In the order of docs/adapt.md: heading → what is delivered. `inspect` looks at it.
ERRORS: dict[str, Callable[[Home], Path]] = {
    "The file's name does not say when it was extracted": lambda home: _write(
        home, CLEAN, name="crimes.csv"
    ),
    "It is a workbook with the name of a CSV file": _as_workbook,
    "Nobody has written a mapping": lambda home: _write(home, CLEAN, mapping=None),
    "The title has grown by two lines": _changed("Run by;", "Marking;\nUnit;\nRun by;"),
    "A column has another name than before": _changed("HO Code", "Offence Code"),
    "The encoding is not the one that the mapping says": lambda home: _write(
        home,
        CLEAN.replace("seen, twice", "caf\xe9"),
        MAPPING.replace("  encoding: windows-1252\n", ""),
    ),
    "A date does not exist, or is written otherwise": _changed(
        "30/06/2021", "2021-06-30"
    ),
    "A district is not in the list": _changed("DARTFORD", "Ashfrod"),
    "A word is neither yes nor no": _changed(";Yes;No;No;;", ";Perhaps;No;No;;"),
    "An offence has a code that nobody knows": _changed("28E;DARTFORD", "28Z;DARTFORD"),
    "One crime is there twice": _repeated,
    "A line has a separator too many": _changed("PC 13;", "PC; 13;"),
}
