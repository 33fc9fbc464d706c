"""The board report: its sentences, its rules, and its handling of missing data."""

from __future__ import annotations

import csv
import html
import re
from dataclasses import fields, replace
from datetime import date
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import duckdb
import pytest

from dagster_project.settings import SEEDS
from reports import PackError, write_pack
from reports.board import (
    about,
    alternatives,
    area_chart,
    english,
    geometry,
    month_chart,
    open_data,
    periods,
    points,
    records,
    results,
    room,
    strands,
    words,
)
from reports.board.authors import Written
from reports.board.checks import figures, subjects, to_check
from reports.board.open_data import MOST_DISTRICTS
from reports.board.page import write_board
from reports.board.public import public_board
from reports.board.read import read_board
from reports.board.records import Comparison, Measure, Month, Progress, Signal
from reports.facts import Note
from reports.grid import Mark, Table
from reports.outline import Part, Section
from reports.public import ROUND, SUPPRESS
from reports.report import read_report
from tests.authored import authored
from tests.board_fixture import (
    ACHIEVED,
    CRIME_TYPES,
    build_board_database,
    with_crime_types,
    with_districts,
)
from tests.reporting_fixture import QUARTER

M = english.MINUS


@pytest.fixture(scope="module")
def database(tmp_path_factory) -> Path:
    return build_board_database(tmp_path_factory.mktemp("board") / "warehouse_1.duckdb")


@pytest.fixture(scope="module")
def essex(database):
    return read_board(database, QUARTER, "essex")


def drawn(database: Path, force: str, folder: Path, text: dict | None = None) -> str:
    report = read_report(database, QUARTER, force).with_authors_text(text or {})
    board = read_board(database, QUARTER, force)
    write_board(report, board, folder / "index.html")
    return (folder / "index.html").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def page(database, tmp_path_factory) -> str:
    return drawn(database, "essex", tmp_path_factory.mktemp("essex"))


def changed(database: Path, folder: Path, *statements: str) -> Path:
    """Return a copy of the file with some rows changed."""
    copy = folder / "warehouse_2.duckdb"
    copy.write_bytes(database.read_bytes())
    with duckdb.connect(str(copy)) as con:
        for statement in statements:
            con.execute(statement)
    return copy


def text_of(markup: str) -> str:
    """Return the text that a reader sees: no styles, tags or hidden texts."""
    markup = re.sub(
        r"<style>.*?</style>|<(title|desc).*?</\1>", " ", markup, flags=re.S
    )
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", markup)).split())


def compared(code: str | None, before, now, pct=None, **more) -> Comparison:
    """Return a comparison of 12 months to September 2021 with the 12 before."""
    facts = {
        "comparison": records.YEAR,
        "period_start": date(2020, 10, 1),
        "period_end": date(2021, 9, 30),
        "base_start": date(2019, 10, 1),
        "base_end": date(2020, 9, 30),
        "base_count": before,
        "current_count": now,
        "difference": None if None in (before, now) else now - before,
        "difference_pct": Decimal(pct) if pct else None,
        "change_code": code,
        "range_lower_text": None,
        "range_upper_text": None,
        "clearness": None,
        "months_lower": 8,
        "months_higher": 3,
        "months_equal": 1,
        "status": "available",
    }
    return Comparison(**(facts | more))


def measure(name: str = "Knife crime", **facts) -> Measure:
    """Return a measure of crimes; `year`, `quarter` and `pandemic` are its
    comparisons.
    """
    kinds = {
        "year": records.YEAR,
        "quarter": records.QUARTER,
        "pandemic": records.PANDEMIC,
    }
    comparisons = {kinds[k]: facts.pop(k) for k in kinds if k in facts}
    blank = dict.fromkeys(
        [
            "section_number",
            "strand",
            "aim",
            "first_counted_month",
            "previous_solved_pct",
            "previous_solved",
            "previous_recorded",
            "solved_pct",
            "solved",
            "recorded",
            "solved_change_code",
            "rate_per_1000",
            "positive_pct",
            "gap_reason",
        ]
    )
    blank |= {
        "measure": "m",
        "measure_name": name,
        "short_name": name,
        "is_plural": False,
        "is_defined_by_outcome": False,
    }
    blank |= {
        "measure_unit": "crimes",
        "status": "available",
        "comparisons": comparisons,
    }
    return Measure(**(blank | facts))


LAST_YEAR = {"base_start": date(2020, 7, 1), "base_end": date(2020, 9, 30)}
IN_2019 = {"base_start": date(2019, 1, 1), "base_end": date(2019, 12, 31)}
TO = "in the 12 months to September 2021"


@pytest.mark.parametrize(
    ("name", "facts", "sentence"),
    [
        (
            "Residential burglary",
            ("lower", 6009, 4645, "-22.7"),
            f"Residential burglary is lower: 4,645 {TO}, 22.7% fewer than the 12 "
            "months before.",
        ),
        (
            "Hate crime",
            ("higher", 3291, 4177, "26.9"),
            f"Hate crime is higher: 4,177 {TO}, 26.9% more than the 12 months before.",
        ),
        (
            "Knife crime",
            ("no_clear_change", 2751, 2832, "2.9"),
            f"Knife crime shows no clear change: 2,832 {TO}, 2,751 in the 12 months "
            "before.",
        ),
        (
            "Night-time economy crime",
            ("uneven", 2999, 1863, "-37.9"),
            f"Night-time economy crime is uneven: 1,863 {TO} against 2,999 "
            f"({M}37.9%), with 8 months lower, 3 higher and 1 equal.",
        ),
        (
            "Fraud",
            ("too_few", 5, 8, "60.0"),
            f"Fraud: too few to compare, 8 {TO} and 5 in the 12 months before.",
        ),
        (
            "Fraud",
            ("not_comparable", 500, 800),
            "Fraud is not comparable with the 12 months before, because what is "
            f"counted changed: 800 {TO}.",
        ),
        (
            "Fraud",
            (None, 28, 95),
            f"Fraud: too few months to compare, 95 {TO} and 28 in the 12 months "
            "before.",
        ),
        ("Fraud", (None, None, 800), f"Fraud: 800 {TO}; there is no earlier figure."),
        # A leap year: the total is higher, but the count per day is lower.
        (
            "Fraud",
            ("lower", 100_000, 100_001, "0.0"),
            f"Fraud is lower a day: 100,001 {TO}, 100,000 in the 12 months before.",
        ),
        # A change that rounds to 0% is shown with counts, without a percentage.
        (
            "Fraud",
            ("higher", 100_000, 100_001, "0.0"),
            f"Fraud is higher: 100,001 {TO}, 100,000 in the 12 months before.",
        ),
        # A base of 0 has no percentage.
        (
            "Fraud",
            ("higher", 0, 40),
            f"Fraud is higher: 40 {TO}, 0 in the 12 months before.",
        ),
    ],
)
def test_the_finding_has_the_word_of_its_comparison(name, facts, sentence):
    assert words.finding(measure(name, year=compared(*facts))) == sentence


def test_a_measure_in_the_plural_has_its_verb():
    found = measure("Prevent referrals", is_plural=True, measure_unit="referrals")
    year = {records.YEAR: compared("no_clear_change", 94, 108, "14.9")}
    assert words.finding(replace(found, comparisons=year)) == (
        f"Prevent referrals show no clear change: 108 {TO}, 94 in the 12 months before."
    )


def test_with_fewer_than_24_months_the_compared_months_are_named():
    year = compared(
        "lower",
        900,
        700,
        "-22.2",
        period_start=date(2021, 5, 1),
        period_end=date(2021, 12, 31),
        base_start=date(2020, 5, 1),
        base_end=date(2020, 12, 31),
    )
    assert words.finding(measure("Fraud", year=year)) == (
        "Fraud is lower: 700 in May to December 2021, 22.2% fewer than in May to "
        "December 2020."
    )


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        (
            ("no_clear_change", 1215, 1242),
            "This quarter 1,242 were recorded, 1,215 in July to September 2020: no "
            "clear change.",
        ),
        (
            ("higher", 998, 1307),
            "This quarter 1,307 were recorded, 998 in July to September 2020: higher.",
        ),
        (
            (None, None, 14),
            "This quarter 14 were recorded; there is no earlier figure.",
        ),
        (
            (None, 27, 45),
            "This quarter 45 were recorded, 27 in July to September 2020: too few "
            "months to compare.",
        ),
        (
            ("too_few", 3, 1),
            "This quarter 1 was recorded, 3 in July to September 2020: too few to "
            "compare.",
        ),
    ],
)
def test_the_comparison_of_the_quarter_has_its_word(facts, sentence):
    assert words.quarter(measure(quarter=compared(*facts, **LAST_YEAR))) == sentence


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        (
            ("lower", 7345, 4645, "-36.8"),
            "Against 2019, the last year before the pandemic (7,345), the count is "
            f"lower ({M}36.8%).",
        ),
        (
            ("no_clear_change", 2920, 2832, "-3.0"),
            "Against 2019, the last year before the pandemic (2,920), the count shows "
            f"no clear change ({M}3.0%).",
        ),
        ((None, None, 2832), "Figures of 2019 are missing, so it cannot be compared."),
    ],
)
def test_the_comparison_with_2019_has_its_word(facts, sentence):
    assert words.pandemic(measure(pandemic=compared(*facts, **IN_2019))) == sentence


def test_measures_that_begin_after_2019_are_not_compared_with_it():
    late = measure(
        measure_unit="referrals",
        first_counted_month=date(2019, 10, 1),
        pandemic=compared(None, None, 108, **IN_2019),
    )
    assert words.pandemic(late) == (
        "The figures begin in October 2019, so 2019 cannot be compared."
    )


def month(number: int, value: int, code=None, side=None) -> Month:
    """Return a month as in a series whose months are all equal."""
    limits = (Decimal("156.8"), Decimal("17.1"), Decimal("296.4"))
    marks = (code, side, True, True, True)
    return Month(date(2021, number, 1), value, 2, None, *limits, *marks)


AUGUST = (month(7, 275), month(8, 305, "outside", "above"), month(9, 260))
JULY_AND_AUGUST = (
    month(7, 301, "outside", "above"),
    month(8, 305, "outside", "above"),
    month(9, 260),
)
BOTH_SIDES = (
    month(7, 301, "outside", "above"),
    month(8, 200),
    month(9, 12, "outside", "below"),
)


@pytest.mark.parametrize(
    ("signal", "months", "sentence", "short"),
    [
        (
            Signal("outside", "above", (), None, None, None),
            AUGUST,
            "August: above the usual range (305; 17.1 to 296.4).",
            "Aug above usual range",
        ),
        (
            Signal("outside", "above", (), None, None, None),
            JULY_AND_AUGUST,
            "July and August: above the usual range (301 and 305; 17.1 to 296.4).",
            "Jul, Aug above usual range",
        ),
        (
            Signal("outside", "above", (), None, None, None),
            BOTH_SIDES,
            "July: above the usual range (301; 17.1 to 296.4). September: below the "
            "usual range (12; 17.1 to 296.4).",
            "Jul above range; Sep below range",
        ),
        (
            Signal("trend", "rising", (), 7, date(2021, 1, 1), date(2021, 7, 1)),
            (),
            "Each month above the one before, January to July 2021.",
            "Rising monthly, Jan to Jul",
        ),
        (
            Signal("shift", "below", (), 10, date(2020, 12, 1), date(2021, 9, 1)),
            (),
            "10 months in a row below average.",
            "10 months below average",
        ),
        (
            Signal("two_of_three", "above", (), 3, date(2021, 7, 1), date(2021, 9, 1)),
            (),
            "Two of three months near the top of the usual range, July to September "
            "2021.",
            "Two months near top",
        ),
        (
            Signal("none", None, (), None, None, None),
            (),
            "Nothing unusual in the months of this quarter.",
            "Nothing unusual",
        ),
        (
            Signal("some_months", None, (), None, None, None),
            (),
            "Nothing unusual in the months of this quarter that are available.",
            "Nothing unusual, months missing",
        ),
        (
            Signal("no_months", None, (), None, None, None),
            (),
            "The months of this quarter are not available.",
            "Months are missing",
        ),
        (
            Signal("no_range", None, (), None, None, None),
            (),
            "There are too few months for a usual range.",
            "No usual range yet",
        ),
    ],
)
def test_each_measure_has_one_message_about_its_months(signal, months, sentence, short):
    found = measure(signal=signal, months=months)
    assert words.asking(found) == sentence
    assert words.asking_short(found) == short
    assert len(short.replace(";", "").split()) <= (6 if ";" in short else 5)


def test_of_months_outside_and_in_a_run_only_those_outside_are_asked_about():
    months = (month(8, 305, "outside", "above"), month(9, 250, "shift", "above"))
    outside = measure(signal=Signal("outside", "above", (), None, None, None))
    found = replace(outside, months=months)
    assert words.asked_months(found) == months[:1]
    marks = month_chart.marks(months, [(1, 1), (2, 2)], 4.6, months[:1])
    assert [mark.is_asked for mark in marks] == [True, False]


def test_an_alternative_text_does_not_call_a_missing_month_usual():
    signal = Signal("some_months", None, (), None, None, None)
    text = alternatives.months(measure(months=(month(9, 301),), signal=signal))
    assert text.endswith("in the months of this quarter that are available.")


def test_an_alternative_text_keeps_the_capital_of_the_first_of_three_months():
    above = tuple(month(number, 301, "outside", "above") for number in (7, 8, 9))
    signal = Signal("outside", "above", (), None, None, None)
    text = alternatives.months(measure(months=above, signal=signal))
    assert "Worth asking about: July, August and September: above the usual" in text


@pytest.mark.parametrize(
    ("numbers", "named"),
    [
        ((7, 8), "July 2021 and August 2021"),
        ((4, 7, 8), "April 2021, July 2021 and August 2021"),
        ((4, 5, 7, 8, 9), "April 2021, May 2021 and three others"),
    ],
)
def test_an_alternative_text_names_the_months_that_tie(numbers, named):
    shown = tuple(month(number, 9) for number in numbers)
    text = alternatives.months(measure(months=shown))
    assert f"Latest 9. Highest 9 in {named}, lowest 9 in {named}." in text


def test_an_alternative_text_names_the_districts_that_tie(essex):
    nte = next(m for m in essex.measures if m.areas)
    first, second, *others = nte.areas
    tied = replace(second, current_count=first.current_count, is_highest=True)
    text = alternatives.areas(replace(nte, areas=(first, tied, *others)))
    assert " Highest now: Colchester and Chelmsford with 341. " in text


def test_a_public_count_that_nobody_has_is_missing_and_not_confidential(essex):
    year = compared(None, 134, None)
    gap = "Deliveries of referrals are missing."
    people = measure(
        "Referrals", measure_unit="referrals", year=year, gap_reason=gap, status="[x]"
    )
    row = {"measure": "m", "previous_12_months": 135, "current_12_months": None}
    table = Table("t", "T", "", None, (), (row,), protection=ROUND)
    (public,) = public_board(replace(essex, measures=(people,)), (table,)).measures
    assert words.finding(public) == f"Referrals: not available. {gap}"


@pytest.mark.parametrize(
    ("rule", "before", "now", "finding"),
    [
        (
            ROUND,
            135,
            245,
            "Referrals: about 245 in the 12 months to September 2021, about 135 in the"
            " 12 months before. Counts of people are rounded to the nearest 5, so no"
            " change is given.",
        ),
        *(
            (
                ROUND,
                not_printed,
                245,
                "Referrals: about 245 in the 12 months to September 2021. Counts of"
                " people are rounded to the nearest 5, so no change is given.",
            )
            for not_printed in (Mark("[low]"), None)
        ),
        (
            SUPPRESS,
            134,
            247,
            "Referrals: 247 in the 12 months to September 2021, 134 in the 12 months"
            " before. The change is confidential.",
        ),
        (
            SUPPRESS,
            134,
            Mark("[c]"),
            "Referrals: not available. A count that could identify people is"
            " confidential.",
        ),
    ],
)
def test_the_public_finding_on_people_says_only_what_the_protected_table_prints(
    essex, rule, before, now, finding
):
    year = compared("higher", 134, 247, "84.3", clearness=Decimal(5))
    people = measure("Referrals", measure_unit="referrals", year=year, months=AUGUST)
    row = {"measure": "m", "previous_12_months": before, "current_12_months": now}
    table = Table("t", "T", "", None, (), (row,), protection=rule)
    board = public_board(replace(essex, measures=(people,)), (table,))
    (public,) = board.measures
    assert words.finding(public) == finding
    assert words.asking(public) == "Months are not shown."
    assert public.months == ()
    found = points.main_points(board, lambda m: english.Name(m.measure_name))
    assert not {"higher", "asking"} & {point.code for point in found}


def test_a_run_in_the_direction_of_the_12_months_is_told_but_not_asked_about(essex):
    run = Signal("shift", "below", (), 10, date(2020, 12, 1), date(2021, 9, 1))
    lower = measure(year=compared("lower", 1847, 1514, "-18.0"), signal=run)
    steady = measure(year=compared("no_clear_change", 1847, 1800), signal=run)
    assert [words.is_asked(m) for m in (lower, steady)] == [False, True]
    said = (
        "10 months in a row below average, in line with the lower count of the"
        " 12 months."
    )
    assert words.asking(lower) == said
    assert words.asking(steady) == "10 months in a row below average."
    both = {words.asking_short(m) for m in (lower, steady)}
    assert both == {"10 months below average"}
    drawn_months = essex.measures[0].months
    assert alternatives.months(replace(lower, months=drawn_months)).endswith(said)


def test_nothing_unusual_is_never_printed_under_worth_asking_about(page):
    asked = re.findall(r'(?s)<p class="asks">(.*?)</p>', page)
    assert asked and not [text for text in asked if "othing" in text]
    cells = re.findall(r'(?s)<td [^>]*class="asking.*?</td>', page)
    assert not [cell for cell in cells if 'class="ask"' in cell and "othing" in cell]
    assert "Nothing else" not in page


def test_no_heading_or_sentence_prints_a_count_of_nothing(database, essex, tmp_path):
    def nothing(row: Progress) -> Progress:
        numbers = {f.name: 0 for f in fields(row) if f.type in ("int", "int | None")}
        total = {"total": row.total, "ongoing": row.total}
        return replace(row, **numbers | total, complete_pct=Decimal("0.0"))

    empty = dict.fromkeys(("delivered", "scheduled", "overdue", "moved", "at_risk"), ())
    plan = replace(
        essex.plan,
        whole=nothing(essex.plan.whole),
        strands=tuple(map(nothing, essex.plan.strands)),
        **empty,
    )
    uneven = compared("uneven", 20, 30, "50.0", months_lower=0, months_higher=8)
    first, *others = essex.measures
    comparisons = first.comparisons | {records.YEAR: uneven}
    measures = (replace(first, comparisons=comparisons), *others)
    board = replace(essex, plan=plan, measures=measures)
    write_board(read_report(database, QUARTER, "essex"), board, tmp_path / "index.html")
    markup = (tmp_path / "index.html").read_text(encoding="utf-8")
    without_cells = re.sub(r"(?s)<(style|td|text|th)\b.*?</\1>", " ", markup)
    texts = re.findall(r'aria-label="([^"]*)"', without_cells)
    texts += re.split(r"<(?:h\d|p|li|figcaption|desc|title)\b[^>]*>", without_cells)
    said = [" ".join(html.unescape(re.sub("<[^>]+>", " ", t)).split()) for t in texts]
    assert not [
        t for t in said if re.search(r"(?<![\d.,])0(?! ?%| to |[\d.,]*\d)\b", t)
    ]
    assert "No action was delivered." in markup
    assert "none higher" in markup or "no month lower" in markup


@pytest.mark.parametrize(
    ("rate", "sentence"),
    [
        (
            ("9.5", 114, 1203, "8.6", "no_clear_change"),
            "9.5% solved (114 of 1,203), 8.6% a year before: no clear change.",
        ),
        (("9.5", 114, 1203, None, None), "9.5% solved (114 of 1,203)."),
        (
            (None, 3, 12, None, None),
            "3 solved, 12 recorded: too few for a percentage.",
        ),
        ((None, None, None, None, None), ""),
    ],
)
def test_the_solved_rate_has_its_counts(rate, sentence):
    pct, solved, recorded, before, code = rate
    found = measure(
        solved_pct=Decimal(pct) if pct else None,
        solved=solved,
        recorded=recorded,
        previous_solved_pct=Decimal(before) if before else None,
        solved_change_code=code,
    )
    assert words.solved(found) == sentence


NO_LIMITS = {"lower_limit": None, "upper_limit": None}
PHASES = tuple(replace(month(n, 200), phase=1 if n < 7 else 2) for n in range(4, 10))


@pytest.mark.parametrize(
    ("without_range", "range_is"),
    [
        ((), ", redrawn from July 2021."),
        ((1,), " from July 2021 on."),
        ((2,), "; from July 2021 there are too few months for one."),
    ],
    ids=["both", "later", "earlier"],
)
def test_a_chart_says_which_of_its_phases_has_a_usual_range(without_range, range_is):
    months = tuple(
        replace(m, **NO_LIMITS) if m.phase in without_range else m for m in PHASES
    )
    note = words.chart_note(measure(months=months), is_short=True)
    assert note == f"Dashes: usual range{range_is}"


def test_the_range_is_said_as_percentages_of_change():
    lower = compared(
        "lower", 6009, 4645, range_lower_text="-34.3", range_upper_text="-8.6"
    )
    assert words.range_sentence(lower) == (
        f"The change plausibly lies between {M}34.3% and {M}8.6%."
    )
    assert words.plausible_range(
        compared(
            "higher", 28721, 29391, range_lower_text="+0.05", range_upper_text="+4.7"
        )
    ) == ("+0.05% to +4.7%")
    unclear = replace(lower, change_code="no_clear_change", range_upper_text="+1.0")
    assert words.range_sentence(unclear).endswith("The range includes no change.")
    assert words.range_sentence(compared("too_few", 3, 4)) == ""


def progress(**facts) -> Progress:
    blank = {"strand": "Total", "total": 325, "complete": 150, "ongoing": 175}
    blank |= {"at_risk": 1, "complete_pct": Decimal("46.2"), "complete_change": 27}
    blank |= {"previous_complete": 123, "previous_at_risk": 4, "delivered_count": 44}
    blank |= {"previous_as_at_date": date(2021, 8, 17), "delivered_before_count": 25}
    blank |= {"other_complete_count": 8, "no_longer_complete_count": 0}
    blank |= {"scheduled_count": 69, "overdue_count": 21, "moved_count": 17}
    blank |= {"unowned_count": 5, "held_not_counted": 0, "held_as_before": 0}
    return Progress(**(blank | facts))


GONE = {"complete_change": 42, "no_longer_complete_count": 2}


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        (
            {},
            "+27 complete: 25 of these were already complete on 17 August"
            " 2021 and 8 others were completed outside these months.",
        ),
        (
            GONE | {"delivered_before_count": 1, "other_complete_count": 1},
            "+42 complete: 1 of these was already complete on 17 August"
            " 2021, 1 other was completed outside these months and 2 that were complete"
            " are not complete now.",
        ),
        ({"delivered_before_count": 0, "other_complete_count": 0}, ""),
        ({"complete_change": None}, ""),
    ],
    ids=["delivered before and others", "no longer", "tied", "no plan before"],
)
def test_actions_delivered_that_are_not_the_change_of_complete_ones_say_why(
    facts, sentence
):
    assert english.say("plan_tie", row=progress(**facts), months=None) == sentence


ALL_DONE = {"complete": 325, "ongoing": 0, "at_risk": 0, "moved_count": 0}


@pytest.mark.parametrize(
    ("kind", "facts", "sentence"),
    [
        (
            "plan",
            {},
            "150 of 325 actions are complete (46.2%), 27 more than a quarter ago.",
        ),
        (
            "plan",
            {"complete": 1, "complete_change": 0, "complete_pct": Decimal("0.3")},
            "1 of 325 actions is complete (0.3%), as many as a quarter ago.",
        ),
        ("plan", {"complete_change": None}, "150 of 325 actions are complete (46.2%)."),
        (
            "plan",
            ALL_DONE,
            "All 325 actions are complete, 27 more than a quarter ago.",
        ),
        (
            "plan",
            ALL_DONE | {"total": 2, "complete": 2, "complete_change": 0},
            "Both actions are complete, as many as a quarter ago.",
        ),
        (
            "plan",
            ALL_DONE | {"total": 1, "complete": 1, "complete_change": 1},
            "The only action of the delivery plan is complete; a quarter ago, none was"
            " complete.",
        ),
        (
            "plan",
            {"total": 1, "complete": 0, "ongoing": 1, "complete_change": -2},
            "The only action of the delivery plan is not complete; a quarter ago, two"
            " were complete.",
        ),
        (
            "plan",
            {"total": 0, "complete": 0, "ongoing": 0},
            "The delivery plan contains no action.",
        ),
        ("at_risk", ALL_DONE, ""),
        (
            "at_risk",
            {"ongoing": 1, "at_risk": 0},
            "The one ongoing action is not at risk; four were at risk a quarter ago.",
        ),
        (
            "at_risk",
            {"total": 1, "ongoing": 1, "previous_at_risk": None},
            "The only action is at risk.",
        ),
        (
            "plan_point",
            ALL_DONE | {"complete_change": None},
            "All 325 actions are complete.",
        ),
        (
            "plan_point",
            {"total": 1, "complete": 0, "ongoing": 1, "complete_change": None}
            | {"at_risk": 0, "overdue_count": 1},
            "The only action of the delivery plan is not complete. It is not at risk; "
            "it is past its due date.",
        ),
        ("strand_risk", ALL_DONE, "All 325 actions of this strand are complete."),
        (
            "strand_risk",
            ALL_DONE | {"total": 1, "complete": 1},
            "The only action of this strand is complete.",
        ),
        (
            "strand_risk",
            {"total": 1, "complete": 0, "ongoing": 1, "overdue_count": 0},
            "The only action of this strand is at risk and not past its due date; it "
            "was moved later and has no owner.",
        ),
        (
            "strand_risk",
            {"total": 0, "complete": 0, "ongoing": 0},
            "The delivery plan contains no action for this strand.",
        ),
        (
            "at_risk",
            {},
            "One of the 175 ongoing actions is at risk;"
            " four were at risk a quarter ago.",
        ),
        (
            "at_risk",
            {"at_risk": 0, "previous_at_risk": 1},
            "None of the 175 ongoing actions are at risk;"
            " one was at risk a quarter ago.",
        ),
        (
            "strand_risk",
            {"at_risk": 0, "overdue_count": 6, "moved_count": 4, "unowned_count": 1},
            "No action of this strand is at risk; 6 are past their due date, 4 were "
            "moved later, 1 has no owner.",
        ),
        (
            "strand_risk",
            {"at_risk": 2, "overdue_count": 0, "moved_count": 1, "unowned_count": 0},
            "Two actions of this strand are at risk; none is past its due date, 1 was "
            "moved later, all have an owner.",
        ),
    ],
)
def test_the_plan_is_said_in_a_sentence(kind, facts, sentence):
    assert english.say(kind, row=progress(**facts), strands=()) == sentence


@pytest.mark.parametrize(
    ("delivered", "scheduled", "sentence"),
    [
        (4, 0, "Four actions were delivered from July to September; none is due from"),
        (1, 2, "One action was delivered from July to September; two are due from"),
        (0, 1, "No actions were delivered from July to September; one is due from"),
    ],
)
def test_the_public_page_says_how_many_actions_were_delivered_and_are_due(
    delivered, scheduled, sentence
):
    said = english.say(
        "public_delivery",
        delivered=delivered,
        scheduled=scheduled,
        this="July to September",
        after="October to December",
        tie="+1 complete.",
    )
    assert said.startswith(sentence)
    assert said.endswith("+1 complete. Only the internal report lists actions.")


def test_the_report_says_how_many_figures_of_the_last_version_are_different_now(
    database,
):
    report = read_report(database, QUARTER, "essex")

    def told(*revised: int) -> str:
        versions = tuple(
            {
                "version": number,
                "figure_count": 462,
                "revised_count": count,
            }
            for number, count in enumerate(revised, 1)
        )
        return about.revised(replace(report, published_versions=versions))

    assert (told(), told(5, 0)) == ("", "")
    assert told(0, 123) == ("123 of the 462 figures of version 2 are different now.")


def test_page_one_names_three_measures_that_begin_in_a_month_and_counts_the_rest(essex):
    late = tuple(
        replace(m, first_counted_month=date(2020, 4, 1)) for m in essex.measures[:5]
    )
    board = replace(essex, measures=late)
    (short,), (whole,) = about.late_starts(board, 3), about.late_starts(board)
    assert short == (
        "The figures for domestic abuse, knife crime, night-time economy crime and "
        "two more begin in April 2020."
    )
    assert "referrals from CEOP" in whole and "more" not in whole


def test_the_words_of_three_measures_stand_beside_the_third_chart(essex, database):
    """So that the strand fits one sheet; it has no room for districts."""
    report = read_report(database, QUARTER, "essex")
    (section,) = [s for s in report.sections if s.heading == "Hate Crime"]
    known = next(m for m in essex.measures if room.charted([m]))
    three = tuple(
        replace(known, measure=f"m{n}", strand="Hate Crime") for n in range(3)
    )
    pages = [
        strands.strand_page(
            replace(essex, measures=three[:number]), section, lambda name: name
        )
        for number in (1, 2, 3)
    ]
    assert [page.area_chart is not None for page in pages] == [True, True, False]
    assert pages[2].has_closer_lines and len(pages[2].area_words) == 3


def section_with(code: str, name: str, *measures: str) -> Section:
    """Return a section with a table of some measures."""
    rows = tuple({"measure": measure} for measure in measures)
    table = Table(name, "Compared", "", None, (), rows, "exact")
    return Section(code, "", "Any", 1, "other", (Part("", (table,), None, None),))


def test_a_strand_names_the_table_of_its_comparisons_in_the_annex(essex, database):
    """Counts from other extracts have one in each strand, and crimes the appendix."""
    report = read_report(database, QUARTER, "essex")
    (own,) = [s for s in report.sections if s.heading == "Child Abuse and Exploitation"]
    (crimes,) = [s for s in report.sections if s.heading == "Hate Crime"]
    sections = [
        section_with("elsewhere", "other_measures_compared", "dvpn"),
        section_with("here", "other_measures_compared", "ceop_referrals"),
        section_with("rest", "change_intervals", "hate_crime", "fraud"),
        section_with("later", "change_intervals", "hate_crime"),
    ]

    def annex_of(section: Section, board=essex) -> tuple[str, ...]:
        def annex(name: str) -> str:
            return name

        page = strands.strand_page(board, section, annex, sections=sections)
        return page.rows_annex

    assert annex_of(own) == ("annex.html#here-other_measures_compared",)
    assert annex_of(crimes) == ("annex.html#rest-change_intervals",)
    hidden = tuple(replace(m, signal=records.HIDDEN_SIGNAL) for m in essex.measures)
    assert annex_of(own, replace(essex, measures=hidden)) == ()


def test_what_is_due_is_said_with_its_months():
    start, end = periods.next_quarter_days("2021-22-q2")
    said = english.say("plan_due", number=69, start=start, end=end)
    assert said == "69 actions are due from October to December."


def test_districts_are_counted_by_their_words(essex):
    nte = next(m for m in essex.measures if m.measure == "nte_crime")
    assert words.areas(nte) == (
        "Lower in 5 of 14 districts, higher in none; uneven in 6; no clear change in 3."
    )


# The main points


def texts(board) -> list[tuple[str, str]]:
    found = points.main_points(board, lambda m: english.Name(m.measure_name, "#x"))
    return [(point.code, html.unescape(point.text)) for point in found]


def test_a_strand_without_a_count_says_how_its_units_results_changed(page):
    strand = page[page.index("Serious and Organised Crime</h2>") :]
    assert (
        "Arrests show no clear change: 76 in the 12 months to September 2021, 72 in the"
        " 12 months before. No other count shows a clear change."
    ) in strand
    assert "12 months to September 2021, and the 12 months before" in strand


def test_results_of_units_that_a_page_has_no_room_for_are_named_with_their_place(
    database, tmp_path
):
    strand = "Dwelling Burglary and Street Robbery"
    moved = changed(
        database,
        tmp_path,
        f"update reporting.rpt_board_results set strand = '{strand}', unit = 'Hub'",
    )
    text = {"5.8 Insights": authored("Word " * 119)}
    page = text_of(drawn(moved, "essex", tmp_path, text))
    assert page.count("In the annex : results of the Hub.") == 1


@pytest.mark.parametrize(
    ("code", "now", "sentence"),
    [
        ("higher", 76, "Suspects are higher."),
        ("lower", 30, "Suspects are lower."),
    ],
)
def test_results_that_changed_are_named_with_their_word(essex, code, now, sentence):
    first, other, *_ = essex.results
    c = replace(other.comparison, change_code=code, current_count=now)
    changed = replace(other, measure_name="Suspects", comparison=c)
    assert results.finding([first, changed]).endswith(f"before. {sentence}")


def test_a_result_has_the_change_the_range_and_the_word_of_its_comparison(page):
    rows = re.findall(r"<tr.*?</tr>", page[page.index("compares results") :], re.S)
    texts = [" ".join(re.sub("<[^>]+>", " ", row).split()) for row in rows]
    assert (
        f"People safeguarded 38 48 +10 (+26.3%) {M}17.2% to +93.9% no clear change"
        in (texts)
    )
    assert "Firearms recovered 7 9 +2 (+28.6%) none too few to compare" in texts


def test_an_amount_has_its_unit_and_neither_a_range_nor_a_word(essex):
    cash = essex.results[-1]
    weight = replace(cash, quantity_unit="kg")
    c = replace(
        cash.comparison,
        base_count=Decimal("56.4"),
        current_count=Decimal("69.0"),
        difference=Decimal("12.6"),
    )
    rows = results.results_view([cash, replace(weight, comparison=c)], 9).rows
    assert [(r["before"], r["now"]) for r in rows] == [
        ("£880,030", "£1,202,770"),
        ("56.4 kg", "69.0 kg"),
    ]
    assert [r["change"] for r in rows] == ["+£322,740", "+12.6 kg"]
    assert {(r["range"], r["code"], r["word"]) for r in rows} == {
        ("", None, "an amount, not a count")
    }


@pytest.mark.parametrize(
    ("change", "unit", "text"),
    [
        (-3525, "pounds", f"{M}£3,525"),
        (0, "£", "£0"),
        (Decimal("-15.0"), "kilograms", f"{M}15.0 kg"),
        (1200, "arrests", "+1,200"),
    ],
)
def test_a_change_has_the_unit_of_its_amounts_after_its_sign(change, unit, text):
    assert english.signed_quantity(change, unit) == text


def test_a_result_that_was_not_measured_before_is_not_compared(essex):
    new = essex.results[0]
    c = replace(
        new.comparison, base_count=None, difference=None, difference_pct=None,
        change_code=None, range_lower_text=None, range_upper_text=None,
    )  # fmt: skip
    row = results.results_view([replace(new, comparison=c)], 9).rows[0]
    assert (row["before"], row["change"], row["pct"], row["range"]) == (
        results.NO_FIGURE,
        results.NO_FIGURE,
        "",
        "",
    )
    assert row["word"] == "no earlier figure"


def test_the_main_points_follow_the_rule(essex):
    assert texts(essex) == [
        (
            "higher",
            "Cyber crime and online offences (6,220, +30.8%), referrals from CEOP "
            "(247, +84.3%) and hate crime (4,177, +26.9%) are higher than in the 12 "
            "months to September 2020.",
        ),
        (
            "lower",
            f"Fraud (1,514, {M}18.0%) and residential burglary (4,645, {M}22.7%) are "
            "lower than in the 12 months to September 2020.",
        ),
        (
            "uneven",
            "Night-time economy crime: from 2,999 to 1,863 in total, unevenly: 8 "
            "months were below the same month a year before, 3 above, 1 equal. Not "
            "typical: first national lockdown (in the 12 months before), second "
            "national lockdown and third national lockdown (in these 12 months).",
        ),
        (
            "no_clear_change",
            f"Domestic abuse (29,391, {M}2.2%), Prevent referrals (108, +14.9%), knife "
            "crime (2,832, +2.9%) and one more show no clear change on the 12 months "
            "to September 2020.",
        ),
        (
            "asking",
            "At least one month of this quarter was above its usual range for "
            "night-time economy crime, referrals from CEOP and personal robbery. "
            "One other measure shows a run worth asking about.",
        ),
        (
            "plan",
            "150 of 325 actions are complete (46.2%), 27 more than a quarter ago. One "
            "is at risk, in Digital Crime and Fraud; 21 are past their due date.",
        ),
    ]


def test_an_event_within_both_periods_of_an_uneven_measure_is_said_to_be_in_both(essex):
    days = date(2020, 9, 1), date(2020, 10, 31)
    board = replace(essex, events=(records.Event("Closure of venues", *days),))
    (uneven,) = [text for code, text in texts(board) if code == "uneven"]
    assert uneven.endswith("Not typical: closure of venues (in both).")
    (uneven,) = [t for c, t in texts(replace(essex, events=())) if c == "uneven"]
    assert uneven.endswith("1 equal.")


def test_a_point_of_one_measure_is_in_the_singular(essex):
    board = replace(essex, measures=essex.measures[5:6], plan=None)
    assert texts(board) == [
        (
            "higher",
            "Hate crime (4,177, +26.9%) is higher than in the 12 months to September "
            "2020.",
        )
    ]


def test_three_uneven_measures_are_listed_like_the_others(essex):
    year = essex.measures[2].year
    own = {records.YEAR: replace(year, change_code="uneven")}
    uneven = tuple(replace(m, comparisons=own) for m in essex.measures[:3])
    board = replace(essex, measures=uneven, plan=None)
    assert texts(board)[0][1].endswith(": the total moved, but not steadily.")
    assert len(texts(replace(board, measures=uneven[:2]))[0][1].split("unevenly")) == 3


def test_measures_that_cannot_be_compared_have_a_point_of_their_own(essex):
    one, two, three = essex.measures[:3]
    few = replace(one, comparisons={records.YEAR: compared("too_few", 8, 5, "60.0")})
    gone = replace(two, comparisons={records.YEAR: compared(None, None, 7)})
    other = replace(three, comparisons={records.YEAR: compared("not_comparable", 9, 7)})
    found = dict(texts(replace(essex, measures=(few, gone, other), plan=None)))
    assert found["not_compared"] == (
        "Domestic abuse (5): too few to compare. Knife crime (7): no earlier figure. "
        "Night-time economy crime (7): not comparable."
    )


def test_every_measure_is_named_or_counted_in_one_point_only(essex):
    said = [text for code, text in texts(essex) if code in points.CODES]
    for m in essex.measures:
        name = english.inside(m.measure_name)
        assert sum(name.lower() in text.lower() for text in said) <= 1
    counted = sum(text.count("%)") + ("one more" in text) for text in said)
    assert counted + 1 == len(essex.measures)  # the uneven measure has none


# One word for one comparison


def test_a_comparison_has_one_word_wherever_it_is_printed(essex, page):
    pages = page.split('<section class="page')
    for m in essex.measures:
        word = english.change_word(m.code)
        table = page.split('id="glance"')[1]
        glance = re.search(rf">{m.short_name}</a>.*?</tr>", table, re.S)
        assert glance and text_of(glance[0].split('class="change"')[1]).count(word)
        strand = next(p for p in pages if f"{words.finding(m)}" in html.unescape(p))
        row = strand.split("and the 12 before</th>")
        texts_of_rows = [text_of(part.split("</tr>")[0]) for part in row[1:]]
        assert any(t.endswith(word) for t in texts_of_rows), m.measure
        others = {"higher", "lower", "fewer", "more"} - {word}
        if m.code == "no_clear_change":
            assert not others & set(words.finding(m).lower().split())


def test_every_figure_of_page_one_is_on_its_strand_page_with_the_same_digits(
    essex, page
):
    pages = page.split('<section class="page')
    for m in essex.measures:
        strand = text_of(next(p for p in pages if words.finding(m) in html.unescape(p)))
        figures = [english.count(m.year.current_count), words.plausible_range(m.year)]
        figures.append(english.signed_pct(m.year.difference_pct))
        figures += [english.pct(m.solved_pct)] if m.solved_pct else []
        assert [f for f in figures if f not in strand] == []


@pytest.mark.parametrize(
    "never", ["CPS", "ratio", "phi", "significant", "n/a", "[x]", "None", "nan"]
)
def test_words_that_a_board_should_not_read_do_not_occur(page, never):
    text = text_of(page).replace("None of", "")
    assert not re.search(rf"(?<!\w){re.escape(never)}(?!\w)", text)


def test_headings_have_their_months_and_counts(page):
    text = text_of(page)
    for heading in (
        "Delivered, July to September: 7",
        "Scheduled, October to December: 13",
        "Past the due date: 21. The longest five",
        "Moved to a later date: 17. The furthest five",
        "and five more, annex",
    ):
        assert heading in text


def test_the_pages_are_in_order(page):
    ids = re.findall(r'<section class="page[^"]*" id="([^"]+)"', page)
    strands = [f"strand-strand_{i}" for i in range(1, 10)]
    assert ids == ["one", "plan", *strands, "next", "about"]


@pytest.mark.parametrize(
    ("facts", "text"),
    [
        (ALL_DONE, "All 325 actions complete."),
        (ALL_DONE | {"total": 1, "complete": 1}, "The only action complete."),
        (
            {"total": 1, "complete": 0, "ongoing": 1},
            "The only action ongoing, at risk.",
        ),
        ({"total": 0, "complete": 0, "ongoing": 0, "at_risk": 0}, "No actions."),
    ],
)
def test_a_plan_without_an_ongoing_action_or_with_one_action_says_so_on_its_bar(
    facts, text
):
    assert alternatives.plan(progress(**facts)) == text


@pytest.mark.parametrize(
    ("facts", "note", "line"),
    [
        (ALL_DONE, "All 325 actions complete.", "All 325 actions complete (+27)"),
        (
            {"total": 1, "complete": 0, "ongoing": 1, "complete_change": 0},
            "The only action ongoing, at risk.",
            "The only action ongoing, at risk",
        ),
        (
            {"total": 1, "complete": 0, "ongoing": 1, "complete_change": -3},
            "The only action ongoing, at risk.",
            "The only action ongoing, at risk",
        ),
        (
            {"total": 0, "complete": 0, "ongoing": 0, "complete_change": -3},
            "No actions.",
            "No actions",
        ),
    ],
)
def test_the_pages_of_a_plan_without_an_ongoing_action_or_with_one_say_so(
    database, essex, tmp_path, facts, note, line
):
    row = progress(**facts)
    strands_of = tuple(replace(row, strand=r.strand) for r in essex.plan.strands)
    board = replace(essex, plan=replace(essex.plan, whole=row, strands=strands_of))
    write_board(read_report(database, QUARTER, "essex"), board, tmp_path / "index.html")
    text = text_of((tmp_path / "index.html").read_text(encoding="utf-8"))
    assert f"{note} A quarter ago: 123 complete" in text
    assert text.count(f"{line} ") >= len(strands_of)
    assert " 1 actions" not in text and "None of the" not in text
    assert not re.search(r"\bnone at risk\b", text)
    # A change is of the actions that are complete.
    assert "(\u22123)" not in text


def test_the_page_of_the_plan_says_how_many_of_its_lines_are_held(
    database, essex, tmp_path
):
    whole = replace(essex.plan.whole, held_not_counted=1, held_as_before=2)
    board = replace(essex, plan=replace(essex.plan, whole=whole))
    write_board(read_report(database, QUARTER, "essex"), board, tmp_path / "index.html")
    text = text_of((tmp_path / "index.html").read_text(encoding="utf-8"))
    said = (
        "One line of the plan is held and is not counted. 2 lines of the plan are held,"
        " and their actions are counted as in earlier plans."
    )
    assert text.count(said) == 1


def test_alternative_texts_say_what_the_chart_shows(page):
    assert (
        "Line chart of personal robbery, recorded crimes each month, October 2018 to "
        "September 2021. Latest 109. Highest 149 in September 2019, lowest 45 in April "
        "2020. Usual range since April 2020: 72 to 120, average 96. Worth asking "
        "about: July and August: above the usual range (127 and 124; 72 to 120)."
    ) in page
    assert "13 of 37 actions complete, 24 ongoing, none at risk." in page
    assert (
        "Highest now: Colchester with 341. Lower: Southend, Basildon, Brentwood, "
        "Rochford and Uttlesford. Uneven: Thurrock, Tendring"
    ) in page


def test_districts_are_drawn_for_the_measure_with_more_changed_districts(
    database, tmp_path
):
    copy = changed(database, tmp_path)
    with_districts(copy)
    markup = drawn(copy, "essex", tmp_path)
    strand = markup.split('id="strand-strand_8"')[1].split("</section>")[0]
    assert "Personal robbery by district</strong>" in strand
    assert "six more, annex" in strand  # only eight are drawn
    assert (
        "Residential burglary by district: higher or lower in none of 14 districts; no "
        "clear change in 14."
    ) in strand


def test_months_before_the_first_value_are_not_drawn(database, tmp_path):
    late = changed(
        database,
        tmp_path,
        "update reporting.rpt_board_months set monthly_count = null, average = null "
        "where measure = 'fraud' and month < '2019-06-01'",
    )
    fraud = next(
        m for m in read_board(late, QUARTER, "essex").measures if m.measure == "fraud"
    )
    assert fraud.months[0].month == date(2019, 6, 1)
    assert len(fraud.months) == 28


# Untrusted text


def test_the_page_escapes_everything(database, tmp_path, page):
    hostile = drawn(database, "elsewhere", tmp_path)
    for markup in (page, hostile):
        assert "<script" not in markup.lower()
        assert "default-src 'none'" in markup
        assert "<b>" not in markup
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in hostile
    assert "&lt;b&gt;now&lt;/b&gt;" in page
    assert "\u202e" not in hostile


def test_without_rates_of_districts_the_page_says_what_is_missing(essex):
    year = compared(None, 100, 120)
    counted = measure(comparisons={records.YEAR: year})
    board = replace(essex, measures=(counted,))
    assert "population" in open_data.why_no_rates(board)
    missing = replace(
        counted, comparisons={records.YEAR: replace(year, current_count=None)}
    )
    board = replace(essex, measures=(missing,))
    assert "12 months" in open_data.why_no_rates(board)


def test_the_author_writes_the_commentary_and_one_point(database, tmp_path):
    text = {
        "5.1 Insights": authored("Attendance <i>matters</i>."),
        "3.0 Executive Summary": authored("We ask the board for two posts."),
    }
    markup = drawn(database, "essex", tmp_path, text)
    strand = markup.split('id="strand-strand_1"')[1].split("</section>")[0]
    assert "Attendance &lt;i&gt;matters&lt;/i&gt;." in strand
    one = text_of(markup.split('id="plan"')[0])
    assert "By the author We ask the board for two posts." in one
    assert "3.0 Executive Summary" not in text_of(markup)


def test_what_the_author_writes_of_deliveries_stands_in_the_strands_commentary(
    database, tmp_path
):
    more = changed(
        database,
        tmp_path,
        ACHIEVED,
    )
    text = {"5.1 Delivery achieved": authored("The refuge opened.")}
    markup = drawn(more, "essex", tmp_path, text)
    strand = markup.split('id="strand-strand_1"')[1].split("</section>")[0]
    assert "Delivery achieved: The refuge opened." in text_of(strand)


CHECK = (
    "Check before publishing. Change the words, or leave what is about something else."
)
CHECKED = [
    # Night-time economy is uneven, no clear change and lower; Colchester has none.
    (
        "July shows a rise in crime.",
        "says \u201crise\u201d of Night-time economy crime",
    ),
    (
        "Colchester and Maldon are significantly higher than last year.",
        "of Night-time economy crime in Colchester and Maldon; the figures say"
        " \u201cno clear change\u201d",
    ),
    ("We counted 1,864 crimes.", "has 1,864, which is not a figure of this section"),
    (
        "We counted 1,864 crimes and made 5,001 visits.",
        "has 1,864 and 5,001, which are not figures of this section",
    ),
    ("Crime went up.", "says \u201cwent up\u201d of Night-time economy crime"),
    (
        "Word " * 121,
        "The commentary has 121 words; one printed page has room for about 120.",
    ),
]
AGREEING = [
    "The count is lower than before the pandemic.",
    "Southend fell.",
    "In 2021 there were 1,863 crimes, 37.9% of them at 9 venues.",
    "Patrols went on.",
    "We held two street surgeries.",
    "The count is not higher than last year.",
    "Crime did not rise, and it has not been rising.",
]


@pytest.mark.parametrize(("text", "expected"), CHECKED)
def test_words_and_numbers_that_contradict_the_figures_are_shown_to_the_author(
    database, tmp_path, text, expected
):
    markup = drawn(database, "essex", tmp_path, {"5.3 Insights": authored(text)})
    strand = markup.split('id="strand-strand_3"')[1].split("</section>")[0]
    assert "Check before publishing." in strand
    assert expected in text_of(strand)


def test_a_sentence_is_compared_with_the_measure_that_it_names(database, tmp_path):
    text = {"5.7 Insights": authored("Fraud rose. Cyber crime is higher.")}
    strand = drawn(database, "essex", tmp_path, text).split('id="strand-strand_7"')[1]
    assert (
        "says \u201crose\u201d of Fraud; the figures say \u201clower\u201d (12 months,"
        " quarter, against 2019)." in strand
    )


def checked(text: str, measures, elsewhere=(), printed=()) -> tuple[str, ...]:
    """Return what the author must check on a page of measures."""
    return to_check.of_strand(
        Written(authored(text)),
        tuple(subjects.of_measures(measures)),
        [*figures.of_measures(measures), *printed],
        tuple(subjects.of_measures(elsewhere)),
    )


def test_the_last_word_of_one_measures_name_is_that_measure(essex):
    (robbery,) = (m for m in essex.measures if m.measure_name == "Personal robbery")
    fell = replace(
        robbery, comparisons={records.YEAR: replace(robbery.year, change_code="lower")}
    )
    (burglary,) = (m for m in essex.measures if "burglary" in m.measure_name)
    rose = replace(
        burglary,
        comparisons={records.YEAR: replace(burglary.year, change_code="higher")},
    )
    (found,) = checked("Robbery rose.", [fell, rose])
    assert (
        "of Personal robbery; the figures say \u201clower\u201d (12 months)." in found
    )
    assert checked("Burglary rose.", [fell, rose]) == ()


CLAUSES = [
    # Residential burglary is higher here and personal robbery lower.
    ("Robbery was down and burglary was down.", ["down\u201d of Residential burglary"]),
    ("Burglary was up, while robbery doubled.", ["doubled\u201d of Personal robbery"]),
    ("Robberies and burglaries fell.", ["fell\u201d of Residential burglary"]),
    ("A rise in burglary and a fall in robberies.", []),
    ("Burglary rose and robbery fell.", []),
    ("Burglary rose by 12%.", ["rose by 12%\u201d of Residential", "has 12, which"]),
]


@pytest.mark.parametrize(("text", "expected"), CLAUSES)
def test_a_direction_is_that_of_the_measure_beside_it(essex, text, expected):
    codes = {"Personal robbery": "lower", "Residential burglary": "higher"}
    measures = [
        replace(
            m, areas=(), comparisons={records.YEAR: replace(m.year, change_code=code)}
        )
        for m in essex.measures
        if (code := codes.get(m.measure_name))
    ]
    found = checked(text, measures)
    assert len(found) == len(expected)
    assert all(part in line for part, line in zip(expected, found, strict=True))


def test_a_strands_text_is_compared_with_a_measure_of_another_strand(essex):
    own, *others = essex.available
    (fraud,) = (m for m in others if m.measure_name == "Fraud")
    text = "Fraud rose."
    assert checked(text, [own]) == checked(text, [own], [own])
    (online,) = (m for m in others if m.measure_name.endswith("offences"))
    unnamed = "Offences rose."
    assert checked(unnamed, [own], [online]) == checked(unnamed, [own])
    (found,) = checked(text, [own], [fraud])
    assert "of Fraud; the figures say \u201clower\u201d" in found


SUMMARIES = ["Hate crime fell to 9,999.", "Hate crime fell to 9,999. " + "More. " * 60]


@pytest.mark.parametrize("summary", SUMMARIES, ids=["on page one", "as a section"])
def test_the_executive_summary_is_compared_with_the_figures_of_all_pages(
    database, tmp_path, summary
):
    text = {"3.0 Executive Summary": authored(summary)}
    page = text_of(drawn(database, "essex", tmp_path, text))
    expected = (
        "\u201cHate crime fell to 9,999.\u201d says"
        " \u201cfell\u201d of Hate crime; the figures say \u201chigher\u201d (12"
        " months, quarter, against 2019). \u201cHate crime fell to 9,999.\u201d has"
        " 9,999,"
    )
    assert page.count(expected) == 1


@pytest.mark.parametrize("words", [60, 61])
def test_a_summary_too_long_for_page_one_is_told_its_room_and_where_it_stands(
    database, tmp_path, words
):
    text = {"3.0 Executive Summary": authored("word " * words)}
    markup = drawn(database, "essex", tmp_path, text)
    point, _, below = markup.partition('id="next"')
    assert ("word word" in point) == (words == 60)
    said = (
        f"{CHECK} The summary has 61 words; page one has room for 60."
        " The board report has the summary under \u201cRisks and next steps\u201d."
    )
    assert text_of(point).count(said) == 0
    assert text_of(below).count(said) == (words == 61)


def test_a_section_without_figures_is_checked_for_directions_alone(database, tmp_path):
    words = "Fraud is higher than ever. It costs 40,000 pounds. Demand is lower."
    text = {"6.1 Risks/Mitigation": authored(words)}
    page = text_of(drawn(database, "essex", tmp_path, text))
    section = page.split("Demand is lower.")[1].split("[Author")[0]
    assert section.strip().startswith(
        f"{CHECK} \u201cFraud is higher than ever.\u201d says"
        " \u201chigher\u201d of Fraud; the figures say \u201clower\u201d"
    )
    assert "40,000, which" not in page


def test_a_confidential_result_is_no_number_that_a_text_is_compared_with(essex):
    result = essex.results[0]
    hidden = replace(result.comparison, base_count=Mark("[c]"), difference=None)
    numbers = figures.of_results([replace(result, comparison=hidden)])
    text = "We made 5,001 arrests."
    assert len(checked(text, essex.measures, printed=numbers)) == 1


@pytest.mark.parametrize("text", AGREEING)
def test_words_and_numbers_that_agree_need_no_check(database, tmp_path, text):
    markup = drawn(database, "essex", tmp_path, {"5.3 Insights": authored(text)})
    assert "Check before publishing" not in markup


def test_the_words_of_changes_are_read_from_the_seed_of_the_tables(
    tmp_path, monkeypatch
):
    assert english.WORDINGS == SEEDS / "layout" / "wordings.csv"
    text = english.WORDINGS.read_text(encoding="utf-8")
    changed = tmp_path / "wordings.csv"
    changed.write_text(text.replace("change_lower,lower", "change_lower,down"), "utf-8")
    monkeypatch.setattr(english, "WORDINGS", changed)
    assert english.change_words() == english.CHANGE_WORDS | {"lower": "down"}


def test_the_signs_of_money_and_weights_are_read_from_the_seed(tmp_path, monkeypatch):
    assert english.AMOUNT_UNITS == SEEDS / "layout" / "amount_units.csv"
    changed = tmp_path / "amount_units.csv"
    text = english.AMOUNT_UNITS.read_text(encoding="utf-8")
    changed.write_text(text + "euros,,EUR,true\n", encoding="utf-8")
    monkeypatch.setattr(english, "AMOUNT_UNITS", changed)
    assert english.amounts() == english.AMOUNTS | {
        "euros": ("", " EUR", "count"),
        "EUR": ("", " EUR", "count"),
    }


def test_areas_that_combine_districts_are_not_called_districts():
    areas = (
        records.Area("district", "Dover", 50, 80, 30, "higher", "available", True),
        records.Area("combined_area", "A/B", 9, 9, 0, "too_few", "available", False),
    )
    assert (
        words.areas(measure("Burglary", areas=areas))
        == "Higher in 1 of 2 areas, lower in none; too few to compare in 1."
    )


@pytest.mark.parametrize(
    "frame", [area_chart.WIDE, area_chart.HALF, area_chart.PHONE], ids=lambda f: f.name
)
def test_a_districts_name_is_printed_in_full_beside_its_dots(frame):
    with (SEEDS / "reference" / "districts.csv").open(encoding="utf-8") as file:
        names = {row["district_name"] for row in csv.DictReader(file)}
    areas = tuple(
        records.Area("district", name, 10, 20, 10, "higher", "available", False)
        for name in sorted(names)
    )
    drawing = area_chart.area_chart(measure("Burglary", areas=areas), frame)
    lines = [row["name"] for row in drawing["rows"]]
    printed = {"".join(text for _, text, _ in own).replace(" ", "") for own in lines}
    assert printed == {name.replace(" ", "") for name in names}
    long = [each for own in lines for each in own if len(each[1]) > frame.letters]
    assert all(room and " " not in text for _, text, room in long)
    # No row's lines reach into the next row.
    edges = [
        (row["y"] + row["name"][0][0], row["y"] + row["name"][-1][0])
        for row in drawing["rows"]
    ]
    between = [after[0] - before[1] for before, after in pairwise(edges)]
    assert min(between) >= frame.letter


def test_the_same_figures_give_the_same_bytes(database, tmp_path, page):
    assert drawn(database, "essex", tmp_path) == page


def test_one_lockdown_is_said_and_labelled_as_one(essex, database, tmp_path, page):
    assert "Lockdowns" in page and "months in these periods" in page
    one = changed(
        database,
        tmp_path,
        "delete from reporting.rpt_board_events where event_name not like 'Third%'",
    )
    only = drawn(one, "essex", tmp_path)
    assert "Lockdowns" not in only and ">Lockdown<" in only
    assert "(January to April 2021): months in this period are not typical." in only


@pytest.mark.parametrize(
    ("names", "listed"),
    [
        (["Homes", "Streets"], "Homes and Streets"),
        (["Blades, Gangs and Drugs"], "Blades, Gangs and Drugs"),
        (["Blades, Gangs and Drugs", "Homes"], "Blades, Gangs and Drugs; and Homes"),
        (["1,864", "Homes", "5,001"], "1,864, Homes and 5,001"),
    ],
)
def test_names_with_commas_are_kept_apart_in_a_list(names, listed):
    assert english.and_list(names) == points._and_names(names) == listed


def test_only_notes_of_method_are_left_to_the_annex(database):
    notes = ("The demonstration is invented.", "The interval of the ratio includes 1.")
    noted = tuple(map(Note, notes))
    report = replace(read_report(database, QUARTER, "essex"), notes=noted)
    assert about.notes(report, 8) == (["The demonstration is invented."], 1)


def test_notes_give_way_to_what_is_missing_on_the_last_page(database):
    noted = (Note("a" * 200), Note("b" * 200), Note("c" * 200))
    report = replace(read_report(database, QUARTER, "essex"), notes=noted)
    assert about.notes(report, 8, ["m" * 900]) == (["a" * 200, "b" * 200, "c" * 200], 0)
    assert about.notes(report, 8, ["m" * 901]) == (["a" * 200, "b" * 200], 1)


def test_a_note_on_what_is_missing_comes_before_those_on_words(database):
    missing = Note("Not available: outcomes.", is_on_data=True)
    noted = (Note("Fraud is wide."), missing)
    report = replace(read_report(database, QUARTER, "essex"), notes=noted)
    assert about.notes(report, 1) == (["Not available: outcomes."], 1)


# What is missing


def test_a_pack_contains_the_board_report(database, tmp_path):
    pack = write_pack(database, QUARTER, "elsewhere", tmp_path / "pack", {})
    assert "index.html" in pack.files


def test_one_missing_table_is_an_error(database, tmp_path):
    broken = changed(database, tmp_path, "drop table reporting.rpt_board_months")
    with pytest.raises(PackError, match="rpt_board_months"):
        read_board(broken, QUARTER, "essex")


def test_a_report_without_a_plan_says_so(database, tmp_path):
    without = changed(
        database,
        tmp_path,
        "delete from reporting.rpt_board_plan",
        "update reporting.rpt_actions_overdue set status = 'not available', "
        "action_title = null, strand = 'All strands'",
    )
    text = text_of(drawn(without, "essex", tmp_path))
    assert "There is no delivery plan for this quarter." in text
    assert "Progress by strand" not in text and "Risk." not in text


def test_a_measure_that_is_not_available_has_its_row_and_its_reason(database, tmp_path):
    gone = changed(
        database,
        tmp_path,
        "update reporting.rpt_board_measures set status = 'not available', "
        "gap_reasons = '[{\"reason_code\": \"no_file\"}]' where measure = 'hate_crime'",
    )
    markup = drawn(gone, "essex", tmp_path)
    row = re.search(r">Hate crime</a>.*?</tr>", markup, re.S)
    assert row and "not available" in row[0]
    one = text_of(markup.split('id="plan"')[0])
    cannot = one.split("What the data cannot show")[1]
    reason = "The files of these months are missing or were refused."
    assert f"Hate crime: {reason}" in cannot
    assert f"Hate crime: not available. {reason}" in text_of(markup)


@pytest.mark.parametrize("left", [0, 1])
def test_a_report_of_few_measures_is_drawn(database, tmp_path, left):
    few = changed(
        database,
        tmp_path,
        f"delete from reporting.rpt_board_measures where row_position > {left}",
    )
    text = text_of(drawn(few, "essex", tmp_path))
    assert ("No measure of this report has a monthly count." in text) == (left == 0)
    assert "There is no monthly count for this strand, so there is no chart." in text


NO_EARLIER = "base_count = null, difference = null, difference_pct = null, " + (
    "change_code = null, range_lower_text = null, range_upper_text = null, "
    "clearness = null"
)


@pytest.mark.parametrize("force", ["essex", "elsewhere"])
@pytest.mark.parametrize(
    ("lost", "said"),
    [
        # 13 months of data: no base.
        (
            f"update reporting.rpt_board_comparisons set {NO_EARLIER}",
            "no earlier figure",
        ),
        # A month within the 12 is missing, so there is no count.
        (
            "update reporting.rpt_board_comparisons set current_count = null, "
            + NO_EARLIER,
            "not available",
        ),
        ("delete from reporting.rpt_board_comparisons", "not available"),
    ],
)
def test_a_report_without_solved_rates_months_or_earlier_figures_is_drawn(
    database, tmp_path, force, lost, said
):
    bare = changed(
        database,
        tmp_path,
        "update reporting.rpt_board_measures set solved_pct = null, solved = null, "
        "recorded = null, previous_solved_pct = null, solved_change_code = null",
        "delete from reporting.rpt_board_months",
        "delete from reporting.rpt_board_signals",
        "delete from reporting.rpt_board_areas",
        "delete from reporting.rpt_board_events",
        *(
            f"update reporting.rpt_board_{table} set measure = 'open_all_crime'"
            " where measure = 'open_drugs'"
            for table in ("measures", "comparisons")
        ),
        lost,
    )
    text = text_of(drawn(bare, force, tmp_path))
    assert said in text
    assert "None" not in text
    assert "solved (" not in text
    for word in ("higher than", "lower than", "uneven:", "% fewer", "% more"):
        assert word not in text


def test_more_than_12_measures_stand_on_two_pages(database, tmp_path):
    many = changed(
        database,
        tmp_path,
        "insert into reporting.rpt_board_measures select * replace (measure || '_b' as "
        "measure, row_position + 20 as row_position) from reporting.rpt_board_measures "
        "where force_code = 'essex'",
    )
    markup = drawn(many, "essex", tmp_path)
    first, further = markup.split('id="further"')
    assert first.split('<table role="table" class="glance')[1].count("<tr") == 13
    assert "Further measures at a glance" in text_of(further)


def test_open_data_have_two_pages_and_no_plan_strand_or_author(database, tmp_path):
    markup = drawn(database, "elsewhere", tmp_path)
    assert markup.count('<section class="page') == 2
    text = text_of(markup)
    assert "What this source cannot say: it has no delivery plan" in text
    for absent in ("Commentary", "Author to write", "Progress by strand", "Delivered,"):
        assert absent not in text


@pytest.fixture(scope="module")
def open_page(tmp_path_factory) -> str:
    """The report of open data with all crime types, districts and other forces."""
    home = tmp_path_factory.mktemp("open")
    own = build_board_database(home / "warehouse_1.duckdb")
    with_crime_types(own)
    return drawn(own, "elsewhere", home)


def table_of(markup: str, kind: str) -> str:
    return markup.split(f'<table role="table" class="{kind}">')[1].split("</table>")[0]


def test_open_data_show_each_crime_types_rate_in_each_district_and_the_force(open_page):
    heat = table_of(open_page, "heat")
    assert "<caption" in heat
    rows = heat.split("<tr ")[1:]
    assert len(rows) == 1 + len(CRIME_TYPES)
    assert rows[0].count('scope="col"') == 1 + MOST_DISTRICTS + 1
    first = " ".join(text_of(rows[1]).split(">", 1)[1].split())
    assert first == (
        "All street-level crime 120.4 , half as high again, or more 95.0 , "
        "15% to 50% higher 60.2 , within 15% 50.1 , 15% to 50% lower 12.0 , "
        "less than half \u2013 61.0 , within 15% 96.9"
    )
    assert all('scope="row"' in row for row in rows[1:])


def test_districts_without_room_on_the_page_are_counted(open_page):
    assert "Isles of Scilly" not in table_of(open_page, "heat")
    assert "the annex has one more. Figures: annex ." in text_of(open_page)


@pytest.fixture
def open_database(tmp_path) -> Path:
    own = build_board_database(tmp_path / "warehouse_1.duckdb")
    with_crime_types(own)
    return own


def test_a_rate_has_its_decimal_place_wherever_it_is_printed(open_database, tmp_path):
    own = changed(
        open_database,
        tmp_path,
        "update reporting.rpt_board_measures set rate_per_1000 = 89.0",
    )
    markup = drawn(own, "elsewhere", tmp_path)
    assert "89.0" in text_of(table_of(markup, "glance by-type"))
    assert "89.0 per 1,000 people" in text_of(markup)
    assert not re.search(r"\b89\b(?!\.0)", text_of(markup))


def test_districts_are_not_called_the_highest_without_a_rate_of_all_crime(
    open_database, tmp_path
):
    own = changed(
        open_database,
        tmp_path,
        "update reporting.rpt_board_area_rates set rate_per_1000 = null"
        " where measure = 'open_all_crime'",
    )
    text = text_of(drawn(own, "elsewhere", tmp_path))
    assert "Seven districts are shown; the annex has one more." in text
    assert "highest rates of all crime" not in text


@pytest.mark.parametrize("name", ["open_district_rates", "open_force_rates"])
def test_the_rates_of_districts_and_of_forces_name_their_table_in_the_annex(
    database, tmp_path, name
):
    report = read_report(database, QUARTER, "essex")
    rates = Table(name, "Rates", "", None, (), (), "exact")
    section = Section(
        "other_measures", "5.1", "Other", 1, "other", (Part("", (rates,), None, None),)
    )
    report = replace(
        report, front=report.front | {"origin": "open data"}, sections=(section,)
    )
    board = read_board(database, QUARTER, "essex")
    rated = records.AreaRate("Maldon", Decimal("1.2"), Decimal("2.0"), "below", "x")
    days = date(2020, 10, 1), date(2021, 9, 30)
    numbers = Decimal("2.0"), Decimal("1.5"), Decimal("2.5"), 2, 3
    of_forces = records.ForceRates(*days, *numbers, (Decimal("2.0"),), (), (), ())
    first = replace(board.measures[0], area_rates=(rated,), force_rates=of_forces)
    own = replace(board, measures=(first,))
    write_board(report, own, tmp_path / "index.html")
    markup = (tmp_path / "index.html").read_text(encoding="utf-8")
    address = f"annex.html#other_measures-{name}"
    assert f'<a href="{address}">Figures: annex, section 5.1</a>' in markup


def test_the_same_months_of_both_years_are_named_and_rates_are_of_12_months(
    open_database, tmp_path
):
    board = read_board(open_database, QUARTER, "elsewhere")
    shorter = tuple(
        replace(
            m,
            comparisons=m.comparisons
            | {
                "same_months": replace(
                    m.year,
                    comparison="same_months",
                    period_start=date(2021, 2, 1),
                    base_start=date(2020, 2, 1),
                )
            },
        )
        for m in board.measures
        if m.year
    )
    report = read_report(open_database, QUARTER, "elsewhere")
    write_board(report, replace(board, measures=shorter), tmp_path / "index.html")
    text = text_of((tmp_path / "index.html").read_text(encoding="utf-8"))
    assert "29,391 in February to September 2021" in text
    assert "96.9 per 1,000 people in 12 months." in text
    assert "Feb to Sep 2021 Change on February to September 2020" in text
    assert "Per 1,000 in 12 months Positive outcome in 12 months" in text
    assert "by district, 12 months to September 2021" in text


def test_open_data_show_the_forces_place_among_the_others(open_page):
    places = table_of(open_page, "places")
    text = text_of(places)
    assert "All street-level crime 42.0 41.5 22nd highest of 44" in text
    assert (
        "42.0 per 1,000 people, 22nd highest of 44 forces; the middle force 41.5, "
        "the highest 63.0." in places
    )
    ticks = places.split('class="tick" d="')[1].split('"')[0]
    assert ticks.count("M") == 44
    text = text_of(open_page)
    assert "Other forces: rate per 1,000 people, 12 months to June 2021" in text
    assert "so not the period of the table above. 44 forces are compared." in text
    assert "Left out, because few or no people live in their area: City of" in text
    assert "Constabulary 3 and four more. A tick is a force" in text
    assert "each line begins at 0. Figures: annex ." in text


def test_the_forces_compared_are_those_of_any_rate_and_some_lack_all_crime(tmp_path):
    own = build_board_database(tmp_path / "warehouse_1.duckdb")
    with_crime_types(own)
    all_crime = "where measure = 'open_all_crime'"
    without = changed(
        own,
        tmp_path,
        f"update reporting.rpt_board_force_rates set force_count = 41 {all_crime}",
        "update reporting.rpt_board_force_rates set"
        " types_missing = ['Essex Police', 'Kent Police', 'Sussex Police']",
    )
    text = text_of(drawn(without, "elsewhere", tmp_path))
    assert "All street-level crime 42.0 41.5 22nd highest of 41" in text
    assert "44 forces are compared." in text
    assert (
        "Left out of all crime, because a type of crime is missing: Essex Police, "
        "Kent Police and Sussex Police. A tick" in text
    )


@pytest.mark.parametrize(
    ("place", "words"),
    [(1, "highest of 44"), (2, "2nd highest of 44"), (44, "lowest of 44")],
)
def test_the_first_and_the_last_place_are_said_as_such(place, words):
    assert (
        english.say("place", rates={"force_place": place, "force_count": 44}) == words
    )


def test_ordinals_have_their_ending():
    numbers = [1, 2, 3, 4, 11, 12, 13, 21, 22, 40]
    said = "1st 2nd 3rd 4th 11th 12th 13th 21st 22nd 40th"
    assert " ".join(map(english.ordinal, numbers)) == said


def test_a_home_of_one_force_has_its_districts_and_says_why_no_other_is_compared(
    tmp_path,
):
    own = build_board_database(tmp_path / "warehouse_1.duckdb")
    with_crime_types(own)
    alone = changed(own, tmp_path, "delete from reporting.rpt_board_force_rates")
    text = text_of(drawn(alone, "elsewhere", tmp_path))
    assert "Other forces: rate" not in text
    assert "Other forces are not compared, because fewer than three" in text
    assert "Where: rate per 1,000 people by district" in text


# Places


def test_labels_are_pushed_apart_and_keep_their_order():
    placed = geometry.push_apart([50, 52, 54, 200], 12.5, 0, 210)
    assert placed == [39.5, 52.0, 64.5, 200.0]
    assert geometry.push_apart([0, 1], 12.5, 0, 210) == [0.0, 12.5]
    assert geometry.push_apart([209, 210, 208], 10, 0, 210) == [200.0, 210.0, 190.0]


@pytest.mark.parametrize(
    ("highest", "levels"),
    [
        (2846, [0, 1000, 2000, 3000]),
        (449, [0, 200, 400, 600]),
        (18.3, [0, 5, 10, 15, 20]),
        (1, [0, 1]),
        (0, [0, 1]),
    ],
)
def test_axes_have_round_numbers_from_0(highest, levels):
    assert geometry.ticks(highest) == levels


def test_a_line_is_broken_where_a_month_was_not_supplied():
    line = [(0, 1.0), (1, 2.0), (2, None), (3, 4.0), (4, None)]
    assert geometry.path(line) == "M0 1L1 2M3 4"
    assert geometry.lonely(line) == [(3, 4.0)]


def test_each_part_of_a_bar_can_be_seen():
    widths = geometry.lengths((150, 174, 1), 360, 2, 4)
    assert widths[2] == 4
    assert sum(widths) == pytest.approx(356, abs=0.1)


def test_quarters_have_their_days():
    assert periods.quarter_days("2021-22-q2") == (date(2021, 7, 1), date(2021, 9, 30))
    assert periods.quarter_days("2021-22-q4") == (date(2022, 1, 1), date(2022, 3, 31))
    assert periods.next_quarter_days("2021-22-q2")[1] == date(2021, 12, 31)
    assert periods.months_between(date(2020, 10, 1), date(2021, 9, 30)) == 12


@pytest.mark.parametrize(
    ("words", "place"), [(100, "page 5"), (700, "page 6"), (1000, "section 5.3")]
)
def test_a_page_number_that_a_long_commentary_makes_unsure_is_not_printed(
    database, tmp_path, words, place
):
    """A further sheet has about 120 lines of 50 letters, so about 1,000 words."""
    text = {"5.1 Insights": authored("words " * words)}
    page = text_of(drawn(database, "essex", tmp_path, text))
    assert f"Night-time economy {place}," in page
    assert ("About the figures, page" in page) == (words < 1000)
