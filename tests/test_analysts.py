"""The published file explains itself, and joins of its tables lose no crime."""

import csv
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

import duckdb
import pytest

from dagster_project import settings
from tests.conftest import Result, copied, run_here
from tests.explained import WIDEST_QUESTIONS, published_over

CRIMES = "marts.fct_crimes"
# Dimension → the join condition from a crime to its row.
JOINS = {
    "dim_areas": "natural join marts.dim_areas",
    "dim_outcomes": "natural join marts.dim_outcomes",
    "dim_offences": "natural join marts.dim_offences",
    "dim_forces": "natural join marts.dim_forces",
    "dim_districts": "natural join marts.dim_districts",
    "dim_dates": "inner join marts.dim_dates on recorded_at::date = date_day",
}
# Column of a mart → when it is empty, as its comment says in words.
EMPTY = {
    ("bi_crimes", "committed_date"): "crime_key in (select crime_key from"
    " marts.fct_crimes where committed_from is null)",
    ("fct_crimes", "has_positive_outcome"): "outcome_code = 'NOT_RECOGNISED'",
    ("fct_crimes", "outcome_date"): "outcome_code = 'NONE'",
    ("fct_rolling_12_months", "difference_pct"): "difference is null"
    " or previous_12_months = 0",
    ("fct_rolling_3_months", "difference_pct"): "difference is null"
    " or year_before_3_months = 0",
    ("fct_comparisons", "clearness"): "dispersion is null or base_total = 0"
    " or current_total = 0",
    ("fct_solved_12_months", "current_solved_pct"): "current_solved is null"
    " or current_recorded = 0",
    ("fct_solved_12_months", "previous_solved_pct"): "previous_solved is null"
    " or previous_recorded = 0",
    ("fct_crime_versions", "valid_to"): "is_current",
}


def types(demonstration: Result, *schemas: str) -> dict[str, set[str]]:
    """Return the name of each published column → its types."""
    found = defaultdict(set)
    for name, data_type in demonstration.rows(
        "select column_name, data_type from duckdb_columns()"
        f" where schema_name in {schemas or ('marts',)}"
    ):
        found[name].add(data_type)
    return found


def key(comment: str) -> list[str]:
    return comment.rsplit(" Key: ", 1)[-1].removesuffix(".").split(", ")


@pytest.fixture(scope="module")
def comments(demonstration: Result) -> dict[str, str]:
    return dict(
        demonstration.rows(
            "select schema_name || '.' || table_name, comment from duckdb_tables()"
            " union all select schema_name || '.' || view_name, comment"
            " from duckdb_views() where not internal"
        )
    )


def test_every_measure_area_and_strand_of_a_table_is_in_its_list(
    demonstration: Result,
):
    with settings.seed("pack_measures").open(encoding="utf-8") as rows:
        of_packs = [row["measure_code"] for row in csv.DictReader(rows)]
    lists = {
        "measure_code": ("select measure_code from marts.dim_measures", of_packs),
        # Of the record of an action, the area is its strand.
        "area_code": (
            "select area_code from marts.dim_areas"
            " union all select strand_name from marts.dim_strands",
            ["elsewhere"],
        ),
        "strand_code": ("select strand_code from marts.dim_strands", []),
    }
    records = "reporting.rpt_figure_records"
    with published_over(demonstration, WIDEST_QUESTIONS) as reader:
        reader.execute(
            "create table of_records as"
            f" select distinct measure_code, area_code from {records}"
        )
        for column, (listed, others) in lists.items():
            tables = demonstration.rows(
                "select schema_name || '.' || table_name, schema_name = 'marts'"
                f" from duckdb_columns() where column_name = '{column}'"
                " and schema_name in ('marts', 'reporting')"
            )
            assert len(tables) > 2
            for table, is_mart in tables:
                asked = "select distinct {0} from {1} where {0} not in ({2})"
                unlisted = (
                    reader.execute(
                        asked.format(column, "of_records", listed)
                    ).fetchall()
                    if table == records
                    else demonstration.rows(asked.format(column, table, listed))
                )
                allowed = set() if is_mart else {*others}
                assert {value for (value,) in unlisted} <= allowed, table


@pytest.mark.parametrize("dimension", JOINS)
def test_a_join_of_crimes_to_a_dimension_keeps_each_crime_once(
    demonstration: Result, dimension: str
):
    joined = f"select crime_key from {CRIMES} {JOINS[dimension]}"
    assert demonstration.rows(
        f"select (select count(*) from {CRIMES}), count(*), count(distinct crime_key)"
        f" from ({joined})"
    ) == [(541244, 541244, 541244)]


def test_every_area_of_a_mart_is_in_dim_areas(demonstration: Result):
    marts = demonstration.rows(
        "select table_name from duckdb_columns() where schema_name = 'marts'"
        " and column_name = 'area_code' and table_name <> 'dim_areas'"
    )
    assert len(marts) >= 5
    lost = {
        mart: demonstration.rows(
            f"select distinct force_code, area_level, area_code from marts.{mart}"
            " anti join marts.dim_areas using (force_code, area_level, area_code)"
        )
        for (mart,) in marts
    }
    assert {mart: rows for mart, rows in lost.items() if rows} == {}


def test_a_natural_join_of_a_fact_to_a_dimension_loses_no_row(
    demonstration: Result, comments: dict[str, str]
):
    columns: dict[str, list[str]] = defaultdict(list)
    for name, column in demonstration.rows(
        "select table_name, column_name from duckdb_columns()"
        " where schema_name = 'marts' order by column_index"
    ):
        columns[name].append(column)
    dimensions = [name for name in columns if is_dimension(name)]
    wrong, once = {}, 0
    for fact in columns:
        if is_dimension(fact):
            continue
        ((rows,),) = demonstration.rows(f"select count(*) from marts.{fact}")
        for dimension in dimensions:
            shared = [name for name in columns[fact] if name in columns[dimension]]
            if not shared:
                continue
            # With the complete key, a row has one partner; with a part of it, several.
            has_key = {*key(comments[f"marts.{dimension}"])} <= {*shared}
            joined = "natural join" if has_key else "semi join"
            condition = "" if has_key else f" using ({', '.join(shared)})"
            ((found,),) = demonstration.rows(
                f"select count(*) from marts.{fact}"
                f" {joined} marts.{dimension}{condition}"
            )
            once += has_key and rows > 0
            if found != rows:
                wrong[fact, dimension] = (rows, found, shared)
    assert wrong == {}
    assert once > 40


def is_dimension(mart: str) -> bool:
    return mart.startswith("dim_") or mart == "bi_areas"


# Each view for BI clients, and the mart that it puts into words.
VIEWS = {
    "bi_areas": "dim_areas",
    "bi_crimes": "fct_crimes",
    "bi_measures_monthly": "fct_measures_monthly",
    "bi_rolling_12_months": "fct_rolling_12_months",
    "bi_actions": "fct_actions",
}


@pytest.mark.parametrize("view", VIEWS)
def test_a_view_for_bi_clients_has_each_row_of_its_mart_and_a_label_for_each_code(
    demonstration: Result, view: str
):
    ((of_mart, of_view),) = demonstration.rows(
        f"select (select count(*) from marts.{VIEWS[view]}), count(*) from marts.{view}"
    )
    assert of_mart == of_view > 100
    labels = demonstration.rows(
        "select column_name from duckdb_columns() where schema_name = 'marts'"
        f" and table_name = '{view}' and column_name like '%\\_name' escape '\\'"
        " and column_name <> 'lpa_name'"
    )
    for (label,) in labels:
        assert demonstration.rows(
            f"select count(*) from marts.{view} where {label} is null"
        ) == [(0,)], label


def test_a_fact_for_bi_clients_finds_its_dimensions_by_one_column_each(
    demonstration: Result,
):
    relations = {
        "bi_areas": "area_key",
        "dim_offences": "offence_code",
        "dim_outcomes": "outcome_code",
    }
    for dimension, column in relations.items():
        assert demonstration.rows(
            f"select count(*), count(distinct crime_key) from marts.bi_crimes"
            f" inner join marts.{dimension} using ({column})"
        ) == [(541244, 541244)], dimension
    assert demonstration.rows(
        "select count(*) from marts.bi_crimes"
        " inner join marts.dim_dates on recorded_date = date_day"
    ) == [(541244,)]


def test_the_labels_of_a_crime_are_those_of_its_dimensions(demonstration: Result):
    columns = (
        "crime_key, force_name, district_name, offence_description,"
        " outcome_name, recorded_at::date, is_counted"
    )
    by_hand = f"""
        select {columns} from marts.fct_crimes
        natural join marts.dim_offences
        natural join marts.dim_outcomes
        natural join marts.dim_forces
        natural join marts.dim_districts
        natural join marts.dim_areas
    """
    columns = columns.replace("recorded_at::date", "recorded_date")
    view = f"select {columns} from marts.bi_crimes"
    assert demonstration.rows(
        f"select count(*) from ({by_hand} except all {view})"
    ) == [(0,)]


def test_three_months_at_a_quarters_end_are_the_comparison_of_the_quarter(
    demonstration: Result,
):
    columns = "force_code, measure_code, area_level, area_code, period_end"
    compared = (
        f"select {columns}, base_total::bigint, current_total::bigint, difference_pct"
        " from marts.fct_comparisons semi join marts.fct_rolling_3_months"
        " using (measure_code)"
        " where comparison_code = 'same_quarter_last_year'"
        " and area_level <> 'combined_area'"
    )
    rolling = (
        f"select {columns}, year_before_3_months, current_3_months, difference_pct"
        " from marts.fct_rolling_3_months"
    )
    both = (compared, rolling, f"{compared} except all {rolling}")
    quarters, months, different = (
        demonstration.rows(f"select count(*) from ({rows})")[0][0] for rows in both
    )
    assert months >= quarters > 1000 and different == 0


def test_a_date_knows_its_police_year_and_its_week(demonstration: Result):
    assert demonstration.rows(
        "select police_year, financial_quarter, week_start_date::text,"
        " weekday_number, weekday_name from marts.dim_dates"
        " where date_day in ('2021-03-31', '2021-04-01') order by date_day"
    ) == [
        ("2020/21", 4, "2021-03-29", 3, "Wednesday"),
        ("2021/22", 1, "2021-03-29", 4, "Thursday"),
    ]


def test_a_column_name_has_one_type_in_the_published_file(demonstration: Result):
    found = types(demonstration, "marts", "reporting")
    wrong = {name for name, of_name in found.items() if len(of_name) > 1}
    assert not wrong


COUNTED = (
    "_count",
    "_3_months",
    "_12_months",
    "crimes",
    "population",
    "numerator",
    "denominator",
)


def test_whole_counts_are_integers(demonstration: Result):
    counts = {
        name: found
        for name, found in types(demonstration).items()
        if name.endswith(COUNTED) and not name.startswith(("has_", "figure_"))
    }
    assert len(counts) > 10
    assert set.union(*counts.values()) <= {"BIGINT", "INTEGER"}


def test_a_monthly_count_is_the_value_of_a_measure_that_is_counted_and_else_empty(
    demonstration: Result,
):
    found = demonstration.rows(
        "select kind <> 'ratio' and measure_unit not in ('pounds', 'kilograms')"
        " as is_counted, count(value) > 20,"
        " count(*) filter (where monthly_count is distinct from"
        " if(is_counted, value, null))"
        " from marts.fct_measures_monthly natural join marts.dim_measures"
        " group by all order by all"
    )
    assert found == [(False, True, 0), (True, True, 0)]


def test_every_published_table_view_and_column_is_described(
    demonstration: Result, comments: dict[str, str]
):
    assert [name for name, comment in comments.items() if not comment] == []
    assert (
        demonstration.rows(
            "select table_name, column_name from duckdb_columns()"
            " where not internal and comment is null"
        )
        == []
    )


def test_a_column_that_can_be_empty_has_a_comment_that_says_so(
    demonstration: Result, comments: dict[str, str]
):
    """The comment is the column's, the table's or, for figures, that of `status`."""
    columns = defaultdict(dict)
    for table, column, comment in demonstration.rows(
        "select schema_name || '.' || table_name, column_name, comment"
        " from duckdb_columns()"
        " where schema_name in ('marts', 'reporting') and is_nullable"
    ):
        columns[table][column] = comment
    wrong = {}
    for table, of_table in columns.items():
        silent = [c for c, words in of_table.items() if "empty" not in words.lower()]
        if "empty" in comments[table] or not silent:
            continue
        counts = ", ".join(f"count(*) - count({column})" for column in silent)
        status = "status" if "status" in of_table else "null"
        (empty,) = demonstration.rows(
            f"select {counts} from {table}"
            f" where {status} is distinct from 'not available'"
        )
        wrong |= {(table, c): n for c, n in zip(silent, empty, strict=True) if n}
    assert columns and wrong == {}


@pytest.mark.parametrize(("mart", "column"), EMPTY)
def test_a_column_is_empty_exactly_if_its_comment_says_so(
    demonstration: Result, mart: str, column: str
):
    said = EMPTY[mart, column]
    wrong = demonstration.rows(
        f"from marts.{mart} where ({column} is null) <> coalesce({said}, false) limit 1"
    )
    assert wrong == []


def test_a_column_name_has_one_comment_in_the_published_file(
    demonstration: Result,
):
    assert (
        demonstration.rows(
            "select column_name, count(distinct comment) from duckdb_columns()"
            " where not internal"
            " group by column_name having count(distinct comment) > 1"
        )
        == []
    )


def test_the_comment_of_a_mart_names_its_key_which_is_unique(
    demonstration: Result, comments: dict[str, str]
):
    marts = [name for name in comments if name.startswith("marts.")]
    wrong = []
    for mart in marts:
        columns = ", ".join(key(comments[mart]))
        rows, keys = demonstration.rows(
            f"select (select count(*) from {mart}), count(*)"
            f" from (select distinct {columns} from {mart})"
        )[0]
        wrong += [(mart, columns)] if rows != keys else []
    assert wrong == []


def test_the_columns_of_a_key_are_not_null(
    demonstration: Result, comments: dict[str, str]
):
    required = set(
        demonstration.rows(
            "select 'marts.' || table_name, column_name from duckdb_columns()"
            " where schema_name = 'marts' and not is_nullable"
        )
    )
    for dimension in ("dim_areas", "dim_offences", "dim_outcomes", "fct_loads"):
        name = f"marts.{dimension}"
        assert {(name, column) for column in key(comments[name])} <= required
    assert ("marts.fct_crimes", "crime_key") in required
    # Others have it by their definition.
    for column in ("force_code", "district_code", "is_counted", "recorded_at", "line"):
        assert ("marts.fct_crimes", column) in required
    assert len(required) > 200


def test_every_published_table_and_view_can_be_queried_by_one_catalog_name(
    demonstration: Result, comments: dict[str, str]
):
    with duckdb.connect() as client:
        client.execute(f"attach '{demonstration.home.strandline}' (read_only)")
        for name in comments:
            client.execute(f"from strandline.{name} limit 1").fetchall()
        client.execute("use strandline")
        for name in comments:
            client.execute(f"from {name} limit 1").fetchall()


def test_the_prompt_answers_queries_and_reports_a_wrong_one(
    demonstration: Result,
):
    asked = (
        "select count(*) as n\nfrom marts.fct_reclassifications;\n"
        "select nothing;\n"
        "delete from marts.dim_dates;\n"
        "select current_database() as name"
    )
    command = [sys.executable, "-m", "dagster_project", "sql"]
    said = subprocess.run(
        [*command, "--data", str(demonstration.home.root)],
        input=asked,
        cwd=settings.REPOSITORY,
        capture_output=True,
        text=True,
        check=False,
    )
    assert said.returncode == 0, said.stderr
    assert "684" in said.stdout
    assert 'Referenced column "nothing" was not found' in said.stdout
    assert "read-only" in said.stdout
    assert "strandline" in said.stdout.splitlines()[-3]


def test_the_graph_of_models_is_a_single_page(demonstration: Result, tmp_path: Path):
    home = copied(demonstration, tmp_path).home
    said = run_here("lineage", "--data", str(home.root))
    assert said.exit_code == 0, said.output
    page = (home.root / "lineage.html").read_text("utf-8")
    for name in ("fct_past_crime_versions", "analysts_sql", "quarterly_pack"):
        assert name in page
    assert not (home.root / "lineage").exists()


def test_the_last_version_of_a_crime_equals_its_row_in_fct_crimes(
    demonstration: Result,
):
    (columns,) = demonstration.rows(
        "select string_agg(column_name, ', ') from duckdb_columns()"
        " where table_name = 'fct_crimes' and column_name <> 'extracted_at'"
    )[0]
    crimes = f"select {columns}, extracted_at as valid_from from {CRIMES}"
    versions = (
        f"select {columns}, valid_from from marts.fct_crime_versions where is_current"
    )
    for one, other in ((crimes, versions), (versions, crimes)):
        assert demonstration.rows(
            f"select count(*) from ({one} except all {other})"
        ) == [(0,)]


def test_the_versions_of_a_crime_have_no_gap_and_no_overlap(demonstration: Result):
    assert demonstration.rows(
        """
        select count(*), count(*) filter (where valid_from is distinct from ended)
        from (
            select
                version_number,
                valid_from,
                lag(valid_to) over versions as ended
            from marts.fct_crime_versions
            window versions as (
                partition by force_code, crime_key order by version_number
            )
        )
        where version_number > 1
        """
    ) == [(39698, 0)]
