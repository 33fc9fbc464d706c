"""`strandline explain`: explains a figure and lists the records that it counts."""

import argparse

from dagster_project import settings
from dagster_project.cli import options as shared
from dagster_project.warehouse import explanation

HELP = "show the records that a figure counts"


def add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--figure",
        required=True,
        metavar="hate_crime/12m-2021-09/count",
        help="id of the figure, or of a cell that prints it (reporting.rpt_cells)",
    )
    shared.add_quarter(parser)
    shared.add_data(parser)
    parser.add_argument("--force", help="force code, if several have the figure")
    parser.add_argument("--as-at", help="a past date or time that has been reported")
    parser.add_argument(
        "--records", default=10, help="number of records shown (default: %(default)s)"
    )
    parser.add_argument("--csv", help="write all records to this CSV file")


def run(options: argparse.Namespace) -> int:
    home = settings.configure(options.data, as_at=options.as_at)
    figure = explanation.Figure(options.quarter, options.figure, options.force)
    print("\n".join(explanation.explain(home, figure, options.records, options.csv)))
    return 0
