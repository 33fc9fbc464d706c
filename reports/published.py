"""Reads the schema `reporting` of a published file: rows as dictionaries."""

from __future__ import annotations

import json
import re
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb

from reports.grid import Row

IDENTIFIER = re.compile(r"[a-z][a-z0-9_]*")


class PackError(Exception):
    """A pack cannot be drawn; the message is one sentence with the remedy."""


@contextmanager
def open_read_only(database: Path):
    """Open the file read-only, without downloads of extensions.

    Raises:
        PackError: DuckDB cannot open or read the file.
    """
    offline = {
        "autoinstall_known_extensions": "false",
        "autoload_known_extensions": "false",
    }
    try:
        with duckdb.connect(str(database), read_only=True, config=offline) as con:
            con.execute("set TimeZone = 'Europe/London'")  # independent of the machine
            yield con
    except duckdb.Error as error:
        first_line = str(error).splitlines()[0]
        raise PackError(
            f"The report cannot be read from {database} ({first_line}); "
            "build and publish the warehouse first, then draw the pack again."
        ) from error


def rows_of(*args: Any) -> list[Row]:
    """Return the rows of one `reporting` table for (quarter, force code)."""
    types, rows = query(*args)
    return [dict(zip(types, values, strict=True)) for values in rows]


def query(
    con: duckdb.DuckDBPyConnection,
    table: str,
    key: tuple[str, str],
    order_by: str | None = None,
) -> tuple[dict[str, str], list[tuple[Any, ...]]]:
    """Return columns with their DuckDB types, and rows, without the two filter
    columns.
    """
    if not IDENTIFIER.fullmatch(table):
        raise PackError(
            f"{table!r} is not a valid table name; correct"
            " seeds/layout/report_tables.csv."
        )
    ordered = f" order by {order_by}" if order_by else ""
    result = con.execute(
        f"select * exclude (quarter, force_code) from reporting.{table} "
        f"where quarter = ? and force_code = ?{ordered}",
        list(key),
    )
    return {c[0]: str(c[1]) for c in result.description}, result.fetchall()


def nothing_for(con: duckdb.DuckDBPyConnection, quarter: str, force: str) -> str:
    known = con.execute(
        "select force_code, string_agg(quarter, ', ' order by quarter) "
        "from reporting.rpt_reports group by force_code order by force_code"
    ).fetchall()
    have = "; ".join(f"{code}: {quarters}" for code, quarters in known)
    return (
        f"There is no report for quarter {quarter!r} and force {force!r}; "
        f"choose one of these (force: quarters): {have or 'none, the file is empty'}."
    )


def figure_ids(
    con: duckdb.DuckDBPyConnection, key: tuple[str, str]
) -> dict[tuple[str, int, str], str]:
    """Return the figure id of each cell with a number: table, row position, column."""
    found = con.execute(
        "select table_name, row_position, column_name, figure_id "
        "from reporting.rpt_cells where quarter = ? and force_code = ? "
        "and number_format <> 'text' and figure_id is not null",
        list(key),
    )
    return {(table, row, column): name for table, row, column, name in found.fetchall()}


def loads_of(con: duckdb.DuckDBPyConnection, force_code: str) -> tuple[Row, ...]:
    """Return every column of the force's loads, as text through JSON."""
    statement = (
        "select to_json(loads)::varchar from reporting.rpt_loads as loads "
        "where force_code = ? order by 1"
    )
    return tuple(
        json.loads(r[0]) for r in con.execute(statement, [force_code]).fetchall()
    )
