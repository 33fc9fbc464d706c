"""Decides what a build has to make: all, or what new loads can change.

dbt's incremental models only add new rows to a table: rows of a removed rule or a
withdrawn load would stay in it. So `intermediate.builds` stores the hash of the code
(with seeds and configuration) and the loads of the last build. If one of them has
changed, the models are built in full. Otherwise seeds and views are as the last build
left them, if it made them all. dbt_project/macros/incremental.sql writes the table.
"""

from dataclasses import asdict, dataclass

import duckdb

from dagster_project import settings

BUILDS = "intermediate.builds"
LAST = f"""
    select code_sha256, last_load_id, loads_read, has_all_seeds_and_views from {BUILDS}
"""
# A load that is read again has a new id or a new time.
LOADS_READ = """
    coalesce(
        md5(string_agg(concat_ws(' ', load_id, loaded_at), ',' order by load_id)), ''
    )
"""
LOADS = f"""
    select coalesce(max(load_id), 0), {LOADS_READ}
    from raw.loads
    where status = 'loaded' and load_id <= coalesce(?, load_id)
"""


@dataclass(frozen=True)
class Build:
    """The build that begins now, compared with the last one.

    `full_refresh_reason` says why the incremental models must be built in full; None
    means that they may add rows. `built_up_to` is the last load that they have read.
    """

    code_sha256: str
    last_load_id: int
    loads_read: str
    built_up_to: int | None
    full_refresh_reason: str | None
    has_all_seeds_and_views: bool

    def literal(self) -> tuple[str, dict[str, object]]:
        """A statement that sets DuckDB's variable `build`, and its parameters."""
        types = ("varchar", "bigint", "varchar", "bigint", "varchar", "boolean")
        fields = asdict(self)
        parts = [
            f"'{name}': ${name}::{kind}"
            for name, kind in zip(fields, types, strict=True)
        ]
        return f"set variable build = {{{', '.join(parts)}}}", fields


def begin(connection: duckdb.DuckDBPyConnection, code_sha256: str) -> Build:
    """Compare this code and the loads of a work file with its last build."""
    if settings.engine() == "spark":
        code_sha256 = f"spark {code_sha256}"
    last_load_id, loads_read = 0, ""
    unknown = "no complete build of them is recorded"
    try:
        last_load_id, loads_read = connection.execute(LOADS, [None]).fetchall()[0]
        last = connection.execute(LAST).fetchall()
    except duckdb.CatalogException:
        last = []
    except duckdb.BinderException:
        last, unknown = [], "an older version of the program built them"
    built_up_to, reason, has_all = None, None, False
    if not last:
        reason = unknown
    elif settings.engine() == "spark":
        reason = "Spark counts all of it each time"
    elif last[0][0] != code_sha256:
        reason = (
            "the code, a seed or the configuration has changed since the last build"
        )
    elif connection.execute(LOADS, [last[0][1]]).fetchall()[0][1] != last[0][2]:
        reason = "a load that the last build read is gone or was read again"
    else:
        built_up_to, has_all = last[0][1], last[0][3]
    return Build(code_sha256, last_load_id, loads_read, built_up_to, reason, has_all)
