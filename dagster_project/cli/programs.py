"""Finds programs in this environment instead of in the caller's PATH."""

import sys
from pathlib import Path


def path_of(name: str) -> str:
    """Return the full path of a program that was installed with this project."""
    return str(Path(sys.executable).with_name(name))
