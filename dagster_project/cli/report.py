"""`strandline report`: runs everything from the extracts to the pack."""

import argparse
from pathlib import Path

from dagster_project import locks, packs, runs
from dagster_project.cli import home as homes
from dagster_project.cli import options as shared
from dagster_project.intake import landing, load_log
from dagster_project.intake.police_uk import open_data
from dagster_project.settings import Home
from reports import authors_text, headline

HELP = "load, build and publish the data, make the pack"
# Each headline is a table of some thirty lines. For more forces, one line each.
MOST_HEADLINES = 3


def add_options(parser: argparse.ArgumentParser) -> None:
    shared.add_quarter(parser)
    shared.add_data(parser)
    parser.add_argument("--archive", help="an archive of data.police.uk: zip or folder")
    parser.add_argument("--force", help=shared.FORCE)
    parser.add_argument("--as-at", help=shared.AS_AT)


def run(options: argparse.Namespace) -> int:
    """Run everything from the extracts to the pack, and print where the pack is."""
    if options.archive and not options.force and not _is_of_a_force(options.data):
        print(open_data.describe(options.archive))
        print("\nName one of its forces: make report ARCHIVE=… FORCE=<force>")
        print("or have them all in one home: make report ARCHIVE=… FORCE=all")
        return 0
    home = homes.configured(options)
    homes.refuse_mistakes(home)
    with locks.alone(home):
        homes.deliver(home, options)
        _look_first(home, options.quarter)
        try:
            runs.report(options.quarter)
            print_outcome(home, options.quarter)
            _repeat_warnings()
        finally:
            _print_what_waits(home)
    return 0


def _is_of_a_force(data: Path | None) -> bool:
    """Return whether the home already has a force."""
    return data is not None and landing.owner(Home(data)) is not None


def print_outcome(home: Home, quarter: str) -> None:
    """Print the headline of each force's pack and where it is."""
    folders = packs.folders(home, quarter)
    if len(folders) > 1:
        print(f"\n{shared.short(packs.index(home))} compares the forces.")
    if len(folders) > MOST_HEADLINES:
        print(
            f"\n{len(folders)} packs, one for each force that can be reported; begin"
            " with index.html:"
        )
        for force, folder in folders.items():
            print(f"  {force}: {shared.short(folder)}")
        return
    for force, folder in folders.items():
        print(f"\n{headline(home.current, quarter, force)}")
        print(f"\nThe pack is in {shared.short(folder)}; begin with index.html.")


def _look_first(home: Home, quarter: str) -> None:
    """Check the author's file and all deliveries now, before Dagster is loaded.

    Raises:
        DeliveryError: a file cannot be taken; the message lists all of them.
        PackError: the author's file is not text.
    """
    authors_file = packs.authors_file(home, quarter, home.output / quarter)
    if authors_file.exists():
        authors_text.text_of(authors_file)
    with load_log.warehouse(home.warehouse) as connection:
        landing.look_at_all(connection, home, say=lambda _: None)


def _print_what_waits(home: Home) -> None:
    """Print each delivery that is on hold, with the command that accepts it."""
    if not home.warehouse.exists():
        return
    with load_log.warehouse(home.warehouse) as connection:
        waiting = landing.on_hold(connection, home)
    if waiting:
        print("\nOn hold until somebody decides. No figure counts these deliveries:")
    for sentence in waiting:
        print(f"  {sentence}")


def _repeat_warnings() -> None:
    """Print the run's warnings again at the end, where they are seen."""
    from dagster_project import progress

    warned = progress.warnings()
    if warned:
        count = "a warning" if len(warned) == 1 else f"{len(warned)} warnings"
        print(f"\nThe run ended with {count}:")
    for warning in warned:
        print(f"\n{warning}")
