"""The commands by name, and the parser of their options."""

import argparse
from typing import NoReturn

from dagster_project.cli import (
    accept,
    check_config,
    demo,
    dev,
    docs,
    erase,
    explain,
    inspect,
    lineage,
    lint,
    parquet,
    prepare,
    publish,
    report,
    sql,
    start,
    verify,
)

# In the order of `--help`.
COMMANDS = {
    "start": start,
    "check-config": check_config,
    "report": report,
    "publish": publish,
    "verify": verify,
    "explain": explain,
    "sql": sql,
    "lineage": lineage,
    "parquet": parquet,
    "demo": demo,
    "dev": dev,
    "accept": accept,
    "erase": erase,
    "inspect": inspect,
    "prepare": prepare,
    "docs": docs,
    "lint": lint,
}


class MisunderstoodError(Exception):
    """A command line with a mistake; the message is one sentence."""


class _Parser(argparse.ArgumentParser):
    """A parser that explains a mistake in one sentence."""

    def error(self, message: str) -> NoReturn:
        raise MisunderstoodError(
            f"{message}. Run {self.prog} --help to see what is possible."
        )


def parser() -> argparse.ArgumentParser:
    """Return the parser of the command line."""
    program = _Parser(prog="strandline")
    commands = program.add_subparsers(dest="command", required=True)
    for name, command in COMMANDS.items():
        description = f"{command.HELP[0].upper()}{command.HELP[1:]}."
        options = commands.add_parser(name, help=command.HELP, description=description)
        command.add_options(options)
    return program
