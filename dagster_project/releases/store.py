"""The store of publications: one DuckDB file with the records of all of them.

`<home>/publications/publications.duckdb` is never changed in place. Each publication
has a folder, `<quarter>/v<version>/`, with a record of its own (`publication.duckdb`).
The store combines these records. If a publication is missing from it, or it is damaged,
a new store is written from the records and renamed into place.
"""

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from dagster_project import audit, stores, versions
from dagster_project.errors import DeliveryError
from dagster_project.intake.load_log import transaction
from dagster_project.settings import Home
from dagster_project.stores import SETTINGS, sql_text

NAME = "publications.duckdb"
RECORD = "publication.duckdb"
KEY = "quarter, version"
COLUMNS = {
    "publications": """
        quarter varchar not null,
        version bigint not null,
        published_at timestamp not null,
        published_by varchar not null,
        latest_extracted_at timestamp not null,
        code_version varchar not null,
        code_sha256 varchar not null,
        lock_sha256 varchar not null,
        primary key (quarter, version)
    """,
    "publication_loads": """
        quarter varchar not null,
        version bigint not null,
        force_code varchar,
        extract varchar not null,
        archive_name varchar,
        file_name varchar not null,
        sha256 varchar not null,
        status varchar not null,
        extracted_at timestamp not null
    """,
    "publication_figures": """
        quarter varchar not null,
        version bigint not null,
        force_code varchar not null,
        figure_id varchar not null,
        table_name varchar not null,
        row_key varchar not null,
        column_name varchar not null,
        number_format varchar not null,
        value decimal(18, 3),
        numerator decimal(18, 3),
        denominator decimal(18, 3)
    """,
    "publication_files": """
        quarter varchar not null,
        version bigint not null,
        force_code varchar not null,
        file_name varchar not null,
        sha256 varchar not null
    """,
    "publication_frozen_files": """
        quarter varchar not null,
        version bigint not null,
        path varchar not null,
        sha256 varchar not null
    """,
}
# The tables that dbt reads, with their descriptions.
COPIED = {
    "publications": "Every published version of a quarter.",
    "publication_loads": "Each publication's delivered files, by name and hash.",
    "publication_figures": "Each publication's cells and their figures, as published.",
}
REMEDY = "The next run makes it again from the folders beside it (make report)."
BACKUP = "Put it back from a backup."
# What DuckDB says of a file that is cut off, overwritten or not a database. A file that
# another program has open, or that another version of DuckDB wrote, is not damaged.
DAMAGED = ("not a valid DuckDB database", "Could not read enough bytes", "Corrupt")
Key = tuple[str, int]


def database(home: Home) -> Path:
    """Return the path of a home's store."""
    return home.publications / NAME


def folder_of(home: Home, quarter: str, version: int) -> Path:
    """Return the folder of a publication."""
    return home.publications / quarter / f"v{version}"


def ready(home: Home) -> Path | None:
    """Bring the store up to date with the publications' folders.

    Returns:
        The path of the store; None if there are no publications.

    Raises:
        DeliveryError: the store cannot be opened; or it is damaged, and a publication
            has no record of its own, because an earlier version of this program made
            it.
    """
    there = database(home)
    _write_out(there)
    folders = folders_of(home)
    known = _known(there, bool(folders))
    records = {
        key: folder / RECORD
        for key, folder in folders.items()
        if (folder / RECORD).exists()
    }
    if known is not None:
        if set(records) <= known:
            return there if there.exists() else None
        sources = [*([there] if there.exists() else []), *records.values()]
    else:
        # The record of an earlier publication may be only in a later one's folder.
        earlier = [folder / NAME for folder in folders.values()]
        sources = [path for path in earlier if path.exists()] + [*records.values()]
    with (
        stores.room(f"{there}: the store of publications was not written again"),
        stores.replacing(there) as partial,
    ):
        found = write(partial, sources)
        if lost := sorted(set(folders) - found) if known is None else []:
            raise DeliveryError(_lost(there, lost))
    return there


def write(path: Path, sources: Iterable[Path]) -> set[Key]:
    """Make a store at `path` from other stores and records.

    A publication that is in several of them is added once.

    Returns:
        Quarter and version of each publication in it.
    """
    with duckdb.connect(str(path), config=SETTINGS) as connection:
        for name, columns in COLUMNS.items():
            connection.execute(f"create table {name} ({columns})")
        for source in sources:
            _add(connection, source)
        keys = connection.execute(f"select {KEY} from publications").fetchall()
        # DuckDB reports no error if it cannot write the file on closing.
        connection.execute("checkpoint")
    return set(keys)


def is_recorded(home: Home, quarter: str, version: int) -> bool:
    """Return whether a publication's own record is equal to its rows in the store."""
    record = folder_of(home, quarter, version) / RECORD
    key = {"quarter": quarter, "version": version}
    with duckdb.connect(config=SETTINGS) as reader:
        reader.execute(f"attach {sql_text(database(home))} as store (read_only)")
        try:
            reader.execute(f"attach {sql_text(record)} as record (read_only)")
            return not any(
                reader.execute(_differing(name), key).fetchall() for name in COLUMNS
            )
        except duckdb.Error:
            return False


def _differing(name: str) -> str:
    stored = f"(from store.{name} where quarter = $quarter and version = $version)"
    recorded = f"(from record.{name})"
    return (
        f"({stored} except all {recorded}) union all ({recorded} except all {stored})"
        " limit 1"
    )


def copy_to(connection: duckdb.DuckDBPyConnection, home: Home) -> None:
    """Copy the tables that dbt reads into `raw`.

    In a home as at a past moment, only publications whose inputs were all extracted by
    then are copied.
    """
    for name in COPIED:
        # This column is not stored: it compares the publication with the code at hand.
        own = "is_same_code boolean default false," if name == "publications" else ""
        connection.execute(
            f"create or replace table raw.{name} ({own} {COLUMNS[name]})"
        )
    there = ready(home)
    if there is None:
        return
    with _attached(connection, there, "given_out"):
        for name in COPIED:
            connection.execute(
                f"insert into raw.{name} by name select * from given_out.{name}"
                " semi join (from given_out.publications"
                " where latest_extracted_at <= coalesce($until, latest_extracted_at))"
                " as until_then using (quarter, version)",
                {"until": home.until},
            )
    connection.execute(
        "update raw.publications set is_same_code = code_sha256 = ?"
        " and coalesce(published_at > ?::timestamp, true)",
        [versions.code_sha256(home), max(audit.erased_at(home.root), default=None)],
    )


def _add(connection: duckdb.DuckDBPyConnection, source: Path) -> None:
    with (
        _attached(connection, source, "source"),
        transaction(connection),
    ):
        known = [
            row[0]
            for row in connection.execute(
                "select table_name from duckdb_tables() where database_name = 'source'"
            ).fetchall()
        ]
        # Publications last: the anti join uses them to find the new rows.
        for name in reversed(COLUMNS):
            if name in known:
                connection.execute(
                    f"insert into {name} by name select * from source.{name}"
                    f" anti join publications using ({KEY})"
                )


@contextmanager
def _attached(
    connection: duckdb.DuckDBPyConnection, path: Path, name: str
) -> Iterator[None]:
    with stores.readable(path, BACKUP):
        connection.execute(f"attach {sql_text(path)} as {name} (read_only)")
        try:
            yield
        finally:
            connection.execute(f"detach {name}")


def folders_of(home: Home) -> dict[Key, Path]:
    """Return the folder of each publication. Unfinished folders have other names."""
    found = home.publications.glob("*/v*")
    matches = {path: re.fullmatch(r"v(\d+)", path.name) for path in found}
    return {
        (path.parent.name, int(match[1])): path
        for path, match in matches.items()
        if match and path.is_dir()
    }


def _known(there: Path, is_expected: bool) -> set[Key] | None:
    """Return the publications in the store; None if it must be made again.

    Raises:
        DeliveryError: the file is not damaged, but it cannot be opened.
    """
    if not there.exists():
        return None if is_expected else set()
    try:
        with duckdb.connect(str(there), read_only=True, config=SETTINGS) as reader:
            for name in COPIED:
                reader.execute(f"select sum(hash(each)) from {name} as each").fetchall()
            return set(reader.execute(f"select {KEY} from publications").fetchall())
    except duckdb.CatalogException:
        return None
    except duckdb.Error as error:
        if any(words in str(error) for words in DAMAGED):
            return None
        raise DeliveryError(
            f"{there}: the publications cannot be read ({str(error).splitlines()[0]})."
            " Close the program that has them open, or give this user the right to read"
            " them, and run it again."
        ) from error


def _write_out(there: Path) -> None:
    """Apply the log (`.wal`) that an earlier version of Strandline may have left."""
    if there.exists() and stores.wal(there).exists():
        with stores.readable(there, BACKUP):
            duckdb.connect(str(there), config=SETTINGS).close()


def _lost(there: Path, lost: list[Key]) -> str:
    names = ", ".join(f"{quarter}/v{version}" for quarter, version in lost)
    return (
        f"{there}: this file is damaged or missing, and no other file has the"
        f" figures of {names}. Put the file back from a backup. To go on without these"
        f" publications, move away the file and the folders {names} beside it."
    )
