"""A plan: the answer as numbers, and the tables that show it."""

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from planner.engines.outcome import Outcome
from planner.formulate.formulation import Formulation
from planner.plan.colocation import colocation_table
from planner.plan.cooling import cooling_table
from planner.plan.costs import costs_table
from planner.plan.elements import elements_table
from planner.plan.operation import dispatch_table, power_by_season_table
from planner.plan.prices import shadow_prices_table
from planner.plan.products import products_table
from planner.plan.redispatch import Dispatch, by_product
from planner.plan.reliability import reliability_table
from planner.plan.stock import builds_table, capacity_table, moves_table, racks_table, sites_table
from planner.plan.supply import supply_table
from planner.plan.tokens import rack_use_table, recipes_table, tokens_table

TABLES = (
    "sites",
    "builds",
    "elements",
    "moves",
    "capacity",
    "power_by_season",
    "dispatch",
    "tokens",
    "racks",
    "cooling",
    "rack_use",
    "recipes",
    "supply",
    "reliability",
    "costs",
    "shadow_prices",
    "products",
    "colocation",
)
"""Every table of a run folder, in the order in which one would read them."""


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """The answer to a scenario.

    Attributes
    ----------
    formulation
        The model, with its values.
    outcome
        How the solve ended.
    dispatch : (site, period) to SiteDispatch
        The hours, every product on its own; in the outcome dispatch classes are one.
    tables : name to DataFrame
        One for each of `TABLES`.
    """

    formulation: Formulation
    outcome: Outcome
    dispatch: Dispatch
    tables: Mapping[str, pd.DataFrame]


def read_plan(formulation: Formulation, outcome: Outcome) -> Plan:
    """Read the solved model into tables; no Pyomo object leaves."""
    hours = by_product(formulation, outcome)
    builds = builds_table(formulation)
    racks = racks_table(formulation)
    tables = {
        "sites": sites_table(formulation, outcome),
        "builds": builds,
        "elements": elements_table(formulation.case, builds),
        "moves": moves_table(formulation),
        "capacity": capacity_table(formulation),
        "power_by_season": power_by_season_table(formulation, hours),
        "dispatch": dispatch_table(formulation, hours),
        "tokens": tokens_table(formulation),
        "racks": racks,
        "cooling": cooling_table(formulation, racks),
        "rack_use": rack_use_table(formulation),
        "recipes": recipes_table(formulation.case),
        "supply": supply_table(formulation),
        "reliability": reliability_table(formulation, hours),
        "costs": costs_table(formulation),
        "shadow_prices": shadow_prices_table(formulation, outcome),
        "products": products_table(formulation, outcome),
        "colocation": colocation_table(formulation.case),
    }
    return Plan(formulation, outcome, hours, tables)
