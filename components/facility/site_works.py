"""Opening a site: land, permits, grading and roads."""

import pyomo.environ as pyo
from pydantic import Field

from components.base import Investment, Parameters, Setting
from components.once import once
from components.taxes import LAND_IMPROVEMENT_YEARS


class SiteWorks(Parameters):
    """Parameters of opening a site."""

    land_acres: float = Field(ge=0, description="Bought when the site is opened [acre]")
    works_usd: float = Field(ge=0, description="Permits, grading, roads and utilities [USD]")
    lead_months: float = Field(ge=0, description="From decision to open ground [months]")
    life_years: float = Field(gt=0, description="Over which it is paid [a]")
    fixed_om_share: float = Field(ge=0, description="Yearly upkeep over overnight cost [1/a]")


def invest(block: pyo.Block, p: SiteWorks, setting: Setting) -> Investment:
    """Add the decision to open the site; needs the figure ``land_usd_per_acre``."""
    usd = p.works_usd + p.land_acres * setting.figures["land_usd_per_acre"]
    return once(
        block,
        usd,
        p.lead_months,
        p.life_years,
        p.fixed_om_share,
        setting,
        recovery_years=LAND_IMPROVEMENT_YEARS,
        depreciable_share=p.works_usd / usd if usd else 1.0,
    )
