"""The hours of one site: components, balance and uses; the same algebra for every engine."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pyomo.environ as pyo
from pyomo.core.expr import LinearExpression

from components.base import USES, Expr, Hours, Operation, World
from components.cooling import load
from components.registry import POWER
from planner.case import Case

CURTAILED = "curtailed"
LOAD = "load"


@dataclass(frozen=True, slots=True, eq=False)
class SiteOperation:
    """The hours of a site in the model.

    Attributes
    ----------
    hours
        The hours operated.
    power_mw : component to H expressions
        Net injection of each component, of the ``load`` and of what is ``curtailed`` [MW].
    uses : name to expression
        What operation takes from the rest of the world in the period.
    """

    hours: Hours
    power_mw: Mapping[str, tuple[Expr, ...]]
    uses: Mapping[str, Expr]


def operate_site(
    block: pyo.Block,
    case: Case,
    site: str,
    hours: Hours,
    links: Mapping[str, Mapping[str, Expr]],
    it_mw: Mapping[str, Expr],
) -> SiteOperation:
    """Add the hours of one site to ``block`` and balance its bus.

    Parameters
    ----------
    block
        An empty Pyomo block.
    case, site
        The numbers.
    hours
        The hours to operate.
    links : dispatch class to linking quantities
        What each class is bounded by; a class that is left out cannot run.
    it_mw : cooling type to expression
        Mean draw of the racks [MW].

    Returns
    -------
    SiteOperation
    """
    world = world_of(case, site, hours)
    block.part = pyo.Block(list(links))
    found: dict[str, Operation] = {
        name: POWER[type(case.classes[name].figures)].operate(
            block.part[name], case.classes[name].figures, world, dict(links[name])
        )
        for name in links
    }
    found[LOAD] = _load(case, world, it_mw)
    block.curtailment = pyo.Block()
    found[CURTAILED] = load.curtail(block.curtailment, world)

    @block.Constraint(hours.index)
    def power_balance(b, h):  # type: ignore[no-untyped-def]
        return sum(part.power_mw[h] for part in found.values()) == 0

    return SiteOperation(
        hours=hours,
        power_mw={name: part.power_mw for name, part in found.items()},
        uses=_uses(found),
    )


def world_of(case: Case, site: str, hours: Hours) -> World:
    """Return what a component may know of a site in the given hours."""
    here = case.sites[site]
    return World(
        hours=hours,
        profiles={name: values[hours.of_year] for name, values in here.profiles.items()},
        figures=here.figures,
    )


def _load(case: Case, world: World, it_mw: Mapping[str, Expr]) -> Operation:
    drawn = [
        load.operate(pyo.Block(), case.cooling[c], world, {"it_mw": mw}) for c, mw in it_mw.items()
    ]
    return Operation(power_mw=tuple(sum(d.power_mw[h] for d in drawn) for h in world.hours.index))


def _uses(found: Mapping[str, Operation]) -> dict[str, Expr]:
    uses: dict[str, Expr] = {}
    for name in USES:
        pairs = [pair for part in found.values() for pair in part.uses.get(name, ())]
        variables = [variable for variable, _ in pairs]
        uses[name] = LinearExpression(
            linear_coefs=[amount for _, amount in pairs], linear_vars=variables
        )
    return uses


def dispatch_of(operation: SiteOperation) -> dict[str, np.ndarray]:
    """Read the net injection of each component from the solved model, hour by hour [MW]."""
    return {
        name: np.array([pyo.value(e) for e in power], dtype=float)
        for name, power in operation.power_mw.items()
    }
