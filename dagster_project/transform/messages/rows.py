"""Reads the rows that a dbt test found, by running its SQL again."""

import re
from pathlib import Path

import duckdb

from dagster_project.stores import SETTINGS

SHOWN = 3
LONGEST = 400  # characters of a value
INDENT = " " * 6
LOADS = "select load_id, file_name from raw.loads"


def first(compiled: Path, work: Path) -> list[str]:
    """Return the first rows of a test as text, with file names beside load ids.

    Args:
        compiled: the file with the test's compiled SQL.
        work: the work file.
    """
    sql = compiled.read_text(encoding="utf-8")
    with duckdb.connect(str(work), read_only=True, config=SETTINGS) as connection:
        result = connection.execute(f"select * from (\n{sql}\n) limit {SHOWN}")
        names = [column[0] for column in result.description]
        found = result.fetchall()
        files = dict(connection.execute(LOADS).fetchall())
    return [in_words(dict(zip(names, row, strict=True)), files) for row in found]


def in_words(row: dict[str, object], files: dict[int, str]) -> str:
    """Return a row as `file_name: crimes.csv; line: 7`, with items of lists below."""
    words, below = [], []
    for name, value in row.items():
        if isinstance(value, list):
            below += [f"{INDENT}{name}:"]
            below += [f"{INDENT}  {_in_words(each)}" for each in value]
            continue
        said = _in_words(value)
        if re.search(r"load_id$", name) and value in files:
            said += f" ({files[value]})"
        words.append(f"{name}: {said}")
    return "\n".join(["; ".join(words), *below])


def _in_words(value: object) -> str:
    if value is None:
        return "empty"
    text = " ".join(str(value).split())
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
