"""Reads dates and times by a pattern such as `dd/MM/yyyy HH:mm`.

The letters are those of .NET, which SSRS and most report designers use. The complete
text must match the pattern; nothing is guessed.
"""

import calendar
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from functools import cache
from zoneinfo import ZoneInfo

from dagster_project.intake.police_uk.archives import LONDON

DATE, TIMESTAMP = "date", "timestamp"
ZONES = {"UTC": ZoneInfo("UTC"), "Europe/London": LONDON}
MONTHS = {name.lower(): n for n, name in enumerate(calendar.month_name) if name}
SHORT_MONTHS = {name.lower(): n for n, name in enumerate(calendar.month_abbr) if name}
# People write Sept as well as Python's Sep.
SHORT_MONTHS |= {"sept": 9}
CENTURY = 2000
# Letters of a pattern → the field, and the regular expression that matches it.
FIELDS = {
    "yyyy": ("year", r"\d{4}"),
    "yy": ("short_year", r"\d{2}"),
    "MMMM": ("month_name", "|".join(MONTHS)),
    "MMM": ("short_month", "|".join(sorted(SHORT_MONTHS, key=len, reverse=True))),
    "MM": ("month", r"\d{2}"),
    "M": ("month", r"\d{1,2}"),
    "dd": ("day", r"\d{2}"),
    "d": ("day", r"\d{1,2}"),
    "HH": ("hour", r"\d{2}"),
    "H": ("hour", r"\d{1,2}"),
    "hh": ("half_hour", r"\d{2}"),
    "h": ("half_hour", r"\d{1,2}"),
    "mm": ("minute", r"\d{2}"),
    "m": ("minute", r"\d{1,2}"),
    "ss": ("second", r"\d{2}"),
    "s": ("second", r"\d{1,2}"),
    "fff": ("fraction", r"\d{1,9}"),
    "tt": ("half", "am|pm"),
    "zzz": ("offset", r"Z|[+-]\d{2}(?::?\d{2})?"),
}
LETTERS = re.compile(r"'(?P<quoted>[^']*)'|(?P<field>([A-Za-z])\3*)|(?P<other>.)")
KNOWN = "dd, MM or MMM, yyyy, HH or hh with tt, mm, ss, fff, zzz"
MIDNIGHT = "00:00:00"


class PatternError(Exception):
    """A pattern is unclear; the message says what is wrong and what to write."""


class NotFittingError(Exception):
    """A value cannot be converted; the message is the clause that follows the value."""


@dataclass(frozen=True)
class Pattern:
    """A pattern that was read; `fields` are the parts of a date or time in it."""

    text: str
    expression: re.Pattern[str]
    fields: frozenset[str]

    @property
    def has_time(self) -> bool:
        return bool(self.fields & {"hour", "half_hour"})

    @property
    def has_offset(self) -> bool:
        return "offset" in self.fields


@cache
def pattern(text: str) -> Pattern:
    """Read a pattern.

    Raises:
        PatternError: it has an unknown letter, or lacks a part of the date.
    """
    parts, found = [], []
    for match in LETTERS.finditer(text):
        letters = match["field"]
        # A T between date and time is literal even without quotation marks.
        if letters and letters != "T":
            if letters not in FIELDS:
                raise PatternError(_unknown(letters))
            name, form = FIELDS[letters]
            found.append(name)
            parts.append(f"(?P<{name}>{form})")
        else:
            quoted = match["quoted"]
            parts.append(re.escape(match[0] if quoted is None else quoted))
    if twice := sorted({name for name in found if found.count(name) > 1}):
        raise PatternError(f"has the {_words(twice[0])} twice: keep one")
    _refuse_incomplete(set(found))
    expression = re.compile("".join(parts), re.IGNORECASE | re.ASCII)
    return Pattern(text, expression, frozenset(found))


def _unknown(letters: str) -> str:
    wanted = {"D": "dd", "Y": "yyyy", "y": "yyyy", "S": "ss", "a": "tt", "t": "tt"}
    likely = wanted.get(letters[0])
    meant = f"; write {likely}" if likely else ""
    return (
        f"has {letters}, which is not a part of a date{meant}. Known: {KNOWN}. Put"
        " words between single quotation marks"
    )


def _words(name: str) -> str:
    return name.replace("half_hour", "hour").replace("half", "am or pm")


def _refuse_incomplete(found: set[str]) -> None:
    months = found & {"month", "month_name", "short_month"}
    if "minute" in found and not months:
        raise PatternError(
            "has mm, which is minutes, and no month: write MM for the month"
        )
    lacking = [
        words
        for words, names in (
            ("a day (dd)", {"day"}),
            ("a month (MM)", {"month", "month_name", "short_month"}),
            ("a year (yyyy)", {"year", "short_year"}),
        )
        if not found & names
    ]
    if lacking:
        raise PatternError(f"lacks {' and '.join(lacking)}")
    if len(months) > 1 or {"year", "short_year"} <= found:
        raise PatternError("has the month or the year twice: keep one")
    if {"hour", "half_hour"} <= found:
        raise PatternError("has HH and hh: keep one")
    if ("half_hour" in found) != ("half" in found):
        raise PatternError(
            "has hh without tt, or tt without hh: write hh with tt (am or pm), or HH"
        )
    has_hour = bool(found & {"hour", "half_hour"})
    if "minute" in found and not has_hour:
        raise PatternError("has minutes (mm) and no hour. Write MM for the month")
    if has_hour and "minute" not in found:
        raise PatternError("has an hour and no minutes (mm)")
    if "second" in found and "minute" not in found:
        raise PatternError("has seconds and no minutes (mm)")
    if "fraction" in found and "second" not in found:
        raise PatternError("has a part of a second (fff) and no seconds (ss)")
    if "offset" in found and not has_hour:
        raise PatternError("has an offset (zzz) and no hour")


def reading(
    pattern: Pattern, data_type: str, zone: str | None = None, time: str | None = None
) -> Callable[[str], str]:
    """Return the function that converts a text by a pattern to the contract's form.

    Args:
        pattern: pattern of the texts.
        data_type: the contract's type, `date` or `timestamp`.
        zone: time zone of the texts, unless they have their own offset; None means
            Europe/London.
        time: time to add to each date, if the pattern has none.
    """

    def read(text: str) -> str:
        match = pattern.expression.fullmatch(text)
        if match is None:
            raise NotFittingError(f"does not fit the format {pattern.text}")
        try:
            moment = _moment(match.groupdict())
        except ValueError as error:
            raise NotFittingError(
                f"fits the format {pattern.text}, but there is no such date or time"
            ) from error
        if not pattern.has_time:
            day = f"{moment:%Y-%m-%d}".zfill(10)
            return day if data_type == DATE else f"{day}T{time or MIDNIGHT}"
        return _written(_local(moment, zone), data_type)

    return read


def local(text: str, data_type: str, zone: str | None) -> str:
    """Convert a time in the contract's form from another zone to local time.

    Raises:
        NotFittingError: there is no such time.
    """
    try:
        return _written(_local(datetime.fromisoformat(text), zone), data_type)
    except ValueError as error:
        raise NotFittingError("is not a time that exists") from error


def _written(moment: datetime, data_type: str) -> str:
    return moment.isoformat(timespec="seconds")[: 10 if data_type == DATE else None]


def _moment(found: dict[str, str]) -> datetime:
    """Return the date and time from the fields of a text.

    Raises:
        ValueError: there is no such date or time.
    """
    month = found.get("month")
    if name := found.get("month_name"):
        month = MONTHS[name.lower()]
    if name := found.get("short_month"):
        month = SHORT_MONTHS[name.lower()]
    year = found.get("year") or CENTURY + int(found["short_year"])
    hour = int(found.get("hour") or 0)
    if half_hour := found.get("half_hour"):
        if not 1 <= int(half_hour) <= 12:
            raise ValueError
        hour = int(half_hour) % 12 + 12 * (found["half"].lower() == "pm")
    moment = datetime(
        int(year),
        int(month),
        int(found["day"]),
        hour,
        int(found.get("minute") or 0),
        int(found.get("second") or 0),
    )
    if offset := found.get("offset"):
        return moment.replace(tzinfo=_zone_of(offset))
    return moment


def _zone_of(offset: str) -> timezone:
    if offset.upper() == "Z":
        return UTC
    digits = offset[1:].replace(":", "").ljust(4, "0")
    hours, minutes = int(digits[:2]), int(digits[2:])
    if minutes > 59:
        raise ValueError
    size = timedelta(hours=hours, minutes=minutes)
    return timezone(-size if offset[0] == "-" else size)


def _local(moment: datetime, zone: str | None) -> datetime:
    """Convert a time to Europe/London, without a zone.

    Raises:
        NotFittingError: the time was skipped when the clocks went forward.
    """
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=ZONES[zone or "Europe/London"])
    try:
        shown = moment.astimezone(UTC).astimezone(LONDON).replace(tzinfo=None)
    except OverflowError as error:
        raise ValueError from error
    if moment.tzinfo is LONDON and shown != moment.replace(tzinfo=None):
        raise NotFittingError(
            "is a time that clocks in the United Kingdom never showed, because they"
            " went forward. The export may be in UTC"
        )
    return shown
