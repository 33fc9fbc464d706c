"""`strandline password`: gives a person a password for Dagster's pages."""

import argparse
import getpass
import sys

from dagster_project import settings
from dagster_project.cli import options as shared
from dagster_project.errors import DeliveryError
from dagster_project.service import passwords

HELP = "set the password with which a person opens Dagster's pages"


def add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--name", required=True, help="the person's name, such as ada")
    shared.add_data(parser)


def run(options: argparse.Namespace) -> int:
    """Ask for the password twice; from a pipe, read it once."""
    home = settings.configure(options.data or settings.DEMONSTRATION_HOME)
    passwords.check_name(options.name)
    ask(home, options.name)
    print(f"{options.name} may open Dagster's pages of {shared.short(home.root)}.")
    return 0


def ask(home: settings.Home, name: str) -> None:
    """Set the password of a name to what is typed.

    Raises:
        DeliveryError: the two were not the same, or are too short.
    """
    if sys.stdin.isatty():
        password = getpass.getpass(f"Password for {name}: ")
        if getpass.getpass("The same again: ") != password:
            raise DeliveryError("The two passwords are not the same. Try again.")
    else:
        password = sys.stdin.readline().rstrip("\n")
    passwords.set_password(home, name, password)
