"""The forces that the seeds name: a report can be made of no other."""

import csv

from dagster_project import settings


def known_forces() -> list[str]:
    """Codes of the forces, in the order of seeds/reference/forces.csv."""
    with settings.seed("forces").open(encoding="utf-8", newline="") as file:
        return [row["force_code"] for row in csv.DictReader(file)]
