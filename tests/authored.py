"""Converts Markdown to what an author wrote, in the form that the report reads."""

from reports.authors_markdown import blocks_of
from reports.outline import Authored


def authored(text: str) -> tuple[Authored, ...]:
    return tuple(block for _, block in blocks_of(text.split("\n")))
