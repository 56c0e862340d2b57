"""Decomposition: an investment master and the operation of many places, by cuts.

The master (`solvers.master`) knows of each operation only the cuts of its cone. In turn it is
solved, asked for a point, and taught what operation costs there (`solvers.truth`), until what it
believes and what is true agree. First without whole numbers, then with them: a dive through the
master's own relaxation, then whatever the rounders propose (`solvers.rounding`).

The bounds are honest. The lower one is the master's optimum: it has every constraint of the
investment and only valid cuts of operation. The upper one is the cost of a point whose operation
was evaluated and which satisfies every row of the master.
"""

import logging
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from solvers.conflict import find_conflict
from solvers.cut import CutSet
from solvers.decomposition import BendersOptions, Known, Outcome, Round
from solvers.dive import Group, dive
from solvers.errors import InfeasibleError, StoppedError
from solvers.master import Master
from solvers.options import Options
from solvers.oracle import Oracle
from solvers.program import Floats, Ints, Program
from solvers.residual import worst_violation
from solvers.rounding import ByBranching, Proposal, Rounder
from solvers.solution import Solution, Status, relative_gap
from solvers.subproblem import Subproblem
from solvers.truth import TOLERANCE, Truth, complete

__all__ = ["BendersOptions", "Known", "Outcome", "Round", "decompose"]

logger = logging.getLogger(__name__)

FEW = 0.03
"""Cuts per subproblem that are violated at an interior point of a master that knows enough."""

HARMLESS = (Status.OPTIMAL, Status.TIME_LIMIT)
"""How a master may end without anything being wrong."""

WORTH = 1e-4
"""Relative gain of a plan that makes another proposal worth while."""

GRACE_S = 60.0
"""Where a time limit comes before any plan, the first dive may still take so long [s]."""


def decompose(
    program: Program,
    subproblems: Sequence[Subproblem],
    oracle: Oracle,
    *,
    pool: Mapping[str, CutSet] | None = None,
    options: BendersOptions | None = None,
    highs: Options | None = None,
    incumbent: Known | None = None,
    written: Ints | None = None,
    groups: Sequence[Group] = (),
    rounders: Sequence[Rounder] = (),
    adjust: Callable[[Floats], Floats] | None = None,
    on_round: Callable[[Round], None] | None = None,
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
    incumbent
        A plan from before. It is evaluated first, and is the answer if its gap is small enough.
    written : (N, 2)
        Cuts of the pool to begin with as rows, as an `Outcome` of a similar problem has them:
        they stand in for the search for cuts at interior points.
    groups
        The order in which whole columns are rounded in a dive; without it there is none.
    rounders
        Further ways to whole numbers, in the order in which to try them; by default branching.
    adjust
        Moves a point before operation is evaluated there, for instance to hand out the slack of
        a cap as further budget. It must return a point that satisfies the master's rows, apart
        from uses.
    on_round
        Called after each round.

    Raises
    ------
    InfeasibleError, UnboundedError
        If the investment has no plan, or its cost no lower bound without cuts.
    StoppedError
        If the time limit came before the first relaxation was solved.
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
        on_round or (lambda _: None),
    )
    if written is not None and len(written):
        run.master.write(written)
    if incumbent is not None:
        run.recall(incumbent)
    near = Options(gap=options.gap / 2, threads=run.highs.threads)
    for _ in range(options.rounds if program.is_mip else 1):
        run.relaxed_phase()
        if not program.is_mip or (run.is_done() and run.whole.x is not None):
            break
        run.whole_phase(groups, rounders or (ByBranching(near),))
        if run.is_done():
            break
    return run.outcome()


@dataclass(slots=True)
class _Point:
    x: Floats | None = None
    asked: Floats | None = None
    objective: float = float("inf")

    def offer(self, x: Floats, asked: Floats, objective: float) -> bool:
        if objective < self.objective:
            self.x, self.asked, self.objective = x, asked, objective
            return True
        return False

    def offer_all_of(self, other: "_Point") -> None:
        if other.objective < self.objective:
            self.x, self.asked, self.objective = other.x, other.asked, other.objective


@dataclass(slots=True)
class _Run:
    """State of one decomposition."""

    master: Master
    truth: Truth
    options: BendersOptions
    highs: Options
    adjust: Callable[[Floats], Floats]
    on_round: Callable[[Round], None]
    bound: float = float("-inf")
    relaxed: _Point = field(default_factory=_Point)
    whole: _Point = field(default_factory=_Point)
    before: _Point = field(default_factory=_Point)
    last: Solution | None = None
    known: Known | None = None
    proposed: list[Floats] = field(default_factory=list)
    holding: bool = False
    iterations: int = 0
    began: float = field(default_factory=time.perf_counter)
    deadline: float = float("inf")
    seconds: dict[str, float] = field(
        default_factory=lambda: {"master": 0.0, "operation": 0.0, "whole": 0.0}
    )
    reported: dict[str, float] = field(default_factory=dict)

    def left_s(self) -> float:
        return max(0.0, self.deadline - time.perf_counter())

    def best(self) -> _Point:
        """Return the best plan; one from before stays if it is good enough."""
        if relative_gap(self.before.objective, self.bound) <= self.options.gap:
            return self.before
        return self.whole if self.master.base.is_mip else self.relaxed

    def is_done(self) -> bool:
        reached = relative_gap(self.best().objective, self.bound) <= self.options.gap
        return reached or time.perf_counter() >= self.began + self.options.time_limit_s

    def recall(self, known: Known) -> None:
        """Start from a plan that is known, if it still is one at the cost it had."""
        base = self.master.base
        if known.x.size != base.cost.size or worst_violation(base, known.x) > TOLERANCE:
            return
        plan = _Point()
        self._ask(known.asked, plan)
        objective = base.objective(known.x)
        if plan.objective <= objective + TOLERANCE * abs(objective):
            self.known = known
            for best in (self.before, self.whole, self.relaxed):
                best.offer(known.x, known.asked, objective)

    def relaxed_phase(self) -> None:
        """Cut the relaxation until what it believes is nearly true."""
        is_mip = self.master.base.is_mip
        goal = self.options.relaxed_gap if is_mip else self.options.gap
        first = is_mip and self.whole.x is None
        share = self.options.relaxed_share if first else 1.0
        self.deadline = self.began + share * self.options.time_limit_s
        if self.iterations == 0 and self.options.interior_rounds:
            self._start_inside()

        def is_enough(found: Solution) -> bool:
            self.last = found
            self.bound = max(self.bound, found.objective)
            close = relative_gap(self.relaxed.objective, self.bound) <= goal
            return close or self._is_proven()

        self._converge(self.relaxed, self.options.iterations, is_enough)
        if self.last is None and self.whole.x is None:
            raise StoppedError(Status.TIME_LIMIT.value, time.perf_counter() - self.began)

    def whole_phase(self, groups: Sequence[Group], rounders: Sequence[Rounder]) -> None:
        """Dive, let the rounders propose plans, and teach the master what each really costs."""
        assert self.last is not None
        began = time.perf_counter()
        before_s = self.seconds["master"] + self.seconds["operation"]
        ends = self.began + self.options.time_limit_s
        self.deadline = ends if self.whole.x is not None else max(ends, began + GRACE_S)
        for rounder in rounders:
            self._let_propose(rounder)
            if self.is_done():
                break
        if groups and self.whole.x is None:
            self._dive(groups, self.last)
        within = sum(self.seconds[phase] for phase in ("master", "operation")) - before_s
        self.seconds["whole"] += time.perf_counter() - began - within

    def _let_propose(self, rounder: Rounder) -> None:
        """Let one rounder propose until it has nothing better, each time knowing more cuts."""
        assert self.last is not None
        for _ in range(self.options.proposals):
            before = self.whole.objective
            program = self.master.program(self.last.x, *self.proposed)
            for proposal in self._proposals(rounder, program):
                self.bound = max(self.bound, min(proposal.bound, self.whole.objective))
                self.proposed.append(proposal.x)
                self._repair(proposal.x)
            gained = self.whole.objective < (1 - WORTH) * before
            if self.is_done() or not gained:
                return

    def _proposals(self, rounder: Rounder, program: Program) -> list[Proposal]:
        assert self.last is not None
        try:
            return list(rounder(program, self.last, self.whole.x, self.left_s()))
        except InfeasibleError as error:
            raise InfeasibleError(error.rows or find_conflict(program)) from error

    def outcome(self) -> Outcome:
        best = self.best()
        gap = relative_gap(best.objective, self.bound)
        late = time.perf_counter() >= self.began + self.options.time_limit_s
        limit = Status.TIME_LIMIT if late else Status.OTHER_LIMIT
        rows = len(self.master.base.row_names)
        dual = None if self.last is None else self.last.row_dual
        if self.known is not None and best.x is self.known.x:
            dual = self.known.row_dual
        return Outcome(
            status=Status.OPTIMAL if gap <= self.options.gap else limit,
            x=best.x,
            asked=best.asked,
            objective=best.objective,
            bound=min(self.bound, best.objective),
            row_dual=None if dual is None else dual[:rows],
            relaxed_objective=self.relaxed.objective,
            iterations=self.iterations,
            evaluations=self.truth.asked,
            cuts=self.master.cut_count,
            written=self.master.written,
            pool=dict(self.master.pool),
            seconds={**self.seconds, "total": time.perf_counter() - self.began},
        )

    def _is_proven(self) -> bool:
        """Whether a plan from before is good enough already."""
        return relative_gap(self.best().objective, self.bound) <= self.options.gap

    def _start_inside(self) -> None:
        """Add cuts at interior points of the master until few are violated."""
        began = time.perf_counter()
        few = FEW * len(self.master.subproblems)
        rounds = 0 if self.master.cut_count else self.options.interior_rounds
        for _ in range(rounds):
            inside = self.master.interior(self.left_s())
            if inside is None or self.left_s() <= 0:
                break
            tolerance = self.options.interior_tolerance
            if self.master.separate(inside, most=2, tolerance=tolerance) <= few:
                break
        self.master.solve_afresh(self.left_s())
        self.seconds["master"] += time.perf_counter() - began

    def _dive(self, groups: Sequence[Group], relaxed: Solution) -> None:
        """Round the master's relaxation group by group, with cuts as they are needed."""
        base = self.master.base
        whole = np.flatnonzero(base.integer).astype(np.int32)
        self.holding = True
        try:
            found = dive(_Warm(self), base, relaxed, groups, self.left_s())
        finally:
            self.holding = False
            self.master.hold(whole, base.lower[whole], base.upper[whole])
        if found is not None:
            self._repair(found.x)

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
            if found.status is not Status.OPTIMAL or is_enough(found):
                return
            centre = found.x if best.x is None else best.x
            self.iterations += 1
            better = self._ask(self.adjust(centre + step * (found.x - centre)), best)
            taught = self.master.separate(found.x, most=self.options.cuts_per_round) > 0
            self._report("whole numbers" if self.holding else "relaxation", best)
            if is_enough(found) or self.left_s() <= 0 or (step == 1.0 and not taught):
                return
            # Cuts that spare the master's point teach it nothing: ask right there next. Where the
            # way to it only improved, the next may be longer.
            step = min(1.0, 1.4 * step) if better else self.options.step
            step = step if taught else 1.0

    def _solve_with_pool(self) -> Solution:
        """Solve the master, adding cuts from the pool.

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
            again = self.master.solve(self.left_s())
            if again.status is Status.TIME_LIMIT:
                # What was solved before is a bound still; its duals do not know the new rows.
                self.seconds["master"] += time.perf_counter() - began
                return found
            found = again
        self.seconds["master"] += time.perf_counter() - began
        if found.status is Status.OPTIMAL and not self.holding:
            # With whole numbers held, cuts are slack that will be needed without.
            self.master.drop_slack(found, after=self.options.drop_after)
        elif found.status is Status.INFEASIBLE and not self.holding:
            raise InfeasibleError(find_conflict(self.master.everything()))
        elif found.status not in HARMLESS and not self.holding:
            found.require_point()
        return found

    def _ask(self, x: Floats, best: _Point) -> bool:
        """Evaluate operation at a point, keep its cuts, and take it if it is the best so far."""
        began = time.perf_counter()
        uses, cuts = self.truth.evaluate(x)
        for cone, found in cuts.items():
            self.master.learn(cone, found)
        base = self.master.base
        plan, objective = complete(base, self.truth.subproblems, x, uses, self.highs)
        self.seconds["operation"] += time.perf_counter() - began
        return best.offer(plan, x, objective)

    def _repair(self, x: Floats) -> None:
        """Hold the whole numbers of a plan and let the rest adapt to its own cuts."""
        base = self.master.base
        columns = np.flatnonzero(base.integer).astype(np.int32)
        lower, upper = base.lower[columns], base.upper[columns]
        held = np.clip(np.round(x[columns]), lower, upper)
        plan = _Point()

        def is_enough(found: Solution) -> bool:
            # Beaten already, good enough, or as true as it needs to be.
            beaten = found.objective >= self.whole.objective
            proven = relative_gap(plan.objective, self.bound) <= self.options.gap
            true = relative_gap(plan.objective, found.objective) <= self.options.gap / 4
            return beaten or proven or true

        self.master.hold(columns, held, held)
        self.holding = True
        try:
            self._converge(plan, self.options.repairs, is_enough)
        finally:
            self.holding = False
            self.master.hold(columns, lower, upper)
        self.whole.offer_all_of(plan)

    def _report(self, phase: str, best: _Point | None = None) -> None:
        best = best or self.relaxed
        objective = min(best.objective, self.whole.objective) if self.holding else best.objective
        now = Round(
            phase=phase,
            iteration=self.iterations,
            seconds=time.perf_counter() - self.began,
            bound=self.bound,
            objective=objective,
            gap=relative_gap(objective, self.bound),
            cuts=self.master.cut_count,
            evaluations=self.truth.asked,
            master_s=self.seconds["master"] - self.reported.get("master", 0.0),
            operation_s=self.seconds["operation"] - self.reported.get("operation", 0.0),
        )
        self.reported = dict(self.seconds)
        logger.info("%s", now)
        self.on_round(now)


@dataclass(frozen=True, slots=True)
class _Warm:
    """The master as a dive sees it: cuts come and go by themselves."""

    run: _Run

    def set_column_bounds(self, columns: Ints, lower: Floats, upper: Floats) -> None:
        self.run.master.hold(columns, lower, upper)

    def solve(self, time_limit_s: float) -> Solution:
        self.run.deadline = time.perf_counter() + time_limit_s
        return self.run._solve_with_pool()
