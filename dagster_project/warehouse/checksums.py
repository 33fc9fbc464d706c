"""Compares a copy with the work file, by table: columns, row counts and checksums.

A copy has the tables as analysts get them (projection.py).

The checksum of a table is the sum of the hashes of its rows. It does not depend on the
order of the rows. An exclusive-or of the hashes would not do: two equal rows would
cancel each other out. The cost is one read of every column: 0.13 s of processor time
per file for the 541,000 crimes of the demonstration. Keys cost much more, because those
of the work file are computed for it. So the keys of rows that the last version already
had are not compared again: they were compared when they were written.
"""

from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb

from dagster_project.stores import SETTINGS, sql_text
from dagster_project.warehouse import projection
from dagster_project.warehouse.projection import ADDED_TO, Table

COLUMNS = """
    select
        schema_name || '.' || table_name,
        list(column_name || ' ' || data_type order by column_index)
    from duckdb_columns()
    semi join duckdb_tables() using (database_name, schema_name, table_name)
    where database_name = 'copied' and list_contains(?, schema_name)
    group by all
    order by all
"""
TOTAL = "select count(*), sum(hash(each_row)) from ({}) as each_row"
MOST_NAMED = 3


@dataclass(frozen=True)
class Files:
    """The work file and a copy of the tables of some schemas.

    `key_secret` is that of the copy's keys. Both files are read from the disk.
    """

    work: Path
    copied: Path
    key_secret: str
    schemas: tuple[str, ...]

    def differing(
        self, besides: Collection[str] = (), after: int | None = None
    ) -> str | None:
        """The first tables that differ and how; None if all tables are equal.

        For example: marts.fct_crimes has 3 rows of 4.

        Args:
            besides: tables, such as `marts.fct_crimes`, that were compared before.
            after: the last load of a version whose keys were compared before; None if
                all keys must be compared.
        """
        with self._opened() as (connection, ours, theirs):
            found = [
                words
                for table in sorted({*ours, *theirs} - {*besides})
                if (words := _differs(connection, table, ours, theirs, after))
            ]
        more = len(found) - MOST_NAMED
        and_more = f"; and {more} more" if more > 0 else ""
        return "; ".join(found[:MOST_NAMED]) + and_more or None

    def equal(self, besides: Collection[str]) -> set[str]:
        """The tables, such as `marts.dim_measures`, that are the same in both files."""
        with self._opened() as (connection, ours, theirs):
            return {
                table
                for table in {*ours} - {*besides}
                if not _differs(connection, table, ours, theirs)
            }

    @contextmanager
    def _opened(
        self,
    ) -> Iterator[
        tuple[duckdb.DuckDBPyConnection, dict[str, Table], dict[str, list[str]]]
    ]:
        """A connection, the tables of the work file, and the columns of the copy."""
        with duckdb.connect(config=SETTINGS) as connection:
            for path, name in ((self.work, "work"), (self.copied, "copied")):
                connection.execute(f"attach {sql_text(path)} as {name} (read_only)")
            ours = projection.tables(connection, self.key_secret, self.schemas)
            theirs = connection.execute(COLUMNS, [list(self.schemas)]).fetchall()
            yield connection, ours, dict(theirs)


def _differs(
    connection: duckdb.DuckDBPyConnection,
    table: str,
    ours: dict[str, Table],
    theirs: dict[str, list[str]],
    after: int | None = None,
) -> str | None:
    if table not in theirs:
        return f"{table} is missing"
    if table not in ours:
        return f"{table} is not in the work file"
    if ours[table].columns != theirs[table]:
        return f"{table} has other columns"
    query, copied = ours[table].query, f"from copied.{table}"
    pairs = [(query, copied)]
    if after is not None and table in ADDED_TO:
        besides_keys = f"select {ours[table].besides_keys}"
        later = projection.is_later(table, after)
        replaced = projection.is_replaced(ours, after)
        pairs = [
            (f"{besides_keys} from work.{table}", f"{besides_keys} {copied}"),
            (f"{query} where {later}", f"{copied} where {replaced}"),
        ]
    wanted, written = (_totals(connection, parts) for parts in zip(*pairs, strict=True))
    (rows, _), (found, _) = wanted[0], written[0]
    if rows != found:
        return f"{table} has {found:,} rows of {rows:,}"
    if wanted != written:
        return f"{table} has {rows:,} rows, not all with the same contents"
    return None


def _totals(
    connection: duckdb.DuckDBPyConnection, queries: Iterable[str]
) -> list[tuple[int, int | None]]:
    """The number of rows and the checksum of each query."""
    return [connection.execute(TOTAL.format(query)).fetchall()[0] for query in queries]
