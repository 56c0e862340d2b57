"""The year this package speaks of: 8,760 hours without a leap day, in local standard time.

Row h of an hourly array is the hour that ends h + 1 hours after New Year.
"""

from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

HOURS: Final = 8760
DAYS: Final = 365
DAYS_IN_MONTH: Final = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
MONTH_OF_DAY: Final[Ints] = np.repeat(np.arange(12), DAYS_IN_MONTH)
"""Month 0..11 of each of the 365 days."""
MONTH_OF_HOUR: Final[Ints] = np.repeat(MONTH_OF_DAY, 24)
"""Month 0..11 of each of the 8,760 hours."""
NOMINAL_YEAR: Final = 1990
"""Year whose sun is used for weather of no particular year (pvlib's own choice for TMY data)."""

MONTH_OF_DAY.setflags(write=False)
MONTH_OF_HOUR.setflags(write=False)


def mid_hours(utc_offset_h: int) -> pd.DatetimeIndex:
    """Return the middle of each hour of the nominal year.

    Parameters
    ----------
    utc_offset_h
        Local standard time less UTC [h].

    Returns
    -------
    DatetimeIndex, shape (8760,)
        In UTC.
    """
    start = pd.Timestamp(NOMINAL_YEAR, 1, 1, tz="UTC") + pd.Timedelta(
        minutes=30 - 60 * utc_offset_h
    )
    return pd.date_range(start, periods=HOURS, freq="h")


def hour_of_year(month: Ints, day: Ints, hour: Ints) -> Ints:
    """Return the row of each hour in a year without a leap day.

    Parameters
    ----------
    month, day, hour : arrays of one shape
        Month 1..12, day 1..31 (29 February is not allowed), and hour 0..23 in which it starts.

    Returns
    -------
    array
        Row 0..8759.

    Examples
    --------
    >>> hour_of_year(np.array([1, 3, 12]), np.array([1, 1, 31]), np.array([0, 0, 23])).tolist()
    [0, 1416, 8759]
    """
    first_day = np.concatenate([[0], np.cumsum(DAYS_IN_MONTH)[:-1]])
    return np.asarray((first_day[month - 1] + day - 1) * 24 + hour, dtype=np.int64)


def monthly_means(values: Floats, month: Ints) -> Floats:
    """Return the mean of ``values`` in each month.

    Parameters
    ----------
    values : shape (n,)
        Daily or hourly values.
    month : shape (n,)
        Month 0..11 of each value; every month must occur.

    Returns
    -------
    array, shape (12,)
        In the unit of ``values``.

    Examples
    --------
    >>> monthly_means(MONTH_OF_DAY.astype(float), MONTH_OF_DAY).tolist()[:3]
    [0.0, 1.0, 2.0]
    """
    count = np.bincount(month, minlength=12)
    return np.asarray(np.bincount(month, weights=values, minlength=12) / count, dtype=np.float64)
