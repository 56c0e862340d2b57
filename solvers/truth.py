"""What a plan of the master really costs: its operation, evaluated."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from solvers.cone import Evaluation
from solvers.cut import CutSet
from solvers.highs import solve
from solvers.options import Options
from solvers.oracle import Ask, Oracle
from solvers.program import Floats, Program, relax
from solvers.residual import worst_violation
from solvers.subproblem import Subproblem

TOLERANCE = 1e-6
"""Largest relative violation of the master's rows by a plan that counts as one."""

NOTHING = 1e-7
"""Linking quantities that are all below this, in the operation's units, are a solver's noise."""

SOME = 1e-6
"""A use that is priced on its own counts as used from this on, in the operation's units."""


@dataclass(slots=True)
class Truth:
    """Evaluates all subproblems at a point, and asks no question twice.

    Attributes
    ----------
    oracle
        Whom to ask.
    subproblems
        Of the master.
    asked
        Questions put so far.
    """

    oracle: Oracle
    subproblems: Sequence[Subproblem]
    asked: int = 0
    _last: dict[int, tuple[Floats, Evaluation]] = field(default_factory=dict)

    def evaluate(self, x: Floats) -> tuple[list[Floats], dict[str, CutSet]]:
        """Return the uses of each subproblem at a point of the master, and the new cuts by cone.

        A subproblem whose linking quantities are all zero uses nothing; one where they are a
        multiple of the last time's uses the same multiple. Both are exact, as cost is
        homogeneous.
        """
        uses: dict[int, Floats] = {}
        asks: dict[int, Ask] = {}
        for i, subproblem in enumerate(self.subproblems):
            ask = subproblem.ask(x)
            known = self._known(i, ask)
            if known is None:
                asks[i] = ask
            else:
                uses[i] = known
        answers = self.oracle.evaluate(list(asks.values()))
        self.asked += len(asks)
        found: dict[str, list[CutSet]] = {}
        further: list[Ask] = []
        for (i, ask), answer in zip(asks.items(), answers, strict=True):
            self._last[i] = (ask.links, answer)
            uses[i] = answer.uses
            found.setdefault(ask.cone, []).append(answer.cut)
            further += _further(self.subproblems[i], ask, answer)
        self.asked += len(further)
        for ask, answer in zip(further, self.oracle.evaluate(further), strict=True):
            found[ask.cone].append(answer.cut)
        cuts = {cone: _stack(parts) for cone, parts in found.items()}
        return [uses[i] for i in range(len(self.subproblems))], cuts

    def hours(self, x: Floats) -> list[Evaluation | None]:
        """Return the operation itself of each subproblem; None where nothing is there."""
        asks = {i: s.ask(x, with_x=True) for i, s in enumerate(self.subproblems)}
        there = {i: ask for i, ask in asks.items() if ask.links.max(initial=0.0) > NOTHING}
        answers = self.oracle.evaluate(list(there.values()))
        found = dict(zip(there, answers, strict=True))
        return [found.get(i) for i in range(len(self.subproblems))]

    def _known(self, i: int, ask: Ask) -> Floats | None:
        size = float(ask.links.max(initial=0.0))
        if size <= NOTHING:
            return np.zeros(ask.prices.size)
        if i not in self._last:
            return None
        links, answer = self._last[i]
        factor = size / float(links.max(initial=0.0))
        same = np.allclose(links * factor, ask.links, rtol=1e-12, atol=1e-12 * size)
        return answer.uses * factor if same else None


def _further(subproblem: Subproblem, ask: Ask, answer: Evaluation) -> list[Ask]:
    used = subproblem.further @ answer.uses if len(subproblem.further) else np.zeros(0)
    return [replace(ask, prices=subproblem.further[f]) for f in np.flatnonzero(used > SOME)]


def complete(
    program: Program,
    subproblems: Sequence[Subproblem],
    x: Floats,
    uses: Sequence[Floats],
    options: Options,
) -> tuple[Floats, float]:
    """Make a plan of a point of the master and the true uses there.

    The uses are put in place of the master's guesses. If the master's rows still hold, that is
    the plan; if not, everything but links and whole numbers is found anew with these uses.

    Parameters
    ----------
    program
        The master without cuts; whole numbers are taken as they are in ``x``.
    subproblems, uses
        Each subproblem with its true uses, in its units.
    x : (n,)
        A point of the master.
    options
        For the LP, if there is one.

    Returns
    -------
    plan : (n,)
        A point of the master whose uses are true.
    objective
        Its cost; infinite if there is none.
    """
    plan = x.copy()
    held = np.zeros(x.size, dtype=bool)
    for subproblem, true in zip(subproblems, uses, strict=True):
        plan[subproblem.uses] = true / subproblem.use_unit
        held[subproblem.uses] = True
        held[subproblem.links[subproblem.links >= 0]] = True
    if worst_violation(relax(program), plan) <= TOLERANCE:
        return plan, program.objective(plan)
    held |= program.integer
    fixed = replace(
        relax(program),
        lower=np.where(held, plan, program.lower),
        upper=np.where(held, plan, program.upper),
    )
    found = solve(fixed, options)
    return (found.x, found.objective) if found.has_point else (plan, float("inf"))


def _stack(parts: Sequence[CutSet]) -> CutSet:
    return CutSet(
        np.vstack([part.prices for part in parts]), np.vstack([part.slopes for part in parts])
    )
