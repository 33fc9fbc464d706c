"""Ctrl-C and SIGTERM: what was asked, whoever has handled the signal meanwhile.

Python's handler raises KeyboardInterrupt wherever the program happens to be. Dagster
puts handlers of its own in its place while a job runs, which end the step (and dbt)
and do not say which signal came. Python writes the number of each signal to a file as
well (`signal.set_wakeup_fd`), and that is what is read here.
"""

import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager

ASKING_TO_END = (signal.SIGINT, signal.SIGTERM)
_readers: list[socket.socket] = []


@contextmanager
def noted() -> Iterator[None]:
    """Take SIGTERM as Ctrl-C is taken, and keep in mind what came."""
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
    """The first signal so far that asked the program to end."""
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
    """Where a signal came that nobody has acted upon.

    Raises:
        KeyboardInterrupt: one came.
    """
    if received() is not None:
        raise KeyboardInterrupt
