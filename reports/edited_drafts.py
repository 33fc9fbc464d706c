"""Keeps what people put into a pack: Word files that they edited, and own files."""

from __future__ import annotations

import hashlib
import itertools
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

DOCUMENT = "report.docx"
MADE_LATER = ("manifest.json", "report.pdf")  # of a pack, and not in its manifest


def edited_documents(folder: Path, manifest: Mapping[str, Any]) -> list[str]:
    """Return the folder's Word files that differ from its manifest.

    A file that is not in the manifest is a person's own, and counts as edited.
    """
    listed = manifest.get("files", {})
    return [
        path.name
        for path in sorted(folder.glob("*.docx"))
        if not path.name.startswith("~$") and sha256(path) != listed.get(path.name)
    ]


def new_name(kept: list[str]) -> str:
    """Return the first file name for the new document that no kept file has."""
    later = (f"report.new{n if n > 1 else ''}.docx" for n in itertools.count(1))
    return next(n for n in itertools.chain([DOCUMENT], later) if n not in kept)


def keep(folder: Path, draft: Path, names: list[str]) -> dict[str, str]:
    """Copy the named files into the new pack; return their sha256 by name."""
    for name in names:
        shutil.copy2(folder / name, draft / name)
    return {name: sha256(draft / name) for name in names}


def keep_own(folder: Path, draft: Path, manifest: Mapping[str, Any]) -> None:
    """Copy what a person put beside the files and folders of the older pack.

    Args:
        manifest: of the older pack. Without it, no file is known to be a person's.
    """
    made = {*manifest.get("files", [path.name for path in folder.glob("*")])}
    for path in sorted(folder.glob("*")):
        new = draft / path.name
        is_own = path.name not in made and path.name not in MADE_LATER
        if not is_own or new.exists():
            continue
        if path.is_file():
            shutil.copy2(path, new)
        elif not any(name.startswith(f"{path.name}/") for name in made):
            shutil.copytree(path, new)


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
