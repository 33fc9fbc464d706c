"""Judges a delivery as a whole: by its name, the other deliveries, and its size."""

from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path

import duckdb

from dagster_project.intake import (
    deliveries,
    holding,
    landing,
    load_log,
    names,
    plausibility,
    queue,
)
from dagster_project.intake.contracts import Contract
from dagster_project.intake.deliveries import Found
from dagster_project.intake.load_log import Delivery
from dagster_project.intake.names import BadName
from dagster_project.intake.plausibility import Acceptances
from dagster_project.settings import Home

# The force of a file that is inspected without a home. No rule of a contract uses it.
NO_FORCE = "unknown"


def of_name(path: Path, contract: Contract) -> tuple[datetime, list[str]]:
    """Return the extraction time, and why a file of this name would not be taken.

    If the name has no time, the present time is used, so that the lines can be read.
    """
    now = names.london_now()
    wanted = f"Name it {contract.extract}_YYYYMMDDTHHMMSS{names.kind_of(path)}"
    if names.is_temporary(path.name) or names.is_unfinished(path.name):
        return now, [
            f"{path.name}: this is the name of a temporary or unfinished file, so a"
            f" run would ignore it. {wanted}."
        ]
    moment = names.moment_of(path, contract)
    if isinstance(moment, BadName):
        return now, [f"{path.name}: {moment.sentence}."]
    refusals = []
    if later := names.later_than(moment, now, contract):
        refusals.append(f"{path.name}: {later.sentence}.")
    if not names.fits(path.name, contract):
        refusals.append(
            f"{path.name}: files of {contract.extract} are named {contract.file_glob},"
            f" so a run would ignore this file. {wanted}."
        )
    return moment, refusals


@dataclass(frozen=True)
class Placed:
    """A file among the deliveries of the home for which it is meant."""

    delivery: Delivery
    found: Found
    acceptances: Acceptances
    marked: dict[str, str] | None

    @property
    def parts(self) -> tuple[Delivery, ...]:
        """The files of its delivery (those of its extraction time), usually one."""
        moment = self.delivery.extracted_at
        same = [item for item in self.found.deliveries if item.extracted_at == moment]
        by_identity = {item.identity: item for item in same}
        return tuple((by_identity | {self.delivery.identity: self.delivery}).values())


def placed(
    path: Path, moment: datetime, contract: Contract, home: Home | None
) -> Placed:
    """Return the file as a delivery of the home, replacing a file with the same name.

    Raises:
        InaccessibleError: the file, or a file of the home, cannot be read.
    """
    if home is None:
        marked, others, acceptances, force_code = None, (), set(), NO_FORCE
    else:
        marked = deliveries.demonstration_hashes(home.landing)
        there = deliveries.inside(home.landing / contract.extract)
        others = deliveries.by_name(there, contract).files
        acceptances = holding.accepted(home.landing)
        force_code = landing.owner(home) or NO_FORCE
    as_delivery = partial(
        deliveries.as_delivery, contract=contract, force_code=force_code, marked=marked
    )
    delivery = as_delivery(moment, path)
    items = [
        delivery,
        *(as_delivery(*each) for each in others if each[1].name != path.name),
    ]
    items.sort(key=lambda item: (item.extracted_at, item.file_name))
    return Placed(delivery, Found(tuple(items)), acceptances, marked)


def beside_others(file: Placed, contract: Contract) -> list[str]:
    """Return why the home would refuse the file because of the files already there."""
    return [
        *deliveries.strangers([file.delivery], file.marked),
        *deliveries.of_one_moment(file.parts, contract),
    ]


def on_hold(
    connection: duckdb.DuckDBPyConnection,
    file: Placed,
    contract: Contract,
    line_count: int,
) -> str | None:
    """Return why the delivery would be put on hold, as a clause, or None.

    Args:
        connection: its `raw.loads` has the deliveries of the home.

    Raises:
        DeliveryError: a later delivery, which would be read again, is missing.
    """
    load_log.forget_fates(connection, file.parts)
    waiting = queue.make(connection, contract, file.found, file.acceptances)
    return holding.reason(
        plausibility.rules(contract),
        plausibility.past(connection, contract.extract),
        contract,
        file.parts,
        line_count,
        file.acceptances,
        waiting.neighbours(file.delivery.extracted_at),
    )
