"""Assets: checked seeds, the check of all deliveries, and a raw table per extract."""

from collections.abc import Iterator

import dagster as dg

from dagster_project import catalogue, configuration, settings
from dagster_project.errors import DeliveryError
from dagster_project.intake import landing, load_log
from dagster_project.intake.mapping import checked as mappings
from dagster_project.releases import store

SEEDS_CHECK = "seeds_follow_their_declarations"


@catalogue.described
@dg.asset(
    key="checked_seeds",
    group_name="register",
    kinds={"csv"},
    check_specs=[
        dg.AssetCheckSpec(
            SEEDS_CHECK,
            asset="checked_seeds",
            description="Every value of a seed follows its rules in seeds/_seeds.yml.",
        )
    ],
    description="Seeds and configuration, checked against their declarations.",
)
def checked_seeds() -> Iterator[dg.AssetCheckResult | dg.MaterializeResult]:
    home = settings.home()
    found = configuration.mistakes(configs=home.configs) or mappings.mistakes(home)
    words = configuration.in_words(found) if found else ""
    yield dg.AssetCheckResult(
        check_name=SEEDS_CHECK,
        passed=not found,
        description=words,
        metadata={
            "mistakes": len(found),
            "remedy": "Correct the file at the row and column shown.",
            "where": dg.MetadataValue.md("\n".join(f"- {each}" for each in found)),
        },
    )
    if found:
        raise DeliveryError(words)
    yield dg.MaterializeResult(metadata={"mistakes": 0})


@catalogue.described
@dg.asset(
    key=["deliveries"],
    deps=[checked_seeds],
    group_name="register",
    kinds={"duckdb"},
    required_resource_keys={"alone"},
    description="A check of all delivered files, before any of them is read.",
)
def deliveries(context: dg.AssetExecutionContext) -> dg.MaterializeResult:
    home = settings.home()
    with load_log.warehouse(home.warehouse) as connection:
        looked = landing.look_at_all(connection, home, context.log.info)
    return dg.MaterializeResult(
        metadata={
            "new_files": looked.new_files,
            "left_alone": "\n".join(looked.left_alone),
        }
    )


def _raw_asset(extract: str) -> dg.AssetsDefinition:
    @catalogue.described
    @dg.asset(
        key=["raw", extract],
        deps=[deliveries],
        group_name="raw",
        kinds={"duckdb"},
        required_resource_keys={"alone"},
        description=landing.description(extract),
    )
    def raw_asset(context: dg.AssetExecutionContext) -> dg.MaterializeResult:
        home = settings.home()
        with load_log.warehouse(home.warehouse) as connection:
            taken = landing.take(connection, home, extract, context.log.info)
        for sentence in taken.noticed:
            context.log.warning(sentence)
        return dg.MaterializeResult(metadata=taken.metadata())

    return raw_asset


raw_assets = [_raw_asset(extract) for extract in landing.extracts_in_order()]


@catalogue.described
@dg.asset(
    key=["raw", "loads"],
    deps=raw_assets,
    group_name="register",
    kinds={"duckdb"},
    required_resource_keys={"alone"},
    description="The register: every delivered file and what happened to it.",
)
def loads() -> dg.MaterializeResult:
    with load_log.warehouse(settings.home().warehouse) as connection:
        rows = connection.execute(
            "select status, count(*) from raw.loads group by status order by status"
        ).fetchall()
    return dg.MaterializeResult(metadata=dict(rows))


@catalogue.described
@dg.asset(
    key=["raw", "unreadable_lines"],
    deps=raw_assets,
    group_name="register",
    kinds={"duckdb"},
    required_resource_keys={"alone"},
    description="Every delivered line that could not be split into its columns.",
)
def unreadable_lines() -> dg.MaterializeResult:
    with load_log.warehouse(settings.home().warehouse) as connection:
        rows = connection.execute(
            "select count(*) from raw.unreadable_lines"
        ).fetchall()
    return dg.MaterializeResult(metadata={"lines": rows[0][0]})


@catalogue.described
@dg.multi_asset(
    specs=[
        dg.AssetSpec(
            ["raw", table],
            group_name="register",
            kinds={"duckdb"},
            description=description,
        )
        for table, description in store.COPIED.items()
    ],
    required_resource_keys={"alone"},
)
def given_out() -> Iterator[dg.MaterializeResult]:
    home = settings.home()
    with load_log.warehouse(home.warehouse) as connection:
        store.copy_to(connection, home)
    for table in store.COPIED:
        yield dg.MaterializeResult(asset_key=["raw", table])
