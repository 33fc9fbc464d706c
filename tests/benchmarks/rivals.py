"""Programs that do the work on the same files, and a comparison of their cells.

A plain DuckDB script, a pandas and a polars script, and the usual project in two forms:
a small one of the script's statements, and all of Strandline's own models.
"""

import os
import re
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from dagster_project import settings
from dagster_project.settings import Home
from tests.benchmarks import results
from tests.benchmarks.measuring import Measured, ask, measure, run_plain

HERE = Path(__file__).parent
READERS = {
    "parquet": "read_parquet('{folder}/*.parquet', filename = true)",
    "csv": "read_csv('{folder}/*.csv', all_varchar = true, filename = true,"
    " quote = '\"', ignore_errors = true)",
}
STATEMENT = re.compile(
    r"^create (table|view) plain\.(\w+) as\n(.*?);$", re.MULTILINE | re.DOTALL
)
# The programs of this process, where polars may lie in a folder of PYTHONPATH.
PROGRAMS_PATH = {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}


@dataclass(frozen=True)
class Work:
    """A home that was published, its files, and a folder for the rivals."""

    home: Home
    source: str
    folder: Path
    memory: int

    @property
    def reader(self) -> str:
        return READERS[self.source].format(folder=self.home.landing / "crimes")


@dataclass(frozen=True)
class Rival:
    """A program, and SQL that names what it made.

    `tables` are its monthly counts, rolling 12 months, and crimes of each measure.
    """

    who: str
    run: Callable[[Work], Measured]
    attach: str
    tables: tuple[str, str, str]


def plain(work: Work) -> Measured:
    script = work.folder / "plain.sql"
    texts = [(HERE / name).read_text("utf-8") for name in ("files.sql", "plain.sql")]
    script.write_text("\n".join(texts), encoding="utf-8")
    database = work.folder / "script.duckdb"
    database.unlink(missing_ok=True)
    return run_plain(database, script, reader=work.reader)


def library(name: str) -> Callable[[Work], Measured]:
    def run(work: Work) -> Measured:
        return measure(
            *(sys.executable, "-m", f"tests.benchmarks.in_{name}"),
            *(str(work.home.landing / "crimes"), str(work.folder / name)),
            environment=PROGRAMS_PATH,
            memory=work.memory,
        )

    return run


def usual(work: Work) -> Measured:
    """The statements of plain.sql as a dbt project of their own, under Dagster."""
    folder = work.folder / "usual"
    project = folder / "project"
    if not project.exists():
        write_project(project)
        raw = (HERE / "files.sql").read_text("utf-8")
        (folder / "raw.sql").write_text(
            raw.replace("{reader}", work.reader), encoding="utf-8"
        )
        parse(folder, project)
    return under_dagster(folder, project)


def write_project(project: Path) -> None:
    """Write a dbt project whose models are the statements of plain.sql."""
    shutil.copytree(
        HERE / "usual", project, ignore=shutil.ignore_patterns("*.py", "__pycache__")
    )
    (project / "models").mkdir()
    (project / "models.yml").rename(project / "models" / "models.yml")
    for kind, name, body in STATEMENT.findall((HERE / "plain.sql").read_text("utf-8")):
        body = re.sub(r"\bplain\.(\w+)", r"{{ ref('\1') }}", body)
        body = re.sub(r"\braw\.(\w+)", r"{{ source('raw', '\1') }}", body)
        body = body.replace("{seeds}", str(settings.SEEDS))
        text = f"{{{{ config(materialized = '{kind}') }}}}\n\n{body}\n"
        (project / "models" / f"{name}.sql").write_text(text, encoding="utf-8")


def stock(work: Work) -> Measured:
    """All of Strandline's models as a user of dagster-dbt would run them."""
    folder = work.folder / "stock"
    if not folder.exists():
        shutil.copytree(settings.DEMONSTRATION_CONFIG, folder / "config")
        names = ask(
            work.home.warehouse,
            "select list(table_name) from information_schema.tables where"
            " table_schema = 'raw' and table_name not in ('crimes', 'loads')",
        )
        small = [
            f"create table raw.{each} as from ingested.raw.{each};" for each in names
        ]
        sql = (HERE / "stock.sql").read_text("utf-8").replace("{reader}", work.reader)
        sql = sql.replace("{ingested}", str(work.home.warehouse))
        sql = sql.replace("{small}", "\n".join(small))
        (folder / "raw.sql").write_text(sql, encoding="utf-8")
        parse(folder, settings.DBT_PROJECT)
    return under_dagster(folder, settings.DBT_PROJECT)


def parse(folder: Path, project: Path) -> None:
    """Make the manifest and dbt's partial parse, as a deployment does."""
    dbt = (str(settings.DBT_EXECUTABLE), "--quiet", "parse")
    measure(*dbt, cwd=project, environment=_environment(folder, project))


def under_dagster(folder: Path, project: Path) -> Measured:
    shutil.rmtree(folder / "dagster", ignore_errors=True)
    (folder / "dagster").mkdir()
    dagster = Path(sys.executable).with_name("dagster")
    return measure(
        *(str(dagster), "asset", "materialize", "--select", "*"),
        *("-f", str(HERE / "usual" / "definitions.py")),
        environment=_environment(folder, project),
    )


def _environment(folder: Path, project: Path) -> dict[str, str]:
    return {
        "USUAL_FOLDER": str(folder),
        "USUAL_PROJECT": str(project),
        # Answers `--version` without asking the package index: in the rival's favour.
        "USUAL_DBT": str(settings.DBT_OFFLINE),
        "DAGSTER_HOME": str(folder / "dagster"),
        "DBT_TARGET_PATH": str(folder / "target"),
        "DBT_LOG_PATH": str(folder / "target" / "logs"),
        "DBT_PROFILES_DIR": str(project),
        settings.HOME_VARIABLE: str(folder),
    }


def _sql(who: str, run: Callable[[Work], Measured], file: str, schema: str) -> Rival:
    names = ("fct_measures_monthly", "fct_rolling_12_months", "fct_crime_measures")
    return Rival(
        who,
        run,
        f"attach '{{folder}}/{file}' as rival (read_only);",
        tuple(f"rival.{schema}.{name}" for name in names),
    )


def _files(who: str, name: str) -> Rival:
    made = ("monthly", "rolling", "crime_measures")
    tables = tuple(f"'{{folder}}/{name}/{file}.parquet'" for file in made)
    return Rival(who, library(name), "", tables)


# polars is not one of the project's packages, and takes part where it is installed.
LIBRARIES = {results.PANDAS: "pandas", results.POLARS: "polars"}
LEFT_OUT = [name for name in LIBRARIES.values() if not find_spec(name)]
SCRIPTS = (
    _sql(results.PLAIN, plain, "script.duckdb", "plain"),
    *(_files(who, name) for who, name in LIBRARIES.items() if name not in LEFT_OUT),
)
PROJECTS = (
    _sql(results.USUAL, usual, "usual/published.duckdb", "plain"),
    _sql(results.STOCK, stock, "stock/published.duckdb", "marts"),
)


def compare(work: Work, rival: Rival) -> tuple[int, int]:
    """Return how many published cells were compared, and how many differ."""
    months, rolling, crimes = (
        table.format(folder=work.folder) for table in rival.tables
    )
    version = work.home.current.resolve().name
    sql = rival.attach.format(folder=work.folder)
    sql += (HERE / "compare.sql").read_text("utf-8")
    values = {
        "published": work.home.current.resolve(),
        "ids": work.home.restricted / version,
        "months": months,
        "rolling": rolling,
        "crimes": crimes,
    }
    for name, value in values.items():
        sql = sql.replace(f"{{{name}}}", str(value))
    compared, different = ask(work.home.warehouse, sql)
    return compared, different
