"""What dbt is told when it connects: the work file, and from what it builds.

dbt parses a project again whenever its profile names another path than the last time.
So the profile names a file, and this plugin its folder: that of the home in use, or of
the demonstration where nobody has chosen one.
"""

from typing import Any

import duckdb
from dbt.adapters.duckdb.credentials import DuckDBCredentials
from dbt.adapters.duckdb.plugins import BasePlugin

from dagster_project import locks, settings, versions
from dagster_project.transform import builds


class Plugin(BasePlugin):
    """Named in dbt_project/profiles.yml; dbt-duckdb looks for a class of this name."""

    def update_connection_config(
        self, creds: DuckDBCredentials, config: dict[str, Any]
    ) -> None:
        """Point the connection at the home's work file.

        Raises:
            OrphanError: the run that has started this dbt is over.
        """
        warehouse = settings.home().warehouse
        creds.path = str(warehouse)
        locks.hold_as_dbt(warehouse.parent)

    def configure_connection(self, conn: duckdb.DuckDBPyConnection) -> None:
        """Compare this build with the last one: builds.py says how."""
        self._build = builds.begin(conn, versions.build_sha256())

    def configure_cursor(self, cursor: duckdb.DuckDBPyConnection) -> None:
        """Give each connection the variable `build` (macros/incremental.sql)."""
        cursor.execute(*self._build.literal())
