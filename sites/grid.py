"""Grid areas: how the price of power moves over the year."""

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

import numpy as np

from sites.errors import UnknownNameError
from sites.table import DATA, read_rows
from sites.year import MONTH_OF_DAY, Floats

_HOURS = [f"h{hour:02d}" for hour in range(24)]


def price_shape(grid_area: str, utc_offset_h: int | None = None) -> Floats:
    """Hourly price of power in a grid area over its yearly mean.

    The shape is a mean day for each month, made from the area's hourly demand of 2020-2024
    (EIA Form 930 [1]_) by a merit order: an hour at quantile q of its year's demand, trend
    removed, costs gas times heat rate plus 3 USD/MWh, with gas at 3 USD/MMBtu and the heat rate
    6.5 at q = 0, 7.5 at 0.5, 9.5 at 0.9 and 13 MMBtu/MWh from 0.98 on, and 60 USD/MWh more above
    0.995. All areas of ERCOT share the demand of ERCOT, which clears as one market. The method is
    a judgement: against ERCOT's day-ahead hub prices of 2020 and 2022-2024 (EIA) the 288 means
    correlate with 0.80, are too flat in summer evenings, and miss the dip of sunny noons.

    Parameters
    ----------
    grid_area
        An area or region of EIA Form 930; see `grid_areas`.
    utc_offset_h
        Clock of the result: local standard time less UTC [h]. Absent: the area's own clock.

    Returns
    -------
    array, shape (8760,)
        Price over its yearly mean; its own mean is 1.

    Raises
    ------
    UnknownNameError
        If there is no such area; it names areas with similar names.

    References
    ----------
    .. [1] T. H. Ruggles, D. J. Farnham, D. Tong and K. Caldeira, "Developing reliable hourly
       electricity demand data through screening and imputation," Scientific Data 7 (2020) 155.
       doi:10.1038/s41597-020-0483-x (data: 10.5281/zenodo.3517197, CC BY 4.0)

    Examples
    --------
    >>> shape = price_shape("ERCO-WEST")
    >>> shape.shape, round(float(shape.mean()), 9)
    ((8760,), 1.0)
    """
    try:
        own_offset, table = _tables()[grid_area]
    except KeyError:
        kind = "grid area"
        raise UnknownNameError(kind, grid_area, _tables()) from None
    year = table[MONTH_OF_DAY].ravel()
    shift = 0 if utc_offset_h is None else utc_offset_h - own_offset
    return np.roll(year / year.mean(), shift)


def grid_areas() -> tuple[str, ...]:
    """Return the areas with a price shape: 59 balancing areas and zones, then 13 regions."""
    return tuple(_tables())


@cache
def _tables() -> Mapping[str, tuple[int, Floats]]:
    offsets: dict[str, int] = {}
    tables: dict[str, Floats] = {}
    for _, row in read_rows(DATA / "price_shape_12x24.csv"):
        area = row["grid_area"]
        offsets[area] = int(row["utc_offset_h"])
        month = int(row["month"]) - 1
        tables.setdefault(area, np.full((12, 24), np.nan))[month] = [float(row[h]) for h in _HOURS]
    return MappingProxyType({area: (offsets[area], table) for area, table in tables.items()})
