"""dbt, as a resource that asks nobody anything."""

from collections.abc import Sequence
from functools import cached_property
from importlib import metadata

import dagster as dg
from dagster_dbt import DbtCliResource
from packaging.version import Version

from dagster_project import paths


class OfflineDbt(DbtCliResource):
    """dagster-dbt's own resource without two detours before each run of dbt.

    `dbt --version` would start dbt to ask the package index for the newest one, and an
    adapter of the parent's own would cost seconds: it only serves row counts and column
    lineage, which nothing here asks for.
    """

    @cached_property
    def _cli_version(self) -> Version:
        return Version(metadata.version("dbt-core"))

    def _initialize_dbt_core_adapter(self, args: Sequence[str]) -> None:
        return None


@dg.definitions
def resources() -> dg.Definitions:
    return dg.Definitions(
        resources={
            "dbt": OfflineDbt(
                project_dir=str(paths.DBT_PROJECT),
                profiles_dir=str(paths.DBT_PROJECT),
                dbt_executable=str(paths.DBT_EXECUTABLE),
            )
        }
    )
