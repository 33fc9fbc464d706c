"""The report's sentences from figures, and tests that catch a wrong word.

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


def test_an_insight_says_its_word_its_counts_and_its_periods(demonstration):
    assert (
        "Domestic abuse shows no clear change: 29,391 recorded crimes in the 12 months"
        " ending September 2021, 30,038 in the 12 months before."
    ) in said(demonstration, "5.1")
    assert (
        "Hate crime is higher: 4,177 in the 12 months ending September 2021, 26.9% more"
        " than in the 12 months before (3,291)."
    ) in said(demonstration, "5.6")


def test_every_strand_has_an_insight_and_the_published_changes_are_said(demonstration):
    texts = [text for n in range(1, 10) for text in said(demonstration, f"5.{n}")]
    for start in (
        "Domestic Violence Protection Notices and Orders show no clear change: 516 in",
        "Domestic abuse attended within 24 hours shows no clear change: 88.0% (1,100",
        "Technology-based investigations of child sexual exploitation are higher: 406",
        "Referrals from CEOP: 25 to 30 a month in Q2 2021/22, 27.7 on average; 12",
        "Prevent referrals in the region: 108 in Q2 2021/22, 144 in Q1 2021/22",
        "Night-time economy crime is uneven: 1,863 in the 12 months ending September",
        "Residential burglary: 1,242 recorded crimes in Q2 2021/22, 1,053 in Q1",
        "Harm spots: 67 at the end of September 2021, 67 three months before",
        "Hate crime by motivation, October 2020 to September 2021: most frequent is"
        " Racial (2,447 of 4,177, 58.6%), followed by Disability (591, 14.1%).",
        "Arrests (Serious and Organised Crime Unit): 82 over Sep 2020 to Sep 2021",
    ):
        assert any(text.startswith(start) for text in texts), start


def test_no_sentence_says_that_anything_rose_or_fell(tiny, demonstration):
    """A direction is said by the word of the change alone."""
    for result in (tiny, demonstration):
        rows = result.rows("select sentence from reporting.rpt_sentences")
        for (sentence,) in rows:
            assert not re.search(r"\b(rose|fell|risen|fallen|(in|de)crease)", sentence)


def test_a_units_results_are_in_the_section_of_its_strand(
    demonstration,
):
    assert any(
        s.startswith("Arrests (Serious Violence Unit): 131 over Jul 2021 to Sep 2021")
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
    assert summary[3].endswith(
        "two measures are higher than in the 12 months before: Hate crime (4,177,"
        " +26.9%); Cyber crime and online offences (6,220, +30.8%)."
    )
    assert summary[4].endswith(
        "Fraud (1,514, \u221218.0%); Residential burglary (4,645, \u221222.7%)."
    )
    assert (
        "one measure are uneven: Night-time economy crime (1,863, \u221237.9%)"
        in summary[5]
    )
    assert "three measures show no clear change: Domestic abuse (29,391," in summary[6]


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


def test_every_table_and_chart_is_in_a_section(demonstration):
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
        "Knife crime: too few to compare, 2 recorded crimes in the 12 months ending"
        " September 2021 and 1 in the 12 months before."
    ) in texts
    assert (
        "Hate crime: too few to compare, 0 recorded crimes in the 12 months ending"
        " September 2021 and 0 in the 12 months before."
    ) in texts
    assert (
        "Personal robbery: too few to compare, 2 recorded crimes in the 12 months"
        " ending September 2021 and 0 in the 12 months before."
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
        ("assert_direction_words_agree_with_their_figures", " lower: ", " higher: "),
        (
            "assert_direction_words_agree_with_their_figures",
            " more than ",
            " no clear change than ",
        ),
        (
            "assert_direction_words_agree_with_their_figures",
            " no clear change: ",
            " higher: ",
        ),
        ("assert_direction_words_agree_with_their_figures", " uneven: ", " lower: "),
        ("assert_direction_words_agree_with_their_figures", " 26.9% ", " 26.8% "),
        (
            "assert_direction_words_agree_with_their_figures",
            ": 4,177 in",
            ": 4,177.5 in",
        ),
        ("assert_direction_words_agree_with_their_figures", "(3,291)", "(3,292)"),
        ("assert_direction_words_agree_with_their_figures", " 88.0% ", " 88.1% "),
        ("assert_direction_words_agree_with_their_figures", ", 97 three", ", 96 three"),
        (
            "assert_direction_words_agree_with_their_figures",
            " crimes in Q2 2021/22, 1,053",
            " crimes, higher in Q2 2021/22, 1,053",
        ),
        ("assert_lists_in_sentences_are_complete", "Knife crime (", "Knives ("),
        (
            "assert_lists_in_sentences_are_complete",
            "Digital Crime",
            "Hate Crime",
        ),
    ],
)
def test_a_word_that_contradicts_its_figure_fails_the_build(
    request, tmp_path: Path, test: str, before: str, after: str
):
    result: Result = request.getfixturevalue("demonstration")
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
