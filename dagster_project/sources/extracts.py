"""A force's own extracts: from the landing folder into `raw`, and nothing lost.

Per file, in one transaction: read it, set apart what cannot be split, leave out what
is known already, keep every new or changed line as text, and register the file. Raw
is a pure function of the files, in the order of their extraction: one that arrives
behind a later one takes that one back and has it read again, all in one transaction.
"""

from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import duckdb

from dagster_project.sources import holding, readers, register
from dagster_project.sources.contracts import Contract
from dagster_project.sources.deliveries import MARK, Found, find_deliveries, look
from dagster_project.sources.header import Reading
from dagster_project.sources.lines import Stored, store
from dagster_project.sources.register import Delivery, DeliveryError, Tally

__all__ = ["MARK", "IngestResult", "ingest"]

SAID_EVERY = 10
Releases = set[tuple[str, datetime]]


@dataclass
class IngestResult:
    """Files taken in this run and their tallies; and names of the others, by fate.

    `held` gives the reason. `unfinished` files still changed when they were read.
    """

    loaded: dict[str, Tally] = field(default_factory=dict)
    held: dict[str, str] = field(default_factory=dict)
    already_known: tuple[str, ...] = ()
    unfinished: list[str] = field(default_factory=list)
    ignored: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Queue:
    """Files to read, in order, and the loads that leave raw before that."""

    deliveries: tuple[Delivery, ...] = ()
    put_back: tuple[int, ...] = ()
    overwritten: tuple[int, ...] = ()


class _RejectedError(Exception):
    def __init__(self, delivery: Delivery, error: DeliveryError) -> None:
        super().__init__(str(error))
        self.delivery = delivery


def ingest(
    connection: duckdb.DuckDBPyConnection,
    landing: Path,
    contract: Contract,
    force_code: str,
    progress: Callable[[str], None] = print,
    until: datetime | None = None,
) -> IngestResult:
    """Take every file of one extract that is not yet in the register.

    Files that were extracted after `until` are passed over, and so is what a person
    has released since.

    Raises:
        DeliveryError: a file that breaks the contract as a whole. It is registered as
            rejected with the reason; the files before it stay loaded, itself and those
            after it change nothing.
    """
    register.create_raw_table(connection, contract.extract, contract.columns)
    found = find_deliveries(landing, contract, force_code, until)
    releases = holding.released(landing, until)
    queue = _queue(connection, contract, found, releases)
    result = IngestResult(unfinished=list(found.unfinished), ignored=found.ignored)
    try:
        _take(connection, landing, contract, queue, releases, result, progress)
    except _RejectedError as rejected:
        _register_rejected(connection, rejected)
        raise DeliveryError(str(rejected)) from rejected.__cause__
    new = {*result.loaded, *result.held, *result.unfinished}
    names = [delivery.file_name for delivery in found.deliveries]
    result.already_known = tuple(name for name in names if name not in new)
    return result


def _queue(
    connection: duckdb.DuckDBPyConnection,
    contract: Contract,
    found: Found,
    releases: Releases,
) -> _Queue:
    """The new files, and those that were extracted after the first of them.

    What is unchanged depends on what came before, so a file that comes late puts the
    later ones back. One that was written over another of its name takes its place.
    """
    settled = connection.execute(
        "select load_id, sha256, extracted_at, file_name, status from raw.loads"
        " where extract = ? and status in ('loaded', 'held')",
        [contract.extract],
    ).fetchall()
    known = {
        (sha256, extracted_at)
        for _, sha256, extracted_at, _, status in settled
        if status == "loaded" or (sha256, extracted_at) not in releases
    }
    # The same file under another name, of the same moment, is one delivery.
    here = {item.identity: item for item in reversed(found.deliveries)}
    new = [item for item in found.deliveries if item.identity not in known]
    if not new:
        return _Queue()
    new_names = {item.file_name for item in new}
    first = new[0].extracted_at
    later = [row for row in settled if row[2] >= first]
    gone = [row for row in later if (row[1], row[2]) not in here]
    overwritten = [row for row in gone if row[3] in new_names]
    lost = [row[3] for row in gone if row not in overwritten and row[4] == "loaded"]
    if lost:
        raise DeliveryError(
            f"{new[0].path}: extracted before {', '.join(lost)}, which must be read"
            " again behind it and is no longer in the landing folder. Put it back."
        )
    put_back = [row for row in later if row not in gone]
    wanted = {(row[1], row[2]) for row in put_back} | {item.identity for item in new}
    deliveries = [here[item.identity] for item in found.deliveries]
    return _Queue(
        tuple(item for item in dict.fromkeys(deliveries) if item.identity in wanted),
        tuple(row[0] for row in put_back),
        tuple(row[0] for row in overwritten),
    )


def _take(
    connection: duckdb.DuckDBPyConnection,
    landing: Path,
    contract: Contract,
    queue: _Queue,
    releases: Releases,
    result: IngestResult,
    progress: Callable[[str], None],
) -> None:
    is_one_step = bool(queue.put_back or queue.overwritten)
    whole = register.transaction(connection) if is_one_step else nullcontext()
    with whole:
        _forget(connection, contract, queue)
        for position, delivery in enumerate(queue.deliveries, start=1):
            each = nullcontext() if is_one_step else register.transaction(connection)
            with each:
                said = _load(connection, landing, contract, delivery, releases, result)
            is_last = position == len(queue.deliveries)
            if said or position % SAID_EVERY == 1 or is_last:
                words = said or _in_words(result.loaded[delivery.file_name])
                progress(
                    f"{contract.extract} {position}/{len(queue.deliveries)}:"
                    f" {delivery.file_name} {words}"
                )


def _forget(
    connection: duckdb.DuckDBPyConnection, contract: Contract, queue: _Queue
) -> None:
    """Their rows leave raw; the register keeps what it says of files gone for good."""
    load_ids = [*queue.put_back, *queue.overwritten]
    if not load_ids:
        return
    for table, column in (
        (contract.extract, "_load_id"),
        ("unreadable_lines", "load_id"),
    ):
        connection.execute(
            f"delete from raw.{table} where list_contains(?, {column})", [load_ids]
        )
    connection.execute(
        "delete from raw.loads where list_contains(?, load_id)", [list(queue.put_back)]
    )
    connection.execute(
        "update raw.loads set status = 'replaced',"
        " message = 'another file of this name was put in its place'"
        " where list_contains(?, load_id)",
        [list(queue.overwritten)],
    )


def _load(
    connection: duckdb.DuckDBPyConnection,
    landing: Path,
    contract: Contract,
    delivery: Delivery,
    releases: Releases,
    result: IngestResult,
) -> str | None:
    """Take one file into `result`; what is to be said of it beyond its tally."""
    try:
        reading = readers.read(connection, delivery.path, contract, landing.parent)
    except DeliveryError as error:
        if not _has_changed(delivery):
            raise _RejectedError(delivery, error) from error
        reading = None
    if reading is None or _has_changed(delivery):
        result.unfinished.append(delivery.file_name)
        return "is still being written: left for the next run"
    load_id = register.next_load_id(connection)
    register.forget_fate(connection, delivery)
    reason = holding.reason(connection, contract, delivery, reading.delivered, releases)
    if reason:
        tally = Tally(reading.delivered, 0, 0, 0, reason)
        register.register(connection, load_id, delivery, tally, "held")
        result.held[delivery.file_name] = reason
        return f"is held ({reason}). To take it: make release LOAD={load_id}"
    stored = store(connection, contract, delivery, load_id)
    tally = _tally(contract, reading, stored)
    register.register(connection, load_id, delivery, tally)
    result.loaded[delivery.file_name] = tally
    return None


def _has_changed(delivery: Delivery) -> bool:
    try:
        return look(delivery.path) != delivery.seen
    except OSError:
        return True


def _register_rejected(
    connection: duckdb.DuckDBPyConnection, rejected: _RejectedError
) -> None:
    """Said once, however often the same file is tried."""
    with register.transaction(connection):
        register.forget_fate(connection, rejected.delivery)
        load_id = register.next_load_id(connection)
        nothing = Tally(0, 0, 0, 0, str(rejected))
        register.register(connection, load_id, rejected.delivery, nothing, "rejected")


def _tally(contract: Contract, reading: Reading, stored: Stored) -> Tally:
    notes = list(reading.notes)
    if reading.added_columns:
        notes.append(f"columns not in the contract: {', '.join(reading.added_columns)}")
    if contract.delivery == "full" and stored.unreadable:
        notes.append("closes nothing, because some of its lines are unreadable")
    if contract.delivery == "delta" and stored.unchanged > stored.stored:
        notes.append("most of its lines were known already, as in a full extract")
    return Tally(
        delivered=reading.delivered,
        stored=stored.stored,
        unchanged=stored.unchanged,
        unreadable=stored.unreadable,
        message="; ".join(notes) or None,
    )


def _in_words(tally: Tally) -> str:
    words = f"{tally.delivered:,} lines, {tally.stored:,} new or changed"
    if tally.unreadable:
        words += f", {tally.unreadable:,} unreadable"
    return words
