"""Options that several commands take, and the form in which a path is printed."""

import argparse
from pathlib import Path

DEFAULT_QUARTER = "2021-22-q2"
FORCE = (
    "force code, as in seeds/reference/forces.csv (default: the force of the data home)"
)
AS_AT = (
    "a past date (to the end of that day) or time, such as 2021-11-17 (default: now)"
)


def add_quarter(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--quarter",
        default=DEFAULT_QUARTER,
        metavar="2021-22-q2",
        help="police year and quarter (default: %(default)s)",
    )


def add_data(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--data", help="data home (default: the demonstration's)")


def short(path: Path) -> Path:
    """Return a path to print: relative if it is in the current folder."""
    here = Path.cwd()
    return path.relative_to(here) if path.is_relative_to(here) else path
