"""What a mapping declares about the file, and about each column of the contract."""

from collections.abc import Mapping as Map
from dataclasses import dataclass, field
from fnmatch import fnmatchcase

from dagster_project.intake.letters import EDGES

# How the contract writes yes and no.
YES, NO = "Y", "N"
# A real footer is short. If more lines follow, the supposed footer is a record that
# begins with the same text.
FOOTER_LINES = 20
TOO_LONG = (
    f"begins like the footer of the mapping, but it is more than {FOOTER_LINES} lines"
    " from the end. Correct `footer` in the mapping"
)


@dataclass(frozen=True)
class FileForm:
    """The form of the export's files.

    Args:
        names: a pattern of the names of the files to which the mapping applies.
        delimiter: character between the values of a CSV file.
        encoding: of a CSV file; None means the one in seeds/force/extracts.csv.
        sheets: names of the sheets to read, in which `*` stands for any text. If empty,
            all sheets with the columns are read.
        sheet_as: name of a column that has the name of each record's sheet.
        header_row: number of the row with the column names; rows above it are a title.
            None means the first row with a value.
        footer: the texts with which the first row below the records may begin.
        decimal, thousands: decimal mark and thousands separator of numbers.
        empty: words for a missing value, in addition to those of the contract.
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
        """Return whether a row that begins with this text starts the footer."""
        return text.strip().lower().startswith(self.footer_starts)

    @property
    def footer_starts(self) -> tuple[str, ...]:
        return tuple(text.strip().lower() for text in self.footer)


@dataclass(frozen=True)
class MappedColumn:
    """Where the values of one column of the contract come from, and what they mean.

    Args:
        target: the column of the contract.
        sources: names of the export's columns, in lower case; empty for a constant.
        join: text between the values of several sources.
        always: the value of every row (a constant).
        if_empty: the value of a row without one.
        split, part: the value is the part (1 or 2) before or after the text `split`.
        values: the export's values in lower case → the contract's values.
        list_file: the CSV file that has `values`, as messages show it; None if the
            mapping itself has them.
        others: what happens to a value that `values` lacks: `held` (the line is put
            into quarantine) or `kept` (the value is used unchanged).
        format, zone, time: form of dates and times (see patterns.py).
        separator: character between the values of a list; a flag with it is yes if the
            list has one of its words for yes.
        decimal, thousands: as in `FileForm`; None means those of the file.
        prefix: text to put before each value.
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
    list_file: str | None = None
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

    Args:
        path: the file as messages show it.
        sha256: hash of its content and of the code lists that it names.
        lines: key, such as `columns.crime_id.format` → its line in the file.
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
        """Every column of the export that the mapping reads, each once."""
        every = (
            name for column in self.columns.values() for name in column.every_source
        )
        return tuple(dict.fromkeys(every))

    def is_for(self, file_name: str) -> bool:
        return fnmatchcase(file_name.lower(), self.form.names.lower())

    def line_of(self, key: str) -> int:
        """Return the line of a key, or of the nearest key above it."""
        while key and key not in self.lines:
            key = key.rpartition(".")[0]
        return self.lines.get(key, 1)


def key_of(text: str) -> str:
    """Return a value as code lists are searched for it, ignoring case and spaces."""
    return " ".join(text.strip(EDGES).split()).casefold()


def left_out(count: int, word: str) -> str:
    """Return a note on the number of lines or rows that are not records."""
    words = f"1 {word}" if count == 1 else f"{count:,} {word}s"
    return f"{words} of a title or a footer left out"
