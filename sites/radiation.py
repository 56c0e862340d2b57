"""Synthetic hourly sunshine from monthly normals."""

from dataclasses import dataclass

import numpy as np
import pvlib
from scipy.special import betaincinv

from sites.noise import ar1, monthly_shares
from sites.normals import Normals
from sites.sun import Sun
from sites.year import DAYS, HOURS, MONTH_OF_DAY, MONTH_OF_HOUR, Floats, monthly_means

_DAY_MEMORY = 0.29  # reference 1
_CLEARNESS_MIN, _CLEARNESS_MAX = 0.03, 0.80
_HOUR_MEMORY = 0.55  # reference 2: 0.54 +- 0.14
_HOUR_SPREAD = 0.22  # fit to the 67 TMY3 stations
_AEROSOL_DEPTH_700NM = 0.1
_WATER_CM = 1.5
_CLOSURE_PASSES = 2
_BEAM_SHARE_MAX = 0.95  # of global; some light is always diffuse
_TRANSMITTANCE_MAX = 0.78  # of beam, clean dry air at high ground: about 1,080 W/m2
_LOWEST_COS_ZENITH = 0.05


@dataclass(frozen=True, slots=True, eq=False)
class Radiation:
    """Irradiance, each of shape (8760,); ``ghi = dni cos(zenith) + dhi`` holds.

    Attributes
    ----------
    ghi_w_per_m2, dni_w_per_m2, dhi_w_per_m2
        On the horizontal, from the sun's disc, and from the rest of the sky [W/m²].
    """

    ghi_w_per_m2: Floats
    dni_w_per_m2: Floats
    dhi_w_per_m2: Floats


def synthetic_radiation(
    sun: Sun, normals: Normals, pressure_pa: float, rng: np.random.Generator
) -> Radiation:
    """Draw a year of sunshine with the daily spread and monthly sums of ``normals``.

    Daily clearness is a beta variable with a memory of one day [1]_. Within a day the clear-sky
    course [4]_ is disturbed by a series with a memory of one hour [2]_, [3]_ and scaled to the
    day's clearness; each month is then scaled to its sum. The beam is split off by [5]_ and
    scaled to the month's beam sum; what remains is diffuse.

    Parameters
    ----------
    sun
        The sun's path at the place.
    normals
        What the months are like.
    pressure_pa
        Air pressure [Pa].
    rng
        Source of randomness.

    Returns
    -------
    Radiation
        Hourly means.

    References
    ----------
    .. [1] V. A. Graham, K. G. T. Hollands and T. E. Unny, "A time series model for Kt with
       application to global synthetic weather generation," Solar Energy 40 (1988) 83-92.
    .. [2] V. A. Graham and K. G. T. Hollands, "A method to generate synthetic hourly solar
       radiation globally," Solar Energy 44 (1990) 333-341.
    .. [3] R. Aguiar and M. Collares-Pereira, "TAG: A time-dependent, autoregressive, Gaussian
       model for generating synthetic hourly radiation," Solar Energy 49 (1992) 167-174.
       doi:10.1016/0038-092X(92)90068-L
    .. [4] P. Ineichen, "A broadband simplified version of the Solis clear sky model,"
       Solar Energy 82 (2008) 758-762. doi:10.1016/j.solener.2008.02.009
    .. [5] A. Driesse, A. Jensen and R. Perez, "A continuous form of the Perez diffuse sky model
       for forward and reverse transposition," Solar Energy 267 (2024) 112093.
       doi:10.1016/j.solener.2023.112093
    """
    clearness = _daily_clearness(normals, rng)
    ghi = _hourly_ghi(sun, clearness, pressure_pa, rng)
    ghi *= (1000 * normals.ghi_kwh_per_m2_day / _daily_sum_by_month(ghi))[MONTH_OF_HOUR]
    lowest = sun.extraterrestrial_w_per_m2 * np.maximum(sun.cos_zenith, _LOWEST_COS_ZENITH)
    ghi = np.where(sun.cos_zenith > 0, np.minimum(ghi, _BEAM_SHARE_MAX * lowest), 0.0)
    dni = _beam(sun, ghi, normals.dni_kwh_per_m2_day)
    return Radiation(ghi, dni, ghi - dni * sun.cos_zenith)


def clearness_of(sun: Sun, ghi_w_per_m2: Floats) -> Floats:
    """Return each day's irradiation over that above the air.

    Parameters
    ----------
    sun
        The sun's path at the place.
    ghi_w_per_m2 : shape (8760,)
        Irradiance on the horizontal [W/m²].

    Returns
    -------
    array, shape (365,)
        Clearness of each day.
    """
    above = sun.horizontal_w_per_m2.reshape(DAYS, 24).sum(axis=1)
    return np.asarray(ghi_w_per_m2.reshape(DAYS, 24).sum(axis=1) / above, dtype=np.float64)


def _daily_clearness(normals: Normals, rng: np.random.Generator) -> Floats:
    width = _CLEARNESS_MAX - _CLEARNESS_MIN
    mean = (normals.clearness - _CLEARNESS_MIN) / width
    variance = np.minimum((normals.clearness_sd / width) ** 2, 0.9 * mean * (1 - mean))
    total = mean * (1 - mean) / variance - 1  # a + b of the beta distribution
    share = monthly_shares(ar1(rng, DAYS, _DAY_MEMORY))
    a, b = (mean * total)[MONTH_OF_DAY], ((1 - mean) * total)[MONTH_OF_DAY]
    return np.asarray(_CLEARNESS_MIN + width * betaincinv(a, b, share), dtype=np.float64)


def _hourly_ghi(
    sun: Sun, clearness: Floats, pressure_pa: float, rng: np.random.Generator
) -> Floats:
    clear = _clear_sky(sun, pressure_pa).reshape(DAYS, 24)
    target = clearness * sun.horizontal_w_per_m2.reshape(DAYS, 24).sum(axis=1)
    level = target / clear.sum(axis=1)
    # Clouds move most on half-cloudy days: nothing varies when it is clear or overcast.
    spread = _HOUR_SPREAD * np.clip(4 * level * (1.05 - level), 0, 1)
    noise = ar1(rng, HOURS, _HOUR_MEMORY).reshape(DAYS, 24)
    ghi = clear * np.clip(level[:, None] + spread[:, None] * noise, 0.02, 1.05)
    return np.asarray((ghi * (target / ghi.sum(axis=1))[:, None]).ravel(), dtype=np.float64)


def _clear_sky(sun: Sun, pressure_pa: float) -> Floats:
    clear = pvlib.clearsky.simplified_solis(
        90 - sun.apparent_zenith_deg,
        aod700=_AEROSOL_DEPTH_700NM,
        precipitable_water=_WATER_CM,
        pressure=pressure_pa,
        dni_extra=sun.extraterrestrial_w_per_m2,
    )["ghi"]
    return np.where(sun.cos_zenith > 0, np.maximum(clear, 0.0), 0.0)


def _beam(sun: Sun, ghi: Floats, daily_kwh_per_m2: Floats) -> Floats:
    split = pvlib.irradiance.erbs_driesse(
        ghi, sun.zenith_deg, dni_extra=sun.extraterrestrial_w_per_m2
    )
    limit = np.minimum(
        _BEAM_SHARE_MAX * ghi / np.maximum(sun.cos_zenith, 1e-3),
        _TRANSMITTANCE_MAX * sun.extraterrestrial_w_per_m2,
    )
    dni = np.minimum(np.asarray(split["dni"], dtype=np.float64), limit)
    for _ in range(_CLOSURE_PASSES):
        scale = 1000 * daily_kwh_per_m2 / _daily_sum_by_month(dni)
        dni = np.minimum(dni * scale[MONTH_OF_HOUR], limit)
    return dni


def _daily_sum_by_month(hourly: Floats) -> Floats:
    return 24 * monthly_means(hourly, MONTH_OF_HOUR)
