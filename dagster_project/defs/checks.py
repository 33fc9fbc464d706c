"""The identity of lines, shown where the lines came in.

It is a dbt test on `fct_loads`, since only after staging is it known what is
quarantined; dagster-dbt cannot show a test of two tables on a source, so each raw asset
shows the result for its own files.
"""

import dagster as dg
import duckdb
from dagster_dbt import get_asset_key_for_model

from dagster_project import paths
from dagster_project.defs.model import dbt_models
from dagster_project.sources import landing
from dagster_project.sources.register import SETTINGS

LINES = """
    select
        count(*) filter (where not is_accounted_for) as files_unaccounted_for,
        sum(lines_delivered) as delivered,
        sum(lines_accepted) as accepted,
        sum(lines_unchanged) as unchanged,
        sum(lines_quarantined) as quarantined,
        sum(lines_unreadable) as unreadable
    from marts.fct_loads
    where extract = ? and status = 'loaded'
"""


def _lines_check(extract: str) -> dg.AssetChecksDefinition:
    @dg.asset_check(
        name="every_line_is_accounted_for",
        asset=["raw", extract],
        required_resource_keys={"alone"},
        additional_deps=[get_asset_key_for_model([dbt_models], "fct_loads")],
        description="delivered = accepted + unchanged + quarantined + unreadable",
    )
    def every_line_is_accounted_for() -> dg.AssetCheckResult:
        work = str(paths.home().warehouse)
        with duckdb.connect(work, read_only=True, config=SETTINGS) as connection:
            result = connection.execute(LINES, [extract])
            names = [column[0] for column in result.description]
            counts = dict(zip(names, result.fetchall()[0], strict=True))
        return dg.AssetCheckResult(
            passed=counts["files_unaccounted_for"] == 0,
            metadata={name: int(count or 0) for name, count in counts.items()},
        )

    return every_line_is_accounted_for


lines_checks = [_lines_check(extract) for extract in landing.extracts_in_order()]
