"""The public version of a pack: what it protects, and that it does so everywhere."""

from __future__ import annotations

import csv
import re
import shutil
import zipfile
from dataclasses import replace
from itertools import product
from pathlib import Path

import duckdb
import openpyxl
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from dagster_project.settings import SEEDS
from reports import public, suppression, write_pack
from reports.grid import Column, Table
from reports.public import public_report
from reports.published import PackError
from reports.report import Report, read_report
from reports.sums import Figures, count_columns
from tests.conftest import Result
from tests.reporting_fixture import QUARTER, build_database

COUNTS = Column("suspects", "Suspects", "count")
COLUMNS = (
    Column("lpa", "Area", "text"),
    COUNTS,
    Column("denominator", "Out of", "count"),
    Column("share_pct", "Share", "pct"),
    Column("difference", "Diff.", "signed_count"),
    Column("change_word", "The change is", "text"),
)
ROW = {
    "lpa": "North",
    "suspects": 8,
    "denominator": 23,
    "share_pct": 34.8,
    "difference": -3,
    "change_word": "lower",
}


def rows_of(seed: Path) -> list[dict[str, str]]:
    with seed.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def table(name: str, policy: str, *rows: dict, columns=COLUMNS) -> Table:
    placed = tuple(row | {"row_position": i} for i, row in enumerate(rows, 1))
    return Table(name, "T", "", None, columns, placed, policy)


def made_public(*tables: Table, figure_ids: dict | None = None) -> list[list[dict]]:
    """Return the rows of each table as the public version has them."""
    definitions = ({"measure_code": "hate_crime", "measure_unit": "crimes"},)
    front = {"public_marking": "OFFICIAL"}
    report = Report(front, tables, (), (), (), definitions=definitions)
    public = public_report(replace(report, figure_ids=figure_ids or {}))
    return [list(each.rows) for each in public.tables]


def protected(policy: str, *rows: dict) -> list[dict]:
    (found,) = made_public(table("t", policy, *rows))
    return found


@pytest.mark.parametrize(
    ("count", "printed"),
    # By hand: 0 stays, 1 to 4 are marked, and 7.5 is the middle of 5 and 10.
    [(0, 0), (1, "[low]"), (4, "[low]"), (5, 5), (7, 5), (8, 10), (12, 10), (13, 15)],
)
def test_a_count_of_people_is_rounded_to_5_and_1_to_4_are_marked(count, printed):
    (row,) = protected("round5", ROW | {"suspects": count})
    assert row["suspects"] == printed


def test_what_is_made_from_rounded_counts_of_people_is_confidential():
    (row,) = protected("round5", ROW)
    made = ("denominator", "share_pct", "difference", "change_word")
    assert {row[name] for name in made} == {"[c]"}
    assert row["lpa"] == "North"


@pytest.mark.parametrize("label", ["Total", "All"])
def test_a_small_total_does_not_give_its_rounded_parts_away(label):
    parts = [ROW | {"lpa": area, "suspects": 1} for area in ("North", "South", "West")]
    *rows, whole = protected("round5", *parts, ROW | {"lpa": label, "suspects": 3})
    assert {row["suspects"] for row in rows} == {"[low]"}
    assert whole["suspects"] == "[c]"


STATUSES = (*COLUMNS, Column("status", "Status", "text", True, False))


def statuses(policy: str, *counts: int, columns=STATUSES) -> list[str]:
    rows = (ROW | {"suspects": n, "status": "available"} for n in counts)
    (found,) = made_public(table("t", policy, *rows, columns=columns))
    return [row["status"] for row in found]


def test_a_row_whose_count_is_hidden_has_the_status_confidential():
    assert statuses("suppress", 9, 3, 17) == ["available", "confidential", "available"]


def test_a_row_whose_counts_are_rounded_is_available_if_it_has_nothing_else():
    counts = tuple(c for c in STATUSES if c.name in ("lpa", "suspects", "status"))
    assert statuses("round5", 3, 8, columns=counts) == ["available", "available"]


def test_a_row_with_a_hidden_share_alone_has_the_status_confidential():
    shares = tuple(c for c in STATUSES if c.name not in ("suspects", "denominator"))
    assert statuses("round5", 8, columns=shares) == ["confidential"]


def test_a_row_that_is_not_available_stays_so_in_a_public_version():
    row = dict.fromkeys(ROW) | {"lpa": "North", "status": "not available"}
    (found,) = made_public(table("t", "suppress", row, columns=STATUSES))
    assert [row["status"] for row in found] == ["not available"]


def test_a_gap_beside_a_hidden_count_is_not_called_not_available():
    row = ROW | {"suspects": 3, "difference": None, "status": "confidential"}
    (cells,) = table("t", "", row, columns=STATUSES).grid().rows
    assert cells[4].mark == "[z]"


# Suppression


def test_a_hidden_quarter_does_not_follow_from_its_year_and_earlier_packs():
    """The packs of the three quarters before print the other nine months."""
    ids = {
        ("quarter", 1, "suspects"): "arrests.polit/3m-2021-09/count",
        ("year", 1, "suspects"): "arrests.polit/12m-2021-09/count",
    }

    def printed(in_quarter: int) -> tuple[object, object]:
        (quarter,), (year,) = made_public(
            table("quarter", "suppress", ROW | {"suspects": in_quarter}),
            table("year", "suppress", ROW | {"suspects": 40}),
            figure_ids=ids,
        )
        return quarter["suspects"], year["suspects"]

    assert printed(3) == ("[c]", "[c]")
    assert printed(9) == (9, 40)


def test_a_hidden_month_before_a_year_does_not_hide_the_year():
    """No pack prints the one month that 13 months have more than 12."""
    ids = {
        ("year", 1, "suspects"): "arrests.socu/12m-2021-09/count",
        ("more", 1, "suspects"): "arrests.socu/13m-2021-09/count",
    }
    (year,), (more,) = made_public(
        table("year", "suppress", ROW | {"suspects": 40}),
        table("more", "suppress", ROW | {"suspects": 47}),
        figure_ids=ids,
    )
    assert (year["suspects"], more["suspects"]) == (40, 47)


@pytest.mark.parametrize(("count", "printed"), [(0, 0), (1, "[c]"), (4, "[c]"), (5, 5)])
def test_suppress_hides_1_to_4_people_and_prints_other_counts_as_they_are(
    count, printed
):
    (row,) = protected("suppress", ROW | {"suspects": count})
    assert row["suspects"] == printed


def test_suppress_hides_what_is_made_from_a_hidden_count_and_nothing_else():
    hidden, shown = protected("suppress", ROW | {"suspects": 2}, ROW | {"lpa": "South"})
    made = ("share_pct", "difference", "change_word")
    assert {hidden[name] for name in made} == {"[c]"}
    assert [shown[name] for name in made] == [ROW[name] for name in made]


def areas(*counts: int, total: int | None = None, policy: str = "suppress") -> Table:
    """Return a table of areas and their total."""
    columns = (Column("lpa", "Area", "text"), COUNTS)
    names = ["North", "South", "West", "East", "Coast", "Town"][: len(counts)]
    rows = [{"lpa": n, "suspects": c} for n, c in zip(names, counts, strict=True)]
    rows.append({"lpa": "Total", "suspects": sum(counts) if total is None else total})
    return table("areas", policy, *rows, columns=columns)


@pytest.mark.parametrize(
    ("counts", "hidden"),
    # Worked by hand. A reader knows the total, and that a small count is 1 to 4.
    [
        ((50, 1), {0, 1}),
        ((2, 9, 7), {0, 2}),  # 7 is the smallest other part
        ((12, 3, 9), {1, 2}),
        ((7, 5, 5, 4, 1, 1), {3, 4, 5}),  # 6 together: each can be 1 to 4
        ((6, 4, 4, 4, 3, 2), {1, 2, 3, 4, 5}),  # 17 together: each can be 1 to 4
        ((9, 4, 4), {0, 1, 2}),  # 8 together: both would be 4
        ((8, 1, 1), {0, 1, 2}),  # 2 together: both would be 1
        ((9, 4, 3), {0, 1, 2}),  # 7 together: 3 or 4
        ((9, 3, 3), {1, 2}),  # 6 together: 2, 3 or 4
        ((1, 5, 20), {0, 1, 2}),  # 6 together: 5 is the least that is not small
        ((4, 4, 4), {0, 1, 2, "T"}),
        ((3, 0, 0), {0, "T"}),  # nothing else to hide
        ((9, 0, 7), set()),
    ],
)
def test_a_hidden_count_is_not_the_total_less_the_rest(counts, hidden):
    ((*parts, whole),) = made_public(areas(*counts))
    found = {i for i, row in enumerate(parts) if row["suspects"] == "[c]"}
    found |= {"T"} if whole["suspects"] == "[c]" else set()
    assert found == hidden


def test_a_total_that_is_not_the_sum_of_its_parts_hides_no_other_part():
    ((first, second, _),) = made_public(areas(2, 9, total=40))
    assert [first["suspects"], second["suspects"]] == ["[c]", 9]


def test_each_total_of_a_table_with_two_kinds_of_parts_is_protected():
    columns = (
        Column("lpa", "Area", "text"),
        Column("category", "Kind", "text"),
        COUNTS,
    )
    counts = {"North": (9, 6, 2), "South": (7, 8, 5), "West": (6, 3, 11)}
    counts["Total"] = tuple(map(sum, zip(*counts.values(), strict=True)))
    kinds = ("Racial", "Religious", "Other", "All")
    rows = [
        {"lpa": area, "category": kind, "suspects": n}
        for area, numbers in counts.items()
        for kind, n in zip(kinds, (*numbers, sum(numbers)), strict=True)
    ]
    (found,) = made_public(table("t", "suppress", *rows, columns=columns))
    # 2 and 3 need another in their rows and columns: 6 and 11 serve both.
    numbers = [row["suspects"] for row in found]
    assert numbers[:4] == [9, "[c]", "[c]", 17]
    assert numbers[4:8] == [7, 8, 5, 20]
    assert numbers[8:12] == [6, "[c]", "[c]", 20]


def test_numerators_are_parts_of_their_denominator():
    columns = (
        Column("source", "Source", "text"),
        Column("numerator", "Referrals", "count"),
        Column("denominator", "All referrals", "count"),
        Column("share_pct", "Share", "pct"),
    )
    counts = (("School", 1), ("Police", 12), ("Health", 7))
    rows = [
        {"source": s, "numerator": n, "denominator": 20, "share_pct": n * 5.0}
        for s, n in counts
    ]
    ids = {("t", i, "denominator"): "all" for i in (1, 2, 3)}
    given = table("t", "suppress", *rows, columns=columns)
    (found,) = made_public(given, figure_ids=ids)
    assert [row["numerator"] for row in found] == ["[c]", 12, "[c]"]
    assert [row["share_pct"] for row in found] == ["[c]", 60.0, "[c]"]
    assert {row["denominator"] for row in found} == {20}


@pytest.mark.parametrize("policy", ["", "exact", "round5"])
def test_a_hidden_figure_is_hidden_in_every_table_that_prints_it(policy):
    columns = (Column("lpa", "Area", "text"), COUNTS)
    other = table("b", policy, {"lpa": "West", "suspects": 7}, columns=columns)
    ids = {("areas", 3, "suspects"): "west", ("b", 1, "suspects"): "west"}
    _, (row) = made_public(areas(2, 9, 7), other, figure_ids=ids)
    assert row[0]["suspects"] == "[c]"


def test_a_total_in_another_table_protects_the_parts_there_too():
    """The same areas, with a total in the second table alone."""
    columns = (Column("lpa", "Area", "text"), COUNTS)
    alone = [{"lpa": "North", "suspects": 2}, {"lpa": "South", "suspects": 9}]
    first = table("first", "suppress", *alone, columns=columns)
    ids = {("first", i, "suspects"): n for i, n in ((1, "north"), (2, "south"))}
    ids |= {("areas", i, "suspects"): n for i, n in ((1, "north"), (2, "south"))}
    own, _ = made_public(first, areas(2, 9, policy="exact"), figure_ids=ids)
    assert [row["suspects"] for row in own] == ["[c]", "[c]"]


def test_the_audit_stops_a_public_version_that_gives_a_count_away(monkeypatch):
    monkeypatch.setattr(suppression, "_unsafe", lambda *_: None)
    with pytest.raises(PackError, match="would give away a hidden count by areas/4/"):
        made_public(areas(2, 9, 7))


def test_the_audit_stops_a_hidden_figure_that_is_printed(monkeypatch):
    monkeypatch.setattr(public, "_hidden_row", lambda row, *_: row)
    with pytest.raises(PackError, match="would give away a hidden count by areas/1/"):
        made_public(areas(2, 9, 7))


@given(st.lists(st.integers(0, 12), min_size=2, max_size=5))
def test_every_hidden_count_of_a_random_line_can_be_three_numbers(counts):
    """Try all numbers that the hidden counts can be together."""
    ((*parts, whole),) = made_public(areas(*counts))
    left = [i for i, row in enumerate(parts) if row["suspects"] == "[c]"]
    assert {i for i, count in enumerate(counts) if 0 < count < 5} <= set(left)
    if whole["suspects"] == "[c]":
        return
    together = sum(counts[i] for i in left)
    possible = [range(1, 5) if counts[i] < 5 else range(5, together + 1) for i in left]
    ways = [way for way in product(*possible) if sum(way) == together]
    for place in range(len(left)):
        assert len({way[place] for way in ways}) >= 3


def test_a_total_and_its_parts_may_have_different_words_of_change():
    columns = (Column("part", "Part", "text"), COUNTS, COLUMNS[-1])
    rows = [
        {"part": part, "suspects": count, "change_word": word}
        for part, count, word in (
            ("All", 12, "no clear change"),
            ("Adult", 8, "no clear change"),
            ("Child", 4, "too few to compare"),
        )
    ]
    (found,) = made_public(table("t", "suppress", *rows, columns=columns))
    assert [row["suspects"] for row in found] == [12, "[c]", "[c]"]


def test_a_month_is_not_a_longer_period_less_a_shorter_one():
    """13 months and the last 12 of them would give the first month away: 3."""
    columns = (Column("unit", "Unit", "text"), COUNTS)
    tables = [
        table(name, "suppress", {"unit": "A", "suspects": n}, columns=columns)
        for name, n in (("own", 47), ("last", 44))
    ]
    ids = {
        ("own", 1, "suspects"): "warrants.a/13m-2021-09/count",
        ("last", 1, "suspects"): "warrants.a/12m-2021-09/count",
    }
    (own,), (last,) = made_public(*tables, figure_ids=ids)
    assert (own["suspects"], last["suspects"]) == (47, "[c]")
    apart = ids | {("last", 1, "suspects"): "warrants.b/12m-2021-09/count"}
    (own,), (last,) = made_public(*tables, figure_ids=apart)
    assert (own["suspects"], last["suspects"]) == (47, 44)


def test_a_quarter_of_none_is_hidden_if_with_earlier_packs_it_tells_a_hidden_year():
    """The 5 of area A hide the 3 of B. Earlier packs have the 5 of its other months."""
    columns = (Column("lpa", "Area", "text"), COUNTS)
    year = {"A": 5, "B": 3, "Other": 9, "Total": 17}
    rows = [{"lpa": area, "suspects": count} for area, count in year.items()]
    ids = {
        ("year", i, "suspects"): f"arrests@{area}/12m-2021-09/count"
        for i, area in enumerate(year, 1)
    }
    ids["quarter", 1, "suspects"] = "arrests@A/3m-2021-09/count"
    in_year, (in_quarter,) = made_public(
        table("year", "suppress", *rows, columns=columns),
        table("quarter", "suppress", {"lpa": "A", "suspects": 0}, columns=columns),
        figure_ids=ids,
    )
    assert [row["suspects"] for row in in_year] == ["[c]", "[c]", 9, 17]
    assert in_quarter["suspects"] == "[c]"


def test_a_count_that_no_pack_can_hide_leaves_other_measures_protected():
    """Nothing hides the 1 of area B from who has the 5 of C and the 6 of all before.

    The measure beside it has a quarter of 3 in a year of 40, and is not printed.
    """
    columns = (Column("lpa", "Area", "text"), COUNTS)
    areas = ("B", "C", "Total")
    tables, ids = [], {}
    for months, own, beside in ((3, (0, 0, 0), 3), (12, (1, 5, 6), 40)):
        rows = [
            {"lpa": area, "suspects": count}
            for area, count in zip(areas, own, strict=True)
        ]
        tables.append(table(f"t{months}", "suppress", *rows, columns=columns))
        tables.append(table(f"u{months}", "suppress", ROW | {"suspects": beside}))
        ids |= {
            (f"t{months}", i, "suspects"): f"arrests@{area}/{months}m-2021-09/count"
            for i, area in enumerate(areas, 1)
        }
        ids[f"u{months}", 1, "suspects"] = f"warrants/{months}m-2021-09/count"
    _, (in_quarter,), _, (in_year,) = made_public(*tables, figure_ids=ids)
    assert (in_quarter["suspects"], in_year["suspects"]) == ("[c]", "[c]")


@given(
    st.lists(st.tuples(st.integers(0, 6), st.integers(0, 9)), min_size=3, max_size=3)
)
@example([(0, 0), (0, 1), (0, 5)])
@example([(0, 5), (3, 0), (0, 9)])
def test_any_counts_of_areas_in_a_quarter_and_its_year_have_a_public_version(counts):
    """Each area has a count of the quarter, and one of the nine months before."""
    quarter = [count for count, _ in counts]
    year = [count + before for count, before in counts]
    columns = (Column("lpa", "Area", "text"), COUNTS)
    tables, ids = [], {}
    for months, own in ((3, quarter), (12, year)):
        areas = dict(zip("ABC", own, strict=True)) | {"Total": sum(own)}
        rows = [{"lpa": area, "suspects": count} for area, count in areas.items()]
        tables.append(table(f"t{months}", "suppress", *rows, columns=columns))
        ids |= {
            (f"t{months}", i, "suspects"): f"arrests@{area}/{months}m-2021-09/count"
            for i, area in enumerate(areas, 1)
        }
    for rows, own in zip(
        made_public(*tables, figure_ids=ids), (quarter, year), strict=True
    ):
        shown = [row["suspects"] for row in rows]
        assert all(s == "[c]" for s, n in zip(shown, own, strict=False) if 0 < n < 5)


def test_numerators_are_parts_of_a_denominator_that_each_category_names():
    columns = (
        Column("source", "Source", "text"),
        Column("numerator", "Referrals", "count"),
        Column("denominator", "All referrals", "count"),
    )
    rows = [
        {"source": s, "numerator": n, "denominator": 20}
        for s, n in (("a", 1), ("b", 12), ("c", 7))
    ]
    ids = {
        ("t", i, "denominator"): f"referrals.{c}/3m-2021-09/category_denominator"
        for i, c in enumerate("abc", 1)
    }
    (found,) = made_public(
        table("t", "suppress", *rows, columns=columns), figure_ids=ids
    )
    assert [row["numerator"] for row in found] == ["[c]", 12, "[c]"]


def test_a_count_does_not_follow_from_the_totals_of_several_tables_together():
    """Each total leaves its two hidden counts open; the three totals give all three."""
    columns = (Column("lpa", "Area", "text"), COUNTS)
    counts = {"a": 3, "b": 3, "c": 3}
    tables, ids = [], {}
    for name, pair in (("ab", "ab"), ("bc", "bc"), ("ca", "ca")):
        rows = [{"lpa": area, "suspects": counts[area]} for area in pair]
        rows += [{"lpa": "Other", "suspects": 9}, {"lpa": "Total", "suspects": 15}]
        tables.append(table(name, "suppress", *rows, columns=columns))
        ids |= {(name, i, "suspects"): area for i, area in enumerate(pair, 1)}
    found = made_public(*tables, figure_ids=ids)
    assert all(row["suspects"] == "[c]" for rows in found for row in rows[:2])
    kept = [rows[2]["suspects"] == 9 and rows[3]["suspects"] == 15 for rows in found]
    assert sum(kept) < 3


def test_a_value_that_is_not_known_stays_so():
    for policy in ("round5", "suppress"):
        (row,) = protected(policy, ROW | {"suspects": None, "share_pct": None})
        assert row["suspects"] is None and row["share_pct"] is None


@pytest.mark.parametrize("policy", ["", "exact"])
def test_counts_of_crimes_are_exact(policy):
    assert protected(policy, ROW) == [ROW | {"row_position": 1}]


def test_a_table_of_several_measures_protects_all_but_crimes_and_amounts():
    crimes = ROW | {"measure": "hate_crime", "suspects": 2}
    cash = ROW | {"measure": "cash_seized", "quantity_unit": "£", "suspects": 2}
    people = ROW | {"measure": "arrests", "quantity_unit": "arrests", "suspects": 2}
    rows = protected("suppress where people are counted", crimes, cash, people)
    assert [row["suspects"] for row in rows] == [2, 2, "[c]"]
    assert [row["difference"] for row in rows] == [-3, -3, "[c]"]


def test_a_table_that_may_count_people_has_no_exact_policy():
    """Rounded months beside their exact quarter would say what each of them is."""
    folder = SEEDS / "layout"
    policies = {
        row["table_name"]: row["disclosure_policy"]
        for row in rows_of(folder / "report_tables.csv")
    }
    units = {
        row["measure_code"]: row["unit"]
        for row in rows_of(SEEDS / "force" / "measures.csv")
    }
    exact = {
        row["measure_code"]
        for row in rows_of(folder / "table_measures.csv")
        if policies[row["table_name"]] in ("", "exact")
        and units[row["measure_code"]] not in public.COUNTED_EVENTS
    }
    assert exact == set()


def test_a_small_share_of_people_is_not_exact_beside_a_share_of_incidents():
    attended = ROW | {"measure": "hate_crime", "suspects": 3}
    orders = ROW | {"measure": "dvpn_to_dvpo", "suspects": 3}
    (policy,) = (
        row["disclosure_policy"]
        for row in rows_of(SEEDS / "layout" / "report_tables.csv")
        if row["table_name"] == "quarter_shares"
    )
    rows = protected(policy, attended, orders)
    assert [row["suspects"] for row in rows] == [3, "[low]"]
    assert [row["share_pct"] for row in rows] == [34.8, "[c]"]
    assert [row["denominator"] for row in rows] == [23, "[c]"]


def test_no_figure_is_rounded_in_one_table_and_exact_in_another(
    demonstration: Result, tmp_path: Path
):
    database = tmp_path / "marked.duckdb"
    database.write_bytes(demonstration.home.current.read_bytes())
    with duckdb.connect(str(database)) as con:
        con.execute("update reporting.rpt_reports set public_marking = 'OFFICIAL'")
    for quarter in ("2020-21-q4", "2021-22-q1", "2021-22-q2"):
        report = read_report(database, quarter, "essex")
        figures = Figures(report.figure_ids)
        printed: dict[str, dict[int, str]] = {}
        for each in public_report(report).tables:
            for row in each.rows:
                for column in count_columns(each):
                    if isinstance(row[column], int):
                        name = figures.name(each, row, column)
                        printed.setdefault(name, {})[row[column]] = each.name
        assert {n: told for n, told in printed.items() if len(told) > 1} == {}
    assert set(printed["prevent_referrals/3m-2021-09/count"]) == {23}


# The pack


@pytest.fixture(scope="module")
def pack(tmp_path_factory) -> Path:
    """A pack whose force has a public version: one table of people, one internal.

    The strands' totals are 37, 24, 3 and 64 there.
    """
    home = tmp_path_factory.mktemp("public")
    database = build_database(home / "warehouse_1.duckdb")
    with duckdb.connect(str(database)) as con:
        con.execute("set schema = 'reporting'")
        con.execute("alter table rpt_reports add column public_marking text")
        con.execute("update rpt_reports set public_marking = 'OFFICIAL: public'")
        con.execute(
            "create table rpt_cells (quarter text, force_code text, table_name text, "
            "row_position int, column_name text, number_format text, figure_id text)"
        )
        for table, policy in (
            ("delivery_progress", "round5"),
            ("rolling_12_months", "internal"),
        ):
            con.execute(
                "update rpt_tables set disclosure_policy = ? where table_name = ?",
                [policy, table],
            )
        con.execute("update rpt_delivery_progress set total = 3 where row_position = 1")
        con.execute(
            "update rpt_facts set facts = replace(facts, '\"lead_name\": null', "
            '\'"lead_name": "Jo Lee"\')'
        )
    return write_pack(database, QUARTER, "essex", home / "pack", {}).folder


def test_a_figure_is_protected_alike_on_the_page_in_the_workbook_and_in_the_data(pack):
    with (pack / "public/tables/delivery_progress.csv").open(encoding="utf-8") as file:
        data = list(csv.DictReader(file))
    book = openpyxl.load_workbook(pack / "public/report.xlsx")
    (sheet,) = (w for w in book.worksheets if "delivery_progress" in w.tables)
    headings, *rows = sheet[sheet.tables["delivery_progress"].ref]
    at = [cell.value for cell in headings].index("Total actions")
    page = (pack / "public/annex.html").read_text(encoding="utf-8")
    assert data[0]["total"] == "[low]" and data[1]["total"].isdigit()
    assert [str(row[at].value) for row in rows] == [row["total"] for row in data]
    assert '<td class="number">[low]</td>' in page
    assert all(int(row["total"]) % 5 == 0 for row in data[1:])


def test_an_internal_table_is_in_no_part_of_the_public_version(pack):
    assert (pack / "tables/rolling_12_months.csv").exists()
    assert not (pack / "public/tables/rolling_12_months.csv").exists()
    book = openpyxl.load_workbook(pack / "public/report.xlsx")
    assert not any("rolling_12_months" in w.tables for w in book.worksheets)
    for name in ("index.html", "annex.html"):
        page = (pack / "public" / name).read_text(encoding="utf-8")
        assert "rolling_12_months" not in page


def test_the_name_of_a_lead_is_in_no_part_of_the_public_version(pack):
    def named(folder: Path) -> set[str]:
        return {
            path.name
            for path in folder.rglob("*")
            if path.is_file() and b"Jo Lee" in content(path)
        }

    def content(path: Path) -> bytes:
        if not zipfile.is_zipfile(path):
            return path.read_bytes()
        with zipfile.ZipFile(path) as file:
            return b"".join(map(file.read, file.namelist()))

    assert named(pack) >= {"index.html", "annex.html", "report.docx"}
    assert named(pack / "public") == set()


def test_the_public_version_has_its_marking_and_neither_words_nor_changes(pack):
    statement = (pack / "public/quality.html").read_text(encoding="utf-8")
    assert statement.count("OFFICIAL: public</p>") == 2
    assert "internal draft" not in statement
    for name in ("index.html", "annex.html"):
        page = (pack / "public" / name).read_text(encoding="utf-8")
        assert re.findall('class="marking">([^<]+)', page) == ["OFFICIAL: public"] * 2
        assert "internal draft" not in page
        assert not re.search('class="words">|class="placeholder">', page)
    book = openpyxl.load_workbook(pack / "public/report.xlsx")
    assert not {"Report_text", "Changes"} & set(book.sheetnames)
    cells = [str(v) for w in book for row in w.iter_rows(values_only=True) for v in row]
    assert "OFFICIAL: public" in cells and "[low] means 1 to 4." in cells
    assert not [text for text in cells if "internal draft" in text]


@pytest.mark.parametrize("name", ["index.html", "annex.html", "quality.html"])
def test_links_of_the_public_page_stay_within_its_folder(pack, name: str):
    page = (pack / "public" / name).read_text(encoding="utf-8")
    files = set(re.findall(r'href="([^"#][^"#]*)', page)) - {"data:,"}
    assert files and all((pack / "public" / name).is_file() for name in files)


def made_again(pack: Path, folder: Path):
    """Make a pack again in a copy of its folder."""
    database = pack.parent / "warehouse_1.duckdb"
    return write_pack(database, QUARTER, "essex", folder, {})


@pytest.fixture
def copied_pack(pack, tmp_path) -> Path:
    shutil.copytree(pack, tmp_path / "pack")
    return tmp_path / "pack"


def test_an_edited_draft_of_the_public_version_is_kept_beside_the_new_one(
    pack, copied_pack
):
    fresh = (pack / "public/report.docx").read_bytes()
    (copied_pack / "public/report.docx").write_bytes(b"edited")
    for _ in range(2):  # the second finds a manifest that knows of the edit
        made = made_again(pack, copied_pack)
        assert (copied_pack / "public/report.docx").read_bytes() == b"edited"
        assert (copied_pack / "public/report.new.docx").read_bytes() == fresh
        assert made.notices() == [
            "public/report.docx was edited after it was written. It is kept, and the "
            "new draft is public/report.new.docx."
        ]
        assert made.document == "report.docx"
        assert "public/report.docx" not in made.files
    annex = (copied_pack / "annex.html").read_text(encoding="utf-8")
    assert "report.new" not in annex and "public/" not in annex


def test_an_edited_draft_stays_if_its_force_no_longer_has_a_public_version(
    pack, copied_pack, tmp_path
):
    (copied_pack / "public/report.docx").write_bytes(b"edited")
    database = build_database(tmp_path / "warehouse_1.duckdb")
    made = write_pack(database, QUARTER, "essex", copied_pack, {})
    assert [path.name for path in (copied_pack / "public").glob("*")] == ["report.docx"]
    assert (copied_pack / "public/report.docx").read_bytes() == b"edited"
    assert made.notices() == [
        "public/report.docx was edited after it was written. It is kept, and there is "
        "no new draft."
    ]


def test_a_file_that_a_person_put_into_a_folder_of_the_pack_is_kept(pack, copied_pack):
    own = ["public/letter.txt", "public/letters/a.txt", "tables/notes.txt"]
    (copied_pack / "public/letters").mkdir()
    for name in own:
        (copied_pack / name).write_bytes(b"mine")
    files = {p.relative_to(pack).as_posix() for p in pack.rglob("*") if p.is_file()}
    for _ in range(2):
        made_again(pack, copied_pack)
        assert [(copied_pack / name).read_bytes() for name in own] == [b"mine"] * 3
        found = [p for p in copied_pack.rglob("*") if p.is_file()]
        assert {p.relative_to(copied_pack).as_posix() for p in found} == files | {*own}


def test_a_persons_folder_that_has_the_name_of_the_public_version_is_kept(
    pack, tmp_path
):
    database = build_database(tmp_path / "warehouse_1.duckdb")
    folder = write_pack(database, QUARTER, "essex", tmp_path / "pack", {}).folder
    (folder / "public").mkdir()
    (folder / "public/letter.txt").write_bytes(b"mine")
    made_again(pack, folder)
    assert (folder / "public/letter.txt").read_bytes() == b"mine"
    assert (folder / "public/report.docx").is_file()


def test_a_force_without_a_row_in_its_configuration_has_no_public_version(tmp_path):
    database = build_database(tmp_path / "warehouse_1.duckdb")
    pack = write_pack(database, QUARTER, "essex", tmp_path / "pack", {}).folder
    assert not (pack / "public").exists()
