"""`strandline check-config`: a home's configuration, before anything is read."""

import argparse

from dagster_project import settings
from dagster_project.cli import home as homes
from dagster_project.cli import options as shared
from dagster_project.configuration import lacking, outlook
from dagster_project.errors import DeliveryError
from dagster_project.intake import deliveries, landing
from dagster_project.intake.mapping.declared import (
    DRAFT,
    SUFFIX,
    UNDECIDED,
    extract_of,
)
from dagster_project.settings import Home
from reports.board.glance import MOST_ROWS

HELP = "say what is wrong or missing in a home's configuration, and what it gives"


def add_options(parser: argparse.ArgumentParser) -> None:
    shared.add_data(parser)


def run(options: argparse.Namespace) -> int:
    """Print what is missing, and what the pack would contain.

    Raises:
        DeliveryError: the mistakes, each with file, row, column and remedy; or the home
            does not say whose it is.
    """
    home = settings.configure(options.data)
    force_code = landing.owner(home)
    if force_code is None:
        raise DeliveryError(
            f"{home.root}: this home does not say whose data it holds. Make it a"
            f" force's home: make start FORCE=kent DATA={home.root}"
        )
    if force_code == landing.ALL_FORCES:
        raise DeliveryError(
            f"{home.root}: this home has every force of its archives, which have no"
            " configuration. Name a home of one force with DATA=path/to/home."
        )
    homes.refuse_mistakes(home)
    found = outlook.of(home, force_code, bool(landing.archives(home)))
    missing = [
        *map(str, lacking.missing(home, found, MOST_ROWS)),
        *_not_delivered(home),
        *_drafts(home),
    ]
    print("The configuration has no mistake.")
    if missing:
        print("\nMissing:")
        print("\n".join(f"  {each}" for each in missing))
    print("\nThe pack would contain:")
    print("\n".join(f"  {line}" for line in found.lines()))
    return 0


def _not_delivered(home: Home) -> list[str]:
    """The required extracts of which the landing folder has no file."""
    return [
        f"{shared.short(home.landing / extract)}: has no file. No report can be made"
        f" without the extract {extract}: put its files there"
        for extract in settings.force_extracts()
        if landing.is_required(extract)
        and not landing.archives(home)
        and not deliveries.inside(home.landing / extract)
    ]


def _drafts(home: Home) -> list[str]:
    """The drafts of mappings that nobody has confirmed."""
    return [
        f"{shared.short(path)}: is a draft, which no run reads. Decide what says"
        f" {UNDECIDED}, and rename it to {extract_of(path)}{SUFFIX}"
        for path in sorted(home.mappings.glob(f"*{DRAFT}{SUFFIX}"))
    ]
