"""What a year of weather must satisfy. Each check returns its complaints, with what to try."""

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
import pandas as pd

from sites.sun import Sun, sun_at
from sites.year import HOURS, Floats

BOUNDS: Final[Mapping[str, tuple[float, float]]] = {
    "ghi_w_per_m2": (0.0, 1400.0),
    "dni_w_per_m2": (0.0, 1400.0),
    "dhi_w_per_m2": (0.0, 1400.0),
    "drybulb_c": (-60.0, 60.0),
    "wetbulb_c": (-65.0, 60.0),
    "wind_m_per_s": (0.0, 75.0),
    "pressure_pa": (50_000.0, 110_000.0),
}
"""Least and greatest value of each column."""

_DAILY_GHI_KWH_PER_M2 = (0.8, 8.5)  # yearly mean, polar coast to Atacama
_WETBULB_SLACK_K = 0.05
# On 67 TMY3 stations what is left over is 0.00 to 0.07 of the beam, and 0.12 to 0.24 with the
# clock an hour off.
_CLOSURE_LIMIT = 0.10
_BEAM_SHARE_MIN = 0.05


def table_problems(frame: pd.DataFrame, columns: Sequence[str]) -> list[str]:
    """Complain about columns that are missing or not numbers, and about the number of rows."""
    problems = []
    if missing := [name for name in columns if name not in frame.columns]:
        problems.append(f"no column {', '.join(missing)}; try naming columns {', '.join(columns)}")
    if len(frame) != HOURS:
        problems.append(
            f"{len(frame)} rows where a year has {HOURS} hours; try one whole year, hourly, "
            "without 29 February"
        )
    texts = [
        name
        for name in columns
        if name in frame.columns and not pd.api.types.is_numeric_dtype(frame[name].dtype)
    ]
    if texts:
        problems.append(f"text instead of numbers in {', '.join(texts)}; try removing units")
    return problems


def value_problems(values: Mapping[str, Floats]) -> list[str]:
    """Complain about values that are missing or, if none is, out of bounds."""
    if gaps := [_gap(name, column) for name, column in values.items() if _holes(column)]:
        return gaps
    return [_bound(name, column) for name, column in values.items() if _outside(name, column)]


def sense_problems(values: Mapping[str, Floats]) -> list[str]:
    """Complain about a wet bulb above the dry bulb, and about too much or too little sun."""
    problems = []
    excess = values["wetbulb_c"] - values["drybulb_c"]
    if excess.max() > _WETBULB_SLACK_K:
        hour = int(excess.argmax())
        problems.append(
            f"wetbulb_c exceeds drybulb_c by {excess[hour]:.2f} K in row {hour}; "
            "try whether the two are exchanged or in different units"
        )
    daily = 24 * values["ghi_w_per_m2"].mean() / 1000
    low, high = _DAILY_GHI_KWH_PER_M2
    if not low <= daily <= high:
        problems.append(
            f"ghi_w_per_m2 sums to {daily:.2f} kWh/m2 a day, outside {low} to {high}; "
            "try W/m2 as the unit (1 kJ/m2 in an hour is 0.278 W/m2)"
        )
    return problems


def _holes(column: Floats) -> bool:
    return not bool(np.isfinite(column).all())


def _gap(name: str, column: Floats) -> str:
    rows = np.flatnonzero(~np.isfinite(column))
    return (
        f"{name} is missing in {len(rows)} rows, first in row {rows[0]}; "
        "try another year or station, or fill the gaps in the file"
    )


def _outside(name: str, column: Floats) -> bool:
    low, high = BOUNDS[name]
    return bool(column.min() < low or column.max() > high)


def _bound(name: str, column: Floats) -> str:
    low, high = BOUNDS[name]
    worst = int(np.maximum(low - column, column - high).argmax())
    return (
        f"{name} is {column[worst]:g} in row {worst}, outside {low:g} to {high:g}; "
        f"try {_unit_advice(name, column)}"
    )


def _unit_advice(name: str, column: Floats) -> str:
    middle = float(np.median(column))
    if name in ("drybulb_c", "wetbulb_c"):
        return "converting from kelvin" if middle > 150 else "converting from degrees Fahrenheit"
    if name == "pressure_pa":
        return "converting from hPa or mbar (x 100)" if middle > 300 else "pressure in Pa"
    if column.min() < 0:
        return "removing negative values (missing-value codes, night offset of the sensor)"
    if name == "wind_m_per_s":
        return "wind in m/s, and removing missing-value codes such as 99 or 999"
    return "W/m2 as the unit, and removing missing-value codes such as 9999"


def closure_problems(
    values: Mapping[str, Floats],
    latitude_deg: float,
    longitude_deg: float,
    elevation_m: float,
    utc_offset_h: int,
) -> list[str]:
    """Complain if the irradiances do not belong to one another and to the sun.

    Global irradiance is beam times the cosine of the zenith plus diffuse. What is left over,
    summed over the year and divided by the sum of the beam on the horizontal, must not exceed
    0.10. If shifting the clock by whole hours mends it, the complaint says so.

    Parameters
    ----------
    values
        Arrays of shape (8760,) by column name [W/m²].
    latitude_deg, longitude_deg, elevation_m
        The place [deg, deg, m].
    utc_offset_h
        Local standard time less UTC [h].

    Returns
    -------
    list of str
        Empty if all is well.
    """
    ghi, dni, dhi = (values[f"{name}_w_per_m2"] for name in ("ghi", "dni", "dhi"))
    beam = ghi - dhi
    if beam.sum() < _BEAM_SHARE_MIN * ghi.sum():
        return ["dhi_w_per_m2 is all of ghi_w_per_m2, so there is no beam; try another source"]
    sun = sun_at(latitude_deg, longitude_deg, elevation_m, utc_offset_h)
    error = _leftover(beam, dni, sun, 0)
    if error <= _CLOSURE_LIMIT:
        return []
    shifted = {shift: _leftover(beam, dni, sun, shift) for shift in range(-14, 15)}
    best = min(shifted, key=lambda shift: shifted[shift])
    if shifted[best] < 0.8 * error:
        early_or_late = "early" if best > 0 else "late"
        return [
            f"the sun runs {abs(best)} h {early_or_late} for {latitude_deg:.2f}, "
            f"{longitude_deg:.2f} at UTC{utc_offset_h:+d}; try local standard time (not UTC, no "
            "daylight saving), the sign of the longitude, or the utc_offset_h of the file"
        ]
    return [
        f"ghi_w_per_m2 differs from dni_w_per_m2 cos(zenith) + dhi_w_per_m2 by "
        f"{100 * error:.0f} % of the beam (limit {100 * _CLOSURE_LIMIT:.0f} %); try whether "
        "columns are exchanged, units differ, or the place is wrong"
    ]


def _leftover(beam: Floats, dni: Floats, sun: Sun, shift: int) -> float:
    moved = np.roll(beam, shift) - np.roll(dni, shift) * sun.cos_zenith
    return float(np.abs(moved).sum() / beam.sum())
