"""A firm connection to the grid."""

import pyomo.environ as pyo
from pydantic import Field

from components.base import Expr, Investment, Operation, Setting, World
from components.power.additions import UnitParameters, add_units
from components.power.dispatchable import priced

NEEDS_GAS = False
SPARED = False


class Grid(UnitParameters):
    """Parameters of a firm grid connection; ``capex_usd_per_kw`` is the customer substation."""

    line_usd_per_mw_mile: float = Field(
        ge=0, description="Line from the nearest 345 kV or above [USD/(MW mile)]"
    )
    demand_charge_usd_per_kw_month: float = Field(
        ge=0, description="Paid on the connected capacity [USD/(kW month)]"
    )


def invest(block: pyo.Block, p: Grid, setting: Setting) -> Investment:
    """Add the connection: it comes after the place's wait, and pays its line by the mile.

    Needs the figures ``grid_wait_months`` and ``line_miles`` of the setting.
    """
    line_usd_per_kw = p.line_usd_per_mw_mile * setting.figures["line_miles"] / 1000
    found = add_units(
        block,
        p,
        setting,
        lead_months=max(p.lead_months, setting.figures["grid_wait_months"]),
        capex_usd_per_kw=(p.capex_usd_per_kw + line_usd_per_kw,) * len(setting.periods),
    )
    charge_usd_per_mw = 12_000 * p.demand_charge_usd_per_kw_month
    charges = tuple(charge_usd_per_mw * p.unit_mw * n for n in found.units)
    return Investment(
        units_added=found.units_added,
        units=found.units,
        unit_mw=found.unit_mw,
        links=found.links,
        annual_usd={**found.annual_usd, "demand_charge": charges},
        capex_usd=found.capex_usd,
        draws={**found.draws, "grid_area_mw": tuple(p.unit_mw * n for n in found.units_added)},
    )


def operate(block: pyo.Block, p: Grid, world: World, links: dict[str, Expr]) -> Operation:
    """Add the hours: import G with ``0 <= G[h] <= mw``, paid at the hour's price."""
    hours = world.hours
    block.import_mw = pyo.Var(hours.index, domain=pyo.NonNegativeReals)

    @block.Constraint(hours.index)
    def import_within_capacity(b, h):  # type: ignore[no-untyped-def]
        return b.import_mw[h] <= links["mw"]

    taken = tuple(block.import_mw[h] for h in hours.index)
    return Operation(
        power_mw=taken,
        uses={
            "grid_gwh": priced(taken, world, 1.0),
            "grid_energy_kusd": priced(taken, world, world.profiles["grid_price_usd_per_mwh"]),
        },
    )
