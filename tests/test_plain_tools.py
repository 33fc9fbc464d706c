"""dbt, sqlfluff, dg and dagster work in a fresh clone, as docs/operate.md says.

The commands are read from that page, and the tests check what each prints. The clone is
a copy of the checkout. In place of the demonstration's home it has a finished home of
the hand-made extracts, on which a run takes less time. PYTHONPATH replaces `make
setup`, which installs a clone in its environment; no other variable is set.
"""

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest

from dagster_project import settings
from tests.conftest import LEFT_BEHIND, Result, append
from tests.documents import DOCS, commands

PROGRAMS = Path(sys.executable).parent
TRACED = settings.REPOSITORY / "tests" / "traced"
LOOPBACK = re.compile(r"""\(?['"](127\.|::1|localhost|/|\\x00)""")
PRINTS = {
    ("dbt", "ls"): "strandline.marts.dim_strands",
    ("dbt", "show"): "domestic_abuse",
    ("dbt", "build"): "OK created sql table model",
    ("dbt", "test"): "1 of 1 PASS",
    ("dbt", "docs"): "Catalog written",
    ("sqlfluff", "lint"): "All Finished",
    ("dg", "check"): "All definitions loaded successfully",
    ("dg", "list"): "fct_crimes",
    ("dg", "launch"): "RUN_SUCCESS",
    ("dagster", "asset"): "RUN_SUC",
    ("dagster", "job"): "RUN_SUCCESS",
}
# `make soak` runs these. `make lint` checks the definitions of the checkout by dg, and
# test_power_cut.py runs the job from Dagster's pages.
REPEATED = (("dagster", "job"), ("dg", "check"))
# The incremental models, and the seed with their rules.
RULES = ("measure_rules", "config.materialized:incremental")
WITHOUT_TESTS = [f"--exclude-resource-type={kind}" for kind in ("test", "unit_test")]


pytestmark = pytest.mark.slow


class Clone:
    """A checkout with a finished home, and the tools that run in it."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.addresses = root.parent / "addresses.txt"
        self.addresses.touch()

    def run(self, *command: str, folder: str = ".") -> subprocess.CompletedProcess[str]:
        """Run a program of the environment in a folder of the clone."""
        return subprocess.run(
            [str(PROGRAMS / command[0]), *command[1:]],
            cwd=self.root / folder,
            env={
                "PATH": os.environ["PATH"],
                "HOME": str(self.root.parent),
                "PYTHONPATH": f"{self.root}:{TRACED}",
                "TRACED": str(self.addresses),
            },
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )

    @property
    def warehouse(self) -> Path:
        return self.root / "data" / "warehouse.duckdb"

    def dbt(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return self.run("dbt", *arguments, folder="dbt_project")

    def fraud_count(self) -> int:
        """Return how many crimes count as fraud."""
        counted = "select count(*) from marts.fct_crime_measures"
        counted += " where measure_code = 'fraud'"
        with duckdb.connect(str(self.warehouse), read_only=True) as connection:
            return connection.execute(counted).fetchall()[0][0]

    def outside(self) -> list[str]:
        """Return the network addresses that were used outside this machine."""
        found = self.addresses.read_text(encoding="utf-8").splitlines()
        return [address for address in found if not LOOPBACK.match(address)]


@pytest.fixture(scope="module")
def clone(first_build: Result, tmp_path_factory: pytest.TempPathFactory) -> Clone:
    root = tmp_path_factory.mktemp("plain") / "clone"
    shutil.copytree(settings.REPOSITORY, root, ignore=LEFT_BEHIND)
    shutil.copytree(first_build.home.root, root / "data", symlinks=True)
    made = Clone(root)
    prepared = made.run("python", "-m", "dagster_project", "prepare")
    assert prepared.returncode == 0, prepared.stdout
    return made


def documented(*programs: str) -> list[tuple[str, ...]]:
    """Return the page's commands that start one of these programs."""
    found = [each.split() for each in commands(DOCS / "operate.md")]
    tools = [w for w in found if w[0].removeprefix("../").startswith(".venv/bin/")]
    return [(Path(w[0]).name, *w[1:]) for w in tools if Path(w[0]).name in programs]


DBT, OTHERS = documented("dbt"), documented("sqlfluff", "dg", "dagster")


def test_every_plain_tool_of_the_page_is_expected_to_print_something():
    assert {command[:2] for command in (*DBT, *OTHERS)} == set(PRINTS)


@pytest.mark.parametrize("command", DBT, ids=" ".join)
def test_dbt_works_on_the_home_of_a_clone(clone, command):
    done = clone.dbt(*command[1:])
    assert done.returncode == 0 and PRINTS[command[:2]] in done.stdout, done.stdout
    assert clone.outside() == []


EDITOR = """
import sys
from dbt.cli.main import dbtRunner

project = ["--project-dir", sys.argv[1], "--profiles-dir", sys.argv[1]]
runner = dbtRunner()
for command in (
    ["parse"],
    ["compile", "--inline", "select * from {{ ref('dim_strands') }}"],
    ["show", "--inline", "select * from {{ ref('dim_strands') }}"],
):
    done = runner.invoke([*command, *project])
    assert done.success, done.exception
"""


def test_an_editors_dbt_extension_works_from_the_root_of_a_clone(clone):
    """Extensions run dbt within a Python process that is started in the workspace."""
    done = clone.run("python", "-c", EDITOR, str(clone.root / "dbt_project"))
    assert done.returncode == 0 and "domestic_abuse" in done.stdout, done.stdout
    assert clone.outside() == []


@dataclass(frozen=True)
class Rebuilt:
    """Two builds by dbt alone after a rule has changed and two models are gone: one
    that adds and one in full; and how many crimes count as fraud before and after.
    """

    refused: subprocess.CompletedProcess[str]
    built: subprocess.CompletedProcess[str]
    fraud: tuple[int, int]


@pytest.fixture(scope="module")
def rebuilt(clone: Clone) -> Rebuilt:
    rules = settings.seed("measure_rules", clone.root / "seeds")
    as_delivered = rules.read_bytes()
    before = clone.fraud_count()
    with duckdb.connect(str(clone.warehouse)) as connection:
        connection.execute("create table marts.fct_gone as select 1 as a")
        connection.execute("create view intermediate.int_gone as from marts.fct_gone")
    # Every robbery counts as fraud from now on.
    append(clone.root, "measure_rules", "fraud,99,Robbery,,,,,,")
    try:
        build = ("build", "--select", *RULES, *WITHOUT_TESTS)
        refused = clone.dbt(*build)
        built = clone.dbt(*build, "--full-refresh")
    finally:
        rules.write_bytes(as_delivered)
    return Rebuilt(refused, built, (before, clone.fraud_count()))


def test_dbt_alone_refuses_to_add_to_tables_of_other_rules_and_builds_them_in_full(
    rebuilt: Rebuilt,
):
    assert rebuilt.refused.returncode != 0
    assert "a seed or the configuration has changed" in rebuilt.refused.stdout
    assert rebuilt.built.returncode == 0, rebuilt.built.stdout
    before, after = rebuilt.fraud
    assert after > before


def test_what_a_removed_model_made_is_dropped(clone: Clone, rebuilt: Rebuilt):
    with duckdb.connect(str(clone.warehouse), read_only=True) as connection:
        left = connection.execute(
            "select table_name from duckdb_tables() union all"
            " select view_name from duckdb_views()"
        ).fetchall()
    assert not {("fct_gone",), ("int_gone",)} & {*left}
    assert {("builds",), ("dim_strands",), ("rpt_rolling_12_months",)} <= {*left}


@pytest.mark.parametrize(
    "command",
    [
        pytest.param(each, marks=pytest.mark.soak if each[:2] in REPEATED else ())
        for each in OTHERS
    ],
    ids=" ".join,
)
def test_the_other_tools_work_on_the_home_of_a_clone(clone, command):
    done = clone.run(*command)
    assert done.returncode == 0 and PRINTS[command[:2]] in done.stdout, done.stdout
    assert clone.outside() == []
