"""Deletes old records of Dagster, so that they do not grow for ever.

Dagster deletes a run with its events, but not the results of its checks, which stay
with their assets. Its only documented way to delete these is to wipe the history of an
asset, all of it. So the results of many days are deleted at once, and the next run of
`daily` writes them anew.
"""

import os
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
# A pack has no check, and `daily` does not make it: its history stays.
PACK = dg.AssetKey("pack")
# When this file was changed, the results of checks began.
SINCE = "check_results_since"


def delete(
    instance: dg.DagsterInstance, home: Home, now: datetime | None = None
) -> int:
    """Delete the runs that ended longer ago than the home's retention.csv says.

    The last run of each job is kept. Delete the results of all checks if they began
    longer ago than that.

    Returns:
        How many runs were deleted.
    """
    rows = configuration.rows("retention", home)
    kept = {row["record"]: timedelta(days=int(row["days_kept"])) for row in rows}
    now = now or datetime.now().astimezone()
    _delete_check_results(instance, home, now - kept["check_results"])
    old = dg.RunsFilter(statuses=ENDED, updated_before=now - kept["runs"])
    deleted = 0
    for run in instance.get_runs(old):
        (last,) = instance.get_runs(dg.RunsFilter(job_name=run.job_name), limit=1)
        if run.run_id != last.run_id:
            instance.delete_run(run.run_id)
            _delete_files(home, run.run_id)
            deleted += 1
    return deleted


def _delete_check_results(
    instance: dg.DagsterInstance, home: Home, before: datetime
) -> None:
    since = home.dagster / SINCE
    if not since.exists():
        since.touch()
    if since.stat().st_mtime >= before.timestamp():
        return
    instance.wipe_assets([key for key in instance.get_asset_keys() if key != PACK])
    os.utime(since)


def _delete_files(home: Home, run_id: str) -> None:
    """Delete what Dagster empties or leaves: the file of events, the steps' output."""
    for path in (home.dagster / "history" / "runs").glob(f"{run_id}.db*"):
        path.unlink()
    shutil.rmtree(home.dagster / "storage" / run_id, ignore_errors=True)
