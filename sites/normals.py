"""Weather stations and what each month is like there. From NREL TMY3, 67 stations."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cache
from types import MappingProxyType

import numpy as np

from sites.errors import SitesError, UnknownNameError
from sites.table import DATA, read_rows
from sites.year import Floats

_EARTH_RADIUS_KM = 6371.0
MAX_DISTANCE_KM = 250.0
"""Farthest a station may lie from a place to speak for its climate."""


@dataclass(frozen=True, slots=True)
class Station:
    """A weather station, with statistics of its typical year.

    Attributes
    ----------
    station, name, state
        WMO-like number, name and state.
    latitude_deg, longitude_deg, elevation_m, utc_offset_h
        Where it stands [deg, deg, m] and its standard time less UTC [h].
    tracker_capacity_factor
        Mean output of the tracker of `sites.solar` over its AC rating.
    drybulb_p996_c, wetbulb_p996_c
        Exceeded in 0.4 % of the hours, 35 h a year [°C].
    drybulb_max_c, wetbulb_max_c
        Highest hour [°C].
    """

    station: str
    name: str
    state: str
    latitude_deg: float
    longitude_deg: float
    elevation_m: float
    utc_offset_h: int
    tracker_capacity_factor: float
    drybulb_p996_c: float
    wetbulb_p996_c: float
    drybulb_max_c: float
    wetbulb_max_c: float


@dataclass(frozen=True, slots=True, eq=False)
class Normals:
    """What each month is like; every array has shape (12,).

    Attributes
    ----------
    ghi_kwh_per_m2_day, dni_kwh_per_m2_day
        Mean daily irradiation, on the horizontal and facing the sun [kWh/m²].
    clearness, clearness_sd
        Mean and standard deviation of daily irradiation over that above the air.
    drybulb_c, drybulb_sd_c
        Mean air temperature, and standard deviation of its daily mean [°C].
    daily_range_c
        Mean of the day's highest less its lowest hour [K].
    dewpoint_c, dewpoint_sd_c, dewpoint_max_c
        Mean, standard deviation and highest of the daily mean dew point [°C].
    dewpoint_correlation
        Of daily mean dew point and daily mean air temperature.
    wetbulb_p999_c
        Wet bulb exceeded in one hour of a thousand [°C].
    wind_m_per_s
        Mean wind speed at 10 m [m/s].
    """

    ghi_kwh_per_m2_day: Floats
    dni_kwh_per_m2_day: Floats
    clearness: Floats
    clearness_sd: Floats
    drybulb_c: Floats
    drybulb_sd_c: Floats
    daily_range_c: Floats
    dewpoint_c: Floats
    dewpoint_sd_c: Floats
    dewpoint_correlation: Floats
    dewpoint_max_c: Floats
    wetbulb_p999_c: Floats
    wind_m_per_s: Floats


@cache
def stations() -> Mapping[str, Station]:
    """Return the 67 stations by number.

    Examples
    --------
    >>> stations()["722660"].state
    'TX'
    """
    return MappingProxyType(
        {row["station"]: _station(row) for _, row in read_rows(DATA / "stations.csv")}
    )


def _station(row: dict[str, str]) -> Station:
    return Station(
        station=row["station"],
        name=row["name"],
        state=row["state"],
        latitude_deg=float(row["latitude_deg"]),
        longitude_deg=float(row["longitude_deg"]),
        elevation_m=float(row["elevation_m"]),
        utc_offset_h=int(row["utc_offset_h"]),
        tracker_capacity_factor=float(row["tracker_capacity_factor"]),
        drybulb_p996_c=float(row["drybulb_p996_c"]),
        wetbulb_p996_c=float(row["wetbulb_p996_c"]),
        drybulb_max_c=float(row["drybulb_max_c"]),
        wetbulb_max_c=float(row["wetbulb_max_c"]),
    )


def normals(station: str) -> Normals:
    """Return the monthly normals of a station.

    Raises
    ------
    UnknownNameError
        If there is no such station.
    """
    try:
        return _all_normals()[station]
    except KeyError:
        kind = "weather station"
        raise UnknownNameError(kind, station, _all_normals()) from None


@cache
def _all_normals() -> Mapping[str, Normals]:
    months: dict[str, list[dict[str, str]]] = {}
    for _, row in read_rows(DATA / "monthly_normals.csv"):
        months.setdefault(row["station"], []).append(row)
    names = [field.name for field in fields(Normals)]
    return MappingProxyType(
        {
            station: Normals(**{name: _column(rows, name) for name in names})
            for station, rows in months.items()
        }
    )


def _column(rows: list[dict[str, str]], name: str) -> Floats:
    ordered = sorted(rows, key=lambda row: int(row["month"]))
    values = np.array([float(row[name]) for row in ordered])
    values.setflags(write=False)
    return values


def nearest_station(latitude_deg: float, longitude_deg: float) -> Station:
    """Return the station nearest to a place.

    Raises
    ------
    SitesError
        If none lies within `MAX_DISTANCE_KM`.
    """
    best = min(
        stations().values(),
        key=lambda s: distance_km(latitude_deg, longitude_deg, s.latitude_deg, s.longitude_deg),
    )
    far = distance_km(latitude_deg, longitude_deg, best.latitude_deg, best.longitude_deg)
    if far > MAX_DISTANCE_KM:
        msg = (
            f"no weather station within {MAX_DISTANCE_KM:.0f} km of {latitude_deg:.2f}, "
            f"{longitude_deg:.2f} (nearest: {best.name}, {far:.0f} km); try a weather file"
        )
        raise SitesError(msg)
    return best


def distance_km(
    latitude_a_deg: float, longitude_a_deg: float, latitude_b_deg: float, longitude_b_deg: float
) -> float:
    """Return the great-circle distance of two places, by the haversine formula [km].

    Examples
    --------
    >>> round(distance_km(0.0, 0.0, 0.0, 1.0), 1)
    111.2
    """
    a, b = math.radians(latitude_a_deg), math.radians(latitude_b_deg)
    half = math.radians(longitude_b_deg - longitude_a_deg) / 2
    h = math.sin((b - a) / 2) ** 2 + math.cos(a) * math.cos(b) * math.sin(half) ** 2
    return 2 * _EARTH_RADIUS_KM * math.asin(min(1.0, math.sqrt(h)))
