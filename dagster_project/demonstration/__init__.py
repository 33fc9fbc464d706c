"""Writes the demonstration's extracts: invented data in the form of real deliveries.

None of these crimes and actions is real. They are calibrated to the report of Essex
Police for the second quarter of 2021/22: the pipeline makes exactly the published
counts from them. `tables/targets.csv` is the calibration: the number of crimes by month
and measure, one of the many solutions for the printed totals. Offences, places, times,
outcomes and the tracker's actions are invented around it. Every run writes the same
bytes: "random" choices are integer arithmetic on a crime's number.

`tables/` has the inputs, `sql/` makes the crimes, and Python writes the files.
"""

import hashlib
import json
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

from dagster_project import settings
from dagster_project.demonstration import supplementary
from dagster_project.demonstration.crimes import FILE_FORMATS, write_crimes
from dagster_project.demonstration.tracker import write_actions
from dagster_project.errors import DeliveryError
from dagster_project.intake import deliveries
from dagster_project.intake.deliveries import MARK

__all__ = ["FILE_FORMATS", "write_demonstration"]


EXTRACTS = ("crimes", "actions", "crime_motivations", *supplementary.EXTRACTS)


def write_demonstration(
    landing: Path,
    crime_count: int | None = None,
    file_format: str = "csv",
    progress: Callable[[str], None] = print,
) -> list[Path]:
    """Write all extracts into a landing folder.

    `<landing>/crimes/`: a history file (2021-04-07) and 32 weekly deltas.
    `<landing>/actions/`: 44 monthly full extracts (tracker.py).
    `<landing>/crime_motivations/` and seven other extracts: eight files each.
    `<landing>/demonstration.json`: origin, force, crimes and the sha256 of each file.

    Args:
        landing: the landing folder.
        crime_count: the number of crimes. None means 541,244, the only size with
            exactly the published counts. Other sizes scale the target of every month.
        file_format: of the crimes: csv, csv.gz or parquet. In parquet all columns are
            text, because lines that break the contract do not fit the columns' types.
        progress: is called with a sentence about each kind of file that was written.

    Returns:
        The files, in order of their names.

    Raises:
        ValueError: `file_format` is not known, or `crime_count` is below 1.
        DeliveryError: `landing` contains extracts that are not the demonstration's.
    """
    if file_format not in FILE_FORMATS:
        raise ValueError(f"{file_format}: not one of {', '.join(FILE_FORMATS)}")
    if crime_count is not None and crime_count < 1:
        raise ValueError(f"{crime_count}: a demonstration has at least one crime")
    _refuse_strangers(landing)
    landing.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(
        prefix=f".{landing.name}-", dir=landing.parent
    ) as folder:
        new = Path(folder) / "landing"
        for extract in EXTRACTS:
            (new / extract).mkdir(parents=True)
        written = write_crimes(new, Path(folder), crime_count, file_format, progress)
        write_actions(new / "actions", progress)
        supplementary.write_supplementary(new, progress)
        _write_mark(new, written)
        _move(new, landing)
    return sorted(path for name in EXTRACTS for path in (landing / name).iterdir())


def _refuse_strangers(landing: Path) -> None:
    """Raise an error if the folder has files that are not the demonstration's."""
    present = {
        path.relative_to(landing).as_posix()
        for extract in EXTRACTS
        for path in landing.glob(f"{extract}/**/*")
        if path.is_file()
    }
    known = deliveries.demonstration_files(landing) or {}
    strangers = sorted(present - set(known))
    if strangers:
        raise DeliveryError(
            f"{landing / strangers[0]} is not a file of the demonstration ({MARK} names"
            " them). Write the demonstration into a home of its own (make demo"
            f" DATA=path/to/home), or move the folder {landing} away."
        )


def _write_mark(landing: Path, crime_count: int) -> None:
    files = {
        path.relative_to(landing).as_posix(): _sha256(path)
        for path in sorted(landing.glob("*/*"))
    }
    content = {
        "origin": "demonstration",
        "force_code": settings.DEMONSTRATION_FORCE,
        "crime_count": crime_count,
        "files": files,
    }
    (landing / MARK).write_text(json.dumps(content, indent=2) + "\n", "utf-8")


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _move(new: Path, landing: Path) -> None:
    """Move the finished folder into place: in one step if there was none before."""
    if not landing.exists():
        new.rename(landing)
        return
    for extract in EXTRACTS:
        target = landing / extract
        if target.exists():
            target.rename(new.parent / f"old-{extract}")
        (new / extract).rename(target)
    (new / MARK).replace(landing / MARK)
    shutil.rmtree(new)
