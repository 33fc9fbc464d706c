"""Counts on Apache Spark: the models with the tag `counting`, by dbt-spark.

`count` writes what these models read as Parquet files and starts this module as a
process of its own, which runs dbt in a Spark session. The results are Parquet files
too, which the same models read when DuckDB builds them (the macro `counted`).
docs/scale.md says when that pays.
"""

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from importlib import util
from pathlib import Path

import duckdb

from dagster_project import configuration, settings, stores
from dagster_project.configuration import declarations
from dagster_project.errors import DeliveryError
from dagster_project.settings import Home
from dagster_project.transform import manifest

TAG = "counting"
# Of a session that this module starts. A cluster has its own settings.
SESSION = {
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.driver.host": "127.0.0.1",
    "spark.log.level": "ERROR",
    "spark.sql.catalogImplementation": "in-memory",
}


def missing() -> str | None:
    """Return a sentence that says what Spark lacks here; None if it can be started."""
    if not (util.find_spec("pyspark") and util.find_spec("dbt.adapters.spark")):
        return "pyspark and dbt-spark are not installed. Run: make spark"
    if not settings.java():
        return "Java is not installed. Install Java 17 (on Debian default-jre-headless)"
    return None


def count(home: Home) -> None:
    """Write what the counting models read as Parquet, and run these models on Spark.

    Raises:
        DeliveryError: Spark cannot be started, or a model failed.
    """
    if lacking := missing():
        raise DeliveryError(f"STRANDLINE_ENGINE=spark, but {lacking}.")
    export(home)
    run = subprocess.run(
        [sys.executable, "-m", "dagster_project.transform.spark"],
        cwd=settings.DBT_PROJECT,
        env=settings.environment_of_spark(home),
        capture_output=True,
        text=True,
        check=False,
    )
    if run.returncode:
        words = run.stdout.strip() or run.stderr.strip()
        raise DeliveryError(f"the counting part failed on Spark:\n{words}")


def export(home: Home) -> None:
    """Write the tables and seeds that the counting models read as Parquet files."""
    folder = settings.spark_folder(home)
    configuration.write(home)
    with duckdb.connect(
        str(home.warehouse), read_only=True, config=stores.SETTINGS
    ) as connection:
        for place, query in _inputs(home):
            if "://" not in folder:
                shutil.rmtree(Path(folder) / place, ignore_errors=True)
                (Path(folder) / place).parent.mkdir(parents=True, exist_ok=True)
            connection.execute(
                f"copy ({query}) to '{folder}/{place}'"
                " (format parquet, per_thread_output, overwrite)"
            )


def _inputs(home: Home) -> Iterator[tuple[str, str]]:
    """Yield the folder of each table and seed that the counting models read, and the
    query that makes its rows."""
    nodes = json.loads(manifest.prepared().read_text(encoding="utf-8"))
    read = {
        parent
        for node in nodes["nodes"].values()
        if node["resource_type"] == "model" and TAG in node["tags"]
        for parent in node["depends_on"]["nodes"]
    }
    seeds = declarations.read(settings.SEEDS)
    for name in sorted(read):
        kind, *_, table = name.split(".")
        if kind == "source":
            yield f"raw/{table}", f"from raw.{table}"
        elif kind == "seed":
            types = ", ".join(f"'{c.name}': '{c.type}'" for c in seeds[table].columns)
            yield (
                f"seeds/{table}",
                f"from read_csv('{home.seeds / table}.csv', header = true,"
                " auto_detect = false, delim = ',', quote = '\"', escape = '\"',"
                f" columns = {{{types}}})",
            )


def main() -> None:
    """Run the counting models on Spark, in a session of this process."""
    from dbt.cli.main import dbtRunner
    from pyspark.sql import SparkSession

    builder = SparkSession.builder.appName("strandline")
    if not settings.is_spark_remote():
        builder = builder.master(settings.spark_master())
        for name, value in SESSION.items():
            builder = builder.config(name, value)
        builder = builder.config("spark.driver.memory", settings.spark_memory())
        # Otherwise Spark makes an empty folder in the dbt project.
        folder = settings.spark_folder(settings.home())
        builder = builder.config("spark.sql.warehouse.dir", f"{folder}/warehouse")
    session = builder.getOrCreate()
    try:
        result = dbtRunner().invoke(
            [
                *("--quiet", "--no-use-colors", "run", "--target", "spark"),
                *("--select", f"tag:{TAG}", "--full-refresh", "--no-write-json"),
            ]
        )
    finally:
        session.stop()
    sys.exit(0 if result.success else 1)


if __name__ == "__main__":
    main()
