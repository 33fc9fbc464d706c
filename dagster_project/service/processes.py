"""Starts programs, watches over them, and ends them with all that they have started.

Each program is the leader of a session of its own: Ctrl-C in the terminal reaches only
this process, and a signal to the session's group reaches everything below it, down to
the dbt of a run.
"""

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from dagster_project.errors import DeliveryError

SECONDS_TO_START = 300
SECONDS_TO_END = 60
STEP = 0.2
ASKED_TO_END = (signal.SIGINT, signal.SIGTERM)


class Family:
    """The programs that were started in one folder, in their order."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._started: dict[str, subprocess.Popen] = {}

    def start(self, name: str, command: list[str]) -> None:
        """Start a program. It is asked to end if this process is killed."""
        with_parent = ["setpriv", "--pdeathsig", "TERM"]
        prefix = with_parent if shutil.which(with_parent[0]) else []
        self._started[name] = subprocess.Popen(
            [*prefix, *command],
            cwd=self._folder,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )

    def wait_until(self, is_ready: Callable[[], bool], what: str) -> None:
        """Wait until a program is ready.

        Raises:
            DeliveryError: a program has ended, or it takes too long.
        """
        end = time.monotonic() + SECONDS_TO_START
        while not is_ready():
            self._refuse_ended()
            if time.monotonic() > end:
                raise DeliveryError(
                    f"{what} was not ready after {SECONDS_TO_START} seconds. Its"
                    " messages are above. Run the same command again."
                )
            time.sleep(STEP)

    def watch(self) -> None:
        """Wait until a program ends, which none should.

        Raises:
            DeliveryError: a program has ended.
        """
        while True:
            self._refuse_ended()
            time.sleep(STEP)

    def end(self) -> None:
        """End every program and all that it has started, the last one first."""
        for asked in ASKED_TO_END:
            signal.signal(asked, signal.SIG_IGN)
        for process in reversed(self._started.values()):
            _signal(process, signal.SIGTERM)
        end = time.monotonic() + SECONDS_TO_END
        while time.monotonic() < end and any(map(_is_left, self._started.values())):
            time.sleep(STEP)
        for process in self._started.values():
            _signal(process, signal.SIGKILL)
            process.wait()

    def _refuse_ended(self) -> None:
        for name, process in self._started.items():
            if process.poll() is not None:
                raise DeliveryError(
                    f"{name} has ended with the code {process.returncode}, so"
                    " everything was ended. Its messages are above. Run the same"
                    " command again."
                )


def _is_left(process: subprocess.Popen) -> bool:
    """Whether anything of a session is still alive."""
    process.poll()  # Takes the leader away if it has ended.
    try:
        os.killpg(process.pid, 0)
    except ProcessLookupError:
        return False
    return True


def _signal(process: subprocess.Popen, number: signal.Signals) -> None:
    with suppress(ProcessLookupError):
        os.killpg(process.pid, number)
