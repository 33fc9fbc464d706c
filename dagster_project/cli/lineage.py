"""`strandline lineage`: dbt's documentation as one page, with the graph of models."""

import argparse
import shutil
import subprocess

from dagster_project import locks, settings
from dagster_project.cli import options as shared
from dagster_project.errors import DeliveryError
from dagster_project.transform import manifest

HELP = "write dbt's documentation with its graph of models, as one page"


def add_options(parser: argparse.ArgumentParser) -> None:
    shared.add_data(parser)


def run(options: argparse.Namespace) -> int:
    """Write `<home>/lineage.html`, which a browser opens without a server.

    Raises:
        DeliveryError: the home has no tables yet, or dbt cannot write the page.
    """
    home = settings.configure(options.data)
    if not home.warehouse.exists():
        raise DeliveryError(
            f"{home.warehouse}: nothing is built yet. Run make report first."
        )
    # A folder of its own: what dbt writes here is no record of a run.
    target, page = home.work / "lineage", home.work / "lineage.html"
    command = ["docs", "generate", "--static", "--no-compile", "--no-use-colors"]
    with locks.alone(home):
        parsed = manifest.prepared().parent
        target.mkdir(exist_ok=True)
        for name in manifest.PARSED:
            shutil.copyfile(parsed / name, target / name)
        made = subprocess.run(
            [str(settings.DBT_EXECUTABLE), *command, "--target-path", str(target)],
            cwd=settings.DBT_PROJECT,
            capture_output=True,
            text=True,
            check=False,
        )
        if made.returncode:
            raise DeliveryError(f"dbt cannot write its page:\n{made.stdout.strip()}")
        shutil.move(target / "static_index.html", page)
        shutil.rmtree(target)
    print(shared.short(page))
    return 0
