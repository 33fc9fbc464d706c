"""Any figure of a report, in words and down to the records that it counts.

Only the published file is asked, whose view `reporting.rpt_figure_records` knows the
records of every figure; nothing is computed here, and nothing is written in the home.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb

from dagster_project.errors import DeliveryError
from dagster_project.settings import Home
from dagster_project.warehouse import snapshot
from reports import data_file, style

MADE_AS = {
    "total": "what its records add up to",
    "difference": "current less base",
    "change_pct": "current less base, as a percentage of base",
    "share": "numerator as a percentage of denominator",
    "difference_of_shares": "numerator as a percentage of denominator, less the same"
    " of base_numerator and base_denominator",
    "rate": "events per 1,000 residents of the force",
    "ratio": "current divided by base",
    "interval": "a limit of the ratio of current to base, from both counts by month",
    "lowest_month": "the lowest month of its records",
    "highest_month": "the highest month of its records",
    "monthly_mean": "what its records add up to, by month on average",
}
MOST_SUGGESTED = 5
AT_ONCE = 10_000  # records in memory
OF_FIGURE = "quarter = $quarter and figure_id = $figure_id"
FIGURES = f"""
    select
        figures.force_code,
        tables.table_title,
        figures.row_key,
        columns.heading,
        figures.value,
        parts.statistic
    from reporting.rpt_figures as figures
    inner join reporting.rpt_tables as tables
        using (quarter, force_code, table_name)
    inner join reporting.rpt_columns as columns
        using (quarter, force_code, column_name)
    left join reporting.rpt_figure_parts as parts
        using (quarter, force_code, figure_id)
    where {OF_FIGURE} and force_code = coalesce($force_code, force_code)
    group by all
    order by all
"""
RECORDS = f"""
    select * exclude (quarter, force_code, figure_id)
    from reporting.rpt_figure_records
    where {OF_FIGURE} and force_code = $force_code
    order by all
"""
PARTS = f"""
    select
        parts.part,
        coalesce(measures.measure_name, parts.measure_code) as measure,
        parts.record_kind,
        parts.area_name,
        parts.category,
        parts.first_month,
        parts.last_month,
        count(records.record_id) as record_count,
        coalesce(sum(records.quantity), 0) as quantity
    from reporting.rpt_figure_parts as parts
    left join marts.dim_measures as measures using (measure_code)
    left join ({RECORDS}) as records
        on parts.part = records.part
        and parts.category is not distinct from records.category
    where {OF_FIGURE} and force_code = $force_code
    group by all
    order by all
"""
# One place where a figure is printed that was named by what it is.
PRINTED = """
    select min(figure_id) from reporting.rpt_cells
    where quarter = $quarter and identity = $figure_id
"""
SUGGESTED = f"""
    select distinct figure_id from reporting.rpt_figures
    where quarter = $quarter and contains(figure_id, $figure_id)
    order by 1 limit {MOST_SUGGESTED}
"""


@dataclass(frozen=True)
class Figure:
    """Which figure: `2021-22-q2`, `rolling_12_months/hate_crime/difference`, force.

    The figure may also be named by what it is, whatever table prints it:
    `hate_crime/12m-2021-09/12m-2020-09/difference`.
    """

    quarter: str
    figure_id: str
    force_code: str | None = None


def explain(home: Home, figure: Figure, shown: int, csv: Path | None) -> list[str]:
    """Lines to read; `csv`, where it is named, gets every record.

    Raises:
        DeliveryError: nothing is published, or there is no such figure, or it is the
            figure of several forces and none is named.
    """
    key = {"quarter": figure.quarter, "figure_id": figure.figure_id}
    with snapshot.reading(home) as reader:
        (printed,) = reader.execute(PRINTED, key).fetchone()
        key["figure_id"] = printed or figure.figure_id
        force, *words = _the_one(reader, figure, key)
        key["force_code"] = force
        parts = [_harmless(part) for part in reader.execute(PARTS, key).fetchall()]
        records = reader.execute(RECORDS, key).fetchmany(shown)
        names = [column[0] for column in reader.description]
        if csv:
            reader.execute(RECORDS, key)
            data_file.write(csv, names, _every(reader))
    lines = _figure_lines(figure, force, *words)
    for part in parts:
        lines += _part_lines(*part)
    lines += ["", *_table([names, *records])]
    total = sum(part[-2] for part in parts)
    if csv:
        lines.append(f"All {total:,} records are in {csv}.")
    elif total > len(records):
        lines.append(f"These are the first {len(records)}; CSV=file writes all.")
    return lines


def _every(reader: duckdb.DuckDBPyConnection) -> Iterator[tuple]:
    while records := reader.fetchmany(AT_ONCE):
        yield from records


def _the_one(reader: duckdb.DuckDBPyConnection, figure: Figure, key: dict) -> tuple:
    force = {"force_code": figure.force_code}
    found = reader.execute(FIGURES, key | force).fetchall()
    if not found:
        rows = reader.execute(SUGGESTED, key).fetchall()
        known = "".join(f" {name}" for (name,) in rows)
        raise DeliveryError(
            f"FIGURE={figure.figure_id}: no figure of {figure.quarter}."
            + (f" There are, for example:{known}" if known else "")
            + " reporting.rpt_figures lists them all."
        )
    if len(found) > 1:
        forces = ", ".join(row[0] for row in found)
        raise DeliveryError(f"FIGURE={figure.figure_id}: name the FORCE: {forces}.")
    return _harmless(found[0])


def _harmless(row: tuple) -> tuple:
    """What was delivered says nothing to a terminal but its letters."""
    return tuple(style.plain_text(v) if isinstance(v, str) else v for v in row)


def _figure_lines(
    figure: Figure, force: str, title: str, row: str, heading: str, value, statistic
) -> list[str]:
    return [
        f"Figure   {figure.figure_id}, {figure.quarter}, {force}",
        f"Table    {title}",
        f"Row      {row}",
        f"Column   {heading}",
        f"Value    {'not available' if value is None else _number(value)}",
        f"Made as  {MADE_AS.get(statistic, 'not known')}",
    ]


def _part_lines(
    part, measure, kind, area, category, first, last, count: int, quantity
) -> list[str]:
    months = f"{first:%B %Y}" + (f" to {last:%B %Y}" if last > first else "")
    where = [
        words for words in (measure, category, area or "all areas", months) if words
    ]
    return [
        "",
        f"{part}: {'; '.join(where)}",
        f"  {count:,} of: {kind}; they add up to {_number(quantity)}",
    ]


def _number(value) -> str:
    """Without the zeros behind a decimal point that say nothing."""
    text = f"{value:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _table(rows: list) -> list[str]:
    cells = [
        ["" if cell is None else style.plain_text(cell) for cell in row] for row in rows
    ]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    return ["  ".join(map(str.ljust, row, widths)).rstrip() for row in cells]
