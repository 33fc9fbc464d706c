"""The demonstration gives every consistent count that Essex Police published."""

import csv
import hashlib
import json
import shutil
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from dagster_project import settings
from tests.conftest import OF_THE_RUN, QUARTER, Result, run_command

# figure_id of the 12 months before; the next three are the current 12 months, the
# difference and its percentage.
ROLLING = {
    "5.1-001": "domestic_abuse",
    "5.2-001": "knife_crime",
    "5.3-001": "nte_crime",
    "5.6-001": "hate_crime",
    "5.7-001": "cyber_crime",
    "5.7-005": "fraud",
    "5.8-001": "residential_burglary",
    "5.8-005": "personal_robbery",
}
# Section 5.8 was printed for the 12 months to July.
PRINTED_TO_JULY = ("5.8-001", "5.8-005")
MONTHS = {
    "5.8-011": ("residential_burglary", "2021-06"),
    "5.8-012": ("residential_burglary", "2021-07"),
    "5.8-016": ("personal_robbery", "2021-07"),
    "5.8-017": ("personal_robbery", "2020-07"),
    "5.8-018": ("personal_robbery", "2021-09"),
    "5.8-019": ("personal_robbery", "2020-09"),
    "5.8-020": ("personal_robbery", "2019-09"),
}
Q1 = ["2021-04", "2021-05", "2021-06"]
Q2 = ["2021-07", "2021-08", "2021-09"]
Q2_YEAR_BEFORE = ["2020-07", "2020-08", "2020-09"]


def read(name: str) -> list[dict[str, str]]:
    path = settings.DEMONSTRATION_CONFIG / f"{name}.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


published = read("published_figures")
PUBLISHED = {row["figure_id"]: Decimal(row["value"]) for row in published}


def following(figure_id: str, steps: int) -> str:
    section, number = figure_id.split("-")
    return f"{section}-{int(number) + steps:03d}"


@pytest.fixture(scope="module")
def counts(demonstration: Result) -> dict[tuple[str, str], int]:
    """Return (measure, month) → count, from the pack's own table."""
    table = demonstration.pack / "tables" / "monthly_counts.csv"
    with table.open(encoding="utf-8", newline="") as file:
        return {
            (row["measure"], row["month"]): int(row["count"])
            for row in csv.DictReader(file)
        }


@pytest.mark.parametrize("first_figure", ROLLING)
def test_a_rolling_12_months_comparison_is_the_published_one(
    demonstration: Result, first_figure: str
):
    end = "2021-07-31" if first_figure in PRINTED_TO_JULY else "2021-09-30"
    row = demonstration.rows(
        "select previous_12_months, current_12_months, difference, difference_pct"
        " from marts.fct_rolling_12_months where area_level = 'force'"
        f" and measure_code = '{ROLLING[first_figure]}' and period_end = '{end}'"
    )
    published = [PUBLISHED[following(first_figure, step)] for step in range(4)]
    assert list(row[0]) == published


def test_the_packs_eight_comparisons_all_end_in_september(demonstration: Result):
    table = demonstration.pack / "tables" / "rolling_12_months.csv"
    with table.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["measure"] for row in rows] == list(ROLLING.values())
    assert {row["period_end"] for row in rows} == {"2021-09-30"}


@pytest.mark.parametrize("figure_id", MONTHS)
def test_a_months_burglary_or_robbery_is_the_published_one(counts, figure_id: str):
    assert counts[MONTHS[figure_id]] == PUBLISHED[figure_id]


def test_burglary_from_quarter_to_quarter_is_as_published(counts):
    def quarter(months):
        return sum(counts["residential_burglary", month] for month in months)

    assert quarter(Q2) - quarter(Q1) == PUBLISHED["5.8-009"]


def test_burglary_from_month_to_month_is_as_published(counts):
    june, july, september = (
        counts["residential_burglary", month]
        for month in ("2021-06", "2021-07", "2021-09")
    )
    assert round(100 * (july - june) / june) == PUBLISHED["5.8-010"]
    assert round(100 * (september - july) / july) == PUBLISHED["5.8-013"]


@pytest.mark.parametrize(
    ("base", "figure_id"), [(Q1, "5.8-014"), (Q2_YEAR_BEFORE, "5.8-015")]
)
def test_robbery_against_another_quarter_is_as_published(counts, base, figure_id):
    before = sum(counts["personal_robbery", month] for month in base)
    now = sum(counts["personal_robbery", month] for month in Q2)
    assert round(100 * (now - before) / before) == PUBLISHED[figure_id]


def test_referrals_of_the_quarter_and_of_the_year_before_have_their_range(
    demonstration: Result,
):
    """Months of 25, 30 and 28, a year before 12, 15 and 13. The variance is that of
    Poisson counts: 83/40 by exp of 1.96 times the root of 1/83 + 1/40, less and more.
    """
    table = demonstration.pack / "tables" / "other_measures_compared.csv"
    with table.open(encoding="utf-8", newline="") as file:
        rows = [r for r in csv.DictReader(file) if r["measure"] == "ceop_referrals"]
    found = {row["comparison"]: list(row.values())[-9:] for row in rows}
    assert found == {
        "same_quarter_last_year": [
            *("2021-09-30", "40", "83", "43", "107.5", "42.3", "202.6"),
            *("higher", "available"),
        ],
        # The referrals begin in October 2019.
        "before_pandemic": ["2021-09-30", "", "247", *[""] * 5, "not available"],
    }


def test_the_delivery_plan_table_is_the_published_one(demonstration: Result):
    table = demonstration.pack / "tables" / "delivery_progress.csv"
    with table.open(encoding="utf-8", newline="") as file:
        made = {
            (row["strand"], column): Decimal(row[column])
            for row in csv.DictReader(file)
            for column in ("total", "complete", "ongoing", "at_risk")
        }
    plan = {
        (row["strand"], row["dimension"]): Decimal(row["value"])
        for row in published
        if row["measure"] == "delivery_plan_actions"
    }
    assert made == plan
    assert len(plan) == 40


def test_the_demonstration_says_on_its_face_that_it_is_one(demonstration: Result):
    page = (demonstration.pack / "annex.html").read_text(encoding="utf-8")
    assert "invented records" in page
    assert demonstration.rows("select distinct origin from marts.fct_loads") == [
        ("demonstration",)
    ]


def test_every_line_of_the_demonstration_is_accounted_for(demonstration: Result):
    unaccounted = demonstration.rows(
        "select file_name from marts.fct_loads where lines_delivered <>"
        " lines_accepted + lines_unchanged + lines_quarantined + lines_unreadable"
    )
    assert unaccounted == []
    assert demonstration.rows(
        "select count(*) filter (where lines_quarantined > 0) > 0,"
        " sum(lines_unreadable) > 0, sum(lines_unchanged) > 0 from marts.fct_loads"
    ) == [(True, True, True)]


def test_a_force_records_150_000_crimes_a_year_most_of_them_in_no_strand(
    demonstration: Result,
):
    recorded, reported = demonstration.rows(
        "select count(distinct crime_key), count(distinct crime_key) filter ("
        "  where measure_code <> 'all_recorded_crime')"
        " from marts.fct_crime_measures where recorded_month < '2021-10-01'"
    )[0]
    assert recorded / 3.5 == pytest.approx(150_000, rel=0.05)
    assert reported < recorded / 2


def test_months_are_supplied_whole_up_to_the_last_that_had_ended(
    demonstration: Result,
):
    assert demonstration.rows(
        "select min(month)::varchar, max(month)::varchar,"
        " max(month) filter (where is_supplied)::varchar"
        " from marts.fct_measures_monthly"
    ) == [("2018-04-01", "2021-11-01", "2021-10-01")]


def test_the_pack_contains_what_the_manifest_says(demonstration: Result):
    manifest = json.loads((demonstration.pack / "manifest.json").read_text())
    assert manifest["quarter"] == QUARTER
    for name, sha256 in manifest["files"].items():
        content = (demonstration.pack / name).read_bytes()
        assert hashlib.sha256(content).hexdigest() == sha256


def test_no_view_has_a_repeated_key(demonstration: Result):
    """A view cannot have a constraint, and a dbt test would compute it again in every
    run.
    """
    manifest = json.loads((demonstration.home.dbt_target / "manifest.json").read_text())
    keys = {
        f"{node['schema']}.{node['name']}": ", ".join(
            node["config"]["meta"]["primary_key"]
        )
        for node in manifest["nodes"].values()
        if node["resource_type"] == "model" and "primary_key" in node["config"]["meta"]
    }
    assert len(keys) > 25
    with duckdb.connect(str(demonstration.home.warehouse), read_only=True) as reader:
        twice = {
            view: reader.execute(
                f"select {key} from {view} group by all having count(*) > 1"
            ).fetchall()
            for view, key in keys.items()
        }
    assert {view: rows for view, rows in twice.items() if rows} == {}


def differing(first: Result, second: Result) -> list[str]:
    """Return the published tables whose rows are not the same, whatever their order."""
    with duckdb.connect() as reader:
        for name, result in (("a", first), ("b", second)):
            reader.execute(f"attach '{result.home.current}' as {name} (read_only)")
        tables = reader.execute(
            "select schema_name || '.' || table_name from duckdb_tables()"
            " where database_name = 'a' and schema_name in ('marts', 'reporting')"
        ).fetchall()
        assert len(tables) > 50
        found = []
        for (table,) in tables:
            described = reader.execute(f"describe a.{table}").fetchall()
            columns = ", ".join(
                f'"{c[0]}"' for c in described if c[0] not in OF_THE_RUN
            )
            rows = [f"from (select {columns} from {name}.{table})" for name in "ab"]
            counted = [reader.execute(f"select count(*) {r}").fetchone() for r in rows]
            sql = f"select count(*) from ({rows[0]} except all {rows[1]})"
            if counted[0] != counted[1] or reader.execute(sql).fetchone() != (0,):
                found.append(table)
        return found


@pytest.mark.soak
def test_a_run_of_the_command_line_makes_the_same_tables_and_pack(
    demonstration: Result, tmp_path: Path
):
    """The home of the other tests is made from dbt's compiled SQL. test_as_at.py proves
    this with fewer crimes, for every table and every file of a pack.
    """
    home = tmp_path / "home"
    run_command(home, "demo", "--data", str(home))
    shutil.copy(demonstration.home.key_secret, home)
    made = run_command(home, "report", "--data", str(home), "--quarter", QUARTER)
    assert made.exit_code == 0, made.output
    assert differing(made, demonstration) == []
    names = json.loads((made.pack / "manifest.json").read_text())["files"]
    assert len(names) > 60
    for name in names:
        assert (made.pack / name).read_bytes() == (
            demonstration.pack / name
        ).read_bytes(), name


@pytest.mark.golden
def test_the_demonstration_is_its_golden_copy(demonstration: Result, golden):
    golden("demonstration", demonstration.home, QUARTER)
