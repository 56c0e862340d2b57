"""Synthetic weather keeps the normals it was made from, and is always the same."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sites.errors import SitesError
from sites.normals import normals
from sites.site import Site
from sites.sun import sun_at
from sites.synthetic import synthetic_weather
from sites.table import builtin_sites
from sites.weather import Weather
from sites.year import MONTH_OF_DAY, MONTH_OF_HOUR, monthly_means

SITES = st.sampled_from(sorted(builtin_sites()))
SEEDS = st.integers(0, 10_000)


def by_month(weather: Weather, column: str) -> np.ndarray:
    return monthly_means(weather.values(column), MONTH_OF_HOUR)


@settings(max_examples=10, deadline=None)
@given(name=SITES, seed=SEEDS)
def test_same_seed_gives_the_same_year_and_another_seed_another(name: str, seed: int) -> None:
    site = builtin_sites()[name]

    year = synthetic_weather(site, seed)

    assert synthetic_weather(site, seed).frame.equals(year.frame)
    other = synthetic_weather(site, seed + 1)
    for column in ("ghi_w_per_m2", "drybulb_c", "wetbulb_c", "wind_m_per_s"):
        assert not np.array_equal(other.values(column), year.values(column))


def test_two_sites_of_one_station_differ() -> None:
    """Ashburn and Manassas share Dulles; their clouds must not come at the same hour."""
    ashburn, manassas = (
        synthetic_weather(builtin_sites()[n]) for n in ("ashburn_va", "manassas_va")
    )

    temperatures = ashburn.values("drybulb_c"), manassas.values("drybulb_c")
    assert np.corrcoef(*temperatures)[0, 1] < 0.98


def test_the_year_never_changes(weather: Weather) -> None:
    """Cuts and plans on disk are keyed by the weather: a change here must be meant."""
    assert weather.frame.iloc[4000].to_dict() == pytest.approx(
        {
            "ghi_w_per_m2": 493.05436,
            "dni_w_per_m2": 453.50560,
            "dhi_w_per_m2": 207.97192,
            "drybulb_c": 27.221814,
            "wetbulb_c": 20.532974,
            "wind_m_per_s": 7.6894860,
            "pressure_pa": 95175.006,
        },
        rel=1e-6,
    )


@settings(max_examples=15, deadline=None)
@given(name=SITES, seed=SEEDS)
def test_months_keep_their_normals(name: str, seed: int) -> None:
    site = builtin_sites()[name]
    months = normals(site.station)

    year = synthetic_weather(site, seed)

    ghi = 24 * by_month(year, "ghi_w_per_m2") / 1000
    dni = 24 * by_month(year, "dni_w_per_m2") / 1000
    np.testing.assert_allclose(ghi, months.ghi_kwh_per_m2_day, rtol=0.005)
    np.testing.assert_allclose(dni, months.dni_kwh_per_m2_day, rtol=0.05)
    np.testing.assert_allclose(by_month(year, "drybulb_c"), months.drybulb_c, atol=0.01)
    np.testing.assert_allclose(by_month(year, "wind_m_per_s"), months.wind_m_per_s)
    daily = year.values("drybulb_c").reshape(365, 24).mean(axis=1)
    spread = [daily[month == MONTH_OF_DAY].std(ddof=1) for month in range(12)]
    np.testing.assert_allclose(spread, months.drybulb_sd_c, rtol=0.01)


@settings(max_examples=15, deadline=None)
@given(name=SITES, seed=SEEDS)
def test_light_obeys_physics(name: str, seed: int) -> None:
    """No light at night, global = beam on the horizontal + diffuse, never above the sun's own."""
    site = builtin_sites()[name]

    year = synthetic_weather(site, seed)

    sun = sun_at(site.latitude_deg, site.longitude_deg, site.elevation_m, site.utc_offset_h)
    ghi, dni, dhi = (year.values(f"{part}_w_per_m2") for part in ("ghi", "dni", "dhi"))
    assert (ghi[sun.zenith_deg >= 90] == 0).all()
    np.testing.assert_allclose(ghi, dni * sun.cos_zenith + dhi, atol=1e-9)
    assert (dhi >= -1e-9).all()
    assert (dni <= 0.78 * sun.extraterrestrial_w_per_m2 + 1e-9).all()
    assert ghi.max() < 1250


def test_afternoon_is_warm_and_dawn_is_cold(weather: Weather) -> None:
    """Erbs et al. 1983 put the peak in the hour that ends at 15:00, the trough near sunrise."""
    day = weather.values("drybulb_c").reshape(365, 24).mean(axis=0)

    assert day.argmax() == 14
    assert day.argmin() in (4, 5)


def test_clear_days_swing_more(weather: Weather) -> None:
    daily = weather.values("drybulb_c").reshape(365, 24)
    swing = daily.max(axis=1) - daily.min(axis=1)
    light = weather.values("ghi_w_per_m2").reshape(365, 24).sum(axis=1)
    swing /= monthly_means(swing, MONTH_OF_DAY)[MONTH_OF_DAY]
    light /= monthly_means(light, MONTH_OF_DAY)[MONTH_OF_DAY]

    assert np.corrcoef(swing, light)[0, 1] > 0.4


def test_wet_bulb_is_capped_by_month(weather: Weather) -> None:
    cap = normals("722660").wetbulb_p999_c[MONTH_OF_HOUR]

    assert (weather.values("wetbulb_c") <= cap).all()


def test_says_that_it_is_synthetic(weather: Weather) -> None:
    assert weather.synthetic
    assert weather.source == "synthetic from the normals of station 722660, seed 0"


def test_negative_seed_is_refused(abilene: Site) -> None:
    with pytest.raises(ValueError, match="non-negative"):
        synthetic_weather(abilene, -1)


def test_place_without_a_station_near_is_refused(abilene: Site) -> None:
    far = abilene.model_copy(
        update={"station": "", "latitude_deg": 64.8, "longitude_deg": -147.7, "utc_offset_h": -9}
    )

    with pytest.raises(SitesError, match="try a weather file"):
        synthetic_weather(far)
