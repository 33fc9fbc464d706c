"""dbt's manifest: what Dagster's assets and checks are made from."""

import subprocess
from pathlib import Path

from dagster_project import paths
from dagster_project.sources.register import DeliveryError


def prepared() -> Path:
    """The manifest, parsed again where the dbt project has changed since.

    Raises:
        DeliveryError: the dbt project does not parse.
    """
    manifest = paths.home().dbt_target / "manifest.json"
    if not manifest.exists() or manifest.stat().st_mtime < _last_change():
        _parse()
    return manifest


def _last_change() -> float:
    files = [
        path
        for folder in (paths.DBT_PROJECT, paths.SEEDS)
        for path in folder.rglob("*")
        if path.is_file()
    ]
    return max(path.stat().st_mtime for path in files)


def _parse() -> None:
    # A process of its own: the parser would hold this one's interpreter for seconds.
    command = [str(paths.DBT_EXECUTABLE), "--quiet", "parse", "--no-use-colors"]
    result = subprocess.run(
        command, cwd=paths.DBT_PROJECT, capture_output=True, text=True, check=False
    )
    if result.returncode:
        raise DeliveryError(f"the dbt project does not parse:\n{result.stdout.strip()}")
