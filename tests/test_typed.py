"""A mistyped value is reported in one sentence, and no file is created or changed."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from dagster_project import settings
from dagster_project.cli import docs
from dagster_project.cli.main import main
from dagster_project.intake import landing
from tests.conftest import LANDING, command_parsers, tree
from tests.open_data_files import BURGLARY, KENT, STREET, archive, csv

# Values that are wrong for every command that takes them.
QUARTERS = ["2021-22-q5", "Q2 2021/22", "", " ", "2098-99-q1", "../2021-22-q2"]
QUARTERS += ["2021-22-q2\n", "2021-22-q2/..", "\uff12021-22-q2"]
MOMENTS = ["", "../..", "2021-11- 7", "20211117", "2021-13-01", "2021-11-17T06:00"]
MOMENTS += ["2021-11-17\n", "2098-01-01", "2021-11-17T06:00:00Z", "/tmp"]
FORCES = ["atlantis", "", "../kent", "Essex", "essex\n", "essex/..", "essex,kent"]
# Below the folder of the test.
HOMES = ["a file", "a file/home", "other/landing", "other/landing/crimes"]
HOMES += ["other/landing/crimes/new", "other/published", "other/as_at/2021-11-17"]
HOMES += ["two\nlines", "\u202eemoh", "half\udcff", "bell\x07"]
NUMBERS = ["", "0", "-1", "1.5", "x", "1e3", "\uff11", "1 2", "1\n", "../1", "9" * 30]
FILES = ["other", "a file/x.csv", "nowhere/x.csv", "x.duckdb", "other/landing/x.csv"]
FILES += ["", "x\n.csv", "other/landing/crimes/crimes_20211117T060000.csv"]
ARCHIVES = ["", "nowhere.zip", "two\nlines"]
EXTRACTS = ["", "crime", "police_uk_street", "../crimes", "a\x1b[31mred\nsecond"]
COMMANDS = {
    "start": {"force": [*FORCES, "all"], "data": HOMES},
    "check-config": {"data": [*HOMES, "nowhere", "other"]},
    "report": {"data": HOMES, "quarter": QUARTERS, "as-at": MOMENTS, "force": FORCES}
    | {"archive": ARCHIVES},
    "dev": {"data": HOMES, "as-at": MOMENTS, "force": FORCES}
    | {"port": [*NUMBERS, "70000"]},
    "explain": {"data": HOMES, "quarter": QUARTERS, "as-at": MOMENTS, "force": FORCES}
    | {"csv": FILES, "figure": ["", "a\nb"], "records": NUMBERS},
    "pack": {"data": [*HOMES, "nowhere"], "quarter": QUARTERS},
    "pdf": {"data": [*HOMES, "nowhere"], "quarter": QUARTERS},
    "publish": {"data": [*HOMES, "nowhere"], "quarter": QUARTERS},
    "verify": {"data": [*HOMES, "nowhere"], "quarter": QUARTERS, "version": NUMBERS},
    "sql": {"data": [*HOMES, "nowhere"], "as-at": MOMENTS},
    "lineage": {"data": [*HOMES, "nowhere"]},
    "parquet": {"data": [*HOMES, "nowhere"], "as-at": MOMENTS},
    "accept": {"data": [*HOMES, "nowhere"], "load": NUMBERS, "by": ["", "a\nb"]},
    "up": {"data": [*HOMES, "nowhere"], "port": [*NUMBERS, "70000"]},
    "password": {"data": [*HOMES, "nowhere"], "name": ["", "a\nb", "a:b"]},
    "backup": {"data": [*HOMES, "nowhere"], "file": ["", "a file", "a file/x.zip"]},
    "restore": {"data": HOMES, "file": ["", "nowhere.zip", "a file", "two\nlines"]},
    "erase": {
        "data": [*HOMES, "nowhere"],
        "crime": ["", "a\nb"],
        "reason": ["", "a\nb"],
    },
    "demo": {"data": HOMES, "crimes": NUMBERS, "format": ["xls", "", "../csv"]},
    "inspect": {"data": [*HOMES, "nowhere"], "extract": EXTRACTS}
    | {"propose": ["", "no", "a\nb"]}
    | {"file": ["", "nowhere.csv", "other", "a\x1b[31mred\nsecond"]},
}
NEEDED = {
    "start": ["--force=kent", "--data=new"],
    "explain": ["--figure=a"],
    "accept": ["--load=1"],
    "inspect": ["--extract=crimes", "a file"],
    "password": ["--name=ada"],
    "backup": ["--data=other", "new.zip"],
    "restore": ["--data=new", "a file"],
    "erase": ["--crime=C1", "--reason=order"],
}
# `make lint` says where the SQL is.
NOT_TYPED = {("lint", "paths")}
CASES = [
    pytest.param(command, option, value, id=f"{command} {option} {value!r}")
    for command, options in COMMANDS.items()
    for option, values in options.items()
    for value in values
]


@pytest.fixture
def place(tmp_path: Path, monkeypatch) -> Path:
    """A folder with another home and a file, in which the commands are typed."""
    folder = tmp_path / "place"
    shutil.copytree(LANDING, folder / "other" / "landing")
    (folder / "a file").write_text("mine")
    monkeypatch.chdir(folder)
    monkeypatch.setattr(os, "environ", os.environ.copy())
    return folder


@pytest.fixture
def refused(place: Path, capsys) -> Callable[..., str]:
    """Run a command that must stop; return its sentence after checking that nothing
    changed.
    """

    def run(*words: str) -> str:
        here = [place, settings.DEMONSTRATION_HOME, settings.REPOSITORY / "reports"]
        before = [tree(folder) for folder in here]
        try:
            code = main(list(words))
        except SystemExit as stopped:
            code = stopped.code
        said = capsys.readouterr()
        assert code == (3 if words[:1] == ("inspect",) else 2) and said.out == ""
        assert [tree(folder) for folder in here] == before
        assert said.err.startswith("\nstrandline: ")
        sentence = said.err.removeprefix("\nstrandline: ").removesuffix("\n")
        assert sentence.isprintable() and "Traceback" not in sentence
        return sentence

    return run


@pytest.mark.parametrize(("command", "option", "value"), CASES)
def test_an_invalid_value_is_named_and_nothing_is_made(
    refused, command: str, option: str, value: str
):
    needed, typed = NEEDED.get(command, ()), f"--{option}={value}"
    if option == "file":
        needed, typed = [each for each in needed if each.startswith("--")], value
    sentence = refused(command, *needed, typed)
    named = option.upper().replace("-", "_") + "="
    assert named in sentence or f"--{option}" in sentence or "nowhere" in sentence


def test_every_value_that_can_be_typed_is_in_the_table():
    options = {
        (command, action.dest.replace("_", "-"))
        for command, parser in command_parsers().items()
        for action in parser._actions
        if action.nargs != 0
    }
    assert options - NOT_TYPED == {(case.values[0], case.values[1]) for case in CASES}


@pytest.mark.parametrize("name", command_parsers())
def test_the_help_of_a_command_describes_it_and_every_option_with_its_default(name):
    command = command_parsers()[name]
    assert command.description
    assert [action.dest for action in command._actions if not action.help] == []
    shown = " ".join(command.format_help().split())
    for action in command._actions:
        # The help describes the default of a home or a choice in words.
        if action.default and action.dest not in ("help", "data"):
            assert f"(default: {action.default})" in shown


@pytest.mark.parametrize("command", ["report", "dev"])
def test_a_home_without_a_landing_folder_is_not_made(refused, command: str):
    assert "nowhere/landing" in refused(command, "--data=nowhere", "--force=essex")
    assert "FORCE=" in refused(command, "--data=nowhere")
    assert "FORCE=" in refused(command, "--data=other")


@pytest.mark.parametrize("command", ["report", "dev"])
def test_a_home_of_another_force_is_left_as_it_is(refused, place: Path, command: str):
    landing.remember_force(settings.Home(place / "other"), "kent")
    assert "another force's" in refused(command, "--data=other", "--force=essex")


@pytest.mark.parametrize("command", ["report", "dev"])
def test_a_force_without_its_data_is_not_answered_with_the_demonstrations(
    refused, command: str
):
    sentence = refused(command, "--force=kent")
    assert "FORCE=kent" in sentence and "DATA=" in sentence


def test_an_archive_that_lacks_the_force_is_taken_into_no_home(refused, place: Path):
    archive(place / "kent.zip", {KENT: csv(STREET, BURGLARY)})
    options = ["--archive=kent.zip", "--force=essex"]
    sentence = refused("report", *options)
    assert "no street file of essex" in sentence and "kent" in sentence
    refused("report", *options, "--data=new")
    refused("report", "--archive=nowhere.zip", "--force=essex", "--data=new")
    refused("report", "--archive=a file", "--force=essex", "--data=new")


def test_a_home_that_this_user_may_not_write_is_named(
    place: Path, unprivileged, capsys
):
    """This applies to every command that writes there, and before it writes
    anything.
    """
    options = ["--data=other", "--force=essex"]
    (place / "other" / "warehouse.duckdb").touch()
    (place / "other" / "published").mkdir()
    (place / "other" / "published" / "current.duckdb").touch()
    main(["report", "--data=a file"])  # That user cannot start Python.
    before = tree(place)
    with unprivileged(place / "other") as as_nobody, as_nobody():
        for words in (
            ["report", *options],
            ["dev", *options],
            ["start", *options],
            ["demo", "--data=other"],
            ["demo", "--data=new"],
            ["publish", "--data=other"],
            ["accept", "--data=other", "--load=1"],
            ["explain", "--data=other", "--figure=a", "--csv=x.csv"],
        ):
            capsys.readouterr()
            assert main(words) == 2
            assert "this user may not write there" in capsys.readouterr().err
    assert tree(place) == before


def test_the_demonstration_is_not_written_over_a_forces_extracts(place: Path, capsys):
    assert main(["demo", "--data=other"]) == 2
    assert "is not a file of the demonstration" in capsys.readouterr().err


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["reprot"],
        ["report", "--quater=x"],
        ["explain"],
        ["accept"],
        ["report", "x"],
        ["inspect", "a file"],
        ["inspect", "--extract=crimes"],
    ],
)
def test_an_invalid_command_line_is_answered_in_one_sentence(refused, words: list[str]):
    assert "--help to see what is possible." in refused(*words)


def test_an_error_not_from_the_system_is_reported_with_its_own_message(
    monkeypatch, capsys
):
    def fail(_):
        raise FileExistsError("a.csv is there already")

    monkeypatch.setattr(docs, "run", fail)
    assert main(["docs"]) == 2
    assert "a file of the data home: a.csv is there already." in capsys.readouterr().err
