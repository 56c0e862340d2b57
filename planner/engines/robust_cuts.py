"""Several scenarios by cuts: one master, and one cone for every operation that differs.

A cut speaks of uses, not of costs, and has no constant term: it holds in every scenario in which
the site has the same weather and the same figures of operation, whatever prices, demand or limits
are. So a second scenario adds columns to the master, and most often no operation to be learnt.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path

from components.base import Floats
from planner.engines.budgets import Budgets, budgets_of
from planner.engines.decomposed import (
    HIGHS,
    OPENED,
    Clock,
    dispatch_of_sites,
    logged,
    options_of,
    rounders_of,
    with_uses,
    workers_for,
)
from planner.engines.joint import Branches, JointOutcome, join_branches, load_all, take_apart
from planner.engines.joint_operations import JointOperations, join_operations
from planner.engines.learning import learn_from_leads
from planner.engines.memory import Memory
from planner.engines.outcome import Report, SiteDispatch
from planner.engines.seams import Operated, add_windows, subproblems_of
from planner.engines.site_operations import SiteOperations, operations_of
from planner.engines.whole import groups_of
from planner.formulate.formulation import Formulation
from solvers.benders import decompose
from solvers.cone import Evaluation
from solvers.cut import CutSet
from solvers.decomposition import Known
from solvers.decomposition import Outcome as Found
from solvers.errors import StoppedError
from solvers.joint import Joint
from solvers.oracle import Workers
from solvers.program import Program, compile_model
from solvers.rounding import Rounder
from solvers.solution import Status
from solvers.subproblem import Subproblem
from solvers.truth import Truth

FEW_SITES = 5
"""With no more sites than this little is won by branching first without those left closed."""


@dataclass(frozen=True, slots=True, eq=False)
class Compiled:
    """One scenario as its own decomposition would see it.

    Attributes
    ----------
    program, subproblems, budgets, operations, operated
        The master and its windows, in the scenario's own columns and keys.
    """

    program: Program
    subproblems: tuple[Subproblem, ...]
    budgets: Budgets
    operations: SiteOperations
    operated: tuple[Operated, ...]


def compile_alone(formulation: Formulation) -> Compiled:
    """Compile one scenario; its model gains the seams of the seasons."""
    operated = add_windows(formulation)
    program = compile_model(formulation.model)
    operations = operations_of(formulation.case)
    subproblems = subproblems_of(formulation, operated, program)
    budgets = budgets_of(formulation, operated, subproblems, operations.templates, program)
    return Compiled(program, subproblems, budgets, operations, operated)


def solve_by_cuts(branches: Branches, log_file: Path | None, report: Report) -> JointOutcome:
    """Solve with operation as cuts; see `planner.engines.robust.solve_jointly`."""
    asked, clock = branches.formulations[0].case.scenario.solver, Clock()
    report("compile", None)
    parts = [compile_alone(each) for each in branches.formulations]
    programs = [part.program for part in parts]
    joint, shared = join_branches(branches, programs)
    operations = join_operations([part.operations for part in parts], branches.names)
    subproblems = _moved(branches, parts, joint, operations)
    sites = max(len(each.case.sites) for each in branches.formulations)
    clock.lap("compile")
    with (
        logged(log_file),
        # A cone is one process's, whatever number of scenarios ask it.
        workers_for(operations, operations.reference, asked.threads, len(operations)) as workers,
    ):
        memory = JointMemory(branches, operations, subproblems, workers)
        report("training", None)
        pool = memory.cuts()
        pool |= _learnt(branches.formulations[0], operations, workers, pool)
        clock.lap("training")
        found = decompose(
            joint.program,
            subproblems,
            workers,
            pool=pool,
            options=options_of(asked, len(subproblems), clock),
            highs=HIGHS,
            incumbent=memory.first.plan(joint.program),
            written=memory.first.written(),
            groups=groups_of(joint.program, OPENED),
            rounders=_rounders(joint, asked.gap, sites),
            adjust=lambda x: _hand_out(joint, parts, x),
            on_round=lambda each: report(each.phase, each),
        )
        clock.book(found.seconds, "master", "operation", "whole")
        memory.learn(found)
        if found.x is None or found.asked is None:
            raise StoppedError(found.status.value, clock.total())
        report("dispatch", None)
        hours = Truth(workers, subproblems).hours(found.asked)
    x, objective = with_uses(joint.program, subproblems, found.x, hours)
    memory.first.keep(joint.program, Known(x, found.asked, found.row_dual))
    load_all(programs, joint, x)
    dispatch = _dispatch(parts, joint, found.asked, hours)
    clock.lap("dispatch")
    return JointOutcome(
        status="solved" if found.status is Status.OPTIMAL else "stopped",
        objective_kusd=objective,
        bound_kusd=min(found.bound, objective),
        outcomes=take_apart(branches, programs, joint, x, found.row_dual, dispatch),
        seconds=clock.seconds,
        shared=shared,
        cuts=found.cuts,
        cones=len(operations),
        cones_apart=sum(len(part.operations) for part in parts),
    )


class JointMemory:
    """What earlier runs learnt of every operation, of whichever scenario it is.

    Parameters
    ----------
    branches, operations, subproblems, workers
        Of the joint problem.
    """

    def __init__(
        self,
        branches: Branches,
        operations: JointOperations,
        subproblems: Sequence[Subproblem],
        workers: Workers,
    ) -> None:
        self._operations = operations
        self._parts = [
            Memory(formulation.case.scenario, part, [s.name for s in subproblems], workers)
            for formulation, part in zip(branches.formulations, operations.parts, strict=True)
        ]

    @property
    def first(self) -> Memory:
        """That of the first scenario, which brings in operations in any case."""
        return self._parts[0]

    def cuts(self) -> dict[str, CutSet]:
        """Return the cuts of earlier runs by cone."""
        return {cone: cuts for part in self._parts for cone, cuts in part.cuts().items()}

    def learn(self, found: Found) -> None:
        """Keep the cuts of a run, and which of them were rows."""
        for memory, part in zip(self._parts, self._operations.parts, strict=True):
            memory.learn({cone: cuts for cone, cuts in found.pool.items() if cone in part.places})
        self.first.note(found.written)


def _moved(
    branches: Branches, parts: Sequence[Compiled], joint: Joint, operations: JointOperations
) -> tuple[Subproblem, ...]:
    """Return the windows of every scenario, one after the other, in joint columns and cones."""
    return tuple(
        joint.moved(k, each, f"{name}: {each.name}", operations.cones[k][each.cone])
        for k, (name, part) in enumerate(zip(branches.names, parts, strict=True))
        for each in part.subproblems
    )


def _learnt(
    formulation: Formulation,
    operations: JointOperations,
    workers: Workers,
    pool: Mapping[str, CutSet],
) -> dict[str, CutSet]:
    """Return what a few sites teach those of the first scenario of which nothing is known."""
    first = operations.parts[0]
    untaught = [site for site in formulation.case.sites if not first.is_known(site, pool)]
    return learn_from_leads(formulation, first, workers, untaught)


def _rounders(joint: Joint, gap: float, sites: int) -> tuple[Rounder, ...]:
    """Return ways to whole numbers; with few sites the whole is asked at once, for its bound."""
    by_support, by_branching = rounders_of(joint.program, gap)
    return (by_branching,) if sites <= FEW_SITES else (by_support, by_branching)


def _hand_out(joint: Joint, parts: Sequence[Compiled], x: Floats) -> Floats:
    """Raise the budgets of every scenario within its own caps; none is on a shared column."""
    raised = x.copy()
    for columns, part in zip(joint.columns, parts, strict=True):
        raised[columns] = part.budgets.hand_out(x[columns])
    return raised


def _dispatch(
    parts: Sequence[Compiled], joint: Joint, asked: Floats, hours: Sequence[Evaluation | None]
) -> list[Mapping[tuple[str, int], SiteDispatch]]:
    ends = list(accumulate(len(part.subproblems) for part in parts))
    starts = [0, *ends[:-1]]
    return [
        dispatch_of_sites(p.operations, p.operated, p.subproblems, point, hours[start:end])
        for p, point, start, end in zip(parts, joint.points(asked), starts, ends, strict=True)
    ]
