"""Connections to the grid: firm, and flexible ones that are cut in the area's peak hours."""

import math
from dataclasses import replace
from typing import Literal, Self

import numpy as np
import pyomo.environ as pyo
from pydantic import Field, model_validator

from components.base import Expr, Floats, Investment, Operation, Profile, Setting, World
from components.power.additions import UnitParameters, add_units
from components.power.generator import generate
from components.taxes import TRANSMISSION_YEARS

NEEDS_GAS = False
SPARED = False

HOURS_PER_YEAR = 8760


class Grid(UnitParameters):
    """Parameters of a grid connection; ``capex_usd_per_kw`` is the customer substation."""

    kind: Literal["firm", "flexible"] = Field(
        default="firm", description="flexible: comes after a shorter wait, cut in peak hours"
    )
    unavailable_share: float = Field(
        default=0.0, ge=0, le=1, description="Hours of the year in which it is cut, over all [1]"
    )
    outage_share: float = Field(
        default=0.00023,
        ge=0,
        lt=1,
        description="Share of time in which it is out unplanned, all of it at once [1]",
    )
    line_usd_per_mw_mile: float = Field(
        ge=0, description="Line from the nearest 345 kV or above [USD/(MW mile)]"
    )
    demand_charge_usd_per_kw_month: float = Field(
        ge=0,
        description="Paid on the connected capacity where the energy price leaves it out "
        "[USD/(kW month)]",
    )

    @model_validator(mode="after")
    def _firm_is_never_cut(self) -> Self:
        if self.kind == "firm" and self.unavailable_share > 0:
            msg = f"a firm connection is not cut, got unavailable_share {self.unavailable_share}"
            raise ValueError(msg)
        return self

    @property
    def usual_recovery_years(self) -> int:
        """Recovery period of transmission [a]."""
        return TRANSMISSION_YEARS

    @property
    def unavailable_h(self) -> int:
        """Hours of a year in which it is cut [h]."""
        return math.ceil(self.unavailable_share * HOURS_PER_YEAR - 1e-9)


WAIT = {"firm": "grid_wait_months", "flexible": "flexible_wait_months"}
"""Kind of connection to the figure of the place that says how long it takes."""


def invest(block: pyo.Block, p: Grid, setting: Setting) -> Investment:
    """Add the connection: it comes after the place's wait, and pays its line by the mile.

    Needs the figures ``line_miles``, ``demand_charge_share`` (1 where the demand charge is paid, 0
    where the price of energy has it in it), and the wait of its kind (`WAIT`).
    """
    line_usd_per_kw = p.line_usd_per_mw_mile * setting.figures["line_miles"] / 1000
    found = add_units(
        block,
        p,
        setting,
        lead_months=max(p.lead_months, setting.figures[WAIT[p.kind]]),
        capex_usd_per_kw=tuple(c + line_usd_per_kw for c in p.capex_path(setting.periods)),
    )
    paid = setting.figures["demand_charge_share"]
    charge_usd_per_mw = 12_000 * p.demand_charge_usd_per_kw_month * paid
    charges = tuple(charge_usd_per_mw * p.unit_mw * n for n in found.units)
    # What stands takes its part of the area from the first period on.
    before = [found.existing[0] if found.existing and t == 0 else 0 for t in setting.periods.index]
    connected = [n + there for n, there in zip(found.units_added, before, strict=True)]
    return replace(
        found,
        annual_usd={**found.annual_usd, "demand_charge": charges},
        draws={**found.draws, "grid_area_mw": tuple(p.unit_mw * n for n in connected)},
    )


def profile(p: Grid, world: World) -> Profile:
    """Return in which hours the connection can be used, and what energy costs in each.

    A flexible one is cut in the hours whose ``grid_stress_rank`` is below its hours a year.
    """
    return Profile(
        shares={"output_within_capacity": _usable_share(p, world)},
        amounts={
            "grid_gwh": np.ones(len(world.hours)),
            "grid_energy_kusd": world.profiles["grid_price_usd_per_mwh"],
        },
    )


def _usable_share(p: Grid, world: World) -> Floats:
    if p.kind == "firm":
        return np.ones(len(world.hours))
    return (world.profiles["grid_stress_rank"] >= p.unavailable_h).astype(float)


def operate(block: pyo.Block, p: Grid, world: World, links: dict[str, Expr]) -> Operation:
    """Add the hours: output G with ``0 <= G[h] <= usable[h] mw``, paid at the hour's price."""
    return generate(block, profile(p, world), world, links)
