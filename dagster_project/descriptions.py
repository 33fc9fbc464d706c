"""Resolves the references to dbt's doc blocks in descriptions from YAML."""

import re
from functools import cache

from dagster_project import settings

BLOCKS = settings.DBT_PROJECT / "models" / "docs.md"
BLOCK = re.compile(r"{% docs (\w+) %}(.*?){% enddocs %}", re.DOTALL)
REFERENCE = re.compile(r"{{ doc\('(\w+)'\) }}")


def plain(description: str) -> str:
    """Return a description in one line, with the texts of its doc blocks."""
    found = REFERENCE.sub(lambda match: blocks()[match[1]], description)
    return " ".join(found.split())


@cache
def blocks() -> dict[str, str]:
    """Return the text of each doc block, by name."""
    text = BLOCKS.read_text(encoding="utf-8")
    return {name: block.strip() for name, block in BLOCK.findall(text)}
