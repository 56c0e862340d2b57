"""Weather files as they come: one function for each format, each to the same `Raw` table.

pvlib reads where it can. What differs between formats ends here: names, units, whether a stamp
opens or closes its hour, the clock, and the codes for missing values.
"""

import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from types import MappingProxyType
from typing import Any, Literal, get_args

import pandas as pd
import pvlib

from sites.weather_checks import BOUNDS
from sites.year import NOMINAL_YEAR

Kind = Literal["tmy3", "epw", "nsrdb", "pvgis_json", "pvgis_csv", "csv"]
KINDS: tuple[Kind, ...] = get_args(Kind)

_NAMES = MappingProxyType(
    {
        "ghi": "ghi_w_per_m2",
        "dni": "dni_w_per_m2",
        "dhi": "dhi_w_per_m2",
        "temp_air": "drybulb_c",
        "temp_dew": "dewpoint_c",
        "relative_humidity": "relative_humidity_percent",
        "wind_speed": "wind_m_per_s",
        "pressure": "pressure_pa",
        "atmospheric_pressure": "pressure_pa",
    }
)
_PA_PER_MBAR = 100.0
PLAIN_COLUMNS = (*BOUNDS, "dewpoint_c", "relative_humidity_percent", "time")
"""Columns that a plain CSV file may have."""


@dataclass(frozen=True, slots=True, eq=False)
class Raw:
    """A weather file before it is made a year.

    Attributes
    ----------
    frame
        Columns of `sites.weather.Weather` and, instead of the wet bulb, ``dewpoint_c`` or
        ``relative_humidity_percent``. The index is a time within each interval, not its end, on
        the file's clock; or a plain count where the file has no stamps.
    clock_offset_h
        The file's clock less UTC [h]; None where the file does not say.
    standard_offset_h
        Local standard time less UTC, if the file tells it [h].
    latitude_deg, longitude_deg, elevation_m
        The place, if the file tells it [deg, deg, m].
    missing
        Codes that stand for a missing value, by column.
    """

    frame: pd.DataFrame
    clock_offset_h: int | None = None
    standard_offset_h: int | None = None
    latitude_deg: float | None = None
    longitude_deg: float | None = None
    elevation_m: float | None = None
    missing: Mapping[str, float] = field(default_factory=dict)


def guess_kind(text: str) -> Kind:
    """Tell the format of a weather file from its first lines.

    Parameters
    ----------
    text
        The file.

    Returns
    -------
    str
        ``csv`` if no other format is recognised.

    Examples
    --------
    >>> guess_kind("LOCATION,Pittsburgh,PA,USA")
    'epw'
    """
    first, _, rest = text[:4000].partition("\n")
    starts: Mapping[str, Kind] = {
        "LOCATION,": "epw",
        "{": "pvgis_json",
        "Latitude (": "pvgis_csv",
        "Source,": "nsrdb",
    }
    for start, kind in starts.items():
        if first.lstrip("\ufeff \t").startswith(start):
            return kind
    return "tmy3" if rest.startswith("Date (MM/DD/YYYY)") else "csv"


def parse(kind: Kind, text: str, columns: Mapping[str, str]) -> Raw:
    """Read a weather file of a known format.

    Parameters
    ----------
    kind
        The format.
    text
        The file.
    columns
        For a plain CSV file, from our column names to the file's.

    Returns
    -------
    Raw
        As it stands in the file, with our names and units.

    Raises
    ------
    Exception
        Whatever the reader of the format raises on a file that is not of it.
    """
    readers: Mapping[Kind, Callable[[], Raw]] = {
        "tmy3": lambda: _tmy3(text),
        "epw": lambda: _epw(text),
        "nsrdb": lambda: _nsrdb(text),
        "pvgis_json": lambda: _pvgis(io.StringIO(text), "json"),
        "pvgis_csv": lambda: _pvgis(io.BytesIO(text.encode()), "csv"),
        "csv": lambda: _plain(text, columns),
    }
    return readers[kind]()


def _tmy3(text: str) -> Raw:
    # Months come from different years; one nominal year keeps 28 February whole.
    with TemporaryDirectory() as folder:
        file = Path(folder, "tmy3.csv")  # pvlib 0.13 opens paths only
        file.write_text(text, encoding="utf-8")
        data, meta = pvlib.iotools.read_tmy3(
            file, coerce_year=NOMINAL_YEAR, map_variables=True, encoding="utf-8"
        )
    frame = _ours(data, pressure=_PA_PER_MBAR)
    frame.index = _wall_clock(data) - pd.Timedelta(hours=1)  # stamps close their hour
    code = -9900.0
    return Raw(
        frame,
        clock_offset_h=_whole(meta["TZ"]),
        standard_offset_h=_whole(meta["TZ"]),
        latitude_deg=float(meta["latitude"]),
        longitude_deg=float(meta["longitude"]),
        elevation_m=float(meta["altitude"]),
        missing={n: code * (_PA_PER_MBAR if n == "pressure_pa" else 1) for n in _NAMES.values()},
    )


def _epw(text: str) -> Raw:
    data, meta = pvlib.iotools.read_epw(io.StringIO(text))
    frame = _ours(data)
    frame.index = _wall_clock(data)  # pvlib has moved the stamps to the start of the hour
    # EnergyPlus Auxiliary Programs, "Weather data format definition", field notes.
    missing = {
        "ghi_w_per_m2": 9999.0,
        "dni_w_per_m2": 9999.0,
        "dhi_w_per_m2": 9999.0,
        "drybulb_c": 99.9,
        "dewpoint_c": 99.9,
        "relative_humidity_percent": 999.0,
        "pressure_pa": 999_999.0,
        "wind_m_per_s": 999.0,
    }
    return Raw(
        frame,
        clock_offset_h=_whole(meta["TZ"]),
        standard_offset_h=_whole(meta["TZ"]),
        latitude_deg=float(meta["latitude"]),
        longitude_deg=float(meta["longitude"]),
        elevation_m=float(meta["altitude"]),
        missing=missing,
    )


def _nsrdb(text: str) -> Raw:
    data, meta = pvlib.iotools.read_nsrdb_psm4(io.StringIO(text), map_variables=True)
    frame = _ours(data, pressure=_PA_PER_MBAR)
    frame.index = _wall_clock(data)
    return Raw(
        frame,
        clock_offset_h=_whole(meta["Time Zone"]),
        standard_offset_h=_whole(meta["Local Time Zone"]),
        latitude_deg=float(meta["latitude"]),
        longitude_deg=float(meta["longitude"]),
        elevation_m=float(meta["altitude"]),
    )


def _pvgis(file: io.StringIO | io.BytesIO, form: Literal["json", "csv"]) -> Raw:
    data, meta = pvlib.iotools.read_pvgis_tmy(file, pvgis_format=form, map_variables=True)
    place: Mapping[str, Any] = meta["inputs"].get("location", meta["inputs"])
    frame = _ours(data)
    frame.index = _wall_clock(data)
    return Raw(
        frame,
        clock_offset_h=0,
        latitude_deg=float(place["latitude"]),
        longitude_deg=float(place["longitude"]),
        elevation_m=float(place["elevation"]),
    )


def _plain(text: str, columns: Mapping[str, str]) -> Raw:
    data = pd.read_csv(io.StringIO(text))
    ours = {theirs: name for name, theirs in columns.items()}
    data = data.rename(columns=lambda name: ours.get(str(name).strip(), str(name).strip()))
    if not data.columns.is_unique:
        msg = f"two columns for {data.columns[data.columns.duplicated()][0]}"
        raise ValueError(msg)
    frame = data[[name for name in PLAIN_COLUMNS if name in data.columns]].copy()
    if "time" not in frame:
        return Raw(frame)
    stamps = pd.DatetimeIndex(pd.to_datetime(frame.pop("time"), format="ISO8601"))
    frame.index = stamps.tz_convert("UTC").tz_localize(None) if stamps.tz else stamps
    return Raw(frame, clock_offset_h=0 if stamps.tz else None)


def _ours(data: pd.DataFrame, pressure: float = 1.0) -> pd.DataFrame:
    frame = data.rename(columns=_NAMES)[[n for k, n in _NAMES.items() if k in data.columns]].copy()
    if "pressure_pa" in frame:
        frame["pressure_pa"] = frame["pressure_pa"] * pressure
    return frame


def _wall_clock(data: pd.DataFrame) -> pd.DatetimeIndex:
    return pd.DatetimeIndex(data.index).tz_localize(None)


def _whole(offset: object) -> int:
    value = float(str(offset))
    if value != round(value):
        msg = f"time zone {value} is not a whole number of hours"
        raise ValueError(msg)
    return round(value)
