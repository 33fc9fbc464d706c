"""Readers: one delivered file → the temporary table `delivered`, as text.

Every reader gives the contract's columns as varchar, `_added_columns` (what else the
file holds, as JSON) and `_line`, the number of the record in its file (the header is
1), and counts the records by a route of its own, so that the identity of lines can
fail.
"""

import hashlib
import tempfile
import zipfile
import zlib
from pathlib import Path

import duckdb

from dagster_project.sources.contracts import Contract
from dagster_project.sources.csv_reader import (
    added_columns,
    literal,
    named_texts,
    read_csv,
)
from dagster_project.sources.header import Reading, check_header, column_names
from dagster_project.sources.register import DeliveryError

# Dates and flags of typed files (Parquet) are written as the contract writes them.
AS_TEXT = {
    "TIMESTAMP": "strftime({0}, '%Y-%m-%dT%H:%M:%S')",
    "TIMESTAMP_NS": "strftime({0}, '%Y-%m-%dT%H:%M:%S')",
    "BOOLEAN": "case when {0} then 'Y' when not {0} then 'N' end",
    "VARCHAR[]": "array_to_string({0}, '|')",
}


def read(
    connection: duckdb.DuckDBPyConnection, path: Path, contract: Contract, home: Path
) -> Reading:
    """Fill `delivered` and `rejected` (`line`, `line_text`, `reason`) from `path`.

    A copy that a reader needs is kept in `home` for the while, and in no folder that
    other people can read.

    Raises:
        DeliveryError: the file cannot be opened, is damaged, its header is not the
            contract's, or a record was lost between the count and the reader.
    """
    connection.execute(
        "create or replace temp table rejected (line bigint, line_text varchar,"
        " reason varchar)"
    )
    try:
        if path.suffix == ".parquet":
            reading = _read_parquet(connection, path, contract)
        elif path.suffix == ".xlsx":
            reading = _read_xlsx(connection, path, contract)
        else:
            with tempfile.TemporaryDirectory(prefix=".reading_", dir=home) as scratch:
                reading = read_csv(connection, path, contract, Path(scratch))
    except (OSError, EOFError, zipfile.BadZipFile, zlib.error) as error:
        raise DeliveryError(
            f"{path.name}: the file is damaged or cannot be read ({error})."
            " Nothing of it was taken. Ask for it to be sent again."
        ) from error
    _check_count(connection, path, reading)
    return reading


def _check_count(
    connection: duckdb.DuckDBPyConnection, path: Path, reading: Reading
) -> None:
    read_lines, rejected = connection.execute(
        "select (select count(*) from delivered), (select count(*) from rejected)"
    ).fetchall()[0]
    if reading.delivered != read_lines + rejected:
        raise DeliveryError(
            f"{path.name}: {reading.delivered:,} records by its bytes, but"
            f" {read_lines + rejected:,} by the reader. Nothing of this file was taken."
            " Ask for it again, with quotation marks and line ends that pair up, or in"
            " Parquet."
        )


def sha256(path: Path) -> str:
    """The hash of a file's bytes as they were delivered, in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _read_parquet(
    connection: duckdb.DuckDBPyConnection, path: Path, contract: Contract
) -> Reading:
    try:
        described = connection.execute(
            "describe select * from read_parquet(?)", [literal(path)]
        ).fetchall()
        records = connection.execute(
            "select num_rows from parquet_file_metadata(?)", [literal(path)]
        ).fetchall()[0][0]
        header = [row[0].strip().lower() for row in described]
        extra = check_header(path, header, contract)
        added = column_names(header, extra)
        types = {name: row for name, row in zip(header, described, strict=True)}
        wanted = named_texts(
            contract, {name: _as_text(*types[name][:2]) for name in contract.columns}
        )
        extras = {
            n: _quoted(described[i][0]) for n, i in zip(added, extra, strict=True)
        }
        connection.execute(
            f"""
            create or replace temp table delivered as
            select {wanted}, {added_columns(extras)}, file_row_number + 2 as _line
            from read_parquet(?, file_row_number = true)
            """,
            [literal(path)],
        )
    except duckdb.Error as error:
        raise DeliveryError(
            f"{path.name}: not a readable Parquet file ({error})."
            " Ask for it to be sent again."
        ) from error
    return Reading(records, added)


def _as_text(name: str, data_type: str) -> str:
    return AS_TEXT.get(data_type, "cast({0} as varchar)").format(_quoted(name))


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _read_xlsx(
    connection: duckdb.DuckDBPyConnection, path: Path, contract: Contract
) -> Reading:
    """The first sheet; the tracker is kept by hand, so cells are typed at a whim."""
    import pandas

    try:
        sheet = pandas.read_excel(
            path, dtype=object, keep_default_na=False, na_values=[], header=None
        )
    except Exception as error:  # A damaged workbook fails in openpyxl in many ways.
        raise DeliveryError(
            f"{path.name}: not a readable workbook ({error})."
            " Nothing of it was taken. Save it again as .xlsx, without a password."
        ) from error
    if not len(sheet):
        raise DeliveryError(
            f"{path.name}: the first sheet is empty, without even a header."
            " Ask for it to be sent again."
        )
    header = [_cell_text(cell).lower() for cell in sheet.iloc[0]]
    extra = check_header(path, header, contract)
    added = column_names(header, extra)
    cells = sheet.iloc[1:].map(_cell_text)
    places = [header.index(column) for column in contract.columns]
    texts = cells.iloc[:, [*places, *extra]]
    texts.columns = [f"c{i}" for i in range(texts.shape[1])]
    # A spreadsheet trails empty rows wherever somebody once typed and deleted.
    has_text = (texts.iloc[:, : len(places)] != "").any(axis=1)
    texts = texts[has_text].assign(_line=texts.index[has_text] + 1)
    wanted = named_texts(
        contract,
        {name: f"cast(c{i} as varchar)" for i, name in enumerate(contract.columns)},
    )
    extras = {name: f"c{i}" for i, name in enumerate(added, start=len(places))}
    connection.register("sheet", texts)
    connection.execute(
        "create or replace temp table delivered as"
        f" select {wanted}, {added_columns(extras)}, cast(_line as bigint) as _line"
        " from sheet"
    )
    connection.unregister("sheet")
    return Reading(len(texts), added)


def _cell_text(value: object) -> str:
    """A cell as the contract writes it: a date without its empty time, Y for a tick."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "Y" if value else "N"
    text = str(value).strip()
    return text.removesuffix(" 00:00:00") if hasattr(value, "year") else text
