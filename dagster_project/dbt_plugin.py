"""What dbt is told when it connects: its file, its code, and to format no line in vain.

dbt parses a project again whenever its profile names another path than the last time:
4 s of each run of each home. So the profile names the file and this plugin its folder.
"""

import hashlib
import os
from functools import partial
from pathlib import Path
from typing import Any

from dbt.adapters.duckdb.credentials import DuckDBCredentials
from dbt.adapters.duckdb.plugins import BasePlugin
from dbt_common.events.base_types import EventLevel, EventMsg
from dbt_common.events.event_manager_client import get_event_manager
from dbt_common.events.logger import Filter

from dagster_project import locks, versions
from dagster_project.paths import DATABASE_VARIABLE

LESS_THAN_INFO = (EventLevel.DEBUG, EventLevel.TEST)


class Plugin(BasePlugin):
    """Named in dbt_project/profiles.yml; dbt-duckdb looks for a class of this name."""

    def update_connection_config(
        self, creds: DuckDBCredentials, config: dict[str, Any]
    ) -> None:
        """Point the connection at the home's work file.

        Raises:
            KeyError: nobody has chosen a home (`paths.configure`).
            OrphanError: the run that has started this dbt is over.
        """
        creds.path = os.environ[DATABASE_VARIABLE]
        locks.hold_as_dbt(Path(creds.path).parent)
        _format_what_is_written()
        code = versions.code_sha256() + versions.lock_sha256()
        self._code = hashlib.sha256(code.encode()).hexdigest()

    def configure_cursor(self, cursor: Any) -> None:
        """Say which code builds: see dbt_project/macros/incremental.sql."""
        cursor.execute(f"set variable code_sha256 = '{self._code}'")


def _format_what_is_written() -> None:
    """dbt formats 22 debug events a node as JSON, before its logger drops them."""
    for logger in get_event_manager().loggers:
        if logger.level not in LESS_THAN_INFO:
            logger.filter = partial(_is_written, logger.filter)


def _is_written(also: Filter, message: EventMsg) -> bool:
    return message.info.level not in LESS_THAN_INFO and also(message)
