"""A look at all that was delivered before any of it is read.

Names, times, kinds, duplicates and headers of all extracts, so that whatever must be
put right is said at once and together, and not after minutes of a great extract.
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
from dagster_project.intake.contracts import Contract
from dagster_project.intake.deliveries import Named, NothingYetError, has_changed, look
from dagster_project.intake.load_log import Delivery, Tally
from dagster_project.intake.reading import readers

AsDelivery = Callable[[datetime, Path], Delivery]


@dataclass
class Looked:
    """What lies in a landing folder: new files by extract, and what is left alone."""

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
    """Look at the files of these extracts that the register does not have yet.

    A file that is refused for what is in it is registered as rejected.

    Raises:
        NothingYetError: one of the extracts was first extracted after `until`.
        DeliveryError: everything that must be put right, a sentence each.
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
    """Names of files that are not taken, by what they are."""

    unfinished: Sequence[str]
    temporary: Sequence[str]
    ignored: Sequence[str]


def left_alone(extract: str, named: LeftAlone) -> list[str]:
    """Sentences about files that are not taken, and why."""
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
    """What lies in the landing folder itself and belongs to no extract."""
    ours = {*settings.extracts(), deliveries.MARK, *holding.FILES}
    return [
        f"landing/{ascii(path.name)[1:-1]} has the name of no extract: ignored"
        for path in deliveries.inside(landing)
        if path.name not in ours and not names.is_temporary(path.name)
    ]


def _new_files(
    connection: duckdb.DuckDBPyConnection, contract: Contract, named: Named
) -> list[tuple[datetime, Path]]:
    """Files that the register does not have as taken or held by the same mapping.

    One of the same name and size and of other bytes is found when it is hashed.
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
    """Only files that share their moment with another are hashed."""
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
            # What still grows is taken when it is whole.
            if not has_changed(path, seen):
                reject(connection, as_delivery(at, path), str(error))
                refusals.append(str(error))
    return refusals


def reject(
    connection: duckdb.DuckDBPyConnection, delivery: Delivery, sentence: str
) -> None:
    """Write down why a file was refused: once, however often it is tried."""
    with load_log.transaction(connection):
        load_log.forget_fates(connection, [delivery])
        load_id = load_log.next_load_id(connection)
        tally = Tally(0, 0, 0, 0, sentence)
        load_log.record(connection, load_id, delivery, tally, "rejected")
