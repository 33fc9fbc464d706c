"""Checks each value of a seed against the rules of its column, and each key."""

import re
from collections.abc import Iterator

import duckdb

from dagster_project.configuration.declarations import Column, Seed
from dagster_project.configuration.files import File
from dagster_project.configuration.mistakes import Mistake

WHOLE = (r"[+-]?\d+", "not a whole number")
NUMBER = (
    r"[+-]?\d+(\.\d+)?",
    "not a number (digits, with a point before the decimals)",
)
# Type → (expression that a value must match, words for other values). DuckDB alone
# would accept `yes` as true and convert 1.5 to 2.
PATTERNS = {
    "boolean": (r"true|false", "not a boolean (true or false)"),
    "integer": WHOLE,
    "bigint": WHOLE,
    "double": NUMBER,
    "decimal": NUMBER,
    "date": (r"\d{4}-\d\d-\d\d", "not a date (YYYY-MM-DD)"),
    "timestamp": (
        r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d",
        "not a time (YYYY-MM-DDTHH:MM:SS)",
    ),
}


def mistakes(
    connection: duckdb.DuckDBPyConnection, file: File, seed: Seed
) -> list[Mistake]:
    """Return the mistakes in the values of one seed.

    Args:
        connection: any connection, used only to evaluate SQL expressions.
    """
    columns = [column for column in seed.columns if column.name in file.header]
    found = []
    for column in columns:
        found += _missing(file, column)
        found += _of_another_type(connection, file, column)
        found += _not_accepted(file, column)
        found += _breaking(connection, file, columns, column)
        if column.is_unique:
            found += _repeated(file, (column.name,), nulls_are_equal=False)
    names = {column.name for column in columns}
    for key in seed.keys:
        if names.issuperset(key):
            found += _repeated(file, key, nulls_are_equal=True)
    return found


def _missing(file: File, column: Column) -> Iterator[Mistake]:
    for number, cells in file.rows:
        if column.is_required and cells[column.name] is None:
            yield file.mistake(number, column.name, "is empty; it is required")


def _of_another_type(
    connection: duckdb.DuckDBPyConnection, file: File, column: Column
) -> Iterator[Mistake]:
    kind = column.type.split("(")[0]
    if kind not in PATTERNS:
        return
    pattern, words = PATTERNS[kind]
    found = file.values(column.name)
    cast = f"select try_cast(unnest(?::varchar[]) as {column.type}) is not null"
    fits = connection.execute(cast, [[value for _, value in found]]).fetchall()
    for (number, value), (is_cast,) in zip(found, fits, strict=True):
        if not re.fullmatch(pattern, value):
            yield file.mistake(number, column.name, f"'{value}' is {words}")
        elif not is_cast:
            # For instance 2021-02-30, or a number with too many digits.
            text = f"'{value}' is not a valid {column.type}"
            yield file.mistake(number, column.name, text)


def _not_accepted(file: File, column: Column) -> Iterator[Mistake]:
    for number, value in file.values(column.name):
        if column.accepted and value not in column.accepted:
            text = f"'{value}' is not one of: {', '.join(column.accepted)}"
            yield file.mistake(number, column.name, text)


def _breaking(
    connection: duckdb.DuckDBPyConnection,
    file: File,
    columns: list[Column],
    column: Column,
) -> Iterator[Mistake]:
    """Yield rows that break a check constraint, which DuckDB evaluates as dbt would."""
    if not column.checks:
        return
    typed = ", ".join(
        f'try_cast(unnest(?::varchar[]) as {each.type}) as "{each.name}"'
        for each in columns
    )
    cells = [[cells[each.name] for _, cells in file.rows] for each in columns]
    values = dict(file.values(column.name))
    for check in column.checks:
        rows = connection.execute(
            f"select _row from (select unnest(?::bigint[]) as _row, {typed})"
            f" where not ({check})",
            [[number for number, _ in file.rows], *cells],
        ).fetchall()
        for (number,) in rows:
            text = f"'{values.get(number, '')}' breaks the rule: {check}"
            yield file.mistake(number, column.name, text)


def _repeated(
    file: File, names: tuple[str, ...], nulls_are_equal: bool
) -> Iterator[Mistake]:
    first: dict[tuple, tuple[str, int]] = {}
    for number, cells in file.rows:
        values = tuple(cells[name] for name in names)
        if None in values and not nulls_are_equal:
            continue
        place = file.place(number)
        if values in first:
            said = ", ".join(value or "(empty)" for value in values)
            where, row = first[values]
            words = f"row {row}" if where == place[0] else f"{where}, row {row}"
            text = f"'{said}' is already in {words}"
            yield file.mistake(number, " + ".join(names), text)
        first.setdefault(values, place)
