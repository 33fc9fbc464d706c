"""A published file with the tables of the board report, for tests without a warehouse.

The figures of 'essex' are the worked examples of the methods: the three comparisons of
the eight crime measures, and four of the monthly series with their usual ranges. Two
measures of referrals begin in October 2019. 'elsewhere' has cases with missing or
hostile data.
"""

from __future__ import annotations

import json
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb

from tests.reporting_fixture import (
    HOSTILE,
    LED,
    QUARTER,
    RISK,
    build_without_charts,
    mark_extremes,
    monthly,
)

STRANDS = [
    ("5.1", "Domestic Abuse"),
    ("5.2", "Gangs and Knife Crime"),
    ("5.3", "Night-Time Economy (NTE)"),
    ("5.4", "Child Abuse and Exploitation"),
    ("5.5", "Extremism and Radicalisation"),
    ("5.6", "Hate Crime"),
    ("5.7", "Digital Crime and Fraud"),
    ("5.8", "Dwelling Burglary and Street Robbery"),
    ("5.9", "Serious and Organised Crime"),
]
BOARD_SECTIONS = [
    ("executive_summary", "3.0", "Executive Summary"),
    ("by_exception", "5.10", "Delivery/Challenges by Exception"),
    ("risks", "6.1", "Risks/Mitigation"),
    ("future_work", "9.0", "Future Work/Development and Expected Outcome"),
]
# A second slot of a strand, with a heading of its own.
ACHIEVED = (
    "insert into reporting.rpt_slots select * replace ('achieved' as slot,"
    " slot_position + 1 as slot_position, 'Delivery achieved' as slot_heading,"
    " '5.1 Delivery achieved' as author_heading) from reporting.rpt_slots"
    " where author_heading = '5.1 Insights'"
)
FEWER, MORE = "fewer", None
# measure, name, short name, is plural, unit, aim, strand, solved pct and counts of
# both years
MEASURES: list[tuple[Any, ...]] = [
    ("domestic_abuse", "Domestic abuse", None, False, "crimes", None, 0,
     "8.1", 2433, 30038, "8.3", 2440, 29391),
    ("knife_crime", "Knife crime", None, False, "crimes", FEWER, 1,
     "9.8", 270, 2751, "10.1", 286, 2832),
    ("nte_crime", "Night-time economy crime", "Night-time economy", False, "crimes",
     FEWER, 2, "17.5", 526, 2999, "15.4", 287, 1863),
    ("ceop_referrals", "Referrals from CEOP", "CEOP referrals", True, "referrals",
     None, 3, None, None, None, None, None, None),
    ("prevent_referrals", "Prevent referrals", None, True, "referrals", None, 4,
     None, None, None, None, None, None),
    ("hate_crime", "Hate crime", None, False, "crimes", None, 5,
     "10.0", 329, 3291, "10.1", 421, 4177),
    ("cyber_crime", "Cyber crime and online offences", "Cyber and online", True,
     "crimes", FEWER, 6, "6.1", 290, 4754, "6.3", 392, 6220),
    ("fraud", "Fraud", None, False, "crimes", FEWER, 6,
     "6.2", 115, 1847, "6.6", 100, 1514),
    ("residential_burglary", "Residential burglary", None, False, "crimes", FEWER, 7,
     "5.4", 324, 6009, "4.7", 218, 4645),
    ("personal_robbery", "Personal robbery", None, False, "crimes", FEWER, 7,
     "8.6", 104, 1212, "9.5", 114, 1203),
]  # fmt: skip
NO_CHANGE, HIGHER, LOWER, UNEVEN = "no_clear_change", "higher", "lower", "uneven"
# measure: (before, now, %, lower, upper, word), of a year, a quarter and against 2019
YEARS: dict[str, tuple[Any, ...]] = {
    "domestic_abuse": (30038, 29391, "-2.2", "-4.2", "+0.5", NO_CHANGE, "-1.73"),
    "knife_crime": (2751, 2832, "2.9", "-10.5", "+19.1", NO_CHANGE, "0.49"),
    "nte_crime": (2999, 1863, "-37.9", "-69.9", "+28.8", UNEVEN, "-1.43"),
    "ceop_referrals": (134, 247, "84.3", "+49.4", "+127.5", HIGHER, "5.63"),
    "prevent_referrals": (94, 108, "14.9", "-18.9", "+62.9", NO_CHANGE, "0.80"),
    "hate_crime": (3291, 4177, "26.9", "+13.5", "+42.7", HIGHER, "4.65"),
    "cyber_crime": (4754, 6220, "30.8", "+26.3", "+36.2", HIGHER, "14.09"),
    "fraud": (1847, 1514, "-18.0", "-24.1", "-10.9", LOWER, "-5.38"),
    "residential_burglary": (6009, 4645, "-22.7", "-34.3", "-8.6", LOWER, "-3.40"),
    "personal_robbery": (1212, 1203, "-0.7", "-17.2", "+19.6", NO_CHANGE, "-0.06"),
}
QUARTERS: dict[str, tuple[Any, ...]] = {
    "domestic_abuse": (7948, 7950, "0.0", "-4.8", "+5.1", NO_CHANGE),
    "knife_crime": (745, 797, "7.0", "-10.1", "+27.3", NO_CHANGE),
    "nte_crime": (900, 840, "-6.7", "-38.6", "+41.9", NO_CHANGE),
    "ceop_referrals": (40, 83, "107.5", "+42.5", "+202.3", HIGHER),
    "prevent_referrals": (22, 23, "4.5", "-41.7", "+87.6", NO_CHANGE),
    "hate_crime": (998, 1307, "31.0", "+12.1", "+52.9", HIGHER),
    "cyber_crime": (1349, 1710, "26.8", "+18.0", "+36.1", HIGHER),
    "fraud": (482, 382, "-20.7", "-30.7", "-9.4", LOWER),
    "residential_burglary": (1215, 1242, "2.2", "-10.6", "+16.9", NO_CHANGE),
    "personal_robbery": (345, 359, "4.1", "-12.7", "+24.1", NO_CHANGE),
}
PANDEMIC: dict[str, tuple[Any, ...]] = {
    "domestic_abuse": (28721, 29391, "2.3", "+0.05", "+4.7", HIGHER),
    "knife_crime": (2920, 2832, "-3.0", "-8.7", "+3.0", NO_CHANGE),
    "nte_crime": (4558, 1863, "-59.1", "-73.6", "-36.8", LOWER),
    "hate_crime": (3050, 4177, "37.0", "+22.6", "+53.0", HIGHER),
    "cyber_crime": (3929, 6220, "58.3", "+47.9", "+69.5", HIGHER),
    "fraud": (1975, 1514, "-23.3", "-28.3", "-18.0", LOWER),
    "residential_burglary": (7345, 4645, "-36.8", "-41.2", "-32.0", LOWER),
    "personal_robbery": (1474, 1203, "-18.4", "-24.4", "-11.9", LOWER),
}
SERIES = {
    "knife_crime": (
        "222 213 220 217 217 229 233 252 249 261 245 252 262 255 248 250 240 205 "
        "140 178 228 262 255 228 250 215 205 190 192 225 238 252 268 275 266 256"
    ),
    "nte_crime": (
        "376 364 436 323 346 359 373 400 391 412 402 382 380 370 420 330 340 200 10 "
        "15 34 300 340 260 230 60 115 12 14 30 122 205 235 275 305 260"
    ),
    "fraud": (
        "178 171 154 168 169 171 161 172 159 169 152 166 170 168 150 172 165 150 "
        "118 130 142 160 158 164 148 136 118 112 114 128 122 124 130 132 126 124"
    ),
    "residential_burglary": (
        "693 723 725 685 649 620 570 570 530 561 580 600 640 680 660 650 600 510 "
        "320 350 384 405 410 400 430 415 420 365 340 380 348 348 357 445 410 387"
    ),
    "personal_robbery": (
        "122 115 114 117 113 118 115 113 121 130 128 149 136 118 116 110 120 88 45 "
        "60 75 125 110 108 116 102 95 84 80 94 92 96 100 127 124 109"
    ),
    "ceop_referrals": (
        "8 9 7 10 8 9 11 10 12 13 13 14 15 16 17 18 17 19 20 21 21 26 28 29"
    ),
    "prevent_referrals": ("16 6 6 15 6 6 3 9 5 9 6 7 14 9 6 6 10 10 18 9 3 7 8 8"),
}
# measure: phase: average, lower and upper limit
RANGES: dict[str, list[tuple[Any, ...]]] = {
    "knife_crime": [("237.2", "215.9", "258.5"), ("229.1", "175.5", "282.6")],
    "nte_crime": [("366.9", "284.4", "449.3"), ("156.8", "17.1", "296.4")],
    "fraud": [("164.7", "135.9", "193.5"), ("132.6", "110.3", "154.8")],
    "residential_burglary": [("624.8", "539.2", "710.4"), ("384.1", "322.8", "445.5")],
    "personal_robbery": [("118.3", "99.0", "139.0"), ("96.0", "72.0", "120.0")],
    "domestic_abuse": [("2350.0", "2060.0", "2630.0"), ("2494.0", "2142.0", "2846.0")],
    "hate_crime": [("250.0", "200.0", "300.0"), ("340.0", "230.0", "450.0")],
    "cyber_crime": [("330.0", "290.0", "370.0"), ("480.0", "400.0", "560.0")],
    "ceop_referrals": [("8.5", None, None), ("18.2", "12.6", "23.8")],
    "prevent_referrals": [("9.2", None, None), ("8.2", "0.0", "18.3")],
}
# measure: rule: points counted from 1
SIGNALS = {
    "knife_crime": {"outside": [2, 10, 13, 18, 19], "trend": [*range(28, 35)],
                    "two_of_three": [1, 3, 4, 5, 12, 14, 35],
                    "shift": [6, 7, 8, 9, 11, 15, 16, 17]},
    "nte_crime": {"outside": [18, 19, 20, 22, 23, 28, 29, 35],
                  "trend": [*range(30, 35)], "two_of_three": [36],
                  "shift": [*range(7, 16)]},
    "fraud": {"outside": [22, 23, 24], "two_of_three": [28, 29],
              "shift": [27, *range(30, 37)]},
    "residential_burglary": {"outside": [2, 3, 9, 18, 19],
                             "shift": [6, 7, 8, 10, 11, 12]},
    "personal_robbery": {"outside": [12, 18, 19, 20, 22, 34, 35]},
    "ceop_referrals": {"outside": [34, 35, 36]},
}  # fmt: skip
JUL, AUG, SEP = (date(2021, month, 1) for month in (7, 8, 9))
MESSAGES: dict[str, tuple[Any, ...]] = {
    "knife_crime": ("trend", "rising", [], 7, date(2021, 1, 1), JUL),
    "nte_crime": ("outside", "above", [AUG], None, None, None),
    "ceop_referrals": ("outside", "above", [JUL, AUG, SEP], None, None, None),
    "fraud": ("shift", "below", [], 10, date(2020, 12, 1), SEP),
    "personal_robbery": ("outside", "above", [JUL, AUG], None, None, None),
}
EVENTS = [
    ("First national lockdown", date(2020, 3, 23), date(2020, 6, 14)),
    ("Second national lockdown", date(2020, 11, 5), date(2020, 12, 2)),
    ("Third national lockdown", date(2021, 1, 5), date(2021, 4, 11)),
]
# district: now, change, word; night-time economy
AREAS = [
    ("Colchester", 341, 41, NO_CHANGE), ("Chelmsford", 295, 44, NO_CHANGE),
    ("Southend", 273, -352, LOWER), ("Thurrock", 168, -74, UNEVEN),
    ("Basildon", 163, -200, LOWER), ("Tendring", 123, -97, UNEVEN),
    ("Harlow", 113, -103, UNEVEN), ("Epping Forest", 94, -54, UNEVEN),
    ("Braintree", 81, -85, UNEVEN), ("Brentwood", 78, -100, LOWER),
    ("Castle Point", 45, -39, UNEVEN), ("Rochford", 27, -49, LOWER),
    ("Maldon", 25, -17, NO_CHANGE), ("Uttlesford", 20, -47, LOWER),
]  # fmt: skip
# strand: complete a quarter ago
EARLIER = [10, 25, 8, 1, 0, 15, 24, 30, 10]
DELIVERED = [5, 5, 5, 2, 1, 3, 9, 7, 7]
DELIVERED_BEFORE = [3, 1, 2, 1, 0, 3, 7, 5, 3]
COMPLETED_OUTSIDE = [1, 1, 1, 1, 0, 1, 1, 1, 1]
SCHEDULED = [6, 8, 7, 11, 6, 6, 9, 13, 3]
OVERDUE = [1, 2, 3, 1, 4, 0, 1, 6, 3]
MOVED = [2, 2, 1, 2, 1, 3, 1, 4, 1]
UNOWNED = [1, 0, 2, 1, 0, 0, 0, 1, 0]
SHARES = ["35.1", "69.8", "50.0", "13.0", "6.7", "45.7", "62.8", "40.7", "62.5", "46.2"]
TITLES = [
    "Tell the whole force what the new definition of domestic abuse changes "
    "in recording",
    "Refreshed training for all frontline officers and some specialist teams",
    "Extend the independent advisers' offer to hospitals",
    "Licensing visits to problem premises, with enforcement where needed",
    "Community and town centre teams to engage with licensed premises <b>now</b>",
]
# The last 12 months of the unit, the 12 before, and the word with its range.
UNCLEAR = "no_clear_change"
SAME_MONTHS = (
    date(2020, 10, 1),
    date(2021, 9, 30),
    date(2019, 10, 1),
    date(2020, 9, 30),
)
RESULTS = [
    ("Arrests", 72, 76, 5.6, (UNCLEAR, "-23.3", "+46.1")),
    ("Warrants executed", 42, 44, 4.8, (UNCLEAR, "-31.2", "+60.3")),
    ("Charges", 48, 49, 2.1, (UNCLEAR, "-31.2", "+52.4")),
    ("Suspects remanded in custody", 35, 37, 5.7, (UNCLEAR, "-33.2", "+68.3")),
    ("Firearms recovered", 7, 9, 28.6, ("too_few", None, None)),
    ("People safeguarded", 38, 48, 26.3, (UNCLEAR, "-17.2", "+93.9")),
    ("Cash seized", 880030, 1202770, 36.7, None),
]  # fmt: skip


def build_board_database(path: Path) -> Path:
    """Write the file with both forces; return its path."""
    build_without_charts(path)
    with duckdb.connect(str(path)) as con:
        con.execute("set schema = 'reporting'")
        _sections(con)
        _measures(con)
        _plan(con)
        _elsewhere(con)
        mark_extremes(con, "rpt_board_months", "monthly_count", "measure")
        mark_extremes(con, "rpt_board_areas", "current_count", "measure")
    return path


def months_of(measure: str) -> list[tuple[date, int]]:
    """Return the months of a measure's series; those without worked numbers are
    invented.
    """
    if measure in SERIES:
        values = [int(text) for text in SERIES[measure].split()]
    else:
        before, now = YEARS[measure][:2]
        values = monthly((before, before, now))
    first = 36 - len(values)
    days = [date(2018 + (i + 9) // 12, (i + 9) % 12 + 1, 1) for i in range(36)]
    return list(zip(days[first:], values, strict=True))


def insert(con: Any, table: str, rows: list[tuple[Any, ...]], force="essex") -> None:
    """Insert rows of a table, without the two columns that all tables share."""
    if rows:
        marks = ", ".join("?" * (len(rows[0]) + 2))
        con.executemany(
            f"insert into reporting.{table} values ({marks})",
            [(QUARTER, force, *row) for row in rows],
        )


def _sections(con: Any) -> None:
    """Write the nine strands and the author's sections, in place of the smaller
    outline.
    """
    for table in ("sections", "slots", "facts", "section_items"):
        con.execute(f"delete from rpt_{table} where force_code = 'essex'")
    rows = [("front", 0, "", 1, "Front matter", "front", None, None)]
    rows += [
        (f"strand_{i}", i, number, 2, name, "strand", name, None)
        for i, (number, name) in enumerate(STRANDS, 1)
    ]
    rows += [
        (code, i, number, 1, name, "numbered", None, None)
        for i, (code, number, name) in enumerate(BOARD_SECTIONS, 20)
    ]
    insert(con, "rpt_sections", rows)
    slots = [("front", "chief_officer", 1, "Chief officer", "Chief officer", None)]
    for i, (number, _) in enumerate(STRANDS, 1):
        slots.append((f"strand_{i}", "lead", 100 + 2 * i, None, None, None))
        slots.append(
            (f"strand_{i}", "insights", 101 + 2 * i, "Insights", f"{number} Insights",
             "[Author to write: what lies behind these figures]")
        )  # fmt: skip
    slots += [
        (code, "text", 200 + i, None, f"{number} {name}",
         f"[Author to write: {name.lower()}]")
        for i, (code, number, name) in enumerate(BOARD_SECTIONS)
    ]  # fmt: skip
    insert(con, "rpt_slots", slots)
    leads = [
        (f"strand_{i}", number, "lead", i, "paragraph", "lead", *(None,) * 7,
         json.dumps(LED))
        for i, (number, _) in enumerate(STRANDS, 1)
    ]  # fmt: skip
    insert(con, "rpt_facts", leads)


def _measures(con: Any) -> None:
    for position, row in enumerate(MEASURES, 1):
        code, name, short, is_plural, unit, aim, strand, *solved = row
        series = months_of(code)
        solved_code = NO_CHANGE if solved[0] else None
        number, strand_name = STRANDS[strand]
        insert(
            con,
            "rpt_board_measures",
            [(position, number, strand_name, code, name, short or name, is_plural,
              False, unit, aim,
              date(2016, 4, 1) if len(series) == 36 else series[0][0],
              *(Decimal(s) if isinstance(s, str) else s for s in solved),
              solved_code, None, None, None, "available")],
        )  # fmt: skip
        insert(con, "rpt_board_comparisons", _comparisons(position, code))
        insert(con, "rpt_board_months", _months(code, series))
        insert(con, "rpt_board_signals", [(code, *_message(code))])
    rows = [
        ("nte_crime", i, "district", name, now - change, now, change, word, "available",
         None, None)
        for i, (name, now, change, word) in enumerate(AREAS, 1)
    ]  # fmt: skip
    insert(con, "rpt_board_areas", rows)
    insert(con, "rpt_board_events", EVENTS)


def _comparisons(position: int, code: str) -> list[tuple[Any, ...]]:
    year = (date(2020, 10, 1), date(2021, 9, 30))
    kinds = [
        ("previous_12_months", *year, date(2019, 10, 1), date(2020, 9, 30), YEARS),
        ("same_quarter_last_year", date(2021, 7, 1), date(2021, 9, 30),
         date(2020, 7, 1), date(2020, 9, 30), QUARTERS),
        ("before_pandemic", *year, date(2019, 1, 1), date(2019, 12, 31), PANDEMIC),
    ]  # fmt: skip
    rows = []
    for kind, start, end, base_start, base_end, figures in kinds:
        days = (position, code, kind, start, end, base_start, base_end)
        if code not in figures:
            now = YEARS[code][1]
            gap = (None, now, *[None] * 9, "not available")
            rows.append((*days, *gap))
            continue
        a, b, pct, low, high, word, *z = figures[code]
        counted = (8, 3, 1) if code == "nte_crime" and z else (5, 7, 0)
        clear = Decimal(z[0]) if z else None
        rows.append(
            (*days, a, b, b - a, Decimal(pct), word, low, high, clear, *counted,
             "available")
        )  # fmt: skip
    return rows


def _months(code: str, series: list[tuple[date, int]]) -> list[tuple[Any, ...]]:
    rows = []
    for month, value in series:
        phase = 1 + (month >= date(2020, 4, 1))
        limits = [Decimal(v) if v else None for v in RANGES[code][phase - 1]]
        point = 12 * (month.year - 2018) + month.month - 9
        rules = SIGNALS.get(code, {})
        rule = next((name for name, points in rules.items() if point in points), None)
        side = "above" if value > (limits[0] or 0) else "below"
        cause = "the first national lockdown" if phase == 2 else None
        rows.append(
            (code, month, value, phase, cause, *limits, rule, rule and side, None, None,
             None, month >= JUL, None, None)
        )  # fmt: skip
    return rows


def _message(code: str) -> tuple[Any, ...]:
    return MESSAGES.get(code, ("none", None, [], None, None, None))


def _plan(con: Any) -> None:
    progress = con.execute(
        "select strand, total, complete, ongoing, at_risk from rpt_delivery_progress "
        "where force_code = 'essex' order by row_position"
    ).fetchall()
    tie = (DELIVERED, DELIVERED_BEFORE, COMPLETED_OUTSIDE, [0] * len(STRANDS))
    lists_of = (*tie, SCHEDULED, OVERDUE, MOVED, UNOWNED)
    counts = [*zip(*lists_of, strict=True), tuple(map(sum, lists_of))]
    earlier = [*EARLIER, sum(EARLIER)]
    at_risk = [0, 1, 0, 0, 0, 0, 2, 1, 0, 4]
    rows = [
        (i, strand, total, complete, Decimal(share), ongoing, risky, complete - done,
         done, before, date(2021, 8, 17), *counted, 0, 0)
        for i, ((strand, total, complete, ongoing, risky), share, done, before, counted)
        in enumerate(zip(progress, SHARES, earlier, at_risk, counts, strict=True), 1)
    ]  # fmt: skip
    insert(con, "rpt_board_plan", rows)
    lists: dict[str, list[tuple[Any, ...]]] = {}
    for i, (_, strand) in enumerate(STRANDS):
        for n in range(DELIVERED[i]):
            day = date(2021, 9, 20) - timedelta(9 * n)
            lists.setdefault("delivered", []).append(
                (strand, f"CPS-{n}", _title(i + n), "Owner", day, day, "available")
            )
        for n in range(SCHEDULED[i]):
            due = date(2021, 10, 6) + timedelta(6 * n)
            lists.setdefault("scheduled", []).append(
                (strand, f"CPS-{n}", _title(i + n + 1), "Owner", due, "available")
            )
        for n in range(OVERDUE[i]):
            row = (strand, f"CPS-{n}", _title(i + n + 2), 136 - 5 * n - i, "Owner")
            lists.setdefault("overdue", []).append(
                (*row, date(2021, 7, 4), "available")
            )
        for n in range(MOVED[i]):
            row = (strand, f"CPS-{n}", _title(i + n + 3), 149 - 7 * n - i, "Owner")
            days = (date(2021, 10, 14), date(2022, 3, 12))
            lists.setdefault("slipped", []).append((*row, *days, "available"))
    lists["at_risk"] = [
        (STRANDS[6][1], "CPS-216",
         "Find enforcement opportunities for ancillary orders, such as Serious Crime "
         "Prevention Orders", "Financial investigation manager",
         "Too little is done at present about people who are subject to an order.",
         "Considered in the intelligence review, which is under way.",
         date(2021, 7, 26), "available")
    ]  # fmt: skip
    unowned = [
        name
        for (_, name), count in zip(STRANDS, UNOWNED, strict=True)
        for _ in range(count)
    ]
    lists["without_owner"] = [
        (strand, f"CPS-{i}", _title(i), date(2021, 12, 1), "available")
        for i, strand in enumerate(unowned)
    ]
    for name, rows in lists.items():
        numbered = [(i, *row) for i, row in enumerate(rows, 1)]
        insert(con, f"rpt_actions_{name}", numbered)
    insert(
        con,
        "rpt_quarantine",
        [(1, "crimes", "crimes_20211117T060000.csv", "a date cannot be read",
          "Write it as YYYY-MM-DD.", 5, date(2021, 11, 17))],
    )  # fmt: skip
    insert(
        con,
        "rpt_board_results",
        [(i, STRANDS[8][1], "Serious and Organised Crime Unit", name, name,
          name != "Cash seized", None, _unit(name), *SAME_MONTHS, before, now,
          now - before, pct, *(change or [None] * 3), *[None] * 4, "available")
         for i, (name, before, now, pct, change) in enumerate(RESULTS, 1)],
    )  # fmt: skip


def _unit(name: str) -> str:
    return "£" if name == "Cash seized" else name.split()[0].lower()


def _title(number: int) -> str:
    return TITLES[number % len(TITLES)]


NO_FLAG = '[{"reason_code": "unavailable", "extract": "crimes", "line_count": 0}]'


def _elsewhere(con: Any) -> None:
    """Write open data with hostile names, one measure available and one not."""
    gap = [None] * 9
    rows = [
        (1, None, None, "domestic_abuse", "Domestic abuse", "Domestic abuse", False,
         False, "crimes", None, None, *gap, NO_FLAG, "not available"),
        (2, None, None, "open_drugs", HOSTILE[1], HOSTILE[1], False, False,
         "crimes", None,
         date(2021, 8, 1), *gap, None, "available"),
        (3, None, None, "open_other", HOSTILE[0], "Other crime", False, False,
         "crimes", FEWER,
         date(2021, 9, 1), *gap, None, "available"),
    ]  # fmt: skip
    insert(con, "rpt_board_measures", rows, "elsewhere")
    year = (date(2020, 10, 1), date(2021, 9, 30), date(2019, 10, 1), date(2020, 9, 30))
    compared = [
        (2, "open_drugs", "previous_12_months", *year, 4, 7, 3, Decimal("75.0"),
         "too_few", None, None, None, 0, 1, 11, "available"),
        (3, "open_other", "previous_12_months", *year, None, 5, None, None, None, None,
         None, None, None, None, None, "not available"),
    ]  # fmt: skip
    insert(con, "rpt_board_comparisons", compared, "elsewhere")
    months = [
        ("open_drugs", date(2021, m, 1), value, 1, None, None, None, None, None, None,
         None, None, None, m >= 7, None, None)
        for m, value in ((6, 2), (7, None), (8, 0), (9, 7))
    ]  # fmt: skip
    insert(con, "rpt_board_months", months, "elsewhere")
    areas = [
        ("open_drugs", i, "district", text, 4, 7, 3, "too_few", "available", None, None)
        for i, text in enumerate(HOSTILE)
    ]
    insert(con, "rpt_board_areas", areas, "elsewhere")
    insert(
        con,
        "rpt_board_events",
        [(HOSTILE[1], date(2021, 8, 3), date(2021, 9, 1))],
        "elsewhere",
    )


CRIME_TYPES = [
    "All street-level crime",
    "Violence and sexual offences",
    "Criminal damage and arson",
    "Public order",
    "Other theft",
    "Shoplifting",
    "Vehicle crime",
    "Burglary",
    "Other crime",
    "Drugs",
    "Bicycle theft",
    "Possession of weapons",
    "Theft from the person",
    "Robbery",
    "Anti-social behaviour",
]


def with_crime_types(database: Path) -> None:
    """Give 'elsewhere' 15 crime types, with the figures of the measures above."""
    with duckdb.connect(str(database)) as con:
        con.execute("set schema = 'reporting'")
        con.execute(
            "delete from rpt_board_measures where force_code = 'elsewhere' "
            "and status = 'available'"
        )
        for i, name in enumerate(CRIME_TYPES):
            code = f"open_{i}" if i else "open_all_crime"
            from_measure = MEASURES[i % len(MEASURES)][0]
            for table in ("comparisons", "months", "signals", "areas"):
                con.execute(
                    f"insert into rpt_board_{table} select * replace ('elsewhere' as "
                    f"force_code, ? as measure) from rpt_board_{table} where "
                    "force_code = 'essex' and measure = ?",
                    [code, from_measure],
                )
            con.execute(
                "insert into rpt_board_measures select * replace ('elsewhere' as "
                "force_code, null as strand, null as section_number, null as "
                "solved_pct, 96.9 as rate_per_1000, 6.2 as positive_pct, ? as measure, "
                "? as measure_name, ? as short_name) from "
                "rpt_board_measures where force_code = 'essex' and measure = ?",
                [code, f"{name} (open data)", name, from_measure],
            )
            insert(con, "rpt_board_area_rates", _area_rates(code), "elsewhere")
            insert(con, "rpt_board_force_rates", [_force_rates(code)], "elsewhere")


# One more than page two has columns for, with the classes of their rates.
RATED_DISTRICTS = {
    "Newcastle upon Tyne": ("120.4", "half_as_high_again"),
    "Northumberland": ("95.0", "above"),
    "Staffordshire Moorlands": ("60.2", "near"),
    "South Gloucestershire": ("50.1", "below"),
    "Wolverhampton": ("12.0", "less_than_half"),
    "Bath and North East Somerset": (None, None),
    "Gateshead": ("61.0", "near"),
    "Isles of Scilly": ("2.0", "less_than_half"),
}


def _area_rates(code: str) -> list[tuple[Any, ...]]:
    return [
        (code, i, name, rate, "96.9", kind, "available" if rate else "not available")
        for i, (name, (rate, kind)) in enumerate(RATED_DISTRICTS.items(), 1)
    ]


def _force_rates(code: str) -> tuple[Any, ...]:
    """Return the 22nd of 44 forces; the period ends a quarter before the report's."""
    rates = [Decimal(20 + i) for i in range(44)]
    left_out = [f"County and Shire Constabulary {i}" for i in range(8)]
    days = date(2020, 7, 1), date(2021, 6, 30)
    own, middle, highest = rates[22], Decimal("41.5"), rates[-1]
    few = ["City of London Police"]
    return (code, *days, own, middle, highest, 22, 44, rates, few, left_out, [])


def with_districts(database: Path) -> None:
    """Give both measures of strand 5.8 districts; the first measure has no
    directions.
    """
    words = {
        "residential_burglary": "'no_clear_change'",
        "personal_robbery": "change_code",
    }
    with duckdb.connect(str(database)) as con:
        for code, word in words.items():
            con.execute(
                "insert into reporting.rpt_board_areas select * replace "
                f"('{code}' as measure, {word} as change_code) "
                "from reporting.rpt_board_areas where measure = 'nte_crime'"
            )


def with_section_order(database: Path) -> None:
    """Put the pages of 'essex' into the sections of its Word draft, all but two."""
    with duckdb.connect(str(database)) as con:
        con.execute(
            "update reporting.rpt_sections set board_page = case "
            "when section_kind = 'strand' then 'strand' "
            "when section_code = 'executive_summary' then 'one' end, "
            "section_position = case when section_code = 'executive_summary' then -1 "
            "else section_position end where force_code = 'essex'"
        )
        facts = [
            (code, number, "text", 900 + i, "bullet", "risk", f"The {code} action",
             *(None,) * 6, json.dumps(RISK))
            for i, (code, number, _) in enumerate(BOARD_SECTIONS)
            if code in ("executive_summary", "risks")
        ]  # fmt: skip
        insert(con, "rpt_facts", facts)
