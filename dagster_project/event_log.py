"""Where Dagster keeps what happened in each run: its own SQLite files, one engine each.

Dagster's storage makes a new engine for every event, up to three for an asset or a
check, and closes the file each time, upon which SQLite empties its write-ahead log: a
sixth of the time of a whole run. This one makes one engine for each file, with the pool
of open connections that SQLAlchemy gives it. The files, tables and queries are
Dagster's own.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache

from dagster._core.storage.event_log import SqliteEventLogStorage
from dagster._core.storage.event_log.sqlite.sqlite_event_log import INDEX_SHARD_NAME
from dagster._core.storage.sqlite import SQLITE_BUSY_TIMEOUT_SECONDS
from sqlalchemy import Connection, Engine, create_engine, event, inspect

# A run's file and the index are all that a process works on at a time.
ENGINES_KEPT = 8


class OneEngineEach(SqliteEventLogStorage):
    """SqliteEventLogStorage with an engine per file instead of one per event."""

    @classmethod
    def from_config_value(cls, inst_data, config_value) -> "OneEngineEach":
        return cls(inst_data=inst_data, **config_value)

    def has_table(self, table_name: str) -> bool:
        address = self.conn_string_for_shard(INDEX_SHARD_NAME)
        with _engine(address).connect() as connection:
            return inspect(connection).has_table(table_name)

    @contextmanager
    def _connect(self, shard: str) -> Iterator[Connection]:
        with self._db_lock:
            engine = _engine(self.conn_string_for_shard(shard))
            if shard not in self._initialized_dbs:
                self._initdb(engine)
                self._initialized_dbs.add(shard)
            with engine.begin() as connection:
                yield connection


@lru_cache(maxsize=ENGINES_KEPT)
def _engine(address: str) -> Engine:
    engine = create_engine(
        address, connect_args={"timeout": SQLITE_BUSY_TIMEOUT_SECONDS}
    )
    event.listen(engine, "connect", _wait_for_the_disk_at_checkpoints_only)
    return engine


def _wait_for_the_disk_at_checkpoints_only(connection, _) -> None:
    """With a write-ahead log a crash then costs the last events, never the file."""
    connection.execute("pragma synchronous = normal")
