"""Applies the contract's rules, with dbt's own models, to the lines of one load."""

import subprocess

import duckdb

from dagster_project import settings
from dagster_project.errors import DeliveryError
from dagster_project.inspection.outcome import Staged
from dagster_project.intake import contracts
from dagster_project.intake.contracts import Contract
from dagster_project.settings import Home
from dagster_project.stores import SETTINGS
from dagster_project.transform import manifest

UNKNOWN_VALUES = "int_unknown_values"
LEFT_OUT = "int_lines_left_out"
DATES = ("date", "timestamp")


def stage(scratch: Home, contract: Contract, load_id: int) -> Staged:
    """Build the extract's staging in the scratch home; return the result of a load.

    Raises:
        DeliveryError: dbt failed; the message has its output.
    """
    manifest.prepared()
    model = f"stg_force__{contract.table}"
    _build(f"+{model}", f"+{UNKNOWN_VALUES}", f"+{LEFT_OUT}")
    with duckdb.connect(str(scratch.warehouse), config=SETTINGS) as connection:
        connection.execute(
            "create temp table lines as"
            f" select * from staging.{model} where _load_id = ? and not _is_closing",
            [load_id],
        )
        return Staged(
            held_lines=_counts(connection, "quarantine_reasons[1]"),
            reasons=_counts(connection, "unnest(quarantine_reasons)"),
            unknown_values=_unknown_values(connection, contract, load_id),
            months=_months(connection, contract),
            stops_a_run=_stops_a_run(connection, load_id),
        )


def _build(*selected: str) -> None:
    dbt = [str(settings.DBT_EXECUTABLE), "--quiet", "--no-use-colors"]
    command = [*dbt, "build", "--full-refresh"]
    kinds = ("--resource-type", "seed", "--resource-type", "model")
    built = subprocess.run(
        [*command, "--no-write-json", *kinds, "--select", *selected],
        cwd=settings.DBT_PROJECT,
        capture_output=True,
        text=True,
        check=False,
    )
    if built.returncode:
        raise DeliveryError(
            "the rules of the contract could not be applied, because dbt failed:"
            f"\n{built.stdout.strip()}"
        )


def _counts(connection: duckdb.DuckDBPyConnection, reason: str) -> dict[str, int]:
    rows = connection.execute(
        f"select reason, count(*) from (select {reason} as reason from lines"
        " where is_held) group by all order by all"
    ).fetchall()
    return dict(rows)


def _stops_a_run(connection: duckdb.DuckDBPyConnection, load_id: int) -> bool:
    found = connection.execute(
        f"from intermediate.{LEFT_OUT} where load_id = ?"
        " and (is_held_above_limit or is_unreadable_above_limit)",
        [load_id],
    )
    return bool(found.fetchall())


def _unknown_values(
    connection: duckdb.DuckDBPyConnection, contract: Contract, load_id: int
) -> tuple[tuple[str, str, int], ...]:
    rows = connection.execute(
        "select column_name, value, count(*)"
        f" from intermediate.{UNKNOWN_VALUES}"
        " where extract = ? and load_id = ? group by all order by all",
        [contract.extract, load_id],
    ).fetchall()
    return tuple(rows)


def _months(
    connection: duckdb.DuckDBPyConnection, contract: Contract
) -> tuple[tuple[str, str, str, int], ...]:
    """Return (column, first month, last month, accepted lines) of required date
    columns.
    """
    found = []
    for column in contracts.declaration(contract.table)["columns"]:
        if column["data_type"] in DATES and contracts.meta(column).get("required"):
            name = column["name"]
            found += connection.execute(
                f"select ?, strftime(min({name}), '%Y-%m'),"
                f" strftime(max({name}), '%Y-%m'), count(*) from lines"
                " where not is_held having count(*) > 0",
                [name],
            ).fetchall()
    return tuple(found)
