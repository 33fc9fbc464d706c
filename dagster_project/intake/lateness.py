"""Says which extracts are late: the newest file is older than the cadence allows.

Dagster's freshness policies look at when an asset was last made. Each run makes every
raw table, with a new file or without, so they would not find a missing delivery.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

import duckdb

from dagster_project import configuration
from dagster_project.intake import names
from dagster_project.settings import Home

TOLERANCE = "gap_tolerance"
# The check of each raw table in Dagster, and in the alerts.
RULE = "extract_is_on_time"
REMEDY = (
    "Ask the supplier for the next file. If the extract is delivered less often now,"
    " change its cadence_days in config/extracts.csv."
)


@dataclass(frozen=True)
class Arrival:
    """The newest file of an extract, and until when the next one is on time."""

    extract: str
    extracted_at: datetime
    cadence_days: int
    on_time_until: datetime
    is_late: bool

    def sentence(self) -> str:
        return (
            f"{self.extract}: the newest file was extracted on"
            f" {self.extracted_at:%Y-%m-%d %H:%M}; files are due every"
            f" {self.cadence_days} days, and the next one is late after"
            f" {self.on_time_until:%Y-%m-%d %H:%M}."
        )


def newest(
    connection: duckdb.DuckDBPyConnection, loads: str = "raw.loads"
) -> dict[str, datetime]:
    """Return extract → extraction time of its newest loaded file, in order of names.

    Args:
        loads: the load log, or another relation with its columns.
    """
    statement = (
        f"select extract, max(extracted_at) from {loads} where status = 'loaded'"
        " group by extract order by extract"
    )
    return dict(connection.execute(statement).fetchall())


def arrivals(home: Home, extracted: dict[str, datetime]) -> dict[str, Arrival]:
    """Return extract → its arrival, for every extract that was delivered.

    A file may be late by the factor `gap_tolerance` of supply_rules.csv. The clock of a
    home as at a past moment stands at that moment, and that of the demonstration at its
    newest file.
    """
    if not extracted:
        return {}
    now = home.until or (
        max(extracted.values()) if home.is_demonstration else names.london_now()
    )
    rules = configuration.rows("supply_rules", home)
    (tolerance,) = (r["rule_value"] for r in rules if r["rule_code"] == TOLERANCE)
    found = {}
    for row in configuration.rows("extracts", home):
        if extracted_at := extracted.get(row["extract"]):
            days = int(row["cadence_days"])
            until = extracted_at + timedelta(days=days * float(tolerance))
            found[row["extract"]] = Arrival(
                row["extract"], extracted_at, days, until, now > until
            )
    return found
