"""A page per strand: what it says, draws and lists."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from markupsafe import Markup, escape

from reports import style
from reports.board import (
    area_chart,
    drawings,
    english,
    month_chart,
    periods,
    pictures,
    records,
    room,
    words,
)
from reports.board.authors import Written, written
from reports.board.beside import Beside
from reports.board.checks import figures, subjects, to_check
from reports.board.checks.subjects import Subject
from reports.board.records import (
    Action,
    Board,
    Comparison,
    Measure,
    Plan,
    Progress,
)
from reports.board.results import Results, results_of
from reports.grid import Table
from reports.outline import Authored, Paragraph, Section
from reports.webpage import ANNEX

NO_FIGURE = "\u2013"
COMPARED = (records.YEAR, records.QUARTER, records.PANDEMIC)
# Tables that have the ranges of these comparisons.
RANGES = ("other_measures_compared", "change_intervals")
LARGEST = 8  # districts drawn on a page with two measures
BAR = 260.0
Annex = Callable[[str], str]


@dataclass(frozen=True)
class ActionList:
    """Titles of a list of actions, and how many more are in the annex; `none` is said
    if there are none.
    """

    heading: str
    actions: tuple[Action, ...]
    more: int
    annex: str
    none: str
    tie: str = ""  # why the delivered ones are not the change of the complete ones


@dataclass(frozen=True)
class StrandPage:
    """Everything that the page of one strand shows."""

    id: str
    number: str
    heading: str
    lead: str
    progress: Progress | None
    bar: dict[str, Any] | None
    measures: tuple[dict[str, Any], ...]
    rows: tuple[tuple[str, list[dict[str, Any]]], ...]
    rows_annex: tuple[str, ...]
    appendix: str  # the address of its months' ranges, '' if it has none
    area_chart: dict[str, Any] | None
    area_words: tuple[str, ...]
    pictures: tuple[pictures.Picture, ...]
    results: Results | None
    results_words: Markup
    results_annex: str
    left: str  # what the annex alone has
    sheets: int
    is_counted: bool  # whether the number of its sheets is sure
    annex: str
    commentary: Written
    checks: tuple[str, ...]
    lists: tuple[ActionList, ...]
    delivery: str

    @property
    def has_closer_lines(self) -> bool:
        """Whether the page needs closer lines to fit one sheet."""
        number = len(self.measures)
        has_results = self.results is not None and number > 0
        has_pictures = bool(self.area_chart or self.pictures) and number > 1
        has_words = self.is_wordy and number > 1
        return (
            has_results or has_pictures or has_words or room.is_crowded(self.measures)
        )

    @property
    def is_wordy(self) -> bool:
        """Whether the commentary is on the first sheet and is not short."""
        return self.sheets == 1 and self.commentary.lines > room.SHORT_COMMENTARY

    @property
    def has_pictures_below(self) -> bool:
        """Whether pictures stand beside the lists, because the commentary takes their
        place beside the districts.
        """
        most = room.FEW_LINES if self.pictures else room.BRIEF_COMMENTARY
        is_short = self.commentary.lines <= most
        is_half = len(self.measures) > 1 and self.sheets == 1
        is_below = self.is_wordy or (is_half and not is_short)
        return bool(self.area_chart and is_below and (self.pictures or self.results))

    @property
    def html(self) -> Markup:
        return self.commentary.html

    @property
    def placeholder(self) -> str:
        return self.commentary.placeholder


def page_id(section: Section) -> str:
    return f"strand-{section.code}"


def measures_of(board: Board, section: Section) -> list[Measure]:
    """Return the measures of a strand.

    A measure without a strand belongs to the section whose number it names.
    """
    return [
        m
        for m in board.measures
        if m.strand == section.heading
        or (m.strand is None and m.section_number == section.number != "")
    ]


def strand_page(
    board: Board,
    section: Section,
    annex: Annex,
    is_public: bool = False,
    elsewhere: Sequence[Subject] = (),
    sections: Sequence[Section] = (),
) -> StrandPage:
    """Return the page of one strand.

    Args:
        board: the report's figures.
        section: the strand's section, with the author's words.
        annex: returns a table's address in the annex.
        is_public: whether actions are counted and not listed.
        elsewhere: the subjects of all pages, which the author may name.
        sections: those of the report, of which some have tables of all measures.
    """
    measures = measures_of(board, section)
    progress = board.plan.of(section.heading) if board.plan else None
    commentary = _commentary(section)
    drawn = room.drawn(board, section, measures, commentary)
    is_half = len(measures) > 1
    is_crowded = room.is_crowded(measures)
    is_low = is_half and (drawn.is_anything or is_crowded)
    # In the order of the page, because first words may be those of several charts.
    beside = Beside(commentary)
    made = [_measure(m, board, is_half, is_low, is_crowded) for m in measures]
    for each in made:
        each["words"] = beside.of(each["chart_title"]) if each["charts"] else ""
    districts = None
    if drawn.districts:
        districts = area_view(drawn.districts, LARGEST if is_half else None)
        whole = f"{drawn.districts.measure_name} by district"
        districts["words"] = beside.of(districts["title"], whole)
    drawings_beside = tuple(
        replace(p, words=beside.of(*p.names)) for p in drawn.pictures
    )
    results_words = beside.of(drawn.results.title) if drawn.results else Markup("")
    for names in drawn.left_names:
        beside.keep(*names)
    beside.refuse_rest(section.title)
    results = results_of(board, section)
    printed = [
        *figures.of_measures(measures),
        *figures.of_results(results),
        *figures.of_plan([progress] if progress else []),
        *figures.of_sections([section]),
        *figures.of_appendix(sections, measures),
    ]
    own = subjects.of_page(section, board, measures, results)
    found = to_check.of_strand(commentary, own, printed, elsewhere)
    sheets = 1 if is_public else room.sheets(commentary)
    return StrandPage(
        id=page_id(section),
        number=section.number,
        heading=_cut(section.heading),
        lead=_lead(section),
        progress=progress,
        bar=_bar(progress, section),
        measures=tuple(made),
        rows=tuple(
            (m.measure_name, _rows(m)) for m in measures if m.is_available and _rows(m)
        ),
        appendix=annex("usual_ranges") if any(m.is_available for m in measures) else "",
        rows_annex=_rows_annex(measures, [section, *sections]),
        area_chart=districts,
        area_words=tuple(
            f"{m.measure_name} by district: {inside_sentence(words.areas(m))}"
            for m in room.charted(measures)
            if m is not drawn.districts and drawn.has_districts_words
        ),
        pictures=drawings_beside,
        results=drawn.results,
        results_words=results_words,
        results_annex=annex("unit_comparisons"),
        left=drawn.left,
        sheets=sheets,
        is_counted=sheets == 1 or room.is_counted(commentary.lines),
        annex=f"{ANNEX}#{section.code}",
        commentary=beside.rest,
        checks=found,
        lists=_lists(board, section.heading, drawn.most_titles, annex)
        if board.plan and not is_public
        else (),
        delivery=_delivery(progress, board.quarter) if progress and is_public else "",
    )


def _delivery(progress: Progress, quarter: str) -> str:
    """Return a sentence with the numbers of actions, for a page without lists."""
    days = periods.quarter_days(quarter), periods.next_quarter_days(quarter)
    this, after = (periods.span(*both, with_year=False) for both in days)
    return english.say(
        "public_delivery",
        delivered=progress.delivered_count,
        scheduled=progress.scheduled_count,
        this=this,
        after=after,
        tie=english.say("plan_tie", row=progress, months=None),
    )


def _cut(text: str) -> str:
    return style.plain_text(text, 90)


def _lead(section: Section) -> str:
    """Return who leads the strand: the generated text of a part without author's
    text.
    """
    made = (p.made for p in section.parts if not p.author_heading and not p.heading)
    texts = (b.text for blocks in made for b in blocks if isinstance(b, Paragraph))
    return next(texts, "")


def _commentary(section: Section) -> Written:
    """Return the author's words on the strand, including those under later headings."""
    parts = [p for p in section.parts if p.author_heading]
    first = written(parts[0]) if parts else Written()
    later = [p for p in parts[1:] if p.written]
    if not later:
        prompt = parts[0].placeholder if parts else ""
        return Written(first.blocks, prompt or "")
    named = (block for p in later for block in (_named(p.heading), *p.written))
    return Written((*first.blocks, *named))


def _named(heading: str) -> Authored:
    html = f"<p>{escape(heading)}:</p>"
    return Authored(html, (f"{heading}:",), is_heading_of_part=True)


def _bar(progress: Progress | None, section: Section) -> dict[str, Any] | None:
    if progress is None:
        return None
    return drawings.plan_bar(progress, f"plan-{section.code}", BAR)


def _frames(is_half: bool, is_low: bool) -> tuple[month_chart.Frame, ...]:
    beside = month_chart.SHORT if is_low else month_chart.HALF
    return (beside if is_half else month_chart.WIDE, month_chart.PHONE)


def _measure(
    measure: Measure, board: Board, is_half: bool, is_low: bool, is_crowded: bool
) -> dict[str, Any]:
    """Return the sentences of one measure, and its chart in both sizes.

    On a crowded page, only the table compares with the time before the pandemic.
    """
    has_chart = measure.is_available and measure.months
    is_crime = measure.measure_unit == "crimes"
    return {
        "finding": words.finding(measure),
        "quarter": words.quarter(measure),
        "pandemic": ""
        if is_crowded and _has_base(measure)
        else words.pandemic(measure),
        "no_aim": words.no_aim(measure) if measure.is_available else "",
        "asking": words.asking(measure) if measure.is_available else "",
        "is_asked": words.is_asked(measure),
        "solved": words.solved(measure) if measure.is_available else "",
        "chart_title": f"{measure.measure_name}"
        f"{', recorded crimes' if is_crime else ''} each month",
        "chart_note": words.chart_note(measure, is_half),
        "charts": {
            frame.name: month_chart.month_chart(measure, board, frame)
            for frame in _frames(is_half, is_low)
        }
        if has_chart
        else None,
    }


def _rows(measure: Measure) -> list[dict[str, Any]]:
    """Return the rows of 'How the count compares'.

    A comparison with the time before the pandemic is left out if it has no base count.
    """
    found = (measure.comparisons.get(name) for name in COMPARED)
    return [
        _row(c)
        for c in found
        if c is not None
        and c.current_count is not None
        and (c.base_count is not None or c.comparison != records.PANDEMIC)
    ]


def _rows_annex(
    measures: Sequence[Measure], sections: Sequence[Section]
) -> tuple[str, ...]:
    """Return the addresses of the tables that have the ranges of some measures.

    Each is at its first place of the sections. A public page has no ranges of a count
    of people.
    """
    found = []
    for measure in measures:
        if measure.is_available and not measure.hides_months:
            found += [
                f"{ANNEX}#{section.code}-{block.name}"
                for section in sections
                for block in section.blocks()
                if isinstance(block, Table)
                and block.name in RANGES
                and any(row.get("measure") == measure.measure for row in block.rows)
            ][:1]
    return tuple(dict.fromkeys(found))


def _row(c: Comparison) -> dict[str, Any]:
    return {
        "label": words.row_label(c),
        "before": _or_none(c.base_count, english.count),
        "now": english.count(c.current_count),
        "change": _or_none(c.difference, english.signed),
        "pct": english.signed_pct(c.difference_pct)
        if c.difference_pct is not None
        else "",
        "range": words.plausible_range(c),
        "code": c.change_code,
        "word": words.compared_words(c),
    }


def _has_base(measure: Measure) -> bool:
    """Whether the count can be compared with the time before the pandemic."""
    before = measure.comparisons.get(records.PANDEMIC)
    return before is not None and before.base_count is not None


def _or_none(value: Any, written_by: Callable[[Any], str]) -> str:
    return NO_FIGURE if value is None else written_by(value)


def inside_sentence(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:]


def area_view(
    measure: Measure,
    most: int | None,
    frame: area_chart.AreaFrame = area_chart.WIDE,
) -> dict[str, Any]:
    """Return a measure's chart of districts with its words.

    Args:
        most: how many districts are drawn; None means all.
    """
    year = measure.year
    start, end = (
        (periods.month_text(year.base_end), periods.month_text(year.period_end))
        if year and year.base_end and year.period_end
        else ("the year before", "the end of the quarter")
    )
    hidden = max(0, len(measure.areas) - most) if most else 0
    rest = f"; {english.in_words(hidden)} more, annex" if hidden else ""
    return {
        "title": f"{measure.short_name} by district",
        "note": words.areas(measure),
        "words": "",
        "key": f"12 months to {start} (open), {end} (filled){rest}",
        "wide": area_chart.area_chart(measure, frame, most),
        "phone": area_chart.area_chart(measure, area_chart.PHONE, most),
    }


def _lists(
    board: Board, strand: str, most: int, annex: Annex
) -> tuple[ActionList, ...]:
    """Return the delivered actions, latest first, and the scheduled, soonest first."""
    plan: Plan = board.plan
    this = periods.span(*periods.quarter_days(board.quarter), with_year=False)
    after = periods.span(*periods.next_quarter_days(board.quarter), with_year=False)
    done = sorted(
        (a for a in plan.delivered if a.strand == strand and a.day),
        key=lambda a: a.day,
        reverse=True,
    )
    due = sorted(
        (a for a in plan.scheduled if a.strand == strand and a.day),
        key=lambda a: a.day,
    )
    row = plan.of(strand)
    tie = english.say("plan_tie", row=row, months=None) if row else ""
    return (
        _list(
            f"Delivered, {this}",
            done,
            most - 1 if tie else most,  # the sentence takes the room of a title
            annex("actions_delivered"),
            "No action was delivered.",
            tie,
        ),
        _list(
            f"Scheduled, {after}",
            due,
            most,
            annex("actions_scheduled"),
            "No action is due.",
        ),
    )


def _list(
    heading: str,
    actions: list[Action],
    most: int,
    annex: str,
    none: str,
    tie: str = "",
) -> ActionList:
    shown, more = english.named(actions, most)
    counted = english.counted(heading, len(actions))
    return ActionList(counted, tuple(shown), more, annex, none, tie)
