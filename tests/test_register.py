"""The work file is opened for writing, or a sentence says why not and what to do."""

import os
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from dagster_project.errors import DeliveryError
from dagster_project.intake import load_log


def loads(path: Path) -> list[tuple]:
    with load_log.warehouse(path) as connection:
        return connection.execute("from raw.loads").fetchall()


def test_a_new_file_of_duckdb_is_as_long_as_its_headers(tmp_path: Path):
    """HEADERS_SIZE relies on this."""
    path = tmp_path / "new.duckdb"
    duckdb.connect(str(path)).close()
    assert path.stat().st_size == load_log.HEADERS_SIZE


@pytest.mark.parametrize("size", [0, 1, 4096, 8192, load_log.HEADERS_SIZE - 1])
def test_a_work_file_that_a_full_disk_left_unfinished_is_made_again(
    tmp_path: Path, size: int
):
    path = tmp_path / "warehouse.duckdb"
    duckdb.connect(str(path)).close()
    os.truncate(path, size)
    path.with_name(path.name + ".wal").write_bytes(b"half")
    assert loads(path) == []


def test_a_damaged_work_file_is_named_with_the_remedy_and_is_not_touched(
    tmp_path: Path,
):
    path = tmp_path / "warehouse.duckdb"
    loads(path)
    os.truncate(path, path.stat().st_size - 100_000)
    damaged = path.read_bytes()
    assert len(damaged) > load_log.HEADERS_SIZE
    with pytest.raises(DeliveryError, match="Move the file away and run again"):
        loads(path)
    assert path.read_bytes() == damaged


def test_a_work_file_that_another_run_has_open_asks_to_wait(tmp_path: Path):
    path = tmp_path / "warehouse.duckdb"
    script = f"import duckdb; c = duckdb.connect({str(path)!r}); print(); input()"
    with subprocess.Popen(
        [sys.executable, "-c", script],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as other:
        other.stdout.readline()
        with pytest.raises(DeliveryError, match="Wait until the other run has ended"):
            loads(path)
        other.communicate("\n")
