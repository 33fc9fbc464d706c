"""Makes the supplementary extracts: invented rows that add up to published totals.

`tables/supplementary_totals.csv` has totals for periods of months,
`prevent_totals.csv` the Prevent referrals of each quarter. The totals are spread evenly
over the months, and hashes choose the days, so every machine writes the same rows. The
motivations are made with the crimes, whose ids they contain
(`sql/9_motivations.sql`).
"""

import calendar
import csv
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache
from itertools import groupby
from pathlib import Path

from dagster_project.demonstration.actions import TABLES, chance
from dagster_project.demonstration.crimes import FIRST_DELIVERY, MONTHLY_WEEKS

# When each monthly file is extracted. A file contains the rows since the one before.
EXTRACTED = tuple(FIRST_DELIVERY + timedelta(weeks=week) for week in MONTHLY_WEEKS)
COLUMNS = {
    "protective_orders": ("order_id", "order_kind", "issued_date", "notice_id"),
    "domestic_abuse_attendance": (
        "incident_id",
        "reported_at",
        "attended_at",
        "grade",
        "district_code",
    ),
    "outstanding_suspects": ("as_at_date", "lpa_name", "suspect_count"),
    "prevent_referrals": (
        "referral_id",
        "received_date",
        "region_name",
        "referral_force_code",
        "source",
        "outcome",
        "ideology",
    ),
    "child_protection_referrals": ("referral_id", "received_date", "referral_kind"),
    "operational_results": (
        "result_id",
        "result_month",
        "unit_name",
        "result_kind",
        "quantity",
        "drug_class",
        "person_kind",
    ),
    "team_returns": ("as_at_date", "return_item", "quantity"),
}
EXTRACTS = tuple(COLUMNS)
REGION = "Eastern"
LAST_RECEIVED = date(2021, 11, 14)

Row = tuple[object, ...]
Dated = tuple[date, Row]  # the day on which the row is entered into the system


def write_supplementary(folder: Path, progress: Callable[[str], None]) -> None:
    """Write every extract except the motivations into `folder`/<extract>/."""
    for extract, make in MAKERS.items():
        rows = list(make())
        before = date.min
        for moment in EXTRACTED:
            known = [row for day, row in rows if before <= day < moment.date()]
            _write(folder, extract, moment, known)
            before = moment.date()
    files = len(EXTRACTS) * len(EXTRACTED)
    progress(f"demonstration: {len(EXTRACTS)} supplementary extracts in {files} files")


def _write(folder: Path, extract: str, moment: datetime, rows: list[Row]) -> None:
    path = folder / extract / f"{extract}_{moment:%Y%m%dT%H%M%S}.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS[extract])
        writer.writerows(rows)


@cache
def _read(name: str) -> list[dict[str, str]]:
    with (TABLES / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _months(first: str, last: str) -> list[date]:
    """Return the first days of the months from `first` to `last` (YYYY-MM)."""
    start, end = (int(text[:4]) * 12 + int(text[5:]) - 1 for text in (first, last))
    return [date(number // 12, number % 12 + 1, 1) for number in range(start, end + 1)]


def _totals(extract: str) -> Iterator[tuple[dict[str, str], date, Decimal]]:
    """Yield each row of the extract in the table of totals, by month with quantity."""
    for row in _read("supplementary_totals"):
        if row["extract"] != extract:
            continue
        months, total = _months(row["first_month"], row["last_month"]), row["total"]
        places = len(total.partition(".")[2])
        parts = int(total.replace(".", ""))
        for number, month in enumerate(months):
            share = parts * (number + 1) // len(months) - parts * number // len(months)
            yield row, month, Decimal(share).scaleb(-places)


def _month_end(month: date) -> date:
    return month.replace(day=calendar.monthrange(month.year, month.month)[1])


def _day(month: date, key: str, days: int = 28) -> date:
    return month + timedelta(chance(key, "day", days))


def _protective_orders() -> Iterator[Dated]:
    """Yield the notices of each month, and the orders after its first notices."""
    notices: dict[date, list[tuple[str, date]]] = {}
    for row, month, count in _totals("protective_orders"):
        for number in range(1, int(count) + 1):
            reference = f"{row['kind']}/{month:%y%m}/{number:02}"
            if row["kind"] == "DVPN":
                issued = _day(month, reference, 25)
                notices.setdefault(month, []).append((reference, issued))
                yield issued, (reference, "DVPN", issued, None)
            else:
                # A court decides within two days of the notice.
                notice, served = notices[month][number - 1]
                issued = served + timedelta(1 + chance(reference, "court", 2))
                yield issued, (reference, "DVPO", issued, notice)


def _attendance() -> Iterator[Dated]:
    """Yield incidents by grade; `detail` is the number that was attended in time."""
    districts = [row["district_code"] for row in _read("district_mix")]
    codes = sorted(set(districts))
    for row, month, count in _totals("domestic_abuse_attendance"):
        in_time = int(row["detail"] or count)
        for number in range(1, int(count) + 1):
            reference = f"DA/{month:%y%m}/{row['kind'][:1]}{number:04}"
            reported = datetime.combine(_day(month, reference), datetime.min.time())
            reported += timedelta(minutes=chance(reference, "minute", 1440))
            limits = (20, 1440) if number <= in_time else (1441, 5760)
            minutes = limits[0] + chance(reference, "wait", limits[1] - limits[0] + 1)
            attended = reported + timedelta(minutes=minutes)
            district = codes[chance(reference, "district", len(codes))]
            yield (
                attended.date(),
                (
                    reference,
                    reported.isoformat(),
                    attended.isoformat(),
                    row["kind"],
                    district,
                ),
            )


def _suspects() -> Iterator[Dated]:
    for row, month, count in _totals("outstanding_suspects"):
        yield _month_end(month), (_month_end(month), row["kind"], count)


def _prevent_referrals() -> Iterator[Dated]:
    """Yield each quarter's referrals by force, with shuffled values of each column."""
    rows = _read("prevent_totals")
    for (first_month, force), group in groupby(
        rows, lambda row: (row["first_month"], row["force_code"])
    ):
        dealt: dict[str, list[str]] = {}
        for row in group:
            values = [row["category"]] * int(row["total"])
            dealt.setdefault(row["breakdown"], []).extend(values)
        start = _months(first_month, first_month)[0]
        shuffled = (
            _shuffled(values, f"{start} {force} {breakdown}")
            for breakdown, values in dealt.items()
        )
        for number, values in enumerate(zip(*shuffled, strict=True), start=1):
            reference = f"PREV/{start:%y%m}/{force[:3].upper()}{number:03}"
            received = start + timedelta(chance(reference, "day", 90))
            received = min(received, LAST_RECEIVED)
            yield received, (reference, received, REGION, force, *values)


def _shuffled(values: list[str], key: str) -> list[str]:
    order = range(len(values))
    return [
        values[i] for i in sorted(order, key=lambda i: chance(key, str(i), 1 << 40))
    ]


def _child_protection() -> Iterator[Dated]:
    for row, month, count in _totals("child_protection_referrals"):
        for number in range(1, int(count) + 1):
            reference = f"{row['kind'][:4].upper()}/{month:%y%m}/{number:02}"
            received = _day(month, reference)
            yield received, (reference, received, row["kind"])


def _results() -> Iterator[Dated]:
    for number, (row, month, quantity) in enumerate(_totals("operational_results")):
        if not quantity:
            continue
        unit, _, result = row["kind"].partition(": ")
        drugs = row["detail"] if result == "Drugs seized" else None
        person = row["detail"] if result == "Person safeguarded" else None
        reference = f"OR/{month:%y%m}/{number:04}"
        values = (reference, month, unit, result, quantity, drugs, person)
        yield _month_end(month), values


def _returns() -> Iterator[Dated]:
    for row, month, quantity in _totals("team_returns"):
        yield _month_end(month), (_month_end(month), row["kind"], quantity)


MAKERS: dict[str, Callable[[], Iterator[Dated]]] = {
    "protective_orders": _protective_orders,
    "domestic_abuse_attendance": _attendance,
    "outstanding_suspects": _suspects,
    "prevent_referrals": _prevent_referrals,
    "child_protection_referrals": _child_protection,
    "operational_results": _results,
    "team_returns": _returns,
}
