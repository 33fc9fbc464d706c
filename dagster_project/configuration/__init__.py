"""The seeds, held against what seeds/_seeds.yml declares, before anything is built.

dbt holds the same declarations while it loads a seed, and says of a mistake which
statement failed; here each mistake is a sentence with its file, row and column, and all
of them are said at once. It takes a fraction of a second.
"""

from pathlib import Path

import duckdb

from dagster_project import settings
from dagster_project.configuration import declarations, files, references, values
from dagster_project.configuration.mistakes import Mistake
from dagster_project.errors import DeliveryError
from dagster_project.stores import SETTINGS

MOST_SHOWN = 50


def mistakes(folder: Path = settings.SEEDS) -> list[Mistake]:
    """Every mistake of the seeds in a folder, in order of file and row.

    Raises:
        DeliveryError: the declarations themselves cannot be read.
    """
    seeds = declarations.read(folder)
    read = {name: files.read(folder, name) for name in seeds}
    found = declarations.undeclared(folder, seeds)
    with duckdb.connect(config=SETTINGS) as connection:
        for name, seed in seeds.items():
            found += read[name].mistakes
            found += files.header_mistakes(read[name], seed)
            found += files.missing_rows(read[name], seed)
            found += values.mistakes(connection, read[name], seed)
            found += references.mistakes(read, seed)
    return sorted(found)


def refuse_mistakes(folder: Path = settings.SEEDS) -> None:
    """Stop before anything is built where a seed has a mistake.

    Raises:
        DeliveryError: every mistake, each with its file, row and column.
    """
    if found := mistakes(folder):
        raise DeliveryError(in_words(found))


def in_words(found: list[Mistake]) -> str:
    """All mistakes as one message, with what to do."""
    count = "1 mistake" if len(found) == 1 else f"{len(found)} mistakes"
    lines = [f"  {mistake}" for mistake in found[:MOST_SHOWN]]
    if len(found) > MOST_SHOWN:
        lines.append(f"  and {len(found) - MOST_SHOWN} more")
    return "\n".join(
        [
            f"{count} in the seeds; nothing was built:",
            *lines,
            "Correct the files (seeds/_seeds.yml declares what each column contains)"
            " and run the same command again.",
        ]
    )
