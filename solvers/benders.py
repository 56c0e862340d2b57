"""Decomposition: an investment master and the operation of many places, by cuts.

The master (`solvers.master`) knows of each operation only the cuts of its cone. In turn it is
solved, asked for a point, and taught what operation costs there (`solvers.truth`), until what it
believes and what is true agree. First without whole numbers, then with them (`solvers.rounding`).

The bounds are honest. The lower one is the master's optimum: it has every constraint of the
investment and only valid cuts of operation. The upper one is the cost of a point whose operation
was evaluated and which satisfies every row of the master.
"""

import logging
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from solvers.cut import CutSet
from solvers.decomposition import BendersOptions, Outcome
from solvers.master import Master
from solvers.options import Options, Progress
from solvers.oracle import Oracle
from solvers.program import Floats, Program
from solvers.rounding import ByBranching, Rounder
from solvers.solution import Solution, Status, relative_gap
from solvers.subproblem import Subproblem
from solvers.truth import Truth, complete

__all__ = ["BendersOptions", "Outcome", "decompose"]

logger = logging.getLogger(__name__)


def decompose(
    program: Program,
    subproblems: Sequence[Subproblem],
    oracle: Oracle,
    *,
    pool: Mapping[str, CutSet] | None = None,
    options: BendersOptions | None = None,
    highs: Options | None = None,
    rounders: Sequence[Rounder] = (),
    adjust: Callable[[Floats], Floats] | None = None,
    on_progress: Callable[[Progress], None] | None = None,
) -> Outcome:
    """Find the best plan for a master and the operation of its subproblems.

    Parameters
    ----------
    program
        The investment: columns for every link and use, whole numbers where they are wanted. Its
        relaxation must have a finite minimum even without cuts.
    subproblems
        What its operation consists of.
    oracle
        Answers what operation costs.
    pool
        Cuts from before, by cone.
    options
        Of the decomposition.
    highs
        Of every HiGHS solve of the master.
    rounders
        Ways to whole numbers, in the order in which to try them; by default branching.
    adjust
        Moves a point before operation is evaluated there, for instance to hand out the slack of
        a cap as further budget. It must return a point that satisfies the master's rows, apart
        from uses.
    on_progress
        Called after each round.

    Raises
    ------
    InfeasibleError, UnboundedError
        If the investment has no plan, or its cost no lower bound without cuts.
    RecourseError
        From the oracle.
    """
    options = options or BendersOptions()
    run = _Run(
        Master(program, subproblems, pool or {}, highs),
        Truth(oracle, subproblems),
        options,
        highs or Options(),
        adjust or (lambda x: x),
        on_progress or (lambda _: None),
    )
    for _ in range(options.rounds if program.is_mip else 1):
        run.relaxed_phase()
        if not program.is_mip or run.is_done():
            break
        run.whole_phase(rounders or (ByBranching(Options(gap=options.gap / 2)),))
        if run.is_done():
            break
    return run.outcome()


@dataclass(slots=True)
class _Point:
    x: Floats | None = None
    objective: float = float("inf")

    def offer(self, x: Floats, objective: float) -> bool:
        if objective < self.objective:
            self.x, self.objective = x, objective
            return True
        return False


@dataclass(slots=True)
class _Run:
    """State of one decomposition."""

    master: Master
    truth: Truth
    options: BendersOptions
    highs: Options
    adjust: Callable[[Floats], Floats]
    on_progress: Callable[[Progress], None]
    bound: float = float("-inf")
    relaxed: _Point = field(default_factory=_Point)
    whole: _Point = field(default_factory=_Point)
    last: Solution | None = None
    holding: bool = False
    iterations: int = 0
    began: float = field(default_factory=time.perf_counter)
    seconds: dict[str, float] = field(
        default_factory=lambda: {"master": 0.0, "operation": 0.0, "whole": 0.0}
    )

    def left_s(self) -> float:
        return max(0.0, self.options.time_limit_s - (time.perf_counter() - self.began))

    def best(self) -> _Point:
        return self.whole if self.master.base.is_mip else self.relaxed

    def is_done(self) -> bool:
        reached = relative_gap(self.best().objective, self.bound) <= self.options.gap
        return reached or self.left_s() <= 0

    def relaxed_phase(self) -> None:
        """Cut the relaxation until what it believes is nearly true."""
        goal = self.options.relaxed_gap if self.master.base.is_mip else self.options.gap

        def is_enough(found: Solution) -> bool:
            self.last = found
            self.bound = max(self.bound, found.objective)
            return relative_gap(self.relaxed.objective, self.bound) <= goal

        self._converge(self.relaxed, self.options.iterations, is_enough)

    def whole_phase(self, rounders: Sequence[Rounder]) -> None:
        """Let the rounders propose plans; teach the master what each really costs."""
        if self.last is None:
            return
        began = time.perf_counter()
        for rounder in rounders:
            program = self.master.program()
            for proposal in rounder(program, self.last, self.whole.x, self.left_s()):
                self.bound = max(self.bound, min(proposal.bound, self.whole.objective))
                self._repair(proposal.x)
                if self.is_done():
                    break
            if self.is_done():
                break
        self.seconds["whole"] += time.perf_counter() - began

    def outcome(self) -> Outcome:
        best = self.best()
        gap = relative_gap(best.objective, self.bound)
        limit = Status.TIME_LIMIT if self.left_s() <= 0 else Status.OTHER_LIMIT
        return Outcome(
            status=Status.OPTIMAL if gap <= self.options.gap else limit,
            x=best.x,
            objective=best.objective,
            bound=min(self.bound, best.objective),
            relaxed_objective=self.relaxed.objective,
            iterations=self.iterations,
            evaluations=self.truth.asked,
            cuts=self.master.cut_count,
            pool=dict(self.master.pool),
            seconds={**self.seconds, "total": time.perf_counter() - self.began},
        )

    def _converge(self, best: _Point, rounds: int, is_enough: Callable[[Solution], bool]) -> None:
        """Solve the master, ask what operation costs near there, teach it the cuts; repeat.

        Parameters
        ----------
        best
            The best point so far, to be improved.
        rounds
            At most so many.
        is_enough
            Whether to stop at this solution of the master.
        """
        step = self.options.step
        for _ in range(rounds):
            found = self._solve_with_pool()
            if found is None or is_enough(found):
                return
            centre = found.x if best.x is None else best.x
            self.iterations += 1
            self._ask(self.adjust(centre + step * (found.x - centre)), best)
            taught = self.master.separate(found.x, most=self.options.cuts_per_round) > 0
            self._report(best)
            if is_enough(found) or self.left_s() <= 0 or (step == 1.0 and not taught):
                return
            # Cuts that spare the master's point teach it nothing: ask right there next.
            step = self.options.step if taught else 1.0

    def _solve_with_pool(self) -> Solution | None:
        """Solve the master, adding cuts from the pool; None if it has no point or time ran out.

        Raises
        ------
        InfeasibleError, UnboundedError
            If the master itself has no optimum; a plan that is held may just be impossible.
        """
        began = time.perf_counter()
        found = self.master.solve(self.left_s())
        for _ in range(self.options.inner_rounds):
            if found.status is not Status.OPTIMAL:
                break
            added = self.master.separate(
                found.x,
                most=self.options.cuts_per_round,
                tolerance=self.options.pool_tolerance,
            )
            if not added:
                break
            found = self.master.solve(self.left_s())
        self.seconds["master"] += time.perf_counter() - began
        if found.status is Status.OPTIMAL:
            self.master.drop_slack(found, after=self.options.drop_after)
            return found
        if self.holding or found.status is Status.TIME_LIMIT:
            return None
        found.require_point()
        return None

    def _ask(self, x: Floats, best: _Point) -> bool:
        """Evaluate operation at a point, keep its cuts, and take it if it is the best so far."""
        began = time.perf_counter()
        uses, cuts = self.truth.evaluate(x)
        for cone, found in cuts.items():
            self.master.learn(cone, found)
        base = self.master.base
        plan, objective = complete(base, self.truth.subproblems, x, uses, self.highs)
        self.seconds["operation"] += time.perf_counter() - began
        return best.offer(plan, objective)

    def _repair(self, x: Floats) -> None:
        """Hold the whole numbers of a plan and let the rest adapt to its own cuts."""
        base = self.master.base
        columns = np.flatnonzero(base.integer).astype(np.int32)
        lower, upper = base.lower[columns], base.upper[columns]
        held = np.clip(np.round(x[columns]), lower, upper)
        plan = _Point()

        def is_enough(found: Solution) -> bool:
            # Beaten already, or as true as it needs to be.
            beaten = found.objective >= self.whole.objective
            return beaten or relative_gap(plan.objective, found.objective) <= self.options.gap / 4

        self.master.hold(columns, held, held)
        self.holding = True
        try:
            self._converge(plan, self.options.repairs, is_enough)
        finally:
            self.holding = False
            self.master.hold(columns, lower, upper)
        if plan.x is not None:
            self.whole.offer(plan.x, plan.objective)

    def _report(self, best: _Point) -> None:
        progress = Progress(
            seconds=time.perf_counter() - self.began,
            bound=self.bound,
            objective=best.objective,
            gap=relative_gap(best.objective, self.bound),
            nodes=0,
            iterations=self.iterations,
        )
        logger.info(
            "%s %d: %.1f s, bound %.8g, plan %.8g, gap %.4f, %d cuts, %d evaluations",
            "whole" if self.holding else "relaxed",
            self.iterations,
            progress.seconds,
            progress.bound,
            progress.objective,
            progress.gap,
            self.master.cut_count,
            self.truth.asked,
        )
        self.on_progress(progress)
