"""Which code and which packages made something."""

import hashlib
import subprocess

from dagster_project import paths

# What can change a figure or a pack.
FOLDERS = ("dagster_project", "dbt_project", "reports", "seeds")
MADE = {"__pycache__", "output", "authors_text", "target", "logs"}
LOCK = paths.REPOSITORY / "requirements.lock"


def version() -> str:
    """The commit, marked where files differ from it; `unknown` outside a checkout."""
    described = subprocess.run(
        ["git", "describe", "--always", "--dirty", "--abbrev=40"],
        cwd=paths.REPOSITORY,
        capture_output=True,
        text=True,
        check=False,
    )
    return described.stdout.strip() or "unknown"


def code_sha256() -> str:
    """One hash over the files that figures and packs come from, names and bytes."""
    total = hashlib.sha256()
    for folder in FOLDERS:
        for path in sorted((paths.REPOSITORY / folder).rglob("*")):
            name = path.relative_to(paths.REPOSITORY)
            if path.is_file() and not MADE.intersection(name.parts):
                total.update(f"{name.as_posix()}\0".encode())
                total.update(hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()


def lock_sha256() -> str:
    """Hash of the lock: the packages that were to be installed."""
    return hashlib.sha256(LOCK.read_bytes()).hexdigest()
