"""Upgrades of the network behind a site: cheap for the first MW, dearer for later ones."""

from typing import Self

import pyomo.environ as pyo
from pydantic import Field, model_validator

from components.base import Expr, Investment, Parameters, Setting
from components.finance import annual_charges
from components.taxes import TRANSMISSION_YEARS


class NetworkUpgrade(Parameters):
    """Steps of what connections make necessary beyond the substation and the line."""

    step_mw: tuple[float | None, ...] = Field(
        description="Width of each step; none, in the last one: without end [MW]"
    )
    usd_per_kw: tuple[float, ...] = Field(
        description="Cost within each step, never falling [USD/kW]"
    )
    life_years: float = Field(gt=0, description="Economic life [a]")

    @model_validator(mode="after")
    def _steps_rise(self) -> Self:
        if not 0 < len(self.step_mw) == len(self.usd_per_kw):
            msg = f"one width for each cost, got {len(self.step_mw)} and {len(self.usd_per_kw)}"
            raise ValueError(msg)
        if any(width is None for width in self.step_mw[:-1]):
            msg = "only the last step is without end"
            raise ValueError(msg)
        if any(width is not None and width <= 0 for width in self.step_mw):
            msg = f"every step has a width, got {self.step_mw}"
            raise ValueError(msg)
        if list(self.usd_per_kw) != sorted(self.usd_per_kw) or self.usd_per_kw[0] < 0:
            msg = f"costs rise from step to step, or the last is taken first: {self.usd_per_kw}"
            raise ValueError(msg)
        return self


def invest(block: pyo.Block, p: NetworkUpgrade, setting: Setting) -> Investment:
    """Add the upgrades: MW of each step, bought when they are needed and paid over their life.

    Writes the variables ``upgrade_mw[k, t]``, what is added of step k in period t, and the row
    ``within_step[k, t]``: what was added and is still alive <= the width of the step. As costs
    rise, a least-cost plan fills the steps in order, and their cost is a convex function of the
    MW connected.

    Returns
    -------
    Investment
        Units are MW of all steps; no links, for operation does not see them.
    """
    periods = setting.periods
    steps = range(len(p.usd_per_kw))
    block.upgrade_mw = pyo.Var(steps, periods.index, domain=pyo.NonNegativeReals)

    def in_service(k: int, t: int) -> Expr:
        return sum(block.upgrade_mw[k, v] for v in periods.alive(t, p.life_years))

    @block.Constraint(steps, periods.index)
    def within_step(b, k, t):  # type: ignore[no-untyped-def]
        width = p.step_mw[k]
        return pyo.Constraint.Skip if width is None else in_service(k, t) <= width

    overnight = tuple(
        sum(1000 * p.usd_per_kw[k] * block.upgrade_mw[k, t] for k in steps) for t in periods.index
    )
    return Investment(
        units_added=tuple(sum(block.upgrade_mw[k, t] for k in steps) for t in periods.index),
        units=tuple(sum(in_service(k, t) for k in steps) for t in periods.index),
        unit_mw=1.0,
        links={},
        annual_usd={
            "capital": annual_charges(
                overnight, p.life_years, setting, recovery_years=TRANSMISSION_YEARS
            )
        },
        capex_usd=overnight,
    )
