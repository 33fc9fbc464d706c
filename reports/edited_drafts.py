"""Keeps what people put into a pack: Word files that they edited, and own files."""

from __future__ import annotations

import hashlib
import itertools
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

DOCUMENT = "report.docx"
PUBLIC = "public"  # folder of the public version, within the pack
PUBLIC_DOCUMENT = f"{PUBLIC}/{DOCUMENT}"
MADE_LATER = ("manifest.json", "report.pdf")  # of a pack, and not in its manifest


def edited_documents(folder: Path, manifest: Mapping[str, Any]) -> list[str]:
    """Return the Word files of a pack and its public version that differ from the
    manifest, as paths within the pack.

    A file that is not in the manifest is a person's own, and counts as edited.
    """
    listed = manifest.get("files", {})
    found = [*folder.glob("*.docx"), *folder.glob(f"{PUBLIC}/*.docx")]
    return [
        path.relative_to(folder).as_posix()
        for path in sorted(found)
        if not path.name.startswith("~$")
        and sha256(path) != listed.get(path.relative_to(folder).as_posix())
    ]


def new_name(kept: list[str], document: str = DOCUMENT) -> str:
    """Return the first path for the new document that no kept file has."""
    stem = document.removesuffix(".docx")
    later = (f"{stem}.new{n if n > 1 else ''}.docx" for n in itertools.count(1))
    return next(n for n in itertools.chain([document], later) if n not in kept)


def keep(folder: Path, draft: Path, names: list[str]) -> dict[str, str]:
    """Copy the named files into the new pack; return their sha256 by name."""
    for name in names:
        _copy(folder / name, draft / name)
    return {name: sha256(draft / name) for name in names}


def keep_own(folder: Path, draft: Path, manifest: Mapping[str, Any]) -> None:
    """Copy what a person put into the older pack and its folders.

    Args:
        manifest: of the older pack. Without its list of files, no file is known to be
            a person's.
    """
    if "files" in manifest:
        _keep_own(folder, draft, {*manifest["files"], *MADE_LATER})


def _keep_own(folder: Path, draft: Path, made: set[str], within: str = "") -> None:
    for path in sorted(folder.glob("*")):
        name, new = f"{within}{path.name}", draft / path.name
        if path.is_dir():
            _keep_own(path, new, made, f"{name}/")
        elif path.is_file() and name not in made and not new.exists():
            _copy(path, new)


def _copy(path: Path, new: Path) -> None:
    new.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy2(path, new)


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
