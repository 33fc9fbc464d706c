"""The targets of speed, each judged from the results: met, not met or not measured."""

from collections.abc import Iterator
from dataclasses import dataclass

from tests.benchmarks import results
from tests.benchmarks.results import Job, Results

PARQUET, CSV = "parquet", "csv"
MILLION = 1_000_000


@dataclass(frozen=True)
class Target:
    """A target: what was measured by the clock and in processor seconds, and its limit.

    `found` is None where this run has not measured it. The clock of a machine that did
    other work at the same time says little, so it does not give the verdict there.
    """

    words: str
    limit: float
    unit: str
    found: float | None
    of_processor: float | None = None

    def verdict(self, is_shared: bool) -> str:
        judged = self.of_processor if is_shared else self.found
        if judged is None:
            return "not measured"
        return "met" if judged <= self.limit else "**not met**"


def targets(found: Results) -> list[Target]:
    return [
        *_ingest(found),
        *_whole(found),
        *_days(found),
        _target(found, "The pack of a quarter", 6, "s", lambda of: _pack(found, of)),
    ]


def _target(found: Results, words: str, limit: float, unit: str, value) -> Target:
    return Target(words, limit, unit, value(False), value(True))


def _ratio(found: Results, job: Job, other: Job, of_processor: bool) -> float | None:
    ours, theirs = found.seconds(job, of_processor), found.seconds(other, of_processor)
    return ours / theirs if ours and theirs else None


def _ingest(found: Results) -> Iterator[Target]:
    for size in found.sizes(results.INTO_RAW, PARQUET)[-1:]:
        job = Job(results.INTO_RAW, size, PARQUET)
        plain = Job(results.INTO_RAW, size, PARQUET, results.PLAIN)
        yield _target(
            found,
            f"Ingest of {size:,} crimes, beside `create table as select`",
            1.5,
            "times",
            lambda of, job=job, plain=plain: _ratio(found, job, plain, of),
        )
    fifty = found.rounds.get(Job(results.INTO_RAW, 50 * MILLION, PARQUET))
    memory = max(each.megabytes for each in fifty) / 1000 if fifty else None
    words = "Memory for the ingest of 50 million crimes"
    yield Target(words, 3, "GB", memory, memory)
    small = Job(results.SMALL_FILES, 1_000, CSV)
    yield _target(
        found,
        "1,000 small files into raw",
        10,
        "s",
        lambda of: found.seconds(small, of),
    )


def _slopes(found: Results, source: str, who: str, of_processor: bool) -> float | None:
    ours = found.line(results.WHOLE, source, results.OURS, of_processor)
    theirs = found.line(results.WHOLE, source, who, of_processor)
    # Noise can be greater than what more rows cost.
    if not ours or not theirs or min(ours.per_million, theirs.per_million) <= 0:
        return None
    return ours.per_million / theirs.per_million


def _whole(found: Results) -> Iterator[Target]:
    def fixed(of_processor: bool) -> float | None:
        line = found.line(results.WHOLE, PARQUET, results.OURS, of_processor)
        return line.fixed if line else None

    for source in (PARQUET, CSV):
        yield _target(
            found,
            f"Slope with tests, beside the plain script's, from {source}",
            1.5,
            "times",
            lambda of, source=source: _slopes(found, source, results.PLAIN, of),
        )
    yield _target(found, "Fixed cost of the complete job", 20, "s", fixed)
    for size, limit in ((10 * MILLION, 2.5), (50 * MILLION, 1.8)):
        yield _beside(found, size, PARQUET, results.PLAIN, limit)
    for source in (PARQUET, CSV):
        for size in found.sizes(results.WHOLE, source):
            if Job(results.WHOLE, size, source, results.PANDAS) not in found.failed:
                yield _beside(found, size, source, results.PANDAS, 1)
    yield _target(
        found,
        "Slope beside that of polars, from csv",
        1,
        "times",
        lambda of: _slopes(found, CSV, results.POLARS, of),
    )
    for who in (results.STOCK, results.USUAL):
        yield _beside(found, MILLION, PARQUET, who, 0.5)


def _beside(found: Results, size: int, source: str, who: str, limit: float) -> Target:
    job = Job(results.WHOLE, size, source)
    other = Job(results.WHOLE, size, source, who)
    words = f"Complete job of {size:,} crimes from {source}, beside the {who}"
    value = lambda of: _ratio(found, job, other, of)  # noqa: E731
    return _target(found, words, limit, "times", value)


def _days(found: Results) -> Iterator[Target]:
    for size, limit in ((10 * MILLION, 3), (50 * MILLION, 6)):

        def longer(of_processor: bool, size: int = size) -> float | None:
            names = (results.DAY, results.DAY_WITHOUT)
            day, without = (
                found.seconds(Job(name, size, PARQUET), of_processor) for name in names
            )
            return day - without if day and without else None

        yield _target(
            found,
            f"A day of 1,000 changes to {size:,} crimes, more than one without",
            limit,
            "s",
            longer,
        )
    for size in found.sizes(results.DAY_WITHOUT, PARQUET):
        day = Job(results.DAY_WITHOUT, size, PARQUET)
        stock = Job(results.WHOLE, size, PARQUET, results.STOCK)
        yield _target(
            found,
            f"A day without change, {size:,} crimes, beside the {results.STOCK}",
            0.7,
            "times",
            lambda of, day=day, stock=stock: _ratio(found, day, stock, of),
        )


def _pack(found: Results, of_processor: bool) -> float | None:
    sizes = found.sizes(results.PACK, PARQUET)
    job = Job(results.PACK, max(sizes, default=0), PARQUET)
    return found.seconds(job, of_processor)
