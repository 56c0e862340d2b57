"""Peak hours: as many as asked for, in events, on the days that are hard."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sites.errors import SitesError
from sites.grid import price_shape
from sites.peaks import COMFORT_C, STRESS_PER_K, stress, stress_rank
from sites.synthetic import synthetic_weather
from sites.table import builtin_sites
from sites.year import MONTH_OF_HOUR

SITES = st.sampled_from(sorted(builtin_sites()))
FLAT = np.ones(8760)


def rank_at(name: str, event_h: int = 4, seed: int = 0) -> np.ndarray:
    site = builtin_sites()[name]
    drybulb_c = synthetic_weather(site, seed=seed).frame["drybulb_c"].to_numpy(float)
    return stress_rank(stress(price_shape(site.grid_area, site.utc_offset_h), drybulb_c), event_h)


@settings(max_examples=20, deadline=None)
@given(name=SITES, event_h=st.integers(1, 24))
def test_every_hour_has_its_own_rank(name: str, event_h: int) -> None:
    rank = rank_at(name, event_h)

    assert np.array_equal(np.sort(rank), np.arange(8760))
    assert np.array_equal(rank, rank_at(name, event_h))


@settings(max_examples=20, deadline=None)
@given(name=SITES, event_h=st.integers(1, 12), n=st.integers(1, 365))
def test_peak_hours_are_whole_events_of_one_day_each(name: str, event_h: int, n: int) -> None:
    hours = np.flatnonzero(rank_at(name, event_h) < n * event_h)
    events = hours.reshape(n, event_h)

    assert (np.diff(events, axis=1) == 1).all()
    assert len(set((events // 24).ravel().tolist())) == n


def test_a_hotter_day_is_harder_by_paper() -> None:
    """20 degC but for one July day at 30: the month's mean is 1.7 K + 10/31 K from comfort."""
    drybulb_c = np.full(8760, 20.0)
    day = 190
    drybulb_c[24 * day : 24 * day + 24] = 30.0
    away = 20.0 - COMFORT_C
    hot = 1 + STRESS_PER_K * (10 - 10 / 31)

    found = stress(FLAT, drybulb_c)

    assert away == pytest.approx(1.7)
    assert found[24 * day + 5] == pytest.approx(hot)
    assert found[24 * (day + 1)] == pytest.approx(1 - STRESS_PER_K * 10 / 31)
    assert found[0] == pytest.approx(1.0)


def test_cold_is_as_hard_as_heat() -> None:
    drybulb_c = np.full(8760, COMFORT_C)
    drybulb_c[:24] = COMFORT_C - 8
    warm = 2 * COMFORT_C - drybulb_c

    assert stress(FLAT, drybulb_c) == pytest.approx(stress(FLAT, warm))


def test_an_event_lies_on_the_dear_hours_of_the_hardest_day() -> None:
    shape = FLAT.copy()
    shape[24 * 100 + 17 : 24 * 100 + 21] = 1.5
    shape[24 * 200 + 2] = 1.9
    rank = stress_rank(shape)

    assert rank[24 * 100 + 17 : 24 * 100 + 21].tolist() == [0, 1, 2, 3]
    assert rank[24 * 200 : 24 * 200 + 4].tolist() == [4, 5, 6, 7]


def test_after_the_events_the_harder_hours_come_first() -> None:
    """With events of an hour, the second hardest hour of a day comes after all 365 events."""
    shape = FLAT.copy()
    shape[[30, 31]] = 3.0, 2.0
    rank = stress_rank(shape, event_h=1)

    assert rank[30] == 0
    assert rank[31] == 365


@pytest.mark.parametrize("name", ["abilene_tx", "ashburn_va"])
def test_the_south_is_cut_on_hot_afternoons(name: str) -> None:
    hours = np.flatnonzero(rank_at(name) < 88)
    summer = np.isin(MONTH_OF_HOUR[hours], [5, 6, 7, 8])

    assert summer.mean() > 0.8
    assert np.median(hours % 24) in (13, 14, 15, 16, 17)


@pytest.mark.parametrize("event_h", [0, 25])
def test_an_event_is_of_a_day(event_h: int) -> None:
    with pytest.raises(SitesError, match="1 to 24 h"):
        stress_rank(FLAT, event_h)
