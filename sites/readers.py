"""Weather files of a user: TMY3, EPW, NSRDB, PVGIS and plain CSV, each made a checked year."""

import gzip
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from sites.errors import WeatherError
from sites.fold import fold, fold_problems
from sites.formats import KINDS, PLAIN_COLUMNS, Kind, Raw, guess_kind, parse
from sites.normals import distance_km
from sites.psychrometrics import saturation_pressure_pa, standard_pressure_pa, wet_bulb_c
from sites.weather import COLUMNS, Weather
from sites.weather_checks import value_problems
from sites.year import HOURS, Floats

_NEEDED = ("ghi_w_per_m2", "dni_w_per_m2", "dhi_w_per_m2", "drybulb_c", "wind_m_per_s")
_HUMIDITY = ("wetbulb_c", "relative_humidity_percent", "dewpoint_c")
_MAX_DISTANCE_KM = 250.0
_DEWPOINT_SLACK_K = 2.0
_ADVICE: Mapping[Kind, str] = {
    "tmy3": "try the file as NREL ships it, or kind='csv'",
    "epw": "try the file as EnergyPlus ships it",
    "nsrdb": "try a download of NSRDB as CSV with all three header lines",
    "pvgis_json": "try the TMY of PVGIS; its hourly series has no humidity",
    "pvgis_csv": "try the TMY of PVGIS; its hourly series has no humidity",
    "csv": "try a header line and commas between numbers",
}


def read_weather(
    path: Path | str,
    *,
    latitude_deg: float | None = None,
    longitude_deg: float | None = None,
    elevation_m: float | None = None,
    utc_offset_h: int | None = None,
    kind: Kind | None = None,
    columns: Mapping[str, str] | None = None,
) -> Weather:
    """Read a weather file and make it a year of 8,760 hours in local standard time.

    Steps of less than an hour are averaged, 29 February is dropped, and a clock other than local
    standard time is rolled. Nothing is filled or guessed: a file with gaps is refused. The wet
    bulb is computed from relative humidity, else from the dew point, unless the file has it.
    Pressure, where the file has none, is that of the standard atmosphere.

    Parameters
    ----------
    path
        The file; may be compressed as ``.gz``.
    latitude_deg, longitude_deg, elevation_m
        The site. Needed where the file does not tell its place (plain CSV); where it does, the
        file's own place counts, and must lie within 250 km of the one given here [deg, deg, m].
    utc_offset_h
        Standard time wanted, less UTC. Needed for PVGIS and plain CSV; else the file's own [h].
    kind
        ``tmy3``, ``epw``, ``nsrdb`` (PSM3, PSM4, GOES), ``pvgis_json``, ``pvgis_csv`` or
        ``csv``; told from the first lines if absent.
    columns
        For plain CSV, from our column names to the file's. Our names are those of
        `sites.weather.COLUMNS`, ``dewpoint_c``, ``relative_humidity_percent`` and ``time``.
        Without ``time`` the file must have 8,760 rows, each the mean of the hour that ends then,
        in local standard time. ``time`` is ISO 8601 and opens each step; with a zone it is
        converted, without one it is local standard time.

    Returns
    -------
    Weather
        Checked, with the file as its source.

    Raises
    ------
    WeatherError
        If the file cannot be read, is not one whole year, or fails a check of `Weather`. It
        names the file, every problem of the stage that failed, and what to try.
    """
    source = str(path)
    given = _Place(latitude_deg, longitude_deg, elevation_m, utc_offset_h)
    raw = _parse(Path(path), kind, columns or {})
    place = _agree(source, raw, given)
    _refuse(source, _column_problems(raw.frame))
    frame = _used(raw)
    _refuse(source, fold_problems(frame))

    clock = place.offset_h if raw.clock_offset_h is None else raw.clock_offset_h
    year = fold(frame, place.offset_h - clock)
    if "pressure_pa" not in year:
        year["pressure_pa"] = np.full(HOURS, standard_pressure_pa(place.elevation_m))
    known = {name: _array(year, name) for name in COLUMNS if name in year}
    _refuse(source, value_problems(known))
    _refuse(source, _humidity_problems(year))
    if "wetbulb_c" not in year:
        year["wetbulb_c"] = _wet_bulb(year)
    return Weather(
        frame=year[list(COLUMNS)],
        latitude_deg=place.latitude_deg,
        longitude_deg=place.longitude_deg,
        elevation_m=place.elevation_m,
        utc_offset_h=place.offset_h,
        source=source,
        synthetic=False,
    )


@dataclass(frozen=True, slots=True)
class _Place:
    latitude_deg: float | None
    longitude_deg: float | None
    elevation_m: float | None
    offset_h: int | None


@dataclass(frozen=True, slots=True)
class _Known:
    latitude_deg: float
    longitude_deg: float
    elevation_m: float
    offset_h: int


def _parse(path: Path, kind: Kind | None, columns: Mapping[str, str]) -> Raw:
    if kind is not None and kind not in KINDS:
        _refuse(str(path), [f"unknown kind {kind!r}; try {', '.join(KINDS)}"])
    text = _text(path)
    found = kind or guess_kind(text)
    strange = [name for name in columns if name not in PLAIN_COLUMNS]
    if strange:
        known = ", ".join(PLAIN_COLUMNS)
        _refuse(str(path), [f"cannot map {', '.join(strange)}; try the names {known}"])
    try:
        return parse(found, text, columns)
    except Exception as error:  # whatever a reader stumbles over
        what = f"cannot be read as {found} ({type(error).__name__}: {error}); {_ADVICE[found]}"
        raise WeatherError(str(path), [what]) from error


def _text(path: Path) -> str:
    try:
        data = path.read_bytes()
        if path.suffix == ".gz":
            data = gzip.decompress(data)
    except (OSError, EOFError) as error:
        what = f"cannot be opened ({error}); try the path, or unpacking the file"
        raise WeatherError(str(path), [what]) from error
    # A stray letter in a station's name must not stop the reading.
    return data.decode("utf-8-sig", errors="replace").replace("\r\n", "\n")


def _agree(source: str, raw: Raw, given: _Place) -> _Known:
    latitude = given.latitude_deg if raw.latitude_deg is None else raw.latitude_deg
    longitude = given.longitude_deg if raw.longitude_deg is None else raw.longitude_deg
    elevation = given.elevation_m if raw.elevation_m is None else raw.elevation_m
    offset = raw.standard_offset_h if given.offset_h is None else given.offset_h
    if latitude is None or longitude is None or elevation is None or offset is None:
        what = "the file does not tell its place or its standard time"
        names = "latitude_deg, longitude_deg, elevation_m and utc_offset_h"
        raise WeatherError(source, [f"{what}; try giving {names}"])
    if given.latitude_deg is not None and given.longitude_deg is not None:
        far = distance_km(latitude, longitude, given.latitude_deg, given.longitude_deg)
        if far > _MAX_DISTANCE_KM:
            what = f"the file is of {latitude:.2f}, {longitude:.2f}, {far:.0f} km from the site"
            raise WeatherError(source, [f"{what}; try a file within {_MAX_DISTANCE_KM:.0f} km"])
    return _Known(latitude, longitude, elevation, offset)


def _column_problems(frame: pd.DataFrame) -> list[str]:
    problems = [
        f"no column for {name}; try columns={{'{name}': 'name in the file'}} or another download"
        for name in _NEEDED
        if name not in frame
    ]
    if not any(name in frame for name in _HUMIDITY):
        problems.append(f"no humidity; try a column for one of {', '.join(_HUMIDITY)}")
    problems += [
        f"text instead of numbers in {name}; try removing units and words"
        for name, column in frame.items()
        if not pd.api.types.is_numeric_dtype(column.dtype)
    ]
    return problems


def _used(raw: Raw) -> pd.DataFrame:
    humidity = next(name for name in _HUMIDITY if name in raw.frame)
    names = [*_NEEDED, humidity, *(["pressure_pa"] if "pressure_pa" in raw.frame else [])]
    frame = raw.frame[names].astype(float)
    codes = {name: code for name, code in raw.missing.items() if name in frame}
    return frame.mask(frame.eq(pd.Series(codes, dtype=float).reindex(names)))


def _humidity_problems(year: pd.DataFrame) -> list[str]:
    if "relative_humidity_percent" in year:
        humidity = _array(year, "relative_humidity_percent")
        if not np.isfinite(humidity).all() or humidity.min() < 0 or humidity.max() > 110:
            return ["relative humidity is missing or outside 0 to 110 %; try another year"]
        if humidity.max() <= 1.5:
            return [f"relative humidity is {humidity.max():g} at most; try per cent, not shares"]
    if "dewpoint_c" in year:
        excess = float(np.mean(_array(year, "dewpoint_c") - _array(year, "drybulb_c")))
        if not excess <= _DEWPOINT_SLACK_K:
            return ["dewpoint_c is missing, or above drybulb_c; try degrees Celsius for both"]
    return []


def _wet_bulb(year: pd.DataFrame) -> Floats:
    drybulb = _array(year, "drybulb_c")
    saturation = saturation_pressure_pa(drybulb)
    if "relative_humidity_percent" in year:
        vapour = _array(year, "relative_humidity_percent") / 100 * saturation
    else:
        vapour = saturation_pressure_pa(_array(year, "dewpoint_c"))
    return wet_bulb_c(drybulb, np.minimum(vapour, saturation), _array(year, "pressure_pa"))


def _array(frame: pd.DataFrame, name: str) -> Floats:
    return frame[name].to_numpy(dtype=np.float64)


def _refuse(source: str, problems: list[str]) -> None:
    if problems:
        raise WeatherError(source, problems)
