"""What Dagster's pages show of every asset: group, layer, owner and file.

Groups and files come from the place of a model or seed in the repository, and the owner
from dbt_project/models/_groups.yml.
"""

import json
import warnings
from functools import cache
from pathlib import Path
from typing import Any

import dagster as dg

from dagster_project import settings
from dagster_project.transform import manifest

UNIQUE_ID = "dagster_dbt/unique_id"
CODE_REFERENCES = "dagster/code_references"
MODELS = settings.DBT_PROJECT / "models"


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
        path = _file(_manifest()["nodes"][unique_id])
        layer, *folders = _folders(path)
        group = "_".join((layer, *folders))
        reference = dg.LocalFileCodeReference(file_path=str(path))
        metadata = {
            **metadata,
            CODE_REFERENCES: dg.CodeReferencesMetadataValue(
                code_references=[reference]
            ),
        }
    return spec.replace_attributes(
        group_name=group,
        owners=[each["owner"]["email"] for each in _manifest()["groups"].values()],
        tags={**spec.tags, "layer": layer},
        metadata=metadata,
    )


def _file(node: dict[str, Any]) -> Path:
    return (settings.DBT_PROJECT / node["original_file_path"]).resolve()


def _folders(path: Path) -> tuple[str, ...]:
    """Return the folders of a model or seed, its layer first: `marts`, `supply`."""
    if path.is_relative_to(MODELS):
        return path.relative_to(MODELS).parts[:-1]
    return path.relative_to(settings.REPOSITORY).parts[:-1]


@cache
def _manifest() -> dict[str, Any]:
    return json.loads(manifest.prepared().read_text(encoding="utf-8"))
