"""Collects from dbt's structured log the nodes that failed or warn, and why.

The events and their fields are documented (docs.getdbt.com/reference/events-logging).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

RESULTS = ("LogTestResult", "LogModelResult", "LogSeedResult", "LogNodeResult")
BAD = ("warn", "fail", "error")
# These events repeat what the nodes' own events say.
SUMMARIES = ("RunResultError", "RunResultFailure", "EndOfRunSummary", *RESULTS)


@dataclass
class Trouble:
    """A node of dbt that warns or has failed.

    Args:
        unique_id: the node's id in dbt's manifest.
        status: `warn` or `fail` (a test found rows), or `error` (it could not run).
        rows: the number of rows that a test found.
        message: dbt's message, if the status is `error`.
        compiled: the file of its compiled SQL.
    """

    unique_id: str
    status: str
    rows: int | None = None
    message: str = ""
    compiled: Path | None = None


class Heard:
    """The failures, warnings and skipped nodes of one run of dbt."""

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
