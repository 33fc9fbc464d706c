"""Bad input: one clear sentence with the remedy, and nothing half-written."""

import shutil
from pathlib import Path

import pytest

from dagster_project import packs
from dagster_project.cli import report as report_command
from dagster_project.intake.extracts import MARK
from tests.conftest import LANDING, QUARTER, Result, deliver, run_command


def report(home: Path, quarter: str = QUARTER) -> Result:
    options = ["--data", str(home), "--force", "essex", "--quarter", quarter]
    return run_command(home, "report", *options)


def refusal(result: Result) -> str:
    """The one sentence; there is no traceback before it."""
    assert result.exit_code == 2, result.output
    assert "Traceback" not in result.output
    return result.output.strip().split("strandline: ")[-1]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    deliver(tmp_path / "home")
    return tmp_path / "home"


def test_a_missing_extract_is_named_with_the_folder_it_belongs_into(home: Path):
    shutil.rmtree(home / "landing" / "actions")
    sentence = refusal(report(home))
    assert str(home / "landing" / "actions") in sentence
    assert "actions_YYYYMMDDTHHMMSS" in sentence
    assert not (home / "published").exists()


def test_a_wrong_header_rejects_the_file_and_names_the_column(home: Path):
    path = home / "landing" / "crimes" / "crimes_20211117T060000.csv"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("offence_code", "ho_code", 1), encoding="utf-8")
    sentence = refusal(report(home))
    assert "crimes_20211117T060000.csv, line 1" in sentence
    assert "offence_code" in sentence and "ho_code" in sentence
    assert not (home / "published").exists()


def test_of_an_error_behind_another_the_one_with_the_remedy_is_said(home: Path):
    crimes = home / "landing" / "crimes"
    shutil.copy(next(crimes.iterdir()), crimes / "crimes_20211118T060060.csv")
    sentence = refusal(report(home))
    assert "crimes_20211118T060060.csv: 20211118T060060 in the name is no" in sentence


def test_after_a_rejected_file_the_last_good_version_stays_published(
    home: Path,
):
    good = report(home)
    assert good.exit_code == 0, good.output
    before = good.rows("select count(*) from marts.fct_crimes")
    pack = {p: p.read_bytes() for p in good.pack.rglob("*") if p.is_file()}
    bad = home / "landing" / "crimes" / "crimes_20211124T060000.csv"
    bad.write_text("nonsense\n1\n", encoding="utf-8")
    assert "crimes_20211124T060000.csv" in refusal(report(home))
    assert good.rows("select count(*) from marts.fct_crimes") == before
    assert {p: p.read_bytes() for p in good.pack.rglob("*") if p.is_file()} == pack


@pytest.mark.parametrize(
    "quarter", ["2021-22-q5", "Q2 2021/22", "2021-22", "2098-99-q1"]
)
def test_a_quarter_that_is_none_or_has_not_ended_is_refused_before_anything_runs(
    tmp_path: Path, quarter: str
):
    sentence = refusal(report(tmp_path / "home", quarter))
    assert quarter in sentence and "2021-22-q2" in sentence
    assert not (tmp_path / "home").exists()


def test_a_quarter_that_the_data_cannot_report_is_refused_with_those_they_can(
    tiny: Result,
):
    arguments = ["--data", str(tiny.home.root), "--quarter", "2023-24-q1"]
    sentence = refusal(run_command(tiny.home.root, "report", *arguments))
    assert "2023-24-q1" in sentence and "2018-19-q1 to 2021-22-q2" in sentence


def test_a_home_that_cannot_be_written_is_named(tmp_path: Path):
    # A file where a folder must be: as true for root as for everybody else.
    (tmp_path / "file").write_text("")
    sentence = refusal(report(tmp_path / "file" / "home"))
    assert str(tmp_path / "file") in sentence


def test_an_output_folder_that_cannot_be_written_leaves_no_half_pack(home: Path):
    (home / "reports").write_text("in the way")
    sentence = refusal(report(home))
    assert str(home / "reports") in sentence
    assert (home / "reports").read_text() == "in the way"


def test_an_unknown_force_is_refused_with_the_forces_that_there_are(tmp_path: Path):
    options = ["--data", str(tmp_path), "--force", "atlantis"]
    sentence = refusal(run_command(tmp_path, "report", *options))
    assert "atlantis" in sentence and "essex" in sentence


def test_a_home_is_one_forces_and_says_so_to_another(tiny: Result):
    options = ["--data", str(tiny.home.root), "--force", "kent"]
    sentence = refusal(run_command(tiny.home.root, "report", *options))
    assert "essex" in sentence and "DATA=" in sentence


def test_the_packs_of_many_forces_are_named_on_a_line_each(
    tiny: Result, monkeypatch, capsys
):
    forces = ("cleveland", "durham", "essex", "kent")
    folders = {force: tiny.home.root / force for force in forces}
    monkeypatch.setattr(packs, "folders", lambda home, quarter: folders)
    report_command._print_outcome(tiny.home, QUARTER)
    heading, *lines = capsys.readouterr().out.strip().splitlines()
    assert heading.startswith("4 packs")
    assert lines == [f"  {force}: {folders[force]}" for force in forces]


def test_a_home_whose_force_nobody_named_is_not_guessed(tmp_path: Path):
    deliver(tmp_path / "home")
    home = tmp_path / "home"
    sentence = refusal(run_command(home, "report", "--data", str(home)))
    assert "FORCE=" in sentence


def test_real_extracts_do_not_get_into_the_demonstrations_home(tmp_path: Path):
    written = run_command(tmp_path, "demo", "--data", str(tmp_path), "--crimes", "2000")
    assert written.exit_code == 0, written.output
    assert (tmp_path / "landing" / MARK).exists()
    shutil.copy(
        LANDING / "crimes" / "crimes_20211117T060000.csv",
        tmp_path / "landing" / "crimes" / "crimes_20211118T060000.csv",
    )
    sentence = refusal(run_command(tmp_path, "report", "--data", str(tmp_path)))
    assert "crimes_20211118T060000.csv" in sentence and "DATA=" in sentence


def test_an_archive_and_a_forces_own_extracts_do_not_share_a_home(home: Path):
    archive = home / "landing" / "police_uk_street" / "2021-09"
    archive.mkdir(parents=True)
    sentence = refusal(report(home))
    assert "Keep each in its own home" in sentence


def test_an_archive_that_is_none_is_refused(tmp_path: Path):
    (tmp_path / "not_a_zip.zip").write_text("text")
    sentence = refusal(
        run_command(
            tmp_path,
            "report",
            *("--archive", str(tmp_path / "not_a_zip.zip")),
            *("--force", "essex", "--data", str(tmp_path / "home")),
        )
    )
    assert "not_a_zip.zip" in sentence
