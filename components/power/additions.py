"""Units that are added period by period: what every power component's investment shares."""

from collections.abc import Mapping
from typing import Annotated, Literal, Self

import pyomo.environ as pyo
from pydantic import Field, model_validator

from components.base import Expr, Investment, Parameters, Periods, Setting
from components.finance import annual_charges, charge_rate, price_path
from components.power.leaving import let_leave, may_leave, with_moves
from components.taxes import COMBUSTION_YEARS

Share = Annotated[float, Field(ge=0, le=1)]


class UnitParameters(Parameters):
    """Figures shared by everything that is bought in units of so many MW."""

    unit_mw: float = Field(
        gt=0, description="Net electric power of one unit at ISO conditions [MW]"
    )
    capex_usd_per_kw: float = Field(
        ge=0, description="Installed overnight cost; of 2025 where that of 2030 differs [USD/kW]"
    )
    capex_2030_usd_per_kw: float | None = Field(
        default=None,
        ge=0,
        description="Overnight cost of 2030, straight line from 2025; none: as in 2025 [USD/kW]",
    )
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
        default=None, description="Last calendar year of service entry with all of the credit [a]"
    )
    credit_phase_out: Mapping[int, Share] = Field(
        default_factory=dict,
        description="Later year of service entry to the share of the credit that is left [1]",
    )
    credit_eligible_share: float = Field(
        default=1.0,
        ge=0,
        le=1,
        description="Share of purchases that the foreign-entity rules leave the credit [1]",
    )
    domestic_content_credit_share: float = Field(
        default=0.0, ge=0, le=1, description="Added to the credit with domestic content [1]"
    )
    domestic_content_premium: float = Field(
        default=0.0, ge=0, description="Added to overnight cost for domestic content, over it [1]"
    )
    recovery_years: Literal[5, 7, 15, 20, 39] | None = Field(
        default=None, description="Of tax depreciation; none: that of its kind [a]"
    )

    @model_validator(mode="after")
    def _phase_out_comes_after(self) -> Self:
        last = self.credit_until_year
        if self.credit_phase_out and (last is None or min(self.credit_phase_out) <= last):
            msg = (
                f"credit_phase_out begins in {min(self.credit_phase_out)}, but credit_until_year "
                f"is {last}; try years after the last one with all of the credit"
            )
            raise ValueError(msg)
        return self

    def capex_path(self, periods: Periods) -> tuple[float, ...]:
        """Return the overnight cost of what enters service in each period [USD/kW]."""
        first, last = self.capex_usd_per_kw, self.capex_2030_usd_per_kw
        if last is None:
            return (first,) * len(periods)
        return tuple(price_path(year, first, last) for year in periods.year.tolist())

    def net_of_credit(self, year: int) -> float:
        """Return the share of the overnight cost that is left after the tax credit."""
        in_force = self.credit_until_year is None or year <= self.credit_until_year
        kept = 1.0 if in_force else self.credit_phase_out.get(year, 0.0)
        return 1 - kept * self.credit_eligible_share * self.credit_share

    @property
    def depreciation_years(self) -> int:
        """Recovery period of tax depreciation [a]."""
        return self.recovery_years or self.usual_recovery_years

    @property
    def usual_recovery_years(self) -> int:
        """Recovery period of its kind: of machinery that makes power, unless a kind says else."""
        return COMBUSTION_YEARS

    def with_domestic_content(self) -> Self:
        """Return the product made in the US: dearer, with a larger credit (26 USC 48E(a)(3)(B))."""
        dearer = 1 + self.domestic_content_premium
        prices = {n: v for n, v in self if n.startswith("capex_") and v is not None}
        update = {name: dearer * price for name, price in prices.items()}
        more = self.domestic_content_credit_share if self.credit_share else 0.0
        return self.model_copy(update={**update, "credit_share": self.credit_share + more})


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
    ``mw[t] <= unit_mw * (units there before, and units added and still alive)``. Where the setting
    says on which terms units may leave, they may also be sold, shipped and received; see
    `components.power.leaving`.

    Parameters
    ----------
    block
        An empty Pyomo block.
    p, setting
        The product and the place.
    lead_months
        Overrides ``p.lead_months``, where the place decides [months].
    capex_usd_per_kw : n numbers
        Overrides ``p.capex_path``, where the place adds to the cost [USD/kW].

    Returns
    -------
    Investment
        With the link ``mw`` and the draw ``slots_mw``.
    """
    periods = setting.periods
    lead = p.lead_months if lead_months is None else lead_months
    capex = capex_usd_per_kw or p.capex_path(periods)
    whole = p.unit_mw >= setting.whole_units_from_mw
    domain = pyo.NonNegativeIntegers if whole else pyo.NonNegativeReals

    block.units_added = pyo.Var(periods.index, domain=domain)
    block.mw = pyo.Var(periods.index, domain=pyo.NonNegativeReals)
    for t in periods.index:
        if not periods.arrived(t, lead):
            block.units_added[t].fix(0)

    life, recovery = p.life_years, p.depreciation_years
    leaving = let_leave(block, life, p.unit_mw, recovery, setting) if may_leave(setting) else None

    before = _units_before(p, setting)

    def in_service(t: int) -> Expr:
        alive = periods.alive(t, life)
        own = leaving.here if leaving else None
        return before[t] + sum(own[v, t] if own else block.units_added[v] for v in alive)

    @block.Constraint(periods.index)
    def capacity_in_service(b, t):  # type: ignore[no-untyped-def]
        return b.mw[t] <= p.unit_mw * in_service(t)

    kw = 1000 * p.unit_mw
    added = tuple(block.units_added[t] for t in periods.index)
    overnight = tuple(kw * capex[t] * added[t] for t in periods.index)
    credit_shares = [1 - p.net_of_credit(int(year)) for year in periods.year]
    units = tuple(in_service(t) for t in periods.index)
    slots = {"slots_mw": tuple(p.unit_mw * n for n in added)}
    found = Investment(
        units_added=added,
        units=units,
        unit_mw=p.unit_mw,
        links={"mw": tuple(block.mw[t] for t in periods.index)},
        annual_usd={
            "capital": annual_charges(
                overnight,
                life,
                setting,
                credit_shares=credit_shares,
                recovery_years=recovery,
            ),
            "fixed_om": tuple(kw * p.fixed_om_usd_per_kw_year * n for n in units),
        },
        capex_usd=overnight,
        draws={} if p.slots_mw_per_year is None else slots,
        existing=before if any(before) else (),
    )
    if leaving is None:
        return found
    rates = (
        charge_rate(setting, life, credit_share=credit, recovery_years=recovery)
        for credit in credit_shares
    )
    usd_per_year = [rate * kw * usd for rate, usd in zip(rates, capex, strict=True)]
    return with_moves(found, leaving, usd_per_year, life, setting)


def _units_before(p: UnitParameters, setting: Setting) -> tuple[float, ...]:
    """Return the units in service from before the first period; of zero nothing is added up."""
    if setting.existing_mw is None:
        return (0,) * len(setting.periods)
    return tuple(float(mw) / p.unit_mw for mw in setting.existing_mw)
