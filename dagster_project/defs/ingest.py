"""Deliveries → `raw`: one asset per row of seeds/extracts.csv."""

from collections.abc import Iterator

import dagster as dg

from dagster_project import paths, publications
from dagster_project.sources import landing, register


def _raw_asset(extract: str) -> dg.AssetsDefinition:
    @dg.asset(
        key=["raw", extract],
        group_name="raw",
        kinds={"duckdb"},
        required_resource_keys={"alone"},
        description=landing.description(extract),
    )
    def raw_asset(context: dg.AssetExecutionContext) -> dg.MaterializeResult:
        home = paths.home()
        with register.warehouse(home.warehouse) as connection:
            taken = landing.take(connection, home, extract, context.log.info)
        return dg.MaterializeResult(metadata=taken.metadata())

    return raw_asset


raw_assets = [_raw_asset(extract) for extract in landing.extracts_in_order()]


@dg.asset(
    key=["raw", "loads"],
    deps=raw_assets,
    group_name="raw",
    kinds={"duckdb"},
    required_resource_keys={"alone"},
    description="The register: every file that was delivered, and its fate.",
)
def loads() -> dg.MaterializeResult:
    with register.warehouse(paths.home().warehouse) as connection:
        rows = connection.execute(
            "select status, count(*) from raw.loads group by status order by status"
        ).fetchall()
    return dg.MaterializeResult(metadata=dict(rows))


@dg.asset(
    key=["raw", "unreadable_lines"],
    deps=raw_assets,
    group_name="raw",
    kinds={"duckdb"},
    required_resource_keys={"alone"},
    description="Every delivered line that no reader could split into its columns.",
)
def unreadable_lines() -> dg.MaterializeResult:
    with register.warehouse(paths.home().warehouse) as connection:
        rows = connection.execute(
            "select count(*) from raw.unreadable_lines"
        ).fetchall()
    return dg.MaterializeResult(metadata={"lines": rows[0][0]})


@dg.multi_asset(
    specs=[
        dg.AssetSpec(
            ["raw", table], group_name="raw", kinds={"duckdb"}, description=description
        )
        for table, description in publications.COPIED.items()
    ],
    required_resource_keys={"alone"},
)
def given_out() -> Iterator[dg.MaterializeResult]:
    home = paths.home()
    with register.warehouse(home.warehouse) as connection:
        publications.copy_to(connection, home)
    for table in publications.COPIED:
        yield dg.MaterializeResult(asset_key=["raw", table])
