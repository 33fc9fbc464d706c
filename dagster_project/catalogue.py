"""What Dagster's pages show of every asset: group, layer, owner and file.

Groups and files come from the place of a model or seed in the repository, and the owner
from dbt_project/models/_groups.yml.
"""

import json
import warnings
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import dagster as dg

from dagster_project import settings
from dagster_project.transform import manifest

UNIQUE_ID = "dagster_dbt/unique_id"
CODE_REFERENCES = "dagster/code_references"
MODELS = settings.DBT_PROJECT / "models"
RAW = "raw"
# A folder with more files is shown as several groups.
MOST_IN_A_GROUP = 12
# In the order in which they read each other.
LAYERS = (
    "staging",
    "intermediate",
    "marts_steps",
    "marts",
    "reporting_steps",
    "reporting",
)
# Seeds that no model reads: the program does.
UNREAD = "program"


def described(assets: dg.AssetsDefinition) -> dg.AssetsDefinition:
    """Return assets with their groups, the tag `layer`, their owner and their files."""
    with warnings.catch_warnings():
        # Dagster documents code references, and says at each use that they are new.
        warnings.simplefilter("ignore", dg.BetaWarning)
        located = dg.with_source_code_references([assets])
        (described,) = dg.map_asset_specs(_described, located)
    return described


def _described(spec: dg.AssetSpec) -> dg.AssetSpec:
    metadata, group, layer = spec.metadata, spec.group_name, spec.group_name
    if unique_id := metadata.get(UNIQUE_ID):
        node = _manifest()["nodes"][unique_id]
        layer, group = _folders(node)[0], _group(node)
        reference = dg.LocalFileCodeReference(file_path=str(_file(node)))
        metadata = {
            **metadata,
            CODE_REFERENCES: dg.CodeReferencesMetadataValue(
                code_references=[reference]
            ),
        }
    elif group == RAW:
        group = _group_of_raw(spec.key)
    return spec.replace_attributes(
        group_name=group,
        owners=[each["owner"]["email"] for each in _manifest()["groups"].values()],
        tags={**spec.tags, "layer": layer},
        metadata=metadata,
    )


def _group(node: dict[str, Any]) -> str:
    """Return the group of a model or seed: its folder, or a part of a large folder.

    A large folder of seeds is divided by the layer that reads a seed first, and one of
    models by the prefix of their names, such as `dim` and `fct`.
    """
    folder = "_".join(_folders(node))
    if _sizes()[folder] <= MOST_IN_A_GROUP:
        return folder
    if node["resource_type"] == "model":
        return f"{folder}_{node['name'].split('_')[0]}"
    readers = {_layer(reader) for reader in _readers(node["unique_id"])}
    return f"{folder}_{min(readers, key=LAYERS.index, default=UNREAD)}"


def _group_of_raw(key: dg.AssetKey) -> str:
    """Return `raw` with the folder of the models that read the table: `raw_force`."""
    source = ".".join(("source", _manifest()["metadata"]["project_name"], *key.path))
    folders = {_folders(reader)[1:] for reader in _readers(source)}
    return "_".join((RAW, *min(folders, default=())))


def _layer(node: dict[str, Any]) -> str:
    layer, *folders = _folders(node)
    return f"{layer}_steps" if "steps" in folders else layer


def _readers(unique_id: str) -> Iterator[dict[str, Any]]:
    """The models that read a node."""
    nodes = _manifest()["nodes"]
    for child in _manifest()["child_map"][unique_id]:
        if child in nodes and nodes[child]["resource_type"] == "model":
            yield nodes[child]


def _file(node: dict[str, Any]) -> Path:
    return (settings.DBT_PROJECT / node["original_file_path"]).resolve()


def _folders(node: dict[str, Any]) -> tuple[str, ...]:
    """Return the folders of a model or seed, its layer first: `marts`, `supply`."""
    path = _file(node)
    if path.is_relative_to(MODELS):
        return path.relative_to(MODELS).parts[:-1]
    return path.relative_to(settings.REPOSITORY).parts[:-1]


@cache
def _sizes() -> Counter[str]:
    """How many models and seeds each folder has."""
    shown = (
        node
        for node in _manifest()["nodes"].values()
        if node["resource_type"] in ("model", "seed")
    )
    return Counter("_".join(_folders(node)) for node in shown)


@cache
def _manifest() -> dict[str, Any]:
    return json.loads(manifest.prepared().read_text(encoding="utf-8"))
