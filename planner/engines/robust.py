"""Several scenarios as one problem: weighted costs, and first decisions that they share.

Every scenario has a formulation of its own. They are compiled, joined with one column for each
decision of the shared periods (`solvers.joint`), and solved by either engine. The answer is taken
apart again, so that every scenario can be read and audited as a plan of its own.
"""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from planner.engines.decomposed import Clock
from planner.engines.first_stage import check_same, share
from planner.engines.joint import Branches, JointOutcome, join_branches, load_all, take_apart
from planner.engines.monolithic import SOLVER_TOLERANCE, add_hours, fill
from planner.engines.outcome import Report, SiteDispatch
from planner.engines.robust_cuts import solve_by_cuts
from planner.engines.whole import solve_whole
from planner.formulate.operation import dispatch_of, shifted_of
from solvers.conflict import find_conflict
from solvers.errors import InfeasibleError
from solvers.options import Options
from solvers.program import Program, compile_model
from solvers.session import Session
from solvers.solution import Solution, Status, relative_gap


def solve_jointly(branches: Branches, log_file: Path | None, report: Report) -> JointOutcome:
    """Solve scenarios as one problem, with the engine that they ask for.

    Parameters
    ----------
    branches
        The scenarios; values stay in their models.
    log_file
        Where the solver writes its log.
    report
        Told of phases and progress.

    Raises
    ------
    planner.errors.InfeasibleError
        If two scenarios leave no choice about a shared decision, and differ.
    solvers.errors.InfeasibleError
        If no plan satisfies all scenarios; rows begin with the scenario's name.
    solvers.errors.StoppedError
        If a limit came before a plan.
    planner.errors.BalanceError
        If shared decisions differ in the answer.
    """
    engine = branches.formulations[0].case.scenario.solver.engine
    solve = {"monolithic": solve_in_one_piece, "decomposed": solve_by_cuts}[engine]
    share(branches.formulations, branches.names, branches.shared_periods)
    found = solve(branches, log_file, report)
    check_same(branches.formulations, branches.shared_periods)
    return found


def solve_in_one_piece(branches: Branches, log_file: Path | None, report: Report) -> JointOutcome:
    """Solve with the hours of every scenario in one model: the reference."""
    asked, clock = branches.formulations[0].case.scenario.solver, Clock()
    report("hours", None)
    operations = [add_hours(each) for each in branches.formulations]
    clock.lap("hours")

    report("compile", None)
    programs = [compile_model(each.model) for each in branches.formulations]
    joint, shared = join_branches(branches, programs)
    clock.lap("compile")

    report("relaxation", None)
    options = Options(
        gap=asked.gap, time_limit_s=asked.time_limit_s, threads=asked.threads, log_file=log_file
    )
    session = Session(joint.program, options)
    relaxed = _with_conflict(joint.program, session.solve)
    clock.lap("relaxation")

    report("whole numbers", None)
    left = replace(options, time_limit_s=max(asked.time_limit_s - clock.total(), 1.0))
    found = _with_conflict(
        joint.program,
        lambda: solve_whole(
            joint.program, session, relaxed, left, lambda p: report("whole numbers", p)
        ),
    )
    clock.lap("whole numbers")

    load_all(programs, joint, found.x)
    for formulation in branches.formulations:
        fill(formulation.model)
    hours = [
        {key: SiteDispatch(o.hours, dispatch_of(o), shifted_of(o)) for key, o in each.items()}
        for each in operations
    ]
    bound = max(found.bound, relaxed.bound)
    proven = relative_gap(found.objective, bound) <= asked.gap + SOLVER_TOLERANCE
    return JointOutcome(
        status="solved" if found.status is Status.OPTIMAL and proven else "stopped",
        objective_kusd=found.objective,
        bound_kusd=min(bound, found.objective),
        outcomes=take_apart(branches, programs, joint, found.x, relaxed.row_dual, hours),
        seconds=clock.seconds,
        shared=shared,
    )


def _with_conflict(program: Program, solve: Callable[[], Solution]) -> Solution:
    """Return what a solve finds; where there is no plan, name the rows that conflict."""
    try:
        return solve().require_point()
    except InfeasibleError as error:
        raise InfeasibleError(error.rows or find_conflict(program)) from error
