"""A thing that a site has or has not, such as a pipeline or a permit: once, and for good."""

import pyomo.environ as pyo

from components.base import Investment, Setting
from components.finance import annual_charges
from components.taxes import LAND_IMPROVEMENT_YEARS


def once(
    block: pyo.Block,
    usd: float,
    lead_months: float,
    life_years: float,
    fixed_om_share: float,
    setting: Setting,
    *,
    recovery_years: int = LAND_IMPROVEMENT_YEARS,
    depreciable_share: float = 1.0,
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
        Periods, cost of capital and taxes.
    recovery_years
        Recovery period of tax depreciation [a].
    depreciable_share
        Overnight cost that can be depreciated; land cannot [1].

    Returns
    -------
    Investment
        With the link ``built``.
    """
    periods = setting.periods
    block.built = pyo.Var(periods.index, domain=pyo.Binary)
    for t in periods.index:
        if setting.stands:
            block.built[t].fix(1)
        elif not periods.arrived(t, lead_months):
            block.built[t].fix(0)

    @block.Constraint(periods.index)
    def stays(b, t):  # type: ignore[no-untyped-def]
        return b.built[t - 1] <= b.built[t] if t else pyo.Constraint.Skip

    built = tuple(block.built[t] for t in periods.index)
    before = 1 if setting.stands else 0
    added = tuple(built[t] - (built[t - 1] if t else before) for t in periods.index)
    overnight = tuple(usd * a for a in added)
    return Investment(
        units_added=added,
        units=built,
        unit_mw=0.0,
        links={"built": built},
        annual_usd={
            "capital": annual_charges(
                overnight,
                life_years,
                setting,
                recovery_years=recovery_years,
                depreciable_share=depreciable_share,
            ),
            "fixed_om": tuple(usd * fixed_om_share * b for b in built),
        },
        capex_usd=overnight,
    )
