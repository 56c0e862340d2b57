"""The least cost of operation as a function of what links it, and planes under it.

Let z >= 0 be the linking quantities of an `Operation`, x its hourly columns, p prices of its uses
and c = W^T p the costs these make. The value is

    V(z; p) = min c·x   subject to   L <= A x + B z <= U,   l <= x <= D z,

with every finite entry of L, U, l equal to zero.

**Cuts have no constant term.** Take any y with y_i <= 0 where L_i is infinite and y_i >= 0 where
U_i is infinite, and d = c - A^T y with d_j >= 0 where x_j has no upper bound and d_j <= 0 where it
has no lower one. For every z >= 0 and every x that is feasible for it

    c·x = y·(A x) + d·x.

Row by row y_i (A x)_i >= -y_i (B z)_i: if y_i > 0 because L_i = 0 says (A x)_i >= -(B z)_i, if
y_i < 0 because U_i = 0 says (A x)_i <= -(B z)_i. Column by column d_j x_j >= min(d_j, 0) (D z)_j:
if d_j > 0 because x_j >= 0, if d_j < 0 because x_j <= (D z)_j. Together

    p · (W x)  =  c·x  >=  s·z     with     s = D^T min(d, 0) - B^T y,

and no constant, since every bound is a multiple of z. Nothing in the derivation asks what z was
when y was found. So the plane holds for every z >= 0, also where some z_k are zero, and, as it
speaks of W x and p alone, for whatever prices somebody else puts on the uses: in every period,
price path, scale or scenario with the same A, B, D and W. At the z where y is an optimal dual,
complementary slackness turns each inequality into an equality: the plane touches V there.

**Feasibility.** The z for which some x exists form a convex cone. It holds all that may be asked
(`Operation.domain`) if and only if it holds every generator of that, so that a few small
feasibility problems decide it for good.
"""

import logging
from dataclasses import dataclass, replace

import numpy as np

from solvers.cut import CutSet
from solvers.errors import RecourseError
from solvers.operation import Operation
from solvers.options import Options
from solvers.program import Floats, Mask, Program
from solvers.session import Session
from solvers.solution import Solution, Status

logger = logging.getLogger(__name__)

SCALE = 100.0
"""Operation is solved with its reference quantity at this size, where tolerances mean something."""

_COST_SCALE = 1e4
"""Largest cost of a column as solved."""

_DUAL_TOLERANCE = 1e-6
"""Largest sign error of a reduced cost that is passed over, in units of the largest cost."""


@dataclass(frozen=True, slots=True, eq=False)
class Evaluation:
    """What operation costs at one point.

    Attributes
    ----------
    value
        prices · uses, the cost of a feasible operation.
    cut : one cut
        A plane under the cost, for all linking quantities; it touches ``value`` here.
    uses : (U,)
        Uses of that operation.
    row_dual : (m,)
        The y that the cut is made of, in the caller's money; see `planes`.
    x : (n,) or None
        The operation itself, if asked for; in the order of `Operation.columns`.
    """

    value: float
    cut: CutSet
    uses: Floats
    row_dual: Floats
    x: Floats | None = None


def planes(operation: Operation, row_dual: Floats, prices: Floats) -> CutSet:
    """Return the planes that duals make, found at whatever point of whatever operation.

    The derivation above asks of y and d nothing but their signs. So duals of one place make valid
    cuts at every other with the same pattern; they only touch where they were found.

    Parameters
    ----------
    operation
        Where the planes are to hold.
    row_dual : (N, m)
        One y for each plane; entries of the wrong sign count as zero.
    prices : (N, U)
        Prices of the uses in each plane.

    Returns
    -------
    N or fewer cuts
        Without those whose d has the wrong sign.
    """
    y = np.where(operation.has_lower, row_dual, np.minimum(row_dual, 0.0)).T
    y = np.where(operation.has_upper[:, None], y, np.maximum(y, 0.0))
    d = operation.use_matrix.T @ prices.T - operation.matrix.T @ y
    worst = np.maximum(
        np.where(operation.bounded[:, None], 0.0, -d).max(axis=0, initial=0.0),
        np.where(operation.free[:, None], d, 0.0).max(axis=0, initial=0.0),
    )
    slopes = (operation.column_link.T @ np.minimum(d, 0.0) - operation.row_link.T @ y).T
    largest = np.abs(operation.use_matrix.T @ prices.T).max(axis=0, initial=0.0)
    valid = worst <= _DUAL_TOLERANCE * largest
    return CutSet(prices[valid], np.asarray(slopes[valid]))


class Cone:
    """Operation of one place over one season, kept warm.

    Parameters
    ----------
    operation
        What is possible; see `stamp` for another place or season.
    reference
        Linking quantities whose sum is scaled to 100 before solving, for instance loads; the
        largest of all where it is zero.
    options
        Of HiGHS. All cones of a process must ask for the same number of threads.
    trusted
        Leave out the check that operation is always possible, since it was made for another
        operation with the same rows. `evaluate` refuses an impossible one in any case.

    Raises
    ------
    RecourseError
        If for some generator of what may be asked there is no feasible operation; with its names.
    """

    def __init__(
        self,
        operation: Operation,
        *,
        reference: tuple[str, ...] = (),
        options: Options | None = None,
        trusted: bool = False,
    ) -> None:
        self._operation = operation
        self._reference = [operation.link_number(name) for name in reference]
        tight = {"dual_feasibility_tolerance": 1e-9, "simplex_scale_strategy": 0}
        base = options or Options(threads=1, presolve="off", lp_method="simplex")
        self._options = replace(base, more={**tight, **base.more})
        self._session = Session(_program(operation), self._options)
        self._columns = np.flatnonzero(operation.bounded).astype(np.int32)
        self._rows = np.arange(operation.matrix.shape[0], dtype=np.int32)
        self._every = np.arange(operation.matrix.shape[1], dtype=np.int32)
        self._prices: Floats | None = None
        self._cost = np.zeros(self._every.size)
        self._cost_scale = 1.0
        if not trusted:
            self._check_recourse()

    @property
    def operation(self) -> Operation:
        """What is possible now."""
        return self._operation

    def stamp(self, operation: Operation, *, trusted: bool = False) -> None:
        """Go on with another place or season: only numbers may differ.

        The basis stays if the hourly matrix is the same to the last digit. ``trusted`` as above.

        Raises
        ------
        RecourseError
            If the pattern differs (make a new Cone), or operation is not always possible.
        """
        if not self._operation.same_pattern(operation):
            msg = "stamp: the pattern of the operation differs; make a new Cone"
            raise RecourseError(msg)
        same = np.array_equal(self._operation.matrix.data, operation.matrix.data)
        self._operation = operation
        self._prices = None
        if not same:
            self._session = Session(_program(operation), self._options)
        if not trusted:
            self._check_recourse()

    def evaluate(self, links: Floats, prices: Floats, *, with_x: bool = False) -> Evaluation:
        """Find the cheapest operation and a plane under its cost.

        Parameters
        ----------
        links : (K,)
            Linking quantities, not negative, in the order of `Operation.links`.
        prices : (U,)
            Price of each use, in the order of `Operation.uses`.
        with_x
            Whether to return the operation itself. It is then found from nothing, so that of
            several equally good ones it is always the same, whatever was asked before.

        Raises
        ------
        RecourseError
            If a quantity is negative or not finite, the cost has no lower bound at these prices,
            or HiGHS finds no operation.
        """
        if not (np.isfinite(links).all() and (links >= 0).all()):
            k = int(np.argmin(np.where(np.isfinite(links), links, -np.inf)))
            msg = f"{self._operation.links[k]}: got {links[k]}, a linking quantity is not negative"
            raise RecourseError(msg)
        if with_x:
            self._session.forget()
        self._set_prices(prices)
        size = self._size(links)
        found = self._solve(links / size)
        assert found.row_dual is not None
        x = found.x * size
        uses = self._operation.use_matrix @ x
        row_dual = self._cost_scale * found.row_dual
        cut = planes(self._operation, row_dual[None, :], prices[None, :])
        if not len(cut):
            msg = "duals have the wrong sign by more than rounding; try scaling the operation"
            raise RecourseError(msg)
        return Evaluation(
            value=float(prices @ uses),
            cut=cut,
            uses=uses,
            row_dual=row_dual,
            x=x if with_x else None,
        )

    def _size(self, links: Floats) -> float:
        named = float(links[self._reference].sum())
        return (named or float(links.max(initial=0.0)) or SCALE) / SCALE

    def _set_prices(self, prices: Floats) -> None:
        if self._prices is not None and np.array_equal(prices, self._prices):
            return
        cost = self._operation.use_matrix.T @ prices
        self._cost_scale = float(np.abs(cost).max(initial=0.0)) / _COST_SCALE or 1.0
        self._cost = cost / self._cost_scale
        self._session.set_costs(self._every, self._cost)
        self._prices = prices.copy()

    def _set_links(self, links: Floats) -> None:
        operation = self._operation
        upper = (operation.column_link @ links)[self._columns]
        lower = np.where(operation.free[self._columns], -np.inf, 0.0)
        self._session.set_column_bounds(self._columns, lower, upper)
        side = -(operation.row_link @ links)
        self._session.set_row_bounds(
            self._rows,
            np.where(operation.has_lower, side, -np.inf),
            np.where(operation.has_upper, side, np.inf),
        )

    def _solve(self, links: Floats) -> Solution:
        self._set_links(links)
        found = self._session.solve()
        if found.status is not Status.OPTIMAL or found.row_dual is None:
            at = ", ".join(
                f"{name} {value:.6g}"
                for name, value in zip(self._operation.links, links, strict=True)
                if value
            )
            msg = f"operation is {found.status.value} at {at or 'zero'}"
            raise RecourseError(msg)
        return found

    def _check_recourse(self) -> None:
        """Refuse an operation that is not possible for all that may be asked."""
        self._prices = None
        self._session.set_costs(self._every, np.zeros(self._every.size))
        for alone in self._operation.domain:
            self._set_links(SCALE * alone / alone.max())
            if self._session.solve().status is not Status.OPTIMAL:
                names = ", ".join(np.array(self._operation.links)[alone > 0].tolist())
                msg = (
                    f"{names}: operation is not possible with this alone; "
                    "add a column that makes up for it at a price (curtailment, shortage, spill)"
                )
                raise RecourseError(msg)
        # From nothing again: no answer may depend on whether this process made the check.
        self._session = Session(_program(self._operation), self._options)


def _program(operation: Operation) -> Program:
    columns = operation.matrix.shape[1]
    nothing: Mask = np.zeros(columns, dtype=bool)
    return Program(
        cost=np.zeros(columns),
        matrix=operation.matrix,
        row_lower=np.where(operation.has_lower, 0.0, -np.inf),
        row_upper=np.where(operation.has_upper, 0.0, np.inf),
        lower=np.where(operation.free, -np.inf, 0.0),
        upper=np.where(operation.bounded, 0.0, np.inf),
        integer=nothing,
        columns=("hourly",) * columns,
        row_names=operation.row_names,
    )
