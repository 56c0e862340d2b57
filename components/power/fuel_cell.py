"""Fuel cells on natural gas, with the replacement of their stacks."""

from typing import Literal

import pyomo.environ as pyo
from pydantic import Field

from components.base import Investment, Setting
from components.power.additions import add_units
from components.power.dispatchable import DispatchableParameters, operate, profile

__all__ = ["NEEDS_GAS", "SPARED", "FuelCell", "invest", "operate", "profile"]

NEEDS_GAS = True
SPARED = True


class FuelCell(DispatchableParameters):
    """Parameters of a fuel-cell plant; heat rate is the average between stack swaps."""

    technology: Literal["SOFC", "MCFC", "PAFC"] = Field(
        description="SOFC solid oxide, MCFC molten carbonate, PAFC phosphoric acid"
    )


def invest(block: pyo.Block, p: FuelCell, setting: Setting) -> Investment:
    """Add the plant's units; stack swaps are in the variable cost of the catalog."""
    return add_units(block, p, setting)
