"""What the formulation is made of: parts, limits, and the model that holds them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

import pyomo.environ as pyo
from pyomo.repn import generate_standard_repn

from components.base import Expr, Floats, Investment, Parameters
from planner.case import Case, SiteCase
from planner.gather import by_period


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """One component at one site: its figures and what the model may see of it.

    Attributes
    ----------
    site, family, name
        Where it is, its family in the catalog, its name there.
    cooling
        The cooling type of a block or rack; empty elsewhere.
    figures
        Its parameters.
    investment
        Units, links, costs and draws.
    """

    site: str
    family: str
    name: str
    cooling: str
    figures: Parameters
    investment: Investment


@dataclass(frozen=True, slots=True, eq=False)
class Limit:
    """A row that the answer reports: how much is used, of how much, and at what price.

    Attributes
    ----------
    kind, name, site
        Such as ``chips``, ``cowos`` and an empty site; in the words of the scenario.
    period : position
        The period whose row it is.
    unit
        Of ``used`` and ``bound``.
    used, bound : expressions
        What the plan takes, and what there is: a number, unless the plan itself decides.
    row
        The Pyomo row.
    per_year
        True where used and bound are amounts of one period, so that the price is per unit in
        that period; False where they add up over the periods.
    """

    kind: str
    name: str
    site: str
    period: int
    unit: str
    used: Expr
    bound: Expr
    row: Any
    per_year: bool


@dataclass(frozen=True, slots=True, eq=False)
class Formulation:
    """The investment model: its rows refer to operation only through ``use``.

    Attributes
    ----------
    case
        The numbers.
    model
        The Pyomo model; ``model.site[s]`` holds what belongs to a site.
    parts
        Every component at every site.
    limits
        The rows that are reported.
    cost_usd : (name, item) to n expressions
        What each period costs, beyond parts and uses, undiscounted [USD].
    operated
        Pairs of site and period in which anything can run.
    """

    case: Case
    model: pyo.ConcreteModel
    parts: tuple[Part, ...]
    limits: tuple[Limit, ...]
    operated: tuple[tuple[str, int], ...]

    def of(self, site: str, *families: str) -> tuple[Part, ...]:
        """Return the parts of a site in the given families."""
        return tuple(p for p in self.parts if p.site == site and p.family in families)


def yearly_usd(part: Part, t: int) -> float:
    """Return what a unit that enters service in a period costs then, before it runs [USD/a]."""
    cost = sum(e[t] for e in part.investment.annual_usd.values())
    form = generate_standard_repn(cost, compute_values=False)
    added = part.investment.units_added[t]
    pairs = zip(form.linear_vars, form.linear_coefs, strict=True)
    return sum(float(pyo.value(c)) for v, c in pairs if v is added)


Prices: TypeAlias = Mapping[str, Floats]
"""Use to its price in each period [1000 USD per unit of the use]."""


def use_prices_kusd(case: Case, site: str) -> Prices:
    """Return the price of each use at a site [1000 USD per unit of the use], by period."""
    return site_prices_kusd(case, case.sites[site])


def site_prices_kusd(case: Case, here: SiteCase) -> Prices:
    """Return the price of each use at a site [1000 USD per unit of the use], by period."""
    ones = here.grid_price_ratio * 0 + 1
    co2_price = by_period(case.scenario.policy.co2_usd_per_t, case.periods)
    return {
        "fuel_gbtu": here.gas_usd_per_mmbtu,
        "variable_kusd": ones,
        "grid_gwh": co2_price * here.site.co2_grid_t_per_mwh,
        "grid_energy_kusd": here.grid_price_ratio,
        "curtailed_gwh": case.scenario.power.curtailed_load_usd_per_mwh * ones,
        "co2_kt": co2_price,
        "fired_gwh": 0 * ones,
    }
