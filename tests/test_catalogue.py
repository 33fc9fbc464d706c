"""What Dagster's pages show of each asset: group, layer, owner and file."""

import itertools
from collections import Counter
from pathlib import Path

import dagster as dg
import pytest

from dagster_project import settings

MOST_IN_A_GROUP = 12


@pytest.fixture(scope="module")
def nodes() -> list:
    from dagster_project.definitions import defs

    graph = defs.resolve_asset_graph()
    return [graph.get(key) for key in graph.get_all_asset_keys()]


def files(node) -> list[str]:
    found = node.metadata["dagster/code_references"].code_references
    return [reference.file_path for reference in found]


def test_no_group_has_more_than_a_dozen_assets(nodes):
    """If one has, move some of its files into a folder of their own."""
    counts = Counter(node.group_name for node in nodes)
    assert {n: c for n, c in counts.items() if c > MOST_IN_A_GROUP} == {}


@pytest.mark.parametrize(
    ("key", "group"),
    [
        ("raw/crimes", "raw_force"),
        ("raw/police_uk_street", "raw_police_uk"),
        # Of a large folder of models: the prefix of the name.
        ("marts/dim_strands", "marts_dim"),
        ("marts/fct_crimes", "marts_fct"),
        ("intermediate/int_deliveries", "marts_steps_supply"),
        # Of a large folder of seeds: the layer that reads it first.
        ("seeds/schedules", "seeds_force_program"),
        ("seeds/strands", "seeds_force_staging"),
        ("seeds/supply_dependencies", "seeds_force_marts_steps"),
        ("seeds/published_sources", "seeds_force_reporting"),
        ("seeds/forces", "seeds_reference"),
    ],
)
def test_a_group_comes_from_the_folder_and_of_a_large_one_from_a_part(
    nodes, key: str, group: str
):
    (node,) = [n for n in nodes if n.key == dg.AssetKey(key.split("/"))]
    assert node.group_name == group


def test_the_name_of_a_group_begins_with_its_layer(nodes):
    layers = {
        "seeds",
        "register",
        "raw",
        "staging",
        "intermediate",
        "marts",
        "reporting",
        "published",
        "report",
    }
    assert {node.tags["layer"] for node in nodes} == layers
    for node in nodes:
        layer = node.tags["layer"]
        assert node.group_name == layer or node.group_name.startswith(f"{layer}_")


def test_every_asset_has_an_owner_and_says_what_it_is_made_of(nodes):
    for node in nodes:
        assert node.owners == ["performance.data@example.police.uk"], node.key
        assert node.kinds, node.key


def test_every_asset_links_to_a_file_that_is_there(nodes):
    for path in itertools.chain.from_iterable(files(node) for node in nodes):
        assert Path(path).is_file()
        assert Path(path).is_relative_to(settings.REPOSITORY)


@pytest.mark.parametrize(
    ("key", "file"),
    [
        ("marts/fct_crimes", "dbt_project/models/marts/fct_crimes.sql"),
        ("seeds/extracts", "seeds/force/extracts.csv"),
        ("raw/crimes", "dagster_project/defs/ingest.py"),
        ("pack", "dagster_project/defs/report.py"),
    ],
)
def test_an_asset_links_to_the_file_that_makes_it(nodes, key: str, file: str):
    (node,) = [n for n in nodes if n.key == dg.AssetKey(key.split("/"))]
    assert files(node) == [str(settings.REPOSITORY / file)]
