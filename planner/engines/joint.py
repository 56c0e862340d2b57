"""What both engines make of several scenarios: what goes in, what comes out, how it is joined."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from components.base import Floats
from planner.engines.first_stage import columns_in_common
from planner.engines.outcome import (
    Outcome,
    SiteDispatch,
    approximations,
    least_excess,
    limit_prices,
)
from planner.formulate.formulation import Formulation
from solvers.joint import Joint, join
from solvers.program import Program
from solvers.solution import Solution, Status, load

NOT_PROVEN = float("-inf")
"""The bound of one scenario: what is proven is proven of all together."""


@dataclass(frozen=True, slots=True, eq=False)
class Branches:
    """K scenarios that are planned together.

    Attributes
    ----------
    names, weights : K
        What they are called, and how likely each is; weights add up to 1.
    formulations : K
        From `planner.formulate.build.build`; their models gain what the engine adds.
    shared_periods
        So many first periods have the same decisions in all of them.
    """

    names: tuple[str, ...]
    weights: tuple[float, ...]
    formulations: tuple[Formulation, ...]
    shared_periods: int


@dataclass(frozen=True, slots=True, eq=False)
class JointOutcome:
    """How the joint solve ended; each plan's values are in its formulation's model.

    Attributes
    ----------
    status
        ``solved`` to the gap asked for, or ``stopped`` at a limit with a plan.
    objective_kusd, bound_kusd
        Expected cost of the plan, and proven; discounted [1000 USD].
    outcomes : K
        Of each scenario. Their bounds are `NOT_PROVEN`.
    seconds : phase to seconds
        Where the time went.
    shared
        Decisions in common that are columns.
    cuts
        In the master at the end; none of the monolithic engine.
    cones, cones_apart
        Operations that were learnt, and how many there would be if scenarios shared none.
    """

    status: str
    objective_kusd: float
    bound_kusd: float
    outcomes: tuple[Outcome, ...]
    seconds: Mapping[str, float]
    shared: int
    cuts: int = 0
    cones: int = 0
    cones_apart: int = 0


def join_branches(branches: Branches, programs: Sequence[Program]) -> tuple[Joint, int]:
    """Join compiled scenarios, with one column for each shared decision; say how many those are."""
    common = columns_in_common(branches.formulations, programs, branches.shared_periods)
    return join(programs, branches.weights, common, branches.names), len(common)


def take_apart(
    branches: Branches,
    programs: Sequence[Program],
    joint: Joint,
    x: Floats,
    row_dual: Floats | None,
    dispatch: Sequence[Mapping[tuple[str, int], SiteDispatch]],
) -> tuple[Outcome, ...]:
    """Return how each scenario ended.

    Prices are those of the scenario itself: its dual in the joint relaxation over its weight. What
    a shared addition would have to be cheaper by is what it would have to be in all of them.
    """
    points = joint.points(x)
    return tuple(
        Outcome(
            status="solved",
            objective_kusd=program.objective(point),
            bound_kusd=NOT_PROVEN,
            dispatch=hours,
            prices=limit_prices(formulation, program, _duals(joint, row_dual, k)),
            excess=_excess(joint, row_dual, k, formulation, program),
            seconds={},
            approximations=approximations(formulation.case),
        )
        for k, (formulation, program, point, hours) in enumerate(
            zip(branches.formulations, programs, points, dispatch, strict=True)
        )
    )


def load_all(programs: Sequence[Program], joint: Joint, x: Floats) -> None:
    """Set the variables of every scenario's model."""
    for program, point in zip(programs, joint.points(x), strict=True):
        found = Solution(
            status=Status.OPTIMAL,
            has_point=True,
            objective=program.objective(point),
            bound=NOT_PROVEN,
            x=point,
        )
        load(program, found)


def _duals(joint: Joint, row_dual: Floats | None, k: int) -> Floats | None:
    return None if row_dual is None else joint.row_duals(row_dual)[k]


def _excess(
    joint: Joint, row_dual: Floats | None, k: int, formulation: Formulation, program: Program
) -> dict[str, float]:
    if row_dual is None:
        return {}
    cost = joint.program.cost[joint.columns[k]]
    return least_excess(formulation, program.columns, cost, joint.reduced_costs(row_dual)[k])
