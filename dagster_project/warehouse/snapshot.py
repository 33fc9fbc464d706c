"""Writes the published file, which analysts and reports read while dbt works elsewhere.

Each publish writes a new file and then swaps the link `current.duckdb` to it. A reader
that has the old version open keeps it; the next reader gets the new one. A rename over
one fixed name would not be enough: if a reader crashes, the `.wal` that it leaves would
break every later open.

If dbt has only added rows to the great marts since the last publish
(dbt_project/macros/incremental.sql), the new version starts as a copy of the last one:
the same rows are added to the great marts, and of the other tables those that have
changed are replaced. Before the swap, every table is compared with the work file
(checksums.py). If such a copy differs, because the last version was damaged or changed,
all tables are written again.
"""

import shutil
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb

from dagster_project import stores
from dagster_project.errors import DeliveryError
from dagster_project.intake.load_log import transaction
from dagster_project.settings import Home
from dagster_project.stores import SETTINGS, sql_text
from dagster_project.transform.builds import BUILDS, LOADS_READ
from dagster_project.warehouse import checksums

SCHEMAS = ("marts", "reporting")
# Written so that clients as old as DuckDB 1.2 can read it.
STORAGE_VERSION = "v1.2.0"
KEPT_VERSIONS = 3
# The great marts. Their rows are replaced by crime_id, as dbt does it.
ADDED_TO = ("fct_crimes", "fct_crime_measures")
CHANGED = "select crime_id from work.marts.fct_crimes where load_id > $after"
# The last load in the published file, if dbt has only added rows since. That is so if
# both files come from the same full build and have read the same loads up to then; an
# older work file that was restored fails this. (Open data has no rows in fct_crimes,
# so nothing would be gained by a copy.)
PUBLISHED = f"""
    select last_load_id
    from public.{BUILDS} as published
    semi join work.{BUILDS} using (build_id)
    where
        exists (from public.marts.fct_crimes)
        and loads_read = (
            select {LOADS_READ}
            from work.raw.loads as loads
            where status = 'loaded' and loads.load_id <= published.last_load_id
        )
"""


# A key is a test and no constraint: an index would cost ten million rows six times the
# time and five times the file. Its columns are not null, and the comment names them.
COLUMNS = """
    select string_agg(
        format('"{}" {}', replace(column_name, '"', '""'), data_type)
        || case when is_nullable then '' else ' not null' end,
        ', ' order by column_index
    )
    from duckdb_columns()
    where database_name = 'work' and schema_name = ? and table_name = ?
"""
COMMENTS = """
    with keys as (
        select
            database_name,
            schema_name,
            table_name,
            constraint_column_names as key
        from duckdb_constraints()
        where constraint_type = 'PRIMARY KEY'
    ),
    comments as (
        select
            'column' as kind,
            database_name,
            schema_name,
            table_name,
            '.' || column_name as part,
            comment
        from duckdb_columns()
        union all
        select
            'table', database_name, schema_name, table_name, '',
            comment
            || coalesce(' Key: ' || list_aggregate(key, 'string_agg', ', ') || '.', '')
        from duckdb_tables()
        left join keys using (database_name, schema_name, table_name)
        union all
        select 'view', database_name, schema_name, view_name, '', comment
        from duckdb_views()
    )
    select kind, concat_ws('.', 'public', schema_name, table_name) || part, comment
    from comments
    semi join (from duckdb_columns() where database_name = 'public') as published
        using (schema_name, table_name)
    where comments.database_name = 'work' and comment is not null
"""
REPLACED = "The next daily run replaces it (make report)."


@dataclass(frozen=True)
class Published:
    """The new version: its file, and the number of rows by table.

    `damage` is a sentence about the last version if that was found to be damaged.
    """

    path: Path
    rows: dict[str, int]
    damage: str | None = None


@contextmanager
def reading(home: Home) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open the published file read-only.

    Raises:
        DeliveryError: nothing is published yet, or the file is damaged.
    """
    if not home.current.exists():
        raise DeliveryError(
            f"{home.current}: nothing is published yet. Run the daily job first"
            " (make report does)."
        )
    with stores.reading(home.current, REPLACED) as connection:
        yield connection


def publish(home: Home) -> Published:
    """Copy marts, report tables and their views into a new version; make it current.

    Raises:
        DeliveryError: the new version differs from the work file, although all of it
            was written from that. The last version stays current.
    """
    home.published.mkdir(parents=True, exist_ok=True)
    _remove_strays(home)
    target = home.published / f"warehouse_{_last_version(home) + 1}.duckdb"
    with stores.replacing(target) as partial:
        rows, damage = _write(home, partial)
        partial.chmod(stores.READ_ONLY)
    point_to(home.current, target)
    _remove_old(home)
    return Published(target, rows, damage)


def _write(home: Home, partial: Path) -> tuple[dict[str, int], str | None]:
    """Write and compare the new version.

    Returns:
        The number of rows by table, and a sentence if the last version was damaged.

    Raises:
        DeliveryError: a file with all tables written again differs from the work file.
    """
    damage = None
    published = _published(home)
    if published is not None:
        shutil.copyfile(home.current, partial)
        great = [f"marts.{table}" for table in ADDED_TO]
        try:
            kept = checksums.equal(home.warehouse, partial, SCHEMAS, great)
            rows = _copy(home.warehouse, partial, published, kept)
            differing = checksums.differing(home.warehouse, partial, SCHEMAS, kept)
        except duckdb.Error as error:
            if stores.is_full(error):
                raise
            differing = str(error).splitlines()[0]
        if differing is None:
            return rows, None
        damage = (
            f"{home.current.resolve()}: this published file was damaged"
            f" ({differing}). The new version was written from the work file."
        )
        partial.unlink()
    rows = _copy(home.warehouse, partial, None)
    if differing := checksums.differing(home.warehouse, partial, SCHEMAS):
        raise DeliveryError(
            f"{partial}: the written file differs from the work file ({differing})."
            " Nothing was published, and the last version was not changed. Run it"
            " again. If it happens again, have the disk checked."
        )
    return rows, damage


def _remove_strays(home: Home) -> None:
    """Remove what killed processes left: unfinished files and DuckDB's logs (`.wal`).

    DuckDB would apply a log to the version beside it. No run writes to a version, so
    no log there is wanted.
    """
    for pattern in ("*.partial", "*.wal"):
        for stray in home.published.glob(pattern):
            stray.unlink()


def _versions(home: Home) -> dict[int, Path]:
    found = home.published.glob("warehouse_*.duckdb")
    numbers = {path: path.stem.removeprefix("warehouse_") for path in found}
    return {int(text): path for path, text in numbers.items() if text.isdecimal()}


def _last_version(home: Home) -> int:
    return max(_versions(home), default=0)


def _published(home: Home) -> int | None:
    """Return the last load of the last version; None if all must be written again."""
    try:
        with duckdb.connect(config=SETTINGS) as connection:
            for path, name in ((home.warehouse, "work"), (home.current, "public")):
                connection.execute(f"attach {sql_text(path)} as {name} (read_only)")
            found = connection.execute(PUBLISHED).fetchall()
    except duckdb.Error:  # No last version, or one that is damaged.
        return None
    return found[0][0] if found else None


def _copy(
    source: Path, target: Path, published: int | None, kept: Collection[str] = ()
) -> dict[str, int]:
    """Write what has changed since `published`, the last load of the last version.

    Args:
        kept: tables that are the same in both files.
    """
    rows = {}
    with duckdb.connect(config=SETTINGS) as connection:
        connection.execute(f"attach {sql_text(source)} as work (read_only)")
        connection.execute(
            f"attach {sql_text(target)} as public (storage_version '{STORAGE_VERSION}')"
        )
        # The statements of the views name a schema but not a database.
        connection.execute("use public")
        _make_room(connection, kept)
        with transaction(connection):
            for schema in SCHEMAS:
                connection.execute(f"create schema if not exists public.{schema}")
                for table in _tables(connection, "work", schema):
                    after = published if table in ADDED_TO else None
                    name = f"{schema}.{table}"
                    if name not in kept:
                        _copy_table(connection, name, after)
                    rows[name] = _count(connection, name)
            for schema in SCHEMAS:
                for _, statement in _views(connection, "work", schema):
                    connection.execute(statement)
            _copy_comments(connection, kept)
            connection.execute("create schema if not exists public.intermediate")
            connection.execute(
                f"create or replace table public.{BUILDS} as from work.{BUILDS}"
            )
        # DuckDB reports no error if it cannot write the file on closing.
        connection.execute("checkpoint public")
    return rows


def _make_room(connection: duckdb.DuckDBPyConnection, kept: Collection[str]) -> None:
    """Remove all of the last version that is written again.

    The new tables take its room in the file only once it is really gone.
    """
    for schema in SCHEMAS:
        for view, _ in _views(connection, "public", schema):
            connection.execute(f"drop view public.{schema}.{view}")
        for table in _tables(connection, "public", schema):
            if table not in ADDED_TO and f"{schema}.{table}" not in kept:
                connection.execute(f"drop table public.{schema}.{table}")
    connection.execute("checkpoint public")


def _copy_table(
    connection: duckdb.DuckDBPyConnection, name: str, after: int | None
) -> None:
    """Add the rows of later loads than `after`, or replace the table if it is None."""
    if after is None:
        columns = connection.execute(COLUMNS, name.split(".")).fetchall()[0][0]
        connection.execute(f"create table public.{name} ({columns})")
        connection.execute(f"insert into public.{name} from work.{name}")
        return
    for statement in (
        f"delete from public.{name} where crime_id in ({CHANGED})",
        f"insert into public.{name} by name from work.{name}"
        f" where crime_id in ({CHANGED})",
    ):
        connection.execute(statement, {"after": after})


def _count(connection: duckdb.DuckDBPyConnection, name: str) -> int:
    return connection.execute(f"select count(*) from public.{name}").fetchall()[0][0]


def _copy_comments(
    connection: duckdb.DuckDBPyConnection, kept: Collection[str]
) -> None:
    """Copy the comments on tables, views and columns, where dbt stores descriptions.

    A table that is kept has its comments: they are the same after the same full build.
    """
    for kind, name, comment in connection.execute(COMMENTS).fetchall():
        if ".".join(name.split(".")[1:3]) not in kept:
            connection.execute(f"comment on {kind} {name} is {sql_text(comment)}")


def _tables(
    connection: duckdb.DuckDBPyConnection, database: str, schema: str
) -> list[str]:
    found = connection.execute(
        "select table_name from duckdb_tables()"
        " where database_name = ? and schema_name = ? order by table_name",
        [database, schema],
    )
    return [name for (name,) in found.fetchall()]


def _views(
    connection: duckdb.DuckDBPyConnection, database: str, schema: str
) -> list[tuple[str, str]]:
    """Return the name of each view and its `create view` statement."""
    found = connection.execute(
        "select view_name, sql from duckdb_views()"
        " where database_name = ? and schema_name = ? order by view_name",
        [database, schema],
    )
    return found.fetchall()


def parquet_of(home: Home, version: str) -> Path:
    """The folder of the Parquet files of a version, such as `warehouse_7`."""
    return home.published / "parquet" / version


def point_to(link: Path, target: Path) -> None:
    """Let a link in the folder of its target point to that, from one moment on."""
    new = link.with_suffix(".new")
    new.unlink(missing_ok=True)
    new.symlink_to(target.name)
    new.replace(link)


def _remove_old(home: Home) -> None:
    versions = _versions(home)
    for version in sorted(versions)[:-KEPT_VERSIONS]:
        versions[version].unlink()
        shutil.rmtree(parquet_of(home, versions[version].stem), ignore_errors=True)
