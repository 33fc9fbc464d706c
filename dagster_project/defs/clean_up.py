"""The job that deletes old runs, with their events and messages."""

import dagster as dg

from dagster_project import old_runs, settings


@dg.op(description="Deletes the runs that are older than retention.csv says.")
def delete_old_runs(context: dg.OpExecutionContext) -> None:
    deleted = old_runs.delete(context.instance, settings.home())
    context.log.info(f"{deleted} old runs were deleted")


@dg.job(description="Deletes old runs, with their events and messages.")
def clean_up() -> None:
    delete_old_runs()
