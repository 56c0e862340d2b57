"""Solving the monolithic model with any other solver that Pyomo knows."""

from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np
import pyomo.environ as pyo
from pyomo.opt import SolverResults, TerminationCondition

from planner.gather import refuse
from planner.scenario.solver import Solver
from solvers.errors import InfeasibleError, StoppedError
from solvers.solution import Solution, Status

GAP_OPTION = {
    "appsi_highs": "mip_rel_gap",
    "cbc": "ratio",
    "cplex": "mip_tolerances_mipgap",
    "glpk": "mipgap",
    "gurobi": "MIPGap",
    "scip": "limits/gap",
}
"""What each solver calls the relative gap; any other keeps its own, and the proven gap is said."""

TIME_OPTION = {
    "appsi_highs": "time_limit",
    "cbc": "sec",
    "cplex": "timelimit",
    "glpk": "tmlim",
    "gurobi": "TimeLimit",
    "scip": "limits/time",
}
"""What each solver calls the time limit in seconds."""


def solve_with_pyomo(model: pyo.ConcreteModel, asked: Solver, log_file: Path | None) -> Solution:
    """Solve a model in place; variables keep the answer.

    Parameters
    ----------
    model
        A linear model with one objective.
    asked
        The solver's name, gap and time limit.
    log_file
        Where the solver writes its log, if it can.

    Raises
    ------
    ScenarioError
        If the solver is not installed.
    solvers.errors.InfeasibleError, solvers.errors.StoppedError
        As with HiGHS.
    """
    started = perf_counter()
    solver = _solver(asked)
    logging = {} if log_file is None or asked.name == "appsi_highs" else {"logfile": str(log_file)}
    results: SolverResults = solver.solve(model, load_solutions=False, **logging)
    reason = results.solver.termination_condition
    if reason in {TerminationCondition.infeasible, TerminationCondition.infeasibleOrUnbounded}:
        raise InfeasibleError
    stopped = reason is TerminationCondition.maxTimeLimit
    if reason is not TerminationCondition.optimal and not stopped:
        raise StoppedError(str(reason), perf_counter() - started)
    if not len(results.solution) and asked.name != "appsi_highs":
        raise StoppedError(str(reason), perf_counter() - started)
    _load(model, solver, results)
    bound = results.problem.lower_bound
    return Solution(
        status=Status.TIME_LIMIT if stopped else Status.OPTIMAL,
        has_point=True,
        objective=pyo.value(model.cost_kusd),
        bound=float(bound) if bound is not None else -float("inf"),
        x=np.zeros(0),
        seconds=perf_counter() - started,
    )


def _solver(asked: Solver) -> Any:
    solver = pyo.SolverFactory(asked.name)
    if not solver.available(exception_flag=False):
        key, what = "solver.name", "is not installed"
        raise refuse(key, what, asked.name, "highs")
    if asked.name in GAP_OPTION:
        solver.options[GAP_OPTION[asked.name]] = asked.gap
        solver.options[TIME_OPTION[asked.name]] = int(asked.time_limit_s)
    return solver


def _load(model: pyo.ConcreteModel, solver: Any, results: SolverResults) -> None:
    if hasattr(solver, "load_vars"):
        solver.load_vars()
    else:
        model.solutions.load_from(results)
