"""`strandline pack`: makes the quarter's pack again, from the published figures."""

import argparse

from dagster_project import locks, runs, settings
from dagster_project.cli import options as shared
from dagster_project.cli.report import print_outcome

HELP = "make the pack again from the published figures, for example with new text"


def add_options(parser: argparse.ArgumentParser) -> None:
    shared.add_quarter(parser)
    shared.add_data(parser)


def run(options: argparse.Namespace) -> int:
    """Make the quarter's pack, and print where it is."""
    home = settings.configure(options.data)
    with locks.alone(home):
        runs.pack(options.quarter)
        print_outcome(home, options.quarter)
    return 0
