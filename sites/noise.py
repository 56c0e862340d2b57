"""Random series with memory, and their spread over the days of a month."""

import numpy as np
from scipy.signal import lfilter
from scipy.special import ndtri

from sites.year import DAYS, MONTH_OF_DAY, Floats


def ar1(rng: np.random.Generator, size: int, memory: float) -> Floats:
    """Draw a stationary autoregressive series of first order with mean 0 and variance 1.

    Parameters
    ----------
    rng
        Source of randomness.
    size
        Length of the series.
    memory
        Correlation of neighbours, 0 <= memory < 1.

    Returns
    -------
    array, shape (size,)
        ``x[t] = memory x[t-1] + sqrt(1 - memory**2) e[t]`` with normal e.
    """
    shocks = rng.standard_normal(size) * np.sqrt(1 - memory**2)
    shocks[0] /= np.sqrt(1 - memory**2)
    return np.asarray(lfilter([1.0], [1.0, -memory], shocks), dtype=np.float64)


def monthly_shares(series: Floats) -> Floats:
    """Spread a daily series evenly over 0..1 within each month, keeping its order.

    A month of n days takes the n mid-points of n equal slices. So every synthetic month has the
    spread of its normals, and chance decides only which day gets what.

    Parameters
    ----------
    series : shape (365,)
        Any daily series.

    Returns
    -------
    array, shape (365,)
        Strictly between 0 and 1.
    """
    shares = np.empty(DAYS)
    for month in range(12):
        days = np.flatnonzero(month == MONTH_OF_DAY)
        rank = series[days].argsort().argsort()
        shares[days] = (rank + 0.5) / len(days)
    return shares


def monthly_scores(series: Floats) -> Floats:
    """Turn a daily series into normal scores with mean 0 and deviation 1 in each month.

    Parameters
    ----------
    series : shape (365,)
        Any daily series.

    Returns
    -------
    array, shape (365,)
        Normal quantiles of `monthly_shares`, scaled to unit sample deviation.
    """
    scores = np.asarray(ndtri(monthly_shares(series)), dtype=np.float64)
    for month in range(12):
        days = month == MONTH_OF_DAY
        scores[days] /= scores[days].std(ddof=1)
    return scores
