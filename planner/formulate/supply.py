"""Limited supplies: chips, power plant, slots, craft hours, connections in a grid area."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import pyomo.environ as pyo

from components.base import Expr, Floats, Parameters
from components.facility.block import Block
from components.orbit.orbital_rack import OrbitalRack
from components.power.additions import UnitParameters
from components.power.remote import Remote
from planner.case import Case
from planner.formulate.formulation import Limit, Part

LAUNCH = "launch_t"
"""Draw on launches, which each constellation has of its own."""


@dataclass(frozen=True, slots=True, eq=False)
class Supply:
    """What there is of one thing in each period.

    Attributes
    ----------
    kind, name, site, unit
        As in `Limit`.
    available : (n,)
        In each period [unit].
    cumulative
        Whether what is left over can be used later.
    """

    kind: str
    name: str
    site: str
    unit: str
    available: Floats
    cumulative: bool


def limit_supplies(model: pyo.ConcreteModel, case: Case, parts: tuple[Part, ...]) -> list[Limit]:
    """Keep what additions draw within what can be had."""
    drawn = _drawn(case, parts)
    supplies = [s for s in _supplies(case) if (s.kind, s.name, s.site) in drawn]
    keys = [(s.kind, s.name, s.site, t) for s in supplies for t in case.periods.index]
    model.supply_limit = pyo.Constraint(keys)
    limits = []
    for supply in supplies:
        draws = drawn[supply.kind, supply.name, supply.site]
        for t in case.periods.index:
            since = 0 if supply.cumulative else t
            used = sum(draws[v] for v in range(since, t + 1))
            bound = float(np.sum(supply.available[since : t + 1]))
            key = (supply.kind, supply.name, supply.site, t)
            if not _is_variable(used):
                continue
            model.supply_limit[key] = used <= bound
            limits.append(
                Limit(
                    supply.kind,
                    supply.name,
                    supply.site,
                    t,
                    supply.unit,
                    used,
                    bound,
                    model.supply_limit[key],
                    not supply.cumulative,
                )
            )
    return limits


def _is_variable(used: Expr) -> bool:
    return not isinstance(used, int | float) and bool(used.is_potentially_variable())


def _drawn(case: Case, parts: tuple[Part, ...]) -> dict[tuple[str, str, str], list[Expr]]:
    """Add up the draws of all parts by the supply they draw on."""
    found: dict[tuple[str, str, str], list[Expr]] = defaultdict(lambda: [0] * len(case.periods))
    for part in parts:
        for draw, amounts in part.investment.draws.items():
            key = _key(case, part, draw)
            if key is None:
                continue
            found[key] = [a + b for a, b in zip(found[key], amounts, strict=True)]
    return found


def _key(case: Case, part: Part, draw: str) -> tuple[str, str, str] | None:
    if draw == "slots_mw":
        return "slots", _sold_as(part.name, part.figures), ""
    if draw == "plant_class_mw":
        name = _class_of(case, part)
        return None if name is None else ("plant supply", name, "")
    if draw == "craft_hours":
        return ("labour", "craft hours", part.site) if case.labour is None else None
    if draw == "grid_area_mw":
        return "grid area", case.sites[part.site].site.grid_area, ""
    if draw == LAUNCH:
        return None  # see `planner.formulate.orbit`
    return "chips", draw, ""


def _sold_as(name: str, figures: Parameters) -> str:
    """Return the product whose vendor's slots are drawn on, wherever it stands."""
    return figures.source if isinstance(figures, Remote | OrbitalRack) else name


def _class_of(case: Case, part: Part) -> str | None:
    """Return the class of plant that a part is of; none: it is of no class with a limit."""
    technology = getattr(part.figures, "technology", None)
    for name, plant in case.plant_supply.items():
        if technology in plant.technologies:
            return name
    return None


def _supplies(case: Case) -> Iterator[Supply]:
    length = case.periods.length_years
    wanted = case.scenario.supply
    sold = {_sold_as(product.name, product.figures): product for product in _all_products(case)}
    for name, product in sold.items():
        slots = _slots_mw(case, product.figures)
        if slots is not None:
            per_period = product.buyer_share * slots * length
            yield Supply("slots", name, "", "MW", per_period, False)
    for name, amounts in case.chip_supply.items():
        yield Supply("chips", name, "", case.chip_units[name], amounts, True)
    for name, plant in case.plant_supply.items():
        yield Supply("plant supply", name, "", "MW", plant.mw, False)
    for site in case.sites:
        hours = wanted.craft_hours_per_site_year * length
        yield Supply("labour", "craft hours", site, "h", hours, False)
    for area, mw in case.scenario.grid.area_limit_mw.items():
        once = np.zeros(len(length))
        once[0] = mw
        yield Supply("grid area", area, "", "MW", once, True)


def _slots_mw(case: Case, figures: UnitParameters) -> Floats | float | None:
    """Return what a vendor has open in the year of each period [MW/a]; None: no limit."""
    if isinstance(figures, Block):
        return figures.slots_mw(case.periods, case.scenario.supply.block_outlook)
    return figures.slots_mw_per_year


def _all_products(case: Case) -> Iterable:  # type: ignore[type-arg]
    return [*case.power.values(), *case.blocks.values(), *case.racks.values()]
