"""The audit log of a home: who accepted, published or erased something, and when.

`<home>/audit.jsonl` has one line of JSON per act. This program only adds lines. The
user is the one of the process: from the operating system, not from the environment.
"""

import json
import os
import pwd
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

NAME = "audit.jsonl"
LONDON = ZoneInfo("Europe/London")


def write(root: Path, act: str, **details: Any) -> None:
    """Add a line to the audit log of a home, and wait until it is on the disk."""
    now = datetime.now(LONDON).replace(tzinfo=None).isoformat(timespec="seconds")
    line = {"at": now, "user": _user(), "act": act} | details
    data = (json.dumps(line, ensure_ascii=False, default=str) + "\n").encode()
    handle = os.open(root / NAME, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o640)
    try:
        os.write(handle, data)
        os.fsync(handle)
    finally:
        os.close(handle)


def erased_at(root: Path) -> list[datetime]:
    """When a crime was erased from a home, each time."""
    path = root / NAME
    if not path.exists():
        return []
    acts = map(json.loads, path.read_text(encoding="utf-8").splitlines())
    return [datetime.fromisoformat(a["at"]) for a in acts if a["act"] == "erase"]


def _user() -> str:
    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        return str(os.getuid())
