"""How fast a rack that is new may ramp up."""

from collections import defaultdict

import numpy as np
import pyomo.environ as pyo

from components.base import Floats
from components.compute.rack import Rack
from components.orbit.orbital_rack import OrbitalRack
from planner.case import Case
from planner.formulate.formulation import Limit, Part


def limit_ramps(model: pyo.ConcreteModel, case: Case, parts: tuple[Part, ...]) -> list[Limit]:
    r"""Keep the racks a year of each new product within a multiple of those of the year before.

    Over all sites, of a rack with a ramp r and a seed m of which this buyer gets the share b,

    .. math:: n_t / L_t \le r^{d_t} n_{t-1} / L_{t-1} + b m

    with n the racks added in a period, L its length and d the years from the middle of the
    period before to its own; in the first period there are none before. The seed is what can be
    had whatever was bought before, so that nobody starts from nothing. It is for racks of which no
    supply counts by year what the vendor ships.
    """
    added: dict[str, list[Part]] = defaultdict(list)
    for part in parts:
        if isinstance(part.figures, Rack) and part.figures.ramp_per_year is not None:
            added[_sold_as(part)].append(part)
    free = [(n, t) for n, found in added.items() for t in case.periods.index if _comes(found, t)]
    model.rack_ramp = pyo.Constraint(free)
    limits = []
    for name, t in free:
        growth, seed = float(_growth(case, name)[t]), float(_seed_racks(case, name)[t])
        before = growth * _racks(added[name], t - 1) if t > 0 else 0.0
        used, bound = _racks(added[name], t), before + seed
        model.rack_ramp[name, t] = used - before <= seed
        row = model.rack_ramp[name, t]
        limits.append(Limit("ramp", name, "", t, "racks", used, bound, row, True))
    return limits


def _sold_as(part: Part) -> str:
    """Return the rack of the catalog that a part is, on the ground or in orbit."""
    return part.figures.source if isinstance(part.figures, OrbitalRack) else part.name


def _comes(parts: list[Part], t: int) -> bool:
    """Tell whether a product can enter service in a period at any site."""
    return any(not part.investment.units_added[t].fixed for part in parts)


def _racks(parts: list[Part], t: int) -> pyo.Expression:
    return sum(part.investment.units_added[t] for part in parts)


def _growth(case: Case, name: str) -> Floats:
    """Return the racks of each period that one rack of the period before lets follow [1]."""
    figures = case.racks[name].figures
    ramp = figures.ramp_per_year if isinstance(figures, Rack) else None
    length = case.periods.length_years
    years = (length[1:] + length[:-1]) / 2
    return np.concatenate([[0.0], (ramp or 0.0) ** years * length[1:] / length[:-1]])


def _seed_racks(case: Case, name: str) -> Floats:
    """Return what of the seed this buyer gets in each period [racks]."""
    product = case.racks[name]
    share = case.scenario.supply.buyer_share.get(name, product.buyer_share)
    seed = product.figures.ramp_seed_racks if isinstance(product.figures, Rack) else 0.0
    return share * seed * case.periods.length_years
