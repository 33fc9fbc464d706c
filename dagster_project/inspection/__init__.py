"""What would happen to one file if it were delivered, without changing anything.

The file is read, compared and staged as a delivery is: with the same reader, the same
comparison and dbt's own models, in a home that is made for the while. Of the home that
it is meant for, what is known is read, and nothing is written.
"""

from pathlib import Path

from dagster_project import paths
from dagster_project.inspection import judgement, known, staging
from dagster_project.inspection.outcome import Outcome
from dagster_project.paths import Home
from dagster_project.sources import (
    contracts,
    landing,
    lines,
    names,
    readers,
    register,
)
from dagster_project.sources.contracts import Contract
from dagster_project.sources.register import Delivery, DeliveryError

__all__ = ["Outcome", "inspect"]


def inspect(
    path: Path, extract: str, scratch: Home, home: Home | None = None
) -> Outcome:
    """Look at a file as a delivery of this extract.

    Args:
        path: the file, wherever it lies.
        extract: as in seeds/extracts.csv.
        scratch: an empty home, which is the one in use (`paths.configure`).
        home: the home that it is meant for; without one no line is known.

    Raises:
        DeliveryError: no such file, no such extract or home, or a home in use.
    """
    contract = _contract(extract)
    _check_places(path, home)
    outcome = Outcome(extract, path.name, names.kind_of(path))
    moment, outcome.refusals = judgement.of_name(path, contract)
    if outcome.kind not in names.SUFFIXES:
        return outcome
    try:
        delivery = judgement.as_delivery(path, contract, moment, home)
        load_id = _store(delivery, contract, scratch, home, outcome)
    except known.InUseError:
        raise
    except DeliveryError as error:
        outcome.refusals.insert(0, str(error))
        return outcome
    if outcome.accepted:
        outcome.staged = staging.stage(scratch, contract, load_id)
        outcome.accepted -= outcome.staged.held
    return outcome


def _store(
    delivery: Delivery,
    contract: Contract,
    scratch: Home,
    home: Home | None,
    outcome: Outcome,
) -> int:
    """Read the file and store what is new in the scratch home; its load id there."""
    with register.warehouse(scratch.warehouse) as connection:
        for each in paths.force_extracts():
            columns = contracts.load_contract(each).columns
            register.create_raw_table(connection, each, columns)
        known.attach(connection, home)
        reading = readers.read(connection, delivery.path, contract)
        outcome.heed(reading)
        known.copy_lines(connection, contract, delivery)
        outcome.taken_as = known.taken_as(connection, delivery)
        outcome.refusals += judgement.beside_others(delivery, contract, home)
        if outcome.refused is None and outcome.taken_as is None:
            outcome.on_hold = judgement.on_hold(
                connection, delivery, contract, home, reading.delivered
            )
        outcome.late_before = known.taken_after(connection, delivery)
        load_id = register.next_load_id(connection)
        stored = lines.store(connection, contract, delivery, load_id)
        known.detach(connection)
    if outcome.taken_as is not None:
        outcome.unchanged = reading.delivered - stored.unreadable
        outcome.unreadable = stored.unreadable
    else:
        outcome.count(stored)
    return load_id


def _contract(extract: str) -> Contract:
    if extract in landing.OPEN_DATA_KINDS:
        raise DeliveryError(
            f"EXTRACT={extract}: open data comes in archives, whose files are taken by"
            " force and month. To see what an archive holds and what of it would be"
            " refused: make report ARCHIVE=path/to/archive.zip (without FORCE)."
        )
    if extract not in paths.force_extracts():
        raise DeliveryError(
            f"EXTRACT={extract}: no such extract. Name one of:"
            f" {', '.join(paths.force_extracts())}."
        )
    return contracts.load_contract(extract)


def _check_places(path: Path, home: Home | None) -> None:
    if not path.is_file():
        raise DeliveryError(f"FILE={path}: no such file. Name the file to look at.")
    if home and not home.landing.is_dir():
        raise DeliveryError(
            f"DATA={home.root}: no data home. Name the folder that holds `landing`, or"
            " leave DATA out to look at the file by itself."
        )
