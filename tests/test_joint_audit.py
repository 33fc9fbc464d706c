"""Attacks the public version's data files: which hidden count do all tables give away?

The attack knows nothing of reports/suppression.py. It reads the files, names each count
by its labels, and tries each number that a hidden count can be against all totals,
shares and periods together.
"""

from __future__ import annotations

import csv
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import duckdb
import pytest

from reports import style, write_pack
from tests.conftest import QUARTER, Result

MONTHS = [month[:3] for month in style.MONTHS]
UNITS = ("operational_results", "unit_comparisons")
SHARES = ("prevent_by_source", "prevent_by_outcome", "prevent_by_ideology")
MOST, CLOSE = 10**7, 0.001
Name = tuple[str, ...]


@dataclass
class Attack:
    """What a reader knows: exact counts, small counts, and sums of counts."""

    exact: dict[Name, float] = field(default_factory=dict)
    hidden: set[Name] = field(default_factory=set)
    sums: list[tuple[list[Name], Name]] = field(default_factory=list)

    def see(self, name: Name, text: str) -> Name:
        if text == "[c]":
            self.hidden.add(name)
        elif re.fullmatch(r"-?\d+(\.\d+)?", text):
            self.exact[name] = float(text)
        return name

    def can_be(self, name: Name, number: float) -> bool:
        """Whether a hidden count can be a number: no sum contradicts it.

        From each sum follows how small and how large each of its counts can be, until
        no range becomes narrower.
        """
        names = {n for parts, whole in self.sums for n in (*parts, whole)} | {name}
        ranges = {n: [self.exact.get(n, 0), self.exact.get(n, MOST)] for n in names}
        ranges[name] = [number, number]
        is_narrower = True
        while is_narrower:
            is_narrower = False
            for parts, whole in self.sums:
                terms = [(n, 1) for n in parts] + [(whole, -1)]
                for own, sign in terms:
                    others = [(n, s) for n, s in terms if n != own]
                    ends = [
                        sum(s * ranges[n][end if s > 0 else 1 - end] for n, s in others)
                        for end in (0, 1)
                    ]
                    low, high = sorted((-sign * ends[0], -sign * ends[1]))
                    narrow = [max(ranges[own][0], low), min(ranges[own][1], high)]
                    if narrow[0] > narrow[1] + CLOSE:
                        return False
                    is_narrower |= narrow != ranges[own]
                    ranges[own] = narrow
        return True


def rows_of(folder: Path, table: str) -> Iterator[dict[str, str]]:
    path = folder / f"{table}.csv"
    if path.exists():
        with path.open(encoding="utf-8-sig", newline="") as file:
            yield from csv.DictReader(file)


def span(text: str) -> tuple[int, int]:
    """Return 'Oct 2020 to Sep 2021' as numbers of months."""
    ends = [e.split() for e in text.split(" to ")]
    first, *last = [12 * int(year) + MONTHS.index(month) for month, year in ends]
    return first, (last or [first])[0]


def attack(folder: Path) -> Attack:
    """Read what the files of `folder` give to a reader."""
    known = Attack()
    periods: dict[Name, dict[tuple[int, int], Name]] = {}
    for table in UNITS:
        for row in rows_of(folder, table):
            if row["quantity_unit"] in ("£", "kg"):
                continue
            what = (row["unit"], row["measure"], row["part"])
            first, last = span(row["own_period"])
            own = [("quantity", 0)]
            own += (
                [("year_before_quantity", 12)] if "year_before_quantity" in row else []
            )
            for column, back in own:
                months = (first - back, last - back)
                name = known.see((*what, *map(str, months)), row[column])
                periods.setdefault(what, {})[months] = name
    for (unit, measure, part), named in periods.items():
        for months, whole in named.items():
            parts = [
                of[months]
                for (u, m, p), of in periods.items()
                if (u, m) == (unit, measure) and p != "All" and months in of
            ]
            if part == "All" and parts:
                known.sums.append((parts, whole))
            for other, name in named.items():
                if other != months and months[0] <= other[0] and other[1] <= months[1]:
                    rest = (*whole, "without", *name)
                    known.hidden.add(rest)
                    known.sums.append(([name, rest], whole))
    for table in SHARES:
        rows = list(rows_of(folder, table))
        parts = [known.see((table, r["category"]), r["numerator"]) for r in rows]
        for row in rows[:1]:
            known.sums.append((parts, known.see((table, "all"), row["denominator"])))
    return known


def told(public: Path, internal: Path) -> list[Name]:
    """Return the small counts that the public files leave fewer than three numbers."""
    known, truth = attack(public), attack(internal).exact
    for parts, whole in known.sums:
        if parts[-1][len(whole) : len(whole) + 1] == ("without",):
            truth[parts[-1]] = truth[whole] - truth[parts[0]]
    small = [n for n in sorted(known.hidden) if 0 < truth.get(n, 0) < 5]
    assert len(small) > 3
    found = []
    for name in small:
        possible = [n for n in range(1, 5) if known.can_be(name, n)]
        if max(possible, default=0) - min(possible, default=0) < 2:
            found.append(name)
    return found


@pytest.fixture(scope="module")
def packs(demonstration: Result, tmp_path_factory) -> dict[str, Path]:
    """The demonstration's packs of two quarters, with a public version."""
    root = tmp_path_factory.mktemp("audited")
    database = root / "warehouse_1.duckdb"
    shutil.copyfile(demonstration.home.current.resolve(), database)
    database.chmod(0o644)
    with duckdb.connect(str(database)) as con:
        con.execute(
            "create or replace table reporting.rpt_reports as select * replace"
            " ('OFFICIAL' as public_marking) from reporting.rpt_reports"
        )
    return {
        quarter: write_pack(database, quarter, "essex", root / quarter, {}).folder
        for quarter in (QUARTER, "2021-22-q1")
    }


@pytest.mark.parametrize("quarter", [QUARTER, "2021-22-q1"])
def test_no_small_count_follows_from_all_public_files_together(packs, quarter: str):
    pack = packs[quarter]
    assert told(pack / "public" / "tables", pack / "tables") == []


def test_the_attack_finds_a_count_that_is_printed_beside_its_total(packs, tmp_path):
    """The adults of the unit are printed again, so that the children follow."""
    pack = packs[QUARTER]
    shutil.copytree(pack / "public" / "tables", tmp_path / "tables")
    path = tmp_path / "tables" / "operational_results.csv"
    text = path.read_text(encoding="utf-8-sig")
    hidden = "people_safeguarded,Adult,Sep 2020 to Sep 2021,people,[c],"
    assert hidden in text
    path.write_text(text.replace(hidden, hidden.replace("[c]", "50")), encoding="utf-8")
    (name, *_) = told(tmp_path / "tables", pack / "tables")
    assert name[1:3] == ("people_safeguarded", "Child")


def test_the_attack_finds_the_month_between_two_periods(packs, tmp_path):
    pack = packs[QUARTER]
    shutil.copytree(pack / "public" / "tables", tmp_path / "tables")
    path = tmp_path / "tables" / "unit_comparisons.csv"
    text = path.read_text(encoding="utf-8-sig")
    hidden = "suspects_remanded,All,Oct 2020 to Sep 2021,suspects,35.0,[c],"
    assert hidden in text
    path.write_text(text.replace(hidden, hidden.replace("[c]", "37")), encoding="utf-8")
    (name, *_) = told(tmp_path / "tables", pack / "tables")
    assert name[1] == "suspects_remanded" and "without" in name
