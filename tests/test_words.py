"""The report's sentences from figures, and tests that find a wrong word.

test_sentences.py tests the forms of sentences; this file tests the sentences of
complete reports.
"""

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest

from reports.board.english import Name
from reports.board.points import main_points
from reports.board.read import read_board
from reports.published import open_read_only
from tests import read_back
from tests.conftest import QUARTER, Result
from tests.read_back import Reader, Said

# Code of a main point -> how the summary says it.
COUNTED = {
    "higher": "are higher",
    "lower": "are lower",
    "uneven": "is uneven",
    "no_clear_change": "no clear change",
    "not_compared": "cannot be compared",
}
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


def of_report(result: Result, quarter: str = QUARTER) -> list[Said]:
    """Return every sentence of a report, as its page has them."""
    with open_read_only(result.home.current) as con:
        return read_back.sentences(con, quarter, "essex")


def said(result: Result, section: str) -> list[str]:
    """Return the sentences of one section of the quarter, by the section's number."""
    rows = result.rows(
        "select section_code from reporting.rpt_sections"
        f" where quarter = '{QUARTER}' and section_number = '{section}'"
    )
    return [s.text for s in of_report(result) if (s.section,) in rows]


# The demonstration's report


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
        "Hate crime by motivation, October 2020 to September 2021: the largest part is"
        " Racial (2,447 of 4,177, 58.6%), then Disability (591, 14.1%).",
        "Arrests (Serious and Organised Crime Unit) show no clear change: 76 in"
        " October 2020 to September 2021, 72 in the same months a year before.",
    ):
        assert any(text.startswith(start) for text in texts), start


def test_no_sentence_says_that_anything_rose_or_fell(tiny, demonstration):
    """A direction is only expressed by the word of the change."""
    for result in (tiny, demonstration):
        for sentence in of_report(result):
            text = sentence.text
            assert not re.search(r"\b(rose|fell|risen|fallen|(in|de)crease)", text)


def test_a_units_results_are_in_the_section_of_its_strand(
    demonstration,
):
    assert any(
        s.startswith(
            "Arrests (Serious Violence Unit) show no clear change: 131 in July to"
        )
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
        "One strand has an action at risk: Digital Crime and Fraud (see section 6.3)."
    )
    assert summary[3].endswith(
        "three measures are higher than in the 12 months before: Cyber crime and online"
        " offences (6,220, +30.8%); Referrals from CEOP (247, +84.3%); Hate crime"
        " (4,177, +26.9%)."
    )
    assert summary[4].endswith(
        "Fraud (1,514, \u221218.0%); Residential burglary (4,645, \u221222.7%)."
    )
    assert (
        "one measure is uneven, as some months went the other way: Night-time economy"
        " crime (1,863, \u221237.9%)" in summary[5]
    )
    assert "four measures show no clear change: Domestic abuse (29,391," in summary[6]


@pytest.mark.parametrize("quarter", [QUARTER, "2021-22-q1"])
def test_the_summary_and_the_main_points_count_the_same_measures(
    demonstration, quarter: str
):
    board = read_board(demonstration.home.current, quarter, "essex")
    points = main_points(board, lambda measure: Name(measure.measure_name))
    on_page_one = {p.code: p.text.casefold() for p in points if p.code in COUNTED}
    summary = [
        s.text
        for s in of_report(demonstration, quarter)
        if s.section == "executive_summary" and re.search(r"\bmeasures?\b", s.text)
    ]
    assert len(summary) == len(on_page_one) > 3
    for text, (code, point) in zip(summary, on_page_one.items(), strict=True):
        headline, _, listed = text.removesuffix(".").rpartition(": ")
        assert COUNTED[code] in headline
        names = [item.split(" (")[0].casefold() for item in listed.split("; ")]
        more = [read_back.number(n) for n in re.findall(r"and (\w+) more", point)]
        named = names[: len(names) - sum(more)]
        assert named and all(name in point for name in named)
        assert sorted(named, key=point.find) == named
        assert not any(name in point for name in names[len(named) :])


def test_a_risk_is_said_with_its_reason_and_its_mitigation(demonstration):
    first, risk = said(demonstration, "6.3")
    assert first == (
        "One of the nine thematic strands of the delivery plan has an action at risk:"
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
        "select section_number || ' ' || section_heading from reporting.rpt_sections"
        f" where quarter = '{QUARTER}' and section_kind not in ('appendix', 'front')"
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


# The hand-made extracts, with counts worked out by hand


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
        for sentence in of_report(result):
            text = sentence.text
            assert text and not re.search(r"[{}]|  | [.,;:)]|\(\)", text)


# Each sentence is compared with the figures


@pytest.mark.parametrize("home", ["tiny", "demonstration"])
def test_every_sentence_agrees_with_the_figures_of_its_report(request, home: str):
    result: Result = request.getfixturevalue(home)
    with open_read_only(result.home.current) as con:
        quarters = con.execute("select quarter from reporting.rpt_reports").fetchall()
        for (quarter,) in quarters:
            reader = Reader(con, quarter, "essex")
            read = read_back.sentences(con, quarter, "essex")
            assert len(read) > 30
            assert [wrong for s in read if (wrong := reader.wrong(s))] == []


PLANS = {
    "all 37 actions are complete": (37, 37, 0, 0),
    "both actions of the delivery plan are complete": (2, 2, 0, 0),
    "the only action is complete": (1, 1, 0, 0),
    "the only action is ongoing and at risk": (1, 0, 1, 1),
    "the only action of the delivery plan is ongoing and not at risk": (1, 0, 1, 0),
    "1 of 2 actions is complete and 1 is ongoing; it is not at risk": (2, 1, 1, 0),
    "none of 3 actions are complete and 3 are ongoing; none of the ongoing actions are "
    "at risk": (3, 0, 3, 0),
}


@pytest.mark.parametrize("words", PLANS)
def test_a_sentence_on_a_plan_is_found_wrong_of_every_other_plan(words, monkeypatch):
    reader = object.__new__(Reader)
    reader.names = []
    monkeypatch.setattr(Reader, "_held", lambda _: 0)
    said = Said("current_work", f"As at 17 November 2021, {words}.", None, None)
    agreeing = []
    for other, plan in PLANS.items():
        row = dict(zip(("total", "complete", "ongoing", "at_risk"), plan, strict=True))
        monkeypatch.setattr(Reader, "_progress", lambda _, section, row=row: row)
        agreeing += [] if reader.wrong(said) else [other]
    assert agreeing == [words]


def made_false(reader: Reader, said: Said) -> Iterator[Said]:
    """Yield the sentence with each of its numbers or words exchanged in turn."""
    for number in dict.fromkeys(reader.numbers(said.text)):
        digits = number.rstrip("%")
        other = f"{digits[:-1]}{(int(digits[-1]) + 1) % 10}{number[len(digits) :]}"
        pattern = rf"(?<![\d,.]){re.escape(number)}(?!\d)"
        yield replace(said, text=re.sub(pattern, other, said.text))
    words = [w for w in read_back.CODES if re.search(rf"\b{w}\b", said.text)]
    for word in words:
        for other in read_back.CODES.keys() - {word}:
            yield replace(said, text=re.sub(rf"\b{word}\b", other, said.text))
    text = said.text.replace("three months before", "")
    for word in read_back.WORDS:
        if re.search(rf"\b{word}\b", text, re.IGNORECASE):
            pattern = rf"(?i)\b{word}\b"
            yield replace(said, text=re.sub(pattern, "seventeen", said.text))


def test_any_exchanged_number_or_word_is_found(demonstration: Result):
    with open_read_only(demonstration.home.current) as con:
        reader = Reader(con, QUARTER, "essex")
        read = read_back.sentences(con, QUARTER, "essex")
        false = [f for s in read for f in made_false(reader, s)]
        assert len(false) > 350
        assert [f.text for f in false if not reader.wrong(f)] == []
