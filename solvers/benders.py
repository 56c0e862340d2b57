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
from solvers.master import Master
from solvers.options import Options, Progress
from solvers.oracle import Oracle
from solvers.program import Floats, Program
from solvers.rounding import ByBranching, Rounder
from solvers.solution import Solution, Status, relative_gap
from solvers.subproblem import Subproblem
from solvers.truth import Truth, complete

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class BendersOptions:
    """How to decompose.

    Attributes
    ----------
    gap
        Stop when (best plan - lower bound) / best plan is at most this.
    relaxed_gap
        The same for the phase without whole numbers.
    time_limit_s
        Wall time for all of it [s].
    iterations
        Most rounds of the relaxed phase.
    inner_rounds
        How often cuts from the pool are added before operation is asked again.
    cuts_per_round
        Cuts added at once for each subproblem, worst first.
    pool_tolerance
        Relative violation of cuts from the pool that is passed over.
    step
        Where to ask, from the best point so far (0) to the master's (1); 1 is Kelley's method.
    drop_after
        Take out cuts that were slack for so many rounds.
    repairs
        How often a plan with whole numbers is re-solved with its own cuts.
    rounds
        Most rounds of relaxed phase and whole numbers.
    """

    gap: float = 5e-3
    relaxed_gap: float = 2e-3
    time_limit_s: float = float("inf")
    iterations: int = 100
    inner_rounds: int = 6
    cuts_per_round: int = 2
    pool_tolerance: float = 1e-3
    step: float = 0.5
    drop_after: int = 4
    repairs: int = 3
    rounds: int = 3


@dataclass(frozen=True, slots=True, eq=False)
class Outcome:
    """What came of it.

    Attributes
    ----------
    status
        OPTIMAL if the gap asked for was proven, TIME_LIMIT or OTHER_LIMIT if not.
    x : (n,) or None
        The best plan: a point of the master whose uses are true, whole where it has to be.
    objective
        Its cost; infinite without one.
    bound
        No plan costs less.
    relaxed_objective
        Cost of the best point without whole numbers.
    iterations
        Rounds of the relaxed phase.
    evaluations
        Operations evaluated.
    cuts
        Cuts that were rows at the end.
    pool
        All cuts known at the end, by cone, to be stored.
    seconds
        Wall time by phase: ``master``, ``operation``, ``whole``, ``total``.
    """

    status: Status
    x: Floats | None
    objective: float
    bound: float
    relaxed_objective: float
    iterations: int
    evaluations: int
    cuts: int
    pool: Mapping[str, CutSet]
    seconds: Mapping[str, float]

    @property
    def gap(self) -> float:
        """Relative distance between plan and bound."""
        return relative_gap(self.objective, self.bound)


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
        step = self.options.step
        for _ in range(self.options.iterations):
            found = self._solve_with_pool()
            if found is None:
                return
            self.bound = max(self.bound, found.objective)
            if self._relaxed_is_done():
                return
            centre = found.x if self.relaxed.x is None else self.relaxed.x
            self.iterations += 1
            self._ask(self.adjust(centre + step * (found.x - centre)), self.relaxed)
            taught = self.master.separate(found.x, most=self.options.cuts_per_round) > 0
            self._report("relaxed", self.relaxed)
            if self._relaxed_is_done() or (step == 1.0 and not taught):
                return
            # Cuts that spare the master's point teach it nothing: ask right there next.
            step = self.options.step if taught else 1.0

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
                self._report("whole", self.whole)
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

    def _relaxed_is_done(self) -> bool:
        goal = self.options.relaxed_gap if self.master.base.is_mip else self.options.gap
        return relative_gap(self.relaxed.objective, self.bound) <= goal or self.left_s() <= 0

    def _solve_with_pool(self) -> Solution | None:
        """Solve the master, adding cuts from the pool; None if time ran out."""
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
        if found.status is Status.OPTIMAL:
            self.last = found
            self.master.drop_slack(found, after=self.options.drop_after)
        self.seconds["master"] += time.perf_counter() - began
        if found.status is Status.OPTIMAL:
            return found
        if found.status is Status.TIME_LIMIT:
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
        self.master.hold(columns, held, held)
        try:
            for _ in range(self.options.repairs):
                found = self.master.solve(self.left_s())
                if found.status is not Status.OPTIMAL:
                    return
                self._ask(self.adjust(found.x), self.whole)
                if not self.master.separate(found.x) or self.is_done():
                    return
        finally:
            self.master.hold(columns, lower, upper)

    def _report(self, phase: str, best: _Point) -> None:
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
            phase,
            self.iterations,
            progress.seconds,
            progress.bound,
            progress.objective,
            progress.gap,
            self.master.cut_count,
            self.truth.asked,
        )
        self.on_progress(progress)
