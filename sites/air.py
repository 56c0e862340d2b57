"""Synthetic hourly air temperature, humidity and wind from monthly normals."""

import numpy as np
from scipy.special import ndtr

from sites.noise import ar1, monthly_scores
from sites.normals import Normals
from sites.psychrometrics import saturation_pressure_pa, wet_bulb_c
from sites.year import DAYS, HOURS, MONTH_OF_DAY, MONTH_OF_HOUR, Floats, monthly_means

_HOUR_ANGLE = 2 * np.pi * np.arange(24) / 24
# Erbs, Klein & Beckman 1983, equation 3; row h is the hour ending h + 1.
_DAY_COURSE = (
    0.4632 * np.cos(_HOUR_ANGLE - 3.805)
    + 0.0984 * np.cos(2 * _HOUR_ANGLE - 0.360)
    + 0.0168 * np.cos(3 * _HOUR_ANGLE - 0.822)
    + 0.0138 * np.cos(4 * _HOUR_ANGLE - 3.513)
)
# The next six figures are fits to the 67 TMY3 stations.
_DRYBULB_MEMORY = 0.70
_DEWPOINT_MEMORY = 0.60
_WIND_MEMORY = 0.82
_RANGE_BY_CLEARNESS = 0.70  # a day twice as clear as the month has a 70 % wider range
_RANGE_SPREAD = 0.25
# The course is of monthly means, whose swing is 0.8 of the mean daily range; single days add
# their own peak at other hours. 0.9 meets the hours exceeded in 0.4 % of the year.
_COURSE_SHARE = 0.90
_WIND_COURSE = 1 + 0.2 * np.cos(2 * np.pi * (np.arange(24) - 14) / 24)
_RAYLEIGH = 2 / np.sqrt(np.pi)  # scale over mean of a Weibull variable with shape 2


def synthetic_drybulb(
    normals: Normals, clearness: Floats, scores: Floats, rng: np.random.Generator
) -> Floats:
    """Draw a year of air temperature.

    The daily mean follows ``scores``; the day's course is that of [1]_, wider on clear days.
    Every month keeps its mean temperature and its mean daily range.

    Parameters
    ----------
    normals
        What the months are like.
    clearness : shape (365,)
        Each day's irradiation over that above the air.
    scores : shape (365,)
        Normal scores of the daily mean temperature.
    rng
        Source of randomness.

    Returns
    -------
    array, shape (8760,)
        Air temperature [°C].

    References
    ----------
    .. [1] D. G. Erbs, S. A. Klein and W. A. Beckman, "Estimation of degree-days and ambient
       temperature bin data from monthly-average temperatures," ASHRAE Journal 25 (6) (1983)
       60-65.
    """
    mean = normals.drybulb_c[MONTH_OF_DAY] + scores * normals.drybulb_sd_c[MONTH_OF_DAY]
    relative = clearness / monthly_means(clearness, MONTH_OF_DAY)[MONTH_OF_DAY]
    noise = _RANGE_SPREAD * rng.standard_normal(DAYS)
    width = np.clip(1 + _RANGE_BY_CLEARNESS * (relative - 1) + noise, 0.15, 2.0)
    width *= (normals.daily_range_c / monthly_means(width, MONTH_OF_DAY))[MONTH_OF_DAY]
    course = _COURSE_SHARE * width[:, None] * (_DAY_COURSE - _DAY_COURSE.mean())
    return np.asarray((mean[:, None] + course).ravel(), dtype=np.float64)


def synthetic_wetbulb(
    normals: Normals,
    drybulb_c: Floats,
    scores: Floats,
    pressure_pa: float,
    rng: np.random.Generator,
) -> Floats:
    """Draw a year of wet-bulb temperature.

    The dew point is constant over a day and correlated with the day's temperature, in the manner
    of [1]_. It is capped at the month's highest and at the air temperature, and the wet bulb at
    what the month exceeds in one hour of a thousand.

    Parameters
    ----------
    normals
        What the months are like.
    drybulb_c : shape (8760,)
        Air temperature [°C].
    scores : shape (365,)
        Normal scores of the daily mean temperature.
    pressure_pa
        Air pressure [Pa].
    rng
        Source of randomness.

    Returns
    -------
    array, shape (8760,)
        Wet-bulb temperature, never above ``drybulb_c`` [°C].

    References
    ----------
    .. [1] K. M. Knight, S. A. Klein and J. A. Duffie, "A methodology for the synthesis of hourly
       weather data," Solar Energy 46 (1991) 109-120.
    """
    own = monthly_scores(ar1(rng, DAYS, _DEWPOINT_MEMORY))
    shared = normals.dewpoint_correlation[MONTH_OF_DAY]
    mixed = shared * scores + np.sqrt(1 - shared**2) * own
    daily = normals.dewpoint_c[MONTH_OF_DAY] + mixed * normals.dewpoint_sd_c[MONTH_OF_DAY]
    dewpoint = np.repeat(np.minimum(daily, normals.dewpoint_max_c[MONTH_OF_DAY]), 24)
    vapour = saturation_pressure_pa(np.minimum(dewpoint, drybulb_c))
    wetbulb = wet_bulb_c(drybulb_c, vapour, pressure_pa)
    return np.minimum(wetbulb, normals.wetbulb_p999_c[MONTH_OF_HOUR])


def synthetic_wind(normals: Normals, rng: np.random.Generator) -> Floats:
    """Draw a year of wind at 10 m: Rayleigh speeds with a memory, strongest in the afternoon.

    Parameters
    ----------
    normals
        What the months are like.
    rng
        Source of randomness.

    Returns
    -------
    array, shape (8760,)
        Wind speed, with the mean of each month's normal [m/s].
    """
    share = np.clip(ndtr(ar1(rng, HOURS, _WIND_MEMORY)), 1e-6, 1 - 1e-6)
    speed = _RAYLEIGH * np.sqrt(-np.log(1 - share)) * np.tile(_WIND_COURSE, DAYS)
    speed *= (normals.wind_m_per_s / monthly_means(speed, MONTH_OF_HOUR))[MONTH_OF_HOUR]
    return np.asarray(speed, dtype=np.float64)
