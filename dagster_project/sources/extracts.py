"""A force's own extracts: from the landing folder into `raw`, and nothing lost.

Per file, in one transaction: read it, set apart what cannot be split, leave out what
is known already, keep every new or changed line as text, and register the file. Raw
is a pure function of the files, in the order of their extraction: one that arrives
behind a later one puts that one back in the queue.
"""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import duckdb

from dagster_project.sources import readers, register
from dagster_project.sources.contracts import Contract
from dagster_project.sources.register import Delivery, DeliveryError, Tally

SUFFIXES = (".csv", ".csv.gz", ".parquet", ".xlsx")
STAMP = re.compile(r"_(\d{8}T\d{6})(\.csv|\.csv\.gz|\.parquet|\.xlsx)$")
MARK = "demonstration.json"
SAID_EVERY = 10


@dataclass(frozen=True)
class IngestResult:
    """Files taken in this run, their tallies, and file names that fit no contract."""

    loaded: dict[str, Tally]
    already_known: tuple[str, ...]
    ignored: tuple[str, ...]


def ingest(
    connection: duckdb.DuckDBPyConnection,
    landing: Path,
    contract: Contract,
    force_code: str,
    progress: Callable[[str], None] = print,
) -> IngestResult:
    """Take every file of one extract that is not yet in the register.

    Raises:
        DeliveryError: a file that breaks the contract as a whole. It is registered as
            rejected with the reason; the files before it stay loaded, itself and those
            after it change nothing.
    """
    register.create_raw_table(connection, contract.extract, contract.columns)
    found, ignored = find_deliveries(landing, contract, force_code)
    known = register.known_hashes(connection, contract.extract)
    new = [delivery for delivery in found if delivery.sha256 not in known]
    queue = _put_back_later(connection, contract, found, new)
    loaded = {}
    for position, delivery in enumerate(queue, start=1):
        loaded[delivery.file_name] = _load(connection, contract, delivery)
        if position % SAID_EVERY == 1 or position == len(queue):
            progress(
                f"{contract.extract} {position}/{len(queue)}: {delivery.file_name}"
                f" {_in_words(loaded[delivery.file_name])}"
            )
    names = tuple(item.file_name for item in found if item.file_name not in loaded)
    return IngestResult(loaded, names, ignored)


def find_deliveries(
    landing: Path, contract: Contract, force_code: str
) -> tuple[list[Delivery], tuple[str, ...]]:
    """The extract's files in order of extraction, and names that fit no contract.

    Raises:
        DeliveryError: no file at all, a name without its extraction time, or a file of
            another source in the demonstration's home.
    """
    folder = landing / contract.extract
    inside = sorted(folder.iterdir()) if folder.is_dir() else []
    paths = [path for path in inside if path.match(contract.file_glob)]
    if not paths:
        raise DeliveryError(
            f"{folder}: no extract named {contract.file_glob} is there. Put the force's"
            f" {contract.extract} extract into this folder, named"
            f" {contract.extract}_YYYYMMDDTHHMMSS{{{','.join(SUFFIXES)}}}."
        )
    marked = demonstration_hashes(landing)
    deliveries = [
        _delivery(path, contract, force_code, marked.keys()) for path in paths
    ]
    _refuse_strangers(deliveries, marked)
    ignored = tuple(path.name for path in inside if path not in paths)
    return sorted(deliveries, key=lambda d: (d.extracted_at, d.file_name)), ignored


def demonstration_hashes(landing: Path) -> dict[str, str]:
    """sha256 → path of the demonstration's files; empty in a home of real data."""
    mark = landing / MARK
    if not mark.exists():
        return {}
    files = json.loads(mark.read_text(encoding="utf-8"))["files"]
    return {sha256: name for name, sha256 in files.items()}


def _refuse_strangers(deliveries: list[Delivery], marked: dict[str, str]) -> None:
    """Demonstration and real data never meet."""
    if not marked:
        return
    for delivery in deliveries:
        if delivery.sha256 not in marked:
            raise DeliveryError(
                f"{delivery.path}: this home holds the demonstration, and this file is"
                " not of it. Put real extracts into a home of their own and name it:"
                " make report DATA=path/to/home"
            )


def _delivery(
    path: Path, contract: Contract, force_code: str, marked: object
) -> Delivery:
    stamp = STAMP.search(path.name)
    if not stamp:
        raise DeliveryError(
            f"{path}: the name does not say when the file was extracted. Name it"
            f" {contract.extract}_YYYYMMDDTHHMMSS with one of {', '.join(SUFFIXES)}."
        )
    try:
        extracted_at = datetime.strptime(stamp[1], "%Y%m%dT%H%M%S")
        sha256 = readers.sha256(path)
    except ValueError as error:
        raise DeliveryError(
            f"{path}: {stamp[1]} in the name is no date and time. Name it"
            f" {contract.extract}_YYYYMMDDTHHMMSS{stamp[2]}."
        ) from error
    except OSError as error:
        raise DeliveryError(
            f"{path}: cannot be read ({error.strerror}). Give this user the right to"
            " read it."
        ) from error
    return Delivery(
        extract=contract.extract,
        path=path,
        file_name=path.name,
        sha256=sha256,
        file_bytes=path.stat().st_size,
        extracted_at=extracted_at,
        force_code=force_code,
        origin="demonstration" if sha256 in marked else "force extracts",
    )


def _put_back_later(
    connection: duckdb.DuckDBPyConnection,
    contract: Contract,
    found: list[Delivery],
    new: list[Delivery],
) -> list[Delivery]:
    """The files to load, in order: the new ones, and those extracted after the first.

    What is unchanged depends on what came before, so a file that comes late puts the
    later ones back: their rows leave raw and are read again from the landing folder.
    """
    if not new:
        return []
    first = new[0].extracted_at
    later = connection.execute(
        "select load_id, sha256, file_name from raw.loads"
        " where extract = ? and status = 'loaded' and extracted_at >= ?",
        [contract.extract, first],
    ).fetchall()
    here = {delivery.sha256: delivery for delivery in found}
    gone = [name for _, sha256, name in later if sha256 not in here]
    if gone:
        raise DeliveryError(
            f"{new[0].path}: extracted before {', '.join(gone)}, which must be read"
            " again behind it and is no longer in the landing folder. Put it back."
        )
    if later:
        _forget(connection, contract, [load_id for load_id, _, _ in later])
    hashes = {sha256 for _, sha256, _ in later} | {item.sha256 for item in new}
    queue = [delivery for delivery in found if delivery.sha256 in hashes]
    return list({delivery.sha256: delivery for delivery in reversed(queue)}.values())[
        ::-1
    ]


def _forget(
    connection: duckdb.DuckDBPyConnection, contract: Contract, load_ids: list[int]
) -> None:
    with register.transaction(connection):
        for table in (contract.extract, "unreadable_lines", "loads"):
            column = "_load_id" if table == contract.extract else "load_id"
            connection.execute(
                f"delete from raw.{table} where list_contains(?, {column})", [load_ids]
            )


def _load(
    connection: duckdb.DuckDBPyConnection, contract: Contract, delivery: Delivery
) -> Tally:
    load_id = register.next_load_id(connection)
    try:
        reading = readers.read(connection, delivery.path, contract)
    except DeliveryError as error:
        nothing = Tally(0, 0, 0, 0, str(error))
        register.register(connection, load_id, delivery, nothing, "rejected")
        raise
    with register.transaction(connection):
        tally = _store(connection, contract, delivery, load_id, reading)
        register.register(connection, load_id, delivery, tally)
    for table in ("delivered", "rejected", "known"):
        connection.execute(f"drop table if exists {table}")
    return tally


def _store(
    connection: duckdb.DuckDBPyConnection,
    contract: Contract,
    delivery: Delivery,
    load_id: int,
    reading: readers.Reading,
) -> Tally:
    parameters = {
        "load_id": load_id,
        "extracted_at": delivery.extracted_at,
        "force_code": delivery.force_code,
    }
    _find_known(connection, contract)
    _mark_repeated(connection, contract)
    stored = _insert(connection, _new_lines(contract), parameters)
    if contract.delivery == "full":
        _insert(connection, _closings(contract), parameters)
    unreadable = _insert(
        connection,
        "insert into raw.unreadable_lines"
        " select $load_id, line, line_text, reason from rejected",
        {"load_id": load_id},
    )
    read = connection.execute("select count(*) from delivered").fetchall()[0][0]
    added = ", ".join(reading.added_columns)
    return Tally(
        delivered=reading.delivered,
        stored=stored,
        unchanged=read - stored,
        unreadable=unreadable,
        message=f"columns not in the contract: {added}" if added else None,
    )


def _insert(connection: duckdb.DuckDBPyConnection, sql: str, parameters: dict) -> int:
    return connection.execute(sql, parameters).fetchall()[0][0]


def _find_known(connection: duckdb.DuckDBPyConnection, contract: Contract) -> None:
    """`known`: the last state of each key, for the keys that can matter.

    A full extract is held against everything, a delta only against its own keys. Keys
    that were repeated inside a file say nothing certain, so they are passed over.
    """
    keys = ", ".join(contract.key_columns)
    own_keys = (
        "" if contract.delivery == "full" else f"semi join delivered using ({keys})"
    )
    connection.execute(
        f"""
        create or replace temp table known as
        select * from raw.{contract.extract} {own_keys}
        where not _is_key_repeated
        qualify row_number() over (
            partition by {keys} order by _extracted_at desc, _load_id desc
        ) = 1
        """
    )


def _mark_repeated(connection: duckdb.DuckDBPyConnection, contract: Contract) -> None:
    keys = ", ".join(contract.key_columns)
    connection.execute(
        f"""
        create or replace temp table repeated_keys as
        select {keys} from delivered
        where {" and ".join(f"{key} is not null" for key in contract.key_columns)}
        group by all
        having count(*) > 1
        """
    )


def _new_lines(contract: Contract) -> str:
    """Insert what is not known: empty and missing values are the same, spaces aside."""
    keys = " and ".join(
        f"delivered.{key} = known.{key}" for key in contract.key_columns
    )
    same_keys = " and ".join(
        f"delivered.{key} = repeated_keys.{key}" for key in contract.key_columns
    )
    same = " and ".join(
        f"nullif(trim(delivered.{column}), '')"
        f" is not distinct from nullif(trim(known.{column}), '')"
        for column in contract.columns
    )
    columns = ", ".join(contract.columns)
    values = ", ".join(f"delivered.{column}" for column in contract.columns)
    repeated = f"exists (from repeated_keys where {same_keys})"
    return f"""
        insert into raw.{contract.extract} (
            _load_id, _line, _extracted_at, _force_code,
            _is_key_repeated, _is_closing, {columns}
        )
        select
            $load_id, delivered._line, $extracted_at, $force_code,
            {repeated}, false, {values}
        from delivered
        where {repeated} or not exists (
            from known where {keys} and not known._is_closing and {same}
        )
    """


def _closings(contract: Contract) -> str:
    """Close what a full extract no longer holds: a row of its key and nothing else."""
    keys = ", ".join(contract.key_columns)
    return f"""
        insert into raw.{contract.extract} (
            _load_id, _extracted_at, _force_code,
            _is_key_repeated, _is_closing, {keys}
        )
        select $load_id, $extracted_at, $force_code, false, true, {keys}
        from known
        anti join delivered using ({keys})
        where not known._is_closing and {contract.key_columns[0]} is not null
    """


def _in_words(tally: Tally) -> str:
    words = f"{tally.delivered:,} lines, {tally.stored:,} new or changed"
    if tally.unreadable:
        words += f", {tally.unreadable:,} unreadable"
    return words
