"""One HiGHS object behind arrays and exceptions: the only file that imports highspy.

HiGHS mirrors C++: a status instead of an exception, statistics that go stale when a row is added.
Here every status is checked and every answer is copied out at once.
"""

import logging
import time
from collections.abc import Callable

import highspy
import numpy as np
from scipy.sparse import csr_array

from solvers.errors import HighsError
from solvers.options import Options, OptionValue, Progress
from solvers.program import Floats, Ints, Program
from solvers.solution import Solution, Status, relative_gap

logger = logging.getLogger(__name__)

OnProgress = Callable[[Progress], None]

_COLWISE = 1
_MINIMISE = 1
_FEASIBLE = 2
_SMALLEST_COEFFICIENT = 1e-9
"""HiGHS's small_matrix_value: it drops coefficients below this."""

_INTERIOR: dict[str, OptionValue] = {
    "solver": "ipm",
    "run_crossover": "off",
    "presolve": "on",
    "ipm_optimality_tolerance": 1e-8,
}
"""Options that `Engine.run_interior` changes while it runs."""

_MODEL = highspy.HighsModelStatus
_STATUS = {
    _MODEL.kOptimal: Status.OPTIMAL,
    _MODEL.kModelEmpty: Status.OPTIMAL,
    _MODEL.kInfeasible: Status.INFEASIBLE,
    _MODEL.kUnbounded: Status.UNBOUNDED,
    _MODEL.kTimeLimit: Status.TIME_LIMIT,
    _MODEL.kInterrupt: Status.INTERRUPTED,
    _MODEL.kIterationLimit: Status.OTHER_LIMIT,
    _MODEL.kSolutionLimit: Status.OTHER_LIMIT,
    _MODEL.kObjectiveBound: Status.OTHER_LIMIT,
    _MODEL.kObjectiveTarget: Status.OTHER_LIMIT,
    _MODEL.kMemoryLimit: Status.OTHER_LIMIT,
}
_EVENT = highspy.cb.HighsCallbackType
_INTERRUPTS = (
    _EVENT.kCallbackSimplexInterrupt,
    _EVENT.kCallbackIpmInterrupt,
    _EVENT.kCallbackMipInterrupt,
)


class Watch:
    """Listens to a running solve: passes progress on, lets Ctrl-C and exceptions through.

    HiGHS calls back into Python at every check of its limits, so a signal that arrived meanwhile
    is raised here; it is kept until HiGHS has stopped, since it cannot cross C++.

    Parameters
    ----------
    on_progress
        Called with a `Progress` about every ``interval_s`` seconds.
    interval_s
        Least time between two calls [s].
    """

    def __init__(self, on_progress: OnProgress | None, interval_s: float = 1.0) -> None:
        self.raised: BaseException | None = None
        self._on_progress = on_progress
        self._interval_s = interval_s
        self._start = time.perf_counter()
        self._next = interval_s

    def __call__(
        self,
        _kind: object,
        _message: str,
        out: highspy.cb.HighsCallbackOutput,
        back: highspy.cb.HighsCallbackInput,
        _data: object,
    ) -> None:
        """Answer HiGHS: stop if anything was raised."""
        try:
            self._report(out)
        except BaseException as error:  # raised again by Engine.run
            self.raised = error
        if self.raised is not None:
            back.user_interrupt = True

    def _report(self, out: highspy.cb.HighsCallbackOutput) -> None:
        seconds = time.perf_counter() - self._start
        if self._on_progress is None or seconds < self._next:
            return
        self._next = seconds + self._interval_s
        bound, objective = out.mip_dual_bound, out.mip_primal_bound
        self._on_progress(
            Progress(
                seconds=seconds,
                bound=bound,
                objective=objective,
                gap=relative_gap(objective, bound),
                nodes=max(0, out.mip_node_count),
                iterations=max(0, out.simplex_iteration_count, out.ipm_iteration_count),
            )
        )


class Engine:
    """One HiGHS object.

    Parameters
    ----------
    options
        Stay in force until `set_option`.
    """

    def __init__(self, options: Options) -> None:
        self._highs = highspy.Highs()  # type: ignore[no-untyped-call]
        self._is_mip = False
        self._check("output_flag", self._highs.setOptionValue("output_flag", False))
        for name, value in options.highs_options().items():
            self.set_option(name, value)

    def set_option(self, name: str, value: OptionValue) -> None:
        """Set an option by HiGHS's own name."""
        self._check(f"option {name} = {value!r}", self._highs.setOptionValue(name, value))

    def pass_program(self, program: Program) -> None:
        """Replace whatever is loaded by ``program``."""
        small = int((np.abs(program.matrix.data) < _SMALLEST_COEFFICIENT).sum())
        if small:
            logger.info("HiGHS drops %d coefficients below %g", small, _SMALLEST_COEFFICIENT)
        rows, columns = program.matrix.shape
        status = self._highs.passModel(
            columns,
            rows,
            program.matrix.nnz,
            _COLWISE,
            _MINIMISE,
            program.offset,
            program.cost,
            program.lower,
            program.upper,
            program.row_lower,
            program.row_upper,
            program.matrix.indptr.astype(np.int32),
            program.matrix.indices.astype(np.int32),
            program.matrix.data,
            program.integer.astype(np.int32),
        )
        self._check(f"program of {rows} rows and {columns} columns", status)
        self._is_mip = program.is_mip

    def run(self, time_limit_s: float, *, watch: Watch | None = None) -> None:
        """Solve what is loaded; whatever the watch caught is raised afterwards.

        Raises
        ------
        HighsError
            If HiGHS did not even start.
        """
        # The clock of an LP goes on from run to run, that of a MIP starts anew (HiGHS 1.15.1).
        elapsed = 0.0 if self._is_mip else self._highs.getRunTime()
        self.set_option("time_limit", elapsed + time_limit_s)
        self._listen(watch)
        self._highs.run()
        if watch is not None and watch.raised is not None:
            raise watch.raised
        if self._highs.getModelStatus() == _MODEL.kNotset:
            # The scheduler of this process was started with another number of threads.
            self._highs.resetGlobalScheduler(True)
            self._check("run", self._highs.run())

    def run_interior(self, time_limit_s: float, tolerance: float) -> Floats | None:
        """Run the interior-point method to a loose tolerance and return where it stood.

        The point lies well inside the face of near-optimal ones. It proves nothing, and whatever
        status HiGHS gives it (without crossover often none) is not looked at.
        """
        kept = {name: self._highs.getOptionValue(name)[1] for name in _INTERIOR}
        for name, value in {**_INTERIOR, "ipm_optimality_tolerance": tolerance}.items():
            self.set_option(name, value)
        self.set_option("time_limit", self._highs.getRunTime() + time_limit_s)
        self._highs.run()
        x = np.array(self._highs.getSolution().col_value)
        for name, value in kept.items():
            self.set_option(name, value)
        return x if x.size and np.isfinite(x).all() else None

    def clear_solver(self) -> None:
        """Forget basis and solution, keep the Program."""
        self._check("clearSolver", self._highs.clearSolver())

    def undecided(self) -> bool:
        """Whether HiGHS left it open if the Program is infeasible or unbounded."""
        return self._highs.getModelStatus() == _MODEL.kUnboundedOrInfeasible

    def status(self) -> Status:
        """Return why the last run stopped."""
        return _STATUS.get(self._highs.getModelStatus(), Status.FAILED)

    def read(self, seconds: float) -> Solution:
        """Copy out the answer of the last run."""
        status, info, found = self.status(), self._highs.getInfo(), self._highs.getSolution()
        unbounded = status is Status.UNBOUNDED
        has_point = info.primal_solution_status == _FEASIBLE and not unbounded
        is_mip, optimal = self._is_mip, status is Status.OPTIMAL
        objective = info.objective_function_value if has_point else float("inf")
        with_duals = optimal and not is_mip and found.dual_valid
        return Solution(
            status=status,
            has_point=has_point,
            objective=objective,
            bound=_bound(status, objective, info.mip_dual_bound if is_mip else None),
            x=np.array(found.col_value) if has_point else np.zeros(self._highs.getNumCol()),
            row_dual=np.array(found.row_dual, dtype=float) if with_duals else None,
            reduced_cost=np.array(found.col_dual, dtype=float) if with_duals else None,
            seconds=seconds,
            nodes=max(0, info.mip_node_count) if is_mip else 0,
            iterations=max(
                0,
                info.simplex_iteration_count,
                info.ipm_iteration_count,
                info.pdlp_iteration_count,
            ),
        )

    def set_start(self, x: Floats) -> None:
        """Offer a MIP start; columns that are not a number are left to HiGHS to complete."""
        known = np.flatnonzero(np.isfinite(x)).astype(np.int32)
        self._check("start", self._highs.setSolution(known.size, known, x[known]))

    def set_costs(self, columns: Ints, cost: Floats) -> None:
        """Change costs of columns."""
        self._check("costs", self._highs.changeColsCost(columns.size, columns, cost))

    def set_column_bounds(self, columns: Ints, lower: Floats, upper: Floats) -> None:
        """Change bounds of columns."""
        status = self._highs.changeColsBounds(columns.size, columns, lower, upper)
        self._check("column bounds", status)

    def set_row_bounds(self, rows: Ints, lower: Floats, upper: Floats) -> None:
        """Change bounds of rows."""
        # highspy 1.15.1 has the method but its stubs do not.
        status = self._highs.changeRowsBounds(rows.size, rows, lower, upper)  # type: ignore[attr-defined]
        self._check("row bounds", status)

    def add_rows(self, rows: csr_array, lower: Floats, upper: Floats) -> None:
        """Append rows; the basis grows with them."""
        status = self._highs.addRows(
            rows.shape[0],
            lower,
            upper,
            rows.nnz,
            rows.indptr[:-1].astype(np.int32),
            rows.indices.astype(np.int32),
            rows.data,
        )
        self._check(f"add {rows.shape[0]} rows", status)

    def basis(self) -> tuple[Ints, Ints] | None:
        """Return the status of columns and rows as HiGHS numbers them; None without a basis."""
        basis = self._highs.getBasis()
        if not basis.valid:
            return None
        columns, rows = ([int(s) for s in part] for part in (basis.col_status, basis.row_status))
        return np.array(columns, dtype=np.int32), np.array(rows, dtype=np.int32)

    def set_basis(self, columns: Ints, rows: Ints) -> bool:
        """Start the next solve from a basis; tell whether HiGHS takes it for one."""
        basis = highspy.HighsBasis()
        basis.col_status = [highspy.HighsBasisStatus(s) for s in columns.tolist()]
        basis.row_status = [highspy.HighsBasisStatus(s) for s in rows.tolist()]
        return self._highs.setBasis(basis) != highspy.HighsStatus.kError

    def delete_rows(self, rows: Ints) -> None:
        """Remove rows. The basis is kept where all of them were basic (slack), else dropped."""
        basis = self._highs.getBasis()
        before = list(basis.row_status)
        kept = np.delete(np.arange(self._highs.getNumRow()), rows)
        self._check("delete rows", self._highs.deleteRows(rows.size, rows))
        if basis.valid and all(before[i] == highspy.HighsBasisStatus.kBasic for i in rows):
            # HiGHS drops the basis at deleteRows even where the rest of it stays a basis.
            basis.row_status = [before[i] for i in kept]
            self._check("basis", self._highs.setBasis(basis))

    def _listen(self, watch: Watch | None) -> None:
        if watch is None:
            return
        self._check("setCallback", self._highs.setCallback(watch, None))
        for event in _INTERRUPTS:
            self._check(f"startCallback {event}", self._highs.startCallback(event))

    def _check(self, call: str, status: highspy.HighsStatus) -> None:
        if status == highspy.HighsStatus.kError:
            raise HighsError(call, str(self._highs.getModelStatus()))


def _bound(status: Status, objective: float, mip_bound: float | None) -> float:
    if status is Status.INFEASIBLE:
        return float("inf")
    if status is Status.UNBOUNDED:
        return float("-inf")
    if mip_bound is not None:
        return mip_bound
    return objective if status is Status.OPTIMAL else float("-inf")
