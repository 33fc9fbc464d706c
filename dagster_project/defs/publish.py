"""Marts and report tables → the published file, once every check has passed."""

import dagster as dg

from dagster_project import paths, publishing
from dagster_project.defs.model import dbt_models


@dg.asset(
    key="published",
    deps=[dbt_models],
    group_name="published",
    kinds={"duckdb"},
    required_resource_keys={"alone"},
    description="The read-only file behind published/current.duckdb.",
)
def published(context: dg.AssetExecutionContext) -> dg.MaterializeResult:
    result = publishing.publish(paths.home())
    if result.damage:
        context.log.warning(result.damage)
    context.log.info(f"published {result.path.name}: {len(result.rows)} tables")
    return dg.MaterializeResult(
        metadata={"file": result.path.name, "rows": sum(result.rows.values())}
    )
