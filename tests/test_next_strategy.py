"""The next strategy becomes the structure from its first quarter: seed rows alone."""

import csv
from pathlib import Path

import pytest

from dagster_project import settings
from tests.conftest import Result, append, deliver, deliver_weekly, run_command

BEFORE, FIRST = "2021-22-q2", "2021-22-q3"
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
    """A crime of December and the new plan: one action a theme, the old ones gone."""
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
    """End the strategy that runs, and begin the next: rows of three seeds."""
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


@pytest.fixture
def result(checkout: Path) -> Result:
    decide(checkout)
    home = checkout / "home"
    deliver(home)
    deliver_next_year(home / "landing")
    options = ["--data", str(home), "--force", "essex", "--quarter", FIRST]
    result = run_command(home, "report", *options, checkout=checkout)
    assert result.exit_code == 0, result.output
    return result


def strands_of(result: Result, quarter: str) -> list[str]:
    rows = result.rows(
        "select strand from reporting.rpt_delivery_progress"
        f" where quarter = '{quarter}' order by row_position"
    )
    return [strand for (strand,) in rows]


def test_a_strategy_of_fourteen_themes_is_the_reports_structure_from_its_start(
    result: Result,
):
    assert strands_of(result, FIRST) == [*THEMES.values(), "Total"]
    before = strands_of(result, BEFORE)
    assert len(before) == 10
    assert "Dwelling Burglary and Street Robbery" in before
    assert not set(before) & (set(THEMES.values()) - {"Domestic Abuse"})

    headings = result.rows(
        "select quarter, count(*) from reporting.rpt_sections where kind = 'strand'"
        f" and quarter in ('{BEFORE}', '{FIRST}') group by all order by all"
    )
    assert headings == [(BEFORE, 9), (FIRST, 14)]
    informed = result.rows(
        "select quarter, strand from reporting.rpt_rolling_12_months where measure ="
        f" 'residential_burglary' and quarter in ('{BEFORE}', '{FIRST}') order by all"
    )
    assert informed == [
        (BEFORE, "Dwelling Burglary and Street Robbery"),
        (FIRST, "Homes and Streets"),
    ]

    pack = result.home.output / FIRST
    page = (pack / "index.html").read_text(encoding="utf-8")
    assert "Crime Prevention Strategy 2021-25" in page
    assert all(name in page for name in THEMES.values())
    # The last plan of the old strategy stands beside the first of the new, as it was.
    with (pack / "tables" / "delivery_progress_compared.csv").open() as file:
        totals = [
            (row["plan_quarter"], row["total"])
            for row in csv.DictReader(file)
            if row["strand"] == "Total"
        ]
    assert totals == [("Q2 2021/22", "4"), ("Q3 2021/22", "14")]
