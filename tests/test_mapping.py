"""A mapping: an export as it comes, read into the columns of its contract."""

import json
from pathlib import Path

import duckdb
import pytest

from dagster_project.intake.contracts import load_contract
from dagster_project.intake.reading import readers
from dagster_project.settings import Home
from tests import messy_exports as messy

NAME = "crimes_20211117T060000.csv"


@pytest.fixture
def connection() -> duckdb.DuckDBPyConnection:
    return duckdb.connect()


def read(
    connection: duckdb.DuckDBPyConnection, home: Path, content: bytes, mapping: str
) -> readers.Reading:
    messy.write(home, "crimes.yml", mapping)
    path = messy.deliver(home, "crimes", NAME, content)
    return readers.read(connection, path, load_contract("crimes", Home(home)))


def test_an_export_becomes_the_texts_of_the_contract(connection, tmp_path: Path):
    reading = read(connection, tmp_path, messy.CRIMES.encode(), messy.CRIMES_MAPPING)
    assert reading.delivered == 5
    expected = messy.expected_crimes(tmp_path / "landing" / "crimes" / NAME)
    columns = ", ".join(expected.columns)
    found = connection.execute(
        f"select {columns} from delivered where _not_mapped is null order by _line"
    ).fetchall()
    good = expected[expected["recorded_at"].notna() & (expected.index != 2)]
    good = good.astype(object).where(good.notna(), None)
    assert found == [tuple(row) for row in good.to_numpy()]
    print(reading.notes)
    print(connection.execute("select * from delivered").df().T.to_string())
