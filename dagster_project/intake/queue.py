"""Decides which deliveries are read, in which order, and which are read again.

Whether a line is unchanged depends on the deliveries before it. So if a file arrives
after files that were extracted later, these later files are read again after it. The
same applies to files after one whose mapping has changed since it was read.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

import duckdb

from dagster_project.errors import DeliveryError
from dagster_project.intake.contracts import Contract
from dagster_project.intake.deliveries import Found
from dagster_project.intake.holding import Neighbours
from dagster_project.intake.load_log import Delivery
from dagster_project.intake.plausibility import Acceptances


@dataclass(frozen=True)
class Queue:
    """Deliveries to read, in order, and the loads that leave raw before that.

    Args:
        deliveries: each is one file, or several parts with one extraction time.
        put_back: ids of loads that are removed and read again.
        overwritten: ids of loads whose file was replaced by another of the same name.
        undoubted: extraction times of all deliveries that are not on hold.
        taken: extraction times of the deliveries that had been taken before.
    """

    deliveries: tuple[tuple[Delivery, ...], ...] = ()
    put_back: tuple[int, ...] = ()
    overwritten: tuple[int, ...] = ()
    undoubted: tuple[datetime, ...] = ()
    taken: frozenset[datetime] = frozenset()

    def neighbours(self, moment: datetime) -> Neighbours:
        later = tuple(each for each in self.undoubted if each > moment)
        return Neighbours(later, any(each in self.taken for each in later))


def make(
    connection: duckdb.DuckDBPyConnection,
    contract: Contract,
    found: Found,
    acceptances: Acceptances,
) -> Queue:
    """Return the new files, and all files that were extracted after the first new one.

    A file that replaced another file of the same name takes its place.

    Args:
        found: what is in the landing folder.
        acceptances: (sha256, extraction time) of each file that a person has accepted.

    Raises:
        DeliveryError: a file that must be read again is no longer in the landing
            folder.
    """
    settled = connection.execute(
        "select load_id, sha256, extracted_at, file_name, status, mapping_sha256"
        " from raw.loads"
        " where extract = ? and status in ('loaded', 'held')",
        [contract.extract],
    ).fetchall()
    known = {
        (sha256, extracted_at, mapping)
        for _, sha256, extracted_at, _, status, mapping in settled
        if status == "loaded" or (sha256, extracted_at) not in acceptances
    }
    # Two files with the same bytes and extraction time are one delivery.
    here = {item.identity: item for item in reversed(found.deliveries)}
    deliveries = dict.fromkeys(here[item.identity] for item in found.deliveries)
    new = [
        item
        for item in deliveries
        if (*item.identity, item.mapping_sha256) not in known
    ]
    if not new:
        return Queue()
    new_names = {item.file_name for item in new}
    first = new[0].extracted_at
    later = [row for row in settled if row[2] >= first]
    gone = [row for row in later if (row[1], row[2]) not in here]
    overwritten = [row for row in gone if row[3] in new_names]
    lost = [row for row in gone if row not in overwritten and row[4] == "loaded"]
    if lost:
        later_names = [row[3] for row in lost if row[2] > first]
        is_known = new[0].identity in {(row[1], row[2]) for row in settled}
        raise _lost(new[0], later_names, lost[0][3], is_known)
    put_back = [row for row in later if row not in gone]
    wanted = {(row[1], row[2]) for row in put_back} | {item.identity for item in new}
    doubted = {
        (row[1], row[2])
        for row in settled
        if row[4] == "held" and (row[1], row[2]) not in acceptances
    }
    return Queue(
        _in_parts(item for item in deliveries if item.identity in wanted),
        tuple(row[0] for row in put_back),
        tuple(row[0] for row in overwritten),
        tuple(
            dict.fromkeys(
                item.extracted_at for item in deliveries if item.identity not in doubted
            )
        ),
        frozenset(row[2] for row in settled if row[4] == "loaded"),
    )


def _lost(
    new: Delivery, later_names: list[str], same_moment: str, is_known: bool
) -> DeliveryError:
    """Return the error about loaded files that are no longer in the landing folder.

    Args:
        is_known: whether the new file was loaded before, by another mapping.
    """
    if later_names and is_known:
        return DeliveryError(
            f"{new.path}: the mapping by which it is read has changed, so it is loaded"
            " again, and with it the files after it. Some of these are no longer in the"
            f" landing folder. Put them back: {', '.join(later_names)}."
        )
    if later_names:
        return DeliveryError(
            f"{new.path} is older than files that are no longer in the landing folder."
            " These must be loaded again after it. Put them back:"
            f" {', '.join(later_names)}."
        )
    return DeliveryError(
        f"{new.path} has the same time as {same_moment}, which was loaded and is no"
        f" longer in the landing folder. Put {same_moment} back. If the new file"
        " corrects it, give the new file a later time."
    )


def _in_parts(deliveries: Iterable[Delivery]) -> tuple[tuple[Delivery, ...], ...]:
    by_moment = groupby(deliveries, key=lambda item: item.extracted_at)
    return tuple(tuple(parts) for _, parts in by_moment)


def forget(
    connection: duckdb.DuckDBPyConnection, contract: Contract, queue: Queue
) -> None:
    """Delete the rows of these loads from raw.

    A load that is read again also leaves the load log. A load whose file was replaced
    stays there, with the status `replaced`.
    """
    load_ids = [*queue.put_back, *queue.overwritten]
    if not load_ids:
        return
    for table, column in (
        (contract.table, "_load_id"),
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


def forget_taken_away(
    connection: duckdb.DuckDBPyConnection, contract: Contract, found: Found
) -> None:
    """Mark held files as replaced if their file was removed or renamed."""
    here = {item.identity for item in found.deliveries}
    names = {*found.unfinished, *(item.file_name for item in found.deliveries)}
    held = connection.execute(
        "select load_id, sha256, extracted_at, file_name from raw.loads"
        " where extract = ? and status = 'held'",
        [contract.extract],
    ).fetchall()
    gone = [row[0] for row in held if row[1:3] not in here and row[3] not in names]
    connection.execute(
        "update raw.loads set status = 'replaced',"
        " message = 'its file was removed before it was accepted'"
        " where list_contains(?, load_id)",
        [gone],
    )
