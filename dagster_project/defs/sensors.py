"""The sensor that finds runs whose process was killed."""

import dagster as dg

from dagster_project import dead_runs, settings

SECONDS_BETWEEN = 60


@dg.sensor(
    minimum_interval_seconds=SECONDS_BETWEEN,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="Marks runs as failed if their process was killed.",
)
def runs_without_a_process(context: dg.SensorEvaluationContext) -> dg.SkipReason:
    closed = dead_runs.close(context.instance, settings.home())
    return dg.SkipReason(
        f"closed: {', '.join(closed)}" if closed else "Every run has its process."
    )
