"""Craft labour of a case: which sites share crews, how many hours there are, what travels."""

from collections.abc import Mapping

import numpy as np

from components.base import Floats, Periods
from components.catalog.loader import changed, load_family
from components.facility.labour_market import LabourMarket
from planner.case import LabourCase, SiteCase
from planner.errors import Problem, ScenarioError
from planner.scenario import Scenario
from planner.scenario.labour import BASE_YEAR

FAMILY = "labour_market"


def labour_markets(scenario: Scenario) -> dict[str, LabourMarket]:
    """Return the labour market of each state, with the scenario's changes."""
    change = scenario.blocks.change
    found = (changed(e, change.get(n, {})).parameters for n, e in load_family(FAMILY).items())
    return {market.state: market for market in found if isinstance(market, LabourMarket)}


def construction_cost_factor(scenario: Scenario, state: str) -> float:
    """Return what building costs in a state over the national mean; 1 beyond the catalog [1]."""
    if not scenario.blocks.regional_costs:
        return 1.0
    market = labour_markets(scenario).get(state)
    return market.construction_cost_factor if market else 1.0


def labour_case(
    scenario: Scenario, periods: Periods, places: Mapping[str, SiteCase]
) -> LabourCase | None:
    """Return the craft hours of each region by period; None: sites have a constant of their own.

    Raises
    ------
    ScenarioError
        If a site's region has no craft hours.
    """
    asked = scenario.supply.labour
    if asked is None:
        return None
    region = {s: asked.regions.get(s, here.site.state) for s, here in places.items()}
    share = scenario.supply.buyer_share.get(FAMILY, 1.0) * periods.length_years
    local = {name: share * _hours(scenario, name, periods) for name in set(region.values())}
    since = np.maximum(periods.year - BASE_YEAR, 0)
    return LabourCase(
        region=region,
        local_h={name: local[name] for name in sorted(local)},
        most_travelling_share=asked.most_travelling_share,
        premium_usd_per_h=asked.premium_usd_per_h,
        hours_ratio=(1 - asked.craft_learning_per_year) ** since,
        rack_install_h=asked.rack_install_h,
    )


def _hours(scenario: Scenario, region: str, periods: Periods) -> Floats:
    """Return the craft hours of a region in the year of each period [h/a]."""
    asked = scenario.supply.labour
    given = asked.craft_h_per_year.get(region) if asked else None
    if given is not None:
        return np.array([given.at(int(year)) for year in periods.year], dtype=float)
    market = labour_markets(scenario).get(region)
    if asked is None or market is None:
        key = f"supply.labour.craft_h_per_year.{region}"
        tip = f"hours a year for {region}"
        what = "is a region of the sites without craft hours"
        raise ScenarioError([Problem("scenario", 0, 0, key, what, region, tip)])
    growth = (1 + asked.growth_per_year) ** (periods.year - BASE_YEAR).astype(float)
    return np.asarray(market.craft_h_per_year * growth, dtype=float)
