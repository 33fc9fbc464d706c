"""The house style, held against the manifest: a rule is a query that finds nothing."""

import csv
import json
import re

import pytest

from dagster_project import settings
from dagster_project.intake import contracts
from dagster_project.transform import manifest

LAYERS = ("staging", "intermediate", "marts", "reporting")
# What each layer may read: nothing flows back.
MAY_READ = {
    "staging": {"source", "seed"},
    "intermediate": {"staging", "intermediate", "marts", "seed"},
    "marts": {"staging", "intermediate", "marts", "seed"},
    "reporting": {"intermediate", "marts", "reporting", "seed"},
}
PREFIXES = {
    "staging": r"stg_[a-z_]+__[a-z_]+",
    "intermediate": r"int_[a-z0-9_]+",
    "marts": r"(dim|fct)_[a-z0-9_]+",
    "reporting": r"rpt_[a-z0-9_]+",
}
FIXED_NAMES = {
    "dim_strands",
    "dim_measures",
    "dim_districts",
    "dim_dates",
    "fct_crimes",
    "fct_crime_measures",
    "fct_actions",
    "fct_measures_monthly",
    "fct_rolling_12_months",
}
# Lines of history have no key of their own in staging: the same key comes many times.
# What was given out has its key in a file of its own.
# The steps of the supplementary extracts feed one long fact, whose key is tested.
# A record of a figure has the key of the part, and of what it is.
WITHOUT_KEY = re.compile(
    r"stg_(force|police_uk|publications)__"
    r"|int_\w+_records$|int_supplementary_|int_(operational_results|prevent_referrals)$"
    r"|rpt_figure_records$"
    r"|int_(table_months|published_strands)$"
)
# Steps between report tables: they read some and are read by others.
BETWEEN_REPORT_TABLES = {
    "int_insight_rows",
    "int_supplementary_charts",
    "int_revision_chart_points",
    "int_revision_charts",
}


@pytest.fixture(scope="module")
def nodes() -> dict[str, dict]:
    return json.loads(manifest.prepared().read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def models(nodes) -> dict[str, dict]:
    return {
        node["name"]: node
        for node in nodes["nodes"].values()
        if node["resource_type"] == "model"
    }


def layer(node: dict) -> str:
    return node["fqn"][1] if node["resource_type"] == "model" else node["resource_type"]


def has_primary_key(node: dict) -> bool:
    if "primary_key" in node["config"]["meta"]:
        return True
    constraints = [
        c for column in node["columns"].values() for c in column["constraints"]
    ]
    constraints += node.get("constraints", [])
    return "primary_key" in {c["type"] for c in constraints}


def described_columns(name: str, node: dict) -> set[str]:
    described = {n for n, c in node["columns"].items() if c["description"].strip()}
    if name.startswith("stg_force__"):
        return described | set(contracts.load_contract(name.split("__")[1]).columns)
    return described


def test_the_fixed_names_of_the_marts_are_there(models):
    assert set(models) >= FIXED_NAMES
    assert {node["schema"] for node in models.values()} == set(LAYERS)


def test_a_models_name_says_its_layer(models):
    wrong = [
        name
        for name, node in models.items()
        if not re.fullmatch(PREFIXES[layer(node)], name)
    ]
    assert wrong == []


def test_nothing_flows_back(nodes, models):
    known = nodes["nodes"] | nodes["sources"]
    wrong = [
        (name, parent)
        for name, node in models.items()
        for parent in node["depends_on"]["nodes"]
        if layer(known[parent])
        not in MAY_READ["reporting" if name in BETWEEN_REPORT_TABLES else layer(node)]
    ]
    assert wrong == []


def test_a_description_says_what_one_row_is(models):
    wrong = [
        name
        for name, node in models.items()
        if not node["description"].startswith("One row per ")
    ]
    assert wrong == []


def test_every_column_that_a_contract_names_is_described(models):
    wrong = [
        (name, column)
        for name, node in models.items()
        for column in node["columns"]
        if column not in described_columns(name, node)
    ]
    assert wrong == []


def test_marts_and_report_tables_have_an_enforced_contract(models):
    wrong = [
        name
        for name, node in models.items()
        if layer(node) in ("marts", "reporting")
        and not node["config"]["contract"]["enforced"]
    ]
    assert wrong == []


# I16 of the published report: percentages with none, one and two decimals.
def test_a_percentage_of_a_report_table_has_one_decimal(models):
    with settings.SEEDS.joinpath("layout/report_columns.csv").open() as rows:
        percentages = {
            row["column_name"]
            for row in csv.DictReader(rows)
            if row["number_format"] in ("pct", "signed_pct")
            or row["column_name"].endswith("_points")
        }
    wrong = [
        (name, column, described["data_type"])
        for name, node in models.items()
        if layer(node) == "reporting"
        for column, described in node["columns"].items()
        if column in percentages
        and not re.fullmatch(r"decimal\(\d+, ?1\)", described["data_type"])
    ]
    assert wrong == []


def test_every_model_and_seed_has_a_key_that_is_held(nodes, models):
    keyed = {
        node["attached_node"].split(".")[-1]
        for node in nodes["nodes"].values()
        if node["resource_type"] == "test"
        and node.get("test_metadata", {}).get("name")
        in ("key", "unique", "unique_combination")
    }
    keyed |= {name for name, node in models.items() if has_primary_key(node)}
    wrong = [n for n in models if n not in keyed and not WITHOUT_KEY.match(n)]
    wrong += [
        node["name"]
        for node in nodes["nodes"].values()
        if node["resource_type"] == "seed"
        and node["name"] not in keyed
        and not has_primary_key(node)
    ]
    assert wrong == []


def test_every_seed_and_its_columns_are_described(nodes):
    wrong = []
    for node in nodes["nodes"].values():
        if node["resource_type"] != "seed":
            continue
        file = settings.DBT_PROJECT / node["root_path"] / node["original_file_path"]
        header = file.resolve().read_text(encoding="utf-8").split("\n")[0].split(",")
        described = {n for n, c in node["columns"].items() if c["description"]}
        wrong += [(node["name"], name) for name in header if name not in described]
        wrong += [] if node["description"] else [(node["name"], "")]
    assert wrong == []


def test_every_report_table_is_exposed_to_the_pack(nodes, models):
    exposed = {
        parent.split(".")[-1]
        for exposure in nodes["exposures"].values()
        for parent in exposure["depends_on"]["nodes"]
    }
    reporting = {n for n, node in models.items() if layer(node) == "reporting"}
    assert reporting - exposed == set()


def test_models_are_free_of_jinja_control_flow(models):
    wrong = [
        name
        for name, node in models.items()
        if re.search(r"{%-?\s*(for|if|set)\b", node["raw_code"])
    ]
    assert wrong == []


def test_a_model_ends_with_its_last_step(models):
    wrong = [
        name
        for name, node in models.items()
        if not re.fullmatch(
            r"select \* from [a-z_0-9]+", node["raw_code"].strip().split("\n")[-1]
        )
    ]
    assert wrong == []


def test_every_extract_of_a_force_has_a_contract_and_a_staging_model(models):
    for extract in settings.force_extracts():
        assert contracts.load_contract(extract).key_columns
        assert f"stg_force__{extract}" in models


def test_every_data_test_says_what_holds_and_what_to_do_where_it_does_not(nodes):
    without = [
        f"{node['original_file_path']}: {node['name']} has no {word} in its config's"
        " meta: say in a sentence what holds, and what to do where it does not"
        for node in nodes["nodes"].values()
        if node["resource_type"] == "test"
        for word in ("description", "remedy")
        if not node["config"]["meta"].get(word, "").endswith((".", "?"))
    ]
    assert without == [], "\n".join(without)
