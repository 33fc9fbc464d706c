"""Erases one crime from a home: from what was delivered, and from all made of it.

The lines of the crime leave the files in `landing/` and their copies in publications.
The work file, the published versions and the homes as at past moments are removed and
made again from the landing folder, so that nothing of the crime is left in a free block
of a database. Dagster's records lose what names the crime. The figures and the pack of
a publication stay as they were given out.
"""

import codecs
import gzip
import hashlib
import json
import mmap
import os
import re
import secrets
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing
from csv import Error as CsvError
from csv import reader as csv_reader
from pathlib import Path

import duckdb
import openpyxl
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from dagster_project import audit, locks, runs, settings, stores
from dagster_project.errors import DeliveryError
from dagster_project.intake import contracts, holding, landing, load_log, names
from dagster_project.intake.reading import readers
from dagster_project.intake.reading.csv_reader import COMMAS
from dagster_project.releases import store
from dagster_project.settings import Home

KEY = "crime_id"
SQLITE = b"SQLite format 3\x00"
Hashes = dict[str, str]


def erase(home: Home, crime: str, reason: str) -> list[str]:
    """Erase a crime, make the published file again, and write both into the audit log.

    Returns:
        The lines to print.

    Raises:
        DeliveryError: the crime is in no delivered file, or a file cannot be cleaned;
            nothing is changed then. Or the run afterwards failed; the crime is erased
            then, and nothing is published until a run succeeds.
    """
    crime = crime.strip()
    if crime.casefold() in reason.casefold():
        raise DeliveryError(
            "REASON= names the crime. The audit log may not: reword it."
        )
    with locks.alone(home):
        _refuse(home)
        with tempfile.TemporaryDirectory(dir=home.root, prefix="erasing_") as scratch:
            cleaned = _cleaned(home, crime, Path(scratch))
            if not cleaned:
                raise DeliveryError(f"CRIME={crime} is in no delivered file.")
            hashes = _put(cleaned)
        lines = sum(count for _, _, count in cleaned)
        _accept(home, hashes)
        for folder in [home.landing, *store.folders_of(home).values()]:
            _rename_hashes(folder, hashes)
        _rename_recorded_hashes(home, hashes)
        _remove_made(home)
        _scrub(home.dagster, crime)
        _scrub(home.dbt_target, crime)
        salt = secrets.token_hex(16)
        audit.write(
            home.root,
            "erase",
            reason=reason,
            crime=f"scrypt:{salt}:{_hash(crime, salt)}",
            lines=lines,
            files={
                path.relative_to(home.root).as_posix(): readers.sha256(path)
                for path, _, _ in cleaned
            },
            publications=[f"{q}/v{v}" for q, v in sorted(store.folders_of(home))],
        )
        runs.daily()
    return [
        f"The crime is erased: {lines} lines of {len(cleaned)} files.",
        "The published file is made again. Packs and homes as at a past moment are not:"
        " make report.",
        *(
            f"STILL NAMED in {path}: remove it there."
            for path in still_named(home, crime)
        ),
    ]


def _hash(crime: str, salt: str) -> str:
    """A slow hash: who knows the id can check it; trying every id takes long."""
    salted = {"salt": salt.encode(), "n": 2**14, "r": 8, "p": 1, "dklen": 32}
    return hashlib.scrypt(crime.casefold().encode(), **salted).hex()


def _refuse(home: Home) -> None:
    """Stop if the home cannot be made again from its landing folder.

    Raises:
        DeliveryError: it has open data, or a file that was loaded is gone.
    """
    if landing.archives(home):
        raise DeliveryError(
            f"{home.root}: this home has open data of data.police.uk, which is"
            " published. Its crime ids are not those of the force."
        )
    if not home.warehouse.exists():
        return
    with load_log.warehouse(home.warehouse) as connection:
        loaded = connection.execute(
            "select extract, file_name from raw.loads where status = 'loaded'"
            " order by all"
        ).fetchall()
    gone = [
        f"{e}/{name}" for e, name in loaded if not (home.landing / e / name).exists()
    ]
    if gone:
        raise DeliveryError(
            f"{home.landing}: everything is made again from this folder, and files that"
            f" were loaded are no longer in it. Put them back: {', '.join(gone)}."
        )


def _cleaned(home: Home, crime: str, scratch: Path) -> list[tuple[Path, Path, int]]:
    """Write each file that names the crime again, without it, into `scratch`.

    Returns:
        The file, its cleaned copy, and the number of lines that were left out.
    """
    found = []
    roots = [home.landing] + [f / "landing" for f in store.folders_of(home).values()]
    for extract in settings.force_extracts():
        contract = contracts.load_contract(extract, home)
        if KEY not in contract.columns:
            continue
        paths = [
            path
            for root in roots
            if (root / extract).is_dir()
            for path in sorted((root / extract).iterdir())
            if path.is_file() and not path.is_symlink()
        ]
        for number, path in enumerate(paths):
            target = scratch / f"{extract}_{number}" / path.name
            target.parent.mkdir()
            count = _clean(path, target, crime, contract)
            if contract.mapping_of(path.name):
                _refuse_left(target if count else path, path, crime, contract)
            if count:
                found.append((path, target, count))
    return found


def _clean(path: Path, target: Path, crime: str, contract: contracts.Contract) -> int:
    """Copy a file without the records of the crime; return how many there were."""
    kind = names.kind_of(path)
    if kind == ".parquet":
        return _clean_parquet(path, target, crime)
    if kind == ".xlsx":
        return _clean_workbook(path, target, crime)
    if kind not in (".csv", ".csv.gz"):
        return 0
    mapping = contract.mapping_of(path.name)
    delimiter = (mapping.form if mapping else COMMAS).delimiter
    opened = gzip.open if kind == ".csv.gz" else open
    agreed = (mapping.form.encoding if mapping else None) or contract.encoding
    count, encoding = 0, _encoding(path, agreed)
    with (
        opened(
            path, "rt", encoding=encoding, errors="surrogateescape", newline=""
        ) as s,
        opened(
            target, "wt", encoding=encoding, errors="surrogateescape", newline=""
        ) as t,
    ):
        for record in _records(s):
            if _is_of(record, crime, delimiter):
                count += 1
            else:
                t.write(record)
    return count


def _encoding(path: Path, agreed: str) -> str:
    """A file in UTF-8 is read as that whatever was agreed, as the readers do."""
    opened = gzip.open if path.name.endswith(".gz") else open
    try:
        with opened(path, "rb") as file:
            decode = codecs.getincrementaldecoder("utf-8")().decode
            while chunk := file.read(1 << 20):
                decode(chunk)
            decode(b"", final=True)
    except UnicodeDecodeError:
        return agreed
    return "utf-8"


def _records(lines: Iterator[str]) -> Iterator[str]:
    """Lines, put together where a value in quotation marks has line breaks."""
    record = ""
    for line in lines:
        record += line
        if record.count('"') % 2 == 0:
            yield record
            record = ""
    if record:
        yield record


def _is_of(record: str, crime: str, delimiter: str) -> bool:
    """Whether a value of the record is the crime's id, in any case."""
    if crime.casefold() not in record.casefold():
        return False
    try:
        values = next(csv_reader([record.rstrip("\r\n")], delimiter=delimiter))
    except (CsvError, StopIteration):
        values = re.split(r'[",;\t|]', record)
    return any(value.strip().casefold() == crime.casefold() for value in values)


def _clean_parquet(path: Path, target: Path, crime: str) -> int:
    table = pq.read_table(path)
    keep = pa.array([True] * len(table))
    for column in table.columns:
        if pa.types.is_dictionary(column.type):
            column = column.cast(column.type.value_type)
        if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
            text = pc.utf8_lower(pc.utf8_trim_whitespace(column))
            same = pc.fill_null(pc.equal(text, crime.lower()), False)
            keep = pc.and_(keep, pc.invert(same.combine_chunks()))
    kept = table.filter(keep)
    pq.write_table(kept, target)
    return len(table) - len(kept)


def _clean_workbook(path: Path, target: Path, crime: str) -> int:
    book, count = openpyxl.load_workbook(path), 0
    for sheet in book.worksheets:
        rows = [
            number
            for number, row in enumerate(sheet.iter_rows(values_only=True), 1)
            if any(str(v).strip().casefold() == crime.casefold() for v in row)
        ]
        for number in reversed(rows):
            sheet.delete_rows(number)
        count += len(rows)
    if not count:
        return 0
    has_formulas = any(
        cell.data_type == "f"
        for sheet in book.worksheets
        for row in sheet.iter_rows()
        for cell in row
    )
    if has_formulas:
        raise DeliveryError(
            f"{path}: this workbook has the crime, and formulas, whose results would be"
            " lost. Save it with values only, run make report, and erase again."
        )
    book.save(target)
    return count


def _refuse_left(
    cleaned: Path, path: Path, crime: str, contract: contracts.Contract
) -> None:
    """Stop if a mapping makes the crime's id from other text.

    Raises:
        DeliveryError: the file, read by its mapping, still has the crime.
    """
    with duckdb.connect(config=stores.SETTINGS) as connection:
        readers.read(connection, cleaned, contract)
        lines = connection.execute(
            f"select _line from delivered where lower({KEY}) = lower(?)", [crime]
        ).fetchall()
    if lines:
        raise DeliveryError(
            f"{path}: the mapping makes this crime's id from another text. Give CRIME="
            " as the export writes it."
        )


def _put(cleaned: list[tuple[Path, Path, int]]) -> Hashes:
    """Put the cleaned files in place; return the old hash of each, with the new one."""
    hashes = {}
    for path, copy, _ in cleaned:
        hashes[readers.sha256(path)] = readers.sha256(copy)
        _replace(path, copy.read_bytes())
    return hashes


def _replace(path: Path, content: bytes) -> None:
    state = path.stat()
    with stores.replacing(path) as partial:
        partial.write_bytes(content)
        partial.chmod(state.st_mode)
        os.utime(partial, ns=(state.st_atime_ns, state.st_mtime_ns))


def _accept(home: Home, hashes: Hashes) -> None:
    """Accept the cleaned files that were loaded, so that no run puts them on hold."""
    if not home.warehouse.exists():
        return
    with load_log.warehouse(home.warehouse) as connection:
        loaded = connection.execute(
            "select extract, file_name, sha256, extracted_at from raw.loads"
            " where status = 'loaded' and list_contains(?, sha256) order by all",
            [list(hashes)],
        ).fetchall()
    parts = [(e, name, hashes[old], moment) for e, name, old, moment in loaded]
    holding.note(home.landing, parts, "erase", names.london_now())


def _rename_hashes(folder: Path, hashes: Hashes) -> None:
    """Give the lists of files beside deliveries the new hashes."""
    marks = [settings.DEMONSTRATION_MARK, *holding.FILES]
    for path in [folder / m for m in marks] + [folder / "landing" / m for m in marks]:
        if path.is_file():
            before = path.read_text(encoding="utf-8")
            after = before
            for old, new in hashes.items():
                after = after.replace(old, new)
            if after != before:
                hashes[hashlib.sha256(before.encode()).hexdigest()] = hashlib.sha256(
                    after.encode()
                ).hexdigest()
                _replace(path, after.encode())


def _rename_recorded_hashes(home: Home, hashes: Hashes) -> None:
    """Give the records of publications the new hashes of their stored deliveries."""
    for folder in store.folders_of(home).values():
        if (earlier := folder / store.NAME).exists():
            before = readers.sha256(earlier)
            _rename_in(earlier, hashes)
            hashes[before] = readers.sha256(earlier)
        _rename_in(folder / store.RECORD, hashes)
    _rename_in(store.database(home), hashes)


def _rename_in(path: Path, hashes: Hashes) -> None:
    if not path.exists():
        return
    mode = path.stat().st_mode
    with stores.replacing(path) as partial:
        shutil.copyfile(path, partial)
        with duckdb.connect(str(partial), config=stores.SETTINGS) as connection:
            tables = connection.execute("select table_name from duckdb_tables()")
            known = {name for (name,) in tables.fetchall()}
            for table in known & {"publication_loads", "publication_frozen_files"}:
                connection.executemany(
                    f"update {table} set sha256 = ? where sha256 = ?",
                    [[new, old] for old, new in hashes.items()],
                )
            connection.execute("checkpoint")
        partial.chmod(mode)


def _remove_made(home: Home) -> None:
    """Remove what the next run makes again."""
    for path in (home.warehouse, stores.wal(home.warehouse)):
        path.unlink(missing_ok=True)
    # Its folder stays, with the rights that the owner gave it.
    for path in home.restricted.glob("*"):
        path.unlink()
    for folder in (home.published, home.spark, home.root / "as_at"):
        shutil.rmtree(folder, ignore_errors=True)


def _pattern(crime: str) -> re.Pattern[bytes]:
    """The id as text, as JSON and in UTF-16, and not as a part of a longer id."""
    forms = {crime.encode(), json.dumps(crime)[1:-1].encode()}
    either = b"|".join(re.escape(each) for each in sorted(forms))
    wide = re.escape(crime.encode("utf-16-le"))
    return re.compile(
        rb"(?<![\w/])(?:" + either + rb")(?![\w/])|" + wide, re.IGNORECASE
    )


def _scrub(folder: Path, crime: str) -> None:
    """Remove what names the crime: rows of Dagster's databases, and other files."""
    pattern = _pattern(crime)
    for path in sorted(folder.rglob("*")):
        if not path.is_file() or path.is_symlink():
            continue
        with path.open("rb") as file:
            is_database = file.read(len(SQLITE)) == SQLITE
        if is_database:
            _scrub_database(path, pattern)
        elif _names(path, pattern):
            path.unlink()


def _scrub_database(path: Path, pattern: re.Pattern[bytes]) -> None:
    def names_it(value: object) -> bool:
        data = value if isinstance(value, bytes) else str(value).encode()
        return pattern.search(data) is not None

    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.create_function("names_it", 1, names_it)
        found = connection.execute(
            "select name from sqlite_master where type = 'table'"
        )
        for (table,) in found.fetchall():
            columns = connection.execute(f'pragma table_info("{table}")').fetchall()
            texts = [f'names_it("{c[1]}")' for c in columns if c[2] != "INTEGER"]
            if texts and not table.startswith("sqlite_"):
                connection.execute(f'delete from "{table}" where {" or ".join(texts)}')
        connection.execute("vacuum")
        connection.execute("pragma wal_checkpoint(truncate)")


def _names(path: Path, pattern: re.Pattern[bytes]) -> bool:
    if not path.stat().st_size:
        return False
    with (
        path.open("rb") as file,
        mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data,
    ):
        return pattern.search(data) is not None


def still_named(home: Home, crime: str) -> list[Path]:
    """Files of the home, and author's texts, whose bytes have the crime's id.

    Compressed files are not searched: those with crimes were read record by record.
    """
    pattern = _pattern(crime)
    found = [p for root in {home.root, home.authors_text} for p in root.rglob("*")]
    return [p for p in sorted(found) if p.is_file() and _names(p, pattern)]
