"""Bad input gives one clear sentence with the remedy, and no half-written file."""

import shlex
import shutil
import signal
import subprocess
import sys
from argparse import Namespace
from pathlib import Path

import pytest

from dagster_project import backups, packs, runs, settings
from dagster_project.cli import arguments, commands
from dagster_project.cli import report as report_command
from dagster_project.cli.main import KNOWN_FAILURE
from dagster_project.errors import DeliveryError
from dagster_project.intake.extracts import MARK
from tests.conftest import (
    FIRST_CRIMES,
    LANDING,
    QUARTER,
    Result,
    copied,
    deliver,
    run_command,
    run_here,
)
from tests.open_data_files import BURGLARY, KENT, STREET, archive, csv


def refused(*words: str) -> str:
    """Return the sentence of a command that fails without a traceback."""
    said = run_here(*words)
    assert said.exit_code == KNOWN_FAILURE, said.output
    assert "Traceback" not in said.output
    return said.err.strip().split("strandline: ")[-1]


@pytest.mark.parametrize(
    ("asked", "by"), [(signal.SIGINT, "Ctrl-C"), (signal.SIGTERM, "SIGTERM")]
)
def test_an_interrupted_command_says_by_what_and_ends_as_the_shell_expects(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, asked: signal.Signals, by: str
):
    monkeypatch.setattr(backups, "write", lambda *_: signal.raise_signal(asked))
    shutil.copytree(LANDING, tmp_path / "home" / "landing")
    what = ["--data", str(tmp_path / "home"), "--", str(tmp_path / "backup.zip")]
    # Tests that a shell runs in the background would ignore Ctrl-C.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        said = run_here("backup", *what)
    finally:
        signal.signal(signal.SIGINT, before)
    assert said.exit_code == 128 + asked
    (sentence,) = said.err.strip().splitlines()
    assert sentence.startswith("strandline: stopped by") and by in sentence
    assert "A pack that this run did not finish is as it was before" in sentence


def report(home: Path, quarter: str = QUARTER) -> str:
    """Return the refusal of `report` for a home of Essex."""
    what = ["--force", "essex", "--quarter", quarter]
    return refused("report", "--data", str(home), *what)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    deliver(tmp_path / "home")
    return tmp_path / "home"


def test_a_missing_extract_is_named_with_the_folder_it_belongs_into(home: Path):
    shutil.rmtree(home / "landing" / "actions")
    # Start it as make does; the other tests run in this process.
    options = ["--data", str(home), "--force", "essex", "--quarter", QUARTER]
    result = run_command(home, "report", *options)
    assert result.exit_code == KNOWN_FAILURE, result.output
    assert "Traceback" not in result.output
    sentence = result.output.strip().split("strandline: ")[-1]
    assert str(home / "landing" / "actions") in sentence
    assert "actions_YYYYMMDDTHHMMSS" in sentence
    assert not (home / "published").exists()


def test_a_wrong_header_rejects_the_file_and_names_the_column(home: Path):
    path = home / "landing" / "crimes" / "crimes_20211117T060000.csv"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("offence_code", "ho_code", 1), encoding="utf-8")
    sentence = report(home)
    assert "crimes_20211117T060000.csv, line 1" in sentence
    assert "offence_code" in sentence and "ho_code" in sentence
    assert not (home / "published").exists()


def test_the_error_with_the_remedy_is_reported_of_a_chain_of_errors(home: Path):
    crimes = home / "landing" / "crimes"
    shutil.copy(next(crimes.iterdir()), crimes / "crimes_20211118T060060.csv")
    sentence = report(home)
    assert "crimes_20211118T060060.csv: 20211118T060060 in the name is no" in sentence


def test_a_rejected_file_does_not_change_the_published_version(
    first_build: Result, tmp_path: Path
):
    good = copied(first_build, tmp_path)
    home = good.home.root
    before = good.rows("select count(*) from marts.fct_crimes")
    pack = {p: p.read_bytes() for p in good.pack.rglob("*") if p.is_file()}
    bad = home / "landing" / "crimes" / "crimes_20211124T060000.csv"
    bad.write_text("nonsense\n1\n", encoding="utf-8")
    assert "crimes_20211124T060000.csv" in report(home)
    assert good.rows("select count(*) from marts.fct_crimes") == before
    assert {p: p.read_bytes() for p in good.pack.rglob("*") if p.is_file()} == pack


@pytest.fixture
def finished(first_build: Result, tmp_path: Path, monkeypatch) -> Path:
    """A home whose daily job is done. This process skips that job and runs the other.

    The daily job would change nothing, and would take a minute.
    """
    monkeypatch.setattr(runs, "daily", lambda: None)
    return copied(first_build, tmp_path).home.root


@pytest.mark.parametrize(
    "quarter", ["2021-22-q5", "Q2 2021/22", "2021-22", "2098-99-q1"]
)
def test_an_invalid_or_unfinished_quarter_is_refused_before_anything_runs(
    tmp_path: Path, quarter: str
):
    sentence = report(tmp_path / "home", quarter)
    assert quarter in sentence and "2021-22-q2" in sentence
    assert not (tmp_path / "home").exists()


def test_without_a_quarter_it_is_the_last_one_that_has_ended_or_the_demonstrations(
    tmp_path: Path,
):
    def quarter(**typed) -> str:
        typed |= {"quarter": None, "archive": None, "force": "essex"}
        options = Namespace(command="report", **typed)
        arguments.check(options)
        return options.quarter

    (tmp_path / "home" / "landing").mkdir(parents=True)
    own = str(tmp_path / "home")
    assert quarter(data=own, as_at="2022-05-10") == "2021-22-q4"
    assert quarter(data=own, as_at="2022-03-31") == "2021-22-q3"
    assert quarter(data=None, as_at=None) == QUARTER
    (tmp_path / "home" / "landing" / settings.DEMONSTRATION_MARK).write_text("{}")
    assert quarter(data=own, as_at=None) == QUARTER


def test_a_quarter_without_data_is_refused_with_the_quarters_that_can_be_reported(
    finished: Path,
):
    sentence = report(finished, "2023-24-q1")
    assert "2023-24-q1" in sentence and "2018-19-q1 to 2021-22-q2" in sentence


def test_a_home_that_cannot_be_written_is_named(tmp_path: Path):
    # A file in place of the folder also stops root, unlike permissions.
    (tmp_path / "file").write_text("")
    sentence = report(tmp_path / "file" / "home")
    assert str(tmp_path / "file") in sentence


def test_an_output_folder_that_cannot_be_written_leaves_no_half_pack(finished: Path):
    shutil.rmtree(finished / "reports")
    (finished / "reports").write_text("in the way")
    sentence = report(finished)
    assert str(finished / "reports") in sentence
    assert (finished / "reports").read_text() == "in the way"


def test_an_unknown_force_is_refused_with_the_forces_that_there_are(tmp_path: Path):
    sentence = refused("report", "--data", str(tmp_path), "--force", "atlantis")
    assert "atlantis" in sentence and "essex" in sentence


def test_a_home_of_one_force_refuses_another_force(tiny: Result):
    sentence = refused("report", "--data", str(tiny.home.root), "--force", "kent")
    assert "essex" in sentence and "DATA=" in sentence


def test_the_packs_of_many_forces_are_named_on_a_line_each(
    tiny: Result, monkeypatch, capsys
):
    forces = ("cleveland", "durham", "essex", "kent")
    folders = {force: tiny.home.root / force for force in forces}
    monkeypatch.setattr(packs, "folders", lambda home, quarter: folders)
    report_command.print_outcome(tiny.home, QUARTER)
    index, _, heading, *lines = capsys.readouterr().out.strip().splitlines()
    assert index.endswith("index.html compares the forces.")
    assert heading.startswith("4 packs")
    assert lines == [f"  {force}: {folders[force]}" for force in forces]


def test_a_home_whose_force_nobody_named_is_not_guessed(home: Path):
    sentence = refused("report", "--data", str(home))
    assert "FORCE=" in sentence


def test_an_authors_file_that_is_not_text_is_refused_before_anything_runs(
    home: Path, monkeypatch
):
    monkeypatch.setattr(runs, "report", lambda quarter: pytest.fail("it ran"))
    file = home / "authors_text" / f"{QUARTER}.md"
    file.parent.mkdir(parents=True)
    file.write_bytes("A line.\nA café.\n".encode("cp1252"))
    assert f"{file}, line 2: this is not UTF-8 text" in report(home)


def test_real_extracts_in_the_demonstrations_home_are_refused(
    demonstration: Result, tmp_path: Path
):
    shutil.copytree(demonstration.home.landing, tmp_path / "landing")
    assert (tmp_path / "landing" / MARK).exists()
    shutil.copy(
        LANDING / "crimes" / "crimes_20211117T060000.csv",
        tmp_path / "landing" / "crimes" / "crimes_20211118T060000.csv",
    )
    sentence = refused("report", "--data", str(tmp_path))
    assert "crimes_20211118T060000.csv" in sentence and "DATA=" in sentence


def test_an_archive_and_a_forces_own_extracts_do_not_share_a_home(home: Path):
    archive = home / "landing" / "police_uk_street" / "2021-09"
    archive.mkdir(parents=True)
    sentence = report(home)
    assert "Keep each in its own home" in sentence


def test_an_archive_in_a_home_with_a_force_is_read_for_that_force(tmp_path: Path):
    """Its contents are not listed, as they are for a home without a force."""
    kents = archive(tmp_path / "kent.zip", {KENT: csv(STREET, BURGLARY)})
    home = tmp_path / "home"
    home.mkdir()
    (home / "home.json").write_text('{"force_code": "essex"}')
    said = refused("report", "--archive", str(kents), "--data", str(home))
    assert "no street file of essex" in said
    listed = run_here("report", "--archive", str(kents))
    assert listed.exit_code == 0 and "kent" in listed.output


def test_a_file_is_not_inspected_by_seeds_with_a_mistake(home: Path):
    (home / "config").mkdir(exist_ok=True)
    (home / "config" / "strand_leads.csv").write_text("no_such_column\nx\n")
    file = home / "landing" / "crimes" / FIRST_CRIMES
    what = [str(file), "--extract", "crimes", "--data", str(home)]
    said = run_here("inspect", *what)
    assert said.exit_code and "Traceback" not in said.output
    assert "strand_leads.csv, row 1, column no_such_column" in said.err


def test_a_file_that_is_not_an_archive_is_refused(tmp_path: Path):
    (tmp_path / "not_a_zip.zip").write_text("text")
    archive = ["--archive", str(tmp_path / "not_a_zip.zip")]
    home = ["--force", "essex", "--data", str(tmp_path / "home")]
    assert "not_a_zip.zip" in refused("report", *archive, *home)


def test_a_quarter_that_cannot_be_reported_is_answered_with_its_missing_months(
    first_build: Result,
):
    with pytest.raises(DeliveryError) as refused:
        packs.folders(first_build.home, "2021-22-q3")
    said = str(refused.value)
    assert "QUARTER=2021-22-q3: the data cannot report this quarter." in said
    assert "Not supplied: crimes, November 2021. These months were not complete" in said
    assert "Not supplied: crimes, December 2021. No delivery shows this month." in said
    assert "Quarters that can be reported: 2018-19-q1 to 2021-22-q2" in said
    with pytest.raises(DeliveryError, match="No delivery shows a month of it"):
        packs.folders(first_build.home, "2021-22-q4")


def test_the_help_has_every_command_with_an_example_that_the_program_takes():
    help_text = commands.parser().format_help()
    examples = commands.examples()
    assert {each.split()[1] for each in examples} == set(commands.COMMANDS)
    for heading in ("First steps:", "Each day:", "Each quarter:", "When something is"):
        assert f"\n{heading}" in help_text
    for example in examples:
        assert f" {example}\n" in help_text
        program, *words = shlex.split(example)
        assert program == "strandline"
        assert commands.parser().parse_args(words).command == words[0]


def test_the_commands_are_known_without_loading_dagster_dbt_or_matplotlib():
    look = (
        "import sys, dagster_project.cli.commands as each; each.parser();"
        " assert not {'dagster', 'dbt', 'matplotlib'} & sys.modules.keys()"
    )
    subprocess.run([sys.executable, "-c", look], check=True, cwd=settings.REPOSITORY)
