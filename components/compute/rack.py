"""Rack-scale compute systems."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated

import pyomo.environ as pyo
from pydantic import Field

from components.base import Investment, Setting
from components.power.additions import UnitParameters, add_units
from components.taxes import COMPUTER_YEARS

Wafers = Annotated[float, Field(ge=0)]


class Rack(UnitParameters):
    """Parameters of a rack; ``capex_usd_per_kw`` is its price over its rated power."""

    vendor: str = Field(min_length=1, description="Who builds it")
    chips: int = Field(gt=0, description="Accelerators in the rack [chips]")
    cabinets: int = Field(default=1, gt=0, description="Cabinets that share its power [cabinets]")
    cooling: tuple[str, ...] = Field(min_length=1, description="Cooling types it can run on")
    release: str = Field(
        pattern=r"^\d{4}-(0[1-9]|1[0-2])$", description="Month of first volume shipment, YYYY-MM"
    )
    ingredients: Mapping[str, Wafers] = Field(
        default_factory=dict, description="What one rack is made of, by ingredient [wafers]"
    )

    @property
    def usual_recovery_years(self) -> int:
        """Recovery period of computers [a]."""
        return COMPUTER_YEARS

    @property
    def release_month(self) -> int:
        """Release counted in months from year 0."""
        year, month = self.release.split("-")
        return 12 * int(year) + int(month) - 1


def invest(block: pyo.Block, p: Rack, setting: Setting) -> Investment:
    """Add racks on one cooling type: not before their release and the lead time after it."""
    since_first = p.release_month - setting.periods.first_order_month
    found = add_units(block, p, setting, lead_months=max(since_first, 0) + p.lead_months)
    draws = {
        name: tuple(wafers * n for n in found.units_added) for name, wafers in p.ingredients.items()
    }
    return replace(found, draws={**found.draws, **draws})
