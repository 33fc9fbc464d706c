"""How a delivered value is written as text, in the same way for every kind of file."""

import pyarrow as pa
import pyarrow.compute as pc

from dagster_project.intake.contracts import Contract
from dagster_project.intake.letters import EDGES

TEXT_KINDS = (
    pa.types.is_string,
    pa.types.is_large_string,
    pa.types.is_string_view,
)
MIDNIGHT = "T00:00:00"
# An eight-byte floating-point number is exact for whole numbers up to this one.
WHOLE_LIMIT = 2**53 - 1

# A part of a second is kept: staging holds the line, and nothing is cut off.
STAMP = (
    "strftime({0}, '%Y-%m-%dT%H:%M:%S') || rtrim(rtrim(strftime({0}, '.%n'), '0'), '.')"
)
LOCAL_STAMP = STAMP.replace("{0}", "timezone('Europe/London', {0})")
NUMBER = (
    "case when isnan({0}) then null"
    f" when {{0}} = trunc({{0}}) and abs({{0}}) <= {WHOLE_LIMIT}"
    " then cast(cast({0} as bigint) as varchar) else cast({0} as varchar) end"
)
AS_TEXT = {
    "VARCHAR": "{0}",
    "TIMESTAMP_S": STAMP,
    "TIMESTAMP_MS": STAMP,
    "TIMESTAMP": STAMP,
    "TIMESTAMP_NS": STAMP,
    "TIMESTAMP WITH TIME ZONE": LOCAL_STAMP,
    "TIMESTAMPTZ_NS": LOCAL_STAMP,
    "BOOLEAN": "case when {0} then 'Y' when not {0} then 'N' end",
    "DOUBLE": NUMBER,
    "FLOAT": NUMBER,
    "DECIMAL": "regexp_replace(cast({0} as varchar), '[.]0+$', '')",
    "BLOB": "coalesce(try(decode({0})), cast({0} as varchar))",
    "LIST": "array_to_string(cast({0} as varchar[]), '|')",
}


def trimmed(values: pa.ChunkedArray) -> pa.ChunkedArray:
    """Trim white space and invisible characters from texts; keep other types.

    Arrow is about 100 times faster here than DuckDB's `trim`.
    """
    kind = values.type
    if pa.types.is_dictionary(kind):
        values = values.cast(kind.value_type)
    if not any(is_kind(values.type) for is_kind in TEXT_KINDS):
        return values
    return pc.utf8_trim(values.cast(pa.string()), EDGES)


def as_text(value: str, kind: str, data_type: str = "varchar") -> str:
    """Return SQL of a value as text.

    Args:
        value: SQL of the value.
        kind: its DuckDB type in the file.
        data_type: the type of its column in the contract. Midnight is removed from a
            timestamp if the contract has a date.
    """
    family = "LIST" if kind.endswith("]") else kind.partition("(")[0]
    text = AS_TEXT.get(family, "cast({0} as varchar)").format(value)
    if data_type == "date" and family.startswith("TIMESTAMP"):
        return f"regexp_replace({text}, '{MIDNIGHT}$', '')"
    return text


def cleaned(text: str, column: str, contract: Contract) -> str:
    """SQL of a text as raw keeps it: null for nothing, a key in Unicode form NFC."""
    value = _value(text, column, contract)
    if contract.empty_texts:
        is_value = f"upper(trim({value})) not in ('', {_nothing(contract)})"
        if column not in contract.free_text:
            # It has no spaces around it.
            is_value = f"strlen({text}) > {_longest_nothing(contract)} or {is_value}"
        return f"case when {is_value} then {value} end"
    return f"nullif({value}, '')"


def cleaned_untrimmed(text: str, column: str, contract: Contract) -> str:
    """SQL of a text as `cleaned`, of one that is not trimmed yet.

    DuckDB's `trim` of white space and invisible characters is slow, and trims all
    values of a dictionary for one of them. So it is asked only for a text that does not
    both begin and end with a printable ASCII character.
    """
    if column in contract.free_text:
        return cleaned(text, column, contract)
    edges = EDGES.replace("'", "''")
    trimmed = cleaned(f"trim({text}, '{edges}')", column, contract)
    value = _value(text, column, contract)
    is_trimmed = (
        f"{text} >= '!' and {text} < chr(127) and {text}[-1] between '!' and '~'"
    )
    # The case of most values is the first, because each case costs time.
    short = ""
    if contract.empty_texts:
        short = (
            f" when {is_trimmed} and upper({value}) not in ({_nothing(contract)})"
            f" then {value}"
        )
    return (
        f"case when strlen({text}) > {_longest_nothing(contract)} and {is_trimmed}"
        f" then {value} when {text} is null or {text} = '' then null"
        f"{short} else {trimmed} end"
    )


def _value(text: str, column: str, contract: Contract) -> str:
    return f"nfc_normalize({text})" if column in contract.key_columns else text


def _nothing(contract: Contract) -> str:
    """SQL: the words for nothing in capitals, separated by commas."""
    return ", ".join(f"'{word.upper()}'" for word in contract.empty_texts)


def _longest_nothing(contract: Contract) -> int:
    """Return how many bytes a word for nothing has at most; 0 if there is none.

    Most values are longer. A letter may have twice as many bytes as its capital.
    """
    return 2 * max((len(word.encode()) for word in contract.empty_texts), default=0)


def ambiguous(value: str, kind: str) -> tuple[str, str] | None:
    """Return SQL that finds values without an exact text, and the reason; or None."""
    if kind == "BLOB":
        return (
            f"{value} is not null and try(decode({value})) is null",
            "bytes that are not text in UTF-8",
        )
    if kind.endswith("]"):
        return (
            f"array_to_string(cast({value} as varchar[]), '') like '%|%'",
            "a list with a value that contains |, which separates the values",
        )
    return None


def uncertain_key(value: str, kind: str) -> str | None:
    """Return SQL that finds numbers that cannot be keys: fractions, or inexact ones."""
    if kind in ("DOUBLE", "FLOAT"):
        return (
            f"not isnan({value}) and"
            f" ({value} <> trunc({value}) or abs({value}) > {WHOLE_LIMIT})"
        )
    return f"{value} <> trunc({value})" if kind.startswith("DECIMAL") else None
