"""The program `strandline`: it runs a command and gives each failure a sentence."""

import errno
import json
import os
import signal
import sys
import traceback
from pathlib import Path

from dagster_project import interruptions

KNOWN_FAILURE = 2
# `inspect` could not look at the file; with 2 it says that the file would be refused.
CANNOT_TELL = 3
# As a shell says of a program that writes to a pipe which nobody reads.
ENDED_BY_READER = 128 + signal.SIGPIPE
NOT_ALLOWED = (errno.EACCES, errno.EPERM, errno.EROFS)
BY = {signal.SIGINT: "Ctrl-C", signal.SIGTERM: "a request to end (SIGTERM)"}
STOPPED = (
    "stopped by {}. The last published version is complete. A pack that this run did"
    " not finish is as it was before, or not there. Run the same command again: it does"
    " what this run did not do."
)


def main(argv: list[str] | None = None) -> int:
    """Run one command.

    Returns:
        0 if it succeeded, 2 (`inspect`: 3) with one sentence if it failed, and what a
        shell returns for a program that a signal has ended (130 for Ctrl-C, 143 for
        SIGTERM).
    """
    words = sys.argv[1:] if argv is None else argv
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
    # They take seconds to import, and whoever stops the program meanwhile is answered.
    from dagster_project.cli import arguments, commands
    from dagster_project.errors import DeliveryError
    from reports.pack import PackError

    try:
        options = commands.parser().parse_args(words)
        arguments.check(options)
        code = commands.COMMANDS[options.command].run(options)
        sys.stdout.flush()
        return code, ""
    except (DeliveryError, PackError, commands.MisunderstoodError) as error:
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
    from dagster_project.cli.arguments import may_read, nearest

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
