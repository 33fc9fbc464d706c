"""Chooses the home for `report` and `dev`, and puts deliveries into it."""

import argparse
from concurrent.futures import ThreadPoolExecutor

from dagster_project import configuration, demonstration, runs, settings
from dagster_project.console import say
from dagster_project.intake import landing
from dagster_project.intake.mapping import checked as mappings
from dagster_project.settings import Home


def configured(options: argparse.Namespace) -> Home:
    """Configure this process for the home that the options name, and return it."""
    if options.archive:
        root = options.data or settings.DEMONSTRATION_HOME / options.force
        return settings.configure(root, options.force, options.as_at)
    if options.data:
        return settings.configure(options.data, options.force, options.as_at)
    return settings.configure(settings.DEMONSTRATION_HOME, as_at=options.as_at)


def refuse_mistakes(home: Home) -> None:
    """Stop where a seed, the configuration or a mapping of the home has a mistake.

    Raises:
        DeliveryError: every mistake, each with its file, row and column.
    """
    configuration.refuse_mistakes(
        configs=home.configs, of_mappings=lambda: mappings.mistakes(home)
    )


def deliver(home: Home, options: argparse.Namespace) -> None:
    """Put the archive into the landing folder; without a home, the demonstration."""
    if options.force and (options.archive or options.data):
        landing.remember_force(home, options.force)
    if options.archive:
        landing.deliver_archive(home, options.archive, say)
    elif not options.data and not home.is_demonstration:
        # Both at once, to save time: Dagster loads while DuckDB writes.
        with ThreadPoolExecutor(max_workers=1) as pool:
            ready = pool.submit(runs.prepare)
            demonstration.write_demonstration(home.landing, progress=say)
            ready.result()
