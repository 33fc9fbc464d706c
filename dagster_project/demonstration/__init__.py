"""The demonstration: extracts as a force would deliver them, with invented content.

Nothing in these files happened. They are shaped so that what Essex Police published
for the second quarter of 2021/22 comes out of the pipeline exactly: the monthly
targets (`tables/targets.csv`) are one solution of the printed totals; offences, places,
times, outcomes and the tracker's actions are made up around them. The same input
gives the same bytes on every run: chance is integer arithmetic on a crime's number.

`tables/` holds what was decided, `sql/` makes the crimes, Python moves files.
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
    """Write all extracts into `landing`; return the files, in order of their names.

    `<landing>/crimes/`: a history file (2021-04-07) and 32 weekly deltas.
    `<landing>/actions/`: 44 monthly full extracts (tracker.py).
    `<landing>/crime_motivations/` and seven other extracts: four files each.
    `<landing>/demonstration.json`: origin, force, crimes and the sha256 of each file.

    Args:
        crime_count: crimes in all; None is the natural size (541,244), at which the
            published counts come out exactly. Other sizes scale every month's target.
        file_format: of the crimes: csv, csv.gz or parquet (text in every column, as
            lines that break the contract have no type).
        progress: is told in a sentence what has been written.

    Raises:
        ValueError: an unknown format, or a size below 1.
        DeliveryError: `landing` holds extracts that are not the demonstration's.
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
    """Raise before anything is written over that is not the demonstration's."""
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
    """Put the finished folder in place, in one step where nothing is there yet."""
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
