"""`strandline docs`: writes the pages that are made from contracts and models."""

import argparse

from dagster_project import documentation, settings
from dagster_project.cli import options as shared

HELP = "write the pages that are made from contracts and models"


def add_options(parser: argparse.ArgumentParser) -> None:
    pass


def run(_: argparse.Namespace) -> int:
    settings.configure()
    for path in documentation.write():
        print(shared.short(path))
    return 0
