"""Peak hours of a grid area: when a connection that is not firm is cut."""

import numpy as np

from sites.errors import SitesError
from sites.year import DAYS, HOURS, MONTH_OF_DAY, Floats, Ints, monthly_means

COMFORT_C = 18.3
"""65 degF, the base of US degree days: neither heated nor cooled [degC]."""

STRESS_PER_K = 0.05
"""Rise of stress for each kelvin further from comfort, a judgement: load rises by about 2 % a
kelvin, and near the peak a per cent of load raises the price by about 2.5 % [1/K]."""

_HOURS_OF_DAY = 24


def stress(price_shape: Floats, drybulb_c: Floats) -> Floats:
    r"""Return how hard each hour is for a grid area.

    The area's mean day of the month, raised by what the day is hotter or colder than its month:

    .. math:: s_h = p_h (1 + b (|T_d - T_0| - \overline{|T_d - T_0|}_m))

    with the price p over its yearly mean, which rises with the area's load; the mean temperature
    T of the day d; comfort :math:`T_0`, 18.3 degC; the mean of the month m; and b, 5 % per kelvin.
    That load rises on both sides of comfort is measured for 166 balancing areas [1]_; how much
    is a judgement, the same for all. Where a site's weather is not that of its area, the days
    are wrong and the hours of the day are right.

    Parameters
    ----------
    price_shape : shape (8760,)
        Price over its yearly mean, in local standard time, from `sites.grid.price_shape` [1].
    drybulb_c : shape (8760,)
        Of the site, in the same clock [degC].

    Returns
    -------
    array, shape (8760,)
        About 1 in the mean [1].

    References
    ----------
    .. [1] M. Auffhammer, P. Baylis and C. H. Hausman, "Climate change is projected to have severe
       impacts on the frequency and intensity of peak electricity demand across the United
       States," PNAS 114 (2017) 1886-1891. doi:10.1073/pnas.1613193114
    """
    by_day = drybulb_c.reshape(DAYS, _HOURS_OF_DAY).mean(axis=1)
    away = np.abs(by_day - COMFORT_C)
    departure_k = away - monthly_means(away, MONTH_OF_DAY)[MONTH_OF_DAY]
    factor = np.maximum(1 + STRESS_PER_K * departure_k, 0.0)
    return np.asarray(price_shape * np.repeat(factor, _HOURS_OF_DAY), dtype=np.float64)


def stress_rank(stress: Floats, event_h: int = 4) -> Ints:
    """Rank the hours of a year: the hours below n are those of n peak hours.

    Every day has one event, its ``event_h`` consecutive hours of most stress. Events come first,
    that of the hardest day before the others; the hours of an event follow each other, so that
    any number of peak hours is whole events and a part of one. All other hours come after the
    events, the harder the earlier. Of equals the earlier in the year comes first.

    Parameters
    ----------
    stress : shape (8760,)
        Of each hour, from `stress`.
    event_h
        Length of an event, 1 to 24 [h].

    Returns
    -------
    array, shape (8760,)
        Each of 0 to 8759 once: 0 is the first hour of the hardest event.

    Raises
    ------
    SitesError
        If an event is shorter than an hour or longer than a day.

    Examples
    --------
    >>> hard = np.ones(8760)
    >>> hard[4002:4006] = 2.0
    >>> rank = stress_rank(hard)
    >>> np.flatnonzero(rank < 6).tolist()
    [0, 1, 4002, 4003, 4004, 4005]
    """
    if not 1 <= event_h <= _HOURS_OF_DAY:
        msg = f"an event lasts 1 to 24 h, got {event_h}"
        raise SitesError(msg)
    days = stress.reshape(DAYS, _HOURS_OF_DAY)
    sums = np.lib.stride_tricks.sliding_window_view(days, event_h, axis=1).sum(axis=2)
    first = sums.argmax(axis=1)
    hardest_first = np.argsort(-sums.max(axis=1), kind="stable")
    starts = _HOURS_OF_DAY * hardest_first + first[hardest_first]
    events = (starts[:, None] + np.arange(event_h)).ravel()
    others = np.setdiff1d(np.arange(HOURS), events)
    others = others[np.argsort(-stress[others], kind="stable")]
    rank = np.empty(HOURS, dtype=np.int64)
    rank[np.concatenate([events, others])] = np.arange(HOURS)
    return rank
