"""Makes a home, from landing folder to published file, without dbt and Dagster.

A run of the command line takes a minute, because dbt needs time for each model. Here
DuckDB runs the SQL that dbt compiled in a finished run: all models that are tables, in
order of their dependencies, then all data tests. The program's own code reads the
deliveries and publishes the file. `test_as_at.py` compares all tables of a home that
was made here with those of dbt.
"""

import json
import re
import shutil
import tempfile
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any

import duckdb
import pytest

from dagster_project import configuration, packs, runs, settings
from dagster_project.cli.main import KNOWN_FAILURE
from dagster_project.configuration import template
from dagster_project.errors import DeliveryError
from dagster_project.intake import landing, load_log
from dagster_project.releases import store
from dagster_project.settings import Home
from dagster_project.transform import messages
from dagster_project.transform.messages.heard import Trouble
from dagster_project.warehouse import snapshot
from reports import headline
from reports.charts import Drawing
from reports.report import read_report
from reports.webpage import write_page
from tests.conftest import Result, Said, run_here

# Seeds are the same in all homes of a checkout, so their tests are not repeated.
TESTS_OF_SEEDS = "../seeds/"
# How compiled SQL names a model: its schema and its own name.
READ = re.compile(r'"warehouse"\."(\w+)"\."(\w+)"')


@dataclass(frozen=True)
class Compiled:
    """The models and tests of a finished run, as dbt compiled them.

    Args:
        models: name of each model with its schema → its SQL, in order of dependencies.
        tables: those of these models that are tables, without their schema.
        tests: id of each data test in the manifest → its file.
    """

    manifest: dict[str, Any]
    models: dict[str, str]
    tables: frozenset[str]
    tests: dict[str, Path]

    def build(
        self,
        connection: duckdb.DuckDBPyConnection,
        *wanted: str,
        computes_views: bool = True,
    ) -> None:
        """Fill all tables again, or only the wanted models and those before them.

        A table keeps its keys, its types and its comments.

        Args:
            computes_views: compute each view once, into a temporary table that the
                later models read. DuckDB needs more time to plan a view again in each
                model that reads it than to read a small extract.
        """
        names = self._made_from(wanted or self.tables)
        computed = {}
        for name in (name for name in self.models if name in names):
            sql = READ.sub(
                lambda read: computed.get(f"{read[1]}.{read[2]}", read[0]),
                self.models[name],
            )
            own_name = name.split(".")[1]
            if own_name in self.tables:
                connection.execute(f"delete from {name}")
                connection.execute(f"insert into {name} by name {sql}")
            elif computes_views:
                computed[name] = f'temp."{own_name}"'
                connection.execute(f"create temp table {computed[name]} as {sql}")
        for table in computed.values():
            connection.execute(f"drop table {table}")
        connection.execute("update intermediate.builds set build_id = uuid()")

    def empty_others(
        self, connection: duckdb.DuckDBPyConnection, wanted: Collection[str]
    ) -> None:
        """Empty all tables but those of the wanted models and those before them."""
        made = self._made_from(wanted)
        for name in self.models:
            if name.split(".")[1] in self.tables and name not in made:
                connection.execute(f"delete from {name}")

    def _made_from(self, wanted: Iterable[str]) -> set[str]:
        nodes = self.manifest["nodes"]
        found, left = set(), [f"model.strandline.{name}" for name in wanted]
        while left:
            key = left.pop()
            if key in nodes and key not in found:
                found.add(key)
                left += nodes[key]["depends_on"].get("nodes", [])
        return {f"{nodes[key]['schema']}.{nodes[key]['name']}" for key in found}

    def check(
        self, connection: duckdb.DuckDBPyConnection, *wanted: str
    ) -> messages.Heard:
        """Run every data test, or only the wanted ones; return dbt's results for those
        that find rows.
        """
        heard = messages.Heard()
        for unique_id, path in self._tests(wanted):
            found = len(connection.execute(path.read_text("utf-8")).fetchall())
            if found:
                severity = self.manifest["nodes"][unique_id]["config"]["severity"]
                status = "warn" if severity == "warn" else "fail"
                trouble = Trouble(unique_id, status, found, compiled=path)
                heard.troubles[unique_id] = trouble
        return heard

    def verdicts(
        self, connection: duckdb.DuckDBPyConnection, *wanted: str
    ) -> dict[str, str]:
        """Return the name of each data test, or of the wanted ones → pass, warn or
        fail, as dbt would print it.
        """
        troubles = self.check(connection, *wanted).troubles
        return {
            unique_id.split(".")[2]: troubles[unique_id].status
            if unique_id in troubles
            else "pass"
            for unique_id, _ in self._tests(wanted)
        }

    def _tests(self, wanted: Collection[str]) -> list[tuple[str, Path]]:
        return [
            (unique_id, path)
            for unique_id, path in self.tests.items()
            if not wanted or unique_id.split(".")[2] in wanted
        ]


@cache
def compiled_in(target: Path) -> Compiled:
    """Return what dbt wrote into its target folder in the single run of a home."""
    manifest = json.loads((target / "manifest.json").read_text("utf-8"))
    files = {path.name: path for path in target.glob("*/compiled/**/*.sql")}
    nodes = manifest["nodes"]
    models = {key for key, n in nodes.items() if n["resource_type"] == "model"}
    parents = {key: models & {*nodes[key]["depends_on"]["nodes"]} for key in models}
    names = {key: f"{nodes[key]['schema']}.{nodes[key]['name']}" for key in models}
    tables = {
        nodes[key]["name"]
        for key in models
        if nodes[key]["config"]["materialized"] != "view"
    }
    sql_of = {
        names[key]: files[f"{nodes[key]['name']}.sql"].read_text("utf-8")
        for key in TopologicalSorter(parents).static_order()
    }
    tests = {
        key: files[Path(node["path"]).name]
        for key, node in nodes.items()
        if node["resource_type"] == "test"
        and not node["original_file_path"].startswith(TESTS_OF_SEEDS)
    }
    return Compiled(manifest, sql_of, frozenset(tables), tests)


def warehouse_of(built: Result, home: Home) -> None:
    """Give a home the work file of a finished run, without any delivery."""
    folder = _without_deliveries(built.home.warehouse, built.home.dbt_target)
    shutil.copy(Path(folder.name) / home.warehouse.name, home.warehouse)
    # A crime then has the same key in both homes.
    shutil.copy(built.home.key_secret, home.key_secret)


@cache
def _without_deliveries(
    warehouse: Path, target: Path
) -> tempfile.TemporaryDirectory[str]:
    """Return a folder with a copy of the work file whose tables are empty, but seeds.

    It is made once in each process, which removes the folder at its end.
    """
    folder = tempfile.TemporaryDirectory(prefix="strandline_tests_")
    copy = Path(shutil.copy(warehouse, folder.name))
    with load_log.warehouse(copy) as connection:
        tables = connection.execute(
            "select table_name from duckdb_tables() where schema_name = 'raw'"
        ).fetchall()
        for (table,) in tables:
            connection.execute(f"delete from raw.{table}")
        # Each run would have to delete these rows.
        compiled_in(target).empty_others(connection, ())
    return folder


def build_staging(built: Result, folder: Path, *selected: str) -> None:
    """Build the models of an inspection in its scratch home, which is the home in use.

    It is made in `folder`, from the work file of a finished run.
    """
    scratch, made = settings.home().warehouse, Home(folder)
    warehouse_of(built, made)
    with load_log.warehouse(made.warehouse) as connection:
        connection.execute(f"attach '{scratch}' as scratch (read_only)")
        tables = connection.execute(
            "select table_name from duckdb_tables() where schema_name = 'raw'"
            " and database_name = 'scratch'"
        ).fetchall()
        for (table,) in tables:
            connection.execute(
                f"insert into raw.{table} by name from scratch.raw.{table}"
            )
        connection.execute("detach scratch")
        models = [name.removeprefix("+") for name in selected]
        compiled_in(built.home.dbt_target).build(connection, *models)
    shutil.move(made.warehouse, scratch)


def run(
    built: Result, root: Path, force: str, *wanted: str, is_large: bool = False
) -> Result:
    """Do what `report` does up to the published file; return its warnings as output.

    If a check stops the run, nothing is published, and the exit code is not 0.

    Args:
        wanted: build these models and those before them; empty the other tables, and
            run no check. Otherwise build and check all.
        is_large: whether the deliveries are as many as a force's.
    """
    home, compiled = Home(root), compiled_in(built.home.dbt_target)
    if not home.is_demonstration:
        landing.remember_force(home, force)
    if not home.warehouse.exists():
        warehouse_of(built, home)
    with load_log.warehouse(home.warehouse) as connection:
        landing.look_at_all(connection, home, lambda _: None)
        _load_configured(connection, home)
        # Dagster runs the assets of the extracts in the order of their names.
        for extract in sorted(landing.extracts_in_order()):
            landing.take(connection, home, extract, lambda _: None)
        store.copy_to(connection, home)
        compiled.build(connection, *wanted, computes_views=not is_large)
        if wanted:
            compiled.empty_others(connection, wanted)
        heard = messages.Heard() if wanted else compiled.check(connection)
    told = messages.tell(heard, compiled.manifest, home.warehouse)
    output = "\n".join(str(stop) for stop in told.values())
    if not all(stop.is_warning for stop in told.values()):
        return Result(home, output, KNOWN_FAILURE)
    snapshot.publish(home)
    return Result(home, output, 0)


def command(built: Result, root: Path, *words: str) -> Said:
    """Run a command in this process, with a run of this module for the job `daily`.

    Dagster keeps no records of it, and the pack is written without its job.
    """

    def daily() -> None:
        home = settings.home()
        result = run(built, home.root, landing.force_of(home))
        if result.exit_code:
            raise DeliveryError(result.output)

    def report(quarter: str) -> None:
        daily()
        packs.write(settings.home(), quarter)

    if not Home(root).warehouse.exists():
        # `report` looks at the deliveries before its run.
        warehouse_of(built, Home(root))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(runs, "daily", daily)
        patch.setattr(runs, "report", report)
        return run_here(*words, "--data", str(root))


def _load_configured(connection: duckdb.DuckDBPyConnection, home: Home) -> None:
    """Load the seeds of a home with a configuration, as dbt's hook does."""
    if not home.config.is_dir():
        return
    configuration.write(home)
    for seed in template.owned():
        connection.execute(f"delete from seeds.{seed.name}")
        connection.execute(
            f"insert into seeds.{seed.name} by name"
            " from read_csv(?, header = true, all_varchar = true)",
            [str(home.seeds / f"{seed.name}.csv")],
        )


def printed(result: Result, quarter: str) -> str:
    """Return what `report` prints at its end about the pack of each force."""
    folders = packs.folders(result.home, quarter)
    return "\n".join(headline(result.home.current, quarter, each) for each in folders)


def page(result: Result, quarter: str) -> str:
    """Return the page of a home of one force, with an empty picture for each chart."""
    assert result.exit_code == 0, result.output
    (force,) = packs.folders(result.home, quarter)
    report = read_report(result.home.current, quarter, force)
    drawings = {
        chart.name: Drawing(b"", b"") for chart in report.charts if chart.is_available
    }
    path = result.home.root / "page.html"
    write_page(report, drawings, path)
    return path.read_text(encoding="utf-8")
