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

The published file has keys in place of ids, and no free text (projection.py). Both are
in the restricted file of the same version, `restricted/warehouse_<n>.duckdb`, which is
there before the link is swapped.
"""

import shutil
from collections.abc import Callable, Collection, Iterator
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
from dagster_project.warehouse import checksums, projection, restricted
from dagster_project.warehouse.projection import (
    ADDED_TO,
    KEY_COMMENT,
    RESTRICTED,
    Table,
)

SCHEMAS = ("marts", "reporting")
KEPT_VERSIONS = 3
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


COMMENTS = f"""
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
            '.' || coalesce(published_as, column_name) as part,
            case
                when published_as is null then comment
                else replace(
                    {sql_text(KEY_COMMENT)}, '{{}}', replace(published_as, '_key', '')
                )
            end as comment,
            published_as
        from duckdb_columns() as columns
        left join work.{RESTRICTED} as restricted
            using (schema_name, table_name, column_name)
        where restricted.table_name is null or published_as is not null
        union all
        select
            'table', database_name, schema_name, table_name, '',
            comment
            || coalesce(' Key: ' || list_aggregate(key, 'string_agg', ', ') || '.', ''),
            null
        from duckdb_tables()
        left join keys using (database_name, schema_name, table_name)
        union all
        select 'view', database_name, schema_name, view_name, '', comment, null
        from duckdb_views()
    )
    select
        kind,
        concat_ws('.', 'public', schema_name, table_name) || part,
        comment,
        published_as
    from comments
    semi join (from duckdb_columns() where database_name = 'public') as published
        using (schema_name, table_name)
    where comments.database_name = 'work' and comment is not null
"""
BUILDS_COMMENT = (
    "One row: the full build that this version comes from. The next publish reads it;"
    " it has nothing for analysts."
)
BUILDS_COLUMNS = {
    "build_id": "Identifier of the full build.",
    "code_sha256": "SHA-256 hash over the files of code and seeds.",
    "last_load_id": "Number of the last delivered file that it has read.",
    "loads_read": "Hash over the numbers and times of all files that it has read.",
    "has_all_seeds_and_views": "Whether a run has made all seeds and views.",
}
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
    # Whoever runs this may let a group enter the folder; nobody may at first.
    home.restricted.mkdir(parents=True, exist_ok=True, mode=0o700)
    _remove_strays(home)
    key_secret = projection.secret(home)
    target = home.published / f"warehouse_{_last_version(home) + 1}.duckdb"
    after = _published(home)
    with stores.replacing(target) as partial:
        files = checksums.Files(home.warehouse, partial, key_secret, SCHEMAS)
        rows, damage = _write(home, files, after)
        partial.chmod(stores.READ_ONLY)
    with stores.replacing(home.restricted / target.name) as partial:
        files = checksums.Files(home.warehouse, partial, key_secret, SCHEMAS)
        last = home.restricted / home.current.resolve().name
        restricted.write(files, last, None if damage else after)
        partial.chmod(stores.READ_ONLY)
    point_to(home.current, target)
    if not home.strandline.is_symlink():
        point_to(home.strandline, home.current)
    _remove_old(home)
    return Published(target, rows, damage)


def _write(
    home: Home, files: checksums.Files, published: int | None
) -> tuple[dict[str, int], str | None]:
    """Write and compare the new version.

    Args:
        published: the last load of the last version; None if all is written again.

    Returns:
        The number of rows by table, and a sentence if the last version was damaged.

    Raises:
        DeliveryError: a file with all tables written again differs from the work file.
    """
    damage = None
    if published is not None:
        shutil.copyfile(home.current, files.copied)
        try:
            kept = files.equal(ADDED_TO)
            rows = _copy(files, published, kept)
            differing = files.differing(kept, published)
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
        files.copied.unlink()
    rows = _copy(files, None)
    if differing := files.differing():
        raise DeliveryError(
            f"{files.copied}: the written file differs from the work file"
            f" ({differing}). Nothing was published, and the last version was not"
            " changed. Run it again. If it happens again, have the disk checked."
        )
    return rows, damage


def _remove_strays(home: Home) -> None:
    """Remove what killed processes left: unfinished files and DuckDB's logs (`.wal`).

    DuckDB would apply a log to the version beside it. No run writes to a version, so
    no log there is wanted.
    """
    for folder in (home.published, home.restricted):
        for pattern in ("*.partial", "*.wal"):
            for stray in folder.glob(pattern):
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
    files: checksums.Files, published: int | None, kept: Collection[str] = ()
) -> dict[str, int]:
    """Write what has changed since `published`, the last load of the last version.

    Args:
        files: the work file, and the file to write.
        kept: tables that are the same in both files.
    """
    rows = {}
    with duckdb.connect(config=SETTINGS) as connection:
        connection.execute(f"attach {sql_text(files.work)} as work (read_only)")
        connection.execute(
            f"attach {sql_text(files.copied)} as public"
            f" (storage_version '{stores.STORAGE_VERSION}')"
        )
        # The statements of the views name a schema but not a database.
        connection.execute("use public")
        _make_room(connection, kept)
        tables = projection.tables(connection, files.key_secret, SCHEMAS)
        renamed = projection.renaming(connection)
        with transaction(connection):
            for schema in SCHEMAS:
                connection.execute(f"create schema if not exists public.{schema}")
            for name in tables:
                if name in ADDED_TO and published is not None:
                    _add(connection, name, tables, published)
                elif name not in kept:
                    _copy_table(connection, name, tables[name])
                rows[name] = _count(connection, name)
            for schema in SCHEMAS:
                for _, statement in _views(connection, "work", schema):
                    connection.execute(renamed(statement))
            _copy_comments(connection, kept, renamed)
            connection.execute("create schema if not exists public.intermediate")
            connection.execute(
                f"create or replace table public.{BUILDS} as from work.{BUILDS}"
            )
            connection.execute(
                f"comment on table public.{BUILDS} is {sql_text(BUILDS_COMMENT)}"
            )
            for name, words in BUILDS_COLUMNS.items():
                connection.execute(
                    f"comment on column public.{BUILDS}.{name} is {sql_text(words)}"
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
            if (name := f"{schema}.{table}") not in (*ADDED_TO, *kept):
                connection.execute(f"drop table public.{name}")
    connection.execute("checkpoint public")


def _copy_table(connection: duckdb.DuckDBPyConnection, name: str, table: Table) -> None:
    # A key is a test and no constraint: an index would cost ten million rows six times
    # the time and five times the file. Its columns are not null, and the comment names
    # them.
    connection.execute(f"create table public.{name} ({table.definition})")
    connection.execute(f"insert into public.{name} {table.query}")


def _add(
    connection: duckdb.DuckDBPyConnection,
    name: str,
    tables: dict[str, Table],
    after: int,
) -> None:
    """Write the rows of the crimes of later loads than `after` again."""
    connection.execute(
        f"delete from public.{name} where {projection.is_replaced(tables, after)}"
    )
    connection.execute(
        f"insert into public.{name} by name {tables[name].query}"
        f" where {projection.is_later(name, after)}"
    )


def _count(connection: duckdb.DuckDBPyConnection, name: str) -> int:
    return connection.execute(f"select count(*) from public.{name}").fetchall()[0][0]


def _copy_comments(
    connection: duckdb.DuckDBPyConnection,
    kept: Collection[str],
    renamed: Callable[[str], str],
) -> None:
    """Copy the comments on tables, views and columns, where dbt stores descriptions.

    A table that is kept has its comments: they are the same after the same full build.
    """
    for kind, name, comment, published_as in connection.execute(COMMENTS).fetchall():
        if ".".join(name.split(".")[1:3]) not in kept:
            words = sql_text(renamed(comment) if published_as is None else comment)
            connection.execute(f"comment on {kind} {name} is {words}")


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
    """Remove all but the last versions, and those with ids that older code wrote."""
    versions = _versions(home)
    for version, path in versions.items():
        ids = home.restricted / path.name
        is_kept = version in sorted(versions)[-KEPT_VERSIONS:]
        if not is_kept or not ids.exists():
            path.unlink()
            ids.unlink(missing_ok=True)
            shutil.rmtree(parquet_of(home, path.stem), ignore_errors=True)
    for ids in home.restricted.glob("warehouse_*.duckdb"):
        if not (home.published / ids.name).exists():
            ids.unlink()
