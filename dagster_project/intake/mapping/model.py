"""What a mapping says: of the file, and of each column of the contract."""

from collections.abc import Mapping as Map
from dataclasses import dataclass, field
from fnmatch import fnmatchcase

from dagster_project.intake.letters import EDGES

# A footer is short. Behind so many lines, it is a record that begins like one.
FOOTER_LINES = 20
TOO_LONG = (
    f"begins like the footer of the mapping, but it is more than {FOOTER_LINES} lines"
    " from the end. Correct `footer` in the mapping"
)


@dataclass(frozen=True)
class FileForm:
    """How the export's files look.

    Args:
        names: which files the mapping is for, by a pattern of their names.
        delimiter: between the values of a CSV file.
        encoding: of a CSV file; None for the one of seeds/force/extracts.csv.
        sheets: names of the sheets to read, `*` standing for any letters; all that
            have the columns if empty.
        sheet_as: the name of a column that has the name of each record's sheet.
        header_row: the row of the names; what is above it is a title. The first row
            with a value if None.
        footer: how the first value of the first row below the records begins.
        decimal, thousands: signs within numbers.
        empty: words for no value, beside those of the contract.
    """

    names: str = "*"
    delimiter: str = ","
    encoding: str | None = None
    sheets: tuple[str, ...] = ()
    sheet_as: str | None = None
    header_row: int | None = None
    footer: tuple[str, ...] = ()
    decimal: str = "."
    thousands: str = ""
    empty: tuple[str, ...] = ()

    def reads_sheet(self, title: str) -> bool:
        wanted = (name.strip().lower() for name in self.sheets)
        name = title.strip().lower()
        return not self.sheets or any(fnmatchcase(name, each) for each in wanted)

    def begins_footer(self, text: str) -> bool:
        """Whether a row whose first value is this text is below the records."""
        return text.strip().lower().startswith(self.footer_starts)

    @property
    def footer_starts(self) -> tuple[str, ...]:
        return tuple(text.strip().lower() for text in self.footer)


@dataclass(frozen=True)
class MappedColumn:
    """Where the values of one column of the contract come from, and what they mean.

    Args:
        target: the column of the contract.
        sources: names of the export's columns, in lower case; none for a constant.
        join: what stands between the values of several sources.
        always: the value of every row.
        if_empty: the value of a row without one.
        split, part: the part (1 or 2) of a text before or after what separates them.
        values: the export's values in lower case → the contract's.
        others: `held`, or `kept` if a value that `values` lacks is used as it is.
        format, zone, time: of dates and times (patterns.py).
        separator: between the values of a list.
        decimal, thousands: signs within numbers; None for those of the file.
        prefix: put before each value.
        adds: other columns of the export whose values are put into the same list.
    """

    target: str
    sources: tuple[str, ...] = ()
    join: str | None = None
    always: str | None = None
    if_empty: str | None = None
    split: str | None = None
    part: int = 1
    values: Map[str, str] = field(default_factory=dict)
    others: str = "held"
    format: str | None = None
    zone: str | None = None
    time: str | None = None
    separator: str | None = None
    decimal: str | None = None
    thousands: str | None = None
    prefix: str = ""
    adds: tuple["MappedColumn", ...] = ()
    place: str = ""

    @property
    def key(self) -> str:
        """Where it stands in the mapping, such as `columns.keywords`."""
        return self.place or f"columns.{self.target}"

    @property
    def every_source(self) -> tuple[str, ...]:
        """Its sources, and those that are put into the same list."""
        return (*self.sources, *(name for each in self.adds for name in each.sources))


@dataclass(frozen=True)
class Mapping:
    """One mapping file.

    `path` is the file as messages show it, `sha256` the hash of its content and of the
    lists that it names, `lines` the line of each key (`columns.crime_id.format`).
    """

    path: str
    extract: str
    sha256: str
    form: FileForm
    columns: Map[str, MappedColumn]
    ignored: frozenset[str] = frozenset()
    lines: Map[str, int] = field(default_factory=dict)

    @property
    def sources(self) -> tuple[str, ...]:
        """Every column of the export that it reads, each once."""
        every = (
            name for column in self.columns.values() for name in column.every_source
        )
        return tuple(dict.fromkeys(every))

    def is_for(self, file_name: str) -> bool:
        return fnmatchcase(file_name.lower(), self.form.names.lower())

    def line_of(self, key: str) -> int:
        """The line of a key, or of the nearest one above it."""
        while key and key not in self.lines:
            key = key.rpartition(".")[0]
        return self.lines.get(key, 1)


def key_of(text: str) -> str:
    """A value as a code list is searched for it: capitals and spaces do not matter."""
    return " ".join(text.strip(EDGES).split()).casefold()


def left_out(count: int, word: str) -> str:
    """A note of the lines or rows that are no records."""
    words = f"1 {word}" if count == 1 else f"{count:,} {word}s"
    return f"{words} of a title or a footer left out"
