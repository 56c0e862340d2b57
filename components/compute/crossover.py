"""Which of two ways to serve gives more by the megawatt, and from which speed on."""

from collections.abc import Callable, Mapping
from math import inf, log, sqrt

import numpy as np

from components.compute.rack import Rack
from components.compute.traffic import Infeasible, Performance

SPEEDS = 25
"""Between the slowest and the fastest, where the lead is looked at first."""
CROSSOVER_STEP = 1e-3
"""How near a crossover is found [1]."""


def tokens_per_s_per_mw(found: Performance | Infeasible, racks: Mapping[str, Rack]) -> float:
    """Return output over rated power of all racks; 0 if they cannot serve [tokens/s/MW]."""
    if isinstance(found, Infeasible):
        return 0.0
    power = sum(n * racks[name].unit_mw for name, n in found.racks_per_ktoken_s.items())
    return 1e3 / power


def crossover_tokens_per_s_per_user(
    apart: Callable[[float], float],
    together: Callable[[float], float],
    *,
    slowest: float = 5.0,
    fastest: float = 2000.0,
) -> float | None:
    """Return the speed above which one way gives more than another, up to the fastest it can.

    Parameters
    ----------
    apart, together
        Speed [tokens/s/user] to what each gives, such as `tokens_per_s_per_mw`; 0: it cannot.
    slowest, fastest
        Speeds between which it is sought [tokens/s/user].

    Returns
    -------
    float or None
        The last speed at which ``apart`` takes the lead; ``slowest`` if it leads from there on;
        None if it never does [tokens/s/user].

    Examples
    --------
    >>> round(crossover_tokens_per_s_per_user(lambda s: 50.0, lambda s: 5000 / s))
    100
    """

    def lead(speed: float) -> float:
        mine, other = apart(speed), together(speed)
        if not mine:
            return -inf if other else 0.0
        return log(mine / other) if other else inf

    speeds = np.geomspace(slowest, fastest, SPEEDS).tolist()
    leads = [lead(speed) for speed in speeds]
    ahead = [i for i, each in enumerate(leads) if each > 0]
    if not ahead:
        return None
    start = ahead[-1]
    while start > 0 and leads[start - 1] > 0:
        start -= 1
    if start == 0:
        return float(slowest)

    low, high = speeds[start - 1], speeds[start]
    while high / low > 1 + CROSSOVER_STEP:
        middle = sqrt(low * high)
        low, high = (low, middle) if lead(middle) > 0 else (middle, high)
    return float(high)
