"""Dagster's definitions, from the files of `defs/`; all steps run in one process."""

import dagster as dg

from dagster_project import progress, settings

settings.configure()
settings.prepare_dagster()

# Only one process can write to a DuckDB file, so all steps run in the same one.
defs = dg.Definitions.merge(
    dg.load_from_defs_folder(path_within_project=settings.REPOSITORY),
    dg.Definitions(
        executor=dg.in_process_executor, loggers={"progress": progress.progress}
    ),
)
