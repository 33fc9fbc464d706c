"""What dbt is told when it connects: work file, seeds, and from what it builds.

dbt parses a project again whenever its profile names another path than the last time.
So the profile names a file, and this plugin its folder: that of the home in use, or of
the demonstration where nobody has chosen one. For the same reason the path of the seeds
is one for all homes: they are merged with the home's configuration here, and a hook
loads the merged ones (dbt_project/macros/seeds.sql).
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
        """Compare this build with the last one: builds.py says how."""
        self._build = builds.begin(conn, versions.build_sha256())

    def configure_cursor(self, cursor: duckdb.DuckDBPyConnection) -> None:
        """Give each connection its variables.

        `build` is read by macros/incremental.sql, `seeds` by macros/seeds.sql.
        """
        cursor.execute(*self._build.literal())
        cursor.execute("set variable seeds = ?", [str(settings.home().seeds)])
