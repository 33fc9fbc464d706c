"""Checks everything that was delivered before any of it is read.

It checks names, times, kinds, duplicates and headers of all extracts, so that a person
gets all mistakes at once, and not after minutes of reading a large extract.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from itertools import groupby
from pathlib import Path
from typing import Protocol

import duckdb

from dagster_project import settings
from dagster_project.errors import DeliveryError, InaccessibleError
from dagster_project.intake import deliveries, holding, load_log, names
from dagster_project.intake.contracts import Contract, extracts_of
from dagster_project.intake.deliveries import Named, NothingYetError, has_changed, look
from dagster_project.intake.load_log import Delivery, Tally
from dagster_project.intake.reading import readers

AsDelivery = Callable[[datetime, Path], Delivery]


@dataclass
class Looked:
    """Number of new files by extract, and sentences about files that are not taken."""

    new_files: dict[str, int] = field(default_factory=dict)
    left_alone: list[str] = field(default_factory=list)


def look_at_all(
    connection: duckdb.DuckDBPyConnection,
    landing: Path,
    contracts: list[Contract],
    force_code: str,
    say: Callable[[str], None],
    until: datetime | None = None,
) -> Looked:
    """Check the files of these extracts that are not yet in the load log.

    A file whose first bytes or header are wrong is registered as rejected.

    Args:
        say: prints one sentence, here about each file that is not taken.
        until: leave out files that were extracted after this time; None means no limit.

    Raises:
        NothingYetError: every file of one of the extracts was extracted after `until`.
        DeliveryError: everything that must be put right, one sentence each.
    """
    looked, refusals = Looked(left_alone=_strange_names(landing)), []
    marked = deliveries.demonstration_hashes(landing)
    for contract in contracts:
        as_delivery = partial(
            deliveries.as_delivery,
            contract=contract,
            force_code=force_code,
            marked=marked,
        )
        try:
            named = deliveries.read_names(landing, contract, until)
            looked.left_alone += left_alone(contract.extract, named)
            new = _new_files(connection, contract, named)
            looked.new_files[contract.extract] = len(new)
            refusals += [words for _, words in named.refusals]
            refusals += _of_one_moment(contract, named, as_delivery)
            refusals += _headers(connection, contract, new, as_delivery, marked)
        except NothingYetError:
            raise
        except DeliveryError as error:
            refusals.append(str(error))
    for sentence in looked.left_alone:
        say(sentence)
    deliveries.refuse(refusals)
    return looked


class LeftAlone(Protocol):
    """Names of files that are not taken, by the reason."""

    unfinished: Sequence[str]
    temporary: Sequence[str]
    ignored: Sequence[str]


def left_alone(extract: str, named: LeftAlone) -> list[str]:
    """Return one sentence for each file that is not taken, with the reason."""
    why = {
        "is still being written: left for a later run": named.unfinished,
        "is a temporary file of another program: ignored": named.temporary,
        f"is not named like a file of {extract}: ignored": named.ignored,
    }
    return [
        f"{extract}/{ascii(name)[1:-1]} {words}"
        for words, files in why.items()
        for name in files
    ]


def _strange_names(landing: Path) -> list[str]:
    """Return sentences about files in the landing folder that belong to no extract."""
    ours = {*settings.extracts(), *extracts_of(), deliveries.MARK, *holding.FILES}
    return [
        f"landing/{ascii(path.name)[1:-1]} has the name of no extract: ignored"
        for path in deliveries.inside(landing)
        if path.name not in ours and not names.is_temporary(path.name)
    ]


def _new_files(
    connection: duckdb.DuckDBPyConnection, contract: Contract, named: Named
) -> list[tuple[datetime, Path]]:
    """Return the files that were not yet loaded or held with their present mapping.

    Files are compared by name and size. A file with other bytes but the same name and
    size is found later, when it is hashed.
    """
    known = set(
        connection.execute(
            "select file_name, file_bytes, mapping_sha256 from raw.loads"
            " where extract = ? and status in ('loaded', 'held')",
            [contract.extract],
        ).fetchall()
    )
    return [
        (at, path)
        for at, path in named.files
        if (path.name, look(path)[0], contract.mapping_sha256(path.name)) not in known
    ]


def _of_one_moment(
    contract: Contract, named: Named, as_delivery: AsDelivery
) -> list[str]:
    """Check files with one extraction time. Only these are hashed here."""
    shared = []
    for _, group in groupby(named.files, key=lambda pair: pair[0]):
        files = list(group)
        if len(files) > 1:
            shared += files
    return deliveries.of_one_moment([as_delivery(*each) for each in shared], contract)


def _headers(
    connection: duckdb.DuckDBPyConnection,
    contract: Contract,
    new: list[tuple[datetime, Path]],
    as_delivery: AsDelivery,
    marked: dict[str, str] | None,
) -> list[str]:
    refusals = []
    for at, path in new:
        try:
            seen = look(path)
            if marked is not None:
                strangers = deliveries.strangers([as_delivery(at, path)], marked)
                deliveries.refuse(strangers)
            readers.check(path, contract)
        except InaccessibleError as error:
            refusals.append(str(error))
        except DeliveryError as error:
            # A file that is still being written is taken by a later run.
            if not has_changed(path, seen):
                reject(connection, as_delivery(at, path), str(error))
                refusals.append(str(error))
    return refusals


def reject(
    connection: duckdb.DuckDBPyConnection, delivery: Delivery, sentence: str
) -> None:
    """Register a file as rejected; a second attempt replaces the first one's row."""
    with load_log.transaction(connection):
        load_log.forget_fates(connection, [delivery])
        load_id = load_log.next_load_id(connection)
        tally = Tally(0, 0, 0, 0, sentence)
        load_log.record(connection, load_id, delivery, tally, "rejected")
