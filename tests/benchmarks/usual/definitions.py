"""The usual project: Dagster's and dbt's own parts, as their documentation uses them.

Raw tables are made again by `create table as select`, dbt builds everything again with
its tests, and the file is copied for readers. Each step is a process of its own, since
that is Dagster's default. tests/benchmarks/rivals.py prepares the folder.
"""

import json
import os
import shutil
from pathlib import Path

import dagster as dg
import duckdb
from dagster_dbt import DbtCliResource, dbt_assets

FOLDER = Path(os.environ["USUAL_FOLDER"])
WAREHOUSE = FOLDER / "warehouse.duckdb"
MANIFEST = FOLDER / "target" / "manifest.json"
SOURCES = json.loads(MANIFEST.read_text("utf-8"))["sources"].values()


@dg.multi_asset(
    specs=[dg.AssetSpec([each["source_name"], each["name"]]) for each in SOURCES]
)
def raw(context: dg.AssetExecutionContext):
    WAREHOUSE.unlink(missing_ok=True)
    with duckdb.connect(str(WAREHOUSE)) as connection:
        connection.execute((FOLDER / "raw.sql").read_text("utf-8"))
    for key in context.selected_asset_keys:
        yield dg.MaterializeResult(key)


@dbt_assets(manifest=MANIFEST)
def models(context: dg.AssetExecutionContext, dbt: DbtCliResource):
    arguments = ["build", "--full-refresh", "--exclude-resource-type", "unit_test"]
    yield from dbt.cli(arguments, context=context).stream()


@dg.asset(deps=[models])
def published() -> None:
    part = FOLDER / "published.duckdb.part"
    shutil.copyfile(WAREHOUSE, part)
    part.replace(FOLDER / "published.duckdb")


defs = dg.Definitions(
    assets=[raw, models, published],
    executor=dg.multiprocess_executor,
    resources={
        "dbt": DbtCliResource(
            project_dir=os.environ["USUAL_PROJECT"],
            profiles_dir=os.environ["USUAL_PROJECT"],
            dbt_executable=os.environ["USUAL_DBT"],
        )
    },
)
