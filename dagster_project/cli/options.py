"""Options that several commands take, and the form in which a path is printed."""

import argparse
from pathlib import Path

from dagster_project.settings import DEMONSTRATION_QUARTER

FORCE = (
    "force code, as in seeds/reference/forces.csv (default: the force of the data home)"
)
AS_AT = (
    "a past date (to the end of that day) or time, such as 2021-11-17 (default: now)"
)


def add_quarter(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--quarter",
        metavar=DEMONSTRATION_QUARTER,
        help="police year and quarter (default: the last quarter that has ended, and in"
        f" the demonstration {DEMONSTRATION_QUARTER})",
    )


def add_data(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--data", help="data home (default: the demonstration's)")


def short(path: Path) -> Path:
    """Return a path to print: relative if it is in the current folder."""
    here = Path.cwd()
    return path.relative_to(here) if path.is_relative_to(here) else path
