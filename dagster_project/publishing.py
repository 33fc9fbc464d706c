"""The published file: what analysts and reports read while dbt works elsewhere.

Each publish writes a new file and then swaps the link `current.duckdb`, so that an open
reader keeps what it has and the next one gets the new version. A plain rename over one
fixed name is not enough: a crashed reader's stray `.wal` would break every later open.
"""

from dataclasses import dataclass
from pathlib import Path

import duckdb

from dagster_project.paths import Home
from dagster_project.sources.register import SETTINGS, transaction

SCHEMAS = ("marts", "reporting")
# A view of marts reads staging, which is not published.
SCHEMA_OF_VIEWS = "reporting"
# Written so that clients as old as DuckDB 1.2 can read it.
STORAGE_VERSION = "v1.2.0"
KEPT_VERSIONS = 3


@dataclass(frozen=True)
class Published:
    """The new version's file, and its tables with their rows."""

    path: Path
    rows: dict[str, int]


def publish(home: Home) -> Published:
    """Copy marts, report tables and their views into a new version; make it current."""
    home.published.mkdir(parents=True, exist_ok=True)
    target = home.published / f"warehouse_{_last_version(home) + 1}.duckdb"
    partial = target.with_suffix(".partial")
    # A run that was killed may have left its half, and the log of it.
    for left_over in (partial, partial.with_suffix(".partial.wal")):
        left_over.unlink(missing_ok=True)
    rows = _copy(home.warehouse, partial)
    partial.chmod(0o444)
    partial.replace(target)
    _point_to(home.current, target)
    _remove_old(home)
    return Published(target, rows)


def _versions(home: Home) -> dict[int, Path]:
    found = home.published.glob("warehouse_*.duckdb")
    return {int(path.stem.removeprefix("warehouse_")): path for path in found}


def _last_version(home: Home) -> int:
    return max(_versions(home), default=0)


def _copy(source: Path, target: Path) -> dict[str, int]:
    rows = {}
    with duckdb.connect(config=SETTINGS) as connection:
        connection.execute(f"attach {sql_text(source)} as work (read_only)")
        connection.execute(
            f"attach {sql_text(target)} as public (storage_version '{STORAGE_VERSION}')"
        )
        # The views' statements name schemas, and no database.
        connection.execute("use public")
        with transaction(connection):
            for schema in SCHEMAS:
                connection.execute(f"create schema public.{schema}")
                for table in _tables(connection, schema):
                    name = f"{schema}.{table}"
                    made = connection.execute(
                        f"create table public.{name} as from work.{name}"
                    )
                    rows[name] = made.fetchall()[0][0]
            for statement in _views(connection):
                connection.execute(statement)
    return rows


def sql_text(path: Path) -> str:
    """The path as SQL text: `attach` takes no parameters."""
    return "'" + str(path).replace("'", "''") + "'"


def _tables(connection: duckdb.DuckDBPyConnection, schema: str) -> list[str]:
    found = connection.execute(
        "select table_name from information_schema.tables"
        " where table_catalog = 'work' and table_schema = ?"
        " and table_type = 'BASE TABLE' order by table_name",
        [schema],
    )
    return [name for (name,) in found.fetchall()]


def _views(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """The statements that make the views of the report tables again."""
    found = connection.execute(
        "select sql from duckdb_views() where database_name = 'work'"
        " and schema_name = ? order by view_name",
        [SCHEMA_OF_VIEWS],
    )
    return [sql for (sql,) in found.fetchall()]


def _point_to(link: Path, target: Path) -> None:
    new = link.with_suffix(".new")
    new.unlink(missing_ok=True)
    new.symlink_to(target.name)
    new.replace(link)


def _remove_old(home: Home) -> None:
    versions = _versions(home)
    for version in sorted(versions)[:-KEPT_VERSIONS]:
        versions[version].unlink()
