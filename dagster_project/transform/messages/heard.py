"""What is kept of dbt's structured log: the nodes that failed or warn, and why.

The events and their fields are documented (docs.getdbt.com/reference/events-logging).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

RESULTS = ("LogTestResult", "LogModelResult", "LogSeedResult", "LogNodeResult")
BAD = ("warn", "fail", "error")
# Of what the nodes' own events say already.
SUMMARIES = ("RunResultError", "RunResultFailure", "EndOfRunSummary", *RESULTS)


@dataclass
class Trouble:
    """A node of dbt that warns or has failed.

    Args:
        unique_id: as in dbt's manifest.
        status: warn or fail (a test with rows), or error (what could not be run).
        rows: how many rows a test found.
        message: dbt's own words, of an error.
        compiled: the file of its SQL, as it was run.
    """

    unique_id: str
    status: str
    rows: int | None = None
    message: str = ""
    compiled: Path | None = None


class Heard:
    """Collects, event by event, what went wrong."""

    def __init__(self) -> None:
        self.troubles: dict[str, Trouble] = {}
        self.skipped = 0
        self.other_errors: list[str] = []

    def hear(self, event: Mapping[str, Any]) -> None:
        """Take in one event, as dbt writes it with `--log-format json`."""
        name, data = event["info"]["name"], event["data"]
        unique_id = data.get("node_info", {}).get("unique_id")
        if name == "SkippingDetails":
            self.skipped += 1
        elif name in RESULTS and data["node_info"]["node_status"] in BAD:
            status = data["node_info"]["node_status"]
            rows = data.get("num_failures")
            self.troubles[unique_id] = Trouble(unique_id, status, rows)
        elif unique_id in self.troubles and name == "RunResultError":
            self.troubles[unique_id].message = data["msg"]
        elif unique_id in self.troubles and name == "SQLCompiledPath":
            self.troubles[unique_id].compiled = Path(data["path"])
        elif event["info"]["level"] == "error" and name not in SUMMARIES:
            self.other_errors.append(event["info"]["msg"].strip())
