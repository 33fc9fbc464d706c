"""nginx before Dagster's pages: its settings, which are written into the home."""

import os
import pwd
import shutil
import socket
from pathlib import Path
from string import Template

from dagster_project.errors import DeliveryError
from dagster_project.service import passwords
from dagster_project.settings import Home

TEMPLATE = Path(__file__).with_name("nginx.conf")
# Debian has it where only root's PATH leads.
FOLDERS = f"{os.defpath}:/usr/local/sbin:/usr/sbin:/sbin"


def program() -> str:
    """The path of nginx.

    Raises:
        DeliveryError: nginx is not installed.
    """
    found = shutil.which("nginx") or shutil.which("nginx", path=FOLDERS)
    if found is None:
        raise DeliveryError(
            "nginx is missing, which protects Dagster's pages. Install Debian's package"
            " nginx. For one person on a machine of their own there is make dev."
        )
    return found


def refuse_used(port: str) -> None:
    """Stop if something listens on the port.

    Raises:
        DeliveryError: the port is used.
    """
    with socket.socket() as asking:
        if asking.connect_ex(("127.0.0.1", int(port))) == 0:
            raise DeliveryError(
                f"PORT={port} is used by another program. Choose another one."
            )


def write(home: Home, run: Path, port: str) -> Path:
    """Write the settings of nginx into the home, and return their path.

    Args:
        home: the data home.
        run: a folder that only this user may enter, with Dagster's socket.
        port: the port on 127.0.0.1.
    """
    is_root = os.geteuid() == 0
    text = Template(TEMPLATE.read_text(encoding="utf-8")).substitute(
        # Only root's nginx would change its user by itself.
        user=f"user {pwd.getpwuid(0).pw_name};" if is_root else "",
        run=run,
        port=port,
        passwords=f'"{passwords.file(home)}"',
        packs=f'"{home.output.resolve()}/"',
    )
    path = home.service / "nginx.conf"
    path.write_text(text, encoding="utf-8")
    return path
