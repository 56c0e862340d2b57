"""A synthetic year of weather for a site: the same for the same site and seed."""

import hashlib

import numpy as np
import pandas as pd

from sites.air import synthetic_drybulb, synthetic_wetbulb, synthetic_wind
from sites.noise import ar1, monthly_scores
from sites.normals import nearest_station, normals
from sites.psychrometrics import standard_pressure_pa
from sites.radiation import clearness_of, synthetic_radiation
from sites.site import Site
from sites.sun import sun_at
from sites.weather import Weather
from sites.year import DAYS, HOURS

_DRYBULB_MEMORY = 0.70  # fit to the 67 TMY3 stations


def synthetic_weather(site: Site, seed: int = 0) -> Weather:
    """Draw a typical year of weather at a site from the monthly normals of its station.

    Each month has the station's means and daily spread; chance decides the order of days and
    hours. So a year is typical: it holds no year-to-year spread (about 3 to 5 % of irradiation)
    and its dark spells are those of a typical year. Draw several seeds to size storage. The
    station's temperatures are not corrected for the height of the site.

    Parameters
    ----------
    site
        Where; its ``station``, or the nearest one if that is empty, gives the normals.
    seed
        Not negative. It is mixed with the site's id, so equal seeds differ between sites.

    Returns
    -------
    Weather
        Marked ``synthetic``; its source names the station and the seed.

    Raises
    ------
    UnknownNameError
        If there is no such station.
    SitesError
        If no station is near the site.
    ValueError
        If ``seed`` is negative.

    See Also
    --------
    sites.radiation.synthetic_radiation : the sunshine, with its sources.
    sites.air : temperature, humidity and wind, with their sources.
    """
    station = site.station or nearest_station(site.latitude_deg, site.longitude_deg).station
    months = normals(station)
    sunshine, days, hours = (np.random.default_rng(s) for s in _seeds(site.id, seed))
    sun = sun_at(site.latitude_deg, site.longitude_deg, site.elevation_m, site.utc_offset_h)
    pressure = standard_pressure_pa(site.elevation_m)

    light = synthetic_radiation(sun, months, pressure, sunshine)
    scores = monthly_scores(ar1(days, DAYS, _DRYBULB_MEMORY))
    drybulb = synthetic_drybulb(months, clearness_of(sun, light.ghi_w_per_m2), scores, days)
    frame = pd.DataFrame(
        {
            "ghi_w_per_m2": light.ghi_w_per_m2,
            "dni_w_per_m2": light.dni_w_per_m2,
            "dhi_w_per_m2": light.dhi_w_per_m2,
            "drybulb_c": drybulb,
            "wetbulb_c": synthetic_wetbulb(months, drybulb, scores, pressure, days),
            "wind_m_per_s": synthetic_wind(months, hours),
            "pressure_pa": np.full(HOURS, pressure),
        }
    )
    return Weather(
        frame=frame,
        latitude_deg=site.latitude_deg,
        longitude_deg=site.longitude_deg,
        elevation_m=site.elevation_m,
        utc_offset_h=site.utc_offset_h,
        source=f"synthetic from the normals of station {station}, seed {seed}",
        synthetic=True,
    )


def _seeds(site_id: str, seed: int) -> list[np.random.SeedSequence]:
    # Python's own hash of a text changes from run to run.
    digest = int.from_bytes(hashlib.sha256(site_id.encode()).digest()[:8], "big")
    return np.random.SeedSequence([seed, digest]).spawn(3)
