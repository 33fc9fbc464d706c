"""Each kind of sentence: facts, and the sentence that a person wrote for them."""

import csv
import datetime as dt
import json
import re
from decimal import Decimal

import pytest

from dagster_project.settings import REPOSITORY
from reports import facts, style
from reports.board import english

REPORT = facts.Context(
    quarter="2021-22-q2",
    force_name="Essex Police",
    strategy_name="Crime Prevention Strategy",
    plan_as_at_date=dt.date(2021, 11, 17),
    sections={"risks": "6.3", "by_exception": "5.10", "current_work": "5.0"},
)
WITHOUT_PLAN = facts.Context(
    "2021-22-q4", "Northumbria Police", None, None, REPORT.sections
)
OWN = {"periods": "own", "row_period": "Q2 2021/22", "row_base_period": "Q2 2020/21"}
CHANGE = {
    "subject": "Hate crime",
    "change_code": "higher",
    "said_value": 4177,
    "base_value": 3291,
    "difference_pct": 26.9,
    "unit": "crimes",
    "unit_name": None,
    "is_plural": False,
    "numerator": None,
    "denominator": None,
    "base_numerator": None,
    "base_denominator": None,
    "months_lower": 8,
    "months_higher": 3,
    "months_equal": 1,
    "gap_reasons": None,
    "is_defined_by_outcome": False,
    "periods": "12_months",
    "row_period": None,
    "row_base_period": None,
}
SHARE = CHANGE | {
    "subject": "Attended within 24 hours",
    "change_code": "no_clear_change",
    "said_value": Decimal("88.0"),
    "numerator": 1100,
    "denominator": 1250,
    "base_value": Decimal("87.0"),
    "base_numerator": 1037,
    "base_denominator": 1192,
    "difference_pct": None,
    "unit": "pct",
    "periods": "quarters",
}
UNITS_RESULT = CHANGE | {
    "subject": "Drugs seized",
    "unit_name": "Drugs Unit",
    "unit": "kilograms",
    "said_value": Decimal("74.7"),
    "base_value": 1061,
    "change_code": None,
    "periods": "same_months",
    "row_period": "Sep 2020 to Sep 2021",
}
MOST = {
    "subject": "Referrals by source, July",
    "denominator": 1023,
    "most": [{"category": "Education", "numerator": 1007, "share_pct": 98.4}],
    "following": [
        {"category": "Police", "numerator": 5, "share_pct": 0.5},
        {"category": "Community", "numerator": 5, "share_pct": 0.5},
    ],
}
AREAS = {
    "subject": "Hate crime",
    "periods": "quarters",
    "row_period": None,
    "row_base_period": None,
    "highest": [
        {"area_name": "Harlow", "value": 1084},
        {"area_name": "Maldon", "value": 11},
        {"area_name": "Tendring", "value": 5},
    ],
    "area_count": 14,
    "higher": 2,
    "lower": 1,
    "uneven": 0,
    "no_clear_change": 1,
    "too_few": 10,
    "not_comparable": 0,
}
RANGE = {
    "subject": "Referrals",
    "periods": "year_before",
    "row_period": None,
    "row_base_period": None,
    "lowest": 25,
    "highest": 30,
    "average": Decimal("27.7"),
    "base_lowest": 12,
    "base_highest": 15,
    "base_average": Decimal("13.3"),
}
PLAN = {
    "strand_count": 9,
    "total": 1325,
    "complete": 150,
    "ongoing": 1175,
    "at_risk": 2,
    "strands_at_risk": ["Hate Crime"],
    "held_not_counted": 0,
    "held_as_before": 0,
}
NOTHING_AT_RISK = PLAN | {"at_risk": 0, "strands_at_risk": []}
TWO_AT_RISK = PLAN | {"strands_at_risk": ["Hate Crime", "Fraud"]}
ONE_HELD = NOTHING_AT_RISK | {"held_not_counted": 1}
MANY_HELD = NOTHING_AT_RISK | {"held_not_counted": 2, "held_as_before": 1}
HELD_AS_BEFORE = NOTHING_AT_RISK | {"held_as_before": 3}
ONE_ONGOING = PLAN | {"complete": 1, "total": 2, "ongoing": 1, "at_risk": 1}
ALL_COMPLETE = NOTHING_AT_RISK | {"complete": 1325, "ongoing": 0}
ONE_ACTION = NOTHING_AT_RISK | {"complete": 0, "total": 1, "ongoing": 1}
A = {"name": "Fraud", "count": 1514, "difference_pct": Decimal("-18.0")}
B = {"name": "Robbery", "count": 70, "difference_pct": None}
REDEFINED, CHARGED = ({**B, "is_defined_by_outcome": each} for each in (False, True))
C = {"name": "Arson", "count": None, "difference_pct": None}
SENTENCES = [
    (
        "insight_change",
        CHANGE,
        "Hate crime is higher: 4,177 in the 12 months ending September 2021, 26.9% more"
        " than in the 12 months before (3,291).",
    ),
    (
        "insight_change",
        CHANGE
        | {
            "subject": "Prevent referrals",
            "is_plural": True,
            "change_code": "lower",
            "said_value": 23,
            "base_value": 60,
            "difference_pct": Decimal("-61.7"),
        },
        "Prevent referrals are lower: 23 in the 12 months ending September 2021, 61.7%"
        " fewer than in the 12 months before (60).",
    ),
    (
        "insight_change",
        CHANGE | {"change_code": "no_clear_change", "said_value": 2832} | OWN,
        "Hate crime shows no clear change: 2,832 recorded crimes in Q2 2021/22, 3,291"
        " in Q2 2020/21.",
    ),
    (
        "insight_change",
        CHANGE
        | {"change_code": "no_clear_change", "is_plural": True, "unit": "people"},
        "Hate crime show no clear change: 4,177 in the 12 months ending September 2021,"
        " 3,291 in the 12 months before.",
    ),
    (
        "insight_change",
        CHANGE | {"change_code": "uneven", "difference_pct": Decimal("-37.9")},
        "Hate crime is uneven: 4,177 in the 12 months ending September 2021, 3,291 in"
        " the 12 months before (\u221237.9%), with 8 of the months lower, 3 higher and"
        " 1 equal.",
    ),
    (
        "insight_change",
        CHANGE | {"change_code": "too_few", "said_value": 1, "base_value": 5},
        "Hate crime: too few to compare, 1 recorded crime in the 12 months ending"
        " September 2021 and 5 in the 12 months before.",
    ),
    (
        "insight_change",
        CHANGE | {"said_value": 70, "base_value": 0, "difference_pct": None},
        "Hate crime is higher: 70 in the 12 months ending September 2021, 0 in the 12"
        " months before.",
    ),
    # A year of 366 days.
    (
        "insight_change",
        CHANGE | {"said_value": 29999, "base_value": 30000, "difference_pct": 0},
        "Hate crime is higher a day: 29,999 in the 12 months ending September 2021,"
        " 30,000 in the 12 months before, which has another number of days.",
    ),
    (
        "insight_change",
        CHANGE
        | {
            "change_code": "lower",
            "said_value": 9,
            "base_value": 9,
            "difference_pct": 0,
        },
        "Hate crime is lower a day: 9 in the 12 months ending September 2021, 9 in the"
        " 12 months before, which has another number of days.",
    ),
    (
        "insight_change",
        UNITS_RESULT,
        "Drugs seized (Drugs Unit): 74.7 kg in September 2020 to September 2021, 1,061"
        " kg in the same months a year before.",
    ),
    (
        "insight_change",
        UNITS_RESULT | {"unit": "pounds", "said_value": 1},
        "Drugs seized (Drugs Unit): £1 in September 2020 to September 2021, £1,061 in"
        " the same months a year before.",
    ),
    (
        "insight_change",
        CHANGE | {"change_code": None, "unit": "incidents", "periods": "quarter_ends"},
        "Hate crime: 4,177 recorded incidents at the end of September 2021, 3,291 three"
        " months before.",
    ),
    (
        # A count of one week of the month is not of the month's end.
        "insight_change",
        CHANGE
        | {"subject": "Interactions in the lowest week", "change_code": None}
        | {"unit": "interactions", "periods": "quarter_end_months"},
        "Interactions in the lowest week: 4,177 in September 2021, 3,291 in June 2021.",
    ),
    (
        "insight_change",
        CHANGE | {"change_code": None, "base_value": None},
        "Hate crime: 4,177 recorded crimes in the 12 months ending September 2021. What"
        " it was in the 12 months before is not available from this source.",
    ),
    (
        "insight_change",
        CHANGE | {"change_code": None, "said_value": None},
        "Hate crime: not available from this source.",
    ),
    (
        "insight_change",
        CHANGE | {"said_value": None, "gap_reasons": [{"reason_code": "no_file"}]},
        "Hate crime: not available. The files of these months are missing or were"
        " refused.",
    ),
    (
        "insight_change",
        SHARE,
        "Attended within 24 hours shows no clear change: 88.0% (1,100 of 1,250) in"
        " Q2 2021/22, 87.0% (1,037 of 1,192) in Q1 2021/22.",
    ),
    (
        "insight_change",
        SHARE | {"change_code": "lower"},
        "Attended within 24 hours is lower: 88.0% (1,100 of 1,250) in Q2 2021/22, 87.0%"
        " (1,037 of 1,192) in Q1 2021/22.",
    ),
    (
        "insight_change",
        SHARE | {"change_code": None},
        "Attended within 24 hours: 88.0% (1,100 of 1,250) in Q2 2021/22, 87.0% (1,037"
        " of 1,192) in Q1 2021/22.",
    ),
    (
        "insight_most",
        MOST,
        "Referrals by source, July: the largest part is Education (1,007 of 1,023,"
        " 98.4%), then Police (5, 0.5%) and Community (5, 0.5%).",
    ),
    (
        "insight_most",
        MOST | {"most": MOST["following"], "following": None},
        "Referrals by source, July: the largest parts are Police (5 of 1,023, 0.5%) and"
        " Community (5 of 1,023, 0.5%).",
    ),
    (
        "insight_areas",
        AREAS,
        "Hate crime in Q2 2021/22 was highest in Harlow (1,084), Maldon (11) and"
        " Tendring (5). Compared with Q1 2021/22: higher in two, lower in one, no clear"
        " change in one and too few to compare in ten of fourteen areas.",
    ),
    (
        "insight_areas",
        AREAS
        | {"higher": 0, "lower": 0, "no_clear_change": 0, "too_few": 0}
        | {"periods": "12_months", "uneven": 14, "area_count": 21},
        "Hate crime in the 12 months ending September 2021 was highest in Harlow"
        " (1,084), Maldon (11) and Tendring (5). Compared with the 12 months before:"
        " uneven in fourteen of 21 areas.",
    ),
    (
        "insight_areas",
        AREAS
        | {"higher": 0, "lower": 0, "no_clear_change": 0, "too_few": 12}
        | {"not_comparable": 2},
        "Hate crime in Q2 2021/22 was highest in Harlow (1,084), Maldon (11) and"
        " Tendring (5). Compared with Q1 2021/22: too few to compare in twelve and not"
        " comparable in two of fourteen areas.",
    ),
    (
        "insight_areas",
        AREAS
        | {"highest": AREAS["highest"][:1], "higher": 0, "lower": 0}
        | {"no_clear_change": 0, "too_few": 0},
        "Hate crime in Q2 2021/22 was highest in Harlow (1,084).",
    ),
    (
        "insight_range",
        RANGE,
        "Referrals: 25 to 30 a month in Q2 2021/22, 27.7 on average; 12 to 15 in the"
        " same quarter of the year before, 13.3 on average.",
    ),
    (
        "lead",
        {
            "lead_role": "Thematic lead",
            "lead_rank": "Superintendent",
            "lead_name": None,
        },
        "Thematic lead: Superintendent",
    ),
    (
        "lead",
        {
            "lead_role": "Thematic lead",
            "lead_rank": "Superintendent",
            "lead_name": "Stuart Weaver",
        },
        "Thematic lead: Superintendent Stuart Weaver",
    ),
    (
        "lead",
        {"lead_role": None, "lead_rank": None, "lead_name": None},
        "Thematic lead: not recorded",
    ),
    (
        "lead_item",
        {
            "subject": "Hate Crime",
            "lead_rank": "Superintendent",
            "lead_name": None,
        },
        "Hate Crime: Superintendent",
    ),
    (
        "lead_item",
        {
            "subject": "Hate Crime",
            "lead_rank": "Superintendent",
            "lead_name": "Stuart Weaver",
        },
        "Hate Crime: Superintendent Stuart Weaver",
    ),
    (
        "priority",
        {"subject": "Safe streets", "strands": ["Hate Crime", "Fraud", "Burglary"]},
        "Safe streets (Hate Crime, Fraud and Burglary)",
    ),
    ("priority", {"subject": "Safe streets", "strands": []}, "Safe streets"),
    (
        "risk",
        {
            "strand": "Hate Crime",
            "subject": "Train everyone {{ all }}.",
            "reason": "Illness. ",
            "mitigation": None,
        },
        "Hate Crime: Train everyone {{ all }}. Reason: Illness. Mitigation: not given.",
    ),
    (
        "strand_progress",
        PLAN,
        "As at 17 November 2021, 150 of 1,325 actions are complete and 1,175 are"
        " ongoing; two of the ongoing actions are at risk.",
    ),
    (
        "strand_progress",
        ONE_ONGOING | {"held_not_counted": 1},
        "As at 17 November 2021, 1 of 2 actions is complete and 1 is ongoing; it is at"
        " risk. One line of the plan is held and is not counted.",
    ),
    (
        "strand_progress",
        ALL_COMPLETE | {"held_not_counted": 1},
        "As at 17 November 2021, all 1,325 actions are complete. One line of the plan"
        " is held and is not counted.",
    ),
    (
        "strand_progress",
        ALL_COMPLETE | {"total": 2, "complete": 2},
        "As at 17 November 2021, both actions are complete.",
    ),
    (
        "strand_progress",
        ALL_COMPLETE | {"total": 1, "complete": 1},
        "As at 17 November 2021, the only action is complete.",
    ),
    (
        "strand_progress",
        ONE_ACTION,
        "As at 17 November 2021, the only action is ongoing and not at risk.",
    ),
    (
        "summary_plan",
        ALL_COMPLETE,
        "As at 17 November 2021, all 1,325 actions of the delivery plan are complete.",
    ),
    (
        "summary_plan",
        ONE_ACTION | {"at_risk": 1},
        "As at 17 November 2021, the only action of the delivery plan is ongoing and at"
        " risk.",
    ),
    (
        "strand_progress",
        HELD_AS_BEFORE | {"total": 0},
        "The delivery plan contains no action for this strand as at 17 November 2021. 3"
        " lines of the plan are held, and their actions are counted as in earlier"
        " plans.",
    ),
    (
        "summary_plan",
        HELD_AS_BEFORE | {"total": 0},
        "The delivery plan contains no action as at 17 November 2021. 3 lines of the"
        " plan are held, and their actions are counted as in earlier plans.",
    ),
    (
        "summary_plan",
        MANY_HELD,
        "As at 17 November 2021, 150 of the delivery plan's 1,325 actions are complete"
        " and 1,175 are ongoing; none of the ongoing actions are at risk. 2 lines of"
        " the plan are held and are not counted. One line of the plan is held, and its"
        " action is counted as in an earlier plan.",
    ),
    (
        "summary_strands",
        PLAN,
        "The Strategy prioritises crime prevention in nine thematic strands. Each has a"
        " thematic lead, who is responsible for oversight, review and focus.",
    ),
    ("summary_risk", NOTHING_AT_RISK, "No strand has an action at risk."),
    (
        "summary_risk",
        PLAN,
        "One strand has an action at risk: Hate Crime (see section 6.3).",
    ),
    (
        "summary_risk",
        TWO_AT_RISK,
        "Two strands have actions at risk: Hate Crime and Fraud (see section 6.3).",
    ),
    (
        "summary_change",
        {"change_code": "higher", "measures": [A, B]},
        "In the 12 months ending September 2021, two measures are higher than in the 12"
        " months before: Fraud (1,514, \u221218.0%); Robbery (70).",
    ),
    (
        "summary_change",
        {"change_code": "lower", "measures": [A]},
        "In the 12 months ending September 2021, one measure is lower than in the 12"
        " months before: Fraud (1,514, \u221218.0%).",
    ),
    (
        "summary_change",
        {"change_code": "uneven", "measures": [A]},
        "In the 12 months ending September 2021, against the 12 months before, one"
        " measure is uneven, as some months went the other way: Fraud (1,514,"
        " \u221218.0%).",
    ),
    (
        "summary_change",
        {"change_code": "no_clear_change", "measures": [B]},
        "In the 12 months ending September 2021, against the 12 months before, one"
        " measure shows no clear change: Robbery (70).",
    ),
    (
        "summary_change",
        {"change_code": "no_clear_change", "measures": [A, B]},
        "In the 12 months ending September 2021, against the 12 months before, two"
        " measures show no clear change: Fraud (1,514, \u221218.0%); Robbery (70).",
    ),
    (
        "summary_change",
        {"change_code": "too_few", "measures": [B]},
        "In the 12 months ending September 2021 and the 12 months before, one measure"
        " has too few records to compare: Robbery (70).",
    ),
    (
        "summary_change",
        {"change_code": "too_few", "measures": [B, B]},
        "In the 12 months ending September 2021 and the 12 months before, two measures"
        " have too few records to compare: Robbery (70); Robbery (70).",
    ),
    (
        "summary_change",
        {"change_code": "not_comparable", "measures": [REDEFINED, CHARGED]},
        "In the 12 months ending September 2021, two measures are not comparable with"
        " the 12 months before: Robbery (70), because what is counted changed; Robbery"
        " (70), because outcomes of recent crimes are still to come.",
    ),
    (
        "insight_change",
        CHANGE | {"change_code": "not_comparable", "difference_pct": None},
        "Hate crime is not comparable, because what is counted changed: 4,177 recorded"
        " crimes in the 12 months ending September 2021, 3,291 in the 12 months"
        " before.",
    ),
    (
        "summary_change",
        {"change_code": "unknown", "measures": [C]},
        "One measure cannot be compared, as its 24 months are not available from this"
        " source: Arson.",
    ),
    (
        "summary_change",
        {"change_code": "unknown", "measures": [B, C]},
        "Two measures cannot be compared, as their 24 months are not available from"
        " this source: Robbery (70); Arson.",
    ),
    (
        "purpose",
        PLAN,
        "This report gives an update on the progress of the Crime Prevention Strategy"
        " (the Strategy) for Q2 2021/22 (July to September 2021).",
    ),
    (
        "introduction",
        PLAN,
        "This report gives a structured update on each of the nine thematic strands of"
        " the Crime Prevention Strategy:",
    ),
    (
        "introduction_insights",
        PLAN,
        "Insights: the figures for the rolling 12 months, and what lies behind them",
    ),
    ("introduction_achieved", PLAN, "Delivery achieved, July to September 2021"),
    ("introduction_scheduled", PLAN, "Delivery scheduled, October to December 2021"),
    (
        "introduction_exception",
        PLAN,
        "Significant challenges that do not sit within the strands are reported by"
        " exception (see section 5.10).",
    ),
    (
        "current_work",
        PLAN,
        "Progress of the delivery plan across the nine thematic strands, and the"
        " rolling 12 months of every measure:",
    ),
    (
        "implications",
        ONE_HELD,
        "None of the nine thematic strands has an action at risk. One line of the plan"
        " is held and is not counted.",
    ),
    (
        "implications",
        PLAN,
        "One of the nine thematic strands has an action at risk (see section 6.3).",
    ),
    (
        "implications",
        TWO_AT_RISK,
        "Two of the nine thematic strands have actions at risk (see section 6.3).",
    ),
    (
        "priorities",
        PLAN,
        "The thematic strands deliver against the priorities of the Police and Crime"
        " Plan, namely:",
    ),
    (
        "priorities_none",
        PLAN,
        "The priorities of the Police and Crime Plan are not recorded for Essex"
        " Police.",
    ),
    (
        "risks",
        ONE_HELD,
        "None of the nine thematic strands of the delivery plan has an action at risk."
        " One line of the plan is held and is not counted.",
    ),
    (
        "risks",
        PLAN | {"held_not_counted": 1},
        "One of the nine thematic strands of the delivery plan has an action at risk:",
    ),
    (
        "risks",
        TWO_AT_RISK,
        "Two of the nine thematic strands of the delivery plan have actions at risk:",
    ),
    ("consultation", PLAN, "The thematic leads are:"),
    (
        "future_work",
        PLAN,
        "Section 5.0 gives the delivery scheduled for October to December 2021, strand"
        " by strand.",
    ),
    (
        "appendix",
        PLAN,
        "Monthly counts, further comparisons, what changed in the delivery plan, and"
        " delivered lines that are not counted.",
    ),
]
NO_PLAN = "The delivery plan is not available from this source."
SENTENCES_WITHOUT_PLAN = [
    (
        "appendix",
        "Monthly counts, further comparisons, and delivered lines that are not"
        " counted.",
    ),
    ("strand_progress", NO_PLAN),
    ("summary_risk", NO_PLAN),
    ("implications", NO_PLAN),
    ("risks", NO_PLAN),
    (
        "current_work",
        "The rolling 12 months of every measure; the delivery plan is not available"
        " from this source:",
    ),
]


def said(kind: str, values: dict, report: facts.Context = REPORT) -> str:
    """Return the sentence of a row of rpt_facts; `values` are its facts in JSON."""
    columns = ("subject", "change_code", "said_value", "base_value")
    row = {name: values[name] for name in columns if name in values}
    rest = {k: v for k, v in values.items() if k not in columns}
    row |= {"fact_kind": kind, "facts": json.dumps(rest, default=float)}
    return facts.sentence(row, report)


@pytest.mark.parametrize(("kind", "values", "sentence"), SENTENCES)
def test_every_fact_gives_its_expected_sentence(kind, values, sentence):
    assert said(kind, values) == sentence


@pytest.mark.parametrize(("kind", "sentence"), SENTENCES_WITHOUT_PLAN)
def test_a_sentence_names_what_a_source_lacks(kind, sentence):
    assert said(kind, PLAN, WITHOUT_PLAN) == sentence


def test_every_kind_that_the_models_yield_has_a_template_and_a_sentence_here():
    models = REPOSITORY / "dbt_project" / "models"
    found = models.rglob("words/*.sql")
    text = "".join(p.read_text(encoding="utf-8") for p in found)
    kinds = set(re.findall(r"'(\w+)' as kind", text))
    seed = REPOSITORY / "seeds" / "layout" / "report_sentences.csv"
    lines = seed.read_text(encoding="utf-8").splitlines()[1:]
    kinds |= {line.rsplit(",", 1)[1] for line in lines}
    assert len(kinds) > 20
    assert kinds == {kind for kind, *_ in SENTENCES}
    assert all((english.SENTENCES / f"{kind}.j2").is_file() for kind in kinds)


def test_the_periods_of_every_insight_have_words():
    seed = REPOSITORY / "seeds" / "layout" / "insights.csv"
    with seed.open(encoding="utf-8", newline="") as file:
        codes = {row["periods"] for row in csv.DictReader(file) if row["periods"]}
    assert len(codes) == 6
    own = {"row_period": "Q2 2021/22", "row_base_period": "Q2 2020/21"}
    words = {said("insight_change", CHANGE | own | {"periods": c}) for c in codes}
    assert len(words) == len(codes)


def test_the_quarter_before_the_first_of_a_year_is_the_fourth_of_the_year_before():
    report = facts.Context("2020-21-q1", "", None, None, {})
    assert report.previous_quarter_label == "Q4 2019/20"
    assert report.quarter_label == "Q1 2020/21"


# The words of charts


def points(*values: float | None, series: str | None = None) -> list[dict]:
    """Return points of months from January 2021."""
    labels = (f"{month[:3]} 2021" for month in style.MONTHS)
    return line(dict(zip(labels, values, strict=False)), series)


def line(values: dict[str, float | None], series: str | None = None) -> list[dict]:
    """Return the points of a line, and which are its extremes."""
    known = [value for value in values.values() if value is not None]
    return [
        {
            "series": series,
            "point_label": label,
            "point_value": value,
            "is_lowest": value == min(known, default=0),
            "is_highest": value == max(known, default=0),
        }
        for label, value in values.items()
    ]


CHART = {
    "chart_kind": "month_bars",
    "subject_kind": "recorded",
    "subject": "Hate crime",
    "measure_unit": "crimes",
    "area_level": "force",
    "first_month": dt.date(2021, 1, 1),
    "last_month": dt.date(2021, 4, 1),
    "category_total": None,
    "number_format": "count",
}
LOCKDOWN = [
    {
        "event_name": "First",
        "marked_from_date": dt.date(2021, 1, 5),
        "marked_to_date": dt.date(2021, 2, 9),
    }
]
SUSPECTS = CHART | {
    "chart_kind": "month_lines",
    "subject_kind": "stock",
    "subject": "Suspects outstanding",
    "measure_unit": "suspects",
    "area_level": "lpa",
}
CATEGORIES = CHART | {
    "chart_kind": "category_bars",
    "subject_kind": "categories",
    "subject": "Referrals by source, July",
    "measure_unit": "referrals",
    "category_total": 1023,
}
SOURCES = line({"Police": 5, "Education": 1007})
TIED_SOURCES = line(
    {"Police": 5, "Education": 1, "Health": 1, "Council": 1, "Family": 1, "Friends": 5}
)
CHARTS = [
    (
        CHART,
        # All months that tie are named.
        points(1200, 7, 1200, 7),
        LOCKDOWN * 2,
        "Hate crime, recorded each month, January 2021 to April 2021",
        "Bar chart of Hate crime: crimes recorded each month in Essex Police, January"
        " 2021 to April 2021. Lowest 7 in February 2021 and April 2021, highest 1,200"
        " in January 2021 and March 2021, latest 7 in April 2021. Shaded: First, 5"
        " January 2021 to 9 February 2021; First, 5 January 2021 to 9 February 2021.",
        "Crimes recorded",
    ),
    (
        CHART,
        points(None, None),
        [],
        "Hate crime, recorded each month, January 2021 to April 2021",
        "Hate crime: not available from this source.",
        "Crimes recorded",
    ),
    (
        CHART
        | {
            "chart_kind": "month_lines",
            "subject_kind": "ratio",
            "number_format": "pct",
        },
        points(Decimal("83.7"), Decimal("88.0"), None),
        [],
        "Hate crime each month, January 2021 to April 2021",
        "Line chart of Hate crime: % of crimes each month in Essex Police, January 2021"
        " to April 2021. Lowest 83.7% in January 2021, highest 88.0% in February 2021,"
        " latest 88.0% in February 2021.",
        "% of crimes",
    ),
    (
        CHART
        | {"subject_kind": "flow", "measure_unit": "incidents", "area_level": "region"},
        points(4),
        [],
        "Hate crime each month, January 2021 to April 2021",
        "Bar chart of Hate crime: incidents each month in the region of Essex Police,"
        " January 2021 to April 2021. Lowest 4 in January 2021, highest 4 in January"
        " 2021, latest 4 in January 2021.",
        "Incidents",
    ),
    (
        SUSPECTS,
        points(3, 2, series="North") + points(None, 9, series="South"),
        [],
        "Suspects outstanding at the end of each month, January 2021 to April 2021",
        "Line chart of Suspects outstanding: suspects at the end of each month in Essex"
        " Police, by local policing area, January 2021 to April 2021. North: lowest 2"
        " in February 2021, highest 3 in January 2021, latest 2 in February 2021."
        " South: lowest 9 in February 2021, highest 9 in February 2021, latest 9 in"
        " February 2021.",
        "Suspects",
    ),
    (
        CATEGORIES,
        SOURCES,
        [],
        "Referrals by source, July",
        "Bar chart: Referrals by source, July. Of 1,023 in all, the largest part is"
        " Education with 1,007 and the smallest part is Police with 5.",
        "Referrals",
    ),
    (
        CATEGORIES,
        TIED_SOURCES,
        [],
        "Referrals by source, July",
        "Bar chart: Referrals by source, July. Of 1,023 in all, the largest parts are"
        " Police and Friends with 5 each and the smallest parts are Education, Health"
        " and two others with 1 each.",
        "Referrals",
    ),
    (
        CATEGORIES | {"subject_kind": "revisions", "subject": None},
        SOURCES,
        [],
        "Crimes that changed the counts of the 12 months ending September 2021 after"
        " they were first published, counted once for each measure",
        "Bar chart: Crimes that changed the counts of the 12 months ending September"
        " 2021 after they were first published, counted once for each measure. Of 1,023"
        " in all, the largest part is Education with 1,007 and the smallest part is"
        " Police with 5.",
        "Recorded crimes",
    ),
]


@pytest.mark.parametrize(
    ("chart", "shown", "events", "title", "alternative", "heading"), CHARTS
)
def test_a_chart_has_its_title_its_alternative_text_and_its_heading(
    chart, shown, events, title, alternative, heading
):
    assert facts.chart_words(chart, shown, events, REPORT) == {
        "title": title,
        "alternative_text": alternative,
        "value_heading": heading,
    }


# Notes

AREA = {
    "district_name": "Ashford",
    "extract": "police_uk_street",
    "month_count": 2,
    "first_month": "2021-08-01",
    "last_month": "2021-09-01",
    "record_count": 0,
    "line_count": 1204,
    "blank_count": 10,
}
OLD_CODE = (
    " this district, while 1,204 have a district that is in no list and 10 have none:"
    " its code or its name may have changed, or is no longer given. The force's total"
    " contains them all."
)
UNIT = {
    "unit_name": "POLIT",
    "is_before_first": False,
    "first_month": "2021-08-01",
    "last_month": "2021-09-01",
    "line_count": 0,
}
SILENT = (
    "Not available: operational results of POLIT, August 2021 to September 2021. No"
    " accepted line is for this unit, although most months have one. We treat them as"
    " missing, not as zero."
)
BREAKDOWN = {
    "extract": "crime_motivations",
    "breakdown": "knife_motivation",
    "line_count": 2,
    "first_month": "2021-08-01",
    "last_month": "2021-09-01",
}
HELD = {
    "extract": "prevent_referrals",
    "line_count": 1,
    "first_month": "2021-09-01",
    "last_month": "2021-09-01",
    "measure_names": ["Prevent referrals", "Prevent referrals in the region"],
    "breakdowns": ["prevent_outcome", "prevent_source"],
    "least_lines": 5,
}
REASON = {
    "extract": "police_uk_street",
    "first_month": "2021-08-01",
    "last_month": "2021-09-01",
    "month_count": 2,
    "line_count": 1204,
    "gap_start_date": "2021-08-02",
    "gap_end_date": "2021-09-29",
    "last_delivered_date": "2021-07-28",
    "held_count": 0,
    "first_held_date": None,
    "last_held_date": None,
}
ONE_ON_HOLD = {"held_count": 1, "first_held_date": "2021-08-11"}
TWO_ON_HOLD = {**ONE_ON_HOLD, "held_count": 2, "last_held_date": "2021-08-18"}
EMPTY = (
    "although the months around them have many. We treat them as missing, not as zero."
)
COUNTS = "counts towards this measure"
REASONS = [
    (
        "before_start",
        {},
        "This extract starts later. Any records in these months are older records that"
        " were updated, or a part of a month.",
    ),
    (
        "gap",
        {},
        "A delivery between 2 August 2021 and 29 September 2021 is missing, or most of"
        " its lines are held. The files that can be used are further apart than"
        " agreed.",
    ),
    (
        "gap",
        ONE_ON_HOLD,
        "The delivery of 11 August 2021 is on hold. Other deliveries may be missing:"
        " the files that were loaded from 2 August 2021 to 29 September 2021 are"
        " further apart than agreed.",
    ),
    ("no_record", {}, f"No accepted line is for these months, {EMPTY}"),
    (
        "no_record",
        TWO_ON_HOLD,
        "2 deliveries from 11 August 2021 to 18 August 2021 are on hold. No accepted"
        f" line is for these months, {EMPTY}",
    ),
    ("no_crime", {}, f"No accepted line of these months is a crime, {EMPTY}"),
    (
        "no_crime",
        ONE_ON_HOLD,
        "The delivery of 11 August 2021 is on hold. No accepted line of these months is"
        f" a crime, {EMPTY}",
    ),
    (
        "few_records",
        {},
        "Far fewer records were delivered for these months than for the months around"
        " them. We treat them as missing, and do not count the few.",
    ),
    (
        "after_last",
        {},
        "These months were not complete when the latest data was extracted.",
    ),
    (
        "after_last",
        TWO_ON_HOLD,
        "2 deliveries from 11 August 2021 to 18 August 2021 are on hold. These months"
        " were not complete when the latest data that was loaded was extracted.",
    ),
    (
        "stopped",
        {},
        "The last delivery that was loaded is of 28 July 2021. Later deliveries are"
        " missing.",
    ),
    (
        "stopped",
        ONE_ON_HOLD,
        "The delivery of 11 August 2021 is on hold. The last delivery that was loaded"
        " is of 28 July 2021. Later deliveries are missing.",
    ),
    ("no_file", {}, "The files of these months are missing or were refused."),
    (
        "needs_other",
        {},
        "These records are counted together with another extract, which is not"
        " available for these months.",
    ),
    (
        "unavailable",
        {"line_count": 0},
        "In the months that the extract street-level crime supplies, no accepted line"
        f" {COUNTS}.",
    ),
    (
        "unavailable",
        {"line_count": 1},
        "In the months that the extract street-level crime supplies, no accepted line"
        f" {COUNTS}. One line of the extract is held.",
    ),
    (
        "unavailable",
        {},
        "In the months that the extract street-level crime supplies, no accepted line"
        f" {COUNTS}. 1,204 lines of the extract are held.",
    ),
    (
        "few_before",
        {},
        "Hardly any accepted line of the extract street-level crime before August 2021"
        f" {COUNTS}, but many since then do. We treat the months before as missing,"
        " and do not count the few.",
    ),
    (
        "none_before",
        {},
        "No accepted line of the extract street-level crime before August 2021"
        f" {COUNTS}, but lines since then do. We treat the months before as missing,"
        " not as zero.",
    ),
    (
        "doubted_lines",
        {},
        "Few or no records of 2 months from August 2021 to September 2021 count towards"
        " this measure. 1,204 lines that could count are held or have values that are"
        " in no list. We treat these months as missing, not as zero.",
    ),
    (
        "doubted_lines",
        {"month_count": 1},
        "Few or no records of August 2021 count towards this measure. 1,204 lines that"
        " could count are held or have values that are in no list. We treat the month"
        " as missing, not as zero.",
    ),
    (
        "without_record",
        {},
        "No record of 2 months from August 2021 to September 2021 counts towards this"
        " measure, but a usual month has many. We treat these months as missing, not as"
        " zero.",
    ),
    (
        "without_record",
        {"month_count": 1},
        "No record of August 2021 counts towards this measure, but a usual month has"
        " many. We treat the month as missing, not as zero.",
    ),
    (
        "without_type",
        {},
        "One of its crime types is not available for 2 months from August 2021 to"
        " September 2021.",
    ),
]
NOTES = [
    (
        "note",
        {"text": "The crimes are not {{ real }}."},
        "The crimes are not {{ real }}.",
    ),
    (
        "note_measure",
        {
            "measure_name": "Fraud",
            "reasons": [{"reason_code": "no_file"}, {"reason_code": "few_records"}],
        },
        "Not available: Fraud. The files of these months are missing or were refused."
        " Far fewer records were delivered for these months than for the months around"
        " them. We treat them as missing, and do not count the few.",
    ),
    (
        "note_months",
        {"reason": REASON | {"reason_code": "no_file"}},
        "Not available: street-level crime, August 2021 to September 2021. The files of"
        " these months are missing or were refused. They can be downloaded at"
        " data.police.uk.",
    ),
    (
        "note_months",
        {
            "reason": REASON
            | {"reason_code": "no_file", "extract": "police_uk_outcomes"}
        },
        "Not available: outcomes, August 2021 to September 2021. The files of these"
        " months are missing or were refused. Outcomes that only these files have do"
        " not count, so the share of positive outcomes can be too low. They can be"
        " downloaded at data.police.uk.",
    ),
    (
        "note_months",
        {"reason": REASON | {"reason_code": "no_file", "last_month": "2021-08-01"}},
        "Not available: street-level crime, August 2021. The files of these months are"
        " missing or were refused. They can be downloaded at data.police.uk.",
    ),
    (
        "note_as_before",
        {"about": "crimes", "record_count": 1},
        "1 record of the extract crimes is counted from an earlier line, because a"
        " newer line is held. Any change or cancellation in the newer line is not in"
        " the figures.",
    ),
    (
        "note_as_before",
        {"about": "crimes", "record_count": 1200},
        "1,200 records of the extract crimes are counted from earlier lines, because"
        " newer lines are held. Any changes or cancellations in the newer lines are not"
        " in the figures.",
    ),
    (
        "note_not_recognised",
        {"about": "crimes.district_code", "record_count": 1},
        "1 line of the extract crimes has a value that is not on our lists (district"
        " code). It is counted in the totals, as not recognised.",
    ),
    (
        "note_not_recognised",
        {"about": "crimes.district_code", "record_count": 2},
        "2 lines of the extract crimes have a value that is not on our lists (district"
        " code). They are counted in the totals, as not recognised.",
    ),
    (
        "note_other_force",
        {"about": "police_uk_street.falls_within", "record_count": 1},
        "1 line names a different force from the one in its file's name. It counts for"
        " the force in its file's name.",
    ),
    (
        "note_other_force",
        {"about": "police_uk_street.falls_within", "record_count": 2},
        "2 lines name different forces from the ones in their files' names. They count"
        " for the forces in their files' names.",
    ),
    (
        "note_area",
        AREA,
        "Not available: Ashford, street-level crime of 2 months from August 2021 to"
        " September"
        f" 2021. No record has{OLD_CODE}",
    ),
    (
        "note_area",
        AREA | {"record_count": 3, "month_count": 1},
        "Not available: Ashford, street-level crime of August 2021. Hardly any record"
        f" has{OLD_CODE}",
    ),
    (
        "note_area",
        AREA | {"line_count": 0, "blank_count": 0},
        "Not available: Ashford, street-level crime of 2 months from August 2021 to"
        " September 2021. No record has this district, although a usual month has"
        " many.",
    ),
    ("note_unit", UNIT, SILENT),
    (
        "note_unit",
        UNIT | {"line_count": 1},
        f"{SILENT} One line that could be of this unit is held.",
    ),
    (
        "note_unit",
        UNIT | {"line_count": 5},
        f"{SILENT} 5 lines that could be of this unit are held.",
    ),
    (
        "note_unit",
        UNIT | {"is_before_first": True, "last_month": "2021-08-01"},
        "Not available: operational results of POLIT, August 2021. The first line of"
        " this unit is of a later month. We treat the months before as missing, not as"
        " zero.",
    ),
    (
        "note_unit",
        UNIT | {"is_before_first": True, "line_count": 1},
        "Not available: operational results of POLIT, August 2021 to September 2021."
        " The first accepted line of this unit is of a later month. We treat the months"
        " before as missing, not as zero. One line that could be of this unit is held.",
    ),
    (
        "note_breakdown_silent",
        BREAKDOWN | {"line_count": 1},
        "Not available: figures by knife motivation of August 2021. No accepted line of"
        " the extract crime motivations gives one for the crimes of this month. We"
        " treat the month as missing, not as zero.",
    ),
    (
        "note_breakdown_silent",
        BREAKDOWN,
        "Not available: figures by knife motivation of 2 months from August 2021 to"
        " September 2021. No accepted line of the extract crime motivations gives one"
        " for the crimes of these months. We treat them as missing, not as zero.",
    ),
    (
        "note_breakdown_unrecorded",
        BREAKDOWN | {"line_count": 1},
        "One crime of August 2021 has no accepted line of the extract crime"
        " motivations. No figure by knife motivation counts it.",
    ),
    (
        "note_breakdown_unrecorded",
        BREAKDOWN,
        "2 crimes of August 2021 to September 2021 have no accepted line of the extract"
        " crime motivations. No figure by knife motivation counts them.",
    ),
    (
        "note_held",
        HELD,
        "One line of the extract prevent referrals is held that could count in Prevent"
        " referrals and Prevent referrals in the region, and in figures by prevent"
        " outcome and prevent source (September 2021). These figures may be too low.",
    ),
    (
        "note_held",
        HELD
        | {"breakdowns": [], "measure_names": ["Arrests"], "first_month": "2021-08-01"},
        "One line of the extract prevent referrals is held that could count in Arrests"
        " (August 2021 to September 2021). This figure may be too low.",
    ),
    (
        "note_held",
        HELD | {"measure_names": [], "line_count": 5},
        "5 lines of the extract prevent referrals are held that could count in figures"
        " by prevent outcome and prevent source (September 2021). These figures may be"
        " too low. A category without a record is not available where 5 or more of"
        " these lines could be of it.",
    ),
]


@pytest.mark.parametrize(
    ("breakdowns", "places"),
    [([], ("Prevent referrals", "Prevent referrals in the region")),
     (["prevent_source"], ())],
)  # fmt: skip
def test_a_note_on_held_lines_is_beside_its_measures_unless_a_breakdown_has_them_too(
    breakdowns, places
):
    held = HELD | {"breakdowns": breakdowns}
    row = {"fact_kind": "note_held", "facts": json.dumps(held)}
    assert facts.note(row).labels == places


@pytest.mark.parametrize(("kind", "values", "text"), NOTES)
def test_every_note_gives_its_expected_text(kind, values, text):
    assert facts.note({"fact_kind": kind, "facts": json.dumps(values)}).text == text


@pytest.mark.parametrize(("code", "values", "text"), REASONS)
def test_a_reason_is_said_in_its_words(code, values, text):
    assert facts.reasons(json.dumps([REASON | {"reason_code": code} | values])) == text


def test_every_reason_that_the_models_yield_has_a_text_here():
    template = (english.SENTENCES / "reason.j2").read_text(encoding="utf-8")
    said = set(re.findall(r'code == "(\w+)"', template))
    assert said == {code for code, *_ in REASONS}
    models = REPOSITORY / "dbt_project" / "models"
    supplied, *notes = (
        next(models.rglob(f"{name}.sql")).read_text(encoding="utf-8")
        for name in ("int_supplied_months", "int_supply_notes", "int_measure_notes")
    )
    yielded = set(re.findall(r"then '(\w+)'", supplied))
    for text in notes:
        yielded |= set(re.findall(r"'(\w+)'", re.sub(r"{{.*?}}", "", text, flags=re.S)))
    others = {"day", "held", "police_uk_street", "operational_results"}
    assert yielded - others == said


FRONT = {
    "origin": "force extracts",
    "force_name": "Kent Police",
    "strategy_name": "Prevention",
    "quarter_label": "Q2 2021/22",
    "held_plan_date": None,
}
LATE = {
    "extract": "crime_motivations",
    "missing_count": 1,
    "first_expected_date": dt.date(2021, 10, 13),
    "last_expected_date": dt.date(2021, 11, 17),
    "cut_off_date": dt.date(2021, 11, 18),
    "held_count": 0,
    "first_held_date": dt.date(2021, 10, 14),
    "last_held_date": dt.date(2021, 10, 20),
}
MISSING = [
    ([], [], ""),
    ([LATE], [], "By 18 November 2021: crime motivations of 13 October 2021"),
    (
        [LATE | {"held_count": 1}, LATE | {"extract": "crimes", "missing_count": 3}],
        [],
        "By 18 November 2021: crime motivations of 13 October 2021 (that of 14 October"
        " 2021 is on hold); crimes, 3 from 13 October 2021 to 17 November 2021",
    ),
    (
        [LATE | {"held_count": 2}],
        [{"reason_code": "no_record"}, {"reason_code": "gap", "held_count": 1}],
        "By 18 November 2021: crime motivations of 13 October 2021 (2 from 14 October"
        " 2021 to 20 October 2021 are on hold); street-level crime, August 2021 to"
        " September 2021 (no records); street-level crime, August 2021 to September"
        " 2021 (a delivery is on hold)",
    ),
    *(
        (
            [],
            [{"reason_code": code, "last_month": "2021-08-01"}],
            f"street-level crime, August 2021 ({short})",
        )
        for code, short in (
            (
                "gap",
                "a delivery between 2 August 2021 and 29 September 2021 is missing",
            ),
            ("no_crime", "no crimes"),
            ("few_records", "few records"),
            ("stopped", "the deliveries stop"),
            ("no_file", "no file was loaded"),
        )
    ),
]


@pytest.mark.parametrize(("deliveries", "months", "text"), MISSING)
def test_what_was_expected_and_not_loaded_is_said_in_its_words(
    deliveries, months, text
):
    named = [{"is_missing": True, "reason": REASON | values} for values in months]
    others = [{"is_missing": False, "reason": REASON}]
    notes = [
        {"fact_kind": "note_months", "facts": json.dumps(values)}
        for values in named + others
    ] + [{"fact_kind": "note", "facts": "{}"}]
    said = facts.front_words(FRONT, deliveries, notes)
    assert (said["missing_deliveries"], said["plan_on_hold"]) == (text, "")


def test_a_plan_on_hold_is_named_by_its_day():
    front = FRONT | {"held_plan_date": dt.date(2021, 11, 20)}
    said = facts.front_words(front, [], [])["plan_on_hold"]
    assert said == "the plan of 20 November 2021 is on hold"


# The front page

ORIGINS = [
    (
        "demonstration",
        "Prevention: report for Q2 2021/22 (demonstration)",
        "Made from demonstration extracts: invented records that give exactly the"
        " counts that Essex Police published. The crimes and the actions are not real.",
    ),
    (
        "force extracts",
        "Prevention: report for Q2 2021/22",
        "Made from the extracts of Kent Police's own systems.",
    ),
    (
        "open data",
        "Kent Police: recorded crime in open data, Q2 2021/22",
        "Made from open data: the street-level crime of Kent Police on data.police.uk"
        " (Open Government Licence v3.0). It has crime types, and no delivery plan.",
    ),
]


@pytest.mark.parametrize(("origin", "title", "made_from"), ORIGINS)
def test_a_report_is_named_by_what_it_was_made_from(origin, title, made_from):
    said = facts.front_words(FRONT | {"origin": origin}, [], [])
    assert (said["report_title"], said["origin_text"]) == (title, made_from)


def test_every_kind_of_note_has_a_text_here():
    kinds = {path.stem for path in english.SENTENCES.glob("note*.j2")}
    assert kinds == {kind for kind, *_ in NOTES}
