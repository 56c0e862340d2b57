"""What a wind turbine makes of the weather."""

from functools import cache
from typing import Final

import numpy as np
from scipy.special import ndtri

from sites.ranges import check_ranges
from sites.weather import Weather
from sites.year import Floats

MEASURED_AT_M: Final = 10.0
"""Height of the wind of `Weather` [m]."""

CUT_IN_M_PER_S, RATED_M_PER_S, CUT_OUT_M_PER_S = 4.0, 9.8, 25.0
"""Of the IEA 3.4 MW turbine for land, 130 m rotor: Bortolotti et al., NREL/TP-5000-73492 (2019)."""

STANDARD_DENSITY_KG_PER_M3 = 1.225
"""At which power curves are given: 15 °C at sea level (IEC 61400-12-1)."""

_GAS_CONSTANT_J_PER_KG_K = 287.05
_GRAVITY_M_PER_S2 = 9.80665
_STEP_M_PER_S = 0.05
_FASTEST_M_PER_S = 60.0
_GUSTS = 400  # equally likely


def wind_capacity_factor(
    weather: Weather,
    *,
    hub_height_m: float = 110.0,
    turbulence_intensity: float = 0.10,
    resource_scale: float = 1.0,
) -> Floats:
    """Output of a turbine on open land over its rating, before the losses of a farm.

    Wind of 10 m is brought to hub height, made to that of standard density as to its power [1]_,
    and put through the power curve of a multi-megawatt turbine.

    Parameters
    ----------
    weather
        A year of weather.
    hub_height_m
        Height of the hub above ground, 10 to 200 [m].
    turbulence_intensity
        Standard deviation of the wind within an hour and over the farm, over its mean, 0..0.5.
    resource_scale
        Factor on the wind at hub height: a mast or an atlas may know better than 10 m.

    Returns
    -------
    array, shape (8760,)
        Alternating current over rating, 0..1. Wakes, outages, cables and ice take about 0.15 more.

    Raises
    ------
    ValueError
        If a parameter lies outside its range.

    References
    ----------
    .. [1] IEC 61400-12-1:2017, "Power performance measurements of electricity producing wind
       turbines," section 9.1.5: of turbines that turn their blades, the wind is multiplied by the
       cube root of the density over the standard one.
    """
    check_ranges(
        {
            "hub_height_m": (hub_height_m, 10.0, 200.0),
            "turbulence_intensity": (turbulence_intensity, 0.0, 0.5),
            "resource_scale": (resource_scale, 0.1, 3.0),
        }
    )
    wind = resource_scale * at_height(weather.values("wind_m_per_s"), hub_height_m)
    density = _density(weather.values("drybulb_c"), weather.values("pressure_pa"), hub_height_m)
    return power_curve(wind * np.cbrt(density / STANDARD_DENSITY_KG_PER_M3), turbulence_intensity)


def at_height(wind_m_per_s: Floats, height_m: float) -> Floats:
    r"""Bring wind measured at 10 m to another height.

    .. math:: v_z = v\,(z/10)^{\,0.37 - 0.088 \ln v}

    With this exponent a Weibull distribution stays one, and its scale and shape follow [1]_: calm
    hours gain more than windy ones, as they do over the year when nights are stable.

    Parameters
    ----------
    wind_m_per_s
        Wind at 10 m, not negative [m/s].
    height_m
        Above ground [m].

    Returns
    -------
    array, same shape
        Wind at the height [m/s].

    References
    ----------
    .. [1] C. G. Justus and A. Mikhail, "Height variation of wind speed and wind distributions
       statistics," Geophysical Research Letters 3 (1976) 261-264. doi:10.1029/GL003i005p00261

    Examples
    --------
    >>> at_height(np.array([0.0, 5.0]), 110.0).round(2)
    array([0.  , 8.65])
    """
    rise = np.log(height_m / MEASURED_AT_M)
    return np.asarray(np.exp(0.37 * rise) * wind_m_per_s ** (1 - 0.088 * rise), dtype=np.float64)


def power_curve(wind_m_per_s: Floats, turbulence_intensity: float) -> Floats:
    r"""Return the mean output over the rating at a mean wind of standard density.

    .. math:: \mathrm{E}\,[p(v(1 + I\epsilon))], \quad p(v) = \min(1, (v/v_r)^3)

    between cut-in and cut-out, 0 outside, with a normal variable epsilon: a turbine turns its
    blades for the most power up to its rating, and turbulence rounds the corners off [1]_.

    Parameters
    ----------
    wind_m_per_s
        Mean wind of the hour at hub height, not negative [m/s].
    turbulence_intensity
        Standard deviation over the mean [1].

    Returns
    -------
    array, same shape
        Output over rating, 0..1.

    References
    ----------
    .. [1] Y.-M. Saint-Drenan et al., "A parametric model for wind turbine power curves
       incorporating environmental conditions," Renewable Energy 157 (2020) 754-768.
       doi:10.1016/j.renene.2020.04.123
    """
    return np.interp(wind_m_per_s, *_curve(turbulence_intensity))


@cache
def _curve(turbulence_intensity: float) -> tuple[Floats, Floats]:
    means = np.arange(0, _FASTEST_M_PER_S, _STEP_M_PER_S)
    gusts = ndtri((np.arange(_GUSTS) + 0.5) / _GUSTS)
    wind = np.maximum(means[:, None] * (1 + turbulence_intensity * gusts), 0)
    return means, _steady(wind).mean(axis=1)


def _steady(wind_m_per_s: Floats) -> Floats:
    runs = (wind_m_per_s >= CUT_IN_M_PER_S) & (wind_m_per_s < CUT_OUT_M_PER_S)
    return np.where(runs, np.minimum((wind_m_per_s / RATED_M_PER_S) ** 3, 1.0), 0.0)


def _density(drybulb_c: Floats, pressure_pa: Floats, height_m: float) -> Floats:
    """Density of air at a height over the weather's, of one temperature [kg/m³]."""
    warmth = _GAS_CONSTANT_J_PER_KG_K * (drybulb_c + 273.15)
    pressure = pressure_pa * np.exp(-_GRAVITY_M_PER_S2 * height_m / warmth)
    return np.asarray(pressure / warmth, dtype=np.float64)
