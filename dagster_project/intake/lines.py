"""Which lines of a delivery say something new, in SQL over `delivered` and raw.

Values are compared as staging reads them: without the spaces around them, and empty is
missing. Keys come from the readers like that, so that they can be joined as they are.
"""

from dataclasses import dataclass, replace

import duckdb

from dagster_project.intake.contracts import Contract
from dagster_project.intake.load_log import Delivery


@dataclass(frozen=True)
class Stored:
    """Lines of one file by what became of them; closings are rows and no lines.

    `unknown_keys` are stored lines whose key the mapping of the file does not know.
    """

    stored: int
    unchanged: int
    unreadable: int
    closed: int
    unknown_keys: int = 0

    @property
    def lost_keys(self) -> bool:
        """Whether some lines may be those of keys that seem to be gone."""
        return bool(self.unreadable or self.unknown_keys)


def store(
    connection: duckdb.DuckDBPyConnection,
    contract: Contract,
    delivery: Delivery,
    load_id: int,
    closes: bool = True,
) -> Stored:
    """Put what is new of `delivered`, and all of `rejected`, into raw.

    A full extract closes the keys that it no longer holds; but one with unreadable
    lines, or with keys that its mapping does not know, closes nothing, for these may be
    the lines of the keys that seem to be gone.
    Nor does a part of one (`closes`): see `close_missing`.
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
    """Close what no part of a full extract holds; how many keys.

    `delivered` holds the keys of all parts, and `delivery` is the last of them.
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
    """`repeated_keys`, in lower case: on several lines, or known in other capitals.

    A key is known as it was first stored on a line of its own. One that differs from
    it only in capitals would be a second record of the same thing.
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
    """`known`: the last row of each key, for the keys that can matter.

    A full extract is held against everything, a delta only against its own keys, be
    they written in other capitals. `_is_certain`: any row of the key was the only one
    of its file. `_is_last`: no later row has the key in other capitals.
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
        from raw.{contract.extract} as stored {own_keys}
        where {_has_key(contract)}
        qualify row_number() over (
            partition by {keys} order by _extracted_at desc, _load_id desc
        ) = 1
        """
    )


def _new_lines(contract: Contract) -> str:
    """Insert lines that differ from those stored, and all lines of a repeated key."""
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
        insert into raw.{contract.extract} (
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
    """Close what a full extract no longer holds: a row of its key and nothing else.

    What it holds in other capitals is not gone.
    """
    keys = ", ".join(contract.key_columns)
    return f"""
        insert into raw.{contract.extract} (
            _load_id, _extracted_at, _force_code,
            _is_key_repeated, _is_closing, {keys}
        )
        select $load_id, $extracted_at, $force_code, false, true, {keys}
        from known
        anti join delivered using ({keys})
        where not known._is_closing and not {_is_repeated(contract, "known")}
    """
