"""The real archive: 26 months of Northumbria, compared with pandas on the same zip."""

import io
import zipfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from dagster_project.intake import load_log
from dagster_project.intake.police_uk import open_data

ARCHIVE = (
    Path(__file__).parents[2]
    / "shared"
    / "police_uk"
    / "northumbria-2020-05-to-2022-06.zip"
)
pytestmark = pytest.mark.skipif(
    not ARCHIVE.exists(), reason=f"the real archive is not there: {ARCHIVE.name}"
)
# Only an empty cell is a missing value; "NA" and "None" are texts.
READ_AS_TEXT = {"dtype": str, "keep_default_na": False}


@pytest.fixture(scope="module")
def connection(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[duckdb.DuckDBPyConnection]:
    folder = tmp_path_factory.mktemp("northumbria")
    with load_log.warehouse(folder / "warehouse.duckdb") as connection:
        open_data.load_archives(
            connection, [ARCHIVE], ["northumbria"], lambda line: None
        )
        yield connection


@cache
def by_pandas(kind: str) -> pd.DataFrame:
    """Return all files of a kind, read directly from the zip, in order of months."""
    with zipfile.ZipFile(ARCHIVE) as handle:
        names = sorted(n for n in handle.namelist() if n.endswith(f"-{kind}.csv"))
        assert len(names) == 26
        frames = [
            pd.read_csv(io.BytesIO(handle.read(name)), **READ_AS_TEXT).assign(
                file_name=name
            )
            for name in names
        ]
    frame = pd.concat(frames, ignore_index=True)
    frame.insert(0, "line", frame.groupby("file_name").cumcount() + 2)
    return frame.rename(columns=lambda name: name.lower().replace(" ", "_"))


def by_strandline(
    connection: duckdb.DuckDBPyConnection, kind: str, columns: list[str]
) -> pd.DataFrame:
    """Return the same from `raw`, by file and line."""
    cells = [f"coalesce({name}, '') as {name}" for name in columns[1:]]
    relation = connection.sql(
        f"""
        select
            _line as line,
            {", ".join(cells)},
        from raw.police_uk_{kind}
        inner join (select load_id, file_name from raw.loads) on load_id = _load_id
        order by file_name, _line
        """
    )
    return relation.to_arrow_table().to_pandas()


@pytest.mark.parametrize("kind", ["street", "outcomes"])
def test_every_cell_of_every_month_is_as_in_the_files(connection, kind):
    expected = by_pandas(kind)
    found = by_strandline(connection, kind, list(expected.columns))
    assert len(found) == len(expected)
    differing = [name for name in expected if not found[name].equals(expected[name])]
    assert differing == []


def test_counts_by_month_crime_type_and_area_are_those_of_the_files(connection):
    keys = ["month", "crime_type", "lsoa_name"]
    expected = by_pandas("street").groupby(keys).size()
    counts = connection.execute(
        """
        select
            month,
            crime_type,
            coalesce(lsoa_name, ''),
            count(*),
        from raw.police_uk_street
        group by all
        """
    ).fetchall()
    assert expected.sum() == 416_022
    assert len(expected.index.unique("month")) == 26
    assert {tuple(key): count for *key, count in counts} == expected.to_dict()


def test_the_register_accounts_for_all_52_files(connection):
    rows = connection.execute(
        """
        select
            extract,
            count(distinct month),
            sum(lines_delivered)::bigint,
            sum(lines_stored)::bigint,
            sum(lines_unreadable)::bigint,
            list_distinct(list(status)),
        from raw.loads
        group by all
        order by all desc
        """
    ).fetchall()
    assert rows == [
        ("police_uk_street", 26, 416_022, 416_022, 0, ["loaded"]),
        ("police_uk_outcomes", 26, 185_836, 185_836, 0, ["loaded"]),
    ]


def test_loading_it_again_changes_nothing(connection):
    before = connection.execute("from raw.loads order by load_id").fetchall()
    results = open_data.load_archives(connection, [ARCHIVE], None, lambda line: None)
    assert {result.status for result in results} == {"unchanged"}
    assert connection.execute("from raw.loads order by load_id").fetchall() == before


def test_its_description_says_that_no_month_is_missing():
    assert open_data.describe(ARCHIVE).splitlines() == [
        f"{ARCHIVE.name}: forces 1, files 52, months 2020-05 to 2022-06",
        "  northumbria  street           2020-05 to 2022-06  26 of 26 months",
        "  northumbria  outcomes         2020-05 to 2022-06  26 of 26 months",
    ]
