"""Assets of the dbt project (marts and report tables), with its tests as checks."""

import shutil
from collections.abc import Iterator

import dagster as dg
from dagster_dbt import (
    DagsterDbtTranslator,
    DagsterDbtTranslatorSettings,
    DbtCliResource,
    build_dbt_asset_selection,
    dbt_assets,
)

from dagster_project import catalogue, settings, versions
from dagster_project.defs.execution import Alone
from dagster_project.intake import load_log
from dagster_project.transform import builds, manifest, messages, spark

translator = DagsterDbtTranslator(
    settings=DagsterDbtTranslatorSettings(
        enable_asset_checks=True, enable_source_tests_as_checks=True
    )
)


@catalogue.described
@dbt_assets(
    manifest=manifest.prepared(),
    dagster_dbt_translator=translator,
    name="dbt_models",
)
def dbt_models(
    context: dg.AssetExecutionContext, dbt: DbtCliResource, alone: Alone
) -> Iterator[object]:
    # Unit tests run on invented rows, in `make test`. dbt's own files about the run are
    # not needed, since Dagster has its events; writing them would take 0.8 s.
    arguments = ["build", "--exclude-resource-type", "unit_test"]
    arguments += ["--no-write-json", "--no-use-colors"]
    arguments += _scope(context)
    delete_outputs(settings.home())
    if settings.engine() == "spark":
        context.log.info("Spark counts first; DuckDB reads its results.")
        spark.count(settings.home())
    run = dbt.cli(arguments, context=context, raise_on_error=False)
    alone.end(run.process)
    heard, failed = messages.Heard(), []
    for event in run.stream_raw_events():
        heard.hear(event.raw_event)
        for result in event.to_default_asset_events(
            manifest=run.manifest,
            dagster_dbt_translator=translator,
            context=context,
            target_path=run.target_path,
        ):
            # Its rows can be read once dbt has closed the file.
            if isinstance(result, dg.AssetCheckResult) and not result.passed:
                failed.append(result)
            else:
                yield result
    stops = messages.tell(heard, run.manifest, settings.home().warehouse)
    # Errors are logged after warnings: the end of the log is read first.
    for stop in sorted(stops.values(), key=lambda stop: not stop.is_warning):
        (context.log.warning if stop.is_warning else context.log.error)(str(stop))
    for result in failed:
        yield _in_words(result, stops[str(result.metadata["unique_id"].value)])
    if not run.is_successful():
        raise messages.BuildError(messages.reason(heard, stops))


# The assets that every run makes. Dagster skips a step if an asset that it depends on
# was not made, so `published` depends on these, and not on seeds and views.
tables = build_dbt_asset_selection(
    [dbt_models], dbt_select="config.materialized:table config.materialized:incremental"
).resolve([dbt_models])


def delete_outputs(home: settings.Home) -> None:
    """Delete what dbt wrote for earlier runs, one folder each. The last one stays."""
    for folder in home.dbt_target.glob("dbt_models-*"):
        shutil.rmtree(folder, ignore_errors=True)


def _scope(context: dg.AssetExecutionContext) -> list[str]:
    """Return the arguments that say which nodes dbt makes, and from which rows."""
    with load_log.warehouse(settings.home().warehouse) as connection:
        build = builds.begin(connection, versions.build_sha256())
    if build.full_refresh_reason:
        context.log.info(
            f"The incremental models are built in full: {build.full_refresh_reason}."
        )
        return ["--full-refresh"]
    if build.has_all_seeds_and_views and not context.is_subset:
        context.log.info(
            "Seeds and views stay: code, seeds and configuration have not changed."
        )
        # Without `empty`, dbt would leave out the tests of these nodes too.
        unchanged = "resource_type:seed config.materialized:view"
        return ["--exclude", unchanged, "--indirect-selection", "empty"]
    return []


def _in_words(result: dg.AssetCheckResult, stop: messages.Stop) -> dg.AssetCheckResult:
    return dg.AssetCheckResult(
        asset_key=result.asset_key,
        check_name=result.check_name,
        passed=result.passed,
        severity=result.severity,
        description=stop.in_short(),
        metadata={**result.metadata, **stop.metadata()},
    )
