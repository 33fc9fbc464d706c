"""The asset of the pack, made from the published file; one partition per quarter."""

import dagster as dg

from dagster_project import packs, settings
from dagster_project.defs.warehouse import published, quarters


@dg.asset(
    key="pack",
    deps=[published],
    partitions_def=quarters,
    group_name="report",
    required_resource_keys={"alone"},
    description="The quarter's pack: page, workbook, Word draft, tables and charts.",
)
def pack(context: dg.AssetExecutionContext) -> dg.MaterializeResult:
    written = packs.write(settings.home(), context.partition_key)
    for each in written:
        for line in (f"pack: {each.folder}", *each.notices()):
            context.log.info(line)
    return dg.MaterializeResult(
        metadata={"folders": [str(each.folder) for each in written]}
    )
