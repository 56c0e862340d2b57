"""Solve a `Program` once with HiGHS. For many solves of one Program see `solvers.session`."""

import logging
import time
from dataclasses import replace

import numpy as np

from solvers.engine import Engine, OnProgress, Watch
from solvers.options import Options, Progress
from solvers.program import Floats, Program
from solvers.solution import Solution, Status

__all__ = ["OnProgress", "Options", "Progress", "solve"]

logger = logging.getLogger(__name__)


def solve(
    program: Program,
    options: Options | None = None,
    *,
    start: Floats | None = None,
    on_progress: OnProgress | None = None,
) -> Solution:
    """Solve an LP or a MIP.

    An LP or MIP that fails numerically is tried once more from nothing with presolve. Where HiGHS
    leaves it open whether the Program is infeasible or unbounded, it is solved again without
    costs, which decides it.

    Parameters
    ----------
    program
        What to solve.
    options
        How; None for the defaults.
    start : (n,)
        A point for a MIP to start from; columns that are NaN are completed by HiGHS.
    on_progress
        Called about once a second with a `Progress`. What it raises stops the solve and is
        raised again here, as is Ctrl-C.

    Returns
    -------
    Solution
        Also for an infeasible Program; see `Solution.status` and `Solution.require_point`.

    Raises
    ------
    HighsError
        If HiGHS refuses the Program, for instance for a coefficient above 1e15.
    """
    options = options or Options()
    began = time.perf_counter()
    if not program.cost.size:
        return _solve_without_columns(program)
    engine = Engine(options)
    engine.pass_program(program)
    if start is not None and program.is_mip:
        engine.set_start(start)
    watch = Watch(on_progress)
    engine.run(options.time_limit_s, watch=watch)
    if engine.status() is Status.FAILED and not engine.undecided():
        logger.info("HiGHS failed; once more from nothing, with presolve")
        engine.clear_solver()
        engine.set_option("presolve", "on")
        engine.set_option("solver", "choose")
        engine.run(_remaining(options, began), watch=watch)
    if engine.undecided():
        return _decide(program, options, began)
    return engine.read(time.perf_counter() - began)


def _remaining(options: Options, began: float) -> float:
    return max(0.0, options.time_limit_s - (time.perf_counter() - began))


def _decide(program: Program, options: Options, began: float) -> Solution:
    """Tell infeasible from unbounded: without costs only the first is left."""
    engine = Engine(options)
    engine.pass_program(replace(program, cost=np.zeros_like(program.cost)))
    engine.run(_remaining(options, began), watch=Watch(None))
    found = engine.read(time.perf_counter() - began)
    infeasible = found.status is Status.INFEASIBLE
    status = Status.UNBOUNDED if found.has_point else found.status
    return Solution(
        status=status,
        has_point=False,
        objective=float("inf"),
        bound=float("inf") if infeasible else float("-inf"),
        x=np.zeros(program.cost.size),
        seconds=found.seconds,
    )


def _solve_without_columns(program: Program) -> Solution:
    # HiGHS calls such a Program empty without looking at its rows.
    feasible = bool((program.row_lower <= 0).all() and (program.row_upper >= 0).all())
    return Solution(
        status=Status.OPTIMAL if feasible else Status.INFEASIBLE,
        has_point=feasible,
        objective=program.offset if feasible else float("inf"),
        bound=program.offset if feasible else float("inf"),
        x=np.zeros(0),
        row_dual=np.zeros(len(program.row_names)) if feasible else None,
        reduced_cost=np.zeros(0) if feasible else None,
    )
