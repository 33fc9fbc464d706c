"""Programs of this environment, whatever the caller's PATH says."""

import sys
from pathlib import Path


def path_of(name: str) -> str:
    """The full path of a program that was installed with this project."""
    return str(Path(sys.executable).with_name(name))
