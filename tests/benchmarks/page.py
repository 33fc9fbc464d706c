"""Writes docs/benchmarks.md from results.json: tables, lines and targets."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from dagster_project import settings
from tests.benchmarks import results
from tests.benchmarks.results import Job, Results
from tests.benchmarks.targets import targets

PAGE = settings.REPOSITORY / "docs" / "benchmarks.md"
RESULTS = Path(__file__).with_name("results.json")
WHO = (
    results.OURS,
    results.PLAIN,
    results.POLARS,
    results.PANDAS,
    results.USUAL,
    results.STOCK,
)
FIFTY_MILLION = 50_000_000
NEVER_MEASURED = (
    "`make bench` does not measure a job without tests (target: 1.3 times the slope).",
    "It does not measure `make report` beside an earlier commit.",
)


def page(found: Results) -> str:
    sections = [_head(found), _jobs(found), _lines(found), _questions(found)]
    return "\n".join([*sections, _targets(found), _foot(found)])


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table: words in the first two columns, then numbers."""
    form = ["---" if number < 2 else "---:" for number, _ in enumerate(head)]
    lines = [head, form, *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines) + "\n"


def _head(found: Results) -> str:
    about = found.about
    named = ", ".join(f"{name} {each}" for name, each in about["versions"].items())
    others = about["others"]
    if others is None:
        shared = "Whether other programs ran at the same time is not known."
    elif not found.is_shared:
        shared = f"The machine was quiet: other programs used {others:.0%} of it."
    else:
        shared = f"""**The machine was shared:** other programs used {others:.0%} of its
  processors. Seconds by the clock are too long, by a different part in each row, and
  spreads and lines by the clock say little. Processor seconds vary less."""
    return f"""# Benchmarks

`make bench` measures complete jobs and writes this page; do not edit it. Each round of
a row is a process of its own, from its start to its end. The seconds are those of one
machine: use the ratios.

- Day and commit: {about["day"]}, {about["commit"]}.
- Machine: {about["machine"]}.
- {shared}
- Versions: {named}.

Each number of seconds is the median of the rounds, and the spread is from the shortest
to the longest. Processor seconds include all child processes, user and system. The
memory is that of the process that needed most. In *{results.INTO_RAW}*, Strandline
reads every extract, and the script the crimes alone.
"""


def _jobs(found: Results) -> str:
    rows = []
    order = {job: number for number, job in enumerate([*found.rounds, *found.failed])}
    groups = {}
    for job in order:
        groups.setdefault((job.what, job.rows, job.source), []).append(job)
    for every in groups.values():
        for job in sorted(every, key=lambda each: WHO.index(each.who)):
            rows.append(_row(found, job))
    head = ("job", "by", "rows", "from", "seconds", "spread", "processor", "MB")
    head = (*head, "rounds", "ratio", "ratio, processor", "cells that differ")
    return f"""## Jobs

The ratio is what Strandline takes, divided by what the row takes.

{_table(head, rows)}"""


def _row(found: Results, job: Job) -> tuple[str, ...]:
    names = (job.what, job.who, f"{job.rows:,}", job.source)
    if job not in found.rounds:
        return (*names, f"did not finish ({found.failed[job]})", *[""] * 7)
    rounds = found.rounds[job]
    seconds = sorted(each.seconds for each in rounds)
    cells = ""
    if job in found.compared:
        compared, different = found.compared[job]
        cells = f"{different:,} of {compared:,}"
    return (
        *names,
        f"{found.seconds(job):.1f}",
        f"{seconds[0]:.1f} to {seconds[-1]:.1f}",
        f"{found.seconds(job, of_processor=True):.1f}",
        f"{max(each.megabytes for each in rounds):,.0f}",
        f"{len(rounds)}",
        _ratio(found, job, of_processor=False),
        _ratio(found, job, of_processor=True),
        cells,
    )


def _ratio(found: Results, job: Job, of_processor: bool) -> str:
    ours = found.seconds(replace(job, who=results.OURS), of_processor)
    if job.who == results.OURS or ours is None:
        return ""
    return f"{ours / found.seconds(job, of_processor):.2f}"


def _lines(found: Results) -> str:
    rows = []
    sources = [(results.WHOLE, source) for source in ("parquet", "csv")]
    for what, source in [*sources, (results.AFTER, "csv")]:
        for who in WHO:
            line = found.line(what, source, who)
            if line is None:
                continue
            work = found.line(what, source, who, of_processor=True)
            rows.append(
                (
                    f"{what}, from {source}",
                    who,
                    f"{line.fixed:.1f}",
                    f"{line.per_million:.1f}",
                    f"{line.exponent:.2f}",
                    f"{work.fixed:.1f}",
                    f"{work.per_million:.1f}",
                    f"{work.exponent:.2f}",
                    f"{line.sizes}",
                )
            )
    head = ("job", "by", "fixed, s", "per million, s", "exponent")
    head += ("fixed, processor", "per million, processor", "exponent, processor")
    return f"""## Fixed cost and slope

Each line is fitted through the medians of all sizes that were run, by least squares of
the relative errors: fixed seconds, and seconds for each million rows. The exponent is
the slope of log seconds against log rows; a fixed cost makes it less than 1. In
*{results.AFTER}*
the rows are deliveries: this is the cost of a day against the days of history.

{_table((*head, "sizes"), rows)}"""


def _questions(found: Results) -> str:
    if not found.questions:
        return "## Ten questions\n\nNot measured in this run.\n"
    rows = [
        (f"question {number}", "[docs/questions.md](questions.md)", f"{seconds:.2f}")
        for number, seconds in found.questions.items()
    ]
    rows.append(
        ("all ten", "one after another", f"{sum(found.questions.values()):.2f}")
    )
    return f"""## Ten questions to {found.questions_of:,} crimes

Each query is run once, in a new connection to the published file.

{_table(("question", "in", "seconds"), rows)}"""


def _targets(found: Results) -> str:
    every = targets(found)
    rows = [
        (
            each.words,
            each.verdict(found.is_shared),
            f"{each.limit:g} {each.unit}",
            _number(each.found),
            _number(each.of_processor),
        )
        for each in every
    ]
    count = {
        verdict: sum(each.verdict(found.is_shared) == verdict for each in every)
        for verdict in ("met", "**not met**", "not measured")
    }
    judged = "in processor seconds" if found.is_shared else "by the clock"
    head = ("target", "verdict", "at most", "by the clock", "in processor seconds")
    return f"""## Targets

Of {len(every)} targets: met {count["met"]}, not met {count["**not met**"]}, not
measured in this run {count["not measured"]}. They are judged {judged}.

{_table(head, rows)}"""


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.2f}"


def _foot(found: Results) -> str:
    out = [f"{name} is not installed: left out." for name in found.about["left_out"]]
    most = max(found.sizes(results.WHOLE, "parquet"), default=0)
    if most < FIFTY_MILLION:
        out.append(f"The largest job had {most:,} crimes, not 50 million.")
    out += NEVER_MEASURED
    lines = "".join(f"- {words}\n" for words in out)
    return f"""## Who does what

All read the same files, and what they make is compared with the published file, cell by
cell: months, rolling 12 months and the 12 before, and the crimes of each measure.

- **{results.OURS}**: the job `daily`. It reads every extract of the demonstration
  (crimes are one of ten), builds and tests every model of the marts and the report, and
  publishes.
- **{results.PLAIN}**: one script that reads the crimes, and makes what comes from them
  up to the rolling 12 months. It has no tests, no register of files and no history.
- **{results.PANDAS}** and **{results.POLARS}**: the same work as the plain script's.
- **{results.USUAL}**: the statements of the plain script as a dbt project with tests of
  keys, relationships and values, run as the documentation of dagster-dbt shows: raw
  tables by `create table as select`, `dbt build --full-refresh`, a copy of the file for
  readers, and Dagster's multiprocess executor.
- **{results.STOCK}**: all of Strandline's dbt models and tests, run in the same way.
  Only the crimes are read from their files; the small tables are copied from
  Strandline's work file. This is the usual project with as many nodes. A day without
  change costs it as much as any day.

Two things favour both usual projects: their dbt project is parsed before, and they ask
no package index for dbt's newest version.

{lines}"""
