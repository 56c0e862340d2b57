"""A firm connection to the grid."""

import numpy as np
import pyomo.environ as pyo
from pydantic import Field

from components.base import Expr, Investment, Operation, Profile, Setting, World
from components.power.additions import UnitParameters, add_units
from components.power.generator import generate

NEEDS_GAS = False
SPARED = False


class Grid(UnitParameters):
    """Parameters of a firm grid connection; ``capex_usd_per_kw`` is the customer substation."""

    line_usd_per_mw_mile: float = Field(
        ge=0, description="Line from the nearest 345 kV or above [USD/(MW mile)]"
    )
    demand_charge_usd_per_kw_month: float = Field(
        ge=0, description="Paid on the connected capacity [USD/(kW month)]"
    )


def invest(block: pyo.Block, p: Grid, setting: Setting) -> Investment:
    """Add the connection: it comes after the place's wait, and pays its line by the mile.

    Needs the figures ``grid_wait_months`` and ``line_miles`` of the setting.
    """
    line_usd_per_kw = p.line_usd_per_mw_mile * setting.figures["line_miles"] / 1000
    found = add_units(
        block,
        p,
        setting,
        lead_months=max(p.lead_months, setting.figures["grid_wait_months"]),
        capex_usd_per_kw=(p.capex_usd_per_kw + line_usd_per_kw,) * len(setting.periods),
    )
    charge_usd_per_mw = 12_000 * p.demand_charge_usd_per_kw_month
    charges = tuple(charge_usd_per_mw * p.unit_mw * n for n in found.units)
    return Investment(
        units_added=found.units_added,
        units=found.units,
        unit_mw=found.unit_mw,
        links=found.links,
        annual_usd={**found.annual_usd, "demand_charge": charges},
        capex_usd=found.capex_usd,
        draws={**found.draws, "grid_area_mw": tuple(p.unit_mw * n for n in found.units_added)},
    )


def profile(p: Grid, world: World) -> Profile:
    """Return that all of the connection can be used, and what energy costs in each hour."""
    always = np.ones(len(world.hours))
    return Profile(
        shares={"output_within_capacity": always},
        amounts={
            "grid_gwh": always,
            "grid_energy_kusd": world.profiles["grid_price_usd_per_mwh"],
        },
    )


def operate(block: pyo.Block, p: Grid, world: World, links: dict[str, Expr]) -> Operation:
    """Add the hours: output G into the site with ``0 <= G[h] <= mw``, paid at the hour's price."""
    return generate(block, profile(p, world), world, links)
