"""Takes a force's own extracts from the landing folder into `raw`.

Each delivery is taken in one transaction: read it, set apart the lines that cannot be
split, leave out the lines that are known already, store every new or changed line as
text, and register the file. `raw` depends only on the files, in order of their
extraction times. If a file arrives after files that were extracted later, these later
files are removed from `raw` and read again after it, all in one transaction.
"""

from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
from pathlib import Path

import duckdb

from dagster_project.errors import DeliveryError
from dagster_project.intake import holding, lines, load_log, preflight, queue
from dagster_project.intake import parts as in_parts
from dagster_project.intake.contracts import Contract
from dagster_project.intake.deliveries import MARK, find_deliveries, has_changed
from dagster_project.intake.header import Reading
from dagster_project.intake.lines import Stored
from dagster_project.intake.load_log import Delivery, Tally
from dagster_project.intake.plausibility import Acceptances
from dagster_project.intake.queue import Queue
from dagster_project.intake.reading import readers

__all__ = ["MARK", "IngestResult", "ingest"]

SAID_EVERY = 10


@dataclass
class IngestResult:
    """The files taken in this run with their tallies, and the names of the others.

    Args:
        loaded: name → tally of each file that was taken.
        held: name → reason of each file that was put on hold.
        noticed: sentences about what a reader left out or doubted in a file of this
            run.
        already_known: names of files that an earlier run dealt with.
        unfinished: names of files that another program is still writing.
        temporary: names of temporary files of other programs.
        ignored: names that do not have the form that the contract expects.
    """

    loaded: dict[str, Tally] = field(default_factory=dict)
    held: dict[str, str] = field(default_factory=dict)
    noticed: list[str] = field(default_factory=list)
    already_known: tuple[str, ...] = ()
    unfinished: list[str] = field(default_factory=list)
    temporary: tuple[str, ...] = ()
    ignored: tuple[str, ...] = ()


class RejectedError(Exception):
    """A delivery is refused because of its content; `delivery` is the file."""

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
    """Take every file of one extract that is not yet in the load log.

    Args:
        until: leave out files that were extracted, and acceptances that were given,
            after this time; None means no limit.

    Raises:
        DeliveryError: a file breaks the contract as a whole. It is registered as
            rejected, with the reason. Files before it stay loaded; the file itself and
            those after it change nothing.
    """
    load_log.create_raw_table(connection, contract.table, contract.columns)
    found = find_deliveries(landing, contract, force_code, until)
    acceptances = holding.accepted(landing, until)
    waiting = queue.make(connection, contract, found, acceptances)
    result = IngestResult(
        unfinished=list(found.unfinished),
        temporary=found.temporary,
        ignored=found.ignored,
    )
    queue.forget_taken_away(connection, contract, found)
    try:
        _take(connection, contract, waiting, acceptances, result, progress)
    except RejectedError as rejected:
        preflight.reject(connection, rejected.delivery, str(rejected))
        raise DeliveryError(str(rejected)) from rejected.__cause__
    new = {*result.loaded, *result.held, *result.unfinished}
    names = [delivery.file_name for delivery in found.deliveries]
    result.already_known = tuple(name for name in names if name not in new)
    return result


def _take(
    connection: duckdb.DuckDBPyConnection,
    contract: Contract,
    waiting: Queue,
    acceptances: Acceptances,
    result: IngestResult,
    progress: Callable[[str], None],
) -> None:
    is_one_step = bool(waiting.put_back or waiting.overwritten)
    whole = load_log.transaction(connection) if is_one_step else nullcontext()
    with whole:
        queue.forget(connection, contract, waiting)
        for position, parts in enumerate(waiting.deliveries, start=1):
            each = nullcontext() if is_one_step else load_log.transaction(connection)
            with each:
                said = _load(connection, contract, parts, waiting, acceptances, result)
            is_last = position == len(waiting.deliveries)
            if said or position % SAID_EVERY == 1 or is_last:
                words = said or _in_words([result.loaded[p.file_name] for p in parts])
                progress(
                    f"{contract.extract} {position}/{len(waiting.deliveries)}:"
                    f" {_named(parts)} {words}"
                )


def _load(
    connection: duckdb.DuckDBPyConnection,
    contract: Contract,
    parts: tuple[Delivery, ...],
    waiting: Queue,
    acceptances: Acceptances,
    result: IngestResult,
) -> str | None:
    """Take one delivery into `result`; return what to print, or None for its tally."""
    readings = read(connection, contract, parts)
    if readings is None:
        result.unfinished += [part.file_name for part in parts]
        return "is still being written: left for the next run"
    first = load_log.next_load_id(connection)
    for part, reading in zip(parts, readings, strict=True):
        load_log.forget_fate(connection, part)
        result.noticed += [f"{part.file_name}: {note}" for note in reading.notes]
    reason = holding.reason(
        connection,
        contract,
        parts,
        sum(reading.delivered for reading in readings),
        acceptances,
        waiting.neighbours(parts[0].extracted_at),
    )
    loads = list(zip(count(first), parts, readings, strict=False))
    if reason:
        for load_id, part, reading in loads:
            tally = Tally(reading.delivered, 0, 0, 0, reason)
            load_log.record(connection, load_id, part, tally, "held")
            result.held[part.file_name] = reason
        return f"is on hold ({reason}). To accept it: make accept LOAD={first}"
    for (load_id, part, reading), stored in zip(
        loads, store(connection, contract, loads), strict=True
    ):
        tally = _tally(contract, reading, stored)
        load_log.record(connection, load_id, part, tally)
        result.loaded[part.file_name] = tally
    return None


def read(
    connection: duckdb.DuckDBPyConnection,
    contract: Contract,
    parts: tuple[Delivery, ...],
) -> list[Reading] | None:
    """Read each part of a delivery; return None if one of them is still being written.

    The records are in the tables `delivered` and `rejected`. If the delivery has
    several parts, these tables are set aside for each part (see parts.py).

    Raises:
        RejectedError: a part cannot be read.
    """
    readings = []
    for number, part in enumerate(parts):
        try:
            reading = readers.read(connection, part.path, contract)
        except DeliveryError as error:
            if has_changed(part.path, part.seen):
                return None
            raise RejectedError(part, error) from error
        if has_changed(part.path, part.seen):
            return None
        readings.append(reading)
        if len(parts) > 1:
            in_parts.set_aside(connection, number)
    return readings


def store(
    connection: duckdb.DuckDBPyConnection,
    contract: Contract,
    loads: list[tuple[int, Delivery, Reading]],
) -> list[Stored]:
    """Store the new and changed lines of the parts that were read.

    Raises:
        RejectedError: two parts have a key in common.
    """
    if len(loads) == 1:
        load_id, delivery, _ = loads[0]
        return [lines.store(connection, contract, delivery, load_id)]
    deliveries = [delivery for _, delivery, _ in loads]
    try:
        in_parts.refuse_shared_keys(connection, contract, deliveries)
    except DeliveryError as error:
        raise RejectedError(deliveries[-1], error) from error
    return in_parts.store(connection, contract, loads)


def _tally(contract: Contract, reading: Reading, stored: Stored) -> Tally:
    notes = list(reading.notes)
    if reading.blank:
        notes.append(f"{reading.blank:,} blank lines")
    if reading.added_columns:
        notes.append(f"columns not in the contract: {', '.join(reading.added_columns)}")
    if contract.delivery == "full" and stored.lost_keys:
        why = "some lines are unreadable"
        if not stored.unreadable:
            why = "the mapping does not know some keys"
        notes.append(f"no record is treated as deleted, because {why}")
    if contract.delivery == "delta" and stored.unchanged > stored.stored:
        notes.append("most of its lines were known already, as in a full extract")
    return Tally(
        delivered=reading.delivered,
        stored=stored.stored,
        unchanged=stored.unchanged,
        unreadable=stored.unreadable,
        message="; ".join(notes) or None,
    )


def _in_words(tallies: list[Tally]) -> str:
    delivered = sum(tally.delivered for tally in tallies)
    unreadable = sum(tally.unreadable for tally in tallies)
    new = sum(tally.stored for tally in tallies)
    words = f"{delivered:,} lines, {new:,} new or changed"
    if unreadable:
        words += f", {unreadable:,} unreadable"
    return words


def _named(parts: tuple[Delivery, ...]) -> str:
    return " and ".join(part.file_name for part in parts)
