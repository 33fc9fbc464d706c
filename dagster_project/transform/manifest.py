"""dbt's manifest: what Dagster's assets and checks are made from.

The dbt project is parsed once for all homes, in `dbt_project/target/`; each home has
a copy: dbt's own records of a run are the home's, and two runs never share a folder.
Each copy has beside it what it was parsed from. The times of files do not count: an
older checkout, a restored backup or a home of the previous version may have any.
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
    """The home's manifest, parsed again where it comes from other files or another dbt.

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
    """What a manifest depends on: name → hash of a file or version of a package."""
    versions_of = {name: metadata.version(name) for name in PACKAGES}
    return versions_of | versions.files_sha256(FOLDERS)


def _times(names: dict[str, str]) -> dict[str, float]:
    files = {name: settings.REPOSITORY / name for name in names}
    return {n: path.stat().st_mtime for n, path in files.items() if path.exists()}


def _parsed_from(folder: Path) -> dict[str, Any]:
    """What the folder's manifest was parsed from; empty where it is not whole."""
    try:
        found = json.loads((folder / PARSED_FROM).read_text(encoding="utf-8"))
    except (FileNotFoundError, json.JSONDecodeError):
        return {}
    is_whole = all((folder / name).exists() for name in PARSED)
    return found if is_whole else {}


@contextmanager
def _alone_in(folder: Path) -> Iterator[None]:
    """Of two processes that find the project changed, one parses and one waits."""
    place = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(place, fcntl.LOCK_EX)
        yield
    finally:
        os.close(place)


def _parse(source: dict[str, str]) -> None:
    with tempfile.TemporaryDirectory(dir=settings.PARSED) as name:
        folder = Path(name)
        # What dbt knows from before: it parses again only what has changed. Of a unit
        # test that has moved to another file it then believes that there are two.
        knows = _dbt_sees_every_change(source)
        if knows:
            shutil.copy(settings.PARSED / PARTIAL_PARSE, folder)
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
    # A process of its own: the parser would hold this interpreter for seconds.
    command = [str(settings.DBT_EXECUTABLE), "--quiet", "parse", "--no-use-colors"]
    return subprocess.run(
        [*command, "--target-path", target],
        cwd=settings.DBT_PROJECT,
        capture_output=True,
        text=True,
        check=False,
    )


def _dbt_sees_every_change(source: dict[str, str]) -> bool:
    """dbt takes a YAML file of the same time for the same file, whatever it says."""
    before = _parsed_from(settings.PARSED)
    times = _times(source)
    return bool(before) and all(
        before["source"].get(name) == source[name]
        for name, time in before["times"].items()
        if times.get(name) == time
    )


def _copy(folder: Path, target: Path) -> None:
    """Copy each file whole; what they were parsed from goes first and comes last.

    A process that is killed in between leaves a folder that is made again.
    """
    (target / PARSED_FROM).unlink(missing_ok=True)
    for name in (*PARSED, PARSED_FROM):
        part = target / f"{name}.part"
        shutil.copy(folder / name, part)
        part.replace(target / name)
