"""Checks the codes and names by which one seed refers to another."""

from collections.abc import Iterator
from pathlib import Path

from dagster_project.configuration.declarations import FILE, Column, Reference, Seed
from dagster_project.configuration.files import File
from dagster_project.configuration.mistakes import Mistake, nearest


def mistakes(files: dict[str, File], seed: Seed) -> Iterator[Mistake]:
    """Yield the values of a seed that are not in the seed to which they refer."""
    file = files[seed.name]
    for column in seed.columns:
        if column.names and column.name in file.header:
            yield from _unknown(file, column, column.names, files)


def _unknown(
    file: File, column: Column, names: Reference, files: dict[str, File]
) -> Iterator[Mistake]:
    holder = files.get(names.seed)
    if holder is None:
        text = f"seeds/{FILE} lets it name {names.seed}, which is not a seed"
        yield Mistake(file.name, 0, column.name, text)
        return
    if names.column not in holder.header:
        return  # This mistake is reported for that seed's own header.
    known = {value for _, value in holder.values(names.column)}
    for number, cell in file.values(column.name):
        parts = cell.split(names.separator) if names.separator else [cell]
        for value in parts:
            if value not in known:
                text = f"'{value}' is not in {holder.found_in()}, column {names.column}"
                text += nearest(value, known) + _left_out(file, number, holder)
                yield file.mistake(number, column.name, text)


def _left_out(file: File, number: int, holder: File) -> str:
    """Return what to do if a default row has a code that a home has left out."""
    place = file.place(number)[0]
    if not holder.is_only_mine or not place.startswith("seeds/"):
        return ""
    return (
        f". {holder.name} has left out the default rows: name {Path(place).stem} in"
        " only_mine.csv too, or put the row back"
    )
