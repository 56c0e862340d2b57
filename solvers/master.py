"""The master of a decomposition: a warm LP with a pool of cuts, of which some are rows."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from solvers.cut import CutSet, no_cuts
from solvers.decomposition import Start
from solvers.errors import ModelError
from solvers.options import Options
from solvers.program import Floats, Ints, Program
from solvers.session import Session
from solvers.solution import Solution
from solvers.subproblem import Subproblem, cut_rows

_BASIC = 1e-9
"""A row whose dual is below this, in units of the largest, plays no part in the solution."""

PATIENCE = 6_000
"""Pivots from the last basis before the relaxation is solved anew; the usual round needs fewer."""

logger = logging.getLogger(__name__)

TIGHT = 1e-6
"""Slack of a cut, relative to its terms, up to which it counts as tight."""


class Master:
    """An investment Program that learns what operation costs.

    Parameters
    ----------
    program
        With a column for every link and use. Its minimum must be finite without cuts.
    subproblems
        What its operation consists of.
    pool
        Cuts known from before, by cone.
    options
        Of HiGHS.

    Raises
    ------
    ModelError
        If a subproblem names a column that is not there, or a link can be negative.
    """

    def __init__(
        self,
        program: Program,
        subproblems: Sequence[Subproblem],
        pool: Mapping[str, CutSet],
        options: Options | None = None,
    ) -> None:
        _check_columns(program, subproblems)
        self.base = program
        self.subproblems = tuple(subproblems)
        self.pool: dict[str, CutSet] = {}
        for s in subproblems:
            nothing = no_cuts(s.uses.size, s.links.size)
            self.pool[s.cone] = nothing.with_cuts(pool.get(s.cone, nothing))
        self._session = Session(program, options, patience=PATIENCE)
        self._first = len(program.row_names)
        # Per row that is a cut: its subproblem, its place in the pool, and rounds spent slack.
        self._owner: Ints = np.zeros(0, dtype=np.int32)
        self._place: Ints = np.zeros(0, dtype=np.int32)
        self._slack_rounds: Ints = np.zeros(0, dtype=np.int32)

    @property
    def cut_count(self) -> int:
        """Cuts that are rows now."""
        return self._owner.size

    def solve(self, time_limit_s: float) -> Solution:
        """Solve the relaxation with the cuts that are rows."""
        found = self._session.solve(time_limit_s)
        logger.info("master: %d iterations in %.1f s", found.iterations, found.seconds)
        return found

    def everything(self) -> Program:
        """Return the Program with its whole numbers and all its cuts."""
        return self._session.program()

    def program(self, *points: Floats) -> Program:
        """Return the Program with its whole numbers and those of its cuts that matter there.

        Branching is several times faster without the others, and what it finds is checked.

        Parameters
        ----------
        points : each (n,)
            Cuts that are tight or violated at one of these are kept: at the relaxation's point,
            and at what was proposed before, or the same would be proposed again.
        """
        whole = self._session.program()
        rows = whole.matrix.tocsr()
        kept = np.arange(len(whole.row_names)) < self._first
        for x in points:
            size = abs(rows) @ np.abs(x)
            kept |= rows @ x - whole.row_lower <= TIGHT * np.maximum(size, 1e-9)
        return replace(
            whole,
            matrix=rows[kept].tocsc(),
            row_lower=whole.row_lower[kept],
            row_upper=whole.row_upper[kept],
            row_names=tuple(n for n, k in zip(whole.row_names, kept, strict=True) if k),
        )

    def interior(self, time_limit_s: float) -> Floats | None:
        """Return a point well inside the near-optimal ones of the relaxation."""
        return self._session.interior(time_limit_s)

    def solve_afresh(self, time_limit_s: float) -> Solution:
        """Solve the relaxation from nothing; the next solves start from its basis."""
        return self._session.solve_afresh(time_limit_s)

    def hold(self, columns: Ints, lower: Floats, upper: Floats) -> None:
        """Change bounds of columns, for instance to hold whole numbers."""
        self._session.set_column_bounds(columns, lower, upper)

    def learn(self, cone: str, cuts: CutSet) -> None:
        """Put cuts into the pool; `separate` makes rows of them where they are violated."""
        self.pool[cone] = self.pool[cone].with_cuts(cuts)

    def separate(self, x: Floats, *, most: int = 2, tolerance: float = 1e-6) -> int:
        """Make rows of the cuts that ``x`` violates.

        Parameters
        ----------
        x : (n,)
            A point of the master.
        most
            Rows per subproblem, the worst violated ones.
        tolerance
            Violation that is passed over, relative to the cost the cut asks for.

        Returns
        -------
        int
            How many rows were added.
        """
        found = [
            (number, place)
            for number, subproblem in enumerate(self.subproblems)
            for place in self._violated(number, subproblem, x, most, tolerance)
        ]
        if not found:
            return 0
        self.write(np.array(found, dtype=np.int32))
        return len(found)

    @property
    def written(self) -> Ints:
        """(N, 2) subproblem, and place in the pool of its cone, of every cut that is a row."""
        return np.stack([self._owner, self._place], axis=1)

    def write(self, wanted: Ints) -> None:
        """Make rows of cuts by subproblem and place, (N, 2); what is not there is left out."""
        pools = [len(self.pool[s.cone]) for s in self.subproblems]
        found = [(s, i) for s, i in wanted.tolist() if 0 <= s < len(pools) and 0 <= i < pools[s]]
        if not found:
            return
        owner, place = (np.array(part, dtype=np.int32) for part in zip(*found, strict=True))
        cuts = [
            (self.subproblems[s], _only(self.pool[self.subproblems[s].cone], i)) for s, i in found
        ]
        rows = cut_rows(cuts, self.base.cost.size)
        names = [f"cut of {self.subproblems[s].name} {i}" for s, i in found]
        count = len(found)
        self._session.add_rows(rows, np.zeros(count), np.full(count, np.inf), names)
        self._owner = np.concatenate([self._owner, owner])
        self._place = np.concatenate([self._place, place])
        self._slack_rounds = np.concatenate([self._slack_rounds, np.zeros(count, dtype=np.int32)])

    def start(self) -> Start | None:
        """Return the rows that are cuts, and the last basis, if there is one."""
        basis = self._session.basis()
        return None if basis is None else Start(self.written, *basis)

    def begin(self, start: Start) -> bool:
        """Begin with the cuts and the basis of a similar master; tell whether the basis fits.

        The basis is left aside if a cut is not in the pool any more; a cut in its place may be
        another one, which costs pivots and nothing else.
        """
        self.write(start.written)
        fits = self._session.set_basis(start.columns, start.rows)
        if not fits:
            logger.info("the basis of the neighbour does not fit")
        return fits

    def drop_slack(self, solution: Solution, *, after: int = 4) -> int:
        """Take out cuts that were slack at ``after`` calls in a row; they stay in the pool.

        Returns
        -------
        int
            How many rows were removed.
        """
        if solution.row_dual is None or not self.cut_count:
            return 0
        dual = np.abs(solution.row_dual[self._first :])
        slack = dual <= _BASIC * max(1.0, dual.max())
        self._slack_rounds = np.where(slack, self._slack_rounds + 1, 0).astype(np.int32)
        drop = np.flatnonzero(self._slack_rounds >= after)
        if drop.size:
            self._session.delete_rows((self._first + drop).astype(np.int32))
            self._owner = np.delete(self._owner, drop)
            self._place = np.delete(self._place, drop)
            self._slack_rounds = np.delete(self._slack_rounds, drop)
        return drop.size

    def _violated(
        self, number: int, subproblem: Subproblem, x: Floats, most: int, tolerance: float
    ) -> list[int]:
        cuts = self.pool[subproblem.cone]
        if not len(cuts):
            return []
        links, uses = subproblem.links_at(x), subproblem.uses_at(x)
        asked = np.abs(cuts.slopes @ links)
        short = -cuts.slack(uses, links) / np.maximum(asked, 1e-9 * asked.max() + 1e-12)
        short[self._place[self._owner == number]] = 0.0
        worst = np.argsort(-short)[:most]
        return [int(i) for i in worst if short[i] > tolerance]


def _only(cuts: CutSet, i: int) -> CutSet:
    return CutSet(cuts.prices[i : i + 1], cuts.slopes[i : i + 1])


def _check_columns(program: Program, subproblems: Sequence[Subproblem]) -> None:
    for subproblem in subproblems:
        linked = subproblem.links[subproblem.links >= 0]
        if max(linked.max(initial=0), subproblem.uses.max(initial=0)) >= program.cost.size:
            msg = f"{subproblem.name}: a column is not in the master"
            raise ModelError(msg)
        if (program.lower[linked] < 0).any():
            msg = f"{subproblem.name}: a linking quantity can be negative, try a bound of 0"
            raise ModelError(msg)
