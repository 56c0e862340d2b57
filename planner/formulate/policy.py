"""Limits on what the plan takes from the grid, puts into the air, spends, and where it opens."""

import pyomo.environ as pyo

from components.base import Expr
from components.cooling import load
from components.power.dispatchable import DispatchableParameters
from planner.case import HOURS_PER_YEAR, Case
from planner.formulate.formulation import Limit, Part
from planner.formulate.hours import hours_of
from planner.formulate.operation import world_of
from planner.gather import by_period
from planner.grid_areas import area_limits_gwh

LB_PER_SHORT_TON = 2000
"""Air permits count short tons per year."""


def limit_grid_share(model: pyo.ConcreteModel, case: Case) -> list[Limit]:
    """Keep grid energy of the plan and of all other data centres within the share.

    ``sum of grid GWh + other data centres <= share[t] * US electricity[t]``. Energy made behind
    the meter does not count.
    """
    if case.grid_limit_gwh is None:
        return []
    left = case.grid_limit_gwh - case.other_grid_gwh
    model.grid_share = pyo.Constraint(case.periods.index)
    limits = []
    for t in case.periods.index:
        used = sum(model.use[s, "grid_gwh", t] for s in case.sites)
        bound = float(left[t])
        model.grid_share[t] = used <= bound
        row = model.grid_share[t]
        limits.append(Limit("grid share", "grid energy", "", t, "GWh", used, bound, row, True))
    return limits


def limit_area_share(model: pyo.ConcreteModel, case: Case) -> list[Limit]:
    """Keep what the plan takes of the electricity of each grid area within its share.

    ``area_share[area, t]``: sum over the area's sites of grid GWh <= share[t] x the area's
    electricity[t] - that of its other data centres[t].
    """
    left = area_limits_gwh(case)
    model.area_share = pyo.Constraint([(area, t) for area in left for t in case.periods.index])
    limits = []
    for area, t in model.area_share.index_set():
        here = [s for s, place in case.sites.items() if place.site.grid_area == area]
        used = sum(model.use[s, "grid_gwh", t] for s in here)
        bound = float(left[area][t])
        model.area_share[area, t] = used <= bound
        row = model.area_share[area, t]
        limits.append(Limit("grid area share", area, "", t, "GWh", used, bound, row, True))
    return limits


def limit_co2(model: pyo.ConcreteModel, case: Case) -> list[Limit]:
    """Keep emissions, from stacks and from the grid's average mix, within the cap."""
    cap = case.scenario.policy.co2_limit_t
    if cap is None:
        return []
    allowed = by_period(cap, case.periods) * case.periods.length_years / 1000
    model.co2_limit = pyo.Constraint(case.periods.index)
    limits = []
    for t in case.periods.index:
        used = sum(
            model.use[s, "co2_kt", t] + here.site.co2_grid_t_per_mwh * model.use[s, "grid_gwh", t]
            for s, here in case.sites.items()
        )
        bound = float(allowed[t])
        model.co2_limit[t] = used <= bound
        row = model.co2_limit[t]
        limits.append(Limit("CO2", "all sites", "", t, "kt", used, bound, row, True))
    return limits


def limit_fired(model: pyo.ConcreteModel, case: Case) -> list[Limit]:
    """Make at least a share of the energy that the load gets without fuel and without the grid.

    ``sum of fired + grid GWh <= (1 - share[t]) * (load - curtailed)``, over all sites. Losses of
    storage and of lines come on top of the load: what is lost of fired energy counts as fired.
    """
    least = case.scenario.policy.carbon_free_share
    if least is None:
        return []
    share = by_period(least, case.periods)
    model.carbon_free_share = pyo.Constraint(case.periods.index)
    limits = []
    for t in case.periods.index:
        dirty = sum(model.use[s, u, t] for s in case.sites for u in ("fired_gwh", "grid_gwh"))
        drawn = sum(_load_gwh(model, case, s, t) for s in case.sites)
        lost = sum(model.use[s, "curtailed_gwh", t] for s in case.sites)
        bound = float(1 - share[t]) * (drawn - lost)
        model.carbon_free_share[t] = dirty <= bound
        row = model.carbon_free_share[t]
        name = "fired and grid energy"
        limits.append(Limit("carbon-free share", name, "", t, "GWh", dirty, bound, row, True))
    return limits


def _load_gwh(model: pyo.ConcreteModel, case: Case, site: str, t: int) -> Expr:
    """Return the load of a site over a period, facility and all [GWh].

    Work that may wait counts at the least PUE of the period, in whatever hours it runs.
    """
    world = world_of(case, site, hours_of(case, t))
    hours = 1e-3 * world.hours.weight
    factor = {c: load.profile(figures, world) for c, figures in case.cooling.items()}
    steady = sum(float(hours @ factor[c]) * model.it_mw[site, c, t] for c in case.cooling)
    if case.defer_h is None:
        return steady
    least = {c: float(hours.sum() * factor[c].min()) for c in case.cooling}
    return steady + sum(least[c] * model.shift_mean_mw[site, c, t] for c in case.cooling)


def limit_nox(model: pyo.ConcreteModel, case: Case, parts: tuple[Part, ...]) -> list[Limit]:
    """Keep each site's potential to emit NOx, all units at full output all year, within its cap.

    Potential to emit as in 40 CFR 52.21(b)(4): rating times 8,760 h, in short tons per year.
    """
    cap = case.scenario.policy.nox_limit_t_per_site
    if cap is None:
        return []
    keys = [(s, t) for s in case.sites for t in case.periods.index]
    model.nox_limit = pyo.Constraint(keys)
    limits = []
    for s, t in keys:
        used = sum(_nox_t_per_year(p, t) for p in parts if p.site == s)
        if isinstance(used, int):
            continue
        model.nox_limit[s, t] = used <= cap
        row = model.nox_limit[s, t]
        limits.append(Limit("NOx", "potential to emit", s, t, "short ton/a", used, cap, row, True))
    return limits


def _nox_t_per_year(part: Part, t: int) -> Expr:
    p = part.figures
    if not isinstance(p, DispatchableParameters):
        return 0
    per_mw = HOURS_PER_YEAR * p.nox_lb_per_mwh / LB_PER_SHORT_TON
    return per_mw * part.investment.unit_mw * part.investment.units[t]


def limit_budget(model: pyo.ConcreteModel, case: Case, parts: tuple[Part, ...]) -> list[Limit]:
    """Keep the overnight cost of each period's additions within the budget."""
    budget = case.scenario.policy.budget_usd_per_year
    if budget is None:
        return []
    allowed = by_period(budget, case.periods) * case.periods.length_years / 1e6
    model.budget = pyo.Constraint(case.periods.index)
    limits = []
    for t in case.periods.index:
        used = 1e-6 * sum(p.investment.capex_usd[t] for p in parts)
        bound = float(allowed[t])
        model.budget[t] = used <= bound
        row = model.budget[t]
        limits.append(Limit("budget", "investment", "", t, "million USD", used, bound, row, True))
    return limits


def close_regions(model: pyo.ConcreteModel, case: Case) -> None:
    """Let no site open in a region from the month of its moratorium; open ones stay."""
    periods = case.periods
    for s, here in case.sites.items():
        regions = {s, here.site.state, here.site.grid_area}
        months = [
            12 * int(month[:4]) + int(month[5:]) - 1
            for region, month in case.scenario.policy.moratoria.items()
            if region in regions
        ]
        closed = [t for t in periods.index if months and _month(case, t) >= min(months)]
        model.site[s].moratorium = pyo.ConstraintList()
        for t in () if here.stands else closed:
            built = model.site[s].works.built
            model.site[s].moratorium.add(built[t] <= (built[t - 1] if t else 0))


def _month(case: Case, t: int) -> int:
    return case.periods.first_order_month + round(float(case.periods.start_months[t]))


def open_by_order(model: pyo.ConcreteModel, case: Case) -> None:
    """Open, by the last period at the latest, the sites that have to be opened."""
    for s in case.scenario.policy.must_open:
        last = case.periods.index[-1]
        model.site[s].must_open = pyo.Constraint(expr=model.site[s].works.built[last] >= 1)
