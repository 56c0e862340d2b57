"""Whether generators and a battery carry the load through an outage of the grid.

The Markov method of REopt (NREL/REopt.jl, ``src/outagesim/backup_reliability.jl``): the state is
how many generators of each kind still run and how full the battery is. J. Marqusee, W. Becker and
S. Ericson, 'Resilience and economics of microgrids with PV, battery storage, and networked diesel
generators', Advances in Applied Energy 3 (2021) 100049, doi:10.1016/j.adapen.2021.100049.

Each hour of the outage: generators fail, each with probability 1/MTTF, and are not repaired; the
outage is survived so far in the states whose generators and battery carry the load; then the
battery takes what is over, or gives what is missing.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from pydantic import Field
from scipy.stats import binom

from components.base import Floats, Ints, Parameters

TINY = 1e-9
"""Probability below which numbers of running generators are left out at either end [1]."""

SLACK = 1e-9
"""Share of the load by which supply may miss it: rounding, not an outage [1]."""


class UnitFailure(Parameters):
    """How units of some technologies fail when an outage of the grid makes them start and run."""

    technologies: tuple[str, ...] = Field(
        default=(),
        description="Technologies it holds for, as in gas and fuel_cell; empty: for all others",
    )
    mean_time_to_failure_h: float = Field(
        ge=1, description="Running hours between failures of one unit [h]"
    )
    start_failure_share: float = Field(
        ge=0, le=1, description="Starts at which a unit does not come to carry load [1]"
    )


@dataclass(frozen=True, slots=True)
class Generators:
    """Generators of one kind.

    Attributes
    ----------
    count
        How many.
    unit_mw
        Output of one [MW].
    in_order_share
        Probability that one is not out already when the outage starts [1].
    start_failure_share
        Probability that one in order does not start [1].
    mean_time_to_failure_h
        Running hours between failures, at least 1 [h].
    """

    count: int
    unit_mw: float
    in_order_share: float
    start_failure_share: float
    mean_time_to_failure_h: float

    @property
    def starting_share(self) -> float:
        """Probability that one runs when the outage starts [1]."""
        return self.in_order_share * (1 - self.start_failure_share)


@dataclass(frozen=True, slots=True)
class Storage:
    """A battery in an outage.

    Attributes
    ----------
    mw
        Power, both ways [MW].
    mwh
        Energy that may be used [MWh].
    charge_efficiency, discharge_efficiency
        Energy stored over taken; given over drawn from the store [1].
    bins
        Levels that are told apart, empty and full among them.
    """

    mw: float
    mwh: float
    charge_efficiency: float = 1.0
    discharge_efficiency: float = 1.0
    bins: int = 101

    @property
    def step_mwh(self) -> float:
        """Energy between two levels [MWh]."""
        return self.mwh / (self.bins - 1)


NO_STORAGE = Storage(mw=0.0, mwh=1.0, bins=2)


def survival(
    generators: Sequence[Generators],
    net_load_mw: Floats,
    outage_h: int,
    *,
    storage: Storage | None = None,
    level_mwh: Floats | None = None,
    derate: Floats | None = None,
    fuel_mwh: float = float("inf"),
    starts: Ints | None = None,
) -> Floats:
    """Return the probability that load is met in every hour so far of an outage.

    Parameters
    ----------
    generators : K kinds
        What can run.
    net_load_mw : (H,)
        Load less what else feeds the site; the hour after the last is the first [MW].
    outage_h
        How long the outage lasts [h].
    storage
        The battery; by default none.
    level_mwh : (H,)
        How full it is before each hour when the grid is there; by default full [MWh].
    derate : (K, H)
        Output of each kind over its rating in each hour; by default 1 [1].
    fuel_mwh
        Electricity that fuel on site can make; by default without end. An outage ends badly once
        the load so far, less what the battery held, is more. Fuel that charges the battery and
        is not used by the end is not counted [MWh].
    starts : (S,)
        Hours in which an outage starts; by default every one.

    Returns
    -------
    (S, outage_h)
        For each start, the probability of having met the load up to and including each hour [1].
    """
    load = np.asarray(net_load_mw, dtype=float)
    begin = np.arange(len(load)) if starts is None else np.asarray(starts)
    kinds = [g for g in generators if g.count > 0]
    share = np.ones((len(generators), len(load))) if derate is None else np.asarray(derate)
    share = share[[k for k, g in enumerate(generators) if g.count > 0]]
    battery = storage if storage is not None and storage.mw > 0 else NO_STORAGE
    held = _held(battery, level_mwh, load)
    chain = _chain(kinds, outage_h)
    found = np.zeros((len(begin), outage_h))
    state = _first_state(chain, battery, held[begin])
    for d in range(outage_h):
        hour = (begin + d) % len(load)
        state = _fail(state, chain)
        surplus = np.einsum("kn,ks->sn", chain.mw, share[:, hour]) - load[hour][:, None]
        state *= _met(surplus, battery, load[hour])
        found[:, d] = state.sum(axis=(1, 2))
        state = _shift(state, _bins_moved(surplus, battery))
    return found * _fuelled(load, held, battery, fuel_mwh, begin, outage_h)


@dataclass(frozen=True, slots=True, eq=False)
class _Chain:
    """Numbers of running generators: their starting chances, steps, and outputs.

    ``steps[k]`` takes the numbers of kind k one hour on; ``shape`` is how many numbers each kind
    has; ``start`` (N,) and ``mw`` (K, N) are over all combinations, the last kind's number fastest.
    """

    shape: tuple[int, ...]
    steps: tuple[Floats, ...]
    start: Floats
    mw: Floats


def _chain(kinds: Sequence[Generators], outage_h: int) -> _Chain:
    start = np.ones(1)
    steps: list[Floats] = []
    outputs: list[Floats] = []
    for kind in kinds:
        number = _numbers(kind, outage_h)
        stays = 1 - 1 / kind.mean_time_to_failure_h
        step = binom.pmf(number[None, :], number[:, None], stays)
        steps.append(np.asarray(step, dtype=float))
        first = binom.pmf(number, kind.count, kind.starting_share)
        start = np.multiply.outer(start, first).ravel()
        outputs.append(np.asarray(number * kind.unit_mw, dtype=float))
    mesh = np.meshgrid(*outputs, indexing="ij") if outputs else []
    mw = np.array([m.ravel() for m in mesh]).reshape(-1, len(start))
    return _Chain(tuple(len(o) for o in outputs), tuple(steps), start, mw)


def _numbers(kind: Generators, outage_h: int) -> Ints:
    """Numbers that run at any time of the outage, but for `TINY` at either end."""
    last = kind.starting_share * (1 - 1 / kind.mean_time_to_failure_h) ** outage_h
    low = int(binom.ppf(TINY, kind.count, last)) - 1
    high = int(binom.isf(TINY, kind.count, kind.starting_share)) + 1
    return np.arange(max(low, 0), min(high, kind.count) + 1)


def _first_state(chain: _Chain, battery: Storage, held: Floats) -> Floats:
    """(S, bins, N): all of the chance in the bin in which the battery starts."""
    bins = np.minimum(np.rint(held / battery.step_mwh), battery.bins - 1).astype(int)
    state = np.zeros((len(held), battery.bins, len(chain.start)))
    state[np.arange(len(held)), bins] = chain.start
    return state


def _held(battery: Storage, level_mwh: Floats | None, load: Floats) -> Floats:
    if battery is NO_STORAGE:
        return np.zeros(len(load))
    if level_mwh is None:
        return np.full(len(load), battery.mwh)
    return np.asarray(np.clip(level_mwh, 0, battery.mwh), dtype=float)


def _fail(state: Floats, chain: _Chain) -> Floats:
    """Take the numbers of running generators one hour on, kind by kind."""
    folded = state.reshape(*state.shape[:2], *chain.shape)
    for k, step in enumerate(chain.steps):
        folded = np.moveaxis(np.tensordot(folded, step, axes=(k + 2, 0)), -1, k + 2)
    return np.asarray(folded, dtype=float).reshape(state.shape)


def _met(surplus: Floats, battery: Storage, load: Floats) -> Floats:
    """(S, bins, N): 1 where generators and battery carry the load, else 0."""
    level = np.arange(battery.bins) * battery.step_mwh
    gives = np.minimum(battery.mw, level * battery.discharge_efficiency)
    missing = -SLACK * np.maximum(np.abs(load), 1.0)
    met = surplus[:, None, :] + gives[None, :, None] >= missing[:, None, None]
    return np.asarray(met, dtype=float)


def _bins_moved(surplus: Floats, battery: Storage) -> Ints:
    """(S, N): levels by which the battery rises or falls in an hour."""
    power = np.clip(surplus, -battery.mw, battery.mw)
    charged = power * battery.charge_efficiency
    drawn = power / battery.discharge_efficiency
    return np.rint(np.where(power > 0, charged, drawn) / battery.step_mwh).astype(int)


def _shift(state: Floats, moved: Ints) -> Floats:
    """Move the chances to the levels they come to; what would go past an end stays there."""
    if not moved.any():
        return state
    starts, bins, numbers = state.shape
    to = np.clip(np.arange(bins)[None, :, None] + moved[:, None, :], 0, bins - 1)
    s, n = np.ogrid[:starts, :numbers]
    flat = (s[:, None] * bins + to) * numbers + n[:, None, :]
    found = np.bincount(flat.ravel(), weights=state.ravel(), minlength=state.size)
    return np.asarray(found, dtype=float).reshape(state.shape)


def _fuelled(
    load: Floats, held: Floats, battery: Storage, fuel_mwh: float, begin: Ints, outage_h: int
) -> Floats:
    """(S, outage_h): 1 as long as the fuel lasts, else 0."""
    if not np.isfinite(fuel_mwh):
        return np.ones((len(begin), outage_h))
    hour = (begin[:, None] + np.arange(outage_h)) % len(load)
    used = np.cumsum(np.maximum(load[hour], 0), axis=1)
    from_battery = held[begin][:, None] * battery.discharge_efficiency
    return np.asarray(used - from_battery <= fuel_mwh * (1 + SLACK), dtype=float)


def lumped(
    generators: Sequence[Generators], derate: Floats, outage_h: int, most_states: int
) -> tuple[tuple[Generators, ...], Floats]:
    """Put kinds together until few enough combinations of running generators are left.

    An approximation: the two kinds with the least output become one, of as many whole units of the
    larger size as they make, with the worse chances and the lower derate of both.

    Parameters
    ----------
    generators, derate
        As `survival` takes them.
    outage_h
        How long the outage lasts [h].
    most_states
        Most combinations; a single kind is never cut.

    Returns
    -------
    generators and (K, H)
        The kinds, and their derates.
    """
    there = [k for k, g in enumerate(generators) if g.count > 0]
    kinds = [generators[k] for k in there]
    shares = [derate[k] for k in there]
    while len(kinds) > 1 and _states(kinds, outage_h) > most_states:
        least = sorted(range(len(kinds)), key=lambda k: kinds[k].count * kinds[k].unit_mw)[:2]
        one = _worse(*(kinds[k] for k in least))
        share = np.minimum(*(shares[k] for k in least))
        kinds = [g for k, g in enumerate(kinds) if k not in least] + [one]
        shares = [d for k, d in enumerate(shares) if k not in least] + [share]
    return tuple(kinds), np.array(shares).reshape(len(kinds), derate.shape[1])


def _states(kinds: Sequence[Generators], outage_h: int) -> int:
    return math.prod(len(_numbers(kind, outage_h)) for kind in kinds)


def _worse(a: Generators, b: Generators) -> Generators:
    unit_mw = max(a.unit_mw, b.unit_mw)
    together = a.count * a.unit_mw + b.count * b.unit_mw
    return Generators(
        count=int(together / unit_mw * (1 + SLACK)),
        unit_mw=unit_mw,
        in_order_share=min(a.in_order_share, b.in_order_share),
        start_failure_share=max(a.start_failure_share, b.start_failure_share),
        mean_time_to_failure_h=min(a.mean_time_to_failure_h, b.mean_time_to_failure_h),
    )
