"""Measures complete jobs beside rivals, and writes docs/benchmarks.md: `make bench`.

`make bench CRIMES=100000,1000000 STREET=480000` runs other sizes; a part that has no
size is left out. `python -m tests.benchmarks --page` writes the page again from the
last results.
"""

import argparse
import shutil
import tempfile
from pathlib import Path

from tests.benchmarks import jobs, open_data, results, rivals
from tests.benchmarks.machine import Watch, about, memory_megabytes
from tests.benchmarks.page import PAGE, RESULTS, page
from tests.benchmarks.results import Results
from tests.benchmarks.rivals import PROJECTS, SCRIPTS, Work


def sizes(text: str) -> list[int]:
    """Numbers, smallest first: `100000,1000000`."""
    return sorted(int(each) for each in text.split(",") if each not in ("", "0"))


def options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--crimes", type=sizes, default="100000,1000000,10000000")
    parser.add_argument("--csv", type=sizes, help="the two largest of --crimes")
    parser.add_argument("--street", type=int, default=4_800_000)
    parser.add_argument("--small", type=sizes, default="10,100,1000")
    parser.add_argument(
        "--minutes",
        type=float,
        default=5,
        help="no new round of a size begins after so many; there are three at most",
    )
    parser.add_argument(
        "--memory",
        type=int,
        default=memory_megabytes() * 8 // 10,
        help="megabytes for each of the pandas and polars scripts",
    )
    parser.add_argument(
        "--add", action="store_true", help="keep the last results of all other jobs"
    )
    parser.add_argument("--page", action="store_true", help="only write the page")
    chosen = parser.parse_args()
    if chosen.csv is None:
        chosen.csv = chosen.crimes[-2:]
    return chosen


def measure_crimes(
    found: Results, root: Path, chosen: argparse.Namespace, source: str
) -> None:
    every = chosen.csv if source == "csv" else chosen.crimes
    part = SCRIPTS if source == "csv" else (*SCRIPTS, *PROJECTS)
    for crimes in every:
        folder = root / f"{source}_{crimes}"
        home = jobs.written(folder / "home", crimes, source)
        (folder / "rivals").mkdir()
        work = Work(home, source, folder / "rivals", chosen.memory)
        if source == "parquet":
            jobs.into_raw(found, work, crimes)
        jobs.from_files(found, work, crimes, part, chosen.minutes * 60)
        if source == "parquet":
            jobs.days(found, work, crimes)
        shutil.rmtree(folder)


def measure_all(found: Results, root: Path, chosen: argparse.Namespace) -> None:
    for source in ("parquet", "csv"):
        measure_crimes(found, root, chosen, source)
    if chosen.small:
        jobs.small_files(found, root / "small", chosen.small)
    jobs.demonstration(found, root / "demonstration")
    if chosen.street:
        rounds = 1 if chosen.minutes < 1 else 3
        open_data.against_plain(found, root, chosen.street, rounds)


def main() -> None:
    chosen = options()
    if not chosen.page:
        found, watch = Results(about=about()), Watch()
        try:
            with tempfile.TemporaryDirectory(prefix="strandline_bench_") as name:
                measure_all(found, Path(name), chosen)
        finally:
            # Also what was measured before an error.
            found.about |= {"others": watch.others(), "left_out": rivals.LEFT_OUT}
            if chosen.add:
                found = results.joined(results.read(RESULTS), found)
            found.write(RESULTS)
    PAGE.write_text(page(results.read(RESULTS)), encoding="utf-8")


if __name__ == "__main__":
    main()
