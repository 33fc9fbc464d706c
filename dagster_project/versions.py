"""Which code and which packages made something."""

import hashlib
import subprocess
from collections.abc import Iterable

from dagster_project import settings
from dagster_project.configuration import layers
from dagster_project.settings import Home

# What can change a figure or a pack, beside the seeds.
FOLDERS = ("dagster_project", "dbt_project", "reports")
MADE = {"__pycache__", "output", "authors_text", "target", "logs"}
LOCK = settings.REPOSITORY / "requirements.lock"


def version() -> str:
    """The commit, marked where files differ from it; `unknown` outside a checkout."""
    described = subprocess.run(
        ["git", "describe", "--always", "--dirty", "--abbrev=40"],
        cwd=settings.REPOSITORY,
        capture_output=True,
        text=True,
        check=False,
    )
    return described.stdout.strip() or "unknown"


def code_sha256(home: Home | None = None) -> str:
    """One hash over what figures and packs come from: files, and the home's seeds.

    The seeds are those of a home (by default the home in use), merged with its
    configuration.
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
    """Name from the repository's top → hash, of the files that no program has made."""
    found = {}
    for folder in folders:
        for path in sorted((settings.REPOSITORY / folder).rglob("*")):
            name = path.relative_to(settings.REPOSITORY)
            if path.is_file() and not MADE.intersection(name.parts):
                found[name.as_posix()] = hashlib.sha256(path.read_bytes()).hexdigest()
    return found


def lock_sha256() -> str:
    """Hash of the lock: the packages that were to be installed."""
    return hashlib.sha256(LOCK.read_bytes()).hexdigest()


def build_sha256() -> str:
    """One hash over the code and the packages."""
    return hashlib.sha256((code_sha256() + lock_sha256()).encode()).hexdigest()
