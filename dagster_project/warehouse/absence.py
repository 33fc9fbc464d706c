"""Says which months of a quarter are missing, and so why it cannot be reported."""

import duckdb

from dagster_project import stores
from dagster_project.errors import DeliveryError
from dagster_project.settings import Home
from dagster_project.warehouse.snapshot import REPLACED
from reports.board import english
from reports.grid import Row

# Only of the extracts that a report needs: those that a force must deliver, and the
# open data.
MONTHS = """
    with needed as (
        from seeds.extracts where is_required or delivery = 'force_month'
    ),
    delivered as (
        select distinct force_code, extract
        from intermediate.int_supplied_months
        semi join needed using (extract)
    ),
    months as (
        select distinct month_start_date as month
        from marts.dim_dates
        where quarter = $quarter
    ),
    wanted as (
        select
            delivered.extract,
            if(supplied.month is null, 'absent', supplied.reason_code) as reason_code,
            months.month,
            gaps.gap_start_at,
            gaps.gap_end_at
        from delivered
        cross join months
        left join intermediate.int_supplied_months as supplied
            on delivered.force_code = supplied.force_code
            and delivered.extract = supplied.extract
            and months.month = supplied.month
        left join intermediate.int_delivery_gaps as gaps
            on delivered.force_code = gaps.force_code
            and delivered.extract = gaps.extract
            and months.month between gaps.first_month and gaps.last_month
    )
    select
        extract,
        reason_code,
        min(month) as first_month,
        max(month) as last_month,
        cast(min(gap_start_at) as date) as gap_start_date,
        cast(max(gap_end_at) as date) as gap_end_date
    from wanted
    group by extract, reason_code
    order by extract, first_month
"""
ABSENT = "absent"
NONE_AT_ALL = "No delivery shows a month of it."
OPEN_DATA = "police_uk_street"


def reason(home: Home, quarter: str) -> str:
    """Say in sentences which months of a quarter are not supplied, and why.

    Returns:
        The sentences. Empty if every month is supplied or the work file cannot be read.
    """
    if not home.warehouse.exists():
        return ""
    try:
        with stores.reading(home.warehouse, REPLACED) as reader:
            result = reader.execute(MONTHS, {"quarter": quarter})
            names = [column[0] for column in result.description]
            rows = [dict(zip(names, row, strict=True)) for row in result.fetchall()]
    except (DeliveryError, duckdb.Error):
        return ""
    if all(row["reason_code"] == ABSENT for row in rows):
        return NONE_AT_ALL
    return " ".join(_sentence(row) for row in rows if row["reason_code"])


def _sentence(months: Row) -> str:
    first, last = months["first_month"], months["last_month"]
    shown = f"{first:%B %Y}" + ("" if first == last else f" to {last:%B %Y}")
    why = "No delivery shows this month."
    if months["reason_code"] != ABSENT:
        why = english.say("reason", reason=months | {"held_count": 0})
    if months["extract"] == OPEN_DATA:
        why += " Each month can be downloaded at data.police.uk."
    return f"Not supplied: {months['extract']}, {shown}. {why}"
