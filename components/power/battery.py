"""Batteries of a given duration."""

import pyomo.environ as pyo
from pydantic import Field

from components.base import Expr, Investment, Operation, Profile, Setting, World
from components.finance import price_path
from components.power.additions import UnitParameters, add_units
from components.power.generator import priced

NEEDS_GAS = False
SPARED = False


class Battery(UnitParameters):
    """Parameters of a battery; power and energy are AC at its terminals."""

    capex_2030_usd_per_kw: float = Field(
        ge=0, description="Overnight cost of 2030; straight line from 2025 [USD/kW]"
    )
    duration_h: float = Field(gt=0, description="Energy over power when new [h]")
    usable_share: float = Field(
        gt=0, le=1, description="Energy that can be used over its life, over energy when new [1]"
    )
    round_trip_efficiency: float = Field(gt=0, le=1, description="AC to AC [1]")
    wear_usd_per_mwh: float = Field(ge=0, description="Wear per MWh discharged [USD/MWh]")

    @property
    def usable_mwh_per_mw(self) -> float:
        """Energy that can be used over its life, per MW [MWh/MW]."""
        return self.duration_h * self.usable_share


def invest(block: pyo.Block, p: Battery, setting: Setting) -> Investment:
    """Add the battery at the price of its year of service entry."""
    years = setting.periods.year.tolist()
    path = tuple(price_path(y, p.capex_usd_per_kw, p.capex_2030_usd_per_kw) for y in years)
    return add_units(block, p, setting, capex_usd_per_kw=path)


def profile(p: Battery, world: World) -> Profile:
    """Return an empty profile: a battery's rows hold constants, the same everywhere."""
    return Profile(shares={}, amounts={})


def operate(block: pyo.Block, p: Battery, world: World, links: dict[str, Expr]) -> Operation:
    """Add the hours: charge C, discharge D and level L.

    ``L[h] = L[h-1] + sqrt(e) C[h] - D[h] / sqrt(e)`` with round-trip efficiency e, ``C, D <= mw``
    and ``L <= usable energy``. Where no hour comes before, the level at the start is the link
    ``level_start_mwh``, and the last level is at least the link ``level_end_mwh``.
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
        return b.level_mwh[h] == level_before(h) + moved

    if "level_end_mwh" in links:
        block.level_at_end = pyo.Constraint(
            expr=block.level_mwh[len(hours) - 1] >= links["level_end_mwh"]
        )

    discharge = tuple(block.discharge_mw[h] for h in hours.index)
    net = tuple(block.discharge_mw[h] - block.charge_mw[h] for h in hours.index)
    wear = priced(discharge, world, p.wear_usd_per_mwh)
    return Operation(power_mw=net, uses={"variable_kusd": wear})
