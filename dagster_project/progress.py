"""The log of a run as a person at a terminal wants to see it."""

import logging
import re

import dagster as dg

from dagster_project.console import say

# What dagster-dbt says of itself, and Dagster's list of what could not follow upon a
# failure.
BOOKKEEPING = re.compile(
    r"(Running|Finished) dbt command|A dbt subsetted execution|Copying `"
    r"|Logging an `AssetObservation`|Dependencies for step"
)
_warned: list[str] = []


@dg.logger(description="What a person at a terminal wants to see.")
def progress(_: dg.InitLoggerContext) -> logging.Logger:
    """A line per thing done; Dagster's own bookkeeping stays on its pages."""
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
    """What the runs of this process have warned of, each once, in order."""
    return list(dict.fromkeys(_warned))
