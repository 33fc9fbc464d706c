"""How often a change is called higher or lower, in simulated series of known truth.

The models are the warehouse's own views. numpy draws the series, with four times the
variance of counts of independent events.
"""

from collections import Counter
from collections.abc import Callable, Iterator

import numpy as np
import pandas as pd
import pytest

from tests.built_models import BuiltModels
from tests.conftest import Result

SERIES = 4_000
MONTHS = pd.date_range("2019-10-01", periods=24, freq="MS")
DISPERSION = 4
YEAR, QUARTER = "previous_12_months", "same_quarter_last_year"


@pytest.fixture(scope="module")
def words(tiny: Result) -> Iterator[Callable[[float, float], dict[str, Counter]]]:
    """A function of two monthly means that returns the words of each comparison,
    counted.
    """
    built = BuiltModels(tiny.home, ())
    def counted(before: float, after: float) -> dict[str, Counter]:
        random = np.random.default_rng(20210930)
        means = np.repeat([before, after], 12)
        drawn = random.negative_binomial(
            means / (DISPERSION - 1), 1 / DISPERSION, (SERIES, 24)
        )
        frame = pd.DataFrame(
            {
                "area_code": np.repeat(np.arange(SERIES), 24),
                "month": np.tile(MONTHS, SERIES),
                "value": drawn.reshape(-1),
            }
        )
        built.connection.register("drawn", frame)
        built.connection.execute(
            # The views of changes read their months only from this table.
            "delete from intermediate.int_measures_by_area;"
            " insert into intermediate.int_measures_by_area by name select"
            " 'essex' as force_code, 'knife_crime' as measure_code, month,"
            " 'force' as area_level, area_code, value, true as has_record from drawn"
        )
        found: dict[str, Counter] = {YEAR: Counter(), QUARTER: Counter()}
        for comparison, word, count in built.rows(
            "select comparison_code, change_code, count(*)"
            " from intermediate.int_change_intervals"
            f" where period_end = '2021-09-30' and comparison_code in ('{YEAR}',"
            f" '{QUARTER}') group by all"
        ):
            found[comparison][word] = count
        assert all(sum(counts.values()) == SERIES for counts in found.values())
        return found

    yield counted
    built.connection.close()


@pytest.mark.parametrize("mean", [20, 60, 230])
def test_an_unchanged_series_is_called_higher_or_lower_in_at_most_6_percent(
    words: Callable, mean: int
):
    for comparison, counts in words(mean, mean).items():
        called = counts["higher"] + counts["lower"]
        assert 0 < called <= 0.06 * SERIES, (comparison, counts)


def test_a_fall_of_a_fifth_is_called_lower_in_nine_years_of_ten(words: Callable):
    year = words(230, 184)[YEAR]
    assert year["lower"] >= 0.9 * SERIES
    assert year["higher"] == 0
