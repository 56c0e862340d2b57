"""Firm plants that burn no gas: the algebra shared by nuclear and geothermal plants."""

import numpy as np
import pyomo.environ as pyo
from pydantic import Field

from components.base import Expr, Operation, Periods, Profile, World
from components.power.generator import generate
from components.power.plant import PlantParameters, in_order


class FirmParameters(PlantParameters):
    """Figures of a plant that runs at any hour, pays for its own fuel, and emits no CO2."""

    available_from_year: int = Field(
        description="No unit enters service before this calendar year begins [a]"
    )
    fuel_usd_per_mwh: float = Field(
        default=0.0, ge=0, description="Fuel that is no gas, such as uranium [USD/MWh]"
    )


def lead_months(p: FirmParameters, periods: Periods) -> float:
    """Return the months from the first possible order to the first unit in service.

    The later of its lead time and its first year: what is ordered early waits for the technology.
    """
    until_first_year = 12 * p.available_from_year - periods.first_order_month
    return max(p.lead_months, float(until_first_year))


def profile(p: FirmParameters, world: World) -> Profile:
    """Return the mean availability and the money that a MWh takes, the same in every hour."""
    each = np.ones(len(world.hours))
    return Profile(
        shares={"output_within_capacity": in_order(p) * each},
        amounts={"variable_kusd": (p.variable_om_usd_per_mwh + p.fuel_usd_per_mwh) * each},
    )


def operate(block: pyo.Block, p: FirmParameters, world: World, links: dict[str, Expr]) -> Operation:
    """Add the hours: output P with ``0 <= P[h] <= availability * mw``.

    Plants follow the load freely. Their running cost is low, so that they rarely have to.
    """
    return generate(block, profile(p, world), world, links)
