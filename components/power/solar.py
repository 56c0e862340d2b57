"""Solar fields with single-axis trackers."""

import pyomo.environ as pyo
from pydantic import Field

from components.base import Expr, Investment, Operation, Profile, Setting, World
from components.power.additions import UnitParameters, add_units
from components.power.generator import generate
from components.taxes import CLEAN_POWER_YEARS

NEEDS_GAS = False
SPARED = False


class Solar(UnitParameters):
    """Parameters of a solar field; power is AC at the inverter."""

    degradation_per_year: float = Field(
        ge=0, lt=0.1, description="Yearly loss of output; half a life's worth is taken off [1/a]"
    )
    land_acres_per_mw: float = Field(ge=0, description="Land [acre/MW]")

    @property
    def usual_recovery_years(self) -> int:
        """Recovery period of clean power [a]."""
        return CLEAN_POWER_YEARS


def invest(block: pyo.Block, p: Solar, setting: Setting) -> Investment:
    """Add the field at the price of its year of service entry."""
    return add_units(block, p, setting)


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
