"""CSV files → the temporary tables `delivered` and `rejected`, as text.

DuckDB splits the records. What it needs is put right on the way: text that is not
UTF-8, two kinds of line end in one file, blank lines. Its count is not believed:
records are counted from the bytes as well.
"""

import codecs
import csv
import gzip
import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import duckdb

from dagster_project.sources.contracts import Contract
from dagster_project.sources.header import Reading, check_header, column_names
from dagster_project.sources.records import RecordCounter, tidy_lines
from dagster_project.sources.register import DeliveryError

CHUNK_BYTES = 1 << 20
# No header of a contract comes near; the next record may be of any length.
HEADER_LIMIT_BYTES = 1 << 16
UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
NOT_UTF_8 = "INVALID ENCODING"


def read_csv(
    connection: duckdb.DuckDBPyConnection, path: Path, contract: Contract, scratch: Path
) -> Reading:
    """Fill `delivered`, and `rejected` with what could not be split.

    Raises:
        DeliveryError: the file is empty or damaged, is not in the encoding agreed, or
            its header is not the contract's.
    """
    with _readable(path, contract, scratch) as (readable, records, notes):
        if not records:
            raise DeliveryError(
                f"{path.name}: the file is empty, without even a header."
                " Ask for it to be sent again."
            )
        header = _header(readable)
        extra = check_header(path, header, contract)
        added = column_names(header, extra)
        try:
            _split(connection, readable, header, contract, extra, added)
        except duckdb.Error as error:
            raise DeliveryError(
                f"{path.name}: cannot be split into records"
                f" ({str(error).splitlines()[0]}). Nothing of this file was taken. Ask"
                " for it again, with one kind of line end, or in Parquet."
            ) from error
        _keep_rejected(connection, readable)
    _number_behind_rejected(connection)
    return Reading(records - 1, added, tuple(notes))


def _open_bytes(path: Path) -> IO[bytes]:
    return gzip.open(path, "rb") if path.suffix == ".gz" else path.open("rb")


def count_records(path: Path) -> RecordCounter:
    """Counts the records of a CSV file in UTF-8, the header included.

    Raises:
        DeliveryError: the file is written in UTF-16.
    """
    counter = RecordCounter(spaces_may_lead_quotes=False)
    with _open_bytes(path) as file:
        while chunk := file.read(CHUNK_BYTES):
            if counter.records == 0 and chunk.startswith(UTF_16):
                raise DeliveryError(
                    f"{path.name}: written in UTF-16. Nothing of this file was taken."
                    " Ask for it in UTF-8."
                )
            counter.feed(chunk)
    return counter


@contextmanager
def _readable(
    path: Path, contract: Contract, scratch: Path
) -> Iterator[tuple[Path, int, list[str]]]:
    """A file that DuckDB can read, its records, and what was noticed about it.

    The file itself where possible, else a copy that is gone afterwards.
    """
    notes: list[str] = []
    copies = [scratch / "decoded.csv", scratch / "tidied.csv"]
    try:
        readable = path
        if contract.encoding != "utf-8":
            if _is_utf8(path):
                notes.append(f"in UTF-8, though {contract.encoding} was agreed")
            else:
                readable = _decoded(path, contract.encoding, copies[0])
        counter = count_records(readable)
        records = counter.records
        if not counter.is_tidy:
            with _open_bytes(readable) as source, copies[1].open("wb") as target:
                records = tidy_lines(source, target, spaces_may_lead_quotes=False)
            readable = copies[1]
        yield readable, records, notes
    finally:
        for copy in copies:
            copy.unlink(missing_ok=True)


def _is_utf8(path: Path) -> bool:
    """Whether the text says of itself that it is UTF-8; plain ASCII says nothing."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    is_plain = True
    try:
        with _open_bytes(path) as file:
            while chunk := file.read(CHUNK_BYTES):
                is_plain = is_plain and chunk.isascii()
                decoder.decode(chunk)
            decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return not is_plain


def _decoded(path: Path, encoding: str, copy: Path) -> Path:
    """A copy in UTF-8.

    DuckDB reads no Windows-1252 without an extension, and its latin-1 is another
    code page: curly quotes would be lost.
    """
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        with _open_bytes(path) as old, copy.open("wb") as new:
            while chunk := old.read(CHUNK_BYTES):
                new.write(decoder.decode(chunk).encode())
            new.write(decoder.decode(b"", final=True).encode())
    except UnicodeDecodeError as error:
        raise DeliveryError(
            f"{path.name}: not a file in {encoding} ({error.reason} at byte"
            f" {error.start}). Correct the encoding in seeds/extracts.csv, or ask for"
            " the file in the one agreed."
        ) from error
    return copy


def _header(path: Path) -> list[str]:
    with _open_bytes(path) as file:
        text = file.read(HEADER_LIMIT_BYTES).decode("utf-8-sig", errors="replace")
    lines = io.StringIO(text.replace("\0", "\ufffd"), newline="")
    try:
        first = next(csv.reader(lines), [])
    except csv.Error:
        first = [text]
    return [name.strip().lower() for name in first]


def literal(path: Path) -> str:
    """The path as DuckDB must be told it, which takes any other for a pattern."""
    return "".join(f"[{letter}]" if letter in "*?[" else letter for letter in str(path))


def _split(
    connection: duckdb.DuckDBPyConnection,
    path: Path,
    header: Sequence[str],
    contract: Contract,
    extra: Sequence[int],
    added: Sequence[str],
) -> None:
    places = ", ".join(f"'c{i}': 'varchar'" for i in range(len(header)))
    wanted = named_texts(contract, {n: f"c{header.index(n)}" for n in contract.columns})
    others = {name: f"c{i}" for name, i in zip(added, extra, strict=True)}
    connection.execute(
        f"""
        create or replace temp table delivered as
        select
            {wanted},
            {added_columns(others)},
            row_number() over () + 1 as _line
        from read_csv(
            ?, header = true, auto_detect = false, columns = {{{places}}},
            delim = ',', quote = '"', escape = '"', store_rejects = true,
            rejects_table = 'csv_errors', rejects_scan = 'csv_scans',
            rejects_limit = 0
        )
        """,
        [literal(path)],
    )


def named_texts(contract: Contract, texts: dict[str, str]) -> str:
    """The contract's columns from SQL texts; keys trimmed, and null where empty."""
    return ", ".join(
        f"nullif(trim({text}), '') as \"{name}\""
        if name in contract.key_columns
        else f'{text} as "{name}"'
        for name, text in texts.items()
    )


def added_columns(values: dict[str, str]) -> str:
    """`_added_columns`: a JSON object of what the contract does not know; else null."""
    if not values:
        return "cast(null as varchar) as _added_columns"
    pairs = ", ".join(
        f"'{name.replace(chr(39), chr(39) * 2)}', {value}"
        for name, value in values.items()
    )
    return f"cast(json_object({pairs}) as varchar) as _added_columns"


def _keep_rejected(connection: duckdb.DuckDBPyConnection, path: Path) -> None:
    """One row per record that could not be split, however many errors it has.

    The reader loses the letters that are not UTF-8, and sometimes the comma behind
    them: such text is read again from the file, each strange byte written as \\xNN.
    """
    connection.execute(
        """
        insert into rejected
        select line, any_value(ltrim(csv_line, chr(10))),
            string_agg(distinct error_message, '; ' order by error_message)
        from csv_errors
        group by line
        """
    )
    lost = connection.execute(
        "select line, any_value(line_byte_position) - 1 as first_byte,"
        " any_value(strlen(csv_line)) from csv_errors"
        " group by line having bool_or(error_type = ?) order by first_byte",
        [NOT_UTF_8],
    ).fetchall()
    if lost:
        with _open_bytes(path) as file:
            texts = [
                (_bytes_at(file, start, length), line) for line, start, length in lost
            ]
        connection.executemany(
            "update rejected set line_text = ? where line = ?", texts
        )
    connection.execute("drop table csv_errors")
    connection.execute("drop table csv_scans")


def _bytes_at(file: IO[bytes], start: int, length: int) -> str:
    file.seek(start)
    return file.read(length).decode("utf-8", "backslashreplace").lstrip("\n")


def _number_behind_rejected(connection: duckdb.DuckDBPyConnection) -> None:
    """`_line` where records were rejected.

    DuckDB gives no line number, and the position among the rows read slips by one after
    each rejected record: the row at position k stands behind as many rejected records
    as have fewer than k good ones before them.
    """
    if not connection.execute("select count(*) from rejected").fetchall()[0][0]:
        return
    connection.execute(
        """
        create or replace temp table numbered as
        with rejected_in_order as (
            select line, row_number() over (order by line) as rejected_count
            from rejected
        ),

        rejected_so_far as (
            select
                line - 1 - rejected_count as good_before,
                max(rejected_count) as rejected_count
            from rejected_in_order
            group by all
        )

        select
            delivered.* replace (
                delivered._line + coalesce(rejected_so_far.rejected_count, 0) as _line
            )
        from delivered
        asof left join rejected_so_far
            on delivered._line - 1 > rejected_so_far.good_before
        """
    )
    connection.execute("drop table delivered")
    connection.execute("alter table numbered rename to delivered")
