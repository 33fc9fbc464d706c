"""Writes and reads the restricted file of a published version: ids and free text.

`keys` has the id of each key of the published file (`record_key`, `record_id`). The
tables of which the published file lacks a free text are here as in the work file.
"""

import os
import shutil
from pathlib import Path

import duckdb

from dagster_project import stores
from dagster_project.settings import Home
from dagster_project.stores import SETTINGS, sql_text
from dagster_project.warehouse import projection
from dagster_project.warehouse.checksums import Files
from dagster_project.warehouse.projection import CRIME_MEASURES, CRIMES

KEYS = "keys"
COMMENT = "One row per key of the published file, with the id that it stands for."


def write(files: Files, last: Path, after: int | None) -> None:
    """Write the file.

    Args:
        files: the work file, and the file to write.
        last: the file of the last version.
        after: the last load of the last version, whose keys are kept; None if all keys
            must be written again.
    """
    if after is not None:
        try:
            shutil.copyfile(last, files.copied)
            _write(files, after)
        except (FileNotFoundError, duckdb.Error) as error:
            if stores.is_full(error):
                raise
            files.copied.unlink(missing_ok=True)
        else:
            return
    _write(files, None)


def _write(files: Files, after: int | None) -> None:
    with duckdb.connect(config=SETTINGS) as connection:
        connection.execute(f"attach {sql_text(files.work)} as work (read_only)")
        connection.execute(
            f"attach {sql_text(files.copied)} as ids"
            f" (storage_version '{stores.STORAGE_VERSION}')"
        )
        tables = projection.tables(connection, files.key_secret, files.schemas)
        connection.execute(
            f"create table if not exists ids.{KEYS}"
            " (record_key varchar not null, record_id varchar not null)"
        )
        connection.execute(f"comment on table ids.{KEYS} is {sql_text(COMMENT)}")
        queries = [
            query + (f" where load_id > {after}" if after and name == CRIMES else "")
            for name, table in tables.items()
            if name != CRIME_MEASURES
            for query in table.ids
        ]
        if queries:
            connection.execute(
                f"insert into ids.{KEYS}"
                f" select {projection.KEY.format('record_id')}, record_id"
                f" from ({' union '.join(queries)})"
                f" anti join ids.{KEYS} using (record_id) where record_id is not null"
            )
        for schema in files.schemas:
            connection.execute(f"create schema if not exists ids.{schema}")
        for name, table in tables.items():
            if table.lacks_text:
                connection.execute(
                    f"create or replace table ids.{name} as from work.{name}"
                )
        connection.execute("checkpoint ids")


def attach(home: Home, connection: duckdb.DuckDBPyConnection) -> bool:
    """Attach the file of the current version as `restricted`, if it may be read."""
    path = home.restricted / home.current.resolve().name
    if not os.access(path, os.R_OK, effective_ids=True):
        return False
    connection.execute(f"attach {sql_text(path)} as restricted (read_only)")
    return True
