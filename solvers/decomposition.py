"""What may be asked of a decomposition, and what comes of it."""

from collections.abc import Mapping
from dataclasses import dataclass

from solvers.cut import CutSet
from solvers.program import Floats, Ints
from solvers.solution import Status, relative_gap


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
    interior_rounds
        How often cuts from the pool are added at an interior point of the master before its first
        vertex: worth it for a large pool and many subproblems.
    interior_tolerance
        Relative violation that is passed over meanwhile.
    repairs
        How often a plan with whole numbers is re-solved with its own cuts, at most.
    proposals
        How often a rounder is asked, at most, each time with the cuts learnt from its last plan.
    rounds
        Most rounds of relaxed phase and whole numbers.
    relaxed_share
        Most of the time limit that may pass before whole numbers are looked for [1].
    """

    gap: float = 5e-3
    relaxed_gap: float = 2e-3
    time_limit_s: float = float("inf")
    iterations: int = 100
    inner_rounds: int = 6
    interior_rounds: int = 0
    interior_tolerance: float = 5e-3
    cuts_per_round: int = 2
    pool_tolerance: float = 1e-3
    step: float = 0.5
    drop_after: int = 4
    repairs: int = 6
    proposals: int = 4
    rounds: int = 3
    relaxed_share: float = 0.6


@dataclass(frozen=True, slots=True, eq=False)
class Known:
    """A plan from before, as an `Outcome` holds it.

    Attributes
    ----------
    x, asked : (n,)
        The plan, and the point at which operation was evaluated for it.
    row_dual : (m,) or None
        Duals of the relaxation it was found from.
    """

    x: Floats
    asked: Floats
    row_dual: Floats | None


@dataclass(frozen=True, slots=True, eq=False)
class Start:
    """Where a relaxation ended, from which that of a similar Program begins.

    Attributes
    ----------
    written : (N, 2)
        Cuts that were rows, as in `Outcome`.
    columns, rows
        The basis: status of every column, and of every row with the cuts, as HiGHS numbers them.
    """

    written: Ints
    columns: Ints
    rows: Ints


@dataclass(frozen=True, slots=True, eq=False)
class Outcome:
    """What came of it.

    Attributes
    ----------
    status
        OPTIMAL if the gap asked for was proven, TIME_LIMIT or OTHER_LIMIT if not.
    x : (n,) or None
        The best plan: a point of the master whose uses are true, whole where it has to be.
    asked : (n,) or None
        The point at which operation was evaluated for it: the plan, with budgets not used up.
    objective
        Its cost; infinite without one.
    bound
        No plan costs less.
    row_dual : (m,) or None
        Duals of the Program's rows at the last relaxation.
    relaxed_objective
        Cost of the best point without whole numbers.
    iterations
        Rounds, with and without whole numbers.
    evaluations
        Operations evaluated.
    cuts
        Cuts that were rows at the end.
    written
        (N, 2) Subproblem of each of them, and its place in the pool of the cone.
    pool
        All cuts known at the end, by cone, to be stored.
    seconds
        Wall time by phase: ``master``, ``operation``, ``whole``, ``total``.
    start
        Where the last relaxation ended; None without a basis.
    """

    status: Status
    x: Floats | None
    asked: Floats | None
    objective: float
    bound: float
    row_dual: Floats | None
    relaxed_objective: float
    iterations: int
    evaluations: int
    cuts: int
    written: Ints
    pool: Mapping[str, CutSet]
    seconds: Mapping[str, float]
    start: Start | None = None

    @property
    def gap(self) -> float:
        """Relative distance between plan and bound."""
        return relative_gap(self.objective, self.bound)


@dataclass(frozen=True, slots=True)
class Round:
    """Where a running decomposition stands after a round; money is the master's.

    Attributes
    ----------
    phase
        What the round was part of, such as ``relaxation`` or ``whole numbers``.
    iteration
        Rounds so far.
    seconds
        Wall time since it began.
    bound
        No plan costs less; minus infinity before the first.
    objective
        Cost of the best plan; infinite without one.
    gap
        Relative distance between the two.
    cuts
        Cuts that are rows of the master.
    evaluations
        Operations evaluated so far.
    master_s, operation_s
        Wall time of this round in the master and in the operations.
    """

    phase: str
    iteration: int
    seconds: float
    bound: float
    objective: float
    gap: float
    cuts: int
    evaluations: int
    master_s: float
    operation_s: float

    def __str__(self) -> str:
        """Say it in a line of a log."""
        return (
            f"{self.phase} {self.iteration}: bound {self.bound:.8g}, plan {self.objective:.8g}, "
            f"gap {self.gap:.4%}, {self.cuts} cuts, {self.evaluations} evaluations, "
            f"{self.master_s:.2f} s in the master and {self.operation_s:.2f} s in operation, "
            f"{self.seconds:.1f} s since the start"
        )
