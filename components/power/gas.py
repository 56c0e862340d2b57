"""Gas turbines and engines, bought as real products from vendors."""

from typing import Literal

import pyomo.environ as pyo
from pydantic import Field

from components.base import Investment, Setting
from components.power.dispatchable import (
    DispatchableParameters,
    add_plant,
    operate,
    profile,
)
from components.taxes import COMBINED_CYCLE_YEARS, COMBUSTION_YEARS

__all__ = ["NEEDS_GAS", "SPARED", "Gas", "invest", "operate", "profile"]

NEEDS_GAS = True
SPARED = True


class Gas(DispatchableParameters):
    """Parameters of a gas turbine, combined cycle or engine."""

    technology: Literal["CC", "FSC", "AERO", "IGT", "MSR", "HSR", "MT"] = Field(
        description=(
            "CC combined cycle, FSC frame simple cycle, AERO aeroderivative, IGT industrial gas "
            "turbine, MSR medium- and HSR high-speed reciprocating engine, MT microturbine"
        )
    )
    frequency_hz: Literal[50, 60] = Field(default=60, description="Of the generator [Hz]")

    @property
    def usual_recovery_years(self) -> int:
        """Recovery period of turbines and engines, longer in a combined cycle [a]."""
        return COMBINED_CYCLE_YEARS if self.technology == "CC" else COMBUSTION_YEARS


def invest(block: pyo.Block, p: Gas, setting: Setting) -> Investment:
    """Add the plant's units; see `components.power.dispatchable.add_plant`."""
    return add_plant(block, p, setting)
