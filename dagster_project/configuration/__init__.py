"""The seeds of a home, checked against what seeds/_seeds.yml declares of them.

A home's `config/` adds rows to the seeds or replaces rows (layers.py, merging.py). dbt
also checks the declarations when it loads a seed, but its errors name only the
statement that failed. Here each mistake is a sentence with its file, row and column,
and all mistakes are reported together, in less than a second, before anything is built.
"""

import csv
import io
from collections.abc import Callable
from pathlib import Path

import duckdb

from dagster_project import settings, stores
from dagster_project.configuration import (
    declarations,
    files,
    layers,
    references,
    values,
)
from dagster_project.configuration.layers import Layers
from dagster_project.configuration.mistakes import Mistake
from dagster_project.errors import DeliveryError
from dagster_project.settings import Home

MOST_SHOWN = 50


def mistakes(
    folder: Path = settings.SEEDS, configs: tuple[Path, ...] = ()
) -> list[Mistake]:
    """Return every mistake in the seeds, in order of file and row.

    Args:
        folder: the default seeds.
        configs: folders of configuration, which are merged with the seeds.

    Raises:
        DeliveryError: the declarations themselves cannot be read.
    """
    seeds, found = declarations.read(folder), []
    every = Layers(folder, configs)
    read = {name: every.file(seed) for name, seed in seeds.items()}
    found += declarations.undeclared(folder, seeds)
    found += every.mistakes(seeds)
    with duckdb.connect(config=stores.SETTINGS) as connection:
        for name, seed in seeds.items():
            found += read[name].mistakes
            found += files.missing_rows(read[name], seed)
            found += values.mistakes(connection, read[name], seed)
            found += references.mistakes(read, seed)
    return sorted(found)


def refuse_mistakes(
    folder: Path = settings.SEEDS,
    configs: tuple[Path, ...] = (),
    of_mappings: Callable[[], list[Mistake]] = list,
) -> None:
    """Raise an error if a seed or a mapping has a mistake, before anything is built.

    Args:
        folder: the default seeds.
        configs: folders of configuration, which are merged with the seeds.
        of_mappings: returns the mistakes in the mappings; called if the seeds have
            none.

    Raises:
        DeliveryError: every mistake, each with its file, row and column.
    """
    if found := mistakes(folder, configs) or of_mappings():
        raise DeliveryError(in_words(found))


def in_words(found: list[Mistake]) -> str:
    """Return all mistakes as one message, with the remedy."""
    count = "1 mistake" if len(found) == 1 else f"{len(found)} mistakes"
    lines = [f"  {mistake}" for mistake in found[:MOST_SHOWN]]
    if len(found) > MOST_SHOWN:
        lines.append(f"  and {len(found) - MOST_SHOWN} more")
    return "\n".join(
        [
            f"{count} in the seeds and the configuration; nothing was built:",
            *lines,
            "Correct the files (seeds/_seeds.yml declares what each column contains,"
            " docs/mapping.md what a mapping says) and run the same command again.",
        ]
    )


def rows(seed: str, home: Home | None = None) -> list[dict[str, str]]:
    """Return the rows of a seed as a home has it, all values as text.

    Args:
        home: the home in use if None.
    """
    every = layers.of(home or settings.home())
    content = every.content(seed).decode()
    return list(csv.DictReader(io.StringIO(content, newline="")))


def write(home: Home) -> None:
    """Write every seed as the home has it to `<home>/seeds/`, from which dbt loads
    them.

    A file with the right content is not touched. A CSV file there that is not a seed is
    deleted.
    """
    wanted = layers.of(home).contents()
    home.seeds.mkdir(parents=True, exist_ok=True)
    for path in home.seeds.glob("*.csv"):
        if path.stem not in wanted:
            path.unlink()
    for name, content in wanted.items():
        path = home.seeds / f"{name}.csv"
        if not path.is_file() or path.read_bytes() != content:
            partial = path.with_suffix(".partial")
            partial.write_bytes(content)
            partial.replace(path)
