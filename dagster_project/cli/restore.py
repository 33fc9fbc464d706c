"""`strandline restore`: makes a home from a backup."""

import argparse

from dagster_project import backups, settings
from dagster_project.cli import options as shared

HELP = "make a home from a backup"


def add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", help="a file that backup wrote")
    parser.add_argument("--data", required=True, help="the new data home")


def run(options: argparse.Namespace) -> int:
    """Make the home; what runs make is not in a backup, so a run comes next."""
    home = settings.configure(options.data)
    count = backups.restore(options.file, home)
    where = shared.short(home.root)
    print(f"{where} has the {count} files of the backup.")
    print(f"Its figures are made anew by: make report DATA={where}")
    return 0
