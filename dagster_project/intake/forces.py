"""The forces that the seeds list; a report can only be made for one of these."""

import csv

from dagster_project import settings


def known_forces() -> list[str]:
    """Return the codes of the forces, in the order of seeds/reference/forces.csv."""
    with settings.seed("forces").open(encoding="utf-8", newline="") as file:
        return [row["force_code"] for row in csv.DictReader(file)]
