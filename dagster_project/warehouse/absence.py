"""Says which months of a quarter are missing, and so why it cannot be reported."""

import duckdb

from dagster_project import stores
from dagster_project.errors import DeliveryError
from dagster_project.settings import Home
from dagster_project.warehouse.snapshot import REPLACED

# Only of the extracts that a report needs: those that a force must deliver, and the
# open data.
MONTHS = """
    with needed as (
        from seeds.extracts where is_required or delivery = 'force_month'
    ),
    wanted as (
        select
            supplied.extract,
            supplied.reason_code,
            supplied.month,
            gaps.gap_start_at,
            gaps.gap_end_at
        from intermediate.int_supplied_months as supplied
        semi join needed on supplied.extract = needed.extract
        semi join marts.dim_dates as dates
            on supplied.month = dates.month_start_date and dates.quarter = $quarter
        left join intermediate.int_delivery_gaps as gaps
            on supplied.force_code = gaps.force_code
            and supplied.extract = gaps.extract
            and supplied.month between gaps.first_month and gaps.last_month
    )
    select
        wanted.extract,
        wordings.wording,
        min(wanted.month),
        max(wanted.month),
        min(wanted.gap_start_at),
        max(wanted.gap_end_at)
    from wanted
    left join seeds.wordings as wordings
        on 'supply_' || wanted.reason_code = wordings.wording_code
    group by wanted.extract, wanted.reason_code, wordings.wording
    order by 1, 3
"""
NONE_AT_ALL = "No delivery shows a month of it."


def reason(home: Home, quarter: str) -> str:
    """Say in sentences which months of a quarter are not supplied, and why.

    Returns:
        The sentences. Empty if every month is supplied or the work file cannot be read.
    """
    if not home.warehouse.exists():
        return ""
    try:
        with stores.reading(home.warehouse, REPLACED) as reader:
            rows = reader.execute(MONTHS, {"quarter": quarter}).fetchall()
    except (DeliveryError, duckdb.Error):
        return ""
    if not rows:
        return NONE_AT_ALL
    return " ".join(_sentence(*row) for row in rows if row[1])


def _sentence(extract, wording, first, last, gap_start, gap_end) -> str:
    months = f"{first:%B %Y}" + ("" if first == last else f" to {last:%B %Y}")
    if gap_start is not None:
        wording = wording.replace("{gap_start}", f"{gap_start:%-d %B %Y}")
        wording = wording.replace("{gap_end}", f"{gap_end:%-d %B %Y}")
    return f"Not supplied: {extract}, {months}. {wording}"
