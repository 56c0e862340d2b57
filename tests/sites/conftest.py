"""What the tests of sites share: one synthetic year, and writers of every weather format."""

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from sites.psychrometrics import saturation_pressure_pa
from sites.site import Site
from sites.synthetic import synthetic_weather
from sites.table import builtin_sites
from sites.weather import Weather

Writer = Callable[[Weather, Path], Path]


@pytest.fixture(scope="session")
def abilene() -> Site:
    return builtin_sites()["abilene_tx"]


@pytest.fixture(scope="session")
def weather(abilene: Site) -> Weather:
    return synthetic_weather(abilene)


@pytest.fixture(scope="session")
def write() -> dict[str, Writer]:
    """Writers by kind; each writes the year as the format's own source would."""
    return {
        "tmy3": write_tmy3,
        "epw": write_epw,
        "nsrdb": write_nsrdb,
        "pvgis_json": write_pvgis_json,
        "pvgis_csv": write_pvgis_csv,
        "csv": write_csv,
    }


def stamps(year: int = 2013) -> pd.DatetimeIndex:
    """Start of each hour."""
    return pd.date_range(f"{year}-01-01", periods=8760, freq="h")


def humidity(weather: Weather) -> np.ndarray:
    """Relative humidity from wet and dry bulb, by the psychrometric equation [%]."""
    dry, wet = weather.values("drybulb_c"), weather.values("wetbulb_c")
    vapour = saturation_pressure_pa(wet) - 6.62e-4 * weather.values("pressure_pa") * (dry - wet)
    return np.clip(100 * vapour / saturation_pressure_pa(dry), 0, 100)


def to_utc(weather: Weather) -> pd.DataFrame:
    """The year on the clock of UTC, rolled."""
    frame = weather.frame.assign(rh=humidity(weather))
    return frame.apply(lambda column: np.roll(column, -weather.utc_offset_h))


def write_csv(weather: Weather, path: Path) -> Path:
    frame = weather.frame.drop(columns="wetbulb_c").assign(
        relative_humidity_percent=humidity(weather)
    )
    frame.to_csv(path, index=False)
    return path


def write_tmy3(weather: Weather, path: Path) -> Path:
    time, frame = stamps(1995), weather.frame
    table = pd.DataFrame(
        {
            "Date (MM/DD/YYYY)": time.strftime("%m/%d/%Y"),
            "Time (HH:MM)": [f"{hour + 1:02d}:00" for hour in time.hour],
            "GHI (W/m^2)": frame["ghi_w_per_m2"],
            "DNI (W/m^2)": frame["dni_w_per_m2"],
            "DHI (W/m^2)": frame["dhi_w_per_m2"],
            "Dry-bulb (C)": frame["drybulb_c"],
            "RHum (%)": humidity(weather),
            "Pressure (mbar)": frame["pressure_pa"] / 100,
            "Wspd (m/s)": frame["wind_m_per_s"],
        }
    )
    place = f"{weather.latitude_deg},{weather.longitude_deg},{weather.elevation_m:.0f}"
    head = f'722660,"ABILENE",TX,{weather.utc_offset_h:.1f},{place}\n'
    path.write_text(head + table.to_csv(index=False))
    return path


def write_epw(weather: Weather, path: Path) -> Path:
    time, frame = stamps(1995), weather.frame
    table = pd.DataFrame(0.0, index=range(8760), columns=range(35))
    table[0], table[1], table[2], table[3] = time.year, time.month, time.day, time.hour + 1
    table[4], table[5] = 60, "?9"
    table[6], table[7], table[8] = frame["drybulb_c"], 99.9, humidity(weather)
    table[9], table[21] = frame["pressure_pa"], frame["wind_m_per_s"]
    table[13] = frame["ghi_w_per_m2"]
    table[14], table[15] = frame["dni_w_per_m2"], frame["dhi_w_per_m2"]
    place = f"{weather.latitude_deg},{weather.longitude_deg}"
    first = f"LOCATION,Abilene,TX,USA,TMY3,722660,{place},{weather.utc_offset_h},525.0\n"
    rest = "".join(f"HEADER {line}\n" for line in range(2, 9))
    path.write_text(first + rest + table.to_csv(index=False, header=False))
    return path


def write_nsrdb(weather: Weather, path: Path) -> Path:
    time, frame = stamps(2013), to_utc(weather)
    table = pd.DataFrame(
        {
            "Year": time.year,
            "Month": time.month,
            "Day": time.day,
            "Hour": time.hour,
            "Minute": 30,
            "Temperature": frame["drybulb_c"],
            "DHI": frame["dhi_w_per_m2"],
            "DNI": frame["dni_w_per_m2"],
            "GHI": frame["ghi_w_per_m2"],
            "Relative Humidity": frame["rh"],
            "Pressure": frame["pressure_pa"] / 100,
            "Wind Speed": frame["wind_m_per_s"],
        }
    )
    names = "Source,Location ID,City,State,Country,Latitude,Longitude,Time Zone,Elevation"
    place = f"{weather.latitude_deg},{weather.longitude_deg},0,{weather.elevation_m:.0f}"
    head = f"{names},Local Time Zone\nNSRDB,1,-,-,-,{place},{weather.utc_offset_h}\n"
    path.write_text(head + table.to_csv(index=False))
    return path


def pvgis_table(weather: Weather) -> pd.DataFrame:
    frame = to_utc(weather)
    return pd.DataFrame(
        {
            "time(UTC)": stamps(2013).strftime("%Y%m%d:%H%M"),
            "T2m": frame["drybulb_c"],
            "RH": frame["rh"],
            "G(h)": frame["ghi_w_per_m2"],
            "Gb(n)": frame["dni_w_per_m2"],
            "Gd(h)": frame["dhi_w_per_m2"],
            "IR(h)": 300.0,
            "WS10m": frame["wind_m_per_s"],
            "WD10m": 0.0,
            "SP": frame["pressure_pa"],
        }
    )


def write_pvgis_json(weather: Weather, path: Path) -> Path:
    place = {
        "latitude": weather.latitude_deg,
        "longitude": weather.longitude_deg,
        "elevation": weather.elevation_m,
    }
    months = [{"month": month, "year": 2013} for month in range(1, 13)]
    hours = pvgis_table(weather).to_dict("records")
    content = {
        "inputs": {"location": place},
        "outputs": {"months_selected": months, "tmy_hourly": hours},
        "meta": {"inputs": {}},
    }
    path.write_text(json.dumps(content))
    return path


def write_pvgis_csv(weather: Weather, path: Path) -> Path:
    head = (
        f"Latitude (decimal degrees): {weather.latitude_deg}\n"
        f"Longitude (decimal degrees): {weather.longitude_deg}\n"
        f"Elevation (m): {weather.elevation_m}\n"
        "month,year\n" + "".join(f"{month},2013\n" for month in range(1, 13))
    )
    tail = "\nT2m: 2-m air temperature (degree Celsius)\n"
    path.write_text(head + pvgis_table(weather).to_csv(index=False) + tail)
    return path
