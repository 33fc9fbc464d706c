"""Makes a publication again from its saved inputs, in another home, and compares."""

import tempfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from dagster_project import audit, packs, settings, stores, versions
from dagster_project.errors import DeliveryError
from dagster_project.intake import landing
from dagster_project.intake.reading.readers import sha256
from dagster_project.releases import freeze, store
from dagster_project.releases.store import folder_of
from dagster_project.settings import Home
from dagster_project.stores import sql_text
from dagster_project.warehouse import snapshot
from reports import pdf

MOST_SHOWN = 20
PUBLISHED = "where quarter = $quarter and version = $version"
CODE = f"""
    select code_version, code_sha256, lock_sha256 from frozen.publications {PUBLISHED}
"""
PUBLISHED_AT = f"select published_at from publications {PUBLISHED}"
INPUTS = f"""
    with published as (
        select extract, file_name, sha256, extracted_at, status
        from frozen.publication_loads {PUBLISHED}
    ),
    again as (
        select extract, file_name, sha256, extracted_at, status
        from ({freeze.INPUTS})
    )
    (from published except from again) union all (from again except from published)
    order by all
"""
FIGURES = f"""
    with published as (select * from frozen.publication_figures {PUBLISHED}),
    again as (
        select * from reporting.rpt_cells
        where quarter = $quarter and number_format <> 'text'
    )
    select
        concat_ws('/', table_name, row_key, column_name) as cell_id,
        published.value,
        again.figure_value,
        published.quarter is not null
        and again.quarter is not null
        and (published.value, published.numerator, published.denominator)
        is not distinct from (
            again.figure_value, again.figure_numerator, again.figure_denominator
        ) as is_equal
    from published
    full join again using (force_code, table_name, row_key, column_name)
    order by all
"""
# No report makes the PDF, so it is not compared; `changed` has its hash.
FILES = f"""
    select force_code, file_name, sha256 from frozen.publication_files {PUBLISHED}
    and file_name <> '{pdf.NAME}'
"""

FROZEN = f"select path, sha256 from publication_frozen_files {PUBLISHED}"
FROZEN_PACKS = f"""
    select 'packs/' || force_code || '/' || file_name, sha256
    from publication_files {PUBLISHED}
"""


@dataclass(frozen=True)
class Verified:
    """The outcome of a comparison, as lines to print and as a boolean."""

    lines: tuple[str, ...]
    is_verified: bool


def verify(
    home: Home, quarter: str, make: Callable[[str], None], version: int | None = None
) -> Verified:
    """Make a publication again from its inputs, and compare the two.

    Every figure must be equal. If the code and the lock are the same, every file must
    be equal too. If a file of the publication was changed, it is named, and the
    publication is not made again.

    Args:
        home: the data home.
        quarter: the quarter, such as `2021-22-q2`.
        make: makes a quarter's pack from the deliveries of the configured home
            (`runs.report`).
        version: the version; None means the latest.

    Returns:
        The outcome.

    Raises:
        DeliveryError: there is no such publication, or its run fails.
    """
    version = _chosen(home, quarter, version)
    erased = _erased_since(home, quarter, version)
    if differing := changed(home, quarter, version):
        return _not_made_again(quarter, version, erased, differing)
    with tempfile.TemporaryDirectory(prefix="strandline_verify_") as root:
        frozen = folder_of(home, quarter, version)
        again = _home_of(home, quarter, frozen, Path(root))
        make(quarter)
        compared = _compare(home, again, quarter, version)
    return replace(compared, lines=(*compared.lines, *erased))


def _erased_since(home: Home, quarter: str, version: int) -> list[str]:
    """Say when crimes were erased from the deliveries of a publication."""
    key = {"quarter": quarter, "version": version}
    with stores.reading(store.database(home), store.REMEDY) as reader:
        published_at = reader.execute(PUBLISHED_AT, key).fetchall()[0][0]
    return [
        f"A crime was erased on {at:%-d %B %Y at %H:%M} (audit.jsonl), after this"
        " version was published, so its figures may differ by that crime."
        for at in audit.erased_at(home.root)
        if at > published_at
    ]


def _chosen(home: Home, quarter: str, version: int | None) -> int:
    there = store.database(home)
    found = []
    if there.exists():
        with stores.reading(there, store.REMEDY) as reader:
            found = reader.execute(
                "select version from publications where quarter = ? order by all",
                [quarter],
            ).fetchall()
    known = [row[0] for row in found]
    if not known or version not in [None, *known]:
        raise DeliveryError(
            f"QUARTER={quarter}: "
            + (
                f"there is no version {version}. Published versions:"
                f" {', '.join(map(str, known))}."
                if known
                else "nothing is published. Run make publish first."
            )
        )
    return version or known[-1]


def changed(home: Home, quarter: str, version: int) -> list[str]:
    """Return the files that were changed, added or removed since publishing."""
    key = {"quarter": quarter, "version": version}
    there = store.database(home)
    with stores.reading(there, store.REMEDY) as reader:
        known = reader.execute("select table_name from duckdb_tables()").fetchall()
        frozen = {}
        if ("publication_frozen_files",) in known:
            frozen = dict(reader.execute(FROZEN, key).fetchall())
        of_packs = dict(reader.execute(FROZEN_PACKS, key).fetchall())
    folder = folder_of(home, quarter, version)
    found = {
        path.relative_to(folder).as_posix(): sha256(path)
        for path in freeze.frozen_files(folder)
    }
    # Earlier versions of this program recorded only the files of the packs.
    names = {*frozen, *found} if frozen else set(of_packs)
    expected = frozen or of_packs
    differing = {name for name in names if found.get(name) != expected.get(name)}
    # The record cannot contain its own hash, so it is compared with the store by row.
    if frozen and not store.is_recorded(home, quarter, version):
        differing.add(store.RECORD)
    return sorted(differing)


def _not_made_again(
    quarter: str, version: int, erased: list[str], changed: list[str]
) -> Verified:
    lines = [
        f"{quarter} version {version} is not as it was published: files were changed,"
        " removed or added since. So it was not made again from them.",
        *_listed("files of the publication", changed, None),
        *erased,
    ]
    return Verified(tuple(lines), False)


def _home_of(home: Home, quarter: str, frozen: Path, root: Path) -> Home:
    """Make a home from the publication's inputs and its pack."""
    force_code = landing.force_of(home)
    (root / "landing").symlink_to(frozen / "landing", target_is_directory=True)
    again = settings.configure(root, force_code)
    configured = Home(frozen).config
    if configured.is_dir():
        again.config.symlink_to(configured, target_is_directory=True)
    again.publications.mkdir()
    stores.copy(frozen / store.NAME, store.database(again))
    forces = [path for path in (frozen / "packs").iterdir() if path.is_dir()]
    for pack in forces:
        # The draft's number and its list of changes come from the previous pack.
        folder = packs.folder_for(again, quarter, pack.name, len(forces))
        stores.copy_whole(pack, folder)
        text = packs.authors_file(again, quarter, folder)
        if pack.with_suffix(".md").exists():
            text.parent.mkdir(parents=True, exist_ok=True)
            stores.copy(pack.with_suffix(".md"), text)
    return again


def _compare(home: Home, again: Home, quarter: str, version: int) -> Verified:
    key = {"quarter": quarter, "version": version}
    with snapshot.reading(again) as reader:
        there = store.database(home)
        reader.execute(f"attach {sql_text(there)} as frozen (read_only)")
        made_by = reader.execute(CODE, key).fetchall()[0]
        inputs = [row[1] for row in reader.execute(INPUTS, key).fetchall()]
        figures = reader.execute(FIGURES, key).fetchall()
        files = reader.execute(FILES, key).fetchall()
    is_same_code = made_by == (
        versions.version(),
        versions.code_sha256(),
        versions.lock_sha256(),
    )
    differing = [
        f"{row[0]}: {row[1]} then, {row[2]} now" for row in figures if not row[3]
    ]
    folders = packs.folders(again, quarter)
    changed = [
        name
        for force, name, expected in files
        if not (path := folders[force] / name).is_file() or sha256(path) != expected
    ]
    lines = [
        f"{quarter} version {version}, made again from its own inputs:",
        *_listed("inputs", inputs, None),
        *_listed("cells with a figure", differing, len(figures)),
        *_listed("files of the pack", changed, len(files)),
    ]
    if not is_same_code:
        lines.append(
            f"It was made by version {made_by[0]}. The code or the packages have"
            " changed since, so files may differ byte for byte."
        )
    is_verified = not (inputs or differing or (is_same_code and changed))
    return Verified(tuple(lines), is_verified)


def _listed(what: str, differing: list[str], count: int | None) -> list[str]:
    if not differing:
        return [f"  {what}: {'all' if count is None else f'all {count:,}'} equal"]
    shown = [f"    {each}" for each in differing[:MOST_SHOWN]]
    more = len(differing) - len(shown)
    return [
        f"  {what}: {len(differing):,} differ",
        *shown,
        *([f"    and {more:,} more"] if more else []),
    ]
