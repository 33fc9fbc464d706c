"""dbt, sqlfluff, dg and dagster work as their documentation says, in a fresh clone.

The clone is a copy of the checkout. Where it would have the demonstration's home there
is a finished home of the hand-made extracts, on which a run takes less time.
PYTHONPATH stands for `make setup`, which installs a clone in its environment; no other
variable is set.
"""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from dagster_project import settings
from tests.conftest import LEFT_BEHIND, Result, append

PROGRAMS = Path(sys.executable).parent
TRACED = settings.REPOSITORY / "tests" / "traced"
LOOPBACK = re.compile(r"""\(?['"](127\.|::1|localhost|/|\\x00)""")
SQL = "models/marts/dim_strands.sql"
RAW = "raw/team_returns"
# The incremental models, and the seed that decides what they count.
RULES = ("measure_rules", "config.materialized:incremental")
WITHOUT_TESTS = [f"--exclude-resource-type={kind}" for kind in ("test", "unit_test")]
MODULE = ("-m", "dagster_project.definitions")


pytestmark = pytest.mark.slow


class Clone:
    """A checkout with a finished home, and the tools run in it."""

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

    def dbt(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return self.run("dbt", *arguments, folder="dbt_project")

    def fraud_count(self) -> int:
        """Crimes that count as fraud, as an analyst asks dbt for them."""
        counted = "select count(*) as n from {{ ref('fct_crime_measures') }}"
        counted += " where measure_code = 'fraud'"
        shown = self.dbt("show", "--inline", counted, "--output", "json")
        found = re.search(r'"n": (\d+)', shown.stdout)
        assert found, shown.stdout
        return int(found[1])

    def outside(self) -> list[str]:
        """The addresses that are not of this machine."""
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


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("ls", "--select", "dim_strands"), "strandline.marts.dim_strands"),
        (("show", "--select", "dim_strands"), "domestic_abuse"),
        (("build", "--select", "dim_strands"), "OK created sql table model"),
        (("test", "--select", "assert_a_strand_has_one_name"), "1 of 1 PASS"),
        (("docs", "generate", "--select", "dim_strands"), "Catalog written"),
    ],
    ids=lambda value: value[0] if isinstance(value, tuple) else "",
)
def test_dbt_works_on_the_home_of_a_clone(clone, arguments, words):
    done = clone.dbt(*arguments)
    assert done.returncode == 0 and words in done.stdout, done.stdout
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
    """Extensions hold dbt in a Python of the environment, started in the workspace."""
    done = clone.run("python", "-c", EDITOR, str(clone.root / "dbt_project"))
    assert done.returncode == 0 and "domestic_abuse" in done.stdout, done.stdout
    assert clone.outside() == []


def test_dbt_alone_refuses_to_add_to_tables_of_other_rules_and_builds_them_in_full(
    clone,
):
    rules = settings.seed("measure_rules", clone.root / "seeds")
    as_delivered = rules.read_bytes()
    before = clone.fraud_count()
    # Every robbery counts as fraud from now on.
    append(clone.root, "measure_rules", "fraud,99,Robbery,,,,,")
    try:
        build = ("build", "--select", *RULES, *WITHOUT_TESTS)
        refused = clone.dbt(*build)
        assert refused.returncode != 0
        assert "a seed or the configuration has changed" in refused.stdout
        built = clone.dbt(*build, "--full-refresh")
        assert built.returncode == 0, built.stdout
        assert clone.fraud_count() > before
    finally:
        rules.write_bytes(as_delivered)


def test_sqlfluff_lints_one_file(clone):
    done = clone.run("sqlfluff", "lint", f"dbt_project/{SQL}")
    assert done.returncode == 0 and "All Finished" in done.stdout, done.stdout


@pytest.mark.parametrize(
    ("command", "words"),
    [
        (("dg", "check", "defs"), "All definitions loaded successfully"),
        (("dg", "list", "defs"), "fct_crimes"),
        (("dg", "launch", "--assets", RAW), "RUN_SUCCESS"),
        (
            ("dagster", "asset", "materialize", *MODULE, "--select", RAW),
            "RUN_SUC",
        ),
        (("dagster", "job", "execute", *MODULE, "-j", "daily"), "RUN_SUCCESS"),
    ],
    ids=lambda value: " ".join(value[:3]) if isinstance(value, tuple) else "",
)
def test_dagsters_tools_work_on_the_home_of_a_clone(clone, command, words):
    done = clone.run(*command)
    assert done.returncode == 0 and words in done.stdout, done.stdout
    assert clone.outside() == []
