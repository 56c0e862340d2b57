"""The pipeline from the transmission system to a site, with its tap and metering station."""

import pyomo.environ as pyo
from pydantic import Field

from components.base import Investment, Parameters, Setting
from components.finance import annual_charges


class GasLateral(Parameters):
    """Parameters of a gas lateral that is built once for a site."""

    usd_per_mile: float = Field(ge=0, description="Pipe, laid [USD/mile]")
    tap_usd: float = Field(ge=0, description="Tap, metering and regulation [USD]")
    lead_months: float = Field(ge=0, description="From order to first gas [months]")
    life_years: float = Field(gt=0, description="Economic life [a]")
    fixed_om_share: float = Field(ge=0, description="Yearly upkeep over overnight cost [1/a]")


def invest(block: pyo.Block, p: GasLateral, setting: Setting) -> Investment:
    """Add the decision ``built[t]``, once and for good; needs the figure ``gas_pipeline_miles``."""
    usd = p.tap_usd + p.usd_per_mile * setting.figures["gas_pipeline_miles"]
    return once(block, usd, p.lead_months, p.life_years, p.fixed_om_share, setting)


def once(
    block: pyo.Block,
    usd: float,
    lead_months: float,
    life_years: float,
    fixed_om_share: float,
    setting: Setting,
) -> Investment:
    """Add a thing that is there or not: binary ``built[t]`` that never goes back to zero.

    Parameters
    ----------
    block
        An empty Pyomo block.
    usd
        Overnight cost [USD].
    lead_months
        From order to use [months].
    life_years
        Over which it is paid; it stays for the horizon [a].
    fixed_om_share
        Yearly upkeep over overnight cost [1/a].
    setting
        Periods and cost of capital.

    Returns
    -------
    Investment
        With the link ``built``.
    """
    periods = setting.periods
    block.built = pyo.Var(periods.index, domain=pyo.Binary)
    for t in periods.index:
        if not periods.arrived(t, lead_months):
            block.built[t].fix(0)

    @block.Constraint(periods.index)
    def stays(b, t):  # type: ignore[no-untyped-def]
        return b.built[t - 1] <= b.built[t] if t else pyo.Constraint.Skip

    built = tuple(block.built[t] for t in periods.index)
    added = tuple(built[t] - (built[t - 1] if t else 0) for t in periods.index)
    overnight = tuple(usd * a for a in added)
    return Investment(
        units_added=added,
        units=built,
        unit_mw=0.0,
        links={"built": built},
        annual_usd={
            "capital": annual_charges(overnight, life_years, setting),
            "fixed_om": tuple(usd * fixed_om_share * b for b in built),
        },
        capex_usd=overnight,
    )
