"""Everything that Dagster knows: the files of `defs/`, run in one process."""

import dagster as dg

from dagster_project import progress, settings

settings.configure()
settings.prepare_dagster()

# DuckDB has one writer, so steps share the process that holds it.
defs = dg.Definitions.merge(
    dg.load_from_defs_folder(path_within_project=settings.REPOSITORY),
    dg.Definitions(
        executor=dg.in_process_executor, loggers={"progress": progress.progress}
    ),
)
