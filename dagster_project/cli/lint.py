"""`strandline lint`: checks the seeds, the SQL, and Dagster's definitions."""

import argparse
import subprocess

from dagster_project import configuration, settings
from dagster_project.cli import programs

HELP = "check seeds, SQL and Dagster's definitions"


def add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("paths", nargs="+", help="SQL files or folders to check")


def run(options: argparse.Namespace) -> int:
    configuration.refuse_mistakes()
    settings.configure()
    sqlfluff = subprocess.run(
        [programs.path_of("sqlfluff"), "lint", "--processes", "2", *options.paths],
        env=settings.environment_to_lint(),
        check=False,
    )
    settings.prepare_dagster()
    checked = subprocess.run(
        [programs.path_of("dg"), "check", "defs"], cwd=settings.REPOSITORY, check=False
    )
    return sqlfluff.returncode or checked.returncode
