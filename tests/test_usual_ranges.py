"""The usual ranges of the demonstration equal the worked examples of the methods."""

from decimal import Decimal

import pytest

from tests.conftest import QUARTER, Result

# From April 2020 on: mean, lower and upper limit to four decimal places. The examples
# begin in October 2018 and the demonstration in April 2018, so that the phase before
# has other limits.
SINCE_APRIL_2020 = {
    "knife_crime": ("229.0556", "175.5426", "282.5685"),
    "nte_crime": ("156.7778", "17.1278", "296.4278"),
    "fraud": ("132.5556", "110.3367", "154.7744"),
    "residential_burglary": ("384.1111", "322.7649", "445.4574"),
}
# Months by number, October 2018 being 1, as the examples count them.
MARKED = {
    "knife_crime": {"outside": [19], "trend": [*range(28, 35)], "two_of_three": [35]},
    "nte_crime": {
        "outside": [19, 20, 22, 23, 28, 29, 35],
        "trend": [*range(30, 35)],
        "two_of_three": [36],
    },
    "fraud": {
        "outside": [22, 23, 24],
        "two_of_three": [28, 29],
        "shift": [27, *range(30, 37)],
    },
    "residential_burglary": {"outside": [19]},
}


@pytest.mark.parametrize("measure", SINCE_APRIL_2020)
def test_the_phase_since_the_lockdown_is_that_of_the_worked_example(
    demonstration: Result, measure
):
    months = demonstration.rows(
        "select date_diff('month', date '2018-09-01', month), average, lower_limit,"
        " upper_limit, signal_code from reporting.rpt_board_months"
        f" where quarter = '{QUARTER}' and measure = '{measure}' and phase = 2"
        " order by month"
    )
    figures = tuple(
        Decimal(figure).quantize(Decimal("0.1")) for figure in SINCE_APRIL_2020[measure]
    )
    assert {row[1:4] for row in months} == {figures}
    found: dict[str, list[int]] = {}
    for number, *_, signal in months:
        if signal:
            found.setdefault(signal, []).append(number)
    assert found == MARKED[measure]


def test_six_of_the_eight_measures_have_a_message_about_their_months(
    demonstration: Result,
):
    messages = demonstration.rows(
        "select measure, message_code, side,"
        " list_transform(months, lambda month: month(month)), run_length"
        f" from reporting.rpt_board_signals where quarter = '{QUARTER}'"
        " and measure in (select measure_code from marts.dim_measures"
        " where source_extract = 'crimes') order by measure"
    )
    assert messages == [
        ("cyber_crime", "outside", "above", [7], None),
        ("domestic_abuse", "none", None, [], None),
        ("fraud", "shift", "below", [], 10),
        ("hate_crime", "outside", "above", [7], None),
        ("knife_crime", "trend", "rising", [], 7),
        ("nte_crime", "outside", "above", [8], None),
        ("personal_robbery", "outside", "above", [7, 8], None),
        ("residential_burglary", "none", None, [], None),
    ]
