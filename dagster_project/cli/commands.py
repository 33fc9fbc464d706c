"""The commands by name, and the parser of their options."""

import argparse
from typing import NoReturn

from dagster_project.cli import (
    accept,
    backup,
    check_config,
    demo,
    dev,
    docs,
    erase,
    explain,
    inspect,
    lineage,
    lint,
    pack,
    parquet,
    password,
    pdf,
    prepare,
    publish,
    report,
    restore,
    sql,
    start,
    up,
    verify,
)

# When each command is of use, with an example of its options; in the order of `--help`.
GUIDE = {
    "First steps": {
        "start": "--force kent --data my_home",
        "inspect": "export.csv --extract crimes --data my_home --propose",
        "check-config": "--data my_home",
        "demo": "--data demo_home --crimes 100000",
        "password": "--name ada --data my_home",
    },
    "Each day": {
        "up": "--data my_home",
        "report": "--data my_home",
        "dev": "--data my_home",
        "sql": "--data my_home",
        "parquet": "--data my_home",
        "backup": "backup.zip --data my_home",
    },
    "Each quarter": {
        "report": "--data my_home --quarter 2021-22-q2",
        "pack": "--data my_home --quarter 2021-22-q2",
        "pdf": "--data my_home --quarter 2021-22-q2",
        "publish": "--data my_home --quarter 2021-22-q2",
        "verify": "--data my_home --quarter 2021-22-q2 --version 1",
    },
    "When something is wrong": {
        "explain": "--data my_home --figure hate_crime/12m-2021-09/count",
        "inspect": "my_home/landing/crimes/crimes_20211117T060000.csv --extract crimes"
        " --data my_home",
        "accept": "--data my_home --load 7 --by 'A. Smith'",
        "report": "--data my_home --quarter 2021-22-q2 --as-at 2021-11-17",
        "lineage": "--data my_home",
        "restore": "backup.zip --data new_home",
        "erase": "--data my_home --crime C0000123 --reason 'court order'",
    },
    "For those who change Strandline": {
        "prepare": "",
        "docs": "",
        "lint": "dbt_project/models",
    },
}
COMMANDS = {
    "start": start,
    "check-config": check_config,
    "report": report,
    "pack": pack,
    "pdf": pdf,
    "publish": publish,
    "verify": verify,
    "explain": explain,
    "sql": sql,
    "lineage": lineage,
    "parquet": parquet,
    "demo": demo,
    "dev": dev,
    "up": up,
    "password": password,
    "accept": accept,
    "erase": erase,
    "backup": backup,
    "restore": restore,
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
    program = _Parser(
        prog="strandline",
        usage="strandline COMMAND [options]",
        description=_guide(),
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog="strandline COMMAND --help has the options of a command.",
    )
    # Without `help`, argparse lists no command: the guide does.
    commands = program.add_subparsers(
        dest="command",
        required=True,
        metavar="COMMAND",
        prog="strandline",
        help=argparse.SUPPRESS,
    )
    for name, command in COMMANDS.items():
        description = f"{command.HELP[0].upper()}{command.HELP[1:]}."
        options = commands.add_parser(name, description=description)
        command.add_options(options)
    return program


def examples() -> list[str]:
    """The examples of `--help`, each as it is typed."""
    return [
        f"strandline {name} {options}".strip()
        for commands in GUIDE.values()
        for name, options in commands.items()
    ]


def _guide() -> str:
    """What each command does, by when it is of use, with an example of each."""
    lines = ["Make a police force's quarterly report from what its systems export."]
    for when, commands in GUIDE.items():
        lines += ["", f"{when}:"]
        for name, options in commands.items():
            lines.append(f"  {name:<14}{COMMANDS[name].HELP}")
            lines.append(f"  {'':<14}strandline {name} {options}".rstrip())
    return "\n".join(lines)
