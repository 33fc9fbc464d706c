"""Deliveries in several files with one extraction time (`part_count` in extracts.csv).

All are read before the first one is stored. They are put on hold together and refused
together, and a key is closed only if none of them has it.
"""

from collections.abc import Sequence

import duckdb

from dagster_project.errors import DeliveryError
from dagster_project.intake.contracts import Contract
from dagster_project.intake.load_log import Delivery


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
    shared = connection.execute(
        f"select {keys} from (select {lower_keys}, _file from delivered)"
        f" where {contract.key_columns[0]} is not null"
        " group by all having count(distinct _file) > 1 order by all"
    ).fetchall()
    if shared:
        names = " and ".join(part.file_name for part in parts)
        example = ", ".join(str(value) for value in shared[0])
        raise DeliveryError(
            f"{names}: {len(shared):,} keys are in more than one part of this"
            f" delivery ({', '.join(contract.key_columns)}: {example}). Nothing of it"
            " was taken. Ask for parts without lines in common."
        )
