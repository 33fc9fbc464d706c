"""Every path, and the only reader and writer of the environment.

A *data home* holds all that belongs to one source of data: landing, work file,
published files, Dagster's own records and dbt's target. Homes never mix. A home as at a
past moment shares the landing folder, and has all the rest below `as_at/<moment>/`.
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

REPOSITORY = Path(__file__).resolve().parent.parent
SEEDS = REPOSITORY / "seeds"
DBT_PROJECT = REPOSITORY / "dbt_project"
# Not `target` itself, where dbt writes when somebody starts it there.
PARSED = DBT_PROJECT / "target" / "prepared"
DEMONSTRATION_HOME = REPOSITORY / "data"
DEMONSTRATION_FORCE = "essex"
# In the landing folder of a home that the demonstration was written into.
DEMONSTRATION_MARK = "demonstration.json"
MAPPINGS = "mappings"
DEMONSTRATION_CONFIG = REPOSITORY / "dagster_project" / "demonstration" / "config"

HOME_VARIABLE = "STRANDLINE_HOME"
FORCE_VARIABLE = "STRANDLINE_FORCE"
AS_AT_VARIABLE = "STRANDLINE_AS_AT"
# Known to whoever works in a home and to its dbt: dagster_project/locks.py.
HOLDER_VARIABLE = "STRANDLINE_HOLDER"
# The dbt of this environment, whatever the caller's PATH says; and dbt_offline.py.
DBT_EXECUTABLE = Path(sys.executable).with_name("dbt")
DBT_OFFLINE = Path(sys.executable).with_name("strandline-dbt")

# Nothing may try the network after installation.
QUIET = {
    "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
    "DBT_VERSION_CHECK": "false",
    "DAGSTER_DISABLE_TELEMETRY": "1",
    "DO_NOT_TRACK": "1",
}
# Work that nobody reads: a debug log of each of dbt's nodes, and a write for each asset
# that a run is going to make.
QUICK = {
    "DBT_LOG_LEVEL_FILE": "none",
    "DAGSTER_EVENT_BATCH_SIZE": "1000",
}


def _is_there(path: Path) -> bool:
    """Whether a path exists; not in a folder that nobody may enter.

    What is read of that folder says so, with the remedy.
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
        """The last extraction time that counts; none where all do."""
        return end_of(self.as_at) if self.as_at else None

    @property
    def work(self) -> Path:
        """Everything that is made from the landing folder, but for packs."""
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
        """What the force of this home decides: seeds of its own, for every moment."""
        return self.root / "config"

    @property
    def mappings(self) -> Path:
        """How exports with other columns are read: a file for each extract."""
        return self.config / MAPPINGS

    @property
    def configs(self) -> tuple[Path, ...]:
        """The folders of configuration that apply here, each above those before it."""
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
    def publications(self) -> Path:
        """What was given out: never made anew, and no part of any moment."""
        return self.root / "publications"

    @property
    def dagster(self) -> Path:
        return self.work / "dagster"

    @property
    def dbt_target(self) -> Path:
        return self.work / "dbt_target"

    @property
    def output(self) -> Path:
        """Where packs of this home go: `reports/output/[<home>/]`."""
        return self._of_home("output", "reports")

    @property
    def authors_text(self) -> Path:
        """Where authors write: `reports/authors_text/[<home>/]`, kept out of git."""
        return self._of_home("authors_text", "authors_text")

    def pack_name(self, quarter: str) -> str:
        """What the folder of a quarter's pack is called: `2021-22-q2@2021-11-17`."""
        return f"{quarter}@{self.work.name}" if self.as_at else quarter

    def _of_home(self, inside: str, outside: str) -> Path:
        """A folder under reports/ for homes in data/, else one of the home's own."""
        if self.root.is_relative_to(DEMONSTRATION_HOME):
            here = self.root.relative_to(DEMONSTRATION_HOME)
            return REPOSITORY / "reports" / inside / here
        return self.root / outside


def home() -> Home:
    """The data home in use: `STRANDLINE_HOME`, or the demonstration's."""
    root = Path(os.environ.get(HOME_VARIABLE) or DEMONSTRATION_HOME).resolve()
    return Home(root, os.environ.get(AS_AT_VARIABLE) or None)


def force() -> str | None:
    """Code of the force asked for (seeds/reference/forces.csv), or none."""
    return os.environ.get(FORCE_VARIABLE) or None


@contextmanager
def holder(word: str) -> Iterator[None]:
    """Give the processes that are started meanwhile the word of the home's holder."""
    before = os.environ.get(HOLDER_VARIABLE)
    os.environ[HOLDER_VARIABLE] = word
    try:
        yield
    finally:
        if before is None:
            del os.environ[HOLDER_VARIABLE]
        else:
            os.environ[HOLDER_VARIABLE] = before


def holder_word() -> str | None:
    """The word of the run that has started this process; none where no run has."""
    return os.environ.get(HOLDER_VARIABLE)


def seed(name: str, seeds: Path = SEEDS) -> Path:
    """The file of a seed: `seeds/<who owns it>/<name>.csv`.

    A seed that is in no folder has a path at the top, where nothing is.
    """
    return next(iter(sorted(seeds.glob(f"*/{name}.csv"))), seeds / f"{name}.csv")


def extracts() -> dict[str, dict[str, str]]:
    """The rows of seeds/force/extracts.csv by the extract's name, in their order."""
    with seed("extracts").open(encoding="utf-8", newline="") as file:
        return {row["extract"]: row for row in csv.DictReader(file)}


def force_extracts() -> list[str]:
    """Names of the extracts with a contract of their own."""
    rows = extracts().items()
    return [name for name, row in rows if row["delivery"] in ("full", "delta")]


def configure(
    root: Path | None = None, force_code: str | None = None, as_at: str | None = None
) -> Home:
    """Choose home, force and moment of this process and of those that it starts.

    Nothing is made here. Programs that are started without this (`dbt`, `dg`) work in
    the demonstration's home.
    """
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
    # Another checkout may be the one that is installed.
    os.environ["PYTHONPATH"] = str(REPOSITORY)
    return chosen


def environment_to_lint() -> dict[str, str]:
    """The environment of sqlfluff, whose dbt opens no file of a home."""
    return os.environ | {"STRANDLINE_TARGET": "lint"}


def write_settings_for_dagster() -> None:
    """Write `.env`, which `dg` and `dagster` read where they are started.

    They work in the demonstration's home then. `configure` is for every other home.
    """
    settings = {"DAGSTER_HOME": str(Home(DEMONSTRATION_HOME).dagster)} | QUIET | QUICK
    lines = [f"{name}='{value}'\n" for name, value in settings.items()]
    (REPOSITORY / ".env").write_text("".join(lines), encoding="utf-8")


def prepare_dagster() -> None:
    """Make what Dagster's instance needs of the home in use: its folder, its settings.

    Apart from `configure`, since a home that is only read is not written to.
    """
    folder = home().dagster
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copy(REPOSITORY / "dagster_project" / "dagster.yaml", folder)
