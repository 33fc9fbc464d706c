"""`strandline dev`: starts Dagster's pages for one developer, without a password."""

import argparse
import os
from typing import NoReturn

from dagster_project import locks, runs, settings
from dagster_project.cli import home as homes
from dagster_project.cli import options as shared
from dagster_project.cli import programs

HELP = "open Dagster on this machine, for one developer: there is no password"


def add_options(parser: argparse.ArgumentParser) -> None:
    shared.add_data(parser)
    parser.add_argument("--force", help=shared.FORCE)
    parser.add_argument("--as-at", help=shared.AS_AT)
    parser.add_argument(
        "--port", default="3000", help="port on 127.0.0.1 (default: %(default)s)"
    )
    parser.set_defaults(archive=None)


def run(options: argparse.Namespace) -> NoReturn:
    """Replace this process by `dg dev`, on the loopback address only."""
    home = homes.configured(options)
    homes.refuse_mistakes(home)
    with locks.alone(home):
        homes.deliver(home, options)
        runs.close_dead()
    print(f"data home: {shared.short(home.work)}", flush=True)
    settings.prepare_dagster()
    # `dg` reads `.env` in its current folder. The repository's names the
    # demonstration's home, so start it elsewhere.
    os.chdir(home.work)
    what = ("--module-name", "dagster_project.definitions")
    address = ("--host", "127.0.0.1", "--port", options.port)
    # Replaces this process, so that a signal to it ends Dagster.
    os.execv(programs.path_of("dg"), ["dg", "dev", *what, *address])
