"""`strandline report`: everything from the extracts to the pack."""

import argparse
from pathlib import Path

from dagster_project import locks, packs, progress, runs
from dagster_project.cli import home as homes
from dagster_project.cli import options as shared
from dagster_project.intake import landing, load_log
from dagster_project.intake.police_uk import open_data
from dagster_project.settings import Home
from reports import headline

HELP = "load, build and publish the data, make the pack"
MOST_HEADLINES = 3  # tables of some thirty lines; beyond, a line for each force


def add_options(parser: argparse.ArgumentParser) -> None:
    shared.add_quarter(parser)
    shared.add_data(parser)
    parser.add_argument("--archive", help="an archive of data.police.uk: zip or folder")
    parser.add_argument("--force", help=shared.FORCE)
    parser.add_argument("--as-at", help=shared.AS_AT)


def run(options: argparse.Namespace) -> int:
    """Everything from the extracts to the pack, and where to find it."""
    if options.archive and not options.force and not _is_of_a_force(options.data):
        print(open_data.describe(options.archive))
        print("\nName one of its forces: make report ARCHIVE=… FORCE=<force>")
        print("or have them all in one home: make report ARCHIVE=… FORCE=all")
        return 0
    home = homes.configured(options)
    homes.refuse_mistakes(home)
    with locks.alone(home):
        homes.deliver(home, options)
        _look_first(home)
        try:
            runs.report(options.quarter)
            _print_outcome(home, options.quarter)
            _repeat_warnings()
        finally:
            _print_what_waits(home)
    return 0


def _is_of_a_force(data: Path | None) -> bool:
    """Whether the archive goes into a home that says whose data it has."""
    return data is not None and landing.owner(Home(data)) is not None


def _print_outcome(home: Home, quarter: str) -> None:
    folders = packs.folders(home, quarter)
    if len(folders) > MOST_HEADLINES:
        print(f"\n{len(folders)} packs, one for each force; begin with index.html:")
        for force, folder in folders.items():
            print(f"  {force}: {shared.short(folder)}")
        return
    for force, folder in folders.items():
        print(f"\n{headline(home.current, quarter, force)}")
        print(f"\nThe pack is in {shared.short(folder)}; begin with index.html.")


def _look_first(home: Home) -> None:
    """What the run's first asset does, without waiting until Dagster is there.

    Raises:
        DeliveryError: everything that must be put right before anything is taken.
    """
    with load_log.warehouse(home.warehouse) as connection:
        landing.look_at_all(connection, home, say=lambda _: None)


def _print_what_waits(home: Home) -> None:
    """Each delivery that is on hold and the command that takes it: the last lines."""
    if not home.warehouse.exists():
        return
    with load_log.warehouse(home.warehouse) as connection:
        waiting = landing.on_hold(connection, home)
    if waiting:
        print("\nOn hold until somebody decides. No figure counts these deliveries:")
    for sentence in waiting:
        print(f"  {sentence}")


def _repeat_warnings() -> None:
    """What the run has warned of, where it is not scrolled away."""
    warned = progress.warnings()
    if warned:
        count = "a warning" if len(warned) == 1 else f"{len(warned)} warnings"
        print(f"\nThe run ended with {count}:")
    for warning in warned:
        print(f"\n{warning}")
