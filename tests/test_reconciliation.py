"""The figures that Essex Police published for Q2 2021/22, and the demonstration's."""

import shutil
from pathlib import Path

import pytest

from dagster_project import settings
from dagster_project.intake import load_log
from tests.compiled_run import compiled_in
from tests.conftest import Result

HATE_SHARES = ["5.6-006", "5.6-008", "5.6-010"]


def test_every_published_figure_is_reconciled_and_only_the_three_hate_shares_differ(
    demonstration: Result,
):
    rows = demonstration.rows(
        "select reconciliation, count(*), list_sort(list(published_figure_id)),"
        " count(reason_for_difference)"
        " from reporting.rpt_published_reconciliation group by all"
    )
    found = {word: (count, ids, reasons) for word, count, ids, reasons in rows}
    assert found["differs"] == (3, HATE_SHARES, 3)
    assert found["agrees"][0] == 194
    assert found["context"][0] == 7
    assert sum(count for count, _, _ in found.values()) == 204


@pytest.mark.parametrize(
    ("figure", "published", "computed"),
    [
        ("5.8-001", "6379.000", "6379.000"),  # burglary, 12 months to July 2020
        ("5.8-004", "-27.000", "-27.000"),
        ("5.8-010", "25.000", "25.000"),  # 24.6 printed as 25
        ("5.8-013", "-13.000", "-13.000"),
        ("5.1-009", "90.240", "90.240"),
        ("5.6-015", "149.000", "149.000"),  # two districts together
        ("5.2-007", "500.000", "511.000"),  # over 500
        ("5.4-002", "12.000", "13.300"),  # 12 to 15 a month
    ],
)
def test_a_figure_agrees_on_its_own_period_and_at_its_printed_decimals(
    demonstration: Result, figure: str, published: str, computed: str
):
    assert demonstration.rows(
        "select published::varchar, computed::varchar, reconciliation"
        " from reporting.rpt_published_reconciliation"
        f" where published_figure_id = '{figure}'"
    ) == [(published, computed, "agrees")]


def test_data_of_a_test_or_of_another_size_are_not_compared(tiny: Result):
    assert tiny.rows("from reporting.rpt_published_reconciliation") == []


def test_every_figure_of_every_table_has_an_address_and_percentages_their_parts(
    demonstration: Result,
):
    with_figures = demonstration.rows(
        "select distinct rpt_tables.table_name from reporting.rpt_tables"
        " inner join duckdb_columns() as columns"
        " on columns.table_name = 'rpt_' || rpt_tables.table_name"
        " where columns.schema_name = 'reporting' and numeric_precision is not null"
        " and column_name <> 'row_position'"
    )
    addressed = demonstration.rows(
        "select table_name from reporting.rpt_cells"
        " inner join reporting.rpt_figures using (force_code, figure_id)"
    )
    assert set(addressed) == set(with_figures)
    lists = {"actions_at_risk", "actions_changed", "actions_delivered"}
    assert not lists & {table_name for (table_name,) in with_figures}
    assert demonstration.rows(
        "select figure_value::varchar, figure_numerator::int,"
        " figure_denominator::int"
        " from reporting.rpt_figures"
        " where figure_id = 'hate_crime/12m-2021-09/12m-2020-09/difference_pct'"
    ) == [("26.900", 886, 3291)]
    assert (
        demonstration.rows(
            "select cell_id from reporting.rpt_cells"
            " where number_format in ('pct', 'signed_pct')"
            " and figure_value is not null and figure_denominator is null"
        )
        == []
    )


RECONCILED = "reporting.rpt_published_reconciliation"


def rebuild(
    demonstration: Result, folder: Path, published: str
) -> tuple[Result, dict[str, str]]:
    """Reconcile the demonstration with other published figures; return it with the
    tests.

    dbt and the program's own check of the seeds read this seed in every full run.
    """
    home, seed = settings.Home(folder / "home"), folder / "published_figures.csv"
    home.published.mkdir(parents=True)
    shutil.copy(demonstration.home.warehouse, home.warehouse)
    home.current.symlink_to(home.warehouse)
    seed.write_text(published, "utf-8")
    compiled = compiled_in(demonstration.home.dbt_target)
    with load_log.warehouse(home.warehouse) as connection:
        connection.execute("delete from seeds.published_figures")
        connection.execute(
            "insert into seeds.published_figures by name"
            " from read_csv(?, header = true, all_varchar = true)",
            [str(seed)],
        )
        connection.execute(f"delete from {RECONCILED}")
        connection.execute(
            f"insert into {RECONCILED} by name {compiled.models[RECONCILED]}"
        )
        verdicts = compiled.verdicts(connection)
    return Result(home, "", 0), verdicts


def published_figures() -> str:
    path = settings.DEMONSTRATION_CONFIG / "published_figures.csv"
    return path.read_text(encoding="utf-8")


def test_a_published_figure_that_differs_without_a_reason_fails_the_build(
    demonstration: Result, tmp_path: Path
):
    text = published_figures()
    assert ",4177,count," in text
    planted = text.replace(",4177,count,", ",4178,count,", 1)
    _, verdicts = rebuild(demonstration, tmp_path, planted)
    failed = [name for name, verdict in verdicts.items() if verdict == "fail"]
    assert failed == ["assert_published_figures_are_reproduced"]


def test_another_quarters_published_figures_are_rows_of_the_same_file(
    demonstration: Result, tmp_path: Path
):
    address = "rolling_12_months/knife_crime/current_12_months"
    (figure,) = demonstration.rows(
        "select figure_value::int from reporting.rpt_cells"
        f" where quarter = '2021-22-q1' and cell_id = '{address}'"
    )[0]
    rows = "".join(
        f"essex,2021-22-q1,{name},5.2,,knife_crime,all,,{value},count,{value},equal,0"
        f",,,,,,,{address},,,,\n"
        for name, value in (("right", figure), ("wrong", figure + 1))
    )
    result, verdicts = rebuild(demonstration, tmp_path, published_figures() + rows)
    # A later delivery may have changed that quarter. A revision is not a failure.
    assert "fail" not in verdicts.values()
    assert result.rows(
        "select published_figure_id, reconciliation, computed::int, is_as_published"
        " from reporting.rpt_published_reconciliation where quarter = '2021-22-q1'"
        " order by all"
    ) == [("right", "agrees", figure, False), ("wrong", "differs", figure, False)]
