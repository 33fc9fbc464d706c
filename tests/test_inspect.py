"""What `inspect` says of a file is what a delivery of it would come to."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from dagster_project import paths
from dagster_project.sources.contracts import load_contract
from tests.conftest import LANDING, Result, run_command

CRIMES = LANDING / "crimes"
HEADER = ",".join(load_contract("crimes").columns)
GOOD = "{},2021-09-15T10:00:00,2021-09-15T09:00:00,,34B,E06000033,,,N,N,N,N,Recorded,,"


def crimes(folder: Path, name: str, *lines: str, header: str = HEADER) -> Path:
    path = folder / name
    path.write_text("\n".join((header, *lines)) + "\n", encoding="utf-8")
    return path


def inspect(path: Path, *options: str, extract: str = "crimes") -> Result:
    return run_command(path, "inspect", str(path), "--extract", extract, *options)


def counts(path: Path, *options: str, extract: str = "crimes") -> tuple[dict, int]:
    """What `--json` prints, on standard output alone, and the exit code."""
    command = ["inspect", str(path), "--extract", extract, "--json", *options]
    finished = subprocess.run(
        [sys.executable, "-m", "dagster_project", *command],
        cwd=paths.REPOSITORY,
        capture_output=True,
        text=True,
        check=False,
    )
    return json.loads(finished.stdout), finished.returncode


def state(home: Path) -> dict[str, tuple]:
    """Every file of a home, with its size and its time of change."""
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
    found, code = counts(path)
    held = found.pop("held")
    assert (found, code) == (
        {"accepted": 2, "unchanged": 0, "unreadable": 1, "blank": 0, "refused": None},
        0,
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
    # The last delivery once more, with one crime more: it would take its place.
    name = "crimes_20211117T060000.csv"
    path = tmp_path / name
    whole = (CRIMES / name).read_text(encoding="utf-8").rstrip("\n")
    path.write_text(f"{whole}\n{GOOD.format('NEW')}\n", encoding="utf-8")
    found, code = counts(path, *data)
    # As test_pipeline has it: six lines, five accepted, and one is held.
    assert (found["accepted"], found["unchanged"], found["unreadable"]) == (6, 0, 0)
    assert found["held"] == {"recorded_after_extraction": 1}
    assert (found["refused"], code) == (None, 0)
    # A day later all of it is known, the line that is held as well.
    later = shutil.copy(CRIMES / name, tmp_path / "crimes_20211118T060000.csv")
    found, code = counts(Path(later), *data)
    assert found["unchanged"] == 6 and code == 1, "the same bytes, so it is held"
    assert state(first_build.home.root) == before


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
    }
    assert code == 0


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("crimes_20310101T060000.csv", "later than now"),
        ("march.csv", "the name does not say when"),
        ("list_20210101T060000.csv", "are named crimes_*"),
        ("~$crimes_20210101T060000.csv", "passed over"),
        ("crimes_20210101T060000.ods", "an OpenDocument spreadsheet"),
    ],
)
def test_a_name_that_must_be_changed_is_said_and_the_lines_are_counted(
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


def test_a_header_that_is_none_is_refused_with_the_sentence_of_a_run(tmp_path):
    path = crimes(tmp_path, "crimes_20211117T060000.csv", header="crime_id,colour")
    found, code = counts(path)
    assert "crimes_20211117T060000.csv, line 1: the header lacks" in found["refused"]
    assert (found["accepted"], code) == (0, 2)


def test_another_file_of_one_moment_in_the_home_refuses_both(
    first_build: Result, tmp_path
):
    path = crimes(tmp_path, "crimes_b_20211117T060000.csv", GOOD.format("C1"))
    found, code = counts(path, "--data", str(first_build.home.root))
    assert "2 different deliveries of one moment" in found["refused"]
    assert "crimes_20211117T060000.csv" in found["refused"] and code == 2


def test_a_delivery_that_would_be_held_says_so_and_ends_otherwise(tmp_path):
    path = crimes(tmp_path, "crimes_20211117T060000.csv")
    said = inspect(path)
    assert "ON HOLD: 0 lines" in said.output and said.exit_code == 1


@pytest.mark.parametrize(
    ("extract", "words"),
    [
        ("police_uk_street", "make report ARCHIVE=path/to/archive.zip"),
        ("crime", "no such extract. Name one of: crimes, actions"),
    ],
)
def test_an_extract_that_is_no_forces_own_is_said_with_what_to_use(extract, words):
    said = inspect(CRIMES / "crimes_20211117T060000.csv", extract=extract)
    assert words in said.output and said.exit_code == 2
    assert "Traceback" not in said.output


def test_a_file_and_a_home_that_are_not_there_are_named(tmp_path):
    assert "no such file" in inspect(tmp_path / "x.csv").output
    path = crimes(tmp_path, "crimes_20211117T060000.csv")
    assert "no data home" in inspect(path, "--data", str(tmp_path / "none")).output


def test_a_home_that_a_run_writes_to_is_left_alone(tmp_path):
    home = paths.Home(tmp_path / "home")
    home.landing.mkdir(parents=True)
    path = crimes(tmp_path, "crimes_20211117T060000.csv", GOOD.format("C1"))
    with duckdb.connect(str(home.warehouse)):
        said = inspect(path, "--data", str(home.root))
    assert "Look again when the run that is at work there has ended" in said.output
    assert said.exit_code == 2 and "Traceback" not in said.output
