"""Moist air: saturation, dew point and wet bulb, for whole arrays at once."""

import numpy as np

from sites.year import Floats

_PSYCHROMETER_PER_K = 6.62e-4  # aspirated wet-bulb thermometer, WMO-No. 8, annex 4.B
_BISECTIONS = 26  # 60 K / 2**26 is below a millionth of a kelvin


def saturation_pressure_pa(temperature_c: Floats) -> Floats:
    """Pressure of water vapour over a plane of water.

    Parameters
    ----------
    temperature_c : array
        -60 to 60 [°C].

    Returns
    -------
    array
        Saturation pressure, by Buck's equation as revised in 1996 [1]_ [Pa].

    References
    ----------
    .. [1] A. L. Buck, "New equations for computing vapor pressure and enhancement factor,"
       J. Appl. Meteor. 20 (1981) 1527-1532.
       doi:10.1175/1520-0450(1981)020<1527:NEFCVP>2.0.CO;2

    Examples
    --------
    >>> saturation_pressure_pa(np.array([0.0, 20.0])).round(1).tolist()
    [611.2, 2338.3]
    """
    t = temperature_c
    return np.asarray(611.21 * np.exp((18.678 - t / 234.5) * t / (257.14 + t)), dtype=np.float64)


def standard_pressure_pa(elevation_m: float) -> float:
    """Pressure of the standard atmosphere.

    Parameters
    ----------
    elevation_m
        Height above sea level [m].

    Returns
    -------
    float
        Air pressure, by the U.S. Standard Atmosphere, 1976 (NOAA-S/T 76-1562) [Pa].

    Examples
    --------
    >>> standard_pressure_pa(0.0), round(standard_pressure_pa(1609.0))
    (101325.0, 83431)
    """
    return float(101325.0 * (1 - 2.25577e-5 * elevation_m) ** 5.25588)


def wet_bulb_c(drybulb_c: Floats, vapour_pa: Floats, pressure_pa: Floats | float) -> Floats:
    """Wet-bulb temperature of air at any height, from the psychrometric equation.

    Solves ``e_s(T_w) - A p (T - T_w) = e`` by bisection between the dew point and the dry bulb,
    with A = 6.62e-4 per kelvin [1]_. Below freezing the bulb is taken as wet, not iced.

    Parameters
    ----------
    drybulb_c : array
        Air temperature [°C].
    vapour_pa : array
        Pressure of water vapour; what exceeds saturation is ignored [Pa].
    pressure_pa : array or float
        Air pressure [Pa].

    Returns
    -------
    array
        Wet-bulb temperature, never above ``drybulb_c`` [°C].

    References
    ----------
    .. [1] World Meteorological Organization, "Guide to Meteorological Instruments and Methods
       of Observation," WMO-No. 8 (2014), part I, annex 4.B.

    Examples
    --------
    >>> air, vapour = np.array([20.0]), 0.5 * saturation_pressure_pa(np.array([20.0]))
    >>> wet_bulb_c(air, vapour, 101325.0).round(1).tolist()
    [13.8]
    """
    low, high = drybulb_c - 60.0, drybulb_c
    for _ in range(_BISECTIONS):
        middle = 0.5 * (low + high)
        excess = (
            saturation_pressure_pa(middle)
            - _PSYCHROMETER_PER_K * pressure_pa * (drybulb_c - middle)
            - vapour_pa
        )
        low, high = np.where(excess < 0, middle, low), np.where(excess < 0, high, middle)
    return np.minimum(0.5 * (low + high), drybulb_c)
