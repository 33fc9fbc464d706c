"""What an author writes about results of units, series and shares is checked too.

The results of the fixture: arrests 72 and 76, warrants 42 and 44, all without a clear
change; cash seized is an amount. Hate crime is higher, and fraud is lower.
"""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from reports import facts
from reports.board.authors import Written
from reports.board.checks import figures, subjects, to_check
from reports.board.checks.directions import differing
from reports.board.read import read_board
from reports.grid import Column, Table
from reports.outline import Change, Chart, Part, Point, Section
from tests.authored import authored
from tests.board_fixture import ACHIEVED, build_board_database, insert
from tests.reporting_fixture import CHANGE, QUARTER
from tests.test_board import changed, drawn, text_of

UNIT = "Serious and Organised Crime Unit"
TEAM = "Child Online Team"


@pytest.fixture(scope="module")
def database(tmp_path_factory) -> Path:
    return build_board_database(tmp_path_factory.mktemp("board") / "warehouse_1.duckdb")


@pytest.fixture(scope="module")
def essex(database):
    return read_board(database, QUARTER, "essex")


def of_units(database, folder, text: str) -> str:
    """Return the page of the strand that has results of units alone."""
    page = drawn(database, "essex", folder, {"5.9 Insights": authored(text)})
    return text_of(page.split('id="strand-strand_9"')[1].split("</section>")[0])


def test_a_strand_with_results_of_units_alone_is_checked(database, tmp_path):
    text = "Arrests rose. Warrants executed went up. 250 warrants were executed."
    page = of_units(database, tmp_path, text)
    for said, name in [("rose", "Arrests"), ("went up", "Warrants executed")]:
        assert (
            f"says “{said}” of {name} ({UNIT}); the figures say “no clear change” (same"
            " months)." in page
        )
    assert " has 250, which is not a figure of this section." in page


@pytest.mark.parametrize(
    ("text", "unknown"),
    [
        ("Fraud fell by 18%.", ""),  # 18.0%
        ("Fraud fell by 18.0 per cent.", ""),
        ("6.3% of cyber crime was solved, so about 6%.", ""),
        ("Fraud fell by 382%.", "382"),  # the count of the quarter
        ("382 frauds were recorded.", ""),
    ],
)
def test_a_percentage_is_compared_with_percentages_and_may_be_rounded(
    database, tmp_path, text, unknown
):
    page = drawn(database, "essex", tmp_path, {"5.7 Insights": authored(text)})
    strand = page.split('id="strand-strand_7"')[1].split("</section>")[0]
    said = f" has {unknown}, which is not a figure of this section."
    assert (said in text_of(strand)) == bool(unknown)
    assert ("which is not a figure" in text_of(strand)) == bool(unknown)


def test_a_district_is_not_one_whose_name_is_within_its_own():
    hate = subjects.Subject(
        "Hate crime",
        is_measure=True,
        areas={
            "Somerset": ("no_clear_change", "12 months"),
            "North Somerset": ("higher", "12 months"),
        },
    )
    assert not list(differing("Hate crime rose in North Somerset.", [hate]))
    (said,) = differing("Hate crime rose in Somerset.", [hate])
    assert "of Hate crime in Somerset; the figures say “no clear change”" in said


def test_results_that_are_told_as_the_page_prints_them_need_no_check(
    database, tmp_path
):
    text = "The unit made 76 arrests and executed 44 warrants. £1,202,770 was seized."
    assert "Check before publishing" not in of_units(database, tmp_path, text)


AMOUNTS = [
    # £1,202,770, and £880,030 the year before.
    ("Cash seized fell.", "fell"),
    ("Less cash was seized than the year before.", "Less"),
    ("Cash seized was £322,740 less than the year before.", "less"),
    ("Cash seized is unchanged.", "unchanged"),
    ("Cash seized rose.", ""),
    ("More cash was seized than the year before.", ""),
    ("Cash seized was £322,740 more than the year before.", ""),
]


@pytest.mark.parametrize(("text", "said"), AMOUNTS)
def test_an_amount_is_compared_with_the_sign_of_its_difference(
    database, tmp_path, text, said
):
    page = of_units(database, tmp_path, text)
    expected = (
        f"says \u201c{said}\u201d of Cash seized ({UNIT}); the figures say +£322,740"
        " (same months)."
    )
    assert (expected in page) == bool(said)
    assert ("Check before publishing" in page) == bool(said)


def test_a_sentence_without_a_subject_is_about_all_results_of_a_page_without_a_measure(
    database, tmp_path
):
    page = of_units(database, tmp_path, "Demand rose.")
    assert (
        "says “rose” of Arrests, Warrants executed, Charges, Suspects remanded in"
        " custody and two more; the figures say “no clear change” (same months),"
        " “too few to compare” (same months)." in page
    )


def two_units(essex) -> tuple[subjects.Subject, ...]:
    """Return arrests of the unit, and those of a team of which they are higher."""
    arrests = essex.results[0]
    higher = replace(
        arrests,
        unit=TEAM,
        comparison=replace(arrests.comparison, change_code="higher"),
    )
    return tuple(subjects.of_results([arrests, higher]))


OF_UNITS = [
    (f"Arrests by the {TEAM} went up.", []),
    (f"The {TEAM} reports a fall in arrests.", [f"Arrests ({TEAM})"]),
    (f"Arrests by the {UNIT} went up.", [f"Arrests ({UNIT})"]),
    ("Arrests went up.", [f"Arrests ({UNIT})"]),
    ("Arrests went down.", [f"Arrests ({UNIT}) and Arrests ({TEAM})"]),
]


@pytest.mark.parametrize(("text", "expected"), OF_UNITS)
def test_a_result_is_that_of_the_unit_that_the_sentence_names(essex, text, expected):
    found = list(differing(text, two_units(essex)))
    assert [f"of {name}; the figures" in line for name, line in zip(
        expected, found, strict=True)] == [True] * len(expected)  # fmt: skip


def test_a_result_of_two_units_is_that_of_the_pages_own_unit(essex):
    own, other = two_units(essex)
    assert list(differing("Arrests rose.", [other], [own])) == []
    (found,) = differing("Arrests rose.", [own], [other])
    assert f"of Arrests ({UNIT});" in found
    assert list(differing(f"Arrests by the {TEAM} rose.", [own], [other])) == []


SERIES = {
    "attended_within_24_hours": "Domestic abuse attended within 24 hours",
    "dvpn": "Domestic Violence Protection Notices",
    "dvpn_and_dvpo": "Domestic Violence Protection Notices and Orders",
    "notices_with_order": "Notices that led to an order",
    "suspects_out": "Outstanding domestic abuse suspects",
    "technology": "Technology-based investigations of child sexual exploitation",
    "champions_internal": "Prevent champions in the force",
    "champions_external": "Prevent champions of partners",
    "harm_spot_towns": "Towns with harm spots",
}


def section_of(series: dict[str, str], code: str | None = "no_clear_change") -> Section:
    """Return the section of a strand that tells a change of each series."""
    changes = tuple(
        Change(measure, name, "", code, "12 months", (271, 275))
        for measure, name in series.items()
    )
    return Section("strand_1", "5.1", "Domestic Abuse", 2, "strand", (), "", changes)


NAMED = [
    ("Attendance within 24 hours fell.", ["attended_within_24_hours"]),
    ("Attendance fell.", ["attended_within_24_hours"]),
    ("Domestic abuse attended within 24 hours fell.", ["attended_within_24_hours"]),
    ("Protection notices fell.", ["dvpn"]),
    ("DVPNs fell.", ["dvpn"]),
    ("Notices and orders fell.", ["dvpn_and_dvpo"]),
    ("Fewer notices led to an order.", ["notices_with_order"]),
    ("Outstanding suspects are down.", ["suspects_out"]),
    ("A fall in the number of suspects.", ["suspects_out"]),
    ("Technology-based investigations fell.", ["technology"]),
    ("Champions of partners fell.", ["champions_external"]),
    ("The number of champions fell.", ["champions_internal", "champions_external"]),
    # These are about the strand's measure, domestic abuse.
    ("Domestic abuse fell.", []),
    ("Domestic violence fell.", []),
    ("Child exploitation fell.", []),
    ("Towns saw a fall in domestic abuse.", []),
    ("In towns, demand fell.", []),
    ("Officers attended the scene, and harm fell.", []),
]


@pytest.mark.parametrize(("text", "expected"), NAMED)
def test_a_series_is_named_by_the_words_that_say_what_is_counted(essex, text, expected):
    measures = [m for m in essex.measures if m.measure == "domestic_abuse"]
    own = subjects.of_page(section_of(SERIES), essex, measures, ())
    (found,) = to_check.of_strand(Written(authored(text)), own, ())
    names = [SERIES[code] for code in expected] or ["Domestic abuse"]
    assert f" of {' and '.join(names)}; the figures say “no clear change”" in found


def test_a_series_that_is_told_as_the_figures_have_it_needs_no_check(essex):
    own = subjects.of_page(section_of(SERIES, "lower"), essex, (), ())
    for text in ("Attendance fell.", "DVPNs fell.", "Outstanding suspects are down."):
        assert list(differing(text, own)) == []


def test_a_chart_without_a_sentence_has_nothing_of_a_change(essex):
    chart = Chart("c", "C", None, "", "", True, (), subject="Stop and search",
                  measure="searches")  # fmt: skip
    section = replace(section_of({}), parts=(Part("", (chart,), None, None),))
    own = subjects.of_page(section, essex, (), ())
    (found,) = differing("Stop and search rose.", own)
    assert "of Stop and search; the figures say nothing of a change." in found


def test_a_series_is_compared_with_its_percentage_and_with_what_is_better(essex):
    shares = Change("orders", "Notices with an order", "", None, "quarter before",
                    (11, 16, 18, 29), (Decimal("68.8"), Decimal("62.1")),
                    Decimal("6.7"), "higher_is_better")  # fmt: skip
    counts = replace(shares, measure="tags", subject="Tagged offenders",
                     percentages=(Decimal("-7.7"),), difference=Decimal(-1),
                     polarity="neutral")  # fmt: skip
    own = subjects.of_page(
        replace(section_of({}), changes=(shares, counts)), essex, (), ()
    )
    (found,) = differing("Notices with an order nearly doubled.", own)
    assert found.endswith(
        "says “doubled” of Notices with an order; the figures say 62.1%, then 68.8%"
        " (quarter before)."
    )
    (found,) = differing("Tagged offenders fell by a third.", own)
    assert found.endswith(
        "says “fell by a third” of Tagged offenders; the figures say \u22127.7%"
        " (quarter before)."
    )
    assert list(differing("Notices with an order improved.", own)) == []
    (found,) = differing("Notices with an order got worse.", own)
    assert "says “worse” of Notices with an order; the figures say +6.7" in found
    for word in ("improved", "got worse"):
        assert list(differing(f"Tagged offenders {word}.", own)) == []


def test_what_is_better_for_measures_results_and_solved_rates(essex):
    def better(found) -> dict[str, str]:
        return {subject.name: subject.better for subject in found}

    first = replace(essex.measures[0], measure_name="A", solved=None)
    fewer = [replace(first, aim="fewer", solved_pct=None)]
    more = [replace(first, aim="more", solved_pct=Decimal(9))]
    none = [replace(fewer[0], aim=None)]
    assert better(subjects.of_measures(fewer)) == {"A": "lower"}
    assert better(subjects.of_measures(none)) == {"A": ""}
    assert better(subjects.of_measures(more)) == {
        "A": "higher",
        "Solved rate of A": "higher",
    }
    arrests = essex.results[0]
    told = Change("arrests", arrests.measure_name, UNIT, None, "", (),
                  polarity="higher_is_better")  # fmt: skip
    section = replace(section_of({}), changes=(told,))
    assert better(subjects.of_results([arrests], [section])) == {
        arrests.measure_name: "higher"
    }
    assert better(subjects.of_results([arrests])) == {arrests.measure_name: ""}


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("Fewer frauds were solved.", "Fewer"),
        ("Far fewer frauds were solved than last year.", "fewer"),
        ("More frauds were solved.", ""),
        ("Fraud fell.", ""),
    ],
)
def test_crimes_that_were_solved_are_compared_with_their_own_difference(
    essex, text, says
):
    (fraud,) = (m for m in essex.measures if m.measure_name == "Fraud")
    fraud = replace(fraud, solved=130, previous_solved=100)
    found = checked_on(text, subjects.of_measures([fraud]))
    of = "of Fraud solved; the figures say +30 (12 months)."
    assert found == (
        [f"\u201c{text}\u201d says \u201c{says}\u201d {of}"] if says else []
    )


NOT_COMPARED = "Not compared, because the page has no figures of what they are about: “"


def test_changes_that_no_figure_is_of_are_named_in_one_point(essex):
    own = tuple(subjects.of_measures(essex.available[:1]))
    text = (
        "Shoplifting rose. Staffing fell. Training is better. We hope that visits rise."
        " More officers met. We met."
    )
    found = checked_on(text, own)
    named = "Shoplifting rose.”; “Staffing fell.”; “Training is better.”."
    assert found == [f"{NOT_COMPARED}{named}"]


def checked_on(text: str, own) -> list[str]:
    own = tuple(own)
    return list(to_check.of_strand(Written(authored(text)), own, ()))


def test_a_detection_rate_is_the_solved_rate(essex):
    (fraud,) = (m for m in essex.measures if m.measure_name == "Fraud")
    fraud = replace(fraud, solved_pct=Decimal(9), solved_change_code="higher")
    (found,) = checked_on(
        "The detection rate of fraud fell.", subjects.of_measures([fraud])
    )
    assert "of Solved rate of Fraud; the figures say \u201chigher\u201d" in found


def test_a_claim_of_a_part_is_compared_with_the_part(essex):
    whole = replace(
        essex.results[0],
        measure_name="Drugs seized",
        part=None,
        comparison=replace(essex.results[0].comparison, change_code="higher"),
    )
    part = replace(
        whole, part="A", comparison=replace(whole.comparison, change_code="lower")
    )
    own = tuple(subjects.of_results([whole], every=[whole, part]))
    assert checked_on("Drugs seized rose.", own) == []
    assert checked_on("Class A drugs fell.", own) == []
    (found,) = checked_on("Class A drugs rose.", own)
    assert "of Drugs seized, A" in found
    assert checked_on("Class B drugs fell.", own) == [
        f"{NOT_COMPARED}Class B drugs fell.”."
    ]


@pytest.mark.parametrize(
    ("text", "july", "says"),
    [
        ("Fraud rose in July.", 45, ""),
        ("Fraud fell in July.", 45, ""),
        ("In July fraud rose.", 45, ""),
        ("Fraud rose in July.", 39, "rose"),
        ("In July fraud rose.", 39, "rose"),
        ("Fraud fell in July 2021.", 55, "fell"),
        # What is said of several months is compared with the words, here "lower".
        ("Fraud rose in July and August.", 45, "rose"),
        ("Fraud rose in the year to July.", 45, "rose"),
    ],
)
def test_a_claim_of_one_month_is_compared_with_the_month_and_the_year_before(
    essex, text, july, says
):
    (fraud,) = (m for m in essex.measures if m.measure_name == "Fraud")
    counts = {date(2020, 7, 1): 40, date(2021, 6, 1): 50, date(2021, 7, 1): july}
    like = essex.measures[0].months[0]
    months = tuple(replace(like, month=m, value=v) for m, v in counts.items())
    found = checked_on(text, subjects.of_measures([replace(fraud, months=months)]))
    said = [re.search("says \u201c(.*?)\u201d", line)[1] for line in found]
    assert said == ([says] if says else [])
    if july == 39:
        assert "39 (July 2021), 50 (June 2021), 40 (July 2020)." in found[0]


def test_a_size_in_a_district_is_compared_with_the_districts_percentage(essex):
    (fraud,) = (m for m in essex.measures if m.measure_name == "Fraud")
    like = next(area for measure in essex.measures for area in measure.areas)
    area = replace(
        like,
        area_name="Harlow",
        base_count=200,
        current_count=150,
        difference=-50,
        change_code="lower",
    )
    own = tuple(subjects.of_measures([replace(fraud, areas=(area,))]))
    assert checked_on("Fraud fell by a quarter in Harlow.", own) == []
    (found,) = checked_on("Fraud fell by half in Harlow.", own)
    assert "of Fraud in Harlow; the figures say \u221225.0% (12 months)" in found


def test_a_solved_rate_is_compared_with_its_own_word(essex):
    digital = [m for m in essex.measures if m.strand == "Digital Crime and Fraud"]
    higher = replace(digital[1], solved_change_code="higher")
    own = tuple(subjects.of_measures([digital[0], higher]))
    assert list(differing("The solved rate of fraud rose.", own)) == []
    (found,) = differing("Fraud fell and its solved rate fell.", own)
    assert (
        "of Solved rate of Cyber crime and online offences and Solved rate of Fraud;"
        " the figures say “no clear change” (12 months), “higher” (12 months)." in found
    )


def test_a_sentence_of_one_strand_is_compared_with_a_series_of_another(essex):
    hate = [m for m in essex.measures if m.measure == "hate_crime"]
    elsewhere = subjects.of_report(essex, [section_of({"cv": "Community violence"})])
    own = tuple(subjects.of_measures(hate))
    (found,) = differing("Community violence rose.", own, elsewhere)
    assert "of Community violence; the figures say “no clear change”" in found
    # A single word does not name it there.
    assert list(differing("After violence, hate crime rose.", own, elsewhere)) == []


BESIDE = [
    "76 arrests were made as hate crime rose.",
    "Arrests led to a rise in hate crime.",
    "Hate crime rose, and then rose again.",
]


@pytest.mark.parametrize("text", BESIDE)
def test_a_direction_speaks_of_the_name_beside_it_alone(essex, text):
    own = subjects.of_report(essex, ())
    assert list(differing(text, own)) == []


def test_a_number_of_a_name_is_not_a_figure(essex):
    own = subjects.of_page(section_of(SERIES), essex, (), ())

    def numbers(text: str) -> list[str]:
        return [c for c in to_check.of_strand(Written(authored(text)), own, ())]

    assert numbers("Officers arrived within 24 hours.") == []
    (found,) = numbers("Officers arrived within 48 hours, at 24 scenes.")
    assert "has 48 and 24, which are not figures" in found


ANNEX = Table(
    "months", "Months", "", None,
    (
        Column("month", "Month", "text"),
        Column("crimes", "Crimes", "count"),
        Column("change_pct", "% change", "signed_pct"),
    ),
    ({"month": "July 2021", "crimes": 445, "change_pct": Decimal("24.6")},),
)  # fmt: skip
POINTS = (Point("Apr 2021", 348), Point("May 2021", 357))
DRAWN = Chart("c", "C", None, "", "", True, POINTS, total=705)
SHARES = replace(
    DRAWN, points=(Point("Apr", Decimal("88.0")),), total=None, number_format="pct"
)
OF_THE_ANNEX = [
    ("In July 445 burglaries were recorded, 357 in May and 705 in two months.", ""),
    ("That is 24.6%, or about 25%, and 88% were attended.", ""),
    ("The change lies between \u221222.7% and 8.61 per cent.", ""),
    ("In July 446 burglaries were recorded.", "446"),
    # A count is not a percentage, and a percentage is not a count.
    ("That is 357%.", "357"),
    ("We made 88 visits.", "88"),
    # Rounded numbers stand for figures near them.
    ("More than 350 were recorded, fewer than 450 in July, and about 700 in all.", ""),
    ("More than 200 were recorded.", "200"),
    ("Fewer than 1,000 were recorded.", "1,000"),
    ("Nearly 25% more, and over 24%.", ""),
    ("Over 30% more.", "30"),
    ("That is 0.7 thousand.", ""),
    ("That is 0.8 thousand.", "0.8"),
    # Days, years and police years are no figures.
    ("On 29 November 2021, the 28th of the month and in 2020/21 and 2021, we met.", ""),
]


@pytest.mark.parametrize(("text", "unknown"), OF_THE_ANNEX)
def test_a_number_is_compared_with_the_figures_of_the_page_and_annex(
    essex, text, unknown
):
    (fraud,) = (m for m in essex.measures if m.measure == "fraud")
    year = replace(fraud.year, range_lower_text="-22.7", range_upper_text="8.61")
    fraud = replace(fraud, comparisons={"previous_12_months": year}, months=())
    blocks = (ANNEX, DRAWN, SHARES)
    section = replace(section_of({}), parts=(Part("", blocks, None, None),))
    printed = [*figures.of_measures([fraud]), *figures.of_sections([section])]
    own = tuple(subjects.of_measures([fraud]))
    found = to_check.of_strand(Written(authored(text)), own, printed)
    said = f" has {unknown}, which is not a figure of this section."
    assert len(found) == bool(unknown) and all(said in line for line in found)


def test_a_number_of_a_measure_in_the_appendix_is_one_of_its_section(essex):
    columns = (
        Column("measure", "Measure", "text"),
        Column("crimes", "Crimes", "count"),
    )
    rows = ({"measure": "fraud", "crimes": 777}, {"measure": "other", "crimes": 888})
    table = Table("year_to_date", "Year to date", "", None, columns, rows)
    section = replace(section_of({}), parts=(Part("", (table,), None, None),))
    measures = [m for m in essex.measures if m.measure == "fraud"]
    found = figures.of_appendix([section], measures)
    assert list(found) == [figures.Figure(Decimal(777))]


def test_headings_that_the_page_adds_are_not_words_of_the_author(database, tmp_path):
    more = changed(
        database,
        tmp_path,
        ACHIEVED,
    )
    text = {
        "5.1 Insights": authored("Word " * 100),
        "5.1 Delivery achieved": authored("Word " * 20),
    }
    page = text_of(drawn(more, "essex", tmp_path, text))
    assert "Delivery achieved: Word" in page
    assert "The commentary has" not in page
    text["5.1 Delivery achieved"] = authored("Word " * 21)
    assert "The commentary has 121 words" in text_of(
        drawn(more, "essex", tmp_path, text)
    )


def test_the_numbers_of_the_sections_sentences_are_figures_of_the_page(
    database, tmp_path
):
    values = CHANGE | {
        "numerator": 1100,
        "denominator": 1250,
        "base_numerator": 1037,
        "base_denominator": 1192,
        "difference_pct": None,
        "periods": "quarters",
    }
    told = changed(database, tmp_path)
    fact = ("strand_1", "5.1", "insights", 950, "bullet", "insight_change",
            "Calls attended", "calls_attended", "no_clear_change", None,
            Decimal("88.0"), None, Decimal("87.0"), json.dumps(values))  # fmt: skip

    with duckdb.connect(str(told)) as con:
        con.execute("use reporting")
        insert(con, "rpt_facts", [fact])
    text = "Calls attended rose to 88.0% (1,100 of 1,250). We met 1,251 people."
    page = drawn(told, "essex", tmp_path, {"5.1 Insights": authored(text)})
    strand = text_of(page.split('id="strand-strand_1"')[1].split("</section>")[0])
    assert "of Calls attended; the figures say “no clear change” (quarter" in strand
    assert " has 1,251, which is not a figure of this section." in strand
    summary = "Calls attended fell. 1,037 were attended before."
    page = text_of(
        drawn(told, "essex", tmp_path, {"3.0 Executive Summary": authored(summary)})
    )
    assert "says “fell” of Calls attended; the figures say “no clear" in page
    assert "The text has" not in page


HIGHER = ["climbed", "has climbed", "went upward", "saw more crimes than last year"]
LOWER = [
    "shrank", "has shrunk", "is shrinking", "went downwards",
    "is on a downward path", "had less crime than a year ago",
]  # fmt: skip
NEITHER = [
    "was more serious than last year", "needs more work", "can shrink",
    "needs more people than we have",
]  # fmt: skip


@pytest.mark.parametrize("words", [*HIGHER, *LOWER, *NEITHER])
def test_usual_words_of_direction_are_read(essex, words):
    (own,) = (s for s in subjects.of_measures(essex.measures) if s.name == "Fraud")
    fell = list(differing(f"Fraud {words}.", [own]))
    rose = replace(own, codes=(("higher", "12 months"),))
    grew = list(differing(f"Fraud {words}.", [rose]))
    expected = (words in HIGHER, words in LOWER)
    assert (bool(fell), bool(grew)) == expected


def test_a_change_has_a_short_word_for_what_it_compares():
    def fact(**values):
        row = {"section_code": "a", "fact_kind": "insight_change", "subject": "Calls",
               "measure_code": "calls", "change_code": "lower", "said_value": 8,
               "base_value": 9}  # fmt: skip
        return row | {"facts": json.dumps(CHANGE | values)}

    rows = [
        fact(periods="year_before", unit_name=TEAM, polarity="lower_is_better"),
        fact(periods="own", row_base_period="Q1 2021/22"),
        {"fact_kind": "lead", "section_code": "a"},
    ]
    (found,) = facts.changes(rows).values()
    assert [(c.unit, c.period) for c in found] == [
        (TEAM, "quarter"),
        ("", "against Q1 2021/22"),
    ]
    assert [(c.numbers, c.difference) for c in found] == [((8, 9), -1)] * 2
    assert [c.polarity for c in found] == ["lower_is_better", "neutral"]


def test_a_change_of_a_share_has_counts_and_percentages():
    counts = {"numerator": 74, "denominator": 82, "base_numerator": 57,
              "base_denominator": 63, "difference_pct": None}  # fmt: skip
    row = {"section_code": "a", "fact_kind": "insight_change", "subject": "Orders",
           "measure_code": "orders", "change_code": "no_clear_change",
           "said_value": Decimal("90.2"), "base_value": Decimal("90.5"),
           "facts": json.dumps(CHANGE | counts)}  # fmt: skip
    ((found,),) = facts.changes([row]).values()
    assert found.numbers == (74, 82, 57, 63)
    assert found.percentages == (Decimal("90.2"), Decimal("90.5"))
    assert found.difference == Decimal("-0.3")


REFERRING = [
    ("Arrests were made in June. They rose.", "rose of Arrests"),
    ("### Arrests\n\nThese have increased.", "increased of Arrests"),
    ("| result | now |\n|---|---|\n| Arrests | rose |", "rose of Arrests"),
    ("We met on Monday. It rose.", "rose of A"),
]


@pytest.mark.parametrize(("text", "says"), REFERRING)
def test_a_pronoun_a_heading_and_a_row_of_a_table_say_what_a_claim_is_of(
    essex, text, says
):
    said, name = says.split(" of ")
    steady = {"codes": (("no_clear_change", "12 months"),)}
    own = (
        subjects.Subject("A", is_measure=True, **steady),
        subjects.Subject("Arrests", unit=UNIT, **steady),
    )
    (found,) = checked_on(text, own)
    assert f"says \u201c{said}\u201d of {name}" in found


def test_a_district_is_known_by_the_first_words_of_its_name(essex):
    areas = {
        "Bristol, City of": ("higher", "12 months"),
        "Bath and North East Somerset": ("lower", "12 months"),
        "Southend-on-Sea": ("lower", "12 months"),
    }
    own = [subjects.Subject("Fraud", areas=areas, is_measure=True)]
    assert checked_on("Fraud rose in Bristol and fell in Southend.", own) == []
    for text, name in [
        ("Fraud fell in Bristol.", "Bristol, City of"),
        ("Fraud rose in Bath & North East Somerset.", "Bath and North East Somerset"),
        ("Fraud rose in Southend.", "Southend-on-Sea"),
    ]:
        (found,) = checked_on(text, own)
        assert f"of Fraud in {name};" in found


def test_a_number_without_decimals_stands_for_a_mean_near_it(essex):
    printed = [figures.Figure(Decimal("56.3"))]
    own = [subjects.Subject("Fraud", is_measure=True)]
    said = Written(authored("On average 56 frauds. Not 57."))
    (found,) = to_check.of_strand(said, own, printed)
    assert "\u201cNot 57.\u201d has 57, which" in found
