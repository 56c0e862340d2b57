"""Random series have the memory and the spread they promise."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sites.noise import ar1, monthly_scores, monthly_shares
from sites.year import MONTH_OF_DAY


@pytest.mark.parametrize("memory", [0.0, 0.55, 0.9])
def test_series_has_unit_variance_and_its_memory(memory: float) -> None:
    series = ar1(np.random.default_rng(1), 200_000, memory)

    assert series.mean() == pytest.approx(0, abs=0.03)
    assert series.var() == pytest.approx(1, abs=0.03)
    assert np.corrcoef(series[1:], series[:-1])[0, 1] == pytest.approx(memory, abs=0.01)


def test_the_first_value_is_as_wide_as_the_rest() -> None:
    first = [ar1(np.random.default_rng(seed), 2, 0.9)[0] for seed in range(2000)]

    assert np.var(first) == pytest.approx(1, abs=0.1)


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 2**32))
def test_shares_are_even_slices_in_the_order_of_the_series(seed: int) -> None:
    series = np.random.default_rng(seed).standard_normal(365)

    shares = monthly_shares(series)

    february = MONTH_OF_DAY == 1
    assert sorted(shares[february]) == pytest.approx((np.arange(28) + 0.5) / 28)
    assert (series[february].argsort() == shares[february].argsort()).all()


def test_scores_have_deviation_one_in_each_month() -> None:
    scores = monthly_scores(np.random.default_rng(0).standard_normal(365))

    for month in range(12):
        days = scores[month == MONTH_OF_DAY]
        assert days.mean() == pytest.approx(0, abs=1e-12)
        assert days.std(ddof=1) == pytest.approx(1)
