"""Fuel cells on natural gas, with the replacement of their stacks."""

import math
from dataclasses import replace
from typing import Literal, Self

import pyomo.environ as pyo
from pydantic import Field, model_validator

from components.base import Investment, Setting
from components.finance import annuity
from components.power.dispatchable import (
    DispatchableParameters,
    add_plant,
    operate,
    profile,
)
from components.taxes import CLEAN_POWER_YEARS

__all__ = ["NEEDS_GAS", "SPARED", "FuelCell", "invest", "operate", "profile"]

NEEDS_GAS = True
SPARED = True


MMBTU_PER_MWH = 3.412
HHV_PER_LHV = 1.108
"""Of natural gas [1]."""


class FuelCell(DispatchableParameters):
    """Parameters of a fuel-cell plant; heat rate is the average between stack swaps.

    Stacks are paid for in one of two ways, never both: by the vendor's service, within the
    variable cost (`stack_usd_per_kw` is none), or by the owner, swap by swap.
    """

    technology: Literal["SOFC", "MCFC", "PAFC"] = Field(
        description="SOFC solid oxide, MCFC molten carbonate, PAFC phosphoric acid"
    )
    efficiency_new_share: float | None = Field(
        default=None, gt=0, lt=1, description="Electric efficiency LHV with new stacks [1]"
    )
    efficiency_loss_per_year: float = Field(
        default=0.0,
        ge=0,
        description="Of the new efficiency, lost in each year of a stack [1/a]",
    )
    stack_life_years: float | None = Field(
        default=None, gt=0, description="From one swap of the stacks to the next [a]"
    )
    stack_usd_per_kw: float | None = Field(
        default=None,
        ge=0,
        description="Of a swap; none: swaps are in the variable cost [USD/kW]",
    )

    @model_validator(mode="after")
    def _check_stacks(self) -> Self:
        if self.stack_usd_per_kw is not None and self.stack_life_years is None:
            msg = "stack_usd_per_kw needs stack_life_years, from one swap to the next"
            raise ValueError(msg)
        if self.efficiency_loss_per_year * (self.stack_life_years or 0) >= 1:
            msg = "efficiency_loss_per_year leaves nothing at the end of stack_life_years"
            raise ValueError(msg)
        return self

    @property
    def swap_ages_years(self) -> tuple[float, ...]:
        """Ages at which the stacks are swapped: before, never at, the end of life [a]."""
        every = self.stack_life_years
        if every is None:
            return ()
        return tuple(every * k for k in range(1, math.ceil(self.life_years / every)))

    @property
    def usual_recovery_years(self) -> int:
        """Recovery period of clean power [a]."""
        return CLEAN_POWER_YEARS


def mean_heat_rate_mmbtu_per_mwh(
    efficiency_new_share: float, efficiency_loss_per_year: float, stack_life_years: float
) -> float:
    r"""Return the heat rate, HHV, averaged over the life of a stack that ages evenly.

    .. math:: \frac{1}{L} \int_0^L \frac{3.412 \cdot 1.108}{\eta (1 - d t)} \, dt
        = \frac{3.412 \cdot 1.108}{\eta} \cdot \frac{-\ln(1 - d L)}{d L}

    Parameters
    ----------
    efficiency_new_share
        Electric, LHV, with new stacks [1].
    efficiency_loss_per_year
        Of the new efficiency, lost in each year [1/a].
    stack_life_years
        From swap to swap [a].

    Returns
    -------
    float
        [MMBtu/MWh].

    Examples
    --------
    From 47 to 43 % in seven years:

    >>> round(mean_heat_rate_mmbtu_per_mwh(0.47, (1 - 43 / 47) / 7, 7), 2)
    8.41
    """
    new = MMBTU_PER_MWH * HHV_PER_LHV / efficiency_new_share
    lost = efficiency_loss_per_year * stack_life_years
    return new * (-math.log1p(-lost) / lost if lost else 1.0)


def stack_usd_per_kw_year(p: FuelCell, discount_rate: float) -> float:
    r"""Return the level yearly cost of the swaps over the plant's life.

    .. math:: s \, \mathrm{CRF}(r, n) \sum_k (1 + r)^{-k L}

    over the swaps k L before the end of life n. It is an expense, not an asset of its own; the
    stacks that the plant came with are in its overnight cost.

    Parameters
    ----------
    p
        The product; nothing if its stacks are in the variable cost.
    discount_rate
        Real, per year [1].

    Returns
    -------
    float
        [USD/(kW a)].
    """
    present = float(sum((1 + discount_rate) ** -age for age in p.swap_ages_years))
    return (p.stack_usd_per_kw or 0.0) * present * annuity(discount_rate, p.life_years)


def invest(block: pyo.Block, p: FuelCell, setting: Setting) -> Investment:
    """Add the plant's units, with ``stack_replacement`` where the owner pays for the stacks."""
    found = add_plant(block, p, setting)
    if p.stack_usd_per_kw is None:
        return found
    taxes = setting.taxes
    rate = setting.cost_of_capital if taxes is None else taxes.real_cost_of_capital
    per_unit = 1000 * p.unit_mw * stack_usd_per_kw_year(p, rate)
    yearly = tuple(per_unit * units for units in found.units)
    return replace(found, annual_usd={**found.annual_usd, "stack_replacement": yearly})
