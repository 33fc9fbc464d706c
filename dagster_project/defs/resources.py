"""Dagster's resource for dbt."""

import dagster as dg
from dagster_dbt import DbtCliResource

from dagster_project import settings


@dg.definitions
def resources() -> dg.Definitions:
    return dg.Definitions(
        resources={
            "dbt": DbtCliResource(
                project_dir=str(settings.DBT_PROJECT),
                profiles_dir=str(settings.DBT_PROJECT),
                dbt_executable=str(settings.DBT_OFFLINE),
            ),
        }
    )
