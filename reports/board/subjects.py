"""What an author can write about: each subject's names, and the words of its changes.

A page has measures, results of units, series and shares beside them, and solved rates.
A subject without a word, such as a count on one day or an amount, has no codes, but its
difference may be known.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from reports import style
from reports.board import english, pictures, records
from reports.board.records import Board, Measure, Number, Result
from reports.outline import Chart, Section

CodeOfPeriod = tuple[str, str]  # a change code, and the period that has it
PERIODS = {
    records.YEAR: "12 months",
    records.QUARTER: "quarter",
    records.PANDEMIC: "against 2019",
    records.SAME_MONTHS: "same months",
}

SOLVED_RATE = "Solved rate"


@dataclass(frozen=True)
class Difference:
    """A difference that has no word: its value, as printed, and its period."""

    value: Number
    text: str
    period: str


@dataclass(frozen=True)
class Subject:
    """What a sentence can be about.

    Args:
        name: what it is called.
        codes: its change codes.
        also: further names, which a sentence must say in full.
        unit: the operational unit that it is a result of, '' if it is none.
        areas: the change code of each of its districts.
        is_measure: whether it is a measure with a monthly count.
        differences: what it has changed by, which is compared if it has no codes.
    """

    name: str
    codes: tuple[CodeOfPeriod, ...] = ()
    also: tuple[str, ...] = ()
    unit: str = ""
    areas: Mapping[str, CodeOfPeriod] = field(default_factory=dict)
    is_measure: bool = False
    differences: tuple[Difference, ...] = ()

    @property
    def label(self) -> str:
        """Its name, with its unit: 'Arrests (Serious Violence Unit)'."""
        return f"{self.name} ({self.unit})" if self.unit else self.name


def of_page(
    section: Section,
    board: Board,
    measures: Iterable[Measure],
    results: Iterable[Result],
) -> tuple[Subject, ...]:
    """Return the subjects of a strand's page.

    Args:
        section: the strand's section, with its charts and sentences.
        board: the report's figures.
        measures: the strand's measures.
        results: the results of the strand's units.
    """
    return (
        *of_measures(measures),
        *of_results(results),
        *_series([section], board),
    )


def of_report(board: Board, sections: Iterable[Section]) -> tuple[Subject, ...]:
    """Return the subjects of all pages, each once."""
    results = (r for r in board.results if not r.part)
    return (
        *of_measures(board.measures),
        *of_results(results),
        *_series(sections, board),
    )


def of_measures(measures: Iterable[Measure]) -> Iterator[Subject]:
    """Yield each measure whose count is available, and its solved rate."""
    for measure in measures:
        if not measure.is_available:
            continue
        yield Subject(
            name=measure.measure_name,
            also=(measure.short_name, style.humanise(measure.measure)),
            codes=tuple(
                (c.change_code, PERIODS[name])
                for name, c in measure.comparisons.items()
                if c.change_code
            ),
            areas={
                area.area_name: (area.change_code, PERIODS[records.YEAR])
                for area in measure.areas
                if area.change_code
            },
            is_measure=True,
        )
        if measure.solved_pct is not None:
            yield Subject(
                name=f"{SOLVED_RATE} of {measure.measure_name}",
                also=(SOLVED_RATE,),
                codes=_codes(measure.solved_change_code, PERIODS[records.YEAR]),
            )


def of_results(results: Iterable[Result]) -> Iterator[Subject]:
    """Yield each result of a unit; an amount has a difference and no word."""
    for result in results:
        compared = result.comparison
        period = PERIODS[records.SAME_MONTHS]
        yield Subject(
            name=result.measure_name,
            codes=_codes(compared.change_code, period),
            unit=result.unit,
            differences=_differences(compared.difference, result.quantity_unit, period),
        )


def _series(sections: Iterable[Section], board: Board) -> tuple[Subject, ...]:
    """Return what sections chart or tell beside measures and results of units."""
    measures = {measure.measure for measure in board.measures}
    names: dict[str, str] = {}
    codes: dict[str, list[CodeOfPeriod]] = {}
    differences: dict[str, list[Difference]] = {}
    for section in sections:
        for chart in section.blocks():
            is_series = isinstance(chart, Chart) and chart.kind != pictures.PARTS
            if is_series and chart.measure and chart.is_available:
                names.setdefault(chart.measure, chart.subject)
        for change in section.changes:
            if change.measure and not change.unit:
                names.setdefault(change.measure, change.subject)
                told = codes.setdefault(change.measure, [])
                told += _codes(change.code, change.period)
                changed = differences.setdefault(change.measure, [])
                changed += _differences(change.difference, None, change.period)
    return tuple(
        Subject(
            name,
            tuple(codes.get(measure, ())),
            (style.humanise(measure),),
            differences=tuple(differences.get(measure, ())),
        )
        for measure, name in names.items()
        if measure not in measures
    )


def _codes(code: str | None, period: str) -> tuple[CodeOfPeriod, ...]:
    return ((code, period),) if code else ()


def _differences(
    value: Number | None, unit: str | None, period: str
) -> tuple[Difference, ...]:
    """Return a difference as it is printed, '+£322,740'; nothing if it is not known."""
    number = style.exact(value)
    if number is None:
        return ()
    sign = english.signed(number)[:1] if number else ""
    printed = f"{sign}{english.quantity(abs(number), unit)}"
    return (Difference(number, printed, period),)
