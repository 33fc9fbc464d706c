"""Words made from figures: what the report says, and that a wrong word is caught.

The forms of a sentence are dbt unit tests (_words__unit_tests.yml); here is what comes
out of the whole pipeline.
"""

import re
import shutil
from pathlib import Path

import duckdb
import pytest

from tests.conftest import QUARTER, Result

NINE = [
    "Domestic Abuse",
    "Gangs and Knife Crime",
    "Night-Time Economy (NTE)",
    "Child Abuse and Exploitation",
    "Extremism and Radicalisation",
    "Hate Crime",
    "Digital Crime and Fraud",
    "Dwelling Burglary and Street Robbery",
    "Serious and Organised Crime",
]


def said(result: Result, section: str) -> list[str]:
    """The sentences of one section of the quarter, by the section's number."""
    rows = result.rows(
        "select sentence from reporting.rpt_sentences"
        f" where quarter = '{QUARTER}' and section_number = '{section}'"
        " order by slot, sentence_position"
    )
    return [sentence for (sentence,) in rows]


# What the demonstration's report says


def test_an_insight_says_direction_size_share_period_and_comparison(demonstration):
    assert (
        "Domestic abuse fell by 647 recorded crimes (2.2%) to 29,391 in the 12 months"
        " ending September 2021, from 30,038 in the 12 months before."
    ) in said(demonstration, "5.1")
    assert any(
        text.startswith("Knife crime rose by 81 recorded crimes (2.9%) to 2,832")
        for text in said(demonstration, "5.2")
    )


def test_every_strand_has_an_insight_and_the_published_changes_are_said(demonstration):
    for number in range(1, 10):
        assert any(
            " rose by " in s or " fell by " in s
            for s in said(demonstration, f"5.{number}")
        )
    texts = [text for n in range(1, 10) for text in said(demonstration, f"5.{n}")]
    for start in (
        "Domestic Violence Protection Notices and Orders fell by 6 (1.1%) to 516",
        "Domestic abuse attended within 24 hours rose by 1.0 percentage points to",
        "Technology-based investigations of child sexual exploitation rose by 56 (16",
        "Referrals from CEOP: 25 to 30 a month in Q2 2021/22, 27.7 on average; 12",
        "Prevent referrals in the region fell by 36 (25.0%) to 108 in Q2 2021/22",
        "Residential burglary rose by 189 recorded crimes (17.9%) to 1,242 in Q2",
        "Harm spots showed no change: 67 at the end of September 2021",
        "Hate crime by motivation, October 2020 to September 2021: most frequent is"
        " Racial (2,447 of 4,177, 58.6%), followed by Disability (591, 14.1%).",
    ):
        assert any(text.startswith(start) for text in texts), start


def test_a_units_results_stand_and_are_said_in_the_strand_whose_work_they_are(
    demonstration,
):
    assert any(
        s.startswith("Arrests (Serious Violence Unit) rose by 13 (11.0%) to 131")
        for s in said(demonstration, "5.2")
    )
    assert any(
        s.startswith("Warrants executed (POLIT)") for s in said(demonstration, "5.4")
    )
    assert not any("Serious Violence Unit" in s for s in said(demonstration, "5.9"))


def test_the_summary_says_how_many_strands_which_is_at_risk_and_what_moved(
    demonstration,
):
    summary = said(demonstration, "3.0")
    assert "crime prevention in nine thematic strands" in summary[0]
    assert "150 of the delivery plan's 325 actions are complete" in summary[1]
    assert "one of the ongoing actions is at risk" in summary[1]
    assert summary[2] == (
        "One strand is at risk: Digital Crime and Fraud (see section 6.3)."
    )
    assert "three measures rose: Knife crime (2.9%); Hate crime (26.9%)" in summary[3]
    assert "five measures fell: Domestic abuse (2.2%);" in summary[4]


def test_a_risk_is_said_with_its_reason_and_its_mitigation(demonstration):
    first, risk = said(demonstration, "6.3")
    assert first == (
        "One strand of the delivery plan is at risk across nine thematic strands:"
    )
    assert re.match("Digital Crime and Fraud: .+ Reason: .+ Mitigation: .+[.]$", risk)


def test_leads_are_named_by_rank_and_priorities_by_the_strands_that_serve_them(
    demonstration,
):
    assert said(demonstration, "7.0")[1:] == [
        "Domestic Abuse: Chief Superintendent",
        "Gangs and Knife Crime: Detective Superintendent",
        "Night-Time Economy (NTE): Superintendent",
        "Child Abuse and Exploitation: Detective Chief Superintendent",
        "Extremism and Radicalisation: Superintendent",
        "Hate Crime: Superintendent",
        "Digital Crime and Fraud: Detective Chief Inspector",
        "Dwelling Burglary and Street Robbery: Chief Superintendent",
        "Serious and Organised Crime: Detective Chief Inspector",
    ]
    assert "Tackling gangs and serious violence (Gangs and Knife Crime)" in said(
        demonstration, "6.1"
    )


def test_the_sections_are_numbered_as_the_published_report_numbers_them(demonstration):
    rows = demonstration.rows(
        "select section_number || ' ' || heading from reporting.rpt_sections"
        f" where quarter = '{QUARTER}' and kind <> 'appendix' and kind <> 'front'"
        " order by section_position"
    )
    assert [title for (title,) in rows] == [
        "1.0 Purpose of Report",
        "2.0 Recommendations",
        "3.0 Executive Summary",
        "4.0 Introduction/Background",
        "5.0 Current Work and Performance",
        *(f"5.{number} {name}" for number, name in enumerate(NINE, 1)),
        "5.10 Delivery/Challenges by Exception",
        "6.0 Implications (Issues)",
        "6.1 Links to Police and Crime Plan Priorities",
        "6.2 Demand",
        "6.3 Risks/Mitigation",
        "6.4 Equality and/or Human Rights Implications",
        "6.5 Health and Safety Implications",
        "7.0 Consultation/Engagement",
        "8.0 Actions for Improvement",
        "9.0 Future Work/Development and Expected Outcome",
    ]


def test_every_table_and_chart_stands_in_a_section(demonstration):
    missing = demonstration.rows(
        "(select quarter, 'table', table_name from reporting.rpt_tables union all"
        " select quarter, 'chart', chart_name from reporting.rpt_charts) except"
        " select quarter, item_kind, item_name from reporting.rpt_section_items"
    )
    assert missing == []


# What the hand-made extracts say, of counts worked out by hand


def test_small_counts_are_said_in_good_english(tiny: Result):
    texts = [text for number in range(1, 10) for text in said(tiny, f"5.{number}")]
    assert (
        "Knife crime rose by 1 recorded crime (100.0%) to 2 in the 12 months ending"
        " September 2021, from 1 in the 12 months before."
    ) in texts
    assert (
        "Hate crime showed no change: 0 recorded crimes in the 12 months ending"
        " September 2021, as in the 12 months before."
    ) in texts
    assert (
        "Personal robbery rose by 2 recorded crimes to 2 in the 12 months ending"
        " September 2021, from 0 in the 12 months before."
    ) in texts


def test_no_sentence_has_a_gap_or_a_placeholder_left(tiny, demonstration):
    for result in (tiny, demonstration):
        rows = result.rows("select sentence from reporting.rpt_sentences")
        for (sentence,) in rows:
            assert sentence and not re.search(r"[{}]|  | [.,;:)]|\(\)", sentence)


# A wrong word is caught


@pytest.mark.parametrize(
    ("test", "before", "after"),
    [
        ("assert_direction_words_agree_with_their_figures", " fell by ", " rose by "),
        ("assert_direction_words_agree_with_their_figures", "647", "648"),
        ("assert_direction_words_agree_with_their_figures", " by 6 ", " by 64 "),
        ("assert_direction_words_agree_with_their_figures", "to 2,832 ", "to 2,832.5 "),
        ("assert_direction_words_agree_with_their_figures", "y 1.0 per", "y 1.1 per"),
        ("assert_direction_words_agree_with_their_figures", "to 88.0%", "to 88.1%"),
        ("assert_direction_words_agree_with_their_figures", "from 97 ", "from 96 "),
        ("assert_direction_words_agree_with_their_figures", "no change", "a rise"),
        ("assert_counted_words_agree_with_their_figures", "Knife crime (", "Knives ("),
        (
            "assert_counted_words_agree_with_their_figures",
            "Digital Crime",
            "Hate Crime",
        ),
    ],
)
def test_a_word_that_its_figure_does_not_bear_out_fails_the_build(
    request, tmp_path: Path, test: str, before: str, after: str
):
    home = "tiny" if before == "no change" else "demonstration"
    result: Result = request.getfixturevalue(home)
    copy = tmp_path / result.home.warehouse.name
    shutil.copy(result.home.warehouse, copy)
    (compiled,) = {
        path.read_text(encoding="utf-8")
        for path in result.home.dbt_target.rglob(f"compiled/**/{test}.sql")
    }
    with duckdb.connect(str(copy)) as connection:
        assert connection.execute(compiled).fetchall() == []
        connection.execute(
            "update reporting.rpt_sentences set sentence = replace(sentence, ?, ?)"
            " where subject is not null",
            [before, after],
        )
        assert connection.execute(compiled).fetchall() != []
