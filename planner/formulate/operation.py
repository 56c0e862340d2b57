"""The hours of one site: components, balance and uses; the same algebra for every engine."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pyomo.environ as pyo
from pyomo.core.expr import LinearExpression

from components.base import USES, Expr, Hours, Operation, World
from components.cooling import load, shifted_load
from components.registry import POWER
from planner.case import Case
from planner.formulate.hours import SEASON_H

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
    shifted_mw : cooling type to H variables
        Draw of the racks whose work may wait, part of the load; empty: none may [MW of IT].
    """

    hours: Hours
    power_mw: Mapping[str, tuple[Expr, ...]]
    uses: Mapping[str, Expr]
    shifted_mw: Mapping[str, tuple[Expr, ...]] = field(default_factory=dict)


def operate_site(
    block: pyo.Block,
    case: Case,
    site: str,
    hours: Hours,
    links: Mapping[str, Mapping[str, Expr]],
    it_mw: Mapping[str, Expr],
    shift_mw: Mapping[str, tuple[Expr, Expr]] | None = None,
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
        Draw of the racks that is the same in every hour [MW].
    shift_mw : cooling type to two expressions
        Most and mean draw, besides, of the racks whose work may wait; None: no work may, and
        nothing is added for it [MW].

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
    if shift_mw:
        block.shift = pyo.Block(list(shift_mw))
        found[LOAD] = _and_shifted(block.shift, case, world, found[LOAD], shift_mw)
    block.curtailment = pyo.Block()
    found[CURTAILED] = load.curtail(block.curtailment, world)

    @block.Constraint(hours.index)
    def power_balance(b, h):  # type: ignore[no-untyped-def]
        return sum(part.power_mw[h] for part in found.values()) == 0

    return SiteOperation(
        hours=hours,
        power_mw={name: part.power_mw for name, part in found.items()},
        uses=_uses(found),
        shifted_mw={c: tuple(block.shift[c].shifted_mw.values()) for c in shift_mw or ()},
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


def _and_shifted(
    block: pyo.Block,
    case: Case,
    world: World,
    steady: Operation,
    shift_mw: Mapping[str, tuple[Expr, Expr]],
) -> Operation:
    """Add the load that may wait to the load that may not."""
    spans = spans_of(world.hours, case.defer_h or 1)
    parts = [steady] + [
        shifted_load.operate(
            block[c], case.cooling[c], world, {"shift_mw": most, "shift_mean_mw": mean}, spans
        )
        for c, (most, mean) in shift_mw.items()
    ]
    return Operation(power_mw=tuple(sum(p.power_mw[h] for p in parts) for h in world.hours.index))


def spans_of(hours: Hours, defer_h: int) -> tuple[range, ...]:
    """Cut hours into the spans within which work may wait: positions, in order of time.

    Spans of ``defer_h`` hours are laid end to end from the start of each season or sampled week,
    whichever way a period is operated; the last of each is shorter where they do not fit. Work
    that comes late in a span so has less time than asked for, and never more.

    Parameters
    ----------
    hours
        The hours operated.
    defer_h
        Length of a span [h].
    """
    order = np.arange(len(hours))
    broken = np.flatnonzero(hours.before[1:] != order[:-1]) + 1
    starts: list[int] = []
    for chain in np.split(order, broken):
        for season in range(int(chain[0]), int(chain[-1]) + 1, SEASON_H):
            starts += range(season, min(season + SEASON_H, int(chain[-1]) + 1), defer_h)
    ends = [*starts[1:], len(hours)]
    return tuple(range(start, end) for start, end in zip(starts, ends, strict=True))


def _uses(found: Mapping[str, Operation]) -> dict[str, Expr]:
    uses: dict[str, Expr] = {}
    for name in USES:
        pairs = [pair for part in found.values() for pair in part.uses.get(name, ())]
        variables = [variable for variable, _ in pairs]
        uses[name] = LinearExpression(
            linear_coefs=[amount for _, amount in pairs], linear_vars=variables
        )
    return uses


def shifted_of(operation: SiteOperation) -> dict[str, np.ndarray]:
    """Read the draw of the racks whose work may wait from the solved model [MW of IT]."""
    return {
        c: np.array([pyo.value(e) for e in drawn], dtype=float)
        for c, drawn in operation.shifted_mw.items()
    }


def dispatch_of(operation: SiteOperation) -> dict[str, np.ndarray]:
    """Read the net injection of each component from the solved model, hour by hour [MW]."""
    return {
        name: np.array([pyo.value(e) for e in power], dtype=float)
        for name, power in operation.power_mw.items()
    }
