"""The command line behind the Makefile: `python -m dagster_project --help`."""

import argparse
import atexit
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
FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
NOT_ALLOWED = (errno.EACCES, errno.EPERM, errno.EROFS)
BY = {signal.SIGINT: "Ctrl-C", signal.SIGTERM: "a request to end (SIGTERM)"}
STOPPED = (
    "stopped by {}. The last published version and its packs are whole; the same"
    " command again takes up every delivery that this run did not."
)


def main(arguments: list[str] | None = None) -> int:
    """Run one command.

    Returns:
        0 where it succeeded, 2 (`inspect`: 3) with one sentence where it did not, and
        what a shell says of a program that a signal has ended (130 for Ctrl-C, 143 for
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
    from dagster_project.typed import may_read, nearest

    where = error.filename or "a file of the data home"
    elsewhere = "or name another data home with DATA=path/to/home"
    if error.errno in FULL:
        remedy = f"Make room on the disk, {elsewhere}"
    elif error.errno not in NOT_ALLOWED:
        remedy = f"Correct that, {elsewhere}"
    elif isinstance(where, str) and not may_read(nearest(Path(where))):
        remedy = "Give this user the right to read it"
    else:
        remedy = f"Give this user the right to write there, {elsewhere}"
    return f"{where}: {error.strerror}. {remedy}."


class _MisunderstoodError(Exception):
    """A command line that is not understood: one sentence."""


class _Parser(argparse.ArgumentParser):
    """One that says in one sentence what it does not understand."""

    def error(self, message: str) -> NoReturn:
        raise _MisunderstoodError(f"{message}. {self.prog} --help lists what there is.")


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="python -m dagster_project")
    commands = parser.add_subparsers(dest="command", required=True)

    report = commands.add_parser("report", help="ingest, build, publish, make the pack")
    report.add_argument("--quarter", default=DEFAULT_QUARTER, metavar="2021-22-q2")
    report.add_argument("--data", help="data home; the demonstration's if none")
    report.add_argument("--archive", help="archive of data.police.uk")
    report.add_argument("--force", help="force code, as in seeds/forces.csv")
    report.add_argument("--as-at", help="a past day, to its end, or a past second")

    for name, help_text in (
        ("publish", "freeze the quarter's pack and what it was made from"),
        ("verify", "make a publication again, from its own inputs"),
    ):
        command = commands.add_parser(name, help=help_text)
        command.add_argument("--quarter", default=DEFAULT_QUARTER, metavar="2021-22-q2")
        command.add_argument("--data", help="data home")
    command.add_argument("--version", help="the latest if not said")

    explain = commands.add_parser("explain", help="the records behind a figure")
    explain.add_argument(
        "--figure", required=True, metavar="rolling_12_months/hate_crime/difference"
    )
    explain.add_argument("--quarter", default=DEFAULT_QUARTER, metavar="2021-22-q2")
    explain.add_argument("--data", help="data home; the demonstration's if none")
    explain.add_argument("--force", help="where several forces have the figure")
    explain.add_argument("--as-at", help="a past moment that was reported")
    explain.add_argument("--records", default=10, help="how many are shown")
    explain.add_argument("--csv", help="write all of them to this file")

    demo = commands.add_parser("demo", help="write the demonstration extracts")
    demo.add_argument("--data", default=str(paths.DEMONSTRATION_HOME))
    demo.add_argument("--crimes", help="how many, instead of a real force's")
    demo.add_argument("--format", default="csv", choices=["csv", "csv.gz", "parquet"])

    dev = commands.add_parser("dev", help="Dagster's pages on this machine")
    dev.add_argument("--data", help="data home; the demonstration's if none")
    dev.add_argument("--force", help="force code, as in seeds/forces.csv")
    dev.add_argument("--as-at", help="a past day, to its end, or a past second")
    dev.add_argument("--port", default="3000")
    dev.set_defaults(archive=None)

    release = commands.add_parser("release", help="take a delivery that is held")
    release.add_argument("--data", help="data home")
    release.add_argument("--load", required=True, help="its load id")
    release.add_argument("--by", help="who has decided it; this user if not said")

    inspect = commands.add_parser("inspect", help="what would happen to a file")
    inspect.add_argument("file", help="the file, wherever it lies")
    inspect.add_argument("--extract", required=True, help="as in seeds/extracts.csv")
    inspect.add_argument("--data", help="the home that it is meant for")
    inspect.add_argument("--json", action="store_true", help="counts, for programs")

    commands.add_parser("prepare", help="what set-up does once, for the first run")

    commands.add_parser("docs", help="write the pages that are made from declarations")

    lint = commands.add_parser("lint", help="seeds, sqlfluff, Dagster's definitions")
    lint.add_argument("paths", nargs="+")
    return parser


def _leave(code: int) -> NoReturn:
    """End without Python's tidying up of every object.

    It takes seconds, and DuckDB's module then lists on the terminal what it still held.
    """
    atexit._run_exitfuncs()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


if __name__ == "__main__":
    _leave(main())
