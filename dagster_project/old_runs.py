"""Deletes old runs of Dagster, so that its records do not grow for ever."""

import shutil
from datetime import datetime, timedelta

import dagster as dg

from dagster_project import configuration
from dagster_project.settings import Home

ENDED = [
    dg.DagsterRunStatus.SUCCESS,
    dg.DagsterRunStatus.FAILURE,
    dg.DagsterRunStatus.CANCELED,
]


def delete(
    instance: dg.DagsterInstance, home: Home, now: datetime | None = None
) -> int:
    """Delete the runs that ended longer ago than the home's retention.csv says.

    The last run of each job is kept.

    Returns:
        How many runs were deleted.
    """
    rows = {row["record"]: row for row in configuration.rows("retention", home)}
    days = timedelta(days=int(rows["runs"]["days_kept"]))
    before = (now or datetime.now().astimezone()) - days
    old = dg.RunsFilter(statuses=ENDED, updated_before=before)
    deleted = 0
    for run in instance.get_runs(old):
        (last,) = instance.get_runs(dg.RunsFilter(job_name=run.job_name), limit=1)
        if run.run_id != last.run_id:
            instance.delete_run(run.run_id)
            _delete_files(home, run.run_id)
            deleted += 1
    return deleted


def _delete_files(home: Home, run_id: str) -> None:
    """Delete what Dagster empties or leaves: the file of events, the steps' output."""
    for path in (home.dagster / "history" / "runs").glob(f"{run_id}.db*"):
        path.unlink()
    shutil.rmtree(home.dagster / "storage" / run_id, ignore_errors=True)
