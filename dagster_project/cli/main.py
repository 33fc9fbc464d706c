"""The program `strandline`: runs a command, and reports a failure in one sentence."""

import errno
import json
import os
import signal
import sys
import traceback
from pathlib import Path

from dagster_project import interruptions

KNOWN_FAILURE = 2
# `inspect` could not read the file. Its code 2 means that the file would be refused.
CANNOT_TELL = 3
# The code of a shell for a program whose output is no longer read (`| head`).
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
        The exit code: 0 if the command succeeded, 2 (`inspect`: 3) if it failed, 130
        after Ctrl-C, 143 after SIGTERM. Some commands have codes of their own.
    """
    words = sys.argv[1:] if argv is None else argv
    is_inspect = words[:1] == ["inspect"]
    with interruptions.noted():
        try:
            code, sentence = _run(words)
        except BaseException as error:
            code, sentence = KNOWN_FAILURE, ""
            if interruptions.received() is None:
                # Python would exit with 1, which from `inspect` means a held file.
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
    """Run the command; return its exit code and, if it failed, a sentence."""
    # Imported here because this takes seconds, and Ctrl-C must work meanwhile.
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
        # The reader has closed the pipe, as `head` does.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return ENDED_BY_READER, ""
    except OSError as error:
        return KNOWN_FAILURE, _of_the_system(error)


def _of_the_system(error: OSError) -> str:
    """Return a sentence for an error of the operating system, with a remedy."""
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
