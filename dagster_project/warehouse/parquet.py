"""The marts of the published version as Parquet files, for clients without DuckDB.

`published/parquet/warehouse_<n>/` has a file for each mart and `manifest.json`, which
describes them: rows, columns with their types and descriptions, and each file's hash.
They are written on request, or by each run if the home's published_formats.csv says so.
"""

import json
from dataclasses import dataclass
from pathlib import Path

import duckdb

from dagster_project import configuration, stores
from dagster_project.intake.reading.readers import sha256
from dagster_project.settings import Home
from dagster_project.stores import sql_text
from dagster_project.warehouse import snapshot

SCHEMA = "marts"
MANIFEST = "manifest.json"
FORMATS = "published_formats"
DESCRIBED = """
    select
        table_name,
        any_value(described.comment) as description,
        list(
            {
                'name': column_name,
                'type': data_type,
                'description': columns.comment
            }
            order by column_index
        ) as columns
    from duckdb_columns() as columns
    inner join (
        select schema_name, table_name, comment from duckdb_tables()
        union all
        select schema_name, view_name, comment from duckdb_views()
    ) as described
        using (schema_name, table_name)
    where schema_name = $schema
    group by table_name
    order by table_name
"""


@dataclass(frozen=True)
class Export:
    """The folder of a version's Parquet files, and whether it was there already."""

    folder: Path
    was_there: bool


def write(home: Home) -> Export:
    """Write the marts of the current version, unless that was done before.

    Raises:
        DeliveryError: nothing is published yet, or the published file is damaged.
    """
    with snapshot.reading(home) as connection:
        version = home.current.resolve().stem
        folder = snapshot.parquet_of(home, version)
        was_there = folder.exists()
        if not was_there:
            with stores.replacing(folder) as partial:
                partial.mkdir()
                _write(connection, version, partial)
                stores.freeze(partial)
    snapshot.point_to(folder.with_name("current"), folder)
    return Export(folder, was_there)


def is_wanted(home: Home) -> bool:
    """Whether the home's configuration wants the files of each version."""
    rows = configuration.rows(FORMATS, home)
    return {row["file_format"]: row["is_written"] for row in rows}["parquet"] == "true"


def _write(connection: duckdb.DuckDBPyConnection, version: str, folder: Path) -> None:
    tables = [
        {"name": f"{SCHEMA}.{name}", "description": description}
        | _export(connection, name, folder / f"{name}.parquet")
        | {"columns": columns}
        for name, description, columns in connection.execute(
            DESCRIBED, {"schema": SCHEMA}
        ).fetchall()
    ]
    manifest = {"made_from": f"{version}.duckdb", "tables": tables}
    text = json.dumps(manifest, indent=2, ensure_ascii=False)
    (folder / MANIFEST).write_text(f"{text}\n", encoding="utf-8")


def _export(
    connection: duckdb.DuckDBPyConnection, name: str, path: Path
) -> dict[str, str | int]:
    """Write one mart; its file, rows, bytes and hash."""
    rows = connection.execute(
        f"copy {SCHEMA}.{name} to {sql_text(path)} (format parquet, compression zstd)"
    ).fetchall()[0][0]
    size = path.stat().st_size
    return {"file": path.name, "rows": rows, "bytes": size, "sha256": sha256(path)}
