"""Alerts: a sensor that tells of runs that failed, and the job of the daily line."""

import dagster as dg

from dagster_project import settings
from dagster_project.alerts import failures, health, sending

NOWHERE = "No alert was sent: no STRANDLINE_ALERT_ variable is set (docs/operate.md)."


@dg.run_failure_sensor(
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="Tells the data team of a run that failed, by webhook and mail.",
)
def tell_of_failures(context: dg.RunFailureSensorContext) -> dg.SkipReason | None:
    if not settings.alerts():
        return dg.SkipReason(NOWHERE)
    message = failures.alert(
        settings.home(),
        context.instance,
        context.dagster_run,
        context.get_step_failure_events(),
    )
    sending.send(message, context.log.warning)
    return None


@dg.op(description="Sends the line of the day by webhook and mail.")
def send_health(context: dg.OpExecutionContext) -> None:
    message = health.alert(settings.home(), context.instance)
    context.log.info(message.text())
    if not settings.alerts():
        context.log.info(NOWHERE)
    sending.send(message, context.log.warning)


@dg.job(description="Says how the home is: the line of the day.")
def daily_health() -> None:
    send_health()
