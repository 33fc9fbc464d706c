"""Runs Dagster's jobs from the command line, with visible progress.

They are the jobs that the schedules start, but they run in this process. Dagster's
pages show them. Dagster takes a second to import, so only the functions that need it
import it: a command that runs no job starts without it.
"""

from __future__ import annotations

import io
import re
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from typing import TYPE_CHECKING

from dagster_project import interruptions, locks, packs, settings
from dagster_project.console import only_our_messages, say
from dagster_project.errors import OUR_ERRORS, DeliveryError

if TYPE_CHECKING:
    import dagster as dg

DBT_NODE = re.compile(r"(\d+) of (\d+) (START|OK|PASS|WARN|FAIL|ERROR|SKIP)")
# A line for each of dbt's nodes would hide what matters.
DBT_LINES_EVERY = 40


class _DbtProgress(io.TextIOBase):
    """Prints the progress of dbt: one line for every 40 nodes.

    Failures and warnings are reported once dbt has ended (transform/messages).
    """

    def write(self, text: str) -> int:
        for line in text.splitlines():
            self._line(line)
        return len(text)

    def _line(self, line: str) -> None:
        node = DBT_NODE.search(line)
        if node and node[3] != "START" and " hook: " not in line:
            number, total = int(node[1]), int(node[2])
            if number % DBT_LINES_EVERY == 0 or number == total:
                say(f"dbt: {number} of {total} models, seeds and tests")


def load_definitions() -> dg.Definitions:
    """Return Dagster's definitions. The first call takes seconds, since dbt parses."""
    from dagster_project.definitions import defs

    return defs


@contextmanager
def _instance() -> Iterator[dg.DagsterInstance]:
    import dagster as dg
    from sqlalchemy.exc import DatabaseError, OperationalError

    settings.prepare_dagster()
    try:
        with dg.DagsterInstance.get() as instance:
            yield instance
    except OperationalError as error:
        raise DeliveryError(
            f"{settings.home().dagster}: Dagster cannot keep its record of the run"
            f" ({error.orig}). Make room on the disk, or give this user the right to"
            " write there."
        ) from error
    except DatabaseError as error:
        raise DeliveryError(
            f"{settings.home().dagster}: Dagster's record of earlier runs is damaged"
            f" ({error.orig}). Move this folder away and run again. No figure needs it."
        ) from error


def close_dead() -> None:
    """Mark runs of the home as failed whose process was killed."""
    from dagster_project import dead_runs

    with _instance() as instance:
        for run_id in dead_runs.close(instance, settings.home()):
            say(f"run {run_id} is marked as failed: its process was killed")


def prepare() -> None:
    """Load the definitions and make Dagster's tables, so that no run waits for them."""
    load_definitions()
    with _instance():
        pass


def report(quarter: str) -> None:
    """Run both jobs: everything from the deliveries to the quarter's pack.

    Raises:
        DeliveryError: a step failed, or the data cannot report the quarter.
    """
    daily()
    pack(quarter)


def daily() -> None:
    """Run the job `daily`: everything from the deliveries to the published file.

    Raises:
        DeliveryError: a step failed.
    """
    _run(load_definitions(), "daily")


def pack(quarter: str) -> None:
    """Run the job `quarterly_report`: the quarter's pack, from the published file.

    Its definitions are loaded alone: dbt, which takes seconds to import, is not needed.

    Raises:
        DeliveryError: a step failed, or the data cannot report the quarter.
    """
    import dagster as dg

    from dagster_project.defs import execution
    from dagster_project.defs import report as of_pack

    packs.folders(settings.home(), quarter)  # Stops if the quarter cannot be reported.
    with _instance() as instance:
        # Dagster's records can be newer than the published file.
        instance.add_dynamic_partitions(of_pack.quarters.name, [quarter])
    made_from = dg.Definitions(assets=[of_pack.pack], jobs=[of_pack.quarterly_report])
    _run(
        dg.Definitions.merge(execution.in_one_process(), made_from),
        "quarterly_report",
        partition=quarter,
    )


def _run(
    definitions: dg.Definitions, job_name: str, partition: str | None = None
) -> None:
    """Run one job to its end.

    Raises:
        DeliveryError: a step failed. The message is the step's own if that was written
            for the user.
    """
    from dagster_project import dead_runs, old_runs

    job = definitions.resolve_job_def(job_name)
    run_id = str(uuid.uuid4())
    locks.hold_as_run(settings.home(), run_id)
    with _instance() as instance, only_our_messages(), redirect_stdout(_DbtProgress()):
        dead_runs.close(instance, settings.home())
        old_runs.delete(instance, settings.home())
        result = job.execute_in_process(
            instance=instance,
            run_id=run_id,
            partition_key=partition,
            run_config={"loggers": {"progress": {"config": {}}}},
            raise_on_error=False,
        )
    locks.let_go_of_run(settings.home(), run_id)
    # Dagster handled the signal, so end here: nothing more may begin.
    interruptions.end_if_asked()
    if not result.success:
        raise DeliveryError(f"{_reason(result)} {_unchanged(job_name)}")


def _unchanged(job_name: str) -> str:
    """Say which version or pack a failed run did not change."""
    if job_name != "daily":
        return "A pack that was not written is as it was before."
    current = settings.home().current
    if not current.exists():
        return "Nothing has been published in this home yet."
    published = f"{current.parent.name}/{current.resolve().name}"
    return (
        f"Nothing was published. The last published version, {published}, was not"
        " changed."
    )


def _reason(result: dg.ExecuteInProcessResult) -> str:
    """Return the message of the first failed step, or of the innermost cause."""
    failed = [event for event in result.all_events if event.is_step_failure]
    if not failed:
        return "the run failed before its first step; see Dagster's pages (make dev)."
    chain = [failed[0].event_specific_data.error]
    while chain[-1].cause:
        chain.append(chain[-1].cause)
    in_words = [error for error in chain if error.cls_name in OUR_ERRORS]
    error = in_words[0] if in_words else chain[-1]
    # Dagster writes `<class of the exception>: <message>`.
    return error.message.strip().split(": ", 1)[-1]
