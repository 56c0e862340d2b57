"""The launch price at which a constellation pays beside a campus without power.

Halves the range of launch prices until it is narrow enough, one plan of ``space.yaml`` at a time:

    python -m examples.what_ifs.space
    python -m examples.what_ifs.space demand.workloads.chat.value_usd_per_mtok=1
"""

import sys
from collections.abc import Sequence
from pathlib import Path

from planner.known import read_scenario
from planner.run import plan_scenario

SCENARIO = Path(__file__).with_name("space.yaml")
PRICE = "sites.orbit.dawn_dusk.launch_usd_per_kg"
MOST_USD_PER_KG = 4000.0
"""Above what Falcon 9 costs."""

LEAST_MW = 1.0
"""A constellation that counts; what is left of chips after the last whole rack does not."""


def orbit_mw(usd_per_kg: float, sets: Sequence[str] = ()) -> float:
    """Return the IT power that the plan launches at a price [MW]."""
    loaded = read_scenario(SCENARIO, [*sets, f"{PRICE}={usd_per_kg}"])
    sites = plan_scenario(loaded.scenario).tables["sites"]
    return float(sites.loc[sites["site"] == "dawn_dusk", "it_mw"].sum())


def break_even(sets: Sequence[str] = (), within_usd_per_kg: float = 10.0) -> float | None:
    """Return the highest launch price at which anything is launched; None: not even for nothing.

    Parameters
    ----------
    sets
        Values laid over the scenario, ``key=value``.
    within_usd_per_kg
        How near is near enough [USD/kg].
    """
    if orbit_mw(0.0, sets) < LEAST_MW:
        return None
    low, high = 0.0, MOST_USD_PER_KG
    while high - low > within_usd_per_kg:
        middle = (low + high) / 2
        low, high = (middle, high) if orbit_mw(middle, sets) >= LEAST_MW else (low, middle)
    return low


if __name__ == "__main__":
    found = break_even(sys.argv[1:])
    said = "never, not even for nothing" if found is None else f"below {found:,.0f} USD/kg"
    sys.stdout.write(f"orbit enters {said}\n")
