"""`inspect` says what a run would do with a file."""

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import duckdb
import pytest

from dagster_project import inspection, settings
from dagster_project.cli import inspect as inspect_command
from dagster_project.cli.main import main
from dagster_project.inspection.outcome import Staged
from dagster_project.intake import load_log
from dagster_project.intake.contracts import Contract, load_contract
from tests import compiled_run
from tests.conftest import LANDING, Result, Said, run_here
from tests.intake_files import Intake, text_of

CRIMES = LANDING / "crimes"
HEADER = ",".join(load_contract("crimes").columns)
GOOD = "{},2021-09-15T10:00:00,2021-09-15T09:00:00,,34B,E06000033,,,N,N,N,N,Recorded,,"
ACTION = "A{},Burglary,Mend a lock,An officer,2020-01-01,2020-06-01,,Ongoing,N,,"


def crimes(folder: Path, name: str, *lines: str, header: str = HEADER) -> Path:
    path = folder / name
    path.write_text("\n".join((header, *lines)) + "\n", encoding="utf-8")
    return path


def inspect(path: Path, *options: str, extract: str = "crimes") -> Said:
    return run_here("inspect", str(path), "--extract", extract, *options)


def counts(path: Path, *options: str, extract: str = "crimes") -> tuple[dict, int]:
    """Return what `--json` prints to standard output, and the exit code."""
    said = inspect(path, "--json", *options, extract=extract)
    return json.loads(said.out), said.exit_code


def counts_of_a_process(path: Path, *options: str) -> tuple[dict, int]:
    """Return the same from a separate process, as another program would run it."""
    command = ["inspect", str(path), "--extract", "crimes", "--json", *options]
    finished = subprocess.run(
        [sys.executable, "-m", "dagster_project", *command],
        cwd=settings.REPOSITORY,
        capture_output=True,
        text=True,
        check=False,
    )
    return json.loads(finished.stdout), finished.returncode


@pytest.fixture(autouse=True)
def rules(
    first_build: Result, tmp_path_factory: pytest.TempPathFactory, monkeypatch
) -> None:
    """Build the models of an inspection from compiled SQL, and not with dbt.

    The test that inspects in a separate process uses dbt itself.
    """

    folder = tmp_path_factory.mktemp("look")
    build = partial(compiled_run.build_staging, first_build, folder)
    monkeypatch.setattr(inspection.staging, "_build", build)


def state(home: Path) -> dict[str, tuple]:
    """Return every file of a home → its size and its time of change."""
    return {
        str(path.relative_to(home)): (path.stat().st_size, path.stat().st_mtime_ns)
        for path in home.rglob("*")
    }


def test_every_line_is_counted_once_and_every_reason_is_said(tmp_path):
    lines = [
        GOOD.format("C1"),
        GOOD.format("C2").replace("34B", "999X"),
        GOOD.format("C3").replace("34B", "999X").replace("2021-09-15T10", "yesterday"),
        GOOD.format("C4").replace("Recorded", "Lost"),
        "C5,too few",
        GOOD.format("C6"),
    ]
    path = crimes(tmp_path, "crimes_20211117T060000.csv", *lines)
    found, code = counts_of_a_process(path)
    held = found.pop("held")
    assert (found.pop("earlier_files_waiting"), code) == (0, 0)
    assert found == (
        {"accepted": 2, "unchanged": 0, "unreadable": 1, "blank": 0, "refused": None}
    )
    assert sum(held.values()) == 3
    assert held["crime_status_not_allowed"] == 1
    said = inspect(path).output
    for words in (
        "LOADED",
        "6 lines delivered",
        "2 offence_code_unknown",
        "1 recorded_at_not_timestamp",
        "recorded_at: 2021-09 to 2021-09",
    ):
        assert words in said


def test_in_a_home_lines_are_compared_with_what_is_known_and_nothing_is_written(
    first_build: Result, tmp_path
):
    before = state(first_build.home.root)
    data = ("--data", str(first_build.home.root))
    # The last delivery with one more crime, which would replace the last delivery.
    name = "crimes_20211117T060000.csv"
    path = tmp_path / name
    whole = (CRIMES / name).read_text(encoding="utf-8").rstrip("\n")
    path.write_text(f"{whole}\n{GOOD.format('NEW')}\n", encoding="utf-8")
    found, code = counts(path, *data)
    # As in test_pipeline: six lines, of which five are accepted and one is held.
    assert (found["accepted"], found["unchanged"], found["unreadable"]) == (6, 0, 0)
    assert found["held"] == {"recorded_after_extraction": 1}
    assert (found["refused"], code) == (None, 0)
    # A day later all lines are known, including the held one.
    later = shutil.copy(CRIMES / name, tmp_path / "crimes_20211118T060000.csv")
    found, code = counts(Path(later), *data)
    assert found["unchanged"] == 6 and code == 1, "the same bytes, so it is held"
    assert state(first_build.home.root) == before


def test_a_key_that_the_home_knows_in_other_capitals_is_held(
    first_build: Result, tmp_path
):
    path = crimes(tmp_path, "crimes_20211117T070000.csv", GOOD.format("c01"))
    found, _ = counts(path, "--data", str(first_build.home.root))
    assert (found["accepted"], found["held"]) == (0, {"key_repeated_in_file": 1})


def test_a_file_that_the_home_has_changes_nothing(first_build: Result):
    path = CRIMES / "crimes_20210602T060000.csv"
    found, code = counts(path, "--data", str(first_build.home.root))
    assert found == {
        "accepted": 0,
        "unchanged": 5,
        "held": {},
        "unreadable": 0,
        "blank": 0,
        "refused": None,
        "earlier_files_waiting": 0,
    }
    assert code == 0


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("crimes_20310101T060000.csv", "later than now"),
        ("march.csv", "must contain the extraction time"),
        ("list_20210101T060000.csv", "are named crimes_*"),
        ("~$crimes_20210101T060000.csv", "would ignore it"),
        ("crimes_20210101T060000.ods", "an OpenDocument spreadsheet"),
    ],
)
def test_a_wrong_file_name_is_reported_and_the_lines_are_counted(
    first_build: Result, tmp_path, name, words
):
    known = (CRIMES / "crimes_20210602T060000.csv").read_text(encoding="utf-8")
    path = tmp_path / name
    path.write_text(known, encoding="utf-8")
    found, code = counts(path)
    assert words in found["refused"] and name in found["refused"]
    assert code == 2
    total = found["accepted"] + found["unchanged"] + sum(found["held"].values())
    assert total == (0 if name.endswith(".ods") else 5)


def test_a_wrong_header_is_refused_with_the_sentence_of_a_run(tmp_path):
    path = crimes(tmp_path, "crimes_20211117T060000.csv", header="crime_id,colour")
    found, code = counts(path)
    assert "crimes_20211117T060000.csv, line 1: the header lacks" in found["refused"]
    assert (found["accepted"], code) == (0, 2)


def test_another_file_of_one_moment_in_the_home_refuses_both(
    first_build: Result, tmp_path
):
    path = crimes(tmp_path, "crimes_b_20211117T060000.csv", GOOD.format("C1"))
    found, code = counts(path, "--data", str(first_build.home.root))
    assert "have the same extraction time" in found["refused"]
    assert "crimes_20211117T060000.csv" in found["refused"] and code == 2


def test_a_delivery_that_would_be_held_is_reported_with_its_own_exit_code(tmp_path):
    path = crimes(tmp_path, "crimes_20211117T060000.csv")
    said = inspect(path)
    assert "ON HOLD: 0 lines" in said.output and said.exit_code == 1


def test_a_file_whose_held_lines_would_stop_a_run_says_so_and_ends_as_one_that_waits(
    tmp_path,
):
    """The limit is 20 lines and 5% of the file (quarantine_thresholds.csv)."""
    held = [GOOD.format(f"C{n}").replace("34B", "999X") for n in range(40)]
    path = crimes(tmp_path, "crimes_20211117T060000.csv", *held)
    found, code = counts(path)
    assert (found["held"], found["refused"]) == ({"offence_code_unknown": 40}, None)
    assert code == 1
    said = inspect(path).output
    stop = (
        "A RUN WOULD STOP: of 40 lines, 40 would be held in quarantine and 0 cannot be"
    )
    assert stop in said
    assert "LOADED" not in said


def test_a_file_whose_unreadable_lines_would_stop_a_run_says_so(tmp_path):
    lines = [GOOD.format(f"C{n}") for n in range(40)]
    path = crimes(tmp_path, "crimes_20211117T060000.csv", *lines, *["C,1"] * 20)
    found, code = counts(path)
    assert (found["accepted"], found["unreadable"], code) == (40, 20, 1)
    assert "0 would be held in quarantine and 20 cannot be read" in inspect(path).output


@dataclass
class Place:
    """A home with a delivery plan in two parts, in which one more file is inspected."""

    home: settings.Home
    contract: Contract
    scratch: Path

    def put(self, where: str, month: int, first: int, count: int = 100) -> Path:
        """Write numbered actions, extracted on the first day of a month of 2021."""
        header = ",".join(self.contract.columns)
        rows = [ACTION.format(number) for number in range(first, first + count)]
        folder = self.home.landing / "actions"
        path = folder / f"actions_{where}_2021{month:02}01T060000.csv"
        folder.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text_of(*rows, header=header))
        return path

    def take(self) -> None:
        with load_log.warehouse(self.home.warehouse) as connection:
            Intake(self.home.root, self.contract, connection=connection).run()

    def look(self, path: Path) -> inspection.Outcome:
        scratch = settings.configure(self.scratch)
        return inspection.inspect(path, "actions", scratch, self.home)


@pytest.fixture
def place(tmp_path: Path, monkeypatch) -> Place:
    """A home for inspections without staging, which dbt would do."""
    contract = replace(load_contract("actions"), part_count=2)
    monkeypatch.setattr(os, "environ", os.environ.copy())
    monkeypatch.setattr(inspection, "contract_of", lambda *_: contract)
    monkeypatch.setattr(inspection.staging, "stage", lambda *_: Staged())
    place = Place(settings.Home(tmp_path / "home"), contract, tmp_path / "scratch")
    for month in (1, 2, 3):
        place.put("north", month, 0)
        place.put("south", month, 100)
    place.take()
    return place


def test_a_part_is_judged_and_closes_with_the_other_parts_of_its_delivery(place):
    place.put("south", 4, 100, count=99)
    found = place.look(place.put("north", 4, 0))
    assert (found.refused, found.on_hold) == (None, None)
    assert (found.delivered, found.unchanged, found.closed) == (100, 100, 1)


def test_a_part_without_the_others_would_be_held_and_closes_nothing(place):
    found = place.look(place.put("north", 4, 0))
    assert found.on_hold.startswith("only 1 of the 2 parts of 2021-04-01")
    assert (found.unchanged, found.closed) == (100, 0)


def test_parts_that_are_too_small_together_would_be_held(place):
    place.put("south", 4, 100, count=1)
    found = place.look(place.put("north", 4, 0))
    assert found.on_hold.startswith("101 lines, where the median")


def test_parts_with_keys_in_common_would_be_refused(place):
    place.put("south", 4, 99)
    found = place.look(place.put("north", 4, 0))
    assert "1 keys are in more than one part" in found.refused


def test_a_file_behind_which_a_lost_one_must_be_read_again_would_be_refused(place):
    for path in (place.home.landing / "actions").glob("*_20210301T060000.csv"):
        path.unlink()
    place.put("south", 2, 100, count=99)
    found = place.look(place.put("north", 2, 0, count=99))
    assert "must be loaded again" in found.refused and "Put them back" in found.refused


def test_later_files_that_no_run_has_taken_yet_are_looked_at_too(place):
    """The first delivery is long before two others, which are not on hold."""
    place.home.warehouse.unlink()
    for path in (place.home.landing / "actions").iterdir():
        path.unlink()
    for month in (9, 10):
        place.put("north", month, 0)
        place.put("south", month, 100)
    place.put("south", 1, 100)
    found = place.look(place.put("north", 1, 0))
    assert "days before the next delivery (2021-09-01)" in found.on_hold


def test_earlier_files_that_no_run_has_read_yet_are_counted_in_words_and_json(
    tmp_path,
):
    home = tmp_path / "home"
    folder = home / "landing" / "crimes"
    folder.mkdir(parents=True)
    for day in (3, 10):
        crimes(folder, f"crimes_202111{day:02}T060000.csv", GOOD.format(f"C{day}"))
    path = crimes(tmp_path, "crimes_20211117T060000.csv", GOOD.format("C17"))
    said = inspect(path, "--data", str(home)).output
    assert "earlier files that no run has read yet: 2. A run reads them first" in said
    assert counts(path, "--data", str(home))[0]["earlier_files_waiting"] == 2


def cannot_tell(words: str, path: Path, *options: str, extract: str = "crimes") -> None:
    """Check that a file is neither refused nor held, and that JSON says so too."""
    found, code = counts(path, *options, extract=extract)
    assert (list(found), code) == (["error"], 3)
    assert words in found["error"]


@pytest.mark.parametrize(
    ("extract", "words"),
    [
        ("police_uk_street", "make report ARCHIVE=path/to/archive.zip"),
        ("crime", "is not an extract. Name one of: crimes, actions"),
        ("a\nb", "EXTRACT=a\\nb contains an invisible character"),
    ],
)
def test_an_extract_of_open_data_or_unknown_is_refused_with_what_to_use(extract, words):
    cannot_tell(words, CRIMES / "crimes_20211117T060000.csv", extract=extract)


def test_a_file_that_is_not_there_is_named(tmp_path):
    cannot_tell("does not exist", tmp_path / "x.csv")


def test_a_home_that_is_not_there_is_named(tmp_path):
    path = crimes(tmp_path, "crimes_20211117T060000.csv")
    cannot_tell("is not a data home", path, "--data", str(tmp_path / "none"))


def test_a_home_in_use_by_a_run_is_reported(tmp_path):
    home = settings.Home(tmp_path / "home")
    home.landing.mkdir(parents=True)
    path = crimes(tmp_path, "crimes_20211117T060000.csv", GOOD.format("C1"))
    with duckdb.connect(str(home.warehouse)):
        found, code = counts_of_a_process(path, "--data", str(home.root))
    assert (list(found), code) == (["error"], 3)
    assert "Check again when the run that uses this home has ended" in found["error"]


def test_a_home_whose_work_file_is_damaged_is_named(tmp_path):
    home = settings.Home(tmp_path / "home")
    home.landing.mkdir(parents=True)
    home.warehouse.write_bytes(b"x" * 5000)
    path = crimes(tmp_path, "crimes_20211117T060000.csv", GOOD.format("C1"))
    cannot_tell(str(home.warehouse), path, "--data", str(home.root))


def test_a_file_that_may_not_be_read_is_neither_refused_nor_taken(
    tmp_path, unprivileged, capsys, monkeypatch
):
    path = crimes(tmp_path, "crimes_20211117T060000.csv", GOOD.format("C1"))
    words = ["inspect", str(path), "--extract", "crimes", "--json"]
    monkeypatch.setattr(os, "environ", os.environ.copy())
    assert main([*words, "--data", str(tmp_path / "none")]) == 3
    capsys.readouterr()
    path.chmod(0)
    with unprivileged(tmp_path) as as_nobody, as_nobody():
        assert main(words) == 3
    said = json.loads(capsys.readouterr().out)
    assert "cannot be read (Permission denied). Give this user" in said["error"]


def test_an_error_of_the_program_is_not_reported_as_a_held_file(
    tmp_path, monkeypatch, capsys
):
    def fail(*_: object) -> None:
        raise RuntimeError("a mistake")

    monkeypatch.setattr(inspect_command, "run", fail)
    path = crimes(tmp_path, "crimes_20211117T060000.csv")
    assert main(["inspect", str(path), "--extract", "crimes", "--json"]) == 3
    assert "a mistake" in json.loads(capsys.readouterr().out)["error"]


def test_invalid_options_are_not_reported_as_a_refused_file(capsys):
    assert main(["inspect", "x.csv", "--json"]) == 3
    assert "--extract" in json.loads(capsys.readouterr().out)["error"]
