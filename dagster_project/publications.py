"""Publications: a quarter's figures as they were given out, never changed again.

`<home>/publications/publications.duckdb` is only ever added to: the figures, what they
were made from, by which code, and the sha256 of each file of the pack. Beside it, in
`<quarter>/v<version>/`, are the pack and the delivered files themselves.
"""

import getpass
import json
import shutil
from datetime import datetime
from pathlib import Path

import duckdb

from dagster_project import packs, versions
from dagster_project.paths import Home
from dagster_project.publishing import sql_text
from dagster_project.sources import landing
from dagster_project.sources.deliveries import MARK
from dagster_project.sources.holding import RELEASED
from dagster_project.sources.readers import sha256
from dagster_project.sources.register import SETTINGS, DeliveryError, transaction

MANIFEST = "manifest.json"
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
}
TABLES = "".join(
    f"create table if not exists {name} ({columns});"
    for name, columns in COLUMNS.items()
)
# What dbt reads of them, and what each is.
COPIED = {
    "publications": "Every version of a quarter that was given out.",
    "publication_loads": "What each was made from, by name and hash.",
    "publication_figures": "Its figures, as they were given out.",
}
# What a publication was made from, by contents: load ids change with a late file.
INPUTS = """
    select force_code, extract, archive_name, file_name, sha256, status, extracted_at
    from marts.fct_loads where status in ('loaded', 'held')
"""


def database(home: Home) -> Path:
    """The file of all publications of a home."""
    return home.publications / "publications.duckdb"


def copy_to(connection: duckdb.DuckDBPyConnection, home: Home) -> None:
    """What dbt reads of the publications, as tables of `raw`.

    As at a past moment, those that were made from what had been extracted by then.
    """
    there = database(home)
    for name in COPIED:
        # Whether it was made by this code is known to this code alone.
        own = "is_same_code boolean default false," if name == "publications" else ""
        connection.execute(
            f"create or replace table raw.{name} ({own} {COLUMNS[name]})"
        )
    if not there.exists():
        return
    connection.execute(f"attach {sql_text(there)} as given_out (read_only)")
    for name in COPIED:
        connection.execute(
            f"insert into raw.{name} by name select * from given_out.{name}"
            " semi join (from given_out.publications"
            " where latest_extracted_at <= coalesce($until, latest_extracted_at))"
            " as until_then using (quarter, version)",
            {"until": home.until},
        )
    connection.execute("detach given_out")
    connection.execute(
        "update raw.publications set is_same_code = code_sha256 = ?",
        [versions.code_sha256()],
    )


def publish(home: Home, quarter: str) -> int:
    """Freeze the quarter as its pack shows it; the number of the new version.

    Raises:
        DeliveryError: there is no pack, or it is not what the published file and this
            code would give, or a delivered file is no longer there.
    """
    found = packs.folders(home, quarter)
    manifests = {force: _manifest(folder) for force, folder in found.items()}
    home.publications.mkdir(parents=True, exist_ok=True)
    with duckdb.connect(str(database(home)), config=SETTINGS) as connection:
        connection.execute(TABLES)
        connection.execute(f"attach {sql_text(home.current)} as now (read_only)")
        _refuse_outdated(connection, quarter, found, manifests)
        rows = connection.execute(
            "select coalesce(max(version), 0) + 1 from publications where quarter = ?",
            [quarter],
        )
        version = rows.fetchall()[0][0]
        folder = folder_of(home, quarter, version)
        _freeze(connection, home, quarter, found, folder)
        with transaction(connection):
            _write(connection, quarter, version, folder)
    return version


def folder_of(home: Home, quarter: str, version: int) -> Path:
    """Where a publication's pack and delivered files are kept."""
    return home.publications / quarter / f"v{version}"


def _manifest(folder: Path) -> dict:
    try:
        return json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise _make_report_first(folder, "there is no pack to publish") from error


def _make_report_first(folder: Path, why: str) -> DeliveryError:
    return DeliveryError(
        f"{folder}: {why}. Make it (make report), read it, and then publish it."
    )


def _refuse_outdated(
    connection: duckdb.DuckDBPyConnection,
    quarter: str,
    found: dict[str, Path],
    manifests: dict[str, dict],
) -> None:
    """A pack is published as it was read, so it must be what the figures are now."""
    for force, folder in found.items():
        loads = connection.execute(
            "select to_json(loads)::varchar from now.reporting.rpt_loads as loads"
            " where force_code = ? order by 1",
            [force],
        ).fetchall()
        if [json.loads(row[0]) for row in loads] != manifests[force]["loads"]:
            raise _make_report_first(folder, "the pack is of other deliveries")
        if manifests[force]["code_version"] != versions.version():
            raise _make_report_first(folder, "the pack was made by another version")
    known = "select quarter, version from {} order by all"
    now = connection.execute(known.format("now.marts.fct_publications")).fetchall()
    if now != connection.execute(known.format("publications")).fetchall():
        raise _make_report_first(
            next(iter(found.values())), "the pack is older than a publication"
        )


def _freeze(
    connection: duckdb.DuckDBPyConnection,
    home: Home,
    quarter: str,
    found: dict[str, Path],
    target: Path,
) -> None:
    """Packs, author's texts, delivered files and earlier publications, in one folder.

    A folder that is there already was left by a run that was killed before it wrote
    the publication down.
    """
    partial = target.with_name(target.name + ".partial")
    for left_over in (partial, target):
        shutil.rmtree(left_over, ignore_errors=True)
    for force, folder in found.items():
        shutil.copytree(folder, partial / "packs" / force)
        text = packs.authors_file(home, quarter, folder)
        if text.exists():
            shutil.copy2(text, partial / "packs" / f"{force}.md")
    _link_landing(connection, home, partial / "landing")
    connection.execute("checkpoint")
    shutil.copy(database(home), partial / "publications.duckdb")
    partial.rename(target)


def _link_landing(
    connection: duckdb.DuckDBPyConnection, home: Home, target: Path
) -> None:
    names = connection.execute(
        f"select distinct extract, archive_name, file_name, sha256 from"
        f" ({INPUTS.replace('marts.', 'now.marts.')}) order by all"
    ).fetchall()
    sources = {home.landing / name for name in (MARK, RELEASED)}
    for extract, archive, file_name, expected in names:
        if archive:
            sources.add(home.landing / landing.OPEN_DATA / archive)
        else:
            sources.add(_delivered(home.landing / extract, file_name, expected))
    for source in sorted(source for source in sources if source.exists()):
        landing.link(source, target / source.relative_to(home.landing))


def _delivered(folder: Path, file_name: str, expected: str) -> Path:
    path = folder / file_name
    if not path.is_file() or sha256(path) != expected:
        raise DeliveryError(
            f"{path}: not the file that the figures were made from. Put it back, or"
            " make the report again (make report)."
        )
    return path


def _write(
    connection: duckdb.DuckDBPyConnection, quarter: str, version: int, folder: Path
) -> None:
    key = {"quarter": quarter, "version": version}
    connection.execute(
        "insert into publications by name select $quarter as quarter,"
        " $version as version, $published_at as published_at, $by as published_by,"
        " max(extracted_at) as latest_extracted_at, $code_version as code_version,"
        " $code as code_sha256, $lock as lock_sha256 from now.marts.fct_loads",
        key
        | {
            "published_at": datetime.now(),
            "by": getpass.getuser(),
            "code_version": versions.version(),
            "code": versions.code_sha256(),
            "lock": versions.lock_sha256(),
        },
    )
    connection.execute(
        "insert into publication_loads by name select $quarter as quarter,"
        f" $version as version, * from ({INPUTS.replace('marts.', 'now.marts.')})",
        key,
    )
    connection.execute(
        "insert into publication_figures by name select *, $version as version"
        " from now.reporting.rpt_figures where quarter = $quarter",
        key,
    )
    for path in sorted((folder / "packs").glob("*/**/*")):
        if path.is_file():
            force, name = path.relative_to(folder / "packs").as_posix().split("/", 1)
            connection.execute(
                "insert into publication_files values (?, ?, ?, ?, ?)",
                [quarter, version, force, name, sha256(path)],
            )
