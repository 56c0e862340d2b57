"""Blocks: units of facility that hold racks, modular or stick-built, with one cooling type."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, Literal, Self

import numpy as np
import pyomo.environ as pyo
from pydantic import Field, model_validator

from components.base import Floats, Investment, Periods, Setting
from components.power.additions import UnitParameters, add_units
from components.taxes import BUILDING_YEARS

Amount = Annotated[float, Field(ge=0)]
Outlook = Literal["low", "middle", "high"]
Haul = Literal["none", "legal", "oversize", "superload"]

LEGAL_WIDTH_M, LEGAL_T = 2.6, 36.3
"""A truck without a permit: 102 inches wide (23 CFR 658.15), 80,000 lb in all (23 USC 127)."""

PERMIT_WIDTH_M = 4.9
"""16 feet: beyond that, most states ask for surveys of the route and police escorts."""

FACTOR = "construction_cost_factor"
"""Figure of the place: cost of building there over that of the catalog; 1 if it is not given."""


class Block(UnitParameters):
    """Parameters of a block; power is that of the racks it can hold (IT).

    What redundancy costs is in ``capex_usd_per_kw``; `components/README.md` says how much.
    """

    vendor: str = Field(min_length=1, description="Who builds it")
    construction: Literal["modular", "stick_built"] = Field(
        description="Built in a factory and set in place, or built on site"
    )
    redundancy: Literal["N", "N+1", "2N"] = Field(description="Of the power path to the racks")
    cooling: tuple[str, ...] = Field(min_length=1, description="Cooling types it can be had with")
    craft_hours_per_mw: float = Field(ge=0, description="Craft labour on site [h/MW]")
    factory_hours_per_mw: float = Field(
        default=0.0, ge=0, description="Labour in the vendor's works, which no site lacks [h/MW]"
    )
    local_cost_share: float = Field(
        default=1.0,
        ge=0,
        le=1,
        description="Share of the cost, with its cooling plant, that follows the region's [1]",
    )
    module_width_m: float | None = Field(
        default=None, gt=0, description="Widest piece on the road; none: built on site [m]"
    )
    module_t: float | None = Field(
        default=None, gt=0, description="Heaviest piece on the road; none: not known [t]"
    )
    mw_per_year: Mapping[int, Amount] = Field(
        default_factory=dict,
        description=(
            "Calendar year of delivery to what the vendor has open to new US orders, middle; a "
            "year beyond those given takes the nearest; none: slots_mw_per_year [MW/a]"
        ),
    )
    low_mw_per_year: Mapping[int, Amount] = Field(
        default_factory=dict, description="The same, low; for the same years [MW/a]"
    )
    high_mw_per_year: Mapping[int, Amount] = Field(
        default_factory=dict, description="The same, high; for the same years [MW/a]"
    )

    @model_validator(mode="after")
    def _check_ramp(self) -> Self:
        low, middle, high = self.low_mw_per_year, self.mw_per_year, self.high_mw_per_year
        if not set(low) == set(middle) == set(high):
            msg = "low_mw_per_year, mw_per_year and high_mw_per_year must be of the same years"
            raise ValueError(msg)
        for year in middle:
            if not low[year] <= middle[year] <= high[year]:
                msg = f"low, middle and high must not fall, as they do in {year}"
                raise ValueError(msg)
        if middle and self.slots_mw_per_year is not None:
            msg = "slots_mw_per_year and mw_per_year say the same thing; try one of them"
            raise ValueError(msg)
        return self

    @property
    def usual_recovery_years(self) -> int:
        """Recovery period of buildings [a]."""
        return BUILDING_YEARS

    @property
    def haul(self) -> Haul:
        """What the road asks of the largest piece; none: nothing large is hauled."""
        if self.module_width_m is None:
            return "none"
        if self.module_width_m > PERMIT_WIDTH_M:
            return "superload"
        # What is known to be light enough for a truck of 80,000 lb leaves some 15 t for the truck.
        light = self.module_t is None or self.module_t <= LEGAL_T - 15
        return "legal" if self.module_width_m <= LEGAL_WIDTH_M and light else "oversize"

    def slots_mw(self, periods: Periods, outlook: Outlook = "middle") -> Floats | None:
        """Return what the vendor has open in the year of each period [MW/a]; None: no limit."""
        open_mw = {
            "low": self.low_mw_per_year,
            "middle": self.mw_per_year,
            "high": self.high_mw_per_year,
        }[outlook]
        if open_mw:
            years = sorted(open_mw)
            return np.interp(periods.year, years, [open_mw[year] for year in years])
        if self.slots_mw_per_year is None:
            return None
        return np.full(len(periods), self.slots_mw_per_year)

    def local_factor(self, setting: Setting) -> float:
        """Return the cost of the block at a place over that of the catalog [1]."""
        return 1 + self.local_cost_share * (setting.figures.get(FACTOR, 1.0) - 1)


def invest(block: pyo.Block, p: Block, setting: Setting) -> Investment:
    r"""Add the block's units with one cooling type.

    Needs the figure ``cooling_usd_per_kw``, the cost of the cooling plant per kW of IT; knows the
    figure ``construction_cost_factor`` f. Overnight cost per kW, with the share s of it that is
    local, is

    .. math:: (\mathrm{capex} + \mathrm{cooling}) (1 + s (f - 1))

    Draws craft hours on site, and slots of the vendor where these are limited.
    """
    cooling, factor = setting.figures["cooling_usd_per_kw"], p.local_factor(setting)
    path = tuple((capex + cooling) * factor for capex in p.capex_path(setting.periods))
    found = add_units(block, p, setting, capex_usd_per_kw=path)
    draws = {"craft_hours": tuple(p.craft_hours_per_mw * p.unit_mw * n for n in found.units_added)}
    if p.mw_per_year:
        draws["slots_mw"] = tuple(p.unit_mw * n for n in found.units_added)
    return replace(found, draws={**found.draws, **draws})
