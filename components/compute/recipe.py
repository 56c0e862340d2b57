"""Ways to serve a workload as amounts of racks, and which of them no plan would choose."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from components.base import Floats
from components.compute.traffic import Performance

ROUNDING = 1e-9
"""What may be rounding when two recipes are compared [1]."""


@dataclass(frozen=True, slots=True, eq=False)
class Recipe:
    """Racks in order that serve a workload in one mode.

    Attributes
    ----------
    name
        Unique: workload, mode and racks.
    workload, mode
        What is served, and how.
    racks : rack to (n,)
        Racks in order that give 1000 output tokens/s, by period; inf where the recipe cannot serve
        [racks s/1000 tokens].
    together
        Whether its racks have to stand at one site: what they exchange cannot travel.
    performance
        What it gives in the last period in which it serves, without gains of software; None: its
        racks were given.
    """

    name: str
    workload: str
    mode: str
    racks: Mapping[str, Floats]
    together: bool
    performance: Performance | None

    def serves(self, t: int) -> bool:
        """Tell whether it can serve in a period."""
        return all(bool(np.isfinite(amount[t])) for amount in self.racks.values())


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A way to serve that is not in the model.

    Attributes
    ----------
    workload, mode, racks
        As in `Recipe`; racks joined by ``+``.
    why
        Such as ``weights: 689 GB in 640 GB``, or the recipe that takes less of everything.
    late
        Whether it could serve if its racks were there in time.
    """

    workload: str
    mode: str
    racks: str
    why: str
    late: bool = False


def drop_dominated(
    recipes: Iterable[Recipe], takes: Mapping[str, Floats], tolerance: float = 0.0
) -> tuple[list[Recipe], list[LeftOut]]:
    """Leave out recipes that take at least as much of everything as another of their workload.

    Exact while no rack stands idle: an idle rack may serve by a recipe that nobody would buy.
    With a tolerance, also those that save no more than it of anything: simpler ones stay.

    Parameters
    ----------
    recipes
        Of any workloads.
    takes : rack to (K,)
        What one rack takes of everything that could make somebody choose another: money, power,
        ingredients, time until it comes. Racks that differ in what cannot be compared differ
        in an entry of their own.
    tolerance
        Most that a recipe which stays may take over one that is left out [1].

    Returns
    -------
    kept, left out
    """
    kept: list[Recipe] = []
    out: list[LeftOut] = []
    for recipe in sorted(recipes, key=lambda each: (each.together, len(each.racks))):
        rival = next((k for k in kept if _beats(k, recipe, takes, tolerance)), None)
        if rival is not None:
            out.append(_left_out(recipe, rival))
            continue
        for loser in [k for k in kept if _beats(recipe, k, takes)]:
            kept.remove(loser)
            out.append(_left_out(loser, recipe))
        kept.append(recipe)
    return kept, out


def _left_out(recipe: Recipe, rival: Recipe) -> LeftOut:
    racks, others = "+".join(recipe.racks), "+".join(rival.racks)
    why = f"takes no less of anything than {rival.mode} on {others}"
    return LeftOut(recipe.workload, recipe.mode, racks, why)


def _beats(one: Recipe, other: Recipe, takes: Mapping[str, Floats], tolerance: float = 0.0) -> bool:
    """Tell whether ``one`` serves whenever ``other`` does and never takes more of anything."""
    if one.workload != other.workload or (one.together and not other.together):
        return False
    a, b = _taken(one, takes), _taken(other, takes)
    return bool(np.all((a <= b * (1 + tolerance + ROUNDING)) | ~np.isfinite(b)))


def _taken(recipe: Recipe, takes: Mapping[str, Floats]) -> Floats:
    """Return what 1000 tokens/s take in each period, (n, K); inf where it cannot serve."""
    served = np.all([np.isfinite(amount) for amount in recipe.racks.values()], axis=0)
    total = sum(
        np.where(served, amount, 0.0)[:, None] * takes[rack]
        for rack, amount in recipe.racks.items()
    )
    return np.where(served[:, None], total, np.inf)
