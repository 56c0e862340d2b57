"""The pipeline from the transmission system to a site, with its tap and metering station."""

import pyomo.environ as pyo
from pydantic import Field

from components.base import Investment, Parameters, Setting
from components.once import once
from components.taxes import PIPELINE_YEARS

BTU_PER_SCF = 1037
"""Heat of pipeline gas, HHV, as delivered in the United States [Btu/scf] [1]_.

.. [1] U.S. Energy Information Administration, Monthly Energy Review, table A4.
"""


class GasLateral(Parameters):
    """Parameters of one size of pipe; a site may lay each size once."""

    usd_per_mile: float = Field(ge=0, description="Pipe, laid [USD/mile]")
    tap_usd: float = Field(ge=0, description="Tap, metering and regulation [USD]")
    capacity_mmcf_per_day: float = Field(
        gt=0, description="Gas that it carries at the pressures of supply and use [MMcf/d]"
    )
    lead_months: float = Field(ge=0, description="From order to first gas [months]")
    life_years: float = Field(gt=0, description="Economic life [a]")
    fixed_om_share: float = Field(ge=0, description="Yearly upkeep over overnight cost [1/a]")


def mmcf_per_day(mw: float, heat_rate_mmbtu_per_mwh: float) -> float:
    r"""Return the flow of gas that a plant takes at a given output.

    .. math:: Q = P \, h \cdot 24 / 1.037 / 1000

    Parameters
    ----------
    mw
        Output [MW].
    heat_rate_mmbtu_per_mwh
        Net, HHV [MMBtu/MWh].

    Returns
    -------
    float
        [MMcf/d], million standard cubic feet a day.

    Examples
    --------
    >>> round(mmcf_per_day(100.0, 9.0), 1)
    20.8
    """
    return mw * heat_rate_mmbtu_per_mwh * 24 / BTU_PER_SCF


def invest(block: pyo.Block, p: GasLateral, setting: Setting) -> Investment:
    """Add the decision ``built[t]``, once and for good; needs the figure ``gas_pipeline_miles``."""
    usd = p.tap_usd + p.usd_per_mile * setting.figures["gas_pipeline_miles"]
    return once(
        block,
        usd,
        p.lead_months,
        p.life_years,
        p.fixed_om_share,
        setting,
        recovery_years=PIPELINE_YEARS,
    )
