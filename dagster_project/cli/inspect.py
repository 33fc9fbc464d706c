"""`strandline inspect`: what a run would do with a file, without changing anything."""

import argparse
import json
import tempfile
from pathlib import Path

from dagster_project import configuration, inspection, settings, stores
from dagster_project.cli import home as homes
from dagster_project.cli import options as shared
from dagster_project.errors import DeliveryError
from dagster_project.inspection import proposal, words
from dagster_project.intake.mapping.declared import SUFFIX
from dagster_project.settings import Home

HELP = "show what a run would do with a file"
# What it ends with where the file would be refused, or held or stop the run.
REFUSED = 2
NOT_TAKEN = 1


def add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", help="path of the file to check")
    parser.add_argument(
        "--extract", required=True, help="extract name from seeds/force/extracts.csv"
    )
    parser.add_argument(
        "--data", help="data home to which it would be delivered (default: none)"
    )
    parser.add_argument(
        "--propose",
        nargs="?",
        const="yes",
        help="write a draft of a mapping into the data home, if `yes`",
    )
    parser.add_argument("--json", action="store_true", help="print counts as JSON")


def run(options: argparse.Namespace) -> int:
    """What would happen to a file.

    Returns:
        0 where it would be taken, 1 where it would be held or stop the run, 2 where it
        would be refused.
    """
    home = Home(options.data.resolve()) if options.data else None
    if options.propose:
        return _propose(options, home)
    if home:
        homes.refuse_mistakes(home)
    else:
        configuration.refuse_mistakes()
    with tempfile.TemporaryDirectory(prefix="strandline_inspect_") as folder:
        scratch = settings.configure(Path(folder) / "home")
        if home:
            _configure_like(home, scratch)
        outcome = inspection.inspect(options.file, options.extract, scratch, home)
    if options.json:
        print(json.dumps(outcome.counts(), ensure_ascii=False))
    else:
        print("\n".join(words.in_words(outcome, home is not None)))
    if outcome.refused:
        return REFUSED
    return 0 if outcome.is_taken else NOT_TAKEN


def _propose(options: argparse.Namespace, home: Home | None) -> int:
    """Write a draft of a mapping, and say what is left to decide.

    Raises:
        DeliveryError: no home is named, or no draft can be made.
    """
    if home is None:
        raise DeliveryError(
            "PROPOSE=yes writes a draft into a data home: name it with"
            " DATA=path/to/home."
        )
    configuration.refuse_mistakes(configs=home.configs)
    contract = inspection.contract_of(options.file, options.extract, home)
    draft = proposal.write(options.file, contract, home)
    name = f"{options.extract}{SUFFIX}"
    print(f"A draft of the mapping is in {shared.short(draft.path)}.")
    print(f"  {draft.columns} columns, {draft.undecided} lines to decide")
    print(f"\nDecide what says DECIDE, check the rest, and rename it to {name}.")
    print(f"Then: make check-config DATA={shared.short(home.root)}")
    return 0


def _configure_like(home: Home, scratch: Home) -> None:
    """Give the scratch home the configuration by which the file would be judged."""
    if home.config.is_dir():
        stores.copy_whole(home.config, scratch.config)
    if home.is_demonstration:
        mark = settings.DEMONSTRATION_MARK
        stores.copy_whole(home.landing / mark, scratch.landing / mark)
