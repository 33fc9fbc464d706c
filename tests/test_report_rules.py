"""The rules that stop a build: each of the published errors is planted and found.

The errors are planted in a copy of a built warehouse, as a wrong model or seed would
have left them there. Then dbt's compiled tests run on it.
"""

import shutil
from pathlib import Path

import duckdb
import pytest

from dagster_project import settings
from dagster_project.intake import load_log
from tests.compiled_run import compiled_in
from tests.conftest import Result

# Rule → what is planted. The kinds are those in the list of published inconsistencies.
PLANTED = {
    "assert_every_period_ends_with_the_quarter": (
        # A table two months stale.
        "update reporting.rpt_rows set period_end = period_end - interval 2 month"
        " where table_name = 'year_to_date_comparisons'",
    ),
    "assert_total_actions_are_complete_plus_ongoing": (
        # At risk is added to ongoing.
        "update reporting.rpt_cells set figure_value = figure_value + 1"
        " where table_name = 'delivery_progress' and column_name = 'total'",
    ),
    "assert_plan_equals_last_plan_and_changes": (
        "delete from marts.fct_plan_actions where not was_in_plan",
    ),
    "assert_every_percentage_matches_its_fraction": (
        # A share that does not follow from its own count.
        "update reporting.rpt_cells set figure_numerator = figure_numerator + 1000"
        " where column_name = 'current_solved_pct'",
    ),
    "assert_shares_of_a_breakdown_have_one_denominator": (
        "insert into reporting.rpt_cells by name select '2021-22-q2' as quarter,"
        " 'essex' as force_code, 'hate_motivations' as table_name, 'share_pct' as"
        " column_name, unnest([100, 101]) as figure_denominator",
    ),
    "assert_column_format_matches_name": (
        # 'Total Strands' is the heading of a count of actions.
        "update seeds.report_columns set heading = 'Total Strands'"
        " where column_name = 'total'",
    ),
    "assert_a_strand_has_one_name": (
        "update reporting.rpt_rows set strand = 'Child Sexual Abuse and Exploitation'"
        " where table_name = 'rolling_12_months' and strand = 'Domestic Abuse'",
    ),
    "assert_every_table_title_names_its_period": (
        "update seeds.report_tables set table_title = 'Outstanding suspects'"
        " where table_name = 'actions_at_risk'",
    ),
    "assert_tables_of_people_have_a_disclosure_policy": (
        "update seeds.report_tables set disclosure_policy = null"
        " where table_name = 'prevent_by_source'",
    ),
    "assert_periods_have_one_format": (
        "update reporting.rpt_columns"
        " set column_heading = '12 Month ending September 20'"
        " where column_name = 'current_12_months'",
    ),
    "assert_change_words_agree_with_their_intervals": (
        # 'Increased slightly', although the figures do not say so.
        "insert into reporting.rpt_cells by name"
        " select 'q' as quarter, 'change_intervals' as table_name,"
        " unnest(['range_lower_pct', 'range_upper_pct', 'change_word'])"
        " as column_name, unnest([-1.6, 41.3, 1]) as figure_value,"
        " 'higher' as change_code",
    ),
    "assert_no_comparison_overlaps_its_base": (
        "update reporting.rpt_figures set base_last_day = first_day"
        " where base_last_day < first_day",
    ),
    "assert_facts_agree_with_their_figures": (
        "update reporting.rpt_facts set change_code = 'higher'"
        " where figure_id is not null and change_code = 'too_few'",
    ),
    "assert_areas_of_a_page_are_rows_of_the_annex": (
        # A district of a combined area, as the page had it.
        "update reporting.rpt_board_areas set area_name = 'Brentwood'"
        " where area_name = 'Basildon'",
    ),
    "assert_the_summary_lists_what_the_tables_have": (
        "update reporting.rpt_facts set change_code = 'higher'"
        " where fact_kind = 'summary_change' and change_code = 'too_few'",
    ),
}
FACTS = "assert_facts_agree_with_their_figures"
ACTIONS = "assert_total_actions_are_complete_plus_ongoing"
SUMMARY = "assert_the_summary_lists_what_the_tables_have"


def copy_of(built: Result, root: Path) -> settings.Home:
    """Return a home that has the work file of another, and nothing else."""
    home = settings.Home(root)
    home.work.mkdir()
    shutil.copy(built.home.warehouse, home.warehouse)
    return home


def without_constraints(connection: duckdb.DuckDBPyConnection) -> None:
    """Remove the keys of the tables, because only the rules are tested here."""
    for (name,) in connection.execute(
        "select table_name from duckdb_tables() where schema_name = 'reporting'"
    ).fetchall():
        connection.execute(
            f"create or replace table reporting.{name} as from reporting.{name}"
        )


@pytest.fixture(scope="module")
def verdicts(
    first_build: Result, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, dict[str, str]]:
    """The rules' verdicts on the warehouse as built, and with the errors in it."""
    home = copy_of(first_build, tmp_path_factory.mktemp("rules") / "home")
    rules = compiled_in(first_build.home.dbt_target)
    with load_log.warehouse(home.warehouse) as connection:
        found = {"built": rules.verdicts(connection)}
        without_constraints(connection)
        for statement in (s for planted in PLANTED.values() for s in planted):
            connection.execute(statement)
        found["planted"] = rules.verdicts(connection)
    return found


@pytest.mark.parametrize("rule", PLANTED)
def test_a_planted_error_fails_the_build(verdicts, rule: str):
    assert verdicts["built"][rule] == "pass"
    assert verdicts["planted"][rule] == "fail"


def test_more_actions_at_risk_than_ongoing_fail_the_build(
    first_build: Result, tmp_path: Path
):
    home = copy_of(first_build, tmp_path / "copy")
    with load_log.warehouse(home.warehouse) as connection:
        connection.execute(
            "update reporting.rpt_cells set figure_value = 100000"
            " where table_name = 'delivery_progress' and column_name = 'at_risk'"
        )
        rules = compiled_in(first_build.home.dbt_target)
        found = rules.verdicts(connection, ACTIONS)
    assert found[ACTIONS] == "fail"


@pytest.mark.parametrize(
    ("rule", "change", "of"),
    [
        (FACTS, "change_code = 'uneven'", "figure_id is not null"),
        (FACTS, "said_value = said_value + 1", "said_value is not null"),
        (FACTS, "base_value = base_value + 1", "base_value is not null"),
        (FACTS, "base_value = null", "base_value is not null"),
        (FACTS, "figure_id = 'none'", "figure_id is not null"),
        (SUMMARY, "facts = '{\"measures\": []}'", "fact_kind = 'summary_change'"),
        (
            SUMMARY,
            'facts = \'{"strands_at_risk": ["A"]}\'',
            "fact_kind = 'summary_risk'",
        ),
        (SUMMARY, "fact_kind = 'none'", "fact_kind = 'summary_change'"),
    ],
)
def test_one_fact_that_is_not_as_its_figures_fails_the_build(
    first_build: Result, tmp_path: Path, rule: str, change: str, of: str
):
    home = copy_of(first_build, tmp_path / "copy")
    with load_log.warehouse(home.warehouse) as connection:
        rules = compiled_in(first_build.home.dbt_target)
        connection.execute(
            f"update reporting.rpt_facts set {change} where ({of}) and rowid ="
            f" (select min(rowid) from reporting.rpt_facts where {of})"
        )
        assert rules.verdicts(connection, rule)[rule] == "fail"
