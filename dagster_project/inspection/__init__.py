"""What would happen to one file if it were delivered, without changing anything.

The file is read, compared and staged as a delivery is: with the same reader, the same
comparison and dbt's own models, in a home that is made for the while. Of the home that
it is meant for, what is known is read, and nothing is written.
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
    """Look at a file as a delivery of this extract.

    Args:
        path: the file, wherever it lies.
        extract: as in seeds/force/extracts.csv.
        scratch: an empty home, which is the one in use (`settings.configure`).
        home: the home that it is meant for; without one no line is known.

    Raises:
        DeliveryError: nobody can tell: no such file, no such extract or home, a file
            that cannot be read or a home in use.
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
    """Read the file and store what is new in the scratch home; its load id there.

    The other parts of its delivery, if it has any, are read and stored with it.

    Raises:
        RejectedError: it cannot be read, or not together with the other parts.
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
    is_complete = len(parts) >= contract.part_count
    closed = sum(each.closed for each in stored) if is_complete else 0
    outcome.count(readings[here], stored[here], closed)
    return first + here


def contract_of(path: Path, extract: str, home: Home) -> Contract:
    """The contract of an extract in a home, of which a file is looked at.

    Raises:
        DeliveryError: there is no such file or extract, or it is open data.
    """
    _check_file(path)
    if extract in landing.OPEN_DATA_KINDS:
        raise DeliveryError(
            f"EXTRACT={extract}: open data comes in archives, whose files are read by"
            " force and month. To see what an archive contains: make report"
            " ARCHIVE=path/to/archive.zip (without FORCE)."
        )
    if extract not in settings.force_extracts():
        raise DeliveryError(
            f"EXTRACT={extract} is not an extract. Name one of:"
            f" {', '.join(settings.force_extracts())}."
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
