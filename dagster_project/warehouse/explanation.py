"""Explains a figure of a report: how it is made, where it is printed, its records.

Everything is read from the published file, whose view `reporting.rpt_figure_records`
lists the records of every figure. Nothing is computed here. The ids of records are in
the restricted file. Whoever may not read that gets the keys of the published file.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb

from dagster_project.errors import DeliveryError
from dagster_project.settings import Home
from dagster_project.warehouse import restricted, snapshot
from reports import data_file, style

MADE_AS = {
    "total": "the sum of its records",
    "difference": "the current count less the count compared with (base)",
    "change_pct": "the current count less the count compared with (base), as a"
    " percentage of that count",
    "share": "numerator as a percentage of denominator",
    "difference_of_shares": "numerator as a percentage of denominator, less the same"
    " of base_numerator and base_denominator",
    "rate": "events per 1,000 residents of the force",
    "rates_of_forces": "the rates of several forces; these are the events of this"
    " force",
    "ratio": "the current count divided by the count compared with (base)",
    "interval": "a limit of the ratio of the current count to the count compared with"
    " (base), from both counts by month",
    "lowest_month": "the lowest month of its records",
    "highest_month": "the highest month of its records",
    "monthly_mean": "the sum of its records, by month on average",
    "usual_range": "the counts of the months of these events: their average, or"
    " that average plus or minus 2.66 times the average difference between neighbouring"
    " months",
}
MOST_SUGGESTED = 5
AT_ONCE = 10_000  # records in memory
OF_FIGURE = "figure_id = $figure_id and force_code = $force_code"
# The user names a figure by its id, or by a cell that prints it in this quarter.
FIGURES = """
    select distinct force_code, figure_id
    from reporting.rpt_cells
    where
        quarter = $quarter
        and number_format <> 'text'
        and figure_id is not null
        and $named in (figure_id, cell_id)
        and force_code = coalesce($force_code, force_code)
    order by all
"""
FIGURE = f"""
    select figures.figure_value, parts.made_as
    from reporting.rpt_figures as figures
    left join reporting.rpt_figure_parts as parts using (force_code, figure_id)
    where {OF_FIGURE}
"""
PRINTED = f"""
    select cells.cell_id, tables.table_title, cells.row_key, columns.column_heading
    from reporting.rpt_cells as cells
    inner join reporting.rpt_tables as tables using (quarter, force_code, table_name)
    inner join reporting.rpt_columns as columns
        using (quarter, force_code, column_name)
    where quarter = $quarter and {OF_FIGURE}
    order by cells.cell_id <> $named, tables.table_position, cells.cell_id
"""
KEYS = f"""
    select * exclude (force_code, figure_id)
    from reporting.rpt_figure_records
    where {OF_FIGURE}
    order by all
"""
# An action, for example, has no key: its id is in the published file.
IDS = f"""
    select * rename (record_key as record_id)
    from (
        select
            records.*
            replace (coalesce(keys.record_id, records.record_key) as record_key)
        from ({KEYS}) as records
        left join restricted.keys using (record_key)
    )
    order by all
"""
PARTS = f"""
    select
        parts.figure_part,
        figures.measure_name,
        parts.record_kind,
        -- A table by area calls the force's own row its total.
        case when figures.area_level <> 'force' then parts.area_name end as area_name,
        parts.category,
        parts.first_day,
        parts.last_day,
        count(records.record_key) as record_count,
        coalesce(sum(records.record_value), 0) as quantity
    from reporting.rpt_figure_parts as parts
    inner join reporting.rpt_figures as figures using (force_code, figure_id)
    left join ({KEYS}) as records
        on parts.figure_part = records.figure_part
        and parts.category is not distinct from records.category
    where {OF_FIGURE}
    group by all
    order by all
"""
SUGGESTED = f"""
    select distinct figure_id from reporting.rpt_cells
    where
        quarter = $quarter
        and number_format <> 'text'
        and (contains(figure_id, $named) or contains(cell_id, $named))
    order by 1 limit {MOST_SUGGESTED}
"""


@dataclass(frozen=True)
class Figure:
    """A figure as the user named it, with the quarter and the force of its pack.

    `name` is the figure's id (`hate_crime/12m-2021-09/12m-2020-09/difference`), or a
    cell of a table that prints it (`rolling_12_months/hate_crime/difference`).
    """

    quarter: str
    name: str
    force_code: str | None = None


def explain(home: Home, figure: Figure, shown: int, csv: Path | None) -> list[str]:
    """Explain a figure.

    Args:
        home: the data home, whose published file is read.
        figure: the figure.
        shown: the most records that are shown.
        csv: a file for all records, or None.

    Returns:
        The lines to print.

    Raises:
        DeliveryError: nothing is published, the figure does not exist, or several
            forces have it and the user named none.
    """
    with snapshot.reading(home) as reader:
        key = _the_one(reader, figure)
        value, made_as = reader.execute(FIGURE, key).fetchone()
        printed = reader.execute(
            PRINTED, key | {"quarter": figure.quarter, "named": figure.name}
        ).fetchall()
        parts = [_harmless(part) for part in reader.execute(PARTS, key).fetchall()]
        has_ids = restricted.attach(home, reader)
        listed = IDS if has_ids else KEYS
        records = reader.execute(listed, key).fetchmany(shown)
        names = [column[0] for column in reader.description]
        if csv:
            reader.execute(listed, key)
            data_file.write(csv, names, _every(reader))
    lines = [
        f"Figure   {key['figure_id']}, {key['force_code']}",
        f"Value    {'not available' if value is None else _number(value)}",
        f"Made of  {MADE_AS.get(made_as, 'not known')}",
        f"Printed in the pack of {figure.quarter}:",
    ]
    for cell_id, *place in map(_harmless, printed):
        lines += [f"  {cell_id}", f"    {' | '.join(place)}"]
    for part in parts:
        lines += _part_lines(*part)
    lines += ["", *_table([names, *records])]
    if not has_ids:
        lines.append(
            "Ids are not shown, only keys (record_key): you may not read"
            f" {home.restricted}, which has them (SECURITY.md)."
        )
    total = sum(part[-2] for part in parts)
    if csv:
        lines.append(f"All {total:,} records are in {csv}.")
    elif total > len(records):
        lines.append(f"These are the first {len(records)}; CSV=file writes all.")
    return lines


def _every(reader: duckdb.DuckDBPyConnection) -> Iterator[tuple]:
    while records := reader.fetchmany(AT_ONCE):
        yield from records


def _the_one(reader: duckdb.DuckDBPyConnection, figure: Figure) -> dict[str, str]:
    """Return the key of the figure in `rpt_figures`."""
    named = {"quarter": figure.quarter, "named": figure.name}
    found = reader.execute(
        FIGURES, named | {"force_code": figure.force_code}
    ).fetchall()
    if not found:
        rows = reader.execute(SUGGESTED, named).fetchall()
        known = "".join(f" {name}" for (name,) in rows)
        raise DeliveryError(
            f"FIGURE={figure.name}: this is not a figure of {figure.quarter}."
            + (f" There are, for example:{known}" if known else "")
            + " reporting.rpt_cells lists them all."
        )
    if len(found) > 1:
        forces = ", ".join(force for force, _ in found)
        raise DeliveryError(
            f"FIGURE={figure.name}: several forces have this figure. Choose one with"
            f" FORCE=: {forces}."
        )
    return dict(zip(("force_code", "figure_id"), found[0], strict=True))


def _harmless(row: tuple) -> tuple:
    """Remove control characters from delivered texts, which a terminal would obey."""
    return tuple(style.plain_text(v) if isinstance(v, str) else v for v in row)


def _part_lines(
    part, measure, kind, area, category, first, last, count: int, quantity
) -> list[str]:
    where = [
        words
        for words in (measure, category, area or "all areas", _days(first, last))
        if words
    ]
    return [
        "",
        f"{part}: {'; '.join(where)}",
        f"  {count:,} records ({kind}), which add up to {_number(quantity)}",
    ]


def _days(first: date, last: date) -> str:
    """Return `17 November 2021`, `September 2021` or `July 2021 to September 2021`."""
    if first == last:
        return f"{first.day} {first:%B %Y}"
    if (first.year, first.month) == (last.year, last.month):
        return f"{first:%B %Y}"
    return f"{first:%B %Y} to {last:%B %Y}"


def _number(value) -> str:
    """Format a number without trailing zeros: `4,177`, `58.6`."""
    text = f"{value:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _table(rows: list) -> list[str]:
    cells = [
        ["" if cell is None else style.plain_text(cell) for cell in row] for row in rows
    ]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    return ["  ".join(map(str.ljust, row, widths)).rstrip() for row in cells]
