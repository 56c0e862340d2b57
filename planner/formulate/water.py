"""Water that cooling uses: what it is, what it may be, and what it costs."""

from collections.abc import Mapping

import pyomo.environ as pyo

from components.base import Expr
from components.cooling.water import water_l_per_kwh
from planner.case import Case
from planner.formulate.formulation import Limit, Part
from planner.formulate.hours import hours_of
from planner.formulate.operation import world_of
from planner.gather import by_period


def m3_per_mw(case: Case, site: str, cooling: str, t: int) -> float:
    """Return what a MW of IT that runs all of a period has a cooling type use [m3/MW].

    ``sum over h of weight[h] * WUE[h]``: a L/kWh is a m3/MWh.
    """
    world = world_of(case, site, hours_of(case, t))
    outdoors = world.profiles["drybulb_c"], world.profiles["wetbulb_c"]
    wue = water_l_per_kwh(case.cooling[cooling], *outdoors)
    return float(world.hours.weight @ wue)


def cooling_water_m3(model: pyo.ConcreteModel, case: Case, site: str, t: int) -> dict[str, Expr]:
    """Return the water of each wet cooling type at a site over a period [m3].

    WUE and IT power alone decide it, so it is linear in what the racks draw and needs no hours in
    the model. Work that may wait counts at the mean WUE of the period, in whatever hours it runs;
    load that is curtailed counts as if it ran.
    """
    found: dict[str, Expr] = {}
    for c in case.cooling:
        if per_mw := m3_per_mw(case, site, c, t):
            waiting = 0 if case.defer_h is None else model.shift_mean_mw[site, c, t]
            found[c] = per_mw * (model.it_mw[site, c, t] + waiting)
    return found


def limit_water(model: pyo.ConcreteModel, case: Case, parts: tuple[Part, ...]) -> list[Limit]:
    """Keep the water of each site's cooling within what it may use; that of power does not count.

    ``sum over c and h of weight[h] * WUE[c, h] * it_mw[c] <= limit * length of the period``.
    Where there is none, wet cooling is not built, and no row has a price: of a limit of zero any
    price that is high enough would do.
    """
    if case.scenario.policy.water_limit_m3_per_site is None:
        return []
    keys = [(s, t) for s in case.sites for t in case.periods.index]
    model.water_limit = pyo.Constraint(keys)
    limits = []
    for s, t in keys:
        per_year = _limit_m3_per_year(case, s)
        water = cooling_water_m3(model, case, s, t)
        if per_year is None or not water:
            continue
        if per_year == 0:
            _leave_dry(model, parts, s, t, set(water))
            continue
        # In 1000 m3, which keeps the row's figures near those of the others.
        used = 1e-3 * sum(water.values())
        bound = 1e-3 * per_year * float(case.periods.length_years[t])
        model.water_limit[s, t] = used <= bound
        row = model.water_limit[s, t]
        limits.append(Limit("water", "of cooling", s, t, "1000 m3", used, bound, row, True))
    return limits


def _leave_dry(
    model: pyo.ConcreteModel, parts: tuple[Part, ...], site: str, t: int, wet: set[str]
) -> None:
    for cooling in wet:
        model.it_mw[site, cooling, t].fix(0.0)
    for part in parts:
        if part.site == site and part.cooling in wet and part.family in ("block", "rack"):
            part.investment.units_added[t].fix(0.0)


def _limit_m3_per_year(case: Case, site: str) -> float | None:
    """Return what a site may use: its own limit, else that of its class of water stress [m3/a]."""
    asked = case.scenario.policy.water_limit_m3_per_site
    if not isinstance(asked, Mapping):
        return asked
    return asked.get(site, asked.get(case.sites[site].site.water_stress))


def water_usd(model: pyo.ConcreteModel, case: Case, site: str, t: int) -> dict[str, Expr]:
    """Return what the water of each cooling type costs over a period [USD]; empty: it is free."""
    price = float(by_period(case.scenario.policy.water_usd_per_m3, case.periods)[t])
    if price == 0:
        return {}
    return {c: price * m3 for c, m3 in cooling_water_m3(model, case, site, t).items()}
