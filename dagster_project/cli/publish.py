"""`strandline publish`: saves the quarter's pack as a new publication."""

import argparse

from dagster_project import locks, settings
from dagster_project.cli import options as shared
from dagster_project.releases import freeze, store

HELP = "save the quarter's pack as a new publication"


def add_options(parser: argparse.ArgumentParser) -> None:
    shared.add_quarter(parser)
    shared.add_data(parser)


def run(options: argparse.Namespace) -> int:
    home = settings.configure(options.data)
    with locks.alone(home):
        version = freeze.publish(home, options.quarter)
    folder = shared.short(store.folder_of(home, options.quarter, version))
    print(f"{options.quarter} is published as version {version}: {folder}")
    return 0
