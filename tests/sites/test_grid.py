"""Price shapes have a mean of one and keep the hour they speak of."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sites.errors import UnknownNameError
from sites.grid import grid_areas, price_shape
from sites.year import MONTH_OF_DAY

AREAS = st.sampled_from(grid_areas())


@given(area=AREAS, offset=st.integers(-10, -4))
def test_mean_is_one_on_any_clock(area: str, offset: int) -> None:
    shape = price_shape(area, offset)

    assert shape.shape == (8760,)
    assert abs(shape.mean() - 1) < 1e-12
    assert shape.min() > 0.5
    assert shape.max() < 3


@given(area=AREAS)
def test_every_day_of_a_month_is_its_mean_day(area: str) -> None:
    days = price_shape(area).reshape(365, 24)

    for month in range(12):
        of_month = days[month == MONTH_OF_DAY]
        assert (of_month == of_month[0]).all()


def test_a_clock_further_east_shows_the_same_moment_an_hour_later() -> None:
    """Dominion's five in the afternoon Eastern is four o'clock Central."""
    eastern, central = price_shape("PJM-DOM", -5), price_shape("PJM-DOM", -6)

    assert np.array_equal(eastern[1:], central[:-1])
    assert np.array_equal(price_shape("PJM-DOM"), eastern)


def test_texas_pays_most_on_summer_afternoons_and_least_in_spring_nights() -> None:
    days = price_shape("ERCO-WEST").reshape(365, 24)
    dearest, cheapest = np.unravel_index(days.argmax(), days.shape), days.min(axis=1).argmin()

    assert MONTH_OF_DAY[dearest[0]] == 7
    assert 14 <= dearest[1] <= 18
    assert MONTH_OF_DAY[cheapest] in (2, 3, 9, 10)


def test_the_northern_plains_pay_most_in_winter() -> None:
    """WAUE heats with electricity: its demand peaks in January."""
    by_month = [
        price_shape("SWPP-WAUE").reshape(365, 24)[m == MONTH_OF_DAY].mean() for m in range(12)
    ]

    assert int(np.argmax(by_month)) in (0, 1)


def test_every_zone_of_ercot_has_one_shape() -> None:
    assert np.array_equal(price_shape("ERCO-WEST"), price_shape("ERCO-FWES"))


def test_there_are_59_areas_and_13_regions() -> None:
    assert len(grid_areas()) == 72
    assert {"PJM-DOM", "FLA", "NE"} <= set(grid_areas())


def test_unknown_area_is_told_with_similar_ones() -> None:
    with pytest.raises(UnknownNameError, match=r"unknown grid area 'PJM-DOMI'; try PJM-DOM"):
        price_shape("PJM-DOMI")
