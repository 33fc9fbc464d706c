"""What dbt is told when it connects: the work file, and a hash of the code.

dbt parses a project again whenever its profile names another path than the last time.
So the profile names a file, and this plugin its folder: that of the home in use, or of
the demonstration where nobody has chosen one.
"""

import hashlib
from typing import Any

from dbt.adapters.duckdb.credentials import DuckDBCredentials
from dbt.adapters.duckdb.plugins import BasePlugin

from dagster_project import locks, paths, versions


class Plugin(BasePlugin):
    """Named in dbt_project/profiles.yml; dbt-duckdb looks for a class of this name."""

    def update_connection_config(
        self, creds: DuckDBCredentials, config: dict[str, Any]
    ) -> None:
        """Point the connection at the home's work file.

        Raises:
            OrphanError: the run that has started this dbt is over.
        """
        warehouse = paths.home().warehouse
        creds.path = str(warehouse)
        locks.hold_as_dbt(warehouse.parent)
        code = versions.code_sha256() + versions.lock_sha256()
        self._code = hashlib.sha256(code.encode()).hexdigest()

    def configure_cursor(self, cursor: Any) -> None:
        """Say which code builds: see dbt_project/macros/incremental.sql."""
        cursor.execute(f"set variable code_sha256 = '{self._code}'")
