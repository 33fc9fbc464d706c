"""dbt, as a resource."""

import dagster as dg
from dagster_dbt import DbtCliResource

from dagster_project import paths


@dg.definitions
def resources() -> dg.Definitions:
    return dg.Definitions(
        resources={
            "dbt": DbtCliResource(
                project_dir=str(paths.DBT_PROJECT),
                profiles_dir=str(paths.DBT_PROJECT),
                dbt_executable=str(paths.DBT_EXECUTABLE),
            )
        }
    )
