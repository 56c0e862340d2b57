"""Section ``finance``: the dollar that is counted in, and what money costs."""

from pydantic import Field

from planner.scenario.base import Section


class Finance(Section):
    """Money. All prices of a scenario and all results are real dollars of the base year."""

    base_year: int = Field(
        default=2025, ge=2000, le=2100, description="Year whose US dollars are counted in [year]"
    )
    discount_rate: float = Field(
        default=0.08, ge=0, le=0.5, description="Real discount rate, a share per year [1]"
    )
    cost_of_capital: float = Field(
        default=0.08,
        ge=0,
        le=0.5,
        description="Real cost of capital of every asset's annuity, a share per year [1]",
    )
