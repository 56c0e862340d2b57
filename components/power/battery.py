"""Batteries of a given duration."""

import pyomo.environ as pyo
from pydantic import Field

from components.base import Expr, Investment, Operation, Profile, Setting, World
from components.power.additions import UnitParameters, add_units
from components.power.generator import priced
from components.taxes import CLEAN_POWER_YEARS

NEEDS_GAS = False
SPARED = False

HOURS_PER_MONTH = 730
"""A twelfth of 8,760 h."""


class Battery(UnitParameters):
    """Parameters of a battery; power and energy are AC at its terminals."""

    duration_h: float = Field(gt=0, description="Energy over power when new [h]")
    usable_share: float = Field(
        gt=0, le=1, description="Energy that can be used over its life, over energy when new [1]"
    )
    round_trip_efficiency: float = Field(gt=0, le=1, description="AC to AC [1]")
    self_discharge_per_month: float = Field(
        default=0.0,
        ge=0,
        lt=1,
        description="Share of the level that is lost in a month of 730 h [1/month]",
    )
    wear_usd_per_mwh: float = Field(ge=0, description="Wear per MWh discharged [USD/MWh]")

    @property
    def usual_recovery_years(self) -> int:
        """Recovery period of storage [a]."""
        return CLEAN_POWER_YEARS

    @property
    def usable_mwh_per_mw(self) -> float:
        """Energy that can be used over its life, per MW [MWh/MW]."""
        return self.duration_h * self.usable_share

    @property
    def kept_per_hour(self) -> float:
        """Share of the level that is still there an hour later [1]."""
        return float((1 - self.self_discharge_per_month) ** (1 / HOURS_PER_MONTH))


def invest(block: pyo.Block, p: Battery, setting: Setting) -> Investment:
    """Add the battery at the price of its year of service entry."""
    return add_units(block, p, setting)


def profile(p: Battery, world: World) -> Profile:
    """Return an empty profile: a battery's rows hold constants, the same everywhere."""
    return Profile(shares={}, amounts={})


def operate(block: pyo.Block, p: Battery, world: World, links: dict[str, Expr]) -> Operation:
    """Add the hours: charge C, discharge D and level L.

    ``L[h] = k L[h-1] + sqrt(e) C[h] - D[h] / sqrt(e)`` with round-trip efficiency e and k the share
    of the level that an hour leaves, ``C, D <= mw`` and ``L <= usable energy``. Where no hour comes
    before, the level at the start is the link ``level_start_mwh``, and the last level is at least
    the link ``level_end_mwh``.
    """
    hours = world.hours
    one_way = p.round_trip_efficiency**0.5
    for name in ("charge_mw", "discharge_mw", "level_mwh"):
        block.add_component(name, pyo.Var(hours.index, domain=pyo.NonNegativeReals))

    @block.Constraint(hours.index)
    def charge_within_capacity(b, h):  # type: ignore[no-untyped-def]
        return b.charge_mw[h] <= links["mw"]

    @block.Constraint(hours.index)
    def discharge_within_capacity(b, h):  # type: ignore[no-untyped-def]
        return b.discharge_mw[h] <= links["mw"]

    @block.Constraint(hours.index)
    def level_within_energy(b, h):  # type: ignore[no-untyped-def]
        return b.level_mwh[h] <= p.usable_mwh_per_mw * links["mw"]

    def level_before(h: int) -> Expr:
        before = int(hours.before[h])
        return links["level_start_mwh"] if before < 0 else block.level_mwh[before]

    @block.Constraint(hours.index)
    def level_balance(b, h):  # type: ignore[no-untyped-def]
        moved = one_way * b.charge_mw[h] - b.discharge_mw[h] / one_way
        return b.level_mwh[h] == p.kept_per_hour * level_before(h) + moved

    if "level_end_mwh" in links:
        block.level_at_end = pyo.Constraint(
            expr=block.level_mwh[len(hours) - 1] >= links["level_end_mwh"]
        )

    discharge = tuple(block.discharge_mw[h] for h in hours.index)
    net = tuple(block.discharge_mw[h] - block.charge_mw[h] for h in hours.index)
    wear = priced(discharge, world, p.wear_usd_per_mwh)
    return Operation(power_mw=net, uses={"variable_kusd": wear})
