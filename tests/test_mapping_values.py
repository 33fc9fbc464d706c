"""One value of an export, and the text that the contract requires."""

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pandas
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dagster_project.intake.mapping import patterns
from dagster_project.intake.mapping.model import FileForm, MappedColumn
from dagster_project.intake.mapping.patterns import NotFittingError, PatternError
from dagster_project.intake.mapping.values import converter

LONDON = ZoneInfo("Europe/London")


def convert(value: str, data_type: str = "varchar", is_typed: bool = False, **said):
    """Convert a value by a column with these keys; `empty` is a key of the file."""
    empty = said.pop("empty", ())
    column = MappedColumn("x", ("x",), **said)
    return converter(column, FileForm(), data_type, empty, is_typed)(value)


def wrong(
    value: str, data_type: str = "varchar", is_typed: bool = False, **said
) -> str:
    with pytest.raises(NotFittingError) as error:
        convert(value, data_type, is_typed, **said)
    return str(error.value)


# A pattern, and the same in Python's strftime, which is independent code.
WRITERS = {
    "dd/MM/yyyy HH:mm:ss": "%d/%m/%Y %H:%M:%S",
    "yyyy-MM-dd'T'HH:mm:ss": "%Y-%m-%dT%H:%M:%S",
    "yyyyMMdd HHmmss": "%Y%m%d %H%M%S",
    "MM/dd/yyyy hh:mm:ss tt": "%m/%d/%Y %I:%M:%S %p",
    "dd MMM yyyy HH:mm:ss": "%d %b %Y %H:%M:%S",
    "dd MMMM yyyy 'at' HH:mm:ss": "%d %B %Y at %H:%M:%S",
    "dd.MM.yy HH.mm.ss": "%d.%m.%y %H.%M.%S",
    "yyyy-MM-dd HH:mm:ss.fff": "%Y-%m-%d %H:%M:%S.%f",
}
MOMENTS = st.datetimes(datetime(2000, 1, 1), datetime(2099, 12, 31)).map(
    lambda moment: moment.replace(microsecond=0)
)


@given(MOMENTS, st.sampled_from(sorted(WRITERS)))
def test_a_time_in_utc_that_was_written_by_a_pattern_is_read_as_local_time(
    moment: datetime, pattern: str
):
    text = moment.strftime(WRITERS[pattern])
    local = pandas.Timestamp(moment, tz="UTC").tz_convert("Europe/London")
    said = {"format": pattern, "zone": "UTC"}
    iso = local.strftime("%Y-%m-%dT%H:%M:%S")
    assert convert(text, "timestamp", **said) == iso
    assert convert(text, "date", **said) == iso[:10]


@given(MOMENTS, st.sampled_from(sorted(WRITERS)))
def test_a_local_time_stays_as_it_is_or_clocks_never_showed_it(
    moment: datetime, pattern: str
):
    text = moment.strftime(WRITERS[pattern])
    said = {"format": pattern, "zone": "Europe/London"}
    is_shown = (
        moment.replace(tzinfo=LONDON).astimezone(UTC).astimezone(LONDON)
    ).replace(tzinfo=None) == moment
    if is_shown:
        assert convert(text, "timestamp", **said) == moment.isoformat()
    else:
        assert "clocks in the United Kingdom never showed" in wrong(
            text, "timestamp", **said
        )


@given(MOMENTS, st.integers(-12 * 60, 14 * 60))
def test_an_offset_in_the_text_is_taken_into_account(moment: datetime, minutes: int):
    zone = timezone(timedelta(minutes=minutes))
    text = moment.replace(tzinfo=zone).isoformat()
    local = moment.replace(tzinfo=zone).astimezone(LONDON).replace(tzinfo=None)
    found = convert(text, "timestamp", format="yyyy-MM-ddTHH:mm:sszzz")
    assert found == local.isoformat()


@given(st.dates(), st.sampled_from(["d/M/yyyy", "yyyy-MM-dd", "d MMMM yyyy"]))
def test_a_date_without_a_time_has_no_zone(day, pattern: str):
    names = day.strftime("%B")
    text = {
        "d/M/yyyy": f"{day.day}/{day.month}/{day.year:04}",
        "yyyy-MM-dd": day.isoformat(),
        "d MMMM yyyy": f"{day.day} {names} {day.year:04}",
    }[pattern]
    assert convert(text, "date", format=pattern) == day.isoformat()
    at = convert(text, "timestamp", format=pattern, time="12:00:00")
    assert at == f"{day.isoformat()}T12:00:00"


@given(st.text(max_size=20), st.sampled_from(sorted(WRITERS)))
def test_any_other_text_is_held_and_nothing_of_it_is_dropped(text: str, pattern: str):
    said = {"format": pattern, "zone": "UTC"}
    try:
        found = convert(text, "timestamp", **said)
    except NotFittingError:
        return
    assert found == "" or datetime.fromisoformat(found)


@pytest.mark.parametrize(
    "text",
    [
        *("31/02/2021 10:00", "1/3/2021 10:00", "01/03/21 10:00", "01/13/2021 10:00"),
        *("01/03/2021", "01/03/2021 10:00:00", "01/03/2021 24:00", "01-03-2021 10:00"),
        *("01/03/2021 10:00 PM", "01/03/2021 10:00 ago", "²1/03/2021 10:00"),
    ],
)
def test_a_date_that_the_pattern_does_not_fit_is_held(text: str):
    said = {"format": "dd/MM/yyyy HH:mm", "zone": "UTC"}
    assert "the format dd/MM/yyyy HH:mm" in wrong(text, "timestamp", **said)


def test_spaces_around_and_within_a_date_do_not_matter():
    said = {"format": "dd MMM yyyy HH:mm", "zone": "Europe/London"}
    found = convert(
        "\u00a0 1 sept 2021  10:00 ".replace("1", "01", 1), "timestamp", **said
    )
    assert found == "2021-09-01T10:00:00"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("dd/MM/yyyy dd", "day twice"),
        ("dd/MM/yyyy yy", "the year twice"),
        ("dd/MM MMM/yyyy", "the month or the year twice"),
        ("dd/MM/yyyy HH hh:mm tt", "has HH and hh"),
        ("dd/MM/yyyy hh:mm", "hh without tt"),
        ("dd/MM/yyyy HH:mm tt", "tt without hh"),
        ("dd/MM/yyyy mm", "minutes (mm) and no hour"),
        ("dd/MM/yyyy HH", "an hour and no minutes"),
        ("dd/MM/yyyy HH:mm fff", "no seconds"),
        ("dd/MM/yyyy zzz", "an offset (zzz) and no hour"),
        ("yyyy", "lacks a day (dd) and a month (MM)"),
        ("dd/MM/yyyy HH:mm q", "has q, which is not a part of a date"),
        ("%d/%m/%Y", "has Y, which is not a part of a date; write yyyy"),
        ("dd/MM/YYYY", "has YYYY, which is not a part of a date; write yyyy"),
    ],
)
def test_a_pattern_that_means_nothing_certain_is_refused(text: str, said: str):
    with pytest.raises(PatternError) as error:
        patterns.pattern(text)
    assert said in str(error.value)


def test_a_value_of_a_code_list_is_found_in_any_capitals_and_spaces():
    said = {"values": {"8/54": "8N", "tunbridge wells": "E07000116", "none": ""}}
    assert convert(" 8/54 ", **said) == "8N"
    assert convert("TUNBRIDGE  Wells", **said) == "E07000116"
    assert convert("None", **said) == ""
    assert (
        wrong("8/53", **said) == "is not in the list of the mapping (is '8/54' meant?)"
    )
    assert convert("8/53", **said, others="kept") == "8/53"


def test_a_list_is_split_each_value_is_looked_up_and_none_is_there_twice():
    said = {"separator": ";", "values": {"knife": "Knife", "blade": "Knife"}}
    assert convert("knife; BLADE;", "varchar[]", **said) == "Knife"
    assert "contains 'gun', which is not in the list" in wrong(
        "knife;gun", "varchar[]", **said
    )
    assert convert("a; b", "varchar[]", separator=";") == "a|b"
    assert "contains |" in wrong("a|b;c", "varchar[]", separator=";")
    assert convert("a|b", "varchar[]") == "a|b"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Knife; DOMESTIC  abuse", "Y"),
        ("Domestic abuse", "Y"),
        ("Knife; Alcohol", "N"),
        ("Not domestic abuse", "N"),
        ("", "N"),
    ],
)
def test_a_flag_of_a_list_is_yes_if_the_list_has_one_of_its_words(
    text: str, found: str
):
    said = {"separator": ";", "values": {"y": "Y", "n": "N", "domestic abuse": "Y"}}
    assert convert(text, "boolean", **said) == found


def test_a_column_is_split_at_its_separator():
    said = {"split": " - "}
    assert convert("8N - Assault - other", **said, part=1) == "8N"
    assert convert("8N - Assault - other", **said, part=2) == "Assault - other"
    assert "does not contain ' - '" in wrong("8N", **said)
    assert convert("", **said) == ""
    assert convert("n/a", **said, empty=("N/A",)) == ""


def test_words_for_missing_values_and_a_default_value_are_used():
    assert convert("Not Known", empty=("not known",), if_empty="N") == "N"
    assert convert("\u200b ", if_empty="N", prefix="K-") == "N"
    assert convert(" 12 ", prefix="K-") == "K-12"
    assert convert("", prefix="K-") == ""


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("1.234,5", "1234.5"),
        ("1234,5", "1234.5"),
        ("-7", "-7"),
        ("1.234.567", "1234567"),
    ],
)
def test_a_number_is_read_with_the_signs_of_the_export(text: str, found: str):
    assert convert(text, "decimal", decimal=",", thousands=".") == found


@pytest.mark.parametrize(
    "text", ["1.23", "12.34,5", "1,2,3", "1e3", "1 234", "²", ",5"]
)
def test_a_number_with_other_signs_is_held(text: str):
    said = {"decimal": ",", "thousands": "."}
    assert "is not a number with ',' before the decimals" in wrong(
        text, "decimal", **said
    )


def test_a_date_that_is_a_value_of_its_own_needs_no_pattern():
    said = {"format": "dd/MM/yyyy HH:mm", "zone": "UTC"}
    assert (
        convert("2021-07-01T09:00:00", "timestamp", True, **said)
        == "2021-07-01T10:00:00"
    )
    assert "does not fit" in wrong("2021-07-01T09:00:00", "timestamp", False, **said)
    pair = said | {"join": " "}
    assert (
        convert("2021-07-01T00:00:00 09:30:00", "timestamp", True, **pair)
        == "2021-07-01T10:30:00"
    )
    assert (
        convert("01/07/2021 09:30", "timestamp", True, **pair) == "2021-07-01T10:30:00"
    )
    assert convert("2021-07-01", "date", True, format="dd/MM/yyyy") == "2021-07-01"
    assert "does not fit" in wrong("2021-07-01", "timestamp", True, **said)
    at = {"format": "dd/MM/yyyy", "time": "00:00:00"}
    assert convert("2021-07-01", "timestamp", True, **at) == "2021-07-01T00:00:00"
