"""The logger that prints a run's messages on the terminal."""

import logging
import re

import dagster as dg

from dagster_project.console import say

# Messages of dagster-dbt about itself, and Dagster's list of steps that were skipped
# after a failure. They are not printed.
BOOKKEEPING = re.compile(
    r"(Running|Finished) dbt command|A dbt subsetted execution|Copying `"
    r"|Logging an `AssetObservation`|Dependencies for step"
)
_warned: list[str] = []


@dg.logger(description="What a person at a terminal wants to see.")
def progress(_: dg.InitLoggerContext) -> logging.Logger:
    """Make a logger that prints our own messages, without Dagster's events."""
    logger = logging.Logger("strandline", level=logging.INFO)
    logger.addHandler(_Say())
    return logger


class _Say(logging.Handler):
    def emit(self, record: logging.LogRecord) -> None:
        meta = record.dagster_meta
        message = meta["orig_message"]
        if meta.get("dagster_event") is not None or BOOKKEEPING.match(message):
            return
        say(message)
        if record.levelno == logging.WARNING:
            _warned.append(message)


def warnings() -> list[str]:
    """Return the warnings of this process's runs, in order and without repeats."""
    return list(dict.fromkeys(_warned))
