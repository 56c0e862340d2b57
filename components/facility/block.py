"""Blocks: units of facility that hold racks, modular or stick-built, with one cooling type."""

from dataclasses import replace
from typing import Literal

import pyomo.environ as pyo
from pydantic import Field

from components.base import Investment, Setting
from components.power.additions import UnitParameters, add_units
from components.taxes import BUILDING_YEARS


class Block(UnitParameters):
    """Parameters of a block; power is that of the racks it can hold (IT)."""

    vendor: str = Field(min_length=1, description="Who builds it")
    construction: Literal["modular", "stick_built"] = Field(
        description="Built in a factory and set in place, or built on site"
    )
    redundancy: Literal["N", "N+1", "2N"] = Field(description="Of the power path to the racks")
    cooling: tuple[str, ...] = Field(min_length=1, description="Cooling types it can be had with")
    craft_hours_per_mw: float = Field(ge=0, description="Craft labour on site [h/MW]")

    @property
    def usual_recovery_years(self) -> int:
        """Recovery period of buildings [a]."""
        return BUILDING_YEARS


def invest(block: pyo.Block, p: Block, setting: Setting) -> Investment:
    """Add the block's units with one cooling type.

    Needs the figure ``cooling_usd_per_kw``, the cost of the cooling plant per kW of IT. Draws
    craft hours on site.
    """
    cooling = setting.figures["cooling_usd_per_kw"]
    path = tuple(capex + cooling for capex in p.capex_path(setting.periods))
    found = add_units(block, p, setting, capex_usd_per_kw=path)
    hours = tuple(p.craft_hours_per_mw * p.unit_mw * n for n in found.units_added)
    return replace(found, draws={**found.draws, "craft_hours": hours})
