"""Finds the mistakes in a home's mappings, before anything is read.

Each mistake has the mapping's file, the line, the key and what to do.
"""

import codecs
import re
from collections.abc import Collection, Iterator
from dataclasses import replace

from dagster_project import configuration
from dagster_project.configuration.mistakes import Mistake, nearest
from dagster_project.errors import DeliveryError
from dagster_project.intake import contracts, deliveries
from dagster_project.intake.contracts import Contract
from dagster_project.intake.mapping import applied, declared, patterns
from dagster_project.intake.mapping.model import MappedColumn, Mapping
from dagster_project.intake.mapping.values import BOOLEAN, LIST, NUMBERS, TIMES
from dagster_project.intake.reading import readers
from dagster_project.settings import Home

ENCODINGS = ("utf-8", "utf-16", "windows-1252", "iso-8859-1", "cp437", "cp850")
TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d:[0-5]\d")
FORMS = {
    "boolean": r"Y|N",
    "date": r"\d{4}-\d{2}-\d{2}",
    "timestamp": r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}",
    "integer": r"-?\d+",
    "decimal": r"-?\d+(\.\d{1,3})?",
}
WRITTEN = {
    "boolean": "Y or N",
    "date": "a date (YYYY-MM-DD)",
    "timestamp": "a time (YYYY-MM-DDTHH:MM:SS)",
    "integer": "a whole number",
    "decimal": "a number with at most three decimal places",
}
# These keys have an effect only together with another key.
NEEDS = {
    "join": "from",
    "if_empty": "from",
    "split": "from",
    "part": "split",
    "others": "values",
    "zone": "format",
    "time": "format",
}
# These keys have an effect only for columns of these kinds.
KINDS = {
    "format": TIMES,
    "zone": TIMES,
    "time": TIMES,
    "separator": (LIST, BOOLEAN),
    "yes": (BOOLEAN,),
    "no": (BOOLEAN,),
    "decimal": NUMBERS,
    "thousands": NUMBERS,
    "prefix": ("varchar",),
    "add": (LIST,),
}


def mistakes(home: Home) -> list[Mistake]:
    """Return every mistake in the mappings of a home, in order of file and line.

    Args:
        home: must be the home in use, because the seeds are read from that one.
    """
    found, read, known = [], [], list(contracts.extracts_of(home))
    for path in declared.paths(home.configs):
        mapping, wrong = declared.read(path)
        found += wrong
        if mapping is None:
            continue
        if mapping.extract not in known:
            text = (
                f"'{mapping.extract}' is not the name of an extract. Name the file"
                " <extract>.yml" + nearest(mapping.extract, known)
            )
            found.append(Mistake(mapping.path, 0, "", text))
        elif not wrong:
            read.append(mapping)
            contract = contracts.agreed(mapping.extract, home)
            found += _Check(mapping, contract, home).all()
    if not found:
        found += _against_files(read, home)
    return sorted(found)


class _Check:
    """The mistakes of one mapping, without regard to other mappings and files."""

    def __init__(self, mapping: Mapping, contract: Contract, home: Home) -> None:
        self._mapping, self._contract, self._home = mapping, contract, home
        columns = contracts.declaration(contract.table)["columns"]
        self._meta = {each["name"]: contracts.meta(each) for each in columns}

    def all(self) -> Iterator[Mistake]:
        yield from self._of_file()
        for column in self._mapping.columns.values():
            if column.target in self._contract.columns:
                yield from self._of_column(column)
            else:
                text = (
                    f"{self._contract.extract} has no column {column.target}. It has:"
                    f" {', '.join(self._contract.columns)}"
                    f"{nearest(column.target, self._contract.columns)}"
                )
                yield self._wrong(f"columns.{column.target}", text)
        yield from self._of_ignored()

    def _wrong(self, key: str, text: str) -> Mistake:
        return Mistake(self._mapping.path, self._mapping.line_of(key), key, text)

    def _of_file(self) -> Iterator[Mistake]:
        form = self._mapping.form
        if form.encoding is not None and not _is_encoding(form.encoding):
            text = f"'{form.encoding}' is not one of: {', '.join(ENCODINGS)}"
            yield self._wrong("file.encoding", text)
        yield from self._of_signs("file", form.decimal, form.thousands)
        if self._mapping.columns:
            return
        text = "no column is mapped. Write below `columns:` a line for each column"
        yield self._wrong("columns", text)

    def _of_signs(self, key: str, decimal: str, thousands: str) -> Iterator[Mistake]:
        for name, sign in (("decimal", decimal), ("thousands", thousands)):
            if len(sign) > 1 or sign.isalnum() or sign == "-":
                text = f"'{sign}' is not a sign within numbers: write one letter"
                yield self._wrong(f"{key}.{name}", text)
        if decimal == thousands:
            text = f"'{decimal}' cannot also be the decimal sign"
            yield self._wrong(f"{key}.thousands", text)

    def _of_ignored(self) -> Iterator[Mistake]:
        for name in sorted(self._mapping.ignored):
            needed = (
                name in self._contract.columns and name not in self._mapping.columns
            )
            if name in self._mapping.sources or needed:
                text = f"'{name}' is ignored and needed: remove it here"
                yield self._wrong("ignore", text)

    def _of_column(self, column: MappedColumn) -> Iterator[Mistake]:
        key = f"columns.{column.target}"
        kind = self._contract.data_types[column.target]
        given = {
            name
            for name in declared.COLUMN_KEYS
            if f"{key}.{name}" in self._mapping.lines
        }
        yield from self._of_sources(column, key)
        for name in declared.COLUMN_KEYS:
            if name not in given:
                continue
            if NEEDS.get(name, name) not in given:
                text = f"has no meaning without `{NEEDS[name]}`"
                yield self._wrong(f"{key}.{name}", text)
            if kind not in KINDS.get(name, (kind,)):
                text = f"has no meaning: {column.target} is {_kind(kind)}"
                yield self._wrong(f"{key}.{name}", text)
        if kind == BOOLEAN and column.separator:
            yield from self._of_flag(key, given)
        yield from self._of_values(column, key, kind)
        if kind in NUMBERS and {"decimal", "thousands"} & given:
            form = self._mapping.form
            decimal = form.decimal if column.decimal is None else column.decimal
            thousands = form.thousands if column.thousands is None else column.thousands
            yield from self._of_signs(key, decimal, thousands)
        if kind in TIMES and column.format is not None:
            yield from self._of_format(column, key, kind)

    def _of_flag(self, key: str, given: set[str]) -> Iterator[Mistake]:
        """Yield what a flag of a list lacks, or says without effect."""
        if not {"yes", "values"} & given:
            text = "says no word that the list has for yes: write it with `yes`"
            yield self._wrong(key, text)
        for name in {"no", "others"} & given:
            text = "has no meaning: a list without a word for yes is N"
            yield self._wrong(f"{key}.{name}", text)

    def _of_sources(self, column: MappedColumn, key: str) -> Iterator[Mistake]:
        meta = self._meta[column.target]
        if not column.every_source and column.always is None:
            text = "says neither `from` (a column of the export) nor `always` (a value)"
            yield self._wrong(key, text)
        if column.sources and column.always is not None:
            yield self._wrong(key, "says both `from` and `always`: keep one")
        if len(column.sources) > 1 and column.join is None:
            text = (
                f"has {len(column.sources)} columns of the export. Say with `join` what"
                " to put between their values, or keep one"
            )
            yield self._wrong(key, text)
        if column.split is not None and column.part not in (1, 2):
            text = f"{column.part} is neither 1 (before `split`) nor 2 (after it)"
            yield self._wrong(f"{key}.part", text)
        if column.split == "":
            yield self._wrong(f"{key}.split", "is empty: say what separates the parts")
        if column.always is not None and self._contract.key_columns == (column.target,):
            text = "is the key, so it cannot be the same in every row"
            yield self._wrong(f"{key}.always", text)
        if column.always == "" and meta.get("required"):
            text = f"{column.target} is required, so it cannot be empty in every row"
            yield self._wrong(f"{key}.always", text)

    def _of_values(
        self, column: MappedColumn, key: str, kind: str
    ) -> Iterator[Mistake]:
        """Yield constants and codes that the contract does not know."""
        for name in ("always", "if_empty"):
            if text := getattr(column, name):
                separator = "|" if kind == LIST else None
                for value in text.split(separator) if separator else [text]:
                    yield from self._of_value(
                        column.target, kind, value, f"{key}.{name}"
                    )
        for place, values in (
            (f"{key}.values", column.values),
            *((each.key, each.values) for each in column.adds),
        ):
            for theirs, ours in values.items():
                for value in ours.split("|") if kind == LIST else [ours]:
                    if value:
                        yield from self._of_value(
                            column.target, kind, value, place, f"'{theirs}': "
                        )
        for each in column.adds:
            if not each.values:
                text = "has no value: write below it `theirs: ours` lines"
                yield self._wrong(each.key, text)

    def _of_value(
        self, target: str, kind: str, value: str, key: str, said: str = ""
    ) -> Iterator[Mistake]:
        meta = self._meta[target]
        if kind in FORMS and not re.fullmatch(FORMS[kind], value):
            yield self._wrong(key, f"{said}'{value}' is not {WRITTEN[kind]}")
        elif "allowed" in meta and value not in meta["allowed"]:
            allowed = [str(each) for each in meta["allowed"]]
            text = f"{said}'{value}' is not one of: {', '.join(allowed)}"
            yield self._wrong(key, text)
        elif "known_in" in meta:
            places = meta["known_in"]
            places = [places] if isinstance(places, str) else places
            known = self._known(tuple(places))
            if value not in known:
                text = (
                    f"{said}'{value}' is not in {' or '.join(places)}"
                    f"{nearest(value, known)}"
                )
                yield self._wrong(key, text)

    def _known(self, places: tuple[str, ...]) -> set[str]:
        """Return the values of some columns of seeds, as the home has them."""
        found = set()
        for place in places:
            seed, column = place.split(".")
            rows = configuration.rows(seed, self._home)
            found |= {row[column] for row in rows if row[column]}
        return found

    def _of_format(
        self, column: MappedColumn, key: str, kind: str
    ) -> Iterator[Mistake]:
        try:
            pattern = patterns.pattern(column.format)
        except patterns.PatternError as error:
            yield self._wrong(f"{key}.format", f"'{column.format}' {error}")
            return
        if column.zone is not None and column.zone not in patterns.ZONES:
            text = f"'{column.zone}' is neither of: {', '.join(patterns.ZONES)}"
            yield self._wrong(f"{key}.zone", text)
        if pattern.has_offset and column.zone is not None:
            text = "the format has an offset (zzz), which says the zone: remove this"
            yield self._wrong(f"{key}.zone", text)
        if pattern.has_time and not pattern.has_offset and column.zone is None:
            text = (
                "has a time, and nothing says in which zone the export writes it. Add"
                " `zone: Europe/London` or `zone: UTC`"
            )
            yield self._wrong(f"{key}.format", text)
        if not pattern.has_time and column.zone is not None:
            text = "a date without a time has no zone: remove this"
            yield self._wrong(f"{key}.zone", text)
        if column.time is not None and (pattern.has_time or kind == patterns.DATE):
            text = (
                "is only for a time of which the export has the date alone: remove it"
            )
            yield self._wrong(f"{key}.time", text)
        elif column.time is not None and not TIME.fullmatch(column.time):
            text = f"'{column.time}' is not a time of day (HH:MM:SS)"
            yield self._wrong(f"{key}.time", text)
        is_time = kind == patterns.TIMESTAMP
        if is_time and not pattern.has_time and column.time is None:
            text = (
                f"'{column.format}' has no hour, and {column.target} is a time. Add the"
                " hour to the format, or say with `time: 00:00:00` which time of day to"
                " take for all"
            )
            yield self._wrong(f"{key}.format", text)


def _against_files(read: list[Mapping], home: Home) -> Iterator[Mistake]:
    """Yield mappings that apply to the same files, and columns that no file has."""
    for extract in dict.fromkeys(mapping.extract for mapping in read):
        own = tuple(mapping for mapping in read if mapping.extract == extract)
        contract = replace(contracts.agreed(extract, home), mappings=own)
        there = deliveries.inside(home.landing / extract)
        named = deliveries.by_name(there, contract).files
        files = [path for _, path in reversed(named)]
        for mapping in contract.mappings:
            own = [path for path in files if mapping.is_for(path.name)]
            both = [
                other.path
                for other in contract.mappings
                if other is not mapping
                and (
                    other.form.names == mapping.form.names
                    or any(other.is_for(path.name) for path in own)
                )
            ]
            if both:
                text = (
                    f"{both[0]} is for the same files. Say in each which `files` it is"
                    f" for, such as {extract}_2021*"
                )
                line = mapping.line_of("file.files")
                yield Mistake(mapping.path, line, "file.files", text)
            else:
                yield from _lacking_columns(mapping, contract, own)


def _lacking_columns(
    mapping: Mapping, contract: Contract, files: Collection
) -> Iterator[Mistake]:
    """Yield the columns that the mapping reads and no file of the extract has."""
    said: list[tuple[str, str]] | None = None
    for path in files:
        try:
            header = readers.header(path, contract)
        except DeliveryError:
            continue  # The code that reads the file reports this error.
        found = applied.lacking(header, contract, mapping)
        said = found if said is None else [each for each in said if each in found]
        if not said:
            return
    for key, text in said or ():
        line = mapping.line_of(key)
        yield Mistake(mapping.path, line, key, f"{text} (in no file of the extract)")


def _is_encoding(name: str) -> bool:
    try:
        return codecs.lookup(name).name in {codecs.lookup(n).name for n in ENCODINGS}
    except LookupError:
        return False


def _kind(data_type: str) -> str:
    return {
        "varchar": "a text",
        LIST: "a list of texts",
        BOOLEAN: "Y or N",
        "integer": "a whole number",
        "decimal": "a number",
    }.get(data_type, f"a {data_type}")
