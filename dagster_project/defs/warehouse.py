"""The asset of the published file, written once every check has passed."""

import dagster as dg

from dagster_project import catalogue, packs, settings
from dagster_project.defs.model import tables
from dagster_project.defs.report import PUBLISHED, quarters
from dagster_project.warehouse import parquet, snapshot


@catalogue.described
@dg.asset(
    key=PUBLISHED,
    deps=sorted(tables),
    group_name="published",
    kinds={"duckdb"},
    required_resource_keys={"alone"},
    description="The read-only file behind published/current.duckdb.",
)
def published(context: dg.AssetExecutionContext) -> dg.MaterializeResult:
    home = settings.home()
    result = snapshot.publish(home)
    if result.damage:
        context.log.warning(result.damage)
    context.log.info(f"published {result.path.name}: {len(result.rows)} tables")
    if parquet.is_wanted(home):
        context.log.info(f"its marts are in {parquet.write(home).folder}")
    _offer_quarters(context.instance, packs.quarters(home))
    return dg.MaterializeResult(
        metadata={
            "file": result.path.name,
            "rows": sum(result.rows.values()),
            "rows_by_table": dg.MetadataValue.md(_rows_by_table(result.rows)),
        }
    )


def _rows_by_table(rows: dict[str, int]) -> str:
    lines = [f"| {name} | {count:,} |" for name, count in sorted(rows.items())]
    return "\n".join(["| table | rows |", "|---|---:|", *lines])


def _offer_quarters(instance: dg.DagsterInstance, reportable: list[str]) -> None:
    """Give the pack one partition for each quarter that the data can report."""
    known = instance.get_dynamic_partitions(quarters.name)
    for quarter in sorted(set(known).difference(reportable)):
        instance.delete_dynamic_partition(quarters.name, quarter)
    added = [quarter for quarter in reportable if quarter not in known]
    instance.add_dynamic_partitions(quarters.name, added)
