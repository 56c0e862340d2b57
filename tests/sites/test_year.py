"""The calendar: 8,760 hours, no leap day."""

import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from sites.year import DAYS_IN_MONTH, HOURS, MONTH_OF_HOUR, hour_of_year, mid_hours, monthly_means


def test_the_months_make_the_year() -> None:
    assert sum(DAYS_IN_MONTH) * 24 == HOURS == len(MONTH_OF_HOUR)
    assert np.bincount(MONTH_OF_HOUR).tolist() == [24 * days for days in DAYS_IN_MONTH]


def test_first_hour_is_half_past_midnight_on_the_local_clock() -> None:
    times = mid_hours(-6)

    assert len(times) == HOURS
    assert times[0] == pd.Timestamp("1990-01-01 06:30", tz="UTC")


def test_rows_count_the_hours_of_a_common_year() -> None:
    times = pd.date_range("2013-01-01", periods=HOURS, freq="h")

    rows = hour_of_year(times.month.to_numpy(), times.day.to_numpy(), times.hour.to_numpy())

    assert rows.tolist() == list(range(HOURS))


@given(st.lists(st.floats(-100, 100), min_size=12, max_size=12))
def test_monthly_means_of_monthly_values_are_those_values(values: list[float]) -> None:
    means = monthly_means(np.array(values)[MONTH_OF_HOUR], MONTH_OF_HOUR)

    np.testing.assert_allclose(means, values, atol=1e-9)
