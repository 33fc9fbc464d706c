"""Keeps Word files that the author has edited since their pack was written."""

from __future__ import annotations

import hashlib
import itertools
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

DOCUMENT = "report.docx"


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


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
