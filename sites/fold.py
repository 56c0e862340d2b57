"""From stamped rows to a year: whole hours, no leap day, 8,760 rows in order."""

import numpy as np
import pandas as pd

from sites.year import DAYS_IN_MONTH, HOURS, Ints, hour_of_year


def fold_problems(frame: pd.DataFrame) -> list[str]:
    """Complain about rows that do not make one whole year of even steps.

    Parameters
    ----------
    frame
        Rows whose index is a time within each interval, or a plain count.

    Returns
    -------
    list of str
        Empty if `fold` will give a whole year.
    """
    if not isinstance(frame.index, pd.DatetimeIndex):
        if len(frame) == HOURS:
            return []
        return [
            f"{len(frame)} rows without stamps where a year has {HOURS} hours; try one whole "
            "hourly year without 29 February, or a column time with the start of each step"
        ]
    if unread := int(np.count_nonzero(frame.index.isna())):
        return [f"{unread} of {len(frame)} rows have no readable stamp; try a complete file"]
    stamps = _without_leap_day(frame.index)
    counts = np.bincount(_rows(stamps), minlength=HOURS)
    if gaps := np.flatnonzero(counts == 0).tolist():
        return [
            f"{len(gaps)} of {HOURS} hours are missing, first {_name(gaps[0])} on the file's "
            "clock; try a complete year"
        ]
    if pd.MultiIndex.from_arrays([_rows(stamps), stamps.minute]).has_duplicates:
        years = sorted(set(stamps.year.tolist()))
        return [
            f"several rows for one hour (years {years[0]} to {years[-1]}); try one year, or a "
            "typical year"
        ]
    if counts.min() != counts.max():
        return [
            f"{counts.min()} to {counts.max()} rows an hour; try even steps of 60 minutes or less"
        ]
    return []


def fold(frame: pd.DataFrame, shift_h: int) -> pd.DataFrame:
    """Average to hours, drop 29 February, order from New Year, and move the clock.

    The clock is moved by rolling: hours that leave the year at one end enter at the other.

    Parameters
    ----------
    frame
        Rows without `fold_problems`.
    shift_h
        Wanted clock less the file's clock [h].

    Returns
    -------
    DataFrame, 8,760 rows
        Numbered from 0; a missing value makes its whole hour missing.
    """
    if isinstance(frame.index, pd.DatetimeIndex):
        leap = (frame.index.month == 2) & (frame.index.day == 29)
        kept = frame[~leap]
        rows = _rows(pd.DatetimeIndex(kept.index))
        counts = np.bincount(rows, minlength=HOURS)
        columns = {
            str(name): np.bincount(rows, weights=column.to_numpy(dtype=float)) / counts
            for name, column in kept.items()
        }
    else:
        columns = {str(name): column.to_numpy(dtype=float) for name, column in frame.items()}
    return pd.DataFrame({name: np.roll(column, shift_h) for name, column in columns.items()})


def _without_leap_day(stamps: pd.DatetimeIndex) -> pd.DatetimeIndex:
    return stamps[~((stamps.month == 2) & (stamps.day == 29))]


def _rows(stamps: pd.DatetimeIndex) -> Ints:
    return hour_of_year(
        stamps.month.to_numpy(dtype=np.int64),
        stamps.day.to_numpy(dtype=np.int64),
        stamps.hour.to_numpy(dtype=np.int64),
    )


def _name(row: int) -> str:
    day, hour = divmod(row, 24)
    for month, days in enumerate(DAYS_IN_MONTH, start=1):
        if day < days:
            return f"{month:02d}-{day + 1:02d} {hour:02d}:00"
        day -= days
    msg = f"row {row} lies beyond the year"
    raise ValueError(msg)
