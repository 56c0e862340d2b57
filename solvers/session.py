"""A `Program` that is solved many times: costs, bounds and rows change, the basis stays."""

import logging
import time
from dataclasses import replace

import numpy as np
from scipy.sparse import csr_array, vstack

from solvers.engine import Engine
from solvers.errors import HighsError
from solvers.options import Options
from solvers.program import Floats, Ints, Program
from solvers.solution import Solution, Status

logger = logging.getLogger(__name__)

_LIMITS = (Status.TIME_LIMIT, Status.OTHER_LIMIT)


class Session:
    """One warm HiGHS object. It solves the relaxation; for whole numbers solve `program`.

    Every solve starts from the last basis. One that does not end optimal is done again from
    nothing with presolve, so that a stale basis can never make a Program look infeasible.
    Only one thread may use a session at a time, and all sessions of a process must ask for the
    same number of threads (see `Options.threads`).

    Parameters
    ----------
    program
        What to start from; it is not changed.
    options
        For every solve; ``lp_method`` should be one that can start from a basis.
    patience
        Pivots from the last basis after which a solve starts anew, by interior point and
        crossover; 0: as many as it takes. A count, not a time, so that equal problems have equal
        answers.

    Examples
    --------
    >>> import numpy as np
    >>> from scipy.sparse import csc_array
    >>> one = np.ones(1)
    >>> program = Program(
    ...     cost=one,
    ...     matrix=csc_array(one.reshape(1, 1)),
    ...     row_lower=3 * one,
    ...     row_upper=np.inf * one,
    ...     lower=0 * one,
    ...     upper=9 * one,
    ...     integer=np.array([False]),
    ...     columns=("x",),
    ...     row_names=("least",),
    ... )
    >>> session = Session(program)
    >>> session.solve().objective
    3.0
    >>> session.set_row_bounds(np.array([0]), 5 * one, np.inf * one)
    >>> session.solve().objective
    5.0
    """

    def __init__(
        self, program: Program, options: Options | None = None, *, patience: int = 0
    ) -> None:
        self._options = options or Options()
        self._base = program
        self._cost = program.cost.copy()
        self._lower, self._upper = program.lower.copy(), program.upper.copy()
        self._row_lower, self._row_upper = program.row_lower.copy(), program.row_upper.copy()
        self._rows: csr_array | None = None
        self._names = list(program.row_names)
        self._added: list[csr_array] = []
        self._engine = Engine(self._options)
        self._patience = patience
        if patience:
            self._engine.set_option("simplex_iteration_limit", patience)
        self._engine.pass_program(replace(program, integer=np.zeros_like(program.integer)))

    @property
    def row_count(self) -> int:
        """Rows now, with those added."""
        return len(self._names)

    def program(self) -> Program:
        """Return the Program as it stands, with its whole numbers."""
        return replace(
            self._base,
            cost=self._cost.copy(),
            matrix=self._all_rows().tocsc(),
            row_lower=self._row_lower.copy(),
            row_upper=self._row_upper.copy(),
            lower=self._lower.copy(),
            upper=self._upper.copy(),
            row_names=tuple(self._names),
        )

    def set_costs(self, columns: Ints, cost: Floats) -> None:
        """Give ``columns`` new costs."""
        self._cost[columns] = cost
        self._engine.set_costs(columns, cost)

    def set_column_bounds(self, columns: Ints, lower: Floats, upper: Floats) -> None:
        """Give ``columns`` new bounds."""
        self._lower[columns], self._upper[columns] = lower, upper
        self._engine.set_column_bounds(columns, lower, upper)

    def set_row_bounds(self, rows: Ints, lower: Floats, upper: Floats) -> None:
        """Give ``rows`` new bounds."""
        self._row_lower[rows], self._row_upper[rows] = lower, upper
        self._engine.set_row_bounds(rows, lower, upper)

    def add_rows(self, rows: csr_array, lower: Floats, upper: Floats, names: list[str]) -> None:
        """Append rows behind the last one."""
        self._engine.add_rows(rows, lower, upper)
        self._added.append(rows)
        self._row_lower = np.concatenate([self._row_lower, lower])
        self._row_upper = np.concatenate([self._row_upper, upper])
        self._names += names

    def delete_rows(self, rows: Ints) -> None:
        """Remove rows; later ones move up. The basis survives if all of them are slack."""
        self._engine.delete_rows(np.sort(rows).astype(np.int32))
        kept = np.delete(np.arange(self.row_count), rows)
        self._rows = self._all_rows()[kept]
        self._row_lower, self._row_upper = self._row_lower[kept], self._row_upper[kept]
        self._names = [self._names[i] for i in kept]

    def solve(self, time_limit_s: float | None = None) -> Solution:
        """Solve the relaxation from the last basis.

        Parameters
        ----------
        time_limit_s
            Instead of the one in the options [s].
        """
        limit = self._options.time_limit_s if time_limit_s is None else time_limit_s
        began = time.perf_counter()
        self._engine.run(limit)
        if self._engine.status() is Status.OTHER_LIMIT and self._patience:
            logger.info("%d pivots from the last basis: anew by interior point", self._patience)
            return self._without_patience(limit - (time.perf_counter() - began))
        if self._engine.status() is Status.OPTIMAL or self._engine.status() in _LIMITS:
            return self._engine.read(time.perf_counter() - began)
        logger.debug("not optimal from the last basis; once more from nothing")
        self._engine.clear_solver()
        self._engine.set_option("presolve", "on")
        self._engine.run(max(0.0, limit - (time.perf_counter() - began)))
        if self._engine.undecided():
            self._engine.set_option("presolve", "off")
            self._engine.run(max(0.0, limit - (time.perf_counter() - began)))
        self._engine.set_option("presolve", self._options.highs_options()["presolve"])
        return self._engine.read(time.perf_counter() - began)

    def _without_patience(self, time_limit_s: float) -> Solution:
        patience, self._patience = self._patience, 0
        self._engine.set_option("simplex_iteration_limit", 2**31 - 1)
        found = self.solve_afresh(max(0.0, time_limit_s))
        self._engine.set_option("simplex_iteration_limit", patience)
        self._patience = patience
        return found

    def basis(self) -> tuple[Ints, Ints] | None:
        """Return the last basis: a status for each column, and for each row; None without one."""
        return self._engine.basis()

    def set_basis(self, columns: Ints, rows: Ints) -> bool:
        """Start the next solve from the basis of a similar Program, if it has as many of both."""
        if (columns.size, rows.size) != (self._cost.size, self.row_count):
            return False
        return self._engine.set_basis(columns, rows)

    def forget(self) -> None:
        """Forget the basis: the next solve starts from nothing."""
        self._engine.clear_solver()

    def interior(self, time_limit_s: float, tolerance: float = 1e-2) -> Floats | None:
        """Return a point well inside the near-optimal ones of the relaxation; it proves nothing.

        Cuts at such a point cut deep: a vertex is beaten by few of them, and the next vertex is
        as extreme.
        """
        x = self._engine.run_interior(time_limit_s, tolerance)
        self._engine.clear_solver()
        return x

    def solve_afresh(self, time_limit_s: float) -> Solution:
        """Solve the relaxation from nothing, by interior point and crossover to a basis.

        Where that fails, by the simplex method.
        """
        began = time.perf_counter()
        changed = {"solver": "ipm", "run_crossover": "on", "presolve": "on"}
        own = self._options.highs_options()
        for name, value in changed.items():
            self._engine.set_option(name, value)
        try:
            self._engine.run(time_limit_s)
        except HighsError as error:
            logger.warning("interior point failed (%s): once more by simplex", error)
            self._engine.clear_solver()
        for name in changed:
            self._engine.set_option(name, own[name])
        if self._engine.status() is Status.OPTIMAL:
            return self._engine.read(time.perf_counter() - began)
        return self.solve(max(0.0, time_limit_s - (time.perf_counter() - began)))

    def _all_rows(self) -> csr_array:
        if self._rows is None:
            self._rows = csr_array(self._base.matrix)
        if self._added:
            self._rows = csr_array(vstack([self._rows, *self._added], format="csr"))
            self._added = []
        return self._rows
