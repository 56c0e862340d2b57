"""Wind at the hub follows Justus and Mikhail, output the turbine, places their known classes."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sites.synthetic import synthetic_weather
from sites.table import builtin_sites
from sites.weather import Weather
from sites.wind import at_height, power_curve, wind_capacity_factor

LOSSES = 0.15
"""Wakes, outages, cables and ice: NREL ATB 2024."""

WINDS = st.lists(st.floats(0, 45), min_size=1, max_size=50).map(np.array)


def test_the_exponent_falls_with_the_wind() -> None:
    """0.37 - 0.088 ln 5 = 0.2284, so 5 x 11^0.2284 = 8.646 m/s; at 10 m/s 0.1674 and 14.94."""
    assert at_height(np.array([5.0, 10.0]), 110.0) == pytest.approx([8.646, 14.94], abs=0.005)


def test_the_wind_of_ten_metres_is_that_of_ten_metres() -> None:
    wind = np.array([0.0, 0.3, 7.0, 30.0])

    assert at_height(wind, 10.0) == pytest.approx(wind)


def test_a_weibull_distribution_stays_one() -> None:
    """Shape 2 and scale 6 m/s at 10 m: at 110 m shape 2 / (1 - 0.088 ln 11) = 2.535 and the scale
    6 x 11^(0.37 - 0.088 ln 6) = 9.98 m/s, which 1 - 1/e of all hours do not exceed.
    """
    share = (np.arange(20_000) + 0.5) / 20_000
    here = 6 * (-np.log(1 - share)) ** (1 / 2)
    there = at_height(here, 110.0)

    shape = 2 / (1 - 0.088 * math.log(11))
    scale = 6 * 11 ** (0.37 - 0.088 * math.log(6))

    assert (shape, scale) == pytest.approx((2.535, 9.98), abs=0.005)
    assert there == pytest.approx(scale * (-np.log(1 - share)) ** (1 / shape))


@pytest.mark.parametrize(
    ("wind", "output"), [(3.9, 0.0), (4.9, 0.125), (9.8, 1.0), (24.9, 1.0), (25.1, 0.0), (70, 0)]
)
def test_steady_wind_gives_its_cube_up_to_the_rating(wind: float, output: float) -> None:
    """Half of 9.8 m/s gives an eighth."""
    assert power_curve(np.array([wind]), 0.0) == pytest.approx(output, abs=1e-3)


def test_gusts_add_below_the_rating_and_take_at_it() -> None:
    """E[(1 + 0.1 e)^3] = 1 + 3 x 0.01 = 1.03 far from the corners; half of all gusts at the rating
    are lulls, of mean 1 - 3 x 0.1 x 0.7979 + 3 x 0.01 - ... = 0.789, so the mean is 0.894.
    """
    found = power_curve(np.array([7.0, 9.8]), 0.1)
    lull = 1 - 0.3 * math.sqrt(2 / math.pi) + 0.03 - 0.001 * 2 * math.sqrt(2 / math.pi)

    assert found == pytest.approx([1.03 * (7 / 9.8) ** 3, (1 + lull) / 2], rel=2e-3)


@settings(max_examples=50, deadline=None)
@given(wind=WINDS, gusts=st.sampled_from([0.0, 0.05, 0.1, 0.2]))
def test_output_is_a_share_of_the_rating(wind: np.ndarray, gusts: float) -> None:
    found = power_curve(wind, gusts)

    assert (found >= 0).all()
    assert (found <= 1).all()


@settings(max_examples=50, deadline=None)
@given(wind=WINDS.map(lambda v: np.sort(v) / 3), gusts=st.sampled_from([0.0, 0.1, 0.15]))
def test_more_wind_gives_no_less_far_from_cut_out(wind: np.ndarray, gusts: float) -> None:
    assert (np.diff(power_curve(wind, gusts)) >= -1e-12).all()


def test_the_curve_has_no_corner() -> None:
    """Between half a metre a second more and less output changes by less than an eighth."""
    found = power_curve(np.arange(0, 40, 0.5), 0.1)

    assert np.abs(np.diff(found)).max() < 0.125


def test_thin_air_gives_less(weather: Weather) -> None:
    """Three fifths of the pressure are three fifths of the density and, below the rating, power."""
    thin = Weather(
        weather.frame.assign(pressure_pa=0.6 * weather.frame["pressure_pa"]),
        weather.latitude_deg,
        weather.longitude_deg,
        weather.elevation_m,
        weather.utc_offset_h,
        "thin",
        synthetic=True,
    )
    dense, found = wind_capacity_factor(weather), wind_capacity_factor(thin)
    below = (found > 0.15) & (dense < 0.5)

    assert below.sum() > 500
    assert found[below] / dense[below] == pytest.approx(0.6, abs=0.02)


def test_a_higher_hub_and_a_better_place_give_more(weather: Weather) -> None:
    usual = wind_capacity_factor(weather).mean()

    assert wind_capacity_factor(weather, hub_height_m=140).mean() > usual
    assert wind_capacity_factor(weather, resource_scale=1.1).mean() > usual
    assert wind_capacity_factor(weather, resource_scale=0.9).mean() < usual


@pytest.mark.parametrize(
    ("site", "low", "high"),
    [
        ("abilene_tx", 0.42, 0.50),
        ("amarillo_tx", 0.46, 0.54),
        ("cheyenne_wy", 0.42, 0.50),
        ("ellendale_nd", 0.40, 0.48),
        ("wdm_ia", 0.38, 0.46),
        ("pryor_ok", 0.36, 0.46),
        ("ashburn_va", 0.20, 0.30),
        ("maiden_nc", 0.18, 0.30),
        ("montgomery_al", 0.14, 0.25),
        ("quincy_wa", 0.25, 0.36),
    ],
)
def test_places_are_of_their_known_class(site: str, low: float, high: float) -> None:
    """After losses: 0.36-0.48 in the Plains, up to 0.5 at their best, 0.2-0.3 in the South-East."""
    output = wind_capacity_factor(synthetic_weather(builtin_sites()[site]))

    assert low <= (1 - LOSSES) * output.mean() <= high


@pytest.mark.parametrize(
    "wrong", [{"hub_height_m": 5.0}, {"turbulence_intensity": 0.6}, {"resource_scale": 0.0}]
)
def test_figures_out_of_range_are_refused(weather: Weather, wrong: dict[str, float]) -> None:
    with pytest.raises(ValueError, match=next(iter(wrong))):
        wind_capacity_factor(weather, **wrong)
