"""What the sheet of a strand has room for below its charts of months."""

from __future__ import annotations

from collections.abc import Sized
from dataclasses import dataclass

from reports.board import pictures
from reports.board.pictures import Picture
from reports.board.records import Board, Measure, Result
from reports.board.results import Results, results_of, results_view
from reports.outline import Section
from reports.webpage import ANNEX

MOST_TITLES, FEWER_TITLES, FEWEST_TITLES = 5, 3, 2
MOST_RESULTS, FEWER_RESULTS = 12, 5  # the latter on a page with a chart
BESIDE_OTHERS = 2  # results beside a chart of districts, or below two charts
MOST_WITH_AREAS = 2  # measures on a page that also has room for districts
SHORT_COMMENTARY = 60  # words; a longer one leaves room for fewer titles
BRIEF_COMMENTARY = 30  # words; a longer one takes the room of two measures' pictures


@dataclass(frozen=True)
class Drawn:
    """What a strand's page draws below its charts of months.

    Args:
        districts: the measure whose districts are drawn.
        pictures: the parts of counts, and series of months, beside it.
        found: all results of the strand's units, if there is room for any.
        results: those of them that the page shows.
        most_titles: how many titles of actions a list has room for.
    """

    districts: Measure | None
    pictures: tuple[Picture, ...]
    found: list[Result]
    results: Results | None
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


def drawn(
    board: Board, section: Section, measures: list[Measure], length: int
) -> Drawn:
    """Choose what the page of a strand draws.

    Args:
        measures: the measures of the strand.
        length: words of the strand's commentary.
    """
    is_one = len(measures) < 2
    districts = None
    if not is_crowded(measures) and (is_one or length <= SHORT_COMMENTARY):
        districts = _most_told(charted(measures))
    places = 0
    if is_one or (not is_crowded(measures) and length <= BRIEF_COMMENTARY):
        places = 1 if districts else pictures.MOST_PICTURES
    beside = pictures.pictures(
        section,
        {measure.measure for measure in measures},
        board.quarter,
        ANNEX,
        most_parts=pictures.MOST_PARTS if is_one else pictures.FEWER_PARTS,
    )[:places]
    found = results_of(board, section) if len(beside) < places else []
    most = FEWER_RESULTS if measures else MOST_RESULTS
    if districts or not is_one:
        most = BESIDE_OTHERS
    results = results_view(found, most)
    titles = FEWER_TITLES
    if is_one:
        is_filled = bool(length and (beside or results))
        has_room = not measures or (districts and not is_filled)
        if has_room and length <= SHORT_COMMENTARY:
            titles = MOST_TITLES
    elif not districts and (beside or is_crowded(measures)):
        titles = FEWEST_TITLES
    return Drawn(districts, beside, found, results, titles)


def _most_told(charted: list[Measure]) -> Measure | None:
    """Return the measure with most districts higher or lower; if equal, the first."""

    def clear(measure: Measure) -> int:
        return sum(area.change_code in ("higher", "lower") for area in measure.areas)

    return max(charted, key=clear, default=None)
