"""Checks and converts the values that a user typed, before anything is written.

Each mistake is reported in one sentence. The checks of homes and archives only read.
"""

import argparse
import os
import re
import unicodedata
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

from dagster_project import settings
from dagster_project.calendar import closed_quarters, end_of
from dagster_project.errors import DeliveryError
from dagster_project.intake import extracts, landing
from dagster_project.intake.police_uk import archives
from dagster_project.intake.police_uk.archives import LONDON
from dagster_project.settings import Home

# Unicode categories: control, direction and other invisible characters, surrogates,
# line ends.
UNSEEN = ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")
MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}:[0-9]{2})?")
WHOLE_NUMBER = re.compile(r"[0-9]{1,12}")
HIGHEST_PORT = 65_535
# Folders of a home that only Strandline writes to.
OWN_FOLDERS = (
    *("landing", "published", "publications", "dagster", "dbt_target", "as_at"),
    *("seeds", "service"),
)
# They use the home of the demonstration if none is named.
SHOW_THE_DEMONSTRATION = ("report", "dev", "up")


def check(options: argparse.Namespace) -> None:
    """Replace each typed text in `options` by its value.

    Raises:
        DeliveryError: a value is not valid, or names something that does not exist.
    """
    for name, convert in CONVERTERS.items():
        text = getattr(options, name, None)
        if text is not None:
            setattr(options, name, convert(_Typed(name.upper(), str(text))))
    _check_home(options)
    if getattr(options, "quarter", "") is None:
        options.quarter = _default_quarter(options)
    if options.command in SHOW_THE_DEMONSTRATION:
        _check_delivery(options)


def _default_quarter(options: argparse.Namespace) -> str:
    """Return the demonstration's quarter, or in another home the last that has ended
    by now, or by the moment that `as_at` names.
    """
    archive = getattr(options, "archive", None)
    of_force = options.data and not Home(options.data).is_demonstration
    if not archive and not of_force:
        return settings.DEMONSTRATION_QUARTER
    moment = getattr(options, "as_at", None)
    return closed_quarters(end_of(moment).date() if moment else date.today())[-1]


class _Typed:
    """A typed text and the name of its option."""

    def __init__(self, name: str, text: str) -> None:
        self.name, self.text = name, text

    def refused(self, why: str) -> DeliveryError:
        shown = "".join(
            repr(letter)[1:-1] if unicodedata.category(letter) in UNSEEN else letter
            for letter in self.text
        )
        return DeliveryError(f"{self.name}={shown} {why}")


def _text(typed: _Typed) -> str:
    if not typed.text.strip():
        raise typed.refused(f"is empty. Give a value, or leave {typed.name}= out.")
    if any(unicodedata.category(letter) in UNSEEN for letter in typed.text):
        raise typed.refused("contains an invisible character. Type it again.")
    return typed.text


def _path(typed: _Typed) -> Path:
    return Path(_text(typed))


def _quarter(typed: _Typed) -> str:
    if _text(typed) not in closed_quarters(date.today()):
        raise typed.refused(
            "is not a quarter that has ended. Write the police year and the quarter,"
            " such as 2021-22-q2 (July to September 2021)."
        )
    return typed.text


def _force(typed: _Typed) -> str:
    known = landing.known_forces()
    if _text(typed) not in (*known, landing.ALL_FORCES):
        raise typed.refused(
            "is not the code of a force. Use a code from seeds/reference/forces.csv:"
            f" {', '.join(known)} (or all, for every force of an archive)."
        )
    return typed.text


def _moment(typed: _Typed) -> str:
    """Return a past day or time; only the past always gives the same result."""
    try:
        if not MOMENT.fullmatch(_text(typed)):
            raise ValueError
        until = end_of(typed.text)
    except ValueError as error:
        raise typed.refused(
            "is not a date or a time. Write 2021-11-17 for the end of that day, or"
            " 2021-11-17T06:00:00."
        ) from error
    if until >= datetime.now(LONDON).replace(tzinfo=None):
        raise typed.refused(
            "is in the future (a date means the end of that day). Leave AS_AT out for"
            " the data as they are now."
        )
    return typed.text


def _count(typed: _Typed) -> int:
    if not WHOLE_NUMBER.fullmatch(_text(typed)) or int(typed.text) < 1:
        raise typed.refused("is not a whole number of 1 or more. Write digits, like 7.")
    return int(typed.text)


def _yes(typed: _Typed) -> str:
    if _text(typed) != "yes":
        raise typed.refused("is not yes. Write PROPOSE=yes, or leave it out.")
    return typed.text


def _port(typed: _Typed) -> str:
    if _count(typed) > HIGHEST_PORT:
        raise typed.refused(f"is not a port. Choose one up to {HIGHEST_PORT}.")
    return typed.text


def _home(typed: _Typed) -> Path:
    path = _path(typed)
    there = nearest(path)
    if not there.is_dir():
        raise typed.refused(f"is not a folder, because {there} is a file.")
    _refuse_own_folder(typed, path)
    return path


def _csv(typed: _Typed) -> Path:
    path = _path(typed)
    if path.suffix.lower() != ".csv":
        raise typed.refused("is not the name of a CSV file. Let it end in .csv.")
    if path.is_dir() or not path.absolute().parent.is_dir():
        raise typed.refused("cannot be written there. Choose a folder that exists.")
    if os.path.lexists(path):
        raise typed.refused("is there already. Name a new file, or remove that one.")
    _refuse_own_folder(typed, path)
    if not _may_write(path.absolute().parent):
        raise typed.refused(
            "cannot be written: this user may not write there. Name another folder."
        )
    return path


CONVERTERS: dict[str, Callable[[_Typed], object]] = {
    "quarter": _quarter,
    "data": _home,
    "force": _force,
    "as_at": _moment,
    "archive": _path,
    "extract": _text,
    "figure": _text,
    "records": _count,
    "csv": _csv,
    "file": _path,
    "propose": _yes,
    "version": _count,
    "load": _count,
    "by": _text,
    "name": _text,
    "crime": _text,
    "reason": _text,
    "crimes": _count,
    "port": _port,
}


def nearest(path: Path) -> Path:
    """Return the path, or the first folder above it that exists."""
    absolute = path.absolute()
    return next(p for p in (absolute, *absolute.parents) if os.path.lexists(p))


def may_read(path: Path) -> bool:
    """Return whether this user may read a file, or the files of a folder."""
    return _may(path, os.R_OK | os.X_OK if path.is_dir() else os.R_OK)


def _may_write(folder: Path) -> bool:
    return _may(folder, os.W_OK | os.X_OK)


def _may(path: Path, rights: int) -> bool:
    asks_for_user = os.access in os.supports_effective_ids
    return os.access(path, rights, effective_ids=asks_for_user)


def _refuse_own_folder(typed: _Typed, path: Path) -> None:
    resolved = path.resolve()
    for folder in (resolved, *resolved.parents):
        if folder.name in OWN_FOLDERS and _is_home(folder.parent):
            raise typed.refused(
                f"is inside the {folder.name} folder of the data home {folder.parent},"
                " which only Strandline may use. Choose a folder outside it, or give"
                f" DATA={folder.parent}."
            )


def _is_home(folder: Path) -> bool:
    marks = [landing.HOME_FILE, "warehouse.duckdb", f"landing/{extracts.MARK}"]
    marks += [f"landing/{name}" for name in settings.extracts()]
    return any((folder / mark).exists() for mark in marks)


def _home_of(options: argparse.Namespace) -> Home:
    """Return the home that the command will use."""
    root = getattr(options, "data", None) or settings.home().root
    if options.command in SHOW_THE_DEMONSTRATION and not options.data:
        root = settings.DEMONSTRATION_HOME
        if options.archive and options.force:
            root = root / options.force
    return Home(root.resolve())


def _check_home(options: argparse.Namespace) -> None:
    """Check that the home has what the command reads, and that it can be written."""
    home = _home_of(options)
    needed = {
        "pack": (home.current, "nothing is published yet. Run make report first."),
        "publish": (home.current, "nothing is published yet. Run make report first."),
        "verify": (home.publications, "nothing is published. Run make publish first."),
        "backup": (home.landing, "this home has no deliveries. Name it with DATA=."),
        "erase": (home.landing, "this home has no deliveries. Name it with DATA=."),
        "accept": (home.warehouse, "no delivery has arrived yet, so none is on hold."),
    }
    if options.command in needed:
        file, why = needed[options.command]
        if not file.exists():
            raise DeliveryError(f"{file}: {why}")
    writes = (
        *SHOW_THE_DEMONSTRATION,
        "start",
        "pack",
        "publish",
        "accept",
        "erase",
        "demo",
        "password",
        "restore",
    )
    there = nearest(home.root)
    if options.command in writes and not _may_write(there):
        raise DeliveryError(
            f"{there}: this user may not write there. Give this user the right to write"
            " there, or name another data home with DATA=path/to/home."
        )


def _check_delivery(options: argparse.Namespace) -> None:
    """Check that the force, the archive and the home go together."""
    if not options.archive and not options.data:
        if options.force not in (None, settings.DEMONSTRATION_FORCE):
            raise DeliveryError(
                f"FORCE={options.force}: the demonstration is of"
                f" {settings.DEMONSTRATION_FORCE}. Give that force's own data with"
                " DATA=path/to/home or ARCHIVE=path."
            )
        return
    if options.archive:
        contents = archives.read_contents(options.archive)
        if not options.force:
            return
        archives.choose([contents], landing.asked_for(options.force))
    home = _home_of(options)
    if options.force:
        landing.refuse_other_force(home, options.force)
    else:
        landing.force_of(home)
    if not options.archive and not home.landing.is_dir():
        raise DeliveryError(
            f"{home.landing}: this folder does not exist. Create it and put a force's"
            " extracts into it (landing/crimes/crimes_YYYYMMDDTHHMMSS.csv), or give an"
            " ARCHIVE=."
        )
