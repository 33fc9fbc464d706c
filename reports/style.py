"""How everything looks: colours, fonts, numbers, dates and the words for a gap.

Numbers arrive as int or Decimal, already rounded in SQL, and are written digit for
digit: nothing here rounds. Colours are the Analysis Function's (package afcharts) or
greys, and each has the contrast that WCAG 2.2 AA asks: 4.5:1 for text, 3:1 for bars.
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
RULE = "#c9d1d9"
TINT = "#eef3f7"
BAND = "#fff1e8"  # behind bars, which keep 3:1 on it
PAPER = "#ffffff"
MARKER = "#fff4ec"  # behind a placeholder
ACCENT = "#f46a25"  # a rule on the page, never text: 3:1 on white and no more
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
TOTAL_LABEL = "Total"  # a row so labelled is set in bold
NOT_AVAILABLE, NOT_APPLICABLE = "[x]", "[z]"
SHORTHAND = {
    NOT_AVAILABLE: "not available from this source",
    NOT_APPLICABLE: "not applicable",
}
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

# matplotlib: afcharts' own style file is read first, these win.
CHART_RC = {
    "font.family": ["DejaVu Sans"],  # ships with matplotlib: the same on every machine
    "font.size": 10.5,
    "svg.fonttype": "path",
    "svg.hashsalt": "strandline",
    "text.parse_math": False,  # an extract's '$' is no formula
    "axes.edgecolor": RULE,
    "axes.labelcolor": INK,
    "text.color": INK,
    "xtick.color": RULE,
    "xtick.labelcolor": INK,
    "ytick.labelcolor": INK,
    "ytick.left": False,
    "grid.color": "#e3e8ed",
    "axes.linewidth": 0.9,
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
    """Untrusted text made harmless to show: one line, printable, at most `limit` long.

    Control characters, line ends and invisible marks (direction overrides among them)
    become spaces; a longer text is cut and says that it is.
    """
    text = str(value)
    cut = f"… [cut: {len(text):,} characters]" if len(text) > limit else ""
    text = text[: limit - len(cut)] if cut else text
    return "".join(c if c.isprintable() else " " for c in text).strip() + cut


def humanise(name: str) -> str:
    """'at_risk' → 'At risk'."""
    words = plain_text(name.replace("_", " "))
    return words[:1].upper() + words[1:]


def default_format(name: str, duckdb_type: str) -> str:
    """The number format of a column that `rpt_columns` does not list.

    By its type, then by the suffix that says its unit ('_pct', 'month').
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
    """A number digit for digit, or None for what is no (finite) number."""
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return None
    number = Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
    return number if number.is_finite() else None


def number_text(value: object, number_format: str, minus: str = "\u2212") -> str:
    """A number for a reader: '30,038', '+81', '+2.9%', and no sign on a zero."""
    number = exact(value)
    if number is None:
        return plain_text(value)
    if number_format in ("count", "signed_count") and number == int(number):
        number = Decimal(int(number))
    plus = "+" if number_format.startswith("signed") else ""
    sign = "" if number == 0 else minus if number < 0 else plus
    return f"{sign}{abs(number):,f}{'%' if number_format.endswith('pct') else ''}"


def as_date(value: object) -> dt.date | None:
    """A date, a timestamp's date, or the first day of a 'YYYY-MM'; else None."""
    if isinstance(value, dt.datetime):
        return value.date()
    if isinstance(value, dt.date):
        return value
    if isinstance(value, str) and re.fullmatch(r"[1-9]\d{3}-(0[1-9]|1[0-2])", value):
        return dt.date(int(value[:4]), int(value[5:]), 1)
    return None


def date_text(value: object, number_format: str = "long_date") -> str:
    """'17 November 2021', in a table '17 Nov 2021', and 'Oct 2018' for a month.

    English in every locale.
    """
    date = as_date(value)
    if date is None:
        return plain_text(value)
    month = MONTHS[date.month - 1]
    if number_format == "month":
        return f"{month[:3]} {date.year}"
    name = month if number_format == "long_date" else month[:3]
    return f"{date.day} {name} {date.year}"


def page_text(value: object, number_format: str, minus: str = "\u2212") -> str:
    """Any value as a reader sees it on the page."""
    if number_format in NUMBER_FORMATS:
        return number_text(value, number_format, minus)
    if number_format in DATE_FORMATS:
        return date_text(value, number_format)
    number = exact(value)
    return plain_text(value) if number is None else number_text(number, "decimal")


def csv_text(value: object) -> str:
    """A cell of a data file: plain digits, ISO dates, '' for null, text made inert.

    Text that a spreadsheet would run as a formula gets a leading apostrophe (OWASP,
    CSV injection); numbers keep their minus.
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
    """The Excel number format of a column, with the decimal places its values have."""
    numbers = [n for n in map(exact, values) if n is not None]
    if number_format == "date":
        return "d mmm yyyy"
    if number_format == "month":
        return "mmm yyyy"
    if number_format not in NUMBER_FORMATS:
        return None
    places = max((max(0, -int(n.as_tuple().exponent)) for n in numbers), default=0)
    digits = "#,##0" + ("." + "0" * places if places else "")
    digits += '"%"' if number_format.endswith("pct") else ""
    signed = number_format.startswith("signed")
    return f"+{digits};-{digits};{digits}" if signed else digits


def css_string(text: str) -> str:
    """Untrusted text as a CSS string, each character but letters and digits escaped."""
    safe = (c if c.isascii() and c.isalnum() else f"\\{ord(c):06x}" for c in text)
    return '"' + "".join(safe) + '"'
