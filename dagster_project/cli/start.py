"""`strandline start`: makes a data home for a force, with its configuration."""

import argparse

from dagster_project import locks, settings
from dagster_project.cli import options as shared
from dagster_project.configuration import template
from dagster_project.errors import DeliveryError
from dagster_project.intake import landing

HELP = "make a data home for a force: landing folders and its configuration"


def add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--force", required=True, help="force code, such as kent")
    parser.add_argument("--data", required=True, help="the new data home")


def run(options: argparse.Namespace) -> int:
    """Make the home, or add missing files to it. No existing file is overwritten.

    Raises:
        DeliveryError: the home is another force's or the demonstration's.
    """
    if options.force == landing.ALL_FORCES:
        raise DeliveryError(
            f"FORCE={options.force}: a configuration is for one force. Give its code."
        )
    home = settings.configure(options.data)
    if home.is_demonstration:
        raise DeliveryError(
            f"{home.root}: this home has the demonstration's extracts. Name another"
            " home with DATA=path/to/home."
        )
    with locks.alone(home):
        landing.remember_force(home, options.force)
        for extract in settings.force_extracts():
            (home.landing / extract).mkdir(parents=True, exist_ok=True)
        written = template.write(home, options.force)
        _leave_out_of_git(home)
    print(f"{shared.short(home.root)} is the data home of {options.force}.")
    print(f"  {len(written)} files were added to {shared.short(home.config)}")
    print(f"\nThe next steps are in {shared.short(home.root / template.README)}.")
    print(f"Then: make check-config DATA={shared.short(home.root)}")
    return 0


def _leave_out_of_git(home: settings.Home) -> None:
    """Make git ignore the home if it is in the checkout."""
    ignore = home.root / ".gitignore"
    if home.root.is_relative_to(settings.REPOSITORY) and not ignore.exists():
        ignore.write_text("*\n", encoding="utf-8")
