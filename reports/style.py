"""How everything looks: colours, fonts, numbers, dates and the words for a gap.

Numbers are int or Decimal, already rounded in SQL, and are written digit by digit
without rounding. Colours are the Government Analysis Function's or greys, with
the contrast that WCAG 2.2 AA requires: 4.5:1 for text, 3:1 for bars.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from decimal import Decimal

INK = "#14202b"
MUTED = "#4a5560"
NAVY = "#12436d"
STEEL = "#5889b5"
STONE = "#848e98"
PLUM = "#801650"
LINES = (NAVY, PLUM, STEEL, STONE)  # a chart's lines, in order
RULE, GRID = "#c9d1d9", "#e3e8ed"
TINT = "#eef3f7"
BAND = "#fff1e8"  # behind bars, which have a contrast of 3:1
PAPER = "#ffffff"
MARKER = "#fff4ec"  # behind a placeholder
ACCENT = "#f46a25"  # for lines, not for text: its contrast on white is 3:1
COLOURS = {
    "ink": INK,
    "muted": MUTED,
    "navy": NAVY,
    "steel": STEEL,
    "rule": RULE,
    "tint": TINT,
    "paper": PAPER,
    "accent": ACCENT,
}

# Behind every percentage that is a figure, on page, charts, Word draft and workbook.
PERCENT = "%"
NUMBER_FORMATS = {
    "count",
    "signed_count",
    "signed_pct",
    "signed_limit_pct",
    "pct",
    "decimal",
    "signed_decimal",
}
DATE_FORMATS = {"date", "month"}
# A reference or a date is not broken over lines.
UNBROKEN_FORMATS = DATE_FORMATS | {"code"}
TOTAL_LABEL = "Total"  # a row with this label is bold
NOT_AVAILABLE, NOT_APPLICABLE = "[x]", "[z]"
LOW, CONFIDENTIAL = "[low]", "[c]"  # only in a public version
SHORTHAND = {
    NOT_AVAILABLE: "not available from this source",
    NOT_APPLICABLE: "not applicable",
}
PUBLIC_SHORTHAND = {LOW: "1 to 4", CONFIDENTIAL: "confidential"}
# Characters; a spreadsheet's cell ends at 32,767.
CELL_LIMIT, SENTENCE_LIMIT, PARAGRAPH_LIMIT, CSV_LIMIT = 1_000, 3_000, 20_000, 32_000
MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
FORMULA_STARTS = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20")

# matplotlib's settings for the pictures of the Word draft
CHART_RC = {
    "font.family": ["DejaVu Sans"],  # comes with matplotlib, so it is everywhere
    "text.parse_math": False,  # a '$' in an extract does not begin a formula
}
WIDE_CHART, NARROW_CHART = (9.0, 3.6), (3.6, 3.6)  # inches at 72 points

SHEET_THEME = {
    "global": {"font_size": 12, "font_name": "Arial", "font_color": INK},
    "cover_title": {"bold": True, "font_size": 20, "text_wrap": True}
    | {"font_color": NAVY},
    "cover_subtitle": {"bold": True, "font_size": 14, "valign": "bottom"},
    "cover_text": {"text_wrap": True, "valign": "top"},
    "title": {"bold": True, "font_size": 16, "font_color": NAVY},
    "subtitle": {"font_size": 12, "bold": True},
    "column_heading": {"bold": True, "bottom": 2, "bottom_color": NAVY}
    | {"text_wrap": True, "valign": "bottom"},
    "index_1": {"text_wrap": True, "valign": "top"},
    "index_2": {"text_wrap": True, "valign": "top"},
    "index_3": {"text_wrap": True, "valign": "top"},
    "data": {"text_wrap": True, "valign": "top"},
    "description_order": ["instructions", "legend", "source", "scope"],
}


def plain_text(value: object, limit: int = CELL_LIMIT) -> str:
    """Return untrusted text as one printable line of at most `limit` characters.

    Control characters, line ends and invisible marks (such as direction overrides)
    become spaces. A longer text is cut, with a note.
    """
    text = str(value)
    cut = f"… [cut: {len(text):,} characters]" if len(text) > limit else ""
    text = text[: limit - len(cut)] if cut else text
    return "".join(c if c.isprintable() else " " for c in text).strip() + cut


def humanise(name: str) -> str:
    """Return a code as a heading: 'at_risk' becomes 'At risk'."""
    words = plain_text(name.replace("_", " "))
    return words[:1].upper() + words[1:]


def day(text: str) -> dt.date | None:
    """Return the day that a text such as '6 Oct 2021' is; otherwise None."""
    try:
        return dt.datetime.strptime(text, "%d %b %Y").date()
    except ValueError:
        return None


def month(text: str) -> dt.date | None:
    """Return the first day of the month that a text such as 'Oct 2021' is; otherwise
    None.
    """
    return day(f"1 {text}")


def default_format(name: str, duckdb_type: str) -> str:
    """Return the number format of a column that is not in `rpt_columns`.

    It follows from the column's type, then from the unit in its name ('_pct', 'month').
    """
    if duckdb_type.startswith(("DATE", "TIMESTAMP")):
        return "date"
    if duckdb_type == "VARCHAR":
        return "month" if name.endswith("month") else "text"
    if name.endswith("_pct"):
        return "pct"
    if "INT" in duckdb_type or duckdb_type.endswith(",0)"):
        return "count"
    is_number = duckdb_type.startswith(("DECIMAL", "DOUBLE", "FLOAT"))
    return "decimal" if is_number else "text"


def exact(value: object) -> Decimal | None:
    """Return a number with exactly its digits; None for what is not a finite number."""
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return None
    number = Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
    return number if number.is_finite() else None


def number_text(value: object, number_format: str, minus: str = "\u2212") -> str:
    """Format a number: '30,038', '+81', '+2.9%'; zero has no sign."""
    number = exact(value)
    if number is None:
        return plain_text(value)
    if number_format in ("count", "signed_count") and number == int(number):
        number = Decimal(int(number))
    plus = "+" if number_format.startswith("signed") else ""
    sign = "" if number == 0 else minus if number < 0 else plus
    return f"{sign}{abs(number):,f}{PERCENT if number_format.endswith('pct') else ''}"


def as_date(value: object) -> dt.date | None:
    """Return a date, a timestamp's date, or the first day of 'YYYY-MM'; otherwise
    None.
    """
    if isinstance(value, dt.datetime):
        return value.date()
    if isinstance(value, dt.date):
        return value
    if isinstance(value, str) and re.fullmatch(r"[1-9]\d{3}-(0[1-9]|1[0-2])", value):
        return dt.date(int(value[:4]), int(value[5:]), 1)
    return None


def date_text(value: object, number_format: str = "long_date") -> str:
    """Format a date in English: '17 November 2021', '17 Nov 2021' or 'Oct 2018'."""
    date = as_date(value)
    if date is None:
        return plain_text(value)
    month = MONTHS[date.month - 1]
    if number_format == "month":
        return f"{month[:3]} {date.year}"
    name = month if number_format == "long_date" else month[:3]
    return f"{date.day} {name} {date.year}"


def page_text(value: object, number_format: str, minus: str = "\u2212") -> str:
    """Format any value as the page shows it."""
    if number_format in NUMBER_FORMATS:
        return number_text(value, number_format, minus)
    if number_format in DATE_FORMATS:
        return date_text(value, number_format)
    number = exact(value)
    return plain_text(value) if number is None else number_text(number, "decimal")


def csv_text(value: object) -> str:
    """Format a cell of a data file: plain digits, ISO dates, '' for null.

    A text that a spreadsheet would run as a formula gets a leading apostrophe (OWASP,
    CSV injection). Numbers keep their minus sign.
    """
    if value is None:
        return ""
    number = exact(value)
    if number is not None:
        return format(number, "f")
    if isinstance(value, bool | dt.date):
        return str(value).lower() if isinstance(value, bool) else value.isoformat()
    text = plain_text(value, CSV_LIMIT)
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def sheet_format(number_format: str, values: Iterable[object]) -> str | None:
    """Return the Excel number format of a column, with the decimal places of its
    values.
    """
    numbers = [n for n in map(exact, values) if n is not None]
    if number_format == "date":
        return "d mmm yyyy"
    if number_format == "month":
        return "mmm yyyy"
    if number_format not in NUMBER_FORMATS:
        return None
    places = max((max(0, -int(n.as_tuple().exponent)) for n in numbers), default=0)
    digits = "#,##0" + ("." + "0" * places if places else "")
    digits += f'"{PERCENT}"' if number_format.endswith("pct") else ""
    signed = number_format.startswith("signed")
    return f"+{digits};-{digits};{digits}" if signed else digits


def css_string(text: str) -> str:
    """Return untrusted text as a CSS string, in which only letters and digits are
    literal.
    """
    safe = (c if c.isascii() and c.isalnum() else f"\\{ord(c):06x}" for c in text)
    return '"' + "".join(safe) + '"'
