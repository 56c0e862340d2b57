"""What a battery has to hold so that a solar field alone meets a flat load, by simulation."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from components.base import Floats
from components.power.battery import Battery

RATIOS = np.geomspace(1.2, 15.0, 16)
"""Sizes of the field that are tried, over the one whose energy just covers the load [1]."""


STEPS = 6
"""Halvings of the range of a battery, after which its size is known to a part in 64 of it."""


@dataclass(frozen=True, slots=True)
class Sizes:
    """A field and a battery that meet a load in every hour.

    Attributes
    ----------
    solar_mw, battery_mw
        What stands there [MW].
    discharged_mwh
        Of an hour in the mean [MWh].
    """

    solar_mw: float
    battery_mw: float
    discharged_mwh: float


def sizes(load_mw: Floats, solar_share: Floats, battery: Battery) -> Iterator[Sizes]:
    """Yield pairs of field and battery that meet the load in every hour, small fields first.

    The hours are repeated, so that the battery ends the year as full as it began. It is charged
    with all that the field has to spare, and what it loses when it stands still is left out.

    Parameters
    ----------
    load_mw, solar_share : (H,)
        Load [MW], and output of a MW of field [1], hour by hour.
    battery
        Its duration, usable share and efficiency.

    Yields
    ------
    Sizes
        None where the sun never shines, nor for fields that are too small for any battery.
    """
    if not solar_share.any():
        return
    least_mw = float(load_mw.sum() / solar_share.sum())
    for ratio in RATIOS.tolist():
        solar_mw = ratio * least_mw
        spare = solar_mw * solar_share - load_mw
        battery_mw = _least_mw(spare, battery)
        if battery_mw is not None:
            yield Sizes(solar_mw, battery_mw, float(np.maximum(-spare, 0.0).mean()))


def _least_mw(spare_mw: Floats, battery: Battery) -> float | None:
    """Return the least battery that carries what is short with what is spare; None: none does.

    The more power a battery has, the sooner it is full again and the less it has to hold: the
    least one holds just what it needs to, and is found by bisection.
    """
    free = _needed_mw(spare_mw, float(np.abs(spare_mw).max()), battery)
    if free is None:
        return None
    low = max(free, float(-spare_mw.min()))
    at_low = _needed_mw(spare_mw, low, battery)
    high = float(np.abs(spare_mw).max()) if at_low is None else max(low, at_low)
    high = max(high, low)
    for _ in range(STEPS):
        middle = (low + high) / 2
        needed = _needed_mw(spare_mw, middle, battery)
        low, high = (middle, high) if needed is None or needed > middle else (low, middle)
    return high


def _needed_mw(spare_mw: Floats, power_mw: float, battery: Battery) -> float | None:
    """Return the size that holds enough if it is charged at no more than ``power_mw``."""
    one_way = battery.round_trip_efficiency**0.5
    change = np.where(spare_mw > 0, one_way * np.minimum(spare_mw, power_mw), spare_mw / one_way)
    if change.sum() < 0:
        return None
    return deepest_fall(change) / battery.usable_mwh_per_mw


def deepest_fall(change: Floats) -> float:
    """Return the most that a level falls from any hour to a later one, over two rounds.

    It is what a store has to hold so that it never runs dry, if it is filled whenever it can be.

    Examples
    --------
    >>> deepest_fall(np.array([3.0, -1.0, -1.0, 1.0, -2.0]))
    3.0
    """
    level = np.cumsum(np.concatenate([change, change]))
    return float((np.maximum.accumulate(np.maximum(level, 0.0)) - level).max())
