"""The published file has no id and no free text; the restricted file has both."""

import csv
import json
import os
import stat
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from dagster_project import backups, erasure
from dagster_project.errors import DeliveryError
from dagster_project.settings import Home
from dagster_project.warehouse import parquet, restricted, snapshot
from tests import compiled_run
from tests.conftest import QUARTER, Result, copied, run_here
from tests.test_publishing import SECOND_DAY, build, build_crimes

HERE = Path(__file__).parent / "landing"
TEXTS = ("action_title", "owner_role", "at_risk_reason", "mitigation")
CRIMES_HELD = (
    "crime_id,recorded_at,committed_from,committed_to,offence_code,district_code,"
    "lsoa_code,keywords,is_domestic_abuse,is_hate_crime,is_online,"
    "is_night_time_economy,crime_status,outcome_code,outcome_date\n"
    "SECRET-1,2021-08-15T10:00:00,2021-08-15T09:00:00,,34B,E06000033,,,N,N,N,N,"
    "Recorded,Spoken to J. Doe,2021-08-16\n"
    "SECRET-2,2021-08-15T10:00:00,,,34B,E06000033,,,N,N,N,N,Told by J. Doe,,\n"
)


def delivered(landing: Path) -> set[str]:
    """Every id of a crime, and every free text, in the files as they were delivered."""
    found = set()
    for path in sorted(landing.rglob("*.csv")):
        with path.open(encoding="utf-8-sig", newline="") as file:
            for row in csv.DictReader(file):
                wanted = ("crime_id", *TEXTS)
                found |= {row[name] for name in wanted if row.get(name)}
    # A cut-off line has the word "only" there, which is in descriptions too.
    return {t.strip() for t in found if len(t.strip()) > 2 and t != t.lower()}


def columns(connection: duckdb.DuckDBPyConnection) -> Iterator[tuple[str, str]]:
    """Every table, and each column that can have a text."""
    yield from connection.execute(
        "select schema_name || '.' || table_name, column_name from duckdb_columns()"
        " where not internal and not regexp_matches(data_type, '^(BIG|BOOL|DATE|DEC|"
        "DOUBLE|INTEGER|TIMESTAMP|UUID)[A-Z]*(\\(.*)?$') order by all"
    ).fetchall()


def named(path: Path, texts: set[str]) -> list[tuple[str, str, str]]:
    """Table, column and text of each of the texts that a file's values contain."""
    tables = defaultdict(list)
    found = []
    with duckdb.connect(str(path), read_only=True) as connection:
        for table, column in columns(connection):
            tables[table].append(column)
        for table, names in tables.items():
            # One query for each table: many are views, which it computes once.
            lists = ", ".join(
                f'list(distinct "{name}"::varchar) filter ("{name}" is not null)'
                for name in names
            )
            (row,) = connection.execute(f"select {lists} from {table}").fetchall()
            for column, values in zip(names, row, strict=True):
                all_values = "\0".join(values or [])
                found += [(table, column, t) for t in sorted(texts) if t in all_values]
    return found


@pytest.fixture(scope="module")
def doubtful(first_build: Result, tmp_path_factory: pytest.TempPathFactory) -> Result:
    """A home with held lines and with values that no list has."""
    root = tmp_path_factory.mktemp("doubtful")
    for extract in ("crimes", "actions"):
        for path in (HERE / extract).iterdir():
            target = root / "landing" / extract / path.name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(path.read_bytes())
    late = root / "landing" / "crimes" / "crimes_20211118T060000.csv"
    late.write_text(CRIMES_HELD, encoding="utf-8")
    made = compiled_run.run(first_build, root, "essex")
    assert made.home.current.exists(), made.output
    return made


def test_no_column_of_the_published_file_has_an_id_or_a_free_text(doubtful: Result):
    texts = delivered(doubtful.home.landing) | {"J. Doe"}
    assert {"SECRET-1", "C04"} < texts and len(texts) > 20
    assert named(doubtful.home.current, texts) == []


def test_the_search_finds_ids_and_texts_where_they_are(doubtful: Result):
    texts = delivered(doubtful.home.landing)
    (file,) = doubtful.home.restricted.iterdir()
    found = {text for *_, text in named(file, texts)}
    assert len(found) > 20


def test_no_parquet_file_has_an_id_or_a_free_text(doubtful: Result):
    texts = delivered(doubtful.home.landing)
    folder = parquet.write(doubtful.home).folder
    manifest = json.loads((folder / parquet.MANIFEST).read_text("utf-8"))
    described = {
        t["name"]: [c["name"] for c in t["columns"]] for t in manifest["tables"]
    }
    assert "crime_key" in described["marts.fct_crimes"]
    for path in sorted(folder.glob("*.parquet")):
        frame = duckdb.sql(f"from '{path}'")
        assert described[f"marts.{path.stem}"] == frame.columns
        words = {str(value) for row in frame.fetchall() for value in row}
        assert not texts & words


def test_the_restricted_file_has_the_id_of_every_key_and_the_texts(doubtful: Result):
    with duckdb.connect(str(doubtful.home.current), read_only=True) as reader:
        assert restricted.attach(doubtful.home, reader)
        for table, key in (
            ("marts.fct_crimes", "crime_key"),
            ("marts.fct_crime_measures", "crime_key"),
            ("marts.fct_past_crime_versions", "crime_key"),
            ("marts.fct_quarantined_lines", "record_key"),
            ("marts.fct_unknown_values", "value_key"),
        ):
            lost = reader.execute(
                f"select count(*) from {table} as published"
                f" anti join restricted.keys on published.{key} = keys.record_key"
                f" where published.{key} is not null"
            ).fetchall()
            assert lost == [(0,)], table
        rows = reader.execute(
            "select record_id, held.line_text"
            " from restricted.marts.fct_quarantined_lines as held"
            " inner join marts.fct_quarantined_lines as published"
            " using (load_id, line) inner join restricted.keys using (record_key)"
        ).fetchall()
        assert any(text and identity in text for identity, text in rows)
        published = reader.execute(
            "select crime_key, recorded_at from marts.fct_crimes order by all"
        ).fetchall()
    ids = doubtful.rows_with_ids("select crime_id, recorded_at from marts.fct_crimes")
    assert sorted(at for _, at in published) == sorted(at for _, at in ids)
    assert len({key for key, _ in published}) == len(ids)


def test_a_motivation_of_a_crime_has_the_key_of_the_crime(home: Home):
    with duckdb.connect(str(home.warehouse)) as work:
        work.execute("create table marts.fct_other as select 'A' as record_id")
        work.execute(
            "insert into intermediate.restricted_columns"
            " values ('marts', 'fct_other', 'record_id', 'record_key')"
        )
    snapshot.publish(home)
    with duckdb.connect(str(home.current), read_only=True) as reader:
        found = reader.execute(
            "select count(*) from marts.fct_other"
            " inner join marts.fct_crimes on record_key = crime_key"
        ).fetchall()
    assert found == [(1,)]


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = Home(tmp_path / "home")
    home.landing.mkdir(parents=True)
    (home.landing / "crimes.csv").touch()
    build(home, 1)
    restrict(home)
    return home


def restrict(home: Home) -> None:
    build_crimes(home, ("A", 1), ("B", 2))
    with duckdb.connect(str(home.warehouse)) as work:
        work.execute(
            "insert into intermediate.restricted_columns"
            " values ('marts', 'fct_crimes', 'crime_id', 'crime_key'),"
            " ('marts', 'fct_crime_measures', 'crime_id', 'crime_key')"
        )


def keys(home: Home) -> dict[str, str]:
    """Id → key of each published crime."""
    with duckdb.connect(str(home.current), read_only=True) as reader:
        assert restricted.attach(home, reader)
        return dict(
            reader.execute(
                "select record_id, crime_key from marts.fct_crimes"
                " inner join restricted.keys on crime_key = record_key"
            ).fetchall()
        )


def test_a_crime_has_the_same_key_in_every_version(home: Home):
    snapshot.publish(home)
    first = keys(home)
    build_crimes(home, ("A", 1), ("B", 3), ("C", 3), loads=SECOND_DAY)
    snapshot.publish(home)
    assert {"A": first["A"], "B": first["B"]}.items() < keys(home).items()
    assert set(keys(home)) == {"A", "B", "C"}


def test_a_crime_has_the_same_key_after_a_restore(home: Home, tmp_path: Path):
    snapshot.publish(home)
    backups.write(home, tmp_path / "backup.zip")
    new = Home(tmp_path / "new")
    backups.restore(tmp_path / "backup.zip", new)
    assert stat.S_IMODE(new.key_secret.stat().st_mode) == 0o600
    build(new, 1)
    restrict(new)
    snapshot.publish(new)
    assert keys(new) == keys(home)


def test_the_same_crime_has_another_key_in_another_home(home: Home, tmp_path: Path):
    other = Home(tmp_path / "other")
    other.root.mkdir()
    build(other, 1)
    restrict(other)
    snapshot.publish(home)
    snapshot.publish(other)
    assert not set(keys(home).values()) & set(keys(other).values())


def test_only_the_owner_may_read_the_secret_and_enter_the_restricted_folder(home: Home):
    snapshot.publish(home)
    assert stat.S_IMODE(home.key_secret.stat().st_mode) == 0o600
    assert stat.S_IMODE(home.restricted.stat().st_mode) == 0o700
    home.restricted.chmod(0o750)
    snapshot.publish(home)
    assert stat.S_IMODE(home.restricted.stat().st_mode) == 0o750


def test_a_version_and_its_restricted_file_are_removed_together(home: Home):
    for _ in range(snapshot.KEPT_VERSIONS + 1):
        snapshot.publish(home)
    kept = [f"warehouse_{n}.duckdb" for n in (2, 3, 4)]
    assert sorted(p.name for p in home.restricted.iterdir()) == kept
    assert sorted(p.name for p in home.published.glob("warehouse_*")) == kept


def test_a_version_that_older_code_wrote_with_ids_is_removed(home: Home):
    old = snapshot.publish(home).path
    (home.restricted / old.name).unlink()
    snapshot.publish(home)
    assert not old.exists()


def test_an_erasure_removes_the_restricted_files_and_keeps_the_secret(home: Home):
    snapshot.publish(home)
    erasure._remove_made(home)
    assert [*home.restricted.iterdir()] == [] and home.key_secret.exists()


FIGURE = "rolling_12_months/knife_crime/difference"


def test_explain_shows_ids_to_whoever_may_read_them_and_keys_to_others(
    first_build: Result, tmp_path: Path, monkeypatch
):
    made = copied(first_build, tmp_path)
    options = ["--data", str(made.home.root), "--quarter", QUARTER, "--figure", FIGURE]
    ids = {
        key for (key,) in made.rows_with_ids("select crime_id from marts.fct_crimes")
    }
    shown = run_here("explain", *options)
    assert shown.exit_code == 0 and "record_id" in shown.output
    listed = {word for word in shown.output.split() if word in ids}
    assert listed
    allowed = os.access

    def refused(path, mode, **more):
        return "restricted" not in str(path) and allowed(path, mode, **more)

    monkeypatch.setattr(os, "access", refused)
    told = run_here("explain", *options)
    assert told.exit_code == 0 and "record_key" in told.output
    assert not {word for word in told.output.split() if word in ids}
    assert f"you may not read {made.home.restricted}" in told.output


def test_a_damaged_secret_stops_the_publish_with_a_remedy(home: Home):
    snapshot.publish(home)
    home.key_secret.write_text("")
    with pytest.raises(DeliveryError, match="Put it back from a backup"):
        snapshot.publish(home)
