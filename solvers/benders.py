"""Decomposition: an investment master and the operation of many places, by cuts.

The master (`solvers.master`) knows of each operation only the cuts of its cone. In turn it is
solved, asked for a point, and taught what operation costs there (`solvers.truth`), until what it
believes and what is true agree. First without whole numbers, then with them: a dive through the
master's own relaxation, then whatever the rounders propose (`solvers.rounding`).

The bounds are honest. The lower one is the master's optimum: it has every constraint of the
investment and only valid cuts of operation. The upper one is the cost of a point whose operation
was evaluated and which satisfies every row of the master.
"""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

import numpy as np

from solvers.conflict import find_conflict
from solvers.cut import CutSet
from solvers.decomposition import BendersOptions, Known, Outcome, Round, Start
from solvers.dive import Group, dive
from solvers.errors import InfeasibleError, StoppedError
from solvers.loop import Loop, Point
from solvers.master import Master
from solvers.options import Options
from solvers.oracle import Oracle
from solvers.program import Floats, Ints, Program
from solvers.residual import worst_violation
from solvers.rounding import ByBranching, Proposal, Rounder
from solvers.solution import Solution, Status, relative_gap
from solvers.subproblem import Subproblem
from solvers.truth import TOLERANCE, Truth

__all__ = ["BendersOptions", "Known", "Outcome", "Round", "Start", "decompose"]

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
    start: Start | None = None,
    guess: Floats | None = None,
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
    start
        Where the relaxation of a similar problem ended; then ``written`` is not looked at.
    guess : (n,)
        Plan of a similar problem: its whole numbers are tried first, and the rest adapts.
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
    loop = Loop(
        Master(program, subproblems, pool or {}, highs),
        Truth(oracle, subproblems),
        options,
        highs or Options(),
        adjust or (lambda x: x),
        on_round or (lambda _: None),
    )
    inside = options.interior_rounds > 0
    if start is not None:
        # From there the simplex method takes a few pivots; inside, all would begin anew.
        inside &= not loop.master.begin(start)
    elif written is not None and len(written):
        loop.master.write(written)
    run = _Run(loop, inside, guess=guess)
    if incumbent is not None:
        run.recall(incumbent)
    near = Options(gap=options.gap / 2, threads=loop.highs.threads)
    for _ in range(options.rounds if program.is_mip else 1):
        run.relaxed_phase()
        if not program.is_mip or (run.is_done() and run.whole.x is not None):
            break
        run.whole_phase(groups, rounders or (ByBranching(near),))
        if run.is_done():
            break
    return run.outcome()


@dataclass(slots=True)
class _Run:
    """State of one decomposition."""

    loop: Loop
    inside: bool
    relaxed: Point = field(default_factory=Point)
    whole: Point = field(default_factory=Point)
    before: Point = field(default_factory=Point)
    last: Solution | None = None
    known: Known | None = None
    start: Start | None = None
    guess: Floats | None = None
    proposed: list[Floats] = field(default_factory=list)

    @property
    def base(self) -> Program:
        """The master without cuts."""
        return self.loop.master.base

    @property
    def options(self) -> BendersOptions:
        """What was asked of the decomposition."""
        return self.loop.options

    def best(self) -> Point:
        """Return the best plan; one from before stays if it is good enough."""
        if relative_gap(self.before.objective, self.loop.bound) <= self.options.gap:
            return self.before
        return self.whole if self.base.is_mip else self.relaxed

    def is_proven(self) -> bool:
        """Whether the best plan is good enough."""
        return relative_gap(self.best().objective, self.loop.bound) <= self.options.gap

    def is_done(self) -> bool:
        """Whether it is good enough, or time is up."""
        return self.is_proven() or time.perf_counter() >= self.loop.ends

    def has_answer(self) -> bool:
        """Whether there is a plan, and it is good enough or time is up."""
        return self.whole.x is not None and self.is_done()

    def recall(self, known: Known) -> None:
        """Start from a plan that is known, if it still is one at the cost it had."""
        base = self.base
        if known.x.size != base.cost.size or worst_violation(base, known.x) > TOLERANCE:
            return
        plan = Point()
        self.loop.ask(known.asked, plan)
        objective = base.objective(known.x)
        if plan.objective <= objective + TOLERANCE * abs(objective):
            self.known = known
            for best in (self.before, self.whole, self.relaxed):
                best.offer(known.x, known.asked, objective)

    def relaxed_phase(self) -> None:
        """Cut the relaxation until what it believes is nearly true."""
        is_mip = self.base.is_mip
        goal = self.options.relaxed_gap if is_mip else self.options.gap
        first = is_mip and self.whole.x is None
        share = self.options.relaxed_share if first else 1.0
        self.loop.deadline = self.loop.began + share * self.options.time_limit_s
        if self.loop.iterations == 0 and self.inside:
            self.loop.start_inside()

        def is_enough(found: Solution) -> bool:
            self.last = found
            self.loop.bound = max(self.loop.bound, found.objective)
            close = relative_gap(self.relaxed.objective, self.loop.bound) <= goal
            return close or self.is_proven()

        self.loop.converge(self.relaxed, self.options.iterations, is_enough, self.whole)
        self.start = self.loop.master.start()
        if self.last is None and self.whole.x is None:
            raise StoppedError(Status.TIME_LIMIT.value, time.perf_counter() - self.loop.began)

    def whole_phase(self, groups: Sequence[Group], rounders: Sequence[Rounder]) -> None:
        """Dive, let the rounders propose plans, and teach the master what each really costs."""
        assert self.last is not None
        began = time.perf_counter()
        before_s = self.loop.seconds["master"] + self.loop.seconds["operation"]
        ends = self.loop.ends
        self.loop.deadline = ends if self.whole.x is not None else max(ends, began + GRACE_S)
        nothing = self.whole.x is None
        if self.guess is not None and nothing:
            self._repair(self.guess)
        if groups and nothing and not self.has_answer():
            self._dive(groups, self.last)
        for rounder in rounders:
            if self.has_answer():
                break
            self._let_propose(rounder)
        within = sum(self.loop.seconds[phase] for phase in ("master", "operation")) - before_s
        self.loop.seconds["whole"] += time.perf_counter() - began - within

    def _let_propose(self, rounder: Rounder) -> None:
        """Let one rounder propose until it has nothing better, each time knowing more cuts."""
        assert self.last is not None
        for _ in range(self.options.proposals):
            before = self.whole.objective
            program = self.loop.master.program(self.last.x, *self.proposed)
            for proposal in self._proposals(rounder, program):
                self.loop.bound = max(self.loop.bound, min(proposal.bound, self.whole.objective))
                self.proposed.append(proposal.x)
                self._repair(proposal.x)
            gained = self.whole.objective < (1 - WORTH) * before
            if self.is_done() or not gained:
                return

    def _proposals(self, rounder: Rounder, program: Program) -> list[Proposal]:
        assert self.last is not None
        # Without a plan, half of the time is left for a dive.
        most_s = self.loop.left_s() * (0.5 if self.whole.x is None else 1.0)
        try:
            return list(rounder(program, self.last, self.whole.x, most_s))
        except InfeasibleError as error:
            raise InfeasibleError(error.rows or find_conflict(program)) from error

    def outcome(self) -> Outcome:
        best = self.best()
        gap = relative_gap(best.objective, self.loop.bound)
        late = time.perf_counter() >= self.loop.ends
        limit = Status.TIME_LIMIT if late else Status.OTHER_LIMIT
        rows = len(self.base.row_names)
        dual = None if self.last is None else self.last.row_dual
        if self.known is not None and best.x is self.known.x:
            dual = self.known.row_dual
        return Outcome(
            status=Status.OPTIMAL if gap <= self.options.gap else limit,
            x=best.x,
            asked=best.asked,
            objective=best.objective,
            bound=min(self.loop.bound, best.objective),
            row_dual=None if dual is None else dual[:rows],
            relaxed_objective=self.relaxed.objective,
            iterations=self.loop.iterations,
            evaluations=self.loop.truth.asked,
            cuts=self.loop.master.cut_count,
            written=self.loop.master.written,
            pool=dict(self.loop.master.pool),
            seconds={**self.loop.seconds, "total": time.perf_counter() - self.loop.began},
            start=self.start,
        )

    @contextmanager
    def _holding(self) -> Iterator[Ints]:
        """Give the whole columns, whose bounds may be changed until the end."""
        base = self.base
        columns = np.flatnonzero(base.integer).astype(np.int32)
        self.loop.holding = True
        try:
            yield columns
        finally:
            self.loop.holding = False
            self.loop.master.hold(columns, base.lower[columns], base.upper[columns])

    def _dive(self, groups: Sequence[Group], relaxed: Solution) -> None:
        """Round the master's relaxation group by group, with cuts as they are needed."""
        with self._holding():
            found = dive(_Warm(self.loop), self.base, relaxed, groups, self.loop.left_s())
        if found is not None:
            self._repair(found.x)

    def _repair(self, x: Floats) -> None:
        """Hold the whole numbers of a plan and let the rest adapt to its own cuts."""
        base, plan = self.base, Point()

        def is_enough(found: Solution) -> bool:
            # Beaten already, good enough, or as true as it needs to be.
            beaten = found.objective >= self.whole.objective
            proven = relative_gap(plan.objective, self.loop.bound) <= self.options.gap
            true = relative_gap(plan.objective, found.objective) <= self.options.gap / 4
            return beaten or proven or true

        with self._holding() as columns:
            held = np.clip(np.round(x[columns]), base.lower[columns], base.upper[columns])
            self.loop.master.hold(columns, held, held)
            self.loop.converge(plan, self.options.repairs, is_enough, self.whole)
        if plan.x is not None and plan.asked is not None:
            self.whole.offer(plan.x, plan.asked, plan.objective)


@dataclass(frozen=True, slots=True)
class _Warm:
    """The master as a dive sees it: cuts come and go by themselves."""

    loop: Loop

    def set_column_bounds(self, columns: Ints, lower: Floats, upper: Floats) -> None:
        self.loop.master.hold(columns, lower, upper)

    def solve(self, time_limit_s: float) -> Solution:
        self.loop.deadline = time.perf_counter() + time_limit_s
        return self.loop.solve_with_pool()
