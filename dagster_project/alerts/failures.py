"""The message of a run that failed: extract, rule, lines and remedy of each failure."""

from collections.abc import Sequence
from datetime import datetime

import dagster as dg

from dagster_project.alerts import Alert, failed_checks, health
from dagster_project.errors import OUR_ERRORS
from dagster_project.settings import Home

OTHER = "an error of the program ({}). Open the run in Dagster's pages for its message."


def alert(
    home: Home,
    instance: dg.DagsterInstance,
    run: dg.DagsterRun,
    failed_steps: Sequence[dg.DagsterEvent],
) -> Alert:
    """Say what failed.

    Args:
        home: the home in which the run worked.
        instance: Dagster's instance, which has the events of the run.
        run: the run.
        failed_steps: the events of its steps that failed.
    """
    reasons = list(dict.fromkeys(_reason(event) for event in failed_steps))
    error = dg.AssetCheckSeverity.ERROR
    checks = list(failed_checks.of_run(instance, run, error))
    version, sentence = health.last_good(home, datetime.now())
    lines = [*reasons, *map(failed_checks.in_words, checks)]
    if not lines:
        lines = [
            "The run ended without a step that failed: it was killed or cancelled."
        ]
    return Alert(
        kind="failure",
        is_well=False,
        home=home.root.name,
        title=f"{run.job_name} failed",
        lines=(*lines, sentence, f"Run: {run.run_id}"),
        facts={
            "job": run.job_name,
            "run": run.run_id,
            "reasons": reasons,
            "checks": checks,
            "last_good_version": version,
        },
    )


def _reason(event: dg.DagsterEvent) -> str:
    error = event.event_specific_data.error
    chain = [error]
    while chain[-1].cause:
        chain.append(chain[-1].cause)
    ours = [each for each in chain if each.cls_name in OUR_ERRORS]
    if not ours:
        # The message of another error may have values of a record.
        return f"{event.step_key}: {OTHER.format(chain[-1].cls_name)}"
    return f"{event.step_key}: {ours[0].message.strip().split(': ', 1)[-1]}"
