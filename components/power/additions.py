"""Units that are added period by period: what every power component's investment shares."""

import pyomo.environ as pyo
from pydantic import Field

from components.base import Expr, Investment, Parameters, Setting
from components.finance import annual_charges


class UnitParameters(Parameters):
    """Figures shared by everything that is bought in units of so many MW."""

    unit_mw: float = Field(
        gt=0, description="Net electric power of one unit at ISO conditions [MW]"
    )
    capex_usd_per_kw: float = Field(ge=0, description="Installed overnight cost [USD/kW]")
    fixed_om_usd_per_kw_year: float = Field(
        ge=0, description="Fixed operation and maintenance [USD/(kW a)]"
    )
    lead_months: float = Field(ge=0, description="From order to commercial operation [months]")
    life_years: float = Field(gt=0, description="Economic life [a]")
    slots_mw_per_year: float | None = Field(
        default=None, ge=0, description="Open to new US data-centre orders; none: no limit [MW/a]"
    )
    credit_share: float = Field(
        default=0.0, ge=0, le=1, description="Investment tax credit over overnight cost [1]"
    )
    credit_until_year: int | None = Field(
        default=None, description="Last calendar year of service entry with the credit [a]"
    )

    def net_of_credit(self, year: int) -> float:
        """Return the share of the overnight cost that is left after the tax credit."""
        in_force = self.credit_until_year is None or year <= self.credit_until_year
        return 1 - self.credit_share if in_force else 1.0


def add_units(
    block: pyo.Block,
    p: UnitParameters,
    setting: Setting,
    *,
    lead_months: float | None = None,
    capex_usd_per_kw: tuple[float, ...] | None = None,
) -> Investment:
    """Add the units of one product at one site, and what they cost.

    Writes the variables ``units_added[t]`` (whole where a unit is at least
    ``setting.whole_units_from_mw``; zero before the lead time has passed) and ``mw[t]``, the
    capacity that operation may use, and the row ``capacity_in_service``:
    ``mw[t] <= unit_mw * (units added and still alive)``.

    Parameters
    ----------
    block
        An empty Pyomo block.
    p, setting
        The product and the place.
    lead_months
        Overrides ``p.lead_months``, where the place decides [months].
    capex_usd_per_kw : n numbers
        Overrides ``p.capex_usd_per_kw`` by year of service entry [USD/kW].

    Returns
    -------
    Investment
        With the link ``mw`` and the draw ``slots_mw``.
    """
    periods = setting.periods
    lead = p.lead_months if lead_months is None else lead_months
    capex = capex_usd_per_kw or (p.capex_usd_per_kw,) * len(periods)
    whole = p.unit_mw >= setting.whole_units_from_mw
    domain = pyo.NonNegativeIntegers if whole else pyo.NonNegativeReals

    block.units_added = pyo.Var(periods.index, domain=domain)
    block.mw = pyo.Var(periods.index, domain=pyo.NonNegativeReals)
    for t in periods.index:
        if not periods.arrived(t, lead):
            block.units_added[t].fix(0)

    def in_service(t: int) -> Expr:
        return sum(block.units_added[v] for v in periods.alive(t, p.life_years))

    @block.Constraint(periods.index)
    def capacity_in_service(b, t):  # type: ignore[no-untyped-def]
        return b.mw[t] <= p.unit_mw * in_service(t)

    kw = 1000 * p.unit_mw
    added = tuple(block.units_added[t] for t in periods.index)
    overnight = tuple(kw * capex[t] * added[t] for t in periods.index)
    after_credit = [p.net_of_credit(int(periods.year[t])) * overnight[t] for t in periods.index]
    units = tuple(in_service(t) for t in periods.index)
    slots = {"slots_mw": tuple(p.unit_mw * n for n in added)}
    return Investment(
        units_added=added,
        units=units,
        unit_mw=p.unit_mw,
        links={"mw": tuple(block.mw[t] for t in periods.index)},
        annual_usd={
            "capital": annual_charges(after_credit, p.life_years, setting),
            "fixed_om": tuple(kw * p.fixed_om_usd_per_kw_year * n for n in units),
        },
        capex_usd=overnight,
        draws={} if p.slots_mw_per_year is None else slots,
    )
