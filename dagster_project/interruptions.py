"""Records Ctrl-C and SIGTERM, also if another handler took the signal.

Python's own handler raises KeyboardInterrupt at any line of the program. While a job
runs, Dagster replaces it by handlers that end the step (and dbt) but do not say which
signal came. Python also writes the number of each signal to a socket
(`signal.set_wakeup_fd`), and this module reads it there.
"""

import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager

ASKING_TO_END = (signal.SIGINT, signal.SIGTERM)
_readers: list[socket.socket] = []


@contextmanager
def noted() -> Iterator[None]:
    """Treat SIGTERM like Ctrl-C, and record both signals, while the context lasts."""
    reader, writer = socket.socketpair()
    with reader, writer:
        reader.setblocking(False)
        writer.setblocking(False)
        before = signal.signal(signal.SIGTERM, signal.default_int_handler)
        wakeup_before = signal.set_wakeup_fd(writer.fileno())
        _readers.append(reader)
        try:
            yield
        finally:
            _readers.remove(reader)
            signal.set_wakeup_fd(wakeup_before)
            signal.signal(signal.SIGTERM, before)


def received() -> signal.Signals | None:
    """Return the first signal that asked the program to end; None if there was none."""
    for reader in _readers:
        try:
            numbers = reader.recv(1024, socket.MSG_PEEK)
        except BlockingIOError:
            continue
        for number in numbers:
            if number in ASKING_TO_END:
                return signal.Signals(number)
    return None


def end_if_asked() -> None:
    """End the program if it was asked to end.

    Raises:
        KeyboardInterrupt: Ctrl-C or SIGTERM came.
    """
    if received() is not None:
        raise KeyboardInterrupt
