"""What the home that a file is meant for has already: read, and never written to."""

import duckdb

from dagster_project.paths import Home
from dagster_project.sources.contracts import Contract
from dagster_project.sources.register import Delivery, DeliveryError


class InUseError(DeliveryError):
    """Another process writes to the home, or this user may not read it."""


def attach(connection: duckdb.DuckDBPyConnection, home: Home | None) -> None:
    """Open the home's work file as `known`, and copy its register.

    A home without one has taken nothing yet.

    Raises:
        InUseError: the work file cannot be read now.
    """
    if home is None or not home.warehouse.exists():
        connection.execute("attach ':memory:' as known; create schema known.raw")
        connection.execute("create table known.raw.loads as from raw.loads limit 0")
        return
    path = str(home.warehouse).replace("'", "''")
    try:
        connection.execute(f"attach '{path}' as known (read_only)")
    except duckdb.IOException as error:
        raise InUseError(
            f"{home.warehouse}: cannot be read now ({str(error).splitlines()[0]})."
            " Look again when the run that is at work there has ended, or leave DATA"
            " out to look at the file by itself."
        ) from error
    _copy(connection, "loads", "true", [])


def detach(connection: duckdb.DuckDBPyConnection) -> None:
    """Let go of the home."""
    connection.execute("detach known")


def copy_lines(
    connection: duckdb.DuckDBPyConnection, contract: Contract, delivery: Delivery
) -> None:
    """Copy the rows with which the delivery is compared.

    Those that had been extracted before it; for a delta those of its own keys, be they
    written in other letters.
    """
    condition = "_extracted_at < ?"
    if contract.delivery == "delta":
        same = " and ".join(
            f"lower(delivered.{key}) = lower(known_lines.{key})"
            for key in contract.key_columns
        )
        condition += f" and exists (from delivered where {same})"
    _copy(connection, contract.extract, condition, [delivery.extracted_at])


def taken_as(connection: duckdb.DuckDBPyConnection, delivery: Delivery) -> int | None:
    """The load id under which the home has these bytes of this moment."""
    return connection.execute(
        "select max(load_id) from raw.loads where extract = ? and sha256 = ?"
        " and extracted_at = ? and status = 'loaded'",
        [delivery.extract, delivery.sha256, delivery.extracted_at],
    ).fetchall()[0][0]


def taken_after(connection: duckdb.DuckDBPyConnection, delivery: Delivery) -> int:
    """How many deliveries that were taken were extracted after this one."""
    return connection.execute(
        "select count(*) from raw.loads where extract = ? and extracted_at > ?"
        " and status = 'loaded'",
        [delivery.extract, delivery.extracted_at],
    ).fetchall()[0][0]


def _copy(
    connection: duckdb.DuckDBPyConnection,
    table: str,
    condition: str,
    parameters: list[object],
) -> None:
    """Rows of a known raw table, in the columns that both homes have."""
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
