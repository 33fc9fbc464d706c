"""Tells dbt, as it connects, the home's work file, seeds and build.

dbt parses a project again whenever a path in its profile changes. So the profile names
only a file, and this plugin adds the folder: the home in use, or the demonstration's if
none is chosen. For the same reason the path of the seeds is the same for all homes.
This plugin merges them with the home's configuration, and a hook loads the merged seeds
(dbt_project/macros/seeds.sql).
"""

from typing import Any

import duckdb
from dbt.adapters.duckdb.credentials import DuckDBCredentials
from dbt.adapters.duckdb.plugins import BasePlugin

from dagster_project import configuration, locks, settings, versions
from dagster_project.transform import builds


class Plugin(BasePlugin):
    """Named in dbt_project/profiles.yml; dbt-duckdb looks for a class of this name."""

    def update_connection_config(
        self, creds: DuckDBCredentials, config: dict[str, Any]
    ) -> None:
        """Point the connection at the home's work file, and write the home's seeds.

        Raises:
            OrphanError: the run that has started this dbt is over.
        """
        home = settings.home()
        creds.path = str(home.warehouse)
        locks.hold_as_dbt(home.work)
        configuration.write(home)

    def configure_connection(self, conn: duckdb.DuckDBPyConnection) -> None:
        """Compare this build with the last one (builds.py)."""
        self._build = builds.begin(conn, versions.build_sha256())

    def configure_cursor(self, cursor: duckdb.DuckDBPyConnection) -> None:
        """Set the variables that macros/incremental.sql and macros/seeds.sql read."""
        cursor.execute(*self._build.literal())
        home = settings.home()
        cursor.execute("set variable seeds = ?", [str(home.seeds)])
        # The macro `counted` reads it.
        cursor.execute("set variable spark_folder = ?", [settings.spark_folder(home)])
