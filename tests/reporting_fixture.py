"""A small published file: the schema `reporting` for two forces and one quarter.

'essex' has the figures of the Q2 2021/22 report; its months are invented and sum to its
12-month counts. 'elsewhere' has the difficult cases: rows that are not available, gaps,
and text that attacks a spreadsheet, a page or a terminal.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb

from tests.board_tables import BOARD_SCHEMA

QUARTER = "2021-22-q2"
HOSTILE = (
    '=HYPERLINK("http://example.invalid","x")',
    "<script>alert(1)</script>",
    "+1+1\tcmd",
    "@SUM(A1)\r\nsecond line",
    "-2+3",
    "[x](http://example.invalid)",
    "$$note$$ \x1b[31mred\x00",
    "\u202edesrever",
    "—",
    "long " * 8_000,
)
# measure, name, strand, 12 months to September 2019, 2020 and 2021
MEASURES = [
    ("domestic_abuse", "Domestic abuse", "Domestic Abuse", 29_102, 30_038, 29_391),
    ("knife_crime", "Knife crime", "Gangs and Knife Crime", 2_803, 2_751, 2_832),
    (
        "nte_crime",
        "Night-time economy crime",
        "Night-Time Economy (NTE)",
        4120,
        2999,
        1863,
    ),
    ("hate_crime", "Hate crime", "Hate Crime", 3_122, 3_291, 4_177),
    (
        "cyber_crime",
        "Cyber crime and online offences",
        "Digital Crime and Fraud",
        3901,
        4754,
        6220,
    ),
    ("fraud", "Fraud", "Digital Crime and Fraud", 1_800, 1_847, 1_514),
    (
        "residential_burglary",
        "Residential burglary",
        "Dwelling Burglary and Street Robbery",
        7410,
        6379,
        4658,
    ),
    (
        "personal_robbery",
        "Personal robbery",
        "Dwelling Burglary and Street Robbery",
        1402,
        1269,
        1191,
    ),
]
PERCENT = ["-2.2", "2.9", "-37.9", "26.9", "30.8", "-18.0", "-27.0", "-6.1"]
DELIVERY = [
    ("Domestic Abuse", 37, 13, 24, 0),
    ("Gangs and Knife Crime", 43, 30, 13, 0),
    ("Night-Time Economy (NTE)", 24, 12, 12, 0),
    ("Child Abuse and Exploitation", 23, 3, 20, 0),
    ("Extremism and Radicalisation", 15, 1, 14, 0),
    ("Hate Crime", 35, 16, 19, 0),
    ("Digital Crime and Fraud", 43, 27, 16, 1),
    ("Dwelling Burglary and Street Robbery", 81, 33, 48, 0),
    ("Serious and Organised Crime", 24, 15, 9, 0),
    ("Total", 325, 150, 175, 1),
]
SCHEMA = """
create schema reporting;
set schema = 'reporting';
create table rpt_reports (quarter text, force_code text, force_name text,
    strategy_name text, quarter_label text,
    quarter_months_label text, period_label text, previous_period_label text,
    protective_marking text, origin text,
    latest_extracted_at timestamp, plan_as_at_date date, held_plan_date date);
create table rpt_missing_deliveries (quarter text, force_code text, extract text,
    missing_count bigint, first_expected_date date, last_expected_date date,
    cut_off_date date, held_count bigint, first_held_date date, last_held_date date);
create table rpt_tables (quarter text, force_code text, table_name text,
    table_position int, table_title text, table_description text,
    disclosure_policy text, wide_by text);
create table rpt_columns (quarter text, force_code text, column_name text,
    column_heading text, number_format text, is_in_csv bool, is_on_page bool);
create table rpt_delivery_progress (quarter text, force_code text, row_position int,
    strand text, total bigint, complete bigint, ongoing bigint, at_risk bigint,
    status text);
create table rpt_rolling_12_months (quarter text, force_code text, row_position int,
    strand text, measure text, measure_name text, period_end date,
    previous_12_months decimal(18, 0), current_12_months decimal(18, 0),
    difference decimal(18, 0), difference_pct decimal(10, 1), status text);
create table rpt_monthly_counts (quarter text, force_code text, row_position int,
    measure text, measure_name text, month date, count decimal(18, 0), status text);
create table rpt_charts (quarter text, force_code text, chart_name text,
    chart_position int, strand text, measure text, chart_kind text, subject_kind text,
    subject text, measure_unit text, area_level text, first_month date, last_month date,
    category_total bigint, number_format text, status text);
create table rpt_chart_points (quarter text, force_code text, chart_name text,
    point_position int, series text, point_label text, point_value decimal(18, 1),
    is_lowest bool, is_highest bool);
create table rpt_chart_events (quarter text, force_code text, chart_name text,
    event_position int, event_name text, marked_from_date date,
    marked_to_date date, start_position decimal(8, 3),
    end_position decimal(8, 3));
create table rpt_notes (quarter text, force_code text, note_position int,
    fact_kind text, facts json);
create table rpt_sections (quarter text, force_code text, section_code text,
    section_position int, section_number text, section_level int, section_heading text,
    section_kind text, strand text, board_page text);
create table rpt_slots (quarter text, force_code text, section_code text, slot text,
    slot_position int, slot_heading text, author_heading text, placeholder text);
create table rpt_facts (quarter text, force_code text, section_code text,
    section_number text, slot text, fact_position int, sentence_style text,
    fact_kind text, subject text, measure_code text, change_code text, figure_id text,
    said_value decimal(18, 1), base_figure_id text, base_value decimal(18, 1),
    facts json);
create table rpt_section_items (quarter text, force_code text, section_code text,
    slot text, item_kind text, item_name text, item_position int, shown_strand text);
create table rpt_loads (force_code text, load_id text, extract text, file_name text,
    sha256 text, extracted_at timestamptz, lines_delivered bigint);
create table rpt_sources (quarter text, force_code text, row_position int, extract text,
    file_count bigint, file_on_hold_count bigint, first_extracted_at timestamp,
    last_extracted_at timestamp, lines_delivered bigint, lines_quarantined bigint,
    lines_unreadable bigint, unlisted_value_count bigint,
    confirmations struct(measure_name text, first_month date, last_month date,
        confirmation text)[]);
create table rpt_published_versions (quarter text, force_code text,
    version bigint, published_at timestamp, figure_count bigint, revised_count bigint);
create table rpt_late_records (quarter text, force_code text, row_position int,
    month date, month_label text, first_file_at timestamp, first_count bigint,
    late_count bigint, withdrawn_count bigint, other_change bigint,
    count_now bigint);
create table rpt_definitions (quarter text, force_code text, row_position int,
    measure_code text, measure_name text, measure_unit text, measure_definition text,
    national_difference text,
    recording_breaks struct(first_month date, cause text, is_comparable boolean)[]);
"""
TABLES = [
    (
        "delivery_progress",
        1,
        "Delivery plan progress as at 17 November 2021",
        "Actions of the delivery plan by strand; at risk is part of ongoing.",
        None,
        None,
    ),
    (
        "rolling_12_months",
        2,
        "Recorded crime: 12 months ending September 2021",
        "Crimes recorded in two 12-month periods, and the change.",
        None,
        None,
    ),
    (
        "monthly_counts",
        3,
        "Recorded crime by month: October 2018 to September 2021",
        "Crimes recorded in each month, for every measure.",
        None,
        "measure_name",
    ),
]
COLUMNS = [
    ("strand", "Strand", "text", True, True),
    ("total", "Total actions", "count", True, True),
    ("complete", "Complete", "count", True, True),
    ("ongoing", "Ongoing", "count", True, True),
    ("at_risk", "At risk", "count", True, True),
    ("status", "Status", "text", True, False),
    ("measure", "Measure", "text", True, False),
    ("measure_name", "Measure", "text", False, True),
    ("period_end", "Period end", "date", True, False),
    ("previous_12_months", "12 months ending September 2020", "count", True, True),
    ("current_12_months", "12 months ending September 2021", "count", True, True),
    ("difference", "Diff.", "signed_count", True, True),
    ("difference_pct", "% Diff.", "signed_pct", True, True),
    ("month", "Month", "month", True, True),
]
NOTES = [
    "A crime counts in the month in which it was recorded.",
    "One crime can count in many measures; measures do not add up to all crime.",
    "Knife crime is violence with or without injury, robbery or burglary with a knife "
    "or sharp instrument keyword.",
]
EVENT = ("First national lockdown", date(2020, 3, 23), date(2020, 6, 14))
MONTH_NAMES = [
    "Jan",
    "Feb",
    "Mar",
    "Apr",
    "May",
    "Jun",
    "Jul",
    "Aug",
    "Sep",
    "Oct",
    "Nov",
    "Dec",
]
PROMPT = "[Author to write: what lies behind these figures]"
# code, number, level, heading, kind, strand
SECTIONS = [
    ("front", "", 1, "Front matter", "front", None),
    ("executive_summary", "3.0", 1, "Executive Summary", "numbered", None),
    ("current_work", "5.0", 1, "Current Work and Performance", "numbered", None),
    ("domestic_abuse", "5.1", 2, "Domestic Abuse", "strand", "Domestic Abuse"),
    ("knife_crime", "5.2", 2, "Gangs and Knife Crime", "strand", None),
    ("by_exception", "5.3", 2, "Delivery/Challenges by Exception", "numbered", None),
    ("implications", "6.0", 1, "Implications (Issues)", "numbered", None),
    ("risks", "6.1", 2, "Risks/Mitigation", "numbered", None),
    ("appendix", "", 1, "Appendix: Month by Month", "appendix", None),
]
# section, slot, heading, heading in the author's file, placeholder
SLOTS = [
    ("front", "meeting_date", "Date of meeting", "Date of meeting", "[Author: date]"),
    ("executive_summary", "text", None, "3.0 Executive Summary", None),
    ("current_work", "text", None, "5.0 Current Work and Performance", None),
    ("domestic_abuse", "lead", None, None, None),
    ("domestic_abuse", "insights", "Insights", "5.1 Insights", PROMPT),
    ("domestic_abuse", "achieved", "Delivery achieved", "5.1 Delivery achieved", None),
    ("knife_crime", "insights", "Insights", "5.2 Insights", PROMPT),
    ("by_exception", "text", None, "5.3 Delivery/Challenges by Exception", PROMPT),
    ("implications", "text", None, "6.0 Implications (Issues)", None),
    ("risks", "text", None, "6.1 Risks/Mitigation", None),
    ("appendix", "text", None, None, None),
]
PLAN = {"strands_at_risk": ["Digital Crime and Fraud"], "strand_count": 9}
RISK = {"strand": "Digital Crime and Fraud", "reason": None, "mitigation": None}
CHANGE = {
    "unit_name": None,
    "is_plural": False,
    "polarity": "neutral",
    "unit": "crimes",
    "numerator": None,
    "denominator": None,
    "base_numerator": None,
    "base_denominator": None,
    "difference_pct": -2.2,
    "months_lower": 9,
    "months_higher": 3,
    "months_equal": 0,
    "gap_reasons": None,
    "periods": "12_months",
    "row_period": None,
    "row_base_period": None,
}
UNSERVED = {"strands": []}
LED = {
    "lead_role": "Thematic lead",
    "lead_rank": "Chief Superintendent",
    "lead_name": None,
}
# section, slot, style, kind, subject, code, value, base value, other facts
FACTS = [
    ("executive_summary", "text", "paragraph", "summary_risk", *(None,) * 4, PLAN),
    ("domestic_abuse", "lead", "paragraph", "lead", *(None,) * 4, LED),
    ("domestic_abuse", "insights", "paragraph", "insight_change", "Domestic abuse",
     "lower", 29391, 30038, CHANGE),
    ("risks", "text", "paragraph", "risks", *(None,) * 4, PLAN),
    ("risks", "text", "bullet", "risk", "The first action", *(None,) * 3, RISK),
    ("risks", "text", "bullet", "risk", "The second action", *(None,) * 3, RISK),
]  # fmt: skip
SHAPE = [95, 92, 90, 99, 88, 101, 94, 108, 112, 118, 110, 93]  # October to September


def build_database(path: Path) -> Path:
    """Write the file with both forces, for QUARTER only; return its path."""
    with duckdb.connect(str(path)) as con:
        con.execute(SCHEMA)
        con.execute(BOARD_SCHEMA)
        _fill(con, "essex", "Essex Police", "demonstration")
        _fill_essex(con)
        _fill(con, "elsewhere", HOSTILE[1], "open data")
        _fill_elsewhere(con)
        mark_extremes(con, "rpt_chart_points", "point_value", "chart_name")
    return path


def mark_extremes(con: Any, table: str, value: str, line: str) -> None:
    """Say which of the values of each line are its lowest and highest."""
    con.execute(
        f"create or replace table {table} as select * replace ("
        f"coalesce({value} = min({value}) over line, false) as is_lowest,"
        f" coalesce({value} = max({value}) over line, false) as is_highest)"
        f" from {table} window line as (partition by force_code, {line})"
    )


def build_without_charts(path: Path) -> Path:
    """Write the same file without charts, so that the pack is quick to draw."""
    with duckdb.connect(str(build_database(path))) as con:
        con.execute("delete from reporting.rpt_charts")
        con.execute("delete from reporting.rpt_section_items where item_kind = 'chart'")
    return path


def months() -> list[tuple[int, int]]:
    """Return October 2018 to September 2021 as (year, month)."""
    return [(2018 + (i + 9) // 12, (i + 9) % 12 + 1) for i in range(36)]


def monthly(totals: tuple[int, ...]) -> list[int]:
    """Return 36 invented months that sum to three 12-month totals."""
    series = []
    for total in totals:
        year = [total * weight // sum(SHAPE) for weight in SHAPE]
        year[-2] += total - sum(year)
        series += year
    return series


def _insert(con: Any, table: str, force: str, rows: list[tuple[Any, ...]]) -> None:
    marks = ", ".join("?" * (len(rows[0]) + 2))
    con.executemany(
        f"insert into rpt_{table} values ({marks})",
        [(QUARTER, force, *r) for r in rows],
    )


def _fill(con: Any, force: str, name: str, origin: str) -> None:
    """Write what every force has: front matter, tables, columns, one load."""
    has_plan = origin == "demonstration"
    front = (name, "Crime Prevention Strategy 2018-21", "Q2 2021/22")
    front += ("July to September 2021", "12 months ending September 2021")
    front += ("12 months ending September 2020", "OFFICIAL: internal draft", origin)
    front += (datetime(2021, 11, 17, 6, 0, 0),)
    front += (date(2021, 11, 17) if has_plan else None, None)
    _insert(con, "reports", force, [front])
    _insert(con, "tables", force, TABLES)
    _insert(con, "columns", force, COLUMNS)
    load = (force, "load-1", "crimes", "crimes_20211117T060000.csv.gz", "ab" * 32)
    con.execute(
        "insert into rpt_loads values (?, ?, ?, ?, ?, '2021-11-17 06:00:00+00', 100)",
        list(load),
    )
    days = ("2021-04-07 06:00:00", "2021-11-17 06:00:00")
    _insert(con, "sources", force, [(1, "crimes", 33, 1, *days, 4210, 5, 2, 7, None)])
    broken = [
        {"first_month": "2021-10-01", "cause": "a new form", "is_comparable": False}
    ]
    _insert(
        con,
        "definitions",
        force,
        [
            (1, "hate_crime", "Hate crime", "crimes", "Flagged crimes", "Five", None),
            (2, "fraud", "Fraud", "crimes", "The group Fraud", None, broken),
        ],
    )


def _fill_essex(con: Any) -> None:
    _insert(
        con,
        "delivery_progress",
        "essex",
        [(i, *row, "available") for i, row in enumerate(DELIVERY, 1)],
    )
    rolling, counts, charts, points = [], [], [], []
    for i, (measure, name, strand, *totals) in enumerate(MEASURES, 1):
        _, a, b = totals
        change = (a, b, b - a, Decimal(PERCENT[i - 1]), "available")
        rolling.append((i, strand, measure, name, date(2021, 9, 30), *change))
        chart = f"monthly_{measure}"
        series = monthly(tuple(totals))
        charts.append(
            (chart, i, strand, measure, *_chart_of(name, "crimes", "available"))
        )
        for n, ((year, month), value) in enumerate(zip(months(), series, strict=True)):
            label = f"{MONTH_NAMES[month - 1]} {year}"
            points.append((chart, n + 1, None, label, value, None, None))
            month_row = (measure, name, date(year, month, 1), value, "available")
            counts.append((i * 100 + n, *month_row))
    _insert(con, "rolling_12_months", "essex", rolling)
    _insert(con, "monthly_counts", "essex", counts)
    _insert(con, "charts", "essex", charts)
    _insert(con, "chart_points", "essex", points)
    events = [(c[0], 1, *EVENT, Decimal("18.2"), Decimal("21.0")) for c in charts]
    _insert(con, "chart_events", "essex", events)
    _insert(con, "notes", "essex", _notes(NOTES))
    _fill_sections(con, "essex", [chart[0] for chart in charts], FACTS)


def _fill_sections(con: Any, force: str, charts: list[str], said: list) -> None:
    """Put every table in its section (one of them also by strand), and charts in 5.1
    and 5.2.
    """
    numbers = {code: number for code, number, *_ in SECTIONS}
    rows = [
        (code, i, number, level, heading, kind, strand, None)
        for i, (code, number, level, heading, kind, strand) in enumerate(SECTIONS, 1)
    ]
    _insert(con, "sections", force, rows)
    _insert(
        con,
        "slots",
        force,
        [(code, slot, i, *words) for i, (code, slot, *words) in enumerate(SLOTS, 1)],
    )
    rows = []
    for i, (code, slot, style, kind, *columns, more) in enumerate(said, 1):
        subject, change, value, base = columns
        place = (code, numbers[code], slot, i, style, kind)
        rows.append(
            (*place, subject, None, change, None, value, None, base, json.dumps(more))
        )
    _insert(con, "facts", force, rows)
    items = [
        ("current_work", "text", "table", "delivery_progress", None),
        ("current_work", "text", "table", "rolling_12_months", None),
        ("domestic_abuse", "insights", "table", "rolling_12_months", "Domestic Abuse"),
        ("knife_crime", "insights", "table", "rolling_12_months", "No such strand"),
        ("appendix", "text", "table", "monthly_counts", None),
    ]
    places = ["domestic_abuse"] + ["knife_crime"] * (len(charts) - 1)
    items += [
        (place, "insights", "chart", chart, None)
        for place, chart in zip(places, charts, strict=True)
    ]
    _insert(
        con,
        "section_items",
        force,
        [(*item[:4], i, item[4]) for i, item in enumerate(items, 1)],
    )


def _notes(texts: Sequence[str]) -> list[tuple[Any, ...]]:
    return [(i, "note", json.dumps({"text": t})) for i, t in enumerate(texts, 1)]


def _chart_of(name: str, unit: str, status: str) -> tuple[Any, ...]:
    months = (date(2018, 10, 1), date(2021, 9, 1))
    return (
        "month_bars",
        "recorded",
        name,
        unit,
        "force",
        *months,
        None,
        "count",
        status,
    )


def _fill_elsewhere(con: Any) -> None:
    """Write hostile labels, rows of which only the last is available, and charts with
    gaps.
    """
    gone = (None,) * 4
    # A table of open data without an available row is not printed.
    delivery = [(0, HOSTILE[0], *(0 for _ in gone), "available")]
    delivery += [(i, t, *gone, "not available") for i, t in enumerate(HOSTILE) if i]
    _insert(con, "delivery_progress", "elsewhere", delivery)
    end = date(2021, 9, 30)
    rolling = [
        (
            1,
            "Domestic Abuse",
            "domestic_abuse",
            "Domestic abuse",
            end,
            *gone,
            "not available",
        ),
        (2, None, "open_drugs", HOSTILE[0], end, 0, 7, 7, None, "available"),
        (
            3,
            None,
            "open_other",
            "Other crime",
            end,
            5,
            5,
            0,
            Decimal("0.0"),
            "available",
        ),
    ]
    _insert(con, "rolling_12_months", "elsewhere", rolling)
    counts = [
        (1, "domestic_abuse", "Domestic abuse", "2021-08-01", None, "not available"),
        (2, "domestic_abuse", "Domestic abuse", "2021-09-01", None, "not available"),
        (3, "open_drugs", HOSTILE[0], "2021-08-01", 0, "available"),
        (4, "open_drugs", HOSTILE[0], "2021-09-01", 7, "available"),
    ]
    _insert(con, "monthly_counts", "elsewhere", counts)
    charts = [
        (
            "monthly_domestic_abuse",
            1,
            "Domestic Abuse",
            "domestic_abuse",
            *_chart_of("Domestic abuse", "crimes", "not available"),
        ),
        (
            "monthly_open_drugs",
            2,
            None,
            "open_drugs",
            *_chart_of(HOSTILE[1], r"crimes $\frac$", "available"),
        ),
    ]
    _insert(con, "charts", "elsewhere", charts)
    points = [
        (
            "monthly_open_drugs",
            i,
            None,
            f"{MONTH_NAMES[i]} 2021",
            None if i in (3, 4) else i,
            *(None, None),
        )
        for i in range(9)
    ]
    _insert(con, "chart_points", "elsewhere", points)
    days = EVENT[1:]
    events = [
        ("monthly_open_drugs", i, t, *days, 2, 3) for i, t in enumerate(HOSTILE, 1)
    ]
    _insert(con, "chart_events", "elsewhere", events)
    _insert(con, "notes", "elsewhere", _notes(HOSTILE))
    hostile = [
        (
            "executive_summary",
            "text",
            "bullet",
            "priority",
            text,
            *(None,) * 3,
            UNSERVED,
        )
        for text in HOSTILE
    ]
    _fill_sections(con, "elsewhere", [chart[0] for chart in charts], hostile)
