"""Dagster's definitions, from the files of `defs/`."""

import dagster as dg

from dagster_project import settings

settings.configure()
settings.prepare_dagster()

defs = dg.load_from_defs_folder(path_within_project=settings.REPOSITORY)
