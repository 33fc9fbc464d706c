"""`strandline erase`: removes a crime from a home, and writes that it did."""

import argparse

from dagster_project import settings
from dagster_project.cli import options as shared

HELP = "remove a crime from everything in a data home"


def add_options(parser: argparse.ArgumentParser) -> None:
    shared.add_data(parser)
    parser.add_argument("--crime", required=True, help="id of the crime")
    parser.add_argument(
        "--reason", required=True, help="why it is removed, for the audit log"
    )


def run(options: argparse.Namespace) -> int:
    """Erase the crime.

    Returns:
        0, or 1 if a file is left that a person must correct.
    """
    from dagster_project import erasure

    home = settings.configure(options.data)
    lines = erasure.erase(home, options.crime, options.reason)
    print("\n".join(lines))
    return int(any(line.startswith("STILL NAMED") for line in lines))
