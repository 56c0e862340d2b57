"""The answer of a solver. Why it stopped and what you got are two things."""

from dataclasses import dataclass
from enum import Enum

import numpy as np

from solvers.errors import InfeasibleError, ModelError, StoppedError, UnboundedError
from solvers.program import Floats, Program


class Status(Enum):
    """Why the solver stopped."""

    OPTIMAL = "optimal"
    """Proven optimal; for a MIP, to the gap asked for."""
    TIME_LIMIT = "time limit"
    OTHER_LIMIT = "other limit"
    """A limit on iterations, nodes, solutions, memory or the objective."""
    INTERRUPTED = "interrupted"
    INFEASIBLE = "infeasible"
    UNBOUNDED = "unbounded"
    FAILED = "failed"
    """A numerical failure; there may still be a point."""


@dataclass(frozen=True, slots=True, eq=False)
class Solution:
    """What the solver found.

    Attributes
    ----------
    status
        Why it stopped.
    has_point
        Whether ``x`` satisfies the Program within the solver's tolerances.
    objective
        Cost of ``x`` with the offset; infinite without a point.
    bound
        No point costs less. The objective for an LP solved to optimality, minus infinity for an
        LP stopped early, infinite if infeasible.
    x : (n,)
        The point; zeros without one.
    row_dual : (m,) or None
        Change of the objective per unit by which the row's bounds rise: not negative at a lower
        bound, not positive at an upper one. Only for an LP solved to optimality.
    reduced_cost : (n,) or None
        The same for the bounds of the columns: cost - row_dual·A.
    seconds
        Wall time of the solve.
    nodes
        Branch-and-bound nodes; 0 for an LP.
    iterations
        Iterations of the LP method, or of all LPs of the branch and bound.
    """

    status: Status
    has_point: bool
    objective: float
    bound: float
    x: Floats
    row_dual: Floats | None = None
    reduced_cost: Floats | None = None
    seconds: float = 0.0
    nodes: int = 0
    iterations: int = 0

    @property
    def gap(self) -> float:
        r"""(objective - bound) / \|objective\|, not negative; infinite without both."""
        return relative_gap(self.objective, self.bound)

    def require_point(self) -> "Solution":
        """Return this solution if it has a point.

        Raises
        ------
        InfeasibleError, UnboundedError, StoppedError
            By what kept the solver from finding one.
        """
        if self.has_point:
            return self
        if self.status is Status.INFEASIBLE:
            raise InfeasibleError
        if self.status is Status.UNBOUNDED:
            raise UnboundedError
        raise StoppedError(self.status.value, self.seconds)


def relative_gap(objective: float, bound: float) -> float:
    r"""Return (objective - bound) / \|objective\|: 0 where they meet, infinite without both.

    >>> relative_gap(100.0, 99.0), relative_gap(0.0, 0.0)
    (0.01, 0.0)
    """
    if not (np.isfinite(objective) and np.isfinite(bound)):
        return float("inf")
    difference = max(0.0, objective - bound)
    return difference / abs(objective) if objective else (float("inf") if difference else 0.0)


def load(program: Program, solution: Solution) -> None:
    """Set the values of the Pyomo variables behind the columns; whole columns are rounded.

    Variables that are not in the Program (see `compile_model`) keep their values.

    Raises
    ------
    InfeasibleError, UnboundedError, StoppedError
        If the solution has no point.
    ModelError
        If the Program was not compiled from Pyomo, or is not the one that was solved.
    """
    x = solution.require_point().x
    if x.size != len(program.columns):
        msg = f"the solution has {x.size} columns, the program {len(program.columns)}"
        raise ModelError(msg)
    values = np.where(program.integer, np.round(x), x).tolist()
    for column, value in zip(program.columns, values, strict=True):
        if isinstance(column, str):
            msg = f"{column}: a name only, not a Pyomo variable; nothing to load into"
            raise ModelError(msg)
        column.set_value(value, skip_validation=True)
