"""Reads what is already known in the home for which a file is meant."""

from collections.abc import Iterable

import duckdb

from dagster_project import stores
from dagster_project.intake.contracts import Contract
from dagster_project.intake.load_log import Delivery
from dagster_project.settings import Home

LOOK_AGAIN = (
    "Check again when the run that uses this home has ended, or leave DATA out to check"
    " the file alone."
)


def copy(
    connection: duckdb.DuckDBPyConnection,
    contract: Contract,
    delivery: Delivery,
    home: Home | None,
) -> None:
    """Copy the load log, and the rows with which the parts of a delivery are compared.

    These are rows that were extracted before it and, for a delta, have one of its keys
    (ignoring case). Nothing is copied from a home without a work file.

    Raises:
        DeliveryError: the work file cannot be read now.
    """
    if home is None or not home.warehouse.exists():
        return
    condition = "_extracted_at < ?"
    if contract.delivery == "delta":
        same = " and ".join(
            f"lower(delivered.{key}) = lower(known_lines.{key})"
            for key in contract.key_columns
        )
        condition += f" and exists (from delivered where {same})"
    path = stores.sql_text(home.warehouse)
    with stores.readable(home.warehouse, LOOK_AGAIN):
        connection.execute(f"attach {path} as known (read_only)")
        _copy(connection, "loads", "true", [])
        _copy(connection, contract.table, condition, [delivery.extracted_at])
        connection.execute("detach known")


def taken_as(connection: duckdb.DuckDBPyConnection, delivery: Delivery) -> int | None:
    """Return the load id if the home has loaded this file by this mapping, or None."""
    return connection.execute(
        "select max(load_id) from raw.loads where extract = ? and sha256 = ?"
        " and extracted_at = ? and status = 'loaded'"
        " and mapping_sha256 is not distinct from ?",
        [
            *(delivery.extract, delivery.sha256, delivery.extracted_at),
            delivery.mapping_sha256,
        ],
    ).fetchall()[0][0]


def taken_after(connection: duckdb.DuckDBPyConnection, delivery: Delivery) -> int:
    """Return how many loaded deliveries were extracted after this one."""
    return connection.execute(
        "select count(*) from raw.loads where extract = ? and extracted_at > ?"
        " and status = 'loaded'",
        [delivery.extract, delivery.extracted_at],
    ).fetchall()[0][0]


def waiting_before(
    connection: duckdb.DuckDBPyConnection,
    delivery: Delivery,
    others: Iterable[Delivery],
) -> int:
    """Return how many earlier files no run has read yet."""
    taken = connection.execute(
        "select sha256, extracted_at from raw.loads where extract = ?",
        [delivery.extract],
    ).fetchall()
    earlier = (each for each in others if each.extracted_at < delivery.extracted_at)
    return sum((each.sha256, each.extracted_at) not in taken for each in earlier)


def _copy(
    connection: duckdb.DuckDBPyConnection,
    table: str,
    condition: str,
    parameters: list[object],
) -> None:
    """Copy rows of a raw table, in the columns that both homes have."""
    columns = connection.execute(
        "select string_agg('\"' || column_name || '\"', ', ') from ("
        " select column_name from duckdb_columns()"
        " where schema_name = 'raw' and table_name = ?"
        " group by column_name having count(distinct database_name) = 2)",
        [table],
    ).fetchall()[0][0]
    if columns:
        connection.execute(
            f"insert into raw.{table} by name select {columns}"
            f" from known.raw.{table} as known_lines where {condition}",
            parameters,
        )
