"""The monolithic engine: one Pyomo model with the hours of every site and period in it.

The reference. It sees every hour of the year (or sampled weeks, where the scenario says so) and
can be solved by any solver Pyomo knows; HiGHS goes through `solvers`, on arrays compiled once.
"""

from collections.abc import Mapping
from pathlib import Path
from time import perf_counter

import pyomo.environ as pyo

from components.base import USES, Expr
from planner.case import Case
from planner.engines.links import shift_at
from planner.engines.other import solve_with_pyomo
from planner.engines.outcome import (
    Outcome,
    Report,
    SiteDispatch,
    approximations,
    excess_costs,
    limit_prices,
)
from planner.engines.whole import solve_whole
from planner.formulate.dispatch import class_mw
from planner.formulate.formulation import Formulation
from planner.formulate.hours import hours_of
from planner.formulate.operation import SiteOperation, dispatch_of, operate_site, shifted_of
from solvers.options import Options
from solvers.program import Program, compile_model
from solvers.session import Session
from solvers.solution import Solution, Status, load, relative_gap

SOLVER_TOLERANCE = 1e-9
"""What a gap may be over the one asked for by rounding alone."""


def solve_monolithic(formulation: Formulation, log_file: Path | None, report: Report) -> Outcome:
    """Solve a formulation with all its hours in one model; values stay in the model.

    Parameters
    ----------
    formulation
        From `planner.formulate.build.build`; its model gains the hours.
    log_file
        Where the solver writes its log.
    report
        Told of phases and progress.

    Raises
    ------
    solvers.errors.InfeasibleError
        If no plan satisfies the scenario.
    solvers.errors.StoppedError
        If a limit came before a plan.
    """
    case, model = formulation.case, formulation.model
    seconds: dict[str, float] = {}
    started = perf_counter()

    report("hours", None)
    operations = add_hours(formulation)
    seconds["hours"], started = perf_counter() - started, perf_counter()

    report("compile", None)
    program = compile_model(model)
    seconds["compile"], started = perf_counter() - started, perf_counter()

    report("relaxation", None)
    session = Session(program, _options(case, log_file, case.scenario.solver.time_limit_s))
    relaxed = session.solve().require_point()
    seconds["relaxation"], started = perf_counter() - started, perf_counter()

    report("whole numbers", None)
    left_s = max(case.scenario.solver.time_limit_s - seconds["relaxation"], 1.0)
    options = _options(case, log_file, left_s)
    found = _whole(case, model, program, session, relaxed, options, report)
    seconds["whole numbers"] = perf_counter() - started
    fill(model)

    bound = max(found.bound, relaxed.bound)
    proven = relative_gap(found.objective, bound) <= case.scenario.solver.gap + SOLVER_TOLERANCE
    return Outcome(
        status="solved" if found.status is Status.OPTIMAL and proven else "stopped",
        objective_kusd=found.objective,
        bound_kusd=min(bound, found.objective),
        dispatch={
            key: SiteDispatch(op.hours, dispatch_of(op), shifted_of(op))
            for key, op in operations.items()
        },
        prices=limit_prices(formulation, program, relaxed.row_dual),
        excess=excess_costs(formulation, program, relaxed.row_dual),
        seconds=seconds,
        approximations=approximations(case),
    )


def add_hours(formulation: Formulation) -> Mapping[tuple[str, int], SiteOperation]:
    """Add the hours of every site and period, and say what operation uses."""
    model, case = formulation.model, formulation.case
    model.hours = pyo.Block(list(formulation.operated))
    found: dict[tuple[str, int], SiteOperation] = {}
    for s, t in formulation.operated:
        found[s, t] = operate_site(
            model.hours[s, t], case, s, hours_of(case, t), _links(formulation, s, t),
            {c: model.it_mw[s, c, t] for c in case.cooling}, shift_at(case, model, s, t),
        )  # fmt: skip

    @model.Constraint([(s, u, t) for s, t in formulation.operated for u in USES])
    def uses_of_hours(m, s, u, t):  # type: ignore[no-untyped-def]
        return m.use[s, u, t] == found[s, t].uses[u]

    return found


def _links(formulation: Formulation, site: str, t: int) -> dict[str, dict[str, Expr]]:
    """Linking quantities of every dispatch class that may be there in a period."""
    case, model = formulation.case, formulation.model
    there = {
        part.name
        for part in formulation.parts
        if part.site == site and part.name in case.power
        if part.investment.may_stand(t)
    }
    return {
        name: {"mw": class_mw(model, case, site, name, t)}
        for name, one in case.classes.items()
        if there & set(one.members)
    }


def _options(case: Case, log_file: Path | None, time_limit_s: float) -> Options:
    asked = case.scenario.solver
    return Options(
        gap=asked.gap, time_limit_s=time_limit_s, threads=asked.threads, log_file=log_file
    )


def _whole(
    case: Case,
    model: pyo.ConcreteModel,
    program: Program,
    session: Session,
    relaxed: Solution,
    options: Options,
    report: Report,
) -> Solution:
    if case.scenario.solver.name != "highs":
        return solve_with_pyomo(model, case.scenario.solver, options.log_file)
    found = solve_whole(program, session, relaxed, options, lambda p: report("whole numbers", p))
    load(program, found)
    return found


def fill(model: pyo.ConcreteModel) -> None:
    """Give variables that stand in no row the least value they may have."""
    for variable in model.component_data_objects(pyo.Var):
        if variable.value is None:
            variable.set_value(variable.lb if variable.lb is not None else 0.0)
