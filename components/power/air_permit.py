"""The construction permit of a major source of air pollution: more than a minor source may emit."""

import pyomo.environ as pyo
from pydantic import Field

from components.base import Investment, Parameters, Setting
from components.once import once


class AirPermit(Parameters):
    """Parameters of a site's permits to emit."""

    minor_lead_months: float = Field(
        ge=0, description="From application to a minor source's permit [months]"
    )
    lead_months: float = Field(
        ge=0, description="From application to a major source's permit [months]"
    )
    permit_usd: float = Field(
        ge=0, description="Application of a major source: monitoring, modelling, review [USD]"
    )
    life_years: float = Field(gt=0, description="Over which it is paid [a]")
    fixed_om_share: float = Field(
        ge=0, description="Fees and compliance of a year over the application's cost [1/a]"
    )


def invest(block: pyo.Block, p: AirPermit, setting: Setting) -> Investment:
    """Add the decision ``built[t]``: a major source's permit is held, once and for good."""
    return once(block, p.permit_usd, p.lead_months, p.life_years, p.fixed_om_share, setting)
