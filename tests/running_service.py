"""`make up` on a home, for tests: what it answers, and what it leaves behind."""

import base64
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

from dagster_project import settings
from dagster_project.service import passwords
from tests.dagster_server import wait_for

NAME, PASSWORD = "ada", "correct horse battery"
LISTENING = "0A"


def authorisation(name: str = NAME, password: str = PASSWORD) -> dict[str, str]:
    word = base64.b64encode(f"{name}:{password}".encode()).decode()
    return {"Authorization": f"Basic {word}"}


class Service:
    """`python -m dagster_project up` in a process of its own."""

    def __init__(self, home: settings.Home) -> None:
        self.home = home
        passwords.set_password(home, NAME, PASSWORD)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.log = home.root / "up.log"
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                [
                    *(sys.executable, "-m", "dagster_project", "up"),
                    *("--data", str(home.root), "--port", str(self.port)),
                ],
                cwd=settings.REPOSITORY,
                env={k: v for k, v in os.environ.items() if k != "STRANDLINE_HOME"},
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def __enter__(self) -> "Service":
        try:
            wait_for(self._is_up)
        except BaseException:
            self.end()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.end()

    def end(self) -> int:
        """Ask for the end as systemd does, and return the exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout=120)

    def ask(
        self,
        method: str,
        path: str,
        body: bytes | None = None,
        **headers: str,
    ) -> tuple[int, str]:
        """Send one request with exactly these headers, and a Host if none is given."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        sent = {"Host": f"127.0.0.1:{self.port}"} | headers
        connection.request(method, path, body, sent)
        answer = connection.getresponse()
        text = answer.read().decode() if answer.status != 101 else ""
        connection.close()
        return answer.status, text

    def graphql(self, query: str, **variables: object) -> dict[str, Any]:
        """Ask Dagster as its pages do."""
        status, text = self.ask(
            "POST",
            "/graphql",
            json.dumps({"query": query, "variables": variables}).encode(),
            **authorisation(),
            **{
                "Content-Type": "application/json",
                "Origin": f"http://127.0.0.1:{self.port}",
            },
        )
        assert status == 200, text
        return json.loads(text)["data"]

    def members(self) -> list[int]:
        """The living processes of the service, and of every session that it began."""
        mine = str(self.home.root.resolve()).encode()
        everyone, sessions = {}, set()
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                # nginx writes its title over its environment.
                words = (
                    (folder / "environ").read_bytes(),
                    (folder / "cmdline").read_bytes(),
                )
                session = os.getsid(int(folder.name))
            except OSError:
                continue
            everyone[int(folder.name)] = session
            if any(mine in word for word in words):
                sessions.add(session)
        sessions.discard(os.getsid(0))
        return [process for process, session in everyone.items() if session in sessions]

    def open_ports(self) -> set[int]:
        """The ports on which a process of the service listens."""
        inodes = set()
        for process in self.members():
            for opened in Path(f"/proc/{process}/fd").iterdir():
                with suppress(OSError):
                    inodes.add(str(opened.readlink()))
        found = set()
        for table in ("tcp", "tcp6"):
            for line in Path(f"/proc/net/{table}").read_text().splitlines()[1:]:
                _, local, _, state, *rest = line.split()
                if state == LISTENING and f"socket:[{rest[5]}]" in inodes:
                    found.add(int(local.split(":")[1], 16))
        return found

    def _is_up(self) -> bool:
        assert self.process.poll() is None, self.log.read_text()
        return "Dagster's pages: " in self.log.read_text()
