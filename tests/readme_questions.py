"""The questions of README.md and docs/questions.md: read, asked, written as Markdown.

`python -m tests.readme_questions DATABASE` writes the answers into both anew.
"""

import re
import sys
from dataclasses import dataclass
from pathlib import Path

import duckdb

README = Path(__file__).parents[1] / "README.md"
QUESTIONS = README.parent / "docs" / "questions.md"
QUESTION = re.compile(r"(\d+\. .+)\n\n```sql\n([^`]+)```\n\n((?:\|.*\n)*)")


@dataclass(frozen=True)
class Question:
    """A question as its page prints it; the answer is a Markdown table."""

    words: str
    sql: str
    answer: str


def questions(page: Path = README) -> list[Question]:
    """Every question of a page, in order."""
    return [Question(*found) for found in QUESTION.findall(page.read_text("utf-8"))]


def ask(database: Path, sql: str) -> str:
    """The answer of a published file, as a Markdown table."""
    with duckdb.connect(str(database), read_only=True) as connection:
        result = connection.execute(sql)
        header = [column[0] for column in result.description]
        rows = [["" if v is None else str(v) for v in row] for row in result.fetchall()]
    lines = [header, ["---"] * len(header), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def main(database: Path) -> None:
    """Write the answers of `database` into the pages."""

    def answered(found: re.Match[str]) -> str:
        return f"{found[1]}\n\n```sql\n{found[2]}```\n\n{ask(database, found[2])}"

    for page in (README, QUESTIONS):
        page.write_text(QUESTION.sub(answered, page.read_text("utf-8")), "utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
