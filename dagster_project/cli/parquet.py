"""`strandline parquet`: the marts as Parquet files, beside the published version."""

import argparse

from dagster_project import locks, settings
from dagster_project.cli import options as shared
from dagster_project.warehouse import parquet, snapshot

HELP = "write the marts of the published version as Parquet files"


def add_options(parser: argparse.ArgumentParser) -> None:
    shared.add_data(parser)
    parser.add_argument("--as-at", help="a past date or time that has been reported")


def run(options: argparse.Namespace) -> int:
    home = settings.configure(options.data, as_at=options.as_at)
    # Before the lock, which is a file in the home.
    with snapshot.reading(home):
        pass
    with locks.alone(home):
        export = parquet.write(home)
    done = "were written before" if export.was_there else "are written"
    print(f"The marts {done}: {shared.short(export.folder)}")
    return 0
