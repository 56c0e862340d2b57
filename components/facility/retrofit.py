"""Retrofits: halls with air cooling that get liquid cooling, MW by MW of what racks may draw."""

from dataclasses import replace

import pyomo.environ as pyo
from pydantic import Field

from components.base import Investment, Setting
from components.power.additions import UnitParameters, add_units
from components.taxes import BUILDING_YEARS


class Retrofit(UnitParameters):
    """Parameters of a retrofit; power is that of the racks that the hall can hold (IT)."""

    from_cooling: tuple[str, ...] = Field(description="Cooling types that it takes the place of")
    to_cooling: tuple[str, ...] = Field(description="Cooling types that it brings")
    craft_hours_per_mw: float = Field(ge=0, description="Craft labour on site [h/MW]")

    @property
    def usual_recovery_years(self) -> int:
        """Recovery period of buildings [a]."""
        return BUILDING_YEARS


def invest(block: pyo.Block, p: Retrofit, setting: Setting) -> Investment:
    """Add the MW converted from one cooling type to another; draws craft hours on site.

    What it costs has pipes, coolant distribution and heat rejection in it: the cooling plant of
    the new type is not paid for again.
    """
    found = add_units(block, p, setting)
    hours = tuple(p.craft_hours_per_mw * p.unit_mw * n for n in found.units_added)
    return replace(found, draws={**found.draws, "craft_hours": hours})
