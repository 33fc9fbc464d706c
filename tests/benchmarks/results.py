"""What a benchmark found: every round of every job, kept as JSON, and lines fitted."""

import json
import math
import statistics
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from tests.benchmarks.measuring import FailedError, Measured

OURS = "Strandline"
PLAIN = "plain DuckDB script"
PANDAS = "pandas script"
POLARS = "polars script"
USUAL = "usual project, small"
STOCK = "usual project, all our models"

WHOLE = "files to published file"
INTO_RAW = "files into raw"
DAY_WITHOUT = "a day without change"
DAY = "a day of 1,000 changes"
PACK = "the pack of a quarter"
OPEN_DATA = "open data, files to monthly mart"
SMALL_FILES = "small files into raw"
AFTER = "a day after so many deliveries"
DEMONSTRATION = "the demonstration, files to pack"
# Other programs' part of the processors from which a machine counts as shared.
SHARED = 0.05


@dataclass(frozen=True)
class Job:
    """What was done, on how many rows of which files, by whom."""

    what: str
    rows: int
    source: str
    who: str = OURS

    def __str__(self) -> str:
        return f"{self.what}, {self.rows:,} from {self.source}: {self.who}"


@dataclass
class Results:
    """Every round of every job, what was compared, and why a job has no result."""

    rounds: dict[Job, list[Measured]] = field(default_factory=dict)
    # Cells that were compared with the published file, and those that differ.
    compared: dict[Job, tuple[int, int]] = field(default_factory=dict)
    failed: dict[Job, str] = field(default_factory=dict)
    # Seconds of each question, by its number; their number of crimes.
    questions: dict[int, float] = field(default_factory=dict)
    questions_of: int = 0
    about: dict[str, Any] = field(default_factory=dict)

    def add(self, job: Job, measured: Measured) -> None:
        self.rounds.setdefault(job, []).append(measured)
        print(f"{job!s:75} {measured}", flush=True)

    def fail(self, job: Job, error: FailedError) -> None:
        self.failed[job] = str(error)
        print(f"{job!s:75} {error}", flush=True)

    def seconds(self, job: Job, of_processor: bool = False) -> float | None:
        """The median of the rounds, or None if the job has none."""
        name = "processor_seconds" if of_processor else "seconds"
        rounds = self.rounds.get(job)
        return statistics.median(getattr(r, name) for r in rounds) if rounds else None

    @property
    def is_shared(self) -> bool:
        """Whether other programs used so much of the machine that times are longer."""
        return (self.about["others"] or 0) >= SHARED

    def sizes(self, what: str, source: str, who: str = OURS) -> list[int]:
        return sorted(
            job.rows
            for job in self.rounds
            if (job.what, job.source, job.who) == (what, source, who)
        )

    def line(
        self, what: str, source: str, who: str = OURS, of_processor: bool = False
    ) -> "Line | None":
        """The line through a job's medians, or None for fewer than two sizes."""
        sizes = self.sizes(what, source, who)
        jobs = [Job(what, size, source, who) for size in sizes]
        times = [self.seconds(job, of_processor) for job in jobs]
        return fit(sizes, times) if len(sizes) > 1 else None

    def write(self, path: Path) -> None:
        jobs = [
            asdict(job)
            | {"rounds": [asdict(each) for each in self.rounds.get(job, [])]}
            | {"compared": self.compared.get(job), "failed": self.failed.get(job)}
            for job in [*self.rounds, *(self.failed.keys() - self.rounds.keys())]
        ]
        kept = {"about": self.about, "jobs": jobs, "questions_of": self.questions_of}
        text = json.dumps(kept | {"questions": self.questions}, indent=1)
        path.write_text(f"{text}\n", encoding="utf-8")


def joined(last: Results, new: Results) -> Results:
    """Return all results; what was measured again replaces what was measured before.

    Days, commits and what was left out are those of both; the machine counts as shared
    if it was in one of the runs.
    """
    about = last.about | new.about
    for name in ("day", "commit"):
        both = [*last.about[name].split(", "), new.about[name]]
        about[name] = ", ".join(dict.fromkeys(both))
    shared = [last.about["others"], new.about["others"]]
    about["others"] = None if None in shared else max(shared)
    again = new.rounds.keys() | new.failed.keys()

    def kept(before: dict[Job, Any], now: dict[Job, Any]) -> dict[Job, Any]:
        return {job: each for job, each in before.items() if job not in again} | now

    asked = new if new.questions else last
    return Results(
        kept(last.rounds, new.rounds),
        kept(last.compared, new.compared),
        kept(last.failed, new.failed),
        asked.questions,
        asked.questions_of,
        about,
    )


def read(path: Path) -> Results:
    kept = json.loads(path.read_text("utf-8"))
    results = Results(about=kept["about"], questions_of=kept["questions_of"])
    results.questions = {int(name): each for name, each in kept["questions"].items()}
    for each in kept["jobs"]:
        job = Job(each["what"], each["rows"], each["source"], each["who"])
        if each["rounds"]:
            results.rounds[job] = [Measured(**round_) for round_ in each["rounds"]]
        if each["compared"]:
            results.compared[job] = tuple(each["compared"])
        if each["failed"]:
            results.failed[job] = each["failed"]
    return results


@dataclass(frozen=True)
class Line:
    """Seconds as a fixed cost and a cost for each million rows, and as a power."""

    fixed: float
    per_million: float
    exponent: float
    sizes: int


def fit(sizes: Sequence[int], seconds: Sequence[float]) -> Line:
    """Fit by least squares of the relative errors, since noise grows with time."""
    times = np.array(seconds)
    slope, fixed = np.polyfit(np.array(sizes) / 1e6, times, 1, w=1 / times)
    return Line(float(fixed), float(slope), exponent(sizes, seconds), len(sizes))


def exponent(sizes: Sequence[int], seconds: Sequence[float]) -> float:
    """The power of the number of rows with which the time grows."""
    x, y = [math.log(size) for size in sizes], [math.log(each) for each in seconds]
    slope, _ = statistics.linear_regression(x, y)
    return slope
