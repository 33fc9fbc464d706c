"""Writes the page that compares the forces of an archive, above their packs.

Each force has a row: all crime over 12 months, with the words and figures of its own
board report, and a link to its pack. A force without a pack has the reason instead.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from reports import published, style
from reports.board import english, periods, words
from reports.board.glance import (
    change_heading,
    count_text,
    pct_text,
    period_heading,
    rate_text,
)
from reports.board.page import board_environment
from reports.board.records import Comparison, Measure
from reports.grid import Row

MOST_NAMED = 3  # missing months


@dataclass(frozen=True)
class Force:
    """A force of the index: its name, and its pack or why it has none.

    Args:
        href: address of the pack's page, from the folder of the index.
        measure: all crime, with its figures; None if the force has no pack or the
            measure is not in it.
        reason: why there is no pack, or why the pack does not count all crime.
    """

    name: str
    href: str = ""
    measure: Measure | None = None
    reason: str = ""


def write_index(
    database: Path, quarter: str, forces: Iterable[Force], path: Path
) -> None:
    """Write the index of the forces' packs of a quarter to `path`.

    Args:
        database: a published file, which is opened read-only.
        forces: in any order; the page sorts them by name.

    Raises:
        PackError: the file cannot be read.
    """
    listed = sorted(forces, key=lambda force: force.name.casefold())
    front = _front(database, quarter)
    compared = [m.year for f in listed if (m := f.measure) and m.year]
    year = max((c for c in compared if c.base_start), key=_months, default=None)
    title = f"All crime by force, {periods.quarter_text(quarter)}"
    marking = style.plain_text(front.get("protective_marking") or "")
    html = (
        board_environment()
        .get_template("forces.html.j2")
        .render(
            title=title,
            marking=marking,
            months=style.plain_text(front.get("quarter_months_label") or ""),
            subtitle=_subtitle(year),
            total_heading=period_heading(year),
            change_heading=change_heading(year),
            rates_of=words.rates_of(year),
            rows=[_row(force, year) for force in listed],
            made_count=sum(bool(force.href) for force in listed),
            marking_css=style.css_string(marking),
            head_css=style.css_string(title),
            foot_css=style.css_string("Open Government Licence v3.0"),
        )
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(html, encoding="utf-8", newline="\n")


def _months(year: Comparison) -> int:
    return periods.months_between(year.period_start, year.period_end)


def _front(database: Path, quarter: str) -> Row:
    """Return the words that every report of the quarter shares; none without one."""
    statement = (
        "select protective_marking, quarter_months_label from reporting.rpt_reports "
        "where quarter = ? order by force_code limit 1"
    )
    with published.open_read_only(database) as con:
        found = con.execute(statement, [quarter])
        names = [column[0] for column in found.description]
        return next(
            (dict(zip(names, row, strict=True)) for row in found.fetchall()), {}
        )


def _subtitle(year: Comparison | None) -> str:
    if year is None:
        return "Recorded crimes."
    now = words.period_words(year).removeprefix("the ")
    base = periods.period(year.base_start, year.base_end)
    return f"Recorded crimes, {now} against {base}. Sorted by name."


def _row(force: Force, usual: Comparison | None) -> dict[str, Any]:
    """Return the words of a force's row.

    Args:
        usual: the comparison that the headings name.
    """
    measure = force.measure
    if measure is None or not measure.is_available:
        return {"force": force, "reason": force.reason or _gap(measure)}
    year = measure.year
    own_months = _own_months(year, usual)
    return {
        "force": force,
        "reason": "",
        "now": count_text(year.current_count if year else None),
        "code": measure.code,
        "word": words.compared_words(year) if year else english.change_word(None),
        "pct": pct_text(year),
        "range": words.plausible_range(year) if year else "",
        "own_months": own_months,
        "own_period": words.period_words(year).removeprefix("the ")
        if year and own_months
        else "",
        "rate": rate_text(measure.rate_per_1000, "not available"),
        "positive": (
            "not available"
            if measure.positive_pct is None
            else english.pct(measure.positive_pct)
        ),
        **_at_hand(measure),
    }


def _gap(measure: Measure | None) -> str:
    reason = measure.gap_reason if measure else ""
    return f"All crime is not available. {reason}".strip()


def _own_months(year: Comparison | None, usual: Comparison | None) -> str:
    """Return the periods of a comparison that differ from those of the headings."""
    if year is None or usual is None or year.base_start is None:
        return ""
    days = [
        (c.period_start, c.period_end, c.base_start, c.base_end) for c in (year, usual)
    ]
    if days[0] == days[1]:
        return ""
    return f"{words.period_words(year)} against {words.base_words(year)}"


def _at_hand(measure: Measure) -> dict[str, str]:
    """Return the months that the archive has of a force, and those it lacks."""
    if not measure.months:
        return {"at_hand": "none", "missing": ""}
    first = measure.first_counted_month or measure.months[0].month
    gaps = [periods.month_text(m.month) for m in measure.months if m.value is None]
    missing = english.and_list(english.with_the_rest(gaps, MOST_NAMED))
    return {
        "at_hand": periods.span(first, measure.months[-1].month),
        "missing": f"without {missing}" if gaps else "",
    }
