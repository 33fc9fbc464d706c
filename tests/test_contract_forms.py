"""A contract's casts read the complete text or nothing; every date has limits."""

import re
from collections.abc import Iterator

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dagster_project import settings
from dagster_project.intake import contracts
from tests.built_models import BuiltModels
from tests.conftest import Result

EXTRACTION = "_extracted_at"
# Values, errors of a spreadsheet, and texts with characters that nobody sees.
WORDS = ("", "Y", "1", "2021-09-30", "zz", "#", "#N/A", "#REF!", "a\u00a0b", "a\u200bb")


@pytest.fixture(scope="module")
def built(first_build: Result) -> Iterator[BuiltModels]:
    models = BuiltModels(first_build.home, ())
    yield models
    models.connection.close()


def typed(
    built: BuiltModels, extract: str, column: str, *texts: str
) -> list[str | None]:
    """Return the texts as staging reads them, written out again; None for a held
    one.
    """
    built.connection.execute(f"delete from raw.{extract}")
    built.connection.execute(
        f"insert into raw.{extract} (_load_id, _line, _is_closing, {column})"
        " select 1, unnest(range(len($texts))), false, unnest($texts)",
        {"texts": list(texts)},
    )
    rows = built.rows(
        f"select {column}::varchar from staging.stg_force__{extract} order by _line"
    )
    return [value for (value,) in rows]


@pytest.mark.parametrize(
    ("extract", "column", "text", "value"),
    [
        ("crimes", "recorded_at", "2021-09-30T23:59:59", "2021-09-30 23:59:59"),
        ("crimes", "recorded_at", "2021-09-30 23:59:59", "2021-09-30 23:59:59"),
        ("crimes", "recorded_at", "2021-09-30 11:30 PM", None),
        ("crimes", "recorded_at", "2021-10-01 00:30+01", None),
        ("crimes", "recorded_at", "2021-09-30 23:30+00", None),
        ("crimes", "recorded_at", "2021-09-30T24:00:00", None),
        ("crimes", "recorded_at", "2021-09-30T23:59", None),
        ("crimes", "recorded_at", "2021-09-30", None),
        ("crimes", "outcome_date", "2021-09-30", "2021-09-30"),
        ("crimes", "outcome_date", "2021-9-30", None),
        ("crimes", "outcome_date", "2021-09-30T00:00:00", None),
        ("outstanding_suspects", "suspect_count", "12", "12"),
        ("outstanding_suspects", "suspect_count", "-12", "-12"),
        ("outstanding_suspects", "suspect_count", "12.7", None),
        ("outstanding_suspects", "suspect_count", "1e3", None),
        ("outstanding_suspects", "suspect_count", "1_000", None),
        ("outstanding_suspects", "suspect_count", "1,000", None),
        ("outstanding_suspects", "suspect_count", "+12", None),
        ("outstanding_suspects", "suspect_count", "99999999999", None),
        ("operational_results", "quantity", "12.5", "12.500"),
        ("operational_results", "quantity", "0.0010", "0.001"),
        ("operational_results", "quantity", "0.0015", None),
        ("operational_results", "quantity", "1e3", None),
        ("operational_results", "quantity", ".5", None),
        ("operational_results", "quantity", "£5", None),
    ],
)
def test_a_value_is_read_completely_or_held(built, extract, column, text, value):
    assert typed(built, extract, column, text) == [value]


@given(
    texts=st.lists(
        st.text(alphabet="0123456789-:T .eE+_Z", min_size=1, max_size=20),
        min_size=50,
        max_size=50,
    )
)
def test_no_text_is_read_as_a_different_time_or_number(built, texts):
    times = typed(built, "crimes", "recorded_at", *texts)
    counts = typed(built, "outstanding_suspects", "suspect_count", *texts)
    for text, time, count in zip(texts, times, counts, strict=True):
        whole = text.strip(" ")
        assert time in (None, whole.replace("T", " "))
        assert count is None or re.fullmatch(r"-?[0-9]+", whole)


@pytest.mark.parametrize("extract", ["crimes", "actions"])
def test_a_line_is_held_if_and_only_if_there_is_a_reason(
    first_build: Result, built, extract
):
    """Each word stands in each column of a line that is valid without it."""
    columns = [*contracts.load_contract(extract).columns]
    with duckdb.connect(str(first_build.home.warehouse), read_only=True) as connection:
        valid = connection.execute(
            f"select {', '.join(columns)} from raw.{extract}"
            f" semi join (from staging.stg_force__{extract} where not is_held)"
            " using (_load_id, _line) where not _is_closing"
        ).fetchone()
    lines = [
        [word if at == place else text for at, text in enumerate(valid)]
        for word in WORDS
        for place in range(len(columns))
    ]
    built.connection.execute(f"delete from raw.{extract}")
    built.connection.execute(
        f"insert into raw.{extract} by name select 1 as _load_id,"
        f" unnest(range({len(lines)})) as _line, timestamp '2021-11-17' as"
        " _extracted_at, false as _is_closing, false as _is_key_repeated, "
        + ", ".join(f"unnest(${name}) as {name}" for name in columns),
        dict(zip(columns, map(list, zip(*lines, strict=True)), strict=True)),
    )
    found = built.rows(
        "select is_held, len(quarantine_reasons) > 0"
        f" from staging.stg_force__{extract} order by _line"
    )
    assert len(found) == len(lines)
    assert {is_held for is_held, _ in found} == {True, False}
    wrong = [
        line for line, (held, why) in zip(lines, found, strict=True) if held != why
    ]
    assert wrong == []


def test_every_error_of_a_spreadsheet_is_held_in_every_column_of_text(built):
    kinds = ["N/A", "NAME?", "GETTING_DATA"]
    kinds += [f"{kind}!" for kind in ("REF", "VALUE", "DIV/0", "NUM", "NULL", "SPILL")]
    kinds += [f"{kind}!" for kind in ("CALC", "FIELD", "BLOCKED", "CONNECT", "BUSY")]
    errors = [f"#{kind}" for kind in (*kinds, "UNKNOWN!")]
    built.connection.execute("delete from raw.crimes")
    built.connection.execute(
        "insert into raw.crimes by name select 1 as _load_id, 1 as _line,"
        " false as _is_closing, unnest($texts) as lsoa_code",
        {"texts": [*errors, "#N/A ", "# N/A", "N/A", "#REF", "#REF!!", "a #N/A"]},
    )
    held = built.rows(
        "select lsoa_code from staging.stg_force__crimes"
        " where list_contains(quarantine_reasons, 'lsoa_code_is_cell_error')"
    )
    assert [text for (text,) in held] == [*errors, "#N/A"]


def test_every_date_of_a_contract_has_a_first_and_a_last_day():
    unbounded = []
    for extract in settings.force_extracts():
        declared = contracts.declaration(extract)
        rules = declared.get("config", {}).get("meta", {}).get("rules", [])
        bounds = [r["must_hold"] for r in rules if EXTRACTION in r["must_hold"]]
        for column in declared["columns"]:
            name, meta = column["name"], contracts.meta(column)
            if column["data_type"] in ("date", "timestamp"):
                ends = [rule for rule in bounds if rule.startswith(f"{name} <")]
                if "min" not in meta or not ("max" in meta or ends):
                    unbounded.append(f"{extract}.{name}")
    # The first committed time has the last one's end: it must come before it, and
    # before the time of recording.
    assert unbounded == ["crimes.committed_from"]
