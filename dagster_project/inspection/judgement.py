"""What the delivery as a whole would be: by its name, beside others, by its size."""

from dataclasses import replace
from datetime import datetime
from pathlib import Path

import duckdb

from dagster_project.paths import Home
from dagster_project.sources import deliveries, holding, landing, names, readers
from dagster_project.sources.contracts import Contract
from dagster_project.sources.names import BadName
from dagster_project.sources.register import Delivery, DeliveryError

# The force of a file that is looked at by itself: no rule of a contract asks for it.
NO_FORCE = "unknown"


def of_name(path: Path, contract: Contract) -> tuple[datetime, list[str]]:
    """The moment of extraction, and why a file of this name is not taken.

    A name without a moment is taken for one of now, so that the lines can be read.
    """
    now = names.london_now()
    wanted = f"Name it {contract.extract}_YYYYMMDDTHHMMSS{names.kind_of(path)}"
    if names.is_temporary(path.name) or names.is_unfinished(path.name):
        return now, [
            f"{path.name}: programs call their own or unfinished files like this, and"
            f" it would be passed over. {wanted}."
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
            f" and under this name it would be left alone. {wanted}."
        )
    return moment, refusals


def as_delivery(
    path: Path, contract: Contract, moment: datetime, home: Home | None
) -> Delivery:
    """The file as a delivery to the home."""
    try:
        force_code = landing.force_of(home) if home else NO_FORCE
    except DeliveryError:
        force_code = NO_FORCE
    return Delivery(
        extract=contract.extract,
        path=path,
        file_name=path.name,
        sha256=readers.sha256(path),
        file_bytes=path.stat().st_size,
        extracted_at=moment,
        force_code=force_code,
        origin="force extracts",
    )


def beside_others(
    delivery: Delivery, contract: Contract, home: Home | None
) -> list[str]:
    """Why the home would refuse it for what lies there."""
    if home is None:
        return []
    marked = deliveries.demonstration_hashes(home.landing)
    same_moment = [delivery, *_of_its_moment(delivery, contract, home)]
    return [
        *deliveries.strangers([delivery], marked),
        *deliveries.of_one_moment(same_moment, contract),
    ]


def on_hold(
    connection: duckdb.DuckDBPyConnection,
    delivery: Delivery,
    contract: Contract,
    home: Home | None,
    line_count: int,
) -> str | None:
    """Why the delivery would be held, by the deliveries in raw.loads; else None."""
    releases = holding.released(home.landing) if home else set()
    others = _of_its_moment(delivery, contract, home) if home else []
    if len(others) + 1 >= contract.part_count:
        contract = replace(contract, part_count=1)
    later = connection.execute(
        "select distinct extracted_at from raw.loads where extract = ?"
        " and extracted_at > ? and status = 'loaded' order by extracted_at",
        [contract.extract, delivery.extracted_at],
    ).fetchall()
    neighbours = holding.Neighbours(tuple(row[0] for row in later), bool(later))
    return holding.reason(
        connection, contract, [delivery], line_count, releases, neighbours
    )


def _of_its_moment(
    delivery: Delivery, contract: Contract, home: Home
) -> list[Delivery]:
    """Other files of this moment in the home, but for one that it would replace."""
    folder = home.landing / contract.extract
    there = sorted(folder.iterdir()) if folder.is_dir() else []
    return [
        replace(delivery, path=path, file_name=path.name, sha256=readers.sha256(path))
        for path in there
        if path.name != delivery.file_name
        and names.fits(path.name, contract)
        and names.moment_of(path, contract) == delivery.extracted_at
    ]
