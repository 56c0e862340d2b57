"""What a campus at a site pays in a year for what stands there, as a plan counts it.

The expressions of the components' own investment are evaluated at given units; nothing is solved.
"""

import math
from dataclasses import dataclass, field
from itertools import combinations
from types import ModuleType

import numpy as np
import pyomo.environ as pyo

from components.base import Floats, Hours, Investment, Parameters, World
from components.cooling.pue import pue
from components.facility import site_works
from components.finance import charge_rate
from components.power import gas_lateral
from components.power.additions import UnitParameters
from components.power.battery import Battery
from components.registry import POWER
from components.taxes import TRANSMISSION_YEARS
from planner.case import HOURS_PER_YEAR, Case, Product, SiteCase
from planner.formulate.formulation import site_prices_kusd
from planner.formulate.gas import laterals_at, reserve_transport
from planner.formulate.grid import UPGRADE_LIFE_YEARS
from planner.formulate.parts import setting_of


@dataclass(frozen=True, slots=True, eq=False)
class Campus:
    """A campus at a site, whatever powers it.

    Attributes
    ----------
    case, here
        The figures.
    it_mw
        Flat draw of its racks [MW].
    load_mw : (H,)
        With what cooling takes, hour by hour; H is 8,760 times the years of weather.
    known
        What was computed before, of this site or others: yearly costs by product and period.
    """

    case: Case
    here: SiteCase
    it_mw: float
    load_mw: Floats
    known: dict[tuple[object, ...], tuple[float, float]] = field(repr=False)

    @property
    def mwh(self) -> float:
        """Energy of a year [MWh/a]."""
        return float(self.load_mw.mean()) * HOURS_PER_YEAR

    def world(self) -> World:
        """Return the hours, each with its share of a year."""
        n = len(self.load_mw)
        weight = np.full(n, HOURS_PER_YEAR / n)
        hours = Hours(of_year=np.arange(n), weight=weight, before=np.roll(np.arange(n), 1))
        return World(hours, self.here.profiles, self.here.figures)

    def period(self, months: float) -> int:
        """Return the first period in which a thing is there; else the last one."""
        periods = self.case.periods
        there = (t for t in periods.index if periods.arrived(t, months))
        return next(there, periods.index[-1])


def campus_at(
    case: Case,
    here: SiteCase,
    cooling: str,
    it_mw: float,
    known: dict[tuple[object, ...], tuple[float, float]],
) -> Campus:
    """Return a campus of racks that draw ``it_mw`` all year, cooled in one way."""
    profiles = here.profiles
    factor = pue(case.cooling[cooling], profiles["drybulb_c"], profiles["wetbulb_c"])
    return Campus(case, here, it_mw, it_mw * factor, known)


def connection_usd(
    campus: Campus, product: Product, taken_mw: Floats, months: float
) -> float | None:
    """Return the yearly cost of a connection and its energy [USD/a]; None: it may not be so large.

    Substation, line, upgrades behind it, demand charge, energy hour by hour, price of CO2.
    """
    case, here, t = campus.case, campus.here, campus.period(months)
    mw = in_units(campus, product.figures, float(taken_mw.max()))
    grid = case.scenario.grid
    most = (grid.site_limit_mw.get(here.site.id), grid.area_limit_mw.get(here.site.grid_area))
    upgrades = _upgrades_usd(campus, mw)
    if upgrades is None or any(limit is not None and mw > limit for limit in most):
        return None
    return (
        standing_usd(campus, product, mw, months)
        + upgrades
        + running_usd(campus, product.figures, taken_mw, t)
    )


def _upgrades_usd(campus: Campus, mw: float) -> float | None:
    """Return the yearly cost of the network behind a connection; None: it cannot carry it."""
    grid, site = campus.case.scenario.grid, campus.here.site.id
    steps = grid.site_upgrades.get(site, grid.upgrades)
    setting = setting_of(campus.case, campus.here)
    rate = charge_rate(setting, UPGRADE_LIFE_YEARS, recovery_years=TRANSMISSION_YEARS)
    usd, start = 0.0, 0.0
    for step in steps:
        end = math.inf if step.to_mw is None else step.to_mw
        usd += 1000 * step.usd_per_kw * max(min(mw, end) - start, 0.0)
        start = end
    return rate * usd if not steps or mw <= start else None


def pipes_for(campus: Campus, flow: float) -> tuple[float, tuple[str, ...]] | None:
    """Return lead time and names of the cheapest pipes that carry a flow; None: none do."""
    laterals = laterals_at(campus.case, campus.here)
    miles = campus.here.figures["gas_pipeline_miles"]
    sets = (
        names
        for n in range(1, len(laterals) + 1)
        for names in combinations(laterals, n)
        if sum(laterals[name].capacity_mmcf_per_day for name in names) >= flow
    )
    cost = {
        names: sum(laterals[n].tap_usd + laterals[n].usd_per_mile * miles for n in names)
        for names in sets
    }
    if not cost:
        return None
    best = min(cost, key=lambda names: cost[names])
    return max(laterals[name].lead_months for name in best), best


def pipes_usd(campus: Campus, names: tuple[str, ...], t: int) -> float:
    """Return the yearly cost of pipes, with their taps [USD/a]."""
    laterals = laterals_at(campus.case, campus.here)
    return sum(once_usd(campus, gas_lateral, name, laterals[name], t) for name in names)


def site_usd_per_mwh(campus: Campus) -> float:
    """Return land and works of opening the site, over the energy of a year [USD/MWh]."""
    t = campus.period(works_months(campus))
    return once_usd(campus, site_works, "site_works", campus.case.works, t) / campus.mwh


def works_months(campus: Campus) -> float:
    """Return the months from decision to open ground [months]."""
    return campus.case.works.lead_months


def sold_out(product: Product) -> bool:
    """Tell whether this buyer can have none of a product."""
    slots = product.figures.slots_mw_per_year
    return slots is not None and slots * product.buyer_share == 0


def in_units(campus: Campus, p: UnitParameters, mw: float) -> float:
    """Round up to whole units where the plan does."""
    unit_mw = p.unit_mw
    whole = unit_mw >= campus.case.scenario.solver.whole_units_from_mw
    return math.ceil(mw / unit_mw - 1e-9) * unit_mw if whole else mw


def wear_usd(p: Battery, discharged_mwh: float) -> float:
    """Return the wear of a battery that gives so much in an hour of the mean [USD/a]."""
    return p.wear_usd_per_mwh * discharged_mwh * HOURS_PER_YEAR


def running_usd(campus: Campus, p: Parameters, output_mw: Floats, t: int) -> float:
    """Return what an output takes in a year, at the prices of a period [USD/a]."""
    prices = site_prices_kusd(campus.case, campus.here)
    amounts = POWER[type(p)].profile(p, campus.world()).amounts
    taken = {use: float((output_mw * amount).mean()) for use, amount in amounts.items()}
    return HOURS_PER_YEAR * sum(each * float(prices[use][t]) for use, each in taken.items())


def standing_usd(
    campus: Campus, product: Product, mw: float, months: float, usable_mw: float | None = None
) -> float:
    """Return the yearly cost of MW in service, of which some are usable, before they run [USD/a].

    As the plan counts it: the expressions of the component's own investment, evaluated.
    """
    t, site = campus.period(months), campus.here.site
    # What a connection costs depends on its line; of plant only reserved transport is of a place.
    of_place = site.id if product.family == "grid" else site.gas_transport_usd_per_mmbtu
    key = (product.name, t, of_place)
    if key not in campus.known:
        campus.known[key] = _per_mw(campus, product, t)
    per_mw, per_usable_mw = campus.known[key]
    return per_mw * mw + per_usable_mw * (mw if usable_mw is None else usable_mw)


def _per_mw(campus: Campus, product: Product, t: int) -> tuple[float, float]:
    """Return the yearly cost of a MW that enters service in a period, and of a usable one."""
    p, case, here = product.figures, campus.case, campus.here
    block = pyo.ConcreteModel()
    found = POWER[type(p)].invest(block, p, setting_of(case, here))
    found = reserve_transport(case, here, p, found)
    _all_zero(block)
    block.units_added[t].set_value(1.0 / p.unit_mw, skip_validation=True)
    per_mw = _yearly(found, t)
    _all_zero(block)
    block.mw[t].set_value(1.0)
    return per_mw, _yearly(found, t)


def once_usd(campus: Campus, module: ModuleType, name: str, figures: Parameters, t: int) -> float:
    """Return the yearly cost of a thing that is there once, built for a period [USD/a]."""
    key = (name, t, campus.here.site.id)
    if key not in campus.known:
        block = pyo.ConcreteModel()
        found = module.invest(block, figures, setting_of(campus.case, campus.here))
        _all_zero(block)
        for v in range(t, len(campus.case.periods)):
            block.built[v].set_value(1)
        campus.known[key] = (_yearly(found, t), 0.0)
    return campus.known[key][0]


def _all_zero(block: pyo.ConcreteModel) -> None:
    for variable in block.component_data_objects(pyo.Var):
        variable.set_value(0)


def _yearly(found: Investment, t: int) -> float:
    return sum(float(pyo.value(item[t])) for item in found.annual_usd.values())
