"""`raw` → marts and report tables: the dbt project, its tests as asset checks."""

from collections.abc import Iterator

import dagster as dg
from dagster_dbt import (
    DagsterDbtTranslator,
    DagsterDbtTranslatorSettings,
    DbtCliResource,
    dbt_assets,
)

from dagster_project import manifest
from dagster_project.defs.resources import Alone

translator = DagsterDbtTranslator(
    settings=DagsterDbtTranslatorSettings(
        enable_asset_checks=True, enable_source_tests_as_checks=True
    )
)


@dbt_assets(
    manifest=manifest.prepared(),
    dagster_dbt_translator=translator,
    name="dbt_models",
)
def dbt_models(
    context: dg.AssetExecutionContext, dbt: DbtCliResource, alone: Alone
) -> Iterator[object]:
    # Unit tests prove the logic on invented rows; they belong to `make test`.
    # What dbt writes of its run Dagster has already, event by event; it costs 0.8 s.
    arguments = ["build", "--exclude-resource-type", "unit_test", "--no-write-json"]
    started = dbt.cli(arguments, context=context)
    alone.end(started.process)
    yield from started.stream()
