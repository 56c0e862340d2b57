"""Retrofits: halls with air cooling that get liquid cooling, MW by MW of what racks may draw."""

from dataclasses import replace

import pyomo.environ as pyo
from pydantic import Field

from components.base import Expr, Floats, Investment, Setting
from components.facility.block import FACTOR
from components.finance import charge_rate
from components.power.additions import UnitParameters, add_units
from components.taxes import BUILDING_YEARS


class Retrofit(UnitParameters):
    """Parameters of a retrofit; power is that of the racks that the hall can hold after it (IT)."""

    from_cooling: tuple[str, ...] = Field(description="Cooling types that it takes the place of")
    to_cooling: tuple[str, ...] = Field(description="Cooling types that it brings")
    craft_hours_per_mw: float = Field(ge=0, description="Craft labour on site [h/MW]")
    kept_share: float = Field(
        default=1.0,
        gt=0,
        le=1,
        description="What racks may draw in a hall after it, over what they might before [1]",
    )
    local_cost_share: float = Field(
        default=1.0, ge=0, le=1, description="Share of the cost that follows the region's [1]"
    )

    @property
    def usual_recovery_years(self) -> int:
        """Recovery period of buildings [a]."""
        return BUILDING_YEARS


def invest(
    block: pyo.Block, p: Retrofit, setting: Setting, hall_years: Floats | None = None
) -> Investment:
    """Add the MW brought from one cooling type to another; draws craft hours on site.

    What it costs has pipes, coolant distribution and heat rejection in it: the cooling plant of
    the new type is not paid for again. Knows the figure ``construction_cost_factor``.

    Parameters
    ----------
    block
        An empty Pyomo block.
    p, setting
        The retrofit and the place.
    hall_years : (n,)
        How long the halls still stand from each period on: the cost is spread over that, where it
        is less than the life of the retrofit; None: they stand longer [a].

    Returns
    -------
    Investment
        With the draw ``craft_hours``.
    """
    factor = 1 + p.local_cost_share * (setting.figures.get(FACTOR, 1.0) - 1)
    path = tuple(usd * factor for usd in p.capex_path(setting.periods))
    found = add_units(block, p, setting, capex_usd_per_kw=path)
    hours = tuple(p.craft_hours_per_mw * p.unit_mw * n for n in found.units_added)
    yearly = dict(found.annual_usd)
    if hall_years is not None:
        yearly["capital"] = _charges(p, setting, found.capex_usd, hall_years)
    return replace(found, annual_usd=yearly, draws={**found.draws, "craft_hours": hours})


def _charges(
    p: Retrofit, setting: Setting, overnight_usd: tuple[Expr, ...], hall_years: Floats
) -> tuple[Expr, ...]:
    """Return the yearly charges on additions that serve no longer than the hall [USD/a]."""
    lives = [min(p.life_years, float(years)) for years in hall_years]
    # A hall that has ended takes no retrofit: what it would be charged does not matter.
    rates = [
        charge_rate(setting, life, recovery_years=p.depreciation_years) if life > 0 else 0.0
        for life in lives
    ]
    return tuple(
        sum(rates[v] * overnight_usd[v] for v in setting.periods.alive(t, p.life_years))
        for t in setting.periods.index
    )
