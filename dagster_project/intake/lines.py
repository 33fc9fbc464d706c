"""Finds the new and changed lines of a delivery, in SQL over `delivered` and raw.

Values are compared as staging reads them: spaces around a value are ignored, and an
empty text equals a missing value. The readers have already trimmed keys, so keys are
joined unchanged.
"""

from dataclasses import dataclass, replace

import duckdb

from dagster_project.intake.contracts import Contract
from dagster_project.intake.load_log import Delivery


@dataclass(frozen=True)
class Stored:
    """Numbers of lines of one file, by what became of them.

    Args:
        stored: new or changed lines, which are now in raw.
        unchanged: lines that were known already.
        unreadable: lines that could not be split.
        closed: closing rows (tombstones); these are not delivered lines.
        unknown_keys: stored lines whose key the file's mapping could not convert.
    """

    stored: int
    unchanged: int
    unreadable: int
    closed: int
    unknown_keys: int = 0

    @property
    def lost_keys(self) -> bool:
        """Whether some records may seem absent because their keys could not be read."""
        return bool(self.unreadable or self.unknown_keys)


def store(
    connection: duckdb.DuckDBPyConnection,
    contract: Contract,
    delivery: Delivery,
    load_id: int,
    closes: bool = True,
) -> Stored:
    """Store the new and changed lines of `delivered`, and all lines of `rejected`.

    A full extract closes the keys that it no longer contains. It closes nothing if it
    has unreadable lines, or keys that its mapping could not convert, because these may
    be the keys that seem absent.

    Args:
        closes: False for one part of a delivery in parts, which must not close the keys
            of the other parts; see `close_missing`.
    """
    parameters = {
        "load_id": load_id,
        "extracted_at": delivery.extracted_at,
        "force_code": delivery.force_code,
    }
    _find_known(connection, contract)
    _find_repeated(connection, contract)
    stored = _insert(connection, _new_lines(contract), parameters)
    unreadable = _insert(
        connection,
        "insert into raw.unreadable_lines"
        " select $load_id, line, line_text, reason from rejected",
        {"load_id": load_id},
    )
    read, unknown_keys = connection.execute(
        "select count(*), count(*) filter (where list_has_any(_not_mapped, ?))"
        " from delivered",
        [list(contract.key_columns)],
    ).fetchall()[0]
    result = Stored(stored, read - stored, unreadable, 0, unknown_keys)
    if contract.delivery == "full" and closes and not result.lost_keys:
        closed = _insert(connection, _closings(contract), parameters)
        result = replace(result, closed=closed)
    for table in ("delivered", "rejected", "known", "repeated_keys"):
        connection.execute(f"drop table {table}")
    return result


def close_missing(
    connection: duckdb.DuckDBPyConnection,
    contract: Contract,
    delivery: Delivery,
    load_id: int,
) -> int:
    """Close the keys that no part of a full extract contains.

    Args:
        delivery: the last part; `delivered` has the keys of all parts.

    Returns:
        The number of keys that were closed.
    """
    _find_known(connection, contract)
    _find_repeated(connection, contract)
    parameters = {
        "load_id": load_id,
        "extracted_at": delivery.extracted_at,
        "force_code": delivery.force_code,
    }
    return _insert(connection, _closings(contract), parameters)


def _insert(connection: duckdb.DuckDBPyConnection, sql: str, parameters: dict) -> int:
    return connection.execute(sql, parameters).fetchall()[0][0]


def _same_key(contract: Contract, table: str) -> str:
    """Condition: a line of `delivered` has the key of a row of `table`."""
    return " and ".join(
        f"delivered.{key} = {table}.{key}" for key in contract.key_columns
    )


def _same_key_in_any_case(contract: Contract, table: str) -> str:
    """Condition: a line of `delivered` has the key of a row of `table`, in any case."""
    return " and ".join(
        f"lower(delivered.{key}) = lower({table}.{key})" for key in contract.key_columns
    )


def _is_repeated(contract: Contract, table: str) -> str:
    """Condition: the key of a row of `table` is one of `repeated_keys`."""
    same = " and ".join(
        f"lower({table}.{key}) = repeated_keys.{key}" for key in contract.key_columns
    )
    return f"exists (from repeated_keys where {same})"


def _has_key(contract: Contract) -> str:
    return " and ".join(f"{key} is not null" for key in contract.key_columns)


def _find_repeated(connection: duckdb.DuckDBPyConnection, contract: Contract) -> None:
    """Create `repeated_keys` (in lower case): keys that cannot identify one record.

    These keys are on several lines of `delivered`, or are known with different
    capitals: `ab1` if `AB1` was first stored on a line of its own. Otherwise `ab1`
    would become a second record of the same thing.
    """
    names = [f"delivered.{key}" for key in contract.key_columns]
    keys = ", ".join(names)
    lower = ", ".join(f"lower({key})" for key in names)
    columns = ", ".join(contract.key_columns)
    connection.execute(
        f"""
        create or replace temp table repeated_keys ({columns}) as
        select {lower}
        from delivered
        where {_has_key(contract)}
        group by all
        having count(*) > 1
        union
        select {lower}
        from delivered
        inner join known on {_same_key_in_any_case(contract, "known")}
        where known._is_certain
        group by {keys}
        having not bool_or({_same_key(contract, "known")})
        """
    )


def _find_known(connection: duckdb.DuckDBPyConnection, contract: Contract) -> None:
    """Create `known`: the last row of each key that can matter for this delivery.

    A full extract is compared with every known key, a delta only with the keys that it
    contains, ignoring case. `_is_certain`: at least one row of the key was the only one
    in its file. `_is_last`: no later row has the key with different capitals.
    """
    keys = ", ".join(contract.key_columns)
    lower_keys = ", ".join(f"lower({key})" for key in contract.key_columns)
    same = _same_key_in_any_case(contract, "stored")
    own_keys = "" if contract.delivery == "full" else f"semi join delivered on {same}"
    connection.execute(
        f"""
        create or replace temp table known as
        select
            *,
            bool_or(not _is_key_repeated) over (partition by {keys}) as _is_certain,
            _load_id = max(_load_id) over (partition by {lower_keys}) as _is_last
        from raw.{contract.table} as stored {own_keys}
        where {_has_key(contract)} and {_is_of_extract(contract)}
        qualify row_number() over (
            partition by {keys} order by _extracted_at desc, _load_id desc
        ) = 1
        """
    )


def _is_of_extract(contract: Contract) -> str:
    """SQL: whether a stored row is of this extract, if its table has several."""
    if not contract.shared:
        return "true"
    loads = f"select load_id from raw.loads where extract = '{contract.extract}'"
    return f"stored._load_id in ({loads})"


def _new_lines(contract: Contract) -> str:
    """SQL that inserts new and changed lines, and all lines of a repeated key."""
    same = " and ".join(
        f"nullif(trim(delivered.{column}), '')"
        f" is not distinct from nullif(trim(known.{column}), '')"
        for column in contract.columns
    )
    same += " and delivered._not_mapped is not distinct from known._not_mapped"
    columns = ", ".join(contract.columns)
    values = ", ".join(f"delivered.{column}" for column in contract.columns)
    repeated = _is_repeated(contract, "delivered")
    return f"""
        insert into raw.{contract.table} (
            _load_id, _line, _place, _extracted_at, _force_code,
            _is_key_repeated, _is_closing, _added_columns, _delivered, _not_mapped,
            {columns}
        )
        select
            $load_id, delivered._line, delivered._place, $extracted_at, $force_code,
            {repeated}, false, delivered._added_columns, delivered._delivered,
            delivered._not_mapped, {values}
        from delivered
        where {repeated} or not exists (
            from known
            where {_same_key(contract, "known")}
                and not known._is_closing and not known._is_key_repeated
                and known._is_last and {same}
        )
    """


def _closings(contract: Contract) -> str:
    """SQL that inserts a closing row (its key alone) for each key not delivered.

    A key that is delivered with different capitals is not closed.
    """
    keys = ", ".join(contract.key_columns)
    return f"""
        insert into raw.{contract.table} (
            _load_id, _extracted_at, _force_code,
            _is_key_repeated, _is_closing, {keys}
        )
        select $load_id, $extracted_at, $force_code, false, true, {keys}
        from known
        anti join delivered using ({keys})
        where not known._is_closing and not {_is_repeated(contract, "known")}
    """
