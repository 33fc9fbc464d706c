"""The conventions of the dbt project, checked against its manifest."""

import csv
import json
import re
from collections import defaultdict

import pytest
import yaml

from dagster_project import descriptions, settings
from dagster_project.intake import contracts
from dagster_project.transform import manifest

LAYERS = ("staging", "intermediate", "marts", "reporting")
# Form of the model names of each layer. Steps are not published.
PREFIXES = {
    "staging": r"stg_[a-z_]+__[a-z_]+",
    "intermediate": r"int_[a-z0-9_]+",
    "marts": r"(dim|fct|bi)_[a-z0-9_]+",
    "reporting": r"rpt_[a-z0-9_]+",
}
STEPS = r"int_[a-z0-9_]+"
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
# Models without a key. Staging has many lines with the same key, and the store of
# publications has keys itself. The steps of the supplementary extracts feed one fact,
# whose key is tested. A record of a figure has the key of the part, and its own.
WITHOUT_KEY = re.compile(
    r"stg_(force|police_uk|publications)__"
    r"|int_supplementary_"
    r"|rpt_figure_records$"
)
# Words that do not explain a column.
FILLERS = {"a", "an", "the", "of", "its", "s"}


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


@pytest.fixture(scope="module")
def written() -> list[tuple[str, str, str]]:
    """Node, column (empty for the node itself) and description, as written in YAML."""
    files = [
        *settings.DBT_PROJECT.glob("models/**/*.yml"),
        settings.SEEDS / "_seeds.yml",
    ]
    found = []
    for file in files:
        declared = yaml.load(file.read_text(encoding="utf-8"), yaml.CSafeLoader)
        sources = declared.get("sources", [])
        tables = [table for source in sources for table in source["tables"]]
        nodes = [*declared.get("models", []), *declared.get("seeds", []), *tables]
        found += [(node["name"], "", node.get("description", "")) for node in nodes]
        # An alias is the same object, so its texts count once.
        own = {id(node["columns"]): node for node in nodes[::-1] if "columns" in node}
        found += [
            (node["name"], column["name"], column.get("description", ""))
            for node in own.values()
            for column in node["columns"]
        ]
    return found


def words(text: str) -> list[str]:
    return re.findall(r"[a-z0-9]+", text.lower())


def layer(node: dict) -> str:
    return node["fqn"][1] if node["resource_type"] == "model" else node["resource_type"]


def is_step(node: dict) -> bool:
    """Whether a node is a step of the marts or of reporting: models/<layer>/steps/."""
    return node["fqn"][2] == "steps"


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


def test_a_models_name_shows_its_layer(models):
    wrong = [
        name
        for name, node in models.items()
        if not re.fullmatch(STEPS if is_step(node) else PREFIXES[layer(node)], name)
    ]
    assert wrong == []


def test_a_model_reads_its_own_layer_or_an_earlier_one(nodes, models):
    known = nodes["nodes"] | nodes["sources"]
    place = {name: number for number, name in enumerate(("seed", *LAYERS))}
    wrong = [
        (name, parent)
        for name, node in models.items()
        for parent in node["depends_on"]["nodes"]
        if place.get(layer(known[parent]), 0) > place[layer(node)]
    ]
    assert wrong == []


def test_only_staging_reads_sources(nodes, models):
    wrong = [
        name
        for name, node in models.items()
        if layer(node) != "staging"
        and any(parent in nodes["sources"] for parent in node["depends_on"]["nodes"])
    ]
    assert wrong == []


def test_steps_are_private_to_the_group_and_the_group_has_an_owner(nodes, models):
    wrong = [
        name
        for name, node in models.items()
        if (node["access"] == "private") != (node["schema"] == "intermediate")
        or not node["group"]
    ]
    assert wrong == []
    assert all(group["owner"]["email"] for group in nodes["groups"].values())


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
        if node["schema"] in ("marts", "reporting")
        and not node["config"]["contract"]["enforced"]
    ]
    assert wrong == []


# Inconsistency I16 of the published report: percentages have 0, 1 or 2 decimals.
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
        if node["schema"] == "reporting"
        for column, described in node["columns"].items()
        if column in percentages
        and not re.fullmatch(r"decimal\(\d+, ?1\)", described["data_type"])
    ]
    assert wrong == []


def test_every_model_and_seed_has_a_key_that_is_tested(nodes, models):
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


def test_a_columns_description_has_more_than_three_words(written):
    wrong = [
        (node, column, text)
        for node, column, text in written
        if column and len(descriptions.plain(text).split()) <= 3
    ]
    assert wrong == []


def test_a_columns_description_says_more_than_its_name(written):
    wrong = [
        (node, column, text)
        for node, column, text in written
        if column
        and set(words(descriptions.plain(text))) - FILLERS
        <= set(words(column.replace("_", " ")))
    ]
    assert wrong == []


def test_a_text_that_occurs_twice_is_a_doc_block(written):
    places = defaultdict(list)
    for name, text in descriptions.blocks().items():
        places[" ".join(words(text))].append(f"docs.md: {name}")
    for node, column, text in written:
        if not descriptions.REFERENCE.fullmatch(text):
            places[" ".join(words(text))].append(f"{node}.{column}")
    assert [found for found in places.values() if len(found) > 1] == []


def test_a_column_name_has_one_meaning_in_marts_and_report_tables(models):
    texts = defaultdict(set)
    for node in models.values():
        if node["schema"] in ("marts", "reporting"):
            for name, column in node["columns"].items():
                texts[name].add(" ".join(column["description"].split()))
    several = {name: of_name for name, of_name in texts.items() if len(of_name) > 1}
    assert several == {}


def test_a_column_of_a_mart_is_never_empty_or_its_description_says_when_it_is(models):
    wrong = []
    for name, node in models.items():
        if node["schema"] != "marts" or node["config"]["materialized"] == "view":
            continue
        required = {c for key in node["constraints"] for c in key["columns"]}
        wrong += [
            (name, column)
            for column, declared in node["columns"].items()
            if column not in required
            and not declared["constraints"]
            and "empty" not in declared["description"]
        ]
    # The descriptions of these marts say it: of an action that left the plan, and of a
    # file that was not opened.
    others = [place for place in wrong if place[0] != "fct_plan_actions"]
    assert others == [("fct_loads", "force_code")]


def test_a_column_of_the_pack_is_described_by_a_model_or_by_the_layout(models):
    described = {
        name
        for node in models.values()
        if node["schema"] in ("marts", "reporting")
        for name in node["columns"]
    }
    layout = settings.SEEDS / "layout" / "report_columns.csv"
    with layout.open(encoding="utf-8", newline="") as file:
        own = {
            row["column_name"]: row["column_description"]
            for row in csv.DictReader(file)
        }
    assert [
        name for name, text in own.items() if bool(text) == (name in described)
    ] == []


def test_every_doc_block_is_used(written):
    used = {
        name for *_, text in written for name in descriptions.REFERENCE.findall(text)
    }
    assert set(descriptions.blocks()) - used == set()


def test_every_report_table_is_exposed_to_the_pack(nodes, models):
    exposed = {
        parent.split(".")[-1]
        for exposure in nodes["exposures"].values()
        for parent in exposure["depends_on"]["nodes"]
    }
    reporting = {n for n, node in models.items() if node["schema"] == "reporting"}
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
            r"select \* from ([a-z_0-9]+|{{ counted\('[a-z_0-9]+'\) }})",
            node["raw_code"].strip().split("\n")[-1],
        )
    ]
    assert wrong == []


def test_every_extract_of_a_force_has_a_contract_and_a_staging_model(models):
    for extract in settings.force_extracts():
        assert contracts.load_contract(extract).key_columns
        assert f"stg_force__{extract}" in models


def test_every_data_test_has_a_description_and_a_remedy(nodes):
    without = [
        f"{node['original_file_path']}: {node['name']} has no {word} in its config's"
        " meta. Write a sentence: what is expected, and what to do if it is not so"
        for node in nodes["nodes"].values()
        if node["resource_type"] == "test"
        for word in ("description", "remedy")
        if not node["config"]["meta"].get(word, "").endswith((".", "?"))
    ]
    assert without == [], "\n".join(without)
