"""The jobs and their schedules, whose times are in schedules.csv (Europe/London)."""

import dagster as dg

from dagster_project import configuration, settings
from dagster_project.calendar import quarter_before, quarter_of
from dagster_project.defs.alerts import daily_health
from dagster_project.defs.clean_up import clean_up
from dagster_project.defs.report import pack, quarterly_report, quarters

ZONE = "Europe/London"
ROWS = {row["schedule_name"]: row for row in configuration.rows("schedules")}


def cron(row: dict[str, str]) -> str:
    """Return the time of a row of schedules.csv as a cron expression."""
    hour, minute = row["time_of_day"].split(":")
    fields = (row["days_of_month"], row["months"], row["weekdays"])
    days = (field.replace(" ", ",") or "*" for field in fields)
    return " ".join([str(int(minute)), str(int(hour)), *days])


def default_status(row: dict[str, str]) -> dg.DefaultScheduleStatus:
    """Return whether a schedule is on: with `make up` as its row says, else off."""
    if settings.is_service() and row["is_on"] == "true":
        return dg.DefaultScheduleStatus.RUNNING
    return dg.DefaultScheduleStatus.STOPPED


def _schedule(name: str, job: dg.JobDefinition) -> dg.ScheduleDefinition:
    return dg.ScheduleDefinition(
        name=name,
        job=job,
        cron_schedule=cron(ROWS[name]),
        execution_timezone=ZONE,
        default_status=default_status(ROWS[name]),
    )


daily = dg.define_asset_job(
    "daily",
    selection=dg.AssetSelection.all() - dg.AssetSelection.assets(pack),
    description="Reads deliveries, runs dbt and its tests, and publishes the figures.",
)
every_morning = _schedule("every_morning", daily)
health_every_morning = _schedule("health_every_morning", daily_health)
clean_up_every_night = _schedule("clean_up_every_night", clean_up)


# Dagster's own schedule for a partitioned job would run every partition. The cut-offs
# are on the 17th of February, May, August and November; the pack is made the day after.
@dg.schedule(
    name="after_every_cut_off",
    job=quarterly_report,
    cron_schedule=cron(ROWS["after_every_cut_off"]),
    execution_timezone=ZONE,
    default_status=default_status(ROWS["after_every_cut_off"]),
)
def after_every_cut_off(
    context: dg.ScheduleEvaluationContext,
) -> dg.RunRequest | dg.SkipReason:
    quarter = quarter_before(quarter_of(context.scheduled_execution_time.date()))
    reportable = context.instance.get_dynamic_partitions(quarters.name)
    if quarter not in reportable:
        return dg.SkipReason(
            f"The published data cannot report {quarter}. The last completely"
            f" supplied quarter is {max(reportable, default='none')}. When deliveries"
            " for it have arrived, run the daily job, then make this quarter's pack."
        )
    return dg.RunRequest(partition_key=quarter)
