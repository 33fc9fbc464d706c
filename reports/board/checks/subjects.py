"""What an author can write about: each subject's names, and the words of its changes.

A page has measures, results of units, series and shares beside them, and solved rates.
A subject without a word, such as a count on one day or an amount, has no codes, but its
difference may be known.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from reports import style
from reports.board import english, pictures, records
from reports.board.records import Area, Board, Measure, Number, Result
from reports.outline import Change, Chart, Section

CodeOfPeriod = tuple[str, str]  # a change code, and the period that has it
PERIODS = {
    records.YEAR: "12 months",
    records.QUARTER: "quarter",
    records.PANDEMIC: "against 2019",
    records.SAME_MONTHS: "same months",
}

SOLVED_RATE = "Solved rate"
OTHER_SOLVED_RATES = ("Detection rate", "Clear-up rate")


# What is better for an aim of the strategy and for a polarity.
BETTER = {
    "more": "higher",
    "fewer": "lower",
    "higher_is_better": "higher",
    "lower_is_better": "lower",
}


@dataclass(frozen=True)
class Difference:
    """A difference or percentage: its value, as printed, and its period."""

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
        better: whether higher or lower is better, '' if neither is known to be.
        percentages: what it has changed by, with which sizes in words are compared.
        area_percentages: the same of its districts.
        months: its monthly counts.
        parts: its parts by what each is called: those of drugs by class.
    """

    name: str
    codes: tuple[CodeOfPeriod, ...] = ()
    also: tuple[str, ...] = ()
    unit: str = ""
    areas: Mapping[str, CodeOfPeriod] = field(default_factory=dict)
    is_measure: bool = False
    differences: tuple[Difference, ...] = ()
    better: str = ""
    percentages: tuple[Difference, ...] = ()
    area_percentages: Mapping[str, Difference] = field(default_factory=dict)
    months: Mapping[date, Number] = field(default_factory=dict)
    parts: Mapping[str, Subject] = field(default_factory=dict)

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
        *of_results(results, [section], board.results),
        *_series([section], board),
    )


def of_report(board: Board, sections: Sequence[Section]) -> tuple[Subject, ...]:
    """Return the subjects of all pages, each once."""
    results = (r for r in board.results if not r.part)
    return (
        *of_measures(board.measures),
        *of_results(results, sections, board.results),
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
            better=BETTER.get(measure.aim or "", ""),
            percentages=tuple(
                percentage
                for name, c in measure.comparisons.items()
                for percentage in _percentages(c.difference_pct, PERIODS[name])
            ),
            area_percentages={
                area.area_name: percentage
                for area in measure.areas
                for percentage in _area_percentage(area)
            },
            months={
                month.month: value
                for month in measure.months
                if (value := style.exact(month.value)) is not None
            },
        )
        if measure.solved_pct is not None:
            yield Subject(
                name=f"{SOLVED_RATE} of {measure.measure_name}",
                also=(
                    SOLVED_RATE,
                    *OTHER_SOLVED_RATES,
                    *(
                        f"{share} of {name} solved"
                        for share in ("Proportion", "Share", "Percentage")
                        for name in (measure.measure_name, measure.short_name)
                    ),
                ),
                codes=_codes(measure.solved_change_code, PERIODS[records.YEAR]),
                better="higher",
            )
        solved = style.exact(measure.solved)
        previous = style.exact(measure.previous_solved)
        if solved is not None and previous is not None:
            yield Subject(
                name=f"{measure.measure_name} solved",
                also=(
                    f"{measure.short_name} solved",
                    f"{measure.short_name} detections",
                ),
                differences=_differences(
                    solved - previous, None, PERIODS[records.YEAR]
                ),
                better="higher",
            )


def of_results(
    results: Iterable[Result],
    sections: Iterable[Section] = (),
    every: Sequence[Result] = (),
) -> Iterator[Subject]:
    """Yield each result of a unit; an amount has a difference and no word.

    Args:
        results: the results of the units.
        sections: those that tell of them, which know what is better.
        every: all results, with those of parts.
    """
    better = _better(sections)
    for result in results:
        whole = _of_result(result, better.get(result.measure_name, ""))
        parts = {
            part.part: replace(
                _of_result(part, whole.better), name=f"{whole.name}, {part.part}"
            )
            for part in every
            if part.part
            and (part.unit, part.measure_name) == (result.unit, result.measure_name)
        }
        yield replace(whole, parts=parts)


def _of_result(result: Result, better: str) -> Subject:
    compared = result.comparison
    period = PERIODS[records.SAME_MONTHS]
    return Subject(
        name=result.measure_name,
        codes=_codes(compared.change_code, period),
        unit=result.unit,
        differences=_differences(compared.difference, result.quantity_unit, period),
        better=better,
        percentages=_percentages(compared.difference_pct, period),
    )


def _better(sections: Iterable[Section]) -> dict[str, str]:
    """Return what is better for each subject of the sections' sentences, by name."""
    changes = (change for section in sections for change in section.changes)
    return {c.subject: BETTER.get(c.polarity or "", "") for c in changes}


def _series(sections: Sequence[Section], board: Board) -> tuple[Subject, ...]:
    """Return what sections chart or tell beside measures and results of units."""
    measures = {measure.measure for measure in board.measures}
    names: dict[str, str] = {}
    codes: dict[str, list[CodeOfPeriod]] = {}
    differences: dict[str, list[Difference]] = {}
    percentages: dict[str, list[Difference]] = {}
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
                relative = percentages.setdefault(change.measure, [])
                relative += _relative(change)
    better = _better(sections)
    return tuple(
        Subject(
            name,
            tuple(codes.get(measure, ())),
            (style.humanise(measure),),
            differences=tuple(differences.get(measure, ())),
            better=better.get(name, ""),
            percentages=tuple(percentages.get(measure, ())),
        )
        for measure, name in names.items()
        if measure not in measures
    )


def _codes(code: str | None, period: str) -> tuple[CodeOfPeriod, ...]:
    return ((code, period),) if code else ()


def _percentages(value: Decimal | None, period: str) -> tuple[Difference, ...]:
    if value is None:
        return ()
    return (Difference(value, english.signed_pct(value), period),)


def _area_percentage(area: Area) -> tuple[Difference, ...]:
    base, difference = style.exact(area.base_count), style.exact(area.difference)
    if not base or difference is None:
        return ()
    percentage = round(Decimal(difference) / base * 100, 1)
    return _percentages(percentage, PERIODS[records.YEAR])


def _relative(change: Change) -> tuple[Difference, ...]:
    """Return by which percentage a sentence's figure has changed; a share's is that of
    the earlier share.
    """
    if change.difference is None or not change.percentages:
        return ()
    now, *before = change.percentages
    if not before:
        return _percentages(now, change.period)
    if not before[0]:
        return ()
    printed = (
        f"{style.number_text(before[0], 'pct')}, then {style.number_text(now, 'pct')}"
    )
    return (Difference(change.difference / before[0] * 100, printed, change.period),)


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
