"""The two jobs, `daily` and `quarterly_report`, and their schedules (Europe/London)."""

import dagster as dg

from dagster_project.calendar import quarter_before, quarter_of
from dagster_project.defs.report import pack
from dagster_project.defs.warehouse import quarters

ZONE = "Europe/London"

daily = dg.define_asset_job(
    "daily",
    selection=dg.AssetSelection.all() - dg.AssetSelection.assets(pack),
    description="Reads deliveries, runs dbt and its tests, and publishes the figures.",
)
quarterly_report = dg.define_asset_job(
    "quarterly_report",
    selection=dg.AssetSelection.assets(pack),
    partitions_def=quarters,
    description="The pack of one quarter, from the published file.",
)
every_morning = dg.ScheduleDefinition(
    name="every_morning", job=daily, cron_schedule="30 6 * * *", execution_timezone=ZONE
)


# Dagster's own schedule for a partitioned job would run every partition. The cut-offs
# are on the 17th of February, May, August and November; the pack is made the day after.
@dg.schedule(
    name="after_every_cut_off",
    job=quarterly_report,
    cron_schedule="0 8 18 2,5,8,11 *",
    execution_timezone=ZONE,
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
