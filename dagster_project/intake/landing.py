"""What a home's landing folder contains, and which loader takes it."""

import filecmp
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from dagster_project import configuration, settings, stores
from dagster_project.errors import DeliveryError
from dagster_project.intake import (
    contracts,
    deliveries,
    extracts,
    holding,
    load_log,
    preflight,
)
from dagster_project.intake.deliveries import NothingYetError
from dagster_project.intake.forces import known_forces
from dagster_project.intake.police_uk import open_data
from dagster_project.intake.police_uk.archives import (
    choose,
    of_no_list,
    passed_over,
    read_contents,
)
from dagster_project.settings import Home

OPEN_DATA = "police_uk_street"
OPEN_DATA_KINDS = {OPEN_DATA: "street", "police_uk_outcomes": "outcomes"}
HOME_FILE = "home.json"
# FORCE=all means a home of open data with every force of its archives.
ALL_FORCES = "all"


@dataclass(frozen=True)
class Taken:
    """What one raw asset took in this run, for its page in Dagster.

    Args:
        files: number of files.
        lines: number of lines by what became of them, such as `stored`.
        notes: sentences about files of this run.
        noticed: sentences about what a reader left out or doubted in a file of this
            run.
        on_hold: sentences about every delivery that waits for a person, including those
            of earlier runs.
    """

    files: int = 0
    lines: dict[str, int] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    noticed: tuple[str, ...] = ()
    on_hold: tuple[str, ...] = ()

    def metadata(self) -> dict[str, object]:
        return {
            "files": self.files,
            **self.lines,
            "on_hold": len(self.on_hold),
            "notes": "\n".join((*self.notes, *self.on_hold)),
        }


def extracts_in_order() -> list[str]:
    """Return every extract, in the order of seeds/force/extracts.csv."""
    return list(settings.extracts())


def description(extract: str) -> str:
    """Return what an extract contains, from seeds/force/extracts.csv."""
    return settings.extracts()[extract]["extract_description"]


def is_required(extract: str) -> bool:
    """Return whether every home of a force's own extracts must have this extract."""
    rows = configuration.rows("extracts")
    return any(r["extract"] == extract and r["is_required"] == "true" for r in rows)


def archives(home: Home) -> list[Path]:
    """Return the open-data archives of a home, in order of name."""
    folder = home.landing / OPEN_DATA
    return sorted(folder.iterdir()) if folder.is_dir() else []


def force_of(home: Home) -> str:
    """Return the force whose data a home has, or `all`.

    The setting FORCE decides if it is given, otherwise what the home says of itself
    (home.json, or that it is the demonstration's).

    Raises:
        DeliveryError: neither names a force.
    """
    if chosen := settings.force():
        return chosen
    if known := owner(home):
        return known
    raise DeliveryError(
        f"{home.root}: this home does not say whose data it holds. Name the force once"
        " by its code in seeds/reference/forces.csv: make report DATA=path/to/home"
        " FORCE=essex"
    )


def owner(home: Home) -> str | None:
    """Return the force that a home names as its own; None if it names none.

    Raises:
        DeliveryError: home.json does not name a force that exists.
    """
    marker = home.root / HOME_FILE
    if marker.exists():
        return _marked_force(marker)
    return settings.DEMONSTRATION_FORCE if home.is_demonstration else None


def asked_for(force_code: str) -> list[str] | None:
    """Return the forces to read from an archive; None means all forces in it."""
    return None if force_code == ALL_FORCES else [force_code]


def refuse_other_force(home: Home, force_code: str) -> None:
    """Check that a force exists and that the home is not another force's.

    Raises:
        DeliveryError: there is no such force, or the home is another force's.
    """
    if force_code not in (*known_forces(), ALL_FORCES):
        raise DeliveryError(
            f"FORCE={force_code} is not the code of a force. Use a code from"
            f" seeds/reference/forces.csv: {', '.join(known_forces())}."
        )
    if (known := owner(home)) not in (None, force_code):
        raise DeliveryError(
            f"{home.root}: this home has another force's data ({known}). Name"
            " another home with DATA=path/to/home."
        )


def remember_force(home: Home, force_code: str) -> None:
    """Write the force of a home into home.json.

    Raises:
        DeliveryError: there is no such force, or the home is another force's.
    """
    refuse_other_force(home, force_code)
    marker = home.root / HOME_FILE
    if not marker.exists():
        with stores.replacing(marker) as partial:
            text = json.dumps({"force_code": force_code}) + "\n"
            partial.write_text(text, encoding="utf-8")


def _marked_force(marker: Path) -> str:
    """Return the force that home.json names.

    Raises:
        DeliveryError: the file is empty or damaged, or its force does not exist.
    """
    try:
        code = json.loads(marker.read_text(encoding="utf-8"))["force_code"]
        if code in (*known_forces(), ALL_FORCES):
            return code
        why = f"its force_code ({json.dumps(code)}) is not the code of a force"
    except (ValueError, KeyError, TypeError):
        why = "it is damaged"
    raise DeliveryError(
        f"{marker}: this file does not say whose data the home holds: {why}. Remove it,"
        " and name the force again by its code in seeds/reference/forces.csv:"
        " FORCE=essex"
    )


def deliver_archive(
    home: Home, archive: Path, progress: Callable[[str], None] = print
) -> None:
    """Copy an archive of the open data into the home's landing folder.

    Members of the archive that will not be read are reported at once. If another
    archive of the same name is there (`latest.zip`), the copy gets a number
    (`latest_2.zip`), and its files are later versions of the files of the first. If the
    same archive is there, nothing is copied. The copy is complete or absent, and later
    changes to the original do not affect it.

    Raises:
        DeliveryError: it is neither a zip nor a folder, or has no street file of the
            force.
    """
    contents = read_contents(archive)
    forces = choose([contents], _forces_of(home))
    for sentence in [*passed_over(contents, forces), *of_no_list(contents, forces)]:
        progress(sentence)
    target, number = home.landing / OPEN_DATA / archive.name, 1
    while target.exists():
        if _is_same(archive, target):
            return
        number += 1
        target = target.with_name(f"{archive.stem}_{number}{archive.suffix}")
    stores.copy_whole(archive, target)


def is_as_loaded(
    home: Home, archive: Path, loaded: set[tuple[str, str]], known: set[str]
) -> bool:
    """Return whether an archive has all that was loaded from it, and nothing unread.

    Args:
        archive: an archive of the home, or a copy of one.
        loaded: (name, sha256) of each file that was loaded from it.
        known: sha256 of every file that the home has read, from any archive.
    """
    try:
        found = open_data.hashes(archive, _forces_of(home))
    except DeliveryError:
        return False
    return loaded <= found and {sha256 for _, sha256 in found} <= known


def _forces_of(home: Home) -> list[str] | None:
    return asked_for(force_of(home))


def _is_same(source: Path, target: Path) -> bool:
    """Return whether two files, or all files of two folders, are equal byte by byte."""
    if not (source.is_dir() and target.is_dir()):
        return source.is_file() and target.is_file() and filecmp.cmp(source, target)
    names, others = (
        {path.relative_to(folder) for path in folder.rglob("*") if path.is_file()}
        for folder in (source, target)
    )
    return names == others and all(
        filecmp.cmp(source / name, target / name) for name in names
    )


def look_at_all(
    connection: duckdb.DuckDBPyConnection, home: Home, say: Callable[[str], None]
) -> preflight.Looked:
    """Check everything that was delivered to a home, before any of it is read.

    Raises:
        DeliveryError: everything that must be put right, one sentence each.
    """
    _refuse_loads_of_another(connection, home)
    if archives(home):
        return preflight.Looked()
    here = [contracts.load_contract(each, home) for each in contracts.extracts_of(home)]
    here = [each for each in here if _is_expected(home, each)]
    return preflight.look_at_all(
        connection, home.landing, here, force_of(home), say, home.until
    )


def _refuse_loads_of_another(connection: duckdb.DuckDBPyConnection, home: Home) -> None:
    force_code = force_of(home)
    loaded = connection.execute(
        "select distinct force_code from raw.loads where force_code is not null"
    ).fetchall()
    others = sorted({code for (code,) in loaded} - {force_code})
    if others and force_code != ALL_FORCES:
        raise DeliveryError(
            f"{home.warehouse}: this home has loaded data of another force"
            f" ({', '.join(others)}), and it is said to be of {force_code}. If"
            f" {home.root / HOME_FILE} has the wrong force_code, correct it there. If"
            " not, name another home with DATA=path/to/home."
        )


def _is_expected(home: Home, contract: contracts.Contract) -> bool:
    """Return whether the extract is required, or was delivered by `home.until`."""
    if is_required(contract.extract):
        return True
    try:
        if not deliveries.inside(home.landing / contract.extract):
            return False
        deliveries.read_names(home.landing, contract, home.until)
    except NothingYetError:
        return False
    except DeliveryError:
        # The code that checks or takes the files raises this error again.
        return True
    return True


def on_hold(
    connection: duckdb.DuckDBPyConnection, home: Home, extract: str | None = None
) -> list[str]:
    """Return a sentence, with the command that accepts it, for each delivery on hold.

    A home as at a past time (AS_AT) has none.

    Args:
        extract: only deliveries of this extract; None means all.
    """
    if home.as_at:
        return []
    is_demonstration = home.root == settings.DEMONSTRATION_HOME
    data = None if is_demonstration else str(home.root)
    return [
        each.sentence(data)
        for each in holding.waiting(connection, home.landing, extract)
    ]


def take(
    connection: duckdb.DuckDBPyConnection,
    home: Home,
    extract: str,
    progress: Callable[[str], None],
) -> Taken:
    """Take what is new of one raw asset; create its raw table if the home has none.

    An asset is of one extract, or of all extracts of the home that share its contract.

    Raises:
        NothingYetError: the home is as at a time before the first delivery.
        DeliveryError: a delivery cannot be taken; the message has the remedy.
    """
    if kind := OPEN_DATA_KINDS.get(extract):
        open_data.create_tables(connection)
        return _take_archives(connection, home, kind, progress)
    tables = contracts.extracts_of(home).items()
    return _together(
        [
            _take_delivered(connection, home, each, progress)
            for each, table in tables
            if table == extract
        ]
    )


def _together(taken: list[Taken]) -> Taken:
    lines: dict[str, int] = {}
    for each in taken:
        for name, count in each.lines.items():
            lines[name] = lines.get(name, 0) + count
    return Taken(
        sum(each.files for each in taken),
        lines,
        tuple(note for each in taken for note in each.notes),
        tuple(sentence for each in taken for sentence in each.noticed),
        tuple(sentence for each in taken for sentence in each.on_hold),
    )


def _take_delivered(
    connection: duckdb.DuckDBPyConnection,
    home: Home,
    extract: str,
    progress: Callable[[str], None],
) -> Taken:
    contract = contracts.load_contract(extract, home)
    folder = home.landing / extract
    if not archives(home) and _is_expected(home, contract):
        return _take_extract(connection, home, contract, progress)
    if archives(home) and folder.is_dir():
        raise DeliveryError(
            f"{home.landing} contains a force's {extract} and open data. Keep each"
            " in its own home (DATA=path/to/home)."
        )
    load_log.create_raw_table(connection, contract.table, contract.columns)
    return Taken()


def _take_extract(
    connection: duckdb.DuckDBPyConnection,
    home: Home,
    contract: contracts.Contract,
    progress: Callable[[str], None],
) -> Taken:
    if force_of(home) == ALL_FORCES:
        raise DeliveryError(
            f"{home.landing} contains a force's {contract.extract}, but FORCE=all is"
            " for open data. Name the one force by its code in"
            " seeds/reference/forces.csv."
        )
    result = extracts.ingest(
        connection, home.landing, contract, force_of(home), progress, home.until
    )
    tallies = list(result.loaded.values())
    notes = [f"{name}: {t.message}" for name, t in result.loaded.items() if t.message]
    notes += preflight.left_alone(contract.extract, result)
    lines = {
        name: sum(getattr(tally, name) for tally in tallies)
        for name in ("delivered", "stored", "unchanged", "unreadable")
    }
    waiting = on_hold(connection, home, contract.extract)
    return Taken(
        len(tallies), lines, tuple(notes), tuple(result.noticed), tuple(waiting)
    )


def _take_archives(
    connection: duckdb.DuckDBPyConnection,
    home: Home,
    kind: str,
    progress: Callable[[str], None],
) -> Taken:
    found = archives(home)
    if not found:
        return Taken()
    forces = _forces_of(home)
    results = open_data.load_archives(
        connection, found, forces, progress, [kind], home.until
    )
    loaded = [result for result in results if result.status == "loaded"]
    lines = {
        "delivered": sum(result.lines_delivered for result in loaded),
        "stored": sum(result.lines_stored for result in loaded),
        "unreadable": sum(result.lines_unreadable for result in loaded),
    }
    notes = [result.message for result in results if result.message]
    if OPEN_DATA_KINDS[OPEN_DATA] == kind:
        every = [read_contents(archive) for archive in found]
        chosen = choose(every, forces)
        notes += [note for each in every for note in passed_over(each, chosen)]
    return Taken(len(loaded), lines, tuple(notes))
