"""Geothermal plants, where the ground is hot."""

import math

import pyomo.environ as pyo

from components.base import Investment, Setting
from components.power.additions import add_units
from components.power.firm import FirmParameters, lead_months, operate, profile
from components.taxes import CLEAN_POWER_YEARS

__all__ = ["NEEDS_GAS", "SPARED", "Geothermal", "invest", "operate", "profile"]

NEEDS_GAS = False
SPARED = True


class Geothermal(FirmParameters):
    """Parameters of a geothermal plant, its wells included."""

    @property
    def usual_recovery_years(self) -> int:
        """Recovery period of clean power [a]."""
        return CLEAN_POWER_YEARS


def invest(block: pyo.Block, p: Geothermal, setting: Setting) -> Investment:
    """Add the plant's units where there is heat to be had; elsewhere they never arrive.

    Needs the figure ``geothermal_resource`` of the setting: above zero where the ground is hot.
    """
    hot = setting.figures["geothermal_resource"] > 0
    lead = lead_months(p, setting.periods) if hot else math.inf
    return add_units(block, p, setting, lead_months=lead)
