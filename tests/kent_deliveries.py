"""Deliveries of an invented force: three crimes a day from April 2020, in weekly files.

Every measure of crime but fraud occurs, because its frauds have codes of another
scheme. Dartford's first crime is in July 2021, and so is the CSE team's first result.
"""

import csv
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from pathlib import Path

from dagster_project.intake.contracts import load_contract
from tests.built_models import CRIME

FIRST_DAY = date(2020, 4, 1)
FIRST_DELIVERY = datetime(2021, 4, 7, 6)
WEEKS = 33  # the last one on 17 November 2021
FRAUDS = 40
STRAY_DAY = date(2015, 6, 15)
OFFENCES = ("28E", "34B", "8N")
FLAGS = ("is_hate_crime", "is_domestic_abuse", "is_online", "is_night_time_economy")
# District → the first day on which it has crimes.
DISTRICTS = {
    "E07000105": date.min,
    "E07000106": date.min,
    "E07000107": date(2021, 7, 1),
}
RESULT_MONTHS = [
    date(2020 + number // 12, number % 12 + 1, 1) for number in range(3, 22)
]
CSE_MONTHS = [month for month in RESULT_MONTHS if month >= date(2021, 7, 1)]
ACTION = {
    "action_id": "A1",
    "strand_name": "Hate Crime",
    "action_title": "Train everyone",
    "start_date": "2020-04-01",
    "due_date": "2021-12-31",
    "action_status": "Ongoing",
    "is_at_risk": "N",
}

Row = dict[str, str]


def crimes_of(day: date) -> list[Row]:
    """Return three crimes of a day, with one offence each: one has a knife."""
    districts = [code for code, first in DISTRICTS.items() if day >= first]
    rows = [
        CRIME
        | {
            "crime_id": f"{day:%Y%m%d}-{number}",
            "recorded_at": f"{day}T10:00:00",
            "offence_code": code,
            "district_code": districts[number % len(districts)],
        }
        for number, code in enumerate(OFFENCES)
    ]
    rows[1]["keywords"] = "Knife"
    rows[2][FLAGS[day.toordinal() % len(FLAGS)]] = "Y"
    return rows


def days(first: date, before: date) -> Iterable[date]:
    return (first + timedelta(n) for n in range((before - first).days))


def write(landing: Path, extract: str, moment: datetime, rows: Iterable[Row]) -> Path:
    """Write a file of the extract, as CSV with every column of its contract."""
    path = landing / extract / f"{extract}_{moment:%Y%m%dT%H%M%S}.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, load_contract(extract).columns)
        writer.writeheader()
        writer.writerows(rows)
    return path


def deliver(landing: Path) -> None:
    """Deliver a history file, weekly crimes, monthly results, and one plan on the last
    day.
    """
    known = FIRST_DAY
    for week in range(WEEKS):
        moment = FIRST_DELIVERY + timedelta(weeks=week)
        rows = [row for day in days(known, moment.date()) for row in crimes_of(day)]
        write(landing, "crimes", moment, rows + (_odd() if week == 0 else []))
        known = moment.date()
    write(landing, "actions", datetime(2021, 11, 17, 6), [ACTION])
    _deliver_results(landing)


def _odd() -> list[Row]:
    """Return frauds with codes of another scheme, and an old crime that was updated."""
    frauds = [
        CRIME
        | {
            "crime_id": f"F{number}",
            "recorded_at": f"2020-{number % 9 + 4:02}-12T10:00:00",
            "offence_code": "NFIB3A",
        }
        for number in range(FRAUDS)
    ]
    stray = {"crime_id": "S1", "recorded_at": f"{STRAY_DAY}T10:00:00"}
    return [*frauds, CRIME | stray]


def _deliver_results(landing: Path) -> None:
    """Deliver two arrests a month by POLIT from April 2020; the CSE team's from July
    2021.
    """
    rows = [
        {
            "result_id": f"{unit}{month:%y%m}",
            "result_month": str(month),
            "unit_name": unit,
            "result_kind": "Arrest",
            "quantity": "2",
        }
        for unit, months in (("POLIT", RESULT_MONTHS), ("CSE team", CSE_MONTHS))
        for month in months
    ]
    sent: set[str] = set()
    for number in range(4, 12):
        day = date(2021, number, 7)
        # Results of a month are delivered after its end.
        known = [row for row in rows if row["result_month"] < str(day.replace(day=1))]
        new = [row for row in known if row["result_id"] not in sent]
        write(landing, "operational_results", datetime(2021, number, 7, 6), new)
        sent |= {row["result_id"] for row in new}
