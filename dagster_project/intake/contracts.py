"""The contract of an extract: its columns, types, rules and way of delivery.

`dbt_project/models/staging/force/*__sources.yml` declares columns, types and rules;
`seeds/force/extracts.csv` says how each extract is delivered.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache

import yaml

from dagster_project import configuration, settings
from dagster_project.errors import DeliveryError
from dagster_project.intake.mapping import declared as mappings
from dagster_project.intake.mapping.model import Mapping as ExportMapping
from dagster_project.settings import Home


@dataclass(frozen=True)
class Contract:
    """What a supplier has agreed to send, and how.

    Args:
        extract: name of the extract, such as `crimes`.
        shared: name of the contract if several extracts share it, such as `incidents`;
            None if the contract has the extract's name.
        delivery: `full` (every row that exists) or `delta` (new and changed rows only).
        cadence_days: days from one delivery to the next.
        file_glob: pattern of the file names.
        encoding: of CSV files.
        columns: names of the columns, in the order of the contract.
        key_columns: the columns that together identify a record.
        part_count: number of files in one delivery; they have the same extraction time.
        data_types: column → its type as the contract declares it.
        free_text: columns whose values may contain line breaks.
        empty_texts: words that people write for a missing value, such as `n/a`.
        mappings: mappings of the home, which convert the supplier's files to this
            contract. A file without a mapping must have the contract's own form.
    """

    extract: str
    delivery: str
    cadence_days: int
    file_glob: str
    encoding: str
    columns: tuple[str, ...]
    key_columns: tuple[str, ...]
    part_count: int = 1
    shared: str | None = None
    data_types: Mapping[str, str] = field(default_factory=dict)
    free_text: frozenset[str] = frozenset()
    empty_texts: tuple[str, ...] = ()
    mappings: tuple[ExportMapping, ...] = ()

    @property
    def table(self) -> str:
        """The table in `raw`, which has the contract's name."""
        return self.shared or self.extract

    def mapping_of(self, file_name: str) -> ExportMapping | None:
        """Return the mapping that applies to a file; None if there is none.

        Raises:
            DeliveryError: two mappings apply to the file.
        """
        found = [each for each in self.mappings if each.is_for(file_name)]
        if len(found) > 1:
            both = " and ".join(each.path for each in found)
            raise DeliveryError(
                f"{file_name}: {both} are both for this file. Write in each of them,"
                " below `file`, which `files` it is for."
            )
        return found[0] if found else None

    def mapping_sha256(self, file_name: str) -> str | None:
        """Return the hash of the mapping that applies to a file; None if none does."""
        mapping = self.mapping_of(file_name)
        return mapping.sha256 if mapping else None

    @property
    def coded(self) -> frozenset[str]:
        """Columns whose values cannot contain a line break."""
        return frozenset(self.columns) - self.free_text

    @property
    def typed(self) -> frozenset[str]:
        """Columns of dates, times, numbers, or Y and N."""
        return frozenset(
            column
            for column, data_type in self.data_types.items()
            if not data_type.startswith("varchar")
        )


@cache
def _declared_tables() -> dict[str, dict]:
    tables = {}
    for path in sorted(
        settings.DBT_PROJECT.glob("models/staging/force/*__sources.yml")
    ):
        text = path.read_text(encoding="utf-8")
        declared = yaml.load(text, Loader=yaml.CSafeLoader)
        for source in declared["sources"]:
            tables |= {table["name"]: table for table in source["tables"]}
    return tables


def declaration(table: str) -> dict:
    """Return the declared table of a contract: columns, types, rules and remedies.

    Raises:
        KeyError: no contract of this name is declared.
    """
    return _declared_tables()[table]


def extracts_of(home: Home | None = None) -> dict[str, str]:
    """Return the name of each extract that a force delivers → its raw table.

    Args:
        home: the home in use if None. It may add extracts with a shared contract.
    """
    return {
        row["extract"]: row["contract"] or row["extract"]
        for row in configuration.rows("extracts", home)
        if row["delivery"] in ("full", "delta")
    }


def meta(declared: dict) -> dict:
    """Return what the contract requires of a column (required, key …) or a table."""
    return declared.get("config", {}).get("meta", {})


def load_contract(extract: str, home: Home | None = None) -> Contract:
    """Return the contract of an extract, with the mappings of a home.

    Args:
        home: the home in use if None.

    Raises:
        KeyError: seeds/force/extracts.csv has no such row, or no contract is declared.
        DeliveryError: a mapping cannot be read.
    """
    found = []
    for path in mappings.paths((home or settings.home()).configs):
        if mappings.extract_of(path) == extract:
            mapping, mistakes = mappings.read(path)
            if mistakes:
                raise DeliveryError(configuration.in_words(mistakes))
            found.append(mapping)
    return replace(agreed(extract, home), mappings=tuple(found))


def agreed(extract: str, home: Home | None = None) -> Contract:
    """Return the contract of an extract without any mapping.

    Args:
        home: the home in use if None.

    Raises:
        KeyError: seeds/force/extracts.csv has no such row, or no contract is declared.
    """
    rows = configuration.rows("extracts", home)
    row = {each["extract"]: each for each in rows}[extract]
    declared = declaration(row["contract"] or extract)
    columns = declared["columns"]
    return Contract(
        extract=extract,
        delivery=row["delivery"],
        cadence_days=int(row["cadence_days"]),
        file_glob=row["file_glob"],
        encoding=row["encoding"],
        columns=tuple(column["name"] for column in columns),
        key_columns=tuple(
            column["name"] for column in columns if meta(column).get("key")
        ),
        part_count=int(row.get("part_count") or 1),
        shared=row["contract"] or None,
        data_types={column["name"]: column["data_type"] for column in columns},
        free_text=frozenset(
            column["name"] for column in columns if meta(column).get("free_text")
        ),
        empty_texts=tuple(meta(declared).get("empty_texts", ())),
    )
