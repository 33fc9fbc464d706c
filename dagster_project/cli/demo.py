"""`strandline demo`: writes the demonstration's extracts, in any number of crimes."""

import argparse

from dagster_project import demonstration, locks, settings
from dagster_project.cli import options as shared

HELP = "write the demonstration extracts"


def add_options(parser: argparse.ArgumentParser) -> None:
    shared.add_data(parser)
    parser.set_defaults(data=str(settings.DEMONSTRATION_HOME))
    parser.add_argument(
        "--crimes", help="number of crimes (default: as many as the real force has)"
    )
    parser.add_argument(
        "--format",
        default="csv",
        choices=["csv", "csv.gz", "parquet"],
        help="kind of file (default: %(default)s)",
    )


def run(options: argparse.Namespace) -> int:
    home = settings.configure(options.data)
    with locks.alone(home):
        demonstration.write_demonstration(home.landing, options.crimes, options.format)
    return 0
