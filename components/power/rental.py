"""Mobile plant that is leased with its service: no capital, a contract of some years."""

from dataclasses import replace
from typing import Literal

import pyomo.environ as pyo
from pydantic import Field

from components.base import Investment, Setting
from components.power.additions import add_units
from components.power.dispatchable import DispatchableParameters, operate, profile

__all__ = ["NEEDS_GAS", "SPARED", "Rental", "invest", "operate", "profile"]

NEEDS_GAS = True
SPARED = True

MONTHS_PER_YEAR = 12


class Rental(DispatchableParameters):
    """Parameters of leased plant; its owner pays what it costs to build and keep.

    The contract takes the place of a life: the lease is paid until it ends, and then the units go.
    """

    technology: Literal["AERO", "IGT", "HSR"] = Field(
        description="AERO aeroderivative, IGT industrial gas turbine, HSR high-speed engine"
    )
    lease_usd_per_kw_month: float = Field(
        ge=0, description="Paid on the rating for the whole contract [USD/(kW month)]"
    )
    life_years: float = Field(gt=0, description="Contract; the units go at its end [a]")
    capex_usd_per_kw: float = Field(
        default=0.0, ge=0, le=0, description="Nothing: the plant stays its owner's [USD/kW]"
    )
    fixed_om_usd_per_kw_year: float = Field(
        default=0.0, ge=0, description="Beyond what the lease covers [USD/(kW a)]"
    )


def invest(block: pyo.Block, p: Rental, setting: Setting) -> Investment:
    """Add the leased units: they cost ``12 * lease`` per kW and year while the contract runs."""
    found = add_units(block, p, setting)
    usd_per_unit = MONTHS_PER_YEAR * p.lease_usd_per_kw_month * 1000 * p.unit_mw
    yearly = {
        "lease": tuple(usd_per_unit * n for n in found.units),
        "fixed_om": found.annual_usd["fixed_om"],
    }
    nothing = (0.0,) * len(setting.periods)
    return replace(found, annual_usd=yearly, capex_usd=nothing)
