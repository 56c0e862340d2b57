"""Dispatch classes: what is operated stands for what is bought.

Products that are dispatched alike have one hourly output (`components.power.dispatch_class`).
What is left of the difference between a product and its class is charged per MW.
"""

from dataclasses import replace
from typing import Any

import numpy as np
import pyomo.environ as pyo

from components.base import Expr, Floats, Investment
from components.power.dispatchable import DispatchableParameters
from components.power.plant import in_order
from planner.case import HOURS_PER_YEAR, Case, SiteCase
from planner.formulate.formulation import Part, Prices, site_prices_kusd

REFERENCE_LOAD_FACTOR = 0.7
"""Of the usable hours at full output, at which differences within a class are charged [1].

Load of data centres is flat: plants that are the site's only firm source run at 0.8 to 0.95, those
beside a grid connection or a solar field at 0.3 to 0.7. The plan is dispatched product by product
in the end, and the difference in cost is reported.
"""


def marginal_usd_per_mwh(p: DispatchableParameters, prices: Prices, t: int) -> float:
    """Return what a MWh of a burning plant costs in a period: fuel, variable cost and CO2."""
    rate = p.net_heat_rate_mmbtu_per_mwh
    fuel, co2 = float(prices["fuel_gbtu"][t]), float(prices["co2_kt"][t])
    variable = float(prices["variable_kusd"][t]) * p.variable_om_usd_per_mwh
    return rate * (fuel + co2 * p.co2_t_per_mmbtu) + variable


def class_of(case: Case, product: str) -> str:
    """Return the name of a product's dispatch class."""
    return next(name for name, one in case.classes.items() if product in one.members)


def with_difference(case: Case, here: SiteCase, product: str, found: Investment) -> Investment:
    """Charge what a product's MWh cost over those of its class, as a yearly cost of its MW.

    The item ``class_difference`` is negative for the better half of a class.
    """
    one = case.classes[class_of(case, product)]
    if one.is_single:
        return found
    usd = _difference_usd_per_mw_year(case, here, product)
    items = tuple(float(usd[t]) * found.links["mw"][t] for t in case.periods.index)
    return replace(found, annual_usd={**found.annual_usd, "class_difference": items})


def _difference_usd_per_mw_year(case: Case, here: SiteCase, product: str) -> Floats:
    own = case.power[product].figures
    other = case.classes[class_of(case, product)].figures
    if not (isinstance(own, DispatchableParameters) and type(own) is type(other)):
        msg = f"{product} is in a class of several, but is not dispatched at will"
        raise TypeError(msg)
    prices = site_prices_kusd(case, here)
    hours = HOURS_PER_YEAR * REFERENCE_LOAD_FACTOR * in_order(own)
    return np.array(
        [
            hours * (marginal_usd_per_mwh(own, prices, t) - marginal_usd_per_mwh(other, prices, t))
            for t in case.periods.index
        ]
    )


def join_classes(model: pyo.ConcreteModel, case: Case, parts: tuple[Part, ...]) -> None:
    """Define ``model.class_mw[s, d, t]``, usable capacity of classes of several products [MW].

    ``capacity_of_class``: at most the sum over the members of worth * mw, see
    `components.power.dispatch_class.DispatchClass`.
    """
    several = [d for d, one in case.classes.items() if not one.is_single]
    keys = [(s, d, t) for s in case.sites for d in several for t in case.periods.index]
    found = {(p.site, p.name): p.investment for p in parts if p.name in case.power}
    model.class_mw = pyo.Var(keys, domain=pyo.NonNegativeReals)

    @model.Constraint(keys)
    def capacity_of_class(m, s, d, t):  # type: ignore[no-untyped-def]
        members = case.classes[d].members.items()
        able = sum(worth * found[s, name].links["mw"][t] for name, worth in members)
        return m.class_mw[s, d, t] <= able


def class_mw(model: Any, case: Case, site: str, name: str, t: int) -> Expr:
    """Return the variable of a class's usable capacity at a site in a period [MW]."""
    one = case.classes[name]
    if one.is_single:
        (product,) = one.members
        return model.site[site].power[product].mw[t]
    return model.class_mw[site, name, t]
