"""The names and passwords that open Dagster's pages: `<home>/service/passwords`.

nginx reads the file at each request. A line is `<name>:<hash>`, with the hash of
crypt(3) by SHA-512.
"""

import re
import shutil
import subprocess
from pathlib import Path

from dagster_project.errors import DeliveryError
from dagster_project.settings import Home

FEWEST_LETTERS = 12
NAME = re.compile(r"[A-Za-z0-9._@-]{1,64}")


def file(home: Home) -> Path:
    return home.service / "passwords"


def names(home: Home) -> list[str]:
    """The names that have a password."""
    return [line.split(":")[0] for line in _lines(home)]


def check_name(name: str) -> None:
    """Check that a person can have this name.

    Raises:
        DeliveryError: the name has other characters, or is too long.
    """
    if not NAME.fullmatch(name):
        raise DeliveryError(
            f"NAME={name} is not a name for a password. Use letters a to z, digits and"
            " the characters . _ @ -, at most 64."
        )


def set_password(home: Home, name: str, password: str) -> None:
    """Give a name a password, in place of the one that it may have.

    Raises:
        DeliveryError: the name or the password is not one that may be used.
    """
    check_name(name)
    if len(password) < FEWEST_LETTERS:
        raise DeliveryError(
            f"The password has fewer than {FEWEST_LETTERS} characters. Choose a longer"
            " one."
        )
    others = [line for line in _lines(home) if line.split(":")[0] != name]
    text = "".join(f"{line}\n" for line in [*others, f"{name}:{_hash(password)}"])
    home.service.mkdir(parents=True, exist_ok=True)
    home.service.chmod(0o700)
    partial = file(home).with_suffix(".partial")
    partial.unlink(missing_ok=True)
    partial.touch(0o600, exist_ok=False)
    partial.write_text(text, encoding="utf-8")
    partial.replace(file(home))


def _lines(home: Home) -> list[str]:
    path = file(home)
    return path.read_text(encoding="utf-8").splitlines() if path.exists() else []


def _hash(password: str) -> str:
    if shutil.which("openssl") is None:
        raise DeliveryError("openssl is missing. Install Debian's package openssl.")
    # From standard input: other users can see the words of a command.
    done = subprocess.run(
        ["openssl", "passwd", "-6", "-stdin"],
        input=f"{password}\n",
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()
