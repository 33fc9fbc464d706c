"""Any figure of a report can be followed to the records that it counts."""

import csv
import os
import re
import shutil
import subprocess
import sys

import duckdb
import pytest

from dagster_project import settings
from dagster_project.cli.main import ENDED_BY_READER, main
from tests.conftest import QUARTER, Result, Said, copied, run_here, tree
from tests.explained import differing


def explain(result: Result, figure: str, *more: str) -> Said:
    options = ["--data", str(result.home.root), "--quarter", QUARTER]
    return run_here("explain", "--figure", figure, *options, *more)


def test_every_figure_of_the_demonstration_equals_its_records(
    demonstration: Result,
):
    assert differing(demonstration) == {}


def test_every_figure_of_the_hand_made_extracts_equals_its_records(tiny: Result):
    assert differing(tiny) == {}


def test_only_limits_are_not_sums_of_records_and_their_counts_are_named(
    demonstration: Result,
):
    found = demonstration.rows(
        "select distinct split_part(figure_id, '/', -1), figure_part"
        " from reporting.rpt_figure_parts where made_as in ('interval', 'usual_range')"
    )
    of_ranges = {(f"range_{end}", "events") for end in ("lower", "average", "upper")}
    of_changes = {
        (f"ratio_{end}", part)
        for end in ("lower", "upper")
        for part in ("current", "base")
    }
    assert set(found) == of_ranges | of_changes


def test_a_figure_is_explained_in_words_with_its_first_records(demonstration: Result):
    figure = "rolling_12_months/hate_crime/difference"
    result = explain(demonstration, figure, "--records", "3")
    assert result.exit_code == 0, result.output
    assert "Recorded crime, 12 months ending September 2021 compared" in result.output
    assert (
        "Value    886\nMade of  the current count less the count compared"
        in result.output
    )
    assert "| hate_crime | Diff.\n" in result.output
    assert (
        "current: Hate crime; all areas; October 2020 to September 2021\n"
        "  4,177 records (crime), which add up to 4,177\n" in result.output
    )
    records = re.findall(
        r"^base +crime +(\S+) +hate_crime", result.output, re.MULTILINE
    )
    assert len(records) == 3


def test_a_figure_can_be_named_by_measure_period_and_statistic(demonstration: Result):
    by_place = explain(demonstration, "rolling_12_months/hate_crime/current_12_months")
    by_identity = explain(demonstration, "hate_crime/12m-2021-09/count")
    assert by_identity.exit_code == 0, by_identity.output
    records = [
        text.split("\nMade of")[1] for text in (by_place.output, by_identity.output)
    ]
    assert records[0] == records[1]


def test_all_records_of_a_figure_go_to_a_file(demonstration: Result, tmp_path):
    file = tmp_path / "it's all.csv"
    figure = (
        "district_quarters/hate_crime|Epping Forest/Brentwood/current_quarter_count"
    )
    result = explain(demonstration, figure, "--csv", str(file))
    assert result.exit_code == 0, result.output
    with file.open(encoding="utf-8", newline="") as opened:
        rows = list(csv.DictReader(opened))
    value = re.search(r"^Value +(\d+)$", result.output, re.MULTILINE)[1]
    assert len({row["record_id"] for row in rows}) == len(rows) == int(value)
    assert {row["area_code"] for row in rows} == {"E07000068", "E07000072"}
    written = file.read_bytes()
    again = explain(
        demonstration, "rolling_12_months/fraud/difference", "--csv", str(file)
    )
    assert again.exit_code == 2 and "is there already" in again.output
    assert file.read_bytes() == written


@pytest.mark.parametrize(
    ("figure", "words"),
    [
        ("hate_crime/diff", "for example: hate_crime/12m-2021-09/"),
        ("nonsense", "not a figure of 2021-22-q2. reporting.rpt_cells lists them all."),
    ],
)
def test_an_unknown_figure_is_answered_with_one_sentence(tiny, figure: str, words: str):
    result = explain(tiny, figure)
    assert result.exit_code == 2 and "Traceback" not in result.output
    assert words in result.output


def test_a_published_file_that_was_cut_off_is_reported_in_one_sentence(
    tiny: Result, tmp_path
):
    published = tmp_path / "published"
    shutil.copytree(tiny.home.published, published, symlinks=True)
    version = (published / "current.duckdb").resolve()
    version.chmod(0o644)
    os.truncate(version, version.stat().st_size // 2)
    result = explain(Result(settings.Home(tmp_path), "", 0), "hate_crime/difference")
    assert result.exit_code == 2 and "Traceback" not in result.output
    assert "current.duckdb: this file is damaged" in result.output
    assert "The next daily run replaces it (make report)" in result.output


def test_a_closed_pipe_is_not_reported_as_a_failure(tiny: Result):
    """`make explain … | head`, where head ends before the first line."""
    figure = "rolling_12_months/hate_crime/difference"
    options = ["--data", str(tiny.home.root), "--quarter", QUARTER, "--figure", figure]
    reading, writing = os.pipe()
    os.close(reading)
    finished = subprocess.run(
        [sys.executable, "-m", "dagster_project", "explain", *options],
        cwd=settings.REPOSITORY,
        stdout=writing,
        stderr=subprocess.PIPE,
        check=False,
    )
    os.close(writing)
    assert (finished.returncode, finished.stderr) == (ENDED_BY_READER, b"")


def test_a_figure_is_explained_in_a_home_that_one_may_only_read(
    tiny: Result, unprivileged, capsys, monkeypatch
):
    monkeypatch.setattr(os, "environ", os.environ.copy())
    root = tiny.home.root
    figure = ["--figure", "rolling_12_months/hate_crime/difference"]
    arguments = ["explain", "--data", str(root), "--quarter", QUARTER, *figure]
    assert main(arguments) == 0  # That user cannot start Python.
    shutil.rmtree(tiny.home.dagster)
    (root / "running.lock").unlink()
    before = tree(root)
    with unprivileged(root) as as_nobody, as_nobody():
        with pytest.raises(PermissionError):
            (root / "made").touch()
        assert main(arguments) == 0
    assert capsys.readouterr().out.count("Made of  the current count less") == 2
    assert tree(root) == before


def test_records_in_a_file_contain_nothing_that_a_spreadsheet_would_run(
    tiny: Result, tmp_path
):
    """A reference may be a formula, a control sequence of a terminal, or two lines."""
    hostile = {
        "=HYPERLINK(1)": "'=HYPERLINK(1)",
        "+1": "'+1",
        "-2+3": "'-2+3",
        "@SUM(A1)": "'@SUM(A1)",
        "\t=1+1": "'=1+1",
        "\r=1+1": "'=1+1",
        "\uff1d1+1": "'\uff1d1+1",
        "a\x1b[31mb\nc": "a [31mb c",
    }
    home = copied(tiny, tmp_path).home
    figure = "delivery_progress/Total/total"
    home.current.resolve().chmod(0o644)
    with duckdb.connect(str(home.current)) as published:
        published.execute(
            "create table hostile as select records.* replace (text as record_key)"
            " from reporting.rpt_figure_records as records, unnest(?) as t (text)"
            " where figure_id in (select figure_id from reporting.rpt_cells"
            " where cell_id = ?)",
            [list(hostile), figure],
        )
        published.execute("drop view reporting.rpt_figure_records")
        published.execute("create view reporting.rpt_figure_records as from hostile")
    file = tmp_path / "records.csv"
    options = ["--data", str(home.root), "--quarter", QUARTER]
    options += ["--csv", str(file), "--records", "99"]
    result = run_here("explain", "--figure", figure, *options)
    assert result.exit_code == 0, result.output
    assert "\x1b" not in result.output and "\r" not in result.output
    with file.open(encoding="utf-8", newline="") as opened:
        written = {row["record_id"] for row in csv.DictReader(opened)}
    assert written == set(hostile.values())
    assert file.read_bytes().count(b"\r") == 0
