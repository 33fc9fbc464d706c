"""Computes each figure again from its records in the published file."""

from collections import defaultdict
from decimal import ROUND_HALF_UP, Decimal

import duckdb

from dagster_project import stores
from tests.conftest import Result

# A limit of an interval is not a sum of records: it is explained by the two counts that
# it is computed from, month by month (int_change_intervals). A limit of a usual range
# is computed from its months (int_range_limits).
LIMITS = {"ratio_lower", "ratio_upper", "range_lower", "range_upper"}
# A rate needs a population, which open data have and the demonstration does not.
RATES = {"rate_per_1000", "middle_rate", "highest_rate", "force_place", "force_count"}
NOT_A_SUM = LIMITS | RATES
# These have one row per counted record, so the rows can be counted.
COUNTED = {"crime", "solved crime", "open crime", "held line"}
FIGURES = """
    select force_code, figure_id, statistic, figure_value
    from published.reporting.rpt_figures
    where figure_value is not null
"""
# Many figures count the same records: each question that a part asks has one number.
PARTS = """
    select
        *,
        dense_rank() over (
            order by
                force_code, record_kind, measure_code, counted_as, breakdown, category,
                area_codes, first_day, last_day
        ) as asked
    from published.reporting.rpt_figure_parts
"""
EACH_QUESTION_ONCE = f"""
    select distinct on (asked) * replace (asked::varchar as figure_id) from ({PARTS})
"""
# Together they ask for every record that any part asks for.
WIDEST_QUESTIONS = """
    select distinct on (
        force_code, record_kind, measure_code, counted_as, breakdown, category
    )
        * replace (
            null as area_codes,
            date '1900-01-01' as first_day,
            date '2100-01-01' as last_day
        )
    from published.reporting.rpt_figure_parts
"""
# Every month of every part, including months without records.
MONTHS = f"""
    with parts as ({PARTS}),
    spans as (
        select
            force_code, figure_id, figure_part, made_as, record_kind,
            min(first_day) as first_day, max(last_day) as last_day
        from parts
        group by all
    ),
    months as (
        select
            * exclude (first_day, last_day),
            unnest(generate_series(first_day, last_day, interval 1 month))::date
                as counted_on
        from spans
    ),
    of_questions as (
        select
            figure_id::bigint as asked, counted_on,
            count(*) as row_count, sum(record_value) as quantity
        from reporting.rpt_figure_records
        group by all
    ),
    records as (
        select
            force_code, figure_id, figure_part, counted_on,
            sum(row_count) as row_count, sum(quantity) as quantity
        from parts inner join of_questions using (asked)
        group by all
    )
    select
        force_code, figure_id, made_as, record_kind, figure_part,
        coalesce(row_count, 0), coalesce(quantity, 0)
    from months left join records using (force_code, figure_id, figure_part, counted_on)
"""
# Decimal places of a figure, if it is not a count or a quantity.
PLACES = {
    "share": 1,
    "category_share": 1,
    "solved_share": 1,
    "positive_share": 1,
    "share_points": 1,
    "difference_pct": 1,
    "mean_month": 1,
    "range_average": 1,
}


def rounded(value: Decimal, places: int) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def computed(statistic: str, months: dict[str, list[Decimal]]) -> Decimal:
    """Return the figure, from the totals of each of its parts by month."""
    of = {part: sum(values, Decimal(0)) for part, values in months.items()}
    match statistic:
        case "total":
            return of["value"]
        case "difference":
            return of["current"] - of["base"]
        case "change_pct":
            return 100 * (of["current"] - of["base"]) / of["base"]
        case "share":
            return 100 * of["numerator"] / of["denominator"]
        case "difference_of_shares":
            now = 100 * of["numerator"] / of["denominator"]
            return now - 100 * of["base_numerator"] / of["base_denominator"]
        case "lowest_month":
            return min(months["value"])
        case "highest_month":
            return max(months["value"])
        case "monthly_mean":
            return of["value"] / len(months["value"])
        case "usual_range":
            return of["events"] / len(months["events"])
    raise AssertionError(f"{statistic}: make it here from its parts")


def published_over(result: Result, parts: str) -> duckdb.DuckDBPyConnection:
    """Return the published tables and their view of the records of figures, over other
    parts: one figure may not ask again for the records of another.
    """
    connection = duckdb.connect(config=stores.SETTINGS)
    connection.execute(f"attach '{result.home.current}' as published (read_only)")
    for schema, table in connection.execute(
        "select schema_name, table_name from duckdb_tables()"
        " where database_name = 'published' and schema_name in ('marts', 'reporting')"
        " and table_name <> 'rpt_figure_parts'"
    ).fetchall():
        name = f"{schema}.{table}"
        connection.execute(f"create schema if not exists {schema}")
        connection.execute(f"create view {name} as from published.{name}")
    connection.execute(f"create table reporting.rpt_figure_parts as {parts}")
    ((view,),) = connection.execute(
        "select sql from duckdb_views() where database_name = 'published'"
        " and view_name = 'rpt_figure_records'"
    ).fetchall()
    connection.execute(view)
    return connection


def differing(result: Result) -> dict[str, str]:
    """Return statistic → why a figure differs from its records; empty if none does."""
    with published_over(result, EACH_QUESTION_ONCE) as reader:
        figures = reader.execute(FIGURES).fetchall()
        months = reader.execute(MONTHS).fetchall()
    assert figures
    parts = defaultdict(lambda: defaultdict(list))
    made_as, rows = {}, defaultdict(int)
    for force, figure, statistic, kind, part, row_count, quantity in months:
        parts[force, figure][part].append(quantity)
        made_as[force, figure] = statistic
        # If rows are counted, each adds one.
        rows[force, figure] += row_count - quantity if kind in COUNTED else 0
    found = {}
    for force, figure, statistic, value in figures:
        if (force, figure) not in made_as:
            found[statistic] = f"{figure} is made from nothing that is known"
        elif rows[force, figure]:
            found[statistic] = f"{figure} counts records with quantities"
        elif statistic not in NOT_A_SUM:
            made = computed(made_as[force, figure], parts[force, figure])
            if rounded(made, PLACES.get(statistic, 3)) != value:
                found[statistic] = f"{figure} is {value}; its records make {made}"
    return found
