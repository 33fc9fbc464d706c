"""Reads what seeds/_seeds.yml declares of each seed; dbt reads the same file."""

from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from dagster_project import settings
from dagster_project.configuration.mistakes import Mistake
from dagster_project.errors import DeliveryError

FILE = "_seeds.yml"
TEXT = "varchar"
# The folder of seeds/ with the defaults that a force may change.
OF_FORCES = "force"


@dataclass(frozen=True)
class Reference:
    """The column of another seed that contains the permitted values of a column.

    Args:
        separator: character between several values in one cell; None means one value.
    """

    seed: str
    column: str
    separator: str | None = None


@dataclass(frozen=True)
class Column:
    """A column: its type and the rules for each of its values."""

    name: str
    type: str = TEXT
    is_required: bool = False
    is_unique: bool = False
    checks: tuple[str, ...] = ()
    accepted: tuple[str, ...] = ()
    names: Reference | None = None
    description: str = ""


@dataclass(frozen=True)
class Seed:
    """A seed: its columns in order, and the rules for its rows.

    Args:
        keys: groups of columns whose values together are unique.
        may_be_empty: False if a seed without rows is a mistake.
        required_rows: values by column; a row with these values must exist.
        is_of_a_force: whether a home's configuration may have a file of this seed.
        has_fixed_rows: whether a home may only change rows, but not add or remove any.
        but_new_rows_with: a column that a new row must fill in, where fixed rows may be
            added to.
    """

    name: str
    columns: tuple[Column, ...]
    keys: tuple[tuple[str, ...], ...] = ()
    may_be_empty: bool = False
    required_rows: tuple[dict[str, str], ...] = ()
    is_of_a_force: bool = False
    has_fixed_rows: bool = False
    but_new_rows_with: str | None = None
    description: str = ""

    @property
    def key(self) -> tuple[str, ...]:
        """The columns that identify the default row that a home's row replaces."""
        single = ((column.name,) for column in self.columns if column.is_unique)
        return next(iter((*self.keys, *single)))

    def column(self, name: str) -> Column | None:
        return next((column for column in self.columns if column.name == name), None)


def read(folder: Path) -> dict[str, Seed]:
    """Return every declared seed by its name.

    Raises:
        DeliveryError: the file is not YAML, has no list `seeds`, or names a seed twice.
    """
    path = folder / FILE
    try:
        text = path.read_text(encoding="utf-8")
        contents = _parsed(text)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise DeliveryError(
            f"seeds/{FILE}, line {line}: {error.problem}. Correct its indentation or"
            " quotation marks, and run the same command again."
        ) from error
    declared = contents.get("seeds") if isinstance(contents, dict) else None
    if not isinstance(declared, list):
        raise DeliveryError(
            f"seeds/{FILE}: the file has no list of seeds. Put it back from its last"
            " commit, and run the same command again."
        )
    names = Counter(each["name"] for each in declared)
    if repeated := [name for name, count in names.items() if count > 1]:
        raise DeliveryError(
            f"seeds/{FILE}: {', '.join(repeated)} is declared more than once. Keep one"
            " declaration, and run the same command again."
        )
    return {each["name"]: _seed(each, folder) for each in declared}


@lru_cache(maxsize=1)
def _parsed(text: str) -> Any:
    """Return what the file declares: a run reads it once for each seed of a home."""
    return yaml.load(text, Loader=yaml.CSafeLoader)


def undeclared(folder: Path, seeds: dict[str, Seed]) -> list[Mistake]:
    """Return mistakes for CSV files without a declaration, or with the name of another.

    dbt would load a file without a declaration unchecked, and fail for a repeated name.
    """
    found, seen = [], {}
    for path in sorted(folder.rglob("*.csv")):
        name = f"seeds/{path.relative_to(folder).as_posix()}"
        if path.stem not in seeds:
            text = f"is not declared: describe it in seeds/{FILE}"
            found.append(Mistake(name, 0, "", text))
        elif path.stem in seen:
            text = f"is the same seed as {seen[path.stem]}: keep one file"
            found.append(Mistake(name, 0, "", text))
        seen.setdefault(path.stem, name)
    return found


def _seed(declared: dict[str, Any], folder: Path) -> Seed:
    config = declared.get("config", {})
    meta = config.get("meta", {})
    key = tuple(meta.get("primary_key", ()))
    types = config.get("column_types", {})
    columns = tuple(
        _column(column, str(types.get(column["name"], TEXT)), key)
        for column in declared["columns"]
    )
    together = [
        tuple(arguments["columns"])
        for name, arguments in _tests(declared)
        if name == "unique_combination"
    ]
    return Seed(
        declared["name"],
        columns,
        tuple(filter(None, (key, *together))),
        meta.get("may_be_empty", False),
        tuple(meta.get("required_rows", ())),
        is_of_a_force=meta.get("is_of_a_force", False)
        or settings.seed(declared["name"], folder).parent.name == OF_FORCES,
        has_fixed_rows=meta.get("has_fixed_rows", False),
        but_new_rows_with=meta.get("but_new_rows_with"),
        description=declared.get("description", ""),
    )


def _column(declared: dict[str, Any], type_name: str, key: tuple[str, ...]) -> Column:
    constraints = declared.get("constraints", [])
    kinds = {constraint["type"] for constraint in constraints}
    tests = dict(_tests(declared))
    names = declared.get("config", {}).get("meta", {}).get("names")
    is_key = "primary_key" in kinds or "key" in tests
    return Column(
        name=declared["name"],
        type=type_name.lower(),
        is_required=is_key
        or bool({"not_null"} & (kinds | set(tests)))
        or declared["name"] in key,
        is_unique=is_key or "unique" in kinds | set(tests),
        checks=tuple(c["expression"] for c in constraints if c["type"] == "check"),
        accepted=tuple(
            str(value) for value in tests.get("accepted_values", {}).get("values", ())
        ),
        names=_reference(names) if names else None,
        description=declared.get("description", ""),
    )


def _reference(declared: str | dict[str, str]) -> Reference:
    """Read a reference: `measures.measure_code`, or `to` and `separated_by`."""
    if isinstance(declared, str):
        declared = {"to": declared}
    seed, column = declared["to"].split(".")
    return Reference(seed, column, declared.get("separated_by"))


def _tests(declared: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    """Return (name, arguments) of each dbt test of a seed or a column."""
    found = []
    for test in declared.get("data_tests", []):
        if isinstance(test, str):
            found.append((test, {}))
        else:
            ((name, properties),) = test.items()
            found.append((name, (properties or {}).get("arguments", {})))
    return found
