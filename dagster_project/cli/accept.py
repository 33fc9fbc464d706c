"""`strandline accept`: accepts a delivery that is on hold."""

import argparse
import getpass

from dagster_project import settings
from dagster_project.cli import options as shared
from dagster_project.intake import holding, load_log, names

HELP = "accept a delivery that is on hold"


def add_options(parser: argparse.ArgumentParser) -> None:
    shared.add_data(parser)
    parser.add_argument("--load", required=True, help="load id of the delivery")
    parser.add_argument(
        "--by", help="name of the person who decided (default: your user name)"
    )


def run(options: argparse.Namespace) -> int:
    """Accept the delivery, so that the next run loads it."""
    home = settings.configure(options.data)
    person = options.by or getpass.getuser()
    with load_log.warehouse(home.warehouse) as connection:
        sentence = holding.accept(
            connection, home.landing, options.load, person, names.london_now()
        )
    print(sentence)
    return 0
