"""Analysts always read a complete version, and an open reader keeps its version."""

import errno
import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import dagster as dg
import duckdb
import pandas
import pytest

from dagster_project import packs, settings
from dagster_project.defs import warehouse
from dagster_project.errors import DeliveryError
from dagster_project.settings import Home
from dagster_project.transform import builds
from dagster_project.warehouse import checksums, parquet, projection, snapshot
from dagster_project.warehouse.snapshot import publish
from tests.reading import reading, writer

IN_FULL = "00000000-0000-0000-0000-000000000001"
AGAIN = "00000000-0000-0000-0000-000000000002"
# Load id → the time at which it was read.
FIRST_DAY = ("Monday", "Monday")
SECOND_DAY = (*FIRST_DAY, "Tuesday")
CREATE_BUILDS = """
    create table if not exists intermediate.builds (
        build_id uuid, code_sha256 varchar, last_load_id bigint, loads_read varchar,
        has_all_seeds_and_views boolean
    )
"""
CREATE_RESTRICTED = """
    create table if not exists intermediate.restricted_columns (
        schema_name varchar, table_name varchar, column_name varchar,
        published_as varchar
    )
"""


@pytest.fixture
def home(tmp_path) -> Home:
    home = Home(tmp_path)
    build(home, 1)
    return home


def build(home: Home, version: int) -> None:
    """Make the work file as dbt leaves it: marts, report tables, private tables."""
    with duckdb.connect(str(home.warehouse)) as work:
        for schema in ("raw", "staging", "marts", "reporting"):
            work.execute(f"create schema if not exists {schema}")
        work.execute(f"create or replace table marts.fct_x as select {version} as v")
        work.execute("create or replace table reporting.rpt_x as from range(3)")
        work.execute("create or replace table raw.x as select 'private' as line")
        work.execute("create schema if not exists intermediate")
        work.execute(CREATE_BUILDS)
        work.execute(CREATE_RESTRICTED)


def version(home: Home) -> int:
    with duckdb.connect(str(home.current), read_only=True) as reader:
        return reader.execute("select v from marts.fct_x").fetchall()[0][0]


def files(home: Home) -> list[str]:
    return sorted(path.name for path in home.published.iterdir())


def test_marts_and_report_tables_are_published_and_nothing_else(home):
    published = publish(home)
    assert published.rows == {"marts.fct_x": 1, "reporting.rpt_x": 3}
    with duckdb.connect(str(home.current), read_only=True) as reader:
        tables = reader.execute(
            "select table_schema || '.' || table_name from information_schema.tables"
            " order by all"
        )
        assert tables.fetchall() == [
            ("intermediate.builds",),
            ("marts.fct_x",),
            ("reporting.rpt_x",),
        ]


def build_crimes(
    home: Home,
    *crimes: tuple[str, int],
    loads: tuple[str, ...] = FIRST_DAY,
    build_id: str = IN_FULL,
) -> None:
    """Make incremental marts as dbt leaves them: crimes with their loads, and the
    build.
    """
    with duckdb.connect(str(home.warehouse)) as work:
        work.execute(
            "create or replace table marts.fct_crimes (crime_id varchar, load_id int)"
        )
        if crimes:
            work.executemany("insert into marts.fct_crimes values (?, ?)", crimes)
        work.execute(
            "create or replace table marts.fct_crime_measures as"
            " select crime_id, 'all' as measure_code from marts.fct_crimes"
        )
        work.execute(
            "create or replace table raw.loads"
            " (load_id bigint, loaded_at varchar, status varchar)"
        )
        for load_id, loaded_at in enumerate(loads, 1):
            work.execute(
                "insert into raw.loads values (?, ?, 'loaded')", [load_id, loaded_at]
            )
        now = builds.begin(work, "code")
        work.execute("delete from intermediate.builds")
        work.execute(
            "insert into intermediate.builds values (?, ?, ?, ?, true)",
            [build_id, now.code_sha256, now.last_load_id, now.loads_read],
        )


def published_crimes(home: Home) -> list[tuple]:
    """Return the published rows, in the order of the file."""
    with duckdb.connect(str(home.current), read_only=True) as reader:
        return reader.execute("from marts.fct_crimes").fetchall()


def test_crimes_of_new_loads_are_added_to_those_that_were_published(home):
    build_crimes(home, ("A", 1), ("B", 2))
    publish(home)
    # A copy of the whole mart would be in the mart's order.
    build_crimes(home, ("C", 3), ("B", 3), ("A", 1), loads=SECOND_DAY)
    published = publish(home)
    assert published_crimes(home) == [("A", 1), ("C", 3), ("B", 3)]
    assert published.rows["marts.fct_crimes"] == 3
    assert published.damage is None


def test_past_versions_of_the_crimes_of_new_loads_are_replaced(home):
    for day, past in (
        (FIRST_DAY, [("C", 1), ("B", 1), ("A", 1)]),
        (SECOND_DAY, [("A", 1), ("B", 1), ("B", 2), ("C", 1)]),
    ):
        build_crimes(home, ("A", 1), ("B", len(day)), ("C", 2), loads=day)
        with duckdb.connect(str(home.warehouse)) as work:
            work.execute(
                "create or replace table marts.fct_past_crime_versions"
                " (crime_id varchar, version_number int)"
            )
            work.executemany(
                "insert into marts.fct_past_crime_versions values (?, ?)", past
            )
        published = publish(home)
    assert published.damage is None
    with duckdb.connect(str(home.current), read_only=True) as reader:
        versions = reader.execute("from marts.fct_past_crime_versions").fetchall()
    # A copy of the whole mart would be in the mart's order.
    assert versions == [("C", 1), ("A", 1), ("B", 1), ("B", 2)]


@pytest.mark.parametrize(
    "now",
    [
        {"build_id": AGAIN},
        {"loads": ("Monday",)},
        {"loads": ("Monday", "Wednesday", "Wednesday")},
    ],
    ids=["built in full", "an older work file put back", "and loaded again"],
)
def test_crimes_that_were_not_only_added_to_are_published_in_full(home, now):
    build_crimes(home, ("A", 1), ("B", 2))
    publish(home)
    build_crimes(home, ("A", 0), ("C", 3), **{"loads": SECOND_DAY} | now)
    published = publish(home)
    assert published_crimes(home) == [("A", 0), ("C", 3)]
    assert published.damage is None


def test_a_version_of_open_data_does_not_start_as_a_copy_of_the_last(home):
    build_crimes(home)
    with duckdb.connect(str(home.warehouse)) as work:
        work.execute(
            "create table marts.fct_open_crimes as"
            " select hash(range) from range(200000)"
        )
    sizes = [publish(home).path.stat().st_size for _ in range(2)]
    assert sizes[0] == sizes[1] > 1_000_000


def test_a_table_that_did_not_change_is_not_copied_again(home, monkeypatch):
    build_crimes(home, ("A", 1), ("B", 2))
    publish(home)
    copied, copy_table = [], snapshot._copy_table

    def remembered(connection, name, after):
        copied.append(name)
        copy_table(connection, name, after)

    monkeypatch.setattr(snapshot, "_copy_table", remembered)
    with duckdb.connect(str(home.warehouse)) as work:
        work.execute("update marts.fct_x set v = 2")
    rows = publish(home).rows
    assert [name for name in copied if "crime" not in name] == ["marts.fct_x"]
    assert rows["reporting.rpt_x"] == 3
    assert version(home) == 2


def test_publishing_the_same_data_again_does_not_grow_the_file(home):
    build_crimes(home, ("A", 1), ("B", 2))
    with duckdb.connect(str(home.warehouse)) as work:
        work.execute(
            "create table marts.fct_large as select hash(range) as h from range(200000)"
        )
    sizes = [publish(home).path.stat().st_size for _ in range(4)]
    assert max(sizes) <= 1.1 * sizes[0]


def test_a_required_column_stays_required_and_a_key_is_named_in_the_comment(home):
    with duckdb.connect(str(home.warehouse)) as work:
        work.execute(
            "create table marts.fct_keyed"
            " (a int, b int not null, c varchar[], primary key (b, a))"
        )
        work.execute("comment on table marts.fct_keyed is 'One row per pair.'")
        work.execute("insert into marts.fct_keyed values (1, 2, ['x'])")
    publish(home)
    with duckdb.connect(str(home.current), read_only=True) as reader:
        described = reader.execute(
            "select column_name, data_type, is_nullable from duckdb_columns()"
            " where table_name = 'fct_keyed'"
        )
        assert described.fetchall() == [
            ("a", "INTEGER", False),
            ("b", "INTEGER", False),
            ("c", "VARCHAR[]", True),
        ]
        comment = reader.execute(
            "select comment from duckdb_tables() where table_name = 'fct_keyed'"
        )
        assert comment.fetchall() == [("One row per pair. Key: b, a.",)]
        assert reader.execute("from marts.fct_keyed").fetchall() == [(1, 2, ["x"])]


def test_a_table_that_the_work_file_no_longer_has_is_not_published(home):
    with duckdb.connect(str(home.warehouse)) as work:
        work.execute("create view reporting.rpt_v as select v from marts.fct_x")
        work.execute("create table reporting.rpt_y as from range(3)")
    publish(home)
    with duckdb.connect(str(home.warehouse)) as work:
        work.execute("drop view reporting.rpt_v")
        work.execute("drop table reporting.rpt_y")
    assert set(publish(home).rows) == {"marts.fct_x", "reporting.rpt_x"}
    with duckdb.connect(str(home.current), read_only=True) as reader:
        names = reader.execute(
            "select table_name from information_schema.tables order by all"
        )
        assert names.fetchall() == [("builds",), ("fct_x",), ("rpt_x",)]


def test_descriptions_of_tables_views_and_columns_are_published(home):
    with duckdb.connect(str(home.warehouse)) as work:
        work.execute("create view reporting.rpt_v as select v from marts.fct_x")
        for what in ("table marts.fct_x", "column marts.fct_x.v"):
            work.execute(f"comment on {what} is 'the {what} that''s described'")
        work.execute("comment on view reporting.rpt_v is 'a view'")
        work.execute("comment on column reporting.rpt_v.v is 'a column'")
    publish(home)
    with duckdb.connect(str(home.current), read_only=True) as reader:
        found = reader.execute(
            "select comment from duckdb_tables() where comment is not null"
            " union all select comment from duckdb_views() where comment is not null"
            " union all select comment from duckdb_columns() where comment is not null"
        ).fetchall()
    assert sorted(found) == sorted(
        [
            (snapshot.BUILDS_COMMENT,),
            *((words,) for words in snapshot.BUILDS_COLUMNS.values()),
            ("a column",),
            ("a view",),
            ("the column marts.fct_x.v that's described",),
            ("the table marts.fct_x that's described",),
        ]
    )


def test_a_last_version_that_cannot_be_read_is_not_built_upon(home):
    damaged = publish(home).path
    damaged.chmod(0o644)
    damaged.write_bytes(b"no database")
    build(home, 2)
    publish(home)
    assert version(home) == 2


def test_a_full_disk_is_not_reported_as_damage_of_the_last_version(home, monkeypatch):
    def full(*_: object) -> None:
        raise duckdb.IOException(f"Could not write: {os.strerror(errno.ENOSPC)}")

    build_crimes(home, ("A", 1))
    publish(home)
    build_crimes(home, ("B", 2), ("A", 1), loads=SECOND_DAY)
    monkeypatch.setattr(snapshot, "_copy", full)
    with pytest.raises(duckdb.IOException, match="No space left"):
        publish(home)
    assert published_crimes(home) == [("A", 1)]


def test_a_view_of_report_tables_is_published_and_asks_the_new_file(home):
    with duckdb.connect(str(home.warehouse)) as work:
        work.execute(
            "create view reporting.rpt_v as select v + 1 as w from marts.fct_x"
        )
    publish(home)
    build(home, 2)
    publish(home)
    with duckdb.connect(str(home.current), read_only=True) as reader:
        assert reader.execute("select w from reporting.rpt_v").fetchall() == [(3,)]


def test_each_publish_is_a_new_file_and_the_link_points_to_the_newest(home):
    publish(home)
    assert str(home.current.readlink()) == "warehouse_1.duckdb"
    build(home, 2)
    publish(home)
    assert str(home.current.readlink()) == "warehouse_2.duckdb"
    assert files(home) == [
        "current.duckdb",
        "strandline.duckdb",
        "warehouse_1.duckdb",
        "warehouse_2.duckdb",
    ]
    assert version(home) == 2


def test_an_open_reader_keeps_its_version_and_the_next_one_gets_the_new(home):
    publish(home)
    script = (
        "import duckdb, sys;"
        f"reader = duckdb.connect({str(home.current)!r}, read_only=True);"
        "ask = lambda: print(reader.sql('select v from marts.fct_x').fetchall()[0][0],"
        " flush=True);"
        "ask(); sys.stdin.readline(); ask()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as reader:
        assert reader.stdout.readline() == "1\n"
        for number in range(2, 7):
            build(home, number)
            publish(home)
        assert version(home) == 6
        assert reader.communicate("\n")[0] == "1\n"


# Each asks for the version's number, in a table of its own.
NUMBERED = (
    "select v from marts.fct_x",
    "select max(v) from marts.fct_y",
    "select min(v) from reporting.rpt_y",
    "select sum(v) / 5000 from reporting.rpt_view",
)


def build_numbered(home: Home, version: int) -> None:
    build(home, version)
    with duckdb.connect(str(home.warehouse)) as work:
        work.execute(
            f"create or replace table marts.fct_y as select {version} as v"
            " from range(9)"
        )
        work.execute(
            "create or replace table reporting.rpt_y as"
            f" select {version} as v from range(5000)"
        )
        work.execute(
            "create or replace view reporting.rpt_view as from reporting.rpt_y"
        )


@pytest.mark.ci
def test_eight_readers_see_whole_versions_through_ten_publishes_one_being_killed(home):
    build_numbered(home, 1)
    publish(home)
    stop = home.root / "stop"
    with reading(home.current, stop, *NUMBERED, count=8) as readers:
        for number in range(2, 12):
            build_numbered(home, number)
            publish(home)
            if number == 6:
                readers.kill_one()
    assert len(readers.seen) == 7
    for seen in readers.seen:
        assert (seen.errors, seen.mixed) == ([], 0)
        assert seen.versions == sorted(seen.versions)
        assert seen.versions[-1] == 11
    assert len({number for seen in readers.seen for number in seen.versions}) > 2
    assert not [*home.published.glob("*.wal")]


def test_a_client_that_forgets_read_only_is_refused_and_disturbs_nobody(
    home, unprivileged
):
    publish(home)
    with unprivileged(home.published) as as_nobody:
        with as_nobody(), pytest.raises(duckdb.IOException, match="Permission denied"):
            duckdb.connect(str(home.current))
        with as_nobody():
            assert version(home) == 1


def test_a_client_that_may_write_anything_locks_one_version_until_the_next_publish(
    home,
):
    publish(home).path.chmod(0o666)
    with writer(home.current) as client:
        assert client.stdout.readline() == "open\n"
        with pytest.raises(duckdb.IOException, match="Conflicting lock"):
            version(home)
        build(home, 2)
        publish(home)
        assert version(home) == 2
    assert version(home) == 2


def test_the_catalog_is_named_strandline_and_an_open_one_keeps_its_version(home):
    publish(home)
    attach = f"attach '{home.strandline}' (read_only)"
    asked = "select v from strandline.marts.fct_x"
    with duckdb.connect() as reader, duckdb.connect() as next_reader:
        reader.execute(attach)
        for number in (2, 3, 4, 5):
            build(home, number)
            publish(home)
            assert reader.execute(asked).fetchall() == [(1,)]
        next_reader.execute(attach)
        assert next_reader.execute(asked).fetchall() == [(5,)]


def test_three_versions_are_kept(home):
    for number in range(1, 6):
        build(home, number)
        publish(home)
    assert files(home) == [
        "current.duckdb",
        "strandline.duckdb",
        *(f"warehouse_{n}.duckdb" for n in (3, 4, 5)),
    ]


def test_versions_are_counted_as_numbers(home):
    home.published.mkdir()
    for number in (9, 10):
        (home.published / f"warehouse_{number}.duckdb").touch()
    assert publish(home).path.name == "warehouse_11.duckdb"


def test_nobody_may_write_to_a_published_file(home):
    path = publish(home).path
    assert path.stat().st_mode & 0o777 == 0o440
    with (
        duckdb.connect(str(home.current), read_only=True) as reader,
        pytest.raises(duckdb.InvalidInputException, match="read-only"),
    ):
        reader.execute("delete from marts.fct_x")


def test_the_published_file_is_of_the_storage_version_that_older_clients_read(home):
    publish(home)
    with duckdb.connect() as reader:
        reader.execute(f"attach '{home.current}' as public (read_only)")
        tags = reader.execute(
            "select tags from duckdb_databases() where database_name = 'public'"
        ).fetchall()[0][0]
    assert tags["storage_version"].startswith("v1.2.0")


def test_a_failed_publish_leaves_the_last_version_and_the_next_one_succeeds(
    home, monkeypatch
):
    publish(home)
    build(home, 2)

    def fail(*_: object) -> None:
        raise OSError("no space left on device")

    for step in ("_copy", "point_to"):
        with monkeypatch.context() as patch:
            patch.setattr(snapshot, step, fail)
            with pytest.raises(OSError):
                publish(home)
        assert version(home) == 1
    publish(home)
    assert version(home) == 2


def test_files_of_a_killed_publish_are_removed_by_the_next(home):
    home.published.mkdir()
    for left_over in (
        "warehouse_1.duckdb.partial",
        "warehouse_1.duckdb.partial.wal",
        "warehouse_1.duckdb.wal",
        "current.new",
    ):
        (home.published / left_over).write_bytes(b"half")
    publish(home)
    assert files(home) == ["current.duckdb", "strandline.duckdb", "warehouse_1.duckdb"]
    assert version(home) == 1


def crash_while_writing(path: Path) -> None:
    """Leave a log beside the file, like a writer whose process dies."""
    script = (
        "import duckdb, os, sys;"
        "writer = duckdb.connect(sys.argv[1]);"
        "writer.execute(\"delete from marts.fct_crimes where crime_id = 'A'\");"
        "os._exit(1)"
    )
    subprocess.run([sys.executable, "-c", script, str(path)], check=False)
    assert path.with_name(path.name + ".wal").exists()


@pytest.mark.parametrize("beside", ["the last version", "the new one's half"])
def test_no_log_is_left_beside_a_version_and_none_is_read_into_the_next(
    home: Home, beside: str
):
    build_crimes(home, ("A", 1), ("B", 2))
    written = publish(home).path
    written.chmod(0o644)
    if beside == "the new one's half":
        half = home.published / "warehouse_2.duckdb.partial"
        shutil.copyfile(written, half)
        written = half
    crash_while_writing(written)
    build_crimes(home, ("C", 3), ("B", 3), ("A", 1), loads=SECOND_DAY)
    published = publish(home)
    # The new version starts from the last version, which is unchanged.
    assert published.damage is None
    assert published_crimes(home) == [("A", 1), ("C", 3), ("B", 3)]
    assert files(home) == [
        "current.duckdb",
        "strandline.duckdb",
        "warehouse_1.duckdb",
        "warehouse_2.duckdb",
    ]


def change(path: Path, *statements: str) -> None:
    """Change the file by hand, as a person with all permissions could."""
    path.chmod(0o644)
    with duckdb.connect(str(path)) as by_hand:
        for statement in statements:
            by_hand.execute(statement)


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        (
            "delete from marts.fct_crimes where crime_id = 'A'",
            "marts.fct_crimes has 2 rows of 3",
        ),
        (
            "update marts.fct_crimes set crime_id = 'a' where crime_id = 'A'",
            "marts.fct_crimes has 3 rows, not all with the same contents",
        ),
        (
            "update marts.fct_crime_measures set measure_code = null",
            "marts.fct_crime_measures has 3 rows, not all with the same contents",
        ),
        (
            "alter table marts.fct_crimes add column note varchar",
            "marts.fct_crimes has other columns",
        ),
        (
            "drop table marts.fct_crime_measures",
            "Table with name fct_crime_measures does not exist",
        ),
    ],
    ids=["a row less", "another value", "no value", "another column", "no table"],
)
def test_a_published_file_that_was_changed_by_hand_is_written_again(
    home: Home, statement: str, words: str
):
    build_crimes(home, ("A", 1), ("B", 2))
    change(publish(home).path, statement)
    build_crimes(home, ("C", 3), ("B", 2), ("A", 1), loads=SECOND_DAY)
    published = publish(home)
    assert published_crimes(home) == [("C", 3), ("B", 2), ("A", 1)]
    with duckdb.connect(str(home.current), read_only=True) as reader:
        measures = reader.execute("from marts.fct_crime_measures").fetchall()
    assert measures == [("C", "all"), ("B", "all"), ("A", "all")]
    assert words in published.damage
    assert str(home.published / "warehouse_1.duckdb") in published.damage


def test_the_checksum_distinguishes_pairs_of_equal_rows(tmp_path):
    """The exclusive-or of equal hashes would be 0 in both cases. Order does not
    matter.
    """
    work, copied = tmp_path / "work.duckdb", tmp_path / "copied.duckdb"
    for path, rows in ((work, "1, 2, 1, 3, 3"), (copied, "3, 1, 3, 2, 1")):
        with duckdb.connect(str(path)) as file:
            file.execute("create schema marts")
            file.execute("create schema intermediate")
            file.execute(CREATE_RESTRICTED)
            file.execute(f"create table marts.x as select unnest([{rows}]) as v")
    files = checksums.Files(work, copied, "secret", ("marts",))
    assert files.differing() is None
    change(copied, "update marts.x set v = 4 where v = 3")
    assert files.differing() == ("marts.x has 5 rows, not all with the same contents")


OF_NEW = "(select crime_key from marts.fct_crimes where load_id = 2)"


@pytest.mark.parametrize(
    ("statement", "is_found"),
    [
        (f"update marts.fct_crimes set crime_key = 'k' where crime_key = {OF_NEW}", 1),
        (f"delete from marts.fct_crime_measures where crime_key = {OF_NEW}", 1),
        (
            "update marts.fct_crime_measures set crime_key = 'k'"
            f" where crime_key = {OF_NEW}",
            1,
        ),
        (
            "update marts.fct_crime_measures set measure_code = null"
            f" where crime_key <> {OF_NEW}",
            1,
        ),
        (f"update marts.fct_crimes set crime_key = 'k' where crime_key <> {OF_NEW}", 0),
    ],
    ids=["new key", "no row", "new key of a measure", "old value", "old key"],
)
def test_keys_of_new_loads_and_all_other_values_are_compared(
    home: Home, statement: str, is_found: bool
):
    build_crimes(home, ("A", 1), ("B", 2))
    with duckdb.connect(str(home.warehouse)) as work:
        work.executemany(
            "insert into intermediate.restricted_columns"
            " values ('marts', ?, 'crime_id', 'crime_key')",
            [["fct_crimes"], ["fct_crime_measures"]],
        )
    path = publish(home).path
    key_secret = projection.secret(home)
    files = checksums.Files(home.warehouse, path, key_secret, snapshot.SCHEMAS)
    assert files.differing(after=1) is None
    change(path, statement)
    assert bool(files.differing(after=1)) == is_found
    assert files.differing()


@pytest.mark.parametrize("wrong", ["a row too few", "another value", "no table"])
def test_a_file_that_differs_from_the_work_file_is_not_published(
    home: Home, monkeypatch, wrong: str
):
    """A disk may lose writes although every block of the file is valid."""
    publish(home)
    build(home, 2)
    written_well = snapshot._copy

    def written_badly(files: checksums.Files, published: dict) -> dict[str, int]:
        rows = written_well(files, published)
        change(
            files.copied,
            {
                "a row too few": "delete from reporting.rpt_x where range = 1",
                "another value": "update marts.fct_x set v = 3",
                "no table": "drop table reporting.rpt_x",
            }[wrong],
        )
        return rows

    monkeypatch.setattr(snapshot, "_copy", written_badly)
    with pytest.raises(DeliveryError, match="differs from the work file") as told:
        publish(home)
    assert "Nothing was published, and the last version was not" in str(told.value)
    assert version(home) == 1
    assert files(home) == ["current.duckdb", "strandline.duckdb", "warehouse_1.duckdb"]


def truncated(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2)


def emptied(path: Path) -> None:
    os.truncate(path, 0)


def overwritten(path: Path) -> None:
    """Overwrite the middle of the file's data, so that only some queries fail."""
    with path.open("r+b") as file:
        file.seek(path.stat().st_size // 2)
        file.write(b"Z" * 1000)


@pytest.mark.parametrize("damage", [truncated, emptied, overwritten])
def test_a_damaged_published_file_is_reported_and_the_next_publish_replaces_it(
    home: Home, damage
):
    with duckdb.connect(str(home.warehouse)) as work:
        work.execute(
            "create table marts.fct_y as select md5(range::text) from range(99999)"
        )
    path = publish(home).path
    path.chmod(0o644)
    damage(path)
    with (
        pytest.raises(DeliveryError, match="The next daily run replaces it") as told,
        snapshot.reading(home) as reader,
    ):
        reader.execute("select sum(hash(y)) from marts.fct_y as y").fetchall()
    assert str(told.value).startswith(f"{home.current}: this file is damaged")
    publish(home)
    with snapshot.reading(home) as reader:
        rows = reader.execute("select count(distinct y) from marts.fct_y as y")
        assert rows.fetchall() == [(99999,)]


def test_a_mistake_in_a_query_is_not_reported_as_damage(home: Home):
    publish(home)
    with (
        pytest.raises(duckdb.ConversionException),
        snapshot.reading(home) as reader,
    ):
        reader.execute("select 'x'::int").fetchall()


def test_a_file_beside_the_versions_with_a_name_like_theirs_is_left_alone(home: Home):
    publish(home)
    kept = home.published / "warehouse_1 (copy).duckdb"
    kept.touch()
    assert publish(home).path.name == "warehouse_2.duckdb"
    assert kept.exists()


def test_a_path_with_a_quotation_mark_can_be_published(tmp_path):
    home = Home(Path(tmp_path, "o'brien"))
    home.root.mkdir()
    build(home, 1)
    publish(home)
    assert version(home) == 1


def described_marts(home: Home) -> None:
    with duckdb.connect(str(home.warehouse)) as work:
        work.execute("create view marts.fct_v as select v + 1 as w from marts.fct_x")
        work.execute("comment on table marts.fct_x is 'a table'")
        work.execute("comment on column marts.fct_x.v is 'a column'")


def test_a_run_writes_the_parquet_files_if_the_home_says_so(home, monkeypatch):
    monkeypatch.setattr(settings, "home", lambda: home)
    monkeypatch.setattr(packs, "quarters", lambda home: [])
    home.config.mkdir()
    said = home.config / "published_formats.csv"
    for is_written in ("false", "true"):
        said.write_text(f"file_format,is_written\nparquet,{is_written}\n")
        with dg.DagsterInstance.ephemeral() as instance:
            warehouse.published(
                dg.build_asset_context({"alone": None}, instance=instance)
            )
        assert (home.published / "parquet").exists() is (is_written == "true")
    assert (home.published / "parquet" / "current" / "fct_x.parquet").exists()
    said.unlink()
    assert not parquet.is_wanted(home)


def test_the_marts_are_written_as_parquet_with_a_manifest_of_what_is_in_each(home):
    described_marts(home)
    publish(home)
    export = parquet.write(home)
    assert export.folder == home.published / "parquet" / "warehouse_1"
    manifest = json.loads((export.folder / "manifest.json").read_text("utf-8"))
    assert manifest["made_from"] == "warehouse_1.duckdb"
    view, table = manifest["tables"]
    assert (view["name"], view["rows"]) == ("marts.fct_v", 1)
    path = export.folder / "fct_x.parquet"
    assert table == {
        "name": "marts.fct_x",
        "description": "a table",
        "file": "fct_x.parquet",
        "rows": 1,
        "bytes": path.stat().st_size,
        "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
        "columns": [{"name": "v", "type": "INTEGER", "description": "a column"}],
    }
    current = home.published / "parquet" / "current"
    found = pandas.read_parquet(current / "fct_v.parquet")
    assert found["w"].tolist() == [2]


def test_parquet_is_written_once_for_each_version_and_deleted_with_it(home):
    publish(home)
    first = parquet.write(home)
    written = (first.folder / "manifest.json").stat().st_mtime_ns
    again = parquet.write(home)
    assert (first.was_there, again.was_there) == (False, True)
    assert (first.folder / "manifest.json").stat().st_mtime_ns == written
    for number in (2, 3, 4):
        build(home, number)
        publish(home)
    assert not first.folder.exists()
    newest = parquet.write(home).folder
    assert (home.published / "parquet" / "current").resolve() == newest.resolve()
    assert pandas.read_parquet(newest / "fct_x.parquet")["v"].tolist() == [4]


def test_incomplete_parquet_files_do_not_exist_under_their_name(home, monkeypatch):
    publish(home)

    def fail(*_: object) -> None:
        raise OSError("no space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(parquet, "_export", fail)
        with pytest.raises(OSError):
            parquet.write(home)
    assert [*(home.published / "parquet").iterdir()] == []
    assert not parquet.write(home).was_there
