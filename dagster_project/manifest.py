"""dbt's manifest: what Dagster's assets and checks are made from.

The dbt project is parsed once for all homes, in `dbt_project/target/`; each home has
a copy: dbt's own records of a run are the home's, and two runs never share a folder.
"""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from dagster_project import paths
from dagster_project.sources.register import DeliveryError

MANIFEST = "manifest.json"
# In the order of writing: a manifest is there once all of them are.
PARSED = ("partial_parse.msgpack", MANIFEST)


def prepared() -> Path:
    """The home's manifest, parsed again where the dbt project has changed since.

    Raises:
        DeliveryError: the dbt project does not parse.
    """
    target = paths.home().dbt_target
    changed = _last_change()
    if _made(target) < changed:
        if _made(paths.PARSED) < changed:
            _parse()
        target.mkdir(parents=True, exist_ok=True)
        _copy(paths.PARSED, target)
    return target / MANIFEST


def _made(folder: Path) -> float:
    manifest = folder / MANIFEST
    return manifest.stat().st_mtime if manifest.exists() else 0


def _last_change() -> float:
    files = [
        path
        for folder in (paths.DBT_PROJECT, paths.SEEDS)
        for path in folder.rglob("*")
        if path.is_file() and not path.is_relative_to(paths.PARSED)
    ]
    return max(path.stat().st_mtime for path in files)


def _parse() -> None:
    paths.PARSED.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=paths.PARSED) as folder:
        # What dbt knows from before: it parses again only what has changed.
        known = paths.PARSED / PARSED[0]
        if known.exists():
            shutil.copy(known, folder)
        # A process of its own: the parser would hold this interpreter for seconds.
        command = [str(paths.DBT_EXECUTABLE), "--quiet", "parse", "--no-use-colors"]
        result = subprocess.run(
            [*command, "--target-path", folder],
            cwd=paths.DBT_PROJECT,
            capture_output=True,
            text=True,
            check=False,
        )
        if result.returncode:
            words = result.stdout.strip()
            raise DeliveryError(f"the dbt project does not parse:\n{words}")
        _copy(Path(folder), paths.PARSED)


def _copy(source: Path, target: Path) -> None:
    """Each file whole or not at all, with its time: two runs may parse at once."""
    for name in PARSED:
        part = target / f"{name}.{os.getpid()}"
        shutil.copy2(source / name, part)
        part.replace(target / name)
