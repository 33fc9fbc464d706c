"""Packs from the published file: made again alone, or of several forces in one home."""

import shutil
import subprocess
import sys
from pathlib import Path

import dagster as dg
import lxml.html
import pytest

from dagster_project import packs, settings
from dagster_project.cli.main import KNOWN_FAILURE
from dagster_project.errors import DeliveryError
from reports import Pack
from tests.conftest import (
    QUARTER,
    Result,
    copied,
    records_of,
    run_here,
)

WITHOUT_DBT = """
import sys
from pathlib import Path
from dagster_project import packs, runs, settings
settings.configure(Path(sys.argv[1]))
packs.folders = lambda home, quarter: {}
runs._run = lambda definitions, job, partition: definitions.resolve_job_def(job)
runs.pack("2021-22-q2")
assert not {"dbt", "dagster_dbt"} & sys.modules.keys()
"""


def test_a_pack_that_cannot_be_written_does_not_stop_the_others(
    first_build: Result, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    written = []
    folders = {
        force: first_build.home.output / force / QUARTER
        for force in ("dorset", "essex", "kent", "surrey")
    }

    def write(database, quarter, force, *rest):
        if force == "kent":
            raise KeyError("None")
        written.append(force)
        return Pack(folders[force], "", "", {}, ())

    monkeypatch.setattr("reports.pack.write_pack", write)
    monkeypatch.setattr(packs, "folders", lambda home, quarter: folders)
    monkeypatch.setattr(packs, "index", lambda home: tmp_path / "index.html")
    with pytest.raises(
        DeliveryError, match=r"3 of 4 packs .* Not written: kent \(KeyError"
    ):
        packs.write(first_build.home, QUARTER)
    assert written == ["dorset", "essex", "surrey"]
    page = lxml.html.fromstring((tmp_path / "index.html").read_text("utf-8"))
    assert page.xpath("//tbody//a/@href") == [f"essex/{QUARTER}/index.html"]


def names_in(folder: Path) -> set[Path]:
    return {path.relative_to(folder) for path in folder.rglob("*")}


def test_the_pack_is_made_again_with_the_authors_new_text(first_build, tmp_path):
    home = copied(first_build, tmp_path).home
    published = home.current.resolve()
    files = names_in(home.output)
    (text,) = home.authors_text.glob("*.md")
    written = text.read_text("utf-8")
    first = next(line for line in written.splitlines() if "Insights" in line)
    written = written.replace(first, f"{first}\n\nThe marshals came back in July.")
    text.write_text(written, "utf-8")
    said = run_here("pack", "--data", str(home.root), "--quarter", QUARTER)
    assert said.exit_code == 0, said.output
    assert "begin with index.html" in said.output
    page = (home.output / QUARTER / "index.html").read_text("utf-8")
    assert "The marshals came back in July." in page
    assert home.current.resolve() == published
    # It replaces the files of the pack before it, and adds none.
    assert names_in(home.output) == files
    with records_of(home) as instance:
        newest = instance.get_run_records(limit=1)[0].dagster_run
    assert (newest.job_name, newest.status) == (
        "quarterly_report",
        dg.DagsterRunStatus.SUCCESS,
    )


def test_a_pack_alone_imports_no_dbt(tmp_path):
    subprocess.run(
        [sys.executable, "-c", WITHOUT_DBT, str(tmp_path)],
        check=True,
        cwd=settings.REPOSITORY,
    )


def test_the_pack_of_a_home_without_dagsters_records_is_made(first_build, tmp_path):
    home = copied(first_build, tmp_path).home
    shutil.rmtree(home.dagster)
    said = run_here("pack", "--data", str(home.root), "--quarter", QUARTER)
    assert said.exit_code == 0, said.output


def test_figures_of_another_configuration_get_no_pack(first_build, tmp_path):
    home = copied(first_build, tmp_path).home
    (home.config / "retention.csv").write_text("record,days_kept\nruns,30\n", "utf-8")
    said = run_here("pack", "--data", str(home.root), "--quarter", QUARTER)
    assert said.exit_code == KNOWN_FAILURE
    assert "Run make report" in said.output


def test_a_pack_before_the_first_report_is_refused(tmp_path):
    said = run_here("pack", "--data", str(tmp_path), "--quarter", QUARTER)
    assert said.exit_code == KNOWN_FAILURE
    assert "nothing is published yet. Run make report first." in said.output
