"""The contract of an extract, read from the one place where it is declared.

`dbt_project/models/staging/force/*__sources.yml` declares columns, types and rules;
`seeds/force/extracts.csv` says how each extract arrives.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache

import yaml

from dagster_project import configuration, settings


@dataclass(frozen=True)
class Contract:
    """What a supplier has agreed to send, and how.

    `delivery` is full (every row that exists) or delta (new and changed rows only).
    It comes in `part_count` files, all of one moment. `data_types` of the columns are
    the contract's own; values of `free_text` columns may hold line breaks;
    `empty_texts` are words that people write for nothing.
    """

    extract: str
    delivery: str
    cadence_days: int
    file_glob: str
    encoding: str
    columns: tuple[str, ...]
    key_columns: tuple[str, ...]
    part_count: int = 1
    data_types: Mapping[str, str] = field(default_factory=dict)
    free_text: frozenset[str] = frozenset()
    empty_texts: tuple[str, ...] = ()

    @property
    def coded(self) -> frozenset[str]:
        """Columns in whose values no line break can be."""
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
        declared = yaml.safe_load(path.read_text(encoding="utf-8"))
        for source in declared["sources"]:
            tables |= {table["name"]: table for table in source["tables"]}
    return tables


def declaration(extract: str) -> dict:
    """The extract's table as it is declared: columns, types, rules and remedies.

    Raises:
        KeyError: no contract is declared.
    """
    return _declared_tables()[extract]


def meta(declared: dict) -> dict:
    """What the contract asks of a column (required, key, a range …) or of a table."""
    return declared.get("config", {}).get("meta", {})


def load_contract(extract: str) -> Contract:
    """The contract of one extract.

    Raises:
        KeyError: seeds/force/extracts.csv has no such row, or no contract is declared.
    """
    row = {each["extract"]: each for each in configuration.rows("extracts")}[extract]
    declared = declaration(extract)
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
        data_types={column["name"]: column["data_type"] for column in columns},
        free_text=frozenset(
            column["name"] for column in columns if meta(column).get("free_text")
        ),
        empty_texts=tuple(meta(declared).get("empty_texts", ())),
    )
