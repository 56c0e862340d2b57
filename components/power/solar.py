"""Solar fields with single-axis trackers."""

import pyomo.environ as pyo
from pydantic import Field

from components.base import Expr, Investment, Operation, Profile, Setting, World
from components.finance import price_path
from components.power.additions import UnitParameters, add_units
from components.power.generator import generate

NEEDS_GAS = False
SPARED = False


class Solar(UnitParameters):
    """Parameters of a solar field; power is AC at the inverter."""

    capex_2030_usd_per_kw: float = Field(
        ge=0, description="Overnight cost of 2030; straight line from 2025 [USD/kW]"
    )
    degradation_per_year: float = Field(
        ge=0, lt=0.1, description="Yearly loss of output; half a life's worth is taken off [1/a]"
    )
    land_acres_per_mw: float = Field(ge=0, description="Land [acre/MW]")


def invest(block: pyo.Block, p: Solar, setting: Setting) -> Investment:
    """Add the field at the price of its year of service entry."""
    years = setting.periods.year.tolist()
    path = tuple(price_path(y, p.capex_usd_per_kw, p.capex_2030_usd_per_kw) for y in years)
    return add_units(block, p, setting, capex_usd_per_kw=path)


def profile(p: Solar, world: World) -> Profile:
    """Return the capacity factor of the field's middle age; the sun takes nothing.

    Middle age: first-year output less half the loss of its life.
    """
    aged = 1 - p.degradation_per_year * p.life_years / 2
    factor = aged * world.profiles["solar_capacity_factor"]
    return Profile(shares={"output_within_capacity": factor}, amounts={})


def operate(block: pyo.Block, p: Solar, world: World, links: dict[str, Expr]) -> Operation:
    """Add the hours: output P with ``0 <= P[h] <= factor[h] * mw``; the rest is spilled."""
    return generate(block, profile(p, world), world, links)
