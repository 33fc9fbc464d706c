"""Analysts who read the published file again and again, each in a process."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

# Each round opens the file anew and asks for the number of its version in several
# tables, twice. They all have one number, if no version is mixed with another.
READER = """
import json, sys, time
from pathlib import Path
import duckdb

current, stop, *questions = sys.argv[1:]
rounds, errors, mixed, versions = 0, [], 0, []
while True:
    is_last = Path(stop).exists()
    try:
        with duckdb.connect(current, read_only=True) as reader:
            found = {
                reader.execute(asked).fetchall()[0][0] for asked in questions * 2
            }
        mixed += len(found) > 1
        versions += sorted(found - set(versions))
    except duckdb.Error as error:
        errors.append(str(error))
    rounds += 1
    time.sleep(0.3)
    if rounds == 1:
        print("reads", flush=True)
    if is_last:
        break
print(json.dumps([rounds, errors, mixed, versions]))
"""


@dataclass(frozen=True)
class Seen:
    """What a reader saw: its rounds, the errors, mixed versions, and all versions."""

    rounds: int
    errors: list[str]
    mixed: int
    versions: list[int]


@dataclass(frozen=True)
class Readers:
    """Running readers, and what those that went on to the end have seen."""

    processes: list[subprocess.Popen]
    seen: list[Seen]

    def kill_one(self) -> None:
        """Kill one of them in the middle of what it is doing."""
        killed = self.processes.pop()
        killed.kill()
        killed.communicate()


@contextmanager
def reading(
    current: Path, stop: Path, *questions: str, count: int
) -> Iterator[Readers]:
    """Have readers ask for as long as the context lasts, and once more after it."""
    command = [sys.executable, "-c", READER, str(current), str(stop), *questions]
    processes = [
        subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        for _ in range(count)
    ]
    readers = Readers(processes, [])
    try:
        for process in processes:
            assert process.stdout.readline() == "reads\n"
        yield readers
        stop.touch()
        for process in readers.processes:
            readers.seen.append(Seen(*json.loads(process.communicate()[0])))
    finally:
        for process in readers.processes:
            process.kill()
            process.wait()


@contextmanager
def writer(current: Path) -> Iterator[subprocess.Popen]:
    """A client that has opened the file without `read_only`, by mistake."""
    opened = f"import duckdb, sys; c = duckdb.connect({str(current)!r}); print('open')"
    with subprocess.Popen(
        [sys.executable, "-c", f"{opened}; sys.stdout.flush(); sys.stdin.readline()"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as client:
        yield client
        client.communicate("\n")
