"""Marks runs whose process was killed as failed; Dagster shows them as running.

Dagster's own monitoring only ends runs that never began and runs that somebody
cancelled. It does not see that the process of a run was killed. Without this module the
next run would wait in the queue for ever.
"""

import time

import dagster as dg

from dagster_project import locks
from dagster_project.settings import Home

BEGUN = [dg.DagsterRunStatus.STARTED, dg.DagsterRunStatus.CANCELING]
# A run has no lock from its start until its process takes one, usually less than a
# second later. A run that has none after this time is dead.
SECONDS_TO_TAKE = 300
MESSAGE = (
    "The process of this run ended unexpectedly: it was killed, or the machine lost its"
    " power. The last published version is complete, and the next run loads every"
    " delivery that this run did not load."
)


def close(instance: dg.DagsterInstance, home: Home) -> list[str]:
    """Mark the runs of `home` whose process is dead as failed, or as cancelled.

    Returns:
        Their run ids.
    """
    closed = []
    for record in instance.get_run_records(dg.RunsFilter(statuses=BEGUN)):
        run = record.dagster_run
        if _is_dead(home, record):
            if run.status == dg.DagsterRunStatus.CANCELING:
                instance.report_run_canceled(run, MESSAGE)
            else:
                instance.report_run_failed(run, MESSAGE)
            closed.append(run.run_id)
    locks.forget_runs(home)
    return closed


def _is_dead(home: Home, record: dg.RunRecord) -> bool:
    is_at_work = locks.is_at_work(home, record.dagster_run.run_id)
    if is_at_work is not None:
        return not is_at_work
    started = record.start_time
    return started is not None and time.time() - started > SECONDS_TO_TAKE
