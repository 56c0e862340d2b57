"""Section ``finance``: the dollar that is counted in, and what money costs."""

from typing import Self

from pydantic import Field, model_validator

from components.taxes import Taxes
from planner.scenario.base import Complaint, Section, complain

COST_OF_CAPITAL = 0.08
"""Real, where no mix of capital is given [1]."""


class AfterTax(Section):
    """Income tax, and the mix of capital of whoever invests. Rates are nominal, before tax.

    The defaults are those of Lazard, LCOE+ version 18 (June 2025): 60 % debt at 8 %, equity at
    12 %; and of NREL, Annual Technology Baseline 2024: 25.7 % tax, federal and state, and 2.5 %
    inflation. Bonus depreciation is 100 % since P.L. 119-21 (4 July 2025).
    """

    debt_share: float = Field(default=0.6, ge=0, le=1, description="Debt over all capital [1]")
    debt_rate: float = Field(
        default=0.08, ge=0, le=0.5, description="Interest, a share per year, nominal [1]"
    )
    equity_rate: float = Field(
        default=0.12, ge=0, le=0.5, description="Return on equity, a share per year, nominal [1]"
    )
    tax_rate: float = Field(
        default=0.257, ge=0, le=0.9, description="Tax on income, federal and state together [1]"
    )
    bonus_depreciation: float = Field(
        default=1.0, ge=0, le=1, description="Share of cost that is depreciated in year one [1]"
    )
    inflation: float = Field(
        default=0.025, ge=0, le=0.5, description="Rise of prices, a share per year [1]"
    )

    @model_validator(mode="after")
    def _money_costs_something(self) -> Self:
        real = self.taxes().real_cost_of_capital
        if real < 0:
            what = "takes away more than capital asks for after tax"
            hint = f"at most {self.taxes().nominal_cost_of_capital:.3g}, or higher rates"
            complain([Complaint(("inflation",), what, f"{self.inflation:g}", hint)])
        return self

    def taxes(self) -> Taxes:
        """Return what the components know of it."""
        return Taxes(**{name: getattr(self, name) for name in type(self).model_fields})


class Finance(Section):
    """Money. All prices of a scenario and all results are real dollars of the base year."""

    base_year: int = Field(
        default=2025, ge=2000, le=2100, description="Year whose US dollars are counted in [year]"
    )
    discount_rate: float = Field(
        default=0.08, ge=0, le=0.5, description="Real discount rate, a share per year [1]"
    )
    cost_of_capital: float = Field(
        default=COST_OF_CAPITAL,
        ge=0,
        le=0.5,
        description=(
            "Real cost of capital of every asset's annuity, a share per year; not used with "
            "after_tax [1]"
        ),
    )
    after_tax: AfterTax | None = Field(
        default=None,
        description="Income tax and the mix of capital; null: annuities at cost_of_capital",
    )
    domestic_content: bool = Field(
        default=False,
        description="Buy solar, wind and batteries made in the US: dearer, 10 points more credit",
    )

    @model_validator(mode="after")
    def _one_cost_of_capital(self) -> Self:
        if self.after_tax is not None and self.cost_of_capital != COST_OF_CAPITAL:
            what = "is not used with after_tax, whose rates say what capital costs"
            hint = "leaving one of them out"
            got = f"{self.cost_of_capital:g}"
            complain([Complaint(("cost_of_capital",), what, got, hint)])
        return self
