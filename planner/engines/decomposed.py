"""The decomposed engine: investment as one program, operation as cuts, every hour of every site."""

import logging
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter

import numpy as np

from components.base import Floats
from planner.engines.budgets import budgets_of
from planner.engines.learning import learn_from_leads
from planner.engines.links import reference_of
from planner.engines.memory import Memory
from planner.engines.neighbour import keep_neighbour, neighbour_of
from planner.engines.outcome import (
    Outcome,
    Report,
    SiteDispatch,
    approximations,
    excess_costs,
    limit_prices,
)
from planner.engines.seams import Operated, add_windows, subproblems_of
from planner.engines.seasons import dispatch_of_window, shifted_of_window
from planner.engines.site_operations import SiteOperations, operations_of
from planner.engines.staff import staff_for
from planner.engines.whole import groups_of
from planner.formulate.formulation import Formulation
from planner.formulate.hours import joined
from planner.scenario.solver import Solver
from solvers.benders import BendersOptions, decompose
from solvers.cone import Evaluation
from solvers.decomposition import Known
from solvers.dive import WHOLE
from solvers.errors import SolverError, StoppedError
from solvers.operation import Operation
from solvers.options import Options
from solvers.oracle import ProcessOracle, SerialOracle, Workers
from solvers.program import Program, compile_model
from solvers.rounding import ByBranching, BySupport
from solvers.solution import Solution, Status, load
from solvers.subproblem import Subproblem
from solvers.truth import Truth, complete

logger = logging.getLogger(__name__)

HIGHS = Options(threads=1, presolve="off", lp_method="simplex")
"""Of the master: warm from one round to the next."""

OPENED = (WHOLE, 0.02, 0.1, 0.25)
"""Shares of a site, as the relaxation opens it, above which it is opened: all are tried."""

MANY_WINDOWS = 200
"""From so many on it pays to begin at interior points of the master."""

WINDOWS_PER_PROCESS = 8
"""With fewer windows to operate than this, another process costs more than it saves."""


def solve_decomposed(formulation: Formulation, log_file: Path | None, report: Report) -> Outcome:
    """Solve a formulation by cuts; values stay in the model.

    Parameters
    ----------
    formulation
        From `planner.formulate.build.build`; its model gains the seams of the seasons.
    log_file
        Where the rounds are logged.
    report
        Told of phases and progress.

    Raises
    ------
    solvers.errors.InfeasibleError
        If no plan satisfies the scenario.
    solvers.errors.StoppedError
        If a limit came before a plan.
    """
    case, asked = formulation.case, formulation.case.scenario.solver
    clock = Clock()
    report("compile", None)
    operated = add_windows(formulation)
    program = compile_model(formulation.model)
    operations = operations_of(case)
    subproblems = subproblems_of(formulation, operated, program)
    budgets = budgets_of(formulation, operated, subproblems, operations.templates, program)
    clock.lap("compile")

    def hire() -> Workers:
        return workers_for(operations, reference_of(case), asked.threads, len(operated))

    with logged(log_file), staff_for(operations, hire) as staff:
        report("training", None)
        memory = Memory(
            case.scenario, operations, [s.name for s in subproblems], staff.workers, staff.digests
        )
        pool = memory.cuts(staff.pool)
        untaught = [site for site in case.sites if not operations.is_known(site, pool)]
        pool |= learn_from_leads(formulation, operations, staff.workers, untaught)
        clock.lap("training")
        found = decompose(
            program,
            subproblems,
            staff.workers,
            pool=pool,
            options=options_of(asked, len(operated), clock),
            highs=HIGHS,
            incumbent=memory.plan(program),
            written=memory.written(),
            **neighbour_of(program).starts(),
            groups=groups_of(program, OPENED),
            rounders=rounders_of(program, asked.gap),
            adjust=budgets.hand_out,
            on_round=lambda each: report(each.phase, each),
        )
        clock.book(found.seconds, "master", "operation", "whole")
        staff.learn(memory, found)
        if found.x is None or found.asked is None:
            raise StoppedError(found.status.value, clock.total())
        report("dispatch", None)
        hours = Truth(staff.workers, subproblems).hours(found.asked)
    x, objective = with_uses(program, subproblems, found.x, hours)
    memory.keep(program, Known(x, found.asked, found.row_dual))
    keep_neighbour(program, x, found.start)
    load(
        program,
        Solution(status=found.status, has_point=True, objective=objective, bound=found.bound, x=x),
    )
    clock.lap("dispatch")
    return Outcome(
        status="solved" if found.status is Status.OPTIMAL else "stopped",
        objective_kusd=objective,
        bound_kusd=min(found.bound, objective),
        dispatch=dispatch_of_sites(operations, operated, subproblems, found.asked, hours),
        prices=limit_prices(formulation, program, found.row_dual),
        excess=excess_costs(formulation, program, found.row_dual),
        seconds=clock.seconds,
        cuts=found.cuts,
        approximations=approximations(case),
    )


@contextmanager
def logged(file: Path | None) -> Iterator[None]:
    """Let the solvers write their log to a file."""
    if file is None:
        yield
        return
    handler = logging.FileHandler(file, encoding="utf-8")
    log, level = logging.getLogger("solvers"), logging.getLogger("solvers").level
    log.addHandler(handler)
    log.setLevel(logging.INFO)
    try:
        yield
    finally:
        log.setLevel(level)
        log.removeHandler(handler)
        handler.close()


class Clock:
    """Seconds by phase."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._began = self._started = perf_counter()

    def lap(self, phase: str) -> None:
        """Book the time since the last lap."""
        now = perf_counter()
        self.seconds[phase] = now - self._started
        self._started = now

    def book(self, seconds: Mapping[str, float], *phases: str) -> None:
        """Book phases that somebody else has timed."""
        self.seconds |= {phase: seconds[phase] for phase in phases}
        self._started = perf_counter()

    def total(self) -> float:
        """Return the time since the beginning."""
        return perf_counter() - self._began


def workers_for(
    operations: Mapping[str, Operation], reference: tuple[str, ...], threads: int, windows: int
) -> Workers:
    """Start as many processes as are asked for and worth while; with one, work is done here."""
    count = min(threads or os.cpu_count() or 1, 1 + windows // WINDOWS_PER_PROCESS)
    if count == 1:
        return SerialOracle(operations, reference=reference)
    return ProcessOracle(operations, workers=count, reference=reference)


def options_of(asked: Solver, windows: int, clock: Clock) -> BendersOptions:
    """Return how to decompose, within what is left of the time limit."""
    return BendersOptions(
        gap=asked.gap,
        relaxed_gap=0.5 * asked.gap,
        time_limit_s=max(asked.time_limit_s - clock.total(), 0.1),
        interior_rounds=14 if windows >= MANY_WINDOWS else 0,
    )


def rounders_of(program: Program, gap: float) -> tuple[BySupport, ByBranching]:
    """Return ways to whole numbers: with the sites that the relaxation wants, then with all."""
    switches = groups_of(program, OPENED)[:1]
    columns = switches[0].columns if switches else np.zeros(0, dtype=np.int32)
    near = Options(gap=gap / 2, threads=1)
    return BySupport(columns, near), ByBranching(near)


def with_uses(
    program: Program,
    subproblems: Sequence[Subproblem],
    x: Floats,
    hours: Sequence[Evaluation | None],
) -> tuple[Floats, float]:
    """Return the plan with the uses of the very hours that are handed out, and its cost."""
    uses = [
        np.zeros(subproblem.uses.size) if each is None else each.uses
        for subproblem, each in zip(subproblems, hours, strict=True)
    ]
    found, objective = complete(program, subproblems, x, uses, HIGHS)
    if not np.isfinite(objective):
        msg = "the hours of the plan do not use what they used when it was found"
        raise SolverError(msg)
    return found, objective


def dispatch_of_sites(
    operations: SiteOperations,
    operated: Sequence[Operated],
    subproblems: Sequence[Subproblem],
    asked: Floats,
    hours: Sequence[Evaluation | None],
) -> dict[tuple[str, int], SiteDispatch]:
    """Join the windows of each site and period, from their operation at the point ``asked``."""
    parts: dict[tuple[str, int], list[SiteDispatch]] = {}
    for at, subproblem, found in zip(operated, subproblems, hours, strict=True):
        template = operations.templates[len(at.window.hours)]
        x = np.zeros(template.operation.columns.size) if found is None else found.x
        assert x is not None
        links = subproblem.links_at(asked) if found is not None else np.zeros(subproblem.links.size)
        power = dispatch_of_window(operations.case, template, at.site, at.window, links, x)
        shifted = shifted_of_window(template, x)
        run = SiteDispatch(at.window.hours, power, shifted)
        parts.setdefault((at.site, at.period), []).append(run)
    return {
        place: SiteDispatch(
            joined([each.hours for each in windows]),
            {n: np.concatenate([w.power_mw[n] for w in windows]) for n in windows[0].power_mw},
            {c: np.concatenate([w.shifted_mw[c] for w in windows]) for c in windows[0].shifted_mw},
        )
        for place, windows in parts.items()
    }
