"""Wind farms on land."""

import pyomo.environ as pyo
from pydantic import Field

from components.base import Expr, Investment, Operation, Profile, Setting, World
from components.power.additions import UnitParameters, add_units
from components.power.generator import generate
from components.taxes import CLEAN_POWER_YEARS

NEEDS_GAS = False
SPARED = False


class Wind(UnitParameters):
    """Parameters of a wind farm; power is AC where the farm feeds the bus."""

    loss_share: float = Field(
        ge=0,
        lt=1,
        description="Output of turbines that stand alone and never fail which a farm does not "
        "give: wakes, outages, cables, ice [1]",
    )
    degradation_per_year: float = Field(
        ge=0, lt=0.1, description="Yearly loss of output; half a life's worth is taken off [1/a]"
    )
    land_acres_per_mw: float = Field(
        ge=0, description="Land taken by pads and roads; farming goes on between [acre/MW]"
    )

    @property
    def usual_recovery_years(self) -> int:
        """Recovery period of clean power [a]."""
        return CLEAN_POWER_YEARS


def invest(block: pyo.Block, p: Wind, setting: Setting) -> Investment:
    """Add the farm at the price of its year of service entry."""
    return add_units(block, p, setting)


def profile(p: Wind, world: World) -> Profile:
    """Return the capacity factor of the farm's middle age after losses; wind takes nothing.

    Of the world ``wind_capacity_factor``: the output of one turbine, before losses.
    """
    aged = 1 - p.degradation_per_year * p.life_years / 2
    factor = aged * (1 - p.loss_share) * world.profiles["wind_capacity_factor"]
    return Profile(shares={"output_within_capacity": factor}, amounts={})


def operate(block: pyo.Block, p: Wind, world: World, links: dict[str, Expr]) -> Operation:
    """Add the hours: output P with ``0 <= P[h] <= factor[h] * mw``; the rest is spilled."""
    return generate(block, profile(p, world), world, links)
