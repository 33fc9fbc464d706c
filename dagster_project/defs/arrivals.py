"""The sensor on the landing folder: new files start the daily job, each file once."""

import hashlib
import json

import dagster as dg

from dagster_project import settings
from dagster_project.defs.schedules import daily
from dagster_project.intake import contracts, names

SECONDS_BETWEEN = 60
# Size and time of change of a file.
State = list[int]


@dg.sensor(
    job=daily,
    minimum_interval_seconds=SECONDS_BETWEEN,
    description="Starts `daily` when files have been delivered completely: a file that"
    " has not changed between two looks. Each file starts one run.",
)
def new_deliveries(
    context: dg.SensorEvaluationContext,
) -> dg.SensorResult | dg.SkipReason:
    known = json.loads(context.cursor) if context.cursor else {"seen": {}, "run": {}}
    now = _delivered(settings.home())
    new = {
        name: state for name, state in now.items() if known["run"].get(name) != state
    }
    if any(known["seen"].get(name) != state for name, state in new.items()):
        context.update_cursor(json.dumps({"seen": now, "run": known["run"]}))
        return dg.SkipReason(
            "Files are arriving. The next look says whether they grow."
        )
    if not new:
        return dg.SkipReason("Nothing new was delivered.")
    text = json.dumps(sorted(new.items()))
    return dg.SensorResult(
        run_requests=[dg.RunRequest(run_key=hashlib.sha256(text.encode()).hexdigest())],
        cursor=json.dumps({"seen": now, "run": now}),
    )


def _delivered(home: settings.Home) -> dict[str, State]:
    """Return each file of the extracts' folders that has the name of a complete file.

    A home may have extracts of its own, which share a contract.
    """
    found = {}
    for extract in {**settings.extracts(), **contracts.extracts_of(home)}:
        for path in sorted((home.landing / extract).glob("*")):
            if names.is_unfinished(path.name) or names.is_temporary(path.name):
                continue
            if path.is_file():
                state = path.stat()
                found[f"{extract}/{path.name}"] = [state.st_size, state.st_mtime_ns]
    return found
