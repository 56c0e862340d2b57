"""Small nuclear reactors at the site."""

import pyomo.environ as pyo

from components.base import Investment, Setting
from components.power.additions import add_units
from components.power.firm import FirmParameters, lead_months, operate, profile
from components.taxes import CLEAN_POWER_YEARS

__all__ = ["NEEDS_GAS", "SPARED", "Nuclear", "invest", "operate", "profile"]

NEEDS_GAS = False
SPARED = True
"""A reactor trips like any other unit, and is refuelled for weeks: its output must be spared."""


class Nuclear(FirmParameters):
    """Parameters of a reactor; fuel is in ``fuel_usd_per_mwh``, since it is no gas."""

    @property
    def usual_recovery_years(self) -> int:
        """Recovery period of clean power [a]."""
        return CLEAN_POWER_YEARS


def invest(block: pyo.Block, p: Nuclear, setting: Setting) -> Investment:
    """Add the reactors, not before their first year, at the price of their year of entry."""
    return add_units(block, p, setting, lead_months=lead_months(p, setting.periods))
