"""Values after `make` reach the program unchanged, and are never executed."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from dagster_project import settings
from dagster_project.cli import commands
from tests.conftest import command_parsers

# Each value would create the file `ran` if a shell or make evaluated it.
NASTY = (
    "`touch ran`",
    "$(touch ran)",
    "$(shell touch ran)",
    "${shell touch ran}",
    "$(eval x:=$(shell touch ran))",
    "'; touch ran; '",
    '"; touch ran; "',
    "x; touch ran",
    "x && touch ran",
    "x | touch ran",
    "x > ran",
    "x\ntouch ran\n",
    "x \\\n touch ran",
    "two  words and a trailing blank ",
    "* ? [a-z] ~ #hash %percent",
    "$$ $HOME ${HOME} $@ $< $1",
    "back\\slash\\",
    "--force=kent",
    "é ẃ 🦉",
    "",
)
# These show each careless recipe: one that make or a shell evaluates, one that quotes
# by hand, one without quotation marks.
FEW = (
    "`touch ran`",
    "$(shell touch ran)",
    "'; touch ran; '",
    '"; touch ran; "',
    "two  words and a trailing blank ",
    "",
)
# All recipes are written by one function of the Makefile. These two, with the most
# options and with an argument, are given every value.
GIVEN_ALL = ("report", "inspect")
# Target: the names that may be typed after it, each with its option of the program, or
# none where it is the command's argument.
TARGETS = {
    "start": {"FORCE": "--force", "DATA": "--data"},
    "check-config": {"DATA": "--data"},
    "report": {
        "QUARTER": "--quarter",
        "DATA": "--data",
        "FORCE": "--force",
        "AS_AT": "--as-at",
        "ARCHIVE": "--archive",
    },
    "pack": {"QUARTER": "--quarter", "DATA": "--data"},
    "pdf": {"QUARTER": "--quarter", "DATA": "--data"},
    "publish": {"QUARTER": "--quarter", "DATA": "--data"},
    "verify": {"QUARTER": "--quarter", "DATA": "--data", "VERSION": "--version"},
    "explain": {
        "FIGURE": "--figure",
        "QUARTER": "--quarter",
        "DATA": "--data",
        "FORCE": "--force",
        "AS_AT": "--as-at",
        "CSV": "--csv",
    },
    "sql": {"DATA": "--data", "AS_AT": "--as-at"},
    "lineage": {"DATA": "--data"},
    "parquet": {"DATA": "--data", "AS_AT": "--as-at"},
    "demo": {"DATA": "--data", "CRIMES": "--crimes", "FORMAT": "--format"},
    "accept": {"LOAD": "--load", "DATA": "--data", "BY": "--by"},
    "erase": {"CRIME": "--crime", "REASON": "--reason", "DATA": "--data"},
    "dev": {
        "DATA": "--data",
        "FORCE": "--force",
        "AS_AT": "--as-at",
        "PORT": "--port",
    },
    "up": {"DATA": "--data", "PORT": "--port"},
    "backup": {"DATA": "--data", "FILE": ""},
    "restore": {"DATA": "--data", "FILE": ""},
    "password": {"NAME": "--name", "DATA": "--data"},
    "inspect": {"EXTRACT": "--extract", "DATA": "--data", "FILE": ""},
    "bench": {"CRIMES": "--crimes", "STREET": "--street"},
}
# Replaces the programs of .venv, and records how it was called.
STAND_IN = """#!{python} -IS
import json, os, sys
with open("called.json", "a") as file:
    file.write(json.dumps(sys.argv[1:]) + "\\n")
print(os.environ["MAKEFLAGS"])
sys.exit("pip" in sys.argv and os.path.exists("no index"))
"""


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A folder with the Makefile, and a .venv whose Python only records its
    arguments.
    """
    folder = tmp_path / "checkout"
    (folder / ".venv" / "bin").mkdir(parents=True)
    shutil.copy(settings.REPOSITORY / "Makefile", folder)
    (folder / "requirements.lock").write_text("a==1\n")
    (folder / ".venv" / "requirements.lock").write_text("a==1\n")
    for name in ("python", "ruff", "strandline"):
        stand_in = folder / ".venv" / "bin" / name
        stand_in.write_text(STAND_IN.format(python=sys.executable))
        stand_in.chmod(0o755)
    return folder


def make(folder: Path, *words: str, **environment: str) -> subprocess.CompletedProcess:
    inherited = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("MAKE", "MFLAGS"))
    }
    return subprocess.run(
        ["make", *words],
        cwd=folder,
        env=inherited | environment,
        capture_output=True,
        text=True,
        check=False,
    )


def called(target: str, typed: dict[str, str]) -> list[str]:
    """Return the arguments with which the target calls its program for these values."""
    options = TARGETS[target]
    words = ["-m", "tests.benchmarks"] if target == "bench" else [target]
    words += [f"{options[name]}={typed[name]}" for name in typed if options[name]]
    if "" in options.values():
        words += ["--", *(typed[name] for name in typed if not options[name])]
    return words


def calls(folder: Path) -> list[list[str]]:
    """Return how the program was called since this was last asked."""
    file = folder / "called.json"
    if not file.exists():
        return []
    lines = file.read_text(encoding="utf-8").splitlines()
    file.unlink()
    return [json.loads(line) for line in lines]


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("place", ["command line", "environment"])
def test_a_typed_value_is_one_argument_of_the_program_and_runs_nothing(
    checkout: Path, target: str, place: str
):
    options = TARGETS[target]
    before = sorted(checkout.rglob("*"))
    for nasty in NASTY if target in GIVEN_ALL else FEW:
        typed = dict.fromkeys(options, nasty)
        if place == "command line":
            made = make(checkout, target, *(f"{n}={v}" for n, v in typed.items()))
        else:
            made = make(checkout, target, **typed)
        assert made.returncode == 0, made.stderr
        (arguments,) = calls(checkout)
        assert arguments == called(target, dict.fromkeys(options, nasty))
        assert sorted(checkout.rglob("*")) == before


def test_typed_values_are_not_passed_on_to_a_make_that_the_program_starts(
    checkout: Path,
):
    made = make(checkout, "explain", "FIGURE=$(shell touch ran)")
    assert made.returncode == 0 and "FIGURE" not in made.stdout


@pytest.mark.parametrize("target", TARGETS)
def test_an_option_that_is_not_typed_is_not_passed_to_the_program(
    checkout: Path, target: str
):
    assert make(checkout, target).returncode == 0
    (arguments,) = calls(checkout)
    assert arguments == called(target, {})


def test_every_command_for_which_something_is_typed_is_in_the_table():
    with_options = {
        command
        for command, parser in command_parsers().items()
        if any(action.nargs != 0 for action in parser._actions)
    }
    # `make lint` says where the SQL is.
    assert with_options - {"lint"} == set(TARGETS) - {"bench"}


@pytest.mark.parametrize("target", [name for name in TARGETS if name != "bench"])
def test_the_program_knows_every_option_that_a_target_gives_it(target: str):
    values = {"VERSION": "1", "LOAD": "7", "CRIMES": "9", "FORMAT": "csv"}
    typed = {name: values.get(name, "x") for name in TARGETS[target]}
    options = commands.parser().parse_args(called(target, typed))
    assert options.command == target


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["report", "QUATER=2021-22-q1"], "QUATER"),
        (["publish", "FORCE=essex"], "FORCE: `make publish`"),
        (["clean", "DATA=my_home"], "DATA: `make clean`"),
        (["test", "DATA=my_home"], "DATA: `make test`"),
        (["lint", "AS_AT=2021-11-17"], "AS_AT: `make lint`"),
        (["docs", "DATA=my_home"], "DATA: `make docs`"),
        (["report", "X=$(shell touch ran)"], "X"),
    ],
)
def test_a_name_that_a_target_does_not_look_at_stops_it_before_anything_is_done(
    checkout: Path, words: list[str], said: str
):
    (checkout / "data").mkdir()
    before = sorted(checkout.rglob("*"))
    made = make(checkout, *words)
    assert made.returncode == 2
    assert said in made.stderr
    assert sorted(checkout.rglob("*")) == before


@pytest.mark.parametrize(
    ("target", "chosen"),
    [
        ("test", "not (slow or soak or ci)"),
        ("check", "not soak"),
        ("golden", "golden"),
        ("soak", "soak or repeated"),
    ],
)
def test_each_target_for_tests_chooses_them_by_their_marks(
    checkout: Path, target: str, chosen: str
):
    assert make(checkout, target, CI="").returncode == 0
    (tests,) = [call for call in calls(checkout) if call[:2] == ["-m", "pytest"]]
    assert tests[tests.index("-m", 1) + 1] == chosen
    assert ("--hypothesis-profile full" in " ".join(tests)) == (target == "check")


def test_ci_also_runs_the_tests_that_are_marked_for_it(checkout: Path):
    assert make(checkout, "test", CI="true").returncode == 0
    (tests,) = [call for call in calls(checkout) if call[:2] == ["-m", "pytest"]]
    assert tests[tests.index("-m", 1) + 1] == "not (slow or soak)"


def test_a_wheelhouse_has_every_package_of_the_lock_as_a_wheel_with_its_hash():
    said = subprocess.run(
        ["make", "--dry-run", "wheelhouse"],
        cwd=settings.REPOSITORY,
        capture_output=True,
        text=True,
        check=True,
    )
    command = " ".join(said.stdout.replace("\\\n", " ").split())
    assert "-m pip download" in command and "--dest wheelhouse" in command
    # Wheels alone: a source needs a compiler, and packages that the lock does not have.
    assert "--require-hashes --only-binary :all:" in command
    lock = (settings.REPOSITORY / "requirements.lock").read_text("utf-8")
    packages = re.split(r"\n(?=\w)", lock)
    assert len(packages) > 100
    assert all(re.match(r"\S+==\S+", each) for each in packages)
    assert all("--hash=sha256:" in each for each in packages)


def test_ci_runs_lint_and_the_tests_of_the_readmes_command(checkout: Path):
    ci = (settings.REPOSITORY / ".ci" / "run").read_text()
    assert ci.endswith("\nmake lint test\n")
    assert "\n    make test\n" in (settings.REPOSITORY / "README.md").read_text("utf-8")
    assert make(checkout, "lint", "test").returncode == 0
    assert [call[:1] for call in calls(checkout)][-2:] == [["lint"], ["-m"]]


def test_a_check_runs_lint_first(checkout: Path):
    assert make(checkout, "check").returncode == 0
    assert ["lint"] in [call[:1] for call in calls(checkout)]


def test_the_environment_is_made_anew_where_it_was_made_from_another_lock(
    checkout: Path,
):
    lock, installed = checkout / "requirements.lock", ".venv/requirements.lock"
    lock.write_text("a==2\n")
    # The file is older than the environment, and only its content differs.
    os.utime(lock, (0, 0))
    python = str(checkout / ".venv" / "bin" / "python")
    made = make(checkout, "report", f"PYTHON={python}")
    assert made.returncode == 0, made.stderr
    check, venv, install, install_project, prepare, report = calls(checkout)
    assert check[0] == "-c" and venv == ["-m", "venv", ".venv"]
    assert install[:3] == ["-m", "pip", "install"] and "--require-hashes" in install
    assert install_project[-2:] == ["--editable", "."]
    assert "--no-index" in install_project
    assert prepare == ["prepare"] and report == ["report"]
    assert (checkout / installed).read_text() == "a==2\n"
    os.utime(lock)
    make(checkout, "report")
    assert [call[-1] for call in calls(checkout)] == ["report"]


def test_an_environment_in_which_the_project_is_not_installed_is_made_anew(
    checkout: Path,
):
    """An older version created it without installing the project."""
    (checkout / ".venv" / "bin" / "strandline").unlink()
    make(checkout, "docs", f"PYTHON={checkout / '.venv' / 'bin' / 'python'}")
    assert [call[-2:] for call in calls(checkout)][3] == ["--editable", "."]


def test_an_environment_that_was_not_finished_is_made_again(checkout: Path):
    python = f"PYTHON={checkout / '.venv' / 'bin' / 'python'}"
    (checkout / "requirements.lock").write_text("a==2\n")
    (checkout / "no index").touch()
    assert make(checkout, "report", python).returncode == 2
    assert calls(checkout)[-1][:3] == ["-m", "pip", "install"]
    # Also for the lock that it had been made from before.
    (checkout / "requirements.lock").write_text("a==1\n")
    (checkout / "no index").unlink()
    assert make(checkout, "report", python).returncode == 0
    assert len(calls(checkout)) == 6


def test_the_named_python_is_a_program_and_not_a_command_line(checkout: Path):
    (checkout / "requirements.lock").write_text("a==2\n")
    for python in ("touch ran;", "$(shell touch ran)", "`touch ran`"):
        assert make(checkout, "setup", f"PYTHON={python}").returncode == 2
        assert make(checkout, "setup", PYTHON=python).returncode == 2
    assert not (checkout / "ran").exists()
