"""Shows what would happen if a file were delivered, without changing anything.

The file is read, compared and staged like a delivery, by the same reader, the same
comparison and dbt's own models, but in a temporary home. The known lines of the home
for which the file is meant are only read.
"""

from pathlib import Path

import duckdb

from dagster_project import settings
from dagster_project.errors import DeliveryError
from dagster_project.inspection import judgement, known, staging
from dagster_project.inspection.judgement import Placed
from dagster_project.inspection.outcome import Outcome
from dagster_project.intake import contracts, extracts, landing, load_log, names
from dagster_project.intake.contracts import Contract
from dagster_project.intake.load_log import Tally
from dagster_project.settings import Home

__all__ = ["Outcome", "inspect"]


def inspect(
    path: Path, extract: str, scratch: Home, home: Home | None = None
) -> Outcome:
    """Return what would happen to a file as a delivery of this extract.

    Args:
        path: the file, in any folder.
        extract: a name in seeds/force/extracts.csv.
        scratch: an empty home, which must be the one in use (`settings.configure`).
        home: the home for which the file is meant; None means that no line is known.

    Raises:
        DeliveryError: there is no such file, extract or home, the file cannot be read,
            or another process uses the home.
    """
    contract = contract_of(path, extract, home or scratch)
    _check_places(home)
    outcome = Outcome(extract, path.name, names.kind_of(path))
    mapping = contract.mapping_of(path.name)
    outcome.mapping = mapping.path if mapping else None
    moment, outcome.refusals = judgement.of_name(path, contract)
    if outcome.kind not in names.SUFFIXES:
        return outcome
    file = judgement.placed(path, moment, contract, home)
    outcome.refusals += judgement.beside_others(file, contract)
    with load_log.warehouse(scratch.warehouse) as connection:
        for each in settings.force_extracts():
            columns = contracts.load_contract(each).columns
            load_log.create_raw_table(connection, each, columns)
        try:
            load_id = _store(connection, file, contract, home, outcome)
        except extracts.RejectedError as rejected:
            outcome.refusals.insert(0, str(rejected))
            return outcome
    if outcome.accepted:
        outcome.staged = staging.stage(scratch, contract, load_id)
        outcome.accepted -= outcome.staged.held
    return outcome


def _store(
    connection: duckdb.DuckDBPyConnection,
    file: Placed,
    contract: Contract,
    home: Home | None,
    outcome: Outcome,
) -> int:
    """Read the file and store its new lines in the scratch home; return its load id.

    The other parts of its delivery, if it has any, are read and stored with it.

    Raises:
        RejectedError: the file, or another part of its delivery, cannot be taken.
    """
    parts = (file.delivery,) if outcome.refused else file.parts
    readings = extracts.read(connection, contract, parts)
    if readings is None:
        raise DeliveryError(
            f"{file.delivery.path} is still being written. Check it again when it is"
            " complete."
        )
    known.copy(connection, contract, file.delivery, home)
    outcome.taken_as = known.taken_as(connection, file.delivery)
    outcome.late_before = known.taken_after(connection, file.delivery)
    outcome.waiting_before = known.waiting_before(
        connection, file.delivery, file.found.deliveries
    )
    if outcome.refused is None and outcome.taken_as is None:
        lines = sum(reading.delivered for reading in readings)
        try:
            outcome.on_hold = judgement.on_hold(connection, file, contract, lines)
        except DeliveryError as error:
            outcome.refusals.append(str(error))
    first, here = load_log.next_load_id(connection), parts.index(file.delivery)
    loads = list(zip(range(first, first + len(parts)), parts, readings, strict=True))
    stored = extracts.store(connection, contract, loads)
    for (load_id, part, reading), each in zip(loads, stored, strict=True):
        tally = Tally(reading.delivered, each.stored, each.unchanged, each.unreadable)
        load_log.record(connection, load_id, part, tally)
    outcome.unreadable_reasons = tuple(
        connection.execute(
            "select reason, count(*), min(line) from raw.unreadable_lines"
            " where load_id = ? group by reason order by min(line)",
            [first + here],
        ).fetchall()
    )
    is_complete = len(parts) >= contract.part_count
    closed = sum(each.closed for each in stored) if is_complete else 0
    outcome.count(readings[here], stored[here], closed)
    return first + here


def contract_of(path: Path, extract: str, home: Home) -> Contract:
    """Return the contract, with the home's mappings, by which a file is inspected.

    Raises:
        DeliveryError: there is no such file or extract, or the extract is open data.
    """
    _check_file(path)
    if extract in landing.OPEN_DATA_KINDS:
        raise DeliveryError(
            f"EXTRACT={extract}: open data comes in archives, whose files are read by"
            " force and month. To see what an archive contains: make report"
            " ARCHIVE=path/to/archive.zip (without FORCE)."
        )
    if extract not in (known := contracts.extracts_of(home)):
        raise DeliveryError(
            f"EXTRACT={extract} is not an extract. Name one of: {', '.join(known)}."
        )
    return contracts.load_contract(extract, home)


def _check_file(path: Path) -> None:
    if not path.is_file():
        raise DeliveryError(f"FILE={path} does not exist. Name the file to check.")


def _check_places(home: Home | None) -> None:
    if home and not home.landing.is_dir():
        raise DeliveryError(
            f"DATA={home.root} is not a data home. Name the folder that contains"
            " `landing`, or leave DATA out to check the file alone."
        )
