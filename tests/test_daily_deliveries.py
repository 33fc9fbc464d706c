"""Daily deliveries: after all of them the home is as if there had been one, and no
store of it has grown for ever.

The home was made by an older version of this program, so the first day is also its
upgrade. CI and `make check` make that day alone; `make soak` makes 60, which takes an
hour (STRANDLINE_DELIVERIES). A pack is made every third day and on the last one.

test_next_day.py proves the same of a day that adds to a home: new, changed and
cancelled crimes, and which seeds and views are made. That no store grows needs six days
or more, so it is left to `make soak`. Quicker tests prove it of each store alone: the
versions in test_publishing.py, Dagster's records and dbt's outputs in
test_retention.py, the work file in test_incremental.py, and a pack in test_packs.py.
"""

import os
import shutil
import sqlite3
import zipfile
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from dagster_project import old_runs, settings
from tests.conftest import Result
from tests.disturbed import (
    FIRST_EXTRACTED_AT,
    Force,
    as_if_undisturbed,
    of_last_daily,
)

pytestmark = [pytest.mark.repeated, pytest.mark.ci]

# A home of the hand-made extracts, made by `make report` of commit 73efb72. It has what
# an upgrade keeps; packs, published files and Dagster's records are left out.
OLDER_HOME = Path(__file__).parent / "older_home.zip"
DELIVERIES = int(os.environ.get("STRANDLINE_DELIVERIES", 1))
# So that records begin to be deleted within the days of the deliveries.
DAYS_KEPT = max(1, DELIVERIES // 3)
STORES = (
    "Dagster's records",
    "dbt's outputs",
    "published versions",
    "work file",
    "packs",
)
# The code and the configuration change before the first day.
SEED_AND_VIEW = {"measure_rules", "bi_crimes"}
TABLES = {"fct_crimes", "rpt_figures", "published"}


def size(path: Path) -> int:
    """Bytes of a file, or of all files of a folder."""
    files = [path] if path.is_file() else path.rglob("*")
    return sum(p.stat().st_size for p in files if p.is_file() and not p.is_symlink())


def stores(home: settings.Home) -> dict[str, int]:
    """Bytes of each store that a run writes to; the landing folder is the force's."""
    paths = (
        home.dagster,
        home.dbt_target,
        home.published,
        home.warehouse,
        home.output,
    )
    return dict(zip(STORES, map(size, paths), strict=True))


def a_day_passes(home: settings.Home) -> None:
    """Make every run, and what Dagster has of checks, a day older."""
    columns = ("create_timestamp", "update_timestamp")
    older = ", ".join(
        f"{each} = strftime('%Y-%m-%d %H:%M:%f000', {each}, '-1 day')"
        for each in columns
    )
    database = home.dagster / "history" / "runs.db"
    with closing(sqlite3.connect(database)) as connection, connection:
        connection.execute(f"update runs set {older}")
    since = home.dagster / old_runs.SINCE
    day_before = since.stat().st_mtime - timedelta(days=1).total_seconds()
    os.utime(since, (day_before, day_before))


@dataclass
class Days:
    """A home after a delivery on each day, what the first day's run printed, and the
    home's stores and what was made, by day.
    """

    force: Force
    upgrade: str
    sizes: list[dict[str, int]]
    made: list[set[str]]


@pytest.fixture(scope="module")
def days(first_build: Result, tmp_path_factory: pytest.TempPathFactory) -> Days:
    root = tmp_path_factory.mktemp("days") / "home"
    with zipfile.ZipFile(OLDER_HOME) as archive:
        archive.extractall(root)
    shutil.copy(first_build.home.key_secret, root / "key_secret")
    force, printed, sizes, made_by_dbt = Force(root), [], [], []
    (force.home.config / "retention.csv").write_text(
        f"record,days_kept\nruns,{DAYS_KEPT}\ncheck_results,{DAYS_KEPT}\n"
    )
    for day in range(1, DELIVERIES + 1):
        new = {f"late-{day}": ("Recorded", "")}
        if day > 1:
            new[f"late-{day - 1}"] = ("Recorded", "Knife")
        if day > 2:
            new[f"late-{day - 2}"] = ("Cancelled", "Knife")
        force.write(FIRST_EXTRACTED_AT + timedelta(days=day), new)
        force.crimes |= new
        is_with_pack = day % 3 == 0 or day == DELIVERIES
        printed.append(force.complete() if is_with_pack else force.complete_daily())
        assert force.published_crimes() == force.crimes
        sizes.append(stores(force.home))
        made_by_dbt.append(of_last_daily(force.home))
        print(day, *(f"{name}: {n / 1e6:.2f} MB" for name, n in sizes[-1].items()))
        a_day_passes(force.home)
    return Days(force, printed[0], sizes, made_by_dbt)


def test_after_daily_deliveries_all_equals_a_full_build(
    days: Days, first_build: Result, tmp_path: Path
):
    days.force.check_nothing_is_lost_or_doubled()
    assert as_if_undisturbed(days.force, first_build, tmp_path / "whole")


def test_a_home_of_an_older_version_is_rebuilt_and_no_file_of_it_is_read_again(
    days: Days,
):
    assert (
        "The incremental models are built in full: an older version of the program"
        " built them." in days.upgrade
    )
    assert days.upgrade.count("new or changed") == 1, "of the new delivery alone"


def test_seeds_and_views_are_made_only_after_a_change_of_code_or_configuration(
    days: Days,
):
    """With one delivery, that they are not made later is left to test_next_day.py."""
    assert days.made[0] >= SEED_AND_VIEW | TABLES
    for later in days.made[1:]:
        assert later >= TABLES and not later & SEED_AND_VIEW


@pytest.mark.soak
@pytest.mark.parametrize("store", STORES)
def test_no_store_grows_once_it_has_what_is_kept(days: Days, store: str):
    sizes = [each[store] for each in days.sizes]
    before, after = sizes[: 2 * DAYS_KEPT], sizes[2 * DAYS_KEPT :]
    if not after:
        pytest.skip(f"{DELIVERIES} deliveries are too few")
    assert max(after) <= 1.05 * max(before), sizes
