"""`strandline prepare`: does beforehand what the first run would have to do."""

import argparse
import importlib

from dagster_project import settings
from dagster_project.transform import manifest

HELP = "prepare the first run"


def add_options(parser: argparse.ArgumentParser) -> None:
    pass


def run(_: argparse.Namespace) -> int:
    """Write Dagster's settings, parse the dbt project, and list the fonts."""
    settings.configure(settings.DEMONSTRATION_HOME)
    settings.write_settings_for_dagster()
    manifest.prepared()
    importlib.import_module("matplotlib.font_manager")
    return 0
