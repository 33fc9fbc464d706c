"""A new force: its home is started, configured by rows, checked, and makes its pack."""

import csv
from datetime import date
from pathlib import Path

import pytest

from dagster_project import configuration, settings
from dagster_project.configuration import declarations, layers, template
from dagster_project.settings import Home
from tests import compiled_run
from tests import kent_deliveries as kent
from tests.conftest import QUARTER, Result, run_here
from tests.worked_forces import documented

# A strategy of Kent's own, which replaces the default.
CONFIG = {
    "only_mine": ["seed", "strand_aliases"],
    "strategies": [
        "strategy_code,force_code,strategy_name,start_date,end_date",
        "kent_2021,kent,Making Kent Safer,2018-04-01,",
    ],
    "strands": [
        "strategy_code,strand_code,strand_name,strand_position",
        "kent_2021,safe_homes,Safe Homes,1",
        "kent_2021,hate_crime,Hate Crime,2",
        "kent_2021,coast,Coast and Harbours,3",
    ],
    "strand_aliases": ["strand_alias,strand_code", "Harbours,coast"],
    "strand_measures": [
        "strategy_code,strand_code,measure_code",
        "kent_2021,safe_homes,residential_burglary",
        "kent_2021,hate_crime,hate_crime",
    ],
    # The operational unit of docs/adapt.md.
    **{
        name: documented(name).splitlines()
        for name in ("categories", "result_periods", "strand_units")
    },
    "reporting_calendar": [
        "force_code,quarter,cut_off_date",
        f"kent,{QUARTER},2021-11-17",
    ],
}


def start(folder: Path, force: str = "kent") -> Home:
    """Return a home that the command has started."""
    said = run_here("start", "--force", force, "--data", str(folder))
    assert said.exit_code == 0, said.output
    return Home(folder)


def configure(home: Home) -> None:
    for name, lines in CONFIG.items():
        text = "".join(f"{line}\n" for line in lines)
        (home.config / f"{name}.csv").write_text(text, encoding="utf-8")
    path = home.config / "districts.csv"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("Ashford,", "Ashford,East"), encoding="utf-8")


def checked(home: Home) -> list[str]:
    """Return what check-config prints, with the home's folder shortened."""
    said = run_here("check-config", "--data", str(home.root))
    assert said.exit_code == 0, said.output
    return said.output.replace(str(home.root), "home").splitlines()


def test_a_started_home_has_every_file_that_a_force_owns_and_changes_nothing(
    tmp_path: Path,
):
    home = start(tmp_path / "home")
    owned = {seed.name for seed in template.owned()}
    there = {path.stem for path in home.config.glob("*.csv")}
    assert there == owned | {layers.ONLY_MINE}
    assert configuration.mistakes(configs=home.configs) == []
    for name in owned - {"districts"}:
        assert configuration.rows(name, home) == configuration.rows(name)
    names = {path.name for path in home.landing.iterdir()}
    assert names == set(settings.force_extracts())


def test_a_started_home_lists_the_districts_of_its_force_as_they_are_today(
    tmp_path: Path,
):
    home = start(tmp_path / "home", "suffolk")
    with (home.config / "districts.csv").open(encoding="utf-8") as file:
        listed = [row["district_name"] for row in csv.DictReader(file)]
    assert "Ipswich" in listed and "East Suffolk" in listed
    # This district has become part of East Suffolk.
    assert "Waveney" not in listed and "Ashford" not in listed


def test_the_page_of_a_started_home_says_of_each_column_what_the_seeds_declare(
    tmp_path: Path,
):
    home = start(tmp_path / "home")
    page = (home.root / template.README).read_text(encoding="utf-8")
    assert "{{" not in page and "{force_code}" not in page
    for seed in template.owned():
        section = page.split(f"### {seed.name}.csv\n", 1)[1].split("\n### ")[0]
        for column in seed.columns:
            assert f"| `{column.name}` |" in section
    lead = declarations.read(settings.SEEDS)["strand_leads"].column("lead_rank")
    assert lead and f"| `lead_rank` | {lead.description} |" in page


def test_starting_again_adds_what_is_missing_and_leaves_what_a_force_has_decided(
    tmp_path: Path,
):
    home = start(tmp_path / "home")
    decided = home.config / "keywords.csv"
    decided.write_text("keyword\nMachete\n", encoding="utf-8")
    (home.config / "events.csv").unlink()
    start(home.root)
    assert decided.read_text(encoding="utf-8") == "keyword\nMachete\n"
    assert (home.config / "events.csv").exists()


def test_a_home_of_another_force_is_not_started(tmp_path: Path):
    home = start(tmp_path / "home")
    said = run_here("start", "--force", "essex", "--data", str(home.root))
    assert said.exit_code == 2 and "another force's data (kent)" in said.output


def test_a_home_with_the_demonstrations_extracts_is_not_started(tmp_path: Path):
    mark = Home(tmp_path).landing / settings.DEMONSTRATION_MARK
    mark.parent.mkdir()
    mark.touch()
    said = run_here("start", "--force", "essex", "--data", str(tmp_path))
    assert said.exit_code == 2 and "has the demonstration's extracts" in said.output
    assert not Home(tmp_path).config.exists()


def test_a_home_that_is_started_in_the_checkout_is_left_out_of_git(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    outside = start(tmp_path / "outside")
    monkeypatch.setattr(settings, "REPOSITORY", tmp_path)
    inside = start(tmp_path / "inside")
    assert (inside.root / ".gitignore").read_text(encoding="utf-8") == "*\n"
    assert not (outside.root / ".gitignore").exists()


def test_check_config_names_a_mistake_by_the_homes_file_and_says_nothing_more(
    tmp_path: Path,
):
    home = start(tmp_path / "home")
    with (home.config / "reporting_calendar.csv").open("a", encoding="utf-8") as file:
        file.write("kent,2021-22-q2,17/11/2021\n")
    said = run_here("check-config", "--data", str(home.root))
    assert said.exit_code == 2
    assert (
        f"{home.config}/reporting_calendar.csv, row 2, column cut_off_date:"
        " '17/11/2021' is not a date (YYYY-MM-DD)" in said.output
    )
    assert "The pack would contain" not in said.output


def test_check_config_says_what_a_new_home_lacks(tmp_path: Path):
    lines = checked(start(tmp_path / "home"))
    named = [line.split(":")[0].strip() for line in lines if "home/" in line]
    assert named == [
        "home/config/strategies.csv, column force_code",
        "home/config/strand_measures.csv, column strand_code",
        "home/config/strand_leads.csv, column strand_code",
        "home/config/reporting_calendar.csv, column force_code",
        "home/config/districts.csv, column lpa_name",
        "home/landing/crimes",
        "home/landing/actions",
    ]
    assert "  Strategy: Crime Prevention Strategy 2018-21, from 2018-04-01" in lines


def test_check_config_says_what_the_pack_would_contain(tmp_path: Path):
    home = start(tmp_path / "home")
    configure(home)
    lines = checked(home)
    first = lines.index("The pack would contain:")
    assert lines[first + 1 : first + 5] == [
        "  Strategy: Making Kent Safer, from 2018-04-01",
        "    Safe Homes: Residential burglary",
        "    Hate Crime: Hate crime",
        "    Coast and Harbours: no measure; results of Harbour Team",
    ]
    # If the force's strategy begins later, the default keeps the earlier quarters.
    default = "  Strategy: Crime Prevention Strategy 2018-21, from 2018-04-01"
    assert not any(line.startswith(default) for line in lines)
    path = home.config / "strategies.csv"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("2018-04-01", "2021-04-01"), encoding="utf-8")
    lines = checked(home)
    assert f"{default}, in quarters without one of kent's" in lines
    own, others = [line for line in lines if line.startswith("    Page one: ")]
    assert "Residential burglary" in own and "Night-time economy crime" not in own
    assert "Night-time economy crime" in others
    (leads,) = [line for line in lines if "strand_leads.csv" in line]
    assert "coast" in leads and "gangs_and_knife_crime" not in leads
    assert lines[-2:] == [
        "  Local policing area East: Ashford",
        f"  Quarters with a cut-off: {QUARTER} (2021-11-17)",
    ]


def test_check_config_says_what_the_page_of_a_strand_without_a_measure_has(
    tmp_path: Path,
):
    home = start(tmp_path / "home")
    configure(home)

    def said() -> str:
        (found,) = [line for line in checked(home) if "strand_measures.csv" in line]
        return found.split(": ")[1]

    assert said() == (
        "no measure informs coast of kent_2021, so its page has the delivery plan and"
        " the results of Harbour Team alone. Add a row, or leave it so"
    )
    units = home.config / "strand_units.csv"
    units.write_text("strategy_code,strand_code,unit_name\n", encoding="utf-8")
    assert said() == (
        "no measure informs coast of kent_2021, so its page has the delivery plan"
        " alone. Add a row, or leave it so"
    )
    assert "    Coast and Harbours: no measure" in checked(home)


@pytest.fixture(scope="module")
def configured(first_build: Result, tmp_path_factory: pytest.TempPathFactory) -> Result:
    """Kent's deliveries in a home that was started and configured."""
    home = start(tmp_path_factory.mktemp("configured") / "home")
    configure(home)
    kent.deliver(home.landing)
    result = compiled_run.run(first_build, home.root, "kent")
    assert result.exit_code == 0, result.output
    return result


def test_a_forces_own_strategy_is_the_structure_of_its_pack_and_no_other(
    configured: Result,
):
    strands = configured.rows(
        "select strand from reporting.rpt_delivery_progress"
        f" where quarter = '{QUARTER}' order by row_position"
    )
    assert [strand for (strand,) in strands] == [
        "Safe Homes",
        "Hate Crime",
        "Coast and Harbours",
        "Total",
    ]
    page = compiled_run.page(configured, QUARTER)
    assert "Making Kent Safer" in page and "Coast and Harbours" in page
    assert "Essex" not in page and "Crime Prevention Strategy" not in page


def test_the_cut_off_and_the_areas_of_a_configured_home_are_its_own(
    configured: Result,
):
    assert configured.rows(
        f"select cut_off_date from marts.dim_reports where quarter = '{QUARTER}'"
    ) == [(date(2021, 11, 17),)]
    areas = configured.rows(
        "select lpa_name, district_name from marts.dim_districts"
        " where lpa_name is not null order by all"
    )
    assert areas == [("East", "Ashford")]
