"""A year of weather that cannot be is refused, with what to try."""

from dataclasses import FrozenInstanceError, replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sites.errors import WeatherError
from sites.weather import COLUMNS, Weather


def changed(weather: Weather, **columns: object) -> Weather:
    return replace(weather, frame=weather.frame.assign(**columns))


def problems(weather: Weather, **columns: object) -> str:
    with pytest.raises(WeatherError) as caught:
        changed(weather, **columns)
    error = caught.value
    assert error.source == weather.source
    assert all("; try " in problem for problem in error.problems)
    assert str(error).startswith(f"{weather.source}: ")
    return "\n".join(error.problems)


def test_a_good_year_is_taken_and_kept(weather: Weather) -> None:
    assert tuple(weather.frame.columns) == COLUMNS
    assert weather.values("drybulb_c").shape == (8760,)
    with pytest.raises(FrozenInstanceError):
        weather.utc_offset_h = -5  # type: ignore[misc]


def test_missing_columns_and_rows_are_told_together(weather: Weather) -> None:
    frame = weather.frame.drop(columns=["wetbulb_c", "dhi_w_per_m2"]).iloc[:8000]

    with pytest.raises(WeatherError) as caught:
        replace(weather, frame=frame)

    columns, rows = caught.value.problems
    assert columns.startswith("no column dhi_w_per_m2, wetbulb_c; try")
    assert rows.startswith("8000 rows where a year has 8760 hours; try")


def test_leap_day_is_not_taken(weather: Weather) -> None:
    frame = pd.concat([weather.frame, weather.frame.iloc[:24]])

    with pytest.raises(WeatherError, match=r"8784 rows .* without 29 February"):
        replace(weather, frame=frame)


def test_text_is_no_number(weather: Weather) -> None:
    text = weather.frame["drybulb_c"].map("{:.1f} C".format)

    assert "text instead of numbers in drybulb_c" in problems(weather, drybulb_c=text)


@pytest.mark.parametrize("hole", [np.nan, np.inf])
def test_hole_is_told_with_its_row(weather: Weather, hole: float) -> None:
    values = weather.values("drybulb_c").copy()
    values[[17, 4000]] = hole

    assert "drybulb_c is missing in 2 rows, first in row 17" in problems(weather, drybulb_c=values)


@pytest.mark.parametrize(
    ("column", "change", "advice"),
    [
        ("drybulb_c", lambda v: v * 1.8 + 32, "converting from degrees Fahrenheit"),
        ("drybulb_c", lambda v: v + 273.15, "converting from kelvin"),
        ("wetbulb_c", lambda v: v * 1.8 + 32, "converting from degrees Fahrenheit"),
        ("pressure_pa", lambda v: v / 100, "converting from hPa or mbar (x 100)"),
        ("pressure_pa", lambda v: v / 101325, "pressure in Pa"),
        ("ghi_w_per_m2", lambda v: v * 2, "W/m2 as the unit"),
        ("dni_w_per_m2", lambda v: np.where(v > 900, 9999, v), "missing-value codes such as 9999"),
        ("ghi_w_per_m2", lambda v: v - 2, "removing negative values"),
        ("wind_m_per_s", lambda v: np.where(v > 9, 999, v), "missing-value codes such as 99"),
    ],
)
def test_value_out_of_bounds_is_told_with_its_likely_cause(
    weather: Weather, column: str, change: object, advice: str
) -> None:
    assert callable(change)
    wrong = change(weather.values(column))

    found = problems(weather, **{column: wrong})

    assert found.startswith(f"{column} is ")
    assert advice in found


def test_all_columns_out_of_bounds_are_told_at_once(weather: Weather) -> None:
    found = problems(
        weather,
        drybulb_c=weather.values("drybulb_c") + 273,
        pressure_pa=weather.values("pressure_pa") / 100,
    )

    assert len(found.splitlines()) == 2


def test_wet_bulb_above_dry_bulb_is_refused(weather: Weather) -> None:
    swapped = {"drybulb_c": weather.frame["wetbulb_c"], "wetbulb_c": weather.frame["drybulb_c"]}

    assert "try whether the two are exchanged" in problems(weather, **swapped)
    changed(weather, wetbulb_c=weather.frame["wetbulb_c"].clip(upper=0) - 0.1)


@pytest.mark.parametrize(("factor", "daily"), [(0.001, "0.01"), (0.1, "0.51")])
def test_too_little_sun_is_a_wrong_unit(weather: Weather, factor: float, daily: str) -> None:
    names = ("ghi_w_per_m2", "dni_w_per_m2", "dhi_w_per_m2")
    light = {name: factor * weather.values(name) for name in names}

    assert f"sums to {daily} kWh/m2 a day" in problems(weather, **light)


@settings(max_examples=12, deadline=None)
@given(shift=st.sampled_from([-8, -6, -5, -2, -1, 1, 2, 5, 6, 8]))
def test_wrong_clock_is_found_to_the_hour(weather: Weather, shift: int) -> None:
    frame = weather.frame.apply(lambda column: np.roll(column, shift))

    with pytest.raises(WeatherError) as caught:
        replace(weather, frame=frame)

    word = "late" if shift > 0 else "early"
    assert f"the sun runs {abs(shift)} h {word} for 32.50, -99.79 at UTC-6" in str(caught.value)
    assert "local standard time (not UTC" in str(caught.value)


def test_daylight_saving_is_found(weather: Weather) -> None:
    """Summer an hour late: 2 a.m. on 10 March to 2 a.m. on 3 November."""
    start, end = 24 * 68 + 2, 24 * 306 + 2
    frame = weather.frame.copy()
    frame.iloc[start:end] = np.roll(frame.iloc[start:end], 1, axis=0)

    with pytest.raises(WeatherError, match=r"the sun runs 1 h late .* no daylight saving"):
        replace(weather, frame=frame)


def test_wrong_sign_of_longitude_is_found(weather: Weather) -> None:
    with pytest.raises(WeatherError, match="sign of the longitude"):
        replace(weather, longitude_deg=99.79)


def test_irradiances_that_are_exchanged_are_found(weather: Weather) -> None:
    swapped = {
        "dni_w_per_m2": weather.frame["ghi_w_per_m2"],
        "ghi_w_per_m2": weather.frame["dni_w_per_m2"],
    }

    assert "differs from dni_w_per_m2 cos(zenith) + dhi_w_per_m2" in problems(weather, **swapped)


def test_year_without_beam_is_refused(weather: Weather) -> None:
    dull = {"dhi_w_per_m2": weather.frame["ghi_w_per_m2"], "dni_w_per_m2": 0.0}

    assert "there is no beam" in problems(weather, **dull)
