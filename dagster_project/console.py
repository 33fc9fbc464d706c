"""Progress for a person at a terminal."""

import sys
import time

START = time.monotonic()


def say(message: str) -> None:
    """One line of progress, behind the seconds since the program began."""
    print(f"{time.monotonic() - START:6.1f} s  {message}", file=sys.stderr, flush=True)
