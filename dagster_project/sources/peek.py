"""The header of a delivered file, read without its lines: seconds become milliseconds.

What is found here is what a reader would find: a file that is damaged, empty, of
another kind than its name says, or without a column of the contract.
"""

import csv
import gzip
import io
import zipfile
import zlib
from pathlib import Path
from typing import IO

import openpyxl
import pyarrow
import pyarrow.parquet

from dagster_project.sources.contracts import Contract
from dagster_project.sources.header import check_header
from dagster_project.sources.names import kind_of
from dagster_project.sources.register import DeliveryError

# No header of a contract comes near.
HEADER_LIMIT_BYTES = 1 << 16
# How the bytes of a kind begin, whatever the file is called.
BEGINNINGS = {
    b"PK\x03\x04": (".xlsx", "a workbook or a zip archive"),
    b"\x1f\x8b": (".csv.gz", "a compressed file"),
    b"PAR1": (".parquet", "a Parquet file"),
    b"%PDF": (".pdf", "a PDF"),
    b"\xd0\xcf\x11\xe0": (
        ".xls",
        "a workbook in Excel's old format, or one with a password",
    ),
}
DAMAGED = (
    OSError,
    EOFError,
    zlib.error,
    zipfile.BadZipFile,
    KeyError,
    ValueError,
    pyarrow.ArrowException,
)


def check(path: Path, contract: Contract) -> None:
    """Refuse a file that no reader would take.

    Raises:
        DeliveryError: the file cannot be opened, is damaged or empty, is of another
            kind than its name says, or its header is not the contract's.
    """
    kind = kind_of(path)
    try:
        _check_beginning(path, kind)
        headers = HEADERS[kind](path, contract)
    except DAMAGED as error:
        raise DeliveryError(
            f"{path.name}: the file is damaged or cannot be read ({error})."
            " Nothing of it was taken. Ask for it to be sent again."
        ) from error
    refusals = []
    for header in headers:
        try:
            check_header(path, header, contract)
            return
        except DeliveryError as error:
            refusals.append(error)
    raise refusals[0]


def _check_beginning(path: Path, kind: str) -> None:
    with path.open("rb") as file:
        beginning = file.read(8)
    for bytes_, (found, words) in BEGINNINGS.items():
        if beginning.startswith(bytes_) and found != kind:
            raise DeliveryError(
                f"{path.name}: its bytes are {words}, and its name ends in {kind}."
                " Nothing of it was taken. Give it the ending of its kind, or ask for"
                " it again as .csv, .csv.gz, .parquet or .xlsx."
            )


def _csv_headers(path: Path, contract: Contract) -> list[list[str]]:
    with _opened(path) as file:
        data = file.read(HEADER_LIMIT_BYTES)
    if not data.strip(b"\xef\xbb\xbf\r\n"):
        raise DeliveryError(
            f"{path.name}: the file is empty, without even a header."
            " Ask for it to be sent again."
        )
    text = data.decode("utf-8-sig", errors="replace").replace("\0", "\ufffd")
    try:
        lines = csv.reader(io.StringIO(text, newline=""))
        first = next(line for line in lines if any(line))
    except (csv.Error, StopIteration):
        first = [text[:HEADER_LIMIT_BYTES]]
    return [[name.strip().lower() for name in first]]


def _opened(path: Path) -> IO[bytes]:
    return gzip.open(path, "rb") if kind_of(path) == ".csv.gz" else path.open("rb")


def _parquet_headers(path: Path, contract: Contract) -> list[list[str]]:
    return [[name.lower() for name in pyarrow.parquet.read_schema(path).names]]


def _xlsx_headers(path: Path, contract: Contract) -> list[list[str]]:
    """The first row of every sheet that has one."""
    book = openpyxl.load_workbook(path, read_only=True)
    try:
        rows = [
            next(sheet.iter_rows(values_only=True), ()) for sheet in book.worksheets
        ]
    finally:
        book.close()
    headers = [
        ["" if cell is None else str(cell).strip().lower() for cell in row]
        for row in rows
        if any(cell is not None for cell in row)
    ]
    if not headers:
        raise DeliveryError(
            f"{path.name}: its sheets are empty, without even a header."
            " Ask for it to be sent again."
        )
    return headers


HEADERS = {
    ".csv": _csv_headers,
    ".csv.gz": _csv_headers,
    ".parquet": _parquet_headers,
    ".xlsx": _xlsx_headers,
}
