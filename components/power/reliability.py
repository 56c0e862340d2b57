"""Whether independent units carry the load: capacity outage, loss of load, unserved energy.

The capacity outage probability table of R. Billinton and R. N. Allan, *Reliability Evaluation of
Power Systems*, 2nd ed. (1996), chapter 2, doi:10.1007/978-1-4899-1860-4, built by convolution over
kinds of unit.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.stats import binom

from components.base import Floats

EXACT_STATES = 20_000
"""Most combinations of units in order that are kept one by one."""

GRID_STATES = 10_000
"""Steps into which all capacity is cut where there are more."""

HEAT_BINS = 8
"""Groups of hours with their own distribution where kinds lose output unlike one another."""

SLACK = 1e-9
"""Share of the load by which capacity may miss it: rounding, not an outage [1]."""

NEGLIGIBLE = 1e-20
"""A state less likely than this counts as one in which no unit of its kind is in order."""


@dataclass(frozen=True, slots=True)
class Units:
    """Units of one kind, each in order or not whatever the others are.

    Attributes
    ----------
    count
        How many.
    unit_mw
        Output of one [MW].
    outage_share
        Share of time in which one is out [1].
    """

    count: int
    unit_mw: float
    outage_share: float

    def __post_init__(self) -> None:
        """Refuse what is no set of units."""
        if self.count < 0 or not self.unit_mw >= 0 or not 0 <= self.outage_share <= 1:
            msg = f"{self}: count and size are at least 0, the outage share is from 0 to 1"
            raise ValueError(msg)

    @property
    def mw(self) -> float:
        """Output of all of them [MW]."""
        return self.count * self.unit_mw


@dataclass(frozen=True, slots=True, eq=False)
class CapacityDistribution:
    """How likely each amount of capacity in order is.

    Attributes
    ----------
    mw : (N,)
        Capacity in order, rising [MW].
    probability : (N,)
        Of each; they sum to one [1].
    """

    mw: Floats
    probability: Floats

    def lolp(self, load_mw: Floats | float) -> Floats:
        """Return the probability that the capacity in order is less than each load [1]."""
        return self._below(self.probability, load_mw)

    def eue_mw(self, load_mw: Floats | float) -> Floats:
        """Return the expected power that is not served at each load [MW].

        The mean of ``max(load - capacity, 0)``.
        """
        load = np.asarray(load_mw, dtype=float)
        missing = load * self.lolp(load) - self._below(self.probability * self.mw, load)
        return np.asarray(np.maximum(missing, 0.0))

    def _below(self, weight: Floats, load_mw: Floats | float) -> Floats:
        """Sum a weight over the states that fall short of each load."""
        load = np.asarray(load_mw, dtype=float)
        total = np.concatenate([[0.0], np.cumsum(weight)])
        return np.asarray(total[np.searchsorted(self.mw, load - SLACK * np.abs(load))])


@dataclass(frozen=True, slots=True)
class LossOfLoad:
    """How often and how much of the load is lost in a run of hours.

    Attributes
    ----------
    lole_h
        Expected hours with a loss of load [h].
    eue_mwh
        Expected energy not served [MWh].
    availability
        Share of the hours with load in which all of it is expected to be served [1].
    worst_lolp
        Greatest probability of a loss of load in any hour [1].
    """

    lole_h: float
    eue_mwh: float
    availability: float
    worst_lolp: float


def capacity_distribution(
    kinds: Sequence[Units], *, step_mw: float | None = None
) -> CapacityDistribution:
    """Return the distribution of the capacity in order of all units together.

    Kinds with few units are combined state by state: exact but for rounding. Where that makes more
    than `EXACT_STATES` combinations, states are put on a grid of ``step_mw``. The capacity of a
    kind's every state is rounded *down* to the grid, once for the kind and not for each unit, so
    that the sum is understated by less than one step per kind and nothing looks more reliable
    than it is. Sums have only positive terms: small probabilities keep their digits, which a
    Fourier transform would lose below 1e-16.

    Parameters
    ----------
    kinds
        The units.
    step_mw
        Step of the grid; asks for the grid. By default all capacity over `GRID_STATES`, and only
        where it is needed [MW].

    Returns
    -------
    CapacityDistribution
    """
    there = sorted((k for k in kinds if k.mw > 0), key=lambda kind: kind.count)
    if step_mw is None and math.prod(k.count + 1 for k in there) <= EXACT_STATES:
        return _exact(there)
    total = sum(k.mw for k in there)
    return _on_grid(there, step_mw or total / GRID_STATES)


def _states(kind: Units) -> tuple[Floats, Floats]:
    """Return outputs and probabilities of a kind; what is negligible is put to no output."""
    number = np.arange(kind.count + 1)
    chance = binom.pmf(number, kind.count, 1 - kind.outage_share)
    kept = chance > NEGLIGIBLE
    kept[0] = True
    chance, number = chance[kept], number[kept]
    chance[0] += max(1 - chance.sum(), 0.0)
    mw = np.asarray(number * kind.unit_mw, dtype=float)
    return mw, np.asarray(chance / chance.sum(), dtype=float)


def _exact(kinds: Sequence[Units]) -> CapacityDistribution:
    mw, chance = np.zeros(1), np.ones(1)
    for kind in kinds:
        of_kind, likely = _states(kind)
        mw = np.add.outer(mw, of_kind).ravel()
        chance = np.multiply.outer(chance, likely).ravel()
    order = np.argsort(mw, kind="stable")
    return CapacityDistribution(mw[order], chance[order])


def _on_grid(kinds: Sequence[Units], step_mw: float) -> CapacityDistribution:
    chance = np.ones(1)
    for kind in kinds:
        of_kind, likely = _states(kind)
        shifts = np.floor(of_kind / step_mw * (1 + SLACK)).astype(int)
        more = np.zeros(len(chance) + int(shifts[-1]))
        for shift, p in zip(shifts, likely, strict=True):
            more[shift : shift + len(chance)] += p * chance
        chance = more
    return CapacityDistribution(step_mw * np.arange(len(chance), dtype=float), chance)


def units_needed(unit_mw: float, outage_share: float, firm_mw: float, lolp: float) -> int:
    """Return the fewest alike units with ``P(capacity in order < firm) <= lolp``.

    Parameters
    ----------
    unit_mw
        Output of one [MW].
    outage_share
        Share of time in which one is out, below 1 [1].
    firm_mw
        What has to be there [MW].
    lolp
        Highest probability of a loss of load, above 0 [1].

    Raises
    ------
    ValueError
        If no number of units can meet it.
    """
    if not (unit_mw > 0 and 0 <= outage_share < 1 and lolp > 0):
        msg = "units need a size, an outage share below 1 and a probability above 0"
        raise ValueError(msg)
    if firm_mw <= 0:
        return 0
    needed = math.ceil(firm_mw / unit_mw * (1 - SLACK))
    least, most = needed, needed
    while binom.cdf(needed - 1, most, 1 - outage_share) > lolp:
        least, most = most + 1, 2 * most + 1
    while least < most:
        middle = (least + most) // 2
        if binom.cdf(needed - 1, middle, 1 - outage_share) <= lolp:
            most = middle
        else:
            least = middle + 1
    return least


def loss_of_load(
    kinds: Sequence[Units], derate: Floats, net_load_mw: Floats, weight: Floats
) -> LossOfLoad:
    """Return how often and how much of an hourly load is lost.

    Hours are put into `HEAT_BINS` groups by how much of the capacity the weather leaves. A group
    has one distribution, of the units at their mean derates; each hour's load is scaled to it by
    the hour's own total. So the result is exact, with one group, where all kinds lose output
    alike, and otherwise off only by how their shares in the total shift within a group.

    Parameters
    ----------
    kinds : K kinds
        Units at their rating, outages apart.
    derate : (K, H)
        Share of its rating that each kind can give in each hour by weather and height [1].
    net_load_mw : (H,)
        What the units have to carry [MW].
    weight : (H,)
        Hours that each stands for [h].

    Returns
    -------
    LossOfLoad
        Without any load: nothing lost, available always.
    """
    chance, missing = np.zeros(len(weight)), np.zeros(len(weight))
    loaded = net_load_mw > 0
    if not loaded.any():
        return LossOfLoad(0.0, 0.0, 1.0, 0.0)
    rating = np.array([k.mw for k in kinds])
    able = rating @ derate if len(kinds) else np.zeros(len(weight))
    chance[loaded & (able <= 0)] = 1.0
    missing[loaded & (able <= 0)] = net_load_mw[loaded & (able <= 0)]
    for hours in _heat_groups(derate, able, loaded & (able > 0)):
        mean = derate[:, hours].mean(axis=1)
        derated = [
            Units(k.count, k.unit_mw * float(d), k.outage_share)
            for k, d in zip(kinds, mean, strict=True)
        ]
        found = capacity_distribution(derated)
        scale = able[hours] / float(rating @ mean)
        chance[hours] = found.lolp(net_load_mw[hours] / scale)
        missing[hours] = scale * found.eue_mw(net_load_mw[hours] / scale)
    lole = float(chance @ weight)
    return LossOfLoad(
        lole_h=lole,
        eue_mwh=float(missing @ weight),
        availability=1 - lole / float(weight[loaded].sum()),
        worst_lolp=float(chance.max()),
    )


def _heat_groups(derate: Floats, able: Floats, chosen: np.ndarray) -> list[np.ndarray]:
    """Put the chosen hours into groups of like capacity; one if all kinds lose output alike."""
    hours = np.flatnonzero(chosen)
    if not len(hours):
        return []
    shape = derate[:, hours] / able[hours]
    if np.ptp(shape, axis=1).max() <= SLACK * np.abs(shape).max():
        return [hours]
    edges = np.linspace(able[hours].min(), able[hours].max(), HEAT_BINS + 1)[1:-1]
    group = np.searchsorted(edges, able[hours])
    return [hours[group == g] for g in np.unique(group)]
