"""Prints progress on the terminal."""

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

START = time.monotonic()
_terminals: list[TextIO] = []


def say(message: str) -> None:
    """Print a line of progress, after the seconds since the program began."""
    file = _terminals[-1] if _terminals else sys.stderr
    print(f"{time.monotonic() - START:6.1f} s  {message}", file=file, flush=True)


@contextmanager
def only_our_messages() -> Iterator[None]:
    """Let only `say` write to standard error while the context lasts.

    Dagster starts processes that copy the output of each step. Ctrl-C reaches them
    too, and each would print a traceback.
    """
    sys.stderr.flush()
    number = sys.__stderr__.fileno()
    with os.fdopen(os.dup(number), "w") as terminal:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, number)
        os.close(nowhere)
        _terminals.append(terminal)
        try:
            yield
        finally:
            _terminals.remove(terminal)
            sys.stderr.flush()
            os.dup2(terminal.fileno(), number)
