"""The store of publications: one file of all that was given out, always whole.

`<home>/publications/publications.duckdb` is never changed in place. Each publication
has a folder, `<quarter>/v<version>/`, which takes its name once all of it is on the
disk, with a record of its own (`publication.duckdb`). The store holds what the records
hold: a new one is written beside it and renamed, also where it is damaged or has lost a
publication.
"""

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from dagster_project import stores, versions
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
# What dbt reads of them, and what each is.
COPIED = {
    "publications": "Every version of a quarter that was given out.",
    "publication_loads": "What each was made from, by name and hash.",
    "publication_figures": "Its cells and their figures, as they were given out.",
}
REMEDY = "The next run makes it again from the folders beside it (make report)."
BACKUP = "Put it back from a backup."
# DuckDB's words for a file that is cut off, overwritten or no database. A file that
# another program has open, or that another version of DuckDB wrote, is not damaged.
DAMAGED = ("not a valid DuckDB database", "Could not read enough bytes", "Corrupt")
Key = tuple[str, int]


def database(home: Home) -> Path:
    """The file of all publications of a home."""
    return home.publications / NAME


def folder_of(home: Home, quarter: str, version: int) -> Path:
    """Where a publication's pack and delivered files are kept."""
    return home.publications / quarter / f"v{version}"


def ready(home: Home) -> Path | None:
    """The store, once it holds every publication that has a folder; none: no store.

    Raises:
        DeliveryError: the store is damaged, and a publication has no record of its own
            (one of an earlier version of this program), or the store cannot be opened.
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
        # An earlier publication may be known to the folder of a later one alone.
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
    """Make a store at `path` of what others hold; a publication of several counts once.

    Returns:
        Quarter and version of each publication in it.
    """
    with duckdb.connect(str(path), config=SETTINGS) as connection:
        for name, columns in COLUMNS.items():
            connection.execute(f"create table {name} ({columns})")
        for source in sources:
            _add(connection, source)
        keys = connection.execute(f"select {KEY} from publications").fetchall()
        # What closing a file cannot write it does not say.
        connection.execute("checkpoint")
    return set(keys)


def is_recorded(home: Home, quarter: str, version: int) -> bool:
    """Whether the record in a publication's folder holds what the store does."""
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
    """What dbt reads of the publications, as tables of `raw`.

    As at a past moment, those that were made from what had been extracted by then.
    """
    for name in COPIED:
        # Whether it was made by this code is known to this code alone.
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
        "update raw.publications set is_same_code = code_sha256 = ?",
        [versions.code_sha256(home)],
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
        # Publications last: they say which of the others' rows are new.
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
    """The folder of each publication; what a killed run left half has another name."""
    found = home.publications.glob("*/v*")
    matches = {path: re.fullmatch(r"v(\d+)", path.name) for path in found}
    return {
        (path.parent.name, int(match[1])): path
        for path, match in matches.items()
        if match and path.is_dir()
    }


def _known(there: Path, is_expected: bool) -> set[Key] | None:
    """The publications that the store holds; none where it is damaged or missing.

    Raises:
        DeliveryError: the file is not damaged, and yet it cannot be opened.
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
    """Have in the file what an earlier version of this program left in its log."""
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
