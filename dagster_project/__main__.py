"""The command line behind the Makefile: `.venv/bin/strandline --help`."""

import argparse
import errno
import json
import os
import signal
import sys
import traceback
from pathlib import Path
from typing import NoReturn

from dagster_project import interruptions, paths

DEFAULT_QUARTER = "2021-22-q2"
KNOWN_FAILURE = 2
# `inspect` could not look at the file; with 2 it says that the file would be refused.
CANNOT_TELL = 3
# As a shell says of a program that writes to a pipe which nobody reads.
ENDED_BY_READER = 128 + signal.SIGPIPE
NOT_ALLOWED = (errno.EACCES, errno.EPERM, errno.EROFS)
FORCE = "force code, as in seeds/forces.csv (default: the force of the data home)"
AS_AT = (
    "a past date (to the end of that day) or time, such as 2021-11-17 (default: now)"
)
BY = {signal.SIGINT: "Ctrl-C", signal.SIGTERM: "a request to end (SIGTERM)"}
STOPPED = (
    "stopped by {}. The last published version and its packs are complete. Run the same"
    " command again to load the deliveries that this run did not load."
)


def main(arguments: list[str] | None = None) -> int:
    """Run one command.

    Returns:
        0 if it succeeded, 2 (`inspect`: 3) with one sentence if it failed, and what a
        shell returns for a program that a signal has ended (130 for Ctrl-C, 143 for
        SIGTERM).
    """
    words = sys.argv[1:] if arguments is None else arguments
    is_inspect = words[:1] == ["inspect"]
    with interruptions.noted():
        try:
            code, sentence = _run(words)
        except BaseException as error:
            code, sentence = KNOWN_FAILURE, ""
            if interruptions.received() is None:
                # Python would end with 1, which says that the file would be held.
                if not (is_inspect and isinstance(error, Exception)):
                    raise
                traceback.print_exc()
                sentence = f"an error in the program: {error!r}"
        asked = interruptions.received()
    if asked is not None and code == KNOWN_FAILURE:
        code, sentence = 128 + asked, STOPPED.format(BY[asked])
    elif is_inspect and sentence:
        code = CANNOT_TELL
    if sentence:
        print(f"\nstrandline: {sentence}", file=sys.stderr)
        if is_inspect and "--json" in words:
            print(json.dumps({"error": sentence}, ensure_ascii=False))
    return code


def _run(words: list[str]) -> tuple[int, str]:
    """The exit code, and the sentence of a failure that is known."""
    from dagster_project import commands, typed
    from dagster_project.sources.register import DeliveryError
    from reports.pack import PackError

    try:
        options = _parser().parse_args(words)
        typed.check(options)
        code = getattr(commands, options.command)(options)
        sys.stdout.flush()
        return code, ""
    except (DeliveryError, PackError, _MisunderstoodError) as error:
        return KNOWN_FAILURE, str(error)
    except BrokenPipeError:
        # Whoever read this has what they want (`make explain … | head`).
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return ENDED_BY_READER, ""
    except OSError as error:
        return KNOWN_FAILURE, _of_the_system(error)


def _of_the_system(error: OSError) -> str:
    """What the system refused, and what to do."""
    from dagster_project import stores
    from dagster_project.typed import may_read, nearest

    where = error.filename or "a file of the data home"
    elsewhere = "or name another data home with DATA=path/to/home"
    if stores.is_full(error):
        remedy = f"Make room on the disk, {elsewhere}"
    elif error.errno not in NOT_ALLOWED:
        remedy = f"Correct that, {elsewhere}"
    elif isinstance(where, str) and not may_read(nearest(Path(where))):
        remedy = "Give this user the right to read it"
    else:
        remedy = f"Give this user the right to write there, {elsewhere}"
    return f"{where}: {error.strerror or error}. {remedy}."


class _MisunderstoodError(Exception):
    """A command line that is not understood: one sentence."""


class _Parser(argparse.ArgumentParser):
    """A parser that explains a mistake in one sentence."""

    def error(self, message: str) -> NoReturn:
        raise _MisunderstoodError(
            f"{message}. Run {self.prog} --help to see what is possible."
        )


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="strandline")
    commands = parser.add_subparsers(dest="command", required=True)

    report = _add(commands, "report", "load, build and publish the data, make the pack")
    _add_quarter(report)
    _add_data(report)
    report.add_argument("--archive", help="an archive of data.police.uk: zip or folder")
    report.add_argument("--force", help=FORCE)
    report.add_argument("--as-at", help=AS_AT)

    publish = _add(commands, "publish", "save the quarter's pack as a new publication")
    _add_quarter(publish)
    _add_data(publish)

    verify = _add(commands, "verify", "make a publication again and compare the two")
    _add_quarter(verify)
    _add_data(verify)
    verify.add_argument("--version", help="version number (default: the latest)")

    explain = _add(commands, "explain", "show the records that a figure counts")
    explain.add_argument(
        "--figure",
        required=True,
        metavar="rolling_12_months/hate_crime/difference",
        help="name of the figure, as in reporting.rpt_figures",
    )
    _add_quarter(explain)
    _add_data(explain)
    explain.add_argument("--force", help="force code, if several have the figure")
    explain.add_argument("--as-at", help="a past date or time that has been reported")
    explain.add_argument(
        "--records", default=10, help="number of records shown (default: %(default)s)"
    )
    explain.add_argument("--csv", help="write all records to this CSV file")

    demo = _add(commands, "demo", "write the demonstration extracts")
    _add_data(demo)
    demo.set_defaults(data=str(paths.DEMONSTRATION_HOME))
    demo.add_argument(
        "--crimes", help="number of crimes (default: as many as the real force has)"
    )
    demo.add_argument(
        "--format",
        default="csv",
        choices=["csv", "csv.gz", "parquet"],
        help="kind of file (default: %(default)s)",
    )

    dev = _add(commands, "dev", "open Dagster on this machine")
    _add_data(dev)
    dev.add_argument("--force", help=FORCE)
    dev.add_argument("--as-at", help=AS_AT)
    dev.add_argument(
        "--port", default="3000", help="port on 127.0.0.1 (default: %(default)s)"
    )
    dev.set_defaults(archive=None)

    release = _add(commands, "release", "accept a delivery that is on hold")
    _add_data(release)
    release.add_argument("--load", required=True, help="load id of the delivery")
    release.add_argument(
        "--by", help="name of the person who decided (default: your user name)"
    )

    inspect = _add(commands, "inspect", "show what a run would do with a file")
    inspect.add_argument("file", help="path of the file to check")
    inspect.add_argument(
        "--extract", required=True, help="extract name from seeds/extracts.csv"
    )
    inspect.add_argument(
        "--data", help="data home to which it would be delivered (default: none)"
    )
    inspect.add_argument("--json", action="store_true", help="print counts as JSON")

    _add(commands, "prepare", "prepare the first run")

    _add(commands, "docs", "write the pages that are made from contracts and models")

    lint = _add(commands, "lint", "check seeds, SQL and Dagster's definitions")
    lint.add_argument("paths", nargs="+", help="SQL files or folders to check")
    return parser


def _add(commands, name: str, help_text: str) -> argparse.ArgumentParser:
    """A sub-command; its own help begins with the sentence of the list."""
    description = f"{help_text[0].upper()}{help_text[1:]}."
    return commands.add_parser(name, help=help_text, description=description)


def _add_quarter(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--quarter",
        default=DEFAULT_QUARTER,
        metavar="2021-22-q2",
        help="police year and quarter (default: %(default)s)",
    )


def _add_data(command: argparse.ArgumentParser) -> None:
    command.add_argument("--data", help="data home (default: the demonstration's)")


if __name__ == "__main__":
    sys.exit(main())
