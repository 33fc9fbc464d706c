"""Adding a thing takes only what its recipe in CONTRIBUTING.md says.

The recipes are read from the page and followed in a copied checkout, which also gets
the next strategy. One run makes the pack of a quarter that has all of them; each test
checks one addition.
"""

import csv
import re
from pathlib import Path

import pytest

from dagster_project import settings
from dagster_project.demonstration import supplementary
from tests import compiled_run
from tests.conftest import (
    QUARTER,
    Result,
    append,
    copy_project,
    deliver,
    deliver_weekly,
    run_command,
    run_here,
)
from tests.recipes import recipes
from tests.test_documents import arguments_of

pytestmark = pytest.mark.slow

RECIPES = recipes()
# The recipe for a force changes a home, and nothing in the checkout.
OWN_HOME = "my_home/"
BEFORE, FIRST = QUARTER, "2021-22-q3"
# Invented names. Two themes go on from the strategy before, under their codes; one of
# them under a new name.
THEMES = {
    "domestic_abuse": "Domestic Abuse",
    "dwelling_burglary_and_street_robbery": "Homes and Streets",
    "theme_coast": "Coast and Harbours",
    "theme_night": "Evenings Out",
    "theme_young": "Young Lives",
    "theme_online": "Safe Online",
    "theme_rural": "Farms and Villages",
    "theme_roads": "Safer Roads",
    "theme_business": "Shops and Workshops",
    "theme_harm": "Hidden Harm",
    "theme_hostility": "No Place for Hostility",
    "theme_drugs": "Drugs and Recovery",
    "theme_repeat": "Breaking Repeat Offending",
    "theme_trust": "Trust and Confidence",
}


def write(path: Path, header: list[str], rows: list[list[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, *rows])


def header_of(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines()[0].split(",")


def deliver_next_year(landing: Path) -> None:
    """Deliver a crime of December and the new plan: one action per theme, no old
    ones.
    """
    header = header_of(landing / "crimes" / "crimes_20210407T060000.csv")
    crime = dict.fromkeys(header, "") | {
        "crime_id": "C90",
        "recorded_at": "2021-12-20T10:00:00",
        "offence_code": "28E",
        "crime_status": "Recorded",
        "is_domestic_abuse": "Y",
        "is_hate_crime": "N",
        "is_online": "N",
        "is_night_time_economy": "N",
    }
    crimes = landing / "crimes" / "crimes_20220105T060000.csv"
    write(crimes, header, [list(crime.values())])
    deliver_weekly(landing / "crimes", weeks=39)
    header = header_of(landing / "actions" / "actions_20210817T060000.csv")
    actions = [
        dict.fromkeys(header, "")
        | {
            "action_id": f"N{number:02}",
            "strand_name": name,
            "action_title": f"Begin the work on {name}",
            "owner_role": "Theme lead",
            "start_date": "2021-11-29",
            "due_date": "2022-02-28",
            "action_status": "Ongoing",
            "is_at_risk": "N",
        }
        for number, name in enumerate(THEMES.values(), start=1)
    ]
    plan = landing / "actions" / "actions_20220105T060000.csv"
    write(plan, header, [list(action.values()) for action in actions])


def decide(checkout: Path) -> None:
    """End the present strategy and begin the next one: rows of three seeds."""
    strategies = settings.seed("strategies", checkout / "seeds")
    rows = strategies.read_text(encoding="utf-8").splitlines()
    assert rows[-1].startswith("cps_2018,") and rows[-1].endswith(",")
    rows[-1] += "2021-09-30"
    rows.append("cps_2021,,Crime Prevention Strategy 2021-25,2021-10-01,")
    strategies.write_text("\n".join(rows) + "\n", encoding="utf-8")
    for position, (code, name) in enumerate(THEMES.items(), start=1):
        append(checkout, "strands", f"cps_2021,{code},{name},{position}")
    append(checkout, "strand_measures", "cps_2021,domestic_abuse,domestic_abuse")
    append(
        checkout,
        "strand_measures",
        "cps_2021,dwelling_burglary_and_street_robbery,residential_burglary",
    )


HAND_MADE = {
    "stalking_orders": [
        "order_id,issued_date",
        "S1,2021-09-01",
        "S2,2021-09-31",
        "S3,2021-10-01",
    ],
    "outstanding_suspects": [
        "as_at_date,lpa_name,suspect_count",
        "2021-09-30,North,4",
        "2021-10-31,West,0",
        "2021-10-31,East,7",
        "2021-10-30,South,7",
    ],
    "prevent_referrals": [
        ",".join(supplementary.COLUMNS["prevent_referrals"]),
        'P1,2021-09-02,Eastern,essex,Education,Pending assessment,"Islamist extremism"',
        "P2,2021-09-02,Eastern,essex,Racial,Pending assessment,Right wing extremism",
        "P3,2021-09-02,Eastern,wessex,Police,Pending assessment,Right wing extremism",
        "P4,2021-09-03,Eastern,essex,Faith Groups,Pending assessment,"
        "Right wing extremism",
    ],
    "operational_results": [
        ",".join(supplementary.COLUMNS["operational_results"]),
        "R1,2021-09-01,POLIT,Drugs seized,1.25,A,",
        "R2,2021-09-01,POLIT,Drugs seized,2,,",
        "R3,2021-09-01,POLIT,Arrest,2,,Adult",
    ],
}


@pytest.fixture(scope="module")
def extended(tmp_path_factory: pytest.TempPathFactory) -> Result:
    """A copied checkout with all additions, run on hand-made lines, good and bad."""
    folder = tmp_path_factory.mktemp("extended")
    checkout, home = copy_project(folder), folder / "home"
    for recipe in RECIPES.values():
        for step in recipe.steps:
            if not step.path.startswith(OWN_HOME):
                step.apply(checkout)
    decide(checkout)
    deliver(home)
    deliver_next_year(home / "landing")
    for extract, lines in HAND_MADE.items():
        target = home / "landing" / extract
        target.mkdir()
        (target / f"{extract}_20211117T060000.csv").write_text("\n".join(lines) + "\n")
    options = ["--data", str(home), "--force", "essex", "--quarter", QUARTER]
    result = run_command(home, "report", *options, checkout=checkout)
    assert result.exit_code == 0, result.output
    return result


def test_there_is_a_recipe_for_each_thing_that_is_tried_here():
    assert list(RECIPES) == [
        "A strand",
        "A measure",
        "A category",
        "A table",
        "A chart",
        "A sentence",
        "An extract",
        "A force",
    ]


def test_a_strand_and_a_measure_are_seed_rows_alone(extended: Result):
    tables = extended.pack / "tables"
    rolling = list(csv.DictReader((tables / "rolling_12_months.csv").open()))
    shop_theft = [row for row in rolling if row["measure"] == "shop_theft"]
    # C16 and C17 in the 12 months before; C13, put right by its second delivery, since.
    assert [
        (row["strand"], row["previous_12_months"], row["current_12_months"])
        for row in shop_theft
    ] == [("Rural Crime", "2", "1")]
    plan = list(csv.DictReader((tables / "delivery_progress.csv").open()))
    assert [row["strand"] for row in plan][-2:] == ["Rural Crime", "Total"]
    page = (extended.pack / "annex.html").read_text(encoding="utf-8")
    assert "Rural Crime" in page and "Shop theft" in page
    assert (extended.pack / "charts" / "monthly_shop_theft.svg").exists()


def test_a_report_table_is_seed_rows_alone(extended: Result):
    path = extended.pack / "tables" / "quarters_a_year_apart.csv"
    found = [
        (row["measure"], row["base_count"], row["current_count"])
        for row in csv.DictReader(path.open())
    ]
    # Figures of another table: a figure is the same wherever it is printed.
    assert found and found == extended.rows(
        "select measure, base_count::varchar, current_count::varchar"
        f" from reporting.rpt_quarter_comparisons where quarter = '{QUARTER}'"
        " and comparison = 'same_quarter_last_year' order by row_position"
    )
    assert "A year apart, Q2 2021/22" in (extended.pack / "annex.html").read_text(
        "utf-8"
    )


def test_a_category_is_a_seed_row_alone(extended: Result):
    assert extended.rows(
        "select row_position, numerator from reporting.rpt_prevent_by_source"
        f" where quarter = '{QUARTER}' and category = 'Faith Groups'"
    ) == [(7, None)]
    # The line of this crime is not held.
    assert extended.rows(
        "select lines_accepted, lines_quarantined from marts.fct_loads"
        " where extract = 'prevent_referrals'"
    ) == [(2, 2)]


def test_a_chart_is_a_seed_row_alone(extended: Result):
    assert (extended.pack / "charts" / "monthly_arrests.svg").exists()
    assert extended.rows(
        "select point_value::int from reporting.rpt_chart_points where chart_name ="
        f" 'monthly_arrests' and quarter = '{QUARTER}' and point_label = 'Sep 2021'"
    ) == [(2,)]


def test_a_sentence_is_a_seed_row_alone(extended: Result):
    said = extended.rows(
        "select facts.subject from reporting.rpt_facts as facts"
        " inner join reporting.rpt_cells as cells"
        " using (quarter, force_code, figure_id)"
        f" where quarter = '{QUARTER}' and table_name = 'quarters_a_year_apart'"
        " and facts.facts ->> 'periods' = 'year_before'"
    )
    annex = (extended.pack / "annex.html").read_text("utf-8")
    assert said
    for (subject,) in said:
        sentence = rf"{re.escape(subject)}[^<]* in the same quarter of the year before"
        assert re.search(sentence, annex)


def test_a_force_is_its_home_and_nothing_of_the_checkout(tmp_path: Path):
    recipe = RECIPES["A force"]
    home = tmp_path / "my_home"
    start, check = (
        [word.replace("=my_home", f"={home}") for word in arguments_of(command)]
        for command in recipe.commands
    )
    said = run_here(*start)
    assert said.exit_code == 0, said.output
    for step in recipe.steps:
        step.apply(tmp_path)
    said = run_here(*check)
    assert said.exit_code == 0, said.output
    assert "Strategy: Kent Strategy 2021-25, from 2021-04-01" in said.output
    assert "  Safer Roads: Night-time economy crime" in said.output
    assert "Quarters with a cut-off: 2021-22-q2 (2021-11-17)" in said.output


def strands_of(result: Result, quarter: str) -> list[str]:
    rows = result.rows(
        "select strand from reporting.rpt_delivery_progress"
        f" where quarter = '{quarter}' order by row_position"
    )
    return [strand for (strand,) in rows]


def test_a_strategy_of_fourteen_themes_is_the_reports_structure_from_its_start(
    extended: Result,
):
    assert strands_of(extended, FIRST) == [*THEMES.values(), "Total"]
    before = strands_of(extended, BEFORE)
    # These include the added strand, and the total.
    assert len(before) == 11
    assert "Dwelling Burglary and Street Robbery" in before
    assert not set(before) & (set(THEMES.values()) - {"Domestic Abuse"})

    headings = extended.rows(
        "select quarter, count(*) from reporting.rpt_sections"
        f" where section_kind = 'strand' and quarter in ('{BEFORE}', '{FIRST}')"
        " group by all order by all"
    )
    assert headings == [(BEFORE, 10), (FIRST, 14)]
    informed = extended.rows(
        "select quarter, strand from reporting.rpt_rolling_12_months where measure ="
        f" 'residential_burglary' and quarter in ('{BEFORE}', '{FIRST}') order by all"
    )
    assert informed == [
        (BEFORE, "Dwelling Burglary and Street Robbery"),
        (FIRST, "Homes and Streets"),
    ]

    page = compiled_run.page(extended, FIRST)
    assert "Crime Prevention Strategy 2021-25" in page
    assert all(name in page for name in THEMES.values())
    # The last plan of the old strategy is shown next to the first plan of the new.
    assert extended.rows(
        "select plan_quarter, total from reporting.rpt_delivery_progress_compared"
        f" where quarter = '{FIRST}' and strand = 'Total' order by row_position"
    ) == [("Q2 2021/22", 4), ("Q3 2021/22", 14)]


def test_a_new_extract_costs_a_row_a_name_a_contract_and_a_staging_model(
    extended: Result,
):
    assert "stalking_orders 1/1" in extended.output
    assert extended.rows(
        "select lines_delivered, lines_accepted, lines_quarantined"
        " from marts.fct_loads where extract = 'stalking_orders'"
    ) == [(3, 2, 1)]
    assert extended.rows(
        "select line, quarantine_reasons from marts.fct_quarantined_lines"
        " where extract = 'stalking_orders'"
    ) == [(3, ["issued_date_not_date"])]


def test_lines_that_break_a_supplementary_contract_are_held_and_count_nowhere(
    extended: Result,
):
    held = extended.rows(
        "select extract, line, quarantine_reasons from marts.fct_quarantined_lines"
        " where extract in ('outstanding_suspects', 'prevent_referrals',"
        " 'operational_results') order by all"
    )
    assert held == [
        ("operational_results", 3, ["drugs_without_class"]),
        ("outstanding_suspects", 4, ["lpa_name_unknown"]),
        ("outstanding_suspects", 5, ["not_a_month_end"]),
        ("prevent_referrals", 3, ["source_unknown"]),
        ("prevent_referrals", 4, ["referral_force_code_unknown"]),
    ]
    assert extended.rows(
        "select area_code, month::varchar, value::int from marts.fct_measures_monthly"
        " where measure_code = 'outstanding_suspects' and value is not null"
        " order by all"
    ) == [("North", "2021-09-01", 4), ("West", "2021-10-01", 0)]
    assert extended.rows(
        "select numerator, denominator from reporting.rpt_prevent_by_source"
        f" where quarter = '{QUARTER}' and category = 'Education'"
    ) == [(None, None)], "July and August were not supplied"
