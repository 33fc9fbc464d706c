"""The load log: every file that was ever delivered, and what became of its lines.

Tables (schema `raw`, in the home's work file):

- `raw.loads`: one row per delivered file, with its status.
- `raw.unreadable_lines`: one row per line that no reader could split, with its text.
- `raw.<contract>`: one row per new or changed line, as text: `META_COLUMNS`, then the
  columns of the contract. Extracts that share a contract share its table.
"""

import errno
import os
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path

import duckdb

from dagster_project import settings
from dagster_project.errors import DeliveryError
from dagster_project.stores import SETTINGS

META_COLUMNS = {
    "_load_id": "bigint",
    "_line": "bigint",
    "_place": "varchar",
    "_extracted_at": "timestamp",
    "_force_code": "varchar",
    "_is_key_repeated": "boolean",
    "_is_closing": "boolean",
    "_added_columns": "varchar",
    "_delivered": "varchar",
    "_not_mapped": "varchar[]",
}
REGISTER = """
create schema if not exists raw;
create table if not exists raw.loads (
    load_id bigint not null,
    extract varchar not null,
    force_code varchar,
    origin varchar not null,
    archive_name varchar,
    file_name varchar not null,
    sha256 varchar not null,
    mapping_sha256 varchar,
    file_bytes bigint not null,
    month date,
    extracted_at timestamp not null,
    loaded_at timestamp not null,
    lines_delivered bigint not null,
    lines_stored bigint not null,
    lines_unchanged bigint not null,
    lines_unreadable bigint not null,
    status varchar not null,
    message varchar
);
create table if not exists raw.unreadable_lines (
    load_id bigint not null,
    line bigint not null,
    line_text varchar,
    reason varchar not null
);
"""
REGISTER_COLUMNS = """
    select table_name, column_name, data_type from duckdb_columns()
    where schema_name = 'raw' and table_name in ('loads', 'unreadable_lines')
    order by all
"""
# A size as DuckDB takes it.
SIZE = re.compile(r"[1-9][0-9]*(\.[0-9]+)? ?[KMGT]i?B", re.IGNORECASE)
# Bytes of the three blocks with which a DuckDB file begins.
HEADERS_SIZE = 3 * 4096
# Text in DuckDB's error message → what to do.
REMEDIES = {
    "Could not set lock": "Wait until the other run has ended.",
    os.strerror(errno.EACCES): "Give this user the right to write there.",
    os.strerror(errno.EROFS): "Give this user the right to write there.",
    os.strerror(errno.ENOSPC): "Make room on that disk, and run it again.",
}
DAMAGED = (
    "Move the file away and run again. It is rebuilt from the landing folder, so first"
    " put back any file that was removed from that folder."
)


@dataclass(frozen=True)
class Delivery:
    """One delivered file, before it is read.

    Args:
        month: `YYYY-MM` if the file replaces its force and month as a whole (open
            data).
        archive_name: the archive that the file is a member of, if any.
        seen: (bytes, mtime_ns) of the file when it was hashed.
        mapping_sha256: hash of the mapping that applies to the file, if any.
    """

    extract: str
    path: Path
    file_name: str
    sha256: str
    file_bytes: int
    extracted_at: datetime
    force_code: str
    origin: str
    month: str | None = None
    archive_name: str | None = None
    seen: tuple[int, int] | None = None
    mapping_sha256: str | None = None

    @property
    def identity(self) -> tuple[str, datetime]:
        """(sha256, extraction time): equal bytes with another time are another
        delivery.
        """
        return self.sha256, self.extracted_at


@dataclass(frozen=True)
class Tally:
    """Numbers of lines of one file by what became of them.

    Staging later divides the stored lines into accepted and quarantined ones.
    """

    delivered: int
    stored: int
    unchanged: int
    unreadable: int
    message: str | None = None


@contextmanager
def warehouse(path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open the home's work file for writing, and create the load log if it is missing.

    A file that is shorter than DuckDB's own headers was never finished, because the
    disk was full or the process was killed. It is deleted and created again.

    Raises:
        DeliveryError: another process uses the file, it cannot be written, or it is
            damaged; or the limit of memory is not a size.
    """
    limit = settings.memory_limit()
    if not SIZE.fullmatch(limit):
        raise DeliveryError(
            f"{settings.MEMORY_VARIABLE}={limit} is not a size. Write it with its unit,"
            " such as 2GB or 800MB."
        )
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.exists() and path.stat().st_size < HEADERS_SIZE:
            path.unlink()
            path.with_name(path.name + ".wal").unlink(missing_ok=True)
        limited = SETTINGS | {"memory_limit": limit}
        connection = duckdb.connect(str(path), config=limited)
    except (OSError, duckdb.Error) as error:
        words = str(error).splitlines()[0]
        remedy = next((REMEDIES[each] for each in REMEDIES if each in words), DAMAGED)
        raise DeliveryError(
            f"{path}: the work file cannot be opened for writing ({words}). {remedy}"
        ) from error
    try:
        connection.execute(REGISTER)
        _add_what_older_code_left_out(connection)
        yield connection
    finally:
        connection.close()


def _add_what_older_code_left_out(connection: duckdb.DuckDBPyConnection) -> None:
    """Add the columns that the load log of an older work file lacks, without values.

    The columns of a new, empty load log show which ones there should be.
    """
    known = set(connection.execute(REGISTER_COLUMNS).fetchall())
    for table, column, kind in _columns_of_register():
        if (table, column, kind) not in known:
            connection.execute(
                f"alter table raw.{table} add column if not exists {column} {kind}"
            )


@cache
def _columns_of_register() -> list[tuple[str, str, str]]:
    """Return table, column and type of a new, empty load log."""
    with duckdb.connect(config=SETTINGS) as fresh:
        return fresh.execute(f"{REGISTER} {REGISTER_COLUMNS}").fetchall()


@contextmanager
def transaction(connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """Commit everything in the block together; after an error, roll all of it back."""
    connection.execute("begin")
    try:
        yield
    except BaseException:
        connection.execute("rollback")
        raise
    connection.execute("commit")


@contextmanager
def one_thread(connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """Let DuckDB use one thread: then an insert continues the table's last row group.

    Several threads would each begin row groups of their own, which DuckDB writes again
    at the next checkpoint, because they are not full.
    """
    threads = connection.execute("select current_setting('threads')").fetchall()[0][0]
    connection.execute("set threads = 1")
    try:
        yield
    finally:
        connection.execute(f"set threads = {threads}")


def create_raw_table(
    connection: duckdb.DuckDBPyConnection, table: str, columns: Sequence[str]
) -> None:
    """Create a raw table if it is missing, and add the columns that it lacks."""
    kinds = META_COLUMNS | dict.fromkeys(columns, "varchar")
    meta = ", ".join(f"{name} {kind}" for name, kind in META_COLUMNS.items())
    connection.execute(f"create table if not exists raw.{table} ({meta})")
    for column, kind in kinds.items():
        connection.execute(
            f'alter table raw.{table} add column if not exists "{column}" {kind}'
        )


def next_load_id(
    connection: duckdb.DuckDBPyConnection, besides: Delivery | None = None
) -> int:
    """Return the next free load id, a whole number from 1 on.

    Args:
        besides: a delivery whose entry `forget_fates` will delete.
    """
    others, values = "", {}
    if besides:
        values = {"rows": _identities([besides])}
        others = (
            f" where load_id not in (select load_id from raw.loads as loads, {FATES})"
        )
    rows = connection.execute(
        f"select coalesce(max(load_id), 0) + 1 from raw.loads{others}", values
    )
    return rows.fetchall()[0][0]


# What was not loaded of deliveries that are named by `_identities`.
FATES = """
    (select unnest($rows, recursive := true)) as again
    where loads.extract = again.extract and loads.sha256 = again.sha256
    and loads.extracted_at = again.moment and loads.status in ('held', 'rejected')
"""


def forget_fates(
    connection: duckdb.DuckDBPyConnection, deliveries: Sequence[Delivery]
) -> None:
    """Delete the entries of deliveries that were on hold or rejected until now."""
    if deliveries:
        connection.execute(
            f"delete from raw.loads as loads using {FATES}",
            {"rows": _identities(deliveries)},
        )


def _identities(deliveries: Sequence[Delivery]) -> list[dict[str, object]]:
    return [
        {"extract": each.extract, "sha256": each.sha256, "moment": each.extracted_at}
        for each in deliveries
    ]


def record(
    connection: duckdb.DuckDBPyConnection,
    load_id: int,
    delivery: Delivery,
    tally: Tally,
    status: str = "loaded",
) -> None:
    """Write what became of one file to `raw.loads`."""
    record_all(connection, [(load_id, delivery, tally, status)])


def record_all(
    connection: duckdb.DuckDBPyConnection,
    fates: Sequence[tuple[int, Delivery, Tally, str]],
) -> None:
    """Write what became of several files to `raw.loads`.

    Args:
        fates: (load id, delivery, its lines, its status) of each file.
    """
    rows = [
        {
            "load_id": load_id,
            "extract": delivery.extract,
            "force_code": delivery.force_code,
            "origin": delivery.origin,
            "archive_name": delivery.archive_name,
            "file_name": delivery.file_name,
            "sha256": delivery.sha256,
            "mapping_sha256": delivery.mapping_sha256,
            "file_bytes": delivery.file_bytes,
            "month": f"{delivery.month}-01" if delivery.month else None,
            "extracted_at": delivery.extracted_at,
            "lines_delivered": tally.delivered,
            "lines_stored": tally.stored,
            "lines_unchanged": tally.unchanged,
            "lines_unreadable": tally.unreadable,
            "status": status,
            "message": tally.message,
        }
        for load_id, delivery, tally, status in fates
    ]
    if rows:
        connection.execute(
            """
            insert into raw.loads by name
            select unnest($rows, recursive := true), now()::timestamp as loaded_at
            """,
            {"rows": rows},
        )
