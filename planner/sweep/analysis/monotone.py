"""What theory says of the cost along an axis, and where points contradict it.

A plan stays a plan when a limit is relaxed, so the best cost cannot rise; it stays one when a
price rises, and cannot cost less. Each point is solved to a gap, so objectives may still cross. It
is a contradiction, and a defect of ours, only where the proven bound of the one that should be
cheaper lies above the plan of the other.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import pandas as pd

from planner.sweep.analysis.studied import BOUND, OBJECTIVE, Studied

FALLS, RISES = "falls", "rises"

DIRECTION = {
    "grid.share_limit": FALLS,
    "grid.area_share_limit": FALLS,
    "grid.area_limit_mw": FALLS,
    "grid.us_twh": FALLS,
    "grid.other_data_centres_twh": RISES,
    "sites.limit_it_mw": FALLS,
    "policy.co2_limit_t": FALLS,
    "policy.budget_usd_per_year": FALLS,
    "policy.nox_limit_t_per_site": FALLS,
    "policy.water_limit_m3_per_site": FALLS,
    "policy.carbon_free_share": RISES,
    "policy.co2_usd_per_t": RISES,
    "policy.water_usd_per_m3": RISES,
    "power.gas_usd_per_mmbtu": RISES,
    "power.curtailed_load_usd_per_mwh": RISES,
}
"""Key of a scenario to what the best cost does at most when its value rises; all below it too."""

TOLERANCE = 1e-7
"""Share of the cost below which two costs are the same [1]."""


@dataclass(frozen=True, slots=True)
class Crossing:
    """Two points of which the one that should cost no more costs more.

    Attributes
    ----------
    axis
        Along which they lie.
    cheap, dear
        Numbers of the points: the one that should cost no more than the other, and that other.
    usd
        By how much it costs more [USD].
    proven
        Whether the bounds prove it: then something is wrong with the program.
    """

    axis: str
    cheap: int
    dear: int
    usd: float
    proven: bool


def direction(studied: Studied, axis: str) -> str:
    """Return ``falls`` or ``rises``; empty where theory says nothing of the axis."""
    found = {_of_key(key) for key in studied.keys(axis)}
    return found.pop() if len(found) == 1 else ""


def crossings(studied: Studied) -> list[Crossing]:
    """Return every pair of neighbours along an axis whose costs stand the wrong way."""
    return [each for axis in studied.numeric_axes for each in _along(studied, axis)]


def _of_key(key: str) -> str:
    return next((way for known, way in DIRECTION.items() if f"{key}.".startswith(f"{known}.")), "")


def _along(studied: Studied, axis: str) -> Iterator[Crossing]:
    way = direction(studied, axis)
    if not way:
        return
    for _, line in studied.lines(axis):
        ordered = line if way == FALLS else line.iloc[::-1]
        # From dear to cheap: limits grow, prices fall.
        for dear, cheap in zip(range(len(ordered) - 1), range(1, len(ordered)), strict=True):
            found = _crossing(axis, ordered.iloc[dear], ordered.iloc[cheap])
            if found is not None:
                yield found


def _crossing(axis: str, dear: pd.Series, cheap: pd.Series) -> Crossing | None:
    more = float(cheap[OBJECTIVE] - dear[OBJECTIVE])
    slack = TOLERANCE * abs(float(dear[OBJECTIVE]))
    if more <= slack:
        return None
    bound = float(cheap.get(BOUND, float("nan")))
    proven = bound > float(dear[OBJECTIVE]) + slack
    return Crossing(axis, int(cheap["point"]), int(dear["point"]), more, proven)
