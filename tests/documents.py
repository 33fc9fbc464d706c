"""Reads the documentation pages: their queries, commands, links and names.

`python -m tests.documents DATABASE` runs every query of the pages on the
demonstration's published file, and writes the answers below the queries.
"""

import re
import sys
from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent, indent

import duckdb

from dagster_project.settings import Home
from dagster_project.warehouse import restricted

ROOT = Path(__file__).parents[1]
README, DOCS = ROOT / "README.md", ROOT / "docs"
# These two pages are generated from declarations (tests/test_documentation.py).
MADE = ("what_to_send_us.md", "data_dictionary.md")
WRITTEN = [page for page in sorted(DOCS.glob("*.md")) if page.name not in MADE]
PAGES = [README, ROOT / "CONTRIBUTING.md", *WRITTEN]
FENCE = re.compile(r"^( *)```(\w*)\n(.*?)^\1```\n", re.MULTILINE | re.DOTALL)
QUERY = re.compile(
    r"^( *)```sql\n(.*?)^\1```\n\n((?:\1\|[^\n]*\n)*)", re.MULTILINE | re.DOTALL
)
INDENTED = re.compile(r"(?<=\n\n)(?: {4}\S.*\n)+")
INLINE = re.compile(r"`((?:make|\.venv/bin/\w+) [^`]+)`")
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
LINK = re.compile(r"\]\(((?!https?:)[^)\s]+)\)")


@dataclass(frozen=True)
class Query:
    """A query of a page; its answer is the printed Markdown table, or empty."""

    page: str
    sql: str
    answer: str

    @property
    def is_of_open_data(self) -> bool:
        return "open_crimes" in self.sql


def queries(page: Path) -> list[Query]:
    """Return every query of a page, in order, without SQL of dbt models."""
    return [
        Query(page.name, dedent(sql), dedent(answer))
        for _, sql, answer in QUERY.findall(page.read_text("utf-8"))
        if "{{" not in sql
    ]


def prose(page: Path) -> str:
    """Return a page without its fenced blocks."""
    return FENCE.sub("", page.read_text("utf-8"))


def commands(page: Path) -> list[str]:
    """Return every command of a page."""
    return commands_of(page.read_text("utf-8"))


def commands_of(markdown: str) -> list[str]:
    """Return the commands of a text: lines of indented blocks, and commands in
    sentences.

    A command that continues in the next line is one command.
    """
    found: list[str] = []
    text = FENCE.sub("", markdown)
    for block in INDENTED.findall(text):
        for line in dedent(block).splitlines():
            if found and (found[-1].count('"') % 2 or found[-1].endswith("\\")):
                found[-1] = f"{found[-1].removesuffix(chr(92))}\n{line}"
            else:
                found.append(line)
    return found + [" ".join(each.split()) for each in INLINE.findall(text)]


def anchors(page: Path) -> set[str]:
    """Return the anchors of a page's headings, in GitHub's form."""
    plain = [re.sub(r"[^\w\s-]", "", h.lower()) for h in HEADING.findall(prose(page))]
    return {heading.strip().replace(" ", "-") for heading in plain}


def ask(database: Path, sql: str) -> str:
    """Return the answer of a published file, as `make sql` has it, as Markdown."""
    with duckdb.connect(str(database), read_only=True) as connection:
        restricted.attach(Home(database.parent.parent), connection)
        return answer(connection, sql)


def answer(connection: duckdb.DuckDBPyConnection, sql: str) -> str:
    """The answer to a query, as a Markdown table."""
    result = connection.execute(sql)
    header = [column[0] for column in result.description]
    rows = [["" if v is None else str(v) for v in row] for row in result.fetchall()]
    lines = [header, ["---"] * len(header), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def main(database: Path) -> None:
    """Write the answers of `database` into every page."""

    def answered(found: re.Match[str]) -> str:
        space, sql, printed = found.groups()
        if not printed or Query("", sql, printed).is_of_open_data:
            return found[0]
        made = indent(ask(database, dedent(sql)), space)
        return f"{space}```sql\n{sql}{space}```\n\n{made}"

    for page in PAGES:
        page.write_text(QUERY.sub(answered, page.read_text("utf-8")), "utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
