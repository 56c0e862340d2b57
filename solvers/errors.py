"""What can go wrong between a model and its numbers.

* SolverError
  + ModelError: the model cannot be turned into a `Program`, or a `Program` is malformed
  + HighsError: HiGHS refused a call, or failed twice
  + NoPointError: no point to give back
    - InfeasibleError: no point satisfies every row
    - UnboundedError: the cost falls without end
    - StoppedError: stopped at a limit before a point was found
  + RecourseError: an operation that is not possible for every size of what is built
"""


class SolverError(RuntimeError):
    """The solver ended without an answer that may be used."""


class ModelError(SolverError):
    """The model is not a linear or mixed-integer program with one objective to minimise."""


class HighsError(SolverError):
    """HiGHS refused a call.

    Parameters
    ----------
    call
        What was asked of HiGHS.
    got
        What it answered.
    """

    def __init__(self, call: str, got: str) -> None:
        self.call = call
        self.got = got
        super().__init__(
            f"HiGHS: {call}: got {got}; try scaling the model (coefficients within 1e-6..1e6), "
            "or Options(log_file=...) to see what HiGHS says"
        )


class NoPointError(SolverError):
    """The solver ended without a point."""


class InfeasibleError(NoPointError):
    """No point satisfies every row. ``rows`` names those that conflict, if known."""

    def __init__(self, rows: tuple[str, ...] = ()) -> None:
        self.rows = rows
        what = ", ".join(rows) or "not determined, try solvers.conflict.find_conflict"
        super().__init__(f"infeasible; conflicting rows: {what}")


class UnboundedError(NoPointError):
    """The cost can fall without end: a bound or a row is missing."""

    def __init__(self) -> None:
        super().__init__(
            "unbounded: the cost falls without end; try an upper bound on what earns money"
        )


class StoppedError(NoPointError):
    """The solver stopped before it found a point. ``reason`` says what stopped it."""

    def __init__(self, reason: str, seconds: float) -> None:
        self.reason = reason
        self.seconds = seconds
        super().__init__(
            f"stopped after {seconds:.1f} s without a point: {reason}; "
            "try a longer time limit or a smaller problem"
        )


class RecourseError(SolverError):
    """Operation is not possible, or not bounded, for every size of what is built."""
