"""Runs the models of a finished full build again, on data that a test puts into raw.

dbt takes seconds to start; its compiled SQL takes milliseconds. Views stay in the
warehouse as they are, and tables are created again from dbt's compiled SQL.
"""

import csv
import io
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from dagster_project import stores
from dagster_project.intake import extracts
from dagster_project.intake.contracts import load_contract
from dagster_project.settings import Home

TABLES = (
    "int_held_lines",
    "int_accepted_crimes",
    "fct_quarantined_lines",
    "fct_crimes",
    "fct_past_crime_versions",
    "fct_action_versions",
)
RAW_TABLES = ("crimes", "actions", "loads", "unreadable_lines")
CRIME = {
    "crime_id": "C1",
    "recorded_at": "2021-01-01T10:00:00",
    "offence_code": "8N",
    "is_domestic_abuse": "N",
    "is_hate_crime": "N",
    "is_online": "N",
    "is_night_time_economy": "N",
    "crime_status": "Recorded",
}
ACTION = {
    "action_id": "A1",
    "strand_name": "Hate Crime",
    "action_title": "Train everyone",
    "start_date": "2020-04-01",
    "due_date": "2021-12-31",
    "action_status": "Ongoing",
    "is_at_risk": "N",
}
ROWS = {"crimes": CRIME, "actions": ACTION}


def delivered(extract: str, *changes: dict[str, str]) -> bytes:
    """Return a file of the extract, with one valid line for each of these changes to
    it.
    """
    text = io.StringIO(newline="")
    columns = load_contract(extract).columns
    writer = csv.DictWriter(text, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows(ROWS[extract] | change for change in changes)
    return text.getvalue().encode()


def file_name(extract: str, day: int) -> str:
    return f"{extract}_202103{day:02}T060000.csv"


def _schema(path: Path) -> str:
    return "intermediate" if path.stem.startswith("int_") else "marts"


@dataclass
class BuiltModels:
    """A warehouse in memory, with the seeds and models of a finished run."""

    home: Home
    tables: tuple[str, ...] = TABLES
    connection: duckdb.DuckDBPyConnection = field(init=False)
    compiled: dict[str, str] = field(init=False)

    def __post_init__(self) -> None:
        found = {
            path.stem: path
            for path in self.home.dbt_target.rglob("*.sql")
            if "compiled" in path.parts and path.stem in self.tables
        }
        self.compiled = {
            f"{_schema(found[name])}.{name}": found[name].read_text("utf-8")
            for name in self.tables
        }
        self.connection = duckdb.connect(config=stores.SETTINGS)
        self.connection.execute("attach ':memory:' as warehouse; use warehouse")
        path = str(self.home.warehouse).replace("'", "''")
        self.connection.execute(f"attach '{path}' as built (read_only)")
        self.connection.execute("copy from database built to warehouse")
        self.connection.execute("detach built")

    def settle_other_extracts(self) -> None:
        """Replace the staging views of all extracts but crimes and actions with tables.

        Use this in a test that delivers no other extract. Otherwise DuckDB spends a
        second on planning these views in each build.
        """
        views = self.rows(
            "select view_name from duckdb_views()"
            " where database_name = 'warehouse' and schema_name = 'staging'"
            " and view_name like 'stg_force__%'"
        )
        for (view,) in views:
            if view.removeprefix("stg_force__") not in ROWS:
                self.connection.execute(
                    f"create table staging.settled as from staging.{view};"
                    f" drop view staging.{view};"
                    f" alter table staging.settled rename to {view}"
                )

    def rows(self, sql: str) -> list[tuple]:
        return self.connection.execute(sql).fetchall()

    def empty(self) -> None:
        """Empty raw, as if nothing had been delivered."""
        for table in RAW_TABLES:
            self.connection.execute(f"delete from raw.{table}")

    def ingest(self, landing: Path, extract: str) -> extracts.IngestResult:
        contract = load_contract(extract)
        return extracts.ingest(
            self.connection, landing, contract, "essex", lambda _: None
        )

    def build(self) -> None:
        """Build these tables as dbt would."""
        for name, sql in self.compiled.items():
            self.connection.execute(f"create or replace table {name} as {sql}")

    def take(self, landing: Path, extract: str, *files: bytes) -> None:
        """Deliver the files, one per day from 1 March 2021, and build."""
        folder = landing / extract
        folder.mkdir(parents=True, exist_ok=True)
        for day, data in enumerate(files, start=1):
            (folder / file_name(extract, day)).write_bytes(data)
        self.ingest(landing, extract)
        self.build()
