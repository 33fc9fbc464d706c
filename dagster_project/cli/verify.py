"""`strandline verify`: makes a publication again from its inputs, and compares."""

import argparse

from dagster_project import runs, settings
from dagster_project.cli import options as shared
from dagster_project.releases import verification

HELP = "make a publication again and compare the two"


def add_options(parser: argparse.ArgumentParser) -> None:
    shared.add_quarter(parser)
    shared.add_data(parser)
    parser.add_argument("--version", help="version number (default: the latest)")


def run(options: argparse.Namespace) -> int:
    """Make the publication again and compare.

    Returns:
        0 if the two are equal, 1 if they differ.
    """
    home = settings.configure(options.data)
    found = verification.verify(home, options.quarter, runs.report, options.version)
    print("\n".join(found.lines))
    return 0 if found.is_verified else 1
