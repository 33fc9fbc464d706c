"""What the sheet of a strand has room for below its charts of months."""

from __future__ import annotations

from collections.abc import Sized
from dataclasses import dataclass
from math import ceil

from reports.board import english, pictures
from reports.board.authors import Written
from reports.board.beside import Beside
from reports.board.pictures import Picture
from reports.board.records import Board, Measure, Result
from reports.board.results import Results, results_of, results_view
from reports.outline import Section
from reports.webpage import ANNEX

MOST_TITLES, FEWER_TITLES, FEWEST_TITLES = 5, 3, 2
MOST_RESULTS, FEWER_RESULTS = 12, 5  # the latter on a page with a chart
FEWEST_RESULTS = 4  # on a page with a chart and a commentary that is not short
BESIDE_OTHERS = 2  # results beside a chart of districts, or below two charts
MOST_WITH_AREAS = 2  # measures on a page that also has room for districts
# Lines of a commentary in half the width of a sheet. On a page with two measures, their
# districts and parts of a count, a longer one than these leaves room for fewer titles,
# leaves room for fewer parts, and takes the place of the parts beside the districts.
FEWEST_LINES, FEWER_LINES, FEW_LINES = 2.5, 4.5, 5.5
BRIEF_COMMENTARY = 6.5  # a longer one takes the room of two measures' pictures
SHORT_COMMENTARY = 9  # a longer one leaves room for fewer titles
LONGEST_COMMENTARY = 16.5  # a longer one is on a sheet of its own, in two columns
LINES_OF_A_SHEET = 120
UNSURE = 0.15  # part of the estimated lines
RESULTS = "Results of the units"
MOST_LEFT = 2  # names of what the annex alone has


@dataclass(frozen=True)
class Drawn:
    """What a strand's page draws below its charts of months.

    Args:
        districts: the measure whose districts are drawn.
        pictures: the parts of counts, and series of months, beside it.
        found: all results of the strand's units, if there is room for any.
        results: those of them that the page shows.
        left: what there is no room for, in words; '' if there is room for all.
        left_names: what each of these is called.
        has_districts_words: whether it says of other measures how districts changed.
        most_titles: how many titles of actions a list has room for.
    """

    districts: Measure | None
    pictures: tuple[Picture, ...]
    found: list[Result]
    results: Results | None
    left: str
    left_names: tuple[tuple[str, ...], ...]
    has_districts_words: bool
    most_titles: int

    @property
    def is_anything(self) -> bool:
        return bool(self.districts or self.pictures or self.results)


def is_crowded(measures: Sized) -> bool:
    """Whether the measures alone fill the sheet, without room for pictures.

    Three charts and the table of their comparisons leave 4% of an A4 sheet, and a row
    of pictures takes 20%. The annex has them.
    """
    return len(measures) > MOST_WITH_AREAS


def charted(measures: list[Measure]) -> list[Measure]:
    """Return the measures of which the count of any district is known."""
    return [
        measure
        for measure in measures
        if measure.is_available
        and any(area.current_count is not None for area in measure.areas)
    ]


def sheets(commentary: Written) -> int:
    """Return how many printed sheets a strand takes.

    A commentary that the first sheet has no room for is on the next ones. What its
    author must check is not printed.
    """
    further = commentary.lines > LONGEST_COMMENTARY
    return 1 + further * ceil(commentary.lines / LINES_OF_A_SHEET)


def is_counted(lines: float) -> bool:
    """Whether the number of further sheets for so many lines is sure.

    Lines are estimated. Near a full sheet, one sheet more or less may be printed.
    """
    full = round(lines / LINES_OF_A_SHEET) * LINES_OF_A_SHEET
    return abs(lines - full) >= UNSURE * lines


def drawn(
    board: Board, section: Section, measures: list[Measure], commentary: Written
) -> Drawn:
    """Choose what the page of a strand draws.

    A picture beside which the author wrote comes first.

    Args:
        measures: the measures of the strand.
        commentary: the strand's, with words for single charts.
    """
    lines = commentary.lines if sheets(commentary) == 1 else 0
    is_one = len(measures) < 2
    districts = None
    if not is_crowded(measures) and (is_one or lines <= SHORT_COMMENTARY):
        districts = _most_told(charted(measures))
    places = 0
    if districts:
        places = 1
    elif is_one or (not is_crowded(measures) and lines <= BRIEF_COMMENTARY):
        places = pictures.MOST_PICTURES
    is_full = not is_one and districts is not None
    every = pictures.pictures(
        section,
        [measure.measure for measure in measures],
        board.quarter,
        ANNEX,
        most_parts=pictures.FEWER_PARTS
        if is_full and lines > FEWER_LINES
        else pictures.MOST_PARTS,
    )
    named = Beside(commentary)
    in_order = sorted(every, key=lambda picture: not named.speaks_of(*picture.names))
    beside = tuple(in_order[:places])
    of_units = results_of(board, section)
    found = of_units if len(beside) < places else []
    most = FEWEST_RESULTS if lines > SHORT_COMMENTARY else FEWER_RESULTS
    most = most if measures else MOST_RESULTS
    if districts or not is_one:
        most = BESIDE_OTHERS
    results = results_view(found, most)
    titles = FEWER_TITLES
    if is_one:
        is_filled = bool(lines and (beside or results))
        has_room = not measures or (districts and not is_filled)
        if has_room and lines <= SHORT_COMMENTARY:
            titles = MOST_TITLES
    elif is_crowded(measures) or (beside and (not districts or lines > FEWEST_LINES)):
        titles = FEWEST_TITLES
    without = [p for p in every if p not in beside]
    left = [p.short_title for p in without]
    left_names = [p.names for p in without]
    if not results:
        units = dict.fromkeys(r.unit for r in of_units)
        left += [f"results of the {unit}" for unit in units]
        left_names += [(f"Results of the {unit}", RESULTS) for unit in units]
    has_words = not (is_crowded(measures) and lines > SHORT_COMMENTARY)
    left += [] if has_words or not charted(measures) else ["the districts"]
    listed = english.and_list(english.with_the_rest(left, MOST_LEFT)) if left else ""
    left_names += [
        (f"{measure.measure_name} by district",)
        for measure in charted(measures)
        if measure is not districts
    ]
    return Drawn(
        districts,
        beside,
        found,
        results,
        listed,
        tuple(left_names),
        has_words,
        titles,
    )


def _most_told(charted: list[Measure]) -> Measure | None:
    """Return the measure with most districts higher or lower; if equal, the first."""

    def clear(measure: Measure) -> int:
        return sum(area.change_code in ("higher", "lower") for area in measure.areas)

    return max(charted, key=clear, default=None)
