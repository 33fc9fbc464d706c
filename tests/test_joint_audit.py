"""Attacks the public version: which hidden count do all files together give away?

The attack knows nothing of reports/suppression.py. It reads the files, names each count
by its labels, and tries each number that a hidden count can be against all totals,
shares and periods together.
"""

from __future__ import annotations

import csv
import re
import shutil
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import docx
import duckdb
import pytest

from reports import abbreviations, style, write_pack
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


def texts_of(folder: Path) -> dict[str, str]:
    """Return the text of the board report as a page and as a Word draft."""
    page = abbreviations.text_of((folder / "index.html").read_text(encoding="utf-8"))
    draft = docx.Document(str(folder / "report.docx"))
    cells = (c.text for t in draft.tables for r in t.rows for c in r.cells)
    words = [p.text for p in draft.paragraphs] + list(cells)
    with zipfile.ZipFile(folder / "report.docx") as parts:
        drawn = re.findall('descr="([^"]*)"', parts.read("word/document.xml").decode())
    return {"page": page, "draft": " ".join([*words, *drawn])}


def printed(rows: Iterable[dict[str, str]], columns: Iterable[str] = ()) -> set[str]:
    """Return the numbers in columns (or in all) of rows, as a report prints them."""
    texts = (text for row in rows for n, text in row.items() if n in (columns or row))
    return {f"{float(t):,.0f}" for t in texts if re.fullmatch(r"\d+([.]\d+)?", t)}


@pytest.mark.parametrize("quarter", [QUARTER, "2021-22-q1"])
@pytest.mark.parametrize("kind", ["page", "draft"])
def test_the_public_report_prints_no_count_of_people_that_its_tables_hide(
    packs, quarter: str, kind: str
):
    """Short numbers are those of many things, so longer ones are looked for."""
    pack = packs[quarter]
    text = texts_of(pack / "public")[kind]
    tables = ("other_measures_12_months", "other_measures_compared", *UNITS)
    columns = ("previous_12_months", "current_12_months", "quantity")
    columns += ("base_count", "current_count")
    own = [row for t in tables for row in rows_of(pack / "tables", t)]
    files = (pack / "public" / "tables").glob("*.csv")
    public = [row for f in files for row in rows_of(f.parent, f.stem)]
    hidden = printed(own, columns) - printed(public)
    told = {n for n in hidden if len(n) > 2}
    assert len(told) > 3
    # No difference, and no count of crimes, which has its difference behind it.
    whole = r"(?<![\d,.+\u2212]){}(?![\d%]|[,.]\d| [+\u2212]\d)"
    assert [n for n in told if re.search(whole.format(re.escape(n)), text)] == []


def test_the_public_report_prints_what_its_tables_print(packs):
    public = packs[QUARTER] / "public"
    for text in texts_of(public).values():
        assert (
            "Referrals from CEOP: about 245 in the 12 months to September 2021" in text
        )
        assert re.search(r"Education 7 .*Partnership Groups \[c\]", text)
        assert "Prevent referrals (110): rounded, so not compared" in text
        assert re.search(r"Suspects remanded in custody 35 \[c\]", text)
        assert "Domestic abuse shows no clear change: 29,391 in the 12 months" in text
        assert "Five actions were delivered from July to September; six are due" in text


def test_quarters_of_counts_of_people_and_their_ranges_are_not_public(packs):
    """23 Prevent referrals are exact in a table of their own, which has no range."""
    pack = packs[QUARTER]
    own = list(rows_of(pack / "tables", "other_measures_compared"))
    ranges = {row["range_upper_pct"] for row in own} - {""}
    assert {"202.6", "171.3"} < ranges  # referrals from CEOP, and Prevent referrals
    assert list(rows_of(pack / "public" / "tables", "other_measures_compared")) == []
    for text in texts_of(pack / "public").values():
        assert [upper for upper in ranges if f"to +{upper}%" in text] == []
        assert "Referrals from CEOP" in text


def test_a_hidden_part_of_a_count_has_no_bar(packs):
    page = (packs[QUARTER] / "public" / "index.html").read_text(encoding="utf-8")
    bars = re.findall(
        r'strong">([^<]*)</td><td class="bar">(.*?)</td>', page, re.DOTALL
    )
    counts = [count for count, drawn in bars if "part-bar" in drawn]
    assert "[c]" in {count for count, _ in bars} and len(counts) > 5
    assert all(count.replace(",", "").isdigit() for count in counts)


def test_the_public_report_has_no_action_no_owner_and_no_place_to_write(packs):
    pack = packs[QUARTER]
    rows = [*rows_of(pack / "tables", "actions_scheduled")]
    rows += [*rows_of(pack / "tables", "actions_at_risk")]
    titles = [row["action_title"] for row in rows]
    owners = {row["owner_role"] for row in rows if row["owner_role"]}
    assert len(titles) > 60 and len(owners) > 10
    for text in texts_of(pack / "public").values():
        assert not [t for t in (*titles, *owners) if t in text]
        assert not re.search(
            r"Author to write|internal draft|set aside|Check before", text
        )


def told_if_printed(
    pack: Path, folder: Path, table: str, line: str, count: str
) -> Name:
    """Print a hidden count in a copy of the files; return the first one told."""
    shutil.copytree(pack / "public" / "tables", folder / "tables")
    path = folder / "tables" / f"{table}.csv"
    text = path.read_text(encoding="utf-8-sig")
    assert line in text
    path.write_text(text.replace(line, line.replace("[c]", count)), encoding="utf-8")
    (name, *_) = told(folder / "tables", pack / "tables")
    return name


def test_the_attack_finds_a_count_that_is_printed_beside_its_total(packs, tmp_path):
    """The adults of the unit are printed again, so that the children follow."""
    hidden = "people_safeguarded,Adult,Sep 2020 to Sep 2021,people,[c],"
    name = told_if_printed(
        packs[QUARTER], tmp_path, "operational_results", hidden, "50"
    )
    assert name[1:3] == ("people_safeguarded", "Child")


def test_the_attack_finds_the_month_between_two_periods(packs, tmp_path):
    hidden = "suspects_remanded,All,Oct 2020 to Sep 2021,suspects,35,[c],"
    name = told_if_printed(packs[QUARTER], tmp_path, "unit_comparisons", hidden, "37")
    assert name[1] == "suspects_remanded" and "without" in name
