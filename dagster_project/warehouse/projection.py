"""What analysts may read of the work file: every table without free text and ids.

dbt stores the columns that they may not read in `intermediate.restricted_columns`, from
the `meta` of the columns (dbt_project/macros/restricted.sql). A free text is left out.
In place of an id stands a key: a hash of the id and of a secret of the home. So an id
has the same key in every table and version, and nobody without the secret can find the
key of an id that they guess.
"""

import re
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import duckdb

from dagster_project import stores
from dagster_project.errors import DeliveryError
from dagster_project.settings import Home

# The great marts. The second has no crime that the first lacks.
CRIMES = "marts.fct_crimes"
CRIME_MEASURES = "marts.fct_crime_measures"
# Their rows are replaced by the crime, as dbt does it.
ADDED_TO = (CRIMES, CRIME_MEASURES, "marts.fct_past_crime_versions")
CRIME = "crime_id"
RESTRICTED = "intermediate.restricted_columns"
SECRET_MODE = 0o600
# 128 bits. With an id, they are one block of SHA-256: two would take twice as long.
SECRET_BYTES = 16
# 76 bits: among 10 million ids, two have one key with a probability of 10^-9.
KEY = "'k' || left(sha256(getvariable('key_secret') || {}::varchar), 19)"
KEY_COMMENT = (
    "Key of the {}, in place of its id or text: the same in all tables and versions;"
    " empty if it has none. `keys` in the restricted file has the id or text."
)
COLUMNS = f"""
    select
        schema_name || '.' || table_name,
        list(
            {{
                'name': column_name,
                'type': data_type,
                'is_nullable': is_nullable,
                'is_restricted': restricted.table_name is not null,
                'published_as': published_as
            }}
            order by column_index
        )
    from duckdb_columns() as columns
    semi join duckdb_tables() using (database_name, schema_name, table_name)
    left join work.{RESTRICTED} as restricted
        using (schema_name, table_name, column_name)
    where database_name = 'work' and list_contains(?, schema_name)
    group by all
    order by all
"""
NEW_NAMES = f"""
    select distinct column_name, published_as from work.{RESTRICTED}
    where published_as is not null
"""


@dataclass(frozen=True)
class Table:
    """A table of the work file as analysts get it.

    `names` has its name in the work file and here for each column, `columns` the name
    and the type. `definition` is for `create table`, and `query` selects the columns
    from the database `work`; it has no `where`, so that one can follow. `besides_keys`
    are the columns that are the same there. `ids` are the queries of the ids that have
    keys, and `lacks_text` says whether free text is left out.
    """

    names: dict[str, str]
    columns: list[str]
    definition: str
    query: str
    besides_keys: str
    ids: list[str]
    lacks_text: bool


def secret(home: Home) -> str:
    """Return the secret of the home's keys. It is made if there is none.

    Raises:
        DeliveryError: the file does not have a secret.
    """
    path = home.key_secret
    if not path.exists():
        with stores.replacing(path) as partial:
            partial.touch(SECRET_MODE)
            partial.write_text(secrets.token_hex(SECRET_BYTES), encoding="utf-8")
    found = path.read_text(encoding="utf-8").strip()
    if not re.fullmatch(f"[0-9a-f]{{{2 * SECRET_BYTES}}}", found):
        raise DeliveryError(
            f"{path}: this is not the secret that keys are made with. Put it back from"
            " a backup. If there is none, remove the file: all keys then change."
        )
    return found


def tables(
    connection: duckdb.DuckDBPyConnection, key_secret: str, schemas: Sequence[str]
) -> dict[str, Table]:
    """The tables of schemas of the database `work`, such as `marts.fct_crimes`.

    The queries can be run in this connection only.
    """
    # As a variable, the secret is in no statement, and so in no message of an error.
    connection.execute("set variable key_secret = ?", [key_secret])
    found = connection.execute(COLUMNS, [list(schemas)]).fetchall()
    return {name: _table(name, columns) for name, columns in found}


def is_later(name: str, after: int) -> str:
    """A condition: a row of the work file is of a crime of a later load than `after`.

    It compares ids, so that keys are computed only for the chosen rows.
    """
    later = f"load_id > {after}"
    if name == CRIMES:
        return later
    return f"{CRIME} in (select {CRIME} from work.{CRIMES} where {later})"


def is_replaced(tables: dict[str, Table], after: int) -> str:
    """A condition: a row as analysts get it is of a crime of a later load."""
    crimes = tables[CRIMES]
    key = crimes.names[CRIME]
    return f"{key} in (select {key} from ({crimes.query} where load_id > {after}))"


def _table(name: str, columns: list[dict]) -> Table:
    kept = [c for c in columns if c["published_as"] or not c["is_restricted"]]
    names = {c["name"]: c["published_as"] or c["name"] for c in kept}
    definition = [
        f"{_quoted(names[c['name']])} {c['type']}"
        + ("" if c["is_nullable"] else " not null")
        for c in kept
    ]
    return Table(
        names,
        [f"{names[c['name']]} {c['type']}" for c in kept],
        ", ".join(definition),
        f"select {', '.join(map(_selected, kept))} from work.{name}",
        ", ".join(_quoted(c["name"]) for c in kept if not c["published_as"]),
        [
            f"select {_quoted(c['name'])} as record_id from work.{name}"
            for c in kept
            if c["published_as"]
        ],
        len(kept) < len(columns),
    )


def _selected(column: dict) -> str:
    name = _quoted(column["name"])
    if not column["published_as"]:
        return name
    return f"{KEY.format(name)} as {_quoted(column['published_as'])}"


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def renaming(connection: duckdb.DuckDBPyConnection) -> Callable[[str], str]:
    """A function that puts the new names of columns into a statement or a text."""
    return renaming_by(dict(connection.execute(NEW_NAMES).fetchall()))


def renaming_by(names: dict[str, str]) -> Callable[[str], str]:
    """A function that puts new names in place of others, where they are whole words."""
    if not names:
        return str
    words = re.compile(rf"\b({'|'.join(map(re.escape, sorted(names)))})\b")
    return lambda text: words.sub(lambda match: names[match[1]], text)
