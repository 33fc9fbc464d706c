"""`strandline sql`: a prompt in the terminal for questions to the published file."""

import argparse
import contextlib
import sys
from collections.abc import Iterator

import duckdb

from dagster_project import settings
from dagster_project.cli import options as shared
from dagster_project.stores import SETTINGS, readable, sql_text
from dagster_project.warehouse import restricted, snapshot

HELP = "ask the published file in SQL, in the terminal"
HELLO = """The published marts, read-only. End a question with a semicolon, for example:
  select measure_name, measure_unit from marts.dim_measures;
  describe marts.fct_crimes;
Leave with Ctrl-D. docs/questions.md has questions to begin with."""
IDS = "You may also read the ids of the keys: restricted.keys."
MOST_ROWS = 100


def add_options(parser: argparse.ArgumentParser) -> None:
    shared.add_data(parser)
    parser.add_argument("--as-at", help="a past date or time that has been reported")


def run(options: argparse.Namespace) -> int:
    home = settings.configure(options.data, as_at=options.as_at)
    with snapshot.reading(home):
        pass
    with contextlib.suppress(ImportError):
        import readline  # noqa: F401  # Arrow keys and history at the prompt.
    if sys.stdin.isatty():
        print(HELLO)
    with (
        readable(home.current, snapshot.REPLACED),
        duckdb.connect(config=SETTINGS) as connection,
    ):
        current = sql_text(home.current)
        connection.execute(f"attach {current} as strandline (read_only)")
        connection.execute("use strandline")
        if restricted.attach(home, connection) and sys.stdin.isatty():
            print(IDS)
        for question in _questions():
            _answer(connection, question)
    return 0


def _questions() -> Iterator[str]:
    """What is typed up to each semicolon at a line's end, and at the end of it all."""
    lines: list[str] = []
    prompts = ("sql> ", "...> ") if sys.stdin.isatty() else ("", "")
    while True:
        try:
            lines.append(input(prompts[bool(lines)]))
        except EOFError:
            break
        except KeyboardInterrupt:
            print()
            lines = []
            continue
        if lines[-1].rstrip().endswith(";"):
            yield "\n".join(lines)
            lines = []
    if "".join(lines).strip():
        yield "\n".join(lines)


def _answer(connection: duckdb.DuckDBPyConnection, question: str) -> None:
    """Print the answer, or what is wrong with the question."""
    try:
        answer = connection.sql(question)
        if answer is not None:
            answer.show(max_rows=MOST_ROWS)
    except (
        duckdb.ProgrammingError,
        duckdb.DataError,
        duckdb.NotSupportedError,
    ) as error:
        print(error)
