"""Dagster's pages of a home, as `make dev` starts them, and a simulated power cut."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

from dagster_project import settings

LONGEST_WAIT = 900
DEV = (sys.executable, "-m", "dagster_project", "dev")
REPOSITORIES = """
{
  repositoriesOrError {
    ... on RepositoryConnection { nodes { name location { name } } }
  }
}
"""
LAUNCH = """
mutation ($selector: JobOrPipelineSelector!) {
  launchRun(executionParams: {selector: $selector}) {
    __typename
    ... on LaunchRunSuccess { run { runId } }
    ... on PythonError { message }
  }
}
"""
STATUS = "query ($id: ID!) {runOrError(runId: $id) {... on Run {status}}}"


class Server:
    """`python -m dagster_project dev` in its own session, until the power cut."""

    def __init__(self, home: settings.Home) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.process = subprocess.Popen(
            [*DEV, "--data", str(home.root), "--port", str(self.port)],
            cwd=settings.REPOSITORY,
            env={k: v for k, v in os.environ.items() if k != "STRANDLINE_HOME"},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )

    def __enter__(self) -> "Server":
        try:
            self.selector = wait_for(self._selector)
        except BaseException:
            self.lose_power()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.lose_power()

    def launch(self, job: str) -> str:
        """Start a run, as the button on the page does; return its id."""
        selector = self.selector | {"pipelineName": job}
        launched = self._ask(LAUNCH, selector=selector)["launchRun"]
        return launched["run"]["runId"]

    def status(self, run_id: str) -> str:
        return self._ask(STATUS, id=run_id)["runOrError"]["status"]

    def lose_power(self) -> None:
        """Kill every process of the session at once: server, daemon, worker and dbt."""
        members = _members(self.process.pid)
        for process in members:
            os.kill(process, signal.SIGKILL)
        self.process.wait()
        wait_for(lambda: not _members(self.process.pid))

    def _selector(self) -> dict[str, str] | None:
        try:
            found = self._ask(REPOSITORIES)["repositoriesOrError"]["nodes"]
        except (OSError, KeyError):
            return None
        if not found:
            return None
        return {
            "repositoryName": found[0]["name"],
            "repositoryLocationName": found[0]["location"]["name"],
        }

    def _ask(self, query: str, **variables: object) -> dict[str, Any]:
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}/graphql",
            json.dumps({"query": query, "variables": variables}).encode(),
            {"Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.load(answer)["data"]


def wait_for(what: Callable[[], Any]) -> Any:
    """Call `what` until its result is true, and return it; fail after a time limit."""
    end = time.monotonic() + LONGEST_WAIT
    while not (found := what()):
        assert time.monotonic() < end, f"waited in vain for {what}"
        time.sleep(0.2)
    return found


def _members(session: int) -> list[int]:
    """Return the living processes of a session."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            stat = (folder / "stat").read_text(encoding="utf-8")
        except (FileNotFoundError, ProcessLookupError):
            continue
        # After the name: state, parent, group, session.
        state, _, _, number = stat.rpartition(")")[2].split()[:4]
        if int(number) == session and state != "Z":
            found.append(int(folder.name))
    return found
