"""Takes a force's own extracts from the landing folder into `raw`.

Deliveries are taken in batches, each in one transaction: read the files, set apart the
lines that cannot be split, leave out the lines that are known already, store every new
or changed line as text, and register the files. `raw` depends only on the files, in
order of their extraction times. If a file arrives after files that were extracted
later, these later files are removed from `raw` and read again after it, all in one
transaction.
"""

from collections.abc import Callable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
from pathlib import Path

import duckdb

from dagster_project.errors import DeliveryError
from dagster_project.intake import (
    holding,
    lines,
    load_log,
    plausibility,
    preflight,
    queue,
)
from dagster_project.intake import parts as in_parts
from dagster_project.intake.contracts import Contract
from dagster_project.intake.deliveries import MARK, find_deliveries, has_changed
from dagster_project.intake.header import Reading
from dagster_project.intake.lines import Load, Stored
from dagster_project.intake.load_log import Delivery, Tally
from dagster_project.intake.plausibility import Acceptances, Rules
from dagster_project.intake.queue import Queue
from dagster_project.intake.reading import readers

__all__ = ["MARK", "IngestResult", "ingest"]

SAID_EVERY = 10
# A batch ends with the file that brings it to so many lines.
BATCH_LINES = 1_000_000


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
    """A delivery is refused because of its content; `delivery` is the file.

    `before`: the deliveries of its batch that were read before it.
    """

    def __init__(
        self, delivery: Delivery, error: DeliveryError, before: int = 0
    ) -> None:
        super().__init__(str(error))
        self.delivery, self.error, self.before = delivery, error, before


@dataclass(frozen=True)
class Read:
    """A delivery that was read; `readings` are None if it is still being written.

    `first` is the number of its first file in `delivered`.
    """

    parts: tuple[Delivery, ...]
    readings: list[Reading] | None
    first: int


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
        raise DeliveryError(str(rejected)) from rejected.error
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
    if not waiting.deliveries:
        return
    rules = plausibility.rules(contract)
    is_one_step = bool(waiting.put_back or waiting.overwritten)
    whole = load_log.transaction(connection) if is_one_step else nullcontext()
    total = len(waiting.deliveries)
    left, refused, position = list(waiting.deliveries), None, 0
    # What DuckDB itself cannot read must be read again, in another transaction.
    is_direct = not is_one_step
    with whole:
        queue.forget(connection, contract, waiting)
        while left:
            each = nullcontext() if is_one_step else load_log.transaction(connection)
            try:
                with each:
                    batch, into = _read_batch(connection, contract, left, is_direct)
                    said = _load(
                        connection,
                        contract,
                        rules,
                        batch,
                        into,
                        waiting,
                        acceptances,
                        result,
                    )
            except readers.NotDirectError:
                is_direct = False
                continue
            except RejectedError as rejected:
                if is_one_step or not rejected.before:
                    raise
                # Its transaction is lost. The files before it are taken without it.
                left, refused = left[: rejected.before], rejected
                continue
            for read_, words in zip(batch, said, strict=True):
                position += 1
                if words or position % SAID_EVERY == 1 or position == total:
                    words = words or _in_words(
                        [result.loaded[part.file_name] for part in read_.parts]
                    )
                    progress(
                        f"{contract.extract} {position}/{total}:"
                        f" {_named(read_.parts)} {words}"
                    )
            left = left[len(batch) :]
    if refused:
        raise refused


def _read_batch(
    connection: duckdb.DuckDBPyConnection,
    contract: Contract,
    deliveries: Sequence[tuple[Delivery, ...]],
    is_direct: bool,
) -> tuple[list[Read], readers.Delivered]:
    """Read the next deliveries, until their lines are enough.

    The first load of an extract is a batch of its own, because its lines go to raw at
    once; so is a delivery in parts.

    Raises:
        RejectedError: one of them cannot be read.
        NotDirectError: DuckDB itself cannot read one of them.
    """
    batch, target = [], None
    if len(deliveries[0]) == 1:
        target = lines.first_target(connection, contract, *deliveries[0])
    into = readers.Delivered(connection, contract, target, is_direct)
    for parts in deliveries:
        is_alone = bool(target) or len(parts) > 1
        if batch and (is_alone or into.lines >= BATCH_LINES):
            break
        first = into.files
        try:
            readings = _read_parts(connection, contract, parts, into)
        except RejectedError as rejected:
            rejected.before = len(batch)
            raise
        batch.append(Read(parts, readings, first))
        if is_alone:
            break
    files = [part for each in batch if each.readings for part in each.parts]
    _check(into, files)
    return batch, into


def _check(into: readers.Delivered, files: Sequence[Delivery]) -> None:
    try:
        into.check([each.path for each in files])
    except DeliveryError as error:
        if into.is_direct:
            raise readers.NotDirectError from error
        raise RejectedError(files[-1], error) from error
    # DuckDB reads a file after it was looked at.
    if into.is_direct and any(has_changed(each.path, each.seen) for each in files):
        raise readers.NotDirectError


def _load(
    connection: duckdb.DuckDBPyConnection,
    contract: Contract,
    rules: Rules,
    batch: Sequence[Read],
    into: readers.Delivered,
    waiting: Queue,
    acceptances: Acceptances,
    result: IngestResult,
) -> list[str | None]:
    """Take deliveries into `result`; return what to print of each, None for a tally."""
    whole = [each for each in batch if each.readings is not None]
    load_log.forget_fates(connection, [part for each in whole for part in each.parts])
    past = plausibility.past(connection, contract.extract)
    next_id = load_log.next_load_id(connection)
    said, fates, loads, held = [], [], [], []
    for each in batch:
        if each.readings is None:
            result.unfinished += [part.file_name for part in each.parts]
            said.append("is still being written: left for the next run")
            continue
        files = list(zip(count(each.first), each.parts, each.readings, strict=False))
        reason = holding.reason(
            rules,
            past,
            contract,
            each.parts,
            sum(reading.delivered for reading in each.readings),
            acceptances,
            waiting.neighbours(each.parts[0].extracted_at),
        )
        said.append(
            f"is on hold ({reason}). To accept it: make accept LOAD={next_id}"
            if reason
            else None
        )
        for number, part, reading in files:
            result.noticed += [f"{part.file_name}: {note}" for note in reading.notes]
            past.add(part, reading.delivered, "held" if reason else "loaded")
            if reason:
                held.append(number)
                tally = Tally(reading.delivered, 0, 0, 0, reason)
                fates.append((next_id, part, tally, "held"))
                result.held[part.file_name] = reason
            else:
                loads.append((Load(number, next_id, part), reading))
            next_id += 1
    into.leave_out(held)
    if loads:
        each_stored = _store(
            connection, contract, [load for load, _ in loads], into.target
        )
        for (load, reading), stored in zip(loads, each_stored, strict=True):
            tally = _tally(contract, reading, stored)
            fates.append((load.load_id, load.delivery, tally, "loaded"))
            result.loaded[load.delivery.file_name] = tally
    load_log.record_all(connection, fates)
    return said


def read(
    connection: duckdb.DuckDBPyConnection,
    contract: Contract,
    parts: tuple[Delivery, ...],
) -> list[Reading] | None:
    """Read each part of a delivery; return None if one of them is still being written.

    The records are in `delivered` and `rejected`.

    Raises:
        RejectedError: a part cannot be read.
    """
    into = readers.Delivered(connection, contract)
    readings = _read_parts(connection, contract, parts, into)
    if readings is not None:
        _check(into, parts)
    return readings


def _read_parts(
    connection: duckdb.DuckDBPyConnection,
    contract: Contract,
    parts: tuple[Delivery, ...],
    into: readers.Delivered,
) -> list[Reading] | None:
    readings, first = [], into.files
    for part in parts:
        try:
            readings.append(readers.read(connection, part.path, contract, into))
        except DeliveryError as error:
            if not has_changed(part.path, part.seen):
                raise RejectedError(part, error) from error
            into.forget(first)
            return None
        if has_changed(part.path, part.seen):
            into.forget(first)
            return None
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
    numbered = [
        Load(number, load_id, delivery)
        for number, (load_id, delivery, _) in enumerate(loads)
    ]
    return _store(connection, contract, numbered)


def _store(
    connection: duckdb.DuckDBPyConnection,
    contract: Contract,
    loads: Sequence[Load],
    target: readers.Target | None = None,
) -> list[Stored]:
    moments = {load.delivery.extracted_at for load in loads}
    if len(loads) > 1 and len(moments) == 1:
        deliveries = [load.delivery for load in loads]
        try:
            in_parts.refuse_shared_keys(connection, contract, deliveries)
        except DeliveryError as error:
            raise RejectedError(deliveries[-1], error) from error
    return lines.store(connection, contract, loads, target)


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
