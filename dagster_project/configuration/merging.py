"""Merges a default seed and a home's file of the same seed.

A row of the home replaces the default row with the same key; otherwise it is added
after the default rows. If the home's file lacks a column, the default's value stays,
and a new row has no value there.
"""

from collections.abc import Iterable
from dataclasses import replace

from dagster_project.configuration import files
from dagster_project.configuration.declarations import Seed
from dagster_project.configuration.files import File
from dagster_project.configuration.mistakes import Mistake

Cells = dict[str, str | None]


def merged(default: File, own: File, seed: Seed) -> File:
    """Return both files as one, with the place of each row.

    The home's file must have the required columns of the seed's key. If two of its
    rows have the same key, both are kept, and the check reports the second.
    """
    places = [default.place(number) for number, _ in default.rows]
    rows = [cells for _, cells in default.rows]
    known = {_key(cells, seed): index for index, cells in enumerate(rows)}
    for number, cells in own.rows:
        index = known.pop(_key(cells, seed), None)
        if index is None:
            rows.append(dict.fromkeys(default.header) | cells)
            places.append((own.name, number))
        else:
            rows[index] = rows[index] | cells
            places[index] = (own.name, number)
    return _file(default, rows, places, (*default.names, own.name))


def alone(default: File, own: File) -> File:
    """Return the home's file without default rows, its columns in the default's
    order.
    """
    rows = [dict.fromkeys(default.header) | cells for _, cells in own.rows]
    places = [(own.name, number) for number, _ in own.rows]
    only = _file(default, rows, places, (own.name,))
    return replace(only, name=own.name, is_only_mine=True)


def additions(default: File, own: File, seed: Seed) -> list[Mistake]:
    """Return mistakes for new rows of a home in a seed whose rows are fixed.

    A row that fills in the column `but_new_rows_with` is no mistake.
    """
    known = {_key(cells, seed) for _, cells in default.rows}
    said = "a home may change the rows of this file, and not add one. It has: "
    said += ", ".join(" ".join(map(str, key)) for key in sorted(known))
    needed = seed.but_new_rows_with
    if needed:
        said += f". Only a row that fills in {needed} may be new"
    return [
        own.mistake(number, " + ".join(seed.key), f"is a new row; {said}")
        for number, cells in own.rows
        if _key(cells, seed) not in known and not (needed and cells.get(needed))
    ]


def as_csv(file: File) -> bytes:
    """Return a CSV file as dbt reads it: UTF-8, commas, an empty cell for no value."""
    rows = ([cells[name] for name in file.header] for _, cells in file.rows)
    return files.csv_bytes(file.header, rows)


def _file(
    default: File,
    rows: Iterable[Cells],
    places: Iterable[tuple[str, int]],
    names: tuple[str, ...],
) -> File:
    return replace(
        default,
        rows=tuple(enumerate(rows, start=1)),
        places=dict(enumerate(places, start=1)),
        names=names,
    )


def _key(cells: Cells, seed: Seed) -> tuple[str | None, ...]:
    return tuple(cells.get(name) for name in seed.key)
