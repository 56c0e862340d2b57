"""The load of a site: racks, and the power that keeps them cool and fed."""

import pyomo.environ as pyo

from components.base import Expr, Floats, Operation, World
from components.cooling.parameters import Cooling
from components.cooling.pue import pue
from components.power.generator import priced


def profile(p: Cooling, world: World) -> Floats:
    """Return what stands before ``it_mw`` in each hour: the PUE, (H,) [1]."""
    return pue(p, world.profiles["drybulb_c"], world.profiles["wetbulb_c"])


def operate(block: pyo.Block, p: Cooling, world: World, links: dict[str, Expr]) -> Operation:
    """Draw ``PUE[h] * it_mw`` from the bus, ``it_mw`` being the mean draw of the racks.

    No variable of its own: the load follows from the racks.
    """
    return Operation(power_mw=tuple(-float(f) * links["it_mw"] for f in profile(p, world)))


def curtail(block: pyo.Block, world: World) -> Operation:
    """Let load go unserved: ``curtailed_mw[h] >= 0``; its price is the scenario's."""
    hours = world.hours
    block.curtailed_mw = pyo.Var(hours.index, domain=pyo.NonNegativeReals)
    curtailed = tuple(block.curtailed_mw[h] for h in hours.index)
    return Operation(power_mw=curtailed, uses={"curtailed_gwh": priced(curtailed, world, 1.0)})
