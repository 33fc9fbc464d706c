"""Identifies the code and the packages by version and by hash."""

import hashlib
import subprocess
from collections.abc import Iterable

from dagster_project import settings
from dagster_project.configuration import layers
from dagster_project.settings import Home

# The folders that can change a figure or a pack. The seeds are added to them.
FOLDERS = ("dagster_project", "dbt_project", "reports")
MADE = {"__pycache__", "output", "authors_text", "target", "logs"}
LOCK = settings.REPOSITORY / "requirements.lock"


def version() -> str:
    """Return the commit, with `-dirty` if files differ; `unknown` without git."""
    described = subprocess.run(
        ["git", "describe", "--always", "--dirty", "--abbrev=40"],
        cwd=settings.REPOSITORY,
        capture_output=True,
        text=True,
        check=False,
    )
    return described.stdout.strip() or "unknown"


def code_sha256(home: Home | None = None) -> str:
    """Return one hash of the code and of the seeds of a home.

    The seeds are merged with the home's configuration. The default is the home in use.
    """
    total = hashlib.sha256()
    seeds = layers.of(home or settings.home()).contents()
    hashes = files_sha256(FOLDERS) | {
        f"seeds/{name}": hashlib.sha256(content).hexdigest()
        for name, content in sorted(seeds.items())
    }
    for name, sha256 in hashes.items():
        total.update(f"{name}\0".encode())
        total.update(bytes.fromhex(sha256))
    return total.hexdigest()


def files_sha256(folders: Iterable[str]) -> dict[str, str]:
    """Return the hash of each file, by path from the repository's root.

    Files that programs make, such as `__pycache__`, are left out.
    """
    found = {}
    for folder in folders:
        for path in sorted((settings.REPOSITORY / folder).rglob("*")):
            name = path.relative_to(settings.REPOSITORY)
            if path.is_file() and not MADE.intersection(name.parts):
                found[name.as_posix()] = hashlib.sha256(path.read_bytes()).hexdigest()
    return found


def lock_sha256() -> str:
    """Return the hash of requirements.lock, which lists the packages to install."""
    return hashlib.sha256(LOCK.read_bytes()).hexdigest()


def build_sha256() -> str:
    """Return one hash of the code, the seeds and the lock."""
    return hashlib.sha256((code_sha256() + lock_sha256()).encode()).hexdigest()
