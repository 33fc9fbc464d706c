"""Which file dbt works on, told to dbt-duckdb when it connects and not before.

dbt parses a project again whenever its profile names another path than the last time:
4 s of each run of each home. So the profile names the file and this plugin its folder.
"""

import os
from typing import Any

from dbt.adapters.duckdb.credentials import DuckDBCredentials
from dbt.adapters.duckdb.plugins import BasePlugin

from dagster_project.paths import DATABASE_VARIABLE


class Plugin(BasePlugin):
    """Named in dbt_project/profiles.yml; dbt-duckdb looks for a class of this name."""

    def update_connection_config(
        self, creds: DuckDBCredentials, config: dict[str, Any]
    ) -> None:
        """Point the connection at the home's work file.

        Raises:
            KeyError: nobody has chosen a home (`paths.configure`).
        """
        creds.path = os.environ[DATABASE_VARIABLE]
