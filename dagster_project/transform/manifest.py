"""Prepares dbt's manifest, from which Dagster's assets and checks are made.

The dbt project is parsed once for all homes, in `dbt_project/target/`. Each home has a
copy, so that two runs never write to one folder. A file beside each copy records the
hashes of what it was parsed from. File times are not used, because an older checkout or
a restored backup can have any time.
"""

import fcntl
import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import metadata
from pathlib import Path
from typing import Any

from dagster_project import settings, versions
from dagster_project.errors import DeliveryError

MANIFEST = "manifest.json"
PARTIAL_PARSE = "partial_parse.msgpack"
PARSED = (PARTIAL_PARSE, MANIFEST)
PARSED_FROM = "parsed_from.json"
FOLDERS = ("dbt_project", "seeds")
PACKAGES = ("dbt-core", "dbt-adapters", "dbt-duckdb")


def prepared() -> Path:
    """Return the home's manifest; parse it again if the project or dbt has changed.

    Raises:
        DeliveryError: the dbt project does not parse.
    """
    target = settings.home().dbt_target
    source = _source()
    if _parsed_from(target).get("source") != source:
        settings.PARSED.mkdir(parents=True, exist_ok=True)
        with _alone_in(settings.PARSED):
            if _parsed_from(settings.PARSED).get("source") != source:
                _parse(source)
            target.mkdir(parents=True, exist_ok=True)
            _copy(settings.PARSED, target)
    return target / MANIFEST


def _source() -> dict[str, str]:
    """Return what a manifest depends on: hashes of files and versions of packages."""
    versions_of = {name: metadata.version(name) for name in PACKAGES}
    return versions_of | versions.files_sha256(FOLDERS)


def _times(names: dict[str, str]) -> dict[str, float]:
    files = {name: settings.REPOSITORY / name for name in names}
    return {n: path.stat().st_mtime for n, path in files.items() if path.exists()}


def _parsed_from(folder: Path) -> dict[str, Any]:
    """Return what the folder's manifest was parsed from; empty if it is incomplete."""
    try:
        found = json.loads((folder / PARSED_FROM).read_text(encoding="utf-8"))
    except (FileNotFoundError, json.JSONDecodeError):
        return {}
    is_whole = all((folder / name).exists() for name in PARSED)
    return found if is_whole else {}


@contextmanager
def _alone_in(folder: Path) -> Iterator[None]:
    """Lock the folder: if two processes want to parse, one parses and one waits."""
    place = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(place, fcntl.LOCK_EX)
        yield
    finally:
        os.close(place)


def _parse(source: dict[str, str]) -> None:
    with tempfile.TemporaryDirectory(dir=settings.PARSED) as name:
        folder = Path(name)
        # With the partial parse, dbt parses only what has changed. It can fail: dbt
        # sees a unit test twice if it has moved to another file.
        knows = _dbt_sees_every_change(source)
        if knows:
            shutil.copyfile(settings.PARSED / PARTIAL_PARSE, folder / PARTIAL_PARSE)
        result = _dbt_parse(name)
        if result.returncode and knows:
            (folder / PARTIAL_PARSE).unlink(missing_ok=True)
            result = _dbt_parse(name)
        if result.returncode:
            words = result.stdout.strip()
            raise DeliveryError(f"the dbt project does not parse:\n{words}")
        parsed_from = {"source": source, "times": _times(source)}
        (folder / PARSED_FROM).write_text(json.dumps(parsed_from), encoding="utf-8")
        _copy(folder, settings.PARSED)


def _dbt_parse(target: str) -> subprocess.CompletedProcess[str]:
    # A separate process, because the parser would block this interpreter for seconds.
    command = [str(settings.DBT_EXECUTABLE), "--quiet", "parse", "--no-use-colors"]
    return subprocess.run(
        [*command, "--target-path", target],
        cwd=settings.DBT_PROJECT,
        capture_output=True,
        text=True,
        check=False,
    )


def _dbt_sees_every_change(source: dict[str, str]) -> bool:
    """Return whether each changed file also has a new time.

    dbt does not read a YAML file again if its time is unchanged.
    """
    before = _parsed_from(settings.PARSED)
    times = _times(source)
    return bool(before) and all(
        before["source"].get(name) == source[name]
        for name, time in before["times"].items()
        if times.get(name) == time
    )


def _copy(folder: Path, target: Path) -> None:
    """Copy the manifest's files, and the record of what they were parsed from last.

    If the process is killed in between, the record is missing and all is made again.
    """
    (target / PARSED_FROM).unlink(missing_ok=True)
    for name in (*PARSED, PARSED_FROM):
        part = target / f"{name}.part"
        shutil.copyfile(folder / name, part)
        part.replace(target / name)
