"""Deliveries in several files with one extraction time (`part_count` in extracts.csv).

All parts are read before the first one is stored. They are held together and refused
together, and a key is closed only if none of the parts contains it.
"""

from collections.abc import Sequence
from dataclasses import replace

import duckdb

from dagster_project.errors import DeliveryError
from dagster_project.intake import lines
from dagster_project.intake.contracts import Contract
from dagster_project.intake.header import Reading
from dagster_project.intake.lines import Stored
from dagster_project.intake.load_log import Delivery

TABLES = ("delivered", "rejected")


def set_aside(connection: duckdb.DuckDBPyConnection, part: int) -> None:
    """Keep the tables that were read from a part while the next part is read."""
    for table in TABLES:
        connection.execute(f"drop table if exists {table}_{part}")
        connection.execute(f"alter table {table} rename to {table}_{part}")


def refuse_shared_keys(
    connection: duckdb.DuckDBPyConnection,
    contract: Contract,
    parts: Sequence[Delivery],
) -> None:
    """Refuse a delivery if two of its parts have the same key, ignoring case.

    Raises:
        DeliveryError: a key is in two parts.
    """
    keys = ", ".join(contract.key_columns)
    lower_keys = ", ".join(f"lower({key}) as {key}" for key in contract.key_columns)
    each = " union all ".join(
        f"select distinct {lower_keys}, {part} as part from delivered_{part}"
        for part in range(len(parts))
    )
    shared = connection.execute(
        f"select {keys} from ({each}) where {contract.key_columns[0]} is not null"
        " group by all having count(*) > 1 order by all"
    ).fetchall()
    if shared:
        names = " and ".join(part.file_name for part in parts)
        example = ", ".join(str(value) for value in shared[0])
        raise DeliveryError(
            f"{names}: {len(shared):,} keys are in more than one part of this"
            f" delivery ({', '.join(contract.key_columns)}: {example}). Nothing of it"
            " was taken. Ask for parts without lines in common."
        )


def store(
    connection: duckdb.DuckDBPyConnection,
    contract: Contract,
    parts: Sequence[tuple[int, Delivery, Reading]],
) -> list[Stored]:
    """Store the parts that were set aside; keys that no part contains are closed.

    Args:
        parts: (load id, file, reading) of each part.

    Returns:
        Numbers of lines of each part. Closed keys count with the last part.
    """
    keys = ", ".join(contract.key_columns)
    each = " union all ".join(
        f"select {keys} from delivered_{part}" for part in range(len(parts))
    )
    connection.execute(f"create or replace temp table part_keys as {each}")
    stored = []
    for part, (load_id, delivery, _) in enumerate(parts):
        for table in TABLES:
            connection.execute(f"drop table if exists {table}")
            connection.execute(f"alter table {table}_{part} rename to {table}")
        stored.append(
            lines.store(connection, contract, delivery, load_id, closes=False)
        )
    if contract.delivery == "full" and not any(each.lost_keys for each in stored):
        connection.execute("alter table part_keys rename to delivered")
        load_id, delivery, _ = parts[-1]
        closed = lines.close_missing(connection, contract, delivery, load_id)
        stored[-1] = replace(stored[-1], closed=closed)
        connection.execute("drop table delivered; drop table known")
    connection.execute("drop table if exists part_keys")
    return stored
