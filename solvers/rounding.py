"""From a relaxed master to whole numbers: ways to propose a plan.

What they propose is not trusted: `solvers.benders` asks what operation really costs there.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Protocol

import numpy as np

from solvers.highs import solve
from solvers.options import Options
from solvers.program import Floats, Ints, Program
from solvers.solution import Solution, Status

OFF = 1e-6
"""A switch below this is off in the relaxation."""


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
        """Propose the best plan found within the limits.

        Raises
        ------
        InfeasibleError
            If no plan in whole numbers satisfies even what is known of operation.
        """
        limited = replace(self.options, time_limit_s=min(time_limit_s, self.options.time_limit_s))
        found = solve(program, limited, start=incumbent)
        if found.status is Status.INFEASIBLE and incumbent is None:
            found.require_point()
        if found.has_point:
            yield Proposal(found.x, found.bound)


@dataclass(frozen=True, slots=True, eq=False)
class BySupport:
    """Branch with the switches off that the relaxation leaves off.

    A switch costs little in a relaxation, so what it leaves off even there is seldom wanted in
    whole numbers. The rest is a much smaller problem; its bound says nothing of the whole.

    Attributes
    ----------
    switches : (k,)
        Whole columns that go with much else: a site, a pipeline.
    options
        Of the branching.
    """

    switches: Ints
    options: Options = field(default_factory=Options)

    def __call__(
        self, program: Program, relaxed: Solution, incumbent: Floats | None, time_limit_s: float
    ) -> Iterator[Proposal]:
        """Propose the best plan found within the limits."""
        used = relaxed.x > OFF
        if incumbent is not None:
            used |= incumbent > OFF
        off = np.zeros(program.cost.size, dtype=bool)
        off[self.switches] = ~used[self.switches]
        smaller = replace(program, upper=np.where(off, program.lower, program.upper))
        limited = replace(self.options, time_limit_s=min(time_limit_s, self.options.time_limit_s))
        found = solve(smaller, limited, start=incumbent)
        if found.has_point:
            yield Proposal(found.x)
