"""What only feeds the bus: output up to a share of what is installed, and what each hour takes."""

from typing import TypeVar

import pyomo.environ as pyo

from components.base import Expr, Floats, Operation, Profile, World

_T = TypeVar("_T")


def generate(block: pyo.Block, profile: Profile, world: World, links: dict[str, Expr]) -> Operation:
    """Add the hours: output P with ``0 <= P[h] <= share[h] * mw``.

    Parameters
    ----------
    block
        An empty Pyomo block.
    profile
        Shares of ``output_within_capacity``, and what a MWh of ``output_mw`` takes.
    world
        Gives the hours and their weights.
    links
        Gives ``mw``, what is installed [MW].

    Returns
    -------
    Operation
        All of the output goes into the bus.
    """
    hours = world.hours
    share = profile.shares["output_within_capacity"]
    block.output_mw = pyo.Var(hours.index, domain=pyo.NonNegativeReals)

    @block.Constraint(hours.index)
    def output_within_capacity(b, h):  # type: ignore[no-untyped-def]
        return b.output_mw[h] <= float(share[h]) * links["mw"]

    output = tuple(block.output_mw[h] for h in hours.index)
    uses = {name: priced(output, world, amount) for name, amount in profile.amounts.items()}
    return Operation(power_mw=output, uses=uses)


def priced(
    power_mw: tuple[_T, ...], world: World, per_mwh: float | Floats
) -> tuple[tuple[_T, float], ...]:
    """Pair each hour's power with what a MW in that hour takes, in thousands.

    Parameters
    ----------
    power_mw : H variables
        Power in each hour [MW].
    world
        Gives the weights of the hours [h].
    per_mwh : number or (H,)
        Amount per MWh, such as USD/MWh; the result counts thousands of it.

    Returns
    -------
    H pairs
        (variable, thousands per MW).
    """
    amount = 1e-3 * world.hours.weight * per_mwh
    return tuple(zip(power_mw, amount.tolist(), strict=True))
