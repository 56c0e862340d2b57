"""Tracker output follows PVWatts, and no more comes out than went in."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sites.solar import tracker_capacity_factor
from sites.sun import sun_at
from sites.synthetic import synthetic_weather
from sites.table import builtin_sites
from sites.weather import Weather


def test_a_field_that_lies_flat_follows_pvwatts_by_hand(weather: Weather) -> None:
    """Flat modules see global light; the rest is arithmetic of the PVWatts 5 manual.

    cell = air + G / (25 + 6.84 wind)                                   (Faiman 2008)
    dc   = 1.3 x 0.86 x G / 1000 x (1 - 0.0035 (cell - 25))             (equation 8)
    z    = dc x 0.96
    ac   = 0.96 / 0.9637 x (-0.0162 z - 0.0059 / z + 0.9858) x dc, at most 1   (equations 9-11)
    """
    flat = tracker_capacity_factor(weather, max_angle_deg=0.0)

    for hour in (8 + 24 * 20, 12 + 24 * 100, 13 + 24 * 180, 10 + 24 * 300):
        row = weather.frame.iloc[hour]
        cell = row.drybulb_c + row.ghi_w_per_m2 / (25 + 6.84 * row.wind_m_per_s)
        dc = 1.3 * 0.86 * row.ghi_w_per_m2 / 1000 * (1 - 0.0035 * (cell - 25))
        z = dc * 0.96
        efficiency = 0.96 / 0.9637 * (-0.0162 * z - 0.0059 / z + 0.9858)
        assert flat[hour] == pytest.approx(min(efficiency * dc, 1.0), rel=2e-3)


@settings(max_examples=12, deadline=None)
@given(
    name=st.sampled_from(sorted(builtin_sites())),
    seed=st.integers(0, 1000),
    dc_ac_ratio=st.floats(1.0, 1.6),
    scale=st.floats(0.9, 1.1),
)
def test_nothing_at_night_and_never_above_rating(
    name: str, seed: int, dc_ac_ratio: float, scale: float
) -> None:
    site = builtin_sites()[name]
    year = synthetic_weather(site, seed)

    output = tracker_capacity_factor(year, dc_ac_ratio=dc_ac_ratio, resource_scale=scale)

    sun = sun_at(site.latitude_deg, site.longitude_deg, site.elevation_m, site.utc_offset_h)
    assert output.shape == (8760,)
    assert np.isfinite(output).all()
    assert (output >= 0).all()
    assert (output <= 1).all()
    assert (output[sun.zenith_deg > 90] == 0).all()


@pytest.mark.parametrize(
    "change", [{"resource_scale": 1.04}, {"dc_ac_ratio": 1.4}, {"losses": 0.10}]
)
def test_more_light_or_modules_or_fewer_losses_never_give_less(
    weather: Weather, change: dict[str, float]
) -> None:
    base, more = tracker_capacity_factor(weather), tracker_capacity_factor(weather, **change)

    assert (more >= base - 1e-12).all()
    assert more.mean() > base.mean()


def test_trackers_beat_a_flat_field_by_a_fifth_or_more(weather: Weather) -> None:
    """Single-axis tracking adds 18 to 25 % to a horizontal field in the Southwest."""
    gain = tracker_capacity_factor(weather).mean()
    gain /= tracker_capacity_factor(weather, max_angle_deg=0.0).mean()

    assert 1.15 < gain < 1.35


def test_scale_of_four_percent_gains_less_than_four_percent(weather: Weather) -> None:
    """The inverter clips what exceeds its rating, and warm modules lose."""
    base = tracker_capacity_factor(weather).mean()
    gain = tracker_capacity_factor(weather, resource_scale=1.04).mean() / base - 1

    assert 0.02 < gain < 0.04


@pytest.mark.parametrize(
    "wrong",
    [{"losses": 14.0}, {"dc_ac_ratio": 0.0}, {"inverter_efficiency": 96.0}, {"albedo": math.nan}],
)
def test_percent_for_shares_is_refused(weather: Weather, wrong: dict[str, float]) -> None:
    with pytest.raises(ValueError, match=f"{next(iter(wrong))} is .* outside"):
        tracker_capacity_factor(weather, **wrong)
