"""Defines every path. No other module reads or writes environment variables.

A *data home* is a folder with everything that belongs to one source of data: landing,
work file, published files, Dagster's own records and dbt's target. A home as at a past
moment shares the landing folder; everything else is in `as_at/<moment>/`.
"""

import csv
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from dagster_project.calendar import end_of
from dagster_project.errors import DeliveryError

REPOSITORY = Path(__file__).resolve().parent.parent
SEEDS = REPOSITORY / "seeds"
DBT_PROJECT = REPOSITORY / "dbt_project"
# Not `target` itself: dbt writes there if somebody starts it by hand.
PARSED = DBT_PROJECT / "target" / "prepared"
DEMONSTRATION_HOME = REPOSITORY / "data"
DEMONSTRATION_FORCE = "essex"
DEMONSTRATION_QUARTER = "2021-22-q2"
# This file in a landing folder marks the home of a demonstration.
DEMONSTRATION_MARK = "demonstration.json"
MAPPINGS = "mappings"
DEMONSTRATION_CONFIG = REPOSITORY / "dagster_project" / "demonstration" / "config"

HOME_VARIABLE = "STRANDLINE_HOME"
FORCE_VARIABLE = "STRANDLINE_FORCE"
AS_AT_VARIABLE = "STRANDLINE_AS_AT"
# The word that a run passes to its dbt: dagster_project/locks.py.
HOLDER_VARIABLE = "STRANDLINE_HOLDER"
# What counts: docs/scale.md. The folder of the Parquet files can be in an object store.
ENGINE_VARIABLE = "STRANDLINE_ENGINE"
ENGINES = ("duckdb", "spark")
SPARK_FOLDER_VARIABLE = "STRANDLINE_SPARK_FOLDER"
SPARK_MASTER_VARIABLE = "STRANDLINE_SPARK_MASTER"
SPARK_MEMORY_VARIABLE = "STRANDLINE_SPARK_MEMORY"
# What DuckDB may use while files are read. What does not fit goes to the disk, into
# `warehouse.duckdb.tmp` beside the work file.
MEMORY_VARIABLE = "STRANDLINE_MEMORY_LIMIT"
DEFAULT_MEMORY = "2GB"
# Set by `make up` alone: schedules are on.
SERVICE_VARIABLE = "STRANDLINE_SERVICE"
# Where alerts go. They are no rows of a home's configuration: they have passwords.
ALERT_VARIABLES = {
    "webhook": "STRANDLINE_ALERT_WEBHOOK",
    "mail": "STRANDLINE_ALERT_SMTP",
    "from": "STRANDLINE_ALERT_FROM",
    "to": "STRANDLINE_ALERT_TO",
}
# Dagster knows schedules, and whether they are on, by the name of their code location.
CODE_LOCATION = "strandline"
# Programs of this environment, not those of the caller's PATH. The second one is
# transform/dbt_offline.py.
DBT_EXECUTABLE = Path(sys.executable).with_name("dbt")
DBT_OFFLINE = Path(sys.executable).with_name("strandline-dbt")

# Files are 0640 and folders 0750: the owner writes, the group reads, nobody else does.
UMASK = 0o027
# No program may use the network after installation.
QUIET = {
    "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
    "DBT_VERSION_CHECK": "false",
    "DAGSTER_DISABLE_TELEMETRY": "1",
    "DO_NOT_TRACK": "1",
}
# Saves time: no debug log of dbt's nodes, and one write for many of Dagster's events.
QUICK = {
    "DBT_LOG_LEVEL_FILE": "none",
    "DAGSTER_EVENT_BATCH_SIZE": "1000",
}


def _is_there(path: Path) -> bool:
    """Return whether a path exists; False if this user may not enter its folder.

    Whatever reads that folder later reports it, with the remedy.
    """
    try:
        return path.exists()
    except PermissionError:
        return False


@dataclass(frozen=True)
class Home:
    """The folders and files of one data home, as it is or as at a past moment.

    `as_at` is a day, to its end, or a second: `2021-11-17`, `2021-11-17T06:00:00`.
    """

    root: Path
    as_at: str | None = None

    @property
    def until(self) -> datetime | None:
        """The latest extraction time that counts. None means no limit."""
        return end_of(self.as_at) if self.as_at else None

    @property
    def work(self) -> Path:
        """The folder of all that is made from the landing folder, except packs."""
        if self.as_at is None:
            return self.root
        return self.root / "as_at" / self.as_at.replace(":", "")

    @property
    def landing(self) -> Path:
        return self.root / "landing"

    @property
    def is_demonstration(self) -> bool:
        """Whether the demonstration's extracts were written into this home."""
        return _is_there(self.landing / DEMONSTRATION_MARK)

    @property
    def config(self) -> Path:
        """The folder of the force's own seeds, the same for every moment."""
        return self.root / "config"

    @property
    def mappings(self) -> Path:
        """How exports with other columns are read: a file for each extract."""
        return self.config / MAPPINGS

    @property
    def configs(self) -> tuple[Path, ...]:
        """The folders of configuration that apply here; later ones take precedence."""
        found = (DEMONSTRATION_CONFIG,) if self.is_demonstration else ()
        return (*found, self.config) if _is_there(self.config) else found

    @property
    def seeds(self) -> Path:
        """The seeds as dbt loads them: the defaults merged with the configuration."""
        return self.work / "seeds"

    @property
    def warehouse(self) -> Path:
        """The private work file; analysts read the published one."""
        return self.work / "warehouse.duckdb"

    @property
    def published(self) -> Path:
        return self.work / "published"

    @property
    def current(self) -> Path:
        return self.published / "current.duckdb"

    @property
    def strandline(self) -> Path:
        """A second link to the version. A client names the catalog after it."""
        return self.published / "strandline.duckdb"

    @property
    def restricted(self) -> Path:
        """The ids and free texts that the published versions do not have."""
        return self.work / "restricted"

    @property
    def key_secret(self) -> Path:
        """What the keys in the published versions are made with, at every moment."""
        return self.root / "key_secret"

    @property
    def publications(self) -> Path:
        """The folder of publications. They are never made again, at no past moment."""
        return self.root / "publications"

    @property
    def dagster(self) -> Path:
        return self.work / "dagster"

    @property
    def service(self) -> Path:
        """What `make up` needs: passwords, and the settings that it writes."""
        return self.work / "service"

    @property
    def spark(self) -> Path:
        """What Spark reads and writes, if it counts: Parquet files of single lines."""
        return self.work / "spark"

    @property
    def dbt_target(self) -> Path:
        return self.work / "dbt_target"

    @property
    def output(self) -> Path:
        """The folder of this home's packs: `reports/output/[<home>/]`."""
        return self._of_home("output", "reports")

    @property
    def authors_text(self) -> Path:
        """The folder of the authors' files: `reports/authors_text/[<home>/]`."""
        return self._of_home("authors_text", "authors_text")

    def pack_name(self, quarter: str) -> str:
        """Return the name of a pack's folder: `2021-22-q2`, `2021-22-q2@2021-11-17`."""
        return f"{quarter}@{self.work.name}" if self.as_at else quarter

    def _of_home(self, inside: str, outside: str) -> Path:
        """Return a folder under reports/ for homes in data/, else one in the home."""
        if self.root.is_relative_to(DEMONSTRATION_HOME):
            here = self.root.relative_to(DEMONSTRATION_HOME)
            return REPOSITORY / "reports" / inside / here
        return self.root / outside


def home() -> Home:
    """Return the data home in use: `STRANDLINE_HOME`, or the demonstration's."""
    root = Path(os.environ.get(HOME_VARIABLE) or DEMONSTRATION_HOME).resolve()
    return Home(root, os.environ.get(AS_AT_VARIABLE) or None)


def force() -> str | None:
    """Return the code of the chosen force (seeds/reference/forces.csv), or None."""
    return os.environ.get(FORCE_VARIABLE) or None


def engine() -> str:
    """Return what counts: `duckdb`, or `spark` (docs/scale.md).

    Raises:
        DeliveryError: the variable has another value.
    """
    chosen = os.environ.get(ENGINE_VARIABLE) or ENGINES[0]
    if chosen not in ENGINES:
        raise DeliveryError(
            f"{ENGINE_VARIABLE} is {chosen}; it must be {' or '.join(ENGINES)}."
        )
    return chosen


def spark_folder(home: Home) -> str:
    """Return the folder of Spark's Parquet files, which can be in an object store."""
    return os.environ.get(SPARK_FOLDER_VARIABLE) or str(home.spark)


def environment_of_spark(home: Home) -> dict[str, str]:
    """Return the environment of the process that counts on Spark."""
    target = home.dbt_target / "spark"
    return os.environ | {
        SPARK_FOLDER_VARIABLE: spark_folder(home),
        "DBT_TARGET_PATH": str(target),
        "DBT_LOG_PATH": str(target / "logs"),
    }


def is_spark_remote() -> bool:
    """Whether Spark's own variable names a Spark Connect server."""
    return "SPARK_REMOTE" in os.environ


def java() -> str | None:
    """Return the program that Spark would start: of `JAVA_HOME`, or of the path."""
    folder = os.environ.get("JAVA_HOME")
    return shutil.which("java", path=f"{folder}/bin" if folder else None)


def spark_master() -> str:
    """Return Spark's own name of the machines that a session uses."""
    return os.environ.get(SPARK_MASTER_VARIABLE) or "local[*]"


def spark_memory() -> str:
    """Return how much memory a session on this machine may use, as Spark writes it."""
    return os.environ.get(SPARK_MEMORY_VARIABLE) or "4g"


@contextmanager
def holder(word: str) -> Iterator[None]:
    """Pass the lock's word to processes that are started while the context lasts."""
    before = os.environ.get(HOLDER_VARIABLE)
    os.environ[HOLDER_VARIABLE] = word
    try:
        yield
    finally:
        if before is None:
            del os.environ[HOLDER_VARIABLE]
        else:
            os.environ[HOLDER_VARIABLE] = before


def memory_limit() -> str:
    """Return what DuckDB may use while files are read, such as `2GB`."""
    return os.environ.get(MEMORY_VARIABLE) or DEFAULT_MEMORY


def holder_word() -> str | None:
    """Return the word of the run that started this process; None if no run did."""
    return os.environ.get(HOLDER_VARIABLE)


def seed(name: str, seeds: Path = SEEDS) -> Path:
    """Return the path of a seed: `seeds/<folder>/<name>.csv`.

    If no folder has the seed, the path is `seeds/<name>.csv`, which does not exist.
    """
    return next(iter(sorted(seeds.glob(f"*/{name}.csv"))), seeds / f"{name}.csv")


def extracts() -> dict[str, dict[str, str]]:
    """Return the rows of seeds/force/extracts.csv by the extract's name, in order."""
    with seed("extracts").open(encoding="utf-8", newline="") as file:
        return {row["extract"]: row for row in csv.DictReader(file)}


def force_extracts() -> list[str]:
    """Return the names of the extracts that a force delivers; each has a contract."""
    rows = extracts().items()
    return [name for name, row in rows if row["delivery"] in ("full", "delta")]


def configure(
    root: Path | None = None, force_code: str | None = None, as_at: str | None = None
) -> Home:
    """Choose home, force and moment for this process and those that it starts.

    No file or folder is made. Programs that are started without this (`dbt`, `dg`)
    work in the demonstration's home. What this process and those that it starts write
    from now on, only the owner and the group may read.
    """
    os.umask(UMASK)
    if root is not None:
        os.environ[HOME_VARIABLE] = str(root.resolve())
    if force_code is not None:
        os.environ[FORCE_VARIABLE] = force_code
    if as_at is not None:
        os.environ[AS_AT_VARIABLE] = as_at
    chosen = home()
    os.environ.update(QUIET | QUICK)
    os.environ["DBT_TARGET_PATH"] = str(chosen.dbt_target)
    os.environ["DBT_LOG_PATH"] = str(chosen.dbt_target / "logs")
    os.environ["DBT_PROFILES_DIR"] = str(DBT_PROJECT)
    os.environ["DAGSTER_HOME"] = str(chosen.dagster)
    # The installed package may be another checkout.
    os.environ["PYTHONPATH"] = str(REPOSITORY)
    return chosen


def serve(run: str) -> None:
    """Make those that this process starts a service: schedules are on.

    Args:
        run: a folder that only this user may enter, for sockets and passing files.
    """
    os.environ[SERVICE_VARIABLE] = "yes"
    os.environ["TMPDIR"] = run


def is_service() -> bool:
    return SERVICE_VARIABLE in os.environ


def alerts() -> dict[str, str]:
    """Return where alerts go: `webhook`, `mail`, `from`, `to`, if they are set."""
    named = {name: os.environ.get(v, "") for name, v in ALERT_VARIABLES.items()}
    return {name: value for name, value in named.items() if value}


def write_workspace(home: Home) -> Path:
    """Write the file by which Dagster's programs find the definitions."""
    home.service.mkdir(parents=True, exist_ok=True)
    path = home.service / "workspace.yaml"
    path.write_text(
        "load_from:\n"
        "  - python_module:\n"
        "      module_name: dagster_project.definitions\n"
        f"      location_name: {CODE_LOCATION}\n",
        encoding="utf-8",
    )
    return path


def environment_to_lint() -> dict[str, str]:
    """Return the environment of sqlfluff, with which dbt opens no file of a home."""
    return os.environ | {"STRANDLINE_TARGET": "lint"}


def write_settings_for_dagster() -> None:
    """Write `.env`, which `dg` and `dagster` read if they are started by hand.

    It names the demonstration's home. For every other home there is `configure`.
    """
    settings = {"DAGSTER_HOME": str(Home(DEMONSTRATION_HOME).dagster)} | QUIET | QUICK
    lines = [f"{name}='{value}'\n" for name, value in settings.items()]
    (REPOSITORY / ".env").write_text("".join(lines), encoding="utf-8")


def prepare_dagster() -> None:
    """Make the folder and the settings file of Dagster's instance in the home in use.

    `configure` does not do this, because some commands only read a home.
    """
    folder = home().dagster
    folder.mkdir(parents=True, exist_ok=True)
    # Without its mode: that of a checkout.
    shutil.copyfile(
        REPOSITORY / "dagster_project" / "dagster.yaml", folder / "dagster.yaml"
    )
