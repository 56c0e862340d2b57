"""A year of weather at a place, checked: 8,760 hours in local standard time."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from sites.errors import WeatherError
from sites.weather_checks import (
    closure_problems,
    sense_problems,
    table_problems,
    value_problems,
)
from sites.year import Floats

__all__ = ["COLUMNS", "Weather", "WeatherError"]

COLUMNS: Final = (
    "ghi_w_per_m2",
    "dni_w_per_m2",
    "dhi_w_per_m2",
    "drybulb_c",
    "wetbulb_c",
    "wind_m_per_s",
    "pressure_pa",
)
"""The columns of `Weather.frame`, in order."""


@dataclass(frozen=True, slots=True, eq=False)
class Weather:
    """One year of hourly weather.

    Attributes
    ----------
    frame
        8,760 rows numbered from 0; row h is the mean over the hour that ends h + 1 hours after
        New Year, local standard time. Columns: irradiance on the horizontal, from the sun's
        disc and from the rest of the sky [W/m²], dry and wet bulb [°C], wind at 10 m [m/s] and
        air pressure [Pa].
    latitude_deg, longitude_deg, elevation_m
        The place the weather is of [deg, deg, m].
    utc_offset_h
        Local standard time less UTC [h].
    source
        A file, or how the weather was made.
    synthetic
        True where no such year was measured.

    Raises
    ------
    WeatherError
        If a column or row is missing, a value is missing or impossible, the wet bulb exceeds the
        dry bulb by more than 0.05 K, or the three irradiances do not belong to one another and
        to the sun at this place and clock. Every problem of a stage is told at once.
    """

    frame: pd.DataFrame
    latitude_deg: float
    longitude_deg: float
    elevation_m: float
    utc_offset_h: int
    source: str
    synthetic: bool

    def __post_init__(self) -> None:
        self._refuse(table_problems(self.frame, COLUMNS))
        values = {name: self.values(name) for name in COLUMNS}
        self._refuse(value_problems(values))
        self._refuse(sense_problems(values))
        place = (self.latitude_deg, self.longitude_deg, self.elevation_m, self.utc_offset_h)
        self._refuse(closure_problems(values, *place))

    def _refuse(self, problems: list[str]) -> None:
        if problems:
            raise WeatherError(self.source, problems)

    def values(self, column: str) -> Floats:
        """Return one column as an array of shape (8760,); see `COLUMNS`."""
        return self.frame[column].to_numpy(dtype=np.float64)
