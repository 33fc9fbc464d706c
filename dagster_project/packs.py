"""Writes packs from the published file, and knows their folders.

A home of several forces also has an index, which compares them, in the folder above.
"""

from datetime import date
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING

from dagster_project import stores, versions
from dagster_project.errors import DeliveryError
from dagster_project.settings import Home
from dagster_project.transform.builds import BUILDS
from dagster_project.warehouse import absence, snapshot
from reports.board import periods

if TYPE_CHECKING:
    from reports import Pack

PACKAGES = (
    "dagster",
    "dagster-dbt",
    "dbt-core",
    "dbt-duckdb",
    "duckdb",
    "gptables",
    "matplotlib",
    "openpyxl",
    "pyarrow",
    "python-docx",
)
INDEX = "index.html"
# Each force of which something was loaded.
FORCES = """
    select forces.force_code, forces.force_name, max(months.month) as last_month
    from marts.dim_forces as forces
    semi join reporting.rpt_loads using (force_code)
    left join marts.fct_open_crimes_monthly as months
        on forces.force_code = months.force_code and months.is_supplied
    group by all
    order by all
"""


def write(home: Home, quarter: str) -> list["Pack"]:
    """Write the pack of each force that can report `quarter`, with its author's text.

    If there are several, write the index that compares them.

    Raises:
        DeliveryError: nothing is published yet, or no force can report the quarter, or
            some of several packs cannot be written (the others are written).
        reports.pack.PackError: there is only one pack, and it cannot be written.
    """
    from reports.pack import write_pack

    written, failed = {}, {}
    with stores.readable(home.current, snapshot.REPLACED):
        wanted, manifest = folders(home, quarter), _manifest(home)
        for force, folder in wanted.items():
            text = authors_file(home, quarter, folder)
            try:
                written[force] = write_pack(
                    home.current, quarter, force, folder, manifest, text
                )
            # No error in one force's pack may stop the other packs.
            except Exception as error:
                if len(wanted) == 1:
                    raise
                failed[force] = f"{type(error).__name__}: {error}"
        if len(wanted) > 1:
            _write_index(home, quarter, written, failed)
    if failed:
        told = "; ".join(f"{force} ({why})" for force, why in failed.items())
        raise DeliveryError(
            f"{len(written)} of {len(wanted)} packs were written. Not written: {told}."
        )
    return list(written.values())


def refuse_other_code(home: Home) -> None:
    """Stop if other code, seeds or configuration made the published figures.

    Raises:
        DeliveryError: they did, or nothing is published yet.
    """
    with snapshot.reading(home) as reader:
        made_by = reader.execute(f"select code_sha256 from {BUILDS}").fetchall()
    # The engine that counted stands before the hash, unless it is DuckDB.
    if [row[0].split()[-1] for row in made_by] != [versions.build_sha256()]:
        raise DeliveryError(
            f"{home.current}: other code, seeds or configuration made the published"
            " figures. Run make report: it makes the figures anew, and the pack."
        )


def _write_index(
    home: Home, quarter: str, written: dict[str, "Pack"], failed: dict[str, str]
) -> None:
    """Write the index of the packs: each force of the archive, in order of names."""
    from reports.forces import Force, write_index

    def row(force: str, name: str, last_month: date | None) -> Force:
        if force in written:
            pack = written[force]
            page = (pack.folder / INDEX).relative_to(home.output).as_posix()
            return Force(name, page, pack.all_crime)
        if force in failed:
            return Force(name, reason=f"The pack was not made. {failed[force]}")
        if last_month and last_month < end:
            said = f"has no month of this force after {periods.month_text(last_month)}"
        else:
            said = f"lacks {periods.month_text(end)} of this force"
        return Force(name, reason=f"The archive {said}.")

    end = periods.quarter_days(quarter)[1].replace(day=1)
    with snapshot.reading(home) as reader:
        forces = reader.execute(FORCES).fetchall()
    listed = [row(*force) for force in forces]
    write_index(home.current, quarter, listed, index(home))


def index(home: Home) -> Path:
    """Return the page that compares the forces of a home that has several."""
    return home.output / INDEX


def quarters(home: Home) -> list[str]:
    """Return the quarters that the published file can report, oldest first.

    Raises:
        DeliveryError: nothing is published yet.
    """
    return sorted({quarter for quarter, _ in _reports(home)})


def authors_file(home: Home, quarter: str, folder: Path) -> Path:
    """Return the author's file of the pack in `folder`: one per quarter and force."""
    within = folder.parent.relative_to(home.output)
    return home.authors_text / within / f"{quarter}.md"


def folders(home: Home, quarter: str) -> dict[str, Path]:
    """Return the folder of each force's pack, by force code.

    The folder is `reports/output/[<home>/][<force>/]<quarter>`.

    Raises:
        DeliveryError: nothing is published yet, or no force can report the quarter.
    """
    forces = _forces(home, quarter)
    return {force: folder_for(home, quarter, force, len(forces)) for force in forces}


def folder_for(home: Home, quarter: str, force: str, force_count: int) -> Path:
    """Return the folder of a pack; it is one per force if the home has several."""
    return home.output / (force if force_count > 1 else "") / home.pack_name(quarter)


def _forces(home: Home, quarter: str) -> list[str]:
    reports = _reports(home)
    forces = [force for found, force in reports if found == quarter]
    if not forces:
        available = sorted({found for found, _ in reports})
        span = "none"
        if available:
            span = (
                f"{available[0]} to {available[-1]} (any month of them that was not"
                " supplied is shown as not available)"
            )
        sentences = [
            f"QUARTER={quarter}: the data cannot report this quarter.",
            absence.reason(home, quarter),
            f"Quarters that can be reported: {span}.",
        ]
        raise DeliveryError(" ".join(each for each in sentences if each))
    return forces


def _reports(home: Home) -> list[tuple[str, str]]:
    """Return quarter and force of each report that the published file can give."""
    with snapshot.reading(home) as reader:
        return reader.execute(
            "select quarter, force_code from reporting.rpt_reports order by all"
        ).fetchall()


def _manifest(home: Home) -> dict[str, object]:
    return {
        "as_at": home.as_at,
        "code_version": versions.version(),
        "packages": {name: metadata.version(name) for name in PACKAGES},
    }
