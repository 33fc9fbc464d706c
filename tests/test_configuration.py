"""A home's configuration: what it adds, what it replaces, and what is wrong with it."""

import shutil
from pathlib import Path

import pytest

from dagster_project import configuration, settings, versions
from dagster_project.cli import inspect
from dagster_project.configuration import declarations, files, layers
from dagster_project.intake import contracts
from dagster_project.settings import Home
from dagster_project.transform import manifest
from tests.conftest import run_dbt


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """A home with an empty folder of configuration."""
    made = Home(tmp_path / "home")
    made.config.mkdir(parents=True)
    return made


def configure(home: Home, seed: str, *lines: str) -> None:
    text = "".join(f"{line}\n" for line in lines)
    (home.config / f"{seed}.csv").write_text(text, encoding="utf-8")


def only_mine(home: Home, *seeds: str) -> None:
    configure(home, layers.ONLY_MINE, layers.COLUMN, *seeds)


def said(home: Home) -> list[str]:
    """Return the mistakes, with the home's folder shortened."""
    found = configuration.mistakes(configs=home.configs)
    return [str(each).replace(str(home.root), "home") for each in found]


def column(home: Home, seed: str, name: str) -> list[str]:
    return [row[name] for row in configuration.rows(seed, home)]


def test_a_new_row_of_a_home_comes_after_the_default_rows(home: Home):
    before = column(home, "strand_aliases", "strand_alias")
    configure(
        home,
        "strand_aliases",
        "strand_alias,strand_code",
        "Knives,gangs_and_knife_crime",
    )
    assert said(home) == []
    assert column(home, "strand_aliases", "strand_alias") == [*before, "Knives"]


def test_a_row_takes_the_place_of_the_default_row_with_its_key(home: Home):
    before = configuration.rows("supply_rules", home)
    header = "rule_code,rule_value,rule_description"
    configure(home, "supply_rules", header, "begun_share,0.2,Ours")
    after = configuration.rows("supply_rules", home)
    changed = {"rule_code": "begun_share", "rule_value": "0.2"}
    assert after == [
        row | changed | {"rule_description": "Ours"}
        if row["rule_code"] == "begun_share"
        else row
        for row in before
    ]


def test_a_column_that_a_home_leaves_out_keeps_the_defaults_value(home: Home):
    configure(home, "measures", "measure_code,measure_name", "knife_crime,Blades")
    (knives,) = [
        row
        for row in configuration.rows("measures", home)
        if row["measure_code"] == "knife_crime"
    ]
    assert knives["measure_name"] == "Blades"
    assert knives["unit"] == "crimes"
    assert said(home) == []


def test_a_column_that_a_new_row_needs_is_asked_for_in_the_homes_file(home: Home):
    configure(home, "measures", "measure_code,measure_name", "blades,Blades")
    assert (
        "home/config/measures.csv, row 2, column measure_definition: is empty; it is"
        " required" in said(home)
    )


def test_only_mine_removes_all_default_rows(home: Home):
    configure(home, "strand_aliases", "strand_alias,strand_code", "Hate,hate_crime")
    only_mine(home, "strand_aliases")
    assert said(home) == []
    assert column(home, "strand_aliases", "strand_alias") == ["Hate"]


def test_a_default_row_with_a_removed_code_is_reported_with_the_remedy(
    home: Home,
):
    configure(
        home,
        "strategies",
        "strategy_code,force_code,strategy_name,start_date,end_date",
        "kent_2021,kent,Making Kent safer,2021-04-01,",
    )
    only_mine(home, "strategies")
    found = said(home)
    assert (
        "seeds/force/strands.csv, row 2, column strategy_code: 'cps_2018' is not in"
        " home/config/strategies.csv, column strategy_code."
        " home/config/strategies.csv has left out the default rows: name strands in"
        " only_mine.csv too, or put the row back"
    ) in [each.replace(f"{home.root}", "home") for each in found]


def test_a_mistake_in_a_homes_row_is_named_by_the_homes_file_and_row(home: Home):
    header = "force_code,event_code,event_name,start_date,end_date"
    configure(
        home,
        "events",
        header,
        "kent,riots,Riots,2011-08-06,2011-08-11",
        "kent,lockdown_9,Another,2021-02-30,2021-03-01",
    )
    assert said(home) == [
        "home/config/events.csv, row 3, column start_date: '2021-02-30' is not a valid"
        " date"
    ]


def test_a_mistake_in_a_replacing_row_is_reported_for_the_homes_file(home: Home):
    configure(home, "measures", "measure_code,is_reported", "knife_crime,yes")
    assert said(home) == [
        "home/config/measures.csv, row 2, column is_reported: 'yes' is not a boolean"
        " (true or false)"
    ]


@pytest.mark.parametrize(
    ("seed", "row", "sentence"),
    [
        (
            *("measure_rules", "knife_crime,99,Robery,,,,"),
            "column offence_group: 'Robery' is not in",
        ),
        (
            *("measure_rules", "knife_crime,99,,Knive,,,"),
            "column keyword: 'Knive' is not in seeds/force/keywords.csv, column"
            " keyword; is 'Knife' meant?",
        ),
        (
            *("measure_rules", "knife_crime,99,,Knife|Drug,,,"),
            "column keyword: 'Drug' is not in seeds/force/keywords.csv, column keyword;"
            " is 'Drugs' meant?",
        ),
        (
            *("measure_exclusions", "knife_crime,99,,,onlin,,"),
            "column flag: 'onlin' breaks the rule: flag in",
        ),
        (
            *("measure_exclusions", "knife_crime,99,,,,999,"),
            "column outcome_code: '999' is not in",
        ),
        (
            *("measure_exclusions", "knive_crime,99,Robbery,,,,"),
            "column measure_code: 'knive_crime' is not in",
        ),
        (
            *("measure_exclusions", "knife_crime,99,,,,,"),
            "column exclusion_number: '99' breaks the rule: coalesce(offence_group,",
        ),
    ],
)
def test_a_name_in_a_rule_or_an_exclusion_that_no_list_has_is_refused(
    home: Home, seed: str, row: str, sentence: str
):
    number = "rule_number" if seed == "measure_rules" else "exclusion_number"
    header = (
        f"measure_code,{number},offence_group,keyword,flag,outcome_code,offence_code"
    )
    configure(home, seed, header, row)
    (mistake,) = said(home)
    assert mistake.startswith(f"home/config/{seed}.csv, row 2, {sentence}")


def test_a_repeated_key_of_a_home_is_reported_at_its_second_row(home: Home):
    header = "force_code,event_code,event_name,start_date,end_date"
    row = "kent,riots,Riots,2011-08-06,2011-08-11"
    configure(home, "events", header, row, row)
    assert said(home) == [
        "home/config/events.csv, row 3, column event_code: 'riots' is already in row 2"
    ]


def test_a_position_that_a_default_row_has_is_named_with_both_files(home: Home):
    header = (settings.seed("measures").read_text("utf-8")).splitlines()[0]
    row = "blades,Blades,Blades found,crimes,blades,flow,neutral,true,false,true,2"
    configure(home, "measures", header, row)
    assert said(home) == [
        "home/config/measures.csv, row 2, column measure_position: '2' is already in"
        " seeds/force/measures.csv, row 3"
    ]


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("strand.csv", "is not the name of a file that a force owns; is strands.csv"),
        ("offences.csv", "is not the name of a file that a force owns"),
        ("strands.xlsx", "is a workbook, which is not read: save each sheet as CSV"),
        ("force/strands.csv", "lies in a folder: move it to home/config"),
    ],
)
def test_a_configuration_file_without_effect_is_reported(home: Home, name, sentence):
    path = home.config / name
    path.parent.mkdir(exist_ok=True)
    path.write_text("strategy_code,strand_code\n", encoding="utf-8")
    found = said(home)
    assert len(found) == 1 and f"home/config/{name}: {sentence}" in found[0], found


def test_a_name_in_only_mine_without_a_file_is_reported(home: Home):
    only_mine(home, "strand", "events")
    assert said(home) == [
        "home/config/only_mine.csv, row 2, column seed: 'strand' is not a file that a"
        " force owns; is strands.csv meant?",
        "home/config/only_mine.csv, row 3, column seed: there is no events.csv beside"
        " it: add the file, or remove this row",
    ]


def test_a_home_changes_an_extract_and_neither_adds_nor_removes_one(home: Home):
    configure(home, "extracts", "extract,cadence_days", "crimes,1", "custody_records,7")
    only_mine(home, "extracts")
    found = said(home)
    assert any(
        each.startswith("home/config/extracts.csv, row 3, column extract: is a new row")
        for each in found
    )
    assert any("the program needs every default row of extracts" in e for e in found)
    (home.config / "only_mine.csv").unlink()
    (crimes,) = [
        row
        for row in configuration.rows("extracts", home)
        if row["extract"] == "crimes"
    ]
    assert (crimes["cadence_days"], crimes["file_glob"]) == ("1", "crimes_*")


def test_a_home_adds_an_extract_with_a_contract_that_extracts_share(home: Home):
    header = ",".join(configuration.rows("extracts", home)[0])
    row = "delta,31,{0}_*,utf-8,false,Ours,1,{1}"
    configure(
        home,
        "extracts",
        header,
        "asb," + row.format("asb", "incidents"),
        "custody," + row.format("custody", "records"),
    )
    assert said(home) == [
        "home/config/extracts.csv, row 3, column contract: 'records' breaks the rule:"
        " contract is null or (contract = 'incidents' and delivery <> 'force_month')"
    ]
    known = contracts.extracts_of(home)
    assert (known["asb"], known["crimes"]) == ("incidents", "crimes")


def test_a_file_as_excel_saves_it_is_read(home: Home):
    text = "\ufeffkeyword\r\nMachete\r\n"
    (home.config / "keywords.csv").write_bytes(text.encode())
    assert said(home) == []
    assert "Machete" in column(home, "keywords", "keyword")


def test_every_seed_that_a_force_owns_has_a_key_by_which_rows_are_replaced():
    owned = [s for s in declarations.read(settings.SEEDS).values() if s.is_of_a_force]
    columns = {seed.name: {column.name for column in seed.columns} for seed in owned}
    assert owned
    assert [seed.name for seed in owned if not columns[seed.name] >= {*seed.key}] == []


def test_the_written_seeds_are_the_defaults_byte_by_byte_without_a_configuration(
    home: Home,
):
    shutil.rmtree(home.config)
    configuration.write(home)
    written = {path.name: path.read_bytes() for path in home.seeds.iterdir()}
    defaults = settings.SEEDS.glob("*/*.csv")
    assert written == {path.name: path.read_bytes() for path in defaults}


def test_writing_again_changes_only_what_differs_and_removes_what_is_not_a_seed(
    home: Home,
):
    configuration.write(home)
    times = {path.name: path.stat().st_mtime_ns for path in home.seeds.iterdir()}
    (home.seeds / "gone.csv").touch()
    configure(home, "keywords", "keyword", "Machete")
    configuration.write(home)
    after = {path.name: path.stat().st_mtime_ns for path in home.seeds.iterdir()}
    assert after.keys() == times.keys()
    assert [name for name in times if times[name] != after[name]] == ["keywords.csv"]


def test_a_changed_configuration_changes_the_build_and_the_publication(
    home: Home,
):
    before = versions.code_sha256(home)
    configure(home, "keywords", "keyword", "Machete")
    assert versions.code_sha256(home) != before
    assert versions.code_sha256(home) == versions.code_sha256(home)


def test_a_configuration_is_that_of_every_moment_of_its_home(home: Home):
    past = Home(home.root, "2021-11-17")
    assert past.configs == home.configs == (home.config,)
    assert past.seeds != home.seeds


def test_the_demonstrations_configuration_has_no_mistake():
    assert configuration.mistakes(configs=(settings.DEMONSTRATION_CONFIG,)) == []


def test_no_default_of_a_force_is_of_essex():
    owned = [s for s in declarations.read(settings.SEEDS).values() if s.is_of_a_force]
    of_essex = [
        seed.name
        for seed in owned
        for row in files.read(settings.SEEDS, seed.name).rows
        if seed.column("force_code") and row[1]["force_code"] == "essex"
    ]
    assert {*of_essex} == {"districts"}
    areas = files.read(settings.SEEDS, "districts").values("lpa_name")
    assert areas == []


def test_a_home_with_the_demonstrations_extracts_is_configured_as_essex_below_its_own(
    home: Home,
):
    assert column(home, "strand_leads", "force_code") == []
    mark = home.landing / settings.DEMONSTRATION_MARK
    mark.parent.mkdir()
    mark.touch()
    assert {*column(home, "strand_leads", "force_code")} == {"essex"}
    areas = dict(
        zip(
            column(home, "districts", "district_name"),
            column(home, "districts", "lpa_name"),
            strict=True,
        )
    )
    assert (areas["Basildon"], areas["Ashford"]) == ("South", "")
    header = "force_code,strand_code,lead_role,lead_rank"
    configure(home, "strand_leads", header, "essex,domestic_abuse,Lead,Inspector")
    ranks = column(home, "strand_leads", "lead_rank")
    assert ranks[0] == "Inspector" and len(ranks) == 9


def test_a_file_of_leads_may_name_them_or_lack_the_column(home: Home):
    header = "force_code,strand_code,lead_role,lead_rank"
    configure(home, "strand_leads", header, "kent,hate_crime,Lead,Inspector")
    assert said(home) == [] and column(home, "strand_leads", "lead_name") == [""]
    row = "kent,hate_crime,Lead,Inspector,Jo Lee"
    configure(home, "strand_leads", header + ",lead_name", row)
    assert said(home) == [] and column(home, "strand_leads", "lead_name") == ["Jo Lee"]


def test_a_file_is_inspected_with_the_configuration_of_its_home(
    home: Home, tmp_path: Path
):
    configure(home, "volume_checks", "extract,delivery,least_share", "all,full,0.9")
    scratch = Home(tmp_path / "scratch")
    inspect._configure_like(home, scratch)
    for seed in ("volume_checks", "strand_leads"):
        assert configuration.rows(seed, scratch) == configuration.rows(seed, home)
    assert configuration.rows("volume_checks", scratch)[0]["least_share"] == "0.9"


@pytest.mark.slow
def test_dbt_alone_loads_the_seeds_of_the_home_that_it_works_in(home: Home):
    configure(home, "keywords", "keyword", "Machete")
    only_mine(home, "keywords")
    # dbt would parse the project again, which test_dagster.py looks at.
    shutil.copytree(manifest.prepared().parent, home.dbt_target)
    loaded = run_dbt(home, "seed", "--select", "keywords")
    assert loaded.returncode == 0, loaded.stdout
    shown = run_dbt(home, "show", "--inline", "from {{ ref('keywords') }}")
    assert "Machete" in shown.stdout and "Alcohol" not in shown.stdout, shown.stdout
