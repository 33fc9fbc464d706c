"""Every error and warning of dbt is reported with file, cause, rows and remedy."""

import errno
import os
from pathlib import Path

import duckdb
import pytest

from dagster_project.cli import docs
from dagster_project.cli.main import main
from dagster_project.transform import messages

TEST = "test.strandline.assert_x"
MODEL = "model.strandline.fct_x"
MANIFEST = {
    "nodes": {
        TEST: {
            "name": "assert_x",
            "resource_type": "test",
            "original_file_path": "tests/assert_x.sql",
            "config": {"meta": {"description": "Sums agree.", "remedy": "Add again."}},
        },
        MODEL: {
            "name": "fct_x",
            "resource_type": "model",
            "original_file_path": "models/marts/fct_x.sql",
            "config": {"meta": {}},
        },
    }
}


def event(name: str, unique_id: str = "", level: str = "info", **data) -> dict:
    """Return an event of dbt's structured log, with the fields that are read here."""
    if unique_id:
        data["node_info"] = {
            "unique_id": unique_id,
            "node_status": data.pop("status", "None"),
        }
    return {"info": {"name": name, "level": level, "msg": data.get("msg", "")}} | {
        "data": data
    }


def heard(*events: dict) -> messages.Heard:
    ear = messages.Heard()
    for each in events:
        ear.hear(each)
    return ear


@pytest.fixture
def work(tmp_path: Path) -> Path:
    path = tmp_path / "warehouse.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute("create schema raw")
        connection.execute(
            "create table raw.loads as select 7 as load_id, 'crimes.csv' as file_name"
        )
    return path


def failed_test(folder: Path, sql: str, rows: int, status: str) -> messages.Heard:
    compiled = folder / "assert_x.sql"
    compiled.write_text(sql, encoding="utf-8")
    return heard(
        event("LogTestResult", TEST, status=status, num_failures=rows),
        event("SQLCompiledPath", TEST, path=str(compiled)),
    )


def test_a_failed_test_says_its_rule_its_rows_with_their_file_and_the_remedy(
    tmp_path, work
):
    sql = "select i as line, 7 as load_id, null as value from range(5) as t(i)"
    told = messages.tell(failed_test(tmp_path, sql, 5, "fail"), MANIFEST, work)
    assert str(told[TEST]).splitlines() == [
        "STOP: check failed. Expected: Sums agree.",
        "  Found: 5 rows, of which the first 3 are shown",
        "    - line: 0; load_id: 7 (crimes.csv); value: empty",
        "    - line: 1; load_id: 7 (crimes.csv); value: empty",
        "    - line: 2; load_id: 7 (crimes.csv); value: empty",
        "  What to do: Add again.",
        "  Declared in: dbt_project/tests/assert_x.sql",
    ]


def test_a_list_in_a_row_is_printed_item_by_item(tmp_path, work):
    sql = "select 'a.csv' as file, ['3 x no date', '1 x no key'] as reasons -- last"
    told = messages.tell(failed_test(tmp_path, sql, 1, "warn"), MANIFEST, work)
    assert str(told[TEST]).splitlines()[:6] == [
        "WARNING: check failed. Expected: Sums agree.",
        "  Found: 1 row",
        "    - file: a.csv",
        "      reasons:",
        "        3 x no date",
        "        1 x no key",
    ]
    assert told[TEST].metadata() == {
        "found": "1 row",
        "remedy": "Add again.",
        "file": "dbt_project/tests/assert_x.sql",
        "row_1": "file: a.csv",
        "row_1_reasons": "3 x no date | 1 x no key",
    }


@pytest.mark.parametrize(
    ("message", "sentence", "remedy"),
    [
        (
            "Runtime Error in model fct_x (models/marts/fct_x.sql)\n"
            '  Constraint Error: Duplicate key "k: 1" violates primary key constraint.',
            'Constraint Error: Duplicate key "k: 1" violates primary key constraint.',
            "Two rows have the same key",
        ),
        (
            "Runtime Error in model fct_x (models/marts/fct_x.sql)\n"
            "  Out of Memory Error: failed to allocate",
            "Out of Memory Error: failed to allocate",
            "Close other programs on this machine",
        ),
        (
            "Compilation Error in model fct_x (models/marts/fct_x.sql)\n"
            "  'no_macro' is undefined",
            "'no_macro' is undefined",
            "git diff",
        ),
    ],
)
def test_a_model_that_failed_says_its_file_the_cause_and_a_remedy(
    work, message, sentence, remedy
):
    ear = heard(
        event("LogModelResult", MODEL, status="error"),
        event("SkippingDetails", TEST),
        event("RunResultError", MODEL, "error", msg=message),
    )
    told = messages.tell(ear, MANIFEST, work)
    assert told[MODEL].title == "the model fct_x could not be built."
    assert told[MODEL].found == sentence
    assert told[MODEL].file == "dbt_project/models/marts/fct_x.sql"
    assert remedy in told[MODEL].remedy
    assert messages.reason(ear, told).endswith(
        " Not run because it failed: 1 models or tests."
    )


def test_an_error_before_dbts_first_node_is_the_reason():
    ear = heard(event("MainEncounteredError", level="error", msg="No such profile"))
    assert messages.reason(ear, {}) == "No such profile"


NOWHERE = "/proc/nowhere/file"


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (errno.ENOSPC, "No space left on device. Make room on the disk, or name"),
        (errno.EDQUOT, "Disk quota exceeded. Make room on the disk, or name"),
        (errno.EACCES, "Permission denied. Give this user the right to write there"),
        (errno.EROFS, "Read-only file system. Give this user the right to write there"),
        (errno.EISDIR, "Is a directory. Correct that, or name another data home"),
        (errno.EIO, "Input/output error. Correct that, or name another data home"),
    ],
)
def test_an_error_of_the_operating_system_is_reported_with_its_remedy(
    monkeypatch, capsys, number, said
):
    def refuse(_: object) -> None:
        raise OSError(number, os.strerror(number), NOWHERE)

    monkeypatch.setattr(docs, "run", refuse)
    assert main(["docs"]) == 2
    assert capsys.readouterr().err.startswith(f"\nstrandline: {NOWHERE}: {said}")


@pytest.mark.parametrize("is_folder", [False, True])
def test_a_file_that_this_user_may_not_read_is_not_said_to_need_the_right_to_write(
    tmp_path, monkeypatch, capsys, unprivileged, is_folder
):
    path = tmp_path / "folder" / "file"
    path.parent.mkdir()
    path.write_text("x")
    monkeypatch.setattr(docs, "run", lambda _: path.read_text())
    with unprivileged(tmp_path) as everyone:
        (path.parent if is_folder else path).chmod(0)
        with everyone():
            assert main(["docs"]) == 2
        path.parent.chmod(0o755)
    said = f"{path}: Permission denied. Give this user the right to read it."
    assert capsys.readouterr().err == f"\nstrandline: {said}\n"
