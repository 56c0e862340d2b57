"""Load that may wait: racks held for work that has to be done within a span of hours."""

from collections.abc import Sequence

import pyomo.environ as pyo

from components.base import Expr, Floats, Operation, World
from components.cooling import load
from components.cooling.parameters import Cooling


def profile(p: Cooling, world: World) -> Floats:
    """Return what a MW of ``shifted_mw`` takes from the bus in each hour: the PUE, (H,) [1]."""
    return load.profile(p, world)


def operate(
    block: pyo.Block,
    p: Cooling,
    world: World,
    links: dict[str, Expr],
    spans: Sequence[range],
) -> Operation:
    """Add the hours of the racks that may wait: ``shifted_mw[h] >= 0``, their draw [MW of IT].

    ``shifted_within_racks[h]``: ``shifted_mw[h] <= shift_mw``. ``work_done[k]``: over the hours of
    span k, ``sum of shifted_mw[h] >= (hours in k) * shift_mean_mw``. ``PUE[h] * shifted_mw[h]``
    leaves the bus. Work goes where power is cheap or the air cool, within its span; nothing
    passes from one span to the next, which errs on the safe side.

    Parameters
    ----------
    block
        An empty Pyomo block.
    p, world
        The cooling type, and the hours with their weather.
    links
        ``shift_mw``, the most draw of the racks, and ``shift_mean_mw``, the mean draw that they
        must have; it is not more than the most [MW of IT].
    spans
        Positions of hours that follow each other and stand for equally long each; together all
        hours, each once.

    Returns
    -------
    Operation
        Without uses: what it costs is the power.
    """
    hours = world.hours
    block.shifted_mw = pyo.Var(hours.index, domain=pyo.NonNegativeReals)

    @block.Constraint(hours.index)
    def shifted_within_racks(b, h):  # type: ignore[no-untyped-def]
        return b.shifted_mw[h] <= links["shift_mw"]

    @block.Constraint(range(len(spans)))
    def work_done(b, k):  # type: ignore[no-untyped-def]
        done = sum(b.shifted_mw[h] for h in spans[k])
        return done >= len(spans[k]) * links["shift_mean_mw"]

    factor = profile(p, world).tolist()
    return Operation(power_mw=tuple(-factor[h] * block.shifted_mw[h] for h in hours.index))
