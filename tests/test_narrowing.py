"""No rounded count of a public version can be narrowed to fewer than three numbers."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from reports import narrowing
from reports.grid import Column, Mark
from reports.published import PackError
from reports.sums import Line
from tests.test_public import made_public, table

AREA = Column("lpa", "Area", "text")
LARGEST = 14  # no printed count below is larger than the sum of three such counts


def possible(shown: object, most: int = 3 * LARGEST) -> range:
    """Return the counts that a reader takes a printed cell for, by the rule alone."""
    if isinstance(shown, Mark):
        return range(1, 5) if shown == "[low]" else range(most + 1)
    return range(max(5, shown - 2), shown + 3) if shown else range(1)


def ranges(shown: list[object], whole: object) -> list[set[int]]:
    """Return the counts that each part can be, by trying all of them."""
    found: list[set[int]] = [set() for _ in shown]
    for counts in product(*map(possible, shown)):
        if sum(counts) in possible(whole):
            for each, count in zip(found, counts, strict=True):
                each.add(count)
    return found


def is_open(counts: list[int], shown: list[object], whole: object) -> bool:
    can_be = ranges(shown, whole)
    return all(
        len(each) >= 3
        for count, each in zip(counts, can_be, strict=True)
        if 0 < count < 5
    )


COUNTS = st.lists(st.integers(0, LARGEST), min_size=2, max_size=3)


@given(COUNTS)
@example([4, 4])  # both are 4 beside a total of 8 to 12
@example([5, 1])  # at most 2 beside 5 to 7 and a total of 5 to 7
@example([1, 1, 1])
def test_a_small_part_can_be_three_numbers_beside_its_rounded_total(counts):
    columns = (AREA, Column("suspects", "Suspects", "count"))
    rows = [{"lpa": f"Area {i}", "suspects": n} for i, n in enumerate(counts)]
    total = {"lpa": "Total", "suspects": sum(counts)}
    (found,) = made_public(table("t", "round5", *rows, total, columns=columns))
    *shown, whole = [row["suspects"] for row in found]
    assert is_open(counts, shown, whole)


@given(st.lists(st.tuples(*[st.integers(0, LARGEST)] * 2), min_size=3, max_size=3))
@example([(4, 4), (20, 30), (6, 8)])
@example([(1, 5), (20, 30), (6, 8)])
def test_a_small_count_can_be_three_numbers_beside_columns_that_add_up(months):
    names = ("notices", "orders", "both")
    columns = (AREA, *(Column(name, name, "count") for name in names))
    measures = ("dvpn", "dvpo", "dvpn_and_dvpo")
    rows, ids = [], {}
    for i, (notices, orders) in enumerate(months, 1):
        counts = (notices, orders, notices + orders)
        rows.append({"lpa": f"Month {i}"} | dict(zip(names, counts, strict=True)))
        for name, code in zip(names, measures, strict=True):
            ids["t", i, name] = f"{code}/2021-0{i}/count"
    made = table("t", "round5", *rows, columns=columns)
    (found,) = made_public(made, figure_ids=ids)
    for counts, row in zip(months, found, strict=True):
        assert is_open(list(counts), [row["notices"], row["orders"]], row["both"])


@given(st.lists(st.integers(0, LARGEST), min_size=3, max_size=3))
@example([4, 4, 0])  # both are 4 beside a quarter of 8 to 12
@example([5, 1, 1])
def test_a_small_month_can_be_three_numbers_beside_its_rounded_quarter(months):
    columns = (AREA, Column("suspects", "Suspects", "count"))
    ids = {("months", i, "suspects"): f"dvpo/2021-0{6 + i}/count" for i in (1, 2, 3)}
    ids["quarter", 1, "suspects"] = "dvpo/3m-2021-09/count"
    rows = [{"lpa": f"Month {i}", "suspects": n} for i, n in enumerate(months)]
    quarter = {"lpa": "Quarter", "suspects": sum(months)}
    found, (whole,) = made_public(
        table("months", "round5", *rows, columns=columns),
        table("quarter", "round5", quarter, columns=columns),
        figure_ids=ids,
    )
    assert is_open(months, [row["suspects"] for row in found], whole["suspects"])


@pytest.mark.parametrize("counts", [[4, 3, 4], [4, 4, 4]])
def test_a_total_of_small_parts_alone_is_confidential_whatever_it_is(counts):
    """Otherwise a total that is hidden would say that it is small."""
    columns = (AREA, Column("suspects", "Suspects", "count"))
    rows = [{"lpa": f"Area {i}", "suspects": n} for i, n in enumerate(counts)]
    total = {"lpa": "Total", "suspects": sum(counts)}
    (found,) = made_public(table("t", "round5", *rows, total, columns=columns))
    assert [row["suspects"] for row in found] == ["[low]"] * 3 + ["[c]"]


def test_a_count_that_only_a_figure_printed_elsewhere_could_protect_stops_the_pack():
    line = Line(("small", "large"), "whole")
    values = {"small": 1, "large": 9, "whole": 10}
    printed = {"small": (1, 4), "large": (9, 9), "whole": (10, 10)}
    with pytest.raises(PackError, match="policy internal"):
        narrowing.to_hide([line], values, printed, {"small"}, {"small"})


def test_large_counts_keep_their_rounded_total():
    columns = (AREA, Column("suspects", "Suspects", "count"))
    rows = [{"lpa": f"Area {i}", "suspects": n} for i, n in enumerate((12, 13, 2))]
    total = {"lpa": "Total", "suspects": 27}
    (found,) = made_public(table("t", "round5", *rows, total, columns=columns))
    assert [row["suspects"] for row in found] == [10, 15, "[low]", 25]
