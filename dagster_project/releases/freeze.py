"""Saves a quarter's pack as a publication, which is never changed again.

A publication is a folder, `<home>/publications/<quarter>/v<version>/`. It contains the
pack, copies of the delivered files, the configuration and the seeds that the pack was
made from, and a record: the figures, their inputs, the version of the code, and the
sha256 of each file. The folder gets its name once all of it is on the disk. The store
beside it (store.py) contains the records of all publications.
"""

import getpass
import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import duckdb

from dagster_project import audit, packs, stores, versions
from dagster_project.configuration import layers
from dagster_project.errors import DeliveryError
from dagster_project.intake import landing
from dagster_project.intake.deliveries import MARK
from dagster_project.intake.holding import FILES
from dagster_project.intake.load_log import transaction
from dagster_project.intake.reading.readers import sha256
from dagster_project.releases.store import (
    NAME,
    RECORD,
    folder_of,
    folders_of,
    ready,
    write,
)
from dagster_project.settings import Home
from dagster_project.stores import SETTINGS, sql_text
from dagster_project.warehouse import snapshot

MANIFEST = "manifest.json"
# The inputs of a publication. Load ids are left out: a late file changes them.
INPUTS = """
    select
        force_code,
        extract,
        archive_name,
        file_name,
        sha256,
        file_status as status,
        extracted_at
    from marts.fct_loads
    where file_status in ('loaded', 'held')
"""
# Every cell that the pack prints, with its figure. A cell without a date has no figure;
# its own id takes the place of the figure's.
PRINTED = """
    select
        $version as version,
        coalesce(figure_id, cell_id) as figure_id,
        quarter,
        force_code,
        table_name,
        row_key,
        column_name,
        number_format,
        figure_value as value,
        figure_numerator as numerator,
        figure_denominator as denominator
    from now.reporting.rpt_cells
    where quarter = $quarter and number_format <> 'text'
"""


def publish(home: Home, quarter: str) -> int:
    """Save the quarter's pack as a new publication.

    Returns:
        The number of the new version.

    Raises:
        DeliveryError: there is no pack; the published file, the code or the author's
            text has changed since it was written; one of its files was changed (a Word
            draft may be); a delivered file is missing; or the disk is full. Nothing
            is published then.
    """
    found = packs.folders(home, quarter)
    manifests = {force: _manifest(folder) for force, folder in found.items()}
    for force, folder in found.items():
        text = packs.authors_file(home, quarter, folder)
        _refuse_changed(folder, manifests[force], text)
    with stores.room(f"{home.publications}: {quarter} was not published"):
        known = ready(home)
        version = _next_version(home, known, quarter)
        folder = folder_of(home, quarter, version)
        with _beside(folder) as partial:
            write(partial / NAME, [known] if known else [])
            write(partial / RECORD, [])
            with duckdb.connect(str(partial / RECORD), config=SETTINGS) as connection:
                for path, name in ((home.current, "now"), (partial / NAME, "before")):
                    connection.execute(f"attach {sql_text(path)} as {name} (read_only)")
                with stores.readable(home.current, snapshot.REPLACED):
                    _refuse_outdated(connection, quarter, found, manifests)
                    _freeze(connection, home, quarter, found, partial)
                    with transaction(connection):
                        _record(connection, home, quarter, version, partial)
                    connection.execute("checkpoint")
        ready(home)
    audit.write(home.root, "publish", quarter=quarter, version=version)
    return version


def _next_version(home: Home, known: Path | None, quarter: str) -> int:
    """Return one more than the highest version in the store or among the folders."""
    versions_of = [key[1] for key in folders_of(home) if key[0] == quarter]
    if known is not None:
        with duckdb.connect(str(known), read_only=True, config=SETTINGS) as reader:
            found = reader.execute(
                "select version from publications where quarter = ?", [quarter]
            )
            versions_of += [row[0] for row in found.fetchall()]
    return max(versions_of, default=0) + 1


@contextmanager
def _beside(folder: Path) -> Iterator[Path]:
    """Yield a folder to fill; it is renamed to `folder` once all of it is on the disk.

    If something fails, only the unfinished folder is removed.
    """
    partial = folder.with_name(folder.name + ".partial")
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(parents=True)
    try:
        yield partial
        stores.freeze(partial)
        stores.synchronise(partial)
        partial.rename(folder)
        stores.synchronise(folder.parent)
    except BaseException:
        shutil.rmtree(partial, ignore_errors=True)
        raise


def _manifest(folder: Path) -> dict:
    try:
        return json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise _make_report_first(folder, "there is no pack to publish") from error


def _make_report_first(folder: Path, why: str) -> DeliveryError:
    return DeliveryError(
        f"{folder}: {why}. Run make report, read the pack, and then publish it."
    )


def _refuse_changed(folder: Path, manifest: dict, authors_file: Path) -> None:
    """Stop if the pack or the author's text has changed since the pack was written.

    Word drafts may change: they are there to be edited.

    Raises:
        DeliveryError: a file or the text has changed.
    """
    read = {authors_file.name: sha256(authors_file)} if authors_file.exists() else {}
    if read != manifest.get("authors_text", {}):
        raise _make_report_first(
            folder, f"the pack was written with other text than is in {authors_file}"
        )
    changed = [
        name
        for name, written in manifest["files"].items()
        if not name.endswith(".docx")
        and not ((folder / name).is_file() and sha256(folder / name) == written)
    ]
    if changed:
        raise _make_report_first(
            folder,
            f"files have changed since the pack was written: {', '.join(changed)}",
        )


def _refuse_outdated(
    connection: duckdb.DuckDBPyConnection,
    quarter: str,
    found: dict[str, Path],
    manifests: dict[str, dict],
) -> None:
    """Stop if the pack was made from other deliveries, code or publications than now.

    Raises:
        DeliveryError: the pack is out of date.
    """
    for force, folder in found.items():
        loads = connection.execute(
            "select to_json(loads)::varchar from now.reporting.rpt_loads as loads"
            " where force_code = ? order by 1",
            [force],
        ).fetchall()
        if [json.loads(row[0]) for row in loads] != manifests[force]["loads"]:
            raise _make_report_first(folder, "the pack was made from other deliveries")
        if manifests[force]["code_version"] != versions.version():
            raise _make_report_first(folder, "the pack was made by other code")
    known = "select quarter, version from {} order by all"
    now = connection.execute(known.format("now.marts.fct_publications")).fetchall()
    if now != connection.execute(known.format("before.publications")).fetchall():
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
    """Copy packs, author's texts, delivered files, configuration and merged seeds.

    The configuration is used when the publication is made again. The merged seeds
    record what was decided, even if the defaults change later.
    """
    for force, folder in found.items():
        stores.copy_whole(folder, target / "packs" / force)
        text = packs.authors_file(home, quarter, folder)
        if text.exists():
            stores.copy(text, target / "packs" / f"{force}.md")
    _copy_landing(connection, home, target / "landing")
    frozen = Home(target)
    if home.config.is_dir():
        stores.copy_whole(home.config, frozen.config)
    frozen.seeds.mkdir()
    for name, content in layers.of(home).contents().items():
        (frozen.seeds / f"{name}.csv").write_bytes(content)


def _copy_landing(
    connection: duckdb.DuckDBPyConnection, home: Home, target: Path
) -> None:
    names = connection.execute(
        f"select distinct extract, archive_name, file_name, sha256 from"
        f" ({INPUTS.replace('marts.', 'now.marts.')}) order by all"
    ).fetchall()
    archives: dict[str, set[tuple[str, str]]] = {}
    for _, archive, file_name, expected in names:
        if archive:
            archives.setdefault(archive, set()).add((file_name, expected))
    ever = connection.execute("select distinct sha256 from now.marts.fct_loads")
    known = {sha256 for (sha256,) in ever.fetchall()}
    for archive, loaded in archives.items():
        place = Path(landing.OPEN_DATA, archive)
        if not (home.landing / place).exists():
            raise _other_file(home.landing / place)
        stores.copy_whole(home.landing / place, target / place)
        if not landing.is_as_loaded(home, target / place, loaded, known):
            raise _other_file(home.landing / place)
    for extract, archive, file_name, expected in names:
        if not archive:
            place = Path(extract, file_name)
            _copy_delivered(home.landing / place, target / place, expected)
    for mark in (MARK, *FILES):
        if (home.landing / mark).exists():
            stores.copy(home.landing / mark, target / mark)


def _copy_delivered(source: Path, target: Path, expected: str) -> None:
    if source.is_file():
        stores.copy(source, target)
    if not target.is_file() or sha256(target) != expected:
        raise _other_file(source)


def _other_file(source: Path) -> DeliveryError:
    if not source.exists():
        return DeliveryError(
            f"{source}: this file is no longer there. Put it back: a publication keeps"
            " every file that its figures were made from."
        )
    return DeliveryError(
        f"{source}: this is not the file that the figures were made from. Put that file"
        " back, or make the report again (make report)."
    )


def _record(
    connection: duckdb.DuckDBPyConnection,
    home: Home,
    quarter: str,
    version: int,
    folder: Path,
) -> None:
    """Write the publication's record: inputs, figures, code version and file hashes."""
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
            "code": versions.code_sha256(home),
            "lock": versions.lock_sha256(),
        },
    )
    connection.execute(
        "insert into publication_loads by name select $quarter as quarter,"
        f" $version as version, * from ({INPUTS.replace('marts.', 'now.marts.')})",
        key,
    )
    connection.execute(
        f"insert into publication_figures by name ({PRINTED})",
        key,
    )
    for path in frozen_files(folder):
        name = path.relative_to(folder).as_posix()
        checksum = sha256(path)
        connection.execute(
            "insert into publication_frozen_files values (?, ?, ?, ?)",
            [quarter, version, name, checksum],
        )
        place, *within = name.split("/", 2)
        if place == "packs" and len(within) == 2:
            connection.execute(
                "insert into publication_files values (?, ?, ?, ?, ?)",
                [quarter, version, *within, checksum],
            )


def frozen_files(folder: Path) -> list[Path]:
    """Return every file of a publication's folder except its record."""
    found = (path for path in folder.rglob("*") if path.is_file())
    return sorted(path for path in found if path != folder / RECORD)
