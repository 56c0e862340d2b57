"""What an engine hands back."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

import numpy as np
from pyomo.core.base.var import VarData

from components.base import Floats, Hours
from components.compute.rack import Rack
from components.power.grid import Grid
from planner.case import Case
from planner.formulate.formulation import Formulation
from solvers.decomposition import Round
from solvers.options import Progress
from solvers.program import Program

Report: TypeAlias = Callable[[str, Progress | Round | None], None]
"""Told the name of each phase as it begins, and the progress within it."""


@dataclass(frozen=True, slots=True, eq=False)
class SiteDispatch:
    """The hours of one site in one period, as numbers.

    Attributes
    ----------
    hours
        The hours operated.
    power_mw : component to (H,)
        Net injection; ``load`` is negative, ``curtailed`` positive [MW].
    shifted_mw : cooling type to (H,)
        Draw of the racks whose work may wait, which is part of the load; empty: none may
        [MW of IT].
    """

    hours: Hours
    power_mw: Mapping[str, Floats]
    shifted_mw: Mapping[str, Floats] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, eq=False)
class Outcome:
    """How a solve ended; the plan's values are in the formulation's model.

    Attributes
    ----------
    status
        ``solved`` to the gap asked for, or ``stopped`` at a limit with a plan.
    objective_kusd, bound_kusd
        Of the plan, and proven; discounted [1000 USD].
    dispatch : (site, period) to SiteDispatch
        Wherever something runs.
    prices : per row of `Formulation.limits`
        Change of the discounted objective per unit of the limit, at the continuous relaxation
        [1000 USD per unit].
    excess : product to number
        From `excess_costs`.
    seconds : phase to seconds
        Where the time went.
    cuts
        Cuts in the master at the end; none in a monolithic solve.
    approximations
        Sentences on what the answer does not see.
    """

    status: str
    objective_kusd: float
    bound_kusd: float
    dispatch: Mapping[tuple[str, int], SiteDispatch]
    prices: tuple[float, ...]
    excess: Mapping[str, float]
    seconds: Mapping[str, float]
    cuts: int = 0
    approximations: tuple[str, ...] = field(default_factory=tuple)

    @property
    def gap(self) -> float:
        """Relative distance of the plan from the proven bound [1]."""
        scale = max(abs(self.objective_kusd), 1e-9)
        return max(self.objective_kusd - self.bound_kusd, 0.0) / scale


def limit_prices(
    formulation: Formulation, program: Program, row_dual: Floats | None
) -> tuple[float, ...]:
    """Return the dual of every reported limit at a relaxation; not a number without one."""
    if row_dual is None:
        return (float("nan"),) * len(formulation.limits)
    dual = dict(zip(program.row_names, row_dual.tolist(), strict=True))
    return tuple(dual.get(limit.row.name, 0.0) for limit in formulation.limits)


def excess_costs(
    formulation: Formulation, program: Program, row_dual: Floats | None
) -> dict[str, float]:
    """Return by what share of its fixed cost each power product is too dear to be bought.

    The least reduced cost of its additions over all sites and periods, at a relaxation, over what
    the addition costs in capital and upkeep within the horizon: 0 for a product that the
    relaxation buys, or could buy at no loss; 0.1 for one that would have to be 10 % cheaper.
    """
    if row_dual is None:
        return {}
    reduced = np.asarray(program.cost - program.matrix.T @ row_dual)
    return least_excess(formulation, program.columns, program.cost, reduced)


def least_excess(
    formulation: Formulation, columns: Sequence[VarData | str], cost: Floats, reduced: Floats
) -> dict[str, float]:
    """Return what `excess_costs` does, from costs and reduced costs by column."""
    number = {id(column): j for j, column in enumerate(columns)}
    found: dict[str, float] = {}
    for part in formulation.parts:
        if part.name not in formulation.case.power:
            continue
        for added in part.investment.units_added:
            j = number.get(id(added))
            if j is None or added.fixed or cost[j] <= 0:
                continue
            share = max(float(reduced[j] / cost[j]), 0.0)
            found[part.name] = min(found.get(part.name, 1.0), share)
    return found


def approximations(case: Case) -> tuple[str, ...]:
    """Say what of operation the answer does not see."""
    return (*_of_hours(case), *_of_prices(case), *_of_recipes(case))


def _of_hours(case: Case) -> Iterator[str]:
    horizon = case.scenario.horizon
    if horizon.hours == "all":
        return
    yield (
        f"operation is sampled: {horizon.weeks} of 52 weeks stand for all of each year, "
        "and storage is closed within each week"
    )
    kinds = {p.figures.kind for p in case.power.values() if isinstance(p.figures, Grid)}
    if "flexible" in kinds:
        yield (
            "a flexible connection is cut in a few peak hours of the year: weeks without one of "
            "them make it look firm"
        )


def _of_recipes(case: Case) -> Iterator[str]:
    tolerance = case.scenario.serving.recipe_tolerance
    if tolerance:
        yield (
            f"ways to serve that save less than {tolerance:.0%} of money, power and every "
            "ingredient over a simpler one are left out"
        )
    cpus = {
        n for n, p in case.racks.items() if isinstance(p.figures, Rack) and p.figures.kind == "cpu"
    }
    absent = [
        name
        for name, workload in case.workloads.items()
        if workload.has_tools and _tools_are_absent(case, name, cpus)
    ]
    if absent:
        until = "until CPU racks are there" if cpus else "as no CPU racks are in use"
        yield f"the tools of {', '.join(absent)} run elsewhere, unplanned, {until}"


def _tools_are_absent(case: Case, workload: str, cpus: set[str]) -> bool:
    """Tell whether any recipe of a workload serves in some period without CPU racks."""
    return any(
        recipe.serves(t) and not sum(float(recipe.racks[r][t]) for r in cpus & set(recipe.racks))
        for recipe in case.recipes.values()
        if recipe.workload == workload
        for t in case.periods.index
    )


def _of_prices(case: Case) -> Iterator[str]:
    hours = {s: here.free_price_h for s, here in case.sites.items() if here.free_price_h}
    if hours:
        where = ", ".join(f"{n} h at {s}" for s, n in hours.items())
        yield f"grid prices below zero are counted as nothing: {where}"
