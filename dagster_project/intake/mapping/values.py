"""Converts one value of an export to the text that the contract requires.

A value is never guessed: if the mapping does not say what it means, `NotFittingError`
is raised, with the reason as the clause that follows the value.
"""

import difflib
import re
from collections.abc import Callable, Collection

from dagster_project.intake.letters import EDGES
from dagster_project.intake.mapping import patterns
from dagster_project.intake.mapping.model import (
    NO,
    YES,
    FileForm,
    MappedColumn,
    key_of,
)
from dagster_project.intake.mapping.patterns import NotFittingError

LIST, BOOLEAN = "varchar[]", "boolean"
NUMBERS = ("integer", "decimal")
TIMES = (patterns.DATE, patterns.TIMESTAMP)
SEPARATOR = "|"
# The form in which a reader writes a typed date or time.
TYPED = re.compile(r"\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}:\d{2})?", re.ASCII)
TIME_OF_DAY = re.compile(r"\d{2}:\d{2}:\d{2}", re.ASCII)
Convert = Callable[[str], str]


def converter(
    column: MappedColumn,
    form: FileForm,
    data_type: str,
    empty: Collection[str] = (),
    is_typed: bool = False,
    is_free_text: bool = False,
) -> Convert:
    """Return the function that converts a value of the export to the contract's text.

    Args:
        column: the column of the mapping.
        form: the form of the file.
        data_type: the type of the contract's column.
        empty: words for a missing value, in the contract and in the mapping.
        is_typed: whether the file (a workbook, Parquet) has typed dates and numbers,
            which need no pattern and no decimal mark.
        is_free_text: whether the column has free text, which is not changed.

    Returns:
        A function that raises `NotFittingError` for a value that it cannot convert.
    """
    nothing = {word.strip().casefold() for word in empty} | {""}
    inner = _inner(column, form, data_type, is_typed)
    # A flag of a list is yes or no: an empty list has none of its words.
    nothing_listed = NO if data_type == BOOLEAN and column.separator else ""

    def convert(value: str) -> str:
        text = value.strip(EDGES)
        if column.split and text.casefold() not in nothing:
            text = _part(text, column)
        if text.casefold() in nothing:
            return column.if_empty or nothing_listed
        if inner is None:
            text = value if is_free_text and not column.split else text
        else:
            text = inner(text)
        return column.prefix + text if text else text

    return convert


def _inner(
    column: MappedColumn, form: FileForm, data_type: str, is_typed: bool
) -> Convert | None:
    """Return the function for one value that is not empty; None leaves it unchanged."""
    coded = _coded(column)
    if column.format:
        meaning = _dated(column, data_type, is_typed)
    elif data_type in NUMBERS and not is_typed:
        meaning = _number(
            form.decimal if column.decimal is None else column.decimal,
            form.thousands if column.thousands is None else column.thousands,
        )
    else:
        meaning = None
    if coded and meaning:

        def one(text: str) -> str:
            known = column.values.get(key_of(text))
            return meaning(text) if known is None else known

        return one
    if data_type == LIST:
        return _listed(column.separator or SEPARATOR, coded)
    if data_type == BOOLEAN and column.separator:
        return _flagged(column.separator, column)
    return coded or meaning


def _part(text: str, column: MappedColumn) -> str:
    before, found, behind = text.partition(column.split)
    if not found:
        raise NotFittingError(f"does not contain {column.split!r}, which separates it")
    return (before if column.part == 1 else behind).strip(EDGES)


def _coded(column: MappedColumn) -> Convert | None:
    if not column.values:
        return None

    def code(text: str) -> str:
        found = column.values.get(key_of(text))
        if found is not None:
            return found
        if column.others == "kept":
            return text
        near = difflib.get_close_matches(key_of(text), column.values, n=1)
        meant = f" (is '{near[0]}' meant?)" if near else ""
        raise NotFittingError(f"is not in the list of the mapping{meant}")

    return code


def _parts(text: str, separator: str) -> list[str]:
    parts = (part.strip(EDGES) for part in text.split(separator.strip() or " "))
    return [part for part in parts if part]


def _flagged(separator: str, column: MappedColumn) -> Convert:
    """Return the function that says whether a list has one of the words for yes."""

    def flagged(text: str) -> str:
        meant = (column.values.get(key_of(part)) for part in _parts(text, separator))
        return YES if YES in meant else NO

    return flagged


def _listed(separator: str, coded: Convert | None) -> Convert:
    def listed(text: str) -> str:
        parts = _parts(text, separator)
        if separator != SEPARATOR and any(SEPARATOR in part for part in parts):
            raise NotFittingError(f"contains {SEPARATOR}, which separates our values")
        if not coded:
            return SEPARATOR.join(parts)
        found = []
        for part in parts:
            try:
                found.append(coded(part))
            except NotFittingError as error:
                raise NotFittingError(f"contains {part!r}, which {error}") from error
        return SEPARATOR.join(dict.fromkeys(found))

    return listed


def _dated(column: MappedColumn, data_type: str, is_typed: bool) -> Convert:
    read = patterns.reading(
        patterns.pattern(column.format), data_type, column.zone, column.time
    )

    def dated(text: str) -> str:
        if is_typed and column.join is not None:
            text = _joined(text, column.join)
        if is_typed and (found := TYPED.fullmatch(text)):
            if found[1]:
                return patterns.local(text, data_type, column.zone)
            if data_type == patterns.DATE or column.time:
                day = patterns.local(text, patterns.DATE, None)
                return day if data_type == patterns.DATE else f"{day}T{column.time}"
        return read(" ".join(text.split()))

    return dated


def _joined(text: str, join: str) -> str:
    """Return a date and a time of day, from two columns, as one time."""
    date, _, time = text.partition(join)
    date = date.removesuffix(f"T{patterns.MIDNIGHT}")
    is_pair = TYPED.fullmatch(date) and TIME_OF_DAY.fullmatch(time)
    return f"{date}T{time}" if is_pair and join else text


def _number(decimal: str, thousands: str) -> Convert | None:
    """Return the function that removes separators from a number.

    Thousands must be separated in groups of three or not at all. None means that
    numbers are written as in the contract, whose rules check them.
    """
    if decimal == "." and not thousands:
        return None
    groups = rf"\d{{1,3}}(?:{re.escape(thousands)}\d{{3}})+|" if thousands else ""
    form = re.compile(
        rf"(?P<whole>-?(?:{groups}\d+))(?:{re.escape(decimal)}(?P<part>\d+))?", re.ASCII
    )

    def number(text: str) -> str:
        match = form.fullmatch(text)
        if match is None:
            signs = f"{decimal!r} before the decimals"
            if thousands:
                signs += f" and {thousands!r} between thousands"
            raise NotFittingError(f"is not a number with {signs}")
        whole = match["whole"].replace(thousands, "") if thousands else match["whole"]
        return f"{whole}.{match['part']}" if match["part"] else whole

    return number
