"""Erasing a crime: what is removed, what stays, and what is written down."""

import gzip
import json
import os
import pwd
import shutil
from datetime import datetime
from pathlib import Path

import dagster as dg
import duckdb
import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from dagster_project import audit, erasure, versions
from dagster_project.errors import DeliveryError
from dagster_project.intake import contracts
from dagster_project.releases import freeze, store, verification
from dagster_project.settings import Home
from tests import compiled_run
from tests.conftest import (
    FIRST_CRIMES,
    QUARTER,
    Result,
    deliver,
    records_of,
    run_command,
)

CRIME = "EX/000777/21"
LONGER = "EX/000777/219"
REASON = "order of a court"
HEADER, FIRST = "crime_id,recorded_at,note\n", f"{LONGER},2021-01-01T00:00:00,x\n"
OF_CRIME = f'{CRIME.lower()} ,2021-01-01T00:00:00,"two\nlines"\n'


@pytest.fixture
def contract() -> contracts.Contract:
    return contracts.load_contract("crimes")


def clean(path: Path, contract: contracts.Contract) -> tuple[int, Path]:
    target = path.with_name(f"cleaned_{path.name}")
    return erasure._clean(path, target, CRIME, contract), target


@pytest.mark.parametrize("opened", [open, gzip.open])
def test_only_the_records_of_the_crime_leave_a_csv_file(opened, tmp_path, contract):
    path = tmp_path / ("crimes.csv.gz" if opened is gzip.open else "crimes.csv")
    with opened(path, "wt", encoding="utf-8", newline="") as file:
        file.write(f"{HEADER}{FIRST}{OF_CRIME}L,2021,ŵ\r\n")
    count, target = clean(path, contract)
    assert count == 1
    with opened(target, "rt", encoding="utf-8", newline="") as file:
        assert file.read() == f"{HEADER}{FIRST}L,2021,ŵ\r\n"


def test_only_the_records_of_the_crime_leave_a_parquet_file(tmp_path, contract):
    path = tmp_path / "crimes.parquet"
    pq.write_table(pa.table({"crime_id": [LONGER, CRIME, None], "n": [1, 2, 3]}), path)
    count, target = clean(path, contract)
    assert count == 1
    assert pq.read_table(target)["n"].to_pylist() == [1, 3]


def test_only_the_rows_of_the_crime_leave_a_workbook(tmp_path, contract):
    path = tmp_path / "crimes.xlsx"
    book = openpyxl.Workbook()
    for row in (("crime_id", "n"), (LONGER, 1), (CRIME, 2), (CRIME, 3)):
        book.active.append(row)
    book.save(path)
    count, target = clean(path, contract)
    rows = openpyxl.load_workbook(target).active.iter_rows(values_only=True)
    assert (count, list(rows)) == (2, [("crime_id", "n"), (LONGER, 1)])


def test_a_workbook_with_formulas_is_refused(tmp_path, contract):
    path = tmp_path / "crimes.xlsx"
    book = openpyxl.Workbook()
    book.active.append((CRIME, "=1+1"))
    book.active.append((LONGER, "=1+1"))
    book.save(path)
    with pytest.raises(DeliveryError, match="values only"):
        clean(path, contract)


def test_a_reason_that_names_the_crime_is_refused(tmp_path):
    with pytest.raises(DeliveryError, match="reword"):
        erasure.erase(Home(tmp_path), CRIME, f"delete {CRIME.lower()}")
    assert not (tmp_path / audit.NAME).exists()


def test_the_audit_log_has_the_user_of_the_system_and_not_of_the_environment(
    tmp_path, monkeypatch
):
    monkeypatch.setenv("LOGNAME", "somebody_else")
    audit.write(tmp_path, "publish", version=1)
    audit.write(tmp_path, "publish", version=2)
    lines = (tmp_path / audit.NAME).read_text("utf-8").splitlines()
    first, second = map(json.loads, lines)
    assert first["user"] == pwd.getpwuid(os.getuid()).pw_name
    assert (first["version"], second["version"]) == (1, 2)
    datetime.fromisoformat(first["at"])


def test_a_home_whose_loaded_files_are_gone_is_not_touched(tmp_path):
    home = Home(tmp_path)
    shutil.copytree(Path(__file__).parent / "landing", home.landing)
    with erasure.load_log.warehouse(home.warehouse) as connection:
        connection.execute(
            "insert into raw.loads by name select 1 as load_id, 'crimes' as extract,"
            " 'gone.csv' as file_name, 'x' as sha256, 'loaded' as status,"
            " 'force extracts' as origin, 1 as file_bytes, now() as extracted_at,"
            " now() as loaded_at, 1 as lines_delivered, 1 as lines_stored,"
            " 0 as lines_unchanged, 0 as lines_unreadable"
        )
    with pytest.raises(DeliveryError, match=r"Put them back: crimes/gone\.csv"):
        erasure.erase(home, "C01", REASON)
    assert home.warehouse.exists()


def test_only_an_erasure_after_a_publication_is_told_with_its_verification(tmp_path):
    home = Home(tmp_path)
    home.publications.mkdir()
    store.write(store.database(home), [])
    with duckdb.connect(str(store.database(home))) as connection:
        for version, day in ((1, "2021-01-01"), (2, "2999-01-01")):
            connection.execute(
                "insert into publications values (?, ?, ?, 'ann', ?, 'v', 'c', 'l')",
                [QUARTER, version, day, day],
            )
    audit.write(home.root, "publish", quarter=QUARTER)
    audit.write(home.root, "erase", crime="scrypt")
    (told,) = verification._erased_since(home, QUARTER, 1)
    assert told.startswith("A crime was erased on")
    assert verification._erased_since(home, QUARTER, 2) == []


def test_a_publication_before_an_erasure_need_not_be_reproduced(tmp_path):
    home = Home(tmp_path)
    home.publications.mkdir()
    store.write(store.database(home), [])
    with duckdb.connect(str(store.database(home))) as connection:
        connection.execute(
            "insert into publications values (?, 1, '2021-01-01', 'ann', '2021-01-01',"
            " 'v', ?, 'l')",
            [QUARTER, versions.code_sha256(home)],
        )
    assert is_same_code(home)
    audit.write(home.root, "erase", crime="scrypt")
    assert not is_same_code(home)


def is_same_code(home: Home) -> bool:
    """What dbt is told of the publication."""
    with duckdb.connect() as connection:
        connection.execute("create schema raw")
        store.copy_to(connection, home)
        rows = connection.execute("select is_same_code from raw.publications")
        return rows.fetchall()[0][0]


# In a home with a publication


HELD = f"line 9 ({CRIME}): is_online is neither Y nor N"


@dg.asset
def lines() -> None:
    pass


@dg.asset_check(asset=lines)
def held(context: dg.AssetCheckExecutionContext) -> dg.AssetCheckResult:
    """A check that names the crime wherever a check of a run can."""
    context.log.warning(HELD)
    named = {"lines": HELD, "as text": dg.MetadataValue.md(HELD), "one": {"of": CRIME}}
    warning = dg.AssetCheckSeverity.WARN
    return dg.AssetCheckResult(
        passed=False, severity=warning, description=HELD, metadata=named
    )


def delivered(root: Path) -> Home:
    """Return a home whose deliveries have two versions and a held line of the crime."""
    home = Home(root)
    home.root.mkdir()
    deliver(home.root)
    crimes = home.landing / "crimes"
    like = next(
        line
        for line in (crimes / FIRST_CRIMES).read_text("utf-8").splitlines()
        if line.startswith("C04,")
    )
    line = like.replace("C04", CRIME, 1)
    versions = (line, line.replace("Recorded", "Cancelled"), line.replace(",N,", ",?,"))
    for path, text in zip(sorted(crimes.iterdir())[:3], versions, strict=True):
        with path.open("a", encoding="utf-8") as file:
            file.write(f"{text}\n")
    return home


REPORT = ("report", "--force", "essex", "--quarter", QUARTER)
ERASE = ("erase", "--crime", CRIME, "--reason", REASON)


@pytest.fixture(scope="module")
def before(first_build: Result, tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home with a publication and the crime.

    Dagster and dbt have the records of a run without the crime, and of one that names
    it.
    """
    home = delivered(tmp_path_factory.mktemp("erased") / "home")
    made = compiled_run.command(first_build, home.root, *REPORT)
    assert made.exit_code == 0, made.output
    assert freeze.publish(home, QUARTER) == 1
    (home.root / "as_at" / "2021-11-17").mkdir(parents=True)
    shutil.copytree(first_build.home.dagster, home.dagster, dirs_exist_ok=True)
    shutil.copytree(first_build.home.dbt_target, home.dbt_target)
    with records_of(home) as instance:
        dg.materialize([lines, held], instance=instance)
    (home.dagster / "storage" / "note.txt").write_text(HELD)
    logs = home.dbt_target / "logs"
    logs.mkdir(exist_ok=True)
    (logs / "dbt.log").write_text(HELD)
    return home


@pytest.fixture(scope="module")
def figures(before: Home) -> list[tuple]:
    return published_figures(before)


@pytest.fixture(scope="module")
def erased(before: Home, figures, first_build: Result) -> Result:
    named = named_in(before)
    assert {"dbt.log", "note.txt", "index.db"} <= {Path(each).name for each in named}
    said = compiled_run.command(first_build, before.root, *ERASE)
    assert said.exit_code == 0, said.output
    return Result(before, said.output, said.exit_code)


def published_figures(home: Home) -> list[tuple]:
    with duckdb.connect(str(store.database(home)), read_only=True) as reader:
        return reader.execute("from publication_figures order by all").fetchall()


def named_in(home: Home) -> list[str]:
    """Every file and every table of the home that names the crime."""
    found = [
        path.relative_to(home.root).as_posix()
        for path in home.root.rglob("*")
        if path.is_file() and CRIME.encode().lower() in path.read_bytes().lower()
    ]
    for path in home.root.rglob("*.duckdb"):
        with duckdb.connect(str(path), read_only=True) as reader:
            tables = reader.execute(
                "select schema_name, table_name, list(column_name order by column_name)"
                " from duckdb_columns()"
                " where database_name = current_database() and not internal"
                " and data_type like 'VARCHAR%' group by all"
            ).fetchall()
            for schema, table, columns in tables:
                named = ", ".join(
                    f'bool_or(contains(upper("{each}"::varchar), $crime))'
                    for each in columns
                )
                sql = f'select {named} from "{schema}"."{table}"'
                (answers,) = reader.execute(sql, {"crime": CRIME}).fetchall()
                found += [
                    f"{path.name}: {schema}.{table}.{column}"
                    for column, is_named in zip(columns, answers, strict=True)
                    if is_named
                ]
    return found


@pytest.mark.ci
def test_after_an_erasure_no_file_and_no_table_of_the_home_names_the_crime(erased):
    assert named_in(erased.home) == []
    assert not (erased.home.root / "as_at").exists()


@pytest.mark.soak
def test_after_an_erasure_with_runs_of_dbt_no_file_of_the_home_names_the_crime(
    tmp_path,
):
    home = delivered(tmp_path / "home")
    for what in (REPORT, ERASE):
        done = run_command(home.root, *what, "--data", str(home.root))
        assert done.exit_code == 0, done.output
        assert bool(named_in(home)) == (what == REPORT)


@pytest.mark.ci
def test_after_an_erasure_the_other_crimes_are_published(erased):
    others = "select count(*) from marts.fct_crimes where crime_id = 'C04'"
    found = erased.rows_with_ids(others)
    assert found == [(1,)]
    held = erased.rows(
        "select file_name from marts.fct_loads where file_status = 'held'"
    )
    assert held == []


@pytest.mark.ci
def test_what_was_given_out_stays_and_the_verification_says_that_a_crime_was_erased(
    erased, figures, first_build
):
    assert published_figures(erased.home) == figures
    assert erased.rows("select is_same_code from marts.fct_publications") == [(False,)]
    what = ["verify", "--quarter", QUARTER]
    said = compiled_run.command(first_build, erased.home.root, *what).output
    assert "A crime was erased on" in said, said
    assert "inputs: all equal" in said and "files were changed" not in said


@pytest.mark.ci
def test_the_audit_log_says_what_was_erased_without_naming_it(erased):
    lines = (erased.home.root / audit.NAME).read_text("utf-8").splitlines()
    acts = [json.loads(line) for line in lines]
    assert [act["act"] for act in acts] == ["publish", "erase"]
    method, salt, found = acts[1]["crime"].split(":")
    assert (method, found) == ("scrypt", erasure._hash(CRIME, salt))
    assert (acts[1]["lines"], acts[1]["reason"]) == (6, REASON)
