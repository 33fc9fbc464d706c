"""Readers: delivered files → the temporary table `delivered`, as text.

Every kind of file gives Arrow tables under a header; here they become the contract's
columns as varchar, `_added_columns` (what else the file holds, as JSON), `_file`, its
number in the batch, `_line`, the number of the record in its file (the header is 1),
and `_place` where that number does not say where the record stands. Records are counted
by a route of its own, so that the identity of lines can fail.
"""

import codecs
import gzip
import hashlib
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager, nullcontext, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO

import duckdb
import numpy as np
import pyarrow as pa

from dagster_project import stores
from dagster_project.errors import DeliveryError, InaccessibleError
from dagster_project.intake.contracts import Contract
from dagster_project.intake.header import (
    Part,
    Reading,
    UnreadableError,
    check_header,
    column_names,
)
from dagster_project.intake.load_log import one_thread
from dagster_project.intake.mapping import applied
from dagster_project.intake.mapping.model import FileForm, Mapping, left_out
from dagster_project.intake.names import kind_of
from dagster_project.intake.reading.csv_blocks import WIDE
from dagster_project.intake.reading.csv_reader import COMMAS, CsvFile
from dagster_project.intake.reading.parquet_reader import ParquetReader, all_rows
from dagster_project.intake.reading.texts import (
    ambiguous,
    as_text,
    cleaned,
    cleaned_untrimmed,
    trimmed,
    uncertain_key,
)
from dagster_project.intake.reading.workbook_reader import FRACTION, WorkbookReader

CHUNK_BYTES = 1 << 20
# Lines of files that are written to `delivered` together.
WRITTEN_ROWS = 1 << 17
# What DuckDB says of a value or a type, and not of the disk or the memory.
NOT_CONVERTED = (
    duckdb.DataError,
    duckdb.NotSupportedError,
    duckdb.InvalidInputException,
    pa.ArrowException,
)
# What DuckDB says of a file that is not there, is damaged or lacks a column.
NOT_READ = (duckdb.IOException, duckdb.BinderException)
# First bytes of a file → its real kind, whatever its name says.
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


class CsvReader:
    """A CSV file, gzipped or not, in the agreed encoding or in UTF-8."""

    remedy = "Ask for it to be sent again"

    def __init__(self, path: Path, contract: Contract, form: FileForm = COMMAS) -> None:
        self._path, self._contract, self._form = path, contract, form
        self.notes: tuple[str, ...] = ()

    def parts(self) -> Iterator[Part]:
        """Yield the records in parts; counts and `rejected` are complete at the end.

        Raises:
            UnreadableError: the file as a whole cannot be read.
        """
        encoding = self._contract.encoding
        if encoding not in ("utf-8", WIDE) and _is_utf8(self._path):
            self.notes = (f"in UTF-8, though {encoding} was agreed",)
            encoding = "utf-8"
        with _open_bytes(self._path) as source:
            file = CsvFile(source, encoding, self._form)
            self.rejected = file.rejected
            place = f"line {file.line:,}"
            yield Part(file.header, _nothing(len(file.header)), place)
            coded = self._contract.coded
            if not self._contract.typed:
                # Without a typed column, a line of free text looks like a record.
                # So only the contract's free text may have line breaks.
                coded = set(file.header) - self._contract.free_text
            for table in file.tables(coded, self._contract.typed):
                yield Part(file.header, table)
        self.delivered, self.blank = file.delivered, file.blank
        if file.left_out:
            self.notes += (left_out(file.left_out, "line"),)


def check(path: Path, contract: Contract) -> None:
    """Refuse a file for its first bytes or its header, before reading its lines.

    Raises:
        InaccessibleError: the file cannot be opened.
        DeliveryError: the file's kind or header is wrong.
    """
    reader = _reader(path, contract)
    mapping = contract.mapping_of(path.name)
    with _refusing(path, reader), closing(reader.parts()) as parts:
        _check(path, next(parts), contract, mapping)


def header(path: Path, contract: Contract) -> list[str]:
    """Return the names of a file's columns, in lower case.

    Raises:
        DeliveryError: the header cannot be read.
    """
    reader = _reader(path, contract)
    with _refusing(path, reader), closing(reader.parts()) as parts:
        return next(parts).header


def _check(
    path: Path, part: Part, contract: Contract, mapping: Mapping | None
) -> list[int]:
    """Return the positions of the columns that are not in the contract or mapping."""
    if mapping is None:
        return check_header(path, part, contract)
    applied.check_header(path, part, contract, mapping)
    return applied.unknown_columns(part.header, contract, mapping)


@dataclass(frozen=True)
class Target:
    """The table that the records of one file go to at once, with nothing to compare.

    Args:
        table: the raw table.
        load_id: the file's load.
        values: SQL of the other columns that all its records share.
    """

    table: str
    load_id: int
    values: str


class NotDirectError(Exception):
    """DuckDB cannot read a file, or it was changed: read it by its reader, which says.

    The transaction is lost.
    """


class Delivered:
    """The temporary tables of a batch, which hold the records of its files by `_file`.

    One statement writes the texts of several small files to `delivered`, because a
    statement for each file would cost more than its lines. If the only file of a batch
    has a target, `delivered` is a view of its records there.

    Args:
        target: of the only file of the batch, if its records are not compared.
        is_direct: let DuckDB itself read the files that it can, all in one statement.
    """

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        contract: Contract,
        target: Target | None = None,
        is_direct: bool = False,
    ) -> None:
        texts = "".join(f'"{column}" varchar, ' for column in contract.columns)
        connection.execute(
            "create or replace temp table rejected"
            " (_file integer, line bigint, line_text varchar, reason varchar);"
            " create or replace temp table delivered_lines"
            f" (_file integer, {texts}_added_columns varchar, _place varchar,"
            " _line bigint, _delivered varchar, _not_mapped varchar[]);"
            " create or replace temp view delivered as from delivered_lines"
        )
        if target:
            connection.execute(
                "create or replace temp view delivered as select *, 0 as _file"
                f" from {target.table} where _load_id = {target.load_id}"
            )
        self._connection, self._contract = connection, contract
        self.target, self.is_direct = target, is_direct
        self._direct: list[tuple[Path, int]] = []
        self._direct_form: tuple[Part, list[int]] | None = None
        self._waiting: list[Part] = []
        self._waiting_rows = 0
        self._extra: list[int] = []
        self._rejected: list[tuple[int, int, str, str]] = []
        self._lines: list[int] = []

    @property
    def files(self) -> int:
        """How many files were read: the number of the next one."""
        return len(self._lines)

    @property
    def lines(self) -> int:
        """Lines of all files."""
        return sum(self._lines)

    def read(self, path: Path) -> Reading:
        """Take the records of a file.

        Raises:
            InaccessibleError: the file cannot be opened.
            DeliveryError: the file is damaged or of another kind than its name says,
                its header is not the contract's, or a record was lost between the count
                and the reader.
        """
        contract, number = self._contract, self.files
        reader, mapping = _reader(path, contract), contract.mapping_of(path.name)
        is_typed = not isinstance(reader, CsvReader)
        mapped = mapping and applied.Applied(contract, mapping, is_typed)
        added: dict[str, None] = {}
        lines = 0
        with _refusing(path, reader), closing(reader.parts()) as parts:
            for part in parts:
                extra = _check(path, part, contract, mapping)
                added |= dict.fromkeys(column_names(part.header, extra))
                if self.is_direct and part.is_direct and not mapped:
                    self._take_direct(path, part, extra)
                    lines += reader.delivered
                    break
                # DuckDB 2.0 loses what follows an insert of no row in one transaction.
                if not part.table.num_rows:
                    continue
                if mapped:
                    exported = applied.exported(contract, mapping)
                    part = mapped.part(_texts(self._connection, part, exported))
                    extra = list(range(len(contract.columns), len(part.header)))
                lines += part.table.num_rows
                self._take(_numbered(part, number), extra)
        self._rejected += [(number, *line) for line in reader.rejected]
        self._lines.append(lines + len(reader.rejected))
        _check_count(path, reader.delivered, self._lines[-1])
        notes = (*reader.notes, *mapped.notes()) if mapped else reader.notes
        return Reading(reader.delivered, tuple(added), notes, reader.blank)

    def forget(self, number: int) -> None:
        """Leave out this file and those that were read after it."""
        self.write()
        self.leave_out(range(number, self.files + 1))
        del self._lines[number:]

    def leave_out(self, numbers: Sequence[int]) -> None:
        """Delete the records of these files."""
        if not numbers:
            return
        execute, files = self._connection.execute, {"files": list(numbers)}
        execute("delete from rejected where _file in $files", files)
        if self.target:
            table, load_id = self.target.table, self.target.load_id
            execute(f"delete from {table} where _load_id = {load_id}")
        else:
            execute("delete from delivered_lines where _file in $files", files)

    def write(self) -> None:
        """Write what is left, so that the tables are complete."""
        self._write_direct()
        self._write_waiting()
        if self._rejected:
            names = ["_file", "line", "text", "reason"]
            lines = pa.table(list(zip(*self._rejected, strict=True)), names)
            self._connection.register("rejected_lines", lines)
            self._connection.execute(
                "insert into rejected from rejected_lines order by _file, line"
            )
            self._connection.unregister("rejected_lines")
            self._rejected = []

    def check(self, paths: Sequence[Path]) -> None:
        """Count what was written of each file.

        Raises:
            DeliveryError: a line was lost in writing.
        """
        self.write()
        written = dict(
            self._connection.execute(
                "select _file, count(*) from (select _file from delivered"
                " union all select _file from rejected) group by all"
            ).fetchall()
        )
        for number, (path, lines) in enumerate(zip(paths, self._lines, strict=True)):
            _check_count(path, lines, written.get(number, 0))

    def _take_direct(self, path: Path, part: Part, extra: list[int]) -> None:
        if self._direct_form and self._direct_form[0].header != part.header:
            self._write_direct()
        self._direct.append((path, self.files))
        self._direct_form = part, extra

    def _write_direct(self) -> None:
        """Write all records of the files that DuckDB itself reads.

        Raises:
            NotDirectError: DuckDB cannot read one of them.
        """
        if not self._direct:
            return
        (part, extra), columns = self._direct_form, len(self._direct_form[0].header)
        paths, numbers = zip(*self._direct, strict=True)
        self._direct, self._direct_form = [], None
        kinds = {f"c{number}": "VARCHAR" for number in range(columns)}
        try:
            self._connection.execute(
                "create or replace temp view part as select * replace"
                f" ({list(numbers)}[_file::bigint + 1]::integer as _file)"
                f" from ({all_rows(paths, columns)})"
            )
            self._insert(part, extra, kinds, cleaned_untrimmed)
        except (*NOT_CONVERTED, *NOT_READ) as error:
            if stores.is_full(error):
                raise
            raise NotDirectError from error
        self._connection.execute("drop view part")

    def _take(self, part: Part, extra: list[int]) -> None:
        is_text = all(
            kind == pa.string()
            for name, kind in zip(
                part.table.column_names, part.table.schema.types, strict=True
            )
            if name[0] in "cd"
        )
        if self._waiting and (
            not is_text
            or self._extra != extra
            or self._waiting[0].header != part.header
            or self._waiting[0].delivered != part.delivered
            or self._waiting[0].table.schema != part.table.schema
        ):
            self._write_waiting()
        self._waiting.append(part)
        self._waiting_rows += part.table.num_rows
        self._extra = extra
        # A value that cannot be written as text is said of its own file.
        if not is_text or self._waiting_rows >= WRITTEN_ROWS:
            self._write_waiting()

    def _write_waiting(self) -> None:
        if self._waiting:
            waiting, self._waiting, self._waiting_rows = self._waiting, [], 0
            table = pa.concat_tables([each.table for each in waiting])
            part = replace(waiting[0], table=table)
            trimmed_table = _without_edges(part, self._contract)
            with _registered(self._connection, part, trimmed_table) as kinds:
                one = one_thread(self._connection) if self.target else nullcontext()
                with one:
                    self._insert(part, self._extra, kinds)

    def _insert(
        self,
        part: Part,
        extra: list[int],
        kinds: dict[str, str],
        clean: Callable[[str, str, Contract], str] = cleaned,
    ) -> None:
        """Insert the records of the view `part`, as texts."""
        contract, texts = self._contract, []
        for column in contract.columns:
            place = f"c{part.header.index(column)}"
            _check_values(self._connection, place, kinds[place], column, contract)
            data_type = contract.data_types.get(column, "varchar")
            text = as_text(place, kinds[place], data_type)
            texts.append(f'{clean(text, column, contract)} as "{column}"')
        texts.append(f"{_added(part, extra, kinds)} as _added_columns")
        texts += [name for name in ("_place", "_not_mapped") if name in kinds]
        if part.delivered:
            names = {f"d{i}": name for i, name in enumerate(part.delivered)}
            texts.append(f"{_object(names, kinds)} as _delivered")
        texts.append(self.target.values if self.target else "_file")
        table = self.target.table if self.target else "delivered_lines"
        self._connection.execute(
            f"insert into {table} by name select {', '.join(texts)}, _line from part"
        )


def read(
    connection: duckdb.DuckDBPyConnection,
    path: Path,
    contract: Contract,
    batch: Delivered | None = None,
) -> Reading:
    """Fill `delivered` and `rejected` (`line`, `line_text`, `reason`) from a file.

    Args:
        batch: the files that it is read with; without one it is read alone.

    Raises:
        InaccessibleError: the file cannot be opened.
        DeliveryError: as `Delivered.read`.
    """
    if batch:
        return batch.read(path)
    alone = Delivered(connection, contract)
    reading = alone.read(path)
    alone.check([path])
    return reading


def _numbered(part: Part, number: int) -> Part:
    numbers = pa.array(np.full(part.table.num_rows, number, np.int32))
    return replace(part, table=part.table.append_column("_file", numbers))


Reader = CsvReader | ParquetReader | WorkbookReader


def _reader(path: Path, contract: Contract) -> Reader:
    """Return the reader of the file's kind, once its first bytes are checked."""
    kind = kind_of(path)
    _check_beginning(path, kind)
    form = COMMAS
    if mapping := contract.mapping_of(path.name):
        form, contract = mapping.form, applied.exported(contract, mapping)
    if kind == ".parquet":
        return ParquetReader(path)
    if kind == ".xlsx":
        return WorkbookReader(path, contract, form)
    return CsvReader(path, contract, form)


def _check_beginning(path: Path, kind: str) -> None:
    try:
        with path.open("rb") as file:
            beginning = file.read(8)
    except OSError as error:
        raise InaccessibleError(path, error) from error
    for bytes_, (found, words) in BEGINNINGS.items():
        if beginning.startswith(bytes_) and found != kind:
            raise DeliveryError(
                f"{path.name}: its content is {words}, but its name ends in {kind}."
                " Nothing of it was taken. Give it the ending of its kind, or ask for"
                " it again as .csv, .csv.gz, .parquet or .xlsx."
            )


@contextmanager
def _refusing(path: Path, reader: Reader) -> Iterator[None]:
    """Convert an error of the reader to a sentence about the file."""
    try:
        yield
    except UnreadableError as error:
        raise DeliveryError(
            f"{path.name}: {error}. Nothing of this file was taken."
            f" {error.remedy or reader.remedy}."
        ) from error
    except (OSError, EOFError, zlib.error) as error:
        raise DeliveryError(
            f"{path.name}: the file is damaged or cannot be read ({error})."
            " Nothing of it was taken. Ask for it to be sent again."
        ) from error


@contextmanager
def _registered(
    connection: duckdb.DuckDBPyConnection, part: Part, table: pa.Table
) -> Iterator[dict[str, str]]:
    """Register a part's table as the view `part`; yield the type of each column.

    Raises:
        UnreadableError: DuckDB cannot write a value as text.
    """
    try:
        connection.register("part", table)
        described = connection.execute("describe part").fetchall()
        yield {name: kind for name, kind, *_ in described}
    except NOT_CONVERTED as error:
        raise UnreadableError(
            _unreadable_column(part) or f"cannot be read ({error})",
            remedy="Ask for it with this column as text, or as .csv",
        ) from error
    finally:
        # A failed transaction has already removed the view.
        with suppress(duckdb.TransactionException):
            connection.unregister("part")


def _unreadable_column(part: Part) -> str | None:
    """Return a clause on the first column that DuckDB cannot write as text, or None."""
    for name, values in zip(part.header, part.table.columns, strict=False):
        with duckdb.connect() as connection:
            try:
                connection.register("part", pa.table([values], ["value"]))
                kind = connection.execute("describe part").fetchall()[0][1]
                text = as_text("value", kind)
                connection.execute(f"select max({text}) from part")
            except NOT_CONVERTED:
                return f"column {name} cannot be written as text ({values.type})"
    return None


def _without_edges(part: Part, contract: Contract) -> pa.Table:
    """Trim keys and codes; leave free text as it was delivered."""
    table = part.table
    for column in contract.columns:
        if column not in contract.free_text:
            place = f"c{part.header.index(column)}"
            values = trimmed(table.column(place))
            table = table.set_column(table.column_names.index(place), place, values)
    return table


def _check_values(
    connection: duckdb.DuckDBPyConnection,
    place: str,
    kind: str,
    column: str,
    contract: Contract,
) -> None:
    """Refuse the file if a value cannot be written as one exact text."""
    _refuse(connection, ambiguous(place, kind), column)
    if column in contract.key_columns:
        condition = uncertain_key(place, kind)
        _refuse(connection, condition and (condition, FRACTION), column)


def _texts(
    connection: duckdb.DuckDBPyConnection, part: Part, contract: Contract
) -> Part:
    """Return the part with all its columns as text, in the forms of the contract.

    Args:
        part: of a file of any kind.
        contract: with the names of the file's own columns.
    """
    names = {f"c{place}": name for place, name in enumerate(part.header)}
    if all(part.table.column(place).type == pa.string() for place in names):
        return part
    with _registered(connection, part, part.table) as kinds:
        texts = []
        for place, name in names.items():
            if name in contract.columns:
                _check_values(connection, place, kinds[place], name, contract)
            data_type = contract.data_types.get(name, "varchar")
            text = as_text(place, kinds[place], data_type)
            texts.append(f"coalesce({text}, '') as {place}")
        table = connection.sql(
            f"select {', '.join(texts)}, _line from part order by _line"
        ).to_arrow_table()
    return replace(part, table=table)


def _refuse(
    connection: duckdb.DuckDBPyConnection, rule: tuple[str, str] | None, column: str
) -> None:
    """Refuse the file if a value meets the rule's condition.

    Args:
        rule: SQL condition, and the reason for the message.
    """
    if not rule:
        return
    condition, words = rule
    line = connection.execute(
        f"select min(_line) from part where {condition}"
    ).fetchall()[0][0]
    if line:
        raise UnreadableError(
            f"line {line:,}, {column}: {words}",
            remedy="Ask for it with this column as text in UTF-8",
        )


def _added(part: Part, extra: list[int], kinds: dict[str, str]) -> str:
    """SQL of `_added_columns`: an object of the columns outside the contract."""
    if not extra:
        return "cast(null as varchar)"
    names = column_names(part.header, extra)
    return _object(dict(zip((f"c{i}" for i in extra), names, strict=True)), kinds)


def _object(names: dict[str, str], kinds: dict[str, str]) -> str:
    """SQL of an object of texts.

    Args:
        names: column of the view `part` → its name in the object.
    """
    pairs = ", ".join(
        f"'{name.replace(chr(39), chr(39) * 2)}', {as_text(place, kinds[place])}"
        for place, name in names.items()
    )
    return f"cast(json_object({pairs}) as varchar)"


def _check_count(path: Path, delivered: int, found: int) -> None:
    if delivered != found:
        raise DeliveryError(
            f"{path.name}: the file has {delivered:,} records, but the reader found"
            f" {found:,}. Nothing of this file was taken. Ask for a corrected file, or"
            " for Parquet."
        )


def sha256(path: Path) -> str:
    """Return the hash of a file's bytes as they were delivered, in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _open_bytes(path: Path) -> IO[bytes]:
    return gzip.open(path, "rb") if kind_of(path) == ".csv.gz" else path.open("rb")


def _is_utf8(path: Path) -> bool:
    """Whether the text is in UTF-8 and is not plain ASCII, which proves nothing."""
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


def _nothing(columns: int) -> pa.Table:
    """Return a part without records, used to check the header before reading on."""
    names = [f"c{number}" for number in range(columns)]
    kinds = [pa.string()] * columns
    return pa.schema(
        [*zip(names, kinds, strict=True), ("_line", pa.int64())]
    ).empty_table()
