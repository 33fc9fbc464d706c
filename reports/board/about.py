"""About the figures: what is missing, what cannot be compared, what the words mean."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import groupby, pairwise

from reports.board import english, periods, words
from reports.board.records import OPEN_DATA, Board, Measure, Month
from reports.report import Report

# Terms of method that the board report does not print. Notes with them are only in the
# annex.
NEVER = re.compile(
    r"\[[xzc]\]|\b(ratio|chance alone|significant)\b"
    r"|\bword for a change\b",
    re.IGNORECASE,
)
MOST_NOTES, MOST_NOTE_LETTERS, MOST_GAPS, MOST_EXTRACTS = 8, 260, 5, 6
MONTHS_COMPARED = 24
MOST_STARTS = 3  # measures of one first month that page one names
MOST_LETTERS = 1500  # of what is missing and the notes, on one sheet
MOST_OPEN_NOTES = 2  # on a page that also has the districts and the other forces
MEANINGS = (
    ("higher", "the whole plausible range of the change is above zero"),
    ("lower", "the whole range is below zero"),
    ("no_clear_change", "the range includes zero, so there may be no change"),
    (
        "uneven",
        "the total moved, but some months went the other way, so the year is no guide",
    ),
    ("too_few", "fewer than 20 in both periods together"),
    (
        "not_comparable",
        "a definition changed, or a period is not complete; for a share solved, also"
        " the year before it",
    ),
)


def redrawn(board: Board) -> str:
    """Return 'redrawn from April 2020, the first national lockdown', or ''.

    One measure is named, if the others are not redrawn.
    """
    causes: dict[tuple[str, str | None], list[str]] = {}
    for measure in board.available:
        for month in _first_months(measure.months):
            start = periods.month_text(month.month), month.phase_cause
            causes.setdefault(start, []).append(measure.short_name)
    if not causes:
        return ""
    if len(causes) > 1:
        return "redrawn where a known cause changed the counts"
    ((first, cause), names), *_ = causes.items()
    because = f", {cause}" if cause else ""
    if len(names) == 1 < len(board.available):
        return f"redrawn for {english.inside(names[0])} from {first}{because}"
    return f"redrawn from {first}{because}"


def missing_measures(board: Board) -> list[str]:
    """Return one sentence for each measure without figures, with the reason."""
    return [
        f"{m.short_name}: {english.ended(m.gap_reason or 'not available')}"
        for m in board.measures
        if not m.is_available
    ]


def late_starts(board: Board, most: int | None = None) -> list[str]:
    """Return sentences on measures that start too late for a comparison with 2019.

    Args:
        board: the report's figures.
        most: how many measures a sentence names before it counts the rest; None for
            all.
    """

    def late(m: Measure) -> bool:
        begins = m.first_counted_month
        return begins is not None and (begins.year, begins.month) > (2019, 1)

    found = sorted(
        (m for m in board.available if late(m)), key=lambda m: m.first_counted_month
    )
    starts = groupby(found, key=lambda m: m.first_counted_month)
    groups = [(first, list(members)) for first, members in starts]
    return [
        english.say(
            "late_start",
            names=english.with_the_rest(
                [english.inside(m.measure_name) for m in members], most or len(members)
            ),
            first=first,
        )
        for first, members in groups
    ]


def not_compared(board: Board) -> list[str]:
    """Return sentences on events in the months shown, and on measures not compared."""
    sentences = []
    if board.events:
        named = english.and_list(
            f"{e.event_name.lower() if i else e.event_name}"
            f" ({periods.span(e.event_start_date, e.event_end_date)})"
            for i, e in enumerate(board.events)
        )
        within = "this period" if len(board.events) == 1 else "these periods"
        sentences.append(
            f"{named}: months in {within} are not typical. Compare them with care."
        )
    for measure in board.available:
        if measure.code == "not_comparable":
            name = measure.measure_name
            why = (
                f", because {words.why_not_compared(measure)}"
                if measure.is_defined_by_outcome
                else _since(measure)
            )
            sentences.append(
                f"{name} {measure.verb} not comparable with a year before{why}."
            )
    return sentences


def _since(measure: Measure) -> str:
    """Return ': from October 2025, a new definition', or '' without a known cause."""
    compared = _first_months(measure.months[-MONTHS_COMPARED:])
    known = [month for month in compared if month.phase_cause]
    if not known:
        return ""
    return f": from {periods.month_text(known[-1].month)}, {known[-1].phase_cause}"


def _first_months(months: Sequence[Month]) -> list[Month]:
    """Return the first month of each phase that begins within these months."""
    return [month for before, month in pairwise(months) if month.phase != before.phase]


def missing_files(report: Report, board: Board) -> list[str]:
    """Return sentences on months that open data lack, and on when they begin."""
    sentences = [report.words("missing_files")] if report.words("missing_files") else []
    begins = [m.first_counted_month for m in board.available if m.first_counted_month]
    last = [m.months[-1].month for m in board.available if m.months]
    if begins and last:
        months = periods.months_between(min(begins), max(last))
        if months < MONTHS_COMPARED:
            sentences.append(english.say("files_begin", first=min(begins)))
    return sentences


def notes(
    report: Report, most: int, others: Sequence[str] = ()
) -> tuple[list[str], int]:
    """Return at most `most` notes, and how many more the annex has.

    Those on the data come first: what they say is missing is nowhere else on the page,
    but for months of open data.

    Args:
        others: other sentences of the same column, which take room too.
    """
    is_open = report.words("origin") == OPEN_DATA
    fit = [
        note.text
        for note in sorted(report.notes, key=lambda note: not note.is_on_data)
        if not (is_open and note.is_of_months)
        and len(note.text) <= MOST_NOTE_LETTERS
        and not NEVER.search(note.text)
    ]
    shown, _ = english.named(fit, most)
    while len("".join([*others, *shown])) > MOST_LETTERS and shown:
        shown.pop()
    return shown, len(report.notes) - len(shown)


def missing(report: Report, board: Board) -> list[str]:
    """Return sentences on missing or held deliveries and measures without figures."""
    told = (report.words("missing_deliveries"), report.words("plan_on_hold"))
    sentences = [f"Expected and not loaded: {told[0]}."] if told[0] else []
    sentences += [english.ended(told[1])] if told[1] else []
    return sentences + missing_measures(board) + late_starts(board)


def revised(report: Report) -> str:
    """Return a sentence on how many figures of the last published version are different
    now; '' if none is, or no version was published.
    """
    last = max(report.published_versions, key=lambda row: row["version"], default=None)
    if last is None or not last["revised_count"] or report.is_public:
        return ""
    return english.say("revised", **last)


def population_year(report: Report) -> str:
    """Return the year of the residents in the rates of open data; '' without rates."""
    years = (
        row.get("population_year")
        for table in report.tables
        if table.name == "open_outcomes"
        for row in table.rows
    )
    return str(next(filter(None, years), ""))


def held_extracts(board: Board) -> str:
    """Return the extracts with held lines, as a list in words; '' if there are none."""
    names = dict.fromkeys(str(row["held_extract"]) for row in board.held)
    shown = [name.replace("_", " ") for name in names]
    return english.and_list(english.with_the_rest(shown, MOST_EXTRACTS))


def gaps(report: Report, board: Board, uncounted: list[str]) -> list[str]:
    """Return short sentences for page one on what the data cannot show.

    Args:
        report: the report's words.
        board: the report's figures.
        uncounted: the strands without a monthly count, with their pages.
    """
    sentences = []
    if extracts := report.front.get("missing_extracts"):
        names = english.with_the_rest(
            [english.words(name) for name in extracts], MOST_EXTRACTS
        )
        sentences.append(
            f"Expected and not loaded: deliveries of {english.and_list(names)}."
        )
    if board.held:
        sentences.append("Some delivered lines are set aside until they are corrected.")
    sentences += missing_measures(board)
    if by_outcome := [m for m in board.available if m.is_defined_by_outcome]:
        names = english.and_list(english.inside(m.measure_name) for m in by_outcome)
        why = words.why_not_compared(by_outcome[0])
        sentences.append(
            f"{english.upper_first(names)}: no change is given, because {why}."
        )
    if uncounted:
        verb = "has" if len(uncounted) == 1 else "have"
        sentences.append(f"{english.and_list(uncounted)} {verb} no monthly count.")
    sentences += late_starts(board, MOST_STARTS)
    shown, more = english.named(sentences, MOST_GAPS)
    if more:
        shown[-1] = f"There are {english.in_words(more + 1)} more such gaps."
    return shown


def example(board: Board) -> str:
    """Return a finding of this report with its range, as an example of the words."""
    for code in ("lower", "higher", "no_clear_change"):
        for measure in board.available:
            if measure.code == code and measure.year and measure.year.range_lower_text:
                said = words.range_sentence(measure.year)
                return f"{words.finding(measure)} {said}"
    return ""
