"""Where the sun stands in each hour of the year at a place."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pvlib

from sites.year import Floats, mid_hours


@dataclass(frozen=True, slots=True, eq=False)
class Sun:
    """The sun in the middle of each hour; every array has shape (8760,) and cannot be written.

    Attributes
    ----------
    zenith_deg
        True angle from the vertical [deg].
    apparent_zenith_deg
        The same as seen through the air [deg].
    azimuth_deg
        Clockwise from north [deg].
    cos_zenith
        Cosine of the true zenith, 0 while the sun is down.
    extraterrestrial_w_per_m2
        Irradiance above the air on a plane that faces the sun [W/m²].
    """

    zenith_deg: Floats
    apparent_zenith_deg: Floats
    azimuth_deg: Floats
    cos_zenith: Floats
    extraterrestrial_w_per_m2: Floats

    @property
    def horizontal_w_per_m2(self) -> Floats:
        """Irradiance above the air on a horizontal plane [W/m²]."""
        return self.extraterrestrial_w_per_m2 * self.cos_zenith


@lru_cache(maxsize=64)
def sun_at(latitude_deg: float, longitude_deg: float, elevation_m: float, utc_offset_h: int) -> Sun:
    """Compute the sun's path over the nominal year; the last 64 places are remembered.

    Parameters
    ----------
    latitude_deg, longitude_deg
        North and east positive [deg].
    elevation_m
        Height above sea level; it thins the air that bends the light [m].
    utc_offset_h
        Local standard time less UTC [h].

    Returns
    -------
    Sun
        By the NREL algorithm [1]_ in pvlib.

    References
    ----------
    .. [1] I. Reda and A. Andreas, "Solar position algorithm for solar radiation applications,"
       Solar Energy 76 (2004) 577-589. doi:10.1016/j.solener.2003.12.003
    """
    times = mid_hours(utc_offset_h)
    position = pvlib.solarposition.get_solarposition(
        times, latitude_deg, longitude_deg, altitude=elevation_m
    )
    zenith = position["zenith"].to_numpy(dtype=np.float64)
    return Sun(
        zenith_deg=_frozen(zenith),
        apparent_zenith_deg=_frozen(position["apparent_zenith"].to_numpy(dtype=np.float64)),
        azimuth_deg=_frozen(position["azimuth"].to_numpy(dtype=np.float64)),
        cos_zenith=_frozen(np.cos(np.radians(zenith)).clip(min=0)),
        extraterrestrial_w_per_m2=_frozen(
            pvlib.irradiance.get_extra_radiation(times.day_of_year.to_numpy())
        ),
    )


def _frozen(values: Floats) -> Floats:
    copy = np.array(values, dtype=np.float64)
    copy.setflags(write=False)
    return copy
