"""`strandline backup`: writes all of a home that nothing can make again into a file."""

import argparse
from pathlib import Path

from dagster_project import backups, locks, settings
from dagster_project.cli import options as shared

HELP = "write all of a home that nothing can make again into one file"


def add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", help="the new file, such as backup.zip")
    shared.add_data(parser)


def run(options: argparse.Namespace) -> int:
    """Write the backup; a run that works in the home is waited for."""
    home = settings.configure(options.data or settings.DEMONSTRATION_HOME)
    backups.refuse_place(home, Path(options.file))
    with locks.alone(home):
        count = backups.write(home, options.file)
    print(f"{options.file} is a backup of {shared.short(home.root)}: {count} files.")
    return 0
