"""`strandline pdf`: the board report of a pack as a tagged PDF."""

import argparse

from dagster_project import locks, packs, settings
from dagster_project.cli import options as shared

HELP = "print the board report of a pack as a PDF"


def add_options(parser: argparse.ArgumentParser) -> None:
    shared.add_quarter(parser)
    shared.add_data(parser)


def run(options: argparse.Namespace) -> int:
    from reports.pdf import write_pdf

    home = settings.configure(options.data)
    # Before the lock, which is a file in the home.
    folders = packs.folders(home, options.quarter)
    with locks.alone(home):
        for folder in folders.values():
            print(shared.short(write_pdf(folder)))
    return 0
