"""Writes the configuration that a new home starts with: every file, and instructions.

The descriptions of files and columns in seeds/_seeds.yml are also the text of the page
with the next steps.
"""

from pathlib import Path

from dagster_project import configuration, descriptions, settings
from dagster_project.configuration import declarations, files, layers
from dagster_project.configuration.declarations import Column, Seed
from dagster_project.settings import Home

README = "README.md"
STEPS = Path(__file__).parent / "next_steps.md"
MAPPINGS = Path(__file__).parent / "mappings.md"
# A new home fills in only the area of each district. The other columns are national.
DISTRICTS = ("districts", ("district_code", "district_name", "lpa_name"))
TYPES = {
    "boolean": "`true` or `false`",
    "date": "`YYYY-MM-DD`",
    "integer": "whole number",
    "bigint": "whole number",
    "double": "number",
    "decimal": "number",
    "varchar": "text",
}


def write(home: Home, force_code: str) -> list[Path]:
    """Write the files that the home lacks, and rewrite the pages that explain them.

    An existing file in `config/` is not changed, unless it is the header alone of an
    older version.

    Returns:
        The files of `config/` that were written.
    """
    home.config.mkdir(parents=True, exist_ok=True)
    written = []
    for name, content in contents(force_code).items():
        path = home.config / f"{name}.csv"
        if not path.exists() or _is_older_header(path.read_bytes(), content):
            path.write_bytes(content)
            written.append(path)
    (home.root / README).write_text(page(force_code), encoding="utf-8")
    home.mappings.mkdir(exist_ok=True)
    (home.mappings / README).write_bytes(MAPPINGS.read_bytes())
    return written


def _is_older_header(there: bytes, content: bytes) -> bool:
    lines = there.strip().splitlines()
    return len(lines) < 2 and there != content and content.count(b"\n") == 1


def contents(force_code: str) -> dict[str, bytes]:
    """Return the name of each file → its header, and rows known for the force
    already.
    """
    found = {layers.ONLY_MINE: files.csv_bytes((layers.COLUMN,), [])}
    for seed in owned():
        header = tuple(column.name for column in seed.columns)
        rows: list[tuple[str, ...]] = []
        if seed.name == DISTRICTS[0]:
            header = DISTRICTS[1]
            rows = [
                tuple(row[name] for name in header)
                for row in configuration.rows(seed.name)
                if row["force_code"] == force_code and not row["became_code"]
            ]
        found[seed.name] = files.csv_bytes(header, rows)
    return found


def page(force_code: str) -> str:
    """Return the next steps, and the meaning of each file of `config/` and its
    columns.
    """
    steps = STEPS.read_text(encoding="utf-8").replace("{force_code}", force_code)
    return "\n\n".join([steps.strip(), *(_section(seed) for seed in owned())]) + "\n"


def owned() -> list[Seed]:
    """Return the seeds that a force may change, in the order of their declarations."""
    declared = declarations.read(settings.SEEDS).values()
    return [seed for seed in declared if seed.is_of_a_force]


def _section(seed: Seed) -> str:
    count = len(files.read(settings.SEEDS, seed.name).rows)
    have = "is 1 default row" if count == 1 else f"are {count or 'no'} default rows"
    key = ", ".join(f"`{name}`" for name in seed.key)
    does = "takes the place of the default row with the same"
    if seed.has_fixed_rows:
        does += f" {key}; rows cannot be added"
        if seed.but_new_rows_with:
            does += f" unless they fill in `{seed.but_new_rows_with}`"
    else:
        does += f" {key}, or is added"
    lines = [
        f"### {seed.name}.csv",
        "",
        f"{descriptions.plain(seed.description)} There {have}. Your row {does}.",
        "",
        "| column | what it is | what to write | required |",
        "|---|---|---|---|",
        *(_line(column) for column in seed.columns),
    ]
    return "\n".join(lines)


def _line(column: Column) -> str:
    cells = (
        f"`{column.name}`",
        descriptions.plain(column.description),
        _what_to_write(column),
        "yes" if column.is_required else "",
    )
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _what_to_write(column: Column) -> str:
    if column.names:
        words = f"a `{column.names.column}` of `{column.names.seed}.csv`"
        if column.names.separator:
            words += f", or several, separated by `{column.names.separator}`"
        return words
    if column.accepted:
        return ", ".join(f"`{value}`" for value in column.accepted)
    return TYPES.get(column.type.split("(")[0], "text")
