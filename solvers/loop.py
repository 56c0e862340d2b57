"""The round of a decomposition: solve the master, ask what operation costs, learn the cuts."""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from solvers.conflict import find_conflict
from solvers.decomposition import BendersOptions, Round
from solvers.errors import InfeasibleError
from solvers.master import Master
from solvers.options import Options
from solvers.program import Floats
from solvers.solution import Solution, Status, relative_gap
from solvers.truth import Truth, complete

logger = logging.getLogger(__name__)

FEW = 0.03
"""Cuts per subproblem that are violated at an interior point of a master that knows enough."""

HARMLESS = (Status.OPTIMAL, Status.TIME_LIMIT)
"""How a master may end without anything being wrong."""

LONGER = 1.4
"""By how much the next step is longer after one that improved the best point."""


@dataclass(slots=True)
class Point:
    """The best point of its kind so far.

    Attributes
    ----------
    x : (n,) or None
        A point of the master whose uses are true.
    asked : (n,) or None
        Where operation was evaluated for it.
    objective
        Its cost; infinite without one.
    """

    x: Floats | None = None
    asked: Floats | None = None
    objective: float = float("inf")

    def offer(self, x: Floats, asked: Floats, objective: float) -> bool:
        """Take a point if it costs less, and say so."""
        if objective < self.objective:
            self.x, self.asked, self.objective = x, asked, objective
            return True
        return False


@dataclass(slots=True)
class Loop:
    """A master that is taught; state of one decomposition.

    Attributes
    ----------
    master, truth
        What is believed, and whom to ask.
    options, highs, adjust, on_round
        As in `solvers.benders.decompose`.
    bound
        No plan costs less.
    holding
        Whether whole numbers are held: then the master's optimum bounds only plans with these.
    iterations
        Rounds so far.
    began, deadline
        On the clock of `time.perf_counter` [s].
    seconds
        Wall time by phase [s].
    """

    master: Master
    truth: Truth
    options: BendersOptions
    highs: Options
    adjust: Callable[[Floats], Floats]
    on_round: Callable[[Round], None]
    bound: float = float("-inf")
    holding: bool = False
    iterations: int = 0
    began: float = field(default_factory=time.perf_counter)
    deadline: float = float("inf")
    seconds: dict[str, float] = field(
        default_factory=lambda: {"master": 0.0, "operation": 0.0, "whole": 0.0}
    )
    reported: dict[str, float] = field(default_factory=dict)

    @property
    def ends(self) -> float:
        """When the time limit is over, on the same clock [s]."""
        return self.began + self.options.time_limit_s

    def left_s(self) -> float:
        """Return the time until the deadline of the phase [s]."""
        return max(0.0, self.deadline - time.perf_counter())

    def start_inside(self) -> None:
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

    def converge(
        self, best: Point, rounds: int, is_enough: Callable[[Solution], bool], plan: Point
    ) -> None:
        """Solve the master, ask what operation costs near there, teach it the cuts; repeat.

        Parameters
        ----------
        best
            The best point so far, to be improved.
        rounds
            At most so many.
        is_enough
            Whether to stop at this solution of the master.
        plan
            The best plan, to be reported if it is better.
        """
        step = self.options.step
        for _ in range(rounds):
            found = self.solve_with_pool()
            if found.status is not Status.OPTIMAL or is_enough(found):
                return
            centre = found.x if best.x is None else best.x
            self.iterations += 1
            better = self.ask(self.adjust(centre + step * (found.x - centre)), best)
            taught = self.master.separate(found.x, most=self.options.cuts_per_round) > 0
            self.report(min(best.objective, plan.objective) if self.holding else best.objective)
            if is_enough(found) or self.left_s() <= 0 or (step == 1.0 and not taught):
                return
            # Cuts that spare the master's point teach it nothing: ask right there next. Where the
            # way to it only improved, the next may be longer.
            step = min(1.0, LONGER * step) if better else self.options.step
            step = step if taught else 1.0

    def solve_with_pool(self) -> Solution:
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

    def ask(self, x: Floats, best: Point) -> bool:
        """Evaluate operation at a point, keep its cuts, and take it if it is the best so far."""
        began = time.perf_counter()
        uses, cuts = self.truth.evaluate(x)
        for cone, found in cuts.items():
            self.master.learn(cone, found)
        base = self.master.base
        plan, objective = complete(base, self.truth.subproblems, x, uses, self.highs)
        self.seconds["operation"] += time.perf_counter() - began
        return best.offer(plan, x, objective)

    def report(self, objective: float) -> None:
        """Tell how a round ended."""
        now = Round(
            phase="whole numbers" if self.holding else "relaxation",
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
