"""From a relaxed master to whole numbers: ways to propose a plan.

What they propose is not trusted: `solvers.benders` asks what operation really costs there.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Protocol

import numpy as np

from solvers.highs import solve
from solvers.options import Options
from solvers.program import Floats, Ints, Mask, Program, relax
from solvers.session import Session
from solvers.solution import Solution, Status


@dataclass(frozen=True, slots=True, eq=False)
class Proposal:
    """A plan with whole numbers.

    Attributes
    ----------
    x : (n,)
        Its whole columns are whole.
    bound
        No plan costs less, if the proposer can say; else minus infinity.
    """

    x: Floats
    bound: float = float("-inf")


class Rounder(Protocol):
    """Proposes plans, best guess first."""

    def __call__(
        self, program: Program, relaxed: Solution, incumbent: Floats | None, time_limit_s: float
    ) -> Iterator[Proposal]:
        """Propose plans for a master.

        Parameters
        ----------
        program
            The master with its cuts and whole numbers.
        relaxed
            Solution of its relaxation.
        incumbent
            The best plan so far.
        time_limit_s
            For all of it [s].
        """
        ...


@dataclass(frozen=True, slots=True)
class ByBranching:
    """Solve the master as it is by branch and bound; gives a bound too."""

    options: Options = field(default_factory=Options)

    def __call__(
        self, program: Program, relaxed: Solution, incumbent: Floats | None, time_limit_s: float
    ) -> Iterator[Proposal]:
        """Propose the best plan found within the limits."""
        limited = replace(self.options, time_limit_s=min(time_limit_s, self.options.time_limit_s))
        found = solve(program, limited, start=incumbent)
        if found.has_point:
            yield Proposal(found.x, found.bound)


@dataclass(frozen=True, slots=True, eq=False)
class ByDiving:
    """Round the weightiest columns first, re-solving in between; branch on what is left.

    Attributes
    ----------
    weight : (n,)
        How much a unit of each whole column matters; those of weight 0 are left to branching.
    passes
        How often to re-solve.
    reach
        How far from its relaxed value branching may move a column, beyond rounding.
    options
        Of the branching at the end.
    """

    weight: Floats
    passes: int = 4
    reach: int = 1
    options: Options = field(default_factory=lambda: Options(gap=1e-3))

    def __call__(
        self, program: Program, relaxed: Solution, incumbent: Floats | None, time_limit_s: float
    ) -> Iterator[Proposal]:
        """Propose one plan, or none if rounding ran into a wall."""
        session = Session(relax(program), self.options)
        x = relaxed.x
        for group in self._groups(program):
            held = np.clip(np.round(x[group]), program.lower[group], program.upper[group])
            session.set_column_bounds(group, held, held)
            found = session.solve(time_limit_s)
            if found.status is not Status.OPTIMAL:
                session.set_column_bounds(group, program.lower[group], program.upper[group])
                found = session.solve(time_limit_s)
            if not found.has_point:
                return
            x = found.x
        left = max(0.0, time_limit_s - relaxed.seconds)
        limited = replace(self.options, time_limit_s=min(left, self.options.time_limit_s))
        dived = replace(session.program(), integer=program.integer)
        for narrow in (_box(dived, x, self.reach), dived):
            found = solve(narrow, limited)
            if found.has_point:
                yield Proposal(found.x)
                return

    def _groups(self, program: Program) -> list[Ints]:
        heavy = np.flatnonzero(program.integer & (self.weight > 0))
        order = heavy[np.argsort(-self.weight[heavy], kind="stable")].astype(np.int32)
        return [group for group in np.array_split(order, self.passes) if group.size]


def _box(program: Program, x: Floats, reach: int) -> Program:
    whole: Mask = program.integer
    lower = np.maximum(program.lower, np.floor(x + 1e-6) - reach)
    upper = np.minimum(program.upper, np.ceil(x - 1e-6) + reach)
    return replace(
        program,
        lower=np.where(whole, lower, program.lower),
        upper=np.where(whole, upper, program.upper),
    )
