"""What a synthetic year has to have of a measured one, and normals of a measured year."""

import numpy as np
import pandas as pd

from sites.normals import Normals
from sites.solar import tracker_capacity_factor
from sites.sun import sun_at
from sites.weather import Weather
from sites.year import MONTH_OF_DAY, MONTH_OF_HOUR

CAPACITY_FACTOR = 0.04
"""Most that a year's tracker output may be off by, over the measured [1]."""

DAILY_SPREAD = 0.10
"""Most that the standard deviation of daily output may be off by, over the measured [1]."""

WORST_3_DAYS = 0.07
"""Most that the mean output of the worst three days may be off by, of the rating [1]."""

HOT_HOURS_K = 4.0
"""Most that the dry bulb exceeded 35 h a year may be off by [K]."""

Figures = dict[str, float]


def figures(weather: Weather) -> Figures:
    """Sum up a year of weather."""
    daily = tracker_capacity_factor(weather).reshape(365, 24).mean(axis=1)
    drybulb, wetbulb = weather.values("drybulb_c"), weather.values("wetbulb_c")
    return {
        "cf": float(daily.mean()),
        "daily_sd": float(daily.std()),
        "worst_3_days": float(np.convolve(daily, np.ones(3) / 3, "valid").min()),
        "dni": float(weather.values("dni_w_per_m2").mean()),
        "drybulb_p996": float(np.quantile(drybulb, 0.996)),
        "hours_above_35": float((drybulb > 35).sum()),
        "wetbulb_mean": float(wetbulb.mean()),
        "wetbulb_p996": float(np.quantile(wetbulb, 0.996)),
    }


def normals_of(weather: Weather, dewpoint_c: np.ndarray) -> Normals:
    """Return the monthly normals of a measured year, each as `sites.normals.Normals` says."""
    place = weather.latitude_deg, weather.longitude_deg, weather.elevation_m
    sun = sun_at(*place, weather.utc_offset_h)
    ghi, drybulb = weather.values("ghi_w_per_m2"), weather.values("drybulb_c")
    above = sun.horizontal_w_per_m2.reshape(365, 24).sum(axis=1)
    hot_wetbulb = pd.Series(weather.values("wetbulb_c")).groupby(MONTH_OF_HOUR).quantile(0.999)
    wind = pd.Series(weather.values("wind_m_per_s")).groupby(MONTH_OF_HOUR).mean()
    days = pd.DataFrame(
        {
            "ghi": ghi.reshape(365, 24).sum(axis=1) / 1000,
            "dni": weather.values("dni_w_per_m2").reshape(365, 24).sum(axis=1) / 1000,
            "clearness": ghi.reshape(365, 24).sum(axis=1) / above,
            "drybulb": drybulb.reshape(365, 24).mean(axis=1),
            "range": np.ptp(drybulb.reshape(365, 24), axis=1),
            "dewpoint": dewpoint_c.reshape(365, 24).mean(axis=1),
        }
    ).groupby(MONTH_OF_DAY)
    mean, spread = days.mean(), days.std()
    correlation = days.apply(lambda month: month["dewpoint"].corr(month["drybulb"]))
    return Normals(
        ghi_kwh_per_m2_day=mean["ghi"].to_numpy(),
        dni_kwh_per_m2_day=mean["dni"].to_numpy(),
        clearness=mean["clearness"].to_numpy(),
        clearness_sd=spread["clearness"].to_numpy(),
        drybulb_c=mean["drybulb"].to_numpy(),
        drybulb_sd_c=spread["drybulb"].to_numpy(),
        daily_range_c=mean["range"].to_numpy(),
        dewpoint_c=mean["dewpoint"].to_numpy(),
        dewpoint_sd_c=spread["dewpoint"].to_numpy(),
        dewpoint_correlation=correlation.to_numpy(),
        dewpoint_max_c=days["dewpoint"].max().to_numpy(),
        wetbulb_p999_c=hot_wetbulb.to_numpy(),
        wind_m_per_s=wind.to_numpy(),
    )
