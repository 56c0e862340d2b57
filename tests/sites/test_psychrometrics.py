"""Wet bulbs agree with ASHRAE, with Stull, and with reason."""

import numpy as np
import psychrolib
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sites.psychrometrics import saturation_pressure_pa, standard_pressure_pa, wet_bulb_c


def wet_bulb(drybulb_c: float, humidity: float, pressure_pa: float) -> float:
    dry = np.array([drybulb_c])
    return float(wet_bulb_c(dry, humidity * saturation_pressure_pa(dry), pressure_pa)[0])


@pytest.mark.parametrize("pressure_pa", [101325.0, 83437.0])
@pytest.mark.parametrize("drybulb_c", [5.0, 20.0, 35.0, 45.0])
@pytest.mark.parametrize("humidity", [0.5, 0.7, 0.95])
def test_agrees_with_ashrae(drybulb_c: float, humidity: float, pressure_pa: float) -> None:
    """ASHRAE Handbook Fundamentals 2017, chapter 1, equations 33 and 35, as in PsychroLib."""
    psychrolib.SetUnitSystem(psychrolib.SI)
    expected = psychrolib.GetTWetBulbFromRelHum(drybulb_c, humidity, pressure_pa)

    assert wet_bulb(drybulb_c, humidity, pressure_pa) == pytest.approx(expected, abs=0.1)


def test_bulb_below_freezing_is_taken_as_wet_not_iced() -> None:
    """ASHRAE's bulb is iced below 0 degC and colder by half a kelvin in dry air."""
    psychrolib.SetUnitSystem(psychrolib.SI)
    iced = psychrolib.GetTWetBulbFromRelHum(5.0, 0.3, 101325.0)

    assert 0.2 < wet_bulb(5.0, 0.3, 101325.0) - iced < 0.6


def test_agrees_with_stull() -> None:
    """Stull 2011, J. Appl. Meteor. Climatol. 50, 2267: 20 degC and 50 % give 13.7 degC.

    doi:10.1175/JAMC-D-11-0143.1
    """
    assert wet_bulb(20.0, 0.5, 101325.0) == pytest.approx(13.7, abs=0.2)


@given(
    drybulb_c=st.floats(-40, 50),
    humidity=st.floats(0.02, 1.0),
    pressure_pa=st.floats(70_000, 105_000),
)
def test_solves_its_equation_between_dew_point_and_dry_bulb(
    drybulb_c: float, humidity: float, pressure_pa: float
) -> None:
    wet = wet_bulb(drybulb_c, humidity, pressure_pa)

    vapour = humidity * saturation_pressure_pa(np.array([drybulb_c]))[0]
    at_wet = saturation_pressure_pa(np.array([wet]))[0]
    assert at_wet - 6.62e-4 * pressure_pa * (drybulb_c - wet) == pytest.approx(vapour, abs=0.05)
    assert at_wet >= vapour - 0.05
    assert wet <= drybulb_c


def test_saturated_air_cools_no_further() -> None:
    assert wet_bulb(30.0, 1.0, 95_000.0) == pytest.approx(30.0, abs=1e-4)
    assert wet_bulb(30.0, 1.2, 95_000.0) == pytest.approx(30.0, abs=1e-4)


def test_pressure_at_denver() -> None:
    """U.S. Standard Atmosphere 1976, table I: 1,600 m, 83,524 Pa."""
    assert standard_pressure_pa(1600.0) == pytest.approx(83524, abs=15)
