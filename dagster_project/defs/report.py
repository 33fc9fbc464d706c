"""The published file → the quarter's pack; a partition per quarter."""

from datetime import date

import dagster as dg

from dagster_project import packs, paths
from dagster_project.calendar import closed_quarters
from dagster_project.defs.publish import published

quarters = dg.StaticPartitionsDefinition(closed_quarters(date.today()))


@dg.asset(
    key="pack",
    deps=[published],
    partitions_def=quarters,
    group_name="report",
    description="The quarter's pack: page, workbook, tables, charts and manifest.",
)
def pack(context: dg.AssetExecutionContext) -> dg.MaterializeResult:
    folders = packs.write(paths.home(), context.partition_key)
    for folder in folders:
        context.log.info(f"pack: {folder}")
    return dg.MaterializeResult(
        metadata={"folders": [str(folder) for folder in folders]}
    )
